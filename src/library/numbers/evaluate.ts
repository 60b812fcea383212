// Values: of an expression or of its derivative, at given data.
//
// Not here: how data become a point (data.ts), and whether a derivative is right (verify.ts).

import { InputError } from "../../base/diagnostic.ts";
import { NOWHERE } from "../../base/span.ts";
import { substitute } from "../../expr/build.ts";
import type { Layout, Symmetry } from "../../expr/conventions.ts";
import type { Expr } from "../../expr/expr.ts";
import type { Library } from "../../rewrite/library.ts";
import { derivativeBy } from "../answer/solve.ts";
import { answering, isFault, type Refusal } from "../question/call.ts";
import { type Expression, listed } from "../question/question.ts";
import { type Stated, state } from "../question/state.ts";
import { type Data, type DataValue, plain, pointAt, shapesOfData } from "./data.ts";
import { loadOracle } from "./oracle.ts";

/** Values for the variables of an expression: numbers, lists for columns, lists of rows for matrices. */
export interface Evaluation extends Expression {
  readonly at: Data;
  /** Evaluates the derivative by this instead. */
  readonly wrt?: string;
  /** numerator unless stated. */
  readonly layout?: Layout;
  /** As in a question: `symmetric` unless stated. */
  readonly symmetry?: Symmetry;
  /** How often to differentiate; 1 unless stated. */
  readonly order?: number;
}

/** A value at given data. */
export interface Value {
  readonly ok: true;
  /** A number, a column as a list, anything else as a list of rows. */
  readonly value: DataValue;
  /** The shape; 1 and 1 for a number. */
  readonly rows: number;
  readonly cols: number;
}

/**
 * The value of an expression, or with `wrt` of its derivative, at given data; undeclared variables
 * take their shapes from the data. Refuses data that do not fit, and points outside of the domain.
 *
 * @example
 * ```ts
 * import { evaluate } from "nabla";
 *
 * const value = await evaluate({ expr: "x'*A*x", wrt: "x", at: { x: [1, 2], A: [[1, 2], [3, 4]] } });
 * console.log(value.ok && value.value); // [[12,21]]
 * ```
 */
export async function evaluate(request: Evaluation): Promise<Value | Refusal> {
  const numeric = await loadOracle();
  return answering(request, (library) => {
    const wrt = listed(request.wrt);
    const stated = statedAtData(request, wrt, library);
    const target = stated.targets[0];
    const by = target === undefined ? [] : Array.from({ length: request.order ?? 1 }, () => target);
    const { layout = "numerator", symmetry = "symmetric" } = request;
    const term = by.length === 0 ? stated.expr : derivativeBy(stated, by, layout, { symmetry }).answer.expr;
    const bodies = new Map<Expr, Expr>(stated.definitions.map((d) => [d.variable, d.expr]));
    const whole = substitute(term, bodies, library.functions);
    const point = pointAt(request.at, whole, stated.variables);
    try {
      const value = numeric.evaluate(whole, point, library.definition);
      return { ok: true, value: plain(value), rows: value.rows, cols: value.cols };
    } catch (error) {
      if (isNumericError(error)) throw new InputError({ code: "type", message: error.message, span: NOWHERE });
      throw error;
    }
  });
}

/**
 * An expression at data: undeclared variables have the sizes of their values; where these do not
 * meet the names of declared sizes, inference finds the shapes.
 */
export function statedAtData(request: Evaluation, wrt: readonly string[], library: Library): Stated {
  const vars = { ...shapesOfData(request, library.functions), ...request.vars };
  try {
    return state({ ...request, vars }, wrt, library);
  } catch (error) {
    if (!isFault(error)) throw error;
    try {
      return state(request, wrt, library);
    } catch (second) {
      if (isFault(second)) throw error;
      throw second;
    }
  }
}

/** Whether evaluation failed; by name, because the class itself lives behind the dynamic import. */
export const isNumericError = (error: unknown): error is Error => error instanceof Error && error.name === "NumericError";
