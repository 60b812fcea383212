// Scalar expressions beside mathjs: derivation against its `derivative`, which parses,
// differentiates and simplifies as nabla does.

import { all, create } from "mathjs";
import { answered, library } from "./library.ts";
import { cell, geometricMean, race, short, table } from "./measure.ts";

const math = create(all as NonNullable<typeof all>);

const SCALARS = [
  "a*x^2 + b*x + c",
  "(a*x - b)^2",
  "log(1 + exp(-y*(a*x + b)))",
  "sin(exp(sin(x)))",
  "sqrt(x^2 + 1)",
  "a*x^2/(x^2 + 1)",
  "(b*tanh(a*x) - y)^2",
  "1/x",
  "log(exp(x) + exp(y))",
  "exp(a*x)",
  "1/(1 + exp(-x))",
  "exp(-(x - m)^2/(2*s^2))",
];
/** All expressions take turns on both sides for this long first: times no longer fall then. */
const WARM_MS = 10_000;
const NAMES = ["a", "b", "c", "m", "s", "x", "y"];

export function scalars(): void {
  const ask = (expr: string): string => {
    const vars = Object.fromEntries(NAMES.filter((name) => new RegExp(`\\b${name}\\b`).test(expr)).map((name) => [name, []]));
    return answered(library.differentiate({ expr, wrt: "x", vars })).ascii;
  };
  const askPeer = (expr: string): string => math.derivative(expr, "x").toString();
  const begun = performance.now();
  while (performance.now() - begun < WARM_MS) for (const expr of SCALARS) for (const call of [ask, askPeer]) call(expr);
  const rows = SCALARS.map((expr) => {
    const [own, theirs] = race([() => ask(expr), () => askPeer(expr)]) as [number, number];
    return { expr, own, theirs };
  });
  table(
    `Scalar expressions beside derivative of mathjs ${math.version}`,
    ["expression", "nabla µs", "mathjs µs", "mathjs/nabla", "nabla", "mathjs"],
    rows.map(({ expr, own, theirs }) => [
      expr,
      cell(own),
      cell(theirs),
      cell(theirs / own, 1),
      `  ${ask(expr)}`,
      `  ${math.derivative(expr, "x")}`,
    ]),
  );
  console.log(`geometric mean of mathjs/nabla: ${short(geometricMean(rows.map(({ own, theirs }) => theirs / own)))}`);
}
