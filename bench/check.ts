// How many digits the numeric check has: dual numbers and extrapolated difference quotients,
// as nabla uses them, beside the complex step by mathjs, on fifty functions and points, each
// against 64-digit arithmetic; and how long the check of a loss takes beside the complex step.

import { all, create } from "mathjs";
import type { Expr } from "../src/index.ts";
import { parse } from "../src/library/question/parse.ts";
import { realArithmetic } from "../src/numeric/arithmetic.ts";
import { dualTerm } from "../src/numeric/dual.ts";
import { jacobian } from "../src/numeric/jacobian.ts";
import { matrix, scalar } from "../src/numeric/matrix.ts";
import { loadNumeric } from "../src/numeric/numeric.ts";
import { standardLibrary } from "../src/rewrite/standard.ts";
import { cell, geometricMean, race, short, table } from "./measure.ts";
import { PAIRS } from "./pairs.ts";

const math = create(all as NonNullable<typeof all>);
const exact = create(all as NonNullable<typeof all>, { number: "BigNumber", precision: 64 });
const GOAL = 1e-13;

export async function check(): Promise<void> {
  const numeric = await loadNumeric();
  const context = { arithmetic: realArithmetic(numeric.kernels), definitions: standardLibrary().definition };
  const termOf = (text: string, vars: Record<string, string[]>): Expr => {
    const parsed = parse(text, { vars });
    if (!parsed.ok) throw new Error(parsed.diagnostics[0]?.message);
    return parsed.expr;
  };
  const errors = PAIRS.map(({ expr, at, slope }) => {
    const reference = Number(exact.evaluate(slope, { x: exact.bignumber(at.toFixed(60)) }));
    const point = { sizes: new Map<string, number>(), values: new Map([["x", scalar(at)]]), seed: 1 };
    const term = termOf(expr, { x: [] });
    const relative = (found: number | undefined): number => {
      const error = found === undefined ? Number.NaN : Math.abs(found - reference) / Math.abs(reference);
      return Number.isFinite(error) ? error : Number.POSITIVE_INFINITY;
    };
    const complexStep = (): number | undefined => {
      try {
        return (math.evaluate(expr.replaceAll("norm2(", "norm("), { x: math.complex(at, 1e-20) }) as { im?: number }).im ?? 0;
      } catch {
        return undefined;
      }
    };
    const step = complexStep();
    return {
      dual: relative(dualTerm(context, term, point)?.along(new Map([["x", scalar(1)]])).data[0]),
      quotients: relative(jacobian(context, term, "x", point).matrix.data[0]),
      complex: relative(step === undefined ? undefined : step / 1e-20),
    };
  });
  const row = (name: string, of: (e: (typeof errors)[number]) => number): string[] => {
    const list = errors.map(of);
    const usable = list.filter((e) => e < 1e-3);
    return [
      name,
      cell(usable.length),
      geometricMean(usable.map((e) => Math.max(e, Number.EPSILON / 2))).toExponential(0),
      Math.max(...usable).toExponential(0),
      cell(list.filter((e) => e <= GOAL).length),
    ];
  };
  table(
    `Relative errors of numeric derivatives on ${PAIRS.length} functions and points`,
    ["", "usable", "mean", "worst of them", `within ${GOAL}`],
    [
      row("dual numbers", (e) => e.dual),
      row("extrapolated difference quotients", (e) => e.quotients),
      row(`complex step 1e-20 by mathjs ${math.version}`, (e) => e.complex),
    ],
  );
  const outside = PAIRS.flatMap(({ expr, at }, i) =>
    (errors[i]?.dual ?? 0) > GOAL ? [`${expr} at ${at}: ${errors[i]?.dual.toExponential(1)}`] : [],
  );
  console.log(`dual numbers outside ${GOAL}: ${outside.length === 0 ? "none" : outside.join("; ")}`);

  const [m, n] = [60, 12];
  const entries = (rows: number, cols: number, seed: number) =>
    matrix(
      rows,
      cols,
      Float64Array.from({ length: rows * cols }, (_, k) => Math.sin(12.9898 * (k + 1) + 78.233 * seed)),
    );
  const [X, w] = [entries(m, n, 1), entries(n, 1, 2)];
  const y = matrix(m, 1, entries(m, 1, 3).data.map(Math.sign));
  const loss = termOf("sum(log(1 + exp(-y .* (X*w))))", { X: ["m", "n"], w: ["n"], y: ["m"] });
  const sizes = new Map([
    ["m", m],
    ["n", n],
  ]);
  const point = {
    sizes,
    values: new Map([
      ["X", X],
      ["w", w],
      ["y", y],
    ]),
    seed: 1,
  };
  const gradient = (): void => {
    const dual = dualTerm(context, loss, point);
    for (let j = 0; j < n; j++) {
      const direction = matrix(n, 1);
      direction.data[j] = 1;
      dual?.along(new Map([["w", direction]]));
    }
  };
  const compiled = math.compile("sum(map(y .* (X * w), l(t) = log(1 + exp(-t))))");
  const scope = {
    X: Array.from({ length: m }, (_, i) => Array.from({ length: n }, (_, j) => X.data[i + m * j] as number)),
    y: [...y.data],
  };
  const complexGradient = (): void => {
    for (let j = 0; j < n; j++) compiled.evaluate({ ...scope, w: [...w.data].map((v, k) => (k === j ? math.complex(v, 1e-20) : v)) });
  };
  const [own, theirs] = race([gradient, complexGradient], { samples: 5 }) as [number, number];
  table(
    `Numeric gradient of the logistic loss, m = ${m}, n = ${n}`,
    ["dual numbers µs", "complex step by mathjs µs", "ratio"],
    [[short(own), short(theirs), cell(theirs / own)]],
  );
}
