// Products with inverses in them, which programs solve with where they can: every short product of
// inverses, diagonals and other matrices against the value of the text.

import { expect, it } from "vitest";
import { compile, evaluate } from "../../src/index.ts";

const VARS: Readonly<Record<string, readonly string[]>> = { A: ["m", "n"], B: ["n", "n"], S: ["n", "n"], y: ["n"] };
const AT: Readonly<Record<string, number[] | number[][]>> = {
  A: [
    [1, 2],
    [3, -1],
    [0.5, 1],
  ],
  B: [
    [2, 0.3],
    [-0.4, 1.5],
  ],
  S: [
    [1.5, 0.2],
    [0.7, -1.1],
  ],
  y: [1.3, 0.6],
};
const FACTORS = ["inv(B)", "inv(B)'", "inv(S)", "diag(y)", "B"];

const products = (length: number): string[][] =>
  length === 0 ? [[]] : products(length - 1).flatMap((front) => FACTORS.map((f) => [...front, f]));

/** All products of two and three factors, by themselves, behind A, before A′ and between them. */
const EXPRESSIONS = [2, 3].flatMap((length) =>
  products(length).flatMap((list) => [list, ["A", ...list], [...list, "A'"], ["A", ...list, "A'"]].map((l) => l.join("*"))),
);

it("products of inverses, diagonals and matrices have the values of their texts", async () => {
  const wrong: string[] = [];
  for (const expr of EXPRESSIONS) {
    const used = Object.entries(VARS).filter(([name]) => new RegExp(`\\b${name}\\b`).test(expr));
    const question = { expr, vars: Object.fromEntries(used), dims: ["n"] };
    const f = compile({ ...question, wrt: [], outputs: ["value"], interpret: true });
    const known = await evaluate({ ...question, at: Object.fromEntries(used.map(([name]) => [name, AT[name] as number[][]])) });
    if (!f.ok || !known.ok) throw new Error(`${expr} is refused`);
    const value = [...(f.run(...f.inputs.map((i) => AT[i.name] as number[][])).value as Float64Array)];
    const errors = ([known.value].flat(2) as number[]).map((x, i) => Math.abs(x - (value[i] as number)));
    if (!(Math.max(...errors) < 1e-9)) wrong.push(expr);
  }
  expect(wrong).toEqual([]);
});
