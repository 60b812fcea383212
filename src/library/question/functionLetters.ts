// Letters that stand for functions though nothing declares them: f and g of f(g(x)), u of u(x) u'(x). They are taken for
// functions that act on every entry, and what stands alone in their brackets for numbers where nothing in the text
// speaks of vectors. Where it defines functions, f(x, y) = 3x^2 y, and has small letters alone, all of these are numbers.
//
// Invariants: a letter that stands anywhere without brackets behind it is none, and neither is one that is declared or
// defined; a mark alone may be a transpose, as in g'(x - y). Plain text and LaTeX are asked by the same patterns, before they
// are read, because the reading needs to know. Not here: what such functions are (src/elaborate/terms/calls.ts).

import { GREEK_FUNCTIONS, operatorFunction } from "../../../grammar/glyphs.ts";
import { lazily } from "../../base/lazy.ts";
import { whatNamesAre } from "../../elaborate/names/letters.ts";
import type { Library } from "../../rewrite/library.ts";
import { isLatex } from "../../syntax/latex/scan.ts";
import { tokenize } from "../../syntax/tokens/lexer.ts";
import { isSameLetter } from "../../syntax/tokens/spelling.ts";
import { dependentCapitals } from "./dependentCapitals.ts";
import { namesKnown } from "./notation.ts";
import type { Context } from "./question.ts";

/** A question about a text with the functions declared that the text means, and what was assumed so. */
export function withFunctionLetters<Q extends Context>(
  question: Q,
  text: string,
  { functions: table }: Pick<Library, "functions">,
): { readonly question: Q; readonly assumed: readonly string[]; readonly functions: readonly string[] } {
  const { declarations = "", vars, strict } = question;
  const names = lazily(() => [...namesKnown(question, tokenize(text))]);
  const isKnown = (letter: string): boolean => names().some((name) => isSameLetter(name, letter));
  const functions = strict === true ? [] : functionLettersIn(text, isKnown);
  const defined = strict === true ? [] : definedIn(text);
  const capitals = strict === true ? [] : dependentCapitals(text, (letter) => isKnown(letter) || isDefined(letter, text));
  if (functions.length === 0 && defined.length === 0 && capitals.length === 0) return { question, assumed: [], functions };
  const actsOnEntries = (word: string): boolean | undefined =>
    operatorFunction(word) === undefined ? table.find(word)?.elementwise : false;
  const alone = functions.length === 0 && defined.length === 0 ? [] : numbersIn(text, functions, defined, actsOnEntries);
  const numbers = [...new Set([...alone, ...capitals.map(({ on }) => on)])].filter((letter) => !isKnown(letter));
  const lines = [
    ...(functions.length === 0 ? [] : [`${functions.join(", ")} : elementwise`]),
    ...capitals.map(({ name, on }) => `${name}(${on}) : matrix`),
  ];
  const declared = lines.length === 0 ? {} : { declarations: [declarations, ...lines].join("\n") };
  const said: readonly (readonly [names: readonly string[], one: string, many: string])[] = [
    [functions, "a function that acts on every entry", "functions that act on every entry"],
    [numbers, "a scalar", "scalars"],
  ];
  return {
    question: { ...question, ...declared, vars: { ...Object.fromEntries(numbers.map((name) => [name, []])), ...vars } },
    functions,
    assumed: [
      ...capitals.map(({ name, on }) => `${name} is a matrix that depends on ${on}`),
      ...said.flatMap(([names, one, many]) => (names.length === 0 ? [] : [whatNamesAre(names, one, many)])),
    ],
  };
}

/** Letters that hardly ever stand before a bracket as factors. */
const OF_FUNCTIONS = /[fghφψℓ]/;
/** Those that may stand for functions; σ is one of the rule library, d and e mean something else. */
const LETTER = String.raw`[a-cf-zα-ρτ-ωℓ]|\\(?:phi|psi|ell)(?![A-Za-z])`;
const COMMANDS: Readonly<Record<string, string>> = { "\\phi": "φ", "\\psi": "ψ", "\\ell": "ℓ" };
const MARKS = String.raw`(?:['′″‴]|\^\{?(?:\\prime\s*)+\}?)`;
const OPENING = String.raw`(?:\.|\\left|\\[bB]igg?l?)?\s*\(`;
/** A letter before a bracket. Most texts have none, and the expressions below take a while to compile. */
const CANDIDATE = new RegExp(`(?:^|[^A-Za-z\\\\_])d?(?:${LETTER})(?:\\s*${MARKS})*\\s*${OPENING}`);
/** Where a letter is no part of a name: the f of 2f(x), and not that of x2f. */
const BEGINS = String.raw`(?<![\p{L}_\\]|[\p{L}_]\p{Nd}+)`;
const occurrences = lazily(() => new RegExp(`${BEGINS}(d?)(${LETTER})(?![\\p{L}\\p{N}_])`, "gu"));
const application = lazily(() => new RegExp(`^((?:\\s*${MARKS})*)(\\s*)${OPENING}`, "u"));
/** Two marks, which no transpose has. */
const SECOND = /[″‴]|(?:['′]|\\prime).*(?:['′]|\\prime)/u;

/** The letters that a text uses as functions. */
export function functionLettersIn(text: string, isKnown: (name: string) => boolean): readonly string[] {
  if (!CANDIDATE.test(text)) return [];
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
  return [...uses].flatMap(([letter, { bare, unmarked, marked }]) =>
    !bare && unmarked && (marked || OF_FUNCTIONS.test(letter)) && !isKnown(letter) && !isDefined(letter, text) ? [letter] : [],
  );
}

/** Where a text defines a function: names in brackets behind its name, and a sign of equality. */
const definition = (name: string, opening: string, names: string): string =>
  String.raw`(?:^|[;,\n]|(?<![\p{L}_])(?:where|and)(?![\p{L}_])\s*\}?)[^\S\n]*(${name})${opening}${names}\)\s*:?=(?!=)`;
const DEFINITIONS = new RegExp(definition(String.raw`\p{L}[\p{L}\p{N}]*`, String.raw`\(`, "[^()=]+"), "gu");
/** That of a function of several arguments, f(x, y) = … */
const SEVERAL = new RegExp(definition(String.raw`\p{L}[\p{L}\p{N}]*`, String.raw`\(`, "[^()=,]+,[^()=]+"), "u");

/** The functions that a text says what they are. */
const definedIn = (text: string): readonly string[] => [...text.matchAll(DEFINITIONS)].map((m) => m[1] as string);

/** Whether a text says what the function of a letter is, which LaTeX may write as a command. */
function isDefined(letter: string, text: string): boolean {
  const command = Object.keys(COMMANDS).find((c) => COMMANDS[c] === letter);
  const written = command === undefined ? letter : `${letter}|\\${command}`;
  return new RegExp(definition(written, String.raw`\s*${OPENING}`, "[^()=]*"), "u").test(text);
}

/** Signs and commands that only texts about vectors and matrices have. */
const OF_VECTORS =
  /[⊙∘⊗ᵀ‖∇⟨]|\|\||(?<![\p{L}\p{N})\]]\s*)<[^<>=]*,[^<>=]*>|\.[*/^T]|\)['′]|\^T|\\(?:odot|circ|otimes|top|mathbf|boldsymbol|nabla|\|)/u;
/** Gradients, and rows and columns of their entries. */
const OF_GRADIENTS = /∇|\\nabla(?![a-z])|(?<!\p{L})\[|\]|\\(?:begin|end)\{[bp]matrix\}|\\\\|&/gu;
/** Commands that texts about numbers have. */
const LAYOUT = /\\(?:[dt]?frac|left|right|cdot|quad|partial|[,;:! ])/g;
const WORD = /(?<![\p{L}\p{N}_])\\?([A-Za-z]{2,}\d?)(?!\p{L})/gu;
/** A mark that stands before no bracket. */
const TRANSPOSE = /['′](?!['′]*\s*(?:\\left)?\s*\()/u;
const NOT_OF_NUMBERS = /[^\p{Ll}\d\s+\-*/^(){}=<>.,;:²³∂]|\p{L}{3}/u;

/** The letters that stand for numbers: all where the text has nothing but such, or else those alone in the brackets of the functions that nothing defines. */
function numbersIn(
  text: string,
  functions: readonly string[],
  defined: readonly string[],
  actsOnEntries: (word: string) => boolean | undefined,
): readonly string[] {
  const words = [...text.matchAll(WORD)].map(([, word]) => actsOnEntries(word as string));
  // The gradient of f(x, y) is a row or a column of numbers.
  const rows = SEVERAL.test(text) ? text.replace(OF_GRADIENTS, " ") : text;
  if (OF_VECTORS.test(rows) || words.includes(false)) return [];
  const call = (names: readonly string[]): string =>
    `(?:${[...names, String.raw`\\(?:phi|psi|ell)`].join("|")})(?:\\s*${MARKS})*\\s*${OPENING}`;
  const rest = rows.replace(new RegExp(`${BEGINS}d?${call([...functions, ...defined])}`, "gu"), " (").replace(LAYOUT, " ");
  const written = rest.replace(WORD, (whole, word: string) => (actsOnEntries(word) === true ? " " : whole));
  // y' = 2y says of a y(x) that it is a derivative.
  const whole = new RegExp(`((?:^|[=;,\\n])\\s*(?:${defined.join("|")}))['′″]+(?=\\s*(?:[=;,\\n]|$))`, "gu");
  const plain = defined.length === 0 ? written : written.replace(whole, "$1");
  if (TRANSPOSE.test(plain)) return [];
  const alone = new RegExp(`${BEGINS}${call(functions)}\\s*(\\p{Ll}(?:\\s*,\\s*\\p{Ll})*)\\s*(?:\\\\right)?\\)`, "gu");
  const letters = NOT_OF_NUMBERS.test(plain)
    ? [...text.matchAll(alone)].flatMap((m) => (m[1] as string).split(/[\s,]+/))
    : [...plain.matchAll(/(?<!\p{L})d?([\p{Ll}])(?!\p{L})/gu)].map((m) => m[1] as string);
  const isNone = (letter: string): boolean => letter === "d" || letter === "e" || GREEK_FUNCTIONS[letter] !== undefined;
  return [...new Set(letters)].filter((letter) => !isNone(letter) && !defined.includes(letter) && !isDefined(letter, text));
}
