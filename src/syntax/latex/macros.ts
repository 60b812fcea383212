// The user's own commands: \newcommand, \def, \DeclareMathOperator are taken out of the
// tokens, and what they define is put in where it is used.
//
// Invariant: expansion is bounded in depth and in length, so a macro that calls itself ends
// with a message. What came out of a macro has the place of the call, its arguments their own.

import { fail } from "../../base/diagnostic.ts";
import { span } from "../../base/span.ts";
import type { LatexToken } from "./scan.ts";

/** What a macro stands for. */
export interface Macro {
  readonly parameters: number;
  /** The value of the first parameter where it is left out. */
  readonly preset?: readonly LatexToken[];
  readonly body: readonly LatexToken[];
}

/** Macros inside macros. */
const DEEPEST = 100;
/** Tokens after expansion. */
const LONGEST = 200_000;

const DEFINING: ReadonlySet<string> = new Set([
  "\\newcommand",
  "\\newcommand*",
  "\\renewcommand",
  "\\renewcommand*",
  "\\providecommand",
  "\\def",
  "\\let",
  "\\DeclareMathOperator",
  "\\DeclareMathOperator*",
]);

/** Whether a command defines another one. */
const isDefining = (text: string): boolean => DEFINING.has(text);

/** The definition that begins at a position; undefined where it is not understood. */
export function readMacro(
  tokens: readonly LatexToken[],
  at: number,
  match: Int32Array,
): { readonly name: string; readonly macro: Macro; readonly next: number } | undefined {
  const kind = tokens[at]?.text as string;
  let i = at + 1;
  if (tokens[i]?.text === "*") i++;
  const braced = tokens[i]?.kind === "open";
  const named = tokens[braced ? i + 1 : i];
  if (named?.kind !== "command") return undefined;
  i = braced ? (match[i] as number) + 1 : i + 1;
  if (i <= at) return undefined;
  if (kind === "\\let") {
    if (tokens[i]?.text === "=") i++;
    const other = tokens[i];
    return other === undefined ? undefined : { name: named.text, macro: { parameters: 0, body: [other] }, next: i + 1 };
  }
  let parameters = 0;
  let preset: LatexToken[] | undefined;
  if (kind === "\\def") for (; tokens[i]?.kind === "parameter"; i++) parameters++;
  else {
    if (tokens[i]?.text === "[" && tokens[i + 1]?.kind === "number") {
      parameters = Number(tokens[i + 1]?.text);
      i += 3;
    }
    if (tokens[i]?.text === "[") {
      const end = tokens.findIndex((t, k) => k > i && t.text === "]");
      if (end < 0) return undefined;
      preset = tokens.slice(i + 1, end);
      i = end + 1;
    }
  }
  if (tokens[i]?.kind !== "open" || (match[i] as number) < 0) return undefined;
  const inner = tokens.slice(i + 1, match[i] as number);
  const body = kind.startsWith("\\DeclareMathOperator") ? operatorName(named, inner) : inner;
  const macro = { parameters, body, ...(preset === undefined ? {} : { preset }) };
  return { name: named.text, macro, next: (match[i] as number) + 1 };
}

function operatorName(at: LatexToken, inner: readonly LatexToken[]): LatexToken[] {
  const { start, end } = at;
  const sign = (kind: LatexToken["kind"], text: string): LatexToken => ({ kind, text, start, end, spaced: false });
  return [sign("command", "\\operatorname"), sign("open", "{"), ...inner, sign("close", "}")];
}

/** The tokens with definitions taken out and macros put in; `known` are macros from elsewhere. */
export function expand(tokens: readonly LatexToken[], match: Int32Array, known: ReadonlyMap<string, Macro> = new Map()): LatexToken[] {
  const macros = new Map(known);
  const out: LatexToken[] = [];
  // Tokens that are still to be read, the next one last.
  const ahead: LatexToken[] = [];
  let made = 0;
  const room = (more: number, at: LatexToken): void => {
    made += more;
    if (made > LONGEST) fail("limit", `the macros of this text grow beyond ${LONGEST} tokens at ${at.text}`, span(at.start, at.end));
  };
  for (let i = 0; i < tokens.length || ahead.length > 0; ) {
    const t = (ahead.pop() ?? tokens[i++]) as LatexToken;
    if (t.kind === "command" && ahead.length === 0 && isDefining(t.text)) {
      const read = readMacro(tokens, i - 1, match);
      if (read === undefined)
        fail("syntax", `this ${t.text} is not understood`, span(t.start, t.end), { fix: "\\newcommand{\\w}{\\mathbf{w}}" });
      macros.set(read.name, read.macro);
      i = read.next;
      continue;
    }
    const macro = t.kind === "command" ? macros.get(t.text) : undefined;
    if (macro === undefined) {
      room(1, t);
      out.push(t);
      continue;
    }
    const depth = (t.depth ?? 0) + 1;
    if (depth > DEEPEST) fail("limit", `the macro ${t.text} expands for ever`, span(t.start, t.end), { fix: "define it without itself" });
    const values = readArguments(macro, t, () => ahead.pop() ?? tokens[i++], ahead);
    const body = macro.body.flatMap((b): readonly LatexToken[] =>
      b.kind === "parameter" ? (values[Number(b.text.slice(1)) - 1] ?? []) : [{ ...b, start: t.start, end: t.end, depth }],
    );
    room(body.length, t);
    for (let k = body.length - 1; k >= 0; k--)
      ahead.push(k === 0 ? { ...(body[0] as LatexToken), spaced: t.spaced } : (body[k] as LatexToken));
  }
  return out;
}

type Next = () => LatexToken | undefined;

/** What stands for the parameters of a macro at a token; the first may be left out where it has a preset. */
function readArguments({ parameters, preset }: Macro, of: LatexToken, next: Next, ahead: LatexToken[]): readonly (readonly LatexToken[])[] {
  return Array.from({ length: parameters }, (_, k) =>
    k === 0 && preset !== undefined ? (readOptional(next, ahead) ?? preset) : readArgument(next, of),
  );
}

function readArgument(next: Next, of: LatexToken): LatexToken[] {
  const first = next();
  if (first === undefined) fail("syntax", `${of.text} wants an argument`, span(of.start, of.end), { fix: `${of.text}{…}` });
  if (first.kind !== "open") return [first];
  const out: LatexToken[] = [];
  for (let depth = 1; ; ) {
    const t = next();
    if (t === undefined) fail("syntax", "this { is never closed", span(first.start, first.end), { fix: "add }" });
    depth += t.kind === "open" ? 1 : t.kind === "close" ? -1 : 0;
    if (depth === 0) return out;
    out.push(t);
  }
}

function readOptional(next: Next, ahead: LatexToken[]): LatexToken[] | undefined {
  const first = next();
  if (first?.text !== "[") {
    if (first !== undefined) ahead.push(first);
    return undefined;
  }
  const out: LatexToken[] = [];
  for (let t = next(); t !== undefined && t.text !== "]"; t = next()) out.push(t);
  return out;
}
