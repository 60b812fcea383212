// Letters, words and numbers: names with what is set above and below them, values f(x) and
// samples x^{(i)}.
//
// Not here: constants and spaces in a font of their own (spaces.ts), the d of a derivative
// (fractions.ts).

import { GREEK_FUNCTIONS, POWER_OF_E, spellings } from "../../../grammar/glyphs.ts";
import { fail } from "../../base/diagnostic.ts";
import { join, span } from "../../base/span.ts";
import { TYPE_WORDS } from "../declarations.ts";
import { knownSpelling } from "../spelling.ts";
import { OPERATORS } from "./commands.ts";
import { quotientOfDifferentials } from "./fractions.ts";
import { functionName, opensAt, writeFunction, writeSum } from "./functions.ts";
import { type Base, nameOf, readBase } from "./names.ts";
import type { LatexToken } from "./scan.ts";
import { bare, closeOfNames, indexParts, raisedMark, readBelow } from "./scripts.ts";
import { writeConstant, writeSpace } from "./spaces.ts";
import { argumentAt, first, placeOf, type RangeJob, range, spanOf, text, type Work, write } from "./work.ts";
import { endsOperand } from "./writer.ts";

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

// A letter with its font, what is above and below it that belongs to the name, and the
// arguments of a function that has a value: f(x).
export function writeBase(work: Work, base: Base, job: RangeJob): number {
  const { tokens } = work;
  const place = span(base.start, base.end);
  if (/^[01]$/.test(base.letters)) return writeConstant(work, base, job);
  if (base.style === "double" && /^[RS]$/.test(base.letters)) return writeSpace(work, base, job);
  if (base.style === "double" && /^[EPV]$/.test(base.letters)) refuseMean(work, base, job);
  if (base.letters.length > 1 && !/^\p{L}$/u.test(base.letters)) {
    const word = writeWord(work, base, job);
    if (word !== undefined) return word;
  }
  let { next } = base;
  let below = readBelow(work, next, job.to);
  if (base.letters === SUM_LETTER && below?.plain.includes("=") === true) return writeSum(work, base.next - 1, job);
  if (below !== undefined) next = below.next;
  const raised = raisedMark(work, next, job.to);
  const layer = raised?.layer ?? "";
  if (raised !== undefined) {
    next = raised.next;
    below ??= readBelow(work, next, job.to);
    if (below !== undefined) next = Math.max(next, below.next);
  }
  const indexed = below !== undefined || /^\p{L}$/u.test(layer);
  const letters = knownSpelling(`${nameOf(base, work.styles, indexed)}${raised?.mark ?? ""}`.normalize("NFC"), work.isVariable);
  const whole = placeOf(work, base.next - 1, next);
  const where = join(place, whole);
  if (letters === "e" && !work.isVariable("e") && below === undefined && next < job.to && tokens[next]?.kind === "super" && layer === "") {
    const { from, to, next: behind } = argumentAt(work, next + 1, tokens[next] as LatexToken);
    // What has a capital letter may be a matrix, which only its shape tells.
    const sign = /[A-Z]/.test(bare(work, from, to)) ? POWER_OF_E : "exp";
    first(work, text(`${sign}(`, place), range(from, to), text(")", placeOf(work, from, to), true));
    return behind;
  }
  if ((letters === "I" || base.style === "double") && /^[I𝕀]$/u.test(letters) && !work.isVariable("I")) {
    if (below === undefined) write(work, "I", where);
    else first(work, text("eye(", where), range(below.from, below.to), text(")", where, true));
    return next;
  }
  if (letters === "K" && base.style === "bold" && below?.plain.includes(",") === true && !work.isVariable("K")) {
    write(work, `K(${below.plain})`, where);
    return next;
  }
  // x^{(i)}_j is the entry j of the sample i.
  if (/^\p{L}$/u.test(layer) && below !== undefined && (isSummed(work, layer) || work.isVariable(letters.toUpperCase()))) {
    const matrix = work.isVariable(letters) || !work.isVariable(letters.toUpperCase()) ? letters : letters.toUpperCase();
    write(work, `${matrix}[${layer},${below.plain}]`, where);
    return next;
  }
  const sample = sampleOf(work, base, below?.plain ?? layer, layer !== "");
  if (sample !== undefined) {
    write(work, sample, where);
    return next;
  }
  let name = /^\d+$/.test(layer) ? `${letters}${layer}` : letters;
  if (below !== undefined && work.isVariable(`${letters}${below.plain}`)) name = `${letters}${below.plain}`;
  else if (below !== undefined) {
    const parts = indexParts(below.plain);
    if (parts.length === 2 && parts.some((p) => p === ":" || p === "*")) {
      write(work, `${name}[${parts.map((p) => (p === "*" ? ":" : p)).join(",")}]`, where);
      return next;
    }
    if (!/^[\p{L}\p{M}\p{N},+\-=: ]+$/u.test(below.plain))
      fail("unsupported", "what stands below this name is no index", placeOf(work, below.from, below.to), {
        fix: "x_i, X_{ij} or W_{\\text{out}}",
      });
    name += /^[\p{L}\p{N}]+$/u.test(below.plain) ? `_${below.plain}` : `_{${parts.join(",")}}`;
  }
  const called = below === undefined ? GREEK_FUNCTIONS[name] : undefined;
  if (called !== undefined && opensAt(work, next) && !work.isVariable(name) && !work.isDefined(name) && !work.defined.has(name))
    return writeFunction(work, called, base.next - 1, next, job);
  if (name.startsWith(SUM_LETTER)) name = sumLetter(work, name, next);
  write(work, name, where);
  return withoutArguments(work, name, next, job);
}

/** The capital that is the sign of a sum in the plain language where an index stands below it or brackets behind it. */
const SUM_LETTER = "Σ";

// With letters below it is spelled out, before brackets it stands in brackets of its own.
function sumLetter(work: Work, name: string, next: number): string {
  if (/^._(?:\p{L}|\{)/u.test(name)) return name.replace(SUM_LETTER, "Sigma");
  const after = work.tokens[next];
  const plain = work.isVariable(name) || !(after?.kind === "super" || after?.kind === "open" || after?.text === "'" || opensAt(work, next));
  return plain ? name : `(${name})`;
}

// x_i in bold, and x^{(i)}, where X is known: row i of X, as a column. y^{(i)} is y_i. A number
// below is the place of an entry.
function sampleOf(work: Work, base: Base, index: string, raised: boolean): string | undefined {
  if (!/^\p{L}$/u.test(index)) return undefined;
  if (!raised && base.style !== "bold") return undefined;
  const capital = nameOf({ ...base, letters: base.letters.toUpperCase() }, work.styles, false);
  if (capital.toLowerCase() !== capital && base.letters.toUpperCase() !== base.letters && work.isVariable(capital))
    return `${capital}[${index},:]ᵀ`;
  if (!raised) return undefined;
  const name = nameOf(base, work.styles, true);
  if (work.isVariable(name)) return `${name}_${index}`;
  if (isSummed(work, index)) return `${name}_${index}`;
  return fail("unsupported", "a sample such as x^{(i)} has no meaning before X is declared", span(base.start, base.end), {
    fix: "X : matrix(N, n), whose row i it then is",
  });
}

// Whether a sum of the text runs over an index: below it x^{(i)} is x_i.
const isSummed = ({ tokens }: Work, index: string): boolean =>
  tokens.some((t, i) => {
    if (t.text !== "\\sum") return false;
    const below = tokens.slice(i + 1, i + 8).findIndex((u) => u.kind === "sub");
    return below >= 0 && tokens.slice(i + 2 + below, i + 4 + below).some((u) => u.text === index);
  });

// f(x) = … defines f, and f(x) is f from then on.
function withoutArguments(work: Work, name: string, next: number, job: RangeJob): number {
  const open = work.tokens[next];
  if (open?.text !== "(") return next;
  const close = closeOfNames(work, next, job.to);
  if (close === undefined) return next;
  let after = close + 1;
  while (work.tokens[after]?.text === "&") after++;
  const defines = isFirst(work) && isEquals(work.tokens[after]);
  const named = work.isDefined(name) || work.defined.has(name);
  if (!named && !(defines && !work.isFunction(name))) return next;
  if (defines) work.defined.add(name);
  return close + 1;
}

const isEquals = (t: LatexToken | undefined): boolean =>
  t?.text === "=" || t?.text === "≔" || (t !== undefined && OPERATORS.get(t.text) === "=") || t?.text === ":";

const isFirst = (work: Work): boolean => {
  const before = work.pieces[work.pieces.length - 2]?.text;
  return before === undefined || before === "\n" || before === ";";
};

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
  if (/^\p{L}[\p{L}\p{N}]*$/u.test(word) && (work.isVariable(word) || opensAt(work, next) || t.text.startsWith("\\operatorname"))) {
    write(work, word, place);
    const behind = withoutArguments(work, word, next, job);
    if (behind === next && word.length === 1 && opensAt(work, next) && !work.isVariable(word))
      fail("name", `there is no function ${word}`, place, { fix: `\\left(${word}\\right) \\left(…\\right) for a product` });
    return behind;
  }
  return fail("unsupported", "words inside a formula are not understood", place, { fix: "the formula alone" });
}
