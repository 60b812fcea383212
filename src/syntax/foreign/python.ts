// Expressions as NumPy, PyTorch, JAX and SymPy have them, written with the signs of the language: np.linalg.norm(x),
// A.T.dot(x), F.softmax(z, dim=-1), X @ w. Where a module of arrays, @ or ** beside .sum() says that it is such a text,
// * / and ** act entry by entry and indices count from 0.
//
// Invariant: a text without a dot behind a name, without @ and strings keeps its tokens, each written token lies at
// a place of the text, and what has no counterpart is refused there.

import { ARRAY_MODULES, DECLARING, MODULE_CONSTANTS, OTHER_MODULES, PYTHON_REFUSED } from "../../../grammar/foreign.ts";
import { fail } from "../../base/diagnostic.ts";
import { span } from "../../base/span.ts";
import type { Token } from "../tokens/lexer.ts";
import { CLOSER, CLOSERS, directlyInside, RAISED } from "../tokens/statements.ts";
import { refuseCall, rewriteCall } from "./calls.ts";

/** What is said of such a text. */
const ARRAY_REMARK = "read as array code: * / and ** act entry by entry, @ is the product, indices count from 0";

/** A call that is open: its name, where it and its arguments begin among the tokens written. */
interface Open {
  readonly closes: string;
  /** Of a call as Python has it. */
  readonly name?: Token;
  readonly at: number;
  /** Where each argument begins. */
  readonly starts: number[];
  /** Of brackets behind an operand. */
  readonly index?: boolean;
}

/** Tokens of the language for such a text, and what is to be said of it; undefined for any other. */
export function fromPython(
  tokens: readonly Token[],
  isKnown: (name: string) => boolean,
): { readonly tokens: readonly Token[]; readonly remark?: string } | undefined {
  if (tokens.at(-1)?.type === "bad" || !tokens.some((t) => t.type === "member" || t.type === "string" || t.text === "@")) return undefined;
  const isEntrywise = tokens.some((t) => t.text === "**") && tokens.some((t) => t.type === "member" && TOTALS.test(t.text));
  const isArray =
    isEntrywise || tokens.some((t, i) => t.text === "@" || (isModule(t, tokens[i + 1], isKnown) && ARRAY_MODULES.has(t.text)));
  const work: Work = { tokens, isKnown, isArray, out: [], open: [] };
  for (let i = 0; i < tokens.length; ) i = take(work, i);
  return isArray ? { tokens: work.out, remark: ARRAY_REMARK } : { tokens: work.out };
}

/** Methods that only arrays have. */
const TOTALS = /^\.\s*(?:sum|mean)$/;

const isModule = (t: Token, next: Token | undefined, isKnown: Work["isKnown"]): boolean =>
  t.type === "name" && isMember(next) && (ARRAY_MODULES.has(t.text) || OTHER_MODULES.has(t.text)) && !isKnown(t.text);

const isMember = (t: Token | undefined): boolean => t?.type === "member";

/** Signs that act entry by entry in array code, by what they are then. */
export const ENTRYWISE: Readonly<Record<string, string>> = { times: "hadamard", divide: "hdivide", power: "hpower" };

interface Work {
  readonly tokens: readonly Token[];
  readonly isKnown: (name: string) => boolean;
  readonly isArray: boolean;
  readonly out: Token[];
  readonly open: Open[];
}

/** Takes the token at a position with what belongs to it; the position behind. */
function take(work: Work, at: number): number {
  const { tokens } = work;
  const t = tokens[at] as Token;
  const next = tokens[at + 1];
  if (t.type === "string" && (work.open.at(-1)?.name === undefined || DECLARING.has(work.open.at(-1)?.name?.text ?? "")))
    fail("unsupported", `the text ${t.text} has no meaning here`, span(t.start, t.end), {
      fix: "declarations: A : matrix(n, n); x : vector(n)",
    });
  if (isModule(t, next, work.isKnown)) return path(work, at + 1);
  if (t.type === "member") return method(work, at);
  if (t.type === "name" && next?.type === "lparen" && !next.spaced && hasString(tokens, at + 1)) return call(work, at, t.text, t);
  if (CLOSER[t.type] !== undefined) {
    const before = work.out.at(-1);
    const index =
      t.type === "lbracket" && !t.spaced && (before?.type === "name" || before?.type === "rparen" || before?.type === "rbracket");
    begin(work, t, index);
  } else if (CLOSERS.has(t.type)) close(work, t);
  else if (t.type === "comma" && work.open.at(-1)?.name !== undefined) {
    work.out.push(t);
    work.open.at(-1)?.starts.push(work.out.length);
  } else {
    work.out.push(work.isArray && t.text !== "@" && ENTRYWISE[t.type] !== undefined ? { ...t, entrywise: true } : counted(work, at));
  }
  return at + 1;
}

// x[0] is the first entry.
function counted(work: Work, at: number): Token {
  const { tokens } = work;
  const t = tokens[at] as Token;
  const inside = work.open.at(-1);
  if (!work.isArray || inside?.index !== true || t.type !== "number" || !/^\d+$/.test(t.text)) return t;
  const [before, after] = [tokens[at - 1]?.type, tokens[at + 1]?.type];
  const isAlone = (before === "lbracket" || before === "comma") && (after === "rbracket" || after === "comma");
  if (!isAlone) fail("unsupported", "only single entries, rows and columns are taken here", span(t.start, t.end), { fix: "x[0], A[i, :]" });
  return { ...t, text: `${Number(t.text) + 1}`, value: `${Number(t.text) + 1}` };
}

function begin(work: Work, t: Token, index: boolean): void {
  work.open.push({ closes: CLOSER[t.type] as string, at: work.out.length, starts: [], index });
  work.out.push(t);
}

function close(work: Work, t: Token): void {
  const open = work.open.pop();
  if (open?.name === undefined || open.closes !== t.type) {
    work.out.push(t);
    return;
  }
  const { name, at, starts } = open;
  const all = work.out.splice(at);
  const args = starts.map((start, i) => all.slice(start - at, (starts[i + 1] ?? all.length + at + 1) - at - 1));
  const given = args.filter((a) => a.length > 0);
  work.out.push(...rewriteCall(name, given, t));
}

// np.linalg.norm(x): the last name counts.
function path(work: Work, from: number): number {
  const { tokens } = work;
  let at = from;
  while (isMember(tokens[at + 1])) at++;
  const last = { ...(tokens[at] as Token), start: (tokens[from - 1] as Token).start };
  const name = last.text.slice(1);
  if (tokens[at + 1]?.type === "lparen") return call(work, at, name, last);
  const constant = MODULE_CONSTANTS[name];
  if (constant === undefined) fail("name", `there is no ${name} here`, span(last.start, last.end), { fix: `${name}(…) for a function` });
  work.out.push({ ...last, type: "name", text: constant, value: constant });
  return at + 1;
}

// A.mean(axis=0) is mean(A, axis=0), and A.I the inverse.
function method(work: Work, at: number): number {
  const { tokens } = work;
  const t = tokens[at] as Token;
  const name = t.text.slice(1);
  const from = startOfOperand(work.out);
  if (from === undefined) fail("syntax", `${t.text} stands behind nothing`, span(t.start, t.end), { fix: "A.T or A' for the transpose" });
  if (name === "I") {
    work.out.push({ ...t, type: "superscript", text: "⁻¹", value: "⁻¹" });
    return at + 1;
  }
  if (name === "mT" || name === "H") {
    work.out.push({ ...t, type: "transpose" });
    return at + 1;
  }
  const count = countAt(tokens, at);
  if (count !== undefined) {
    const { end, name: value } = count;
    const operand = work.out.splice(from);
    work.out.push(...rewriteCall({ ...t, type: "name", text: value, value }, [operand], tokens[end - 1] as Token));
    return end;
  }
  if (tokens[at + 1]?.type !== "lparen") {
    const turned = /^T(\w+)$/.exec(name)?.[1];
    const fix =
      turned !== undefined
        ? `.T*${turned} for the transpose and a product`
        : (PYTHON_REFUSED[name] ?? `* for the product, or ${name}(…) for a function`);
    fail("name", `there is no ${t.text} here`, span(t.start, t.end), { fix });
  }
  if (name === "var" || name === "std") refuseCall(name, t);
  const operand = work.out.splice(from);
  work.open.push({ closes: "rparen", name: { ...t, text: name, value: name }, at: from, starts: [from + 1] });
  work.out.push(t, ...operand);
  // Arguments follow the operand, if there are any.
  if (tokens[at + 2]?.type !== "rparen") {
    work.out.push({ ...t, type: "comma", text: "," });
    work.open.at(-1)?.starts.push(work.out.length);
  }
  return at + 2;
}

const COUNTS: Readonly<Record<string, string>> = { ".size": "numel", ".shape[0]": "nrow", ".shape[1]": "ncol" };

/** The function that x.size, X.shape[0] and X.shape[1] are, and the place behind it. */
function countAt(tokens: readonly Token[], at: number): { readonly name: string; readonly end: number } | undefined {
  if (tokens[at + 1]?.type === "lparen") return undefined;
  const end = tokens[at + 1]?.type === "lbracket" ? at + 4 : at + 1;
  const name =
    COUNTS[
      tokens
        .slice(at, end)
        .map((t) => t.text)
        .join("")
    ];
  return name === undefined ? undefined : { name, end };
}

function call(work: Work, at: number, name: string, token: Token): number {
  const { tokens } = work;
  if (tokens[at - 1]?.text !== "np" && tokens[at - 1]?.text !== "numpy" && (name === "var" || name === "std") && isMember(token))
    refuseCall(name, token);
  work.open.push({ closes: "rparen", name: { ...token, text: name, value: name }, at: work.out.length, starts: [work.out.length + 1] });
  work.out.push(tokens[at + 1] as Token);
  return at + 2;
}

// norm(X, 'fro')
const hasString = (tokens: readonly Token[], from: number): boolean =>
  directlyInside(tokens, from).some((i) => tokens[i]?.type === "string");

/** Where the operand begins that the tokens end with: a name, a call, a bracket, with what stands behind it. */
function startOfOperand(out: readonly Token[]): number | undefined {
  let at = out.length - 1;
  for (;;) {
    while (RAISED.has(out[at]?.type ?? "")) at--;
    const t = out[at];
    if (t === undefined) return undefined;
    if (t.type === "name" || t.type === "number") return at;
    if (!CLOSERS.has(t.type)) return undefined;
    let depth = 0;
    do {
      const { type } = out[at] as Token;
      if (CLOSERS.has(type)) depth++;
      else if (CLOSER[type] !== undefined) depth--;
      at--;
    } while (depth > 0 && at >= 0);
    const opener = out[at + 1] as Token;
    const before = out[at];
    const isBehind =
      before !== undefined && !opener.spaced && (before.type === "name" || (opener.type === "lbracket" && CLOSERS.has(before.type)));
    if (!isBehind) return at + 1;
  }
}
