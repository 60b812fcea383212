// Names that stand as vectors do, whatever their letter: transposed, in a norm, in diag or a function of vectors, beside A*x, multiplied
// by a matrix or by what is transposed. Below a sum over i, an x_i that does so is a sample: without a
// declaration of x or X the samples are the rows of a matrix X, and not the entries of a vector x. Where there is no
// such capital, or mu is differentiated by, mu_k is a row of a matrix mu. A capital raised to a letter of numbers
// stands as a number does.
//
// Invariant: what is noted here is a preference; shapes that contradict it win (kinds.ts). Not here:
// what a name with an index stands for (terms/subscript.ts).

import { operatorFunction } from "../../../grammar/glyphs.ts";
import type { FunctionInfo } from "../../expr/functions.ts";
import { isMatrixShape, isScalarShape, isSquareShape, isVectorShape, type Shape } from "../../expr/shape.ts";
import { type CallTree, children, namesInTrees, type Tree } from "../../syntax/tree.ts";
import { isIntercept } from "../names/letters.ts";
import type { Scope } from "../names/scope.ts";
import { isMap, isRowOf, kindOf, lastFactor, transposedIn } from "../terms/maps.ts";
import type { Context } from "../terms/term.ts";

/** Leaves out samples of what stands somewhere as a whole or is defined: x_i beside x is an entry. */
export function keepSamples({ vectorSamples, mentioned, variables }: Scope, defined: readonly string[]): void {
  for (const base of vectorSamples) if (mentioned.has(base) || variables.has(base) || defined.includes(base)) vectorSamples.delete(base);
}

/** Notes the names in a tree that stand as vectors do, and the samples that a sum runs over. */
export function noteStanding(ctx: Context, root: Tree): void {
  const { scope } = ctx;
  const stack: [tree: Tree, bound: readonly string[]][] = [[root, []]];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const [tree, around] = next;
    const bound = tree.kind === "sum" ? [...around, ...tree.indices.map((i) => i.name)] : around;
    const raised = raisedIn(ctx, tree);
    if (raised !== undefined) scope.raised.add(raised);
    for (const name of divisorsIn(ctx, tree)) scope.divisors.add(name);
    const own = sampleOf(tree, bound);
    if (own !== undefined) scope.sampled.add(own);
    // A chain of summands is looked at once, from its outermost sign.
    const summands = tree.kind === "prefix" ? [tree.arg] : summandsOf(tree);
    const quotient = tree.kind === "binary" && (tree.op === "divide" || tree.op === "hdivide") ? [tree.left, tree.right] : [];
    for (const name of besideIn(ctx, summands.length > 1 ? summands : quotient)) scope.beside.add(name);
    const isShifted = summands.length > 1 && summands.some((s) => isMapped(ctx, s) && !isForm(ctx, s));
    for (const part of isShifted ? withoutIntercept(ctx, summands).map((s) => scaledPart(ctx, s)) : vectorsIn(ctx, tree)) {
      const sample = sampleOf(part, bound);
      if (sample !== undefined) scope.vectorSamples.add(sample);
      else if (part.kind === "name") scope.vectors.add(part.name);
    }
    for (const part of summands.length > 1 ? summands : children(tree)) stack.push([part, bound]);
  }
}

// x_1 of x − x_1 and σ_1 of σ^2/σ_1^2: beside their letter alone they are no entries of it.
function besideIn(ctx: Context, parts: readonly Tree[]): readonly string[] {
  const names = parts.map((part) => changedName(ctx, part)).filter((name) => name !== undefined);
  return names.filter((name) => names.includes(/^(.+)_\d+$/.exec(name)?.[1] ?? ""));
}

// The name x of 2x², 1/x and log(x).
function changedName({ scope }: Context, root: Tree): string | undefined {
  for (let tree = root; ; ) {
    if (tree.kind === "name") return tree.name;
    if (tree.kind === "prefix") tree = tree.arg;
    else if (tree.kind === "call" && scope.functions.find(tree.name, 1)?.elementwise === true) tree = tree.args[0] as Tree;
    else if (tree.kind !== "binary") return undefined;
    else if (tree.right.kind === "number") tree = tree.left;
    else if (tree.left.kind === "number") tree = tree.right;
    else return undefined;
  }
}

// K of K^α, where nothing declares it: a matrix is raised to a number that is written out, or a count.
function raisedIn(ctx: Context, tree: Tree): string | undefined {
  if (tree.kind !== "binary" || tree.op !== "power" || tree.left.kind !== "name" || kindOf(ctx, tree.left.name) !== "matrix")
    return undefined;
  if (ctx.scope.variables.get(tree.left.name)?.declared === true) return undefined;
  const names = namesInTrees([tree.right]);
  return names.length > 0 && names.every((name) => kindOf(ctx, name) === "scalar") ? tree.left.name : undefined;
}

// R and T of P*V/(n*R*T): a product of names is a number where something is divided by it.
function divisorsIn(ctx: Context, tree: Tree): readonly string[] {
  if (tree.kind !== "binary" || tree.op !== "divide") return [];
  const capitals: string[] = [];
  const open = [tree.right];
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    if (part.kind === "binary" && part.op === "times") open.push(part.left, part.right);
    else if (part.kind === "name" && kindOf(ctx, part.name) === "matrix") capitals.push(part.name);
    else if (part.kind !== "name" && part.kind !== "number") return [];
  }
  return capitals;
}

/** x of x_i where a sum over i is around. */
function sampleOf(tree: Tree, bound: readonly string[]): string | undefined {
  if (tree.kind !== "name") return undefined;
  const [, base, index] = /^(\p{Ll}+)_([a-z])$/u.exec(tree.name) ?? [];
  return bound.includes(index as string) ? base : undefined;
}

function summandsOf(root: Tree): readonly Tree[] {
  const out: Tree[] = [];
  const stack = [root];
  for (let tree = stack.pop(); tree !== undefined; tree = stack.pop())
    if (tree.kind === "binary" && (tree.op === "plus" || tree.op === "minus")) stack.push(tree.left, tree.right);
    else if (tree.kind === "prefix") stack.push(tree.arg);
    else out.push(tree);
  return out;
}

// Beside wᵀx a letter is a number; beside 1, too, of a factor or where another letter is that of a vector.
function vectorSummands(ctx: Context, sum: Tree, isFactor: boolean): readonly Tree[] {
  const summands = summandsOf(sum);
  if (summands.some((s) => isMapped(ctx, s) && isForm(ctx, s))) return [];
  if (!summands.some((s) => s.kind === "number")) return withoutIntercept(ctx, summands);
  return isFactor ? [] : lettersOfNumbers(ctx, sum);
}

// w of X*w + b, where b is the same for all samples.
function withoutIntercept(ctx: Context, summands: readonly Tree[]): readonly Tree[] {
  const isOfData = (s: Tree): boolean => s.kind === "binary" && s.left.kind === "name" && s.left.name === "X" && isMapped(ctx, s);
  return summands.some(isOfData) ? summands.filter((s) => s.kind !== "name" || !isIntercept(s.name)) : summands;
}

// α of α − 1; none where anything else is a summand as well.
function lettersOfNumbers(ctx: Context, sum: Tree): readonly Tree[] {
  const letters = summandsOf(sum).flatMap((s) => (s.kind === "number" ? [] : [entriesOf(ctx, s)]));
  return letters.every((s) => s.kind === "name" && kindOf(ctx, s.name) === "scalar") ? letters : [];
}

// b of c*b, where no other factor is a vector or matrix by its letter.
function scaledPart(ctx: Context, part: Tree): Tree {
  const product = part.kind === "binary" && part.op === "divide" && part.grouped !== true ? part.left : part;
  const last = lastFactor(product);
  if (last === part || last.kind !== "name") return part;
  for (let rest: Tree = product; rest.kind === "binary" && rest.op === "times"; rest = rest.left) {
    const factor = lastFactor(rest.left);
    const isNumber = factor.kind === "number" || (factor.kind === "name" && kindOf(ctx, factor.name) === "scalar");
    if (!isNumber) return part;
  }
  return last;
}

const functionOf = ({ scope }: Context, { name, args }: CallTree): FunctionInfo | undefined => scope.functions.find(name, args.length);

// What a call takes all entries of together: vectors, and matrices of any shape where the value is a number.
function takenWhole(ctx: Context, tree: CallTree): readonly Tree[] {
  if (operatorFunction(tree.name) === "sum") return tree.args;
  const info = functionOf(ctx, tree);
  if (info === undefined || info.elementwise || info.norm === true) return [];
  const isWhole = (s: Shape | undefined): boolean =>
    s !== undefined && (isVectorShape(s) || (isMatrixShape(s) && !isSquareShape(s) && isScalarShape(info.result)));
  return tree.args.filter((_, i) => isWhole(info.params[i]));
}

// The parts of a tree that stand as vectors do.
function vectorsIn(ctx: Context, tree: Tree): readonly Tree[] {
  const whole = tree.kind === "call" ? takenWhole(ctx, tree) : [];
  if (whole.length > 0) return whole.flatMap((arg) => entrywiseFactors(ctx, arg)).flatMap((t) => lettersOfNumbers(ctx, t));
  if (tree.kind === "call" && operatorFunction(tree.name) === "diag")
    return tree.args.flatMap((arg) => summandsOf(entriesOf(ctx, arg)).map((s) => entriesOf(ctx, s)));
  const outer = outerIn(ctx, tree);
  if (outer.length > 0) return outer;
  const isFactor = isMapped(ctx, tree);
  return sumsIn(ctx, tree).flatMap((t) => vectorSummands(ctx, t, isFactor));
}

// a of vec(a bᵀ), and a and b of a ⊗ b, which numbers would make nothing of.
function outerIn(ctx: Context, tree: Tree): readonly Tree[] {
  if (tree.kind === "binary" && tree.op === "kron")
    return [tree.left, tree.right].filter((part) => part.kind === "name" && !isMap(ctx, part));
  const [arg] = tree.kind === "call" && operatorFunction(tree.name) === "vec" ? tree.args : [];
  if (arg?.kind !== "binary" || arg.op !== "times") return [];
  const [turned, before] = [transposedIn(ctx, arg.right), lastFactor(arg.left)];
  return turned === undefined || isMap(ctx, turned) || before.kind !== "name" || isMap(ctx, before) ? [] : [before];
}

// a − 1 and log(x) of (a − 1) .* log(x).
function entrywiseFactors(ctx: Context, root: Tree): readonly Tree[] {
  const out: Tree[] = [];
  const open = [root];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const tree = entriesOf(ctx, next);
    if (tree.kind === "binary" && (tree.op === "hadamard" || tree.op === "hdivide")) open.push(tree.left, tree.right);
    else out.push(tree);
  }
  return out;
}

// d of 1 ./ d, d.^2 and sqrt(d): what is changed entry by entry.
function entriesOf({ scope }: Context, root: Tree): Tree {
  for (let tree = root; ; ) {
    const isQuotient = tree.kind === "binary" && tree.op === "hdivide" && tree.left.kind === "number";
    if (tree.kind === "binary" && (isQuotient || tree.op === "hpower")) tree = isQuotient ? tree.right : tree.left;
    else if (tree.kind === "call" && scope.functions.find(tree.name, 1)?.elementwise === true) tree = tree.args[0] as Tree;
    else return tree;
  }
}

// The parts of a tree that, or sums in them that, stand as vectors do.
function sumsIn(ctx: Context, tree: Tree): readonly Tree[] {
  const turned = transposedIn(ctx, tree);
  if (turned !== undefined) return [turned];
  if (tree.kind === "call") return functionOf(ctx, tree)?.norm === true ? tree.args.slice(0, 1) : [];
  if (tree.kind !== "binary") return [];
  const { op, left, right } = tree;
  if (op === "dot") return [...(isVector(ctx, left) ? [right] : []), ...(isVector(ctx, right) ? [left] : [])];
  return isMapped(ctx, tree) ? [right] : [];
}

/** A product such as A*x or aᵀx, or A \ x, of what is no matrix by its letter. */
const isMapped = (ctx: Context, tree: Tree): boolean =>
  tree.kind === "binary" && (tree.op === "times" || tree.op === "solve") && isMap(ctx, lastFactor(tree.left)) && !isMap(ctx, tree.right);

/** A product such as xᵀAy, which is a number. */
function isForm(ctx: Context, product: Tree): boolean {
  for (let tree: Tree = { ...product, grouped: false }; ; ) {
    const factor = lastFactor(tree);
    const turned = transposedIn(ctx, factor);
    if ((turned !== undefined && !isMap(ctx, turned)) || isRowOf(factor)) return true;
    if (factor === tree || tree.kind !== "binary") return false;
    tree = tree.left;
  }
}

const isVector = (ctx: Context, tree: Tree): boolean => tree.kind === "name" && kindOf(ctx, tree.name) === "vector";
