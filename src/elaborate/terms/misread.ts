// Texts that mean one thing here and another on paper or in other systems: calls of names that are no functions, entries in
// parentheses, quotients without brackets, marks above that are letters. Where a product is a likely reading it
// is remarked, where it is none it is refused with what to write.
//
// Invariant: what is declared is never refused here.

import { TEXT_WORDS } from "../../../grammar/foreign.ts";
import { operatorFunction } from "../../../grammar/glyphs.ts";
import { dictionary } from "../../base/dictionary.ts";
import type { Span } from "../../base/span.ts";
import type { FunctionInfo } from "../../expr/functions.ts";
import { isComparison } from "../../expr/operators.ts";
import { isGreek, lettersOf, stemOf } from "../../syntax/tokens/spelling.ts";
import type { BinaryTree, CallTree, StackTree, Tree } from "../../syntax/tree.ts";
import { isFunctionLetter, isProbability, kindByLetter } from "../names/letters.ts";
import type { Scope } from "../names/scope.ts";
import type { Place } from "../shapes/constraint.ts";
import { refuse } from "../shapes/mismatch.ts";
import { type Context, placeOf } from "./term.ts";

/** softmax_i(x) is meant as a call and d(…) as a derivative; f(x) may be a call. */
export function noteApplied({ scope }: Context, name: string, place: Place): void {
  if (name === "d")
    refuse(
      place,
      "name",
      "d(…) stands for a differential, or for a derivative, in claims alone",
      "`nabla differential`, --order 2 for a second derivative, or declare d",
    );
  const stem = /^([A-Za-z]{2,})_/.exec(name)?.[1];
  if (stem !== undefined && !isGreek(stem) && (operatorFunction(stem) !== undefined || scope.functions.find(stem) !== undefined))
    refuse(place, "name", `there is no function ${name}`, `${stem}(x)[i] for an entry; ${name}*(…) for a product`);
  if (isFunctionLetter(name)) remarkProduct(scope, name);
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

/** Refuses names that are something else elsewhere: functions with an index below, words, infinity. */
export function refuseForeign(name: string, place: Place): void {
  const [, stem, index] = /^([a-z]+)_(\p{L}|\d+)$/u.exec(name) ?? [];
  const meant = stem === undefined ? undefined : WITH_INDEX[stem];
  if (meant !== undefined) refuse(place, "unsupported", `${stem} with something below it is not understood`, meant(index as string));
  const instead = TEXT_WORDS[name];
  if (instead !== undefined) refuse(place, "syntax", `${name} is a word, and stands where a factor does`, `${instead}; or declare ${name}`);
  if (CODE_WORDS.has(name)) refuse(place, "syntax", `${name} is a word of a programming language`, "the expression alone, or declare it");
  if (/^(?:inf|infty|infinity|nan)$/i.test(name))
    refuse(place, "name", `${name} is no number here`, "norminf(x) for the largest entry, or declare it");
}

const remarkProduct = ({ remarks }: Scope, name: string): void =>
  void remarks.add(`${name}(…) is read as a product; declare ${name} : elementwise for a function`);

/** Whether a name is known: declared, defined, a size or a function. */
export const isDeclared = ({ scope }: Context, name: string): boolean => {
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

// P(X > x), which would be a product with 1 or 0.
function refuseProbability(ctx: Context, { sign, left, right, span }: BinaryTree): void {
  if (sign !== "" || left.kind !== "name" || !isProbability(left.name) || isDeclared(ctx, left.name)) return;
  if (right.kind !== "binary" || right.grouped !== true || !isComparison(right.op)) return;
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
  if (left === of ? !of.applied : left.grouped === true || !isFunctionLetter(of.name)) return undefined;
  const inner = baseOf(right);
  return inner.kind === "name" && inner.grouped === true ? of.name : undefined;
}

function baseOf(tree: Tree): Tree {
  let at = tree;
  while (at.kind === "binary" && (at.op === "power" || at.op === "hpower") && at.grouped !== true) at = at.left;
  return at;
}

/** The x of 3*a*x. */
function lastFactor(tree: Tree): Tree {
  let at = tree;
  while (at.kind === "binary" && at.op === "times" && at.grouped !== true) at = at.right;
  return at;
}

// x(1) is an entry where indices stand in parentheses, and would be x here.
function refuseIndexInParentheses({ sign, left, right }: BinaryTree, place: Place): void {
  const at = baseOf(right);
  const of = lastFactor(left);
  if (sign !== "" || of.kind !== "name" || !of.applied || at.grouped !== true) return;
  const k = at.kind === "number" ? at.text : at.kind === "name" ? at.name : "";
  if (k !== "end" && !/^\d+$/.test(k)) return;
  const { name } = of;
  const entry = k === "0" ? "entries are counted from 1" : `${name}[${k === "end" ? "n" : k}] for an entry`;
  const fix = k === "end" ? entry : `${entry}; ${k}*${name} for a product`;
  const span = { start: of.span.start, end: place.span.end };
  refuse({ ...place, span }, "syntax", `${name}(${k}) is no entry: indices stand in square brackets`, fix);
}

/** [[a, b], [c, d]], which would be one row, and [a b; c d], which would be a column of products. */
export function refuseRows(ctx: Context, { rows, span }: StackTree): void {
  const place = { source: ctx.source, span };
  const [only = [], ...below] = rows;
  if (below.length === 0 && only.length > 1 && only.every((t) => t.kind === "stack" && t.rows.length === 1 && t.rows[0]?.length !== 1)) {
    const inner = only.map((t) => textOf(ctx, t.span).slice(1, -1));
    refuse(place, "syntax", "rows beside each other are one long row", `[${inner.join("; ")}] has them below each other`);
  }
  const products = rows.map(([first, ...more]) => (first === undefined || more.length > 0 ? [] : namesSideBySide(first)));
  const isMatrix = (name: string): boolean => isDeclared(ctx, name) || kindByLetter(name) === "matrix";
  if (rows.length < 2 || products.some((names) => names.length !== rows.length || names.some(isMatrix))) return;
  const [first = []] = products;
  const fix = `[${products.map((names) => names.join(", ")).join("; ")}], or ${first.join("*")} for the product`;
  refuse(place, "syntax", `entries of a row are parted by commas; ${first.join(" ")} is a product`, fix);
}

// The names of a product that is written without a sign.
function namesSideBySide(tree: Tree): readonly string[] {
  const names: string[] = [];
  let at = tree;
  for (; at.kind === "binary" && at.op === "times" && at.sign === "" && at.right.kind === "name"; at = at.left)
    names.unshift(at.right.name);
  return at.kind === "name" ? [at.name, ...names] : [];
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

/** What is written at a place of a text. */
export const textOf = ({ source }: Context, { start, end }: Span): string => source.slice(start, end);

/** † is the adjoint to others. */
export function remarkDagger(ctx: Context, { span }: CallTree): void {
  if (/(?:†|\\dagger\s*\}?)$/.test(textOf(ctx, span))) ctx.scope.remarks.add("† is the pseudoinverse; ' is the transpose");
}

/** norm(X) of a matrix is the spectral norm in MATLAB. */
export function remarkNorm(ctx: Context, { nameSpan, span }: CallTree): void {
  if (textOf(ctx, nameSpan) === "norm" && !/["']?fro["']?\s*\)$/.test(textOf(ctx, span)))
    ctx.scope.remarks.add("norm of a matrix is the Frobenius norm, as in NumPy; spectral(X) is the largest singular value");
}

/** exp(A) of a square matrix is expm(A) to others; np.exp, with its module, is not. */
export function remarkEntries(ctx: Context, { name }: FunctionInfo, { nameSpan }: CallTree): void {
  if (ctx.scope.functions.find(`${name}m`, 1) !== undefined && !textOf(ctx, nameSpan).includes("."))
    ctx.scope.remarks.add(`${name} acts on every entry; ${name}m is that of the matrix`);
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
