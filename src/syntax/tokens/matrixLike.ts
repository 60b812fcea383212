// Whether tokens read as a matrix by their letters, which tells what bars around them stand for: a sum of products whose
// last factor is a capital, a function of one that is a matrix, or a row behind something else, as in A + u vᵀ.
//
// Invariant: of what is not understood nothing is said. Not here: what is declared of names, and shapes.

import { operatorFunction, POWER_OF_E } from "../../../grammar/glyphs.ts";
import type { Token } from "./lexer.ts";
import { CLOSER, closingAt, RAISED } from "./statements.ts";

type Tokens = readonly Token[];
/** What a part is by its letters; a small letter may be a vector or a number. Undefined where nothing can be said. */
type Reading = "matrix" | "row" | "small" | "number" | undefined;

/** Most brackets inside each other that are looked into. */
const DEEPEST = 20;

/** Whether tokens read as a matrix; further names are those that are known to be matrices. */
export const readsAsMatrix = (tokens: Tokens, isMatrix: (name: string) => boolean = () => false): boolean =>
  sumOf(tokens, (name) => CAPITAL.test(name) || isMatrix(name), 0) === "matrix";

const CAPITAL = /^(?:\p{Lu}[\p{Ll}\p{M}]*(?:_?\d+)?|I_\p{L})$/u;

type IsMatrix = (name: string) => boolean;

const SIGNS: ReadonlySet<string> = new Set(["plus", "minus"]);
const PRODUCTS: ReadonlySet<string> = new Set(["times", "kron", "hadamard", "hdivide"]);

function sumOf(tokens: Tokens, isMatrix: IsMatrix, depth: number): Reading {
  if (depth > DEEPEST) return undefined;
  const terms: Token[][] = [[]];
  for (let i = 0; i < tokens.length; i++) {
    const t = tokens[i] as Token;
    const close = CLOSER[t.type] === undefined ? i : Math.min(closingAt(tokens, i), tokens.length - 1);
    if (SIGNS.has(t.type) && tokens[i - 1]?.type !== "power") terms.push([]);
    else (terms.at(-1) as Token[]).push(...tokens.slice(i, close + 1));
    i = close;
  }
  const readings = terms.filter((term, i) => i > 0 || term.length > 0).map((term) => productOf(term, isMatrix, depth));
  const [first] = readings;
  return readings.every((r) => r === first) ? first : readings.includes(undefined) ? undefined : "small";
}

function productOf(tokens: Tokens, isMatrix: IsMatrix, depth: number): Reading {
  const factors: Reading[] = [];
  for (let i = 0; i < tokens.length; ) {
    const isDivisor = tokens[i]?.type === "divide";
    if (isDivisor || (i > 0 && PRODUCTS.has(tokens[i]?.type ?? ""))) i++;
    const { reading, next } = factorAt(tokens, i, isMatrix, depth);
    if (reading === undefined) return undefined;
    const isNumber = isDivisor || reading === "number";
    // xᵀy is a number.
    if (!isNumber && reading === "small" && factors.at(-1) === "row") factors.pop();
    else if (!isNumber) factors.push(reading);
    i = next;
  }
  const [first, last] = [factors[0], factors.at(-1)];
  if (first === undefined) return tokens.length === 0 ? undefined : "number";
  if (factors.length === 1) return first;
  if (first === "row") return "row";
  return last === "row" ? "matrix" : last;
}

interface Factor {
  readonly reading: Reading;
  /** The position behind. */
  readonly next: number;
}

function factorAt(tokens: Tokens, at: number, isMatrix: IsMatrix, depth: number): Factor {
  const first = tokens[at];
  let { reading, next } = operandAt(tokens, at, isMatrix, depth);
  if (first === undefined || reading === undefined) return { reading: undefined, next };
  for (let t = tokens[next]; t !== undefined; t = tokens[next]) {
    const isTurned = t.type === "transpose" || (t.type === "power" && tokens[next + 1]?.text === "T");
    if (isTurned && reading !== "matrix") reading = reading === "small" ? "row" : "small";
    if (t.type === "hpower") {
      if (reading === "matrix") return { reading: undefined, next };
      next = behindExponent(tokens, next + 1);
    } else if (t.type === "power") {
      const end = behindExponent(tokens, next + 1);
      if (first.value === "e" && sumOf(tokens.slice(next + 1, end), isMatrix, depth + 1) === "matrix") reading = "matrix";
      next = end;
    } else if (RAISED.has(t.type)) next++;
    else break;
  }
  return { reading, next };
}

function behindExponent(tokens: Tokens, at: number): number {
  const from = tokens[at]?.type === "minus" ? at + 1 : at;
  return CLOSER[tokens[from]?.type ?? ""] !== undefined ? closingAt(tokens, from) + 1 : from + 1;
}

/** Functions of matrices whose values are matrices, and those whose values are numbers. */
const OF_MATRICES: ReadonlySet<string> = new Set(["inv", "pinv", "adj", "expm", "logm", "sqrtm", "polar", "topsingular"]);
const NUMBERS: ReadonlySet<string> = new Set(["det", "logdet", "norm2", "norm1", "spectral", "nuclear", "abs"]);

function operandAt(tokens: Tokens, at: number, isMatrix: IsMatrix, depth: number): Factor {
  const t = tokens[at];
  if (t?.type === "number") return { reading: "number", next: at + 1 };
  if (t?.type === "lparen") {
    const close = closingAt(tokens, at);
    return { reading: sumOf(tokens.slice(at + 1, close), isMatrix, depth + 1), next: close + 1 };
  }
  if (t?.type !== "name") return { reading: undefined, next: at + 1 };
  if (tokens[at + 1]?.type !== "lparen") return { reading: isMatrix(t.value) ? "matrix" : "small", next: at + 1 };
  const close = closingAt(tokens, at + 1);
  // K(θ), a matrix that depends on θ.
  const isOfName = close === at + 3 && tokens[at + 2]?.type === "name" && tokens[at + 1]?.start === t.end;
  if (isOfName && CAPITAL.test(t.value)) return { reading: "matrix", next: close + 1 };
  const inside = (): Reading => sumOf(tokens.slice(at + 2, close), isMatrix, depth + 1);
  const op = operatorFunction(t.value);
  if (op === "eye" || op === "kron") return { reading: "matrix", next: close + 1 };
  if (op === "tr" || NUMBERS.has(t.value)) return { reading: "number", next: close + 1 };
  if (op === "diag") return { reading: { matrix: "small", small: "matrix" }[inside() as string] as Reading, next: close + 1 };
  if (OF_MATRICES.has(t.value) || t.text === POWER_OF_E) return { reading: inside() === "matrix" ? "matrix" : undefined, next: close + 1 };
  if (op === undefined && isMatrix(t.value)) return { reading: "matrix", next: at + 1 };
  // A function of numbers or vectors has such values; of a matrix they may be anything.
  const reading = inside();
  return { reading: reading === "matrix" ? undefined : reading, next: close + 1 };
}
