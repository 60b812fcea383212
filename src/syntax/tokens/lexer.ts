// Text to tokens. The spellings come from grammar/glyphs.ts; white space is dropped here
// and the grammar never sees it.
//
// Invariant: tokens carry offsets into the text as given, in increasing order. Whether a
// bracket indexes, a name calls or a colon declares is decided afterwards, in src/syntax/classify/classify.ts.

import moo from "moo";
import {
  FUNCTION_SIGNS,
  INDEXED_SIGNS,
  SIGNS,
  type SignName,
  SUBSCRIPTS,
  SUPERSCRIPT_LETTERS,
  SUPERSCRIPTS,
  spellings,
} from "../../../grammar/glyphs.ts";

/** A sign, a name or a number of a text. */
export interface Token {
  readonly type: string;
  /** What was written. */
  readonly text: string;
  /** What it says: the name of a name, the plain digits of a superscript. */
  readonly value: string;
  readonly start: number;
  readonly end: number;
  /** White space stands before it. */
  readonly spaced: boolean;
  /** Of a sign in array code: it acts entry by entry where it is no part of a derivative. */
  readonly entrywise?: boolean;
  /** Of a name: an opening parenthesis follows at once. */
  readonly applied?: boolean;
  /** Of a function: the argument positions that it is differentiated by, as in f′(x) and ∂₂f(x, y). */
  readonly derivatives?: readonly number[];
}

const set = (signs: Iterable<string>): string => [...signs].map((c) => c.replace(/[\\\]^-]/g, "\\$&")).join("");
const SUBS = set(Object.keys(SUBSCRIPTS));
const SUB_LETTERS = set(Object.keys(SUBSCRIPTS).filter((c) => /[a-z]/.test(SUBSCRIPTS[c] ?? "")));
const SUB_DIGITS = set(Object.keys(SUBSCRIPTS).filter((c) => /\d/.test(SUBSCRIPTS[c] ?? "")));
const SUPER_DIGITS = set(Object.keys(SUPERSCRIPTS).filter((c) => c !== "⁻"));
const SUPER_LETTERS = set(Object.keys(SUPERSCRIPT_LETTERS));

/** The classes of characters that names are made of, as they stand inside of [ ]. */
interface Alphabet {
  readonly letter: string;
  readonly cased: string;
  readonly digit: string;
  /** Combining marks. */
  readonly mark: string;
  readonly flags: string;
}

// ᵀ and the subscript letters are modifier letters (Lm), so a name cannot swallow them.
const UNICODE: Alphabet = { letter: "\\p{L}", cased: "\\p{Lu}\\p{Ll}", digit: "\\p{Nd}", mark: "\\p{M}", flags: "u" };
const CASED = "A-Za-zΑ-ΡΣ-Ωα-ω";
// Latin and Greek beside the signs of the tables. An expression over the classes of Unicode
// takes longer to compile than a derivative takes.
const FAMILIAR: Alphabet = { letter: `${CASED}${SUB_LETTERS}${SUPER_LETTERS}ᵀ`, cased: CASED, digit: "0-9", mark: "", flags: "" };

const signByText = new Map<string, SignName>();
for (const name of Object.keys(SIGNS) as SignName[]) for (const text of spellings(name)) signByText.set(text, name);

const isFamiliar = new RegExp(
  `^[\\0-\\x7f${CASED}${SUBS}${SUPER_DIGITS}${SUPER_LETTERS}${set([...signByText.keys(), ...Object.keys(FUNCTION_SIGNS)].join(""))}⁻∑∇]*$`,
);

/** Token types that the rules below produce besides the signs. */
const OWN_TYPES = [
  "number",
  "arrow",
  "slot",
  "sigma",
  "gradient",
  "name",
  "superscript",
  "inverseTranspose",
  "member",
  "string",
  "bad",
] as const;

/** The 2 of ∇², ∇²_x and ∇_x^2. */
const SQUARED = "(?:²|\\^(?:2(?![0-9])|\\{2\\}))?";

/** The rules of the tokens of texts over an alphabet. */
function compileScanner({ letter, cased, digit, mark, flags }: Alphabet): moo.Lexer {
  const regexp = (source: string): RegExp => new RegExp(source, flags);
  const name = `[${cased}]${mark && `${mark}*`}(?:[${cased}${digit}${mark}]|_(?=[${cased}${digit}]))*`;
  const subscript = `(?:_\\{[^{}]*\\}|[${SUBS}]+)`;
  // What has a number below is a name. The upper bound belongs to the sign only where the lower one is given: sum_{i=1}^n.
  const range = `(?:_\\{[^{}=]*=[^{}]*\\}(?:\\^(?:\\{[^{}]*\\}|[${letter}${digit}]+))?|_\\{(?!\\d+\\})[^{}]*\\}|_[${cased}][${cased}${digit}]*|(?![${SUB_DIGITS}]+(?![${SUBS}]))[${SUBS}]+)`;
  return moo.compile({
    space: regexp("[ \\t\\r\\f\\v\\u00a0\\u1680\\u2000-\\u200b\\u202f\\u205f\\u2061-\\u2064\\u3000\\ufeff]+"),
    comment: regexp("#[^\\n]*"),
    newline: { match: regexp("[\\n\\u2028\\u2029]"), lineBreaks: true },
    arrow: regexp("[01]\\u20d7|𝟎|𝟏"),
    // A dot before * / ^ ' belongs to the operator: 1./x is 1 ./ x.
    number: regexp("[½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞]|(?:[0-9]+(?:\\.(?![*/^'T])[0-9]*)?|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?"),
    slot: regexp(`∂[${SUBS}]+`),
    sigma: regexp(`(?:${INDEXED_SIGNS.join("|")})${range}`),
    gradient: regexp(`∇${SQUARED}(?:_(?:\\{[^{}]*\\}|${name})|[${SUBS}]+)?${SQUARED}`),
    // The dot of f.(x) says that f acts on every entry.
    name: regexp(`${name}${subscript}?(?:\\.(?=\\())?|[${set(Object.keys(FUNCTION_SIGNS))}∑]`),
    below: regexp(`_(?:\\{[^{}]*\\}|[${cased}${digit}]+)|(?<=[|‖∥])_[*∞]|[${SUBS}]+`),
    inverseTranspose: regexp("⁻ᵀ"),
    superscript: regexp(`⁻?[${SUPER_DIGITS}]+|⁻?[${SUPER_LETTERS}]`),
    dotT: regexp(`\\.T(?![${letter}${digit}_])`),
    // Behind a name or a bracket, as in np.exp and A.sum(); a text in quotes, where nothing stands that ' could turn.
    member: regexp("(?<=[A-Za-z0-9_)\\]])\\.[A-Za-z_][A-Za-z0-9_]*"),
    string: regexp("(?<=[(,=]\\s*)(?:'[^'\\n]*'|\"[^\"\\n]*\")"),
    norm: ["||", "‖", "∥"],
    bar: "|",
    langle: ["⟨", "〈"],
    rangle: ["⟩", "〉"],
    sign: { match: [...signByText.keys()], type: (text: string) => signByText.get(text) ?? "bad" },
    bad: moo.error,
  });
}

const scanners = new Map<Alphabet, moo.Lexer>();

/** A scanner for a text, of the smallest alphabet that has its characters. */
function scannerFor(text: string): moo.Lexer {
  const alphabet = isFamiliar.test(text) ? FAMILIAR : UNICODE;
  const scanner = scanners.get(alphabet) ?? compileScanner(alphabet);
  scanners.set(alphabet, scanner);
  return (scanner as moo.Lexer & { clone(): moo.Lexer }).clone();
}

/** Whether the lexer, or the classification after it, makes tokens of this type. */
export const hasToken = (type: string): boolean => tokenTypes.has(type);

/** Types given by src/syntax/classify. */
const CLASSIFIED = ["function", "lindex", "all", "range", "declares", "separator", "if", "otherwise", "over", "derive"] as const;

const tokenTypes: ReadonlySet<string> = new Set<string>([...OWN_TYPES, ...Object.keys(SIGNS), ...CLASSIFIED]);

/** Every token of a text, without white space; line breaks stay, as tokens of type "newline". */
export function tokenize(text: string): Token[] {
  const source = scannerFor(text).reset(text);
  const out: Token[] = [];
  let spaced = false;
  for (let raw = source.next(); raw !== undefined; raw = source.next()) {
    const type = raw.type ?? "bad";
    if (type === "space" || type === "comment") {
      spaced = true;
      continue;
    }
    const start = raw.offset;
    if (type === "below") {
      // What is below a norm says which one it is (src/syntax/desugar/bars.ts).
      if (!spaced && isAtNorm(out)) {
        out.push({ type, text: raw.text, value: raw.text, start, end: start + raw.text.length, spaced });
        continue;
      }
      const inside = isOperandEnd(out.at(-1), spaced) ? indexTokens(raw.text, start) : undefined;
      out.push(...(inside ?? [{ type: "bad", text: raw.text[0] as string, value: raw.text[0] as string, start, end: start + 1, spaced }]));
      spaced = false;
      if (inside === undefined) break;
      continue;
    }
    // The error rule takes the whole rest; one character is the culprit.
    const written = type === "bad" ? String.fromCodePoint(text.codePointAt(start) as number) : raw.text;
    out.push({
      type: type === "dotT" ? "transpose" : type,
      text: written,
      value:
        type === "name"
          ? plainName(written.endsWith(".") ? written.slice(0, -1) : written)
          : type === "number"
            ? written.normalize("NFKD").replace("⁄", "/")
            : written,
      start,
      end: start + written.length,
      spaced: spaced || type === "newline",
    });
    spaced = type === "newline";
    if (type === "bad") break;
  }
  return out;
}

// Behind ‖x‖ or ‖x‖²; the power may be written ^2.
function isAtNorm(out: readonly Token[]): boolean {
  const [before, last] = [out.at(-2)?.type, out.at(-1)?.type];
  return (
    last === "norm" ||
    last === "rangle" ||
    (last === "superscript" && before === "norm") ||
    (last === "number" && before === "power" && out.at(-3)?.type === "norm")
  );
}

// An index below a bracket: (A x)_i, inv(X)_ij.
const isOperandEnd = (before: Token | undefined, spaced: boolean): boolean =>
  !spaced && (before?.type === "rparen" || before?.type === "rbracket" || before?.type === "superscript");

/** The tokens of [i,j] that an index below stands for; undefined where it is none. */
function indexTokens(text: string, start: number): Token[] | undefined {
  const plain = plainName(`x${text}`).slice(2);
  const parts = plain.includes(",") ? plain.split(",") : /^\p{L}{2}$/u.test(plain) ? [...plain] : [plain];
  if (!parts.every((p) => /^(?:\p{L}|\d+|:)$/u.test(p))) return undefined;
  const end = start + text.length;
  const token = (type: string, value: string): Token => ({ type, text: value, value, start, end, spaced: false });
  const inside = parts.flatMap((p, i) => [
    ...(i === 0 ? [] : [token("comma", ",")]),
    token(p === ":" ? "colon" : /^\d/.test(p) ? "number" : "name", p),
  ]);
  return [token("lbracket", "["), ...inside, token("rbracket", "]")];
}

const SUBSCRIPTED = new RegExp(`^(.*?)([${SUBS}]+)$`, "u");
const BRACED = /^(.*)_\{([^{}]*)\}$/u;

/** x₁ and x_{1} are x_1; combining marks are composed, and the micro sign of keyboards is a μ. */
export function plainName(text: string): string {
  const sign = FUNCTION_SIGNS[text];
  if (sign !== undefined) return sign;
  const braced = BRACED.exec(text);
  if (braced) return `${composed(braced[1] as string)}_${(braced[2] as string).replace(/\s+/g, "")}`;
  const subscripted = SUBSCRIPTED.exec(text);
  if (!subscripted) return composed(text);
  const plain = [...(subscripted[2] as string)].map((c) => SUBSCRIPTS[c] ?? c).join("");
  return `${composed(subscripted[1] as string)}_${plain}`;
}

const composed = (text: string): string => text.normalize("NFC").replaceAll("\u00b5", "μ");

/** Already classified tokens in the form in which nearley asks for them. */
export interface TokenSource {
  reset: (chunk: string, info: unknown) => void;
  next: () => Token | undefined;
  save: () => undefined;
  formatError: (token: never) => string;
  has: (type: string) => boolean;
}

/** Tokens as the parser takes them. */
export function tokenSource(tokens: readonly Token[]): TokenSource {
  let at = 0;
  return { reset: () => {}, next: () => tokens[at++], save: () => undefined, formatError: () => "", has: hasToken };
}

/** What the compiled grammar asks for the names of tokens. */
export const lexer: TokenSource = tokenSource([]);
