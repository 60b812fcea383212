// D_{KL}(p \| q) and \mathrm{KL}(p \,\|\, q): the bars part the two distributions.
//
// Invariant: a token pass before the translation, which sees a function of two arguments; a KL without bars between its
// brackets, such as a product of K and L, stays as it is.

import { nestingOf } from "./commands.ts";
import type { LatexToken } from "./scan.ts";

const BARS: ReadonlySet<string> = new Set(["\\|", "\\Vert", "‖", "\\parallel"]);
const SIZES = /^\\(?:left|[bB]igg?l?)$/;

/** The divergence of Kullback and Leibler as a function of the plain language: kldiv(p, q). */
export function divergences(tokens: readonly LatexToken[]): readonly LatexToken[] {
  const commas = new Set<number>();
  const out: LatexToken[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as LatexToken;
    const end = endOfName(tokens, i);
    const bars = end === undefined ? undefined : barsWithin(tokens, SIZES.test(tokens[end]?.text ?? "") ? end + 1 : end);
    if (end === undefined || bars === undefined) {
      out.push(commas.has(i) ? { ...token, kind: "sign", text: "," } : token);
      continue;
    }
    commas.add(bars);
    out.push({ ...token, kind: "command", text: "\\kldiv", end: (tokens[end - 1] as LatexToken).end });
    i = end - 1;
  }
  return out;
}

// Behind KL, \mathrm{KL}, \operatorname{KL}, D_{KL} or D_{\mathrm{KL}}; undefined where none begins.
function endOfName(tokens: readonly LatexToken[], at: number): number | undefined {
  const isIndexed = tokens[at]?.text === "D" && tokens[at + 1]?.kind === "sub";
  let i = isIndexed ? at + 2 : at;
  const opened = [];
  for (; tokens[i]?.kind === "open" || WORDS.has(tokens[i]?.text ?? ""); i++) if (tokens[i]?.kind === "open") opened.push(i);
  if (tokens[i]?.text !== "K" || tokens[i + 1]?.text !== "L") return undefined;
  i += 2;
  for (const _ of opened) if (tokens[i++]?.kind !== "close") return undefined;
  return i;
}

const WORDS: ReadonlySet<string> = new Set(["\\mathrm", "\\operatorname", "\\text", "\\textrm", "\\mathsf", "\\rm"]);

// The bars between the arguments of the brackets that open at a position.
function barsWithin(tokens: readonly LatexToken[], open: number): number | undefined {
  if (nestingOf(tokens[open]?.text ?? "") !== 1) return undefined;
  const found: number[] = [];
  let depth = 1;
  for (let i = open + 1; i < tokens.length && depth > 0; i++) {
    const { text } = tokens[i] as LatexToken;
    depth += nestingOf(text);
    if (depth === 1 && BARS.has(text)) found.push(i);
  }
  return depth === 0 && found.length === 1 ? found[0] : undefined;
}
