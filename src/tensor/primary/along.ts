// L(A, E), the derivative of a primary function f of a square matrix along one matrix E: a block
// of its value at a block matrix, f([A E; 0 A]) = [f(A) L(A, E); 0 f(A)] [H08 thm 3.6].
// That is a value of f again, so it has derivatives of every order. It is linear in E.

import { type Dim, dimOf, multiplyDims, sameDim } from "../../expr/dim.ts";
import { addTensors, splitContent, transposeTensor } from "../form/algebra.ts";
import { attachAxes, createDraft, draftOf, multiplyInto, pushRelabelled } from "../form/draft.ts";
import { type Draft, type Factor, type FunctionBase, internTensor, type Tensor, type Term } from "../form/tensor.ts";
import { applyTyped } from "../functions/apply.ts";
import { einsum, permuteAxes } from "../product/einsum.ts";
import { product } from "../product/product.ts";
import { type Block, embed, restrict } from "../product/stack.ts";
import { type Corner, cornerOf, shapeOf } from "./corner.ts";

/** L(A, E) of a function with its further arguments. */
export function alongOne({ rules, args }: Pick<FunctionBase, "args" | "rules">, matrix: Tensor, along: Tensor): Tensor {
  const [n] = matrix.axes as [Dim];
  const [upper, lower]: [Block, Block] = [
    { offset: dimOf(0), size: n },
    { offset: n, size: n },
  ];
  const both = multiplyDims(dimOf(2), n);
  const at = (part: Tensor, row: Block, col: Block): Tensor => embed(embed(part, 0, row, [both, n]), 1, col, [both, both]);
  const whole = addTensors([both, both], [at(matrix, upper, upper), at(along, upper, lower), at(matrix, lower, lower)]);
  const given = [whole, ...args.slice(1)];
  return restrict(restrict(applyTyped(rules, given, given.map(shapeOf)), 1, lower), 0, upper);
}

/** A term as L(A, E) met with the rest of it, a tensor with the axes of the term and then those of the matrix. */
interface Met {
  readonly term: Term;
  readonly base: FunctionBase;
  readonly matrix: Tensor;
  readonly along: Tensor;
  readonly rest: Tensor;
}

/** More summands than this are not looked at. */
const MOST_JOINED = 12;

/** A sum with its terms in L(A, E) and L(A, F) that are otherwise alike as one in L(A, E + F), with the numbers before L or inside. */
export const joinedAlong = (tensor: Tensor): Tensor[] =>
  tensor.terms.length < 2 || tensor.terms.length > MOST_JOINED ? [] : [...joinedMet(tensor, false), ...joinedMet(tensor, true)];

function joinedMet({ axes, terms }: Tensor, numbersInside: boolean): Tensor[] {
  const met = terms.flatMap((term) => metIn(axes, term, numbersInside));
  for (const first of met) {
    const alike = [...new Map(met.flatMap((m) => asOf(first, m) ?? []).map((m) => [m.term, m])).values()];
    if (alike.length < 2) continue;
    const along = addTensors(
      first.along.axes,
      alike.map((m) => m.along),
    );
    const whole = einsum(axes, [
      [first.rest, [...axes, ...first.along.axes].map((_, i) => i)],
      [alongOne(first.base, first.matrix, along), [axes.length, axes.length + 1]],
    ]);
    const others = terms.filter((t) => !alike.some((m) => m.term === t));
    return [addTensors(axes, [whole, internTensor(axes, others)])];
  }
  return [];
}

/** What of a term is L(A, E). */
function metIn(axes: readonly Dim[], term: Term, numbersInside: boolean): Met[] {
  const draft = draftOf(axes, term);
  return draft.factors.flatMap((f) => {
    const corner = cornerOf(draft, f);
    if (corner === undefined || corner.diagonal[0] !== corner.diagonal[1] || corner.own.terms.length === 0) return [];
    const [row, col] = corner.ends;
    if (sameDim(row.block.offset, col.block.offset)) return [];
    const numbers = draft.factors.filter((g) => numbersInside && g.slots.length === 0);
    const { content, primitive } = splitContent(without(draft, [f, ...numbers], corner), false);
    const along = createDraft(corner.own.axes, content);
    along.factors.push(...numbers);
    multiplyInto(along, corner.own, [0, 1]);
    return [{ term, base: corner.base, matrix: corner.diagonal[0], along: product(along), rest: primitive }];
  });
}

/** The draft without a block of a function and some factors; the axes of the block are the last then. */
function without(draft: Draft, factors: readonly Factor[], { ends, own }: Corner): Tensor {
  const out = createDraft([...draft.axes, ...own.axes], draft.coefficient);
  const gone = [...factors, ...ends.map((e) => e.factor)];
  const known = new Map(draft.axes.map((_, i) => [i, i]));
  const inner = ends.map((e) => e.inner);
  attachAxes(out, inner, draft.axes.length, known);
  const left = draft.factors.filter((g) => !gone.includes(g));
  pushRelabelled(out, left, known, (label) => draft.summed.get(label) as Dim);
  return product(out);
}

/** A term in L(A, E) with the matrix and the rest of another, L(A, E) = L(A′, E′)′; undefined where these differ. */
function asOf(first: Met, met: Met): Met | undefined {
  const { base, matrix, rest } = first;
  if (met.base.rules !== base.rules || met.base.args.some((a, i) => i > 0 && a !== base.args[i])) return undefined;
  if (met.matrix === matrix && met.rest === rest) return met;
  const order = rest.axes.map((_, i) => i);
  const [row, col] = order.splice(-2) as [number, number];
  const isTurned =
    base.rules.transpose === "turned" &&
    transposeTensor(met.matrix) === matrix &&
    met.rest.axes.length === rest.axes.length &&
    permuteAxes(met.rest, [...order, col, row]) === rest;
  return isTurned ? { ...met, along: transposeTensor(met.along) } : undefined;
}
