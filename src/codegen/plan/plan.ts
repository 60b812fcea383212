// A plan: the assignments that compute the outputs, in an order in which each uses only what
// stands before it. Every target prints the same plan; the interpreter runs it.
//
// Invariants: a step is computed once, however many outputs need it; operands have the axes
// of the step, or fewer, then with the axis along which they run. A loop has steps of its
// own, and what does not change in it stands outside. Not here: how it is made (schedule.ts).

import type { Rational } from "../../base/rational.ts";
import type { Dim } from "../../expr/dim.ts";
import type { Index, Variable } from "../../expr/expr.ts";
import type { Determinant, Reduction } from "../form/form.ts";

/** Number of a step. */
export type Ref = number;

/** An argument of a step: the value of another. */
export interface Arg {
  readonly ref: Ref;
  /** Along which axis of the step a vector runs. */
  readonly axis?: 0 | 1 | undefined;
}

interface Common {
  readonly ref: Ref;
  readonly axes: readonly Dim[];
  readonly args: readonly Arg[];
}

/** One assignment: the value of an operation on earlier steps. */
export type Step = Common &
  (
    | { readonly op: "number"; readonly value: Rational }
    | { readonly op: "constant"; readonly name: string }
    | { readonly op: "size"; readonly dim: Dim }
    | { readonly op: "input"; readonly name: string }
    /** An element-wise function, arithmetic included. */
    | { readonly op: "map"; readonly fn: string }
    /** The first argument, a number, at every entry. */
    | { readonly op: "fill" }
    /** A vector or number widened to the axes. */
    | { readonly op: "widen" }
    | { readonly op: "reduce"; readonly fn: Reduction; readonly over: "all" | 0 | 1 }
    /** Σ a·b over all entries of two arrays of equal axes. */
    | { readonly op: "dot" }
    /** Matrix times vector or matrix; a turned argument is read as its transpose. */
    | { readonly op: "matmul"; readonly turned: readonly [boolean, boolean] }
    /** Zᵀ Z, or Z Zᵀ where `rows`. */
    | { readonly op: "gram"; readonly rows: boolean }
    | { readonly op: "transpose" | "diag" | "diagonal" | "eye" | "kron" | "vec" | "unvec" }
    | { readonly op: "unit"; readonly at: Dim }
    /** The factors of a square matrix, for the four that follow. */
    | { readonly op: "factor"; readonly method: Method }
    /** A⁻¹ b from [factors, b, A]; of Aᵀ where turned. */
    | { readonly op: "solve"; readonly turned: boolean; readonly method: Method }
    /** From [factors, A]. */
    | { readonly op: "inverse" | Determinant; readonly method: Method }
    | { readonly op: "lift"; readonly axis: 0 | 1 }
    | { readonly op: "concat"; readonly axis: 0 | 1 }
    | { readonly op: "shuffle"; readonly axis: 0 | 1; readonly outer: Dim; readonly inner: Dim }
    | { readonly op: "entry"; readonly at: readonly Index[] }
    | { readonly op: "loop"; readonly index: string; readonly range: Dim; readonly body: readonly Step[]; readonly result: Ref }
    | { readonly op: "call"; readonly fn: string }
  );

/** Cholesky of a positive definite matrix, else LU. */
export type Method = "cholesky" | "lu";
/** A step of some operations. */
export type StepOf<Op extends Step["op"]> = Step & { readonly op: Op };

/** A value that a program gives back. */
export interface Output {
  readonly name: string;
  /** Rows and columns as a reader thinks of them. */
  readonly shape: readonly [rows: string, cols: string];
  readonly axes: readonly Dim[];
  readonly ref: Ref;
}

/** What a program computes. */
export interface Plan {
  readonly inputs: readonly Variable[];
  readonly steps: readonly Step[];
  readonly outputs: readonly Output[];
  /** Names of sizes that the steps use. */
  readonly sizes: readonly string[];
}

/** Every step, those inside loops before the loop. */
export function allSteps(steps: readonly Step[]): Step[] {
  const out: Step[] = [];
  for (const step of steps) {
    if (step.op === "loop") out.push(...allSteps(step.body));
    out.push(step);
  }
  return out;
}

/** How often each step is used by others and by the outputs; `needs` says which arguments count. Unused steps use nothing. */
export function countUses(plan: Plan, needs: (step: Step) => readonly Arg[] = (s) => s.args): Map<Ref, number> {
  const uses = new Map<Ref, number>();
  const use = (ref: Ref): void => {
    uses.set(ref, (uses.get(ref) ?? 0) + 1);
  };
  for (const o of plan.outputs) use(o.ref);
  const visit = (list: readonly Step[]): void => {
    for (const step of [...list].reverse()) {
      if ((uses.get(step.ref) ?? 0) === 0) continue;
      for (const a of needs(step)) use(a.ref);
      if (step.op !== "loop") continue;
      use(step.result);
      visit(step.body);
    }
  };
  visit(plan.steps);
  return uses;
}
