// Exact division of sums, entry by entry: x² − a² by x − a is x + a, and a x + x² by x is a + x.
//
// Invariant: a quotient times what was divided by is what was divided, wherever that has a value.
// Only products whose labels are all free are divided; what is inside an atom stays there.

import { compare, divide, multiply, negate, type Rational, rational, sign, subtract } from "../../base/rational.ts";
import type { Dim } from "../../expr/dim.ts";
import { addTensors } from "../form/algebra.ts";
import { placeKey, slotsText } from "../form/canonical.ts";
import { draftOf } from "../form/draft.ts";
import { exponentOf, type Factor, isZeroExponent, type Tensor, type Term } from "../form/tensor.ts";
import { product } from "../product/product.ts";

/** Steps of a division, and so terms of a quotient. */
const MOST_STEPS = 8;
/** A dividend that grows beyond this is given up. */
const LONGEST_DIVIDEND = 48;

/** The sum for which dividend = sum · divisor, all on the same axes; undefined where there is none that is short. */
export function exactQuotient(dividend: Tensor, divisor: Tensor): Tensor | undefined {
  if (!isPlain(dividend) || !isPlain(divisor)) return undefined;
  const lead = leading(divisor);
  if (lead === undefined) return undefined;
  const parts: Tensor[] = [];
  let rest = dividend;
  for (let step = 0; step < MOST_STEPS; step++) {
    const top = leading(rest);
    if (top === undefined) return addTensors(dividend.axes, parts);
    const part = ratio(top, lead);
    if (part === undefined) return undefined;
    parts.push(asTensor(dividend, part));
    const taken = divisor.terms.map((t) =>
      asTensor(dividend, {
        coefficient: negate(multiply(t.coefficient, part.coefficient)),
        factors: [...part.factors, ...t.factors],
      }),
    );
    rest = addTensors(dividend.axes, [rest, ...taken]);
    if (rest.terms.length > LONGEST_DIVIDEND) return undefined;
  }
  return rest.terms.length === 0 ? addTensors(dividend.axes, parts) : undefined;
}

/** The atoms that all summands have as factors, each to its lowest power, and the sum without them; positive powers only. */
export function commonAtoms(tensor: Tensor): { readonly atoms: readonly Factor[]; readonly rest: Tensor } {
  const [first, ...others] = tensor.terms;
  const atoms =
    first === undefined || others.length === 0
      ? []
      : first.factors.flatMap((f) => {
          const powers = isOnAxes(f, tensor) ? tensor.terms.map((t) => powerOf(t, placeKey(f.base, f.slots))) : [];
          const least = powers.length === 0 ? rational(0) : powers.reduce((a, b) => (compare(a, b) <= 0 ? a : b));
          return sign(least) > 0 ? [{ ...f, exponent: exponentOf(least) }] : [];
        });
  if (atoms.length === 0) return { atoms, rest: tensor };
  const rest = tensor.terms.map((t) => asTensor(tensor, { ...t, factors: lowered(t.factors, atoms) }, t.summed));
  return { atoms, rest: addTensors(tensor.axes, rest) };
}

const asTensor = ({ axes }: Tensor, monomial: Monomial, summed: readonly Dim[] = []): Tensor =>
  product(draftOf(axes, { ...monomial, summed }));

type Monomial = Pick<Term, "coefficient" | "factors">;

const isOnAxes = (f: Factor, { axes }: Tensor): boolean =>
  f.exponent.symbolic === undefined && f.slots.every((s) => typeof s !== "number" || s < axes.length) && !isStructural(f);

const isStructural = ({ base }: Factor): boolean => base.kind === "delta" || base.kind === "block" || base.kind === "fuse";

const isPlain = (tensor: Tensor): boolean =>
  tensor.terms.every((t) => t.summed.length === 0 && t.factors.every((f) => isOnAxes(f, tensor)));

const powerOf = ({ factors }: Monomial, key: string): Rational =>
  factors.find((f) => placeKey(f.base, f.slots) === key)?.exponent.rational ?? rational(0);

/** The term that leads by the powers of the atoms, taken in one order. */
function leading({ terms }: Tensor): Monomial | undefined {
  const atoms = new Map(terms.flatMap((t) => t.factors.map((f) => [placeKey(f.base, f.slots), f])));
  // By content: the numbers of bases depend on what was asked before.
  const before = (f: Factor, g: Factor): number => f.base.hash - g.base.hash || (slotsText(f.slots) < slotsText(g.slots) ? -1 : 1);
  const keys = [...atoms].sort(([, f], [, g]) => before(f, g)).map(([key]) => key);
  const isBefore = (a: Monomial, b: Monomial): boolean => {
    for (const key of keys) {
      const order = compare(powerOf(a, key), powerOf(b, key));
      if (order !== 0) return order > 0;
    }
    return false;
  };
  return terms.reduce<Monomial | undefined>((best, t) => (best === undefined || isBefore(t, best) ? t : best), undefined);
}

function ratio(top: Monomial, bottom: Monomial): Monomial | undefined {
  const factors = lowered(top.factors, bottom.factors);
  if (bottom.factors.some((f) => compare(powerOf(top, placeKey(f.base, f.slots)), f.exponent.rational) < 0)) return undefined;
  return { coefficient: divide(top.coefficient, bottom.coefficient), factors };
}

/** The factors without some of their powers; of x^(1 + t) without x, x^t is left. */
const lowered = (factors: readonly Factor[], by: readonly Factor[]): Factor[] =>
  factors
    .map((f) => {
      const key = placeKey(f.base, f.slots);
      const taken = by.find((g) => placeKey(g.base, g.slots) === key);
      return taken === undefined
        ? f
        : { ...f, exponent: { ...f.exponent, rational: subtract(f.exponent.rational, taken.exponent.rational) } };
    })
    .filter((f) => !isZeroExponent(f.exponent));
