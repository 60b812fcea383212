// Functions and sums: with brackets, without, with an exponent at the name.
//
// Invariant: an argument without brackets is opened here and closed in delimiters.ts, the one
// place that says how far it reaches.

import { fail } from "../../../base/diagnostic.ts";
import { join } from "../../../base/span.ts";
import { DELIMITERS, FUNCTIONS, IGNORED, INDEXED, SPELLED, TAKES_PRODUCT } from "../commands.ts";
import type { LatexToken } from "../scan.ts";
import { bare, readBelow, sizeProduct } from "../scripts.ts";
import { argumentAt, first, placeOf, type RangeJob, range, spanOf, text, type Work, write } from "../work.ts";

/** The function that a word names, in the plain language; undefined for a variable or another word. */
export const functionName = (work: Work, word: string): string | undefined => {
  if (work.isVariable(word)) return undefined;
  const spelled = SPELLED[word] ?? word;
  return work.isFunction(spelled) || FUNCTIONS.has(`\\${spelled}`) ? spelled : undefined;
};

/** Whether an opening bracket stands at a position, with or without \left before it. */
export const opensAt = (work: Work, at: number): boolean => {
  const t = work.tokens[at];
  if (t === undefined) return false;
  if (t.text === "\\left" || /^\\[bB]igg?l?$/.test(t.text)) return opensAt(work, at + 1);
  return DELIMITERS.get(t.text)?.kind === "(";
};

/** Writes a function with its exponent, index and argument; gives the position behind what it took. `start` is where its name begins, `next` where it ends. */
export function writeFunction(work: Work, name: string, start: number, next: number, job: RangeJob): number {
  const { tokens } = work;
  const token = tokens[next - 1] as LatexToken;
  const place = tokens[start] === undefined ? spanOf(token) : join(spanOf(token), spanOf(tokens[start] as LatexToken));
  const { called, power, marks, next: behind } = withScripts(work, name, next, job.to);
  let i = behind;
  while (tokens[i]?.text === "'") i++;
  const opening = `${called}${"'".repeat(marks + i - behind)}(`;
  while (IGNORED.has(tokens[i]?.text ?? "") && tokens[i]?.kind === "command") i++;
  const raised = power === undefined ? {} : { power };
  if (i < job.to && opensAt(work, i)) {
    while (DELIMITERS.get(tokens[i]?.text ?? "")?.kind !== "(") i++;
    write(work, opening, place);
    job.open.push({ kind: "(", token: tokens[i] as LatexToken, from: i + 1, piece: work.pieces.length - 1, close: ")", ...raised });
    return i + 1;
  }
  const operand = tokens[i];
  if (operand === undefined || i >= job.to || (operand.kind === "sign" && operand.text !== "-" && operand.text !== "|"))
    fail("syntax", `${name} has no argument`, place, { fix: `${token.kind === "command" ? token.text : `\\operatorname{${name}}`}(x)` });
  // A group is an argument by itself: \operatorname{tr}{…}.
  write(work, opening, place);
  // An argument that is a sum has all of its summand: \log \sum_k a_k \exp(b_k).
  const takes = TAKES_PRODUCT.has(called) ? "product" : called === "sum" || INDEXED.has(operand.text) ? "term" : "factors";
  job.open.push({ kind: "argument", token, from: i, piece: work.pieces.length - 1, close: ")", takes, ...raised });
  return i;
}

/** A function with what stands above and below its name. */
interface ScriptedFunction {
  readonly called: string;
  /** The range of an exponent: sin^2 x. */
  readonly power?: readonly [from: number, to: number];
  /** How many marks of a derivative stand above: \tanh^{\prime}(x). */
  readonly marks: number;
  /** The position behind. */
  readonly next: number;
}

// log_2 is a function of its own, and sin^{-1} is asin.
function withScripts(work: Work, name: string, from: number, to: number): ScriptedFunction {
  let next = from;
  let called = name;
  let power: ScriptedFunction["power"];
  for (let k = 0; k < 2; k++) {
    const below = readBelow(work, next, to);
    const sign = work.tokens[next];
    if (below !== undefined) {
      const base = `${name}${below.plain}`;
      if (name !== "log" || !work.isFunction(base))
        fail("unsupported", `${called} with something below it is not understood`, placeOf(work, next, below.next), {
          fix: `\\operatorname{${called}}(x) of a vector, or what it is written out`,
        });
      called = base;
      next = below.next;
    } else if (next < to && sign?.kind === "super") {
      const above = argumentAt(work, next + 1, sign);
      power = [above.from, above.to];
      next = above.next;
    }
  }
  const above = power === undefined ? "" : bare(work, power[0], power[1]).replace(/\s+/g, "");
  if (power === undefined || MARKS.test(above)) return { called, marks: above.split("\\prime").length - 1, next };
  if (above !== "-1") return { called, power, marks: 0, next };
  const inverse = { sin: "asin", cos: "acos", tan: "atan" }[called];
  if (inverse === undefined)
    fail("unsupported", "−1 above a function is not understood", placeOf(work, power[0], power[1]), { fix: "\\arcsin, or a fraction" });
  return { called: inverse, marks: 0, next };
}

const MARKS = /^(?:\\prime)+$/;

/** Writes \sqrt{…} and \sqrt[3]{…}; gives the position behind. */
export function writeRoot(work: Work, at: number): number {
  const t = work.tokens[at] as LatexToken;
  let i = at + 1;
  let degree: readonly [number, number] | undefined;
  if (work.tokens[i]?.text === "[") {
    let close = i + 1;
    while (close < work.tokens.length && work.tokens[close]?.text !== "]") close++;
    if (close === work.tokens.length) fail("syntax", "this [ is never closed", spanOf(work.tokens[i] as LatexToken), { fix: "add ]" });
    degree = [i + 1, close];
    i = close + 1;
  }
  const { from, to, next } = argumentAt(work, i, t);
  const place = spanOf(t);
  const end = placeOf(work, from, to);
  if (degree === undefined) first(work, text("sqrt(", place), range(from, to), text(")", end, true));
  else first(work, text("(", place), range(from, to), text(")^(1/(", end, true), range(degree[0], degree[1]), text("))", end, true));
  return next;
}

/** How indices of a sum may stand to each other. */
const RELATIONS: readonly (readonly [RegExp, string])[] = [
  [/\\neq?(?![a-z])|\\not\s*=/g, "≠"],
  [/\\le(?:q|qslant)?(?![a-z])/g, "≤"],
  [/\\ge(?:q|qslant)?(?![a-z])/g, "≥"],
  [/\\lt(?![a-z])/g, "<"],
  [/\\gt(?![a-z])/g, ">"],
];

/** Writes \sum, \prod or Σ with its index; gives the position of the summand. */
export function writeSum(work: Work, at: number, job: RangeJob): number {
  let i = at + 1;
  let index: string | undefined;
  let upper: string | undefined;
  while (work.tokens[i]?.text === "\\limits" || work.tokens[i]?.text === "\\nolimits") i++;
  for (let k = 0; k < 2; k++) {
    const below = readBelow(work, i, job.to);
    if (below !== undefined) {
      index = RELATIONS.reduce((plain, [mark, sign]) => plain.replace(mark, sign), below.plain).replace(/\s+/g, "");
      i = below.next;
    } else if (i < job.to && work.tokens[i]?.kind === "super") {
      const above = argumentAt(work, i + 1, work.tokens[i] as LatexToken);
      upper = sizeProduct(bare(work, above.from, above.to));
      i = above.next;
    }
  }
  const place = placeOf(work, at, i);
  const word = INDEXED.get((work.tokens[at] as LatexToken).text) ?? "sum";
  if (index === undefined) return writeFunction(work, word, at, at + 1, job);
  if (!/^[\p{L}\p{N},=+≠≤≥<>-]+$/u.test(index) || (upper !== undefined && !/^[\p{L}\p{N}()*+-]+$/u.test(upper)))
    fail("unsupported", `the bounds of this ${word === "sum" ? "sum" : "product"} are not understood`, place, {
      fix: "\\sum_{i=1}^{n}, or \\sum_i",
    });
  write(work, `${word}_{${index}}${upper === undefined || !index.includes("=") ? "" : `^{${upper}}`}`, place);
  return i;
}
