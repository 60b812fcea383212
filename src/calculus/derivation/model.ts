// What a derivation is made of: intermediate variables of one operator each, and steps.
// A step is one printed line: the derivative of one thing by another, the forms it goes
// through, and the rule that says so.
//
// Invariants: everything is plain immutable data; `via` and `is` of a step are equal in
// value; the steps stand in the order introduce, differentiate, combine, substitute.
// Not here: how a derivation is found (derive.ts) and how it is printed (render.ts).

import type { Layout } from "../../expr/conventions.ts";
import type { Dim } from "../../expr/dim.ts";
import type { Expr, Variable } from "../../expr/expr.ts";

/** A named rule with the place it comes from. */
export interface RuleReference {
  /** Name in the library, `elementwise/product`. */
  readonly name: string;
  /** What a person calls it: element-wise product. */
  readonly title: string;
  /** `PH18 §4.2`. */
  readonly source: string;
}

/** A summation index that stays open: the equation holds for every value of it. */
export interface OpenIndex {
  readonly name: string;
  readonly range: Dim;
}

/** One equation name = expr; `expr` is in the user's variables and the names before it. */
export interface Intermediate {
  readonly variable: Variable;
  readonly expr: Expr;
  /** Defined by the user, not introduced here. */
  readonly given: boolean;
  /** What stands inside a sum over an index is one such equation for every index. */
  readonly index?: OpenIndex;
}

const STEP_KINDS = [
  "rewrite", // the expression in another notation, before anything else
  "element", // one entry: ∂(w_i x_i)/∂w_i
  "partial", // a local derivative, the other names held constant
  "total", // through every name that depends on the variable
  "combine", // the local derivatives chained, names not put back
  "substitute", // one name put back
  "simplify", // the same value, shorter
  "entry", // at the end, one entry of the result
] as const;
/** What a line of a derivation does. */
export type StepKind = (typeof STEP_KINDS)[number];

/** One factor of a chain: a local or total derivative met before. */
export interface Link {
  readonly of: Expr;
  readonly wrt: Expr;
  readonly is: Expr;
}

/** A name for a derivative that has been found, used inside later lines: ∂y/∂U, dU. */
export interface NamedDerivative {
  readonly variable: Variable;
  readonly of: Expr;
  /** Absent for the differential of `of`. */
  readonly wrt?: Expr;
  readonly is: Expr;
}

/** One line of a derivation: what is differentiated, by what, and the value in its forms. */
export interface Step {
  readonly kind: StepKind;
  /** What is differentiated: a name, or a term where it has none. In a rewrite, the term rewritten. */
  readonly of: Expr;
  /** A variable, or an entry of one in element steps. */
  readonly wrt: Expr;
  /** Earlier forms of the value, unsimplified, in order. */
  readonly via: readonly Expr[];
  readonly is: Expr;
  readonly layout: Layout;
  /** The rules used; several where one equation holds several operators. */
  readonly rules: readonly RuleReference[];
  /** The sum of products that a combination adds up, outermost factor first. */
  readonly chain?: readonly (readonly Link[])[];
  /** The value again, case by case. */
  readonly cases?: Expr;
  /** The names put back. */
  readonly names?: readonly Variable[];
  /** Derivatives that `via` speaks of by name. */
  readonly symbols?: readonly NamedDerivative[];
  /** The line states d(of), linear in the differentials of names, instead of a derivative. */
  readonly differential?: true;
  /** The line holds for every value of this index. */
  readonly index?: OpenIndex;
  readonly note?: string;
}

/** A derivative with the lines that lead to it. */
export interface Derivation {
  readonly expr: Expr;
  readonly variable: Variable;
  readonly layout: Layout;
  /** Stands for the whole expression; the last intermediate. */
  readonly result: Variable;
  readonly intermediates: readonly Intermediate[];
  readonly steps: readonly Step[];
  /** The derivative in the layout asked for: what `differentiate` answers. */
  readonly answer: Expr;
  /** The answer case by case, where it has a condition as a factor. */
  readonly cases?: Expr;
}
