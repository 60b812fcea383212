#!/usr/bin/env node
// The command `nabla`: loads the script that `npm run build` makes from src/cli, together
// with the code that V8 compiled of it then, and connects it to the process. Plain
// JavaScript, because it must also say something sensible where the script is missing, and
// a script rather than a module (package.json beside it), which starts faster.
//
// Streams are made when first used: opening stdin costs a start more than its arguments.

"use strict";

const { readFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const { join } = require("node:path");
const { Script } = require("node:vm");

const file = join(__dirname, "../dist/cli/nabla.cjs");

/** The content of a file; undefined where there is none. */
function read(path, encoding) {
  try {
    return readFileSync(path, encoding);
  } catch {
    return undefined;
  }
}

/** Runs the command line of a source text and leaves with its code. */
async function run(source) {
  // A cache that does not fit this version of Node is ignored by V8.
  const script = new Script(source, { filename: file, cachedData: read(`${file}.cache`) });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(file), module, file);
  // A reader that has seen enough, as `head` does, closes the pipe: that is no fault.
  process.stdout.on("error", (error) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(0);
  });
  process.exitCode = await module.exports.run(process.argv.slice(2), {
    get stdin() {
      return process.stdin;
    },
    stdout: process.stdout,
    get stderr() {
      return process.stderr;
    },
    env: process.env,
  });
}

// The build writes nothing but ASCII there, and bytes need no decoding.
const source = read(file, "latin1");
if (source === undefined) {
  process.stderr.write("nabla is not built yet: run `npm ci` or `npm run build` in its folder first\n");
  process.exitCode = 2;
} else run(source);
