// Names with an index below: x_1, x_i, X_ij, X_{i,j} as entries of x and X, δ_ij as the
// Kronecker delta.
//
// Invariant: a name that is declared with its index stands for itself and never comes here.
// Not here: brackets (entries.ts); what is differentiated by (names/target.ts).

import { eye, transpose } from "../../expr/build.ts";
import { addDims, type Dim, dimOf, sameDim } from "../../expr/dim.ts";
import type { Expr } from "../../expr/expr.ts";
import { transposeShape } from "../../expr/shape.ts";
import { kindByLetter } from "../names/letters.ts";
import { inferVariable, type Scope, unknownName, type VariableInfo } from "../names/scope.ts";
import { fixIndex } from "../names/size.ts";
import { entryName, PLACE, type TargetText } from "../names/target.ts";
import type { Place } from "../shapes/constraint.ts";
import { isOpenDim } from "../shapes/dims.ts";
import { boundNeighbour, entryTerm, isBoundName, type ReadIndex } from "./entries.ts";
import { type BoundIndex, type Context, makeTerm, type Term, variableTerm } from "./term.ts";

/** The entry that a name with an index below stands for, if it does. */
export function subscripted(ctx: Context, name: string, place: Place): Term | undefined {
  const written = takenApart(ctx, name);
  if (written === undefined || written.parts.length > 2) return undefined;
  const { scope } = ctx;
  const { base, parts, fixed, isKnown, samples } = written;
  const areFree = fixed.every((p) => isFree(scope, p));
  if (!isKnown && (base === "δ" || base === "delta") && parts.length === 2 && areFree) {
    const indices = readIndices(ctx, written, place);
    return entryTerm(ctx, place, identity(ctx, parts, place), indices);
  }
  const [only = ""] = parts;
  const isSingle = parts.length === 1;
  if (!isKnown && base === "e" && isSingle && PLACE.test(only) && !isOfSum(ctx, only) && areFree && scope.places.has(only))
    return unitVector(ctx, only, place);
  const isInSum = parts.some((p) => isOfSum(ctx, p));
  const isSample = isSingle && scope.sampled.has(base) && areFree;
  const own = isSingle ? ownRows(ctx, base) : undefined;
  const matrix = own ?? (isKnown || !(isSample || isInSum) ? undefined : (samples ?? matrixNamed(ctx, base)));
  const isRow = isSample && matrix !== undefined;
  const hasEntries = isKnown || scope.sampled.has(base) || isInSum;
  const isEntry = hasEntries && (fixed.length === 0 || takesFixed(ctx, matrix?.name ?? base, parts, fixed));
  if (!isRow && !isEntry) return undefined;
  const indices = readIndices(ctx, written, place);
  if (matrix !== undefined) return partOf(ctx, place, base, matrix, indices);
  if (!isKnown && scope.strict) unknownName(scope, base, place);
  return entryTerm(ctx, place, variableTerm(ctx, place, inferVariable(scope, ctx.inf, base)), indices);
}

/** A name with an index below, taken apart. */
interface Subscripted {
  readonly base: string;
  /** The indices. */
  readonly parts: readonly string[];
  /** Those that are neither numbers nor indices of sums around. */
  readonly fixed: readonly string[];
  /** Whether something is known by the base alone. */
  readonly isKnown: boolean;
  /** The matrix whose rows the base with an index is, where it stands as vectors do. */
  readonly samples: VariableInfo | undefined;
}

function takenApart(ctx: Context, name: string): Subscripted | undefined {
  const { scope } = ctx;
  const at = name.lastIndexOf("_");
  if (at <= 0) return undefined;
  const [stem, below] = [name.slice(0, at), name.slice(at + 1).replace(/^\{(.*)\}$/, "$1")];
  // Entries are counted from 1: x_0 is a name, in x − x_0 for instance.
  if (below === "0" || (scope.beside.has(name) && isNoVector(ctx, stem))) return undefined;
  const isNamed = (text: string): boolean => scope.variables.has(text) || scope.mentioned.has(text);
  // An index below Σ would make it the sign of a sum, so that Sigma_ij is an entry of Σ as well.
  const base = stem === "Sigma" && !isNamed(stem) && isNamed("Σ") ? "Σ" : stem;
  const samples = scope.vectorSamples.has(base) ? sampleMatrix(ctx, base) : undefined;
  const isOne = isOfSum(ctx, below) || isNumber(ctx, base, below) || BESIDE.test(below);
  const parts = below.includes(",") ? below.split(",") : isOne ? [below] : [...below];
  const fixed = parts.filter((p) => !isOfSum(ctx, p) && !/^\d{1,9}$/.test(p));
  return { base, parts, fixed, isKnown: samples === undefined && (isNamed(base) || scope.entries.has(base)), samples };
}

/** Whether an index is that of a sum around, or beside one. */
const isOfSum = (ctx: Context, index: string): boolean => isBoundName(ctx, index) || neighbour(ctx, index) !== undefined;

/** The indices as they are meant; letters that no sum runs over are fixed from here on. */
function readIndices(ctx: Context, { parts, fixed }: Subscripted, place: Place): ReadIndex[] {
  for (const p of fixed) fixIndex(ctx.scope, letterOf(p));
  return parts.map((p): ReadIndex => {
    const index = ctx.bound.find((b) => b.name === p);
    if (index !== undefined) return { kind: "bound", index, place };
    const beside = neighbour(ctx, p);
    if (beside !== undefined) return boundNeighbour(beside.index, beside.shift, place);
    return { kind: "position", at: fixed.includes(p) ? besideFixed(p) : dimOf(Number(p)), place };
  });
}

const isNoVector = ({ scope, inf }: Context, name: string): boolean => {
  const info = scope.variables.get(name);
  return info?.declared !== true || inf.scalar(info.shape) === "yes";
};

// Samples x_i are the rows of the data matrix X, and d_ij the entries of D, where the capital is declared and the
// small letter is not.
function matrixNamed(ctx: Context, base: string): VariableInfo | undefined {
  return /^[a-z]$/.test(base) ? declaredMatrix(ctx, base.toUpperCase()) : undefined;
}

/** A matrix that is declared by a small letter or a name of small letters: mu_k is a row of it, as μ_k is where nothing is declared. */
function ownRows(ctx: Context, base: string): VariableInfo | undefined {
  return base === base.toLowerCase() ? declaredMatrix(ctx, base) : undefined;
}

function declaredMatrix({ scope, inf }: Context, name: string): VariableInfo | undefined {
  const info = scope.variables.get(name);
  return info?.declared === true && inf.orientation(info.shape) === "matrix" ? info : undefined;
}

/** The matrix whose rows are samples that stand as vectors do: X of x_i, mu of mu_k, and m of m_k where m is differentiated by. */
function sampleMatrix({ scope, inf }: Context, base: string): VariableInfo | undefined {
  if (scope.strict) return undefined;
  const capital = /^[a-z]$/.test(base) && !scope.mentioned.has(base) ? base.toUpperCase() : undefined;
  if (capital !== undefined) {
    const info = scope.variables.get(capital);
    if (info?.declared === true) return inf.orientation(info.shape) === "matrix" ? info : undefined;
    if (scope.dims.has(capital) || scope.unknowns.has(capital)) return undefined;
  }
  const info = inferVariable(scope, inf, capital ?? base);
  inf.markMany(info.shape.rows);
  inf.markMany(info.shape.cols);
  return info;
}

/** M[k,:] for m_k where that is a row: of samples, or of a declared M. */
export function rowTarget(ctx: Context, target: TargetText): TargetText {
  const { scope } = ctx;
  const part = target.at === undefined && !scope.variables.has(target.name) ? entryName(target.name) : undefined;
  if (part === undefined || part.at.length > 1) return target;
  const own = ownRows(ctx, part.name);
  if (own === undefined && scope.variables.get(part.name)?.declared === true) return target;
  const matrix = own ?? rowsNamed(ctx, part.name);
  if (matrix === undefined) return target;
  noteRow(scope, part.name, matrix);
  return { name: matrix.name, at: [...part.at, ":"] };
}

// The matrix that a sample is a row of.
function rowsNamed(ctx: Context, base: string): VariableInfo | undefined {
  if (ctx.scope.vectorSamples.has(base)) return sampleMatrix(ctx, base);
  return ctx.scope.sampled.has(base) ? matrixNamed(ctx, base) : undefined;
}

const noteRow = ({ remarks }: Scope, base: string, { name }: VariableInfo): void =>
  void remarks.add(`${base} with an index is a row of ${name}, as a column`);

function partOf(ctx: Context, place: Place, base: string, matrix: VariableInfo, indices: readonly ReadIndex[]): Term {
  const whole = variableTerm(ctx, place, matrix);
  if (indices.length === 2) {
    ctx.scope.remarks.add(`${base} with two indices is an entry of ${matrix.name}`);
    return entryTerm(ctx, place, whole, indices);
  }
  noteRow(ctx.scope, base, matrix);
  const row = entryTerm(ctx, place, whole, [indices[0] as ReadIndex, { kind: "all", place }]);
  return makeTerm(ctx, place, transposeShape(row.shape), [row], ([e]) => transpose(e as Expr));
}

// i+1 beside the index i of a sum around.
function neighbour(ctx: Context, text: string): { readonly index: BoundIndex; readonly shift: number } | undefined {
  const [, name, sign, by] = /^(\w+)\s*([+-])\s*(\d{1,4})$/.exec(text) ?? [];
  const index = ctx.bound.find((b) => b.name === name);
  return index === undefined ? undefined : { index, shift: sign === "+" ? Number(by) : -Number(by) };
}

/** j or j-1, j beside a letter that no sum runs over. */
const BESIDE = /^([a-z])\s*([+-])\s*(\d{1,4})$/;
const letterOf = (index: string): string => BESIDE.exec(index)?.[1] ?? index;

function besideFixed(index: string): Dim {
  const [, name = index, sign = "+", by = "0"] = BESIDE.exec(index) ?? [];
  return addDims(dimOf(name), dimOf(sign === "+" ? Number(by) : -Number(by)));
}

// A_21 of a matrix is A[2,1].
function isNumber(ctx: Context, base: string, below: string): boolean {
  const info = ctx.scope.variables.get(base);
  return /^\d+$/.test(below) && !(below.length === 2 && info !== undefined && axesOf(ctx, info) === 2);
}

/**
 * Whether x_j, A_ij are entries of a declared vector or matrix at fixed indices, letters that stand for nothing else; of
 * another one where an index is that of a sum, or where such entries of it stand besides.
 */
function takesFixed(ctx: Context, base: string, parts: readonly string[], fixed: readonly string[]): boolean {
  const info = ctx.scope.variables.get(base);
  // Below a sum over j, W_ij is no name of its own, and beside a_j no a_k is.
  const isBeside = fixed.length < parts.length || ctx.scope.sampled.has(base);
  if (info?.declared !== true && !ctx.scope.entries.has(base) && !isBeside) return false;
  const axes = info === undefined ? parts.length : axesOf(ctx, info);
  return parts.length === axes && fixed.every((p) => isFree(ctx.scope, letterOf(p)));
}

/** How many indices an entry of a variable has; where its shape is open, its letter tells, and a defined name is no number. */
export function axesOf(
  { inf }: Pick<Context, "inf">,
  { name, shape, defined, likelyVector, singleIndex }: Pick<VariableInfo, "name" | "shape" | "defined" | "likelyVector" | "singleIndex">,
): number {
  const orientation = inf.orientation(shape);
  if (orientation !== "open") return { column: 1, row: 1, matrix: 2, scalar: 0 }[orientation];
  if (inf.unit(shape.rows) === "one" || inf.unit(shape.cols) === "one") return 1;
  return { scalar: defined || likelyVector ? 1 : 0, vector: 1, matrix: singleIndex ? 1 : 2 }[kindByLetter(name)];
}

const isFree = ({ variables, unknowns }: Scope, letter: string): boolean =>
  /^[a-z]$/.test(letter) && !variables.has(letter) && !unknowns.has(letter);

function unitVector(ctx: Context, at: string, place: Place): Term {
  const isNumber = /^\d/.test(at);
  if (!isNumber) fixIndex(ctx.scope, at);
  ctx.scope.remarks.add(`e_${at} is the unit vector with 1 at ${at}`);
  return entryTerm(ctx, place, identity(ctx, [at], place), [
    { kind: "all", place },
    { kind: "position", at: dimOf(isNumber ? Number(at) : at), place },
  ]);
}

// The identity whose entry δ_ij is: as large as the axis along which i or j stands elsewhere.
function identity(ctx: Context, parts: readonly string[], place: Place): Term {
  const { inf } = ctx;
  const n = inf.fresh();
  inf.markMany(n);
  inf.require({
    shapes: [{ rows: n, cols: n }],
    step: () => !isOpenDim(inf.resolve(n)),
    late: true,
    settle: () => {
      const others = parts.flatMap((p) => ctx.axes.get(p) ?? []).filter((d) => !sameDim(inf.resolve(d), inf.resolve(n)));
      const axis = others.find((d) => !isOpenDim(inf.resolve(d))) ?? others[0];
      if (axis !== undefined) inf.unify(n, axis);
    },
  });
  return makeTerm(ctx, place, { rows: n, cols: n }, [], () => eye(inf.resolve(n)));
}
