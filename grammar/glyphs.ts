// The one list of spellings. Lexer, printers and documentation read this table and no
// other, so that a sign is added in one place.
//
// Invariant: no spelling belongs to two signs, and every `ascii` and `unicode` spelling
// is one that the lexer reads as this very sign. What a sign means is not said here.

import { dictionary } from "../src/base/dictionary.ts";

interface Sign {
  /** Printed where only ASCII is wanted. */
  readonly ascii: string;
  /** Printed otherwise. */
  readonly unicode: string;
  /** Read as well. */
  readonly also?: readonly string[];
  /** LaTeX source. */
  readonly latex: string;
}

// biome-ignore format: a table is read by columns
export const SIGNS = {
  plus:       { ascii: "+",   unicode: "+",  latex: "+",            also: [".+"] },
  minus:      { ascii: "-",   unicode: "−",  latex: "-",            also: ["–", ".-"] },
  times:      { ascii: "*",   unicode: "×",  latex: "\\times",      also: ["∗", "@", "%*%"] },
  divide:     { ascii: "/",   unicode: "/",  latex: "/",            also: ["÷", "∕"] },
  hadamard:   { ascii: ".*",  unicode: "⊙",  latex: "\\odot",       also: ["∘", "○"] },
  hdivide:    { ascii: "./",  unicode: "⊘",  latex: "\\oslash" },
  solve:      { ascii: "\\",  unicode: "\\",  latex: "\\backslash" },
  power:      { ascii: "^",   unicode: "^",  latex: "^",            also: ["**"] },
  hpower:     { ascii: ".^",  unicode: ".^", latex: "^{\\odot}",    also: [".**"] },
  dot:        { ascii: "·",   unicode: "·",  latex: "\\cdot",       also: ["⋅", "∙", "•"] },
  kron:       { ascii: "⊗",   unicode: "⊗",  latex: "\\otimes",      also: ["%x%"] },
  transpose:  { ascii: "'",   unicode: "ᵀ",  latex: "^{\\top}",     also: [".'", "⊤", "^⊤", "^ᵀ", "’"] },
  pseudoinverse: { ascii: "⁺", unicode: "⁺", latex: "^{+}",         also: ["†", "^⁺", "^†"] },
  prime:      { ascii: "′",   unicode: "′",  latex: "'",            also: ["″", "‴"] },
  gt:         { ascii: ">",   unicode: ">",  latex: ">" },
  ge:         { ascii: ">=",  unicode: "≥",  latex: "\\ge",         also: ["⩾"] },
  lt:         { ascii: "<",   unicode: "<",  latex: "<" },
  le:         { ascii: "<=",  unicode: "≤",  latex: "\\le",         also: ["⩽"] },
  eq:         { ascii: "==",  unicode: "==", latex: "=" },
  ne:         { ascii: "!=",  unicode: "≠",  latex: "\\ne",         also: ["~="] },
  equals:     { ascii: "=",   unicode: "=",  latex: "=",            also: [":="] },
  colon:      { ascii: ":",   unicode: ":",  latex: ":" },
  element:    { ascii: "∈",   unicode: "∈",  latex: "\\in" },
  definite:   { ascii: "≻",   unicode: "≻",  latex: "\\succ" },
  semidefinite: { ascii: "⪰", unicode: "⪰",  latex: "\\succeq",    also: ["≽"] },
  maps:       { ascii: "->",  unicode: "→",  latex: "\\to",         also: ["↦"] },
  comma:      { ascii: ",",   unicode: ",",  latex: "," },
  semicolon:  { ascii: ";",   unicode: ";",  latex: ";" },
  lparen:     { ascii: "(",   unicode: "(",  latex: "(" },
  rparen:     { ascii: ")",   unicode: ")",  latex: ")" },
  lbracket:   { ascii: "[",   unicode: "[",  latex: "[" },
  rbracket:   { ascii: "]",   unicode: "]",  latex: "]" },
  lbrace:     { ascii: "{",   unicode: "{",  latex: "\\{" },
  rbrace:     { ascii: "}",   unicode: "}",  latex: "\\}" },
  partial:    { ascii: "∂",   unicode: "∂",  latex: "\\partial" },
} as const satisfies Record<string, Sign>;

/** A sign of the language. */
export type SignName = keyof typeof SIGNS;

/** Every spelling of a sign. */
export function spellings(name: SignName): readonly string[] {
  const sign: Sign = SIGNS[name];
  return [...new Set([sign.ascii, sign.unicode, ...(sign.also ?? [])])];
}

/** Function spellings of the structural operators: the names that are calls without any function table. */
// biome-ignore format: a table is read by columns
export const OPERATOR_FUNCTIONS = {
  sum:         ["sum", "Σ", "∑"],
  tr:          ["tr", "trace"],
  diag:        ["diag"],
  dot:         ["dot"],
  kron:        ["kron", "kronecker_product"],
  vec:         ["vec"],
  reshape:     ["reshape", "unvec"],
  transpose:   ["transpose"],
  hadamard:    ["hadamard", "hadamard_product"],
  outer:       ["outer"],
  ones:        ["ones"],
  zeros:       ["zeros"],
  eye:         ["eye", "I", "𝕀", "identity"],
  unit:        ["unit"],
  commutation: ["K", "commutation"],
  vector:      ["vector"],
  matrix:      ["matrix"],
} as const satisfies Record<string, readonly string[]>;

/** A structural operator that has a spelling as a function. */
export type OperatorFunction = keyof typeof OPERATOR_FUNCTIONS;

const operatorByName = new Map<string, OperatorFunction>(
  Object.entries(OPERATOR_FUNCTIONS).flatMap(([op, names]) => names.map((name) => [name, op as OperatorFunction] as const)),
);

/** Functions along one axis of a matrix, by how they are called with the number of that axis: 1 down the columns, 2 along the rows. */
export const AXIS_FUNCTIONS: Readonly<Record<string, readonly [first: string, second: string]>> = {
  sum: ["colsum", "rowsum"],
  mean: ["colmean", "rowmean"],
  size: ["nrow", "ncol"],
};

/** The structural operator that a function name spells. */
export const operatorFunction = (name: string): OperatorFunction | undefined => operatorByName.get(name);

/** Names of mathematical constants, by what they are called in a term. */
export const CONSTANTS = dictionary<string>({ pi: "pi", π: "pi" });

/** The number e below an exponent; of a square matrix it is the matrix exponential. */
export const POWER_OF_E = "\u212e";

/** Signs that stand for a function of the rule library. */
export const FUNCTION_SIGNS = dictionary<string>({ "√": "sqrt", "∛": "cbrt", "∏": "prod", [POWER_OF_E]: "exp" });

/** Greek letters that are functions where parentheses follow them and nothing else is known of them. */
export const GREEK_FUNCTIONS = dictionary<string>({ σ: "sigmoid", Γ: "gamma" });

/** What a norm is called, by the sign below it. */
// biome-ignore format: one norm a row
export const NORMS = dictionary<string>({
  "": "norm2", "2": "norm2", F: "norm2", fro: "norm2", Fro: "norm2",
  "1": "norm1",
  "∞": "norminf", inf: "norminf", infty: "norminf", "\\infty": "norminf",
  "*": "nuclear", "\\ast": "nuclear", nuc: "nuclear", tr: "nuclear",
  op: "spectral",
});

/** The vectors of ones and zeros, written with an arrow. */
export const ONES_ARROW = "1\u20d7";
export const ZEROS_ARROW = "0\u20d7";

/** Signs of a sum over an index: sum_i, Σ_i, ∑ᵢ. */
export const SUM_SIGNS: readonly string[] = ["sum", "Σ", "∑"];
/** Signs of a product over an index; the capital letter is a name. */
export const PRODUCT_SIGNS: readonly string[] = ["prod", "∏"];
/** Signs with an index below them. */
export const INDEXED_SIGNS: readonly string[] = [...SUM_SIGNS, ...PRODUCT_SIGNS];

// biome-ignore format: two rows
export const SUPERSCRIPTS: Readonly<Record<string, string>> = {
  "⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8", "⁹": "9", "⁻": "-",
};

/** Superscript letters that are exponents; ᵀ is a transpose and stands in SIGNS. */
export const SUPERSCRIPT_LETTERS: Readonly<Record<string, string>> = { ⁿ: "n", ᵏ: "k", ᵐ: "m", ᵖ: "p", ˣ: "x" };

// biome-ignore format: two rows
export const SUBSCRIPTS: Readonly<Record<string, string>> = {
  "₀": "0", "₁": "1", "₂": "2", "₃": "3", "₄": "4", "₅": "5", "₆": "6", "₇": "7", "₈": "8", "₉": "9",
  ₐ: "a", ₑ: "e", ₕ: "h", ᵢ: "i", ⱼ: "j", ₖ: "k", ₗ: "l", ₘ: "m", ₙ: "n", ₒ: "o", ₚ: "p", ᵣ: "r", ₛ: "s", ₜ: "t", ᵤ: "u", ᵥ: "v", ₓ: "x",
};

const reversed = (map: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(map).map(([sign, plain]) => [plain, sign]));
const toSuperscript = reversed(SUPERSCRIPTS);
const toSubscript = reversed(SUBSCRIPTS);

/** "12" → "¹²", "-1" → "⁻¹"; undefined where a character has no superscript. */
export const superscript = (text: string): string | undefined => translate(text, toSuperscript);
/** "12" → "₁₂", "ij" → "ᵢⱼ"; undefined where a character has no subscript. */
export const subscript = (text: string): string | undefined => translate(text, toSubscript);
/** The plain text of subscript signs. */
export const plainSubscript = (text: string): string | undefined => translate(text, SUBSCRIPTS);
/** The plain text of superscript digits. */
export const plainSuperscript = (text: string): string | undefined => translate(text, SUPERSCRIPTS);

function translate(text: string, map: Readonly<Record<string, string>>): string | undefined {
  let out = "";
  for (const c of text) {
    const to = map[c];
    if (to === undefined) return undefined;
    out += to;
  }
  return out;
}

/** Spelled-out Greek letters; the small ones follow the convention for Greek letters. */
export const GREEK_NAMES: readonly string[] =
  "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi rho sigma tau phi chi psi omega".split(" ");

const CAPITALS = "Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω".split(" ");

/** Greek letters by their names, and the capitals that no Latin letter looks like; π is a constant. */
export const GREEK_LETTERS: ReadonlyMap<string, string> = new Map([
  ...GREEK_NAMES.map((name, i) => [name, [..."αβγδεζηθικλμνξρστφχψω"][i] as string] as const),
  ...CAPITALS.flatMap((name, i): [string, string][] => (i % 2 === 0 ? [[name, CAPITALS[i + 1] as string]] : [])),
]);

/** Other signs for a letter, by its name. */
export const GREEK_VARIANTS: ReadonlyMap<string, string> = new Map([
  ["epsilon", "ϵ"],
  ["theta", "ϑ"],
  ["kappa", "ϰ"],
  ["rho", "ϱ"],
  ["sigma", "ς"],
  ["phi", "ϕ"],
]);
