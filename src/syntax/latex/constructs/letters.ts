// Letters, words and numbers: which of them is a name, a function, a product of letters.
//
// Not here: what is set above and below a name (scripted.ts), constants and spaces in a font of
// their own (spaces.ts), the d of a derivative (differentials.ts).

import { spellings } from "../../../../grammar/glyphs.ts";
import { fail } from "../../../base/diagnostic.ts";
import { span } from "../../../base/span.ts";
import { TYPE_WORDS } from "../../tokens/statements.ts";
import { endsOperand } from "../../tokens/writer.ts";
import { type Base, nameOf, readBase } from "../names.ts";
import type { LatexToken } from "../scan.ts";
import { bare, isEquals, readBelow } from "../scripts.ts";
import { argumentAt, first, placeOf, type RangeJob, range, spanOf, text, type Work, write } from "../work.ts";
import { quotientOfDifferentials } from "./differentials.ts";
import { functionName, opensAt, writeFunction, writeSum } from "./functions.ts";
import { withoutArguments } from "./functionsOfText.ts";
import { SUM_LETTER, writeScripted } from "./scripted.ts";
import { writeConstant, writeSpace } from "./spaces.ts";

/** Writes a number, or 1⃗ and 0⃗ where it is transposed; gives the position behind. */
export function writeNumber(work: Work, at: number): number {
  const t = work.tokens[at] as LatexToken;
  const after = work.tokens[at + 1];
  // 1^⊤ x: a number has no transpose.
  if ((t.text === "1" || t.text === "0") && after?.kind === "super") {
    const { from, to } = argumentAt(work, at + 2, after);
    if (/^(?:\\top|T|\\intercal|⊤)\s*$/.test(bare(work, from, to).trim())) {
      write(work, `${t.text}\u20d7`, spanOf(t));
      return at + 1;
    }
  }
  // A number behind what it multiplies: x \, 2.
  const before = work.pieces[work.pieces.length - 1]?.text;
  if (endsOperand(before) && !/^[\d.]+$/.test(before as string)) write(work, "*", spanOf(t));
  write(work, t.text, spanOf(t));
  return at + 1;
}

/** Longest word that is looked up as a name. */
const LONGEST_WORD = 24;

/** Writes letters; side by side they are a product, unless they are a known name. Gives the position behind what it took. */
export function writeName(work: Work, at: number, job: RangeJob): number {
  const { tokens } = work;
  let word = "";
  let end = at;
  while (end < job.to && end - at < LONGEST_WORD && tokens[end]?.kind === "letter" && (end === at || tokens[end]?.spaced === false))
    word += (tokens[end++] as LatexToken).text;
  if (end - at > 1) {
    const name = functionName(work, word);
    if (name !== undefined && (opensAt(work, end) || tokens[end]?.text === "'")) return writeFunction(work, name, at, end, job);
    if (TYPE_WORDS.has(word) && follows(work, DECLARING)) {
      write(work, word, placeOf(work, at, end));
      return end;
    }
    if (work.isVariable(word)) return writeBase(work, { letters: word, marks: "", style: "plain", ...ends(work, at, end) }, job);
    if (word === "if" || word === "otherwise")
      fail("syntax", `${word} stands only inside cases`, placeOf(work, at, end), { fix: "\\begin{cases} … \\end{cases}" });
  }
  if (tokens[at]?.text === "d" && !work.isVariable("d")) {
    const short = quotientOfDifferentials(work, at, job);
    if (short !== undefined) return short;
  }
  return writeBase(work, readBase(tokens, at, work.styles.variants) as Base, job);
}

// What stands before a word of a type: \Sigma : positive scalar.
const DECLARING: ReadonlySet<string> = new Set([...TYPE_WORDS, ...spellings("colon"), ...spellings("element")]);

const follows = (work: Work, texts: ReadonlySet<string>): boolean => texts.has(work.pieces[work.pieces.length - 1]?.text ?? "");

const ends = (work: Work, at: number, next: number): { start: number; end: number; next: number } => ({ ...placeOf(work, at, next), next });

/** Writes a letter or word in its font with what belongs to it; gives the position behind. */
export function writeBase(work: Work, base: Base, job: RangeJob): number {
  if (/^[01]$/.test(base.letters)) return writeConstant(work, base, job);
  if (base.style === "double" && /^[RS]$/.test(base.letters)) return writeSpace(work, base, job);
  if (base.style === "double" && /^[EPV]$/.test(base.letters)) refuseMean(work, base, job);
  if (base.letters.length > 1 && !/^\p{L}$/u.test(base.letters)) {
    const word = writeWord(work, base, job);
    if (word !== undefined) return word;
  }
  if (base.letters === SUM_LETTER && readBelow(work, base.next, job.to)?.plain.includes("=") === true)
    return writeSum(work, base.next - 1, job);
  return writeScripted(work, base, job);
}

// Several letters in one font: a function, a name, or a product of letters.
function writeWord(work: Work, base: Base, job: RangeJob): number | undefined {
  const at = base.next;
  const name = functionName(work, base.letters);
  if (name !== undefined) return writeFunction(work, name, at - 1, at, job);
  if (base.style === "upright" || work.isVariable(base.letters) || /\d/.test(base.letters)) return undefined;
  const each = [...base.letters].map((l) => nameOf({ letters: l, marks: "", style: base.style }, work.styles, false));
  write(work, each.join(" "), span(base.start, base.end));
  return at;
}

/** Writes {…}: nothing, a name, or a bracket where it is not one operand; gives the position behind what is dealt with. */
export function writeGroup(work: Work, at: number): number {
  const close = work.match[at] as number;
  const switched = readBase(work.tokens, at, work.styles.variants);
  if (switched !== undefined && switched.next === close + 1 && switched.next > at + 2) {
    const job = work.agenda[work.agenda.length - 1] as RangeJob;
    return writeBase(work, switched, job);
  }
  const scripted = work.tokens[close + 1]?.kind === "super" || work.tokens[close + 1]?.kind === "sub";
  const place = placeOf(work, at, close + 1);
  // {} keeps signs apart and is nothing.
  if (close === at + 1) return close + 1;
  if (scripted) first(work, text("(", place), range(at + 1, close), text(")", place, true));
  else first(work, range(at + 1, close));
  return close + 1;
}

/** 𝔼[x], ℙ(x > 0) and 𝕍[x] are over a distribution. */
function refuseMean(work: Work, base: Base, job: RangeJob): void {
  const { next } = readBelow(work, base.next, job.to) ?? base;
  if (work.isVariable(base.letters) || !opensAt(work, next)) return;
  fail("unsupported", "the mean or probability over a distribution has no meaning here", span(base.start, base.end), {
    fix: "a name declared for it, or a sum over samples",
  });
}

/** Writes \operatorname{…} and \text{…}: a function, a name or a word; gives the position behind. */
export function writeOperatorName(work: Work, at: number, job: RangeJob): number {
  const t = work.tokens[at] as LatexToken;
  const { from, to, next } = argumentAt(work, at + 1, t);
  const word = bare(work, from, to).replace(/\s+/g, "");
  const name = functionName(work, word);
  if (name !== undefined) return writeFunction(work, name, at, next, job);
  const place = placeOf(work, at, next);
  if (leadsDefinition(work, word, next)) {
    write(work, word, place);
    return next;
  }
  if (/^\p{L}[\p{L}\p{N}]*$/u.test(word) && (work.isVariable(word) || opensAt(work, next) || t.text.startsWith("\\operatorname"))) {
    write(work, word, place);
    const behind = withoutArguments(work, word, next, job);
    if (behind === next && word.length === 1 && opensAt(work, next) && !work.isVariable(word))
      fail("name", `there is no function ${word}`, place, { fix: `\\left(${word}\\right) \\left(…\\right) for a product` });
    return behind;
  }
  return fail("unsupported", "words inside a formula are not understood", place, { fix: "the formula alone" });
}

// \text{where } y = A x \text{ and } B = A^\top.
function leadsDefinition(work: Work, word: string, next: number): boolean {
  if (word === "and") return work.pieces.some((piece) => piece.text === "where");
  return word === "where" && work.tokens.slice(next).some((token) => isEquals(token));
}
