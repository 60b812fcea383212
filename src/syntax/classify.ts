// Decides, before parsing, everything about a token that depends on its surroundings:
// which brackets match, where statements end, whether a name is called, whether a
// bracket indexes, whether a colon declares. So the grammar has exactly one parse.
//
// Invariant: one pass over the tokens per question, linear in their number. Errors are
// thrown as InputError and caught in parse.ts.

import { operatorFunction } from "../../grammar/glyphs.ts";
import { fail } from "../base/diagnostic.ts";
import { span } from "../base/span.ts";
import type { Token } from "./lexer.ts";

export interface ClassifyOptions {
  /** Whether a name is known as a function (and not as a variable) outside the text. */
  readonly isFunction: (name: string) => boolean;
  /** Whether a name is known as a variable outside the text. */
  readonly isVariable: (name: string) => boolean;
}

/** Names as the text's own declarations and definitions settle them. */
interface Names {
  readonly functions: Set<string>;
  readonly variables: Set<string>;
}

const CLOSER: Readonly<Record<string, string>> = { lparen: "rparen", lbracket: "rbracket", lindex: "rbracket", lbrace: "rbrace" };
const CLOSERS: ReadonlySet<string> = new Set(["rparen", "rbracket", "rbrace"]);
const COMPARISONS: ReadonlySet<string> = new Set(["gt", "ge", "lt", "le", "eq", "ne"]);

/** Tokens after which an operand is complete. */
// biome-ignore format: one row
const ENDS_OPERAND: ReadonlySet<string> = new Set([
  "number", "name", "arrow", "superscript", "inverseTranspose", "transpose", "prime", "rparen", "rbracket", "rbrace",
]);
/** Tokens after which a line may not end. */
// biome-ignore format: one family a row
const WANTS_MORE: ReadonlySet<string> = new Set([
  "plus", "minus", "times", "divide", "hadamard", "hdivide", "power", "hpower", "dot", "kron", "gt", "ge", "lt", "le", "eq", "ne",
  "equals", "colon", "element", "maps", "comma", "partial", "sigma", "gradient",
]);

/** Words that may begin the type of a declaration besides R^n. */
// biome-ignore format: kinds, then attributes
export const TYPE_WORDS: ReadonlySet<string> = new Set([
  "scalar", "number", "real", "vector", "column", "row", "matrix", "square", "elementwise", "dimension", "integer", "R", "ℝ",
  "positive", "nonzero", "unit", "symmetric", "skew", "posdef", "orthogonal", "diagonal", "lower", "upper", "idempotent", "invertible", "constant",
]);

/** Gives every token its final type; statements are parted by single `separator` tokens. */
export function classify(raw: readonly Token[], options: ClassifyOptions): Token[] {
  const last = raw[raw.length - 1];
  if (last?.type === "bad") refuseCharacter(last);
  const match = matchBrackets(raw);
  const lines = joinLines(raw, match);
  const partner = matchBrackets(lines);
  const names: Names = { functions: new Set(), variables: new Set() };
  const types = lines.map((t) => t.type);
  const statements = splitStatements(lines);
  for (const s of statements) markDeclaration(lines, types, s, partner, names, options);
  for (const s of statements) if (!s.declaration) noteDefinition(lines, types, s, names);
  const isFunction = (name: string): boolean =>
    names.functions.has(name) || (!names.variables.has(name) && (operatorFunction(name) !== undefined || options.isFunction(name)));
  const isVariable = (name: string): boolean => names.variables.has(name) || options.isVariable(name);
  for (const s of statements) if (!s.declaration) markDerivatives(lines, types, s, partner, isVariable);
  markTerms(lines, types, partner, statements, isFunction);
  refuseLongChains(lines, types);
  return emit(lines, types, statements);
}

function refuseCharacter(token: Token): never {
  const shown = token.text === "\t" ? "tab" : token.text;
  const fix =
    token.text === "|" || token.text === "‖"
      ? "norm2(x) for the length of a vector, abs(x) for a number"
      : token.text === "_"
        ? "x_1 or x[1] for an entry"
        : token.text === "."
          ? "A.T or A' for the transpose, .* ./ .^ for element-wise operators"
          : token.text === "&" || token.text === "!"
            ? "one comparison at a time"
            : undefined;
  fail("lexical", `the language has no character ${JSON.stringify(shown)}`, span(token.start, token.end), fix === undefined ? {} : { fix });
}

/** For every bracket the position of its partner; an unmatched bracket is the user's error. */
function matchBrackets(tokens: readonly Token[]): Int32Array {
  const match = new Int32Array(tokens.length).fill(-1);
  const open: number[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const t = tokens[i] as Token;
    if (CLOSER[t.type] !== undefined) open.push(i);
    else if (CLOSERS.has(t.type)) {
      const at = open.pop();
      const opener = at === undefined ? undefined : (tokens[at] as Token);
      if (at === undefined || opener === undefined)
        fail("syntax", `this ${t.text} closes no bracket`, span(t.start, t.end), { fix: `take it away, or open a bracket before it` });
      if (CLOSER[opener.type] !== t.type)
        fail("syntax", `this ${t.text} does not close the ${opener.text}`, span(t.start, t.end), {
          labels: [{ span: span(opener.start, opener.end), text: "opened here" }],
        });
      match[at] = i;
      match[i] = at;
    }
  }
  const left = open.pop();
  if (left !== undefined) {
    const t = tokens[left] as Token;
    const closing = t.type === "lparen" ? ")" : t.type === "lbracket" ? "]" : "}";
    fail("syntax", `this ${t.text} is never closed`, span(t.start, t.end), { fix: `add ${closing}` });
  }
  return match;
}

// Line breaks: nothing inside parentheses and after an operator; a row separator inside
// other brackets; the end of a statement outside.
function joinLines(raw: readonly Token[], match: Int32Array): Token[] {
  const out: Token[] = [];
  const open: Token[] = [];
  for (let i = 0; i < raw.length; i++) {
    const t = raw[i] as Token;
    if (match[i] !== -1) (match[i] as number) > i ? open.push(t) : open.pop();
    if (t.type !== "newline") {
      out.push(t);
      continue;
    }
    const before = out[out.length - 1];
    const after = raw.slice(i + 1, i + 2)[0];
    if (before === undefined || WANTS_MORE.has(before.type) || before.type === "semicolon" || before.type === "newline") continue;
    const inside = open[open.length - 1];
    if (inside === undefined) out.push(t);
    else if (inside.type === "lparen" || CLOSER[before.type] !== undefined || after === undefined) continue;
    else if (after.type === "newline" || CLOSERS.has(after.type) || after.type === "semicolon" || after.type === "comma") continue;
    else out.push({ ...t, type: "semicolon" });
  }
  return out;
}

interface Range {
  readonly from: number;
  readonly to: number;
  declaration: boolean;
}

function splitStatements(tokens: readonly Token[]): Range[] {
  const out: Range[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i <= tokens.length; i++) {
    const t = tokens[i];
    if (t !== undefined && CLOSER[t.type] !== undefined) depth++;
    else if (t !== undefined && CLOSERS.has(t.type)) depth--;
    if (t === undefined || (depth === 0 && (t.type === "newline" || t.type === "semicolon"))) {
      if (i > from) out.push({ from, to: i, declaration: false });
      from = i + 1;
    }
  }
  return out;
}

// w, x : vector(n)    u(x) : vector(m)    f : elementwise
function markDeclaration(
  tokens: readonly Token[],
  types: string[],
  s: Range,
  match: Int32Array,
  names: Names,
  options: ClassifyOptions,
): void {
  let i = s.from;
  const declared: string[] = [];
  let dependent = false;
  while (i < s.to && tokens[i]?.type === "name") {
    declared.push((tokens[i] as Token).value);
    i++;
    if (tokens[i]?.type === "lparen" && declared.length === 1) {
      const close = match[i] as number;
      if (!namesOnly(tokens, i + 1, close)) return;
      i = close + 1;
      dependent = true;
    }
    if (tokens[i]?.type !== "comma" || dependent) break;
    i++;
  }
  const colon = tokens[i];
  const first = tokens[i + 1];
  if (declared.length === 0 || colon === undefined || i + 1 >= s.to || first === undefined) return;
  if (colon.type !== "colon" && colon.type !== "element") return;
  const typed = first.type === "lparen" ? tokens[i + 2] : first;
  const word = typed?.type === "name" ? typed.value : "";
  let maps = false;
  for (let k = i + 1; k < s.to; k++) maps ||= tokens[k]?.type === "maps";
  // A : B is a Frobenius product unless a type follows; ∈ always declares.
  const misspelt = /^[a-z]{3,}$/.test(word) && tokens[i + 2]?.type === "lparen" && match[i + 2] === s.to - 1 && !options.isFunction(word);
  if (!(TYPE_WORDS.has(word) || misspelt || maps || colon.type === "element" || (dependent && word !== ""))) return;
  types[i] = "declares";
  s.declaration = true;
  const isFunction = dependent || maps || word === "elementwise";
  for (const name of declared) (isFunction ? names.functions : names.variables).add(name);
  // w : vector(n), b : scalar — after the type a comma parts declarations.
  let depth = 0;
  for (let k = i + 1; k < s.to; k++) {
    const type = types[k] as string;
    if (CLOSER[type] !== undefined) depth++;
    else if (CLOSERS.has(type)) depth--;
    else if (depth === 0 && type === "comma") {
      types[k] = "separator";
      markDeclaration(tokens, types, { from: k + 1, to: s.to, declaration: false }, match, names, options);
      return;
    }
    if (type === "lbrace") types[k] = "lparen";
    if (type === "rbrace") types[k] = "rparen";
  }
}

function namesOnly(tokens: readonly Token[], from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (tokens[i]?.type !== ((i - from) % 2 === 0 ? "name" : "comma")) return false;
  return (to - from) % 2 === 1;
}

// z = w·x + b makes z a variable, whatever functions there are.
function noteDefinition(tokens: readonly Token[], types: readonly string[], s: Range, names: Names): void {
  const name = tokens[s.from];
  if (name?.type === "name" && types[s.from + 1] === "equals" && s.from + 1 < s.to) names.variables.add(name.value);
}

// ∂(…)/∂w, d(…)/dw, dy/dw, d/dw(…), diff(…, w): the quotient bar becomes `over`, a leading
// d becomes ∂. Only at the outside of a side of a statement, where a derivative can stand.
function markDerivatives(
  tokens: readonly Token[],
  types: string[],
  s: Range,
  match: Int32Array,
  isVariable: (name: string) => boolean,
): void {
  let from = s.from;
  let depth = 0;
  let claim = false;
  for (let i = s.from; i < s.to; i++) {
    const type = types[i] as string;
    if (CLOSER[type] !== undefined) depth++;
    else if (CLOSERS.has(type)) depth--;
    claim ||= depth === 0 && type === "equals";
  }
  for (let i = s.from; i <= s.to; i++) {
    if (i < s.to && CLOSER[types[i] as string] !== undefined) i = match[i] as number;
    if (i !== s.to && types[i] !== "equals") continue;
    markSide(tokens, types, from, i, match, isVariable, claim);
    from = i + 1;
  }
}

const DIFFERENTIAL = /^d(.+)$/u;

function markSide(
  tokens: readonly Token[],
  types: string[],
  from: number,
  to: number,
  match: Int32Array,
  isVariable: (name: string) => boolean,
  claim: boolean,
): void {
  const first = tokens[from];
  if (first === undefined || from >= to) return;
  if (first.type === "name" && first.value === "diff" && types[from + 1] === "lparen" && !isVariable("diff")) {
    types[from] = "derive";
    return;
  }
  const free = (t: Token | undefined): boolean => t?.type === "name" && !isVariable(t.value);
  if (first.type === "partial") {
    for (let i = from + 1; i < to; i++) {
      if (CLOSER[types[i] as string] !== undefined) i = match[i] as number;
      else if (types[i] === "divide" && types[i + 1] === "partial") types[i] = "over";
    }
    return;
  }
  if (!free(first)) return;
  // d(…)/dw and d/dw(…)
  if (first.value === "d") {
    const bar = types[from + 1] === "lparen" ? (match[from + 1] as number) + 1 : from + 1;
    const below = tokens[bar + 1];
    if (bar >= to || types[bar] !== "divide" || !free(below) || !DIFFERENTIAL.test(below?.value ?? "")) return;
    if (bar === from + 1 && types[bar + 2] !== "lparen") return;
    types[from] = "partial";
    types[bar] = "over";
    types[bar + 1] = "differential";
    return;
  }
  // dy/dw, only in a claim: elsewhere it may be a quotient.
  if (claim && to - from === 3 && types[from + 1] === "divide" && free(tokens[from + 2])) {
    if (!DIFFERENTIAL.test(first.value) || !DIFFERENTIAL.test((tokens[from + 2] as Token).value)) return;
    types[from] = "differentiated";
    types[from + 1] = "over";
    types[from + 2] = "differential";
  }
}

function markTerms(
  tokens: readonly Token[],
  types: string[],
  match: Int32Array,
  statements: readonly Range[],
  isFunction: (name: string) => boolean,
): void {
  const declaring = new Uint8Array(tokens.length);
  for (const s of statements) if (s.declaration) declaring.fill(1, s.from, s.to);
  const holds = bracketContents(tokens, types, match);
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
        else if (types[i + 1] === "lparen" && isFunction(t.value)) types[i] = "function";
        else if (isFunction(t.value) && primesThenCall(types, i + 1)) types[i] = "function";
        break;
      case "number":
        if (ENDS_OPERAND.has(before) && before !== "prime")
          fail(
            "syntax",
            before === "number" ? "two numbers side by side" : "a number stands behind what it multiplies",
            span(t.start, t.end),
            {
              fix: before === "number" ? "2*3 for the product, [2, 3] for a row" : "write the number first, or *",
            },
          );
        break;
      case "transpose":
        if (before === "number" && types[i - 2] !== undefined && (types[i - 2] === "power" || types[i - 2] === "hpower"))
          fail("syntax", "the transpose would belong to the exponent alone", span(t.start, t.end), {
            fix: "(x^2)' for the transpose of a power",
          });
        break;
      case "lbracket":
        if (ENDS_OPERAND.has(before) && before !== "number" && !t.spaced && !holds[i]) types[i] = "lindex";
        break;
      case "lbrace":
        // x^{2} is x^(2).
        if (before === "power" || before === "hpower") {
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

function primesThenCall(types: readonly string[], from: number): boolean {
  let i = from;
  while (types[i] === "prime" || types[i] === "transpose") i++;
  return i > from && types[i] === "lparen";
}

// Which square brackets hold a comparison or rows, and so cannot be an index.
function bracketContents(tokens: readonly Token[], types: readonly string[], match: Int32Array): Uint8Array {
  const holds = new Uint8Array(tokens.length);
  const open: number[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const type = types[i] as string;
    if (CLOSER[type] !== undefined) open.push(i);
    else if (match[i] !== -1) open.pop();
    else if (open.length > 0 && (COMPARISONS.has(type) || type === "semicolon")) holds[open[open.length - 1] as number] = 1;
  }
  return holds;
}

function emit(tokens: readonly Token[], types: readonly string[], statements: readonly Range[]): Token[] {
  const out: Token[] = [];
  for (const s of statements) {
    if (out.length > 0) out.push({ ...(tokens[s.from - 1] as Token), type: "separator" });
    for (let i = s.from; i < s.to; i++) {
      const t = tokens[i] as Token;
      const type = types[i] as string;
      if (type === "differentiated" || type === "differential") {
        out.push({ ...t, type: "partial", value: "d", end: t.start + 1 });
        out.push({ ...t, type: "name", value: t.value.slice(1), start: t.start + 1 });
      } else if (type === "function") {
        // The marks of f′(x) are part of the call.
        let primes = 0;
        let next = i + 1;
        for (; types[next] === "prime" || types[next] === "transpose"; next++)
          primes += tokens[next]?.text === "″" ? 2 : tokens[next]?.text === "‴" ? 3 : 1;
        out.push({ ...t, type, primes });
        i = next - 1;
      } else if (type === "name" && tokens[i + 1]?.type === "lparen" && tokens[i + 1]?.spaced === false) out.push({ ...t, applied: true });
      else out.push(type === t.type ? t : { ...t, type });
    }
  }
  return out;
}
