// A claim in which marks are derivatives and no transposes: the question that says so. Which marks can be meant so:
// primes.ts; functions without their arguments: bareFunctions.ts.

import type { Diagnostic } from "../../../base/diagnostic.ts";
import { isFunctionLetter, whatNamesAre } from "../../../elaborate/names/letters.ts";
import type { Library } from "../../../rewrite/library.ts";
import type { ClaimQuestion } from "../verdict/verdict.ts";
import { withArguments } from "./bareFunctions.ts";
import { asNumbers, namesOfText } from "./numbersAlone.ts";
import { type Unmarked, withoutPrimes } from "./primes.ts";

/** A claim with derivatives for its marks. */
export interface MarkedReading {
  readonly question: ClaimQuestion;
  readonly assumed: readonly string[];
  /** Whether this is what is meant even where it makes the claim wrong. */
  readonly isCertain: boolean;
}

/** What a claim is asked about. */
interface Asked {
  readonly question: ClaimQuestion;
  /** Its text in the plain notation. */
  readonly text: string;
  /** The letters that are taken for functions already. */
  readonly functions: readonly string[];
  /** What it is with transposes. */
  readonly read: "right" | "wrong" | "refused";
}

/** Letters of functions in the rules of differentiation that are vectors elsewhere. */
const OF_RULES = /^[uv]$/;

/** The claim with derivatives for its marks; undefined where these are transposes, a message where it has inverse functions. */
export function readMarks({ question, text, functions, read }: Asked, library: Library): MarkedReading | Diagnostic | undefined {
  const names = namesOfText(question, functions, library);
  const unmarked = withoutPrimes(text, names);
  if (unmarked !== undefined) return { ...asDerivatives(question, unmarked), isCertain: !unmarked.mayTurn };
  const applied = read === "right" ? undefined : withArguments(text, names);
  if (applied === undefined || "code" in applied) return applied;
  const again = withoutPrimes(applied.text, namesOfText(question, [...functions, ...applied.functions], library));
  if (again === undefined) return undefined;
  const { declarations = "" } = question;
  const letters = [...applied.functions].filter((letter) => !functions.includes(letter));
  const declared = letters.length === 0 ? question : { ...question, declarations: `${declarations}\n${letters.join(", ")} : elementwise` };
  const reading = asDerivatives(declared, again);
  const said = letters.length === 0 ? [] : [whatNamesAre(letters, `a function of ${again.by}`, `functions of ${again.by}`)];
  const isOne = (letter: string): boolean => isFunctionLetter(letter) || (read === "refused" && OF_RULES.test(letter));
  return { ...reading, assumed: [...reading.assumed, ...said], isCertain: applied.isCalled || letters.every(isOne) };
}

const asDerivatives = (question: ClaimQuestion, { text, by, numbers }: Unmarked): Omit<MarkedReading, "isCertain"> => {
  const inNumbers = asNumbers({ ...question, claim: text, notation: "plain" }, numbers);
  return { question: inNumbers.question, assumed: [...inNumbers.assumed, `' is the derivative by ${by}`] };
};
