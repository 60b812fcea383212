// What each format looks like, as data: one precedence table and one spelling a format.
// The signs themselves stand in grammar/glyphs.ts.
//
// Invariant: whatever the ascii and unicode spellings compose is read back by the parser
// as the same value. LaTeX is for people only. No tree is walked here.

import { CONSTANTS, ONES_ARROW, SIGNS, type SignName, ZEROS_ARROW } from "../../grammar/glyphs.ts";
import type { Dim } from "../expr/dim.ts";
import { COMPARISONS, type Comparison } from "../expr/operators.ts";

/** How a term is printed. */
export type Format = "unicode" | "ascii" | "latex";

// biome-ignore format: a table is read by columns
/** How tightly the outermost sign of a text binds, loose to tight. */
export const LEVEL = {
  comparison: 0, // a > b
  sum:        1, // a + b − c
  term:       2, // Σ_i a: reaches as far right as it can
  entrywise:  3, // a ⊙ b, a b ⊙ c, left to right: bracketed before a factor without ⊙, for the reader
  product:    4, // a b, a*b, a/b, left to right
  tight:      5, // w·x, A ⊗ B: bracketed inside a product, for the reader
  power:      6, // x^k, a fraction
  postfix:    7, // xᵀ, x²: no second sign of this kind without brackets
  atom:       8, // x, f(x), x[i], […]
} as const;
/** How tightly a text binds. */
export type Level = (typeof LEVEL)[keyof typeof LEVEL];

/** Signs between the factors of a product. */
export type ProductSign = "mul" | "div" | "hadamard" | "hdiv";

/** What encloses or follows the argument of a function that has a notation of its own. */
export interface FunctionForm {
  readonly before: string;
  readonly after: string;
  /** Instead of `after`, behind a matrix. */
  readonly afterMatrix?: string;
  /** The argument stands before a superscript and needs brackets there. */
  readonly superscript?: boolean;
  /** The sign between its two arguments. */
  readonly infix?: string;
  /** The superscript once the result is transposed as well. */
  readonly transposed?: string;
}

/** The signs of a format. */
export interface Spelling {
  /** Between terms, and before a single one. */
  readonly plus: string;
  readonly minus: string;
  readonly sign: string;
  /** Between factors; LaTeX prints a quotient as a fraction. */
  readonly product: Readonly<Record<ProductSign, string>>;
  /** Whether `mul` is mere juxtaposition: a number clings to the name behind it. */
  readonly juxtaposed: boolean;
  /** Between a factor and a number behind it. */
  readonly times: string;
  readonly comparison: Readonly<Record<Comparison, string>>;
  readonly transpose: string;
  /** Dot and Kronecker products as signs; as functions or transposed factors where empty. */
  readonly dot: string;
  readonly kron: string;
  readonly group: readonly [string, string];
  /** Around something higher than a line. */
  readonly tallGroup: readonly [string, string];
  /** Around a comparison that is a factor or a term: Iverson's brackets where the format has them. */
  readonly condition: readonly [string, string];
  readonly stack: { readonly open: string; readonly close: string; readonly cell: string; readonly row: string };
  /** Notation of constants whose size the surroundings settle. */
  readonly settled: { readonly ones: string; readonly zeros: string; readonly eye: string };
  readonly functions: Readonly<Record<string, FunctionForm>>;
  readonly constants: Readonly<Record<string, string>>;
}

const signs = <T extends SignName>(names: readonly T[], format: Format, pad: string): Record<T, string> =>
  Object.fromEntries(names.map((name) => [name, pad + SIGNS[name][format] + pad])) as Record<T, string>;

const pi = (format: Format): string =>
  format === "unicode"
    ? (Object.keys(CONSTANTS).find((name) => CONSTANTS[name] === "pi" && name !== "pi") ?? "pi")
    : format === "latex"
      ? "\\pi"
      : "pi";

const enclosed = (left: string, right: string, after = "", afterMatrix = after): FunctionForm => ({
  before: `\\left${left} `,
  after: ` \\right${right}${after}`,
  afterMatrix: ` \\right${right}${afterMatrix}`,
});

const LATEX_STACK = { open: "\\begin{bmatrix} ", close: " \\end{bmatrix}", cell: " & ", row: " \\\\ " };
const TEXT_STACK = { open: SIGNS.lbracket.ascii, close: SIGNS.rbracket.ascii, cell: ", ", row: "; " };

/** What a text needs to know besides the term: the format, and names that are taken. */
export interface Style {
  readonly format: Format;
  readonly spelling: Spelling;
  /** Names that the text uses for variables, so that a constant may not. */
  readonly taken: { has(name: string): boolean };
  readonly size: (d: Dim) => string;
}

export const SPELLINGS: Readonly<Record<Format, Spelling>> = {
  ascii: {
    plus: ` ${SIGNS.plus.ascii} `,
    minus: ` ${SIGNS.minus.ascii} `,
    sign: SIGNS.minus.ascii,
    product: { mul: SIGNS.times.ascii, div: SIGNS.divide.ascii, hadamard: ` ${SIGNS.hadamard.ascii} `, hdiv: ` ${SIGNS.hdivide.ascii} ` },
    juxtaposed: false,
    times: SIGNS.times.ascii,
    comparison: signs(COMPARISONS, "ascii", " "),
    transpose: SIGNS.transpose.ascii,
    dot: "",
    kron: "",
    group: ["(", ")"],
    tallGroup: ["(", ")"],
    condition: ["(", ")"],
    stack: TEXT_STACK,
    settled: { ones: "", zeros: "", eye: "" },
    functions: {},
    constants: { pi: pi("ascii") },
  },
  unicode: {
    plus: ` ${SIGNS.plus.unicode} `,
    minus: ` ${SIGNS.minus.unicode} `,
    sign: SIGNS.minus.unicode,
    product: { mul: " ", div: SIGNS.divide.unicode, hadamard: ` ${SIGNS.hadamard.unicode} `, hdiv: ` ${SIGNS.hdivide.unicode} ` },
    juxtaposed: true,
    times: ` ${SIGNS.times.unicode} `,
    comparison: signs(COMPARISONS, "unicode", " "),
    transpose: SIGNS.transpose.unicode,
    dot: SIGNS.dot.unicode,
    kron: ` ${SIGNS.kron.unicode} `,
    group: ["(", ")"],
    tallGroup: ["(", ")"],
    condition: ["(", ")"],
    stack: TEXT_STACK,
    settled: { ones: ONES_ARROW, zeros: ZEROS_ARROW, eye: "I" },
    functions: { inv: { before: "", after: "⁻¹", superscript: true, transposed: "⁻ᵀ" } },
    constants: { pi: pi("unicode") },
  },
  latex: {
    plus: " + ",
    minus: " - ",
    sign: "-",
    product: { mul: " ", div: "", hadamard: ` ${SIGNS.hadamard.latex} `, hdiv: ` ${SIGNS.hdivide.latex} ` },
    juxtaposed: true,
    times: " \\cdot ",
    comparison: signs(COMPARISONS, "latex", " "),
    transpose: SIGNS.transpose.latex,
    dot: ` ${SIGNS.dot.latex} `,
    kron: ` ${SIGNS.kron.latex} `,
    group: ["(", ")"],
    tallGroup: ["\\left( ", " \\right)"],
    condition: ["\\left[ ", " \\right]"],
    stack: LATEX_STACK,
    settled: { ones: "\\mathbf{1}", zeros: "\\mathbf{0}", eye: "\\mathbf{I}" },
    functions: {
      inv: { before: "", after: "^{-1}", superscript: true, transposed: "^{-\\top}" },
      pinv: { before: "", after: "^{+}", superscript: true },
      norm2: enclosed("\\lVert", "\\rVert", "", "_{F}"),
      norm1: enclosed("\\lVert", "\\rVert", "_{1}"),
      abs: enclosed("\\lvert", "\\rvert"),
      sqrt: { before: "\\sqrt{", after: "}" },
      cross: { before: "", after: "", infix: ` ${SIGNS.times.latex} ` },
      crossmatrix: enclosed("[", "]", "_{\\times}"),
    },
    constants: { pi: pi("latex") },
  },
};
