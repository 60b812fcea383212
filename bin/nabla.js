#!/usr/bin/env node
// The command `nabla`: loads the scripts that `npm run build` makes from src/cli, together
// with the code that V8 compiled of them then, and connects them to the process. Plain
// JavaScript, because it must also say something sensible where the scripts are missing, and
// a script rather than a module (package.json beside it), which starts faster.
//
// Streams are made when first used: opening stdin costs a start more than its arguments.

"use strict";

const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { Script } = require("node:vm");

/** The content of a file; undefined where there is none. */
function read(path, encoding) {
  try {
    return readFileSync(path, encoding);
  } catch {
    return undefined;
  }
}

/**
 * Loads the scripts of a folder by name, each once, one from within another when it asks
 * for it; `scripts` are those loaded. Gives undefined for a script that is missing.
 */
function loader(folder) {
  const scripts = new Map();
  const loaded = new Map();
  const load = (name) => {
    const known = loaded.get(name);
    if (known !== undefined) return known.exports;
    const filename = join(folder, name);
    // The build writes nothing but ASCII there, and bytes need no decoding.
    const source = read(filename, "latin1");
    if (source === undefined) return undefined;
    // A cache that does not fit this version of Node is ignored by V8.
    const script = new Script(source, { filename, cachedData: read(`${filename}.cache`) });
    scripts.set(name, script);
    const module = { exports: {} };
    loaded.set(name, module);
    script.runInThisContext()(module.exports, (path) => (path.startsWith("./") ? load(path.slice(2)) : require(path)), module, filename);
    return module.exports;
  };
  return { load, scripts };
}

/** Runs the command line and leaves with its code. */
async function run(front) {
  // A reader that has seen enough, as `head` does, closes the pipe: that is no fault.
  process.stdout.on("error", (error) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(0);
  });
  process.exitCode = await front.run(process.argv.slice(2), {
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

module.exports = { loader };

if (require.main === module) {
  const front = loader(join(__dirname, "../dist/cli")).load("nabla.cjs");
  if (front === undefined) {
    process.stderr.write("nabla is not built yet: run `npm ci` or `npm run build` in its folder first\n");
    process.exitCode = 2;
  } else run(front);
}
