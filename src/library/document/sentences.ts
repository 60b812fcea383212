// One formula to its statements: aligned lines joined into chains, chains cut at their
// relations, several statements in one formula parted.
//
// Invariant: every side keeps its place in the document. Nothing is understood here but the
// outermost structure of LaTeX.

import { type LatexToken, scan } from "../../syntax/latex/scan.ts";

/** One side of a chain of relations. */
export interface Side {
  readonly start: number;
  readonly end: number;
  /** What stands there, alignment and line breaks as white space. */
  readonly text: string;
}

/** Sides with the relations between them; one side alone states nothing. */
export interface Sentence {
  readonly sides: readonly Side[];
  readonly relations: readonly Relation[];
  /** Written with := or its like. */
  readonly defining: boolean;
}

/** How two sides are related. */
export type Relation = "=" | "element" | "other";

/** Commands that relate two sides. */
// biome-ignore format: one kind a row
const RELATIONS: ReadonlyMap<string, Relation> = new Map<string, Relation>([
  ["=", "="], ["\\equiv", "="], ["\\coloneqq", "="], ["\\triangleq", "="], ["≔", "="], ["\\doteq", "="], [":=", "="],
  ["\\in", "element"], ["∈", "element"],
  ...["<", ">", "≤", "≥", "≈", "\\le", "\\leq", "\\ge", "\\geq", "\\ne", "\\neq", "\\approx", "\\propto", "\\sim", "\\simeq", "\\ll", "\\gg", "\\succ", "\\succeq",
      "\\prec", "\\preceq", "\\leftarrow", "\\gets", "\\to", "\\rightarrow", "\\mapsto", "\\subset", "\\subseteq", "\\lt", "\\gt", "\\mid", "\\perp", "\\leqslant", "\\geqslant"]
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
const WORDS: ReadonlySet<string> = new Set(["\\text", "\\textrm", "\\mbox", "\\textit", "\\intertext", "\\shortintertext"]);

const LINES =
  /^(?:aligned|align|alignat|alignedat|split|gathered|gather|equation|multline|multlined|eqnarray|flalign|displaymath|math)\*?$/;
const NO_ARGUMENT: ReadonlySet<string> = new Set(["\\nonumber", "\\notag"]);

const JOINS: ReadonlySet<string> = new Set(["+", "-", "*", "/", "\\cdot", "\\times", "\\odot", "\\pm"]);
const WORD_BREAKS = /^(?:and|or|where|so|thus|hence|then|if|with|for|let|when|since|because|therefore|i\.e\.|.*\s.*)$/i;

type Element =
  | { readonly kind: "content"; readonly start: number; readonly end: number; readonly joins: boolean }
  | { readonly kind: "relation"; readonly relation: Relation; readonly defines: boolean }
  | { readonly kind: "row" | "part" | "comma" };

/** The statements of a formula that stands between two places of a document. */
export function sentencesOf(text: string, from: number, to: number): Sentence[] {
  const { elements, blanks } = elementsOf(text, scan(text, from, to));
  const out: Sentence[] = [];
  let sides: Side[] = [];
  let relations: Relation[] = [];
  let defining = false;
  let current: { start: number; end: number } | undefined;
  const side = (): void => {
    const made = current === undefined ? undefined : trimmed(text, current, blanks);
    if (made !== undefined) sides.push(made);
    current = undefined;
  };
  const flush = (): void => {
    side();
    if (sides.length > 0) out.push({ sides, relations: relations.slice(0, sides.length - 1), defining });
    sides = [];
    relations = [];
    defining = false;
  };
  elements.forEach((e, i) => {
    const next = elements[i + 1];
    switch (e.kind) {
      case "content":
        current = { start: current?.start ?? e.start, end: e.end };
        break;
      case "relation":
        side();
        if (sides.length > relations.length) relations.push(e.relation);
        defining ||= e.defines;
        break;
      case "row":
        // A line goes on with the one before where that is not complete, or where it begins with a sign.
        if (current === undefined || next?.kind === "relation" || (next?.kind === "content" && next.joins)) break;
        flush();
        break;
      case "comma": {
        // Names before "∈" are a list.
        const after = elements.slice(i + 1, i + 12).find((x) => x.kind !== "content" && x.kind !== "comma");
        if (sides.length === 0 && after?.kind === "relation" && after.relation === "element") break;
        flush();
        break;
      }
      case "part":
        flush();
        break;
    }
  });
  flush();
  return out;
}

// The outermost structure: what stands in braces, brackets and other environments is content.
function elementsOf(text: string, tokens: readonly LatexToken[]): { elements: Element[]; blanks: Side[] } {
  const elements: Element[] = [];
  const blanks: Side[] = [];
  let brackets = 0;
  let environments = 0;
  let group = 0;
  let columns = false;
  let tabs = 0;
  const blank = (i: number, to: number): void => {
    for (let k = i; k < to; k++) {
      const t = tokens[k] as LatexToken;
      blanks.push({ start: t.start, end: t.end, text: "" });
    }
  };
  const content = (t: LatexToken): void => {
    const last = elements[elements.length - 1];
    if (last?.kind === "content") elements[elements.length - 1] = { ...last, end: t.end };
    else elements.push({ kind: "content", start: t.start, end: t.end, joins: JOINS.has(t.text) });
  };
  for (let i = 0; i < tokens.length; i++) {
    const t = tokens[i] as LatexToken;
    const name = t.text === "\\begin" || t.text === "\\end" ? nameAfter(text, tokens, i) : undefined;
    if (name !== undefined && LINES.test(name.text) && environments === 0) {
      let to = name.next;
      // alignedat takes a number.
      if (t.text === "\\begin" && /at\*?$/.test(name.text) && tokens[to]?.kind === "open") to = closeOf(tokens, to) + 1;
      blank(i, to);
      columns = t.text === "\\begin" && COLUMNS.test(name.text);
      tabs = 0;
      if (t.text === "\\end" || elements.length > 0) elements.push({ kind: "row" });
      i = to - 1;
      continue;
    }
    if (t.text === "\\begin") environments++;
    if (t.text === "\\end") environments = Math.max(0, environments - 1);
    if (t.kind === "open") group++;
    if (t.kind === "close") group = Math.max(0, group - 1);
    if (OPENS.has(t.text)) brackets++;
    if (CLOSES.has(t.text)) brackets = Math.max(0, brackets - 1);
    const outside = environments === 0 && group === 0;
    const relation = outside && brackets === 0 ? relationAt(tokens, i) : undefined;
    if (outside && t.text === "\\\\") {
      brackets = 0;
      tabs = 0;
      const bracket =
        tokens[i + 1]?.text === "[" && tokens[i + 2]?.kind === "number" ? tokens.findIndex((x, k) => k > i && x.text === "]") : -1;
      const to = bracket > 0 && bracket < i + 8 ? bracket + 1 : i + 1;
      blank(i, to);
      elements.push({ kind: "row" });
      i = to - 1;
    } else if (outside && columns && t.text === "&" && ++tabs % 2 === 0 && elements[elements.length - 1]?.kind === "content") {
      elements.push({ kind: "part" });
    } else if (
      outside &&
      QUADS.has(t.text) &&
      elements[elements.length - 1]?.kind !== "content" &&
      elements[elements.length - 1]?.kind !== "comma"
    )
      blank(i, i + 1);
    else if (outside && (t.text === "&" || NO_ARGUMENT.has(t.text))) blank(i, i + 1);
    else if (outside && (t.text === "\\label" || t.text === "\\tag") && tokens[i + 1]?.kind === "open") {
      const to = closeOf(tokens, i + 1) + 1;
      blank(i, to);
      i = to - 1;
    } else if (outside && WORDS.has(t.text) && tokens[i + 1]?.kind === "open" && isWords(text, tokens, i)) {
      const to = closeOf(tokens, i + 1) + 1;
      blank(i, to);
      elements.push({ kind: "part" });
      i = to - 1;
    } else if (relation !== undefined) {
      elements.push({ kind: "relation", ...relation.is });
      i += relation.length - 1;
    } else if (outside && brackets === 0 && (PARTS.has(t.text) || t.text === ";")) elements.push({ kind: "part" });
    else if (outside && brackets === 0 && t.text === ",") elements.push({ kind: "comma" });
    else content(t);
  }
  return { elements, blanks };
}

/** Environments in which every second & parts two equations. */
const COLUMNS = /^(?:align|aligned|alignat|alignedat|flalign)\*?$/;
const QUADS: ReadonlySet<string> = new Set(["\\quad", "\\qquad"]);
const OPENS: ReadonlySet<string> = new Set(["(", "[", "\\{", "\\lbrace", "\\langle"]);
const CLOSES: ReadonlySet<string> = new Set([")", "]", "\\}", "\\rbrace", "\\rangle"]);

function relationAt(
  tokens: readonly LatexToken[],
  i: number,
): { is: { relation: Relation; defines: boolean }; length: number } | undefined {
  const t = tokens[i] as LatexToken;
  const joined = t.text === ":" && tokens[i + 1]?.text === "=";
  const text = joined ? ":=" : t.text;
  const relation = RELATIONS.get(text);
  return relation === undefined ? undefined : { is: { relation, defines: DEFINES.has(text) }, length: joined ? 2 : 1 };
}

const closeOf = (tokens: readonly LatexToken[], open: number): number => {
  let depth = 0;
  for (let i = open; i < tokens.length; i++) {
    if (tokens[i]?.kind === "open") depth++;
    else if (tokens[i]?.kind === "close" && --depth === 0) return i;
  }
  return tokens.length - 1;
};

function nameAfter(text: string, tokens: readonly LatexToken[], at: number): { text: string; next: number } | undefined {
  if (tokens[at + 1]?.kind !== "open") return undefined;
  const close = closeOf(tokens, at + 1);
  return { text: text.slice((tokens[at + 1] as LatexToken).end, (tokens[close] as LatexToken).start), next: close + 1 };
}

const isWords = (text: string, tokens: readonly LatexToken[], at: number): boolean =>
  WORD_BREAKS.test(nameAfter(text, tokens, at)?.text.trim() ?? "");

const LEADING = /^(?:[\s.,;&~]|\\[,;:! ]|\\quad|\\displaystyle)+/;
const TRAILING = /(?:[\s.,;&~]|\\[,;:! ]|\\quad)+$/;

// The side without spaces and stops around it; what is only structure becomes white space.
function trimmed(text: string, { start, end }: { start: number; end: number }, blanks: readonly Side[]): Side | undefined {
  // Blanks stand in order, so the first one of the side is found by halving.
  let [low, high] = [0, blanks.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((blanks[middle] as Side).start < start) low = middle + 1;
    else high = middle;
  }
  let out = "";
  let at = start;
  for (let b = blanks[low]; b !== undefined && b.end <= end; b = blanks[++low]) {
    out += text.slice(at, b.start) + " ".repeat(b.end - b.start);
    at = b.end;
  }
  out += text.slice(at, end);
  const lead = LEADING.exec(out)?.[0].length ?? 0;
  const body = out.slice(lead).replace(TRAILING, "");
  return body === "" ? undefined : { start: start + lead, end: start + lead + body.length, text: body };
}
