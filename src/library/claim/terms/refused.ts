// Claims that would be judged otherwise than they are meant, refused with the reason: derivatives that would be quotients
// of numbers or may mean two things, marks that would be transposes of numbers, and texts without an equation.
//
// Invariant: each says what to write instead.

import { fail } from "../../../base/diagnostic.ts";
import { reaches } from "../../../base/order.ts";
import { wholeOf } from "../../../base/span.ts";
import type { Problem } from "../../../elaborate/elaborate.ts";
import { isScalarShape } from "../../../expr/shape.ts";
import { refuse } from "../../question/call.ts";
import { elaborateIn, type Settled } from "../../question/question.ts";
import { type Quotient, quotientsIn } from "../text/derivatives.ts";
import type { Sides, Statement, WrittenSide } from "../text/statement.ts";
import type { ReadClaim } from "./equation.ts";

/** Refuses a claim as it has been read where that cannot be what is meant. */
export function refuseReading(statement: Statement, [first, second]: Sides, { problem, left, right }: ReadClaim): void {
  refuseTwoWays(statement, problem);
  refuseDefined(statement, problem);
  if (left.kind !== "derivative") refuseQuotient(problem, first);
  if (right.kind !== "derivative") refuseQuotient(problem, second);
}

/** Refuses ∂z/∂t where z(x, t) depends on t through x(t) as well: whether x is held there is not said. */
export function refuseTwoWays({ source }: Statement, { unknowns }: Problem): void {
  const place = source.indexOf("∂");
  if (place < 0) return;
  const of = new Map(unknowns.map((u) => [u.name, u.of ?? []]));
  for (const [name, direct] of of) {
    const twice = direct.find((by) => direct.some((other) => reaches(other, by, of)));
    if (twice === undefined) continue;
    const message = `${name} depends on ${twice} by itself and through others, so that ∂${name}/∂${twice} may mean two things`;
    const fix = `z = …, a definition, in which ∂z/∂${twice} holds the names between`;
    fail("unsupported", message, { start: place, end: place + 1 }, { fix });
  }
}

/** The first quotient of differentials in a text that is by a name of the problem. */
const quotientIn = ({ variables, definitions, unknowns }: Problem, text: string): Quotient | undefined =>
  quotientsIn(text).find(({ by }) => [...variables, ...definitions, ...unknowns].some(({ name }) => name === by));

/** Refuses dy/dx where it would be a quotient of two numbers of that name. */
function refuseQuotient(problem: Problem, { text, start }: WrittenSide): void {
  const quotient = quotientIn(problem, text);
  if (quotient === undefined) return;
  const message = `${quotient.text} is a derivative here, and derivatives inside a side are read only of names by names, in sums and products`;
  const place = { start: start + quotient.index, end: start + quotient.index + quotient.text.length };
  fail("unsupported", message, place, { fix: "a name for the derivative, or its value in its place" });
}

/** Refuses g = x*df/dx before the claim, where df and dx would be numbers of those names. */
function refuseDefined({ source, begin }: Statement, problem: Problem): void {
  const quotient = quotientIn(problem, source.slice(0, begin));
  if (quotient === undefined || !quotient.text.endsWith(`d${quotient.by}`) || !problem.loose.has(`d${quotient.by}`)) return;
  const message = `${quotient.text} is a derivative here, and derivatives are read only in the claim itself`;
  const place = { start: quotient.index, end: quotient.index + quotient.text.length };
  fail("unsupported", message, place, { fix: "its value in its place" });
}

/** Refuses f' − f of a function f(x) = … that the claim defines, whose value is a number: as a transpose the mark would say nothing. */
export function refuseMark(claim: string, { definitions }: Problem, sides: readonly WrittenSide[]): void {
  for (const { name, expr } of definitions) {
    if (!isScalarShape(expr.shape)) continue;
    if (!/^[\p{L}\p{N}_]+$/u.test(name)) continue;
    const [, argument] = new RegExp(`(?<![\\p{L}\\p{N}_])${name}\\(([^()=]+)\\)\\s*:?=(?!=)`, "u").exec(claim) ?? [];
    const marked = new RegExp(`(?<![\\p{L}_]|[\\p{L}_]\\p{Nd}+)${name}['′](?!['′(])`, "u");
    for (const { text, start } of argument === undefined ? [] : sides) {
      const at = text.search(marked);
      if (at < 0) continue;
      const place = { start: start + at, end: start + at + name.length + 1 };
      fail("unsupported", `${name}' may be a derivative here or the transpose of a number`, place, { fix: `${name}'(${argument})` });
    }
  }
}

/** Refuses a text in which no equation was found: for what cannot be read in it, if anything. */
export function refuseNoEquation({ source }: Statement, settled: Settled): never {
  refuseComparison(source);
  const whole = elaborateIn(settled, source);
  const code = whole.ok ? undefined : whole.diagnostics[0]?.code;
  return !whole.ok && (code === "syntax" || code === "lexical") ? refuse(whole) : refuseNoClaim(source);
}

// a == b of a text in which nothing else is equated.
function refuseComparison(source: string): void {
  const [at, another] = [source.indexOf("=="), source.lastIndexOf("==")];
  if (at < 0 || at !== another) return;
  const fix = `${source.slice(0, at)}=${source.slice(at + 2)}`;
  fail("type", "== compares two values; a claim is written with one =", { start: at, end: at + 2 }, { fix });
}

/** Refuses a text that is a definition. */
export function refuseDefinition(source: string, name: string): never {
  return fail("type", `there is no claim here: this defines ${name}`, wholeOf(source), { fix: `${name} = …; and a claim behind it` });
}

/** Refuses a text without a claim. */
export function refuseNoClaim(source: string): never {
  refuseComparison(source);
  return fail("type", "there is no claim here: a claim is an equation", wholeOf(source), { fix: "d(x'*A*x)/dx = x'*(A + A')" });
}
