// Functions without their arguments: (fg)' = f'g + fg', (f∘g)' = (f'∘g)g', (f/g)'(x) = …. Each is written with the
// letter that it is a function of, f(x) and f'(x), and f∘g as f(g(x)).
//
// Invariants: a letter is a function where a mark stands at it, and then everywhere; letters without one are numbers.
// Whether marks are transposes instead is decided by who asks. Not here: what marks at brackets mean (primes.ts).

import type { Diagnostic } from "../../../base/diagnostic.ts";
import { span } from "../../../base/span.ts";
import { type Token, tokenize } from "../../../syntax/tokens/lexer.ts";
import { CLOSERS, namesStated } from "../../../syntax/tokens/statements.ts";
import type { NamesOfText } from "./numbersAlone.ts";
import { marksAt } from "./primes.ts";

/** A text in which functions have their arguments. */
export interface Applied {
  readonly text: string;
  readonly functions: ReadonlySet<string>;
  /** Whether a value is taken of what is marked, (f + g)'(x), so that the marks can be no transposes. */
  readonly isCalled: boolean;
}

/** Letters a function is of where the text names none. */
const ARGUMENTS = ["x", "t", "s", "z"];
/** What stands behind the name of an inverse function, and behind a reciprocal as well. */
const INVERSE = /^\s*(?:\^\s*[{(]?\s*-\s*1|⁻¹)/;
const LETTERS = /^\p{Ll}{1,3}$/u;

/** The text with arguments for its functions; undefined where none is marked, or they are of several letters, a message where it has inverse ones. */
export function withArguments(text: string, { actsOn, kindOf }: NamesOfText): Applied | Diagnostic | undefined {
  const tokens = tokenize(text);
  const stated = namesStated(tokens);
  const isFree = (name: string): boolean => kindOf(name) === undefined || kindOf(name) === "function";
  const mayBe = (name: string): boolean => LETTERS.test(name) && actsOn(name) === undefined && isFree(name) && !stated.has(name);
  const functions = new Set<string>();
  const names = new Set<string>();
  tokens.forEach(({ type, value }, at) => {
    if (type !== "name" || !mayBe(value)) return;
    for (const letter of value) names.add(letter);
    if ((marksAt(tokens, at + 1) ?? 0) > 0) functions.add(value.at(-1) as string);
  });
  const given = argumentsGiven(tokens, functions);
  const by = given.size === 0 ? ARGUMENTS.find((name) => !names.has(name)) : [...given][0];
  if (functions.size === 0 || given.size > 1 || by === undefined || functions.has(by)) return undefined;
  const inverse = given.size === 0 ? undefined : tokens.find(({ value, end }) => functions.has(value) && INVERSE.test(text.slice(end)));
  if (inverse !== undefined) return inverseFunction(inverse);
  const written = write(text, tokens, { functions, by, mayBe });
  return written === undefined ? undefined : { ...written, functions };
}

/** What stands alone in brackets behind functions, and behind marks at brackets. */
function argumentsGiven(tokens: readonly Token[], functions: ReadonlySet<string>): ReadonlySet<string> {
  const given = tokens.flatMap((token, at) => {
    const marks = marksAt(tokens, at + 1) ?? 0;
    const isFunction = functions.has(token.value) || (CLOSERS.has(token.type) && marks > 0);
    const argument = isFunction ? nameInBrackets(tokens, at + marks + 1) : undefined;
    return argument === undefined || functions.has(argument) ? [] : [argument];
  });
  return new Set(given);
}

/** The name that stands alone in the brackets at a position. */
function nameInBrackets(tokens: readonly Token[], at: number): string | undefined {
  const inside = tokens[at + 1];
  return tokens[at]?.type === "lparen" && inside?.type === "name" && tokens[at + 2]?.type === "rparen" ? inside.value : undefined;
}

/** What is known of the names of a text while it is written with arguments. */
interface Names {
  readonly functions: ReadonlySet<string>;
  readonly by: string;
  /** Whether a name may be one or more letters that stand together. */
  readonly mayBe: (name: string) => boolean;
}

/** The text with arguments; undefined where it has f∘g(x). */
function write(text: string, tokens: readonly Token[], names: Names): Pick<Applied, "text" | "isCalled"> | undefined {
  const { functions, by } = names;
  let out = "";
  let end = 0;
  let isCalled = false;
  let composed = 0;
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] as Token;
    const marks = marksAt(tokens, at + 1) ?? 0;
    const marked = tokens[at + marks] as Token;
    const next = tokens[at + marks + 1];
    if (token.type === "name" && names.mayBe(token.value) && [...token.value].some((letter) => functions.has(letter))) {
      const isComposed = next?.text === "∘" && functions.has(tokens[at + marks + 2]?.value ?? "");
      const hasArgument = next?.type === "lparen";
      if (composed > 0 && hasArgument) return undefined;
      const argument = isComposed ? "(" : hasArgument ? "" : `(${by})`;
      const written = letters(token.value, text.slice(token.end, marked.end), argument, names);
      // A root takes what stands next to it alone.
      out += text.slice(end, token.start) + (tokens[at - 1]?.text === "√" && !hasArgument && !isComposed ? `(${written})` : written);
      if (!isComposed) out += ")".repeat(composed);
      composed = isComposed ? composed + 1 : 0;
      at += isComposed ? marks + 1 : marks;
    } else if (CLOSERS.has(token.type) && marks > 0 && nameInBrackets(tokens, at + marks + 1) === by) {
      out += text.slice(end, marked.end);
      isCalled = true;
      at += marks + 3;
    } else out += text.slice(end, token.end);
    end = (tokens[at] as Token).end;
  }
  return { text: out + text.slice(end), isCalled };
}

const inverseFunction = ({ start, end }: Token): Diagnostic => ({
  code: "unsupported",
  message: "beside functions with arguments this is an inverse function, of which nabla knows nothing",
  span: span(start, end),
  fix: "1/f(x) for a reciprocal",
});

/** Letters that stand together as factors; the marks and the argument are those of the last one. */
function letters(word: string, marks: string, argument: string, { functions, by }: Names): string {
  const last = word.at(-1) as string;
  const factors = [...word.slice(0, -1)].map((letter) => (functions.has(letter) ? `${letter}(${by})` : letter));
  return [...factors, functions.has(last) ? last + marks + argument : last].join(" ");
}
