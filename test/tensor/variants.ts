// Other ways to write the same term: sums and element-wise products in another order,
// matrix products in other brackets, everything transposed from the inside, other names.
// Each is true by the meaning of the operators alone; no rule and no normal form is used.
//
// Recursion follows the bounded depth of a random term.

import { add, apply, dimNumber, entry, indexSum, ones, transpose, variable, withArgs, zeros } from "../../src/expr/build.ts";
import { type Dim, dimOf, substituteDim } from "../../src/expr/dim.ts";
import type { Apply, Expr, Index } from "../../src/expr/expr.ts";
import { fold } from "../../src/expr/expr.ts";
import { isScalarShape, isVectorShape, type Shape } from "../../src/expr/shape.ts";
import type { Random } from "../../src/numeric/random.ts";
import { standardLibrary } from "../../src/rewrite/standard.ts";

export const library = standardLibrary();
const { find } = library.functions;

const rebuild = (node: Expr, args: readonly Expr[]): Expr => withArgs(node, args, find);
const isScalar = (e: Expr): boolean => isScalarShape(e.shape);
const isOp = (e: Expr, op: string): e is Apply => e.kind === "apply" && e.op === op;

function shuffled<T>(list: readonly T[], random: Random): T[] {
  const out = [...list];
  for (let i = out.length - 1; i > 0; i--) {
    const j = random.index(i + 1);
    [out[i], out[j]] = [out[j] as T, out[i] as T];
  }
  return out;
}

/** Summands and factors of commutative products in another order and in other brackets. */
export const reordered = (expr: Expr, random: Random): Expr =>
  fold<Expr>(expr, (node, args) => {
    if (node.kind !== "apply") return rebuild(node, args);
    switch (node.op) {
      case "add":
        return bracketed(shuffled(args, random), random);
      case "hadamard":
        return rebuild(node, shuffled(args, random));
      case "dot":
        // u·v for a column and a row; of matrices, shapes are equal.
        return rebuild(node, shuffled(args, random));
      case "mul":
        return args.some(isScalar) ? rebuild(node, shuffled(args, random)) : rebuild(node, args);
      default:
        return rebuild(node, args);
    }
  });

function bracketed(terms: readonly Expr[], random: Random): Expr {
  if (terms.length < 3 || random.index(2) === 0) return apply("add", terms);
  const cut = 1 + random.index(terms.length - 1);
  return add(apply("add", terms.slice(0, cut)), ...terms.slice(cut));
}

/** Products of matrices in other brackets. */
export function regrouped(expr: Expr, random: Random): Expr {
  const again = (e: Expr): Expr => {
    const chain = chainOf(e);
    if (chain.length < 3) return rebuild(e, e.args.map(again));
    return associated(chain.map(again), random);
  };
  return again(expr);
}

// A product with a number among its factors is not a product of matrices.
const chainOf = (e: Expr): Expr[] => (isOp(e, "mul") && !e.args.some(isScalar) ? e.args.flatMap(chainOf) : [e]);

function associated(chain: readonly Expr[], random: Random): Expr {
  if (chain.length === 1) return chain[0] as Expr;
  const cut = 1 + random.index(chain.length - 1);
  return apply("mul", [associated(chain.slice(0, cut), random), associated(chain.slice(cut), random)]);
}

const turn = (s: Shape): [Dim, Dim] => [s.cols, s.rows];

/** The transpose of a term, with the transposes at its leaves: for a number, another way to write it. */
export function transposed(e: Expr): Expr {
  const all = (): Expr[] => e.args.map(transposed);
  switch (e.kind) {
    case "entry":
      return entry(transposed(e.args[0] as Expr), [e.at[1], e.at[0]]);
    case "indexSum":
      return indexSum(e.index, e.range, transposed(e.args[0] as Expr));
    case "apply":
      break;
    default:
      return isScalar(e) ? e : transpose(e);
  }
  if (find(e.op)?.elementwise === true) return rebuild(e, all());
  const [a, b] = e.args as readonly [Expr, Expr];
  switch (e.op) {
    case "transpose":
      return a;
    case "mul":
      return e.args.some(isScalar) ? rebuild(e, all()) : apply("mul", [transposed(b), transposed(a)]);
    case "add":
    case "neg":
    case "hadamard":
    case "hdiv":
    case "hpow":
    case "div":
    case "pow":
    case "sum":
    case "tr":
    case "dot":
    case "kron":
    case "gt":
    case "ge":
    case "lt":
    case "le":
    case "eq":
    case "ne":
      return rebuild(e, all());
    case "cases":
      return rebuild(
        e,
        e.args.map((arg, i) => (i % 2 === 1 ? arg : transposed(arg))),
      );
    case "diag":
      return isVectorShape(e.shape) ? transpose(apply("diag", [transposed(a)])) : apply("diag", [transposed(a)]);
    case "expand":
      return apply("expand", [a], turn(e.shape));
    case "ones":
      return ones(...turn(e.shape));
    case "zeros":
      return zeros(...turn(e.shape));
    case "vcat":
      return apply("hcat", all());
    case "hcat":
      return apply("vcat", all());
    case "commutation":
      return apply("commutation", [], [...e.params].reverse());
    case "eye":
      return e;
    default:
      return isScalar(e) ? e : transpose(e);
  }
}

/** Names of variables and of dimensions, old to new. */
export interface Renaming {
  readonly names: ReadonlyMap<string, string>;
  readonly dims: ReadonlyMap<string, Dim>;
}

/** The same term about variables and dimensions of other names. */
export function renamed(expr: Expr, { names, dims }: Renaming): Expr {
  const dim = (d: Dim): Dim => substituteDim(d, dims);
  const shape = (s: Shape): Shape => ({ rows: dim(s.rows), cols: dim(s.cols) });
  const index = (i: Index): Index =>
    i.kind === "position" ? { kind: "position", at: dim(i.at) } : i.kind === "bound" ? { ...i, range: dim(i.range) } : i;
  return fold<Expr>(expr, (node, args) => {
    switch (node.kind) {
      case "var":
        return variable(names.get(node.name) ?? node.name, shape(node.shape), node.attributes);
      case "dim":
        return dimNumber(dim(node.dim));
      case "entry":
        return entry(args[0] as Expr, [index(node.at[0]), index(node.at[1])]);
      case "indexSum":
        return indexSum(node.index, dim(node.range), args[0] as Expr);
      case "apply":
        return find(node.op) === undefined
          ? apply(node.op as Parameters<typeof apply>[0], args, node.params.map(dim))
          : rebuild(node, args);
      default:
        return rebuild(node, args);
    }
  });
}

/** Names that are in no alphabetical relation to the old ones; dimensions change places. */
export const otherNames = (variables: readonly string[]): Renaming => ({
  names: new Map([...variables].reverse().map((name, i) => [name, `${"zqkgv"[i % 5]}_${name}`])),
  dims: new Map([
    ["n", dimOf("m")],
    ["m", dimOf("n")],
  ]),
});
