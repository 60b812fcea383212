// The interpreters of generated code on this machine. What is missing is said aloud and
// skipped on a developer's machine, and is a failure where CI is set.

import { spawnSync } from "node:child_process";

/** Debian's Python has Debian's packages; another may stand before it on the path. */
const PYTHONS = ["/usr/bin/python3", "python3"];

/** A Python that imports all of the modules. */
export function pythonWith(...modules: readonly string[]): string | undefined {
  const found = PYTHONS.find((python) => spawnSync(python, ["-c", `import ${modules.join(", ")}`]).status === 0);
  return found ?? absent(`a Python with ${modules.join(" and ")}`);
}

/** A command that answers to --version. */
export const commandOf = (name: string): string | undefined => (spawnSync(name, ["--version"]).status === 0 ? name : absent(name));

function absent(what: string): undefined {
  if (process.env.CI === "true") throw new Error(`${what} is missing; .ci/run installs it`);
  console.warn(`SKIPPED: ${what} is missing, so generated code for it is not run`);
  return undefined;
}

/** Runs a command with input; its output, or what went wrong. */
export function run(command: string, args: readonly string[], input: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    input,
    encoding: "utf8",
    maxBuffer: 1 << 28,
    env: { ...process.env, OPENBLAS_NUM_THREADS: "1", OMP_NUM_THREADS: "1" },
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ends with ${status}: ${stderr.slice(-2000)}`);
  return stdout;
}
