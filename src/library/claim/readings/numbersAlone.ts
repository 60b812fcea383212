// Texts about numbers alone, as (x^3)' = 3x^2 and d²y/dx² + y = 0 are: small letters, functions that act on every entry,
// and none of the signs that only vectors and matrices have.
//
// Invariant: a name that something declares otherwise is no number.

import { whatNamesAre } from "../../../elaborate/names/letters.ts";
import { isFunctionIn } from "../../../elaborate/names/scope.ts";
import type { Library } from "../../../rewrite/library.ts";
import { tokenize } from "../../../syntax/tokens/lexer.ts";
import { lettersOf } from "../../../syntax/tokens/spelling.ts";
import { namesStated } from "../../../syntax/tokens/statements.ts";
import { namesKnown, numbersDeclared } from "../../question/notation.ts";
import type { Context } from "../../question/question.ts";
import { replaceDerivatives } from "../text/derivatives.ts";

/** What is known of the names of a text. */
export interface NamesOfText {
  /** What a function of the rule library acts on: every entry, or vectors and matrices; undefined for other names. */
  readonly actsOn: (name: string) => "entries" | "wholes" | undefined;
  /** What is declared or defined elsewhere: a number, a function of one number, or something else. */
  readonly kindOf: (name: string) => "number" | "function" | "other" | undefined;
}

/** What a question says of names, and those taken for functions. */
export function namesOfText(question: Context, functions: readonly string[], library: Library): NamesOfText {
  const known = namesKnown(question, []);
  const numbers = numbersDeclared(question);
  return {
    actsOn: (name) => {
      if (!isFunctionIn(library, name)) return undefined;
      return library.functions.find(name)?.elementwise === true ? "entries" : "wholes";
    },
    kindOf: (name) => {
      if (functions.includes(name)) return "function";
      return numbers.has(name) ? "number" : known.has(name) ? "other" : undefined;
    },
  };
}

/** Signs of texts about vectors and matrices. */
const OF_VECTORS: ReadonlySet<string> = new Set(["hadamard", "norm", "langle", "hdivide", "hpower", "kron", "gradient", "solve", "dot"]);

/**
 * The numbers of a text that has nothing else, those it defines aside; undefined where it may have vectors or matrices.
 * Some of them may stand in products alone, as the t of ωt.
 */
export function numbersAlone(
  text: string,
  { actsOn, kindOf }: NamesOfText,
  inProducts: readonly string[] = [],
): ReadonlySet<string> | undefined {
  const tokens = tokenize(replaceDerivatives(text, ({ of, by }) => ` (${[of, ...by].join(" ")}) `));
  if (tokens.some((t) => OF_VECTORS.has(t.type) || actsOn(t.value) === "wholes")) return undefined;
  const stated = namesStated(tokens);
  const names = tokens.flatMap((t) => (t.type === "name" && !stated.has(t.value) && actsOn(t.value) === undefined ? [t.value] : []));
  const plain = names.filter((name) => kindOf(name) !== "function" && name !== "e");
  const written = new Set([...plain, ...inProducts.filter((letter) => plain.some((name) => lettersOf(name).includes(letter)))]);
  // ωt beside ω and t is their product.
  const isProduct = (name: string): boolean => {
    const letters = lettersOf(name);
    return letters.length > 1 && letters.every((letter) => written.has(letter));
  };
  const others = new Set([...written].filter((name) => !isProduct(name)));
  const isNumber = (name: string): boolean =>
    kindOf(name) === "number" || (kindOf(name) === undefined && /^\p{Ll}/u.test(name) && !isDifferential(name, others));
  return [...others].every(isNumber) ? others : undefined;
}

/** d, and dx beside x. */
const isDifferential = (name: string, others: ReadonlySet<string>): boolean =>
  name.startsWith("d") && (name === "d" || others.has(name.slice(1)));

/** The question with names as numbers, and what is assumed so. */
export function asNumbers<Q extends Context>(
  question: Q,
  names: Iterable<string>,
): { readonly question: Q; readonly assumed: readonly string[] } {
  const declared = numbersDeclared(question);
  const unsaid = [...names].filter((name) => !declared.has(name));
  const vars = { ...question.vars, ...Object.fromEntries(unsaid.map((name) => [name, []])) };
  return { question: { ...question, vars }, assumed: unsaid.length === 0 ? [] : [whatNamesAre(unsaid, "a scalar", "scalars")] };
}
