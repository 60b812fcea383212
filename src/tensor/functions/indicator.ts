// Indicators: [t > 0] and [t = 0] entry by entry, the normal form of all comparisons.
// They are functions without rules: their derivative is zero wherever it exists.

import { absolute, divide, negate, ONE, type Rational, rational, sign, ZERO } from "../../base/rational.ts";
import type { FunctionInfo } from "../../expr/functions.ts";
import { scalarShape } from "../../expr/shape.ts";
import { constantTensor, dropUnusedAxes, scaleTensor, splitContent } from "../form/algebra.ts";
import { constantValue, type Factor, type Tensor, type Term } from "../form/tensor.ts";
import { applyElementwise } from "./apply.ts";
import { type FunctionRules, LAWLESS } from "./functionRules.ts";

const info = (name: string): FunctionInfo => ({
  name,
  aliases: [],
  elementwise: true,
  params: [scalarShape()],
  result: scalarShape(),
  domains: ["real"],
  range: "indicator",
  kinks: true,
});

const bare = (name: string, kind: "positive" | "zero"): FunctionRules => ({
  info: info(name),
  make: ([t]) => indicator(kind, t as Tensor),
  key: `indicator ${name}`,
  definition: undefined,
  ...LAWLESS,
  hasDifferential: true,
  differentials: ["zero"],
  jointDifferentials: ["zero"],
});

const RULES: Readonly<Record<"positive" | "zero", FunctionRules>> = { positive: bare("[>0]", "positive"), zero: bare("[=0]", "zero") };

/** [t > 0] or [t = 0], entry by entry; a positive factor of t does not matter. */
export function indicator(kind: "positive" | "zero", t: Tensor): Tensor {
  const value = constantValue(t);
  if (value !== undefined) {
    const holds = kind === "positive" ? sign(value) > 0 : sign(value) === 0;
    return constantTensor(t.axes, holds ? ONE : ZERO);
  }
  // The order of terms, and with it the sign, is that of the axes that are left in the argument.
  const { content } = splitContent(dropUnusedAxes(t).tensor, kind === "positive");
  const size = kind === "positive" ? absolute(content) : (extremeOf(t, content) ?? content);
  return applyElementwise(RULES[kind], [scaleTensor(t, divide(rational(1), size))]);
}

// x/3 = max(x/3) is kept from being x = 3 max(x/3), which rounding makes false.
function extremeOf(t: Tensor, content: Rational): Rational | undefined {
  const own = t.terms.length < 2 ? undefined : extremeTerm(t);
  if (own === undefined) return undefined;
  return sign(content) < 0 ? negate(absolute(own.coefficient)) : absolute(own.coefficient);
}

/** The multiple of max(s) in max(s) − s: a function of all entries of something, of several the one around the others. */
export function extremeTerm({ terms }: Tensor): Term | undefined {
  const depthOf = ({ factors: [f] }: Term): number => f?.base.depth ?? 0;
  const [first, second] = terms.filter(isOfWhole).sort((a, b) => depthOf(b) - depthOf(a));
  return first !== undefined && second !== undefined && depthOf(first) === depthOf(second) ? undefined : first;
}

const isOfWhole = ({ factors: [f, ...more] }: Term): boolean =>
  f?.base.kind === "function" && more.length === 0 && !f.base.rules.info.elementwise;

/** Which indicator a function is. */
export const indicatorKind = (rules: FunctionRules): "positive" | "zero" | undefined =>
  rules === RULES.positive ? "positive" : rules === RULES.zero ? "zero" : undefined;

/** The t of a factor [t > 0]. */
export const positiveArgument = ({ base }: Factor): Tensor | undefined =>
  base.kind === "function" && base.rules === RULES.positive ? base.args[0] : undefined;
