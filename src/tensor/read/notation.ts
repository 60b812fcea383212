// From the normal form back to matrix notation, by search: a sum is read as it stands and
// with common factors pulled out, and the shortest reading is kept for each orientation.
//
// Invariant: every candidate is the same value, so only length is ever decided here. Not here:
// how a sum is read as it stands (sum/sum.ts, sum/stacked.ts), and how far the search goes (reading/search.ts).

import { flatMap } from "../../base/list.ts";
import * as build from "../../expr/build.ts";
import type { Expr } from "../../expr/expr.ts";
import { isVectorShape } from "../../expr/shape.ts";
import { dropUnusedAxes } from "../form/algebra.ts";
import { innerTensors, type Tensor } from "../form/tensor.ts";
import { joinedAlong } from "../primary/along.ts";
import { commuted } from "../primary/commuting.ts";
import { conjugated } from "../simplify/conjugate.ts";
import { fractions } from "../simplify/fraction.ts";
import { complemented, undivided } from "../simplify/inverses.ts";
import { matrixAround, splitDiagonal } from "./collect/diagonal.ts";
import { factorings } from "./collect/factor.ts";
import { columnSums, type Resummed, resum } from "./collect/resum.ts";
import { sharedPowers } from "./collect/shared.ts";
import { slid } from "./collect/slide.ts";
import { stackTimes } from "./collect/stackTimes.ts";
import { wholeSums } from "./collect/wholeSums.ts";
import { readVec } from "./kron/kron.ts";
import { readUnvec } from "./kron/unvec.ts";
import { createReader, type Manner, type Reader } from "./reading/reader.ts";
import {
  diagonalOf,
  diagonalReading,
  flip,
  onesReading,
  oriented,
  productReading,
  type Reading,
  scalarReading,
  total,
} from "./reading/reading.ts";
import { scaled } from "./reading/scaled.ts";
import { isWithin, searching } from "./reading/search.ts";
import { readComplement } from "./sum/opposite.ts";
import { readSum } from "./sum/sum.ts";
import { regroup } from "./term/fused.ts";

/** How many factorings of a sum are followed; deeper sums get fewer. */
const BREADTH = 3;

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
    const waiting = belowOf(top).filter((t) => t.axes.length <= 2 && !reader.tensors.has(t) && !reader.search.open.has(t));
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
  if (reader.search.open.has(tensor)) return undefined;
  const best = searching(reader.search, tensor, () => searchBelow(reader, tensor, breadth));
  reader.tensors.set(tensor, best);
  return best;
}

/** The shortest notation of a tensor that another one is read around, with fewer factorings than that one has. */
const searchInside = (reader: Reader, tensor: Tensor, breadth: number): Reading | undefined =>
  search(reader, tensor, Math.max(1, breadth - 1));

function searchBelow(reader: Reader, tensor: Tensor, most: number): Reading | undefined {
  const readings: Reading[] = [];
  const plain = readSum(reader, tensor);
  if (plain !== undefined) readings.push(plain);
  const breadth = isWithin(reader.search, tensor, plain !== undefined) ? most : 0;
  for (const equal of equalForms(reader, tensor, breadth)) {
    const reading = searchInside(reader, equal, breadth);
    if (reading !== undefined) readings.push(reading);
  }
  if (breadth > 0) readings.push(...readParts(reader, tensor, breadth));
  for (const more of [readComplement(reader, tensor), readAlike(reader, tensor)]) if (more !== undefined) readings.push(more);
  if (readings.length === 0) {
    const paired = readPairs(reader, tensor) ?? readUnvec(reader, tensor);
    if (paired !== undefined) readings.push(paired);
  }
  const [fwd, rev] = [readings.map((r) => r.fwd), readings.map((r) => r.rev)];
  return readings.length === 0 ? undefined : oriented(fwd, rev);
}

/** Equal tensors, the readings of which may be shorter. */
function equalForms(reader: Reader, tensor: Tensor, breadth: number): Tensor[] {
  if (breadth === 0) return conjugated(tensor);
  const factored = [...wholeSums(tensor), ...commuted(tensor), ...factorings(tensor, breadth)];
  const joined = [...conjugated(tensor), ...joinedAlong(tensor), ...reader.join(tensor), ...sharedPowers(tensor), ...slid(tensor)];
  const farther = breadth < 2 ? [] : fractions(tensor);
  const inverses = breadth < BREADTH ? [] : [...complemented(tensor), ...undivided(tensor)];
  return [...factored, ...joined, ...farther, ...inverses];
}

/** Readings around that of another tensor: sums and column sums taken together, diagonals apart. */
function readParts(reader: Reader, tensor: Tensor, breadth: number): Reading[] {
  const readings: Reading[] = [];
  for (const together of resum(tensor)) {
    const inner = searchInside(reader, together.vector, breadth);
    if (inner !== undefined) readings.push(scalarReading(writeSum(together, inner)));
  }
  for (const { size, dim, matrix } of columnSums(tensor)) {
    const inner = searchInside(reader, matrix, breadth);
    const sums = inner === undefined ? undefined : productReading(flip(inner), onesReading(dim));
    if (sums !== undefined) readings.push(oriented([scaled(size, [], [], sums.fwd)], [scaled(size, [], [], sums.rev)]));
  }
  for (const stack of stackTimes(tensor)) {
    const [before, behind, rest] = [stack.matrix, stack.vector, stack.rest].map((t) => searchInside(reader, t, breadth));
    if (before !== undefined && behind !== undefined && rest !== undefined)
      readings.push(plus(timesVector(before, behind), stack.rest, rest));
  }
  const around = matrixAround(tensor);
  const matrix = around === undefined ? undefined : searchInside(reader, around, breadth);
  if (matrix !== undefined) readings.push(diagonalOf(matrix));
  const diagonal = readDiagonals(reader, tensor, breadth);
  return diagonal === undefined ? readings : [...readings, diagonal];
}

/** M v of a matrix, uᵀ v of a vector. */
const timesVector = (before: Reading, behind: Reading): Reading =>
  isVectorShape(before.fwd.shape) ? scalarReading(productReading(flip(before), behind).fwd) : productReading(before, behind);

/** A reading with that of what is added to it. */
const plus = (a: Reading, added: Tensor, b: Reading): Reading =>
  added.terms.length === 0 ? a : oriented([build.add(a.fwd, b.fwd)], [build.add(a.rev, b.rev)]);

/** diag(u) + diag(v) + M as diag(u + v) + M. */
function readDiagonals(reader: Reader, tensor: Tensor, breadth: number): Reading | undefined {
  const split = splitDiagonal(tensor);
  if (split === undefined) return undefined;
  const vector = searchInside(reader, split.diagonal, breadth);
  if (vector === undefined) return undefined;
  const { fwd } = diagonalReading(vector);
  if (split.rest.terms.length === 0) return scalarReading(fwd);
  const rest = searchInside(reader, split.rest, breadth);
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
