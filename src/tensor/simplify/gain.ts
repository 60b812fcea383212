// Whether a sum whose brackets have been multiplied out may be shorter than with them. Nothing
// is gained where no terms meet and nothing cancels: a (b + c) (d − e) has five operations, and
// however its four terms are put together again, no fewer.
//
// Invariant: only counts are compared; in doubt something may be gained.

import { flatMap } from "../../base/list.ts";
import { toNumber } from "../../base/rational.ts";
import { type Factor, isUnitExponent, type Tensor, type Term } from "../form/tensor.ts";

/** So many terms more than before make a sum of products long; shorter ones may be put together in other ways. */
const MANY = 3;

/** Whether `flat`, which is `tensor` with its brackets multiplied out, may have a shorter reading. */
export function mayGain(tensor: Tensor, flat: Tensor): boolean {
  if (!isChain(tensor) && flat.terms.length < tensor.terms.length + MANY) return true;
  let [count, size] = [0, 0];
  for (const term of tensor.terms) {
    const brackets = term.factors.filter(isBracket);
    if (brackets.some((f) => !isUnitExponent(f.exponent)) || meetsPower(term, brackets)) return true;
    const all = brackets.reduce((n, { base }) => n * base.tensor.terms.length, 1);
    count += all;
    size += all * sizeOf(term.factors.filter((f) => !isBracket(f)));
    for (const { base } of brackets) for (const t of base.tensor.terms) size += (all / base.tensor.terms.length) * sizeOf(t.factors);
  }
  return flat.terms.length !== count || flat.terms.some((t) => t.factors.some(isBracket)) || totalSize(flat) !== size;
}

type Bracket = Factor & { readonly base: { readonly kind: "sum" } };
const isBracket = (f: Factor): f is Bracket => f.base.kind === "sum";

/**
 * Whether a tensor is one product, in which matrices have vectors on one side at most and bracketed matrices are sums of others:
 * diag(u) A diag(v) may also be u vᵀ ⊙ A, and (I + diag(u)) v may be v + u ⊙ v.
 */
function isChain({ terms: [only, ...more] }: Tensor): boolean {
  if (only === undefined || more.length > 0) return false;
  const vectors = new Set(flatMap(only.factors, (f) => (f.slots.length === 1 ? f.slots : [])));
  return only.factors.every((f) => f.slots.length < 2 || (!f.slots.every((s) => vectors.has(s)) && (!isBracket(f) || isOfMatrices(f))));
}

const isOfMatrices = ({ base }: Bracket): boolean =>
  base.tensor.terms.every((t) => t.factors.every((f) => f.slots.length === 2 && f.base.kind !== "delta"));

/** x (1 + x²) is x + x³: a power inside meets its base outside. */
function meetsPower({ factors }: Term, brackets: readonly Bracket[]): boolean {
  const outside = new Map(factors.map((f) => [f.base, f]));
  return brackets.some(({ base }) =>
    base.tensor.terms.some((t) =>
      t.factors.some((g) => {
        const f = outside.get(g.base);
        return f !== undefined && !(isUnitExponent(f.exponent) && isUnitExponent(g.exponent));
      }),
    ),
  );
}

/** Atoms, each as often as its power says; an identity is none. Not a number where a power is none. */
const sizeOf = (factors: readonly Factor[]): number =>
  factors.reduce(
    (n, { base, exponent }) =>
      base.kind === "delta" ? n : exponent.symbolic === undefined ? n + Math.abs(toNumber(exponent.rational)) : Number.NaN,
    0,
  );
const totalSize = ({ terms }: Tensor): number => terms.reduce((n, t) => n + sizeOf(t.factors), 0);
