// Gradients and Hessians by their sign: ∇f, ∇_w f, ∇²_w f and ∇²_{vw} f.
//
// Invariant: a gradient is by one variable, named below the sign, in the brackets of the function that follows, or where
// that has been defined.

import { fail } from "../../../base/diagnostic.ts";
import { join, type Span } from "../../../base/span.ts";
import { type Base, nameOf, readBase } from "../names.ts";
import { type LatexToken, scan } from "../scan.ts";
import { bare, closeOfNames, isEquals, readBelow } from "../scripts.ts";
import { argumentAt, first, placeOf, type RangeJob, spanOf, text, type Work, write } from "../work.ts";
import { openTerm } from "./fractions.ts";
import { placeOfDefinition } from "./functionsOfText.ts";

/** Tokens that name a variable. */
interface Named {
  readonly from: number;
  readonly to: number;
}

/** Writes ∇f, ∇_w f and ∇²_w f; gives the position behind the sign. */
export function writeNabla(work: Work, at: number, job: RangeJob): number {
  const { below, order, next } = scriptsAt(work, at + 1);
  const by = below ?? argumentOfFunction(work, next, job.to);
  const place = placeOf(work, at, next);
  const bases = by === undefined ? variableOfDefinition(work, next) : variablesIn(work, by, place);
  if (order !== "" && order !== "2") fail("unsupported", `∇ of order ${order} has no meaning here`, place, { fix: "\\nabla^2_w f" });
  if (below === undefined && isOfDefined(work, next, job.to)) {
    write(work, order === "" ? "∇" : "∇²", place);
    return next;
  }
  const [base, other = base] = bases;
  if (base === undefined || (order === "" && bases.length === 1)) {
    const sign = order === "" ? "∇" : "∇²";
    const name = base === undefined || by === undefined ? base && nameOf(base, work.styles, false) : nameWithIndex(work, by, base);
    write(work, name === undefined ? sign : `${sign}_{${name}}`, place);
    if (work.tokens[next]?.text !== "\\nabla") first(work, ...openTerm(work, next, job));
    return next;
  }
  const t = work.tokens[next];
  if (t === undefined || next >= job.to) fail("syntax", `behind ${work.tokens[at]?.text} something is missing`, place);
  write(work, "∂²", place);
  const [name, second] = [base, other as Base].map((b) => nameOf(b, work.styles, false));
  const close = bases.length === 1 ? `)/∂${name}²` : `)/∂${name}∂${second}`;
  job.open.push({ kind: "argument", token: t, from: next, piece: -1, close, takes: "term" });
  first(work, text("(", join(place, spanOf(t)), true));
  return next;
}

/** What stands below and above the sign, in either order. */
function scriptsAt(work: Work, at: number): { readonly below: Named | undefined; readonly order: string; readonly next: number } {
  let next = at;
  let below: Named | undefined;
  let order = "";
  for (let k = 0; k < 2; k++) {
    const index = readBelow(work, next);
    if (index !== undefined) {
      below = index;
      next = index.next;
    } else if (work.tokens[next]?.kind === "super") {
      const power = argumentAt(work, next + 1, work.tokens[next] as LatexToken);
      order = bare(work, power.from, power.to);
      next = power.next;
    }
  }
  return { below, order, next };
}

/** The variable that tokens name, or the two of ∇_{xy}. Refuses ∇_{x,y}, which has no sign of its own. */
function variablesIn(work: Work, { from, to }: Named, place: Span): readonly Base[] {
  const base = readBase(work.tokens, from, work.styles.variants);
  const other = base === undefined || base.next >= to ? undefined : readBase(work.tokens, base.next, work.styles.variants);
  if (base !== undefined && other?.next === to) return [base, other];
  if (base === undefined || (base.next < to && work.tokens[base.next]?.kind !== "sub"))
    fail("unsupported", "a gradient is by one variable", place, { fix: "\\nabla_{w} f" });
  return [base];
}

function nameWithIndex(work: Work, { to }: Named, base: Base): string {
  const index = readBelow(work, base.next);
  const name = nameOf(base, work.styles, index !== undefined);
  return index === undefined || base.next >= to ? name : `${name}_${index.plain}`;
}

/** Whether a function of this text follows, which the plain text knows the arguments of: ∇f(x, y), or ∇f as a whole side. */
function isOfDefined(work: Work, at: number, to: number): boolean {
  const name = readBase(work.tokens, at, work.styles.variants);
  if (!work.keepsCalls || name === undefined || !work.defined.has(nameOf(name, work.styles, false))) return false;
  if (work.tokens[name.next]?.text === "(") return closeOfNames(work, name.next, to) !== undefined;
  const behind = work.tokens[name.next];
  return name.next >= to || behind?.text === "&" || isEquals(behind);
}

// ∇f is by the x that f has been defined at.
function variableOfDefinition(work: Work, at: number): readonly Base[] {
  const name = readBase(work.tokens, at, work.styles.variants);
  const letter = name === undefined ? undefined : placeOfDefinition(work, nameOf(name, work.styles, false));
  const base = letter !== undefined && /^\p{L}$/u.test(letter) ? readBase(scan(letter), 0) : undefined;
  return base === undefined ? [] : [base];
}

// ∇f(x) is by x.
function argumentOfFunction(work: Work, at: number, to: number): Named | undefined {
  const name = readBase(work.tokens, at, work.styles.variants);
  if (name === undefined || work.tokens[name.next]?.text !== "(") return undefined;
  const inner = readBase(work.tokens, name.next + 1, work.styles.variants);
  if (inner === undefined || inner.next >= to || work.tokens[inner.next]?.text !== ")") return undefined;
  return { from: name.next + 1, to: inner.next };
}
