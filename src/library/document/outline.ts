// The outermost structure of a formula: relations, line breaks, parts and commas, and the
// content between them.
//
// Invariant: what stands in braces, brackets and other environments is content. Each token is
// looked at once.

import type { Span } from "../../base/span.ts";
import { nestingOf } from "../../syntax/latex/commands.ts";
import type { LatexToken } from "../../syntax/latex/scan.ts";

/** How two sides are related. */
export type Relation = "=" | "element" | "maps" | "mapsto" | "other";

/** Commands that relate two sides. */
// biome-ignore format: one kind a row
const RELATIONS: ReadonlyMap<string, Relation> = new Map<string, Relation>([
  ["=", "="], ["\\equiv", "="], ["\\coloneqq", "="], ["\\triangleq", "="], ["≔", "="], ["\\doteq", "="], [":=", "="],
  ["\\in", "element"], ["∈", "element"],
  ["\\to", "maps"], ["\\rightarrow", "maps"], ["→", "maps"], ["\\mapsto", "mapsto"], ["↦", "mapsto"],
  ...["<", ">", "≤", "≥", "≈", "\\le", "\\leq", "\\ge", "\\geq", "\\ne", "\\neq", "\\approx", "\\propto", "\\sim", "\\simeq", "\\ll", "\\gg", "\\succ", "\\succeq",
      "\\prec", "\\preceq", "\\leftarrow", "\\gets", "\\subset", "\\subseteq", "\\lt", "\\gt", "\\mid", "\\perp", "\\leqslant", "\\geqslant"]
    .map((sign): [string, Relation] => [sign, "other"]),
]);
const DEFINES: ReadonlySet<string> = new Set(["\\coloneqq", "\\triangleq", "≔", ":="]);

/** Commands between two statements. */
const PARTS: ReadonlySet<string> = new Set([
  "\\qquad",
  "\\quad",
  "\\Rightarrow",
  "\\implies",
  "\\Longrightarrow",
  "\\iff",
  "\\Leftrightarrow",
  "\\Longleftrightarrow",
  "\\therefore",
]);
/** Commands with words in a formula. */
export const BOXES: readonly string[] = ["text", "textrm", "mbox", "textit", "intertext", "shortintertext"];
const WORDS: ReadonlySet<string> = new Set(BOXES.map((box) => `\\${box}`));

const LINES =
  /^(?:aligned|align|alignat|alignedat|split|gathered|gather|equation|multline|multlined|eqnarray|flalign|displaymath|math)\*?$/;
const NO_ARGUMENT: ReadonlySet<string> = new Set(["\\nonumber", "\\notag"]);

const JOINS: ReadonlySet<string> = new Set(["+", "-", "*", "/", "\\cdot", "\\times", "\\odot", "\\pm"]);
const WORD_BREAKS = /^(?:and|or|where|so|thus|hence|then|if|with|for|let|when|since|because|therefore|i\.e\.|.*\s.*)$/i;

/** Environments in which every second & parts two equations. */
const COLUMNS = /^(?:align|aligned|alignat|alignedat|flalign)\*?$/;
const QUADS: ReadonlySet<string> = new Set(["\\quad", "\\qquad"]);

/** What the structure of a formula is made of: texts, signs of relations between them, and what parts rows, columns and items of a list. */
export type Element =
  | { readonly kind: "content"; readonly start: number; readonly end: number; readonly joins: boolean }
  | { readonly kind: "relation"; readonly relation: Relation; readonly defines: boolean }
  | { readonly kind: "row" | "part" | "comma" };

/** A formula while its structure is found. */
interface Outline {
  readonly text: string;
  readonly tokens: readonly LatexToken[];
  readonly elements: Element[];
  /** What is only structure, in order. */
  readonly blanks: Span[];
  /** How many brackets, groups and other environments are open. */
  brackets: number;
  groups: number;
  environments: number;
  /** Whether every second & parts two equations, and how many have stood in the line. */
  columns: boolean;
  tabs: number;
}

/** Takes what stands at a token; gives the place behind it, or undefined where it is something else. */
type Construct = (o: Outline, i: number) => number | undefined;

/** The structure of a formula. */
export function outlineOf(text: string, tokens: readonly LatexToken[]): Pick<Outline, "elements" | "blanks"> {
  const none = { brackets: 0, groups: 0, environments: 0, columns: false, tabs: 0 };
  const o: Outline = { text, tokens, elements: [], blanks: [], ...none };
  for (let i = 0; i < tokens.length; ) i = lines(o, i) ?? outermost(o, i) ?? content(o, i);
  return o;
}

/** The beginning or the end of an environment of lines. */
function lines(o: Outline, i: number): number | undefined {
  const t = tokenAt(o, i);
  const begins = t.text === "\\begin";
  const name = (begins || t.text === "\\end") && o.environments === 0 ? nameAfter(o, i) : undefined;
  if (name === undefined || !LINES.test(name.text)) return undefined;
  // alignedat takes a number.
  const takesNumber = begins && /at\*?$/.test(name.text) && o.tokens[name.next]?.kind === "open";
  const to = takesNumber ? closeOf(o.tokens, name.next) + 1 : name.next;
  o.columns = begins && COLUMNS.test(name.text);
  o.tabs = 0;
  if (!begins || o.elements.length > 0) o.elements.push({ kind: "row" });
  return blank(o, i, to);
}

function outermost(o: Outline, i: number): number | undefined {
  const t = tokenAt(o, i);
  if (t.text === "\\begin") o.environments++;
  if (t.text === "\\end") o.environments = Math.max(0, o.environments - 1);
  if (t.kind === "open") o.groups++;
  if (t.kind === "close") o.groups = Math.max(0, o.groups - 1);
  o.brackets = Math.max(0, o.brackets + nestingOf(t.text));
  if (o.environments > 0 || o.groups > 0) return undefined;
  for (const construct of o.brackets === 0 ? OUTSIDE : IN_BRACKETS) {
    const next = construct(o, i);
    if (next !== undefined) return next;
  }
  return undefined;
}

const lineBreak: Construct = (o, i) => {
  if (tokenAt(o, i).text !== "\\\\") return undefined;
  o.brackets = 0;
  o.tabs = 0;
  o.elements.push({ kind: "row" });
  // \\[2pt] has a length.
  const hasLength = o.tokens[i + 1]?.text === "[" && o.tokens[i + 2]?.kind === "number";
  const close = hasLength ? o.tokens.findIndex((x, k) => k > i && x.text === "]") : -1;
  return blank(o, i, close > 0 && close < i + 8 ? close + 1 : i + 1);
};

const tab: Construct = (o, i) => {
  if (tokenAt(o, i).text !== "&") return undefined;
  if (!o.columns || ++o.tabs % 2 !== 0 || o.elements.at(-1)?.kind !== "content") return blank(o, i, i + 1);
  o.elements.push({ kind: "part" });
  return i + 1;
};

/** White space where nothing ends, and what makes no difference. */
const space: Construct = (o, i) => {
  const { text } = tokenAt(o, i);
  const before = o.elements.at(-1)?.kind;
  const isIdle = QUADS.has(text) && before !== "content" && before !== "comma";
  return isIdle || NO_ARGUMENT.has(text) ? blank(o, i, i + 1) : undefined;
};

const label: Construct = (o, i) => {
  const { text } = tokenAt(o, i);
  return (text === "\\label" || text === "\\tag") && o.tokens[i + 1]?.kind === "open"
    ? blank(o, i, closeOf(o.tokens, i + 1) + 1)
    : undefined;
};

/** Words between two statements. */
const words: Construct = (o, i) => {
  const said = WORDS.has(tokenAt(o, i).text) ? nameAfter(o, i) : undefined;
  if (said === undefined || !WORD_BREAKS.test(said.text.trim())) return undefined;
  o.elements.push({ kind: "part" });
  return blank(o, i, said.next);
};

const relation: Construct = (o, i) => {
  const { text } = tokenAt(o, i);
  const joined = text === ":" && o.tokens[i + 1]?.text === "=";
  const sign = joined ? ":=" : text;
  const found = RELATIONS.get(sign);
  if (found === undefined) return undefined;
  o.elements.push({ kind: "relation", relation: found, defines: DEFINES.has(sign) });
  return i + (joined ? 2 : 1);
};

const part: Construct = (o, i) => {
  const { text } = tokenAt(o, i);
  if (!PARTS.has(text) && text !== ";" && text !== ",") return undefined;
  o.elements.push({ kind: text === "," ? "comma" : "part" });
  return i + 1;
};

/** What is looked for outside of groups and environments, the first that fits; in brackets, and outside of them. */
const IN_BRACKETS: readonly Construct[] = [lineBreak, tab, space, label, words];
const OUTSIDE: readonly Construct[] = [...IN_BRACKETS, relation, part];

function content(o: Outline, i: number): number {
  const t = tokenAt(o, i);
  const last = o.elements.at(-1);
  if (last?.kind === "content") o.elements[o.elements.length - 1] = { ...last, end: t.end };
  else o.elements.push({ kind: "content", start: t.start, end: t.end, joins: JOINS.has(t.text) });
  return i + 1;
}

/** Notes tokens as structure; gives the place behind them. */
function blank({ tokens, blanks }: Outline, from: number, to: number): number {
  for (const { start, end } of tokens.slice(from, to)) blanks.push({ start, end });
  return to;
}

const tokenAt = ({ tokens }: Outline, i: number): LatexToken => tokens[i] as LatexToken;

/** The text in the braces behind a command. */
function nameAfter({ text, tokens }: Outline, at: number): { readonly text: string; readonly next: number } | undefined {
  if (tokens[at + 1]?.kind !== "open") return undefined;
  const close = closeOf(tokens, at + 1);
  return { text: text.slice((tokens[at + 1] as LatexToken).end, (tokens[close] as LatexToken).start), next: close + 1 };
}

function closeOf(tokens: readonly LatexToken[], open: number): number {
  let depth = 0;
  for (let i = open; i < tokens.length; i++) {
    if (tokens[i]?.kind === "open") depth++;
    else if (tokens[i]?.kind === "close" && --depth === 0) return i;
  }
  return tokens.length - 1;
}
