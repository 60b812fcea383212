// Generated JavaScript of all cases from the literature, run.

import { describe, expect, it } from "vitest";
import { writeJavaScript } from "../../src/codegen/javascript/print.ts";
import { distance, prepareCases } from "./cases.ts";

const cases = await prepareCases();

type Run = (...args: unknown[]) => Record<string, number | Float64Array>;

describe("generated JavaScript", () => {
  for (const c of cases)
    it(`${c.id}: ${c.title}`, () => {
      const { text, inputs } = writeJavaScript({ name: "f", title: c.title, plan: c.program.plan });
      const f = new Function(`"use strict";\n${text}\nreturn f;`)() as Run;
      const args = inputs.map((i) => {
        const s = c.inputs.get(i.source);
        return s?.axes.length === 0 ? s.data[0] : Float64Array.from(s?.data ?? []);
      });
      const before = args.map((a) => (a instanceof Float64Array ? [...a] : a));
      const out = f(...args, Object.fromEntries(c.sizes));
      c.program.plan.outputs.forEach((o, i) => {
        const v = out[o.name] as number | Float64Array;
        expect(distance(typeof v === "number" ? [v] : [...v], c.expected[i] as number[])).toBeLessThan(1e-8);
      });
      expect(args.map((a) => (a instanceof Float64Array ? [...a] : a))).toEqual(before);
    });
});
