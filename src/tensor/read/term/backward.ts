// The direction in which differences are read: (b − a)² for (a − b)², sign(m − x) for
// −sign(x − m), cross(y, x) for −cross(x, y), where that has fewer minus signs.
//
// Invariant: a factor turned round is the factor, or its negative where it says so. Not here:
// products that are their own transposes (directed.ts), and what is said without a minus
// otherwise (src/tensor/read/sum/opposite.ts).

import { sign } from "../../../base/rational.ts";
import type { Dim } from "../../../expr/dim.ts";
import { negateTensor } from "../../form/algebra.ts";
import { canonicalTerm } from "../../form/canonical.ts";
import { skewTurned } from "../../form/skew.ts";
import {
  type Base,
  type Factor,
  type FunctionBase,
  functionBase,
  groupBase,
  internTensor,
  isOdd,
  sumBase,
  symmetryOf,
  type Tensor,
  type Term,
} from "../../form/tensor.ts";
import { firstTerm, type Reader } from "../reading/reader.ts";

/** A factor to a whole power with all signs inside it changed: of a bracketed sum, of sign(x), of max as min. */
export function turnedRound({ base, exponent }: Factor): { readonly base: Base; readonly sign: 1 | -1 } | undefined {
  if (exponent.symbolic !== undefined || exponent.rational.d !== 1n) return undefined;
  if (base.kind === "sum") return { base: sumBase(negateTensor(base.tensor), symmetryOf(base)), sign: -1 };
  if (base.kind === "group") return turnedGroup(base.tensor);
  if (alternates(base)) return { base: functionBase(base.rules, [...base.args].reverse(), base.axes, symmetryOf(base)), sign: -1 };
  const by = base.kind === "function" ? base.rules.reflection : undefined;
  if (base.kind !== "function" || by === undefined) return undefined;
  return { base: functionBase(by.rules, base.args.map(negateTensor), base.axes, symmetryOf(base)), sign: by.sign };
}

/** A contraction with one of its factors turned round: −Σ sign(x − m) of Σ sign(m − x), −yᵀ S x of xᵀ S y for a skew S. */
function turnedGroup({ axes, terms: [term, ...more] }: Tensor): { readonly base: Base; readonly sign: 1 | -1 } | undefined {
  if (term === undefined || more.length > 0) return undefined;
  const place = term.factors.findIndex((f) => isTurnable(f));
  const factors =
    place < 0
      ? skewTurned(term.factors)[0]
      : term.factors.map((f, i) => (i === place ? { ...f, base: (turnedRound(f) as { base: Base }).base } : f));
  if (factors === undefined) return undefined;
  const turned = canonicalTerm(term.coefficient, factors, axes.length, (l) => term.summed[l - axes.length] as Dim);
  return { base: groupBase(internTensor(axes, [turned])), sign: -1 };
}

/** Whether a function changes its sign with the order of its arguments. */
const alternates = (base: Base): base is FunctionBase => base.kind === "function" && base.rules.info.alternating === true;

/** How far inside one another the signs of arguments are looked at. */
const MOST_SIGNS = 3;

/** Whether a factor reads with fewer minus signs when it is turned round. */
export function isBackward(reader: Reader, { base }: Factor, left = MOST_SIGNS): boolean {
  if (base.kind === "sum") return startsNegative(reader, base.tensor, left - 1);
  if (base.kind === "group") {
    const [term, ...more] = base.tensor.terms;
    // Of two differences turned round the signs cancel.
    return more.length === 0 && term?.factors.some((f) => isTurnable(f)) === true && startsNegative(reader, base.tensor, left - 1);
  }
  return base.kind === "function" && base.rules.reflection !== undefined && base.args.every((a) => startsNegative(reader, a, left - 1));
}

/** Whether a minus stands in front of the summand that the user wrote first, its differences read in their own direction. */
export function startsNegative(reader: Reader, tensor: Tensor, left = MOST_SIGNS): boolean {
  const first = firstTerm(reader, tensor);
  if (first === undefined || left === 0) return first !== undefined && isNegative(first);
  const turned = first.factors.filter((f) => isOdd(f.exponent) && isBackward(reader, f, left) && (turnedRound(f)?.sign ?? 1) < 0);
  return isNegative(first) === (turned.length % 2 === 0);
}

/** Whether b − a may be said for −(a − b). */
export const isTurnable = (f: Factor, left = MOST_SIGNS): boolean =>
  isOdd(f.exponent) &&
  (turnedRound(f)?.sign ?? 1) < 0 &&
  (f.base.kind === "group" || alternates(f.base) || argumentsOf(f.base).some((t) => isDifference(t, left - 1)));

/** A difference, or a product with one. */
const isDifference = ({ terms }: Tensor, left: number): boolean =>
  terms.length > 1 ? terms.some(isNegative) : left > 0 && terms.some((t) => t.factors.some((f) => isTurnable(f, left)));
const argumentsOf = (b: Base): readonly Tensor[] => (b.kind === "sum" ? [b.tensor] : b.kind === "function" ? b.args : []);
const isNegative = (t: Term): boolean => sign(t.coefficient) < 0;
