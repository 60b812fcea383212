// Decides, before parsing, everything about a token that depends on its surroundings:
// whether a name is called, whether a bracket indexes, whether a colon declares. So the
// grammar has exactly one parse. Statements, declarations and derivatives have files of
// their own.
//
// Invariant: one pass over the tokens per question, linear in their number. Errors are
// thrown as InputError and caught in parse.ts.

import { operatorFunction, plainSubscript } from "../../grammar/glyphs.ts";
import { fail } from "../base/diagnostic.ts";
import { span } from "../base/span.ts";
import { isComparison } from "../expr/operators.ts";
import { markDeclarations, type Names, noteDefinition } from "./declarations.ts";
import { markDerivatives } from "./derivatives.ts";
import { ENTRYWISE } from "./foreign/python.ts";
import { plainName, type Token } from "./lexer.ts";
import { markRaised } from "./raised.ts";
import { isGreek, knownSpelling, stemOf } from "./spelling.ts";
import { CLOSER, CLOSERS, ENDS_OPERAND, joinLines, matchBrackets, type Range, splitStatements } from "./statements.ts";

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
    const isCall = lines[i + 1]?.type === "lparen" && lines[i + 1]?.spaced === false;
    const value = isCall && !isVariable(spelling) && !isFunction(spelling) ? withoutCapitals(spelling, isFunction) : spelling;
    if (isGreek(value)) for (const name of [value, stemOf(value)]) spelled.add(name);
    return value === t.value ? t : { ...t, value };
  });
  for (const s of statements) if (!s.declaration) markDerivatives({ ...written, tokens: known }, s, isVariable);
  markTerms(known, types, partner, statements, isFunction);
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
  "⟨": "dot(x, y)",
  "~": "!= for unequal",
  $: "the formula alone",
  '"': "the formula alone",
  "`": "' for the transpose",
};

/** Most characters of a number. */
const LONGEST_NUMBER = 1000;

function markTerms(
  tokens: readonly Token[],
  types: string[],
  match: Int32Array,
  statements: readonly Range[],
  isFunction: (name: string) => boolean,
): void {
  const declaring = new Uint8Array(tokens.length);
  for (const s of statements) if (s.declaration) declaring.fill(1, s.from, s.to);
  const holds = bracketContents(tokens, types, match, (type) => isComparison(type) || type === "semicolon");
  const commas = bracketContents(tokens, types, match, (type) => type === "comma");
  const open: number[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const t = tokens[i] as Token;
    const before = i > 0 ? (types[i - 1] as string) : "";
    if (CLOSER[types[i] as string] !== undefined) open.push(i);
    else if (CLOSERS.has(types[i] as string)) open.pop();
    const inside = open.length > 0 ? (types[open[open.length - 1] as number] as string) : "";
    switch (types[i]) {
      case "name":
        if (declaring[i] === 1) break;
        if (inside === "lbrace" && (t.value === "if" || t.value === "otherwise" || t.value === "else"))
          types[i] = t.value === "if" ? "if" : "otherwise";
        else if (t.value === "if" || t.value === "otherwise")
          fail("syntax", `${t.value} stands only inside cases`, span(t.start, t.end), { fix: "{0 if z <= 0; z otherwise}" });
        // K of ∂/∂K (…) is what is differentiated by.
        else if (isFunction(t.value) && isCalled(types, i + 1) && !(before === "partial" && types[i - 2] === "over")) types[i] = "function";
        break;
      case "power":
        markRaised(types, i);
        break;
      case "number":
        if (before === "number")
          fail("syntax", "two numbers side by side", span(t.start, t.end), { fix: "2*3 for the product, [2, 3] for a row" });
        if (ENDS_OPERAND.has(before) && !(before === "name" && isRoot(tokens[i - 1] as Token)))
          fail("syntax", "a number stands behind what it multiplies", span(t.start, t.end), { fix: "write the number first, or *" });
        if (t.text.length > LONGEST_NUMBER) fail("limit", `a number of more than ${LONGEST_NUMBER} digits`, span(t.start, t.end));
        break;
      case "transpose":
        if (before === "number" && types[i - 2] !== undefined && (types[i - 2] === "power" || types[i - 2] === "hpower"))
          fail("syntax", "the transpose would belong to the exponent alone", span(t.start, t.end), {
            fix: "(x^2)' for the transpose of a power",
          });
        break;
      case "plus":
      case "minus":
        // In [1 -2] the sign may part two entries, or be between two numbers; where commas part entries it does not.
        if (
          inside === "lbracket" &&
          !commas[open[open.length - 1] as number] &&
          ENDS_OPERAND.has(before) &&
          t.spaced &&
          tokens[i + 1]?.spaced === false
        )
          fail("syntax", "a sign next to what is behind it alone may begin an entry", span(t.start, t.end), {
            fix: `[a, ${t.text}b] for two entries, [a ${t.text} b] for one`,
          });
        break;
      case "lbracket":
        if ((ENDS_OPERAND.has(before) || before === "differential") && before !== "number" && !t.spaced && !holds[i]) types[i] = "lindex";
        break;
      case "lbrace":
        // x^{2} is x^(2).
        if (before === "power" || before === "hpower") {
          refuseRaisedLabel(tokens, i, match);
          types[i] = "lparen";
          types[match[i] as number] = "rparen";
        }
        break;
      case "colon":
        if (inside === "lindex" && (before === "lindex" || before === "comma") && (types[i + 1] === "comma" || types[i + 1] === "rbracket"))
          types[i] = "all";
        break;
      default:
        break;
    }
  }
}

// x^{(k)} is the sample or the iterate k on paper, and would be a power.
function refuseRaisedLabel(tokens: readonly Token[], at: number, match: Int32Array): void {
  const [base, inner] = [tokens[at - 2], tokens[at + 2]];
  if (base === undefined || inner === undefined || tokens[at + 1]?.type !== "lparen" || match[at + 1] !== at + 3 || match[at] !== at + 4)
    return;
  if (inner.type !== "name" && inner.type !== "number") return;
  fail("syntax", `${base.text}^{(${inner.text})} may be a power or a name with a mark`, span(base.start, (tokens[at + 4] as Token).end), {
    fix: `${base.text}^${inner.text} for the power, ${base.text}_${inner.text} for a name`,
  });
}

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

// f( and f′(
function isCalled(types: readonly string[], from: number): boolean {
  let i = from;
  while (types[i] === "prime" || types[i] === "transpose") i++;
  return types[i] === "lparen";
}

// Which brackets hold a sign: a comparison or rows, and so cannot be an index; or a comma.
function bracketContents(
  tokens: readonly Token[],
  types: readonly string[],
  match: Int32Array,
  isSign: (type: string) => boolean,
): Uint8Array {
  const holds = new Uint8Array(tokens.length);
  const open: number[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const type = types[i] as string;
    if (CLOSER[type] !== undefined) open.push(i);
    else if (match[i] !== -1) open.pop();
    else if (open.length > 0 && isSign(type)) holds[open[open.length - 1] as number] = 1;
  }
  return holds;
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
      const type = types[i] as string;
      if (type === "differentiated" || type === "differential") {
        out.push({ ...t, type: "partial", value: "d", end: t.start + 1 });
        out.push({ ...t, type: "name", value: knownSpelling(t.value.slice(1), isSpelled), start: t.start + 1 });
      } else if (type === "order") {
        out.push({ ...t, type: "superscript", text: "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(t.text)] as string });
      } else if (type === "skipped") {
      } else if (type === "function") {
        const { call, next } = withMarks(tokens, types, i, out);
        out.push(call);
        i = next - 1;
      } else if (isRoot(t) && (types[i + 1] === "name" || types[i + 1] === "number")) {
        const of = tokens[i + 1] as Token;
        refuseRaisedRoot(tokens[i + 2], types[i + 2]);
        out.push({ ...t, type: "function", derivatives: [] }, { ...of, type: "lparen", text: "(", value: "(", end: of.start });
        out.push({ ...of, type: types[i + 1] as string }, { ...of, type: "rparen", text: ")", value: ")", start: of.end });
        i++;
      } else if (type === "name" && tokens[i + 1]?.type === "lparen" && tokens[i + 1]?.spaced === false) out.push({ ...t, applied: true });
      else out.push(t.entrywise === true ? { ...t, type: ENTRYWISE[type] ?? type } : type === t.type ? t : { ...t, type });
    }
  }
  return out;
}

const isRoot = (t: Token): boolean => t.text === "√" || t.text === "∛";

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
