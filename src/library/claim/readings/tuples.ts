// Derivatives of and by several numbers, ∂(x, y)/∂(r, θ) and ∂h/∂(x, y), written out as matrices of derivatives of one by one; the
// first alone may be the determinant of that.
//
// Invariant: what stands below is names, which are numbers. Not here: what the derivatives are worth (terms/chained.ts).

import type { WrittenOut } from "./signs.ts";

const NAME = "(?!ᵀ)\\p{L}(?:(?!ᵀ)[\\p{L}\\p{M}\\p{Nd}_])*";
const SEVERAL = `${NAME}(?:\\s*,\\s*${NAME})+`;
/** ∂(x, y)/∂(r, θ), in one pair of brackets or two, between bars or not, and ∂h/∂(x, y). */
const TUPLES = new RegExp(
  `(?<bars>abs\\(|\\|)?(?<![\\p{L}\\p{N}_])[d∂]\\s*(?:\\(\\s*\\(?(?<above>${SEVERAL})\\)?\\s*\\)|(?<single>${NAME}))\\s*\\/\\s*[d∂]\\s*\\((?<below>${SEVERAL})\\)(?<close>[)|])?`,
  "gu",
);

const namesIn = (list: string): string[] => list.split(",").map((name) => name.trim());

/** A way to write what stands for a square matrix of derivatives of numbers. */
const writing =
  (square: (matrix: string) => string, isFirm: boolean) =>
  (text: string, isKnown: (name: string) => boolean): WrittenOut | undefined => {
    const numbers = new Set<string>();
    const written = text.replace(TUPLES, (...match) => {
      const { bars, above, single, below, close = "" } = match.at(-1) as Readonly<Record<string, string>>;
      const by = namesIn(below as string);
      for (const name of by) if (!isKnown(name)) numbers.add(name);
      const row = (of: string): string => by.map((name) => `∂${of}/∂${name}`).join(", ");
      if (above === undefined) return `${bars ?? ""}[${row(single as string)}]${close}`;
      const matrix = `[${namesIn(above).map(row).join("; ")}]`;
      return bars === undefined || close === "" ? square(matrix) + close : `det(${matrix})`;
    });
    if (written === text) return undefined;
    const names = [...numbers].join(", ");
    const assumed = `derivatives by (${names}) are those by each of them, side by side`;
    return { text: written, assumed, ...(names === "" ? {} : { declarations: `${names} : scalar` }), isFirm };
  };

/** The text with Jacobians written out; undefined where it has none. */
export const withJacobians = writing((matrix) => matrix, true);

/** The text with their determinants in the place of square ones. */
export const withJacobianDeterminants = writing((matrix) => `det(${matrix})`, false);
