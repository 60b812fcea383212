// Undeclared names of which the text makes a number, where their letters or places say a vector or a matrix: sum(x^2),
// tr(rho*logm(rho)), p/q of vectors, X*W + b; and log(X) below a trace, which acts on every entry. Such answers would be
// right for what nobody means, and are refused with what to write.
//
// Invariant: what is declared is never refused here. Not here: products, marks and calls that are meant otherwise (misread.ts).

import { sameDim } from "../../expr/dim.ts";
import { type BinaryTree, type CallTree, namesInTrees, subtrees, type Tree } from "../../syntax/tree.ts";
import { isVectorLetter, kindByLetter } from "../names/letters.ts";
import { POWER_TAKES, refuse, written } from "../shapes/mismatch.ts";
import { isDeclared, isMatrixName, textOf } from "./misread.ts";
import { type Context, placeOf, type Term } from "./term.ts";

/** sum(x_i^2), where x_i is one number, and sum(x^2), which makes a number of x. */
export function refuseOfNumber(ctx: Context, { name, args, span }: CallTree): void {
  const place = { source: ctx.source, span };
  const below = namesBelow(ctx, args);
  const index = below.flatMap((n) => /^\p{L}+_([a-z])$/u.exec(n)?.[1] ?? [])[0];
  if (index !== undefined)
    refuse(place, "type", `${name} takes the entries of its argument, which is one number`, `sum_${index} … runs over ${index}`);
  const others = below.filter((n) => isMade(ctx, n));
  const made = others.length > 0 ? others : below.filter((n) => isNumber(ctx, n));
  if (made.length === 0) return;
  const advice = `declare ${made.join(", ")}${made.every((n) => isNumber(ctx, n)) ? " : scalar" : ""}`;
  const isOfE = [...subtrees(args)].some((tree) => tree.kind === "call" && tree.powerOfE === true);
  const isOfMatrix = made.every((n) => kindByLetter(n) === "matrix" && isNumber(ctx, n));
  const entrywise = isOfMatrix
    ? `${name}(vec(…)) takes the entries of a matrix`
    : isOfE
      ? "exp(…) acts on a vector entry by entry"
      : "on vectors .^ .* ./ act entry by entry";
  refuse(place, "type", `${name} of one number: ${made.join(", ")} can be nothing else here`, `${entrywise}; or ${advice}`);
}

/** tr(rho*log(rho)) of a number, and tr(X*log(X)), which takes the logarithm of every entry and to others that of the matrix. */
export function refuseTrace(ctx: Context, { name, args, span }: CallTree): void {
  const names = [...new Set(namesInTrees(args))];
  const open = names.filter((n) => !isDeclared(ctx, n));
  if (open.length === 0) return;
  if (names.every((n) => isNumber(ctx, n))) {
    const capitals = open.filter((n) => kindByLetter(n) === "matrix");
    const likely = (capitals.length > 0 ? capitals : open).join(", ");
    refuse(
      { source: ctx.source, span },
      "type",
      `${name} of one number: ${likely} can be nothing else here`,
      `declare ${likely} : matrix(n, n)`,
    );
  }
  for (const factor of subtrees(args, (t) => t.kind === "binary" || t.kind === "prefix")) {
    // Code that names its module, np.log(X), means the entries; e^X is the exponential of a square X anyway.
    if (factor.kind !== "call" || factor.powerOfE === true || textOf(ctx, factor.nameSpan).includes(".")) continue;
    const ofMatrix = `${factor.name}m`;
    const [matrix, ...more] = ctx.scope.functions.find(ofMatrix) === undefined ? [] : squaresBelow(ctx, factor);
    if (matrix === undefined || more.length > 0) continue;
    const was = textOf(ctx, factor.span);
    refuse(
      placeOf(ctx, factor),
      "type",
      `${was} acts on every entry, and stands where a function of the matrix ${matrix} does`,
      `${ofMatrix}(…) for that; or declare ${matrix}`,
    );
  }
}

// Undeclared square matrices in a call in which there is nothing else but numbers.
function squaresBelow(ctx: Context, { args }: CallTree): string[] {
  const names = namesBelow(ctx, args).filter((n) => !isNumber(ctx, n));
  const isSquare = (n: string): boolean => {
    const shape = ctx.scope.variables.get(n)?.shape;
    return shape !== undefined && isMatrix(ctx, n) && sameDim(ctx.inf.resolve(shape.rows), ctx.inf.resolve(shape.cols));
  };
  return names.every(isSquare) ? names : [];
}

/** ‖x‖_A, whose order would be the number A. */
export function refuseOrder(ctx: Context, { args, span }: CallTree): void {
  const [, order] = args;
  if (order?.kind !== "name" || !isMatrixName(ctx, order)) return;
  const { name } = order;
  const fix = `sqrt(x'*${name}*x) for the norm of x by a matrix ${name}; or declare ${name} : scalar`;
  refuse({ source: ctx.source, span }, "type", `${name} below a norm is its order, which is a number`, fix);
}

/** p/q of vectors, which makes a number of q. */
export function refuseVectorBelow(ctx: Context, { left, right, span }: BinaryTree): void {
  if (right.kind !== "name" || !isVectorLetter(right.name) || isDeclared(ctx, right.name)) return;
  const of = left.kind === "name" ? left.name : "…";
  refuse(
    { source: ctx.source, span },
    "shape",
    `/ divides by a number only, and ${right.name} stands as a vector does`,
    `${of} ./ ${right.name} divides entry by entry; or declare ${right.name} : scalar`,
  );
}

/** (X*w − y)^2, which makes a number of w. */
export function refusePowerOfVector(ctx: Context, { left, right }: BinaryTree): void {
  const base = placeOf(ctx, left);
  for (const { left: map, right: vector } of productsBelow(ctx, left)) {
    const factor = map.kind === "binary" && map.op === "times" ? map.right : map;
    if (vector.kind !== "name" || isDeclared(ctx, vector.name) || !isMatrixName(ctx, factor)) continue;
    if (kindByLetter(vector.name) === "matrix" || !isNumber(ctx, vector.name)) continue;
    const text = written(base);
    const inner = text.startsWith("(") ? text : `(${text})`;
    const entries = left.kind === "name" ? text : inner;
    const entrywise =
      right.kind === "number" ? `${entries}.^${right.text} raises every entry, norm2${inner} is a number` : ".^ raises every entry";
    refuse(base, "shape", `${POWER_TAKES}, and ${vector.name} stands as a vector does`, `${entrywise}; or declare ${vector.name} : scalar`);
  }
}

/** X*W + b and X'*X + λ, which would add a number to every entry: to others b is added to each row, and λ on the diagonal. */
export function refuseNumberBesideMatrix({ inf, products }: Context, terms: readonly Term[]): void {
  const letter = terms.find((t) => t.variable?.declared === false && inf.scalar(t.shape) === "yes");
  if (letter === undefined || !terms.some((t) => products.has(t) && t.args.every((a) => inf.scalar(a.shape) === "no"))) return;
  const name = written(letter);
  const fix = `${name}*I on the diagonal, ones(n)*${name}' for ${name} in every row; or declare ${name} : scalar`;
  refuse(letter, "shape", `${name} is added to a matrix, and nothing says how`, fix);
}

/** Whether a name is less than its letter or its place says: a number for a vector, a vector for a matrix. */
function isMade(ctx: Context, name: string): boolean {
  if (kindByLetter(name) === "matrix") return !isMatrix(ctx, name);
  return (kindByLetter(name) === "vector" || ctx.scope.vectors.has(name)) && isNumber(ctx, name);
}

/** Names in trees that are neither declared nor indices of sums, without those that a norm or another function makes something else of. */
function namesBelow(ctx: Context, trees: readonly Tree[]): string[] {
  const out = new Set<string>();
  const isOpen = (tree: Tree): boolean =>
    tree.kind !== "call" || ctx.scope.functions.find(tree.name, tree.args.length)?.elementwise === true;
  for (const tree of throughDefinitions(ctx, trees, isOpen))
    if (tree.kind === "name" && !isDeclared(ctx, tree.name) && !ctx.bound.some((b) => tree.name.endsWith(b.name))) out.add(tree.name);
  return [...out];
}

/** Subtrees, those of what names in them are defined as, too. */
function* throughDefinitions({ scope }: Context, roots: readonly Tree[], isOpen: (tree: Tree) => boolean): Generator<Tree> {
  const values = new Set<Tree>(roots);
  for (const value of values)
    for (const tree of subtrees([value], isOpen)) {
      const defined = tree.kind === "name" ? scope.variables.get(tree.name)?.value : undefined;
      if (defined === undefined) yield tree;
      else values.add(defined);
    }
}

// A power below has been looked at by itself.
const productsBelow = (ctx: Context, root: Tree): BinaryTree[] =>
  [...throughDefinitions(ctx, [root], (tree) => tree.kind !== "call" && !(tree.kind === "binary" && tree.op === "power"))].flatMap(
    (tree) => (tree.kind === "binary" && tree.op === "times" ? [tree] : []),
  );

const isNumber = ({ scope, inf }: Context, name: string): boolean => {
  const info = scope.variables.get(name);
  return info !== undefined && inf.scalar(info.shape) === "yes";
};
const isMatrix = ({ scope, inf }: Context, name: string): boolean => {
  const info = scope.variables.get(name);
  return info === undefined || inf.orientation(info.shape) === "matrix";
};
