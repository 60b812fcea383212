// One request from its texts to a problem: data, declarations, definitions and the final
// expression or claim share one scope and one inference, so that each settles the others.
//
// Throws InputErrors; elaborate/elaborate.ts turns them into diagnostics.

import { flatMap } from "../../base/list.ts";
import { optional } from "../../base/optional.ts";
import { wholeOf } from "../../base/span.ts";
import { variable } from "../../expr/build.ts";
import { type Dim, dimNames } from "../../expr/dim.ts";
import type { Expr, Variable } from "../../expr/expr.ts";
import { type DerivativeTree, type Document, isDerivative, type SideTree, type Tree } from "../../syntax/tree.ts";
import { preferNumber } from "../kinds/kinds.ts";
import { settleShapes } from "../kinds/settle.ts";
import { dataPlace } from "../names/declare.ts";
import { assumptionSentences, isTime } from "../names/letters.ts";
import { runsIn } from "../names/runs.ts";
import { declareVariable, inferVariable, type Scope, type UnknownFunction, type VariableInfo } from "../names/scope.ts";
import { entryName, resolveTarget, type Target, type TargetText, targetText } from "../names/target.ts";
import type { Place } from "../shapes/constraint.ts";
import { refuse } from "../shapes/mismatch.ts";
import { commonShape } from "../shapes/shapes.ts";
import { rowTarget } from "../terms/subscript.ts";
import { buildTerms, type Context, type Term, variableTerm } from "../terms/term.ts";
import { elaborateTree } from "../terms/walk.ts";
import { type Request, readTexts } from "./request.ts";
import { noteUses, type Trees, termOf } from "./uses.ts";
import { varyByItself, wantTarget } from "./wanted.ts";

/** A name that the text defines. */
export interface Definition {
  readonly name: string;
  /** Stands for it in later terms. */
  readonly variable: Variable;
  /** In terms of the names before it. */
  readonly expr: Expr;
}

/** One side of a claim: a term, or a derivative of one. */
export type Side =
  | { readonly kind: "value"; readonly expr: Expr }
  | { readonly kind: "derivative"; readonly form: "derivative" | "gradient"; readonly of: Expr; readonly by: readonly Target[] };

/** An equation to be judged; without a right side, a derivative that is asked for. */
export interface Claim {
  readonly left: Side;
  readonly right?: Side;
}

/** What is asked, every name and shape known. */
export interface Problem {
  /** The expression asked about, definitions not substituted; of a claim, what its left side differentiates. */
  readonly expr: Expr;
  readonly claim?: Claim;
  /** Every variable, declared or inferred, without the defined names. */
  readonly variables: readonly Variable[];
  readonly definitions: readonly Definition[];
  /** Functions without a body, and variables that depend on others. */
  readonly unknowns: readonly UnknownFunction[];
  /** Every name of a dimension. */
  readonly dims: readonly string[];
  /** The axis of each fixed index. */
  readonly axes: ReadonlyMap<string, Dim>;
  /** Letters and numbers that entries of declared names stand at. */
  readonly places: ReadonlySet<string>;
  /** `wrt` of the request, in order. */
  readonly targets: readonly Target[];
  /** Names that are not declared and may be numbers by the way they are used. */
  readonly loose: ReadonlySet<string>;
  /** Names that nothing declares and that may be meant as products, by these. */
  readonly runs: ReadonlyMap<string, string>;
  /** What was assumed beyond what is declared, as sentences. */
  readonly assumptions: readonly string[];
  readonly source: string;
  /** The text of the expression, where that says better what it is than its term does. */
  readonly wording?: string;
}

/** Reads a whole request in a fresh context. Throws an InputError for every fault of it. */
export function readProblem(request: Request, ctx: Context): Problem {
  const { text } = request;
  const texts = readTexts(request, ctx);
  for (const { target, text: source } of texts.wanted) varyByItself(ctx, target.name, source);
  const trees = noteUses(texts, ctx);
  const { defined, sides: terms, main } = elaborateTrees(trees, texts.document, ctx);
  const outer = texts.wanted.map((w): Asked => ({ target: rowTarget(ctx, w.target), place: dataPlace(w.text) }));
  const sides = terms.map((side): AskedSide => ({ ...side, by: askedInside(ctx, side.tree) }));
  settleAll(sides, outer, main, ctx);

  const find = finder(ctx);
  const targets = outer.map(({ target, place }) => resolveTarget(target, find, place));
  const runs = runsIn(ctx.scope);
  const claim = claimOf(sides, trees.isEquation, ctx, { targets, find });
  const [only, ...more] = sides;
  const isReworded = ctx.rewritten && only !== undefined && more.length === 0;
  return {
    expr: main.expr as Expr,
    ...declaredIn(ctx),
    definitions: defined.map(({ info, term }) => ({ name: info.name, variable: find(info.name) as Variable, expr: term.expr as Expr })),
    places: ctx.scope.places,
    axes: new Map([...ctx.axes].map(([index, [axis]]) => [index, ctx.inf.resolve(axis as Dim)])),
    targets,
    loose: new Set([...ctx.scope.variables.values()].filter((v) => !v.declared && !v.likelyVector).map((v) => v.name)),
    runs,
    assumptions: assumptions(ctx, runs),
    source: text,
    ...(isReworded ? { wording: textOf(text, termOf(only.tree)) } : {}),
    ...optional({ claim }),
  };
}

/** A side as it is written, and its term. */
interface SideTerm {
  readonly tree: SideTree;
  readonly term: Term;
}

/** A side with what it is differentiated by. */
interface AskedSide extends SideTerm {
  readonly by: readonly Asked[];
}

interface Elaborated {
  readonly defined: readonly { readonly info: VariableInfo; readonly term: Term }[];
  readonly sides: readonly SideTerm[];
  /** What is asked about. */
  readonly main: Term;
}

/** The terms of a request, their shapes still open. */
function elaborateTrees({ definitions, sides, isEquation }: Trees, document: Document, ctx: Context): Elaborated {
  const { scope, inf } = ctx;
  const { source: text, final } = document;
  const defined = definitions.map(({ tree, source }) => {
    ctx.source = source;
    const term = elaborateTree(ctx, tree.value);
    const place: Place = source === text ? { source, span: tree.nameSpan } : dataPlace(tree.name);
    return { info: declareVariable(scope, tree.name, term.shape, place, { value: tree.value }), term };
  });
  ctx.source = text;
  const [first] = sides;
  if (isEquation && first !== undefined) refuseRecursion(scope, first, text);
  const terms = sides.map((side) => elaborateTree(ctx, termOf(side)));
  // A text that ends with a definition asks about the name it defines, or about one that builds on it.
  const everything: Place = { source: text, span: wholeOf(text) };
  const last = document.definitions.length > 0 ? defined[defined.length - 1] : undefined;
  const main = terms[0] ?? (last === undefined ? undefined : variableTerm(ctx, everything, last.info));
  if (main === undefined)
    return refuse(everything, "empty", "there are only declarations and nothing to work on", "an expression in the last line");
  const [left, right] = terms;
  if (final !== undefined && left !== undefined && right !== undefined && !sides.some(isDerivative))
    commonShape(inf, { left, right, sign: "=", place: { source: text, span: final.span } });
  return { defined, sides: sides.map((tree, i) => ({ tree, term: terms[i] as Term })), main };
}

/** Takes up what is differentiated by, settles every shape and builds the terms. */
function settleAll(sides: readonly AskedSide[], outer: readonly Asked[], main: Term, ctx: Context): void {
  const { scope, inf } = ctx;
  const inner = sides.flatMap((s) => s.by);
  for (const { target, place } of outer) wantTarget(ctx, target, place);
  for (const u of scope.unknowns.values())
    for (const name of u.of ?? []) {
      if (scope.unknowns.has(name)) continue;
      const { shape } = inferVariable(scope, inf, name);
      if (isTime(name) && inf.orientation(shape) === "open") preferNumber(ctx, shape);
    }
  for (const { target, place } of inner) wantTarget(ctx, target, place, true);
  // A gradient belongs to a number: open shapes follow from that where nothing stands against it.
  for (const { tree, term } of sides) if (isDerivative(tree) && tree.form === "gradient") preferNumber(ctx, term.shape);
  const differentiated = sides.find((s) => isDerivative(s.tree))?.term ?? (outer.length > 0 ? main : undefined);
  const by = [...outer, ...inner].map(({ target: { name } }) => (scope.variables.has(name) ? name : entryName(name)?.name));
  const known = by.filter((name): name is string => name !== undefined && scope.variables.has(name));
  settleShapes(ctx, differentiated === undefined ? undefined : { value: differentiated.shape, by: known });
  buildTerms(ctx);
}

/** The equation between sides, or the derivative that is asked for; undefined where the text ends with a term. */
function claimOf([left, right]: readonly AskedSide[], isEquation: boolean, ctx: Context, known: Known): Claim | undefined {
  if (left === undefined || !(isEquation || isDerivative(left.tree))) return undefined;
  const side = ({ tree, term, by }: AskedSide): Side =>
    isDerivative(tree)
      ? { kind: "derivative", form: tree.form, of: term.expr as Expr, by: variablesOf(tree, by, ctx, known) }
      : { kind: "value", expr: term.expr as Expr };
  return right === undefined ? { left: side(left) } : { left: side(left), right: side(right) };
}

// f(x) = f(x) + 1 reads as an equation about a product, which nobody means.
function refuseRecursion(scope: Scope, left: SideTree, source: string): void {
  if (left.kind !== "binary" || left.sign !== "" || left.left.kind !== "name" || left.right.kind !== "name") return;
  const [f, x] = [left.left, left.right];
  if (!f.applied || x.grouped !== true || scope.variables.has(f.name)) return;
  refuse(
    { source, span: left.span },
    "declaration",
    `${f.name}(${x.name}) = … defines no function: ${f.name} stands on the right as well`,
    "another name on the left",
  );
}

const textOf = (source: string, { span }: Tree): string => source.slice(span.start, span.end).replace(/\s+/g, " ");

/** The variables, functions without a body and dimensions of a settled context. */
export function declaredIn(ctx: Context): { variables: Variable[]; unknowns: UnknownFunction[]; dims: string[] } {
  const find = finder(ctx);
  const variables = [...ctx.scope.variables.values()].filter((v) => !v.defined).map((v) => find(v.name) as Variable);
  const used = flatMap(variables, (v) => [...dimNames(v.shape.rows), ...dimNames(v.shape.cols)]);
  return { variables, unknowns: settledUnknowns(ctx), dims: [...new Set([...ctx.scope.dims, ...used])] };
}

function finder(ctx: Context): (name: string) => Variable | undefined {
  const known = new Map<string, Variable>();
  for (const info of ctx.scope.variables.values())
    known.set(info.name, info.given ?? variable(info.name, ctx.inf.resolveShape(info.shape), [...info.attributes]));
  return (name) => known.get(name);
}

/** What is differentiated by, as it is read, and where it is written. */
interface Asked {
  readonly target: TargetText;
  readonly place: Place;
}

const askedInside = (ctx: Context, side: SideTree): Asked[] =>
  isDerivative(side)
    ? side.by.map((t) => ({ target: rowTarget(ctx, targetText(t, ctx.source)), place: { source: ctx.source, span: t.span } }))
    : [];

/** What the request itself is by, and the variables of its settled names. */
interface Known {
  readonly targets: readonly Target[];
  readonly find: (name: string) => Variable | undefined;
}

// ∇f without a name is by the targets of the request, or by the only variable there is.
function variablesOf(side: DerivativeTree, by: readonly Asked[], ctx: Context, { targets, find }: Known): readonly Target[] {
  if (by.length > 0) return by.map((b) => resolveTarget(b.target, find, b.place));
  const often = (by: readonly Target[]): readonly Target[] => (side.order?.count === 2 && by.length === 1 ? [...by, ...by] : by);
  if (targets.length > 0) return often(targets);
  const [only, ...more] = [...ctx.scope.variables.values()].filter((v) => !v.defined);
  const place: Place = { source: ctx.source, span: side.span };
  if (only === undefined || more.length > 0) return refuse(place, "declaration", "this gradient does not say by which variable", "∇_w f");
  return often([{ variable: find(only.name) as Variable }]);
}

function settledUnknowns(ctx: Context): UnknownFunction[] {
  const { inf } = ctx;
  return [...ctx.scope.unknowns.values()].map((u) => ({
    ...u,
    params: u.params.map(inf.resolveShape),
    result: inf.resolveShape(u.result),
  }));
}

function assumptions(ctx: Context, runs: Problem["runs"]): string[] {
  const inferred = [...ctx.scope.variables.values()].filter((v) => !v.declared);
  const oneName = [...runs].map(([name, product]) => `${name} is one name; ${product} is a product`);
  return [
    ...assumptionSentences(inferred.map((v) => ({ name: v.name, shape: ctx.inf.resolveShape(v.shape) }))),
    ...new Set([...ctx.scope.remarks, ...oneName]),
  ];
}
