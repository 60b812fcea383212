// The user's own definitions as intermediate variables: their bodies in terms of each
// other, and their names in place of what equals them in the expression. Terms are
// compared as written first and then by normal form.
//
// Invariant: with the definitions put in, the expression is what it was.

import * as build from "../../expr/build.ts";
import { type Expr, isApply, nodes, type Variable } from "../../expr/expr.ts";
import { openIndices } from "../../expr/indices.ts";
import { isMatrixShape, sameShape } from "../../expr/shape.ts";
import type { Library } from "../../rewrite/library.ts";
import type { Tensor } from "../../tensor/form/tensor.ts";
import type { GivenDefinition } from "./introduce.ts";
import { expandNames, tensorOf } from "./terms.ts";

/** Larger expressions are searched for definitions as they are written only. */
const MOST_NODES = 400;

/** An expression in the names that the user has defined. */
export interface Recognised {
  readonly expr: Expr;
  /** The definitions that the expression uses, in order. */
  readonly given: readonly GivenDefinition[];
  /** The expression without names. */
  readonly plain: Expr;
}

/** The expression in the names of the definitions, and the definitions it needs. */
export function recognise(expr: Expr, definitions: readonly GivenDefinition[], library: Library): Recognised {
  if (definitions.length === 0) return { expr, given: [], plain: expr };
  const known: GivenDefinition[] = [];
  const bodies = new Map<Expr, Expr>();
  for (const d of definitions) {
    const body = inNames(d.expr, known, bodies, library);
    known.push({ variable: d.variable, expr: body });
    bodies.set(d.variable, body);
  }
  const short = inNames(expr, known, bodies, library);
  return { expr: short, given: needed(short, known), plain: expandNames(expr, bodies, library) };
}

function needed(expr: Expr, definitions: readonly GivenDefinition[]): GivenDefinition[] {
  const wanted = new Set<Expr>(nodes(expr));
  const out: GivenDefinition[] = [];
  for (const d of [...definitions].reverse()) {
    if (!wanted.has(d.variable)) continue;
    out.unshift(d);
    for (const n of nodes(d.expr)) wanted.add(n);
  }
  return out;
}

/** Replaces the largest parts that equal a definition by its name, from the outside in. */
function inNames(expr: Expr, definitions: readonly GivenDefinition[], bodies: ReadonlyMap<Expr, Expr>, library: Library): Expr {
  if (definitions.length === 0) return expr;
  const written = new Map<Expr, Variable>();
  const tensors = new Map<Tensor, Variable>();
  for (const d of definitions) {
    const plain = expandNames(d.expr, bodies, library);
    written.set(plain, d.variable);
    const tensor = tensorOf(plain, library);
    if (tensor !== undefined) tensors.set(tensor, d.variable);
  }
  const names = new Set<Expr>(definitions.map((d) => d.variable));
  const searched = nodes(expr).length <= MOST_NODES;
  const indices = openIndices(expr);
  const nameOf = (node: Expr): Variable | undefined => {
    const plain = expandNames(node, bodies, library);
    const same = written.get(plain);
    if (same !== undefined || !searched || (indices.get(node)?.size ?? 0) > 0) return same;
    const tensor = plain.kind === "num" ? undefined : tensorOf(plain, library);
    const found = tensor === undefined ? undefined : tensors.get(tensor);
    return found !== undefined && sameShape(found.shape, node.shape) ? found : undefined;
  };
  const by = new Map<Expr, Expr>();
  const open: Expr[] = [expr];
  while (open.length > 0) {
    const node = open.pop() as Expr;
    if (by.has(node) || names.has(node)) continue;
    const name = nameOf(node) ?? sumOfProducts(node, nameOf);
    if (name !== undefined) by.set(node, name);
    else open.push(...node.args);
  }
  return build.substitute(expr, by, library.functions);
}

/** w·x as sum(u) where the user has defined u = w ⊙ x. */
function sumOfProducts(node: Expr, nameOf: (e: Expr) => Variable | undefined): Expr | undefined {
  if (!isApply(node, "dot")) return undefined;
  const [a, b] = node.args as [Expr, Expr];
  if (isMatrixShape(a.shape) || !sameShape(a.shape, b.shape)) return undefined;
  const name = nameOf(build.hadamard(a, b));
  return name === undefined ? undefined : build.apply("sum", [name]);
}
