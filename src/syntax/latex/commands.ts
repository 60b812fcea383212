// What the commands of LaTeX mathematics stand for: letters, signs, functions, delimiters,
// fonts, accents, and those that only concern the look. A command is added here.
//
// Invariant: signs are those of grammar/glyphs.ts, so whatever is written here is read by
// the lexer of the plain language.

import { GREEK_LETTERS, GREEK_VARIANTS, SIGNS, type SignName } from "../../../grammar/glyphs.ts";
import { dictionary } from "../../base/dictionary.ts";

/** Letters. */
export const LETTERS: ReadonlyMap<string, string> = new Map([
  ...[...GREEK_LETTERS].map(([name, letter]) => [`\\${name}`, letter] as const),
  ["\\pi", "π"],
  ["\\ell", "ℓ"],
  ["\\imath", "ı"],
]);

/** Second forms of a letter: the same letter, unless both occur. */
export const VARIANTS: ReadonlyMap<string, readonly [same: string, other: string]> = new Map(
  [...GREEK_VARIANTS].map(([name, other]) => [`\\var${name}`, [GREEK_LETTERS.get(name) as string, other]] as const),
);

const sign = (name: SignName): string => SIGNS[name].unicode;

/** Operators between two terms. */
export const OPERATORS: ReadonlyMap<string, string> = new Map([
  ["\\odot", sign("hadamard")],
  ["\\circ", "∘"],
  ["\\otimes", sign("kron")],
  ["\\oslash", sign("hdivide")],
  ["\\times", sign("times")],
  ["\\ast", "*"],
  ["\\div", "/"],
  ["\\colon", ":"],
  ["\\ge", sign("ge")],
  ["\\geq", sign("ge")],
  ["\\geqslant", sign("ge")],
  ["\\le", sign("le")],
  ["\\leq", sign("le")],
  ["\\leqslant", sign("le")],
  ["\\ne", sign("ne")],
  ["\\neq", sign("ne")],
  ["\\gt", ">"],
  ["\\lt", "<"],
  ["\\equiv", "="],
  ["\\coloneqq", "="],
  ["\\triangleq", "="],
  ["\\in", sign("element")],
  ["\\succ", sign("definite")],
  ["\\succeq", sign("semidefinite")],
  ["\\to", sign("maps")],
  ["\\mapsto", "↦"],
  ["\\rightarrow", sign("maps")],
]);

/** Functions by their commands; the value is the name in the plain language. */
export const FUNCTIONS: ReadonlyMap<string, string> = new Map([
  ..."sin cos tan cot sec csc sinh cosh tanh coth arcsin arccos arctan exp log ln det max min tr vec diag trace sign sgn relu softmax"
    .split(" ")
    .map((name): [string, string] => [`\\${name}`, name === "sgn" ? "sign" : name]),
  ["\\Tr", "tr"],
  ["\\trace", "tr"],
]);

/** Functions whose names are spelled in another way in print. */
export const SPELLED = dictionary<string>({
  Tr: "tr",
  Trace: "tr",
  trace: "tr",
  sgn: "sign",
  ReLU: "relu",
  RELU: "relu",
  Softmax: "softmax",
  softmax: "softmax",
  Sigmoid: "sigmoid",
  Diag: "diag",
  Vec: "vec",
  Det: "det",
  logit: "logit",
  LSE: "logsumexp",
  erf: "erf",
});

/** Signs of a sum and of a product over an index. */
export const INDEXED: ReadonlyMap<string, string> = new Map([
  ["\\sum", "sum"],
  ["\\prod", "prod"],
]);

/** Functions that take a whole product after them: tr A X B. */
export const TAKES_PRODUCT: ReadonlySet<string> = new Set(["tr", "det", "vec", "diag", "logdet"]);

/** Fonts: part of a name, and of nothing else. */
export const FONTS: ReadonlySet<string> = new Set(
  "mathbf boldsymbol bm mathrm mathit mathsf mathtt mathcal mathscr mathfrak mathbb mathnormal symbf symbfit pmb bf rm it sf cal vec underline boldmath"
    .split(" ")
    .map((f) => `\\${f}`),
);

/** Fonts that mark a vector or a matrix; a letter in them may stand beside the same letter without. */
export const BOLD: ReadonlySet<string> = new Set([
  "\\mathbf",
  "\\boldsymbol",
  "\\bm",
  "\\symbf",
  "\\symbfit",
  "\\pmb",
  "\\bf",
  "\\vec",
  "\\underline",
]);

/** Accents, as combining marks behind the letter. */
export const ACCENTS: ReadonlyMap<string, string> = new Map([
  ["\\hat", "\u0302"],
  ["\\widehat", "\u0302"],
  ["\\tilde", "\u0303"],
  ["\\widetilde", "\u0303"],
  ["\\bar", "\u0304"],
  ["\\overline", "\u0304"],
  ["\\dot", "\u0307"],
  ["\\ddot", "\u0308"],
  ["\\check", "\u030c"],
  ["\\breve", "\u0306"],
]);

/** Marks of a name that stand above it: w^*. */
export const RAISED_MARKS: ReadonlyMap<string, string> = new Map([
  ["*", "\u20f0"],
  ["\\ast", "\u20f0"],
  ["\\star", "\u20f0"],
]);

/** The mark of a star below a name. */
export const LOWERED_STAR = "\u0359";

/** What concerns only the look. */
export const IGNORED: ReadonlySet<string> = new Set(
  [
    ..."quad qquad displaystyle textstyle scriptstyle limits nolimits big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr bigm Bigm".split(
      " ",
    ),
    ..."middle nonumber notag allowbreak mathstrut strut hfill noindent relax thinspace medspace thickspace enspace mathopen mathclose mathbin".split(
      " ",
    ),
    ..."mathrel mathord mathinner protect".split(" "),
    ...[",", ";", ":", "!", " ", ">", "/"],
  ].map((c) => `\\${c}`),
);

/** Commands whose argument concerns only the look. */
export const IGNORED_WITH_ARGUMENT: ReadonlySet<string> = new Set(
  "label tag tag* color hspace vspace hskip phantom vphantom hphantom eqref ref cite footnote".split(" ").map((c) => `\\${c}`),
);

/** Commands that show their last argument as it is, by how many stand before it. */
export const TRANSPARENT: ReadonlyMap<string, number> = new Map([
  ["\\boxed", 0],
  ["\\underbrace", 0],
  ["\\overbrace", 0],
  ["\\mathstrut", 0],
  ["\\textcolor", 1],
  ["\\colorbox", 1],
  ["\\smash", 0],
  ["\\ensuremath", 0],
  ["\\cancel", 0],
]);

/** Delimiters, by what they open or close. */
export type Delimiter = "(" | ")" | "norm" | "bar" | "angle" | "none";
export const DELIMITERS: ReadonlyMap<string, { readonly kind: Delimiter; readonly side: "open" | "close" | "either" }> = new Map([
  ["(", { kind: "(", side: "open" }],
  [")", { kind: ")", side: "close" }],
  ["[", { kind: "(", side: "open" }],
  ["]", { kind: ")", side: "close" }],
  ["\\{", { kind: "(", side: "open" }],
  ["\\}", { kind: ")", side: "close" }],
  ["\\lbrace", { kind: "(", side: "open" }],
  ["\\rbrace", { kind: ")", side: "close" }],
  ["\\lbrack", { kind: "(", side: "open" }],
  ["\\rbrack", { kind: ")", side: "close" }],
  ["\\lparen", { kind: "(", side: "open" }],
  ["\\rparen", { kind: ")", side: "close" }],
  ["\\langle", { kind: "angle", side: "open" }],
  ["\\rangle", { kind: "angle", side: "close" }],
  ["\\lVert", { kind: "norm", side: "open" }],
  ["\\rVert", { kind: "norm", side: "close" }],
  ["\\|", { kind: "norm", side: "either" }],
  ["\\Vert", { kind: "norm", side: "either" }],
  ["‖", { kind: "norm", side: "either" }],
  ["\\lvert", { kind: "bar", side: "open" }],
  ["\\rvert", { kind: "bar", side: "close" }],
  ["|", { kind: "bar", side: "either" }],
  ["\\vert", { kind: "bar", side: "either" }],
  ["⟨", { kind: "angle", side: "open" }],
  ["⟩", { kind: "angle", side: "close" }],
  [".", { kind: "none", side: "either" }],
]);

/** How many brackets deeper a text is behind a sign of it; bars, which may open or close, are none. */
export function nestingOf(sign: string): 1 | 0 | -1 {
  const { kind, side } = DELIMITERS.get(sign) ?? { kind: "none", side: "either" };
  if (kind !== "(" && kind !== ")" && kind !== "angle") return 0;
  return side === "open" ? 1 : -1;
}

/** Commands that are understood and have no place in the language, with what to write instead. */
export const REFUSED = dictionary<string>({
  "\\dots": "the sum or the stack in full: \\sum_{i} x_i",
  "\\ldots": "the sum or the stack in full: \\sum_{i} x_i",
  "\\cdots": "the sum or the stack in full: \\sum_{i} x_i",
  "\\vdots": "the stack in full, or its rows by a name",
  "\\ddots": "diag(x), or the stack in full",
  "\\int": "the integrand alone",
  "\\lim": "the expression alone",
  "\\arg": "the expression alone",
  "\\infty": "a finite value",
});
