// Terms in vec form with a matrix S of weights in the middle, as by X in exp(A X) B: what links S
// to the rows, times diag(vec(S)), times what links S to the columns.
//
// Invariant: every factor of the term stands in one of the three. Not here: terms in which weights
// stand on rows or columns alone (kronTerm.ts).

import { absolute, ONE, sign } from "../../../base/rational.ts";
import type { Dim } from "../../../expr/dim.ts";
import type { Expr } from "../../../expr/expr.ts";
import { addTensors, negateTensor, splitContent } from "../../form/algebra.ts";
import { components } from "../../form/components.ts";
import { createDraft, pushRelabelled } from "../../form/draft.ts";
import { deltaBase, EXPONENT_ONE, type Factor, labelsOf, type Tensor, type Term } from "../../form/tensor.ts";
import { product } from "../../product/product.ts";
import { cost } from "../reading/cost.ts";
import { orderOf, type Reader, type Sides } from "../reading/reader.ts";
import { scaled } from "../reading/scaled.ts";
import type { Signed } from "../reading/signs.ts";
import { times } from "../reading/times.ts";
import type { SignedTerm } from "./kronSum.ts";
import { diagVec } from "./vec.ts";

/** Terms of more labels than this are not searched. */
const MOST_LABELS = 8;

/**
 * The shortest readings of terms with weights in the middle, those with the same matrices beside their weights as one;
 * undefined where a term has none, or labels are fused.
 */
export function readMiddleTerms(reader: Reader, tensor: Tensor, terms: readonly Term[], sides: Sides): SignedTerm[] | undefined {
  const out: SignedTerm[] = [];
  const all = terms.map((term) => ({ term, ways: waysOf(tensor, term, sides) }));
  if (all.some(({ ways }) => ways.length === 0)) return undefined;
  for (let left = all; left.length > 0; ) {
    const best = shortest(reader, largestGroups(left));
    if (best === undefined) return undefined;
    const joined = best.of.map((parts) => parts.of);
    out.push({ ...best.read, order: Math.min(...joined.map((term) => orderOf(reader, term))) });
    left = left.filter(({ term }) => !joined.includes(term));
  }
  return out;
}

function waysOf(tensor: Tensor, term: Term, sides: Sides): Parts[] {
  if (term.factors.some((f) => f.base.kind === "fuse")) return [];
  return pairsOf(term).flatMap((pair) => partsAround(tensor, term, sides, pair) ?? []);
}

/** The largest groups of terms that have the same matrices beside their weights, one way of each term in a group; of single terms the ways of the first. */
function largestGroups(left: readonly { readonly ways: readonly Parts[] }[]): Parts[][] {
  const groups = new Map<string, Parts[]>();
  for (const parts of left.flatMap(({ ways }) => ways)) {
    const key = `${parts.left.tensor.id}|${parts.right.tensor.id}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [parts]);
    else if (known.every((p) => p.of !== parts.of)) known.push(parts);
  }
  const most = Math.max(...[...groups.values()].map((group) => group.length));
  const first = most === 1 ? left[0]?.ways.map((parts) => [parts]) : undefined;
  return first ?? [...groups.values()].filter((group) => group.length === most);
}

/** The group whose weights, added, read shortest between their matrices. */
function shortest(reader: Reader, groups: readonly Parts[][]): { readonly of: readonly Parts[]; readonly read: Signed } | undefined {
  const lengthOf = ({ expr, negative }: Signed): number => cost(expr) + Number(negative);
  let best: { readonly of: readonly Parts[]; readonly read: Signed } | undefined;
  for (const of of groups) {
    const read = readParts(reader, of);
    if (read !== undefined && (best === undefined || lengthOf(read) < lengthOf(best.read))) best = { of, read };
  }
  return best;
}

/** The pairs of labels of a term, either first. */
function pairsOf({ factors }: Term): (readonly [number, number])[] {
  const labels = [...new Set(factors.flatMap((f) => labelsOf(f.slots)))].sort((a, b) => a - b);
  return labels.length > MOST_LABELS ? [] : labels.flatMap((p) => labels.filter((q) => q !== p).map((q) => [p, q] as const));
}

/** A term as left · diag(vec(weights)) · right; the axes of the weights are the columns of the one and the rows of the other. */
interface Parts {
  readonly of: Term;
  readonly weights: Tensor;
  readonly left: { readonly tensor: Tensor; readonly sides: Sides };
  readonly right: { readonly tensor: Tensor; readonly sides: Sides };
}

/** The term with its number and what links two labels to each other in the middle; undefined where that is nothing, or links rows and columns. */
function partsAround({ axes }: Tensor, term: Term, { rows, cols }: Sides, [p, q]: readonly [number, number]): Parts | undefined {
  const rank = axes.length;
  // Behind the axes stand the two labels of the middle, and behind those what is summed.
  const [first, second] = [rank, rank + 1];
  const dimOfTerm = (l: number): Dim => (l < rank ? axes[l] : term.summed[l - rank]) as Dim;
  const dimOf = (l: number): Dim => dimOfTerm(l === first ? p : l === second ? q : l < rank ? l : l - 2);
  const place = (l: number): number => (l === p ? first : l === q ? second : l < rank ? l : l + 2);
  const moved = term.factors.map((f) => ({ ...f, slots: f.slots.map((s) => (typeof s === "number" ? place(s) : s)) }));
  const [above, middle, beside]: [Factor[], Factor[], Factor[]] = [[], [], []];
  for (const part of components(moved, rank + 2)) {
    const [up, down] = [meets(part, rows), meets(part, cols)];
    if (up && down) return undefined;
    const isMiddle = !up && !down && meets(part, [first]) && meets(part, [second]);
    (down ? beside : isMiddle ? middle : above).push(...part);
  }
  if (middle.length === 0 || middle.every((f) => f.base.kind === "delta")) return undefined;
  const ends = [
    [p, first],
    [q, second],
  ] as const;
  for (const [label, own] of ends)
    if (label < rank)
      (rows.includes(label) ? above : beside).push({ base: deltaBase(dimOf(own)), slots: [label, own], exponent: EXPONENT_ONE });
  const apart = (factors: readonly Factor[], labels: readonly number[], number = ONE): Tensor => {
    const draft = createDraft(labels.map(dimOf), number);
    pushRelabelled(draft, factors, new Map(labels.map((l, i) => [l, i])), dimOf);
    return product(draft);
  };
  const between = (factors: readonly Factor[], up: readonly number[], down: readonly number[]): Parts["left"] => ({
    tensor: apart(factors, [...up, ...down]),
    sides: { rows: up.map((_, i) => i), cols: down.map((_, i) => up.length + i) },
  });
  return {
    of: term,
    weights: apart(middle, [first, second], term.coefficient),
    left: between(above, rows, [first, second]),
    right: between(beside, [first, second], cols),
  };
}

const meets = (part: readonly Factor[], labels: readonly number[]): boolean =>
  part.some((f) => f.slots.some((s) => typeof s === "number" && labels.includes(s)));

/** The product of the parts, a minus of the weights in one of the three where that is no longer. */
function readParts(reader: Reader, parts: readonly Parts[]): Signed | undefined {
  const [{ left, right, weights }] = parts as [Parts, ...Parts[]];
  const sum = addTensors(
    weights.axes,
    parts.map((p) => p.weights),
  );
  const { content, primitive } = splitContent(sum, false);
  let negative = sign(content) < 0;
  const take = (tensor: Tensor, read: (t: Tensor) => Expr | undefined): Expr | undefined => {
    const plain = read(tensor);
    const turned = negative && plain !== undefined ? read(negateTensor(tensor)) : undefined;
    if (plain === undefined || turned === undefined || cost(turned) > cost(plain)) return plain;
    negative = false;
    return turned;
  };
  const core = take(primitive, (t) => reader.read(t)?.fwd);
  const [behind, before] = [right, left].map(({ tensor, sides }) => take(tensor, (t) => reader.readVec(t, sides)));
  if (core === undefined || before === undefined || behind === undefined) return undefined;
  return { negative, expr: scaled(absolute(content), [], [], times(times(before, diagVec(core)), behind)) };
}
