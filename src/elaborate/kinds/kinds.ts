// Which names that nothing settles are numbers, vectors and matrices: each is what its letter says; where
// that contradicts, the least surprising reading that does not.
//
// Invariant: a name that is not declared becomes a row only where there is no other reading. Not here: what the
// letters say (names/letters.ts), how far from them a kind is (surprise.ts), names that stand as vectors or counts do (standing.ts, counts.ts).

import { InputError } from "../../base/diagnostic.ts";
import { dimNames, dimOf, sameDim } from "../../expr/dim.ts";
import type { Shape } from "../../expr/shape.ts";
import { dataPlace } from "../names/declare.ts";
import { type Kind, kindByLetter } from "../names/letters.ts";
import type { VariableInfo } from "../names/scope.ts";
import { namesIn } from "../names/size.ts";
import { PlacedError, refuse } from "../shapes/mismatch.ts";
import { kindOf } from "../terms/maps.ts";
import type { Context, Term } from "../terms/term.ts";
import { countsAmong, isSmallCount } from "./counts.ts";
import { type Choice, choicesOf, MULTIPLYING, readings, SURPRISE, type Surprises } from "./surprise.ts";

/** What is differentiated, and by the variables of which names. */
export interface Wanted {
  readonly value: Shape;
  readonly by: readonly string[];
}

/** Most surprise that is looked through, and most readings tried. */
const MOST_SURPRISE = 9;
const MOST_READINGS = 200;
/** With more open names than this only the letters count. */
const MOST_OPEN = 40;

/** Decides the kind of every open name: by its letter, or what surprises little; counts are numbers where all others keep their kinds. */
export function decideKinds(ctx: Context, wanted?: Wanted): void {
  const { inf, scope } = ctx;
  const open = [...scope.variables.values()].filter((v) => !v.defined && inf.orientation(v.shape) === "open");
  if (open.length === 0) return;
  const restore = inf.snapshot();
  try {
    decideByLetters(ctx, open, restore, wanted);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    restore();
    if (!takeCounted(ctx, open, wanted)) throw error;
    return;
  }
  const counts = new Set(countsAmong(ctx, open));
  if (counts.size === 0 || hasRow(ctx, open)) return;
  const kinds = open.map((v) => (counts.has(v) ? "scalar" : (kindOf(ctx, v.name) as Kind)));
  const [isMixed, decided] = [hasMixedSum(ctx), inf.snapshot()];
  restore();
  const isTaken = attempt(() => take(ctx, open, kinds));
  if (!isTaken || (hasMixedSum(ctx) && !isMixed)) decided();
}

// m*x + b and n*log(p) + (sum(x) − n)*log(1 − p): where the letters contradict each other and one is that of a count, the value
// is a number, and so are the letters that this asks for; a capital letter is none.
function takeCounted(ctx: Context, open: readonly VariableInfo[], wanted?: Wanted): boolean {
  if (wanted === undefined || open.length > MOST_OPEN || !open.some((v) => isSmallCount(v.name))) return false;
  if (!takeNumbers(ctx, [{ shape: wanted.value }], open)) return false;
  return open.every((v) => kindByLetter(v.name) !== "matrix" || ctx.inf.orientation(v.shape) === "matrix");
}

/** Whether something can be done without a contradiction. */
function attempt(run: () => void): boolean {
  try {
    run();
    return true;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return false;
  }
}

function decideByLetters(ctx: Context, open: readonly VariableInfo[], restore: () => void, wanted?: Wanted): void {
  takeLikeliest(ctx, open);
  if (takeNumbered(ctx, open, restore)) return;
  if (wanted === undefined || open.length > MOST_OPEN) return;
  const kinds = kindsOf(ctx, wanted.by);
  const isMixed = hasMixedSum(ctx);
  if (!mayBeNumber(ctx, wanted, kinds, isMixed)) return;
  restore();
  const isNumber = takeNumbers(ctx, [{ shape: wanted.value }], open, isMixed ? MULTIPLYING : SURPRISE.matrix);
  if (isNumber && areKept(ctx, open, isMixed) && areKeptBy(ctx, wanted, kinds, isMixed)) return;
  restore();
  takeLikeliest(ctx, open);
}

// Names that are vectors beside numbers of their stem are numbers as well, where that contradicts nothing.
function takeNumbered(ctx: Context, open: readonly VariableInfo[], restore: () => void): boolean {
  const numbers = open.filter((v) => isNumberedNumber(ctx, v));
  if (numbers.length === 0) return false;
  restore();
  if (takeNumbers(ctx, numbers, open)) return true;
  restore();
  takeLikeliest(ctx, open);
  return false;
}

// aᵀ X b with a letter b is a number before it is a multiple of a row, so is y wᵀx by w before it is one of y, and
// N log(det(X)) − tr(S X) by X before a number is added to every entry of a matrix.
function mayBeNumber({ inf }: Context, { value }: Wanted, kinds: readonly string[], isMixed: boolean): boolean {
  // A product of sizes, as of vec(A), is not 1 for the sake of a letter.
  const rows = inf.resolve(value.rows);
  if (dimNames(rows).some((name) => !sameDim(rows, dimOf(name)))) return false;
  const kind = inf.orientation(value);
  return kind === "row" || (kind === "matrix" && isMixed) || (kind === "column" && kinds.some((k) => k !== "scalar"));
}

// A capital letter is no vector for the sake of a number, xᵀA is a row, and no number unless it multiplies one.
const areKept = (ctx: Context, open: readonly VariableInfo[], isMixed: boolean): boolean =>
  open.every((v) => kindByLetter(v.name) !== "matrix" || ctx.inf.orientation(v.shape) === "matrix" || (isMixed && isScaling(ctx, v)));

// What is differentiated by keeps its kind, but for a capital letter that multiplies numbers and a letter below a sum over
// an index that stands as a number may: p of Σ_i x_i log p.
function areKeptBy(ctx: Context, { by }: Wanted, kinds: readonly string[], isMixed: boolean): boolean {
  const { inf, scope } = ctx;
  const isFree = (v: VariableInfo): boolean =>
    (isMixed && isScaling(ctx, v)) ||
    (ctx.hasIndexSums && kindByLetter(v.name) === "vector" && !v.likelyVector && !scope.vectors.has(v.name));
  return by.every((name, i) => {
    const info = scope.variables.get(name) as VariableInfo;
    return inf.orientation(info.shape) === kinds[i] || isFree(info);
  });
}

// Whether a name is a number and stands only in products and quotients with what is no capital letter.
function isScaling({ inf, terms, products }: Context, variable: VariableInfo): boolean {
  if (inf.orientation(variable.shape) !== "scalar") return false;
  const scaled = terms.filter((t) => t.args.some((a) => a.variable === variable));
  const isCapital = ({ variable: v }: Term): boolean => v !== undefined && kindByLetter(v.name) === "matrix";
  return scaled.every((t) => products.has(t) && t.args.filter(isCapital).length === 1);
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
  if (!numbers.every((v) => preferNumber(ctx, v.shape)) || hasRow(ctx, open)) return false;
  // One that is still open is no number yet, and what waits for it would fail later.
  return attempt(() => takeLikeliest(ctx, open, capital)) && numbers.every((v) => ctx.inf.orientation(v.shape) === "scalar");
}

/** Makes a shape that of a number; false, and nothing changed, where something stands against it. */
export function preferNumber({ inf }: Context, { rows, cols }: Shape): boolean {
  const restore = inf.snapshot();
  const otherwise = (): never => refuse(dataPlace("the value"), "shape", "this is no number");
  const isNumber = attempt(() => {
    inf.sameDim(rows, inf.one, otherwise);
    inf.sameDim(cols, inf.one, otherwise);
    inf.run();
  });
  if (!isNumber) restore();
  return isNumber;
}

function takeLikeliest(ctx: Context, open: readonly VariableInfo[], capital: Surprises = SURPRISE.matrix): void {
  const { inf } = ctx;
  const choices = open.map((v) => choicesOf(ctx, v, capital));
  const plain = choices.map((c) => (c[0] as Choice).kind);
  if (open.length > MOST_OPEN) {
    take(ctx, open, plain);
    return;
  }
  const restore = inf.snapshot();
  let failure: InputError | undefined;
  try {
    take(ctx, open, plain);
    if (!hasRow(ctx, open)) return;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    failure = error;
  }
  restore();
  const other = leastSurprising(ctx, open, choices, restore);
  if (other === undefined && failure !== undefined) throw withAdvice(failure, open);
  take(ctx, open, other ?? plain);
}

/** Whether a name that is not declared became a row: no letter stands for one. */
const hasRow = ({ inf }: Context, open: readonly VariableInfo[]): boolean => open.some((v) => inf.orientation(v.shape) === "row");

function leastSurprising(
  ctx: Context,
  open: readonly VariableInfo[],
  choices: readonly (readonly Choice[])[],
  restore: () => void,
): Kind[] | undefined {
  let tried = 0;
  for (let surprise = 1; surprise <= MOST_SURPRISE; surprise++) {
    const found: Kind[][] = [];
    for (const reading of readings(choices, surprise)) {
      if (++tried > MOST_READINGS) return undefined;
      if (attempt(() => take(ctx, open, reading)) && !hasRow(ctx, open)) found.push(reading);
      restore();
      if (found.length > 1) return undefined;
    }
    if (found.length === 1) return found[0];
  }
  return undefined;
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

// The names take their kinds in order; one that is settled meanwhile keeps what it has.
function take(ctx: Context, open: readonly VariableInfo[], reading: readonly Kind[]): void {
  const { inf } = ctx;
  const { one } = inf;
  open.forEach((info, i) => {
    const { rows, cols } = info.shape;
    const kind = reading[i] as Kind;
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

// What a name of each kind is declared as where its letter misleads, the likeliest first.
const OTHERWISE = [
  ["vector", "scalar"],
  ["scalar", "vector(n)"],
  ["matrix", "matrix(m, n)"],
] as const satisfies readonly (readonly [letter: Kind, type: string])[];

// The names at the place that does not fit are those to be declared.
function withAdvice(error: InputError, open: readonly VariableInfo[]): InputError {
  if (!(error instanceof PlacedError)) return error;
  const { message, code, fix, span } = error.diagnostic;
  const there = namesIn(error.source.slice(span.start, span.end));
  const isThere = ({ name }: VariableInfo): boolean => there.some((n) => n === name || n.startsWith(`${name}_`));
  const doubtful = open.some(isThere) ? open.filter(isThere) : open;
  const [letter, type] = OTHERWISE.find(([kind]) => doubtful.some((v) => kindByLetter(v.name) === kind)) ?? OTHERWISE[2];
  const names = doubtful.flatMap((v) => (kindByLetter(v.name) === letter ? [v.name] : [])).slice(0, 3);
  const advice = `declare ${names.length === 1 ? "it" : "them"}: ${names.join(", ")} : ${type}`;
  return new PlacedError({ source: error.source, span }, code, message, fix === undefined ? advice : `${fix}; or ${advice}`);
}
