// Matching of function arguments against the patterns of a rule: log(exp(x)), sin(−x),
// log(1 + exp(x)), inv(c A), det(A B), inv(diag(v)), det(kron(A, B)), det(I + u vᵀ), logdet(pinv(A)ᵀ pinv(A)). A pattern is a term
// of few factors; its parameters stand for whole tensors.
//
// Invariant: a parameter that is bound twice stands for one tensor. Where a pattern fits in
// several ways the way found first depends on the content of the tensor alone.

import { divide, equals, isInteger, isOne, MINUS_ONE, ONE, sign } from "../base/rational.ts";
import {
  addTensors,
  constantTensor,
  negateTensor,
  orientation,
  scaleTensor,
  splitContent,
  tensorIsPositive,
  transposeTensor,
} from "./algebra.ts";
import { slotsText } from "./canonical.ts";
import { createDraft, pushRelabelled } from "./draft.ts";
import type { Condition, Identity } from "./functionRules.ts";
import { product } from "./product.ts";
import {
  constantValue,
  deltaBase,
  EXPONENT_ONE,
  type Factor,
  internTensor,
  isUnitExponent,
  sameExponent,
  type Tensor,
  type Term,
} from "./tensor.ts";

export type Bindings = Map<string, Tensor>;

/** What the parameters of the identity stand for in these arguments; undefined where it does not apply. */
export function bindIdentity(identity: Identity, args: readonly Tensor[]): Bindings | undefined {
  const bound: Bindings = new Map();
  const fits = identity.patterns.every((pattern, i) => matchTensor(pattern, args[i] as Tensor, bound));
  return fits && conditionsHold(identity.conditions, bound) ? bound : undefined;
}

export const conditionsHold = (conditions: readonly Condition[], bound: Bindings): boolean =>
  conditions.every((c) => conditionHolds(c, bound));

/** Conditions without which the left side has no value, or which exclude single points only. */
const TAKEN_FOR_GRANTED: ReadonlySet<string> = new Set(["invertible", "constant-rank", "nonzero"]);

function conditionHolds({ predicate, parameter }: Condition, bound: Bindings): boolean {
  const value = bound.get(parameter);
  if (value === undefined) return false;
  if (TAKEN_FOR_GRANTED.has(predicate)) return true;
  if (predicate === "positive") return tensorIsPositive(value, true);
  if (predicate === "nonnegative") return tensorIsPositive(value, false);
  const [term, ...more] = value.terms;
  const [single, ...others] = term?.factors ?? [];
  return (
    more.length === 0 &&
    others.length === 0 &&
    single?.base.kind === "var" &&
    isOne((term as Term).coefficient) &&
    single.base.variable.attributes.some((a) => a === predicate)
  );
}

function bind(bound: Bindings, name: string, value: Tensor): boolean {
  const known = bound.get(name);
  if (known !== undefined) return known === value;
  bound.set(name, value);
  return true;
}

/** Whether the tensor is an instance of the pattern; binds the parameters. */
export function matchTensor(pattern: Tensor, actual: Tensor, bound: Bindings): boolean {
  const wanted = constantValue(pattern);
  if (wanted !== undefined) {
    const value = constantValue(actual);
    return value !== undefined && equals(value, wanted);
  }
  if (pattern.terms.length > 1) return matchSum(pattern, actual, bound);
  const term = pattern.terms[0] as Term;
  const [factor, ...others] = term.factors as [Factor, ...Factor[]];
  if (others.length > 0) return matchProduct(pattern, actual, bound);
  if (factor.base.kind === "var") {
    if (!isUnitExponent(factor.exponent)) return false;
    const name = factor.base.variable.name;
    if (isTurned(factor)) return actual.axes.length === 2 && isOne(term.coefficient) && bind(bound, name, transposeTensor(actual));
    if (factor.slots.some((s, i) => s !== i)) return false;
    if (isOne(term.coefficient)) return bind(bound, name, actual);
    if (sign(term.coefficient) > 0)
      return (
        isInteger(divide(splitContent(actual, true).content, term.coefficient)) &&
        bind(bound, name, scaleTensor(actual, divide(ONE, term.coefficient)))
      );
    if (!equals(term.coefficient, MINUS_ONE)) return false;
    const known = bound.get(name);
    if (known !== undefined) return known === negateTensor(actual);
    // −x matches what has a minus in front, so that one of f(x), f(−x) is the normal form.
    return leadingSign(actual) < 0 && bind(bound, name, negateTensor(actual));
  }
  const [given, ...rest] = actual.terms;
  const [single, ...further] = given?.factors ?? [];
  if (given === undefined || single === undefined || rest.length > 0 || further.length > 0) return false;
  if (!equals(given.coefficient, term.coefficient) || !sameExponent(single.exponent, factor.exponent)) return false;
  if (factor.base.kind === "delta") return single.base.kind === "delta" && single.slots.every((s) => typeof s === "number");
  if (single.slots.length !== actual.axes.length || single.slots.some((s) => typeof s !== "number" || s >= actual.axes.length))
    return false;
  if (single.base.symmetric || isTurned(single) === isTurned(factor)) return matchFactor(factor, single, bound);
  // f(Aᵀ)ᵀ is f(A), entry by entry.
  return isBare(pattern) ? matchFactor(factor, turnedInside(single), bound) : matchTurned(factor, single, bound);
}

/** Whether a factor is a function of the pattern's name with arguments that fit; slots and exponents are the caller's. */
export function matchFactor(pattern: Factor, actual: Factor, bound: Bindings): boolean {
  if (pattern.base.kind === "group" && actual.base.kind === "group") {
    const [p, a] = [pattern.base.tensor.terms[0] as Term, actual.base.tensor.terms[0] as Term];
    const [pf, ...pMore] = p.factors;
    const [af, ...aMore] = a.factors;
    if (pf === undefined || af === undefined || pMore.length > 0 || aMore.length > 0) return false;
    if (pattern.base.axes.length !== actual.base.axes.length || p.summed.length !== a.summed.length) return false;
    if (slotsText(pf.slots) !== slotsText(af.slots)) return false;
    return equals(p.coefficient, a.coefficient) && sameExponent(pf.exponent, af.exponent) && matchFactor(pf, af, bound);
  }
  if (pattern.base.kind !== "function" || actual.base.kind !== "function") return false;
  if (pattern.base.rules.info.name !== actual.base.rules.info.name) return false;
  const args = actual.base.args;
  return pattern.base.args.every((p, i) =>
    p.axes.length === (args[i] as Tensor).axes.length || isBare(p) ? matchTensor(p, args[i] as Tensor, bound) : false,
  );
}

/** A pattern without axes, as of an element-wise function, whose parameters may have any. */
const isBare = (p: Tensor): boolean => p.axes.length === 0;

const isTurned = (f: Factor): boolean => f.slots.length === 2 && f.slots[0] === 1 && f.slots[1] === 0;

const turnedInside = (f: Factor): Factor =>
  f.base.kind === "function" ? { ...f, base: { ...f.base, args: f.base.args.map(transposeTensor) } } : f;

/** f(A)ᵀ against f(B) for a function with f(Aᵀ) = f(A)ᵀ. */
export function matchTurned(pattern: Factor, actual: Factor, bound: Bindings): boolean {
  if (actual.base.kind !== "function" || actual.base.rules.transpose !== "turned") return false;
  const [first, ...more] = actual.base.args as [Tensor, ...Tensor[]];
  const base = { ...actual.base, args: [transposeTensor(first), ...more] };
  return matchFactor(pattern, { ...actual, base }, bound);
}

/** Summands in any order; each binding is tried once. */
function matchSum(pattern: Tensor, actual: Tensor, bound: Bindings): boolean {
  if (pattern.terms.length !== 2) return false;
  const around = aroundFunction(pattern);
  if (around !== undefined) return matchAround(around, actual, bound);
  if (actual.terms.length !== 2) return false;
  const parts = (t: Tensor): [Tensor, Tensor] => t.terms.map((term) => internTensor(t.axes, [term])) as [Tensor, Tensor];
  return inEitherOrder(parts(pattern), parts(actual), bound, matchTensor);
}

/** x − f(x) for a number f(x) and an x with axes: what is left beside the function is all of x. */
function aroundFunction(pattern: Tensor): { readonly own: Term; readonly rest: Tensor } | undefined {
  const own = pattern.terms.find(
    (t) => t.factors.length === 1 && t.factors[0]?.base.kind === "function" && t.factors[0].slots.length === 0,
  );
  const others = pattern.terms.filter((t) => t !== own);
  if (own === undefined || pattern.axes.length === 0 || others.some((t) => t.factors[0]?.base.kind !== "var")) return undefined;
  return { own, rest: internTensor(pattern.axes, others) };
}

function matchAround({ own, rest }: { readonly own: Term; readonly rest: Tensor }, actual: Tensor, bound: Bindings): boolean {
  const [model] = own.factors as [Factor];
  for (const term of actual.terms) {
    const [f, ...more] = term.factors;
    if (f === undefined || more.length > 0 || f.slots.length > 0 || !equals(term.coefficient, own.coefficient)) continue;
    const trial: Bindings = new Map(bound);
    const others = actual.terms.filter((t) => t !== term);
    if (!sameExponent(f.exponent, model.exponent) || !matchFactor(model, f, trial)) continue;
    if (!matchTensor(rest, internTensor(actual.axes, others), trial)) continue;
    for (const [name, value] of trial) bound.set(name, value);
    return true;
  }
  return false;
}

/** Two patterns against two things, in either order; binds nothing where neither fits. */
function inEitherOrder<P, A>(
  [p, q]: readonly [P, P],
  [a, b]: readonly [A, A],
  bound: Bindings,
  fits: (pattern: P, actual: A, trial: Bindings) => boolean,
): boolean {
  for (const [one, other] of [
    [a, b],
    [b, a],
  ] as const) {
    const trial: Bindings = new Map(bound);
    if (!fits(p, one, trial) || !fits(q, other, trial)) continue;
    for (const [name, value] of trial) bound.set(name, value);
    return true;
  }
  return false;
}

/** c A, A B, diag(v), kron(A, B): patterns of several factors. */
function matchProduct(pattern: Tensor, actual: Tensor, bound: Bindings): boolean {
  const { factors, summed } = pattern.terms[0] as Term;
  const kinds = factors
    .map((f) => f.base.kind)
    .sort()
    .join(" ");
  const names = factors.filter((f) => f.base.kind === "var");
  if (kinds === "var var" && summed.length === 0)
    return names.some((f) => f.slots.length === 0) ? matchScaled(names, actual, bound) : matchOuter(names, actual, bound);
  if (kinds === "var var" && summed.length === 1) return matchChain(names, actual, bound);
  if (kinds === "delta var") return matchDiagonal(names[0] as Factor, actual, bound);
  if (kinds === "fuse fuse var var") return matchKronecker(factors, actual, bound);
  if (kinds === "function var" && summed.length === 1) return matchNeighbour(factors, actual, bound);
  if (kinds === "function function" && summed.length === 1) return matchPair(factors as [Factor, Factor], actual, bound);
  return false;
}

const nameOf = (f: Factor): string => (f.base.kind === "var" ? f.base.variable.name : "");
const labelsOf = (f: Factor): number[] => f.slots.filter((s): s is number => typeof s === "number");

/** c A: what is a number in a single product, or the positive content of a sum. */
function matchScaled(names: readonly Factor[], actual: Tensor, bound: Bindings): boolean {
  const [scalar, matrix] = [names.find((f) => f.slots.length === 0), names.find((f) => f.slots.length > 0)];
  if (scalar === undefined || matrix === undefined || matrix.slots.some((s, i) => s !== i)) return false;
  if (actual.axes.length !== matrix.slots.length) return false;
  const [term, ...more] = actual.terms;
  if (term === undefined) return false;
  if (more.length > 0) {
    const { content } = splitContent(actual, true);
    if (isOne(content)) return false;
    return (
      bind(bound, nameOf(scalar), constantTensor([], content)) && bind(bound, nameOf(matrix), scaleTensor(actual, divide(ONE, content)))
    );
  }
  const numbers = term.factors.filter((f) => labelsOf(f).length === 0);
  if (numbers.length === 0 && (isOne(term.coefficient) || (equals(term.coefficient, MINUS_ONE) && isSkew(actual)))) return false;
  const draft = createDraft([], term.coefficient);
  draft.factors.push(...numbers);
  const rest = part(
    actual,
    term.factors.filter((f) => !numbers.includes(f)),
    [0, 1],
    term,
  );
  return bind(bound, nameOf(scalar), product(draft)) && bind(bound, nameOf(matrix), rest);
}

/** Some factors of a term as a tensor on two of its labels. */
function part(actual: Tensor, factors: readonly Factor[], ends: readonly number[], term: Term): Tensor {
  const rank = actual.axes.length;
  const dimOf = (l: number) => (l < rank ? actual.axes[l] : term.summed[l - rank]) as Tensor["axes"][number];
  const draft = createDraft(ends.map(dimOf));
  pushRelabelled(draft, factors, new Map(ends.map((l, i) => [l, i])), dimOf);
  return product(draft);
}

/** Factors reachable from a label without crossing some labels. */
function reachable(factors: readonly Factor[], from: number, borders: readonly number[]): Set<Factor> {
  const seen = new Set<Factor>();
  const labels = [from];
  const known = new Set<number>([from, ...borders]);
  for (let l = labels.pop(); l !== undefined; l = labels.pop()) {
    for (const f of factors) {
      if (seen.has(f) || !f.slots.includes(l)) continue;
      seen.add(f);
      for (const s of labelsOf(f)) {
        if (known.has(s)) continue;
        known.add(s);
        labels.push(s);
      }
    }
  }
  return seen;
}

/** A B for square A, B: a product cut at a label of the length of its ends. */
function matchChain(names: readonly Factor[], actual: Tensor, bound: Bindings): boolean {
  const [first, second] = [names.find((f) => f.slots[0] === 0), names.find((f) => f.slots[1] === 1)];
  const [term, ...more] = actual.terms;
  if (first === undefined || second === undefined || term === undefined || more.length > 0 || actual.axes.length !== 2) return false;
  if (!isOne(term.coefficient) || term.factors.some((f) => labelsOf(f).length === 0)) return false;
  let best: { label: number; left: Set<Factor> } | undefined;
  term.summed.forEach((dim, i) => {
    const label = 2 + i;
    if (dim !== actual.axes[0] || dim !== actual.axes[1]) return;
    // What hangs on the cut alone goes to the left.
    const left = reachable(term.factors, 0, [label]);
    const right = reachable(term.factors, 1, [label]);
    if ([...left].some((f) => right.has(f)) || left.size === 0 || right.size === 0) return;
    for (const f of term.factors) if (!left.has(f) && !right.has(f)) left.add(f);
    if (best === undefined || left.size < best.left.size) best = { label, left };
  });
  if (best === undefined) return matchDiagonalFactor(first, second, actual, term, bound);
  const { label, left } = best as { label: number; left: Set<Factor> };
  const [a, b] = [term.factors.filter((f) => left.has(f)), term.factors.filter((f) => !left.has(f))];
  return bind(bound, nameOf(first), part(actual, a, [0, label], term)) && bind(bound, nameOf(second), part(actual, b, [label, 1], term));
}

/** diag(v) A or A diag(v): vectors on the rows or on the columns of a matrix. */
function matchDiagonalFactor(first: Factor, second: Factor, actual: Tensor, term: Term, bound: Bindings): boolean {
  for (const end of [0, 1]) {
    const vectors = term.factors.filter((f) => f.slots.length === 1 && f.slots[0] === end);
    const rest = term.factors.filter((f) => !vectors.includes(f));
    if (vectors.length === 0 || ![0, 1].every((l) => rest.some((f) => f.slots.includes(l)))) continue;
    if (rest.some((f) => f.base.kind === "delta" && f.slots.includes(0) && f.slots.includes(1))) return false;
    const dim = actual.axes[end] as Tensor["axes"][number];
    const diagonal = createDraft([dim, dim]);
    diagonal.factors.push(...vectors.map((f) => ({ ...f, slots: [0] })));
    diagonal.factors.push({ base: deltaBase(dim), slots: [0, 1], exponent: EXPONENT_ONE });
    const [left, right] = end === 0 ? [first, second] : [second, first];
    return bind(bound, nameOf(left), product(diagonal)) && bind(bound, nameOf(right), part(actual, rest, [0, 1], term));
  }
  return false;
}

/** u vᵀ: what hangs on the rows, numbers included, and what hangs on the columns. */
function matchOuter(names: readonly Factor[], actual: Tensor, bound: Bindings): boolean {
  const [first, second] = [names.find((f) => f.slots[0] === 0), names.find((f) => f.slots[0] === 1)];
  const [term, ...more] = actual.terms;
  if (first === undefined || second === undefined || term === undefined || more.length > 0 || actual.axes.length !== 2) return false;
  const right = reachable(term.factors, 1, []);
  if ([...right].some((f) => f.slots.includes(0)) || right.size === 0) return false;
  const [a, b] = [term.factors.filter((f) => !right.has(f)), term.factors.filter((f) => right.has(f))];
  if (!a.some((f) => f.slots.includes(0))) return false;
  const column = scaleTensor(part(actual, a, [0], term), term.coefficient);
  return bind(bound, nameOf(first), column) && bind(bound, nameOf(second), part(actual, b, [1], term));
}

/** B f(A), f(A) B: a function at one end of a product. */
function matchNeighbour(pattern: readonly Factor[], actual: Tensor, bound: Bindings): boolean {
  const [fn, rest] = [pattern.find((f) => f.base.kind === "function"), pattern.find((f) => f.base.kind === "var")];
  const [term, ...more] = actual.terms;
  const end = fn?.slots.find((s) => typeof s === "number" && s < 2);
  if (fn === undefined || rest === undefined || term === undefined || more.length > 0 || typeof end !== "number") return false;
  if (actual.axes.length !== 2 || rest.slots.indexOf(1 - end) !== 1 - end) return false;
  const known = new Map(bound);
  for (const f of term.factors) {
    const at = f.slots.indexOf(end);
    const [inner, ...others] = labelsOf(f).filter((l) => l !== end);
    if (at < 0 || inner === undefined || inner < 2 || others.length > 0 || !sameExponent(f.exponent, fn.exponent)) continue;
    const straight = f.base.symmetric || at === fn.slots.indexOf(end);
    if (!(straight ? matchFactor(fn, f, bound) : matchTurned(fn, f, bound))) continue;
    const left = term.factors.filter((g) => g !== f);
    if (left.some((g) => g.slots.includes(end)) || !left.some((g) => g.slots.includes(inner))) continue;
    const value = scaleTensor(part(actual, left, end === 1 ? [0, inner] : [inner, 1], term), term.coefficient);
    if (bind(bound, nameOf(rest), value)) return true;
    for (const name of [...bound.keys()]) if (!known.has(name)) bound.delete(name);
  }
  return false;
}

/** f(A)ᵀ g(A): two functions along one label. */
function matchPair(pair: readonly [Factor, Factor], actual: Tensor, bound: Bindings): boolean {
  const [term, ...more] = actual.terms;
  if (term === undefined || more.length > 0 || !isOne(term.coefficient) || term.summed.length !== 1) return false;
  const [first, second, ...others] = term.factors;
  if (first === undefined || second === undefined || others.length > 0) return false;
  const fits = (pattern: Factor, factor: Factor, trial: Bindings): boolean => {
    if (!sameExponent(pattern.exponent, factor.exponent)) return false;
    if (slotsText(pattern.slots) === slotsText(factor.slots)) return matchFactor(pattern, factor, trial);
    return slotsText(pattern.slots) === slotsText([...factor.slots].reverse()) && matchTurned(pattern, factor, trial);
  };
  return inEitherOrder(pair, [first, second], bound, fits);
}

/** diag(v): one product, or a sum of such, on the diagonal. */
function matchDiagonal(vector: Factor, actual: Tensor, bound: Bindings): boolean {
  if (actual.axes.length !== 2 || actual.terms.length === 0) return false;
  const parts: Tensor[] = [];
  for (const term of actual.terms) {
    const diagonal = term.factors.find((f) => f.base.kind === "delta" && f.slots.includes(0) && f.slots.includes(1));
    if (diagonal === undefined) return false;
    const rest = term.factors.filter((f) => f !== diagonal);
    parts.push(scaleTensor(part(actual, rest, [0], term), term.coefficient));
  }
  return bind(bound, nameOf(vector), addTensors([actual.axes[0] as Tensor["axes"][number]], parts));
}

/** kron(A, B): both axes are pairs of labels, and the pairs fall apart. */
function matchKronecker(pattern: readonly Factor[], actual: Tensor, bound: Bindings): boolean {
  const [term, ...more] = actual.terms;
  if (term === undefined || more.length > 0 || !isOne(term.coefficient)) return false;
  const pairAt = (factors: readonly Factor[], axis: number): Factor | undefined =>
    factors.find((f) => f.base.kind === "fuse" && f.slots[0] === axis);
  const [p0, p1, a0, a1] = [pairAt(pattern, 0), pairAt(pattern, 1), pairAt(term.factors, 0), pairAt(term.factors, 1)];
  if (p0 === undefined || p1 === undefined || a0 === undefined || a1 === undefined) return false;
  const rest = term.factors.filter((f) => f !== a0 && f !== a1);
  const used = new Set<Factor>();
  for (const place of [1, 2]) {
    const name = pattern.find((f) => f.base.kind === "var" && f.slots[0] === p0.slots[place] && f.slots[1] === p1.slots[place]);
    const ends = [a0.slots[place], a1.slots[place]];
    if (name === undefined || ends.some((s) => typeof s !== "number")) return false;
    const own = rest.filter((f) => reachable(rest, ends[0] as number, []).has(f) || reachable(rest, ends[1] as number, []).has(f));
    if (own.some((f) => used.has(f))) return false;
    for (const f of own) used.add(f);
    if (!bind(bound, nameOf(name), part(actual, own, ends as number[], term))) return false;
  }
  return used.size === rest.length;
}

const isSkew = (t: Tensor): boolean => t.axes.length === 2 && transposeTensor(t) === negateTensor(t);

/** The sign of the first term, in the orientation in which an atom of the tensor is kept. */
function leadingSign(t: Tensor): number {
  const [first] = (orientation([t]) === "turned" ? transposeTensor(t) : t).terms;
  return first === undefined ? 0 : sign(first.coefficient);
}
