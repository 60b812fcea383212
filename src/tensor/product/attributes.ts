// Laws of variables with an attribute: of two copies in one product, Qᵀ Q = I for an
// orthogonal Q and P P = P for an idempotent P, a row of the table each; Aᵀ = −A for a skew
// A, and xᵀx = 1 for a vector of length 1.

import { negate, ZERO } from "../../base/rational.ts";
import { type Attribute, hasAttribute } from "../../expr/attributes.ts";
import type { Dim } from "../../expr/dim.ts";
import { isLone } from "../form/draft.ts";
import { isSkew, isTurnedSkew } from "../form/skew.ts";
import { type Draft, deltaBase, EXPONENT_ONE, type Factor, isSquare, isUnitExponent, type Slot } from "../form/tensor.ts";

/** What two copies of a variable with an attribute contract to: the axes that must meet, and whether one copy remains. */
const ATTRIBUTE_LAWS: Partial<
  Record<Attribute, { readonly meets: readonly (readonly [number, number])[]; readonly leaves: "identity" | "itself" }>
> = {
  orthogonal: {
    meets: [
      [0, 0],
      [1, 1],
    ],
    leaves: "identity",
  },
  idempotent: { meets: [[1, 0]], leaves: "itself" },
};

/** Contracts two copies of one variable, or turns a skew one; whether there were any. */
export const applyAttributes = (draft: Draft): boolean =>
  draft.factors.some((f) => isSkew(f) && turnSkew(draft, f)) ||
  draft.factors.some((f) => hasLengthOne(f) && isSummedSquare(draft, f) && dropSquare(draft, f)) ||
  draft.factors.some(
    (f) => f.base.kind === "var" && f.base.variable.attributes.some((a) => a in ATTRIBUTE_LAWS) && applyAttribute(draft, f),
  );

/** A vector of length 1, or a matrix whose rows and columns are such. */
const hasLengthOne = ({ base, slots }: Factor): boolean =>
  base.kind === "var" && hasAttribute(base.variable, slots.length === 1 ? "unitnorm" : "orthogonal");

/** A square, summed over a label that nothing else carries. */
export const isSummedSquare = (draft: Draft, f: Factor): boolean => isSquare(f.exponent) && f.slots.some((s) => isLone(draft, f, s));

/** Σ x_i² = 1 for a vector of length 1, Σ_k Q_ki² = 1 for the columns and rows of an orthogonal matrix. */
function dropSquare(draft: Draft, f: Factor): boolean {
  const own = f.slots.findIndex((s) => isLone(draft, f, s));
  draft.summed.delete(f.slots[own] as number);
  // Of a matrix the other label stays, summed perhaps over nothing else.
  const left = f.slots.filter((_, i) => i !== own);
  const size = f.base.axes[1 - own] as Dim;
  draft.factors = [
    ...draft.factors.filter((g) => g !== f),
    ...left.map((s): Factor => ({ base: deltaBase(size), slots: [s, s], exponent: EXPONENT_ONE })),
  ];
  return true;
}

/** Aᵀ = −A, and nothing on its diagonal. */
function turnSkew(draft: Draft, f: Factor): boolean {
  const [a, b] = f.slots as [Slot, Slot];
  if (a !== b ? !isTurnedSkew(f, draft.axes.length) : !isUnitExponent(f.exponent)) return false;
  draft.coefficient = a === b ? ZERO : negate(draft.coefficient);
  draft.factors = draft.factors.map((g) => (g === f && a !== b ? { ...f, slots: [b, a] } : g));
  return true;
}

function applyAttribute(draft: Draft, f: Factor): boolean {
  if (f.base.kind !== "var" || f.base.axes.length !== 2 || !isUnitExponent(f.exponent)) return false;
  for (const attribute of f.base.variable.attributes) {
    const law = ATTRIBUTE_LAWS[attribute];
    if (law === undefined) continue;
    for (const g of draft.factors) {
      if (g === f || g.base !== f.base || !isUnitExponent(g.exponent)) continue;
      for (const [p, q] of law.meets) {
        const label = f.slots[p];
        if (
          typeof label !== "number" ||
          label < draft.axes.length ||
          g.slots[q] !== label ||
          draft.factors.filter((h) => h.slots.includes(label)).length > 2
        )
          continue;
        const [a, b] = [f.slots[1 - p] as Slot, g.slots[1 - q] as Slot];
        if (a === label || b === label) continue;
        const base = law.leaves === "identity" ? deltaBase(f.base.axes[1 - p] as Dim) : f.base;
        draft.factors = [...draft.factors.filter((h) => h !== f && h !== g), { base, slots: [a, b], exponent: EXPONENT_ONE }];
        draft.summed.delete(label);
        return true;
      }
    }
  }
  return false;
}
