// Which terms are matrices by the letters they are made of: A, A + B, expm(t A), A ⊗ B. What is transposed
// counts as one, since a letter behind it is a vector as well.
//
// Invariant: names that are declared are what they are declared as. A tree is walked on an explicit stack.

import { operatorFunction } from "../../../grammar/glyphs.ts";
import { isMatrixShape } from "../../expr/shape.ts";
import { type CallTree, children, type Tree } from "../../syntax/tree.ts";
import { type Kind, kindByLetter } from "../names/letters.ts";
import { isTransposeMark } from "./operators.ts";
import type { Context } from "./term.ts";

/** Whether a term is a matrix, or transposed. */
export function isMap(ctx: Context, root: Tree): boolean {
  const open = [root];
  for (let tree = open.pop(); tree !== undefined; tree = open.pop()) {
    if (transposedIn(ctx, tree) !== undefined || isRowOf(tree)) return true;
    if (tree.kind === "name" && kindOf(ctx, tree.name) === "matrix") return true;
    if (tree.kind === "call" && isMatrixCall(ctx, tree)) return true;
    open.push(...sharing(ctx, tree));
  }
  return false;
}

// The parts of a tree of which it is a matrix if one of them is.
function sharing(ctx: Context, tree: Tree): readonly Tree[] {
  if (tree.kind === "prefix" || tree.kind === "stack") return children(tree);
  if (tree.kind === "call") return isEntrywise(ctx, tree) ? tree.args : [];
  if (tree.kind !== "binary" || tree.op === "dot" || tree.op === "colon") return [];
  if (tree.op === "power" || tree.op === "divide") return [tree.left];
  if (tree.op === "solve") return [tree.right];
  if (tree.op === "times") return [tree.right.kind === "number" ? tree.left : tree.right];
  return [tree.left, tree.right];
}

// Whether a function acts on every entry, or as an operator between matrices does.
function isEntrywise({ scope }: Context, { name, args }: CallTree): boolean {
  const op = operatorFunction(name);
  return op === "kron" || op === "hadamard" || scope.functions.find(name, args.length)?.elementwise === true;
}

function isMatrixCall(ctx: Context, { name, args }: CallTree): boolean {
  const [first] = args;
  switch (operatorFunction(name)) {
    case "transpose":
    case "outer":
    case "reshape":
    case "eye":
    case "commutation":
    case "matrix":
      return true;
    case "ones":
    case "zeros":
      return args.length === 2;
    case "diag":
      return !(first?.kind === "name" && kindOf(ctx, first.name) === "matrix");
    case undefined: {
      const info = ctx.scope.functions.find(name, args.length);
      return info?.elementwise === false && isMatrixShape(info.result);
    }
    default:
      return false;
  }
}

/** The last factor of a product; products group from the left. */
export const lastFactor = (tree: Tree): Tree =>
  tree.kind === "binary" && tree.op === "times" && tree.grouped !== true ? tree.right : tree;

/** What is transposed, written xᵀ, x' or x^T. */
export function transposedIn(ctx: Context, tree: Tree): Tree | undefined {
  if (tree.kind === "transpose") return tree.arg;
  return tree.kind === "binary" && isTransposeMark(ctx, tree) ? tree.left : undefined;
}

/** X[i,:], a row. */
export const isRowOf = (tree: Tree): boolean =>
  tree.kind === "entry" && tree.at.length === 2 && tree.at[0]?.kind !== "all" && tree.at[1]?.kind === "all";

const KINDS = { matrix: "matrix", column: "vector", scalar: "scalar" } as const satisfies Record<string, Kind>;

/** What a name is declared as or, without an index, is by its letter. */
export function kindOf(ctx: Context, name: string): Kind | undefined {
  const { scope, inf } = ctx;
  const known = scope.variables.get(name);
  if (known === undefined) return isPart(ctx, name) || scope.unknowns.has(name) ? undefined : kindByLetter(name);
  const orientation = inf.orientation(known.shape);
  return orientation === "open" || orientation === "row" ? undefined : KINDS[orientation];
}

// x_i and A_ij may be entries or rows; x_1 is a name, and so is the W_h of a text without sums over indices.
function isPart({ scope, hasIndexSums }: Context, name: string): boolean {
  if (!name.includes("_") || /_\d+$/.test(name)) return false;
  const [, index] = /^\p{Lu}_([a-z]+)$/u.exec(name) ?? [];
  return index === undefined || /^[i-n]+$/.test(index) || hasIndexSums || scope.indices.has(index);
}

/** What a name is declared as, or by its letter, whatever has been inferred of it. */
export const likelyKind = (ctx: Context, name: string): Kind | undefined =>
  ctx.scope.variables.get(name)?.declared === true ? kindOf(ctx, name) : kindByLetter(name);
