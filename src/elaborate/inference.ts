// The constraints that operators put on shapes, and their propagation. A constraint is
// stepped when it is made and again whenever a dimension it waits for is settled.
//
// Invariant: a step only draws consequences that hold in every reading still possible.
// Where that is not enough, `settle` takes the default that the caller has chosen.

import { type Dim, dimOf, subtractDims } from "../expr/dim.ts";
import { type Shape, sameShape, scalarShape } from "../expr/shape.ts";
import type { Constraint, Inference, Meeting, Shaped } from "./constraint.ts";
import { createDimSolver, isMeta } from "./dims.ts";
import { mismatch } from "./mismatch.ts";

/** An inference without any constraint. */
export function createInference(): Inference {
  const queue: Constraint[] = [];
  const queued = new Set<Constraint>();
  let active = new Set<Constraint>();
  let watchers = new Map<string, Set<Constraint>>();

  const solver = createDimSolver(
    (name) => {
      const waiting = watchers.get(name);
      if (waiting === undefined) return;
      watchers.delete(name);
      for (const c of waiting) enqueue(c);
    },
    (name) => watchers.get(name)?.size ?? 0,
  );

  function enqueue(c: Constraint): void {
    if (!active.has(c) || queued.has(c)) return;
    queued.add(c);
    queue.push(c);
  }

  function watch(c: Constraint): void {
    const names = new Set<string>();
    for (const s of c.shapes)
      for (const d of [s.rows, s.cols]) for (const m of solver.resolve(d).monomials) for (const n of m.names) if (isMeta(n)) names.add(n);
    for (const n of names) {
      const waiting = watchers.get(n);
      if (waiting === undefined) watchers.set(n, new Set([c]));
      else waiting.add(c);
    }
  }

  function take(c: Constraint): void {
    // Watching first: a step may settle what it waits for itself.
    watch(c);
    if (c.step()) active.delete(c);
  }

  function require(c: Constraint): void {
    active.add(c);
    take(c);
  }

  function run(): void {
    for (let i = 0; i < queue.length; i++) {
      const c = queue[i] as Constraint;
      queued.delete(c);
      if (active.has(c)) take(c);
    }
    queue.length = 0;
  }

  function snapshot(): () => void {
    const dims = solver.snapshot();
    const [a, w] = [new Set(active), new Map([...watchers].map(([name, set]) => [name, new Set(set)]))];
    return () => {
      dims();
      active = new Set(a);
      watchers = new Map([...w].map(([name, set]) => [name, new Set(set)]));
      queue.length = 0;
      queued.clear();
    };
  }

  function settle(): void {
    const done = new Set<Constraint>();
    // A default may raise new constraints, so the set is walked while it grows.
    for (const late of [false, true])
      for (const c of active) {
        if (c.settle === undefined || (c.late === true && !late) || done.has(c)) continue;
        done.add(c);
        c.settle();
        take(c);
        run();
      }
  }

  function sameDim(a: Dim, b: Dim, otherwise: () => never): void {
    const outcome = solver.unify(a, b);
    if (outcome === "different") otherwise();
    if (outcome === "equal") return;
    const shapes = [{ rows: a, cols: b }];
    require({
      shapes,
      step: () => {
        const again = solver.unify(a, b);
        if (again === "different") otherwise();
        return again === "equal";
      },
      settle: () => matchFactors(a, b),
    });
  }

  // m·n = ?a·?b, as kron and vec give them: the factors that are not common agree in order.
  function matchFactors(a: Dim, b: Dim): void {
    const [p, q, ...more] = subtractDims(solver.resolve(a), solver.resolve(b)).monomials;
    if (p === undefined || q === undefined || more.length > 0 || p.coefficient !== -q.coefficient) return;
    const [x, y] = [p.names, q.names];
    if (x.length !== y.length) return;
    const left = [...x];
    const right = y.filter((name) => {
      const at = left.indexOf(name);
      if (at >= 0) left.splice(at, 1);
      return at < 0;
    });
    for (const [i, name] of left.entries()) solver.unify(dimOf(name), dimOf(right[i] as string));
  }

  const scalar = (s: Shape): "yes" | "no" | "open" => {
    const [r, c] = [solver.unit(s.rows), solver.unit(s.cols)];
    return r === "many" || c === "many" ? "no" : r === "one" && c === "one" ? "yes" : "open";
  };

  const orientation = (s: Shape): "scalar" | "column" | "row" | "matrix" | "open" => {
    const [r, c] = [solver.unit(s.rows), solver.unit(s.cols)];
    if (r === "open" || c === "open") return "open";
    return r === "one" ? (c === "one" ? "scalar" : "row") : c === "one" ? "column" : "matrix";
  };

  return {
    ...solver,
    one: dimOf(1),
    number: scalarShape(),
    scalar,
    orientation,
    freshShape: () => ({ rows: solver.fresh(), cols: solver.fresh() }),
    require,
    same: (a, b, otherwise) => {
      sameDim(a.rows, b.rows, otherwise);
      sameDim(a.cols, b.cols, otherwise);
    },
    sameDim,
    run,
    settle,
    snapshot,
  };
}

const fits = (inf: Inference, a: Shape, b: Shape): boolean => inf.compatible(a.rows, b.rows) && inf.compatible(a.cols, b.cols);

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
  const r = inf.freshShape();
  inf.require({
    shapes: [a, b, r],
    step: () => {
      const [sa, sb] = [inf.scalar(a), inf.scalar(b)];
      if (sa === "yes" || sb === "yes") {
        inf.same(r, sa === "yes" ? b : a, refuse);
        return true;
      }
      if (sa === "no" && sb === "no") return asMatrices();
      const readings = [
        { fits: sa !== "no" && fits(inf, a, inf.number) && fits(inf, r, b), take: () => scalarTimes(a, b) },
        { fits: sb !== "no" && fits(inf, b, inf.number) && fits(inf, r, a), take: () => scalarTimes(b, a) },
        { fits: inf.compatible(a.cols, b.rows) && fits(inf, r, { rows: a.rows, cols: b.cols }), take: asMatrices },
      ].filter((reading) => reading.fits);
      if (readings.length === 0) return refuse();
      if (readings.length === 1) return (readings[0] as { take: () => boolean }).take();
      // x·x in any reading asks for equal numbers of rows and columns.
      const [x, y] = [inf.resolveShape(a), inf.resolveShape(b)];
      if (sameShape(x, y)) inf.sameDim(a.rows, a.cols, refuse);
      return false;
    },
    settle: () => void asMatrices(),
  });
  return r;

  function asMatrices(): boolean {
    inf.sameDim(a.cols, b.rows, refuse);
    inf.same(r, { rows: a.rows, cols: b.cols }, refuse);
    return true;
  }
  function scalarTimes(s: Shape, other: Shape): boolean {
    inf.same(s, inf.number, refuse);
    inf.same(r, other, refuse);
    return true;
  }
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
  inf.require({
    shapes: [a, b, r],
    step: () => {
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
      const [p, q] = [inf.resolveShape(a), inf.resolveShape(b)];
      if (sameShape(p, q)) {
        inf.same(r, a, refuse);
        return true;
      }
      // One side is settled and the other cannot be equal to it: it is a scalar.
      if (x === "no" && !fits(inf, b, a)) return expands(b);
      if (y === "no" && !fits(inf, a, b)) return expands(a);
      return false;
    },
    settle: () => {
      inf.same(a, b, refuse);
      inf.same(r, a, refuse);
    },
  });
  return r;

  function expands(s: Shape): boolean {
    inf.same(s, inf.number, refuse);
    return false;
  }
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
