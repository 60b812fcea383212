// Shorter names for what has been read: (XᵀX)⁻¹Xᵀ is X⁺, sum(x)/n is mean(x). A notation rewrites
// a product of matrices or of numbers in an answer; it never touches a normal form, so nothing is differentiated through it.
//
// Invariant: the value stays the same wherever the longer form has one; an answer never
// gets costlier.

import { perEpoch } from "../base/intern.ts";
import { flatMap } from "../base/list.ts";
import { withArgs } from "../expr/build.ts";
import { isOneDim } from "../expr/dim.ts";
import { type Apply, type Expr, fold, isApply, nodes } from "../expr/expr.ts";
import type { FunctionInfo } from "../expr/functions.ts";
import { isScalarShape } from "../expr/shape.ts";
import { cost } from "../tensor/read/reading/cost.ts";
import { times } from "../tensor/read/reading/times.ts";
import { transposed } from "../tensor/read/reading/transposed.ts";
import { factorNotation, inFactors, partsOf, tidied } from "./factors.ts";
import { placeOf } from "./place.ts";
import type { Rule } from "./rule.ts";

/** A product of matrices and what is written for it. */
interface Notation {
  readonly chain: readonly Expr[];
  readonly right: Expr;
}

type Find = (name: string) => FunctionInfo | undefined;

/** The rewriting of answers by rules of the kind `notation`. */
export function notationsOf(rules: readonly Rule[], find: Find): (answer: Expr) => Expr {
  const notations = rules.filter((r) => r.kind === "notation");
  // Ramps and joins are looked for in the normal form.
  const ofMatrices = notations.filter((r) => placeOf(r).in === "matrices");
  const ofNumbers = notations.filter((r) => placeOf(r).in === "numbers");
  const heads = new Set([...ofMatrices, ...ofNumbers].flatMap((r) => placeOf(r).heads));
  // Rules are decoded once for as long as the terms in them last.
  const current = perEpoch(() => ({
    products: ofMatrices.map((r): Notation => ({ chain: chainOf(r.left), right: r.right })),
    numbers: ofNumbers.map((r) => factorNotation(r.left, r.right)),
  }));
  return (answer) => {
    // An answer without any function that a notation begins from stays as it is.
    if (!nodes(answer).some((node) => node.kind === "apply" && heads.has(node.op))) return answer;
    const { products, numbers } = current();
    const outermost = outermostProducts(answer);
    const chain = fold<readonly Expr[]>(answer, (node, args) => {
      if (isMatrixProduct(node)) return args.flat();
      const parts = args.map((c) => shortest(c, products, find));
      const same = parts.every((p, i) => p === node.args[i]);
      const made = same ? node : withArgs(node, parts, find);
      if (node.args.length === 0 || !outermost(node)) return [made];
      return [inFactors(same ? made : tidied(made, find), numbers, matches, find)];
    });
    return shortest(chain, products, find);
  };
}

/** Whether a term is no mere factor of a product of numbers: a product is looked at once, as a whole. */
function outermostProducts(answer: Expr): (e: Expr) => boolean {
  const outermost = new Set<Expr>([answer]);
  for (const node of nodes(answer)) {
    const isProduct = partsOf(node) !== undefined;
    for (const arg of node.args) if (!isProduct || partsOf(arg) === undefined) outermost.add(arg);
  }
  return (e) => outermost.has(e);
}

const isMatrixProduct = (e: Expr): e is Apply => isApply(e, "mul") && e.args.every((a) => !isScalarShape(a.shape));

const chainOf = (e: Expr): readonly Expr[] => (isMatrixProduct(e) ? flatMap(e.args, chainOf) : [e]);

const product = (chain: readonly Expr[]): Expr => chain.reduce(times);

/** The chain with its shortest names, one after the other. */
function shortest(chain: readonly Expr[], notations: readonly Notation[], find: Find): Expr {
  let best = chain;
  for (;;) {
    const before = best;
    for (const { chain: pattern, right } of notations)
      for (let at = 0; at < before.length; at++) {
        const found = findPattern(pattern, before, at);
        if (found === undefined) continue;
        const made = before.toSpliced(found.from, found.to - found.from, instance(right, found.bound, find));
        if (cost(product(made)) < cost(product(best))) best = made;
      }
    if (best === before) return product(best);
  }
}

interface Found {
  readonly from: number;
  /** Behind the last factor. */
  readonly to: number;
  readonly bound: ReadonlyMap<string, Expr>;
}

/** The pattern in a chain, its first function at a place; a name that stands for a product may be met as its factors. */
function findPattern(pattern: readonly Expr[], chain: readonly Expr[], at: number): Found | undefined {
  const first = pattern.findIndex((p) => p.kind === "apply" && p.op !== "transpose");
  const bound = new Map<string, Expr>();
  if (first < 0 || !matches(pattern[first] as Expr, chain[at] as Expr, bound)) return undefined;
  let [from, to] = [at, at + 1];
  for (const p of pattern.slice(0, first).reverse()) {
    const length = lengthAt(p, bound, (n) => chain.slice(Math.max(0, from - n), from));
    if (length === undefined) return undefined;
    from -= length;
  }
  for (const p of pattern.slice(first + 1)) {
    const length = lengthAt(p, bound, (n) => chain.slice(to, to + n));
    if (length === undefined) return undefined;
    to += length;
  }
  return { from, to, bound };
}

/** How many factors of a chain the pattern takes: one, or those of a product that its name stands for. */
function lengthAt(pattern: Expr, bound: Map<string, Expr>, factors: (n: number) => readonly Expr[]): number | undefined {
  const [one] = factors(1);
  if (one !== undefined && matches(pattern, one, bound)) return 1;
  const turned = isApply(pattern, "transpose");
  const name = turned ? pattern.args[0] : pattern;
  const value = name?.kind === "var" ? bound.get(name.name) : undefined;
  const straight = value === undefined ? [] : chainOf(value);
  const wanted = turned ? straight.map(transposed).reverse() : straight;
  const met = wanted.length < 2 ? [] : factors(wanted.length);
  return met.length === wanted.length && met.length > 0 && wanted.every((e, i) => e === met[i]) ? wanted.length : undefined;
}

/** Whether a term is an instance of a pattern; a name stands for any term, that of a vector for a vector. */
function matches(pattern: Expr, actual: Expr, bound: Map<string, Expr>): boolean {
  if (pattern.kind === "var") {
    const isWider = (side: "rows" | "cols"): boolean => isOneDim(pattern.shape[side]) && !isOneDim(actual.shape[side]);
    if (isWider("rows") || isWider("cols")) return false;
    const known = bound.get(pattern.name);
    if (known === undefined) bound.set(pattern.name, actual);
    return known === undefined || known === actual;
  }
  if (pattern.kind !== "apply") return pattern === actual;
  const [inner] = pattern.args;
  if (pattern.op === "transpose" && inner !== undefined) return matches(inner, transposed(actual), bound);
  if (isMatrixProduct(pattern) && isMatrixProduct(actual)) return matchesProduct(chainOf(pattern), chainOf(actual), bound);
  return actual.kind === "apply" && actual.op === pattern.op && pattern.args.every((p, i) => matches(p, actual.args[i] as Expr, bound));
}

/** A product as a pattern of several factors; the first, a name, may stand for more than one of them. */
function matchesProduct(pattern: readonly Expr[], chain: readonly Expr[], bound: Map<string, Expr>): boolean {
  const [first, ...rest] = pattern as [Expr, ...Expr[]];
  for (let n = 1; n + rest.length <= chain.length; n++) {
    const head = chain.slice(0, n);
    const turned = isApply(first, "transpose");
    const value = product(turned ? head.map(transposed).reverse() : head);
    const trial = new Map(bound);
    if (!matches(turned ? (first.args[0] as Expr) : first, value, trial) || !matchesRest(rest, chain.slice(n), trial)) continue;
    for (const [name, e] of trial) bound.set(name, e);
    return true;
  }
  return false;
}

function matchesRest(pattern: readonly Expr[], chain: readonly Expr[], bound: Map<string, Expr>): boolean {
  let at = 0;
  for (const p of pattern) {
    const length = lengthAt(p, bound, (n) => chain.slice(at, at + n));
    if (length === undefined) return false;
    at += length;
  }
  return at === chain.length;
}

const instance = (right: Expr, bound: ReadonlyMap<string, Expr>, find: Find): Expr =>
  fold<Expr>(right, (node, args) => {
    if (node.kind === "var") return bound.get(node.name) ?? node;
    return node.args.length === 0 ? node : withArgs(node, args, find);
  });
