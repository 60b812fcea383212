// Digits and letters in double and bold type: the constants 𝟏 and 𝟎, and the spaces that ℝ and
// 𝕊 name.
//
// Not here: letters in a font that are variables (letters.ts).

import { join, span } from "../../../base/span.ts";
import type { Base } from "../names.ts";
import { readBelow, sizeProduct } from "../scripts.ts";
import { argumentAt, first, placeOf, type RangeJob, range, text, type Work, write } from "../work.ts";
import { opensAt } from "./functions.ts";

/** Writes 𝟏 and 𝟎, with a size below; 𝟏{z > 0} and 𝟏_{z > 0} are the comparison. Gives the position behind. */
export function writeConstant(work: Work, base: Base, job: RangeJob): number {
  const place = span(base.start, base.end);
  if (opensAt(work, base.next) && base.letters === "1") return base.next;
  const below = readBelow(work, base.next, job.to);
  if (below === undefined) {
    write(work, `${base.letters}\u20d7`, place);
    return base.next;
  }
  const where = join(place, placeOf(work, below.from, below.to));
  const compares = work.tokens.slice(below.from, below.to).some((t) => /^(?:[<>=]|\\(?:ge|le|geq|leq|gt|lt|ne|neq))$/.test(t.text));
  if (compares) first(work, text("(", place), range(below.from, below.to), text(")", where, true));
  else {
    const sizes = below.plain
      .replace(/\\times /g, ",")
      .split(",")
      .map(sizeProduct);
    write(work, `${base.letters === "1" ? "ones" : "zeros"}(${sizes.join(",")})`, where);
  }
  return below.next;
}

/** Writes the type that ℝ^n, ℝ_+^n, 𝕊^n_{++} name; gives the position behind. */
export function writeSpace(work: Work, base: Base, job: RangeJob): number {
  const place = span(base.start, base.end);
  let { next } = base;
  let sign = "";
  let size: readonly [number, number] | undefined;
  for (let k = 0; k < 2; k++) {
    const below = readBelow(work, next, job.to);
    const t = next < job.to ? work.tokens[next] : undefined;
    if (below !== undefined) {
      sign = below.plain;
      next = below.next;
    } else if (t?.kind === "super") {
      const power = argumentAt(work, next + 1, t);
      size = [power.from, power.to];
      next = power.next;
    }
  }
  const positive = /^\+|>|\\ge/.test(sign);
  const where = size === undefined ? place : placeOf(work, size[0], size[1]);
  const sized = size === undefined ? [] : [text("(", where, true), range(size[0], size[1]), text(")", where, true)];
  if (base.letters === "S") first(work, text(positive ? "posdef" : "symmetric", place), ...sized);
  else if (size !== undefined) first(work, text(`${positive ? "positive " : ""}R^`, place), ...sized);
  else write(work, positive ? "positive scalar" : "scalar", place);
  return next;
}
