// Decides, before parsing, everything about a token that depends on its surroundings:
// whether a name is called, whether a bracket indexes, whether a colon declares. So the
// grammar has exactly one parse. Statements, declarations, derivatives and the rest of terms have files
// of their own.
//
// Invariant: one pass over the tokens per question, linear in their number. Errors are
// thrown as InputError and caught in src/syntax/parse.ts.

import { operatorFunction, plainSubscript } from "../../../grammar/glyphs.ts";
import { fail } from "../../base/diagnostic.ts";
import { span } from "../../base/span.ts";
import { ENTRYWISE } from "../foreign/python.ts";
import { plainName, type Token } from "../tokens/lexer.ts";
import { isGreek, knownSpelling, stemOf } from "../tokens/spelling.ts";
import { CLOSER, CLOSERS, ENDS_OPERAND, joinLines, type Marked, matchBrackets, type Range, splitStatements } from "../tokens/statements.ts";
import { markDeclarations, type Names, noteDefinition } from "./declarations.ts";
import { markDerivatives } from "./derivatives.ts";
import { isRoot, markTerms } from "./terms.ts";

/** What is known of names outside the text. */
export interface ClassifyOptions {
  /** Whether a name is known as a function (and not as a variable) outside the text. */
  readonly isFunction: (name: string) => boolean;
  /** Whether a name is known as a variable outside the text. */
  readonly isVariable: (name: string) => boolean;
  /** Whether a name is declared outside the text as a function without a body. */
  readonly isUnknown: (name: string) => boolean;
}

/** Gives every token its final type; statements are parted by single `separator` tokens. */
export function classify(tokens: readonly Token[], options: ClassifyOptions): Token[] {
  const raw = tokens.some((t) => t.type === "sigma") ? withCapitals(tokens, options.isVariable) : tokens;
  const last = raw[raw.length - 1];
  if (last?.type === "bad") refuseCharacter(last, raw[raw.length - 2]);
  const match = matchBrackets(raw);
  const lines = joinLines(raw, match);
  const partner = matchBrackets(lines);
  const names: Names = { functions: new Set(), variables: new Set() };
  const types = lines.map((t) => t.type);
  const isOutside = (name: string): boolean =>
    (operatorFunction(name) !== undefined && !options.isVariable(name)) || options.isFunction(name);
  const statements = splitStatements(lines);
  const written = { tokens: lines, types, match: partner };
  for (const s of statements) markDeclarations(written, s, names, isOutside);
  for (const s of statements) if (!s.declaration) noteDefinition(written, s, names);
  const isFunction = (name: string): boolean => names.functions.has(name) || (!names.variables.has(name) && isOutside(name));
  const isVariable = (name: string): boolean => names.variables.has(name) || options.isVariable(name);
  const spelled = new Set<string>();
  const isSpelled = (name: string): boolean => spelled.has(name) || isVariable(name) || options.isUnknown(name);
  // What the text itself declares goes before what is known of it.
  const isHere = (name: string): boolean => names.variables.has(name) || names.functions.has(name);
  const known = lines.map((t, i): Token => {
    if (t.type !== "name") return t;
    const spelling = knownSpelling(knownSpelling(t.value, isHere), isSpelled);
    if (lines[i + 1]?.type === "lbracket" && !isVariable(spelling)) refuseSquare(t, lines[i + 1] as Token, isFunction);
    const isCall = lines[i + 1]?.type === "lparen" && lines[i + 1]?.spaced === false;
    const value = isCall && !isVariable(spelling) && !isFunction(spelling) ? withoutCapitals(spelling, isFunction) : spelling;
    if (isGreek(value)) for (const name of [value, stemOf(value)]) spelled.add(name);
    return value === t.value ? t : { ...t, value };
  });
  const text: Marked = { ...written, tokens: known };
  for (const s of statements) if (!s.declaration) markDerivatives(text, s, isVariable);
  markTerms(text, statements, isFunction);
  refuseLongChains(known, types);
  return emit(known, types, statements, isSpelled);
}

/** What is a function with a capital in other systems and something else in statistics. */
const OF_RANDOM_VARIABLES: ReadonlySet<string> = new Set(["Var", "Std", "Cov", "Mean", "Entropy"]);

// Log(x), Tr(A), HadamardProduct(A, B): the function of that name in small letters.
function withoutCapitals(name: string, isFunction: (name: string) => boolean): string {
  if (!/^[A-Z][A-Za-z]+$/.test(name) || isGreek(name) || OF_RANDOM_VARIABLES.has(name)) return name;
  const snake = name.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toLowerCase();
  return [name.toLowerCase(), snake].find(isFunction) ?? name;
}

// Sin[x] and Log[Det[X]], whose brackets would make indices of what functions take.
function refuseSquare(t: Token, bracket: Token, isFunction: (name: string) => boolean): void {
  const name = bracket.spaced ? t.value : withoutCapitals(t.value, isFunction);
  if (name === t.value) return;
  fail("syntax", `${t.text}[…] would be an entry of ${t.text}`, span(t.start, t.end), {
    fix: `${name}(…) for the function, or declare ${t.text}`,
  });
}

/** Tokens that no term begins with, and no bound of a sum. */
// biome-ignore format: one family a row
const BEHIND_NAMES: ReadonlySet<string> = new Set([
  "times", "divide", "solve", "hadamard", "hdivide", "dot", "kron", "transpose", "inverseTranspose", "pseudoinverse", "colon", "element", "equals",
  "comma", "semicolon", "rparen", "rbracket", "rbrace",
]);

// The letter Σ with an index below, told apart from the sign of a sum.
function withCapitals(tokens: readonly Token[], isVariable: (name: string) => boolean): Token[] {
  const declared = declaredCapitals(tokens);
  return tokens.map((t, i) => {
    if (t.type !== "sigma" || !/^Σ[^=]*$/u.test(t.text)) return t;
    const [letter, word] = [plainName(t.text), capitalName(t)];
    if (isVariable(letter)) return { ...t, type: "name", value: letter };
    return declared.has(word) || isVariable(word) || isBare(tokens[i + 1]) ? { ...t, type: "name", value: word } : t;
  });
}

const capitalName = (t: Token): string => plainName(t.text).replace("Σ", "Sigma");

// Before what begins no summand there is no sum: det(Σ_k), Σ_k⁻¹.
const isBare = (after: Token | undefined): boolean =>
  after === undefined || BEHIND_NAMES.has(after.type) || (after.type === "superscript" && after.text.startsWith("⁻"));

// Names in a list that ends with a colon: Σ_j, Σ_k : posdef(n).
function declaredCapitals(tokens: readonly Token[]): ReadonlySet<string> {
  const declared = new Set<string>();
  tokens.forEach((t, at) => {
    if (t.type !== "colon") return;
    for (let i = at - 1; i >= 0 && ["sigma", "name", "comma"].includes((tokens[i] as Token).type); i--)
      if (tokens[i]?.type === "sigma") declared.add(capitalName(tokens[i] as Token));
  });
  return declared;
}

function refuseCharacter(token: Token, before: Token | undefined): never {
  const isModule = token.text === "." && MODULES.test(before?.text ?? "");
  const fix = isModule ? `the function alone, without ${before?.text}.: exp(x), det(A)` : CHARACTER_FIXES[token.text];
  fail("lexical", `the language has no character ${token.text}`, span(token.start, token.end), fix === undefined ? {} : { fix });
}

/** Names that stand before a dot and a function in programs. */
const MODULES = /^(?:np|numpy|jnp|jax|torch|tf|scipy|math|linalg)$/;

const CHARACTER_FIXES: Readonly<Record<string, string>> = {
  _: "x_1, x[1] or (A x)[1] for an entry",
  ".": "A.T or A' for the transpose, .* ./ .^ for element-wise operators",
  "\\": "names without a backslash: sin(x), alpha",
  "&": "one comparison at a time",
  "!": "!= for unequal, gamma(n + 1) for the factorial of n",
  "%": "# begins a comment",
  "~": "!= for unequal",
  $: "the formula alone",
  '"': "the formula alone",
  "`": "' for the transpose",
};

/** Most operators in a chain that groups from the right, such as a^b^c. */
const LONGEST_CHAIN = 1000;

// Chains that group from the right cost the parser quadratic time, so their length is bounded.
function refuseLongChains(tokens: readonly Token[], types: readonly string[]): void {
  const powers = [0];
  const sums = [0];
  const bump = (counts: number[], t: Token): void => {
    const count = (counts.pop() ?? 0) + 1;
    counts.push(count);
    if (count > LONGEST_CHAIN)
      fail("limit", `more than ${LONGEST_CHAIN} ${t.text} in a row`, span(t.start, t.end), { fix: "brackets around parts of it" });
  };
  for (let i = 0; i < tokens.length; i++) {
    const t = tokens[i] as Token;
    const type = types[i] as string;
    const afterOperand = i > 0 && ENDS_OPERAND.has(types[i - 1] as string);
    if (type === "power" || type === "hpower") bump(powers, t);
    else if (type === "sigma") bump(sums, t);
    else if (afterOperand && !ENDS_OPERAND.has(type)) {
      powers[powers.length - 1] = 0;
      if (type === "plus" || type === "minus" || type === "comma") sums[sums.length - 1] = 0;
    } else if (afterOperand && (type === "name" || type === "arrow")) powers[powers.length - 1] = 0;
    if (CLOSER[type] !== undefined) {
      powers.push(0);
      sums.push(0);
    } else if (CLOSERS.has(type)) {
      powers.pop();
      sums.pop();
    }
  }
}

function emit(
  tokens: readonly Token[],
  types: readonly string[],
  statements: readonly Range[],
  isSpelled: (name: string) => boolean,
): Token[] {
  const out: Token[] = [];
  for (const s of statements) {
    if (out.length > 0) out.push({ ...(tokens[s.from - 1] as Token), type: "separator" });
    for (let i = s.from; i < s.to; i++) {
      const t = tokens[i] as Token;
      if (types[i] === "function") {
        const { call, next } = withMarks(tokens, types, i, out);
        out.push(call);
        i = next - 1;
      } else if (isRoot(t) && (types[i + 1] === "name" || types[i + 1] === "number")) {
        refuseRaisedRoot(tokens[i + 2], types[i + 2]);
        out.push(...rootOf(t, { ...(tokens[i + 1] as Token), type: types[i + 1] as string }));
        i++;
      } else out.push(...finalTokens(t, types[i] as string, tokens[i + 1], isSpelled));
    }
  }
  return out;
}

/** The tokens that the grammar reads for one of a type: two for the dx of a derivative, none for what is skipped. */
function finalTokens(t: Token, type: string, next: Token | undefined, isSpelled: (name: string) => boolean): Token[] {
  switch (type) {
    case "differentiated":
    case "differential": {
      const name = knownSpelling(t.value.slice(1), isSpelled);
      return [
        { ...t, type: "partial", value: "d", end: t.start + 1 },
        { ...t, type: "name", value: name, start: t.start + 1 },
      ];
    }
    case "order":
      return [{ ...t, type: "superscript", text: "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(t.text)] as string }];
    case "skipped":
      return [];
    case "name":
      if (t.text.endsWith("."))
        fail("name", `there is no function ${t.value}`, span(t.start, t.end), {
          fix: `${t.value} : elementwise declares one without a body`,
        });
      if (next?.type === "lparen" && next.spaced === false) return [{ ...t, applied: true }];
  }
  const final = t.entrywise === true ? (ENTRYWISE[type] ?? type) : type;
  return [final === t.type ? t : { ...t, type: final }];
}

/** √x as a call. */
const rootOf = (root: Token, of: Token): Token[] => [
  { ...root, type: "function", derivatives: [] },
  { ...of, type: "lparen", text: "(", value: "(", end: of.start },
  of,
  { ...of, type: "rparen", text: ")", value: ")", start: of.end },
];

// √x² may be either root.
function refuseRaisedRoot(after: Token | undefined, type: string | undefined): void {
  if (after === undefined || !(type === "superscript" || type === "power" || type === "transpose" || type === "lindex")) return;
  fail("syntax", "how far this root reaches is not clear", span(after.start, after.end), { fix: "√(x^2), or (√x)^2" });
}

// The marks of f′(x) and ∂₂f(x, y) are part of the call; those before the name are taken back.
function withMarks(tokens: readonly Token[], types: readonly string[], at: number, out: Token[]): { call: Token; next: number } {
  const t = tokens[at] as Token;
  const derivatives: number[] = [];
  let start = t.start;
  for (let slot = out[out.length - 1]; slot?.type === "slot"; slot = out[out.length - 1]) {
    derivatives.unshift(Number(plainSubscript(slot.text.slice(1)) ?? "0") - 1);
    start = slot.start;
    out.pop();
  }
  let next = at + 1;
  for (; types[next] === "prime" || types[next] === "transpose"; next++)
    for (let k = tokens[next]?.text === "″" ? 2 : tokens[next]?.text === "‴" ? 3 : 1; k > 0; k--) derivatives.push(0);
  return { call: { ...t, type: "function", start, derivatives }, next };
}
