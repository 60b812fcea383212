// A name with what is set above and below it: a constant, an entry, a sample x^{(i)}, or a variable with a mark or an index
// in its name.
//
// Invariant: readings are tried in the order of their list, and each takes all scripts that belong to the name.
//
// Not here: what a name is applied to (functionsOfText.ts).

import { GREEK_FUNCTIONS, POWER_OF_E } from "../../../../grammar/glyphs.ts";
import { fail } from "../../../base/diagnostic.ts";
import { join, type Span, span } from "../../../base/span.ts";
import { knownSpelling } from "../../tokens/spelling.ts";
import { type Base, letterOf, nameOf, readBase } from "../names.ts";
import type { LatexToken } from "../scan.ts";
import { type Below, bare, indexParts, isEquals, loweredMark, raisedMark, readBelow } from "../scripts.ts";
import { argumentAt, first, placeOf, type RangeJob, range, text, type Work, write } from "../work.ts";
import { opensAt, writeFunction } from "./functions.ts";
import { isNamed, placeOfDefinition, refuseElsewhere, withoutArguments } from "./functionsOfText.ts";

/** Writes a name with its scripts, and takes the arguments of one that has a value; gives the position behind. */
export function writeScripted(work: Work, base: Base, job: RangeJob): number {
  const name = scriptedName(work, base, job.to);
  for (const reading of READINGS) {
    const next = reading(work, name, job);
    if (next !== undefined) return next;
  }
  return writeVariable(work, name, job);
}

/** A name with what stands above and below it. */
interface ScriptedName {
  readonly base: Base;
  /** How it is spelled, without what stands below. */
  readonly letters: string;
  /** What x^{(i)} has in its brackets; empty without. */
  readonly layer: string;
  readonly below: Below | undefined;
  /** The place of the letters. */
  readonly place: Span;
  /** The place of all. */
  readonly whole: Span;
  /** The position behind. */
  readonly next: number;
}

function scriptedName(work: Work, base: Base, to: number): ScriptedName {
  let { next } = base;
  let below = readBelow(work, next, to);
  if (below !== undefined) next = below.next;
  const raised = raisedMark(work, next, to);
  if (raised !== undefined) {
    next = raised.next;
    below ??= readBelow(work, next, to);
    if (below !== undefined) next = Math.max(next, below.next);
  }
  const lowered = loweredMark(below);
  if (lowered !== undefined) below = undefined;
  const layer = raised?.layer ?? "";
  const indexed = below !== undefined || /^\p{L}$/u.test(layer);
  const letters = knownSpelling(
    `${nameOf(base, work.styles, indexed)}${lowered ?? ""}${raised?.mark ?? ""}`.normalize("NFC"),
    work.isVariable,
  );
  const place = span(base.start, base.end);
  return { base, letters, layer, below, place, whole: join(place, placeOf(work, base.next - 1, next)), next };
}

/** What a name may stand for besides a variable: each writes it and gives the position behind, or undefined where it is something else. */
type Reading = (work: Work, name: ScriptedName, job: RangeJob) => number | undefined;

/** Signs above that are nothing but transposes, as T may be a number: those of eᵀ P e. */
const TURNING: ReadonlySet<string> = new Set(["\\top", "\\intercal", "\\prime", "⊤", "ᵀ"]);

/** A capital letter, a cross product's matrix, a named function and written entries. */
const MAY_BE_MATRIX = /[A-Z]|_\{?\\times|\\(?:operatorname|mathrm|text|begin)|crossmatrix|diag/;

// e^{x}. Whether what may be a matrix is one, only its shape tells.
function writePowerOfE(work: Work, { letters, layer, below, place, next }: ScriptedName, job: RangeJob): number | undefined {
  const raised = work.tokens[next];
  if (letters !== "e" || work.isVariable("e") || below !== undefined || layer !== "" || next >= job.to || raised?.kind !== "super")
    return undefined;
  const { from, to, next: behind } = argumentAt(work, next + 1, raised);
  if (to === from + 1 && TURNING.has(work.tokens[from]?.text ?? "")) return undefined;
  const sign = MAY_BE_MATRIX.test(bare(work, from, to).replace(/\s/g, "")) ? POWER_OF_E : "exp";
  first(work, text(`${sign}(`, place), range(from, to), text(")", placeOf(work, from, to), true));
  return behind;
}

// f'(x) of an f that has a value is its derivative.
function writeMarkedValue(work: Work, { letters, layer, below, place, next }: ScriptedName, job: RangeJob): number | undefined {
  if (!isNamed(work, letters) || below !== undefined || layer !== "") return undefined;
  const { order, open } = marksAt(work, next, job.to);
  const by = readBase(work.tokens, open + 1, work.styles.variants);
  if ((order !== 1 && order !== 2) || work.tokens[open]?.text !== "(" || work.tokens[by?.next ?? open]?.text !== ")") return undefined;
  const at = placeOfDefinition(work, letters);
  if (at !== undefined && at !== bare(work, open + 1, (by as Base).next)) {
    if (!work.keepsCalls) refuseElsewhere(work, letters, open, (by as Base).next);
    return undefined;
  }
  const x = nameOf(by as Base, work.styles, false);
  const raised = order === 1 ? "" : "²";
  write(work, `∂${raised}/∂${x}${raised} (${letters})`, join(place, placeOf(work, next, (by as Base).next + 1)));
  return (by as Base).next + 1;
}

/** How many marks of derivatives stand at a position, and the position behind them: those of f', f^\prime and f^{\prime\prime}. */
function marksAt(work: Work, from: number, limit: number): { readonly order: number; readonly open: number } {
  const sign = from < limit ? work.tokens[from] : undefined;
  if (sign?.kind === "super") {
    const above = argumentAt(work, from + 1, sign);
    const marks = work.tokens.slice(above.from, above.to);
    return { order: marks.every((t) => t.text === "\\prime") ? marks.length : 0, open: above.next };
  }
  let open = from;
  while (open < limit && work.tokens[open]?.text === "'") open++;
  return { order: open - from, open };
}

// I, 𝕀 and I_n; I_1 that has a value of its own is a name.
function writeIdentity(work: Work, name: ScriptedName): number | undefined {
  const { base, letters, below, whole, next } = name;
  const isIdentity = letters === "I" || (base.style === "double" && letters === "𝕀");
  if (!isIdentity || work.isVariable("I") || isGiven(work, name)) return undefined;
  if (below === undefined) write(work, "I", whole);
  else first(work, text("eye(", whole), range(below.from, below.to), text(")", whole, true));
  return next;
}

// Whether a name with a number below is declared, or defined here or before.
function isGiven(work: Work, { letters, below }: ScriptedName): boolean {
  if (below === undefined || !/^\d+$/.test(below.plain)) return false;
  const name = `${letters}_${below.plain}`;
  const isDefinition = (at: number): boolean => {
    const found = work.tokens[at]?.text === letters ? readBelow(work, at + 1) : undefined;
    return found?.plain === below.plain && isEquals(work.tokens[found.next]);
  };
  return (
    work.isVariable(name) ||
    work.isDefined(name) ||
    work.tokens.some((t, i) => (i === 0 || t.text === ";") && isDefinition(i === 0 ? 0 : i + 1))
  );
}

// K_{m,n} in bold, the commutation matrix.
function writeCommutation(work: Work, { base, letters, below, whole, next }: ScriptedName): number | undefined {
  if (letters !== "K" || base.style !== "bold" || below?.plain.includes(",") !== true || work.isVariable("K")) return undefined;
  write(work, `K(${below.plain})`, whole);
  return next;
}

// x^{(i)}_j is the entry j of the sample i: of a declared X or x, or else x_{ij}, whose row is x^{(i)}.
function writeEntryOfSample(work: Work, { letters, layer, below, whole, next }: ScriptedName): number | undefined {
  const capital = letters.toUpperCase();
  if (!/^\p{L}$/u.test(layer) || below === undefined || !(isSummed(work, layer) || work.isVariable(capital))) return undefined;
  const matrix = [letters, capital].find((name) => work.isVariable(name));
  write(work, matrix === undefined ? `${letters}_{${layer},${below.plain}}` : `${matrix}[${layer},${below.plain}]`, whole);
  return next;
}

function writeSample(work: Work, { base, layer, below, whole, next }: ScriptedName): number | undefined {
  const sample = sampleOf(work, base, below?.plain ?? layer, layer !== "");
  if (sample === undefined) return undefined;
  write(work, sample, whole);
  return next;
}

// A_{i,:} and A_{:,j}.
function writeRowOrColumn(work: Work, { letters, layer, below, whole, next }: ScriptedName): number | undefined {
  if (below === undefined || work.isVariable(`${letters}${below.plain}`)) return undefined;
  const parts = indexParts(below.plain);
  if (parts.length !== 2 || !parts.some((p) => p === ":" || p === "*")) return undefined;
  write(work, `${withLayer(letters, layer)}[${parts.map((p) => (p === "*" ? ":" : p)).join(",")}]`, whole);
  return next;
}

const READINGS: readonly Reading[] = [
  writePowerOfE,
  writeIdentity,
  writeCommutation,
  writeEntryOfSample,
  writeSample,
  writeRowOrColumn,
  writeMarkedValue,
];

// W^{(1)} is W1.
const withLayer = (letters: string, layer: string): string => (/^\d+$/.test(layer) ? `${letters}${layer}` : letters);

function writeVariable(work: Work, { base, letters, layer, below, whole, next }: ScriptedName, job: RangeJob): number {
  let name = withLayer(letters, layer);
  if (below !== undefined && work.isVariable(`${letters}${below.plain}`)) name = `${letters}${below.plain}`;
  else if (below !== undefined) {
    if (!/^[\p{L}\p{M}\p{N},+\-=: ]+$/u.test(below.plain))
      fail("unsupported", "what stands below this name is no index", placeOf(work, below.from, below.to), {
        fix: "x_i, X_{ij} or W_{\\text{out}}",
      });
    name += /^[\p{L}\p{N}]+$/u.test(below.plain) ? `_${below.plain}` : `_{${indexParts(below.plain).join(",")}}`;
  }
  const isKnown = work.isVariable(name) || isNamed(work, name);
  const called = below === undefined ? GREEK_FUNCTIONS[name] : work.isFunction(name) ? name : undefined;
  const isCalled = opensAt(work, next) ? !isParameter(work, name) : below !== undefined && opensAbove(work, next);
  if (called !== undefined && !isKnown && isCalled) return writeFunction(work, called, base.next - 1, next, job);
  if (name.startsWith(SUM_LETTER)) name = sumLetter(work, name, next);
  write(work, name, whole);
  return withoutArguments(work, name, next, job);
}

// λ_{\max}^2(A); σ^2(x − μ) is a product.
const opensAbove = (work: Work, at: number): boolean => {
  const sign = work.tokens[at];
  return sign?.kind === "super" && opensAt(work, argumentAt(work, at + 1, sign).next);
};

// The σ of σ² and of ∂/∂σ is a number, so that σ(a + b) is a product.
function isParameter(work: Work, name: string): boolean {
  const { tokens } = work;
  return tokens.some((t, i) => {
    if (letterOf(t) !== name) return false;
    const above = tokens[i + 1]?.kind === "super" ? argumentAt(work, i + 2, tokens[i + 1] as LatexToken) : undefined;
    const isRaised = above !== undefined && /^\d+$/.test(bare(work, above.from, above.to)) && !opensAt(work, above.next);
    const isBelow = tokens[i - 1]?.text === "\\partial" && tokens[i - 2]?.kind === "open" && tokens[i - 3]?.kind === "close";
    return isRaised || (isBelow && tokens[i + 1]?.kind === "close");
  });
}

/** The capital that is the sign of a sum in the plain language where an index stands below it or brackets behind it. */
export const SUM_LETTER = "Σ";

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
