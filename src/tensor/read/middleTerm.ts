// Terms in vec form with a matrix S of weights in the middle, as by X in exp(A X) B: what links S
// to the rows, times diag(vec(S)), times what links S to the columns.
//
// Invariant: every factor of the term stands in one of the three. Not here: terms in which weights
// stand on rows or columns alone (kronTerm.ts).

import { absolute, sign } from "../../base/rational.ts";
import type { Dim } from "../../expr/dim.ts";
import { negateTensor } from "../algebra.ts";
import { components } from "../components.ts";
import { createDraft, pushRelabelled } from "../draft.ts";
import { permuteAxes } from "../einsum.ts";
import { product } from "../product.ts";
import { deltaBase, EXPONENT_ONE, type Factor, type Tensor, type Term } from "../tensor.ts";
import { cost } from "./cost.ts";
import type { Signed } from "./kronSum.ts";
import type { Reader, Sides } from "./reader.ts";
import { scaled } from "./scaled.ts";
import { times } from "./times.ts";
import { diagVec } from "./vec.ts";

/** Terms of more labels than this are not searched. */
const MOST_LABELS = 8;

/** The shortest reading of a term with weights in the middle; undefined where no factors stand so, or labels are fused. */
export function readMiddleTerm(reader: Reader, tensor: Tensor, term: Term, sides: Sides): Signed | undefined {
  if (term.factors.some((f) => f.base.kind === "fuse")) return undefined;
  let best: Signed | undefined;
  const lengthOf = ({ expr, negative }: Signed): number => cost(expr) + Number(negative);
  for (const pair of pairsOf(term)) {
    const parts = partsAround(tensor, term, sides, pair);
    if (parts !== undefined && isMirrored(parts)) return undefined;
    const read = parts === undefined ? undefined : readParts(reader, parts, sign(term.coefficient) < 0);
    if (read !== undefined && (best === undefined || lengthOf(read) < lengthOf(best))) best = read;
  }
  return best === undefined ? undefined : { ...best, expr: scaled(absolute(term.coefficient), [], [], best.expr) };
}

/** The pairs of labels of a term, either first. */
function pairsOf({ factors }: Term): (readonly [number, number])[] {
  const labels = [...new Set(factors.flatMap((f) => f.slots.filter((s) => typeof s === "number")))].sort((a, b) => a - b);
  return labels.length > MOST_LABELS ? [] : labels.flatMap((p) => labels.filter((q) => q !== p).map((q) => [p, q] as const));
}

/** A term as left · diag(vec(weights)) · right; the axes of the weights are the columns of the one and the rows of the other. */
interface Parts {
  readonly weights: Tensor;
  readonly left: { readonly tensor: Tensor; readonly sides: Sides };
  readonly right: { readonly tensor: Tensor; readonly sides: Sides };
}

/** The term without its number, with what links two labels to each other in the middle; undefined where that is nothing, or links rows and columns. */
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
  const apart = (factors: readonly Factor[], labels: readonly number[]): Tensor => {
    const draft = createDraft(labels.map(dimOf));
    pushRelabelled(draft, factors, new Map(labels.map((l, i) => [l, i])), dimOf);
    return product(draft);
  };
  const between = (factors: readonly Factor[], up: readonly number[], down: readonly number[]): Parts["left"] => ({
    tensor: apart(factors, [...up, ...down]),
    sides: { rows: up.map((_, i) => i), cols: down.map((_, i) => up.length + i) },
  });
  return {
    weights: apart(middle, [first, second]),
    left: between(above, rows, [first, second]),
    right: between(beside, [first, second], cols),
  };
}

const meets = (part: readonly Factor[], labels: readonly number[]): boolean =>
  part.some((f) => f.slots.some((s) => typeof s === "number" && labels.includes(s)));

/** Whether left and right are each other's transposes, as in a Hessian: its entries say by which labels it falls into blocks. */
const isMirrored = ({ left, right }: Parts): boolean =>
  left.tensor.axes.length === right.tensor.axes.length &&
  permuteAxes(right.tensor, [...right.sides.cols, ...right.sides.rows]) === left.tensor;

/** The product of the parts, with the minus of the term in the middle where that is no longer. */
function readParts(reader: Reader, { weights, left, right }: Parts, negative: boolean): Signed | undefined {
  const plain = reader.read(weights)?.fwd;
  const turned = negative ? reader.read(negateTensor(weights))?.fwd : undefined;
  const [before, behind] = [left, right].map(({ tensor, sides }) => reader.readVec(tensor, sides));
  if (plain === undefined || before === undefined || behind === undefined) return undefined;
  const isTurned = turned !== undefined && cost(turned) <= cost(plain);
  return { negative: negative && !isTurned, expr: times(times(before, diagVec(isTurned ? turned : plain)), behind) };
}
