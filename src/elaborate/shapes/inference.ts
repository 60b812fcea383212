// Shape inference: dimensions that are unified, and constraints that wait for what is not
// settled yet.
//
// Invariant: a step only draws consequences that hold in every reading still possible.
// Where that is not enough, `settle` takes the default that the caller has chosen.
// Not here: what an operator asks of its arguments (shapes.ts), the order of steps (propagate.ts).

import { type Dim, dimOf, multiplyDims, subtractDims } from "../../expr/dim.ts";
import { type Shape, scalarShape } from "../../expr/shape.ts";
import type { Inference } from "./constraint.ts";
import { createDimSolver, type DimSolver, isMeta } from "./dims.ts";
import { awaken, createPropagation, type Propagation, remember, run, settle, takeUp } from "./propagate.ts";

/** An inference without any constraint. */
export function createInference(): Inference {
  const propagation = createPropagation();
  const solver = createDimSolver(
    (name) => awaken(propagation, name),
    (name) => propagation.watchers.get(name)?.size ?? 0,
  );
  const nested: Nested[] = [];
  const sameDim: Inference["sameDim"] = (a, b, otherwise) => {
    unifyOrWait(propagation, solver, { a, b, otherwise, nested });
  };
  // Every member by its name: a copy with members added to it takes thirty times as long.
  const { fresh, resolve, resolveShape, unify, unit, compatible, markMany } = solver;
  return {
    fresh,
    resolve,
    resolveShape,
    unify,
    unit,
    compatible,
    markMany,
    one: dimOf(1),
    number: scalarShape(),
    scalar: (s) => isNumber(solver, s),
    orientation: (s) => orientationOf(solver, s),
    nest: (outer, inner) => {
      nested.push([outer, inner]);
      return multiplyDims(outer, inner);
    },
    freshShape: () => ({ rows: solver.fresh(), cols: solver.fresh() }),
    require: (c) => takeUp(propagation, solver, c),
    same: (a, b, otherwise) => {
      sameDim(a.rows, b.rows, otherwise);
      sameDim(a.cols, b.cols, otherwise);
    },
    sameDim,
    run: () => run(propagation, solver),
    settle: () => settle(propagation, solver),
    snapshot: () => snapshot(propagation, solver),
  };
}

function snapshot(propagation: Propagation, solver: DimSolver): () => void {
  const [dims, waiting] = [solver.snapshot(), remember(propagation)];
  return () => {
    dims();
    waiting();
  };
}

/** The factors of a size in order, as kron and vec make it. */
type Nested = readonly [outer: Dim, inner: Dim];

/** Two sizes that are one. */
interface Equation {
  readonly a: Dim;
  readonly b: Dim;
  readonly otherwise: () => never;
  readonly nested: readonly Nested[];
}

function unifyOrWait(propagation: Propagation, solver: DimSolver, equation: Equation): void {
  const { a, b, otherwise } = equation;
  const isEqual = (): boolean => {
    const outcome = solver.unify(a, b);
    return outcome === "different" ? otherwise() : outcome === "equal";
  };
  if (isEqual()) return;
  takeUp(propagation, solver, { shapes: [{ rows: a, cols: b }], step: isEqual, settle: () => matchParts(solver, equation) });
}

// ?a + ?b = ?c + ?d, as stacks give them: the parts agree in the order in which they are written.
function matchParts(solver: DimSolver, equation: Equation): void {
  const { a, b } = equation;
  const { monomials } = subtractDims(solver.resolve(a), solver.resolve(b));
  const side = (coefficient: number): Dim[] =>
    monomials
      .filter((m) => m.coefficient === coefficient && m.names.length === 1 && isMeta(m.names[0] as string))
      .map((m) => dimOf(m.names[0] as string))
      .sort((p, q) => age(p.key) - age(q.key));
  const [left, right] = [side(1), side(-1)];
  if (left.length !== right.length || left.length + right.length !== monomials.length) matchFactors(solver, equation);
  else for (const [i, part] of left.entries()) solver.unify(part, right[i] as Dim);
}

const age = (meta: string): number => Number(meta.slice(1));

// m·n = ?a·?b, as kron and vec give them: the factors that are not common agree in order. Of ?a·n = ?b·m,
// which A' ⊗ I + I ⊗ B gives, ?a is m and ?b is n.
function matchFactors(solver: DimSolver, { a, b, nested }: Equation): void {
  const [p, q, ...more] = subtractDims(solver.resolve(a), solver.resolve(b)).monomials;
  if (p === undefined || q === undefined || more.length > 0 || p.coefficient !== -q.coefficient) return;
  const [x, y] = [inOrder(solver, nested, p.names), inOrder(solver, nested, q.names)];
  if (x.length !== y.length) return;
  const left = [...x];
  const right = y.filter((name) => {
    const at = left.indexOf(name);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  const [open, known] = [left.filter(isMeta), left.filter((name) => !isMeta(name))];
  const others = [...right.filter((name) => !isMeta(name)), ...right.filter(isMeta)];
  for (const [i, name] of [...open, ...known].entries()) solver.unify(dimOf(name), dimOf(others[i] as string));
}

function inOrder(solver: DimSolver, nested: readonly Nested[], names: readonly string[]): readonly string[] {
  const isSame = (two: readonly string[]): boolean => [...two].sort().join() === [...names].sort().join();
  const found = nested.map((two) => two.map((d) => solver.resolve(d).key)).find(isSame);
  return found ?? [...names].sort((s, t) => (isMeta(s) && isMeta(t) ? age(s) - age(t) : 0));
}

function isNumber(solver: DimSolver, s: Shape): "yes" | "no" | "open" {
  const [r, c] = [solver.unit(s.rows), solver.unit(s.cols)];
  return r === "many" || c === "many" ? "no" : r === "one" && c === "one" ? "yes" : "open";
}

function orientationOf(solver: DimSolver, s: Shape): "scalar" | "column" | "row" | "matrix" | "open" {
  const [r, c] = [solver.unit(s.rows), solver.unit(s.cols)];
  if (r === "open" || c === "open") return "open";
  return r === "one" ? (c === "one" ? "scalar" : "row") : c === "one" ? "column" : "matrix";
}
