// How long the command line takes from nothing: whole processes against `node -e 0`, and the
// first derivation inside a fresh process.

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { cell, median, raceProcesses, table } from "./measure.ts";

const NABLA = fileURLToPath(new URL("../bin/nabla.js", import.meta.url));
const INDEX = new URL("../dist/src/index.js", import.meta.url).href;
const SAMPLES = 15;

const DIFF = ["diff", "x'*A*x", "--wrt", "x"];
const LARGEST = ["diff", "sum(log(1 + exp(-y .* (X*w))))", "--wrt", "w", "--order", "2"];

const COMMANDS: readonly (readonly [string, readonly string[]])[] = [
  ["node -e 0", ["-e", "0"]],
  ["nabla --version", [NABLA, "--version"]],
  ['nabla diff "x\'*A*x" --wrt x --no-check', [NABLA, ...DIFF, "--no-check"]],
  ['nabla diff "x\'*A*x" --wrt x', [NABLA, ...DIFF]],
  ["nabla diff, Hessian of the logistic loss, --no-check", [NABLA, ...LARGEST, "--no-check"]],
];

const FIRST = `const { differentiate } = await import(${JSON.stringify(INDEX)});
const begun = performance.now();
differentiate({ expr: "x'*A*x", wrt: "x" });
const first = performance.now();
differentiate({ expr: "y'*B*y", wrt: "y" });
console.log(first - begun, performance.now() - first);`;

export function start(): void {
  const times = raceProcesses(
    COMMANDS.map(([, args]) => [process.execPath, ...args]),
    SAMPLES,
  );
  const bare = times[0] as number;
  table(
    `Start of the command line: whole processes, medians of ${SAMPLES} taking turns`,
    ["command", "ms", "ratio"],
    COMMANDS.map(([name], i) => [name, cell(times[i] as number), cell((times[i] as number) / bare, 2)]),
  );
  const firsts = Array.from({ length: SAMPLES }, () =>
    `${spawnSync(process.execPath, ["--input-type=module", "-e", FIRST]).stdout}`.split(" ").map(Number),
  );
  const at = (i: number): string => cell(median(firsts.map((f) => f[i] as number)), 1);
  table(
    "First derivations in a fresh process, inside it",
    ["", "ms"],
    [
      ["the first, rules compiled and indexed with it", at(0)],
      ["the second", at(1)],
    ],
  );
}
