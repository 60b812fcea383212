// Calls of NumPy, PyTorch and SymPy with their keywords, as the language has them: norm(X, 'fro'), mean(A, axis=0),
// ones((m, n)).
//
// Invariant: each written token lies at a place of the call, and what has no counterpart is refused there. Not here: how a
// text is cut into calls (python.ts), and what functions are called (grammar/foreign.ts).

import { OF_VECTORS, PYTHON_AXES, PYTHON_CALLS, PYTHON_REFUSED } from "../../../grammar/foreign.ts";
import { fail } from "../../base/diagnostic.ts";
import { span } from "../../base/span.ts";
import { type Token, tokenize } from "../tokens/lexer.ts";
import { readsAsMatrix } from "../tokens/matrixLike.ts";

/** Refuses a function of a library that has no counterpart. */
export function refuseCall(name: string, { start, end }: Token): never {
  fail("unsupported", `${name} of this library is not understood`, span(start, end), { fix: PYTHON_REFUSED[name] ?? "the formula alone" });
}

type Tokens = readonly Token[];

/** A call of a library. */
interface Call {
  readonly name: Token;
  readonly positional: readonly Tokens[];
  /** Those that are not read yet. */
  readonly keywords: Map<string, Tokens>;
  /** The bracket that closes it. */
  readonly end: Token;
}

/** Keywords that say nothing of the value. */
const QUIET: readonly string[] = ["keepdims", "keepdim", "dtype"];

/** A call with its keywords, as the language has it. */
export function rewriteCall(name: Token, all: readonly Tokens[], end: Token): Token[] {
  const { text } = name;
  if (PYTHON_REFUSED[text] !== undefined && text !== "var" && text !== "std") refuseCall(text, name);
  const isKeyword = (arg: Tokens): boolean => arg[1]?.type === "equals";
  const keywords = new Map(all.filter(isKeyword).map((arg) => [(arg[0] as Token).text, arg.slice(2)]));
  for (const quiet of QUIET) keywords.delete(quiet);
  const call: Call = { name, positional: all.filter((arg) => !isKeyword(arg)), keywords, end };
  return text === "norm" ? normCall(call) : (axialCall(call) ?? plainCall(call));
}

function normCall(call: Call): Token[] {
  const { name, positional, keywords } = call;
  const first = positional[0] ?? [];
  const order = keywords.get("ord") ?? keywords.get("p") ?? positional[1];
  for (const k of ["ord", "p"]) keywords.delete(k);
  const axis = takeAxis(keywords, undefined);
  if (axis === undefined) {
    noKeywords(keywords, name);
    return written(call, normOf(name, first, order), [first]);
  }
  if (order !== undefined && order[0]?.text !== "2") refuseCall(name.text, name);
  return along(call, axis);
}

/** A function along an axis; undefined without one. */
function axialCall(call: Call): Token[] | undefined {
  const { name, positional, keywords } = call;
  const [first = [], second] = positional;
  const isAxial = PYTHON_AXES[name.text] !== undefined;
  const axis = takeAxis(keywords, isAxial && positional.length === 2 && isAxisNumber(second) ? second : undefined);
  noKeywords(keywords, name);
  if (axis === undefined) return undefined;
  if (OF_VECTORS.has(name.text) && !readsAsMatrix(first)) return written(call, PYTHON_CALLS[name.text] ?? `${name.text}($1)`, [first]);
  if (isAxial) return along(call, axis);
  return fail("unsupported", `${name.text} along an axis is not understood`, span(name.start, name.end));
}

function plainCall(call: Call): Token[] {
  const { name, positional } = call;
  const { text } = name;
  const [first = []] = positional;
  if (text === "dot") return written(call, isMatrixProduct(positional) ? "($1) @ ($2)" : "dot($1, $2)", positional);
  // Shapes stand in a bracket of their own: ones((m, n)).
  if (/^(?:ones|zeros)$/.test(text) && first[0]?.type === "lparen") return written(call, `${text}$1`, [first]);
  const template = PYTHON_CALLS[text] ?? `${text}(${positional.map((_, i) => `$${i + 1}`).join(", ")})`;
  const wanted = Math.max(0, ...[...template.matchAll(/\$(\d)/g)].map((m) => Number(m[1])));
  if (wanted !== positional.length && PYTHON_CALLS[text] !== undefined)
    fail("type", `${text} takes ${wanted} argument${wanted === 1 ? "" : "s"} here, not ${positional.length}`, span(name.start, name.end));
  return written(call, template, positional);
}

/** Whether np.dot(a, b) has a matrix in it. */
const isMatrixProduct = ([a, b]: readonly Tokens[]): boolean =>
  a !== undefined && b !== undefined && [a, b].some((part) => readsAsMatrix(part) || part.some((u) => u.type === "transpose"));

const isAxisNumber = (arg: Tokens | undefined): boolean => arg !== undefined && /^-?[01]$/.test(arg.map((t) => t.text).join(""));

// Axis 0 runs down the columns, 1 and −1 along the rows.
function takeAxis(keywords: Map<string, Tokens>, position: Tokens | undefined): 0 | 1 | undefined {
  const given = keywords.get("axis") ?? keywords.get("dim") ?? position;
  for (const k of ["axis", "dim"]) keywords.delete(k);
  if (given === undefined) return undefined;
  const text = given.map((t) => t.text).join("");
  if (text === "None") return undefined;
  if (!/^(?:0|1|-1|−1)$/.test(text)) {
    const { start } = given[0] as Token;
    fail("unsupported", `the axis ${text} is not understood`, span(start, (given.at(-1) as Token).end), { fix: "0, 1 or -1" });
  }
  return text === "0" ? 0 : 1;
}

function noKeywords(keywords: ReadonlyMap<string, Tokens>, name: Token): void {
  const [other] = keywords.keys();
  if (other !== undefined) fail("unsupported", `${other}= of ${name.text} is not understood`, span(name.start, name.end));
}

function along(call: Call, axis: 0 | 1): Token[] {
  const { name, positional } = call;
  const template = PYTHON_AXES[name.text]?.[axis];
  if (template === undefined) fail("unsupported", `${name.text} along an axis is not understood`, span(name.start, name.end));
  return written(call, template, [positional[0] ?? []]);
}

const ORDERS: Readonly<Record<string, string>> = { fro: "norm2($1)", nuc: "nuclear($1)", inf: "norminf($1)", Inf: "norminf($1)" };

function normOf(name: Token, of: Tokens, order: Tokens | undefined): string {
  const text = order?.map((t) => t.text.replace(/^["']|["']$/g, "")).join("");
  if (text === undefined || text === "None") return "norm2($1)";
  const known = ORDERS[text];
  const isMatrix = readsAsMatrix(of);
  if (known !== undefined && !(isMatrix && known === "norminf($1)")) return known;
  if (isMatrix && text === "2") return "spectral($1)";
  if (!isMatrix && text === "1") return "norm1($1)";
  if (!isMatrix && /^(?:\d+|\p{L})$/u.test(text)) return `pnorm($1, ${text})`;
  return fail("unsupported", `this norm is not understood`, span(name.start, name.end), {
    fix: isMatrix ? "norm2(X) is the Frobenius norm, max(sum(abs(X), 1)) the 1-norm" : "norm1, norm2, norminf",
  });
}

/** A template with its arguments; what is written besides stands at the name, the last bracket at the end. */
export function written({ name, end }: Pick<Call, "name" | "end">, template: string, args: readonly Tokens[]): Token[] {
  const inOrder = [...template.matchAll(/\$(\d)/g)].every((m, i) => Number(m[1]) === i + 1);
  const whole = { start: name.start, end: end.end };
  const out: Token[] = [];
  let place = { start: name.start, end: name.end };
  const parts = template.split(/(\$\d)/);
  parts.forEach((part, i) => {
    const index = /^\$(\d)$/.exec(part)?.[1];
    if (index === undefined) {
      for (const t of tokenize(part)) out.push({ ...t, ...(inOrder ? place : whole), spaced: false });
      return;
    }
    const arg = args[Number(index) - 1] ?? [];
    // The argument of a call stands alone, and so does one in brackets of the template.
    for (const t of arg) out.push(inOrder ? t : { ...t, ...whole });
    const last = arg.at(-1);
    if (last !== undefined && i + 1 < parts.length) place = { start: last.end, end: end.end };
  });
  return [
    { ...OPEN, ...(inOrder ? { start: name.start, end: name.start } : whole) },
    ...out,
    { ...CLOSE, start: inOrder ? end.end : whole.start, end: end.end },
  ];
}

const OPEN: Token = { type: "lparen", text: "(", value: "(", start: 0, end: 0, spaced: false };
const CLOSE: Token = { type: "rparen", text: ")", value: ")", start: 0, end: 0, spaced: false };
