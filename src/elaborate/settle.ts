// What is left open when everything written has been read: first the letters decide, then
// operators take their usual reading, then open dimensions get names.
//
// Invariant: afterwards no term has an open dimension.

import { InputError } from "../base/diagnostic.ts";
import { type Dim, dimConstant, dimNames, dimOf, sameDim } from "../expr/dim.ts";
import type { Shape } from "../expr/shape.ts";
import { dataPlace } from "./declare.ts";
import { isMeta, isOpenDim } from "./dims.ts";
import { dimensionLetters, type Kind, kindByLetter } from "./letters.ts";
import { PlacedError, refuse, written } from "./mismatch.ts";
import { isVariableName, type VariableInfo } from "./scope.ts";
import type { Context } from "./term.ts";

/** What is differentiated, and by the variables of which names. */
export interface Wanted {
  readonly value: Shape;
  readonly by: readonly string[];
}

/**
 * Settles every shape of a context. A value that the letters alone would make a row or a column is a
 * number where that surprises little. Throws an InputError where shapes contradict or stay open.
 */
export function settleShapes(ctx: Context, wanted?: Wanted): void {
  const { inf } = ctx;
  inf.run();
  decideKinds(ctx, wanted);
  inf.settle();
  inf.run();
  nameDimensions(ctx);
  inf.run();
  for (const term of ctx.terms) {
    const s = inf.resolveShape(term.shape);
    if (isOpenDim(s.rows) || isOpenDim(s.cols))
      refuse(term, "shape", `nothing settles the size of ${written(term)}`, "state it: ones(n), zeros(m, n), eye(n)");
  }
  for (const p of ctx.positions) {
    const size = dimConstant(inf.resolve(p.axis));
    if (size !== undefined && p.at > size) refuse(p.place, "shape", `there is no entry ${p.at}: the size here is ${size}`);
  }
}

// How far from its letter a kind is. A reading with fewer surprises is preferred; two
// equally good ones are no reading. A capital letter stays a matrix unless its own shape
// forbids it.
type Surprises = Readonly<Record<Kind, number>>;
// biome-ignore format: a table is read by columns
const SURPRISE: Readonly<Record<Kind, Surprises>> = {
  scalar: { scalar: 0,  vector: 2,  matrix: 20 },
  vector: { scalar: 3,  vector: 0,  matrix: 20 },
  matrix: { scalar: 22, vector: 21, matrix: 0 },
};
/** Of a scalar's letter that stands as a vector does. */
const STANDING: Surprises = { scalar: 1, vector: 0, matrix: 20 };
/** Of a capital letter beside a number: C of w·w + C (wᵀx + b) multiplies one. */
const MULTIPLYING: Surprises = { scalar: 4, vector: 21, matrix: 0 };
/** Added for a scalar that is used as only vectors and matrices are. */
const UNLIKELY_SCALAR = 20;

/** Most surprise that is looked through, and most readings tried. */
const MOST_SURPRISE = 9;
const MOST_READINGS = 200;
/** With more open names than this only the letters count. */
const MOST_OPEN = 40;

interface Choice {
  readonly kind: Kind;
  readonly surprise: number;
}

// Every open name follows its letter; where that contradicts, the least surprising
// reading that does not, if there is exactly one.
function decideKinds(ctx: Context, wanted?: Wanted): void {
  const { inf, scope } = ctx;
  const open = [...scope.variables.values()].filter((v) => !v.defined && inf.orientation(v.shape) === "open");
  if (open.length === 0) return;
  const restore = inf.snapshot();
  takeLikeliest(ctx, open);
  const numbers = open.filter((v) => isNumberedNumber(ctx, v));
  if (numbers.length > 0) {
    restore();
    if (takeNumbers(ctx, numbers, open)) return;
    restore();
    takeLikeliest(ctx, open);
  }
  // aᵀ X b with a letter b is a number before it is a multiple of a row, so is y wᵀx by w before it is one of y, and
  // N log(det(X)) − tr(S X) by X before a number is added to every entry of a matrix.
  if (wanted === undefined || open.length > MOST_OPEN) return;
  // A product of sizes, as of vec(A), is not 1 for the sake of a letter.
  const rows = inf.resolve(wanted.value.rows);
  if (dimNames(rows).some((name) => !sameDim(rows, dimOf(name)))) return;
  const kind = inf.orientation(wanted.value);
  const kinds = kindsOf(ctx, wanted.by);
  const isMixed = hasMixedSum(ctx);
  const isOpen = kind === "row" || (kinds.some((k) => k !== "scalar") && (kind === "column" || (kind === "matrix" && isMixed)));
  if (!isOpen) return;
  restore();
  const isNumber = takeNumbers(ctx, [{ shape: wanted.value }], open, isMixed ? MULTIPLYING : SURPRISE.matrix);
  // A capital letter is no vector for that: xᵀA is a row.
  const isKept = open.every((v) => kindByLetter(v.name) !== "matrix" || !["row", "column"].includes(inf.orientation(v.shape)));
  if (isNumber && isKept && kindsOf(ctx, wanted.by).join() === kinds.join()) return;
  restore();
  takeLikeliest(ctx, open);
}

// Whether a number that is no literal is added to a vector or matrix.
const hasMixedSum = ({ sums, inf }: Context): boolean =>
  sums.some(
    ({ shape, args }) =>
      inf.orientation(shape) !== "scalar" && args.some((a) => (a.args.length > 0 || a.variable) && inf.orientation(a.shape) === "scalar"),
  );

const kindsOf = ({ scope, inf }: Context, names: readonly string[]): string[] =>
  names.map((name) => inf.orientation((scope.variables.get(name) as VariableInfo).shape));

// Reads all names with some shapes as those of numbers; false where that contradicts.
function takeNumbers(
  ctx: Context,
  numbers: readonly { readonly shape: Shape }[],
  open: readonly VariableInfo[],
  capital: Surprises = SURPRISE.matrix,
): boolean {
  if (!numbers.every((v) => preferNumber(ctx, v.shape))) return false;
  try {
    takeLikeliest(ctx, open, capital);
    return true;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return false;
  }
}

/** Makes a shape that of a number; false, and nothing changed, where something stands against it. */
export function preferNumber({ inf }: Context, { rows, cols }: Shape): boolean {
  const restore = inf.snapshot();
  const otherwise = (): never => refuse(dataPlace("the value"), "shape", "this is no number");
  try {
    inf.sameDim(rows, inf.one, otherwise);
    inf.sameDim(cols, inf.one, otherwise);
    inf.run();
    return true;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    restore();
    return false;
  }
}

function takeLikeliest(ctx: Context, open: readonly VariableInfo[], capital: Surprises = SURPRISE.matrix): void {
  const { inf } = ctx;
  const choices = open.map((v) => choicesOf(ctx, v, capital));
  const plain = choices.map((c) => c[0] as Choice);
  if (open.length > MOST_OPEN) {
    take(ctx, open, plain);
    return;
  }
  const restore = inf.snapshot();
  try {
    take(ctx, open, plain);
    return;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    restore();
    const other = leastSurprising(ctx, open, choices, restore);
    if (other === undefined) throw withAdvice(error, open);
    take(ctx, open, other);
  }
}

function leastSurprising(
  ctx: Context,
  open: readonly VariableInfo[],
  choices: readonly (readonly Choice[])[],
  restore: () => void,
): Choice[] | undefined {
  let tried = 0;
  for (let surprise = 1; surprise <= MOST_SURPRISE; surprise++) {
    const found: Choice[][] = [];
    for (const reading of readings(choices, surprise)) {
      if (++tried > MOST_READINGS) return undefined;
      try {
        take(ctx, open, reading);
        found.push(reading);
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
      }
      restore();
      if (found.length > 1) return undefined;
    }
    if (found.length === 1) return found[0];
  }
  return undefined;
}

// All choices, one for each name, of exactly this surprise beyond the first choices.
function* readings(choices: readonly (readonly Choice[])[], surprise: number, from = 0): Generator<Choice[]> {
  const own = choices[from];
  if (own === undefined) {
    if (surprise === 0) yield [];
    return;
  }
  for (const c of own) {
    const cost = c.surprise - (own[0] as Choice).surprise;
    if (cost <= surprise) for (const rest of readings(choices, surprise - cost, from + 1)) yield [c, ...rest];
  }
}

// A vector x_2 beside a number x_1.
function isNumberedNumber({ inf, scope }: Context, { name, shape }: VariableInfo): boolean {
  if (inf.orientation(shape) !== "column") return false;
  const stem = /^(.+_)\d+$/.exec(name)?.[1];
  if (stem === undefined) return false;
  return [...scope.variables.values()].some(
    (v) => v.name !== name && v.name.startsWith(stem) && /^\d+$/.test(v.name.slice(stem.length)) && inf.orientation(v.shape) === "scalar",
  );
}

function choicesOf(ctx: Context, info: VariableInfo, capital: Surprises): Choice[] {
  const { inf, scope } = ctx;
  const letter = kindByLetter(info.name);
  const kind = letter === "scalar" && info.likelyVector ? "vector" : letter;
  const surprises = kind === "matrix" ? capital : kind === "scalar" && scope.vectors.has(info.name) ? STANDING : SURPRISE[kind];
  const { rows, cols } = info.shape;
  const [r, c] = [inf.unit(rows), inf.unit(cols)];
  const out: Choice[] = [];
  const offer = (k: Kind): void =>
    void out.push({ kind: k, surprise: surprises[k] + (k === "scalar" && info.likelyVector ? UNLIKELY_SCALAR : 0) });
  if (r !== "many" && c !== "many") offer("scalar");
  if (!sameDim(inf.resolve(rows), inf.resolve(cols)) && r !== "one" && c !== "many") offer("vector");
  if (r !== "one" && c !== "one") offer("matrix");
  return out.sort((x, y) => x.surprise - y.surprise);
}

// The names take their kinds in order; one that is settled meanwhile keeps what it has.
function take(ctx: Context, open: readonly VariableInfo[], reading: readonly Choice[]): void {
  const { inf } = ctx;
  const { one } = inf;
  open.forEach((info, i) => {
    const { rows, cols } = info.shape;
    const kind = (reading[i] as Choice).kind;
    const no = (): never => refuse(dataPlace(info.name), "shape", `${info.name} cannot be a ${kind}`);
    if (inf.orientation(info.shape) === "open") {
      if (kind !== "matrix") inf.sameDim(cols, one, no);
      else if (!inf.markMany(cols)) no();
      if (kind === "scalar") inf.sameDim(rows, one, no);
      else if (!inf.markMany(rows)) no();
    }
    inf.run();
  });
  inf.settle();
}

function withAdvice(error: InputError, open: readonly VariableInfo[]): InputError {
  if (!(error instanceof PlacedError)) return error;
  const { message, code, fix } = error.diagnostic;
  const vectors = open.filter((v) => kindByLetter(v.name) === "vector").map((v) => v.name);
  const names = (vectors.length > 0 ? vectors : open.map((v) => v.name)).slice(0, 3);
  const advice = `declare ${names.length === 1 ? "it" : "them"}: ${names.join(", ")} : ${vectors.length > 0 ? "scalar" : "matrix(m, n)"}`;
  return new PlacedError(
    { source: error.source, span: error.diagnostic.span },
    code,
    message,
    fix === undefined ? advice : `${fix}; or ${advice}`,
  );
}

function nameDimensions(ctx: Context): void {
  const { inf, scope } = ctx;
  const longest = new Map<string, number>();
  for (const p of ctx.positions)
    if (p.variable !== undefined && p.variable.uses === p.variable.entryUses)
      for (const name of openNames(inf.resolve(p.axis))) longest.set(name, Math.max(p.at, longest.get(name) ?? 0));
  // A vector of which only fixed entries are used is as long as the last of them.
  for (const [name, at] of longest) if (at > 1) inf.unify(dimOf(name), dimOf(at));
  const letters = dimensionLetters(
    (name) =>
      scope.dims.has(name) ||
      scope.indices.has(name) ||
      isVariableName(scope, name) ||
      scope.unknowns.has(name) ||
      scope.mentioned.has(name),
  );
  const give = (d: Dim, letter?: string): void => {
    for (const name of openNames(inf.resolve(d))) inf.unify(dimOf(name), dimOf(letter ?? letters.next()));
  };
  for (const info of scope.variables.values()) {
    const { rows, cols } = inf.resolveShape(info.shape);
    // Matrices are m×n where both letters are free.
    if (isOpenDim(rows) && isOpenDim(cols) && !sameDim(rows, cols) && letters.take("m")) {
      give(rows, "m");
      give(cols);
    } else {
      give(rows);
      give(cols);
    }
  }
}

const openNames = (d: Dim): string[] => dimNames(d).filter(isMeta);
