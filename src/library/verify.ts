// Numbers: is a derivative right, and what is the value of an expression at given data.
// The numeric oracle is loaded on first use, so that nothing else pays for it.
//
// Invariants: what is checked is text as a reader sees it, parsed again, so printing is
// part of what is checked. After the one wait, for the oracle, a call is synchronous: no
// other call can come between its terms.

import { fail, InputError } from "../base/diagnostic.ts";
import type { Layout } from "../calculus/layout.ts";
import { checkAnswer, type Verdict } from "../check/answer.ts";
import { parseExpression } from "../elaborate/elaborate.ts";
import type { Target } from "../elaborate/target.ts";
import { add, apply, mul, transpose, variable } from "../expr/build.ts";
import type { Dim } from "../expr/dim.ts";
import type { Expr, Variable } from "../expr/expr.ts";
import { isScalarShape, isVectorShape, sameShape, scalarShape, shapeText } from "../expr/shape.ts";
import { type Matrix, toRows } from "../numeric/matrix.ts";
import type { Numeric } from "../numeric/numeric.ts";
import type { Definitions } from "../numeric/program.ts";
import type { Library } from "../rewrite/library.ts";
import { type Answer, answerTo, targetsOf } from "./answer.ts";
import { type Data, type DataValue, pointAt, shapesOfData } from "./data.ts";
import {
  answering,
  type Expression,
  isFault,
  type Question,
  type Refusal,
  refuse,
  renewed,
  type Stated,
  state,
  substitute,
} from "./question.ts";

/** The claim that `answer` is the derivative that the question asks for. */
export interface AnswerClaim extends Question {
  /** Text as printed, or a term. */
  readonly answer: string | Expr;
  /** Decides the points; 1 unless stated. */
  readonly seed?: number;
  /** Number of points; 3 unless stated. */
  readonly points?: number;
}

/** What the numbers say of a claim. */
export interface Checked {
  readonly ok: true;
  readonly verdict: "agrees" | "differs" | "not checked";
  /** Points compared. */
  readonly points: number;
  /** The largest error, relative to the size of the derivative. */
  readonly worst: number;
  readonly seed: number;
  /** Why it differs or could not be checked. */
  readonly reason?: string;
  readonly witness?: PlainWitness;
}

/** A place where a claim fails: the 1-based entry, both values there, and the data to compute them again. */
export interface PlainWitness {
  readonly row: number;
  readonly col: number;
  readonly expected: number;
  readonly claimed: number;
  readonly sizes: Readonly<Record<string, number>>;
  readonly at: Readonly<Record<string, DataValue>>;
}

let loading: Promise<Numeric> | undefined;

function loadOracle(): Promise<Numeric> {
  loading ??= import("../numeric/numeric.ts").then((m) => m.loadNumeric());
  return loading;
}

/** Compares an answer, as text or term, with numeric differentiation at random points of several shapes. */
export async function check(claim: AnswerClaim): Promise<Checked | Refusal> {
  const numeric = await loadOracle();
  return answering(claim, (library) => {
    const stated = state(claim, claim.wrt === undefined ? [] : [claim.wrt], library);
    const target = targetsOf(stated)[0] as Target;
    const answer = typeof claim.answer === "string" ? readAnswer(claim.answer, stated, undefined) : renewed(claim.answer);
    const { layout = "numerator", order = 1 } = claim;
    return checked(compare(numeric, stated, target, { answer, layout, order }, claim));
  });
}

/** Checks answers, each by the text of it that is printed, against one stated question. */
export async function openCheck(): Promise<
  (stated: Stated, target: Target, answer: Answer, text: string, options?: CheckChoice) => Checked
> {
  const numeric = await loadOracle();
  return (stated, target, answer, text, options = {}) => {
    const term = readAnswer(text, stated, answer.expr);
    return checked(compare(numeric, stated, target, { answer: term, layout: answer.layout, order: answer.order }, options));
  };
}

export interface CheckChoice {
  readonly seed?: number;
  readonly points?: number;
}

interface Claimed {
  readonly answer: Expr;
  readonly layout: Layout;
  readonly order: 1 | 2;
}

function compare(numeric: Numeric, stated: Stated, target: Target, claimed: Claimed, options: CheckChoice): Verdict {
  const { library } = stated;
  const [along, by] = moving(target);
  const moved = (e: Expr): Expr => substitute(e, along, library.functions);
  const { seed, points } = options;
  return checkAnswer(
    numeric,
    { ...claimed, expr: moved(stated.expr), answer: moved(claimed.answer), wrt: by },
    { definitions: definitionsOf(library), ...(seed === undefined ? {} : { seed }), ...(points === undefined ? {} : { points }) },
  );
}

const definitionsOf =
  (library: Library): Definitions =>
  (name) => {
    const found = library.definition(name);
    return found === undefined ? undefined : { params: found.parameters, body: found.body };
  };

// The derivative by an entry is that by a number t in x + t eᵢ.
function moving({ variable: x, at }: Target): [ReadonlyMap<Expr, Expr>, Variable] {
  if (at === undefined) return [new Map(), x];
  const t = variable("∂", scalarShape());
  const unit = (dim: Dim, side: 0 | 1): Expr => {
    const index = at[side];
    if (index.kind !== "position") return fail("unsupported", "a part of a variable is no entry", { start: 0, end: 0 });
    return apply("unit", [], [dim, index.at]);
  };
  const column = (): Expr => unit(x.shape.rows, 0);
  const row = (): Expr => transpose(unit(x.shape.cols, 1));
  const e = isVectorShape(x.shape) ? (x.shape.cols.key === "1" ? column() : row()) : mul(column(), row());
  return [new Map([[x, isScalarShape(x.shape) ? add(x, t) : add(x, mul(t, e))]]), t];
}

/** A printed answer as a term, definitions put in; `like` is consulted where the text leaves sizes to the reader. */
function readAnswer(text: string, stated: Stated, like: Expr | undefined): Expr {
  const { definitions, library, unknowns, dims } = stated;
  const scope = { variables: [...stated.variables, ...definitions.map((d) => d.variable)], functions: library.functions, unknowns, dims };
  let read = parseExpression(text, scope);
  if (!read.ok && like !== undefined) {
    // An identity or a vector of ones without size takes it from its surroundings.
    const { rows, cols } = like.shape;
    read = parseExpression(`zeros(${rows.key},${cols.key}) + (${text})`, scope);
  }
  if (!read.ok) refuse(read);
  if (like !== undefined && !sameShape(read.expr.shape, like.shape))
    fail("shape", `the printed answer reads as ${shapeText(read.expr.shape)} and is ${shapeText(like.shape)}`, {
      start: 0,
      end: text.length,
    });
  return substitute(read.expr, new Map(definitions.map((d) => [d.variable, d.expr])), library.functions);
}

function checked(verdict: Verdict): Checked {
  const { ok, points, worst, seed, reason, witness } = verdict;
  return {
    ok: true,
    verdict: ok === undefined ? "not checked" : ok ? "agrees" : "differs",
    points,
    worst,
    seed,
    ...(reason === undefined ? {} : { reason: reason.replace(/^not checked: /, "") }),
    ...(witness === undefined
      ? {}
      : {
          witness: {
            row: witness.row,
            col: witness.col,
            expected: witness.expected,
            claimed: witness.claimed,
            sizes: Object.fromEntries(witness.point.sizes),
            at: Object.fromEntries([...witness.point.values].map(([name, value]) => [name, plain(value)])),
          },
        }),
  };
}

/** A number, a column as a list, anything else as a list of rows. */
const plain = (m: Matrix): DataValue => (m.rows === 1 && m.cols === 1 ? (m.data[0] as number) : m.cols === 1 ? [...m.data] : toRows(m));

/** Values for the variables of an expression: numbers, lists for columns, lists of rows for matrices. */
export interface Evaluation extends Expression {
  readonly at: Data;
  /** Evaluates the derivative by this instead. */
  readonly wrt?: string;
  readonly layout?: Layout;
  readonly order?: 1 | 2;
}

export interface Value {
  readonly ok: true;
  /** A number, a column as a list, anything else as a list of rows. */
  readonly value: DataValue;
  readonly rows: number;
  readonly cols: number;
}

/** The value of an expression, or of its derivative, at given data; undeclared variables take their shapes from the data. */
export async function evaluate(request: Evaluation): Promise<Value | Refusal> {
  const numeric = await loadOracle();
  return answering(request, (library) => {
    const wrt = request.wrt === undefined ? [] : [request.wrt];
    const stated = statedAtData(request, wrt, library);
    const target = stated.targets[0];
    const term = target === undefined ? stated.expr : answerTo(stated, target, request.layout ?? "numerator", request.order ?? 1).expr;
    const bodies = new Map<Expr, Expr>(stated.definitions.map((d) => [d.variable, d.expr]));
    const whole = substitute(term, bodies, library.functions);
    const point = pointAt(request.at, whole);
    try {
      const value = numeric.evaluate(whole, point, definitionsOf(library));
      return { ok: true, value: plain(value), rows: value.rows, cols: value.cols };
    } catch (error) {
      if (isNumericError(error)) throw new InputError({ code: "type", message: error.message, span: { start: 0, end: 0 } });
      throw error;
    }
  });
}

// Undeclared variables have the sizes of their values; where these do not meet the names of
// declared sizes, inference finds the shapes.
function statedAtData(request: Evaluation, wrt: readonly string[], library: Library): Stated {
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

// By name: the class itself lives behind the dynamic import.
const isNumericError = (error: unknown): error is Error => error instanceof Error && error.name === "NumericError";
