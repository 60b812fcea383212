// Texts that mean one thing here and another on paper or in other systems: calls of names that are no functions, entries in
// parentheses, quotients without brackets, marks above that are letters. Where a product is a likely reading it
// is remarked, where it is none it is refused with what to write.
//
// Invariant: what is declared is never refused here.

import { operatorFunction } from "../../grammar/glyphs.ts";
import { dictionary } from "../base/dictionary.ts";
import type { Span } from "../base/span.ts";
import { sameDim } from "../expr/dim.ts";
import { isGreek, lettersOf, stemOf } from "../syntax/spelling.ts";
import { type BinaryTree, type CallTree, children, type Tree } from "../syntax/tree.ts";
import type { Place } from "./constraint.ts";
import { kindByLetter } from "./letters.ts";
import { refuse, written } from "./mismatch.ts";
import type { Scope } from "./scope.ts";
import { type Context, placeOf, type Term } from "./term.ts";

/** Letters that stand for functions, with or without an index. */
const FUNCTION_LETTER = /^(?:[fghFGH]|phi|psi|Phi|Psi|[φϕψΦΨ])(?:_.*)?$/u;

/** softmax_i(x) is meant as a call, and f(x) may be. */
export function noteApplied({ scope }: Context, name: string, place: Place): void {
  const stem = /^([A-Za-z]{2,})_/.exec(name)?.[1];
  if (stem !== undefined && !isGreek(stem) && (operatorFunction(stem) !== undefined || scope.functions.find(stem) !== undefined))
    refuse(place, "name", `there is no function ${name}`, `${stem}(x)[i] for an entry; ${name}*(…) for a product`);
  if (FUNCTION_LETTER.test(name)) remarkProduct(scope, name);
}

/** What log_2 x and max_i x_i are meant as. */
const WITH_INDEX = dictionary<(index: string) => string>({
  log: (index) => (/^\d/.test(index) ? `log${index}(…)` : `log(…)/log(${index})`),
  max: () => "max(x) for the largest entry of x, max(a, b) for the larger of two",
  argmax: () => "what is maximised alone",
  argmin: () => "what is minimised alone",
  min: () => "min(x) for the smallest entry of x, min(a, b) for the smaller of two",
});

const CODE_WORDS: ReadonlySet<string> = new Set(["def", "return", "import", "from", "function"]);

/** Refuses words of programming languages. */
export function refuseCodeWord(name: string, place: Place): void {
  if (CODE_WORDS.has(name)) refuse(place, "syntax", `${name} is a word of a programming language`, "the expression alone, or declare it");
}

/** Refuses a function with an index below it and nothing in parentheses behind it. */
export function refuseIndexedFunction(name: string, place: Place): void {
  const [, stem, index] = /^([a-z]+)_(\p{L}|\d+)$/u.exec(name) ?? [];
  const meant = stem === undefined ? undefined : WITH_INDEX[stem];
  if (meant !== undefined) refuse(place, "unsupported", `${stem} with something below it is not understood`, meant(index as string));
}

const remarkProduct = ({ remarks }: Scope, name: string): void =>
  void remarks.add(`${name}(…) is read as a product; declare ${name} : elementwise for a function`);

const isDeclared = ({ scope }: Context, name: string): boolean => {
  const info = scope.variables.get(name);
  return scope.unknowns.has(name) || scope.dims.has(name) || info?.declared === true || info?.defined === true;
};

/** What a product reads like besides. */
export function noteProduct(ctx: Context, tree: BinaryTree): void {
  refuseIndexInParentheses(tree, placeOf(ctx, tree));
  refuseDivisor(ctx, tree);
  refuseProbability(ctx, tree);
  const name = calledName(ctx, tree);
  if (name !== undefined) remarkProduct(ctx.scope, name);
}

const COMPARING: ReadonlySet<string> = new Set(["gt", "ge", "lt", "le", "eq", "ne"]);

// P(X > x), which would be a product with 1 or 0.
function refuseProbability(ctx: Context, { sign, left, right, span }: BinaryTree): void {
  if (sign !== "" || left.kind !== "name" || !/^(?:[Pp]|Pr|Prob)$/.test(left.name) || isDeclared(ctx, left.name)) return;
  if (right.kind !== "binary" || right.grouped !== true || !COMPARING.has(right.op)) return;
  const comparison = textOf(ctx, right.span);
  refuse(
    { source: ctx.source, span },
    "unsupported",
    `${left.name}(…) of a comparison is no probability here`,
    `${comparison} is 1 where it holds; ${left.name}*${comparison} for a product`,
  );
}

/** r of r(x): a name that nothing declares in front of another one in parentheses, or of a power of these. */
export function calledName(ctx: Context, { sign, left, right }: BinaryTree): string | undefined {
  const of = left.kind === "transpose" ? left.arg : left;
  if (sign !== "" || of.kind !== "name" || isDeclared(ctx, of.name)) return undefined;
  if (left === of ? !of.applied : left.grouped === true || !FUNCTION_LETTER.test(of.name)) return undefined;
  const inner = baseOf(right);
  return inner.kind === "name" && inner.grouped === true ? of.name : undefined;
}

function baseOf(tree: Tree): Tree {
  let at = tree;
  while (at.kind === "binary" && (at.op === "power" || at.op === "hpower") && at.grouped !== true) at = at.left;
  return at;
}

// x(1) is an entry where indices stand in parentheses, and would be x here.
function refuseIndexInParentheses({ sign, left, right }: BinaryTree, place: Place): void {
  const at = baseOf(right);
  if (sign !== "" || left.kind !== "name" || !left.applied || at.grouped !== true) return;
  const k = at.kind === "number" ? at.text : at.kind === "name" ? at.name : "";
  if (k !== "end" && !/^\d+$/.test(k)) return;
  const { name } = left;
  const entry = k === "0" ? "entries are counted from 1" : `${name}[${k === "end" ? "n" : k}] for an entry`;
  const fix = k === "end" ? entry : `${entry}; ${k}*${name} for a product`;
  refuse(place, "syntax", `${name}(${k}) is no entry: indices stand in square brackets`, fix);
}

const isPowerT = (ctx: Context, { op, right }: BinaryTree): boolean =>
  op === "power" && right.kind === "name" && right.name === "T" && !isDeclared(ctx, "T");

// x'*A*x/x'*x: what is divided by is x' alone.
function refuseDivisor(ctx: Context, { left }: BinaryTree): void {
  if (left.kind !== "binary" || left.op !== "divide" || left.grouped === true) return;
  const { right } = left;
  const turned = right.kind === "transpose" ? right.arg : right.kind === "binary" && isPowerT(ctx, right) ? right.left : undefined;
  if (right.grouped === true || turned?.kind !== "name" || isDeclared(ctx, turned.name)) return;
  const mark = textOf(ctx, right.span);
  refuse(placeOf(ctx, left), "shape", `this divides by ${mark} alone`, `…/(${mark} …), with brackets around what is divided by`);
}

/** Letters of vectors that are hardly ever numbers beside another vector. */
const OF_VECTORS = /^[pqu-z](?:_.*)?$/;

/** p/q of vectors, which makes a number of q. */
export function refuseVectorBelow(ctx: Context, { left, right, span }: BinaryTree): void {
  if (right.kind !== "name" || !OF_VECTORS.test(right.name) || isDeclared(ctx, right.name)) return;
  const of = left.kind === "name" ? left.name : "…";
  refuse(
    { source: ctx.source, span },
    "shape",
    `/ divides by a number only, and ${right.name} stands as a vector does`,
    `${of} ./ ${right.name} divides entry by entry; or declare ${right.name} : scalar`,
  );
}

/** xᴴ, and x^TAx without a space behind the mark. */
export function refuseMark(ctx: Context, { right }: BinaryTree): void {
  if (right.kind !== "name" || right.grouped === true || isDeclared(ctx, right.name)) return;
  const { name } = right;
  const place = placeOf(ctx, right);
  if (name === "H")
    refuse(place, "unsupported", "H above has no meaning here: everything is real", "^T for the transpose, or declare H : scalar");
  if (/^T\p{L}{1,3}(?:_.+)?$/u.test(name) && !isGreek(name) && stemOf(name) !== "Tau")
    refuse(
      place,
      "name",
      `${name} is one name, and not a known one`,
      `^T ${lettersOf(name).slice(1).join(" ")} for the transpose and a product`,
    );
}

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
  const isOfE = partsOf(args, () => true).some((tree) => tree.kind === "call" && tree.powerOfE === true);
  const isOfMatrix = made.every((n) => kindByLetter(n) === "matrix" && isNumber(ctx, n));
  const entrywise = isOfMatrix
    ? `${name}(vec(…)) takes the entries of a matrix`
    : isOfE
      ? "exp(…) acts on a vector entry by entry"
      : "on vectors .^ .* ./ act entry by entry";
  refuse(place, "type", `${name} of one number: ${made.join(", ")} can be nothing else here`, `${entrywise}; or ${advice}`);
}

/** tr(rho*log(rho)) of a number, and of a matrix with the logarithm of every entry, which is that of the matrix to others. */
export function refuseTrace(ctx: Context, { name, args, span }: CallTree): void {
  const place = { source: ctx.source, span };
  const below = partsOf(args, () => true);
  const names = [...new Set(below.flatMap((t) => (t.kind === "name" ? [t.name] : [])))];
  const open = names.filter((n) => !isDeclared(ctx, n));
  if (open.length === 0) return;
  if (names.every((n) => isNumber(ctx, n))) {
    const capitals = open.filter((n) => kindByLetter(n) === "matrix");
    const likely = (capitals.length > 0 ? capitals : open).join(", ");
    refuse(place, "type", `${name} of one number: ${likely} can be nothing else here`, `declare ${likely} : matrix(n, n)`);
  }
  for (const factor of partsOf(args, (t) => t.kind === "binary" || t.kind === "prefix")) {
    const ofMatrix = factor.kind === "call" && !textOf(ctx, factor.nameSpan).includes(".") ? `${factor.name}m` : undefined;
    if (ofMatrix === undefined || ctx.scope.functions.find(ofMatrix) === undefined) continue;
    const [matrix, ...more] = squaresBelow(ctx, factor as CallTree);
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

/** Whether a name is less than its letter or its place says: a number for a vector, a vector for a matrix. */
function isMade(ctx: Context, name: string): boolean {
  if (kindByLetter(name) === "matrix") return !isMatrix(ctx, name);
  return (kindByLetter(name) === "vector" || ctx.scope.vectors.has(name)) && isNumber(ctx, name);
}

/** (X*w − y)^2, which makes a number of w. */
export function refusePowerOfVector(ctx: Context, { left, right }: BinaryTree): void {
  const base = placeOf(ctx, left);
  for (const { left: map, right: vector } of productsBelow(left)) {
    const factor = map.kind === "binary" && map.op === "times" ? map.right : map;
    if (vector.kind !== "name" || isDeclared(ctx, vector.name) || !isMatrixName(ctx, factor)) continue;
    if (kindByLetter(vector.name) === "matrix" || !isNumber(ctx, vector.name)) continue;
    const text = written(base);
    const inner = text.startsWith("(") ? text : `(${text})`;
    const entrywise =
      right.kind === "number" ? `${inner}.^${right.text} raises every entry, norm2${inner} is a number` : ".^ raises every entry";
    refuse(
      base,
      "shape",
      `^ takes a number or a square matrix, and ${vector.name} stands as a vector does`,
      `${entrywise}; or declare ${vector.name} : scalar`,
    );
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

/** Names in trees that are neither declared nor indices of sums, without those that a norm or another function makes something else of. */
function namesBelow(ctx: Context, trees: readonly Tree[]): string[] {
  const out = new Set<string>();
  const isOpen = (tree: Tree): boolean =>
    tree.kind !== "call" || ctx.scope.functions.find(tree.name, tree.args.length)?.elementwise === true;
  for (const tree of partsOf(trees, isOpen))
    if (tree.kind === "name" && !isDeclared(ctx, tree.name) && !ctx.bound.some((b) => tree.name.endsWith(b.name))) out.add(tree.name);
  return [...out];
}

// A power below has been looked at by itself.
const productsBelow = (root: Tree): BinaryTree[] =>
  partsOf([root], (tree) => tree.kind !== "call" && !(tree.kind === "binary" && tree.op === "power")).flatMap((tree) =>
    tree.kind === "binary" && tree.op === "times" ? [tree] : [],
  );

/** Trees with their parts, those in which one may look from the left. */
function partsOf(trees: readonly Tree[], isOpen: (tree: Tree) => boolean): Tree[] {
  const open = [...trees].reverse();
  const out: Tree[] = [];
  for (let tree = open.pop(); tree !== undefined; tree = open.pop()) {
    out.push(tree);
    if (isOpen(tree)) open.push(...[...children(tree)].reverse());
  }
  return out;
}

const isNumber = ({ scope, inf }: Context, name: string): boolean => {
  const info = scope.variables.get(name);
  return info !== undefined && inf.scalar(info.shape) === "yes";
};
const isMatrix = ({ scope, inf }: Context, name: string): boolean => {
  const info = scope.variables.get(name);
  return info === undefined || inf.orientation(info.shape) === "matrix";
};

const textOf = ({ source }: Context, { start, end }: Span): string => source.slice(start, end);

/** † is the adjoint to others. */
export function remarkDagger(ctx: Context, { span }: CallTree): void {
  if (/(?:†|\\dagger\s*\}?)$/.test(textOf(ctx, span))) ctx.scope.remarks.add("† is the pseudoinverse; ' is the transpose");
}

/** norm(X) of a matrix is the spectral norm in MATLAB. */
export function remarkNorm(ctx: Context, { nameSpan, span }: CallTree): void {
  if (textOf(ctx, nameSpan) === "norm" && !/["']fro["']\s*\)$/.test(textOf(ctx, span)))
    ctx.scope.remarks.add("norm of a matrix is the Frobenius norm, as in NumPy; spectral(X) is the largest singular value");
}

/** |…| around a vector is its length to others. */
export function remarkBars(ctx: Context, { nameSpan }: CallTree): void {
  if (/^(?:\||\\l?vert)$/.test(textOf(ctx, nameSpan)))
    ctx.scope.remarks.add("|…| takes the absolute value of every entry; ‖…‖ is the length of a vector");
}

/** A of A^(-T), which is no number: a matrix by its letter or its declaration. */
export function isMatrixName({ scope, inf }: Context, tree: Tree): boolean {
  if (tree.kind !== "name") return false;
  const known = scope.variables.get(tree.name);
  return known?.declared === true ? inf.scalar(known.shape) === "no" : kindByLetter(tree.name) === "matrix";
}
