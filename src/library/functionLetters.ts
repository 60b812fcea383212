// Letters that stand for functions though nothing declares them: f and g of f(g(x)), u of u(x) u'(x). They are taken for
// functions that act on every entry, and what stands alone in their brackets for numbers where nothing in the text
// speaks of vectors.
//
// Invariants: a letter that stands anywhere without brackets behind it is none, and neither is one that is declared or
// defined; a mark alone may be a transpose, as in g'(x - y). Not here: what such functions are (src/elaborate/calls.ts).

import { GREEK_FUNCTIONS } from "../../grammar/glyphs.ts";
import { lazily } from "../base/lazy.ts";
import { whatNamesAre } from "../elaborate/letters.ts";
import { isLatex } from "../syntax/latex/scan.ts";
import { tokenize } from "../syntax/lexer.ts";
import { isSameLetter } from "../syntax/spelling.ts";
import { namesStated } from "../syntax/statements.ts";
import { namesIn } from "./notation.ts";
import type { Context } from "./question.ts";

/** Letters that hardly ever stand before a bracket as factors. */
const OF_FUNCTIONS = /[fghφψℓ]/;
/** Those that may stand for functions; σ is one of the rule library, d and e mean something else. */
const LETTER = String.raw`[a-cf-zα-ρτ-ωℓ]|\\(?:phi|psi|ell)(?![A-Za-z])`;
const COMMANDS: Readonly<Record<string, string>> = { "\\phi": "φ", "\\psi": "ψ", "\\ell": "ℓ" };
const MARKS = String.raw`(?:['′″‴]|\^\{?(?:\\prime\s*)+\}?)`;
const OPENING = String.raw`(?:\\left|\\[bB]igg?l?)?\s*\(`;
/** A letter before a bracket. Most texts have none, and the expressions below take a while to compile. */
const CANDIDATE = new RegExp(`(?:^|[^A-Za-z\\\\_])d?(?:${LETTER})(?:\\s*${MARKS})*\\s*${OPENING}`);
/** Where a letter is no part of a name: the f of 2f(x), and not that of x2f. */
const BEGINS = String.raw`(?<![\p{L}_\\]|[\p{L}_]\p{Nd}+)`;
const occurrences = lazily(() => new RegExp(`${BEGINS}(d?)(${LETTER})(?![\\p{L}\\p{N}_])`, "gu"));
const application = lazily(() => new RegExp(`^((?:\\s*${MARKS})*)(\\s*)${OPENING}`, "u"));
/** Two marks, which no transpose has. */
const SECOND = /[″‴]|(?:['′]|\\prime).*(?:['′]|\\prime)/u;
/** What only texts about vectors and matrices have. */
const OF_VECTORS =
  /[⊙∘⊗ᵀ‖]|\.[*/^T]|\)['′]|\\(?:odot|circ|otimes|top|mathbf|boldsymbol|nabla|\|)|\^T|∇|(?<![\p{L}])(?:sum|mean|prod|diag|tr|norm2?|det|logdet|inv|vec|dot|kron|ones|eye|softmax|logsumexp)(?![\p{L}])/u;
/** What texts about numbers have beside letters and calls of their functions. */
const OF_NUMBERS =
  /\\(?:[dt]?frac|left|right|cdot|quad|partial|[,;:! ])|(?<!\p{L})\\?(?:sin|cos|tan|exp|log|ln|sqrt|sinh|cosh|tanh|pi)(?!\p{L})/gu;
/** A mark that stands before no bracket. */
const TRANSPOSE = /['′](?!['′]*\s*(?:\\left)?\s*\()/u;
const NOT_OF_NUMBERS = /[^\p{Ll}\d\s+\-*/^(){}=.,;:²³∂]|\p{L}{3}/u;

/** What a text takes for functions and for numbers. */
interface Meant {
  readonly functions: readonly string[];
  readonly numbers: readonly string[];
}

/** The letters that a text uses as functions; undefined where none has to be one. */
export function functionLettersIn(text: string, isKnown: (name: string) => boolean): Meant | undefined {
  if (!CANDIDATE.test(text)) return undefined;
  const uses = new Map<string, { marked: boolean; unmarked: boolean; bare: boolean }>();
  const spaces = isLatex(text);
  for (const m of text.matchAll(occurrences())) {
    const [whole, d, written = ""] = m;
    const letter = COMMANDS[written] ?? written;
    const use = uses.get(letter) ?? { marked: false, unmarked: false, bare: false };
    uses.set(letter, use);
    const [applied, marks = "", gap] = application().exec(text.slice(m.index + whole.length)) ?? [];
    if (applied === undefined || (gap !== "" && !spaces) || (d !== "" && marks !== "")) use.bare = true;
    else if (SECOND.test(marks)) use.marked = use.unmarked = true;
    else if (marks === "") use.unmarked = true;
    else use.marked = true;
  }
  const functions = [...uses].flatMap(([letter, { bare, unmarked, marked }]) =>
    !bare && unmarked && (marked || OF_FUNCTIONS.test(letter)) && !isKnown(letter) ? [letter] : [],
  );
  if (functions.length === 0 || functions.some((letter) => isDefined(letter, text))) return undefined;
  return { functions, numbers: numbersIn(text, functions).filter((name) => !isKnown(name)) };
}

/** The letters that stand for numbers: all where the text has nothing but such, or else those alone in the brackets of functions. */
function numbersIn(text: string, functions: readonly string[]): readonly string[] {
  if (OF_VECTORS.test(text)) return [];
  const call = `(?:[${functions.join("")}]|\\\\(?:phi|psi|ell))(?:\\s*${MARKS})*\\s*${OPENING}`;
  const rest = text.replace(new RegExp(`${BEGINS}d?${call}`, "gu"), " (").replace(OF_NUMBERS, " ");
  if (TRANSPOSE.test(rest)) return [];
  const alone = new RegExp(`${BEGINS}${call}\\s*(\\p{Ll}(?:\\s*,\\s*\\p{Ll})*)\\s*(?:\\\\right)?\\)`, "gu");
  const letters = NOT_OF_NUMBERS.test(rest)
    ? [...text.matchAll(alone)].flatMap((m) => (m[1] as string).split(/[\s,]+/))
    : [...rest.matchAll(/(?<!\p{L})d?([\p{Ll}])(?!\p{L})/gu)].map((m) => m[1] as string);
  return [...new Set(letters)].filter((letter) => letter !== "d" && letter !== "e" && GREEK_FUNCTIONS[letter] === undefined);
}

/** f(x) = … says what f is. */
const isDefined = (letter: string, text: string): boolean =>
  new RegExp(`(?:^|[;,\\n])[^\\S\\n]*${letter}\\s*\\([^()=]*\\)\\s*:?=(?!=)`, "u").test(text);

/** A question about a text with the functions declared that the text means, and what was assumed so. */
export function withFunctionLetters<Q extends Context>(
  question: Q,
  text: string,
): { readonly question: Q; readonly assumed: readonly string[] } {
  const { declarations = "", vars, let: definitions = [], strict } = question;
  const names = lazily(() => [...namesIn(question), ...definitions.map(([name]) => name), ...namesStated(tokenize(text))]);
  const meant = strict === true ? undefined : functionLettersIn(text, (letter) => names().some((name) => isSameLetter(name, letter)));
  if (meant === undefined) return { question, assumed: [] };
  const { functions, numbers } = meant;
  return {
    question: {
      ...question,
      declarations: `${declarations}\n${functions.join(", ")} : elementwise`,
      vars: { ...Object.fromEntries(numbers.map((name) => [name, []])), ...vars },
    },
    assumed: [
      whatNamesAre(functions, "a function that acts on every entry", "functions that act on every entry"),
      ...(numbers.length === 0 ? [] : [whatNamesAre(numbers, "a scalar", "scalars")]),
    ],
  };
}
