// Text to tokens. The spellings come from grammar/glyphs.ts; white space is dropped here
// and the grammar never sees it.
//
// Invariant: tokens carry offsets into the text as given, in increasing order. Whether a
// bracket indexes, a name calls or a colon declares is decided afterwards, in classify.ts.

import moo from "moo";
import {
  FUNCTION_SIGNS,
  SIGNS,
  type SignName,
  SUBSCRIPTS,
  SUM_SIGNS,
  SUPERSCRIPT_LETTERS,
  SUPERSCRIPTS,
  spellings,
} from "../../grammar/glyphs.ts";

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
  /** Of a name: an opening parenthesis follows at once. */
  readonly applied?: boolean;
  /** Of a function: the argument positions that it is differentiated by, as in f′(x) and ∂₂f(x, y). */
  readonly derivatives?: readonly number[];
}

const set = (signs: Iterable<string>): string => [...signs].map((c) => c.replace(/[\\\]^-]/g, "\\$&")).join("");
const SUBS = set(Object.keys(SUBSCRIPTS));
const SUPER_DIGITS = set(Object.keys(SUPERSCRIPTS).filter((c) => c !== "⁻"));
const SUPER_LETTERS = set(Object.keys(SUPERSCRIPT_LETTERS));

// ᵀ and the subscript letters are modifier letters (Lm), so a name cannot swallow them.
const LETTER = "[\\p{Lu}\\p{Ll}]\\p{M}*";
const NAME = `${LETTER}(?:[\\p{Lu}\\p{Ll}\\p{Nd}\\p{M}]|_(?=[\\p{Lu}\\p{Ll}\\p{Nd}]))*`;
const SUBSCRIPT = `(?:_\\{[^{}]*\\}|[${SUBS}]+)`;
const SUM = `(?:${SUM_SIGNS.join("|")})`;
// The upper bound belongs to the sign only where the lower one is given: sum_{i=1}^n.
const RANGE = `(?:_\\{[^{}=]*=[^{}]*\\}(?:\\^(?:\\{[^{}]*\\}|[\\p{L}\\p{Nd}]+))?|_\\{[^{}]*\\}|_[\\p{Lu}\\p{Ll}][\\p{Lu}\\p{Ll}\\p{Nd}]*|[${SUBS}]+)`;
const regexp = (source: string): RegExp => new RegExp(source, "u");

const signByText = new Map<string, SignName>();
for (const name of Object.keys(SIGNS) as SignName[]) for (const text of spellings(name)) signByText.set(text, name);

/** Token types that the rules below produce besides the signs. */
const OWN_TYPES = ["number", "arrow", "slot", "sigma", "product", "gradient", "name", "superscript", "inverseTranspose", "bad"] as const;

const scanner = moo.compile({
  space: regexp("[ \\t\\r\\f\\v\\u00a0\\u1680\\u2000-\\u200b\\u202f\\u205f\\u2061-\\u2064\\u3000\\ufeff]+"),
  comment: regexp("#[^\\n]*"),
  newline: { match: regexp("[\\n\\u2028\\u2029]"), lineBreaks: true },
  arrow: regexp("[01]\\u20d7|[𝟎𝟏]"),
  // A dot before * / ^ ' belongs to the operator: 1./x is 1 ./ x.
  number: regexp("(?:[0-9]+(?:\\.(?![*/^'T])[0-9]*)?|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?"),
  slot: regexp(`∂[${SUBS}]+`),
  sigma: regexp(`${SUM}${RANGE}`),
  product: regexp(`(?:prod|∏)${RANGE}`),
  gradient: regexp(`∇(?:_(?:\\{[^{}]*\\}|${NAME})|[${SUBS}]+)?`),
  name: regexp(`${NAME}${SUBSCRIPT}?|[${set(Object.keys(FUNCTION_SIGNS))}∑]`),
  inverseTranspose: regexp("⁻ᵀ"),
  superscript: regexp(`⁻?[${SUPER_DIGITS}]+|⁻?[${SUPER_LETTERS}]`),
  dotT: regexp("\\.T(?![\\p{L}\\p{Nd}_])"),
  sign: { match: [...signByText.keys()], type: (text: string) => signByText.get(text) ?? "bad" },
  bad: moo.error,
});

/** Whether the lexer, or the classification after it, makes tokens of this type. */
export const hasToken = (type: string): boolean => tokenTypes.has(type);

/** Types given by classify.ts. */
const CLASSIFIED = ["function", "lindex", "all", "declares", "separator", "if", "otherwise", "over", "derive"] as const;

const tokenTypes: ReadonlySet<string> = new Set<string>([...OWN_TYPES, ...Object.keys(SIGNS), ...CLASSIFIED]);

/** Every token of a text, without white space; line breaks stay, as tokens of type "newline". */
export function tokenize(text: string): Token[] {
  const source = (scanner as moo.Lexer & { clone(): moo.Lexer }).clone().reset(text);
  const out: Token[] = [];
  let spaced = false;
  for (let raw = source.next(); raw !== undefined; raw = source.next()) {
    const type = raw.type ?? "bad";
    if (type === "space" || type === "comment") {
      spaced = true;
      continue;
    }
    const start = raw.offset;
    // The error rule takes the whole rest; one character is the culprit.
    const written = type === "bad" ? String.fromCodePoint(text.codePointAt(start) as number) : raw.text;
    out.push({
      type: type === "dotT" ? "transpose" : type,
      text: written,
      value: type === "name" ? plainName(written) : written,
      start,
      end: start + written.length,
      spaced: spaced || type === "newline",
    });
    spaced = type === "newline";
    if (type === "bad") break;
  }
  return out;
}

const SUBSCRIPTED = regexp(`^(.*?)([${SUBS}]+)$`);
const BRACED = regexp("^(.*)_\\{([^{}]*)\\}$");

/** x₁ and x_{1} are x_1; combining marks are composed. */
export function plainName(text: string): string {
  const sign = FUNCTION_SIGNS[text];
  if (sign !== undefined) return sign;
  const braced = BRACED.exec(text);
  if (braced) return `${(braced[1] as string).normalize("NFC")}_${(braced[2] as string).replace(/\s+/g, "")}`;
  const subscripted = SUBSCRIPTED.exec(text);
  if (!subscripted) return text.normalize("NFC");
  const plain = [...(subscripted[2] as string)].map((c) => SUBSCRIPTS[c] ?? c).join("");
  return `${(subscripted[1] as string).normalize("NFC")}_${plain}`;
}

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
