// Letters written together, as in AXB: one name of the language, and a product on paper. Where
// nothing declares them the text around them tells: they are read as a product, or refused where either may be meant
// and the answer would be that nothing, or only the rest, depends on X.
//
// Invariant: what is declared, and words, keep their meaning without a remark. Where letters together stand before what
// only a name stands before (Wx*x), or beside a name of the same kind that is differentiated by, they are a name.

import { CONSTANTS, operatorFunction } from "../../../grammar/glyphs.ts";
import type { FunctionTable } from "../../expr/functions.ts";
import { argumentsOf } from "../../syntax/definitions/heads.ts";
import { isLatex } from "../../syntax/latex/scan.ts";
import { tokenize } from "../../syntax/tokens/lexer.ts";
import { isGreek, isSameLetter, lettersOf } from "../../syntax/tokens/spelling.ts";
import { namesStated } from "../../syntax/tokens/statements.ts";
import type { Request } from "../request/request.ts";
import { ABBREVIATED, kindByLetter } from "./letters.ts";
import type { Scope, VariableInfo } from "./scope.ts";

/** How letters together are read: a doubtful run is refused where its being a name would lose a dependence. */
export type RunReading = "product" | "doubtful" | "name";

const CAPITAL = /\p{Lu}/u;
const CAPITALS = /^\p{Lu}+$/u;

const isRun = (name: string): boolean => {
  const { length } = lettersOf(name);
  return /^\p{L}+$/u.test(name) && length >= 2 && length <= 4 && !isWord(name);
};

/** λ and ε by their names, whole or in short. */
const isWord = (name: string): boolean => isGreek(name) || ABBREVIATED.has(name);

/** The product that letters together may be; T between letters is the mark of a transpose. */
function spelledOut(name: string, sign: string): string {
  const letters = lettersOf(name);
  const factors: string[] = [];
  for (const [i, letter] of letters.entries())
    if (isMark(letters, i)) factors.push(`${factors.pop()}'`);
    else factors.push(letter);
  return factors.join(sign);
}

const isMark = (letters: readonly string[], at: number): boolean => letters[at] === "T" && at > 0 && at < letters.length - 1;

const holds = (name: string, letter: string): boolean => lettersOf(name).some((l) => isSameLetter(l, letter));

/**
 * An undeclared name that a letter is part of, with what may be meant; undefined where there is none.
 * Where the letter `occurs` by itself, names of small letters that are not known to be doubtful are words, as xs and dx.
 */
export function runWith(
  { variables, runs, functions }: Scope,
  letter: string,
  occurs: boolean,
  sign: string,
): { readonly name: string; readonly meant: string; readonly isName: boolean } | undefined {
  if (lettersOf(letter).length !== 1) return undefined;
  const all = [...variables.values()].filter((v) => isUsedRun(v) && holds(v.name, letter));
  const applied = [...variables.values()].find(
    (v) => isUndeclared(v) && v.name.endsWith(letter) && appliedIn(v.name, functions) !== undefined,
  );
  if (applied !== undefined) return { name: applied.name, meant: appliedIn(applied.name, functions) as string, isName: false };
  const isOpen = ({ name }: VariableInfo): boolean => (runs.get(name) ?? "name") !== "name";
  const run = all.find(isOpen) ?? all.find((v) => !occurs || CAPITAL.test(v.name));
  return run === undefined ? undefined : { name: run.name, meant: `${spelledOut(run.name, sign)} for the product`, isName: !isOpen(run) };
}

/** Undeclared names that may be products, by the products: of letters that stand alone as well, or of capitals. */
export function runsIn({ variables }: Scope): ReadonlyMap<string, string> {
  const all = [...variables.values()];
  const alone = new Set(all.map((v) => v.name));
  const runs = all.filter((v) => isUsedRun(v) && (CAPITALS.test(v.name) || lettersOf(v.name).every((letter) => alone.has(letter))));
  return new Map(runs.map(({ name }) => [name, spelledOut(name, " ")]));
}

/** sin(x) of sinx, and logdet(X) of logdetX. */
function appliedIn(name: string, functions: FunctionTable): string | undefined {
  for (let at = name.length - 1; at >= 2; at--) {
    const [word, of] = [name.slice(0, at), name.slice(at)];
    const isWord = !isGreek(word) && (functions.find(word) !== undefined || operatorFunction(word) !== undefined);
    if (isWord && lettersOf(of).length === 1) return `${word}(${of})`;
  }
  return undefined;
}

const isUndeclared = ({ declared, defined, uses }: VariableInfo): boolean => !declared && !defined && uses > 0;
const isUsedRun = (v: VariableInfo): boolean => isUndeclared(v) && isRun(v.name);

/** Names with what may be products of capitals in them: Ax, AXB, Xbeta. */
const isWithCapitals = (name: string): boolean => /^[a-zα-ω]?[A-ZΑ-Ω]+(?:\p{Ll}?|[a-z]{2,})$/u.test(name) && isRun(name);
const WRITTEN = /[A-Za-zΑ-Ωα-ω]+(?:[\d_][A-Za-z\d_]*)?/g;

/** What a text says of letters and of letters together. */
interface Facts {
  /** Single letters that are differentiated by. */
  readonly asked: readonly string[];
  /** Whether a letter stands by itself or is declared. */
  readonly isAlone: (letter: string) => boolean;
  /** Whether the text writes products with a sign: whoever does so elsewhere may mean a name. */
  readonly hasSigns: boolean;
  /** Whether some run of capitals holds what is differentiated by. */
  readonly isOfRuns: boolean;
}

/** How the undeclared letters together of a request are read, of all that may be products. */
export function readRuns(request: Request): ReadonlyMap<string, RunReading> {
  const { text, strict, notation } = request;
  if (strict === true || notation === "latex" || isLatex(text)) return new Map();
  const wrt = request.wrt === undefined || request.wrt.length === 0 ? [...namesBelow([text]), ...argumentsOf(text)] : request.wrt;
  return wrt.length === 0 ? new Map() : readingsOf(request, wrt);
}

/** What a side of a claim, or a text that is a derivative, is differentiated by, as it is written: dx and ∂x below a bar, ∇_x, grad(f, x). */
const BELOW = /[/∂]\s*[d∂](\p{L}+)|∇(?:²|\^2)?_\{?(\p{L}+)|,\s*(\p{L}+)\s*\)$(?<=^\w+\(.*)/gu;

/** The differential of a letter, dX. */
const DIFFERENTIAL = /(?<![\p{L}\p{N}_])d(\p{L})(?![\p{L}\p{N}_])/gu;

/** The argument of a function that a text defines, f(x) = … */
const ARGUMENT = /(?:^|[;\n])[^\S\n]*\p{L}[\p{L}\p{N}]*\((\p{L}+)\)\s*:?=(?!=)/gu;

const namesBelow = (texts: readonly string[]): string[] => [
  ...new Set(
    texts.flatMap((text) =>
      [...text.matchAll(BELOW), ...text.matchAll(ARGUMENT)].map(([, ...names]) => names.find((n) => n !== undefined) as string),
    ),
  ),
];

/** The names that stand for products in a claim, of the texts before it and of its sides: the same on every side. */
export function productsInClaim(head: string, sides: readonly string[], request: Omit<Request, "text" | "wrt">): ReadonlySet<string> {
  const changed = sides.flatMap((side) => [...side.matchAll(DIFFERENTIAL)].map(([, letter]) => letter as string));
  const readings = readingsOf({ ...request, text: `${head};${sides.join(";")}` }, [...namesBelow(sides), ...changed]);
  return new Set([...readings].flatMap(([name, reading]) => (reading === "product" ? [name] : [])));
}

function readingsOf(request: Omit<Request, "wrt">, wrt: readonly string[]): Map<string, RunReading> {
  const { text, functions } = request;
  const written = [...text.matchAll(WRITTEN)].map((m) => ({ name: m[0], after: text.slice(m.index + m[0].length) }));
  const likely = written.filter(({ name, after }) => {
    const isFunction = /^\s*\(/.test(after) || operatorFunction(name) !== undefined || functions.find(name) !== undefined;
    return isRun(name) && !wrt.includes(name) && !isFunction && !(name in CONSTANTS) && name !== "if";
  });
  if (likely.length === 0) return new Map();
  const known = namesKnown(request);
  const runs = likely.filter(({ name }) => !known.has(name));
  const letters = new Set([...known, ...written.map((w) => w.name)].filter((name) => lettersOf(name).length === 1));
  const asked = wrt.filter((name) => lettersOf(name).length === 1);
  const facts: Facts = {
    asked,
    isAlone: (letter) => [...letters].some((l) => isSameLetter(l, letter)),
    hasSigns: hasSigns(text),
    isOfRuns: runs.some(({ name }) => isWithCapitals(name) && asked.some((letter) => holds(name, letter))),
  };
  const isNamed = ({ name, after }: (typeof runs)[number]): boolean =>
    standsBeforeOwn(name, after) || wrt.some((w) => isRun(w) && w[0] === name[0]) || /^[dδΔ]/.test(name);
  const ownNames = new Set(runs.filter(isNamed).map((r) => r.name));
  // Sb beside Sw w.
  const isLikeNamed = (name: string): boolean =>
    isMarked(name) && !facts.isAlone(name[0] as string) && [...ownNames].some((own) => isMarked(own) && own[0] === name[0]);
  const named = new Set([...ownNames, ...runs.map((r) => r.name).filter(isLikeNamed)]);
  const reading = (name: string, after: string): RunReading =>
    appliedIn(name, functions) !== undefined ? "doubtful" : named.has(name) ? "name" : readingOf(name, isLastFactor(after), facts);
  const readings = new Map<string, RunReading>();
  for (const { name, after } of runs) if (readings.get(name) !== "product") readings.set(name, reading(name, after));
  const products = [...readings.keys()].filter((name) => readings.get(name) === "product");
  // Ab beside Ax and b, ab' beside a'*X and b without a sign: its letters are known by then.
  const isOpen = products.length > 0 || (!facts.hasSigns && asked.length > 0);
  const isKnown = (letter: string): boolean => facts.isAlone(letter) || products.some((name) => holds(name, letter));
  for (const [name, is] of readings)
    if (isOpen && is === "name" && !named.has(name) && lettersOf(name).every(isKnown)) readings.set(name, "product");
  return readings;
}

/** The names that a request declares or defines. */
function namesKnown({ text, declarations = "", vars = {}, attrs = {}, definitions = [] }: Omit<Request, "wrt">): ReadonlySet<string> {
  const stated = [declarations, text].flatMap((t) => [...namesStated(tokenize(t))]);
  return new Set([...stated, ...Object.keys(vars), ...Object.keys(attrs), ...definitions.map(([name]) => name)]);
}

/** Sw: a capital with a small letter for its index. */
const isMarked = (name: string): boolean => /^\p{Lu}\p{Ll}$/u.test(name);

// Wx*x and Wh h: an index that is the letter behind it.
function standsBeforeOwn(name: string, after: string): boolean {
  const behind = /^\s*[*@·]?\s*(\p{L}+)/u.exec(after)?.[1];
  return behind !== undefined && isSameLetter(behind, lettersOf(name).at(-1) as string);
}

const isLastFactor = (after: string): boolean => /^(?:'|ᵀ|\^T)?\s*(?:$|[-+)\],;|‖<>=])/.test(after);

function readingOf(name: string, isLast: boolean, { asked, isAlone, hasSigns, isOfRuns }: Facts): RunReading {
  const letters = lettersOf(name);
  const wanted = asked.filter((letter) => holds(name, letter));
  // xTAx and XTX, where T is no factor elsewhere.
  if (letters.some((_, i) => isMark(letters, i)) && !isAlone("T")) return wanted.length > 0 ? "doubtful" : "name";
  const last = letters.at(-1) as string;
  if (isSameLetter(letters[0] as string, "π") && !isAlone("π")) return "product";
  if (isWithCapitals(name)) {
    if (wanted.length > 0 || (!CAPITAL.test(last) && isAlone(last))) return "product";
    if (CAPITALS.test(name) && letters.length > 1 && letters.every((l) => l === last || isAlone(l))) return "product";
    return !hasSigns && (isOfRuns || (isLast && isPair(letters))) ? "product" : "name";
  }
  if (wanted.length === 0) return "name";
  if (letters.every(isAlone) || !wanted.some(isAlone)) return "product";
  // bx and mgh beside x and m; xs and xref are words.
  const isLikely = (letters.length === 2 && wanted.includes(last)) || (letters.length > 2 && !/[aeiou]/.test(name));
  return !isLikely ? "name" : hasSigns ? "doubtful" : "product";
}

// Wx and XY; Kp e and NPV are names.
const isPair = ([, last, ...more]: readonly string[]): boolean =>
  more.length === 0 && last !== undefined && kindByLetter(last) !== "scalar";

/** Whether a text writes products with a sign. */
export const hasSigns = (text: string): boolean => text.includes("*");

/** Letters together behind a mark of a transpose: TAx of x^TAx. */
export const runsRaised = ({ text, notation, strict }: Request): ReadonlySet<string> =>
  strict === true || notation === "latex"
    ? new Set()
    : new Set([...text.matchAll(/\^(T[A-Za-zα-ω]{1,3}(?:_[A-Za-z\d]+)?)(?![A-Za-z\d_(])/g)].map(([, name]) => name as string));
