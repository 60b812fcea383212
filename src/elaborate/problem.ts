// One request from its texts to a problem: data, declarations, definitions and the final
// expression or claim share one scope and one inference, so that each settles the others.
//
// Throws InputErrors; elaborate.ts turns them into diagnostics.

import { flatMap } from "../base/list.ts";
import { variable } from "../expr/build.ts";
import { type Dim, dimNames } from "../expr/dim.ts";
import type { Expr, Variable } from "../expr/expr.ts";
import { isGreek, knownSpelling, stemOf } from "../syntax/spelling.ts";
import { type DerivativeTree, isDerivative, type SideTree, type TargetTree, type Tree } from "../syntax/tree.ts";
import type { Place } from "./constraint.ts";
import { dataPlace, declare } from "./declare.ts";
import { refuseOtherEntries } from "./entryDefinition.ts";
import { preferNumber } from "./kinds.ts";
import { assumptionSentences } from "./letters.ts";
import { refuse } from "./mismatch.ts";
import { withReach } from "./reach.ts";
import { namedValue, type Request, readText, takeData, takeDeclarations } from "./request.ts";
import { runsIn } from "./runs.ts";
import { declareVariable, inferVariable, isVariableName, type Scope, type UnknownFunction, type VariableInfo } from "./scope.ts";
import { settleShapes } from "./settle.ts";
import { commonShape } from "./shapes.ts";
import { noteSizes } from "./size.ts";
import { keepSamples, noteStanding } from "./standing.ts";
import { rowTarget } from "./subscript.ts";
import { entryName, readTarget, resolveTarget, type Target, type TargetText, targetText } from "./target.ts";
import { buildTerms, type Context, type Term, variableTerm } from "./term.ts";
import { elaborateTree } from "./walk.ts";
import { noteEntries, notePlaces, varyByItself, wantTarget } from "./wanted.ts";

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
  const { scope, inf } = ctx;
  takeData(request, ctx);
  const isDeclared = (name: string): boolean => isVariableName(scope, name) || scope.unknowns.has(name);
  const inKnownSpelling = ({ text, target }: { readonly text: string; readonly target: TargetText }) => ({
    text,
    target: { ...target, name: knownSpelling(target.name, isDeclared) },
  });
  let wanted = (request.wrt ?? []).map((text) => {
    ctx.source = text;
    return { text, target: readTarget(text) };
  });
  const definedNames = (request.definitions ?? []).map(([name]) => name);
  if (request.declarations !== undefined && request.declarations.trim() !== "")
    takeDeclarations(ctx, request.declarations, request.dialect, new Set([...wanted.map((w) => w.target.name), ...definedNames]));
  wanted = wanted.map(inKnownSpelling);
  const names = new Set([...wanted.map((w) => w.target.name), ...definedNames]);
  // α_i that is differentiated by is one of alpha.
  for (const name of [...names]) if (isGreek(name)) names.add(stemOf(name));

  const given = (request.definitions ?? []).map(([name, text]) => ({
    tree: namedValue(name, readText(ctx, text, request.dialect, names, request.notation)),
    source: text,
  }));
  const document = readText(ctx, request.text, request.dialect, names, request.notation);
  for (const d of document.declarations) declare(scope, inf, d, request.text);
  wanted = wanted.map(inKnownSpelling);
  for (const { target, text } of wanted) varyByItself(ctx, target.name, text);
  const written = [...given, ...document.definitions.map((tree) => ({ tree, source: request.text }))];
  const final = document.final;
  const ends = final === undefined ? [] : final.kind === "equation" ? [final.left, final.right] : [final.value];
  const byInside = ends.flatMap((s) => (isDerivative(s) ? s.by.map((t) => targetText(t, request.text)) : []));
  const allAsked = [...wanted.map((w) => w.target), ...byInside];
  const asked = allAsked.map((t) => t.name);
  for (const letter of allAsked.flatMap(indexLetters)) scope.indices.add(letter);
  const ownNames = written.map((d) => d.tree.name);
  const isName = (name: string): boolean => asked.includes(name) || ownNames.includes(name) || isVariableName(scope, name);
  const reaching = (tree: Tree): Tree => withReach(tree, isName, [...scope.indices]);
  const definitions = written.map(({ tree, source }) => ({ tree: { ...tree, value: reaching(tree.value) }, source }));
  const sides = ends.map((side): SideTree => (isDerivative(side) ? { ...side, of: reaching(side.of) } : reaching(side)));
  const isWorkedOn = (side: SideTree): boolean => isDerivative(side) || wanted.length > 0;
  for (const tree of [...definitions.map((d) => d.tree.value), ...sides.filter(isWorkedOn).map(termOf)]) noteSizes(scope, tree);
  for (const tree of [...definitions.map((d) => d.tree.value), ...sides.map(termOf)]) noteStanding(ctx, tree);
  noteEntries(scope, asked);
  for (const side of sides) if (!isWorkedOn(side)) noteSizes(scope, termOf(side));
  keepSamples(scope, ownNames);
  const trees = [
    ...definitions.map(({ tree, source }) => ({ tree: tree.value, source })),
    ...sides.map((side) => ({ tree: termOf(side), source: request.text })),
  ];
  for (const [i, { tree }] of definitions.entries()) refuseOtherEntries(ctx, tree, ownNames, trees.slice(i + 1));
  for (const name of asked) scope.mentioned.add(name);
  if (final?.kind === "equation") notePlaces(scope, asked);

  const defined = definitions.map(({ tree, source }): { info: VariableInfo; term: Term } => {
    ctx.source = source;
    const term = elaborateTree(ctx, tree.value);
    const place: Place = source === request.text ? { source, span: tree.nameSpan } : dataPlace(tree.name);
    return { info: declareVariable(scope, tree.name, term.shape, place, { defined: true }), term };
  });
  ctx.source = request.text;
  if (final?.kind === "equation") refuseFunctionDefinition(scope, final.left, request.text);
  const terms = sides.map((side) => elaborateTree(ctx, termOf(side)));
  // A text that ends with a definition asks about the name it defines.
  const everything: Place = { source: request.text, span: { start: 0, end: request.text.length } };
  const last = document.definitions.length > 0 ? defined[defined.length - 1] : undefined;
  const main = terms[0] ?? (last === undefined ? undefined : variableTerm(ctx, everything, last.info));
  if (main === undefined)
    return refuse(everything, "empty", "there are only declarations and nothing to work on", "an expression in the last line");
  const [left, right] = terms;
  if (final?.kind === "equation" && left !== undefined && right !== undefined && !sides.some(isDerivative)) {
    const m = { left, right, sign: "=", place: { source: request.text, span: final.span } };
    commonShape(inf, m);
  }

  const outer = wanted.map((w): Asked => ({ target: rowTarget(ctx, w.target), place: dataPlace(w.text) }));
  const inner = new Map(sides.map((side) => [side, isDerivative(side) ? side.by.map((t) => askedInside(ctx, t)) : []]));
  for (const { target, place } of outer) wantTarget(ctx, target, place);
  for (const u of scope.unknowns.values()) for (const name of u.of ?? []) if (!scope.unknowns.has(name)) inferVariable(scope, inf, name);
  for (const { target, place } of [...inner.values()].flat()) wantTarget(ctx, target, place, true);
  // A gradient belongs to a number: open shapes follow from that where nothing stands against it.
  sides.forEach((side, i) => {
    if (isDerivative(side) && side.form === "gradient") preferNumber(ctx, (terms[i] as Term).shape);
  });
  const differentiated = terms[sides.findIndex(isDerivative)] ?? (wanted.length > 0 ? main : undefined);
  const by = [...outer, ...[...inner.values()].flat()].map(({ target: { name } }) =>
    scope.variables.has(name) ? name : entryName(name)?.name,
  );
  const known = by.filter((name): name is string => name !== undefined && scope.variables.has(name));
  settleShapes(ctx, differentiated === undefined ? undefined : { value: differentiated.shape, by: known });
  buildTerms(ctx);

  const find = finder(ctx);
  const targets = outer.map(({ target, place }) => resolveTarget(target, find, place));
  const asSide = (side: SideTree, term: Term): Side =>
    isDerivative(side)
      ? {
          kind: "derivative",
          form: side.form,
          of: term.expr as Expr,
          by: variablesOf(ctx, { side, by: inner.get(side) ?? [], targets, find }),
        }
      : { kind: "value", expr: term.expr as Expr };
  const first = sides[0];
  const isClaim = first !== undefined && left !== undefined && (final?.kind === "equation" || isDerivative(first));
  const claim: Claim | undefined = !isClaim
    ? undefined
    : sides[1] === undefined || right === undefined
      ? { left: asSide(first, left) }
      : { left: asSide(first, left), right: asSide(sides[1], right) };
  const declared = declaredIn(ctx);
  const runs = runsIn(scope);
  const base = {
    expr: main.expr as Expr,
    variables: declared.variables,
    definitions: defined.map(({ info, term }) => ({ name: info.name, variable: find(info.name) as Variable, expr: term.expr as Expr })),
    unknowns: declared.unknowns,
    dims: declared.dims,
    axes: new Map([...ctx.axes].map(([index, [axis]]) => [index, inf.resolve(axis as Dim)])),
    targets,
    loose: new Set([...scope.variables.values()].filter((v) => !v.declared && !v.likelyVector).map((v) => v.name)),
    runs,
    assumptions: assumptions(ctx, runs),
    source: request.text,
  };
  const wording = ctx.rewritten && first !== undefined && sides.length === 1 ? { wording: textOf(request.text, termOf(first)) } : {};
  return claim === undefined ? { ...base, ...wording } : { ...base, ...wording, claim };
}

// f(x) = … reads as an equation about a product, which nobody means.
function refuseFunctionDefinition(scope: Scope, left: SideTree, source: string): void {
  if (left.kind !== "binary" || left.sign !== "" || left.left.kind !== "name" || left.right.kind !== "name") return;
  const [f, x] = [left.left, left.right];
  if (!f.applied || x.grouped !== true || scope.variables.has(f.name)) return;
  refuse(
    { source, span: left.span },
    "declaration",
    `${f.name}(${x.name}) = … defines no function`,
    `${f.name} = …, and ${f.name} where it is used`,
  );
}

const textOf = (source: string, { span }: Tree): string => source.slice(span.start, span.end).replace(/\s+/g, " ");

/** The letters of the indices of an entry such as X_ij. */
const indexLetters = ({ name, at = entryName(name)?.at ?? [] }: TargetText): readonly string[] => at.filter((i) => /^[a-z]$/.test(i));

const termOf = (side: SideTree): Tree => (isDerivative(side) ? side.of : side);

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

const askedInside = (ctx: Context, tree: TargetTree): Asked => ({
  target: rowTarget(ctx, targetText(tree, ctx.source)),
  place: { source: ctx.source, span: tree.span },
});

// ∇f without a name is by the targets of the request, or by the only variable there is.
function variablesOf(
  ctx: Context,
  {
    side,
    by,
    targets,
    find,
  }: {
    readonly side: DerivativeTree;
    readonly by: readonly Asked[];
    readonly targets: readonly Target[];
    readonly find: (name: string) => Variable | undefined;
  },
): readonly Target[] {
  const place: Place = { source: ctx.source, span: side.span };
  if (by.length > 0) return by.map((b) => resolveTarget(b.target, find, b.place));
  if (targets.length > 0) return targets;
  const all = [...ctx.scope.variables.values()].filter((v) => !v.defined);
  const only = all[0];
  if (only === undefined || all.length > 1) return refuse(place, "declaration", "this gradient does not say by which variable", "∇_w f");
  return [{ variable: find(only.name) as Variable }];
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
  return [
    ...assumptionSentences(inferred.map((v) => ({ name: v.name, shape: ctx.inf.resolveShape(v.shape) }))),
    ...ctx.scope.remarks,
    ...[...runs].map(([name, product]) => `${name} is one name; ${product} is a product`),
  ];
}
