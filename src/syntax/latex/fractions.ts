// Fractions, and the fractions that are derivatives, set one above the other or in a line: ∂f/∂x, d/dx, ∇.
//
// Invariant: a fraction is a derivative only where both of its parts begin with a differential; a
// plain d begins one where it is no variable of the text.

import { fail } from "../../base/diagnostic.ts";
import { join, type Span } from "../../base/span.ts";
import { letterOf, nameOf, readBase } from "./names.ts";
import type { LatexToken } from "./scan.ts";
import { bare, closeOfNames, readBelow } from "./scripts.ts";
import { type Argument, argumentAt, first, type Job, placeOf, type RangeJob, range, spanOf, text, type Work, write } from "./work.ts";

/** Writes \frac{a}{b}, or the derivative that it is; gives the position behind. */
export function writeFraction(work: Work, at: number, job: RangeJob): number {
  const sign = work.tokens[at] as LatexToken;
  const above = argumentAt(work, at + 1, sign);
  const below = argumentAt(work, above.next, sign);
  const place = placeOf(work, at, below.next);
  const by = targetsIn(work, below);
  const numerator = differentialAt(work, above.from, above.to);
  if (by !== undefined && numerator !== undefined)
    return writeDerivative(
      work,
      aboveBar(work, numerator, above.to),
      by.map((t) => [t]),
      place,
      below.next,
      job,
    );
  const single = (a: Argument): boolean => a.to - a.from === 1;
  const part = (a: Argument): Job[] => {
    const where = placeOf(work, a.from, a.to);
    return single(a) ? [range(a.from, a.to)] : [text("(", where), range(a.from, a.to), text(")", where, true)];
  };
  first(work, text("(", place), ...part(above), text("/", place), ...part(below), text(")", place, true));
  return below.next;
}

/** The position behind the sign of a differential: \partial, d, \mathrm{d}; undefined where none stands there. */
function differentialAt(work: Work, at: number, to: number): number | undefined {
  if (at >= to) return undefined;
  const t = work.tokens[at] as LatexToken;
  if (t.text === "\\partial") return at + 1;
  if (t.text === "\\dd" || t.text === "\\diff") return at + 1;
  const base = readBase(work.tokens, at);
  return base?.letters === "d" && base.marks === "" && base.style !== "bold" && !work.isVariable("d") ? base.next : undefined;
}

// ∂x ∂y^⊤: every part begins with the sign.
function targetsIn(work: Work, { from, to }: Argument): RangeJob[] | undefined {
  const starts: [sign: number, behind: number][] = [];
  for (let i = from; i < to; i++) {
    const behind = differentialAt(work, i, to);
    if (behind === undefined) {
      if (i === from) return undefined;
      if (work.tokens[i]?.kind === "open") i = work.match[i] as number;
      continue;
    }
    starts.push([i, behind]);
    i = behind - 1;
  }
  const parts = starts.map(([, behind], k) => range(behind, starts[k + 1]?.[0] ?? to));
  return parts.length > 0 && parts.every((p) => p.to > p.at) ? parts : undefined;
}

/** Writes \dv{f}{x}, \dv[2]{f}{x}, \dv{x} and \pdv{f}{x}{y}; gives the position behind. */
export function writeDerivativeCommand(work: Work, at: number, job: RangeJob): number {
  const sign = work.tokens[at] as LatexToken;
  let next = at + 1;
  let order = "";
  if (work.tokens[next]?.text === "[") {
    const close = work.tokens.findIndex((t, i) => i > next && t.text === "]");
    if (close < 0) fail("syntax", "this [ is never closed", spanOf(work.tokens[next] as LatexToken), { fix: "add ]" });
    order = bare(work, next + 1, close);
    next = close + 1;
  }
  const groups: Argument[] = [argumentAt(work, next, sign)];
  for (next = (groups[0] as Argument).next; work.tokens[next]?.kind === "open" && groups.length < 3; next = groups.at(-1)?.next ?? next)
    groups.push(argumentAt(work, next, sign));
  const [of, ...by] = groups as [Argument, ...Argument[]];
  const place = placeOf(work, at, next);
  if (by.length > 1 && order === "") order = `${by.length}`;
  const targets = by.length > 0 ? by : [of];
  const raised = targets.length === 1 && order !== "" ? [text(SUPERSCRIPT[Number(order)] ?? "", place, true)] : [];
  const jobs = targets.map(({ from, to }): readonly Job[] => [range(from, to), ...raised]);
  const whole = by.length > 0 ? { ...of, order } : { from: of.to, to: of.to, order };
  return writeDerivative(work, whole, jobs, place, next, job);
}

/** What is differentiated, without its d, and how often. */
interface Above {
  readonly from: number;
  readonly to: number;
  readonly order: string;
}

/** A numerator behind its d, with the order that may stand there. */
function aboveBar(work: Work, from: number, to: number): Above {
  if (work.tokens[from]?.kind !== "super") return { from, to, order: "" };
  const power = argumentAt(work, from + 1, work.tokens[from] as LatexToken);
  return { from: power.next, to, order: bare(work, power.from, power.to) };
}

function writeDerivative(
  work: Work,
  { from, to, order }: Above,
  by: readonly (readonly Job[])[],
  place: Span,
  next: number,
  job: RangeJob,
): number {
  if (order !== "" && !/^[2-9]$/.test(order)) fail("unsupported", `a derivative of order ${order} has no meaning here`, place);
  const sign = `∂${SUPERSCRIPT[Number(order)] ?? ""}`;
  const targets = by.flatMap((jobs): Job[] => [text("∂", place, true), ...jobs]);
  if (from < to) {
    const where = placeOf(work, from, to);
    const whole = isName(work, from, to) ? [range(from, to)] : [text("(", where, true), range(from, to), text(")", where, true)];
    first(work, text(sign, place), ...whole, text("/", place, true), ...targets);
    return next;
  }
  write(work, sign, place);
  write(work, "/", place, true);
  const operand = openTerm(work, next, job);
  first(work, ...targets, ...operand);
  return next;
}

function isName(work: Work, from: number, to: number): boolean {
  const base = readBase(work.tokens, from, work.styles.variants);
  return base !== undefined && (base.next === to || readBelow(work, base.next, to)?.next === to);
}

const SUPERSCRIPT = ["", "", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"];

// What an operator applies to: a whole term, brackets put around it.
function openTerm(work: Work, at: number, job: RangeJob): Job[] {
  const t = work.tokens[at];
  if (t === undefined || at >= job.to) return [];
  job.open.push({ kind: "argument", token: t, from: at, piece: -1, close: ")", takes: "term" });
  return [text("(", spanOf(t))];
}

/** Writes \dd{x} as d(x); gives the position behind. */
export function writeDifferential(work: Work, at: number): number {
  const { from, to, next } = argumentAt(work, at + 1, work.tokens[at] as LatexToken);
  const end = behindInverse(work, next);
  const place = placeOf(work, at, end);
  first(work, text("d(", place), range(from, to), range(next, end), text(")", place, true));
  return end;
}

/** Writes ∇f, ∇_w f and ∇²_w f; gives the position behind the sign. */
export function writeNabla(work: Work, at: number, job: RangeJob): number {
  const sign = work.tokens[at] as LatexToken;
  let i = at + 1;
  let by: { from: number; to: number } | undefined;
  let order = "";
  for (let k = 0; k < 2; k++) {
    const below = readBelow(work, i);
    if (below !== undefined) {
      by = below;
      i = below.next;
    } else if (work.tokens[i]?.kind === "super") {
      const power = argumentAt(work, i + 1, work.tokens[i] as LatexToken);
      order = bare(work, power.from, power.to);
      i = power.next;
    }
  }
  by ??= argumentOfFunction(work, i, job.to);
  const place = placeOf(work, at, i);
  if (by !== undefined) {
    // ∇_{x,y} has no sign of its own.
    const end = by.to;
    const base = readBase(work.tokens, by.from, work.styles.variants);
    if (base === undefined || (base.next < end && work.tokens[base.next]?.kind !== "sub"))
      fail("unsupported", "a gradient is by one variable", place, { fix: "\\nabla_{w} f" });
  }
  if (order === "") {
    if (by === undefined) write(work, "∇", place);
    else {
      const base = readBase(work.tokens, by.from, work.styles.variants);
      const below = base === undefined ? undefined : readBelow(work, base.next);
      const name = base === undefined ? "" : nameOf(base, work.styles, below !== undefined);
      write(work, `∇_{${name}${below === undefined || base === undefined || base.next >= by.to ? "" : `_${below.plain}`}}`, place);
    }
    first(work, ...openTerm(work, i, job));
    return i;
  }
  if (order !== "2" || by === undefined) fail("unsupported", "this sign does not say by which variable", place, { fix: "\\nabla^2_w f" });
  const t = work.tokens[i];
  if (t === undefined || i >= job.to) fail("syntax", `behind ${sign.text} something is missing`, place);
  write(work, "∂²", place);
  const name = bare(work, by.from, by.to);
  const base = readBase(work.tokens, by.from, work.styles.variants);
  const written = base === undefined ? name : nameOf(base, work.styles, false);
  job.open.push({ kind: "argument", token: t, from: i, piece: -1, close: `)/∂${written}²`, takes: "term" });
  first(work, text("(", join(place, spanOf(t)), true));
  return i;
}

// ∇f(x) is by x.
function argumentOfFunction(work: Work, at: number, to: number): { from: number; to: number } | undefined {
  const name = readBase(work.tokens, at, work.styles.variants);
  if (name === undefined || work.tokens[name.next]?.text !== "(") return undefined;
  const inner = readBase(work.tokens, name.next + 1, work.styles.variants);
  if (inner === undefined || inner.next >= to || work.tokens[inner.next]?.text !== ")") return undefined;
  return { from: name.next + 1, to: inner.next };
}

/**
 * Writes df/dx, d(…)/dx, d/dx (…), and dx as d(x), and gives the position behind; undefined where none of them stands
 * there. A differential that stands alone is a term in claims alone.
 */
export function quotientOfDifferentials(work: Work, at: number, job: RangeJob, start = at): number | undefined {
  const { tokens } = work;
  const after = tokens[at + 1];
  if (after === undefined || at + 1 >= job.to) return undefined;
  const before = tokens[start - 1]?.text;
  if (before === "/" && work.pieces.some((p) => p.text === "∂")) {
    write(work, "∂", spanOf(tokens[at] as LatexToken));
    return at + 1;
  }
  if (after.text === "/" || after.text === "(") {
    let i = at + 1;
    if (after.text === "(")
      for (let depth = 0; i < job.to; i++) {
        if (tokens[i]?.text === "(") depth++;
        if (tokens[i]?.text === ")" && --depth === 0) break;
      }
    const bar = after.text === "/" ? i : i + 1;
    if (tokens[bar]?.text !== "/" || differentialAt(work, bar + 1, job.to) === undefined || bar + 2 >= job.to) return undefined;
    write(work, "∂", spanOf(tokens[at] as LatexToken));
    return at + 1;
  }
  const isUpright = start < at;
  const name = readBase(tokens, at + 1, work.styles.variants);
  if ((after.spaced && !isUpright) || (name === undefined && letterOf(after) === undefined)) return undefined;
  if (name !== undefined && tokens[name.next]?.text === "/" && differentialAt(work, name.next + 1, job.to) !== undefined) {
    write(work, "∂", spanOf(tokens[at] as LatexToken));
    return at + 1;
  }
  if (work.isSize("d")) return undefined;
  // d\mathrm{tr}(X) is of a function.
  if (name !== undefined && name.letters.length > 1 && work.isFunction(name.letters) && !work.isVariable(name.letters)) return undefined;
  if (work.hasDifferentials && name !== undefined) {
    const end = behindInverse(work, readBelow(work, name.next, job.to)?.next ?? name.next);
    // df(x) of an f that has a value is df.
    const hasValue = work.isDefined(name.letters) || work.defined.has(name.letters);
    const close = hasValue && tokens[end]?.text === "(" ? closeOfNames(work, end, job.to) : undefined;
    const place = placeOf(work, at, end);
    first(work, text("d(", place), range(at + 1, end), text(")", place, true));
    return close === undefined ? end : close + 1;
  }
  return fail("unsupported", "a differential such as dx is no term of the language", placeOf(work, at, name?.next ?? at + 2), {
    fix: "\\frac{\\partial f}{\\partial x} = …",
  });
}

/** The position behind ^{-1} or ^{-\top}, which belongs to what is differentiated: dX^{-1} is d(X^{-1}). */
function behindInverse(work: Work, at: number): number {
  const sign = work.tokens[at];
  if (sign?.kind !== "super") return at;
  const { from, to, next } = argumentAt(work, at + 1, sign);
  return bare(work, from, to).startsWith("-") ? next : at;
}

/** Whether the d before a position is a differential, as in \mathrm{d}x, and not a factor d. */
export const differentialStands = (work: Work, next: number): boolean =>
  !work.isVariable("d") &&
  (readBase(work.tokens, next) !== undefined || work.tokens[next]?.text === "/" || work.tokens[next]?.text === "(");
