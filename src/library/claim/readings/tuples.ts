// Derivatives of and by several numbers, ∂(x, y)/∂(r, θ) and ∂h/∂(x, y), written out as matrices of derivatives of one by one; the
// first alone may be the determinant of that.
//
// Invariant: what stands below is names, which are numbers. Not here: what the derivatives are worth (terms/chained.ts).

import { declaresNumber, NAME, START } from "./names.ts";
import type { Claimed, WrittenOut } from "./signs.ts";

const SEVERAL = `${NAME}(?:\\s*,\\s*${NAME})+`;
/** ∂(x, y)/∂(r, θ), in one pair of brackets or two, between bars or not, and ∂h/∂(x, y). */
const TUPLES = new RegExp(
  `(?<bars>abs\\(|\\|)?${START}[d∂]\\s*(?:\\(\\s*\\(?(?<above>${SEVERAL})\\)?\\s*\\)|(?<single>${NAME}))\\s*\\/\\s*[d∂]\\s*\\((?<below>${SEVERAL})\\)(?<close>[)|])?`,
  "gu",
);

const namesIn = (list: string): string[] => list.split(",").map((name) => name.trim());

/** How what stands for a square matrix of derivatives is written, alone and between bars. */
interface Square {
  readonly alone: (matrix: string) => string;
  readonly inBars: (matrix: string) => string;
}

const determinant = (matrix: string): string => `det(${matrix})`;

/** A way to write derivatives of and by several numbers. */
const writing =
  ({ alone, inBars }: Square, isFirm: boolean) =>
  (text: string, isKnown: (name: string) => boolean, claimed: Claimed): WrittenOut | undefined => {
    const numbers = new Set<string>();
    const written = text.replace(TUPLES, (...match) => {
      const { bars, above, single, below, close = "" } = match.at(-1) as Readonly<Record<string, string>>;
      const by = namesIn(below as string);
      for (const name of by) numbers.add(name);
      const row = (of: string): string => by.map((name) => `∂${of}/∂${name}`).join(", ");
      if (above === undefined) return `${bars ?? ""}[${row(single as string)}]${close}`;
      const matrix = `[${namesIn(above).map(row).join("; ")}]`;
      return bars === undefined || close === "" ? alone(matrix) + close : inBars(matrix);
    });
    const unsaid = [...numbers].filter((name) => !isKnown(name));
    if (written === text || [...numbers].some((name) => isKnown(name) && !declaresNumber(name, text, claimed))) return undefined;
    const assumed = `derivatives by (${[...numbers].join(", ")}) are those by each of them, side by side`;
    return { text: written, assumed, ...(unsaid.length === 0 ? {} : { declarations: `${unsaid.join(", ")} : scalar` }), isFirm };
  };

/** The text with Jacobians written out, between bars the absolute values of their determinants; undefined where it has none. */
export const withJacobians = writing({ alone: (matrix) => matrix, inBars: (matrix) => `abs(${determinant(matrix)})` }, true);

/** The text with determinants in the place of square ones. */
export const withJacobianDeterminants = writing({ alone: determinant, inBars: determinant }, false);
