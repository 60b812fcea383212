// Derivatives by a square, ∂ℓ/∂σ² and ∂²ℓ/∂(σ²)², as those by a number of its own: σ² is v, σ⁴ is v², σ is its root.
//
// Invariant: only the square of a number below is read so, and only where it cannot be the order of a derivative by σ itself.

import { SUPERSCRIPTS } from "../../../../grammar/glyphs.ts";
import { isVectorLetter, kindByLetter } from "../../../elaborate/names/letters.ts";
import { declaresNumber, END, NAME, START } from "./names.ts";
import type { Claimed, WrittenOut } from "./signs.ts";

const POWER = "(?:[⁻²³⁴⁵⁶⁷⁸⁹¹⁰]+|\\^(?:\\(-?\\d+\\)|-?\\d+))";
/** Brackets with others in them. */
const BRACKETS = "\\((?:[^()]|\\((?:[^()]|\\([^()]*\\))*\\))*\\)";
const PART = `[d∂](?:${NAME}|\\(${NAME}${POWER}\\))${POWER}?`;
/** ∂²ℓ/∂β∂σ², with what it is of or without. */
const QUOTIENT = new RegExp(`${START}[d∂](${POWER})?\\s*(?:${NAME}|${BRACKETS})?\\s*\\/\\s*((?:${PART}\\s*)+)`, "gu");
const BELOW = new RegExp(`[d∂](?:(${NAME})|\\((${NAME})${POWER}\\))(${POWER})?`, "gu");
/** Letters for the square. */
const LETTERS = [..."vsrqu"];

const exponentOf = (power: string | undefined): number =>
  power === undefined ? 1 : Number([...power].map((c) => SUPERSCRIPTS[c] ?? c.replace(/[\^()]/g, "")).join(""));

/** The text with a number of its own for a square that it differentiates by; undefined where it does not. */
export function withSquares(text: string, isKnown: (name: string) => boolean, claimed: Claimed): WrittenOut | undefined {
  const { let: given = [] } = claimed;
  const [square, ...more] = new Set(
    [...text.matchAll(QUOTIENT)].flatMap(([, order, below]) => squaresIn(exponentOf(order), below as string)),
  );
  const used = (name: string): boolean =>
    isKnown(name) || [text, ...given.flat()].some((t) => new RegExp(`${START}[d∂]?${name}${END}`, "u").test(t));
  const name = LETTERS.find((letter) => !used(letter));
  const isDefined =
    square !== undefined && (new RegExp(`(?:^|;)\\s*${square}\\s*=`, "u").test(text) || given.some(([of]) => of === square));
  if (square === undefined || more.length > 0 || name === undefined || isDefined) return undefined;
  if (isKnown(square) ? !declaresNumber(square, text, claimed) : isVectorLetter(square) || kindByLetter(square) === "matrix")
    return undefined;
  const raised = (by: number, half = by / 2): string =>
    half === 1 ? name : Number.isInteger(half) ? `${name}^(${half})` : `${name}^(${by}/2)`;
  const below = new RegExp(`([d∂])(?:\\(${square}(?:²|\\^2)\\)|${square}(${POWER}))(${POWER})?`, "gu");
  const value = new RegExp(`${START}${square}(${POWER})?${END}`, "gu");
  const withValues = (source: string): string => source.replace(value, (_, power: string | undefined) => raised(exponentOf(power)));
  const written = withValues(
    text.replace(below, (_, sign: string, power: string | undefined, order: string | undefined) => {
      const times = order === undefined ? exponentOf(power ?? "²") / 2 : exponentOf(order);
      return `${sign}${name}${times === 1 ? "" : `^${times}`}`;
    }),
  );
  const assumed = `${name} is ${square}², a positive number`;
  return {
    text: written,
    assumed,
    declarations: `${name} : positive scalar`,
    let: given.map(([of, body]) => [of, withValues(body)]),
    isFirm: true,
  };
}

/** The names below a derivative that stand there as squares: σ of ∂/∂σ² and of ∂²/∂β∂σ². */
function squaresIn(order: number, below: string): string[] {
  const parts = [...below.matchAll(BELOW)].map(([, bare, inBrackets, power]) => ({ bare, inBrackets, power: exponentOf(power) }));
  const times = (isSquare: boolean): number =>
    parts.reduce((sum, { inBrackets, power }) => sum + (isSquare && inBrackets === undefined && power % 2 === 0 ? power / 2 : power), 0);
  const inBrackets = parts.flatMap((part) => part.inBrackets ?? []);
  if (times(false) === order) return inBrackets;
  return times(true) === order
    ? [...inBrackets, ...parts.flatMap(({ bare, power }) => (bare !== undefined && power % 2 === 0 ? [bare] : []))]
    : [];
}
