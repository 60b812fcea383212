// Functions that a text defines: f(x) = x^3 makes f a name for its value, f(x) is f from then on, f(a + b) the value
// there, written out, f'(x) its derivative, ∇f(x) its gradient and ∇²f(x) its Hessian.
//
// Invariants: only statements are definitions in which one name stands before names in brackets; the names there are
// variables of the whole text. Every token that is written leads back to its place; depth costs no stack. Not here: what
// is written for a use (uses.ts), and what LaTeX makes of f(x) before (latex/constructs/scripted.ts).

import { fail } from "../../base/diagnostic.ts";
import { orderOf } from "../../base/order.ts";
import { span } from "../../base/span.ts";
import { GLUED } from "../desugar/differentials.ts";
import { type Token, tokenize } from "../tokens/lexer.ts";
import { CLOSER, CLOSERS, joinLines, namesStated, outsideBrackets, pairBrackets } from "../tokens/statements.ts";
import { assemble, type Piece, rewritten, type Translation } from "../tokens/writer.ts";
import { withMappings } from "./heads.ts";
import { definitionsInFront } from "./inFront.ts";
import { arrowOf, hasRow, headOf, needsOf, paramsOf, type Statement, signOf, statementsIn } from "./statements.ts";
import { type Body, type BodyOptions, type Call, type Item, type Mention, type Writing, writeAlone, writeCall } from "./uses.ts";
import { indicesIn } from "./values.ts";

/** Reads texts one after the other, each with the functions that those before have defined. */
export interface Bodies {
  /** The text with its functions written out and its definitions in front; undefined where it has none. Throws an InputError where a value cannot be written out. */
  readonly written: (text: string) => Translation | undefined;
}

/** A statement that may be a definition: most texts have none. */
const DEFINING = /\)\s*:?=(?!=)/;
const MARKS: Readonly<Record<string, number>> = { "″": 2, "‴": 3 };

/** Most calls inside each other. */
const MOST_NESTED = 1000;
/** What parts the types of several arguments. */
const PARTS: ReadonlySet<string> = new Set(["times", "comma"]);

/** A reader of texts that define functions. */
export function createBodies(options: BodyOptions): Bodies {
  const bodies = new Map<string, Body>();
  const values = new Map<string, readonly Item[]>();
  const writtenOut = (source: string): Translation | undefined => {
    if (bodies.size === 0 && !DEFINING.test(source)) return undefined;
    const raw = tokenize(source);
    if (raw.at(-1)?.type === "bad") return undefined;
    const tokens = joinLines(raw, pairBrackets(raw));
    const partner = pairBrackets(tokens);
    const writing: Writing = {
      source,
      tokens,
      partner,
      bodies,
      values,
      options,
      out: [],
      prelude: [],
      derivativesInside: false,
      hasRow: false,
      side: 0,
      copied: 0,
      indices: new Set(),
      changed: false,
    };
    const items = writeStatements(writing);
    return writing.changed ? assemble(piecesOf(items), source.length) : undefined;
  };
  const passes = [withMappings, definitionsInFront, writtenOut];
  return {
    written: (source) =>
      passes.reduce<Translation | undefined>((before, pass) => (before === undefined ? pass(source) : rewritten(before, pass)), undefined),
  };
}

const piecesOf = (items: readonly Item[]): Piece[] =>
  items.flatMap(({ gap, text, start, end }) => [
    ...(gap === "" ? [] : [{ text: gap, start, end: start, glued: true }]),
    { text, start, end, glued: true },
  ]);

/** Writes the statements of a text, each behind those that define what it mentions, and gives what is written as they stand. */
function writeStatements(w: Writing): Item[] {
  const { tokens, out } = w;
  const statements = statementsIn(tokens);
  const mapped = new Set(statements.flatMap((s) => (arrowOf(tokens, s) === undefined ? [] : [(tokens[s.from] as Token).value])));
  const stated = new Set([...namesStated(tokens)].filter((name) => !mapped.has(name)));
  const written = new Map<number, Item[]>();
  for (const k of orderOf(needsOf(w, statements)) ?? statements.keys()) {
    const begin = out.length;
    writeStatement(w, statements, k, stated);
    written.set(k, out.slice(begin));
  }
  const ends = statements.map(({ to }) => to);
  return [-1, ...statements.keys()].flatMap((k) => [
    ...(written.get(k) ?? []),
    ...range(ends[k] ?? 0, statements[k + 1]?.from ?? tokens.length).map((at) => itemAt(w, at)),
  ]);
}

const range = (from: number, to: number): number[] => Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);

function writeStatement(w: Writing, statements: readonly Statement[], k: number, stated: ReadonlySet<string>): void {
  const { tokens, out, bodies, values, options } = w;
  const s = statements[k] as Statement;
  const isLast = k === statements.length - 1;
  const head = headOf(w, s, stated, isLast);
  const derivativesInside = isLast && head === undefined && options.derivativesInside === true;
  const signs = tokens.slice(s.from, s.to).filter(({ type }) => type === "sigma");
  const indices = new Set(signs.flatMap(({ value }) => indicesIn(value)));
  Object.assign(w, { side: out.length, prelude: [], derivativesInside, hasRow: derivativesInside && hasRow(w, s), indices });
  const params = paramsOf(w, statements, k, stated);
  const begin = out.length;
  if (params !== undefined) {
    writeParams(w, s, params);
    return;
  }
  const name = (tokens[s.from] as Token).value;
  if (head !== undefined) {
    out.push(itemAt(w, s.from));
    writeRange(w, head.equals, s.to);
    bodies.set(name, { params: head.params, items: out.slice(w.side) });
    w.changed = true;
  } else {
    writeRange(w, s.from, s.to);
    out.splice(begin, 0, ...w.prelude);
  }
  const isDefinition = signOf(tokens, w.partner, s) !== undefined && !(isLast && options.isKnown(name));
  if (isDefinition) values.set(name, out.slice(w.side));
}

/** Writes f : R^n × R^m → R as x : R^n; y : R^m. */
function writeParams(w: Writing, s: Statement, params: readonly string[]): void {
  const { tokens, out } = w;
  const arrow = arrowOf(tokens, s) as number;
  const name = tokens[s.from]?.value;
  const place = { start: (tokens[s.from] as Token).start, end: (tokens[s.to - 1] as Token).end };
  const item = (text: string): Item => ({ type: "name", text, value: text, gap: "", ...place });
  const ends = [...outsideBrackets(tokens, s.from + 2, arrow).filter((i) => PARTS.has((tokens[i] as Token).type)), arrow];
  if (ends.length !== params.length)
    fail("declaration", `${name} is declared with ${ends.length} and defined with ${params.length} as the number of its arguments`, place, {
      fix: `R^n × R^m → R for ${name}(x, y)`,
    });
  let begin = s.from + 2;
  for (const [k, param] of params.entries()) {
    const end = ends[k] as number;
    out.push(item(`${k === 0 ? "" : "; "}${param} : `));
    for (let i = begin; i < end; i++) out.push(itemAt(w, i));
    begin = end + 1;
  }
  w.changed = true;
}

function itemAt({ source, tokens }: Writing, at: number): Item {
  const { type, text, value, start, end } = tokens[at] as Token;
  return { type, text, value, start, end, gap: source.slice(tokens[at - 1]?.end ?? 0, start) };
}

/** Writes the tokens of a statement from one place to another. */
function writeRange(w: Writing, from: number, to: number): void {
  const { tokens, out } = w;
  const calls: Call[] = [];
  const brackets: number[] = [];
  for (let i = from; i < to; i++) {
    const t = tokens[i] as Token;
    const call = calls.at(-1);
    if (CLOSERS.has(t.type) && brackets.pop() === call?.open && call !== undefined) {
      calls.pop();
      writeCall(w, call, i, endsSide(tokens[i + 1], i + 1 === to));
      continue;
    }
    const mention = mentionAt(w, i);
    if (mention !== undefined) {
      const behind = i + 1 + marksAt(tokens, i + 1).count;
      if (isCalled(w, mention, behind)) {
        if (calls.length >= MOST_NESTED)
          fail("limit", `functions that the text defines stand more than ${MOST_NESTED} deep in each other`, mention.token, {
            fix: "names for parts",
          });
        brackets.push(behind);
        out.push(itemAt(w, i));
        calls.push({ ...mention, open: behind, args: [out.length] });
        i = behind;
        continue;
      }
      refusePower(w, mention, behind);
      if (mention.token.value === mention.name && writeAlone(w, mention, endsSide(tokens[behind], behind === to))) {
        i = behind - 1;
        continue;
      }
    }
    if (CLOSER[t.type] !== undefined) brackets.push(i);
    if (call !== undefined && t.type === "comma" && brackets.at(-1) === call.open) call.args.push(out.length + 1);
    out.push(itemAt(w, i));
    if (t.type === "equals" && brackets.length === 0) w.side = out.length;
  }
}

/** Refuses f²(x) and f^-1(x), which would be products of a power by x. */
function refusePower(w: Writing, mention: Mention, from: number): void {
  const { tokens, source, partner } = w;
  const open = exponentEnd(tokens, partner, from);
  if (open === from || !isCalled(w, mention, open)) return;
  const [start, end] = [mention.token.start, (tokens[w.partner[open] as number] as Token).end];
  const written = source.slice((tokens[open] as Token).start, end);
  const text = source.slice(start, end);
  fail("unsupported", `${text} may be a power, a function applied more than once or an inverse`, span(start, end), {
    fix: `${mention.name}${written}^2 for the square`,
  });
}

/** Where the exponent that begins at a place ends; the place itself where none does. */
function exponentEnd(tokens: readonly Token[], partner: Int32Array, from: number): number {
  const [raised, first] = [tokens[from]?.type, tokens[from + 1]?.type];
  if (raised === "superscript") return from + 1;
  if (raised !== "power") return from;
  if (first === "lbrace" || first === "lparen") return (partner[from + 1] as number) + 1;
  return from + (first === "minus" ? 3 : 2);
}

const endsSide = (next: Token | undefined, isEnd: boolean): boolean => isEnd || next?.type === "equals";

/** The marks behind a name, and how many tokens they are. */
function marksAt(tokens: readonly Token[], from: number): { marks: number; count: number } {
  let [marks, count] = [0, 0];
  for (let t = tokens[from]; t?.type === "prime" || t?.type === "transpose"; t = tokens[from + ++count]) marks += MARKS[t.text] ?? 1;
  return { marks, count };
}

/** The function that a name stands for; that of df is f. */
function mentionAt(w: Writing, at: number): Mention | undefined {
  const token = w.tokens[at] as Token;
  if (token.type !== "name") return undefined;
  const name = w.bodies.has(token.value) ? token.value : (GLUED.exec(token.value)?.[1] ?? "");
  const body = w.bodies.get(name);
  if (body === undefined) return undefined;
  const { gap } = itemAt(w, at);
  return { name, body, token, marks: marksAt(w.tokens, at + 1).marks, gap, from: w.out.length };
}

/** Whether a name stands behind the bracket or the comma at a place. */
const isArgument = (tokens: readonly Token[], at: number, name: string, isFurther: boolean): boolean =>
  tokens[at + 1]?.value === name && (!isFurther || tokens[at]?.type === "comma");

/** Whether the bracket at a place holds arguments; those of f (2) and f(1 - f) are factors. */
function isCalled({ tokens, partner }: Writing, { name, body, marks }: Mention, open: number): boolean {
  const bracket = tokens[open];
  const close = partner[open] ?? -1;
  if (bracket?.type !== "lparen" || close < 0) return false;
  const { params } = body;
  const isHere = close - open === 2 * params.length && params.every((p, k) => isArgument(tokens, open + 2 * k, p, k > 0));
  if (isHere || (bracket.spaced && marks === 0)) return isHere;
  for (let i = open + 1; i < close; i++) if (tokens[i]?.value === name && tokens[i + 1]?.type !== "lparen") return false;
  return true;
}
