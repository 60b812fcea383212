// `npm run bench`: how long answers take and how long they are, beside mathjs where it
// can answer the same question, all measured in one run on one machine.
//
// A time is the median of many warm calls; a call of nabla is text in, text out: parsing,
// inference, differentiation, reading back and printing in three formats. mathjs parses,
// differentiates and simplifies. Start-up is the whole process against `node -e 0`.

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { all, create } from "mathjs";
import type { Expression, Question } from "../src/index.ts";
import { growthRows } from "./growth.ts";

const built = new URL("../dist/src/index.js", import.meta.url);
// What users run is the compiled library; the sources stand in where there is no build.
const { countOperations, differentiate, parse } = (
  existsSync(fileURLToPath(built)) ? await import(built.href) : await import("../src/index.ts")
) as typeof import("../src/index.ts");

const math = create(all as NonNullable<typeof all>);

interface Case extends Expression {
  readonly id: string;
  readonly expr: string;
  readonly wrt: string;
  readonly layout: "numerator" | "denominator" | "mixed" | "vec";
  readonly expected: string;
}

const CASES = readFileSync(new URL("../test/cases/paper.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Case);

const LOSS = { expr: "1/N*sum((y - max(0, X*w + b)).^2)", wrt: "w", vars: { X: ["N", "n"], y: ["N"], w: ["n"], b: [] } } as const;
const SUM = { expr: "sum(w .* x)", wrt: "w", vars: { w: ["n"], x: ["n"] } } as const;

const WARM_UP_MS = 150;
const MEASURE_MS = 400;
const STARTS = 15;

function median(values: number[]): number {
  values.sort((a, b) => a - b);
  return values[Math.floor(values.length / 2)] as number;
}

/** Median time of a warm call, in microseconds. */
function warm(call: () => void): number {
  for (const end = performance.now() + WARM_UP_MS; performance.now() < end; ) call();
  const times: number[] = [];
  for (const end = performance.now() + MEASURE_MS; performance.now() < end || times.length < 5; ) {
    const begun = performance.now();
    call();
    times.push(performance.now() - begun);
  }
  return median(times) * 1000;
}

/** Median time of a process, in milliseconds. */
function process_(args: readonly string[]): number {
  return median(
    Array.from({ length: STARTS }, () => {
      const begun = performance.now();
      spawnSync(process.execPath, args);
      return performance.now() - begun;
    }),
  );
}

const cell = (value: number, digits = 0): string => value.toFixed(digits);

function table(title: string, head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((h, j) => Math.max(h.length, ...rows.map((r) => (r[j] as string).length)));
  const line = (cells: readonly string[]): string =>
    cells.map((c, j) => (j === 0 ? c.padEnd(widths[j] as number) : c.padStart(widths[j] as number))).join("  ");
  console.log(`\n${title}\n${line(head)}\n${widths.map((w) => "-".repeat(w)).join("  ")}\n${rows.map(line).join("\n")}`);
}

function answerOf(question: Question): string {
  const answer = differentiate(question);
  if (!answer.ok) throw new Error(answer.diagnostics[0]?.message);
  return answer.ascii;
}

table(
  "Warm differentiation, text to text",
  ["expression", "by", "µs", "answer"],
  [SUM, LOSS, { ...LOSS, wrt: "b" }].map((q) => [q.expr, q.wrt, cell(warm(() => answerOf(q))), answerOf(q)]),
);

// The scalar cases that mathjs has a derivative for.
const scalar = CASES.filter((c) => Object.values(c.vars ?? {}).every((sizes) => sizes.length === 0)).flatMap((c) => {
  const text = c.expr.replaceAll("ln(", "log(");
  try {
    math.derivative(text, c.wrt);
    return [{ ...c, text }];
  } catch {
    return [];
  }
});
const timed = scalar.map((c) => {
  const { expr, wrt, vars = {} } = c;
  return { c, own: warm(() => answerOf({ expr, wrt, vars })), theirs: warm(() => math.derivative(c.text, wrt).toString()) };
});
table(
  "Scalar cases of the paper beside mathjs derivative",
  ["expression", "by", "nabla µs", "mathjs µs", "ratio", "nabla", "mathjs"],
  timed.map(({ c, own, theirs }) => [
    c.expr,
    c.wrt,
    cell(own),
    cell(theirs),
    cell(own / theirs, 2),
    answerOf({ expr: c.expr, wrt: c.wrt, vars: c.vars ?? {} }),
    math.derivative(c.text, c.wrt).toString(),
  ]),
);
console.log(`median ratio ${cell(median(timed.map(({ own, theirs }) => own / theirs)), 2)}`);

const bundle = fileURLToPath(new URL("../bin/nabla.js", import.meta.url));
if (existsSync(fileURLToPath(new URL("../dist/cli/nabla.cjs", import.meta.url)))) {
  const bare = process_(["-e", "0"]);
  const starts = [
    ["node -e 0", bare],
    ["nabla --version", process_([bundle, "--version"])],
    ["nabla diff, no check", process_([bundle, "diff", SUM.expr, "--wrt", "w", "--no-check"])],
    ["nabla diff", process_([bundle, "diff", SUM.expr, "--wrt", "w"])],
  ] as const;
  table(
    "Start of the command line",
    ["command", "ms", "over node", "ratio"],
    starts.map(([name, ms]) => [name, cell(ms), cell(ms - bare), cell(ms / bare, 2)]),
  );
} else console.log("\nStart of the command line: not measured, there is no build (npm run build)");

const counts = CASES.map(({ expr, wrt, layout, vars = {}, attrs = {}, expected }) => {
  const operations = (text: string): number => {
    const parsed = parse(text, { vars, attrs });
    if (!parsed.ok) throw new Error(parsed.diagnostics[0]?.message);
    return countOperations(parsed.expr);
  };
  return { own: operations(answerOf({ expr, wrt, layout, vars, attrs })), theirs: operations(expected) };
});
const total = (of: (c: (typeof counts)[number]) => number): string => cell(counts.reduce((sum, c) => sum + of(c), 0));
table(
  "Operations in the answers to all cases of the paper",
  ["cases", "nabla", "the paper's own", "shorter", "longer"],
  [
    [
      cell(counts.length),
      total((c) => c.own),
      total((c) => c.theirs),
      total((c) => (c.own < c.theirs ? 1 : 0)),
      total((c) => (c.own > c.theirs ? 1 : 0)),
    ],
  ],
);

table(
  "Growth: milliseconds at n and 2n, long answers with names for parts",
  ["family", "n", "t(n)", "t(2n)", "ratio", "characters for each of n"],
  growthRows(differentiate, [250, 500, 1000], 3),
);
