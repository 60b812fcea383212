// Plans of all cases from the literature, run by the interpreter.

import { describe, expect, it } from "vitest";
import { interpret, type Value } from "../../src/codegen/javascript/interpret.ts";
import { distance, prepareCases } from "./cases.ts";

const cases = await prepareCases();

describe("interpreted plans", () => {
  for (const c of cases)
    it(`${c.id}: ${c.title}`, () => {
      const inputs = new Map(
        [...c.inputs].map(([name, s]): [string, Value] => [name, s.axes.length === 0 ? (s.data[0] as number) : Float64Array.from(s.data)]),
      );
      const values = interpret(c.program.plan, inputs, c.sizes);
      values.forEach((v, i) => {
        expect(distance(typeof v === "number" ? [v] : [...v], c.expected[i] as number[])).toBeLessThan(1e-8);
      });
    });
});
