// Differentials in a line, upright or not: df/dx, d(…)/dx and d/dx (…), which are derivatives, and dx by itself.
//
// Invariant: a plain d begins a differential only where nothing says that it is a factor. Not here: which texts have
// differentials by themselves, which the caller knows.

import { fail } from "../../../base/diagnostic.ts";
import { type Base, letterOf, readBase } from "../names.ts";
import type { LatexToken } from "../scan.ts";
import { bare, closeOfNames, readBelow } from "../scripts.ts";
import { argumentAt, first, placeOf, type RangeJob, range, spanOf, text, type Work, write } from "../work.ts";
import { differentialAt } from "./fractions.ts";

/** Writes \dd{x} as d(x); gives the position behind. */
export function writeDifferential(work: Work, at: number): number {
  const { from, to, next } = argumentAt(work, at + 1, work.tokens[at] as LatexToken);
  const end = behindInverse(work, next);
  const place = placeOf(work, at, end);
  first(work, text("d(", place), range(from, to), range(next, end), text(")", place, true));
  return end;
}

/**
 * Writes df/dx, d(…)/dx, d/dx (…), and dx as d(x), and gives the position behind; undefined where none of them stands
 * there. A differential that stands alone is a term in claims alone. `start` is where the d begins, before `at` for an
 * upright one.
 */
export function quotientOfDifferentials(work: Work, at: number, job: RangeJob, start = at): number | undefined {
  const { tokens } = work;
  const after = tokens[at + 1];
  if (after === undefined || at + 1 >= job.to) return undefined;
  if (tokens[start - 1]?.text === "/" && work.pieces.some((p) => p.text === "∂")) return writePartial(work, at);
  if (after.text === "/" || after.text === "(") {
    const bar = after.text === "/" ? at + 1 : behindBrackets(work, at + 1, job.to);
    return isOverDifferential(work, bar, job.to) && bar + 2 < job.to ? writePartial(work, at) : undefined;
  }
  const isUpright = start < at;
  const name = readBase(tokens, at + 1, work.styles.variants);
  if ((after.spaced && !isUpright) || (name === undefined && letterOf(after) === undefined)) return undefined;
  if (name !== undefined && isOverDifferential(work, name.next, job.to)) return writePartial(work, at);
  return writeAlone(work, at, name, job.to);
}

function writePartial(work: Work, at: number): number {
  write(work, "∂", spanOf(work.tokens[at] as LatexToken));
  return at + 1;
}

/** Whether a bar with a differential below it stands at a position. */
const isOverDifferential = (work: Work, bar: number, to: number): boolean =>
  work.tokens[bar]?.text === "/" && differentialAt(work, bar + 1, to) !== undefined;

/** The position behind the bracket that closes the one at a position. */
function behindBrackets({ tokens }: Work, at: number, to: number): number {
  let i = at;
  for (let depth = 0; i < to; i++) {
    if (tokens[i]?.text === "(") depth++;
    if (tokens[i]?.text === ")" && --depth === 0) break;
  }
  return i + 1;
}

/** Writes the differential of a name as d(x); undefined where d is a factor. */
function writeAlone(work: Work, at: number, name: Base | undefined, to: number): number | undefined {
  if (work.isSize("d")) return undefined;
  // d\mathrm{tr}(X) is of a function.
  if (name !== undefined && name.letters.length > 1 && work.isFunction(name.letters) && !work.isVariable(name.letters)) return undefined;
  if (name === undefined || !work.hasDifferentials)
    fail("unsupported", "a differential such as dx is no term of the language", placeOf(work, at, name?.next ?? at + 2), {
      fix: "\\frac{\\partial f}{\\partial x} = …",
    });
  const end = behindInverse(work, readBelow(work, name.next, to)?.next ?? name.next);
  // df(x) of an f that has a value is df.
  const hasValue = work.isDefined(name.letters) || work.defined.has(name.letters);
  const close = hasValue && work.tokens[end]?.text === "(" ? closeOfNames(work, end, to) : undefined;
  const place = placeOf(work, at, end);
  first(work, text("d(", place), range(at + 1, end), text(")", place, true));
  return close === undefined ? end : close + 1;
}

/** The position behind ^{-1} or ^{-\top}, which belongs to what is differentiated: dX^{-1} is d(X^{-1}). */
function behindInverse(work: Work, at: number): number {
  const sign = work.tokens[at];
  if (sign?.kind !== "super") return at;
  const { from, to, next } = argumentAt(work, at + 1, sign);
  return bare(work, from, to).startsWith("-") ? next : at;
}

/** Whether the d before a position is a differential, as in \mathrm{d}x, and not a factor d. */
export const differentialStands = (work: Work, next: number): boolean =>
  !work.isVariable("d") &&
  (readBase(work.tokens, next) !== undefined || work.tokens[next]?.text === "/" || work.tokens[next]?.text === "(");
