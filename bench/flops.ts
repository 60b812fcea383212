// How much a gradient costs beside the value that it belongs to: floating-point operations of
// the exported program with both, against those of the value alone, for every scalar case of
// test/cases, at a square set of sizes and at one with many samples.

import { readFileSync } from "node:fs";
import type { Layout } from "../src/index.ts";
import { library } from "./library.ts";
import { cell, table } from "./measure.ts";

interface Case {
  readonly id: string;
  readonly vars: Readonly<Record<string, readonly (string | number)[]>>;
  readonly attrs?: Readonly<Record<string, readonly string[]>>;
  readonly dims?: readonly string[];
  readonly expr: string;
  readonly wrt: string;
  readonly order?: number;
  readonly layout: Layout;
}

const CASES = ["paper", "corpus"].flatMap((name) =>
  readFileSync(new URL(`../test/cases/${name}.jsonl`, import.meta.url), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Case),
);

/** Sizes by name: all alike, or many samples and few of everything else. */
const SIZES: readonly (readonly [string, (name: string) => number])[] = [
  ["square, 100", () => 100],
  ["m, N = 10,000, others 20", (name) => (name === "m" || name === "N" || name === "M" ? 10_000 : 20)],
];
const GOAL = 3;
/** Below this a count is a matter of a few single operations. */
const SMALL = 100;

export function flops(): void {
  const rows = SIZES.map(([title, size]) => {
    const ratios: { id: string; expr: string; value: number; ratio: number }[] = [];
    for (const c of CASES) {
      if ((c.order ?? 1) !== 1) continue;
      const { expr, wrt, vars, attrs, dims } = c;
      const names = new Set(
        [...Object.values(vars).flat(), ...(dims ?? [])].filter((d) => typeof d === "string" && /^[A-Za-z]\w*$/.test(d)) as string[],
      );
      const sizes = Object.fromEntries([...names].map((name) => [name, size(name)]));
      const known = { expr, wrt, vars, ...(attrs === undefined ? {} : { attrs }), ...(dims === undefined ? {} : { dims }) };
      const answer = library.exportCode({ ...known, sizes });
      if (!answer.ok || answer.outputs[0]?.shape.join() !== "1,1" || answer.work?.value === undefined) continue;
      const { value, total } = answer.work;
      ratios.push({ id: c.id, expr: `${expr} by ${wrt}`, value, ratio: total / value });
    }
    const counted = ratios.filter((r) => r.value >= SMALL).sort((a, b) => a.ratio - b.ratio);
    const above = counted.filter((r) => r.ratio > GOAL);
    return { title, ratios: counted, above, small: ratios.filter((r) => r.value < SMALL) };
  });
  table(
    `Operations of value and gradient together over those of the value, scalar cases of ${SMALL} operations and more`,
    ["sizes", "cases", "median", "largest", `above ${GOAL}`],
    rows.map(({ title, ratios, above }) => [
      title,
      cell(ratios.length),
      cell(ratios[ratios.length >> 1]?.ratio ?? Number.NaN, 2),
      cell(ratios[ratios.length - 1]?.ratio ?? Number.NaN, 2),
      cell(above.length),
    ]),
  );
  for (const { title, above } of rows) for (const r of above) console.log(`above ${GOAL} at ${title}: ${cell(r.ratio, 2)} ${r.expr}`);
  const numbers = (rows[0]?.small ?? []).filter((r) => r.value > 0);
  const above = numbers.filter((r) => r.ratio > GOAL);
  const worst = numbers.reduce((most, r) => Math.max(most, r.ratio), 0);
  console.log(`of fewer operations: ${numbers.length} cases, largest ratio ${cell(worst, 2)}, above ${GOAL}: ${above.length}`);
  for (const r of above) console.log(`  ${cell(r.value)} → ${cell(r.value * r.ratio)} operations: ${r.expr}`);
}
