#!/usr/bin/env node
// The command `nabla`: starts the bundle that `npm run build` makes from src/cli. Plain
// JavaScript, because it must also say something sensible where that bundle is missing.

import { existsSync } from "node:fs";
import * as nodeModule from "node:module";

const bundle = new URL("../dist/cli/main.js", import.meta.url);

if (existsSync(bundle)) {
  nodeModule.enableCompileCache?.();
  await import(bundle.href);
} else {
  process.stderr.write("nabla is not built yet: run `npm ci` or `npm run build` in its folder first\n");
  process.exitCode = 2;
}
