// What a term is: immutable, typed, interned matrix notation.
//
// Invariants: equal terms are the same object; a term knows its shape and no place in
// any text; `hash` depends on content alone. Nodes are made only by src/expr/build.ts.
// Arguments form a DAG of any depth, so passes use `fold` below and never recurse.

import type { Rational } from "../base/rational.ts";
import type { Attribute } from "./attributes.ts";
import type { Dim } from "./dim.ts";
import type { OperatorName } from "./operators.ts";
import type { Shape } from "./shape.ts";

interface Node {
  readonly shape: Shape;
  readonly hash: number;
  /** Identity within the intern table; never an order that a result may depend on. */
  readonly id: number;
  readonly args: readonly Expr[];
}

/** An exact number. */
export interface Num extends Node {
  readonly kind: "num";
  readonly value: Rational;
}

/** A named mathematical constant: pi. */
export interface Constant extends Node {
  readonly kind: "constant";
  readonly name: string;
}

/** A variable: its name, and the attributes that it is declared with. */
export interface Variable extends Node {
  readonly kind: "var";
  readonly name: string;
  readonly attributes: readonly Attribute[];
}

/** A dimension used as a number, as n in sum(x)/n. */
export interface DimNumber extends Node {
  readonly kind: "dim";
  readonly dim: Dim;
}

/** An operator or a function of the rule library applied to arguments. */
export interface Apply extends Node {
  readonly kind: "apply";
  readonly op: OperatorName | (string & {});
  /** Sizes or positions that are part of the operator: K(m,n), the position of a unit vector. */
  readonly params: readonly Dim[];
}

/** Where an entry is taken: everything along the axis, a fixed 1-based position, or a summation index. */
export type Index =
  | { readonly kind: "all" }
  | { readonly kind: "position"; readonly at: Dim }
  | { readonly kind: "bound"; readonly name: string; readonly range: Dim };

/** The text of an index, equal only for equal ones. */
export const indexKey = (i: Index): string => (i.kind === "all" ? ":" : i.kind === "position" ? i.at.key : `${i.name}∈${i.range.key}`);

/** X[i,j], x[3], X[i,:]. A slice keeps its orientation: X[i,:] is a row, X[:,j] a column. */
export interface Entry extends Node {
  readonly kind: "entry";
  readonly at: readonly [Index, Index];
}

/** sum_i body, the index running over 1..range. */
export interface IndexSum extends Node {
  readonly kind: "indexSum";
  readonly index: string;
  readonly range: Dim;
}

/**
 * A function without a body applied to arguments, or one of its derivatives:
 * f(x), f′(x), ∂f/∂u. `derivatives` lists the argument positions differentiated by,
 * in order; the shape is that of the mixed layout's display.
 */
export interface Unknown extends Node {
  readonly kind: "unknown";
  readonly name: string;
  readonly elementwise: boolean;
  /** Whether its value, a matrix, is symmetric; so is each derivative by a number. */
  readonly symmetric: boolean;
  readonly derivatives: readonly number[];
}

/** A typed term in matrix notation, told apart by `kind`; equal terms are one object. */
export type Expr = Num | Constant | Variable | DimNumber | Apply | Entry | IndexSum | Unknown;

/** Whether a term is the operator or function of this name applied to something. */
export const isApply = <O extends string>(e: Expr | undefined, op: O): e is Apply & { readonly op: O } =>
  e?.kind === "apply" && e.op === op;

/** The values of nodes that are known: of one term in a map, of all terms there are in a weak one. */
export type Memo<T> = Pick<Map<Expr, T>, "has" | "get"> & { set(node: Expr, value: T): unknown };

/**
 * Computes a value for every node of a DAG from the values of its arguments, each node
 * once, without recursion. `args` holds the arguments' values in order.
 */
export function fold<T>(root: Expr, visit: (node: Expr, args: readonly T[]) => T, memo: Memo<T> = new Map()): T {
  if (memo.has(root)) return memo.get(root) as T;
  const stack: Expr[] = [root];
  while (stack.length > 0) {
    const node = stack[stack.length - 1] as Expr;
    if (memo.has(node)) {
      stack.pop();
      continue;
    }
    let ready = true;
    for (let i = node.args.length - 1; i >= 0; i--) {
      const arg = node.args[i] as Expr;
      if (!memo.has(arg)) {
        stack.push(arg);
        ready = false;
      }
    }
    if (!ready) continue;
    stack.pop();
    memo.set(
      node,
      visit(
        node,
        node.args.map((a) => memo.get(a) as T),
      ),
    );
  }
  return memo.get(root) as T;
}

/** Every node of the DAG once, arguments before the terms that use them. */
export function nodes(root: Expr): Expr[] {
  const out: Expr[] = [];
  fold<null>(root, (node) => {
    out.push(node);
    return null;
  });
  return out;
}

/** The variables of a term, in order of first occurrence from the left. */
export function variables(root: Expr): Variable[] {
  const seen = new Set<Expr>();
  const out: Variable[] = [];
  const stack: Expr[] = [root];
  while (stack.length > 0) {
    const node = stack.pop() as Expr;
    if (seen.has(node)) continue;
    seen.add(node);
    if (node.kind === "var") out.push(node);
    for (let i = node.args.length - 1; i >= 0; i--) stack.push(node.args[i] as Expr);
  }
  return out;
}

/** Whether a variable of this name occurs. */
export const mentions = (root: Expr, name: string): boolean => variables(root).some((v) => v.name === name);

/** What a minus stands before; other terms themselves. */
export const withoutMinus = (e: Expr): Expr => (isApply(e, "neg") ? (e.args[0] as Expr) : e);

/** Whether a term is the number 0 or zeros. */
export const isZeroTerm = (e: Expr): boolean => (e.kind === "num" ? e.value.n === 0n : isApply(e, "zeros"));

/** The number that stands in every entry of an expanded one; other terms themselves. */
export const unexpanded = (e: Expr): Expr => (isApply(e, "expand") ? (e.args[0] as Expr) : e);
