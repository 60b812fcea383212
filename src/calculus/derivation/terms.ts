// Small tools on terms that the derivation needs: putting terms in place of others,
// simplifying, and terms with open summation indices, whose indexed entries are set aside
// under names while the normal form is at work.

import { InputError } from "../../base/diagnostic.ts";
import { isOne, negate, sign } from "../../base/rational.ts";
import * as build from "../../expr/build.ts";
import { dimOf, isOneDim } from "../../expr/dim.ts";
import { type Expr, fold, type Index, type IndexSum, type Num, nodes, type Variable, variables } from "../../expr/expr.ts";
import { countOperations } from "../../expr/operations.ts";
import type { Library } from "../../rewrite/library.ts";
import { toTensor } from "../../tensor/convert.ts";
import { mannerOf } from "../../tensor/read/reader.ts";
import { applyGuards } from "../../tensor/simplify.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { readArranged } from "../differentiate.ts";

/** The term with every node that the table names replaced. */
export function replace(expr: Expr, by: ReadonlyMap<Expr, Expr>, library: Library): Expr {
  if (by.size === 0) return expr;
  return fold<Expr>(expr, (node, args) => by.get(node) ?? build.withArgs(node, args, library.functions.find));
}

/** Whether one of the nodes occurs. */
export function occurs(expr: Expr, wanted: ReadonlySet<Expr>): boolean {
  return fold<boolean>(expr, (node, args) => wanted.has(node) || args.includes(true));
}

/** Names of the summation indices that are open in every node of a term. */
export function openIndices(expr: Expr, memo: Map<Expr, readonly string[]>): readonly string[] {
  return fold<readonly string[]>(
    expr,
    (node, args) => {
      const own = node.kind === "entry" ? node.at.flatMap((i) => (i.kind === "bound" ? [i.name] : [])) : [];
      if (own.length === 0 && args.every((a) => a.length === 0)) return NONE;
      const all = new Set([...own, ...args.flat()]);
      if (node.kind === "indexSum") all.delete(node.index);
      return all.size === 0 ? NONE : [...all];
    },
    memo,
  );
}

const NONE: readonly string[] = [];

/** A term without open indices, and what its placeholders stand for. */
export interface Closed {
  readonly expr: Expr;
  readonly entries: ReadonlyMap<Expr, Expr>;
}

const isBoundEntry = (e: Expr): boolean => e.kind === "entry" && e.at.some((i) => i.kind === "bound");

/** X[i,:] and y[i], and sums with an index left open, as plain variables of their shapes. */
export function closeEntries(expr: Expr, library: Library): Closed {
  const entries = new Map<Expr, Expr>();
  const open = new Map<Expr, readonly string[]>();
  if (openIndices(expr, open).length === 0) return { expr, entries };
  const places = new Map<Expr, Expr>();
  const placeOf = (node: Expr): Expr => {
    let place = places.get(node);
    if (place === undefined) {
      place = build.variable(`entry ${places.size}`, node.shape);
      places.set(node, place);
      entries.set(place, node);
    }
    return place;
  };
  const closed = fold<Expr>(expr, (node, args) => {
    if (node.kind === "indexSum") return (open.get(node) ?? NONE).length > 0 ? placeOf(node) : node;
    return isBoundEntry(node) ? placeOf(node) : build.withArgs(node, args, library.functions.find);
  });
  return { expr: closed, entries };
}

/** The term with its open indices at fixed positions: one of the equations it stands for. */
export function atPositions(expr: Expr, at: ReadonlyMap<string, number>, library: Library): Expr {
  const settle = (i: Index): Index => {
    const position = i.kind === "bound" ? at.get(i.name) : undefined;
    return position === undefined ? i : { kind: "position", at: dimOf(position) };
  };
  return fold<Expr>(expr, (node, args) => {
    if (node.kind === "indexSum" && at.has(node.index)) return node;
    if (node.kind === "entry") return build.entry(args[0] as Expr, [settle(node.at[0]), settle(node.at[1])]);
    return build.withArgs(node, args, library.functions.find);
  });
}

export interface Simplifier {
  readonly library: Library;
  /** Names in the order that ties between equally long forms follow. */
  readonly names: readonly string[];
}

const read = (tensor: Tensor, expr: Expr, s: Simplifier): Expr => {
  const { rows, cols } = expr.shape;
  const arrangement = isOneDim(rows) ? { rows: [], cols: isOneDim(cols) ? [] : [0] } : { rows: [0], cols: isOneDim(cols) ? [] : [1] };
  return readArranged(tensor, arrangement, s.library, mannerOf(expr, namesOf(expr, s.names)));
};

/**
 * The shortest notation of a term; sums over an index stay sums where `names` stand in
 * them. With `guards`, what a condition says of its neighbours is used. A term without
 * matrix notation comes back as it is.
 */
export function simplify(expr: Expr, s: Simplifier, options: { guards?: boolean; sums?: boolean } = {}): Expr {
  const sums = options.sums === true ? nodes(expr).filter((n): n is IndexSum => n.kind === "indexSum") : [];
  try {
    const by = new Map<Expr, Expr>();
    const back = new Map<Expr, Expr>();
    for (const sum of sums) {
      // The number in front of a sum's body stands better in front of the sum.
      const body = simplify(replace(sum.args[0] as Expr, by, s.library), s, options.guards === true ? { guards: true } : {});
      const { factor, rest } = turnedPositive(leadingNumber(body), s);
      const place = build.variable(`sum ${back.size}`, sum.shape);
      by.set(sum, factor === undefined ? place : scaleBy(factor, place));
      back.set(place, build.indexSum(sum.index, sum.range, replace(rest, back, s.library)));
    }
    const closed = closeEntries(replace(expr, by, s.library), s.library);
    const tensor = toTensor(closed.expr, { find: s.library.find });
    const short = read(options.guards === true ? applyGuards(tensor) : tensor, closed.expr, s);
    return replace(replace(short, closed.entries, s.library), back, s.library);
  } catch (error) {
    if (error instanceof InputError) return expr;
    throw error;
  }
}

const scaleBy = (factor: Num, e: Expr): Expr =>
  isOne(factor.value) ? e : isOne(negate(factor.value)) ? build.neg(e) : build.mul(factor, e);

interface Numbered {
  readonly factor: Num | undefined;
  readonly rest: Expr;
}

/** −2 (y − v) x as 2 (v − y) x, where that is no longer. */
function turnedPositive(numbered: Numbered, s: Simplifier): Numbered {
  const { factor, rest } = numbered;
  if (factor === undefined || sign(factor.value) > 0) return numbered;
  const closed = closeEntries(build.neg(rest), s.library);
  const turned = replace(simplify(closed.expr, s), closed.entries, s.library);
  const minus = turned.kind === "apply" && turned.op === "neg";
  return minus || leadingNumber(turned).factor !== undefined || countOperations(turned) > countOperations(rest)
    ? numbered
    : { factor: build.num(negate(factor.value)), rest: turned };
}

/** −2 v x as the number −2 and v x. */
function leadingNumber(expr: Expr): Numbered {
  let rest = expr;
  let minus = false;
  if (rest.kind === "apply" && rest.op === "neg") {
    minus = true;
    rest = rest.args[0] as Expr;
  }
  // Products are built from the left: the number is the leftmost leaf.
  const spine: Expr[] = [];
  let left = rest;
  while (left.kind === "apply" && (left.op === "mul" || left.op === "hadamard")) {
    spine.push(left);
    left = left.args[0] as Expr;
  }
  if (left.kind === "num" && spine.length > 0) {
    let rebuilt = (spine[spine.length - 1] as Expr).args[1] as Expr;
    for (let i = spine.length - 2; i >= 0; i--) {
      const node = spine[i] as Expr & { kind: "apply" };
      rebuilt = node.op === "mul" ? build.mul(rebuilt, node.args[1] as Expr) : build.hadamard(rebuilt, node.args[1] as Expr);
    }
    return { factor: minus ? build.num({ n: -left.value.n, d: left.value.d }) : left, rest: rebuilt };
  }
  return { factor: minus ? build.num(-1) : undefined, rest };
}

const ranks = new WeakMap<readonly string[], ReadonlyMap<string, number>>();

/** The names that occur in a term, in the order of all names: short terms are read with short lists. */
export function namesOf(expr: Expr, names: readonly string[]): string[] {
  let rank = ranks.get(names);
  if (rank === undefined) {
    rank = new Map(names.map((n, i) => [n, i]));
    ranks.set(names, rank);
  }
  const own = variables(expr).flatMap((v) => {
    const place = rank.get(v.name);
    return place === undefined ? [] : [[place, v.name] as const];
  });
  return own.sort(([a], [b]) => a - b).map(([, name]) => name);
}

/** The normal form, or undefined where a term has none. */
export function tensorOf(expr: Expr, library: Library): Tensor | undefined {
  try {
    return toTensor(expr, { find: library.find });
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/** The names put in place of each other until only the user's variables are left; `held` names stay. */
export function expandNames(expr: Expr, definitions: ReadonlyMap<Expr, Expr>, library: Library, held: ReadonlySet<Expr> = new Set()): Expr {
  const known = new Map<Expr, Expr>();
  for (const [name, body] of definitions) if (!held.has(name)) known.set(name, replace(body, known, library));
  return replace(expr, known, library);
}

/** Variables of a term that are among the given ones, in order of first occurrence. */
export const among = (found: readonly Variable[], wanted: ReadonlySet<Expr>): Variable[] => found.filter((v) => wanted.has(v));
