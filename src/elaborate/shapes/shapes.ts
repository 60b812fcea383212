// What operators ask of the shapes of their arguments, and the shape they give: as constraints
// where an argument's shape is not known yet.
//
// Invariant: a step only draws consequences that hold in every reading still possible.

import { type Shape, sameShape } from "../../expr/shape.ts";
import type { Inference, Meeting, Shaped } from "./constraint.ts";
import { mismatch } from "./mismatch.ts";

const fits = (inf: Inference, a: Shape, b: Shape): boolean => inf.compatible(a.rows, b.rows) && inf.compatible(a.cols, b.cols);

/** Two arguments and the result of an operator that waits for their shapes. */
interface Waiting {
  readonly inf: Inference;
  readonly a: Shape;
  readonly b: Shape;
  readonly r: Shape;
  /** Tells that the arguments do not fit. */
  readonly refuse: () => never;
}

/** Shape of a product: matrix times matrix, or a scalar times anything. */
export function productShape(inf: Inference, m: Meeting): Shape {
  const [a, b] = [m.left.shape, m.right.shape];
  if (inf.scalar(a) === "yes") return b;
  if (inf.scalar(b) === "yes") return a;
  const refuse = (): never => mismatch.product(inf, m);
  if (inf.scalar(a) === "no" && inf.scalar(b) === "no") {
    inf.sameDim(a.cols, b.rows, refuse);
    return { rows: a.rows, cols: b.cols };
  }
  const product: Waiting = { inf, a, b, r: inf.freshShape(), refuse };
  inf.require({ shapes: [a, b, product.r], step: () => stepProduct(product), settle: () => void timesMatrix(product) });
  return product.r;
}

function stepProduct(product: Waiting): boolean {
  const { inf, a, b, r, refuse } = product;
  const [sa, sb] = [inf.scalar(a), inf.scalar(b)];
  if (sa === "yes" || sb === "yes") {
    inf.same(r, sa === "yes" ? b : a, refuse);
    return true;
  }
  if (sa === "no" && sb === "no") return timesMatrix(product);
  const readings = [
    { fits: sa !== "no" && fits(inf, a, inf.number) && fits(inf, r, b), take: () => timesNumber(product, a, b) },
    { fits: sb !== "no" && fits(inf, b, inf.number) && fits(inf, r, a), take: () => timesNumber(product, b, a) },
    { fits: inf.compatible(a.cols, b.rows) && fits(inf, r, { rows: a.rows, cols: b.cols }), take: () => timesMatrix(product) },
  ].filter((reading) => reading.fits);
  const [only, ...more] = readings;
  if (only === undefined) return refuse();
  if (more.length === 0) return only.take();
  // x·x in any reading asks for equal numbers of rows and columns.
  if (sameShape(inf.resolveShape(a), inf.resolveShape(b))) inf.sameDim(a.rows, a.cols, refuse);
  return false;
}

function timesMatrix({ inf, a, b, r, refuse }: Waiting): boolean {
  inf.sameDim(a.cols, b.rows, refuse);
  inf.same(r, { rows: a.rows, cols: b.cols }, refuse);
  return true;
}

function timesNumber({ inf, r, refuse }: Waiting, number: Shape, other: Shape): boolean {
  inf.same(number, inf.number, refuse);
  inf.same(r, other, refuse);
  return true;
}

/** Shape of an operation between equal shapes in which a scalar expands: + − ⊙ ⊘ .^ comparisons, max. */
export function commonShape(inf: Inference, m: Meeting): Shape {
  const [a, b] = [m.left.shape, m.right.shape];
  const [sa, sb] = [inf.scalar(a), inf.scalar(b)];
  if (sa === "yes") return b;
  if (sb === "yes") return a;
  const refuse = (): never => mismatch.alike(inf, m);
  if (sa === "no" && sb === "no") {
    inf.same(a, b, refuse);
    return a;
  }
  const r = sa === "no" ? a : sb === "no" ? b : inf.freshShape();
  const common: Waiting = { inf, a, b, r, refuse };
  inf.require({
    shapes: [a, b, r],
    step: () => stepCommon(common),
    settle: () => {
      inf.same(a, b, refuse);
      inf.same(r, a, refuse);
    },
  });
  return r;
}

function stepCommon({ inf, a, b, r, refuse }: Waiting): boolean {
  const [x, y] = [inf.scalar(a), inf.scalar(b)];
  if (x === "yes" || y === "yes") {
    inf.same(r, x === "yes" ? b : a, refuse);
    return true;
  }
  if (x === "no") inf.same(r, a, refuse);
  if (y === "no") inf.same(r, b, refuse);
  if (x === "no" && y === "no") return true;
  if (inf.scalar(r) === "yes") {
    inf.same(a, r, refuse);
    inf.same(b, r, refuse);
    return true;
  }
  if (sameShape(inf.resolveShape(a), inf.resolveShape(b))) {
    inf.same(r, a, refuse);
    return true;
  }
  // One side is settled and the other cannot be equal to it: it is a scalar.
  if (x === "no" && !fits(inf, b, a)) inf.same(b, inf.number, refuse);
  else if (y === "no" && !fits(inf, a, b)) inf.same(a, inf.number, refuse);
  return false;
}

/** Shape of a dot product: a number, or a product where one side is a scalar. */
export function dotShape(inf: Inference, m: Meeting): Shape {
  const [a, b] = [m.left.shape, m.right.shape];
  const [sa, sb] = [inf.scalar(a), inf.scalar(b)];
  if (sa === "yes") return b;
  if (sb === "yes") return a;
  const refuse = (): never => mismatch.dot(inf, m);
  const r = inf.freshShape();
  inf.require({
    shapes: [a, b],
    step: () => {
      const [oa, ob] = [inf.orientation(a), inf.orientation(b)];
      if (oa === "scalar" || ob === "scalar") {
        inf.same(r, oa === "scalar" ? b : a, refuse);
        return true;
      }
      if (oa === "matrix" || ob === "matrix") refuse();
      if (inf.scalar(a) === "no" && inf.scalar(b) === "no") inf.same(r, inf.number, refuse);
      if (oa === "open" || ob === "open") return false;
      inf.sameDim(oa === "row" ? a.cols : a.rows, ob === "row" ? b.cols : b.rows, refuse);
      return true;
    },
    settle: () => {
      inf.same(a, b, refuse);
      inf.sameDim(inf.orientation(a) === "row" ? a.rows : a.cols, inf.one, refuse);
      inf.same(r, inf.number, refuse);
    },
  });
  return r;
}

/** Shape of diag: the matrix of a vector, or the diagonal of a square matrix as a column. */
export function diagShape(inf: Inference, arg: Shaped): Shape {
  const a = arg.shape;
  const r = inf.freshShape();
  const refuse = (): never => mismatch.square(inf, arg, "diag");
  inf.require({
    shapes: [a, r],
    step: () => {
      const [rows, cols] = [inf.unit(a.rows), inf.unit(a.cols)];
      if (rows === "one" || cols === "one") {
        const n = cols === "one" ? a.rows : a.cols;
        inf.same(r, { rows: n, cols: n }, refuse);
        return true;
      }
      if (rows === "many" && cols === "many") {
        inf.sameDim(a.rows, a.cols, refuse);
        inf.same(r, { rows: a.rows, cols: inf.one }, refuse);
        return true;
      }
      const result = inf.orientation(r);
      if (result === "column") {
        inf.sameDim(a.rows, a.cols, refuse);
        inf.sameDim(a.rows, r.rows, refuse);
        return true;
      }
      if (result === "matrix" || result === "scalar") {
        inf.sameDim(rows === "many" ? a.cols : cols === "many" ? a.rows : a.cols, inf.one, refuse);
      }
      return false;
    },
    settle: () => inf.sameDim(a.cols, inf.one, refuse),
  });
  return r;
}
