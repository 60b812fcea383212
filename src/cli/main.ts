// The process: connects the command line to the real streams and sets the exit code.
//
// Streams are made when first used: opening stdin costs a start more than reading its
// arguments. Not here: what the commands do (run.ts and the files beside it).

import { run } from "./run.ts";

// A reader that has seen enough, as `head` does, closes the pipe: that is no fault.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});

process.exitCode = await run(process.argv.slice(2), {
  get stdin() {
    return process.stdin;
  },
  stdout: process.stdout,
  get stderr() {
    return process.stderr;
  },
  env: process.env,
});
