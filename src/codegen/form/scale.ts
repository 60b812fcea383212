// A form as exp(k p) times a form in which exponentials are shifted by p, the peak of their
// exponents: how many times exp(p) stands in it, axis by axis.
//
// Invariant: the two are equal whatever the peak is; a form that is no power of exp(p) times
// another is left as it is, k = 0. Not here: which peak is taken (exponents.ts).

import * as Q from "../../base/rational.ts";
import { along, diagOf, total } from "./contract.ts";
import { fill, map, product, scaled, sum, transpose } from "./elementwise.ts";
import type { Factor, Form, Forms, Item, Operand, Term } from "./form.ts";

/** Where exponentials stand in relation to a peak. */
export interface Atom {
  /** How much of the peak is taken from the exponent. */
  readonly share: Q.Rational;
  /** The axis of the exponential along which a peak that is a vector runs; undefined where both are vectors. */
  readonly axis: 0 | 1 | undefined;
  /** What it is multiplied by in the sum, where the peak is that of the exponents with weights. */
  readonly weights: readonly Operand[];
  /** Its exponent where these are not 0, and no more than the peak elsewhere. */
  readonly weighted: Form;
}

/** A peak, and what is shifted by it. */
export interface Scale {
  /** A number, a vector, or a matrix of the axes of the exponentials. */
  readonly peak: Form;
  /** The exponentials that are shifted. */
  readonly atoms: ReadonlyMap<Form, Atom>;
  /** Whether the peak is never negative. */
  readonly isAboveZero: boolean;
}

/** How many times exp(peak) stands in a form: along each axis where the peak is a vector, else in all. */
export type Degrees = readonly [Q.Rational, Q.Rational];
/** A form as exp(peak), so many times, times another. */
export interface Separated {
  readonly degrees: Degrees;
  readonly form: Form;
  /** Whether exponentials are summed without the weights that the peak belongs to. */
  readonly isLoose?: boolean | undefined;
}

const NONE: Degrees = [Q.ZERO, Q.ZERO];
const at = (axis: 0 | 1, k: Q.Rational): Degrees => (axis === 0 ? [k, Q.ZERO] : [Q.ZERO, k]);
const isNone = (d: Degrees): boolean => d.every(Q.isZero);
const same = (a: Degrees, b: Degrees): boolean => a.every((d, i) => Q.equals(d, b[i] as Q.Rational));
const added = (a: Degrees, b: Degrees): Degrees => [Q.add(a[0], b[0]), Q.add(a[1], b[1])];
const multiplied = (a: Degrees, k: Q.Rational): Degrees => [Q.multiply(a[0], k), Q.multiply(a[1], k)];

/** Factors of a product with exp(peak) taken out of them. */
export interface SeparatedFactors {
  readonly degrees: Degrees;
  readonly factors: Factor[];
  /** Whether exp(peak) stands above in one of them. */
  readonly isAbove: boolean;
  readonly isLoose: boolean;
}

/** exp(peak) taken out of forms. */
export interface Separation {
  readonly of: (form: Form) => Separated;
  /** Of factors of a product of so many axes; undefined where they do not share the peak. */
  readonly ofFactors: (factors: readonly Factor[], axes: number) => SeparatedFactors | undefined;
}

const DEEPEST = 40;
const POWERS = [1, -1, 2, -2, 3, -3].map((k) => Q.rational(k));

/** Forms from which exp(peak) is taken. */
interface Work {
  readonly forms: Forms;
  readonly scale: Scale;
  /** How many axes the peak has. */
  readonly rank: number;
  /** Is told of every exponent that is less the peak. */
  readonly tell: (exponent: Form) => void;
  readonly memo: Map<Form, Separated>;
  depth: number;
}

/** Takes exp(peak) out of forms; tells of every exponent that is less the peak. */
export function createSeparation(forms: Forms, scale: Scale, tell: (exponent: Form) => void): Separation {
  const work: Work = { forms, scale, rank: scale.peak.axes.length, tell, memo: new Map(), depth: 0 };
  return { of: (form) => separate(work, form), ofFactors: (factors, axes) => ofFactors(work, factors, axes) };
}

function separate(work: Work, form: Form): Separated {
  const known = work.memo.get(form);
  if (known !== undefined) return known;
  work.depth++;
  const found = (work.depth > DEEPEST ? undefined : taken(work, form)) ?? { degrees: NONE, form };
  work.depth--;
  work.memo.set(form, found);
  return found;
}

function taken(work: Work, form: Form): Separated | undefined {
  const { forms, scale, rank } = work;
  const atom = scale.atoms.get(form);
  if (atom !== undefined) return shifted(work, form, atom, false);
  const k = powerOfPeak(work, form);
  if (k !== undefined) return { degrees: [k, Q.ZERO], form: fill(forms, Q.ONE, form.axes) };
  switch (form.kind) {
    case "diag": {
      const { degrees, form: of, isLoose } = separate(work, form.of);
      return of === form.of ? undefined : { degrees, form: diagOf(forms, of), isLoose };
    }
    case "product":
      return ofProduct(work, form);
    case "sum":
      return ofSum(work, form);
    case "chain":
      return rank < 2 ? ofChain(work, form) : undefined;
    case "reduce":
      return form.fn === "sum" && rank < 2 ? ofTotal(work, form) : undefined;
    case "transpose": {
      const { degrees, form: of, isLoose } = separate(work, form.of);
      if (rank === 2 || of === form.of) return undefined;
      return { degrees: rank === 1 ? [degrees[1], degrees[0]] : degrees, form: transpose(forms, of), isLoose };
    }
    default:
      return undefined;
  }
}

// exp(k peak) as it is left in front of a quotient.
function powerOfPeak({ forms, scale }: Work, form: Form): Q.Rational | undefined {
  const u = form.kind === "map" && form.fn === "exp" ? form.args[0]?.form : undefined;
  return u === undefined ? undefined : POWERS.find((k) => scaled(forms, k, scale.peak) === u);
}

function shifted(work: Work, form: Form, { share, axis, weights, weighted }: Atom, isWeighted: boolean): Separated | undefined {
  const { forms, scale, rank, tell } = work;
  const [u] = form.kind === "map" ? form.args : [];
  if (u === undefined || form.axes.length < rank) return undefined;
  const by: Term = { form: scale.peak, axis, coefficient: Q.negate(share) };
  const from = isWeighted ? weighted : u.form;
  const exponent = sum(forms, Q.ZERO, [{ form: from, coefficient: Q.ONE }, by], form.axes);
  tell(exponent);
  return { degrees: at(axis ?? 0, share), form: map(forms, "exp", [exponent]), isLoose: !isWeighted && weights.length > 0 };
}

// A factor among others, with its weights where they are there.
function ofFactor(work: Work, form: Form, others: readonly Operand[]): Separated {
  const atom = work.scale.atoms.get(form);
  const isWeighted = atom?.weights.every((w) => others.some((o) => o.form === w.form && o.axis === w.axis)) === true;
  return (isWeighted && atom !== undefined ? shifted(work, form, atom, true) : undefined) ?? separate(work, form);
}

// An operand of a form of so many axes.
function operand(work: Work, o: Operand, axes: number, others: readonly Operand[] = []): Separated | undefined {
  const { rank } = work;
  const found = ofFactor(work, o.form, others);
  if (isNone(found.degrees) || rank === 0 || o.form.axes.length === axes) return found;
  if (rank === 2 || o.form.axes.length === 0) return undefined;
  return { ...found, degrees: at(o.axis ?? 0, found.degrees[0]) };
}

function ofFactors(work: Work, given: readonly Factor[], axes: number): SeparatedFactors | undefined {
  let [degrees, isAbove, isLoose] = [NONE, false, false];
  const factors: Factor[] = [];
  const above = given.filter((f) => Q.sign(f.exponent) > 0);
  for (const f of given) {
    const found = operand(work, f, axes, above);
    if (found === undefined) return undefined;
    const own = multiplied(found.degrees, f.exponent);
    isAbove ||= own.some((d) => Q.sign(d) > 0);
    isLoose ||= found.isLoose === true;
    degrees = added(degrees, own);
    factors.push({ ...f, form: found.form });
  }
  return { degrees, factors, isAbove, isLoose };
}

function ofProduct(work: Work, form: Form & { kind: "product" }): Separated | undefined {
  const found = ofFactors(work, form.factors, form.axes.length);
  if (found === undefined || found.factors.every((f, i) => f.form === form.factors[i]?.form)) return undefined;
  return { degrees: found.degrees, isLoose: found.isLoose, form: product(work.forms, form.coefficient, found.factors, form.axes) };
}

/** A term of a sum, exp(peak) taken out of its form. */
interface Part {
  readonly found: Separated;
  readonly term: Term;
}

// What stands in a sum fewer times is multiplied by exp(−peak), which is at most 1 where the peak is never negative.
function ofSum(work: Work, form: Form & { kind: "sum" }): Separated | undefined {
  const { forms, scale, rank } = work;
  const parts: Part[] = [];
  for (const term of form.terms) {
    const found = operand(work, term, form.axes.length);
    if (found === undefined) return undefined;
    parts.push({ found, term });
  }
  const all = [...parts.map((p) => p.found.degrees), ...(Q.isZero(form.constant) ? [] : [NONE])];
  const most = all.reduce((a, b) => (Q.compare(b[0], a[0]) > 0 || Q.compare(b[1], a[1]) > 0 ? b : a));
  if (isNone(most)) return undefined;
  const isLoose = parts.some((p) => p.found.isLoose === true);
  if (all.every((d) => same(d, most))) return { degrees: most, isLoose, form: sum(forms, Q.ZERO, parts.map(shiftedTerm), form.axes) };
  if (!scale.isAboveZero || (rank > 0 && form.axes.length !== rank)) return undefined;
  return { degrees: most, isLoose, form: levelled(work, form, parts, most[0]) };
}

/** The terms of a sum brought to one degree, each multiplied by the power of exp(−peak) that it lacks. */
function levelled({ forms, scale, tell }: Work, form: Form & { kind: "sum" }, parts: readonly Part[], most: Q.Rational): Form {
  const lower = (k: Q.Rational): Form => {
    const exponent = scaled(forms, Q.negate(k), scale.peak);
    tell(exponent);
    return exponent;
  };
  const terms = parts.map((p): Term => {
    const k = Q.subtract(most, p.found.degrees[0]);
    if (Q.isZero(k)) return shiftedTerm(p);
    const factors: Factor[] = [
      { form: p.found.form, axis: p.term.axis, exponent: Q.ONE },
      { form: map(forms, "exp", [lower(k)]), exponent: Q.ONE },
    ];
    return { form: product(forms, Q.ONE, factors, form.axes), coefficient: p.term.coefficient };
  });
  // exp(−p) is 1 + (exp(−p) − 1), so that the logarithm keeps what is far less than 1.
  const isOne = Q.isOne(form.constant);
  const constant: Term = { form: map(forms, isOne ? "expm1" : "exp", [lower(most)]), coefficient: form.constant };
  return sum(forms, isOne ? Q.ONE : Q.ZERO, [...terms, constant], form.axes);
}

// Along what is summed no power of exp(p) may stand.
function ofTotal(work: Work, form: Form & { kind: "reduce" }): Separated | undefined {
  const { forms, rank } = work;
  const { degrees, form: of, isLoose } = separate(work, form.of);
  if (of === form.of) return undefined;
  const next = form.over === "all" ? total(forms, of) : along(forms, of, form.over);
  if (rank === 0) return { degrees, form: next, isLoose };
  const gone = form.over === "all" ? degrees : [degrees[form.over]];
  if (!gone.every(Q.isZero)) return undefined;
  return { degrees: [form.over === "all" ? Q.ZERO : degrees[form.over === 0 ? 1 : 0], Q.ZERO], form: next, isLoose };
}

// Along what two factors share the powers of exp(p) have to cancel; a diagonal passes them on.
function ofChain(work: Work, form: Form & { kind: "chain" }): Separated | undefined {
  const { forms, rank } = work;
  const met = form.items.length === 1 && form.right !== undefined ? operandsOf(form.right) : [];
  const sides = form.items.map((item) => {
    const others = met.map((o) => across(o, item));
    return { item, found: ofFactor(work, item.form, others) };
  });
  const right = form.right === undefined ? undefined : separate(work, form.right);
  if (sides.every((s) => s.found.form === s.item.form) && right?.form === form.right) return undefined;
  const items = sides.map((s): Item => ({ ...s.item, form: s.found.form }));
  const next = forms.make({ kind: "chain", items, right: right?.form, axes: form.axes });
  const all = [...sides.map((s) => s.found), ...(right === undefined ? [] : [right])];
  const isLoose = all.some((s) => s.isLoose === true);
  if (rank === 0) return { degrees: all.map((s) => s.degrees).reduce(added), form: next, isLoose };
  const degrees = endsOf(sides, right);
  return degrees === undefined ? undefined : { degrees, form: next, isLoose };
}

/** The degrees at both ends of a product; undefined where they do not cancel between two factors. */
function endsOf(sides: readonly { item: Item; found: Separated }[], right: Separated | undefined): Degrees | undefined {
  let [first, carried]: [Q.Rational | undefined, Q.Rational] = [undefined, Q.ZERO];
  for (const { item, found } of sides) {
    if (item.kind === "diag") {
      carried = Q.add(carried, found.degrees[0]);
      continue;
    }
    const [before, after] = item.turned ? [found.degrees[1], found.degrees[0]] : found.degrees;
    const bond = Q.add(carried, before);
    if (first !== undefined && !Q.isZero(bond)) return undefined;
    [first, carried] = [first ?? bond, after];
  }
  if (right === undefined) return [first ?? Q.ZERO, carried];
  return Q.isZero(Q.add(carried, right.degrees[0])) ? [first ?? Q.ZERO, Q.ZERO] : undefined;
}

/** What a vector is a product of. */
const operandsOf = (form: Form): readonly Operand[] =>
  form.kind === "product" ? [{ form }, ...form.factors.filter((f) => Q.sign(f.exponent) > 0)] : [{ form }];

/** A vector that a matrix is multiplied by, along the axis of the matrix that is summed. */
const across = ({ form }: Operand, item: Item): Operand => ({ form, axis: item.kind === "matrix" && item.turned ? 0 : 1 });

const shiftedTerm = ({ found, term }: Part): Term => ({ ...term, form: found.form });
