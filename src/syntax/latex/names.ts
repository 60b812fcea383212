// Names in LaTeX: a letter with its fonts and accents, and what stands below it.
//
// Invariant: a letter in bold and the same letter without are one name, unless the text
// uses both; then the bold one keeps its font. Nothing here recurses.

import { ACCENTS, BOLD, FONTS, LETTERS, VARIANTS } from "./commands.ts";
import type { LatexToken } from "./scan.ts";

/** How a letter is set. */
export type Style = "plain" | "bold" | "script" | "double" | "upright";

/** A letter, or a word, with its font and its accents. */
export interface Base {
  /** One letter, or the word of an upright font. */
  readonly letters: string;
  /** Combining marks of its accents. */
  readonly marks: string;
  readonly style: Style;
  readonly start: number;
  readonly end: number;
  /** Position of the token behind it. */
  readonly next: number;
}

const STYLES: ReadonlyMap<string, Style> = new Map([
  ...[...BOLD].map((f) => [f, "bold"] as const),
  ["\\mathcal", "script"],
  ["\\mathscr", "script"],
  ["\\mathfrak", "script"],
  ["\\cal", "script"],
  ["\\mathbb", "double"],
  ["\\mathrm", "upright"],
  ["\\mathsf", "upright"],
  ["\\mathtt", "upright"],
  ["\\mathit", "upright"],
  ["\\rm", "upright"],
  ["\\sf", "upright"],
]);

/** The letter that a single token is. */
export const letterOf = (t: LatexToken | undefined, variants: ReadonlySet<string> = NONE): string | undefined => {
  if (t?.kind === "letter") return t.text.normalize("NFC");
  if (t?.kind !== "command") return undefined;
  const variant = VARIANTS.get(t.text);
  return variant === undefined ? LETTERS.get(t.text) : variant[variants.has(t.text) ? 1 : 0];
};

const NONE: ReadonlySet<string> = new Set();

/** Reads a letter, or in a font a word or number, at a position; undefined where none stands there. */
export function readBase(tokens: readonly LatexToken[], at: number, variants: ReadonlySet<string> = NONE): Base | undefined {
  let i = at;
  let marks = "";
  let style: Style = "plain";
  let open = 0;
  for (let t = tokens[i]; t !== undefined; t = tokens[i]) {
    const accent = ACCENTS.get(t.text);
    if (t.kind === "command" && accent !== undefined) marks = accent + marks;
    else if (t.kind === "command" && FONTS.has(t.text)) style = stronger(style, STYLES.get(t.text) ?? "plain");
    else if (t.kind === "open" && (i > at || isFontSwitch(tokens[i + 1]))) open++;
    else break;
    i++;
  }
  const first = tokens[i];
  const fonted = i > at;
  let letters = first?.kind === "number" && fonted ? first.text : letterOf(first, variants);
  if (letters === undefined) return undefined;
  i++;
  while (open > 0 && tokens[i]?.kind === "letter") letters += (tokens[i++] as LatexToken).text;
  while (open > 0 && tokens[i]?.kind === "number" && /^\p{L}/u.test(letters)) letters += (tokens[i++] as LatexToken).text;
  for (; open > 0 && tokens[i]?.kind === "close"; open--) i++;
  if (open > 0) return undefined;
  return { letters, marks, style, start: (tokens[at] as LatexToken).start, end: (tokens[i - 1] as LatexToken).end, next: i };
}

const isFontSwitch = (t: LatexToken | undefined): boolean =>
  t?.text === "\\bf" || t?.text === "\\rm" || t?.text === "\\sf" || t?.text === "\\cal" || t?.text === "\\it";

const stronger = (a: Style, b: Style): Style => (a === "plain" || (a === "upright" && b !== "plain") ? b : a);

/** Which letters occur in which style, and which second forms of a letter stand beside the first. */
export interface Styles {
  /** Letters that occur in bold (or script) and without. */
  readonly both: ReadonlySet<string>;
  /** Letters that occur without a style alone. */
  readonly plain: ReadonlySet<string>;
  readonly variants: ReadonlySet<string>;
}

/** What the tokens of several texts use. */
export function stylesOf(texts: Iterable<readonly LatexToken[]>): Styles {
  const plain = new Set<string>();
  const styled = new Set<string>();
  const commands = new Set<string>();
  for (const tokens of texts)
    for (let i = 0; i < tokens.length; i++) {
      const t = tokens[i] as LatexToken;
      if (t.kind === "command") commands.add(t.text);
      const word = endOfWord(tokens, i);
      if (word > i) {
        i = word - 1;
        continue;
      }
      const base = readBase(tokens, i);
      if (base === undefined) continue;
      const letters = [...base.letters];
      if (base.style === "bold" || base.style === "script") for (const l of letters) styled.add(base.style === "bold" ? l : `𝓈${l}`);
      // x_i is an entry of the vector, whichever font that has; T above is a transpose.
      else if (base.style === "plain" && tokens[base.next]?.kind !== "sub" && !(base.letters === "T" && tokens[i - 1]?.kind === "super"))
        plain.add(base.letters);
      i = base.next - 1;
    }
  const both = new Set([...styled].filter((l) => plain.has(l.replace("𝓈", ""))));
  const variants = new Set([...VARIANTS.keys()].filter((v) => commands.has(v) && hasFirstForm(v, commands)));
  return { both, plain: new Set([...plain].filter((l) => !styled.has(l))), variants };
}

const WORDED: ReadonlySet<string> = new Set(
  "operatorname operatorname* text textrm textsf textbf textit texttt mbox begin end label tag ref eqref".split(" ").map((c) => `\\${c}`),
);

// Where a word ends that is no product of letters: \operatorname{max}, softmax(.
function endOfWord(tokens: readonly LatexToken[], at: number): number {
  const t = tokens[at] as LatexToken;
  if (t.kind === "command" && WORDED.has(t.text) && tokens[at + 1]?.kind === "open") {
    let i = at + 1;
    while (i < tokens.length && tokens[i]?.kind !== "close") i++;
    return i + 1;
  }
  if (t.kind !== "letter") return at;
  let i = at + 1;
  while (tokens[i]?.kind === "letter" && tokens[i]?.spaced === false) i++;
  return i - at > 2 && tokens[i]?.text === "(" ? i : at;
}

const hasFirstForm = (variant: string, commands: ReadonlySet<string>): boolean => commands.has(`\\${variant.slice("\\var".length)}`);

/** The name of a base in the plain language. */
export function nameOf(base: Pick<Base, "letters" | "marks" | "style">, styles: Styles, indexed: boolean): string {
  const { letters, marks, style } = base;
  const bold = style === "bold" || (indexed && style === "plain");
  const own = style === "script" ? styles.both.has(`𝓈${letters}`) : bold && styles.both.has(letters);
  return (own ? inFont(letters, style === "script") : letters).concat(marks).normalize("NFC");
}

// The letter in the bold, or bold script, alphabet of Unicode.
function inFont(letter: string, script: boolean): string {
  const code = letter.codePointAt(0) as number;
  const from = ([first, last, to]: readonly [string, string, number]): string | undefined =>
    letter >= first && letter <= last ? String.fromCodePoint(to + code - (first.codePointAt(0) as number)) : undefined;
  const alphabets: readonly (readonly [string, string, number])[] = script
    ? [
        ["A", "Z", 0x1d4d0],
        ["a", "z", 0x1d4ea],
      ]
    : [
        ["A", "Z", 0x1d400],
        ["a", "z", 0x1d41a],
        ["Α", "Ω", 0x1d6a8],
        ["α", "ω", 0x1d6c2],
      ];
  for (const alphabet of alphabets) {
    const found = from(alphabet);
    if (found !== undefined) return found;
  }
  return letter;
}
