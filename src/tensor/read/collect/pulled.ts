// A factor that summands have in common, pulled out of their sum: what is left of each summand
// is a quotient, and the labels on which the factor meets the rest are axes of the quotients.
//
// Invariant: the product is the sum; none where the summands hold the factor in different ways.
// Not here: which factors are worth it (factor.ts).

import { compare, isZero, sign, subtract } from "../../../base/rational.ts";
import type { Dim } from "../../../expr/dim.ts";
import { addTensors } from "../../form/algebra.ts";
import { createDraft, draftOf, freshLabel, multiplyInto, pushRelabelled, withPowerAt } from "../../form/draft.ts";
import { type Exponent, exponentOf, type Factor, internTensor, type Slot, type Tensor, type Term } from "../../form/tensor.ts";
import { product } from "../../product/product.ts";
import { divided } from "./quotient.ts";

/** A place of the factor. */
export interface Occurrence {
  /** The summand, its closed contractions opened. */
  readonly term: Term;
  /** The summand as it stands. */
  readonly of: Term;
  readonly index: number;
}

/** Powers of one atom share their lower power; powers above and below a fraction line do not. */
export const sideOf = ({ symbolic, rational }: Exponent): string => (symbolic === undefined ? `${sign(rational)}` : `${symbolic.id}`);

/** The exponent nearest to zero. */
function commonExponent(exponents: readonly Exponent[]): Exponent {
  const [first, ...rest] = exponents as [Exponent, ...Exponent[]];
  if (first.symbolic !== undefined) return rest.reduce((a, b) => (compare(b.rational, a.rational) < 0 ? b : a), first);
  const below = sign(first.rational) < 0;
  return rest.reduce((a, b) => (compare(b.rational, a.rational) < 0 !== below ? b : a), first);
}

/** The sum with the factor at these places pulled out; none where that is no other tensor. */
export function pullOut(tensor: Tensor, occurrences: readonly Occurrence[]): Tensor[] {
  const common = commonOf(occurrences, tensor.axes.length);
  const axes = [...common.dims, ...tensor.axes];
  const quotients: Tensor[] = [];
  for (const occurrence of occurrences) {
    const quotient = quotientOf(occurrence, common, axes);
    if (quotient === undefined) return [];
    quotients.push(quotient);
  }
  const whole = timesCommon(common, tensor.axes, addTensors(axes, quotients));
  const rest = tensor.terms.filter((t) => !occurrences.some((o) => o.of === t));
  const pulled = addTensors(tensor.axes, [whole, internTensor(tensor.axes, rest)]);
  return pulled === tensor ? [] : [pulled];
}

/** What the places of a factor have in common. */
interface Common {
  /** The number of free axes. */
  readonly rank: number;
  /** The factor as it stands in the first summand, and that summand. */
  readonly model: Factor;
  readonly term: Term;
  /** The power that all of them have. */
  readonly exponent: Exponent;
  /** Which of its axes meet something else in some summand. */
  readonly meets: readonly boolean[];
  /** The summed labels of the model there, and their dimensions: axes of the quotient, in front of the free ones. */
  readonly open: readonly number[];
  readonly dims: readonly Dim[];
}

function commonOf(occurrences: readonly Occurrence[], rank: number): Common {
  const [first] = occurrences as readonly [Occurrence, ...Occurrence[]];
  const { term } = first;
  const model = factorAt(first);
  const isMet = (place: Occurrence, s: Slot | undefined): boolean =>
    typeof s === "number" && s >= rank && place.term.factors.some((g, k) => k !== place.index && g.slots.includes(s));
  const meets = model.slots.map((_, axis) => occurrences.some((place) => isMet(place, factorAt(place).slots[axis])));
  const open = openLabels(model, meets, rank);
  const exponent = commonExponent(occurrences.map((place) => factorAt(place).exponent));
  return { rank, model, term, exponent, meets, open, dims: open.map((l) => term.summed[l - rank] as Dim) };
}

const factorAt = ({ term, index }: Occurrence): Factor => term.factors[index] as Factor;

const openLabels = (f: Factor, meets: readonly boolean[], rank: number): number[] => [
  ...new Set(f.slots.filter((s, axis): s is number => meets[axis] === true && typeof s === "number" && s >= rank)),
];

/** What is left of a summand; undefined where it holds the factor in another way than the model is held. */
function quotientOf(
  place: Occurrence,
  { rank, model, exponent, meets, open: modelOpen }: Common,
  axes: readonly Dim[],
): Tensor | undefined {
  const { term, of, index } = place;
  const f = factorAt(place);
  const open = openLabels(f, meets, rank);
  if (open.length !== modelOpen.length || !samePattern(f, open, model, modelOpen)) return undefined;
  const left = subtract(f.exponent.rational, exponent.rational);
  const quick = f.slots.length === 0 && term === of ? divided(term, withPowerAt(term.factors, index, left), rank) : undefined;
  if (quick !== undefined) return internTensor(axes, [quick]);
  // Σ_i y_i² is not Σ_i y_i times anything: a label of its own belongs to the whole power.
  if (!isZero(left) && f.slots.some((s) => typeof s === "number" && s >= rank && !open.includes(s))) return undefined;
  const others = term.factors.filter((_, k) => k !== index);
  const known = new Map(open.map((l, k) => [l, k]));
  for (let l = 0; l < rank; l++) known.set(l, l + open.length);
  const draft = createDraft(axes, term.coefficient);
  const factors = isZero(left) ? others : [...others, { ...f, exponent: exponentOf(left) }];
  pushRelabelled(draft, factors, known, (l) => term.summed[l - rank] as Dim);
  return product(draft);
}

/** The common factor times the sum of the quotients. */
function timesCommon({ rank, model, term, exponent, open, dims }: Common, axes: readonly Dim[], sum: Tensor): Tensor {
  const { numbers, inner } = withoutNumbers(sum);
  const draft = createDraft(axes);
  draft.factors.push(...numbers);
  const own = dims.map((dim) => freshLabel(draft, dim));
  const free = axes.map((_, i) => i);
  const known = new Map([...free.map((l) => [l, l] as const), ...open.map((l, k) => [l, own[k] as number] as const)]);
  pushRelabelled(draft, [{ ...model, exponent }], known, (l) => term.summed[l - rank] as Dim);
  multiplyInto(draft, inner, [...own, ...free]);
  return product(draft);
}

/** The numbers that all summands have as factors, and what is left: they go out together, so that √a x − √a y over √b is √(a/b) (x − y). */
function withoutNumbers(tensor: Tensor): { readonly numbers: readonly Factor[]; readonly inner: Tensor } {
  const [first, ...others] = tensor.terms;
  if (first === undefined || others.length === 0) return { numbers: [], inner: tensor };
  const numbers = first.factors.flatMap((f) => commonNumber(f, others) ?? []);
  if (numbers.length === 0) return { numbers, inner: tensor };
  const parts = tensor.terms.map((t) => {
    const left = t.factors.flatMap((f) => dividedBy(f, numbers));
    const quick = divided(t, left, tensor.axes.length);
    if (quick !== undefined) return internTensor(tensor.axes, [quick]);
    return product(draftOf(tensor.axes, { ...t, factors: left }));
  });
  return { numbers, inner: addTensors(tensor.axes, parts) };
}

/** The power of a number that all the terms have as a factor. */
function commonNumber(f: Factor, terms: readonly Term[]): Factor | undefined {
  if (f.slots.length > 0) return undefined;
  const exponents = [f.exponent];
  for (const { factors } of terms) {
    const g = factors.find((other) => other.slots.length === 0 && other.base === f.base && sideOf(other.exponent) === sideOf(f.exponent));
    if (g === undefined) return undefined;
    exponents.push(g.exponent);
  }
  return { ...f, exponent: commonExponent(exponents) };
}

/** What is left of a factor once a power of it is taken away. */
function dividedBy(f: Factor, numbers: readonly Factor[]): Factor[] {
  const taken = numbers.find((n) => f.slots.length === 0 && n.base === f.base && sideOf(n.exponent) === sideOf(f.exponent));
  if (taken === undefined) return [f];
  const left = subtract(f.exponent.rational, taken.exponent.rational);
  return isZero(left) ? [] : [{ ...f, exponent: exponentOf(left) }];
}

/** Whether the factor meets its open labels at the same places as the model does, and repeats its other labels alike. */
function samePattern(f: Factor, open: readonly number[], model: Factor, modelOpen: readonly number[]): boolean {
  const pattern = (g: Factor, labels: readonly number[]): string =>
    g.slots.map((s) => (typeof s !== "number" ? "" : labels.includes(s) ? labels.indexOf(s) : `own${g.slots.indexOf(s)}`)).join(",");
  return pattern(f, open) === pattern(model, modelOpen);
}
