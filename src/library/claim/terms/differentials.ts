// Claims about differentials: d(X⁻¹) = −X⁻¹ dX X⁻¹, df = tr(AᵀdX). The differential of a term is its derivative along
// dX, summed over the variables X that the differentials of every side speak of; those of all others are zero [MN19 ch. 5].
//
// Invariant: a text without differentials is read as if there were none. Not here: how they are written
// (src/syntax/desugar/differentials.ts).

import { attempt, fail } from "../../../base/diagnostic.ts";
import { NOWHERE, wholeOf } from "../../../base/span.ts";
import { along, arrangeShape, type Direction } from "../../../calculus/directional.ts";
import { writeArranged } from "../../../calculus/views.ts";
import type { Problem, Side } from "../../../elaborate/elaborate.ts";
import { whatNamesAre } from "../../../elaborate/names/letters.ts";
import { isFunctionIn } from "../../../elaborate/names/scope.ts";
import { entryName } from "../../../elaborate/names/target.ts";
import { hasAttribute, hasFreeDifferential } from "../../../expr/attributes.ts";
import { entry, withArgs, zeros } from "../../../expr/build.ts";
import { type Expr, fold, isApply, nodes, type Variable, variables } from "../../../expr/expr.ts";
import { extendedTable, type FunctionInfo } from "../../../expr/functions.ts";
import { isOpen } from "../../../expr/indices.ts";
import { scalarShape } from "../../../expr/shape.ts";
import { lettersApart } from "../../../syntax/desugar/apart.ts";
import { DIFFERENTIAL, differentialsIn, type Names } from "../../../syntax/desugar/differentials.ts";
import { type Token, tokenize } from "../../../syntax/tokens/lexer.ts";
import { differentialOf, readingChoice } from "../../answer/views.ts";
import { namesKnown, plainText } from "../../question/notation.ts";
import type { Settled } from "../../question/question.ts";
import type { Stated } from "../../question/state.ts";
import type { Statement } from "../text/statement.ts";
import type { Misfit } from "./equation.ts";
import { stateOf } from "./forms.ts";

/** What a statement says of differentials. */
export interface Differentials {
  readonly names: Names;
  /** What the differentials of each side that has any are of. */
  readonly varied: readonly ReadonlySet<string>[];
}

/** The function whose calls are differentials: it has the shape of its argument, and no rules. */
const INFO: FunctionInfo = {
  name: DIFFERENTIAL,
  aliases: [],
  elementwise: true,
  params: [scalarShape()],
  result: scalarShape(),
  domains: ["real"],
};

/** The context in which a statement is read: one that knows differentials where the statement is about such. */
export function withDifferentials<S extends Settled>(settled: S, { source, begin }: Statement): S {
  if (settled.differentials !== undefined) return settled;
  const { library, dims = [], declarations = "" } = settled;
  const [head, statement] = [source.slice(0, begin), source.slice(begin)].map((text) => tokensOf(text, settled)) as [Token[], Token[]];
  const known = namesKnown(settled, head);
  // A variable d makes products of what would be differentials.
  if (known.has(DIFFERENTIAL)) return settled;
  const written = [...head, ...statement].flatMap((t) => (t.type === "name" ? [t.value] : []));
  const mentioned = new Set([...known, ...written, ...relatedIn(statement)]);
  const names: Names = {
    differentiable: (name) => mentioned.has(name) || mentioned.has(entryName(name)?.name ?? ""),
    isVariable: (name) => known.has(name),
    isSize: (name) => dims.includes(name) || isSizeIn(`${declarations};${source.slice(0, begin)}`, name),
    isFunction: (name) => !known.has(name) && isFunctionIn(library, name),
  };
  const varied = differentialsIn(statement, names);
  if (varied === undefined) return settled;
  const functions = extendedTable(library.functions, (name) => (name === DIFFERENTIAL ? INFO : undefined), [INFO]);
  return { ...settled, library: { ...library, functions }, differentials: { names, varied } };
}

/** The tokens of a text in the plain notation, letters together as they are read; none where it cannot be read. */
const tokensOf = (text: string, settled: Settled): readonly Token[] =>
  attempt(() => lettersApart(tokenize(plainText(text, settled, settled.library).text), settled.apart, [])) ?? [];

/** Whether declarations speak of a size of that name: x : vector(d). */
const isSizeIn = (declarations: string, name: string): boolean =>
  new RegExp(`[:∈][^;\\n]*(?<![\\p{L}\\p{N}_])${name}(?![\\p{L}\\p{N}_])`, "u").test(declarations);

/** y and x of dy = A dx, where neither need stand by itself. */
function relatedIn(statement: readonly Token[]): readonly string[] {
  const first = statement.findIndex((t) => t.type !== "newline");
  const letters = statement.slice(Math.max(first, 0)).map((t) => (t.type === "name" ? LETTER.exec(t.value)?.[1] : undefined));
  const [left, ...right] = letters.filter((letter) => letter !== undefined);
  return letters[0] !== undefined && statement[first + 1]?.type === "equals" && right.length > 0 ? [left as string, ...right] : [];
}

/** The differential of a letter. */
const LETTER = /^d(\p{L})$/u;

/** Refuses dy = A dx where nothing says how y depends on x: it would be refuted, and say nothing. */
export function refuseFreeDifferentials(problem: Problem, sides: readonly (Side | Misfit)[], settled: Settled): void {
  const terms = sides.flatMap((side) => (side.kind === "value" ? [stateOf(problem, side.expr, [], settled).expr] : []));
  const [left = [], right = []] = terms.map(movesIn);
  const [first, second] = terms;
  if (first === undefined || second === undefined) return;
  // What stands anywhere but in a differential of its own is a variable of the claim.
  const used = new Set(terms.flatMap(variablesBesideMoves));
  const isFree = (v: Variable): boolean => !used.has(v) && !hasAttribute(v, "constant");
  const alone = (own: readonly Variable[], other: readonly Variable[], side: Expr): Variable | undefined =>
    other.length > 0 || isApply(side, DIFFERENTIAL) ? own.find((v) => isFree(v) && !other.includes(v)) : undefined;
  refuseUnrelated(left, second, problem);
  refuseUnrelated(right, first, problem);
  const v = alone(left, right, first) ?? alone(right, left, second);
  if (v === undefined) return;
  const message = `nothing says what ${v.name} depends on, so that d${v.name} is free`;
  fail("unsupported", message, wholeOf(problem.source), { fix: `${v.name} = …, or declare ${v.name} constant` });
}

/** Refuses d(U + p V) = T dS + V dp: U may depend on S. */
function refuseUnrelated(own: readonly Variable[], other: Expr, { source }: Problem): void {
  const known = variables(other);
  const isVaried = (v: Variable): boolean => own.includes(v);
  const strange = own.find((v) => !known.includes(v) && !hasAttribute(v, "constant"));
  const open = known.find((v) => !isVaried(v) && !hasAttribute(v, "constant"));
  if (strange === undefined || open === undefined || !known.some(isVaried)) return;
  const message = `nothing says whether ${open.name} depends on ${strange.name}, which stands on one side alone`;
  fail("unsupported", message, wholeOf(source), { fix: `${open.name} = …, or declare ${open.name} constant` });
}

const isMove = (e: Expr): boolean => isApply(e, DIFFERENTIAL) && e.args[0]?.kind === "var";

/** The variables whose own differentials stand in a term. */
const movesIn = (term: Expr): Variable[] => nodes(term).flatMap((e) => (isMove(e) ? [e.args[0] as Variable] : []));

/** The same with those whose entries have differentials there. */
const variedIn = (term: Expr): Variable[] =>
  nodes(term).flatMap((e) => (isApply(e, DIFFERENTIAL) && isVariable(e.args[0]) ? variables(e.args[0] as Expr) : []));

const isVariable = (e: Expr | undefined): boolean => e?.kind === "var" || (e?.kind === "entry" && isVariable(e.args[0]));

/** The variables that stand in a term otherwise than in differentials of their own. */
const variablesBesideMoves = (term: Expr): Variable[] =>
  nodes(term).flatMap((e) => (isMove(e) ? [] : e.args.filter((arg) => arg.kind === "var")));

/** A term whose differential was made, and what that is. */
export interface Differential {
  readonly of: Expr;
  readonly directions: readonly Direction[];
  readonly answer: Expr;
}

/** What is said of variables whose differentials are zero though terms with differentials depend on them. */
export function heldConstant(differentials: readonly Differential[]): readonly string[] {
  const held = differentials.flatMap(({ of, directions }) =>
    variables(of).filter((v) => !hasAttribute(v, "constant") && !directions.some((to) => to.variable === v)),
  );
  const names = [...new Set(held.map((v) => v.name))];
  return names.length === 0 ? [] : [whatNamesAre(names, "held constant", "held constant")];
}

/** A stated term with every differential in it written out, and these. Throws an InputError where nabla cannot find one. */
export function writtenOut(
  stated: Stated,
  { varied }: Differentials,
): { readonly stated: Stated; readonly differentials: readonly Differential[] } {
  const sides = varied.map((names) => new Set([...names].flatMap((name) => variablesOf(name, stated)))).filter((side) => side.size > 0);
  const common = stated.variables.filter((v) => sides.every((side) => side.has(v)));
  // What stands as dx is varied, whatever the other side says.
  const moving = (common.length > 0 ? [...new Set([...common, ...variedIn(stated.expr)])] : stated.variables).filter(
    (v) => !hasAttribute(v, "constant"),
  );
  const taken = new Set(readingChoice(stated).taken);
  const moves = new Map(moving.map((v) => [v, differentialOf(v, taken)]));
  const all: Stated = { ...stated, variables: [...stated.variables, ...moves.values()] };
  const made: Differential[] = [];
  const expr = fold<Expr>(stated.expr, (node, args) => {
    if (!isApply(node, DIFFERENTIAL)) return withArgs(node, args, stated.library.functions.find);
    const [of] = args as [Expr];
    const moved = moveOf(of, moves);
    if (moved !== undefined) return moved;
    const differential = differentialBy(of, moves, all);
    made.push(differential);
    return differential.answer;
  });
  return { stated: { ...all, expr }, differentials: made };
}

/** The variable of a name or of an entry, x of x_i, and the variables that a defined name depends on. */
function variablesOf(name: string, { variables: known, definitions }: Stated): readonly Variable[] {
  const defined = definitions.find((d) => d.variable.name === name);
  if (defined !== undefined) return variables(defined.expr);
  return known.filter((v) => v.name === name || v.name === entryName(name)?.name);
}

/** dx of a variable and (dx)_i of an entry. */
function moveOf(of: Expr, moves: ReadonlyMap<Variable, Variable>): Expr | undefined {
  if (of.kind === "var") {
    refuseBound(of, moves);
    return moves.get(of) ?? zeros(of.shape.rows, of.shape.cols);
  }
  const moved = of.kind === "entry" ? moveOf(of.args[0] as Expr, moves) : undefined;
  return moved === undefined || of.kind !== "entry" ? undefined : entry(moved, of.at);
}

/** Ends the call where what is declared of a variable binds its differential, as orthogonality does. */
function refuseBound(v: Variable, moves: ReadonlyMap<Variable, Variable>): void {
  if (!moves.has(v) || hasFreeDifferential(v)) return;
  fail("unsupported", `d${v.name} is not free: what is declared of ${v.name} binds it`, NOWHERE, { fix: `declare ${v.name} without it` });
}

function differentialBy(of: Expr, moves: ReadonlyMap<Variable, Variable>, stated: Stated): Differential {
  if (isOpen(of))
    fail("unsupported", "a differential of more than an entry stands outside of sums over its index", NOWHERE, { fix: "d(sum_i x_i^2)" });
  const directions = variables(of).flatMap((v): Direction[] => {
    const along = moves.get(v);
    if (along === undefined) return [];
    refuseBound(v, moves);
    return [{ variable: v, along }];
  });
  const tensor = along(of, directions, stated.library);
  return { of, directions, answer: writeArranged(tensor, arrangeShape(of.shape), readingChoice(stated)).expr };
}
