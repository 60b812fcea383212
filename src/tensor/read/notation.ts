// From the normal form back to matrix notation, by search: a sum is read as it stands and
// with common factors pulled out, and the shortest reading is kept for each orientation.
//
// Invariant: every candidate is the same value, so only length is ever decided here.

import { flatMap } from "../../base/list.ts";
import { content as contentOf, divide, isOne, ONE, type Rational } from "../../base/rational.ts";
import * as build from "../../expr/build.ts";
import { type Dim, dimOf, sameDim } from "../../expr/dim.ts";
import type { Expr } from "../../expr/expr.ts";
import type { Shape } from "../../expr/shape.ts";
import { dropUnusedAxes, scaleTensor } from "../algebra.ts";
import { conjugated } from "../conjugate.ts";
import { fractions } from "../fraction.ts";
import { blockOf, blocksAlong, restrict } from "../stack.ts";
import { innerTensors, internTensor, type Tensor } from "../tensor.ts";
import { zeroReading } from "./base.ts";
import { commuted } from "./commuting.ts";
import { cost } from "./cost.ts";
import { splitDiagonal } from "./diagonal.ts";
import { joinEnds } from "./ends.ts";
import { factorings } from "./factor.ts";
import { regroup } from "./fused.ts";
import { readVec } from "./kron.ts";
import { readLiteral } from "./literal.ts";
import { negated, readComplement, turnedSum } from "./opposite.ts";
import { compareWritten } from "./order.ts";
import { createReader, type Manner, type Reader } from "./reader.ts";
import {
  cheapest,
  diagonalReading,
  flip,
  isApply,
  onesExpr,
  onesReading,
  oriented,
  productReading,
  type Reading,
  scalarReading,
  scaled,
  total,
  widened,
} from "./reading.ts";
import { columnSums, type Resummed, resum } from "./resum.ts";
import { sharedPowers } from "./shared.ts";
import { lengthOf, type ReadTerm, readTerm } from "./term.ts";
import { readUnvec } from "./unvec.ts";
import { wholeSum } from "./wholeSums.ts";

/** How many factorings of a sum are followed; deeper sums get fewer. */
const BREADTH = 3;
/** Of tensors with more atoms than this, written out, one reading is enough. */
const MOST_SEARCHED = 240;
/** Factorings of factorings that are followed. */
const DEEPEST = 24;
/** Tensors below one, its factorings among them, that are searched; what is met later is read as it stands. */
const MOST_BELOW = 200;
/** The same where what is met does not read as it stands. */
const MOST_TRIED = 500;

/** A reader for one answer, in the user's manner of writing. */
export function startReading(find: Reader["find"], manner: Manner, join?: Reader["join"]): Reader {
  const reader = createReader(find, manner, join);
  reader.read = (t) => readTensor(reader, t);
  reader.readVec = (t, sides) => readVec(reader, t, sides);
  return reader;
}

/** The shortest matrix notation of a tensor with at most two axes, both orientations; undefined where there is none. */
function readTensor(reader: Reader, tensor: Tensor): Reading | undefined {
  if (tensor.axes.length > 2) return undefined;
  // What lies below is read first, so that depth costs no stack.
  const stack: Tensor[] = [tensor];
  while (stack.length > 0) {
    const top = stack[stack.length - 1] as Tensor;
    if (reader.tensors.has(top)) {
      stack.pop();
      continue;
    }
    const waiting = belowOf(top).filter((t) => t.axes.length <= 2 && !reader.tensors.has(t) && !reader.open.has(t));
    if (waiting.length > 0) {
      stack.push(...waiting);
      continue;
    }
    stack.pop();
    search(reader, top, BREADTH);
  }
  return reader.tensors.get(tensor);
}

const belowOf = (t: Tensor): Tensor[] => flatMap(t.terms, (term) => flatMap(term.factors, (f) => innerTensors(f.base)));

function search(reader: Reader, tensor: Tensor, breadth: number): Reading | undefined {
  if (reader.tensors.has(tensor)) return reader.tensors.get(tensor);
  if (reader.open.has(tensor)) return undefined;
  if (reader.open.size === 0 && reader.openVecs === 0) reader.searched = 0;
  reader.searched++;
  reader.open.add(tensor);
  const best = searchBelow(reader, tensor, breadth);
  reader.open.delete(tensor);
  reader.tensors.set(tensor, best);
  return best;
}

function searchBelow(reader: Reader, tensor: Tensor, most: number): Reading | undefined {
  const readings: Reading[] = [];
  const plain = readSum(reader, tensor);
  if (plain !== undefined) readings.push(plain);
  const isFar = tensor.weight > MOST_SEARCHED || reader.open.size > DEEPEST || reader.searched > MOST_BELOW;
  const breadth = (plain !== undefined && isFar) || reader.searched > MOST_TRIED ? 0 : most;
  const whole = breadth === 0 ? undefined : wholeSum(tensor);
  const others = breadth === 0 ? [] : [...(whole === undefined ? [] : [whole]), ...commuted(tensor), ...factorings(tensor, breadth)];
  for (const factored of others) {
    const reading = search(reader, factored, Math.max(1, breadth - 1));
    if (reading !== undefined) readings.push(reading);
  }
  for (const equal of [...conjugated(tensor), ...(breadth === 0 ? [] : [...reader.join(tensor), ...sharedPowers(tensor)])]) {
    const reading = search(reader, equal, Math.max(1, breadth - 1));
    if (reading !== undefined) readings.push(reading);
  }
  for (const fraction of breadth < 2 ? [] : fractions(tensor)) {
    const reading = search(reader, fraction, Math.max(1, breadth - 1));
    if (reading !== undefined) readings.push(reading);
  }
  for (const together of breadth === 0 ? [] : resum(tensor)) {
    const inner = search(reader, together.vector, Math.max(1, breadth - 1));
    if (inner !== undefined) readings.push(scalarReading(writeSum(together, inner)));
  }
  for (const { size, dim, matrix } of breadth === 0 ? [] : columnSums(tensor)) {
    const inner = search(reader, matrix, Math.max(1, breadth - 1));
    const sums = inner === undefined ? undefined : productReading(flip(inner), onesReading(dim));
    if (sums !== undefined) readings.push(oriented([scaled(size, [], [], sums.fwd)], [scaled(size, [], [], sums.rev)]));
  }
  const diagonal = breadth === 0 ? undefined : readDiagonals(reader, tensor, breadth);
  if (diagonal !== undefined) readings.push(diagonal);
  for (const more of [readComplement(reader, tensor), readAlike(reader, tensor)]) if (more !== undefined) readings.push(more);
  if (readings.length === 0) {
    const paired = readPairs(reader, tensor) ?? readUnvec(reader, tensor);
    if (paired !== undefined) readings.push(paired);
  }
  return readings.length === 0
    ? undefined
    : oriented(
        readings.map((r) => r.fwd),
        readings.map((r) => r.rev),
      );
}

/** diag(u) + diag(v) + M as diag(u + v) + M. */
function readDiagonals(reader: Reader, tensor: Tensor, breadth: number): Reading | undefined {
  const split = splitDiagonal(tensor);
  if (split === undefined) return undefined;
  const vector = search(reader, split.diagonal, Math.max(1, breadth - 1));
  if (vector === undefined) return undefined;
  const { fwd } = diagonalReading(vector);
  if (split.rest.terms.length === 0) return scalarReading(fwd);
  const rest = search(reader, split.rest, Math.max(1, breadth - 1));
  return rest === undefined ? undefined : oriented([build.add(fwd, rest.fwd)], [build.add(fwd, rest.rev)]);
}

/** A matrix of equal columns or rows as v 1ᵀ. */
function readAlike(reader: Reader, tensor: Tensor): Reading | undefined {
  const [rows, cols] = tensor.axes;
  if (rows === undefined || cols === undefined || tensor.terms.length < 2) return undefined;
  const { tensor: narrow, kept } = dropUnusedAxes(tensor);
  const vector = kept.length === 1 ? reader.read(narrow) : undefined;
  if (vector === undefined) return undefined;
  return kept[0] === 0 ? productReading(vector, flip(onesReading(cols))) : productReading(onesReading(rows), flip(vector));
}

/** A tensor whose axes are pairs of labels that meet free labels, as kron(x, y) by x. */
function readPairs(reader: Reader, tensor: Tensor): Reading | undefined {
  const sides = { rows: tensor.axes.length > 0 ? [0] : [], cols: tensor.axes.length > 1 ? [1] : [] };
  const grouped = regroup(tensor, sides);
  if (grouped.tensor === tensor) return undefined;
  const { rows, cols } = grouped.sides;
  const fwd = readVec(reader, grouped.tensor, { rows, cols });
  const rev = cols.length === 0 ? undefined : readVec(reader, grouped.tensor, { rows: cols, cols: rows });
  return fwd === undefined ? undefined : oriented([fwd], rev === undefined ? [] : [rev]);
}

/** size · dimension^power · sum(vector) */
function writeSum({ size, dim, power }: Resummed, inner: Reading): Expr {
  const number = build.dimNumber(dim);
  const powers = power === 0 ? [] : [Math.abs(power) === 1 ? number : build.apply("pow", [number, build.num(Math.abs(power))])];
  const sum = total(inner);
  return scaled(size, power > 0 ? powers : [], power < 0 ? powers : [], sum);
}

function readSum(reader: Reader, tensor: Tensor): Reading | undefined {
  if (tensor.terms.length === 0) return zeroReading(tensor.axes);
  const literal = readLiteral(tensor);
  if (literal !== undefined) return literal;
  const stacked = readStack(reader, tensor);
  if (stacked !== undefined) return stacked;
  const plain = readTerms(reader, tensor);
  const c = contentOf(tensor.terms.map((t) => t.coefficient));
  if (plain === undefined || isOne(c) || tensor.terms.length < 2) return plain;
  // 2 a + 2 b = 2 (a + b)
  const inner = readTerms(reader, scaleTensor(tensor, divide(ONE, c)));
  if (inner === undefined) return plain;
  const parted = readFractions(reader, tensor, c);
  const all = [plain, ...(parted === undefined ? [] : [parted])];
  return oriented([...all.map((r) => r.fwd), scaled(c, [], [], inner.fwd)], [...all.map((r) => r.rev), scaled(c, [], [], inner.rev)]);
}

/** a/2 + b/2 − c as (a + b)/2 − c, where the other terms have no fraction. */
function readFractions(reader: Reader, tensor: Tensor, content: Rational): Reading | undefined {
  const [over, whole] = [content.d, tensor.terms.filter((t) => t.coefficient.d === 1n)];
  const rest = tensor.terms.filter((t) => t.coefficient.d !== 1n);
  if (whole.length === 0 || rest.length < 2 || rest.some((t) => t.coefficient.d !== over)) return undefined;
  const parts = [scaleTensor(internTensor(tensor.axes, rest), { n: over, d: 1n }), internTensor(tensor.axes, whole)];
  const [above, beside] = parts.map((part) => readTerms(reader, part));
  if (above === undefined || beside === undefined) return undefined;
  const divided = (e: Expr): Expr => scaled({ n: 1n, d: over }, [], [], e);
  return oriented([build.add(divided(above.fwd), beside.fwd)], [build.add(divided(above.rev), beside.rev)]);
}

function readTerms(reader: Reader, tensor: Tensor): Reading | undefined {
  const [rows, cols] = [tensor.axes[0] ?? dimOf(1), tensor.axes[1] ?? dimOf(1)];
  const terms: ReadTerm[] = [];
  for (const term of tensor.terms) {
    const read = readTerm(reader, tensor, term);
    if (read === undefined) return undefined;
    terms.push(read);
  }
  const led = withPositiveLead(terms);
  terms.splice(0, terms.length, ...led);
  terms.sort(inOrder(reader, true));
  const allScalar = terms.every((t) => t.scalar !== undefined);
  if (allScalar) {
    const total = sumOf(terms, (t) => t.scalar as Expr);
    if (tensor.axes.length === 0) return scalarReading(total);
    return { fwd: spread(total, rows, cols), rev: spread(total, cols, rows) };
  }
  // Next to I or X² a number would read as a multiple of I: I − ones/n, not I − 1/n.
  const besidePower = terms.some((t) => t.reading !== undefined && isMatrixPower(t.reading.fwd));
  const wide = (e: Expr, shape: Shape): Expr => (besidePower ? spread(e, shape.rows, shape.cols) : widened(e, shape));
  // What stands around pairs of labels has no axes that a factor of the normal form could be pulled out along.
  const hasPairs = tensor.terms.some((t) => t.factors.some((f) => f.base.kind === "fuse"));
  const side = (forward: boolean): Expr => {
    const shape = forward ? { rows, cols } : { rows: cols, cols: rows };
    const sorted = forward ? terms : [...terms].sort(inOrder(reader, false));
    const written = (t: ReadTerm): Expr =>
      t.scalar !== undefined ? wide(t.scalar, shape) : forward ? (t.reading as Reading).fwd : (t.reading as Reading).rev;
    const plain = sumOf(sorted, written);
    const joined = hasPairs ? joinEnds(sorted.map((t) => ({ negative: t.negative, expr: written(t) }))) : undefined;
    return joined === undefined ? plain : cheapest([plain, joined]);
  };
  return oriented([side(true)], [side(false)]);
}

/** I and powers of matrices, also multiples and parts of them. */
function isMatrixPower(e: Expr): boolean {
  const over = isApply(e, "div") ? (e.args[0] as Expr) : e;
  const body = isApply(over, "mul") ? (over.args[1] as Expr) : over;
  return isApply(body, "eye") || isApply(body, "pow");
}

/** Where all summands have a minus, one that reads without it leads, if that is not longer. */
function withPositiveLead(terms: readonly ReadTerm[]): readonly ReadTerm[] {
  if (terms.some((t) => !t.negative)) return terms;
  const lead = terms.find((t) => t.turned !== undefined && lengthOf(t.turned) < lengthOf(t) + 1);
  return lead === undefined ? terms : terms.map((t) => (t === lead ? (lead.turned as ReadTerm) : t));
}

/** Constants lead, then the user's order, then lower degrees; summands with a minus follow those without. */
function inOrder(reader: Reader, forward: boolean): (a: ReadTerm, b: ReadTerm) => number {
  const expr = (t: ReadTerm): Expr => t.scalar ?? (forward ? (t.reading as Reading).fwd : (t.reading as Reading).rev);
  return (a, b) =>
    Number(a.negative) - Number(b.negative) ||
    a.order - b.order ||
    a.degree - b.degree ||
    cost(expr(a)) - cost(expr(b)) ||
    compareWritten(reader, expr(a), expr(b));
}

function sumOf(terms: readonly ReadTerm[], expr: (t: ReadTerm) => Expr): Expr {
  const [only, ...more] = terms;
  if (only?.negative === true && more.length === 0) return turnedSum(expr(only)) ?? negated(expr(only));
  const parts = terms.map((t) => (t.negative ? negated(expr(t)) : expr(t)));
  return build.add(...parts);
}

/** A number in every entry. */
function spread(value: Expr, rows: Dim, cols: Dim): Expr {
  const ones = onesExpr(rows, cols);
  const isNumber = (e: Expr | undefined): boolean => e?.kind === "num" && isOne(e.value);
  if (isApply(value, "div") && isNumber(value.args[0])) return build.apply("div", [ones, value.args[1] as Expr]);
  return isNumber(value) ? ones : build.mul(value, ones);
}

/** A sum whose terms sit in blocks of an axis reads as the blocks stacked. */
function readStack(reader: Reader, tensor: Tensor): Reading | undefined {
  for (const [axis, dim] of tensor.axes.entries()) {
    const blocks = blocksAlong(tensor, axis);
    if (blocks === undefined) continue;
    if (blocks.length === 1 || (tensor.terms.length === 1 && dim.monomials.some((m) => m.names.length > 0) && isUnit(tensor, axis)))
      continue;
    const fwd: Expr[] = [];
    const rev: Expr[] = [];
    for (const block of blocks) {
      const part = readTensor(reader, restrict(tensor, axis, block));
      if (part === undefined) return undefined;
      const single = block.size.key === "1";
      // A block of length 1 has lost its axis; what remains runs along the other one.
      const across = tensor.axes.length === 2 && single;
      fwd.push(across && axis === 0 ? part.rev : part.fwd);
      rev.push(across && axis === 0 ? part.fwd : part.rev);
    }
    const [across, down] = [beside(axis === 0 ? rev : fwd), build.apply("vcat", axis === 0 ? fwd : rev)];
    return axis === 0 ? oriented([down], [across]) : oriented([across], [down]);
  }
  return undefined;
}

/** Matrices side by side; stacks of equal blocks row by row, as [A, C; B, D]. */
function beside(columns: readonly Expr[]): Expr {
  const [first] = columns as [Expr, ...Expr[]];
  const isAlike = (e: Expr): boolean =>
    e.args.length === first.args.length && e.args.every((a, i) => sameDim(a.shape.rows, (first.args[i] as Expr).shape.rows));
  if (!columns.every((e) => isApply(e, "vcat") && isAlike(e))) return build.apply("hcat", columns);
  const row = (_: Expr, i: number): Expr =>
    build.apply(
      "hcat",
      columns.map((c) => c.args[i] as Expr),
    );
  return build.apply("vcat", first.args.map(row));
}

/** A single unit vector times numbers reads as one: 3 e₂, not [0; 3; 0]. */
const isUnit = (tensor: Tensor, axis: number): boolean => blockOf(tensor.terms[0] as Tensor["terms"][number], axis)?.size.key === "1";
