// The functions of a text: f(x) = … defines f, and f(x) is f from then on. At another place it has no value, so that it is
// kept for a claim, or refused.
//
// Not here: the functions of the language (functions.ts).

import { fail } from "../../../base/diagnostic.ts";
import { letterOf } from "../names.ts";
import type { LatexToken } from "../scan.ts";
import { bare, closeOfNames, isEquals } from "../scripts.ts";
import { placeOf, type RangeJob, type Work } from "../work.ts";

/** Whether a name has a value, in this text or before it. */
export const isNamed = (work: Work, name: string): boolean => work.isDefined(name) || work.defined.has(name);

/**
 * The position behind the arguments of a name that has a value: f(x) = … defines f, and f(x) is f from then on. What else a
 * function of this text is applied to is kept or refused.
 */
export function withoutArguments(work: Work, name: string, next: number, job: RangeJob): number {
  const open = work.tokens[next];
  if (open?.text !== "(" || next >= job.to) return next;
  const names = closeOfNames(work, next, job.to);
  const close = names ?? closeOfSquares(work, name, next, job.to);
  if (close === undefined) refuseOtherPlace(work, name, next);
  if (close === undefined) return next;
  const after = behind(work, close);
  // u(x) : vector(m) declares what depends on x.
  const colon = work.tokens[after]?.text === ":";
  const defines = isFirst(work) && isEquals(work.tokens[colon ? after + 1 : after]);
  if (!isNamed(work, name) && !(defines && !work.isFunction(name))) return next;
  const at = bare(work, next + 1, close);
  if ((placeOfDefinition(work, name) ?? at) !== at) {
    if (!work.keepsCalls) refuseElsewhere(work, name, next, close);
    return next;
  }
  // ∇f(x)ᵀ v: the mark is not that of f.
  if (!defines) return work.keepsCalls && work.pieces.at(-2)?.text.startsWith("∇") === true ? next : close + 1;
  work.defined.set(name, at);
  return work.keepsCalls && names !== undefined ? next : close + 1;
}

/** The position behind a bracket and marks of alignment. */
function behind(work: Work, close: number): number {
  let after = close + 1;
  while (work.tokens[after]?.text === "&") after++;
  return after;
}

/** The closing bracket of ℓ(μ, σ²), where ℓ is defined there. */
function closeOfSquares(work: Work, name: string, open: number, to: number): number | undefined {
  const close = closeOfNames(work, open, to, true);
  if (close === undefined) return undefined;
  const value = work.tokens.slice(behind(work, close), to);
  const end = value.findIndex((t) => t.text === ";");
  // a(σ²) = a σ² is about a product.
  const isProduct = value.slice(0, end < 0 ? undefined : end).some((t) => letterOf(t) === name);
  const defines = isFirst(work) && isEquals(value[0]) && !isProduct;
  return defines || placeOfDefinition(work, name) === bare(work, open + 1, close) ? close : undefined;
}

/** What a function is defined at in this text or before it. */
export const placeOfDefinition = (work: Work, name: string): string | undefined => work.defined.get(name) ?? work.definedAt(name);

/** Refuses a function of a text at a place where it has no value. */
export function refuseElsewhere(work: Work, name: string, open: number, close: number): never {
  return fail("unsupported", `the value of ${name} at another place is not known`, placeOf(work, open, close), {
    fix: `what ${name} is there, written out`,
  });
}

// f(x + h) of an f that has a value is no product with it; h(1 - h) is.
function refuseOtherPlace(work: Work, name: string, open: number): void {
  if (work.keepsCalls && work.defined.has(name)) return;
  if (!/^[fghφψ]$/u.test(name) || !isNamed(work, name) || work.tokens[open]?.spaced === true) return;
  let close = open;
  for (let depth = 0; close < work.tokens.length; close++) {
    const { text: sign, kind } = work.tokens[close] as LatexToken;
    if (kind === "letter" && sign === name) return;
    if (sign === "(") depth++;
    if (sign === ")" && --depth === 0) break;
  }
  refuseElsewhere(work, name, open, close);
}

const isFirst = (work: Work): boolean => {
  const before = work.pieces[work.pieces.length - 2]?.text;
  return before === undefined || before === "\n" || before === ";";
};
