// Summands of sums over pairs at i = j, where differences of entries are 0: a length has no
// derivative there and a quotient no value. Such a part is moved away from 0 by δᵢⱼ, as in
// sqrt(|xᵢ − xⱼ|² + δᵢⱼ), and what that adds at i = j is a constant to be taken off again.
//
// Invariant: off the diagonal nothing changes; what is not told to be harmless on it counts as
// singular. Not here: how sums over i ≠ j are taken apart (src/syntax/grammar/actions.ts).

import { compare, ONE, rational } from "../../base/rational.ts";
import { add, apply, call, entry, eye, neg, num, withArgs, zeros } from "../../expr/build.ts";
import type { Dim } from "../../expr/dim.ts";
import { hasZero } from "../../expr/domains.ts";
import { type Apply, type Expr, fold, type Index, isApply, nodes, unexpanded } from "../../expr/expr.ts";
import type { FunctionInfo } from "../../expr/functions.ts";
import { moved, type NamedIndex, reindexed } from "../../expr/indices.ts";
import { linearity } from "../../expr/operators.ts";
import { isScalarShape, type Shape } from "../../expr/shape.ts";
import { numberOf } from "./operators.ts";
import { widen } from "./term.ts";

/** What a part is where i = j: 0; 0 without a derivative, as a length; another value without one; without a value; or anything else. */
type AtZero = "zero" | "corner" | "kinked" | "singular" | "other";

type Find = (name: string) => FunctionInfo | undefined;

/** An index of a sum and another, or a fixed place, on the same axis. */
export interface IndexPair {
  readonly first: Index;
  readonly second: string;
  readonly range: Dim;
}

/** The summand over i ≠ j, with a value and a derivative at i = j too; undefined where none is known. */
export const offDiagonal = (summand: Expr, pair: IndexPair, find: Find): Expr | undefined =>
  movedFromZero(summand, coincident(summand, pair, find), (e) => add(e, widen(delta(pair), e.shape)), find);

/** What `offDiagonal` makes of the summand at i = j, from the summand written there. */
export function onDiagonal(summand: Expr, find: Find): Expr | undefined {
  const same = (e: Expr): Expr => e;
  const apart = movedFromZero(summand, { merge: same, at: statuses(summand, find) }, (e) => widen(num(1), e.shape), find);
  return apart === undefined ? undefined : valueAtZero(apart, find);
}

/** The summand with both indices the same. */
export const atDiagonal = (summand: Expr, pair: IndexPair, find: Find): Expr => coincident(summand, pair, find).merge(summand);

/** Whether a part is 0 wherever both indices are the same. */
export function vanishesAtDiagonal(part: Expr, pair: IndexPair, find: Find): boolean {
  const { merge, at } = coincident(part, pair, find);
  return isZero(at.get(merge(part)));
}

/** The summand of a sum over all pairs: over i ≠ j, and beside it its constant part at i = j, where it has a kink. */
export function splitDiagonal(summand: Expr, pair: IndexPair, find: Find): { off: Expr; on: Expr; value: Expr } | undefined {
  const { merge, at } = coincident(summand, pair, find);
  const merged = merge(summand);
  const is = at.get(merged);
  if (is !== "corner" && is !== "kinked") return undefined;
  const off = offDiagonal(summand, pair, find);
  const on = onDiagonal(merged, find);
  return off === undefined || on === undefined ? undefined : { off, on, value: valueAtZero(merged, find) };
}

/** The other indices and the fixed places at which entries of the same vector or matrix are taken in the same way. */
export function partnersOf(summand: Expr, index: string): readonly Index[] {
  const entries = nodes(summand).filter((e) => e.kind === "entry");
  const has = new Set(entries);
  const own = entries.filter((e) => e.at.some((i) => i.kind === "bound" && i.name === index));
  if (own.length === entries.length || own.length === 0) return [];
  const others = new Map(entries.flatMap((e) => e.at.map((i): [string, Index] => [keyOf(i), i])));
  return [...others.values()].filter(
    (i) => i.kind !== "all" && !(i.kind === "bound" && i.name === index) && own.some((e) => has.has(moved(e, replacing(index, i)))),
  );
}

const keyOf = (i: Index): string => (i.kind === "bound" ? i.name : i.kind === "position" ? `at ${i.at.key}` : "");
const replacing =
  (name: string, by: Index) =>
  (i: NamedIndex): Index =>
    i.name === name ? by : i;

interface Coincidence {
  /** The part with both indices the same. */
  readonly merge: (e: Expr) => Expr;
  readonly at: ReadonlyMap<Expr, AtZero>;
}

function coincident(summand: Expr, { first, second }: IndexPair, find: Find): Coincidence {
  const memo = new Map<Expr, Expr>();
  const merged = reindexed(summand, replacing(second, first), find, memo);
  return { merge: (e) => memo.get(e) as Expr, at: statuses(merged, find) };
}

function statuses(summand: Expr, find: Find): ReadonlyMap<Expr, AtZero> {
  const memo = new Map<Expr, AtZero>();
  fold<AtZero>(summand, (e, args) => statusOf(e, args, find), memo);
  return memo;
}

function statusOf(e: Expr, args: readonly AtZero[], find: Find): AtZero {
  if (args.includes("singular")) return "singular";
  if (e.kind === "num") return e.value.n === 0n ? "zero" : "other";
  if (e.kind === "apply") return atZero(e, args, find);
  return args.every(isRegular) ? "other" : "kinked";
}

const isRegular = (at: AtZero | undefined): boolean => at === "zero" || at === "other";
const isZero = (at: AtZero | undefined): boolean => at === "zero" || at === "corner";

// The parts that are regular as they stand are left alone; of the others those arguments are
// moved that are 0 where they must not be.
function movedFromZero(summand: Expr, { merge, at }: Coincidence, move: (e: Expr) => Expr, find: Find): Expr | undefined {
  const { e, is } = fold<{ readonly e: Expr; readonly is: AtZero }>(summand, (e, parts) => {
    const plain = at.get(merge(e)) as AtZero;
    if (isRegular(plain)) return { e, is: plain };
    const args = parts.map((p) => p.e);
    const are = parts.map((p) => p.is);
    const tied = isTied(merge(e), find);
    const is = tied ? "kinked" : statusOf(e, are, find);
    if (isRegular(is) || !are.every(isRegular)) return { e: withArgs(e, args, find), is };
    const apart = tied ? beyondTie(e, args, find) : e.kind === "apply" ? movedApart(e, args, are, move, find) : undefined;
    return apart === undefined ? { e, is } : { e: apart, is: "other" };
  });
  return isRegular(is) ? e : undefined;
}

function movedApart(e: Apply, args: readonly Expr[], are: readonly AtZero[], move: (e: Expr) => Expr, find: Find): Expr | undefined {
  const at = (places: (i: number) => boolean): Expr =>
    withArgs(
      e,
      args.map((a, i) => (are[i] === "zero" && places(i) ? move(a) : a)),
      find,
    );
  if (e.op === "div" || e.op === "hdiv") return at((i) => i === 1);
  if (e.op === "pow" || e.op === "hpow") return at((i) => i === 0);
  const info = find(e.op);
  if (info?.elementwise === true) return at((i) => !hasZero(info.domains[i] ?? "real"));
  const root = find("sqrt");
  const [v] = args as [Expr];
  return e.op === "norm2" && root !== undefined ? call(root, [move(apply("sum", [apply("hpow", [v, num(2)])]))]) : undefined;
}

function valueAtZero(merged: Expr, find: Find): Expr {
  const zero = ({ rows, cols }: Shape): Expr => (isScalarShape({ rows, cols }) ? num(0) : zeros(rows, cols));
  return fold<{ readonly e: Expr; readonly is: AtZero }>(merged, (e, parts) => {
    const [args, are] = [parts.map((p) => p.e), parts.map((p) => p.is)];
    const is = statusOf(e, are, find);
    if (isZero(is)) return { e: zero(e.shape), is: "zero" };
    return { e: isTied(e, find) ? widen(args[0] as Expr, e.shape) : withArgs(e, args, find), is };
  }).e;
}

/** δᵢⱼ. */
export const delta = ({ first, second, range }: IndexPair): Expr => entry(eye(range), [first, { kind: "bound", name: second, range }]);

function atZero(e: Apply, args: readonly AtZero[], find: Find): AtZero {
  const [first, second] = args;
  const isSmooth = args.every(isRegular);
  const rest = isSmooth ? "other" : "kinked";
  const nothing = isSmooth ? "zero" : "corner";
  if (e.op === "div" || e.op === "hdiv") return isZero(second) ? "singular" : isZero(first) ? nothing : rest;
  if (e.op === "pow" || e.op === "hpow") return isZero(first) ? powerAtZero(e, first as AtZero) : rest;
  if (e.op === "add" && cancels(e)) return "zero";
  const linear = linearity(e.op);
  if (linear === "together" && args.every(isZero)) return nothing;
  if (linear === "each" && args.some(isZero)) return nothing;
  const info = find(e.op);
  if (info === undefined) return rest;
  if (!args.every(isZero) && isTied(e, find)) return "kinked";
  if (e.op === "sqrt") return isZero(first) ? "corner" : rest;
  if (info.domains.some((d, i) => !hasZero(d) && isZero(args[i]))) return "singular";
  if (info.kinks === undefined || !args.some(isZero)) return rest;
  if ((info.zero === "all" && args.every(isZero)) || (info.zero === "first" && isZero(first))) return info.elementwise ? nothing : "corner";
  return info.elementwise && !args.every(isZero) ? rest : "singular";
}

// max(xᵢ, xⱼ) at i = j, where both arguments change together.
const isTied = (e: Expr, find: Find): boolean => e.kind === "apply" && e.args[0] === e.args[1] && find(e.op)?.picks === true;

// max(a, b) = b + max(a − b, 0): what has no derivative there is constant at i = j.
function beyondTie(e: Expr, args: readonly Expr[], find: Find): Expr {
  const [a, b] = args.map((arg) => widen(arg, e.shape)) as [Expr, Expr];
  if (a === b) return a;
  return add(b, withArgs(e, [add(a, neg(b)), widen(num(0), e.shape)], find));
}

/** 0^p: smooth enough for p ≥ 1, of a length for p ≥ 2. */
function powerAtZero({ args }: Apply, base: AtZero): AtZero {
  const exponent = numberOf(unexpanded(args[1] as Expr));
  if (exponent === undefined) return "singular";
  if (compare(exponent, base === "corner" ? rational(2) : ONE) >= 0) return "zero";
  return exponent.n > 0n ? "corner" : "singular";
}

/** a + b − a − b. */
function cancels({ args }: Apply): boolean {
  const left = [...args];
  while (left.length > 0) {
    const e = left.pop() as Expr;
    const place = left.findIndex((other) => isNegative(e, other) || isNegative(other, e));
    if (place < 0) return false;
    left.splice(place, 1);
  }
  return true;
}

const isNegative = (e: Expr, of: Expr): boolean => isApply(e, "neg") && e.args[0] === of;
