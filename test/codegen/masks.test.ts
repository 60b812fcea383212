// Derivatives of largest and smallest entries in compiled programs: the mask compares entries with the extreme of the
// very same numbers. Rounded in another order, as a transpose, a product, a sum may be, an entry would not be found.

import { expect, it } from "vitest";
import { compile } from "../../src/index.ts";

const SIZES: Readonly<Record<string, number>> = { n: 4, m: 5 };
const VARIABLES: Readonly<Record<string, readonly string[]>> = {
  a: [],
  c: [],
  x: ["n"],
  y: ["n"],
  z: ["m"],
  A: ["m", "n"],
  B: ["n", "n"],
  F: ["n", "n"],
  S: ["n", "n"],
};

// biome-ignore format: a list is read in rows
const CASES: readonly (readonly [expr: string, wrt: string])[] = [
  // numbers before outer products and scaled matrices
  ["sum(rowmax(normcdf(A'*(z*x'))))", "A"], ["sum(rowmax(a*x*y'))", "y"], ["sum(rowmax((a*x*y')'))", "x"], ["sum(rowmax((A'*z)*y'/a))", "A"],
  ["sum(rowmax(tanh(x*y'/a)))", "y"], ["sum(rowmax((diag(z)*A*diag(x)*0.7)'))", "A"], ["sum(rowmax((diag(x)*S*diag(x)*0.3)'))", "x"],
  // matrices beside transposes
  ["sum(rowmax(B.*F'.*S))", "B"], ["sum(rowmax((B.*F'.*S)'))", "F"], ["sum(rowmax(B-F'+S/3))", "B"], ["sum(rowmax((B+F'+S)'))", "F"],
  ["sum(rowmax((2*B - 3*B' + y*ones(n)' + a)'))", "B"], ["sum(rowmax((B - B' + y*ones(n)')'))", "y"], ["sum(rowmax(a*x*x' + B + B'))", "B"],
  ["sum(rowmax((x*ones(n)' - ones(n)*x' + y*ones(n)')'))", "x"], ["sum(rowmax(B*inv(S)*B'/a))", "B"],
  // sums and products that another notation would take apart
  ["max((B-F)*x)", "x"], ["min((B-F)*(x-y))", "B"], ["sum(rowmax((A - z*colmean(A))'))", "z"],
  // extremes of extremes
  ["max(x - max(y))", "y"], ["max(rowmax(B) - x)", "B"], ["max(rowmax(B*F) - F*x)", "F"], ["max(x/3 - max(y)/2)", "x"],
];

type Value = number | Value[];

/** Numbers with many digits, the same in every run. */
function createNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.sin(state);
  };
}

const filled = (axes: readonly string[], next: () => number): Value =>
  axes.length === 0 ? next() : Array.from({ length: SIZES[axes[0] as string] as number }, () => filled(axes.slice(1), next));
const flat = (v: unknown): number[] => (typeof v === "number" ? [v] : [...(v as Iterable<unknown>)].flatMap(flat));
const moved = (v: Value, by: Value, step: number): Value =>
  Array.isArray(v) ? v.map((e, i) => moved(e, (by as Value[])[i] as Value, step)) : v + step * (by as number);

/** S = I + M M′ / 4 */
const definite = (m: Value): Value =>
  (m as number[][]).map((r, i) => (m as number[][]).map((q, j) => r.reduce((s, u, k) => s + (u * (q[k] as number)) / 4, i === j ? 1 : 0)));

it.each(CASES)("the extreme entries of %s by %s are found", (expr, wrt) => {
  const names = Object.keys(VARIABLES).filter((v) => new RegExp(`(?<![A-Za-z])${v}(?![A-Za-z])`).test(expr));
  const vars = Object.fromEntries(names.map((v) => [v, [...(VARIABLES[v] as readonly string[])]]));
  const attrs = names.includes("S") ? { S: ["posdef" as const] } : {};
  for (const interpret of [false, true])
    for (let seed = 1; seed <= 5; seed++) {
      const compiled = compile({ expr, wrt, vars, attrs, outputs: ["value", "derivative"], interpret });
      if (!compiled.ok) throw new Error(compiled.diagnostics[0]?.message);
      const next = createNumbers(seed);
      const at = new Map(names.map((v): [string, Value] => [v, filled(VARIABLES[v] as readonly string[], next)]));
      if (names.includes("S")) at.set("S", definite(at.get("S") as Value));
      const run = (point: ReadonlyMap<string, Value>) => compiled.run(...compiled.inputs.map((i) => point.get(i.name) as never));
      const direction = filled(VARIABLES[wrt] as readonly string[], next);
      const valueAt = (step: number): number => run(new Map([...at, [wrt, moved(at.get(wrt) as Value, direction, step)]])).value as number;
      const quotient = (valueAt(1e-6) - valueAt(-1e-6)) / 2e-6;
      const weights = flat(direction);
      const slope = flat(run(at).gradient).reduce((s, g, i) => s + g * (weights[i] as number), 0);
      expect(Math.abs(slope - quotient)).toBeLessThan(1e-4 * (1 + Math.abs(quotient)));
    }
});
