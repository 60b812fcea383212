// Sums over indices of products of numbers, taken in an order in which little is computed: a
// factor stands under the sums of its own indices only, and the sum that leaves the smallest
// part comes first. Σ_i Σ_j Σ_k a_i B_ij C_jk is Σ_j (Σ_i a_i B_ij) (Σ_k C_jk).
//
// Invariant: the value is the same but for rounding, and so are the parts that are no products;
// what an indicator leaves out stays beside it.

import { apply, indexSum, mul, num, over } from "../expr/build.ts";
import type { Dim } from "../expr/dim.ts";
import { type Expr, fold, type IndexSum } from "../expr/expr.ts";
import { type Indices, openIndices } from "../expr/indices.ts";
import { isScalarShape } from "../expr/shape.ts";
import { indicatorsIn } from "./instruct.ts";

/** A factor of a product of numbers, above or below the fraction line. */
interface Factor {
  readonly expr: Expr;
  readonly below: boolean;
}

/** The term with its sums over products regrouped, for sizes as they are given. */
export function contracted(root: Expr, sizeOf: (dim: Dim) => number): Expr {
  const open = new Map<Expr, Indices>();
  const done = new Map<Expr, Expr>();
  const visit = (node: Expr, args: readonly Expr[]): Expr => {
    const chain = node.kind === "indexSum" && isScalarShape(node.shape) ? chainOf(node) : [];
    const last = chain.at(-1);
    if (last === undefined) return node.args.every((a, i) => a === args[i]) ? node : over(node, args);
    return summed(chain, factorsOf(done.get(last.args[0] as Expr) as Expr), { open, sizeOf });
  };
  return fold(root, visit, done);
}

/** Sums of sums, each over an index of its own, the outermost first. */
function chainOf(outermost: IndexSum): IndexSum[] {
  const chain: IndexSum[] = [];
  const names = new Set<string>();
  for (let node: Expr = outermost; node.kind === "indexSum" && !names.has(node.index); node = node.args[0] as Expr) {
    chain.push(node);
    names.add(node.index);
  }
  return chain;
}

function factorsOf(body: Expr): Factor[] {
  const found: Factor[] = [];
  const open: Factor[] = [{ expr: body, below: false }];
  for (let top = open.pop(); top !== undefined; top = open.pop()) {
    const { expr, below } = top;
    const [a, b] = expr.args as readonly [Expr, Expr];
    if (expr.kind !== "apply" || indicatorsIn(expr).length > 0) found.push(top);
    else if (expr.op === "neg") open.push({ expr: num(-1), below: false }, { expr: a, below });
    else if (expr.op === "mul" || expr.op === "hadamard") {
      if (expr.args.every((x) => isScalarShape(x.shape))) open.push({ expr: b, below }, { expr: a, below });
      else found.push(top);
    } else if (expr.op === "div") open.push({ expr: b, below: !below }, { expr: a, below });
    else found.push(top);
  }
  return found;
}

/** What is known while sums are regrouped. */
interface Known {
  /** The open indices of parts that were asked for. */
  readonly open: Map<Expr, Indices>;
  readonly sizeOf: (dim: Dim) => number;
}

/** A product summed over the indices of a chain. */
function summed(chain: readonly IndexSum[], factors: readonly Factor[], known: Known): Expr {
  let left = [...factors];
  const waiting = [...chain].reverse();
  const has = (f: Factor, index: string): boolean => indicesOf(f, known).has(index);
  while (waiting.length > 0) {
    const sizes = waiting.map(({ index }) =>
      sizeOver(
        left.filter((f) => has(f, index)),
        known,
      ),
    );
    const [next] = waiting.splice(sizes.indexOf(Math.min(...sizes)), 1) as [IndexSum];
    const inner = left.filter((f) => has(f, next.index));
    const sum: Factor = { expr: indexSum(next.index, next.range, productOf(inner)), below: false };
    left = [...left.filter((f) => !has(f, next.index)), sum];
  }
  return productOf(left);
}

const indicesOf = ({ expr }: Factor, { open }: Known): Indices => openIndices(expr, open).get(expr) as Indices;

/** At how many positions a product of factors has values. */
function sizeOver(factors: readonly Factor[], known: Known): number {
  const all = new Map(factors.flatMap((f) => [...indicesOf(f, known)]));
  return [...all.values()].reduce((n, { range }) => n * known.sizeOf(range), 1);
}

function productOf(factors: readonly Factor[]): Expr {
  const [above, below] = [false, true].map((side) => factors.filter((f) => f.below === side).map((f) => f.expr)) as [Expr[], Expr[]];
  const product = (parts: readonly Expr[]): Expr => (parts.length === 0 ? num(1) : parts.reduce(mul));
  return below.length === 0 ? product(above) : apply("div", [product(above), product(below)]);
}
