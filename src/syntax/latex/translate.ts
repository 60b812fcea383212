// LaTeX mathematics to text of the plain language, token by token: so both notations have
// one grammar and one surface tree.
//
// Invariant: linear in the number of tokens; nesting is kept on explicit stacks. What is
// not understood ends with an InputError at its place, never with a guess.

import { fail } from "../../base/diagnostic.ts";
import type { Span } from "../../base/span.ts";
import { DELIMITERS, FUNCTIONS, IGNORED, IGNORED_WITH_ARGUMENT, OPERATORS, REFUSED, TRANSPARENT } from "./commands.ts";
import { closeArgument, closeDelimiter, endsArgument, writeDelimiter } from "./delimiters.ts";
import { writeEnvironment } from "./environments.ts";
import { differentialStands, quotientOfDifferentials, writeFraction, writeNabla } from "./fractions.ts";
import { functionName, writeFunction, writeRoot, writeSum } from "./functions.ts";
import { writeBase, writeGroup, writeName, writeNumber, writeOperatorName } from "./letters.ts";
import { expand, type Macro } from "./macros.ts";
import { readBase, type Styles, stylesOf } from "./names.ts";
import { type LatexToken, matchBraces, scan } from "./scan.ts";
import { writeIndex, writeSuperscript } from "./scripts.ts";
import { writeSpace } from "./spaces.ts";
import { argumentAt, begin, first, type Names, type RangeJob, range, spanOf, type Work, write } from "./work.ts";
import { assemble, endsOperand, type Translation } from "./writer.ts";

export interface LatexOptions extends Partial<Names> {
  /** Macros from elsewhere, such as the head of a document. */
  readonly macros?: ReadonlyMap<string, Macro>;
  /** Which letters the surrounding document uses in bold and without. */
  readonly styles?: Styles;
}

/** The text of the plain language for LaTeX mathematics. Throws an InputError with its place in the source. */
export function translate(source: string, options: LatexOptions = {}): Translation {
  const raw = scan(source);
  const tokens = doubleBars(singleDigits(expand(raw, matchBraces(raw), options.macros)));
  const work = begin(tokens, options.styles ?? stylesOf([tokens]), {
    isFunction: options.isFunction ?? (() => false),
    isVariable: options.isVariable ?? (() => false),
    isDefined: options.isDefined ?? (() => false),
  });
  for (let job = work.agenda[work.agenda.length - 1]; job !== undefined; job = work.agenda[work.agenda.length - 1]) {
    if (job.kind === "write") {
      work.agenda.pop();
      write(work, job.text, job.span, job.glued);
    } else if (job.at >= job.to) {
      if (!closeArgument(work, job)) work.agenda.pop();
    } else step(work, job);
  }
  return assemble(work.pieces, source.length);
}

// \frac12 takes single digits, and so do ^ and _.
function singleDigits(tokens: readonly LatexToken[]): LatexToken[] {
  return tokens.flatMap((t, i): LatexToken[] => {
    const before = tokens[i - 1];
    const short = before?.kind === "super" || before?.kind === "sub" || /^\\[dtc]?frac$/.test(before?.text ?? "");
    if (t.kind !== "number" || t.text.length === 1 || !short || !/^\d+$/.test(t.text)) return [t];
    const cut = /frac$/.test(before?.text ?? "") ? [...t.text] : [t.text.slice(0, 1), t.text.slice(1)];
    let start = t.start;
    const whole = t.end - t.start === t.text.length;
    return cut.map((d, k) => {
      const from = whole ? start : t.start;
      start += d.length;
      return { ...t, text: d, start: from, end: whole ? start : t.end, spaced: k === 0 && t.spaced };
    });
  });
}

// ||x|| is a norm; in |x||y| the bars are single.
function doubleBars(tokens: readonly LatexToken[]): LatexToken[] {
  const out: LatexToken[] = [];
  let single = false;
  for (let i = 0; i < tokens.length; i++) {
    const t = tokens[i] as LatexToken;
    const next = tokens[i + 1];
    if (t.kind !== "sign" || t.text !== "|") out.push(t);
    else if (!single && next?.kind === "sign" && next.text === "|" && !next.spaced) {
      out.push({ ...t, text: "‖", end: next.end });
      i++;
    } else {
      single = !single;
      out.push(t);
    }
  }
  return out;
}

function step(work: Work, job: RangeJob): void {
  const at = job.at;
  const t = work.tokens[at] as LatexToken;
  if (work.taken.has(at)) {
    job.at++;
    return;
  }
  if (endsArgument(work, job, t, at)) {
    closeArgument(work, job);
    return;
  }
  switch (t.kind) {
    case "super": {
      const place = spanOf(t);
      if (!endsOperand(work.pieces[work.pieces.length - 1]?.text)) fail("syntax", "this ^ stands above nothing", place);
      job.at = writeSuperscript(work, at);
      return;
    }
    case "sub":
      job.at = writeIndex(work, at);
      return;
    case "number":
      job.at = writeNumber(work, at);
      return;
    case "open":
      job.at = writeGroup(work, at);
      return;
    case "parameter":
      fail("syntax", `${t.text} stands only inside a macro`, spanOf(t));
      return;
    case "close":
      job.at++;
      return;
    case "letter":
      job.at = writeName(work, at, job);
      return;
    case "command":
      job.at = writeCommand(work, at, job);
      return;
    case "sign":
      job.at = writeSign(work, at, job);
      return;
  }
}

function writeSign(work: Work, at: number, job: RangeJob): number {
  const t = work.tokens[at] as LatexToken;
  if (DELIMITERS.has(t.text) && t.text !== ".") return writeDelimiter(work, at, job);
  if (t.text === ",") {
    const frame = job.open.findLast((f) => f.kind !== "argument");
    if (frame?.kind === "angle") write(work, ") .* (", spanOf(t), true);
    else write(work, ",", spanOf(t), true);
    return at + 1;
  }
  if (t.text === "'") {
    write(work, "ᵀ", spanOf(t), true);
    return at + 1;
  }
  if (t.text === "&") return at + 1;
  // A stop ends the sentence that a formula stands in.
  if (t.text === "." && at + 1 >= work.tokens.length) return at + 1;
  if (t.text === ":" && work.tokens[at + 1]?.text === "=") return at + 1;
  if (t.text === "·") write(work, dotSign(work, at), spanOf(t));
  else write(work, t.text, spanOf(t));
  return at + 1;
}

// \cdot is the dot product between vectors, and only a product sign beside numbers and matrices.
function dotSign(work: Work, at: number): string {
  const before = work.pieces[work.pieces.length - 1]?.text ?? "";
  const after = work.tokens[at + 1];
  const base = readBase(work.tokens, at + 1, work.styles.variants);
  const product =
    /[ᵀ\p{N}⁻]$/u.test(before) ||
    /^\p{Lu}/u.test(before) ||
    after?.kind === "number" ||
    /^\p{Lu}/u.test(base?.letters ?? "") ||
    /frac$/.test(after?.text ?? "");
  return product ? "*" : "·";
}

function writeCommand(work: Work, at: number, job: RangeJob): number {
  const t = work.tokens[at] as LatexToken;
  const place = spanOf(t);
  const { text: command } = t;
  if (command === "\\left" || command === "\\right" || /^\\[bB]igg?[lr]$/.test(command)) {
    const delimiter = work.tokens[at + 1];
    if (delimiter === undefined || !DELIMITERS.has(delimiter.text)) {
      if (command === "\\left" || command === "\\right")
        fail("syntax", `behind ${command} a bracket is missing`, place, { fix: "\\left( … \\right)" });
      return at + 1;
    }
    return command === "\\right" ? closeDelimiter(work, at + 1, job) : writeDelimiter(work, at + 1, job);
  }
  if (command === "\\middle") return at + 1;
  if (IGNORED.has(command)) return at + 1;
  if (DELIMITERS.has(command)) return writeDelimiter(work, at, job);
  if (IGNORED_WITH_ARGUMENT.has(command)) return argumentAt(work, at + 1, t).next;
  const base = readBase(work.tokens, at, work.styles.variants);
  if (base !== undefined) {
    if (base.letters === "d" && base.style === "upright" && differentialStands(work, base.next)) {
      const written = quotientOfDifferentials(work, base.next - 1, job, at);
      if (written !== undefined) return written;
    }
    return writeBase(work, base, job);
  }
  const operator = OPERATORS.get(command);
  if (operator !== undefined) {
    write(work, operator, place);
    return at + 1;
  }
  switch (command) {
    case "\\frac":
    case "\\dfrac":
    case "\\tfrac":
    case "\\cfrac":
      return writeFraction(work, at, job);
    case "\\sqrt":
      return writeRoot(work, at);
    case "\\sum":
    case "\\prod":
      return writeSum(work, at, job);
    case "\\nabla":
      return writeNabla(work, at, job);
    case "\\partial":
      write(work, "∂", place);
      return at + 1;
    case "\\cdot":
    case "\\bullet":
      write(work, dotSign(work, at), place);
      return at + 1;
    case "\\begin":
      return writeEnvironment(work, at);
    case "\\\\":
    case "\\cr":
      if (job.to - at > 1) write(work, "\n", place);
      return at + 1;
    case "\\operatorname":
    case "\\operatorname*":
    case "\\mathop":
    case "\\text":
    case "\\textrm":
    case "\\textsf":
    case "\\textbf":
    case "\\textit":
    case "\\texttt":
    case "\\mbox":
      return writeOperatorName(work, at, job);
    case "\\underset":
    case "\\overset":
    case "\\stackrel": {
      const over = argumentAt(work, at + 1, t);
      return over.next;
    }
    case "\\mathbf":
    case "\\end":
      return fail("syntax", `${command} stands alone here`, place);
    default:
      return writeOther(work, at, job);
  }
}

function writeOther(work: Work, at: number, job: RangeJob): number {
  const t = work.tokens[at] as LatexToken;
  const place: Span = spanOf(t);
  const command = t.text;
  const skip = TRANSPARENT.get(command);
  if (skip !== undefined) {
    let i = at + 1;
    for (let k = 0; k < skip; k++) i = argumentAt(work, i, t).next;
    const shown = argumentAt(work, i, t);
    first(work, range(shown.from, shown.to));
    // A brace below a term names it.
    return /brace$/.test(command) && (work.tokens[shown.next]?.kind === "sub" || work.tokens[shown.next]?.kind === "super")
      ? argumentAt(work, shown.next + 1, t).next
      : shown.next;
  }
  const instead = REFUSED[command];
  if (instead !== undefined) fail("unsupported", `${command} has no meaning here`, place, { fix: instead });
  const name = command.slice(1);
  if (/^(?:R|RR|Re|Reals|reals|Real)$/.test(name))
    return writeSpace(work, { letters: "R", marks: "", style: "double", ...place, next: at + 1 }, job);
  const known = FUNCTIONS.get(command) ?? functionName(work, name);
  if (known !== undefined) return writeFunction(work, known, at, at + 1, job);
  if (work.isVariable(name)) {
    write(work, name, place);
    return at + 1;
  }
  return fail("lexical", `the command ${command} is not understood`, place, {
    fix: /^[A-Za-z]+$/.test(name) ? `\\newcommand{${command}}{…}, or \\operatorname{${name}} for a function` : "take it away",
  });
}
