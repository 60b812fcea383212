// Fractions, and the fractions that are derivatives: \frac{\partial f}{\partial x}, \frac{d}{dx}, \dv{f}{x}.
//
// Invariant: a fraction is a derivative only where both of its parts begin with a differential; a
// plain d begins one where it is no variable of the text. Not here: differentials in a line (differentials.ts).

import { fail } from "../../../base/diagnostic.ts";
import type { Span } from "../../../base/span.ts";
import { readBase } from "../names.ts";
import type { LatexToken } from "../scan.ts";
import { bare, readBelow, withoutTranspose } from "../scripts.ts";
import { type Argument, argumentAt, first, type Job, placeOf, type RangeJob, range, spanOf, text, type Work, write } from "../work.ts";

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
export function differentialAt(work: Work, at: number, to: number): number | undefined {
  if (at >= to) return undefined;
  const t = work.tokens[at] as LatexToken;
  if (t.text === "\\partial") return at + 1;
  if (t.text === "\\dd" || t.text === "\\diff") return at + 1;
  const base = readBase(work.tokens, at);
  return base?.letters === "d" && base.marks === "" && base.style !== "bold" && !work.isVariable("d") ? base.next : undefined;
}

// ∂x ∂y^⊤: every part begins with the sign. What turns the only variable is left out: behind ∂y/∂x it would turn the derivative.
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
  const endOf = (behind: number): number => (starts.length === 1 ? withoutTranspose(work, behind, to) : to);
  const parts = starts.map(([, behind], k) => range(behind, starts[k + 1]?.[0] ?? endOf(behind)));
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

/** What an operator applies to: a whole term, brackets put around it. */
export function openTerm(work: Work, at: number, job: RangeJob): Job[] {
  const t = work.tokens[at];
  if (t === undefined || at >= job.to) return [];
  job.open.push({ kind: "argument", token: t, from: at, piece: -1, close: ")", takes: "term" });
  return [text("(", spanOf(t))];
}
