// Sums of exponentials, Σ wᵢ exp(uᵢ), shifted by their peak: the logarithm is that of what is left plus the peak, and in
// quotients the peak cancels.
//
// Invariant: a sum is shifted once. Not here: which exponents a form has, and their peak (exponents.ts); how exp(peak)
// is taken out of forms (scale.ts).

import * as Q from "../../base/rational.ts";
import type { Dim } from "../../expr/dim.ts";
import { map, product, scaled, sum } from "./elementwise.ts";
import { axisWithin, DEEPEST, exponentOf, exponentsOf } from "./exponents.ts";
import type { Factor, Form, Forms, Operand, Term } from "./form.ts";
import { type Atom, createSeparation, type Scale, type SeparatedFactors, type Separation } from "./scale.ts";

/** A sum of exponentials as exp(peak) times another. */
interface Shift {
  /** The peak, as an operand of the sum. */
  readonly peak: Operand;
  readonly separation: Separation;
  /** The sum without exp(peak). */
  readonly rest: Form;
  /** How many weights the exponentials have that the peak depends on. */
  readonly weights: ReadonlyMap<Form, number>;
}

/** Exponents less their peak: over all entries, or over those that have weights. */
const SHIFTED = new WeakMap<Form, "all" | "weighted">();
/** By the peak of what has weights, and by that of all. */
const KNOWN = { weighted: new WeakMap<Form, Shift | null>(), all: new WeakMap<Form, Shift | null>() };

/** A sum of exponentials that is to be shifted. */
function shiftOf(forms: Forms, form: Form, peak: "weighted" | "all"): Shift | undefined {
  const known = KNOWN[peak].get(form);
  if (known !== undefined) return known ?? undefined;
  const found = form.kind === "sum" || form.kind === "reduce" || form.kind === "chain" ? newShift(forms, form, peak) : undefined;
  KNOWN[peak].set(form, found ?? null);
  return found;
}

function newShift(forms: Forms, form: Form, wanted: "weighted" | "all"): Shift | undefined {
  const found = exponentsOf(forms, form, wanted === "weighted" ? "outside" : "none");
  if (found === undefined) return undefined;
  const { top, isMasked, isAboveZero } = found;
  const rank = top.form.axes.length;
  const atoms = new Map<Form, Atom>();
  let isNew = false;
  for (const [atom, { places, ...rest }] of found.atoms) {
    const u = exponentOf(atom) as Form;
    const before = SHIFTED.get(u) ?? (isShifted(u) ? "all" : undefined);
    isNew ||= before === undefined || (before === "all" && isMasked);
    const place = places[top.axis ?? 0];
    if (rank > 0 && (rank > atom.axes.length || place === undefined || (rank === 2 && (places[0] !== 0 || places[1] !== 1))))
      return undefined;
    atoms.set(atom, { ...rest, axis: rank === 1 && atom.axes.length === 2 ? place : undefined });
  }
  if (!isNew) return undefined;
  const scale: Scale = { peak: top.form, atoms, isAboveZero };
  const separation = createSeparation(forms, scale, (exponent) => SHIFTED.set(exponent, isMasked ? "weighted" : "all"));
  const { degrees, form: rest } = separation.of(form);
  const expected = rank === 1 && top.axis === 1 ? 1 : 0;
  const isWhole = degrees.every((d, i) => (i === expected ? Q.isOne(d) : Q.isZero(d)));
  const weights = new Map([...atoms].map(([atom, a]) => [atom, a.weights.length]));
  return isWhole ? { peak: top, separation, rest, weights } : undefined;
}

/** Whether a form is x − max x, or −(max x − x): nothing is gained by shifting it again. */
export function isShifted(form: Form): boolean {
  const [only, ...more] = form.kind === "product" ? form.factors : [];
  const [sum, sign] =
    only !== undefined && more.length === 0 && form.kind === "product" ? [only.form, Q.sign(form.coefficient)] : [form, 1];
  return sum.kind === "sum" && sum.terms.some((t) => t.form.kind === "reduce" && t.form.fn === "max" && sign * Q.sign(t.coefficient) < 0);
}

/** log(Σ w exp(u)) = peak + log(Σ w exp(u − peak)), of powers and products with such sums as well. */
export function logOfSum(forms: Forms, u: Form): Form | undefined {
  const factors: readonly Factor[] = u.kind === "product" ? u.factors : [{ form: u, exponent: Q.ONE }];
  const coefficient = u.kind === "product" ? u.coefficient : Q.ONE;
  const peaks: Term[] = [];
  const rest = factors.map((f): Factor => {
    const shift = shiftOf(forms, f.form, "weighted");
    if (shift === undefined) return f;
    peaks.push({ form: shift.peak.form, axis: axisWithin(shift.peak, f, u.axes.length), coefficient: f.exponent });
    return { ...f, form: shift.rest };
  });
  if (peaks.length === 0) return undefined;
  const log = map(forms, "log", [product(forms, coefficient, rest, u.axes)]);
  return sum(forms, Q.ZERO, [...peaks, { form: log, coefficient: Q.ONE }], u.axes);
}

/** Factors in which exp(peak) cancels, or what is left of it stands in front. */
export function quotient(forms: Forms, factors: readonly Factor[], axes: readonly Dim[]): Factor[] | undefined {
  for (const below of new Set(factors.flatMap((f) => sumsBelow(forms, f.form, Q.sign(f.exponent), 0)))) {
    const shared = among(forms, below, factors, axes.length);
    if (shared === undefined) continue;
    const { peak, found } = shared;
    const left = found.degrees.flatMap((d, axis): Factor[] => {
      if (Q.isZero(d)) return [];
      const along = peak.form.axes.length === 1 && axes.length === 2 ? (axis as 0 | 1) : undefined;
      return [{ form: map(forms, "exp", [scaled(forms, d, peak.form)]), axis: along, exponent: Q.ONE }];
    });
    return [...found.factors, ...left];
  }
  return undefined;
}

/**
 * exp(u)/s (1 − w s/Σ w exp(u)) as exp(u)/s − w exp(u)/Σ w exp(u): where the weights leave the greatest exponents out, the
 * quotient in the bracket is far greater than what it is multiplied by.
 */
export function multipliedOut(forms: Forms, factors: readonly Factor[], axes: readonly Dim[]): Factor[] | undefined {
  for (const sumFactor of factors) {
    const { form, axis, exponent } = sumFactor;
    if (form.kind !== "sum" || !Q.isOne(exponent) || axis !== undefined || form.axes.length < axes.length) continue;
    const others = factors.filter((f) => f !== sumFactor);
    const isAtom = (f: Factor): boolean =>
      Q.sign(f.exponent) > 0 &&
      form.terms.some((t) =>
        sumsBelow(forms, t.form, 1, 0).some((below) => (shiftOf(forms, below, "weighted")?.weights.get(f.form) ?? 0) > 0),
      );
    if (!others.some(isAtom)) continue;
    const parts = form.terms.flatMap((t) => (t.form.kind === "product" ? t.form.factors : []));
    const isInside = (f: Factor): boolean => isAtom(f) || parts.some((p) => p.form === f.form);
    const inside = others.filter(isInside);
    const by = (given: readonly Factor[]): Form => product(forms, Q.ONE, [...inside, ...given], axes);
    const terms = form.terms.map((t): Term => ({ form: by([{ ...t, exponent: Q.ONE }]), coefficient: t.coefficient }));
    const whole = sum(forms, Q.ZERO, [...terms, { form: by([]), coefficient: form.constant }], axes);
    return [...others.filter((f) => !isInside(f)), { form: whole, exponent: Q.ONE }];
  }
  return undefined;
}

/** A product of matrices in which exp(peak) cancels between neighbours: exp(A)'*(1 ./ (exp(A)*w)). */
export function quotientOfChain(forms: Forms, chain: Form & { kind: "chain" }): Form | undefined {
  for (const below of new Set(sumsBelow(forms, chain, 1, 0)))
    for (const wanted of ["weighted", "all"] as const) {
      const found = shiftOf(forms, below, wanted)?.separation.of(chain);
      if (found !== undefined && found.form !== chain && found.isLoose !== true && found.degrees.every(Q.isZero)) return found.form;
    }
  return undefined;
}

// The peak of what has weights is not that of sums without these: there it is that of all.
function among(
  forms: Forms,
  below: Form,
  factors: readonly Factor[],
  axes: number,
): { peak: Operand; found: SeparatedFactors } | undefined {
  for (const wanted of ["weighted", "all"] as const) {
    const shift = shiftOf(forms, below, wanted);
    const found = shift?.separation.ofFactors(factors, axes);
    if (shift !== undefined && found?.isAbove === true && !found.isLoose) return { peak: shift.peak, found };
  }
  return undefined;
}

// The sums of exponentials that a form is divided by, as far as products and sums show them.
function sumsBelow(forms: Forms, form: Form, sign: number, depth: number): readonly Form[] {
  if (depth > DEEPEST) return [];
  if (sign < 0) return shiftOf(forms, form, "weighted") === undefined ? [] : [form];
  const known = BELOW.get(form);
  if (known !== undefined) return known;
  const inside = (f: Form): readonly Form[] => sumsBelow(forms, f, 1, depth + 1);
  const found = belowIn(forms, form, depth, inside);
  BELOW.set(form, found);
  return found;
}

const BELOW = new WeakMap<Form, readonly Form[]>();

function belowIn(forms: Forms, form: Form, depth: number, inside: (f: Form) => readonly Form[]): readonly Form[] {
  switch (form.kind) {
    case "product":
      return form.factors.flatMap((f) => sumsBelow(forms, f.form, Q.sign(f.exponent), depth + 1));
    case "sum":
      return form.terms.flatMap((t) => inside(t.form));
    case "chain":
      return [...form.items.map((i) => i.form), ...(form.right === undefined ? [] : [form.right])].flatMap(inside);
    case "reduce":
      return form.fn === "sum" ? inside(form.of) : [];
    case "transpose":
    case "diag":
      return inside(form.of);
    default:
      return [];
  }
}
