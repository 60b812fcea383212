// How far from its letter the kind of a name is: what surprises least is how a text is read (kinds.ts).
//
// Invariant: a kind that the shape of a name forbids is no choice. Not here: what the letters say (names/letters.ts), and where a
// name stands as something else does (standing.ts).

import { sameDim } from "../../expr/dim.ts";
import { type Kind, kindByLetter } from "../names/letters.ts";
import type { VariableInfo } from "../names/scope.ts";
import type { Context } from "../terms/term.ts";

/**
 * By the kind that is read. A reading with fewer surprises is preferred; two equally good ones are no reading. A capital letter
 * stays a matrix unless its own shape forbids it.
 */
export type Surprises = Readonly<Record<Kind, number>>;
/** Of a letter by its kind. */
// biome-ignore format: a table is read by columns
export const SURPRISE: Readonly<Record<Kind, Surprises>> = {
  scalar: { scalar: 0,  vector: 2,  matrix: 20 },
  vector: { scalar: 3,  vector: 0,  matrix: 20 },
  matrix: { scalar: 22, vector: 21, matrix: 0 },
};
/** Of a scalar's letter that stands as a vector does. */
const STANDING: Surprises = { scalar: 1, vector: 0, matrix: 20 };
/** Of a capital letter beside a number: C of w·w + C (wᵀx + b) multiplies one. */
export const MULTIPLYING: Surprises = { scalar: 4, vector: 21, matrix: 0 };
/** Of a capital letter in a text of numbers, where one is raised to a number that is no literal, and of one that something is divided by. */
const RAISED: Surprises = { scalar: 0, vector: 21, matrix: 1 };
/** Added for a scalar that is used as only vectors and matrices are. */
const UNLIKELY_SCALAR = 20;

/** A kind that a name may have. */
export interface Choice {
  readonly kind: Kind;
  readonly surprise: number;
}

/** The kinds that a name may have, the least surprising first. */
export function choicesOf(ctx: Context, info: VariableInfo, capital: Surprises): Choice[] {
  const { inf, scope } = ctx;
  const letter = kindByLetter(info.name);
  const isNumber = scope.numbers.has(info.name) && !info.singleIndex && !info.likelyVector;
  const kind = isNumber ? "scalar" : info.singleIndex || (letter === "scalar" && info.likelyVector) ? "vector" : letter;
  const isRaised = scope.raised.has(info.name) || scope.divisors.has(info.name) || (scope.raised.size > 0 && !hasVectors(scope));
  const surprises =
    kind === "matrix" ? (isRaised ? RAISED : capital) : kind === "scalar" && scope.vectors.has(info.name) ? STANDING : SURPRISE[kind];
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

const hasVectors = ({ variables, vectors }: Context["scope"]): boolean =>
  [...variables.values()].some((v) => kindByLetter(v.name) === "vector" || v.likelyVector || vectors.has(v.name));

/** All choices, one for each name, of exactly this surprise beyond the first choices. */
export function* readings(choices: readonly (readonly Choice[])[], surprise: number, from = 0): Generator<Kind[]> {
  const own = choices[from];
  if (own === undefined) {
    if (surprise === 0) yield [];
    return;
  }
  for (const c of own) {
    const cost = c.surprise - (own[0] as Choice).surprise;
    if (cost <= surprise) for (const rest of readings(choices, surprise - cost, from + 1)) yield [c.kind, ...rest];
  }
}
