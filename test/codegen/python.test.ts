// Generated Python of all cases from the literature, run in one process for each library.

import { describe, expect, it } from "vitest";
import { numpy } from "../../src/codegen/targets/numpy.ts";
import type { Target } from "../../src/codegen/targets/target.ts";
import { distance, prepareCases } from "./cases.ts";
import { pythonWith, run } from "./interpreters.ts";

const cases = await prepareCases();
const RUNNER = new URL("run.py", import.meta.url).pathname;

interface Row {
  readonly id: string;
  readonly outputs?: number[][];
  readonly error?: string;
}

/** The programs of a target, those it refuses left out. */
function written(target: Target) {
  return cases.flatMap((c) => {
    try {
      const code = target.write({ name: "f", title: c.title, plan: c.program.plan });
      return [{ c, code }];
    } catch (error) {
      if (error instanceof Error && error.name === "InputError") return [];
      throw error;
    }
  });
}

function rowsOf(target: Target, kind: string, python: string): Map<string, Row> {
  const programs = written(target).map(({ c, code }) => {
    const given = c.program.plan.inputs.map((v) => c.inputs.get(v.name));
    const bound = new Set(c.program.plan.inputs.flatMap((v) => [v.shape.rows.key, v.shape.cols.key]));
    return {
      id: c.id,
      code,
      name: "f",
      inputs: given,
      sizes: c.program.plan.sizes.filter((s) => !bound.has(s)).map((s) => c.sizes.get(s)),
      scalars: kind === "numpy" ? "number" : "array",
    };
  });
  const rows = JSON.parse(run(python, [RUNNER, kind], JSON.stringify(programs)).replace(/\b-?(?:NaN|Infinity)\b/g, "null")) as Row[];
  return new Map(rows.map((r) => [r.id, r]));
}

const python = pythonWith("numpy");
describe.skipIf(python === undefined)("NumPy", () => {
  const rows = python === undefined ? new Map<string, Row>() : rowsOf(numpy, "numpy", python);

  it("writes every case", () => {
    expect(cases.length).toBe(356);
    expect([...rows.keys()].length).toBe(python === undefined ? 0 : cases.length);
  });

  for (const c of cases)
    it(`${c.id}: ${c.title}`, () => {
      const row = rows.get(c.id);
      expect(row?.error).toBeUndefined();
      row?.outputs?.forEach((values, i) => {
        expect(distance(values, c.expected[i] as number[])).toBeLessThan(1e-8);
      });
    });
});
