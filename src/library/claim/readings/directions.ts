// Derivatives as maps, of a function that the text defines: Df(X)[H] = … is df = … with dX for H, D²f(x)[h, h] = … is d²f = …,
// and DF(X) = … alone is the Jacobian of vec F.
//
// Invariant: only what alone stands on the left of a claim is read so, and only at the place of the definition.

import { statementIn } from "../text/statement.ts";
import { END, NAME, START } from "./names.ts";
import type { Claimed, WrittenOut } from "./signs.ts";

/** D²f(x)[h, h], where f(x) may be written as f, and DF(X). */
const MAP = new RegExp(`^D(²|\\^2)?\\s*(${NAME})\\s*(?:\\((${NAME})\\))?\\s*(?:[[(]\\s*(${NAME})(?:\\s*,\\s*(${NAME}))?\\s*[\\])])?$`, "u");
const PLACE = String.raw`\(\s*(\\?[\p{L}]+|\\math(?:bf|bb|rm)\{?\p{L}\}?|\\(?:boldsymbol|bm)\{\\?\p{L}+\})\s*\)\s*=`;

/** Whether the left side of a claim is written as a derivative along a direction: D f(X)[H]. */
export const isAlongDirection = (side: string): boolean => MAP.exec(side.trim())?.[2] !== undefined;

/** The text with differentials in the place of derivatives along directions; undefined where it is not about one. */
export function withDirections(text: string, isKnown: (name: string) => boolean, { claim: source }: Claimed): WrittenOut | undefined {
  const { begin, sides } = statementIn(text);
  const [, order, of, place, behind, twice] = MAP.exec(sides[0]?.text ?? "") ?? [];
  const isDefined = of !== undefined && new RegExp(`(?:^|;)\\s*${of}\\s*=`, "u").test(text.slice(0, begin));
  if (!isDefined || isKnown("D") || sides.length !== 2 || (order !== undefined) !== (twice !== undefined)) return undefined;
  const by = variableOf(of, source);
  // Of D f (H) the place has been taken away, as it is that of the definition.
  const along = behind ?? (place === by ? undefined : place);
  const isElsewhere = behind !== undefined && place !== undefined && place !== by;
  if (by === undefined || isElsewhere || (twice !== undefined && twice !== along)) return undefined;
  const right = sides[1]?.text as string;
  const before = text.slice(0, begin);
  const jacobian = `∂vec(${of})/∂vec(${by})ᵀ`;
  if (along === undefined)
    return { text: `${before} ${jacobian} = ${right}`, assumed: `D${of} is the Jacobian of vec(${of}) by vec(${by})`, isFirm: true };
  const direction = new RegExp(START + along + END, "gu");
  const stated = `d${order === undefined ? "" : "²"}${of} = ${right.replace(direction, `d${by}`)}`;
  return { text: `${before} ${stated}`, assumed: `D${of}[${along}] is the differential, with d${by} for ${along}`, isFirm: true };
}

/** What a function is defined at: X of f(X) = …. */
function variableOf(of: string, source: string): string | undefined {
  const [, written] = new RegExp(`(?<!\\p{L})${of}\\s*${PLACE}`, "u").exec(source) ?? [];
  return written === undefined ? undefined : /(\p{L})\}*$/u.exec(written)?.[1];
}
