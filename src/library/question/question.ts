// What a caller asks: an expression, what is known of its names, and the derivative that is wanted; and
// the request that the elaboration makes of it.
//
// Not here: its typed terms (state.ts), what becomes of faults (call.ts).

import { optional } from "../../base/optional.ts";
import { type Elaborated, elaborate, type Failure, type KnownScope, type Problem, type Request } from "../../elaborate/elaborate.ts";
import type { Layout, Symmetry } from "../../expr/conventions.ts";
import type { Expr } from "../../expr/expr.ts";
import type { Library } from "../../rewrite/library.ts";
import type { ViewName } from "../answer/views.ts";
import type { Differentials } from "../claim/terms/differentials.ts";

/** An expression with what is known of its names. The keys are those of a `nabla batch` request. */
export interface Expression {
  /** Text of the language, or a term. */
  readonly expr: string | Expr;
  /** Shapes of variables: [] is a number, ["n"] a column vector, ["m", "n"] a matrix. What is missing is inferred. */
  readonly vars?: Readonly<Record<string, readonly (string | number)[]>>;
  /** Attributes of variables: positive, symmetric, invertible, … */
  readonly attrs?: Readonly<Record<string, readonly string[]>>;
  /** Further names of dimensions that the text uses as numbers. */
  readonly dims?: readonly string[];
  /** Definitions as [name, text], each in terms of the names before it. */
  readonly let?: readonly (readonly [string, string])[];
  /** Declarations as text: `w, x : vector(n); S : symmetric(n)`. */
  readonly declarations?: string;
  /** `paper` reads ⊗ as the element-wise product. */
  readonly dialect?: "standard" | "paper";
  /** `latex` where the texts are LaTeX; recognised by its commands where it is left out. */
  readonly notation?: "plain" | "latex";
  /** An undeclared name is an error instead of being inferred. */
  readonly strict?: boolean;
  /** The rules to use; the standard ones unless stated. */
  readonly library?: Library;
}

/** What is known of the names of an expression: everything of it but its text. */
export type Context = Omit<Expression, "expr">;

/** A context in which the rules are settled. */
export interface Settled extends Context {
  readonly library: Library;
  /** Names that are read as products of their letters; told from the texts where it is left out. */
  readonly apart?: ReadonlySet<string>;
  /** Present where the texts define no functions any more. */
  readonly writtenOut?: true;
  /** Present where the texts are about differentials. */
  readonly differentials?: Differentials;
}

/** A derivative that is asked for. */
export interface Question extends Expression {
  /** The variable to differentiate by, or an entry of one: `w`, `x[2]`, `X[i,j]`; several for one answer by all of them. May be left out where there is only one variable. */
  readonly wrt?: string | readonly string[];
  /** numerator unless stated. */
  readonly layout?: Layout;
  /** What a first derivative by a symmetric variable means: sym(G) for `symmetric`, which is usual, G + Gᵀ − diag(G) for `entries`, G itself, all entries independent, for `free`. */
  readonly symmetry?: Symmetry;
  /** How often to differentiate; 1 unless stated. */
  readonly order?: number;
  /** Views that are wanted in any case: differential, index, vec, einsum. */
  readonly views?: readonly ViewName[];
  /** Whether parts that a long answer repeats get names in its texts; not unless stated. */
  readonly where?: boolean;
}

/** A text read and typed in a context, with what it is to be differentiated by. */
export const elaborateIn = (settled: Settled, text: string, wrt: readonly string[] = []): Elaborated | Failure =>
  elaborate({ ...requestIn(settled), text, wrt });

/** What is known to further texts once a problem in a context has been read. */
export const scopeOf = (problem: Problem, { dialect, library, apart, differentials }: Settled): KnownScope => ({
  variables: [...problem.variables, ...problem.definitions.map((d) => d.variable)],
  functions: library.functions,
  unknowns: problem.unknowns,
  dims: problem.dims,
  axes: problem.axes,
  places: problem.places,
  ...optional({ dialect, apart, differentials: differentials?.names }),
});

/** What may be asked for once or several times, as a list. */
export const listed = (one: string | readonly string[] | undefined): readonly string[] =>
  one === undefined ? [] : typeof one === "string" ? [one] : one;

/** What a context says, for any text in it. */
export function requestIn(settled: Settled): Omit<Request, "text" | "wrt"> {
  const { library, vars, attrs, dims, declarations, dialect, notation, strict, apart, writtenOut, differentials } = settled;
  return {
    functions: library.functions,
    ...optional({
      vars,
      attrs,
      dims,
      definitions: settled.let,
      declarations,
      dialect,
      notation,
      strict,
      apart,
      writtenOut,
      differentials: differentials?.names,
    }),
  };
}
