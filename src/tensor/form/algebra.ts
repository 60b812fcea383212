// Sums of tensors and the facts about them that need no product: scaling, content,
// unused axes, sign. Everything here keeps the normal form.

import {
  absolute,
  add,
  content,
  divide,
  isOne,
  isZero,
  multiply,
  negate,
  ONE,
  type Rational,
  rational,
  sign,
} from "../../base/rational.ts";
import { hasAttribute } from "../../expr/attributes.ts";
import { type Dim, dimConstant } from "../../expr/dim.ts";
import { canonicalTerm, renameSlots } from "./canonical.ts";
import { isSkew, isTurnedSkew } from "./skew.ts";
import {
  type Base,
  carries,
  dimBase,
  exponentOf,
  type Factor,
  internTensor,
  isEven,
  type Symmetry,
  type Tensor,
  type Term,
} from "./tensor.ts";

/** The zero tensor with these axes. */
export const zeroTensor = (axes: readonly Dim[]): Tensor => internTensor(axes, []);

/** The tensor whose entries all are this number. */
export const constantTensor = (axes: readonly Dim[], value: Rational): Tensor =>
  isZero(value) ? zeroTensor(axes) : internTensor(axes, [canonicalTerm(value, [], axes.length, noLabel)]);

/** The tensor whose entries all are 1. */
export const onesTensor = (axes: readonly Dim[]): Tensor => constantTensor(axes, ONE);

/** A number as a tensor without axes. */
export const scalarTensor = (value: Rational): Tensor => constantTensor([], value);

/** A dimension as a number: a polynomial in its names. */
export function dimTensor(dim: Dim): Tensor {
  const value = dimConstant(dim);
  if (value !== undefined) return scalarTensor(rational(value));
  const terms = dim.monomials.map(({ coefficient, names }) => canonicalTerm(rational(coefficient), powersOf(names), 0, noLabel));
  return internTensor([], terms);
}

/** Names of dimensions as factors, one that stands several times to a power. */
const powersOf = (names: readonly string[]): Factor[] =>
  [...new Set(names)].map((name) => {
    const times = names.filter((n) => n === name).length;
    return { base: dimBase(name), slots: [], exponent: exponentOf(rational(times)) };
  });

const noLabel = (): never => {
  throw new Error("a constant has no summed label");
};

/** Sum of tensors with equal axes; equal bodies merge and zeros drop. */
export function addTensors(axes: readonly Dim[], list: readonly Tensor[]): Tensor {
  if (list.length === 1 && list[0] !== undefined) return list[0];
  const byBody = new Map<string, Term>();
  for (const tensor of list) {
    for (const term of tensor.terms) {
      const known = byBody.get(term.body);
      byBody.set(term.body, known === undefined ? term : { ...term, coefficient: add(known.coefficient, term.coefficient) });
    }
  }
  return internTensor(
    axes,
    [...byBody.values()].filter((t) => !isZero(t.coefficient)),
  );
}

/** The tensor times a number. */
export function scaleTensor(tensor: Tensor, by: Rational): Tensor {
  if (isOne(by)) return tensor;
  if (isZero(by)) return zeroTensor(tensor.axes);
  return internTensor(
    tensor.axes,
    tensor.terms.map((t) => ({ ...t, coefficient: multiply(t.coefficient, by) })),
  );
}

export const negateTensor = (tensor: Tensor): Tensor => scaleTensor(tensor, negate(ONE));

/** Splits a sum into its rational content, with the sign of the first term unless `keepSign`, and the rest. */
export function splitContent(tensor: Tensor, keepSign: boolean): { content: Rational; primitive: Tensor } {
  const first = tensor.terms[0];
  if (first === undefined) return { content: ONE, primitive: tensor };
  const size = absolute(content(tensor.terms.map((t) => t.coefficient)));
  const c = !keepSign && sign(first.coefficient) < 0 ? negate(size) : size;
  return { content: c, primitive: scaleTensor(tensor, divide(ONE, c)) };
}

/** The tensor without the axes that no term carries, and which axes remain. */
export function dropUnusedAxes(tensor: Tensor): { tensor: Tensor; kept: readonly number[] } {
  const kept = tensor.axes.map((_, i) => i).filter((i) => tensor.terms.some((t) => carries(t, i)));
  return { tensor: selectAxes(tensor, kept), kept };
}

/** The tensor on some of its axes, in order; the others must be carried by no term. */
export function selectAxes(tensor: Tensor, kept: readonly number[]): Tensor {
  const rank = tensor.axes.length;
  if (kept.length === rank) return tensor;
  const renamed = new Map(kept.map((old, i) => [old, i]));
  const shift = rank - kept.length;
  const terms = tensor.terms.map((t) =>
    canonicalTerm(
      t.coefficient,
      t.factors.map((f) => renameSlots(f, (l) => (l < rank ? (renamed.get(l) as number) : l - shift))),
      kept.length,
      (l) => t.summed[l - kept.length] as Dim,
    ),
  );
  return internTensor(
    kept.map((i) => tensor.axes[i] as Dim),
    terms,
  );
}

const transposes = new WeakMap<Tensor, Tensor>();

/** A tensor of two axes with its axes exchanged. */
export function transposeTensor(tensor: Tensor): Tensor {
  const known = transposes.get(tensor);
  if (known !== undefined) return known;
  const exchange = (l: number): number => (l < 2 ? 1 - l : l);
  const terms = tensor.terms.map((t) => {
    // Where δ joins the axes, everything stands on the first: nothing changes.
    const joined = t.factors.some((f) => f.base.kind === "delta" && f.slots.every((s) => typeof s === "number" && s < 2));
    if (joined) return t;
    const turned = t.factors.map((f) => renameSlots(f, exchange));
    // A skew matrix is its own transpose but for the sign.
    const skew = turned.filter((f) => isTurnedSkew(f, 2));
    return canonicalTerm(
      skew.length % 2 === 0 ? t.coefficient : negate(t.coefficient),
      turned.map((f) => (skew.includes(f) ? { ...f, slots: [...f.slots].reverse() } : f)),
      2,
      (l) => t.summed[l - 2] as Dim,
    );
  });
  const turned = internTensor([...tensor.axes].reverse(), terms);
  transposes.set(tensor, turned);
  transposes.set(turned, tensor);
  return turned;
}

/**
 * Which of a tensor of two axes and its transpose stands for both: atoms made of either are
 * then the same. Content and sign play no part.
 */
export function orientation(tensors: readonly Tensor[]): "turned" | Symmetry {
  if (tensors.some((t) => t.axes.length !== 2)) return "none";
  let order = 0;
  for (const t of tensors) {
    const { primitive } = splitContent(t, false);
    const turned = splitContent(transposeTensor(t), false).primitive;
    if (order === 0) order = backwardness(primitive) || primitive.hash - turned.hash;
  }
  if (order !== 0) return order > 0 ? "turned" : "none";
  if (tensors.every((t) => transposeTensor(t) === t)) return "symmetric";
  return tensors.every((t) => transposeTensor(t) === negateTensor(t)) ? "skew" : "none";
}

/** The sign of the first term, in the orientation in which an atom of the tensor is kept. */
export function leadingSign(t: Tensor): number {
  const [first] = (orientation([t]) === "turned" ? transposeTensor(t) : t).terms;
  return first === undefined ? 0 : sign(first.coefficient);
}

/** How many more matrices have their columns along the first axis or their rows along the second than the other way round. */
function backwardness({ terms }: Tensor): number {
  let count = 0;
  for (const { factors } of terms)
    for (const f of factors) {
      if (f.slots.length !== 2 || f.base.symmetric || isSkew(f)) continue;
      const [row, column] = f.slots;
      count += Number(column === 0) - Number(row === 0) + Number(row === 1) - Number(column === 1);
    }
  return count;
}

/** Whether every entry of the base is known to be ≥ 0 (`strict`: > 0). */
export function baseIsPositive(base: Base, strict: boolean): boolean {
  switch (base.kind) {
    case "var":
      return hasAttribute(base.variable, "positive");
    case "number":
      return sign(base.value) > 0;
    case "constant":
    case "dim":
      return true;
    case "delta":
    case "block":
    case "fuse":
      return !strict;
    case "function":
      return ["positive", "fraction"].includes(base.rules.info.range ?? "") || (!strict && base.rules.info.range !== undefined);
    case "sum":
    case "group":
    case "part":
      return tensorIsPositive(base.tensor, strict);
    case "unknown":
      return false;
  }
}

/** Of values nested deeper than this nothing is known. */
const MOST_NESTED = 64;

/** Whether every entry is known to be ≥ 0 (`strict`: > 0). */
export function tensorIsPositive(tensor: Tensor, strict: boolean): boolean {
  if (tensor.depth > MOST_NESTED) return false;
  if (tensor.terms.length === 0) return !strict;
  const all = tensor.terms.every((t) => sign(t.coefficient) > 0 && t.factors.every((f) => factorIsPositive(f, false)));
  if (!all) return false;
  return !strict || tensor.terms.some((t) => t.factors.every((f) => factorIsPositive(f, true)));
}

const factorIsPositive = ({ base, exponent }: Factor, strict: boolean): boolean =>
  baseIsPositive(base, strict) || (!strict && isEven(exponent));
