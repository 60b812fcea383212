// Small tools on terms that the derivation needs: simplifying, names put in place of each other,
// and terms with open summation indices, whose indexed entries are set aside under names while
// the normal form is at work.
//
// Invariant: every term that comes back has the value of the one that was given.

import { attempt } from "../../base/diagnostic.ts";
import { isOne, negate, sign } from "../../base/rational.ts";
import * as build from "../../expr/build.ts";
import { isOneDim } from "../../expr/dim.ts";
import { type Expr, fold, type IndexSum, isApply, type Num, nodes, type Variable, variables } from "../../expr/expr.ts";
import { boundAt, type Indices, openIndices } from "../../expr/indices.ts";
import { countOperations } from "../../expr/operations.ts";
import type { Library } from "../../rewrite/library.ts";
import { toTensor } from "../../tensor/convert/convert.ts";
import type { Tensor } from "../../tensor/form/tensor.ts";
import { mannerOf } from "../../tensor/read/reading/reader.ts";
import { applyGuards } from "../../tensor/simplify/guards.ts";
import { readArranged } from "../arranged.ts";

/** Whether one of the nodes occurs. */
export function occurs(expr: Expr, wanted: ReadonlySet<Expr>): boolean {
  return fold<boolean>(expr, (node, args) => wanted.has(node) || args.includes(true));
}

/** A term without open indices, and what its placeholders stand for. */
export interface Closed {
  readonly expr: Expr;
  readonly entries: ReadonlyMap<Expr, Expr>;
}

const isBoundEntry = (e: Expr): boolean => e.kind === "entry" && boundAt(e).length > 0;

/** X[i,:] and y[i], and sums with an index left open, as plain variables of their shapes. */
export function closeEntries(expr: Expr, library: Library): Closed {
  const entries = new Map<Expr, Expr>();
  const open = openIndices(expr);
  const isOpen = (node: Expr): boolean => (open.get(node) as Indices).size > 0;
  if (!isOpen(expr)) return { expr, entries };
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
    if (node.kind === "indexSum") return isOpen(node) ? placeOf(node) : node;
    return isBoundEntry(node) ? placeOf(node) : build.withArgs(node, args, library.functions.find);
  });
  return { expr: closed, entries };
}

/** What terms are simplified with. */
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
  const guarded = options.guards === true;
  const short = attempt(() => {
    const by = new Map<Expr, Expr>();
    const back = new Map<Expr, Expr>();
    for (const sum of sums) {
      // The number in front of a sum's body stands better in front of the sum.
      const body = simplify(build.substitute(sum.args[0] as Expr, by, s.library.functions), s, { guards: guarded });
      const { factor, rest } = turnedPositive(leadingNumber(body), s);
      const place = build.variable(`sum ${back.size}`, sum.shape);
      by.set(sum, factor === undefined ? place : scaleBy(factor, place));
      back.set(place, build.indexSum(sum.index, sum.range, build.substitute(rest, back, s.library.functions)));
    }
    const closed = closeEntries(build.substitute(expr, by, s.library.functions), s.library);
    const tensor = toTensor(closed.expr, { find: s.library.find });
    const written = read(guarded ? applyGuards(tensor) : tensor, closed.expr, s);
    return build.substitute(build.substitute(written, closed.entries, s.library.functions), back, s.library.functions);
  });
  return short ?? expr;
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
  const turned = build.substitute(simplify(closed.expr, s), closed.entries, s.library.functions);
  const minus = isApply(turned, "neg");
  return minus || leadingNumber(turned).factor !== undefined || countOperations(turned) > countOperations(rest)
    ? numbered
    : { factor: build.num(negate(factor.value)), rest: turned };
}

/** −2 v x as the number −2 and v x. */
function leadingNumber(expr: Expr): Numbered {
  let rest = expr;
  let minus = false;
  if (isApply(rest, "neg")) {
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
export const tensorOf = (expr: Expr, library: Library): Tensor | undefined => attempt(() => toTensor(expr, { find: library.find }));

/** The names put in place of each other until only the user's variables are left; `held` names stay. */
export function expandNames(expr: Expr, definitions: ReadonlyMap<Expr, Expr>, library: Library, held: ReadonlySet<Expr> = new Set()): Expr {
  const known = new Map<Expr, Expr>();
  for (const [name, body] of definitions) if (!held.has(name)) known.set(name, build.substitute(body, known, library.functions));
  return build.substitute(expr, known, library.functions);
}

/** Variables of a term that are among the given ones, in order of first occurrence. */
export const among = (found: readonly Variable[], wanted: ReadonlySet<Expr>): Variable[] => found.filter((v) => wanted.has(v));
