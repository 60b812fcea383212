// Matching of patterns made of variables and structural atoms alone: c A, u vᵀ, A B, diag(v),
// diag(v) A, kron(A, B). The factors of the actual product are shared out among the variables.
//
// Invariant: where a product may be cut in several ways the cut depends on its content alone.
// Not here: patterns with a function in them (match.ts), which are matched argument by argument.

import { divide, equals, isOne, MINUS_ONE, ONE } from "../../base/rational.ts";
import { addTensors, leadingSign, negateTensor, scalarTensor, scaleTensor, splitContent, transposeTensor } from "../form/algebra.ts";
import { createDraft, pushRelabelled } from "../form/draft.ts";
import { deltaBase, EXPONENT_ONE, type Factor, labelsOf, type Tensor, type Term } from "../form/tensor.ts";
import { product } from "../product/product.ts";
import { type Bindings, bind } from "./bindings.ts";

/** Whether the tensor is an instance of a product of variables and structural atoms; binds the variables. */
export function matchFactors(pattern: Tensor, actual: Tensor, bound: Bindings): boolean {
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
  return kinds === "fuse fuse var var" && matchKronecker(factors, actual, bound);
}

/** The name of the variable that a factor is; empty for any other. */
export const nameOf = (f: Factor): string => (f.base.kind === "var" ? f.base.variable.name : "");

/** c A or c u: what is a number in a single product, or the positive content of a sum. */
function matchScaled(names: readonly Factor[], actual: Tensor, bound: Bindings): boolean {
  const [scalar, matrix] = [names.find((f) => f.slots.length === 0), names.find((f) => f.slots.length > 0)];
  if (scalar === undefined || matrix === undefined || matrix.slots.some((s, i) => s !== i)) return false;
  if (actual.axes.length !== matrix.slots.length) return false;
  const [term, ...more] = actual.terms;
  if (term === undefined) return false;
  if (more.length > 0) {
    const { content } = splitContent(actual, true);
    if (isOne(content)) return false;
    return bind(bound, nameOf(scalar), scalarTensor(content)) && bind(bound, nameOf(matrix), scaleTensor(actual, divide(ONE, content)));
  }
  const numbers = term.factors.filter((f) => labelsOf(f.slots).length === 0);
  if (numbers.length === 0 && (isOne(term.coefficient) || (equals(term.coefficient, MINUS_ONE) && !isNegative(actual)))) return false;
  const draft = createDraft([], term.coefficient);
  draft.factors.push(...numbers);
  const rest = part(
    actual,
    term.factors.filter((f) => !numbers.includes(f)),
    actual.axes.map((_, i) => i),
    term,
  );
  return bind(bound, nameOf(scalar), product(draft)) && bind(bound, nameOf(matrix), rest);
}

/** Some factors of a term as a tensor on labels of it; a diagonal matrix where both ends are one label. */
export function part(actual: Tensor, factors: readonly Factor[], ends: readonly number[], term: Term): Tensor {
  const rank = actual.axes.length;
  const dimOf = (l: number) => (l < rank ? actual.axes[l] : term.summed[l - rank]) as Tensor["axes"][number];
  const draft = createDraft(ends.map(dimOf));
  pushRelabelled(draft, factors, new Map(ends.map((l, i) => [l, i])), dimOf);
  const [first, second] = ends;
  if (first !== undefined && first === second) draft.factors.push({ base: deltaBase(dimOf(first)), slots: [0, 1], exponent: EXPONENT_ONE });
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
      for (const s of labelsOf(f.slots)) {
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
  if (!isOne(term.coefficient) || term.factors.some((f) => labelsOf(f.slots).length === 0)) return false;
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
    const [left, right] = end === 0 ? [first, second] : [second, first];
    const diagonal = part(actual, vectors, [end, end], term);
    return bind(bound, nameOf(left), diagonal) && bind(bound, nameOf(right), part(actual, rest, [0, 1], term));
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

/** Whether −1 is taken out of it: of X and −X one has the sign that stays. Of a skew matrix both are kept, one as the transpose of the other. */
const isNegative = (t: Tensor): boolean => leadingSign(t) < 0 && (t.axes.length !== 2 || transposeTensor(t) !== negateTensor(t));
