// What may be asked of a question, and what an answer to it has: which derivative, by what, along what, and the claim
// that a check is to examine.

import type { Direction } from "../../calculus/directional.ts";
import type { Target } from "../../elaborate/names/target.ts";
import type { Layout, Symmetry } from "../../expr/conventions.ts";
import type { Expr } from "../../expr/expr.ts";
import type { Stated } from "../question/state.ts";
import type { Answer } from "./answer.ts";
import type { MadeView, ViewName } from "./views.ts";

/** Which derivative is asked for. */
export type Kind = "derivative" | "gradient" | "hessian" | "jvp" | "vjp" | "hvp" | "differential";

/** What derivatives are asked for. */
export interface Choice {
  readonly layout?: Layout;
  /** 1 unless stated. */
  readonly order?: number;
  /** What a first derivative by a symmetric variable means; free unless stated. */
  readonly symmetry?: Symmetry;
  /** One derivative by all variables in turn instead of one by each. */
  readonly mixed?: boolean;
  /** What the variables move along, one for each. */
  readonly along?: readonly string[];
  /** The upstream gradient, of the value's shape. */
  readonly upstream?: string;
  /** Views wanted in any case; results of more than two axes have all. */
  readonly views?: readonly ViewName[];
  /** Whether an answer may use the names of definitions and the notations of rules; it may unless stated. */
  readonly names?: boolean;
  /** Whether parts that a long answer repeats are named; not unless stated. */
  readonly where?: boolean;
}

/** What an answer states, for a check. */
export type Claim =
  | {
      readonly kind: "derivative";
      readonly by: readonly Target[];
      readonly layout: Layout;
      readonly previous: readonly Expr[];
      /** What the derivative by a symmetric variable means; free unless stated. */
      readonly symmetry?: Symmetry;
    }
  | { readonly kind: "along"; readonly directions: readonly Direction[] }
  | { readonly kind: "upstream"; readonly by: readonly Target[]; readonly with: Expr }
  | { readonly kind: "hessian-vector"; readonly by: readonly Target[]; readonly with: Expr };

/** One answer of a question. */
export interface Part {
  /** What is differentiated by, first. */
  readonly target: Target;
  readonly answer: Answer;
  readonly claim: Claim;
  readonly views: readonly MadeView[];
}

/** Answers by several variables to one question, with its typed terms. */
export interface Solved {
  readonly ok: true;
  readonly stated: Stated;
  readonly parts: readonly Part[];
}
