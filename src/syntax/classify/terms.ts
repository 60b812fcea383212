// What the tokens of terms are by what stands around them: whether a name is called, a bracket indexes or raises, a sign
// may stand where it stands.
//
// Invariant: one pass from left to right, a row of a table for each type that the surroundings decide. Not here:
// declarations, derivatives, and how long a chain of operators may be (classify.ts).

import { fail } from "../../base/diagnostic.ts";
import { span } from "../../base/span.ts";
import { isComparison } from "../../expr/operators.ts";
import type { Token } from "../tokens/lexer.ts";
import { CLOSER, CLOSERS, ENDS_OPERAND, type Marked, type Range } from "../tokens/statements.ts";
import { markRaised } from "./raised.ts";

/** A text in a pass over its tokens. */
interface Pass extends Marked {
  readonly isFunction: (name: string) => boolean;
  /** Which tokens belong to a declaration. */
  readonly declaring: Uint8Array;
  /** Which brackets hold a comparison or rows, and so cannot be an index. */
  readonly holds: Uint8Array;
  /** Which brackets hold a comma. */
  readonly commas: Uint8Array;
  /** Positions of the brackets that are open. */
  readonly open: number[];
}

/** Gives the tokens of terms their types; one that may not stand where it stands is the user's error. */
export function markTerms(text: Marked, statements: readonly Range[], isFunction: (name: string) => boolean): void {
  const { types } = text;
  const declaring = new Uint8Array(types.length);
  for (const s of statements) if (s.declaration) declaring.fill(1, s.from, s.to);
  const holds = bracketContents(text, (type) => isComparison(type) || type === "semicolon");
  const commas = bracketContents(text, (type) => type === "comma");
  const pass: Pass = { ...text, isFunction, declaring, holds, commas, open: [] };
  for (let i = 0; i < types.length; i++) {
    const type = types[i] as string;
    if (CLOSER[type] !== undefined) pass.open.push(i);
    else if (CLOSERS.has(type)) pass.open.pop();
    MARKS[type]?.(pass, i);
  }
}

const MARKS: Readonly<Record<string, (pass: Pass, at: number) => void>> = {
  name: markName,
  power: ({ types }, at) => markRaised(types, at),
  number: refuseNumber,
  transpose: refuseTranspose,
  plus: refuseSign,
  minus: refuseSign,
  lbracket: markIndex,
  lbrace: markExponent,
  colon: markWhole,
};

const typeBefore = ({ types }: Pass, at: number): string => types[at - 1] ?? "";
/** The type of the innermost bracket that is open. */
const inside = ({ types, open }: Pass): string => types[open.at(-1) ?? -1] ?? "";

function markName(pass: Pass, at: number): void {
  const { tokens, types } = pass;
  if (pass.declaring[at] === 1) return;
  const t = tokens[at] as Token;
  const isCase = t.value === "if" || t.value === "otherwise";
  if (inside(pass) === "lbrace" && (isCase || t.value === "else")) types[at] = t.value === "if" ? "if" : "otherwise";
  else if (isCase) fail("syntax", `${t.value} stands only inside cases`, span(t.start, t.end), { fix: "{0 if z <= 0; z otherwise}" });
  // K of ∂/∂K (…) is what is differentiated by.
  else if (pass.isFunction(t.value) && isCalled(types, at + 1) && !(types[at - 1] === "partial" && types[at - 2] === "over"))
    types[at] = "function";
}

/** Most characters of a number. */
const LONGEST_NUMBER = 1000;

function refuseNumber(pass: Pass, at: number): void {
  const t = pass.tokens[at] as Token;
  const before = typeBefore(pass, at);
  if (before === "number")
    fail("syntax", "two numbers side by side", span(t.start, t.end), { fix: "2*3 for the product, [2, 3] for a row" });
  const isBehind = ENDS_OPERAND.has(before) && !(before === "name" && isRoot(pass.tokens[at - 1] as Token));
  // y 1ᵀ has ones in every column.
  if (isBehind && t.text === "1" && pass.types[at + 1] === "transpose") pass.types[at] = "arrow";
  else if (isBehind)
    fail("syntax", "a number stands behind what it multiplies", span(t.start, t.end), { fix: "write the number first, or *" });
  if (t.text.length > LONGEST_NUMBER) fail("limit", `a number of more than ${LONGEST_NUMBER} digits`, span(t.start, t.end));
}

function refuseTranspose(pass: Pass, at: number): void {
  const raising = pass.types[at - 2];
  if (typeBefore(pass, at) !== "number" || !(raising === "power" || raising === "hpower")) return;
  const t = pass.tokens[at] as Token;
  fail("syntax", "the transpose would belong to the exponent alone", span(t.start, t.end), { fix: "(x^2)' for the transpose of a power" });
}

// In [1 -2] the sign may part two entries, or be between two numbers; where commas part entries it does not.
function refuseSign(pass: Pass, at: number): void {
  const t = pass.tokens[at] as Token;
  const isInRow = inside(pass) === "lbracket" && pass.commas[pass.open.at(-1) as number] !== 1;
  if (!isInRow || !ENDS_OPERAND.has(typeBefore(pass, at)) || !t.spaced || pass.tokens[at + 1]?.spaced !== false) return;
  fail("syntax", "a sign next to what is behind it alone may begin an entry", span(t.start, t.end), {
    fix: `[a, ${t.text}b] for two entries, [a ${t.text} b] for one`,
  });
}

function markIndex(pass: Pass, at: number): void {
  const before = typeBefore(pass, at);
  const isBehind = (ENDS_OPERAND.has(before) && before !== "number") || before === "differential";
  if (isBehind && pass.tokens[at]?.spaced === false && pass.holds[at] !== 1) pass.types[at] = "lindex";
}

// x^{2} is x^(2).
function markExponent(pass: Pass, at: number): void {
  const before = typeBefore(pass, at);
  if (before !== "power" && before !== "hpower") return;
  refuseRaisedLabel(pass, at);
  pass.types[at] = "lparen";
  pass.types[pass.match[at] as number] = "rparen";
}

// x^{(k)} is the sample or the iterate k on paper, and would be a power.
function refuseRaisedLabel({ tokens, match }: Marked, at: number): void {
  const [base, inner] = [tokens[at - 2], tokens[at + 2]];
  if (base === undefined || inner === undefined || tokens[at + 1]?.type !== "lparen" || match[at + 1] !== at + 3 || match[at] !== at + 4)
    return;
  if (inner.type !== "name" && inner.type !== "number") return;
  fail("syntax", `${base.text}^{(${inner.text})} may be a power or a name with a mark`, span(base.start, (tokens[at + 4] as Token).end), {
    fix: `${base.text}^${inner.text} for the power, ${base.text}_${inner.text} for a name`,
  });
}

function markWhole(pass: Pass, at: number): void {
  refuseLambda(pass, at);
  const [before, after] = [typeBefore(pass, at), pass.types[at + 1]];
  const isAlone = (before === "lindex" || before === "comma") && (after === "comma" || after === "rbracket");
  if (inside(pass) === "lindex") pass.types[at] = isAlone ? "all" : "range";
}

// lambda x: x**2, which would be a product with λ.
function refuseLambda({ tokens, types }: Pass, at: number): void {
  let first = at - 1;
  while (types[first] === "name" || types[first] === "comma") first--;
  const [word, ...names] = tokens.slice(first + 1, at);
  if (word?.text !== "lambda" || names.length === 0) return;
  const text = names.map((t) => (t.type === "comma" ? ", " : t.text)).join("");
  fail("syntax", `lambda ${text}: begins a function of Python`, span(word.start, word.end), { fix: "the expression alone, or f(x) = …" });
}

// f( and f′(
function isCalled(types: readonly string[], from: number): boolean {
  let i = from;
  while (types[i] === "prime" || types[i] === "transpose") i++;
  return types[i] === "lparen";
}

// Which brackets hold a sign directly.
function bracketContents({ types, match }: Marked, isSign: (type: string) => boolean): Uint8Array {
  const holds = new Uint8Array(types.length);
  const open: number[] = [];
  for (let i = 0; i < types.length; i++) {
    const type = types[i] as string;
    if (CLOSER[type] !== undefined) open.push(i);
    else if (match[i] !== -1) open.pop();
    else if (open.length > 0 && isSign(type)) holds[open[open.length - 1] as number] = 1;
  }
  return holds;
}

/** √ and ∛, which are read as names. */
export const isRoot = (t: Token): boolean => t.text === "√" || t.text === "∛";
