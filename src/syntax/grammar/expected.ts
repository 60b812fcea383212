// Words for a token that does not fit and for what would have fitted instead.
//
// Invariant: messages speak of what the user wrote, never of token types or productions.

import { COMPARISONS, isComparison } from "../../expr/operators.ts";
import type { Token } from "../tokens/lexer.ts";

/** Message and fix for an unexpected token, or for an unexpected end where there is none. */
export function expectation(
  culprit: Token | undefined,
  before: Token | undefined,
  expected: ReadonlySet<string>,
): { message: string; fix?: string } {
  const wanted = describe(expected);
  const special = known(culprit, before, expected);
  if (special !== undefined) return special;
  if (culprit === undefined) {
    if (before !== undefined && SIGN_WORDS.has(before.type))
      return { message: `after ${quote(before)} something is missing: ${wanted}`, fix: `write what ${quote(before)} applies to` };
    return { message: `the input ends too early; ${wanted} would fit` };
  }
  if (culprit.type === "separator") return { message: `the line ends too early; ${wanted} would fit` };
  return { message: `${quote(culprit)} does not fit here; ${wanted} would` };
}

function known(
  culprit: Token | undefined,
  before: Token | undefined,
  expected: ReadonlySet<string>,
): { message: string; fix?: string } | undefined {
  if (culprit === undefined) return undefined;
  const operand = wantsOperand(expected);
  if (culprit.type === "equals" && /^(?:axis|dim)$/.test(before?.value ?? ""))
    return { message: "only array code names its arguments", fix: "rowsum(A), colsum(A), rowmean(A), colmean(A); or np.sum(A, axis=0)" };
  if (culprit.type === "equals")
    return { message: "a = stands only between the two sides of a definition or claim", fix: "== compares two numbers" };
  if (isComparison(culprit.type) && !operand)
    return { message: "comparisons do not chain", fix: "(a < b) .* (b < c) holds where both hold" };
  if (culprit.type === "rparen" && before?.type === "lparen") return { message: "nothing stands between these brackets" };
  if (culprit.type === "rbracket" && (before?.type === "lbracket" || before?.type === "lindex"))
    return { message: "nothing stands between these brackets", fix: "x[1], A[1,2] for entries, [a, b; c, d] to stack" };
  if (culprit.type === "comma" && !operand && !expected.has("comma"))
    return { message: "a comma has no meaning here", fix: "[a, b] for a row, [a; b] for a column" };
  if (culprit.type === "colon" || culprit.type === "declares")
    return { message: "this : begins no type", fix: "w, x : vector(n); X : matrix(m, n); b : scalar" };
  if (culprit.type === "maps")
    return { message: "an arrow stands only where a function is declared", fix: "the expression alone; --wrt x says that it is one of x" };
  if (culprit.type === "string")
    return { message: "a text in quotes has no meaning here", fix: "sum(A) of all entries, normF(A), rowsum(A)" };
  if (culprit.type === "function") return { message: `${quote(culprit)} does not fit here` };
  if (
    before?.type === "partial" ||
    culprit.type === "derive" ||
    culprit.type === "partial" ||
    culprit.type === "over" ||
    culprit.type === "gradient"
  )
    return {
      message: "a derivative stands only as a whole side of a claim",
      fix: "∂(sum(w .* x))/∂w = x', or the expression alone with --wrt w",
    };
  if ((culprit.type === "if" || culprit.type === "otherwise") && !expected.has("if"))
    return { message: `${quote(culprit)} does not fit here`, fix: "{0 if z <= 0; z otherwise}" };
  if (BINARY.has(culprit.type) && operand)
    return before === undefined || before.type === "separator" || !BINARY.has(before.type)
      ? { message: `${quote(culprit)} has nothing on its left`, fix: "write what it applies to on both sides" }
      : { message: `${quote(before)} and ${quote(culprit)} stand side by side`, fix: "take one away, or write what stands between them" };
  return undefined;
}

// biome-ignore format: one row
const BINARY: ReadonlySet<string> = new Set([
  "times", "divide", "solve", "hadamard", "hdivide", "power", "hpower", "dot", "kron", "colon", ...COMPARISONS,
]);
const SIGN_WORDS: ReadonlySet<string> = new Set([...BINARY, "plus", "minus", "comma", "equals", "sigma", "partial"]);

// Behind an operand a number would fit as well, as a factor; there an operator is what is missing.
const wantsOperand = (expected: ReadonlySet<string>): boolean => expected.has("number") && !expected.has("times");

const quote = (t: Token): string => `\`${t.text}\``;

// Classes of tokens under one name, most telling first.
const CLASSES: readonly (readonly [words: string, types: readonly string[]])[] = [
  ["a term (a name, a number, a bracket)", ["number"]],
  ["a name", ["name"]],
  ["an operator", ["times"]],
  ["`,`", ["comma"]],
  ["`;`", ["semicolon"]],
  ["`if` or `otherwise`", ["if"]],
  ["`)`", ["rparen"]],
  ["`]`", ["rbracket"]],
  ["`}`", ["rbrace"]],
  ["`/∂…`", ["over"]],
  ["`:`", ["declares"]],
  ["`->`", ["maps"]],
];

function describe(expected: ReadonlySet<string>): string {
  const words = CLASSES.filter(([, types]) =>
    types.some((t) => expected.has(t) && (t !== "number" || wantsOperand(expected)) && (t !== "name" || !expected.has("times"))),
  ).map(([w]) => w);
  const kept = wantsOperand(expected) ? words.slice(0, 1) : words.slice(0, 4);
  if (kept.length === 0) return "the end of the input";
  return kept.length === 1 ? (kept[0] as string) : `${kept.slice(0, -1).join(", ")} or ${kept[kept.length - 1]}`;
}
