// The questions of the library and their answers: a question in, the derivative out, as a
// term, as text in three formats and as plain data, with everything a reader must know to
// use it.
//
// Invariant: pure; the same question has the same answer whatever was asked before. How an
// answer is found is the business of solve.ts, whether it is right that of numbers/verify.ts.

import { optional } from "../../base/optional.ts";
import { NOWHERE } from "../../base/span.ts";
import type { Layout, Symmetry } from "../../expr/conventions.ts";
import type { Expr } from "../../expr/expr.ts";
import { type ExprJSON, exprToJSON } from "../../expr/json.ts";
import { answering, type Refusal } from "../question/call.ts";
import { type Expression, listed, type Question } from "../question/question.ts";
import { state } from "../question/state.ts";
import type { Choice, Kind, Solved } from "./asked.ts";
import type { Condition } from "./conditions.ts";
import { shortestOf } from "./fold.ts";
import { solve } from "./solve.ts";
import type { View } from "./views.ts";
import { written } from "./written.ts";

/** Rows and columns as texts: `["1", "n"]`. */
export type ShapeTexts = readonly [rows: string, cols: string];

/** A term with its texts. `JSON.stringify` gives `WrittenJSON`. */
export interface Written {
  readonly ok: true;
  readonly expr: Expr;
  readonly shape: ShapeTexts;
  /** Text that the parser and MATLAB-style tools read. */
  readonly ascii: string;
  /** Text for people, which the parser reads as well. */
  readonly unicode: string;
  readonly latex: string;
  /** What was assumed beyond what is declared, as sentences. */
  readonly assumptions: readonly string[];
  toJSON(): WrittenJSON;
}

/** A term with its texts as plain data. */
export interface WrittenJSON extends Omit<Written, "expr" | "toJSON"> {
  readonly expr: ExprJSON;
}

/** A part of an answer under a name that its texts use; a later part may use earlier names. */
export interface NamedText {
  readonly name: string;
  readonly shape: ShapeTexts;
  readonly ascii: string;
  readonly unicode: string;
  /** The whole definition. */
  readonly latex: string;
}

/** A derivative. `JSON.stringify` gives `AnswerJSON`. */
export interface Answer extends Written {
  /** The layout of the answer; a derivative of more than two axes is in vec form whatever was asked. Absent where the shape is that of the value. */
  readonly layout?: Layout;
  /** Present for a first derivative by a symmetric matrix: which of its conventions the answer follows. By an entry of one it is `free`. */
  readonly symmetry?: Symmetry;
  readonly order: number;
  /** `entries` where there is no closed matrix notation and the term is a sum over entries. */
  readonly notation: "matrix" | "entries";
  /** What was differentiated, as written. */
  readonly of: Expr;
  /** What it was differentiated by; several, in turn or together, with commas between. */
  readonly wrt: string;
  /** What the variables move along. */
  readonly along?: string;
  /** The gradient that is taken back. */
  readonly upstream?: string;
  /** Further forms: all where the derivative has more than two axes, otherwise those asked for. */
  readonly views: readonly View[];
  /** Names in the texts that stand for parts; the term holds the parts themselves. */
  readonly where: readonly NamedText[];
  /** Where the answer holds. */
  readonly conditions: readonly Condition[];
  toJSON(): AnswerJSON;
}

/** An answer as plain data. */
export interface AnswerJSON extends Omit<Answer, "expr" | "of" | "toJSON"> {
  readonly expr: ExprJSON;
  readonly of: ExprJSON;
}

function only(solved: Solved | Refusal): Answer | Refusal {
  if (!solved.ok) return solved;
  const [part, next] = solved.parts;
  const message = "there is an answer for each of the variables, and one can be given";
  const fix = "one variable in wrt";
  if (next !== undefined)
    return { ok: false, diagnostics: [{ code: "declaration", message, span: NOWHERE, fix }], source: solved.stated.source };
  return (part as Solved["parts"][number]).answer;
}

const ask = (question: Question, kind: Kind, more: Choice = {}): Answer | Refusal => {
  const { layout, symmetry = "symmetric", order, views, where } = question;
  return only(
    solve(question, listed(question.wrt), kind, {
      symmetry,
      mixed: listed(question.wrt).length > 1,
      ...optional({ layout, order, views, where }),
      ...more,
    }),
  );
};

/** A question about one answer that has no layout and no order to choose. */
export type OneAnswer = Omit<Question, "layout" | "order" | "symmetry">;

/**
 * The derivative ∂expr/∂wrt in closed form.
 *
 * Shapes, for y of m and x of n entries: m×n in numerator layout [PH18 §4], which is used unless
 * another is asked for; a derivative with more than two axes is ∂vec(Y)/∂vec(X) [MN19 ch. 5] in
 * every layout, and comes with its views. By several variables it is the mixed derivative by each
 * in turn. With order 2 of a number it is the Hessian ∂²f/∂vec(x)∂vec(x)ᵀ; of order k in general
 * ∂vec(∂^(k−1))/∂vec(x).
 *
 * What is wrong with the input is an answer, too, with a place in the text and, where one is
 * known, the fix. A function without a rule is refused; a zero means that x does not occur.
 *
 * @example
 * ```ts
 * import { differentiate } from "nabla";
 *
 * const answer = differentiate({ expr: "x'*A*x", wrt: "x", vars: { x: ["n"], A: ["n", "n"] } });
 * console.log(answer.ok && answer.ascii, answer.ok && answer.shape); // x'*(A + A') ["1","n"]
 *
 * const refused = differentiate({ expr: "x*y", wrt: "x", declarations: "x, y : vector(n)" });
 * console.log(refused.ok || refused.diagnostics[0]?.fix); // x'y is a number, x ⊙ y a vector, x y' a matrix
 * ```
 */
export const differentiate = (question: Question): Answer | Refusal => ask(question, "derivative");

/**
 * The gradient of a number, in the shape of the variable; by a symmetric variable, the gradient
 * among symmetric matrices unless `symmetry` says otherwise. Refuses what is not a number.
 *
 * @example
 * ```ts
 * import { gradient } from "nabla";
 *
 * const answer = gradient({ expr: "norm2(A*x - b)^2", wrt: "x" });
 * console.log(answer.ok && answer.ascii, answer.ok && answer.shape); // 2*A'*(A*x - b) ["n","1"]
 * ```
 */
export const gradient = (question: OneAnswer & Pick<Question, "symmetry">): Answer | Refusal => ask(question, "gradient");

/**
 * The Hessian of a number [MN19 ch. 6]: n×n for a vector, mn×mn over vec(X) for an m×n matrix;
 * by two variables the block ∂²f/∂vec(x)∂vec(y)ᵀ. Refuses what is not a number.
 *
 * @example
 * ```ts
 * import { hessian } from "nabla";
 *
 * const answer = hessian({ expr: "logsumexp(x)", wrt: "x" });
 * console.log(answer.ok && answer.ascii); // diag(softmax(x)) - softmax(x)*softmax(x)'
 * ```
 */
export const hessian = (question: OneAnswer): Answer | Refusal => ask(question, "hessian");

/** A question with directions: names that are new, or expressions, of the variables' shapes. */
export interface Directed extends OneAnswer {
  /** One for each variable; new names unless stated. */
  readonly along?: string | readonly string[];
}

/**
 * The directional derivative lim (f(x + t v) − f(x))/t for t → 0, in the shape of the value: a
 * Jacobian-vector product. By several variables, each along its own direction, all moving together.
 *
 * @example
 * ```ts
 * import { jvp } from "nabla";
 *
 * const answer = jvp({ expr: "inv(A)", wrt: "A", along: "V" });
 * console.log(answer.ok && answer.ascii); // -inv(A)*V*inv(A)
 * ```
 */
export const jvp = (question: Directed): Answer | Refusal => ask(question, "jvp", { along: listed(question.along) });

/**
 * The Hessian of a number times a direction v, in the shape of the variable; the Hessian itself
 * is not formed. Refuses what is not a number.
 *
 * @example
 * ```ts
 * import { hvp } from "nabla";
 *
 * const answer = hvp({ expr: "sum(exp(A*x))", wrt: "x", along: "v" });
 * console.log(answer.ok && answer.ascii); // A'*(exp(A*x) .* (A*v))
 * ```
 */
export const hvp = (question: Directed): Answer | Refusal => ask(question, "hvp", { along: listed(question.along) });

/**
 * What a gradient u of some number by the value gives to the variable: the gradient of the sum of
 * the entries of u ⊙ f, a vector-Jacobian product. u has the shape of the value, the answer that of the variable.
 *
 * @example
 * ```ts
 * import { vjp } from "nabla";
 *
 * const declarations = "A : matrix(m, n); X : matrix(n, k); B : matrix(k, p)";
 * const answer = vjp({ expr: "A*X*B", wrt: "X", upstream: "G", declarations });
 * console.log(answer.ok && answer.ascii, answer.ok && answer.shape); // A'*G*B' ["n","k"]
 * ```
 */
export const vjp = (question: OneAnswer & { readonly upstream?: string }): Answer | Refusal =>
  ask(question, "vjp", optional({ upstream: question.upstream }));

/**
 * The differential dY = …, linear in dX and free of any layout [MN19 ch. 5]; by several variables
 * the sum of theirs, without `wrt` by all that are not constant.
 *
 * @example
 * ```ts
 * import { differential } from "nabla";
 *
 * const answer = differential({ expr: "logdet(X)", wrt: "X" });
 * console.log(answer.ok && answer.ascii); // tr(inv(X)*dX)
 * ```
 */
export const differential = (question: OneAnswer): Answer | Refusal => ask(question, "differential");

/**
 * The shortest matrix notation of an expression that the search finds; its value and its shape stay.
 *
 * @example
 * ```ts
 * import { simplify } from "nabla";
 *
 * const answer = simplify({ expr: "A*x + A'*x", declarations: "A : matrix(n, n); x : vector(n)" });
 * console.log(answer.ok && answer.ascii); // (A + A')*x
 * ```
 */
export function simplify(expression: Expression): Written | Refusal {
  return answering(expression, (library) => {
    const stated = state(expression, [], library);
    const expr = shortestOf(stated.expr, stated);
    const { where: _, ...texts } = written(library.notate(expr), stated, false);
    const plain = { ok: true, ...texts, assumptions: stated.assumptions } as const;
    return { ...plain, toJSON: () => ({ ...plain, expr: exprToJSON(plain.expr) }) };
  });
}
