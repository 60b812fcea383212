// From what a caller hands over, text or terms, to the typed terms that everything else
// works on: definitions put in, targets found, terms of an earlier epoch interned again.
//
// Invariant: what comes out was interned after the last call of `trimTables`, so terms of
// one question are comparable with each other, and nothing outlives the call but values.

import { fail } from "../../base/diagnostic.ts";
import { internEpoch } from "../../base/intern.ts";
import { flatMap } from "../../base/list.ts";
import { optional } from "../../base/optional.ts";
import { wholeOf } from "../../base/span.ts";
import type { Definition, Problem } from "../../elaborate/elaborate.ts";
import { readTarget, resolveTarget, type Target } from "../../elaborate/names/target.ts";
import { substitute, variable } from "../../expr/build.ts";
import { dimNames, dimOf } from "../../expr/dim.ts";
import { type Expr, nodes, type Variable, variables } from "../../expr/expr.ts";
import type { FunctionTable } from "../../expr/functions.ts";
import { exprFromJSON, exprToJSON } from "../../expr/json.ts";
import { shapeOf } from "../../expr/shape.ts";
import type { Library } from "../../rewrite/library.ts";
import { refuse } from "./call.ts";
import { withFunctionLetters } from "./functionLetters.ts";
import { withMarks, withoutMarks } from "./marked.ts";
import { type Context, type Expression, elaborateIn } from "./question.ts";
/** A question as typed terms. */
export interface Stated {
  /** Definitions put in. */
  readonly expr: Expr;
  /** As written: definitions stand as names. */
  readonly written: Expr;
  /** Its text, where that says better what it is. */
  readonly wording?: string;
  readonly targets: readonly Target[];
  /** Present where the text is a derivative of higher order: by each target in turn. */
  readonly inTurn?: true;
  /** Every variable; defined names are none. */
  readonly variables: readonly Variable[];
  /** Each with the earlier ones put in. */
  readonly definitions: readonly Definition[];
  readonly unknowns: Problem["unknowns"];
  readonly dims: readonly string[];
  readonly assumptions: readonly string[];
  readonly library: Library;
  readonly source: string;
  readonly dialect: "standard" | "paper";
}

/** A term interned in the current epoch. */
export const renewed = (expr: Expr): Expr => (internEpoch() === 0 ? expr : exprFromJSON(exprToJSON(expr)));

/** The typed terms of an expression and of what it is to be differentiated by. Ends the call on a fault of the input. */
export function state(expression: Expression, wrt: readonly string[], library: Library): Stated {
  const common = { library, dims: expression.dims ?? [], dialect: expression.dialect ?? "standard" } as const;
  if (typeof expression.expr !== "string") return { ...stateTerm(expression, renewed(expression.expr), wrt), ...common };
  const { expr: text, ...said } = expression;
  const { question: context, assumed } = withFunctionLetters(said, text, library);
  const settled = { ...context, library };
  const isMarked = mayHaveMarks(text, expression);
  const result = elaborateIn(isMarked ? withMarks(settled) : settled, text, wrt);
  if (!result.ok) refuse(result);
  const problem = isMarked ? unmarked(result.problem, library) : result.problem;
  if (problem.claim?.right !== undefined)
    fail("type", "this is a claim; an expression is wanted here", wholeOf(text), { fix: "only the side to work on" });
  const asked = askedIn(problem, text);
  const inTurn = asked.length > 1;
  const targets = problem.targets.length > 0 && !inTurn ? problem.targets : asked;
  // By a defined name one differentiates as by a variable of its shape, what defines it held back.
  const isTarget = ({ name }: Definition): boolean => targets.some((t) => t.variable.name === name);
  const held = problem.definitions.filter(isTarget);
  const definitions = putIn(
    problem.definitions.filter((d) => !isTarget(d)),
    library.functions,
  );
  const bodies = new Map(definitions.map((d) => [d.variable, d.expr]));
  return {
    expr: substitute(problem.expr, bodies, library.functions),
    written: problem.expr,
    ...optional({ wording: problem.wording }),
    targets,
    ...(inTurn ? { inTurn } : {}),
    variables: [...problem.variables, ...held.map((d) => d.variable)],
    definitions,
    unknowns: problem.unknowns,
    assumptions: [...problem.assumptions, ...assumed, ...held.map((d) => `${d.name} is a variable of its own, its definition left aside`)],
    source: problem.source,
    ...common,
    dims: [...new Set([...common.dims, ...problem.targets.flatMap(positionNames), ...writtenSizes(problem)])],
  };
}

/** Whether a text or a definition may have marks of derivatives: f'(x). */
const mayHaveMarks = (text: string, { let: definitions = [] }: Context): boolean =>
  [text, ...definitions.map(([, body]) => body)].some((t) => /[A-Za-z0-9_α-ωΓ](?:['′″‴]|\^\{?\\prime)/.test(t));

/** The problem with the derivatives that marks stand for written out. */
function unmarked(problem: Problem, library: Library): Problem {
  const written = (e: Expr): Expr => withoutMarks(e, library);
  const definitions = problem.definitions.map((d) => ({ ...d, expr: written(d.expr) }));
  return { ...problem, expr: written(problem.expr), definitions };
}

/** What a text that is a derivative is by, each time: nothing for others. Refuses one by something else than asked for beside it. */
function askedIn({ claim, targets }: Problem, text: string): readonly Target[] {
  if (claim?.left.kind !== "derivative") return [];
  const { by } = claim.left;
  const whole = wholeOf(text);
  const others = targets.filter((t) => by.every((b) => b.variable.name !== t.variable.name));
  if (others.length > 0)
    fail("unsupported", "this is a derivative already, by another variable", whole, {
      fix: "its value, or the expression alone with --wrt and --order",
    });
  return by;
}

// Sizes that name the place of an entry: i and j of X[i,j].
const positionNames = ({ at }: Pick<Target, "at">): string[] => (at ?? []).flatMap((i) => (i.kind === "position" ? dimNames(i.at) : []));

// Names that stand in the expression itself: n of ones(n) and of n*x, i and j of X[i,j] without a sum.
const writtenSizes = ({ expr, definitions }: Problem): string[] =>
  flatMap([expr, ...definitions.map((d) => d.expr)], (e) =>
    flatMap(nodes(e), (node) => {
      if (node.kind === "dim") return dimNames(node.dim);
      if (node.kind === "apply") return flatMap(node.params, dimNames);
      return node.kind === "entry" ? positionNames({ at: node.at }) : [];
    }),
  );

type Common = "library" | "dims" | "dialect";

function stateTerm(expression: Expression, expr: Expr, wrt: readonly string[]): Omit<Stated, Common> {
  const known = new Map(variables(expr).map((v) => [v.name, v]));
  for (const [name, sizes] of Object.entries(expression.vars ?? {}))
    if (!known.has(name)) known.set(name, variable(name, shapeOf(dimOf(sizes[0] ?? 1), dimOf(sizes[1] ?? 1))));
  const targets = wrt.map((text) => {
    const span = wholeOf(text);
    const target = readTarget(text);
    if (!known.has(target.name))
      fail("name", `${target.name} does not occur, and its shape is not stated`, span, { fix: "state it in vars" });
    return resolveTarget(target, (name) => known.get(name), { source: text, span });
  });
  return {
    expr,
    written: expr,
    targets,
    variables: [...known.values()],
    definitions: [],
    unknowns: [],
    assumptions: [],
    source: "",
  };
}

/** Every definition in terms of variables alone, and of the names that are kept. */
export function putIn(definitions: readonly Definition[], functions: FunctionTable, kept: ReadonlySet<Expr> = new Set()): Definition[] {
  const bodies = new Map<Expr, Expr>();
  return definitions.map((d) => {
    const expr = substitute(d.expr, bodies, functions);
    if (!kept.has(d.variable)) bodies.set(d.variable, expr);
    return { ...d, expr };
  });
}
