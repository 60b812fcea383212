// Numbers under one exponent as one: √x/√y as √(x/y), and det(A) det(B) as det(A B).
//
// Invariant: the same value wherever the factors have one. Not here: entries under one exponent
// (items.ts).

import { divide, ONE } from "../../../base/rational.ts";
import * as build from "../../../expr/build.ts";
import type { Expr } from "../../../expr/expr.ts";
import { sameShape } from "../../../expr/shape.ts";
import { type Base, type Exponent, sameExponent } from "../../form/tensor.ts";
import { type Reading, scalarReading } from "../reading/reading.ts";
import { scaled } from "../reading/scaled.ts";
import { times } from "../reading/times.ts";
import { sharedPower, splitSign } from "./items.ts";

/** A number to a power, as it stands in the term. */
export interface Power {
  readonly base: Base;
  readonly reading: Reading;
  readonly exponent: Exponent;
  readonly order: number;
}

/** det(A) det(B) as det(A B), and numbers under one exponent, but for its sign, as one: √x/√y as √(x/y), in the user's order. */
export function together(powers: readonly Power[]): Power[] {
  const groups: Power[][] = [];
  for (const p of [...powers].sort((a, b) => a.order - b.order)) {
    const group = groups.find(([first]) => first !== undefined && joinable(first, p));
    if (group === undefined) groups.push([p]);
    else group.push(p);
  }
  return groups.map((group) => (group.length === 1 ? (group[0] as Power) : joined(group)));
}

const isMultiplicative = (b: Base): b is Base & { kind: "function" } => b.kind === "function" && b.rules.multiplicative;

function joinable(a: Power, b: Power): boolean {
  if (isMultiplicative(a.base) && isMultiplicative(b.base) && a.base.rules === b.base.rules)
    return sameExponent(a.exponent, b.exponent) && sameShape((argumentOf(a.reading) as Expr).shape, (argumentOf(b.reading) as Expr).shape);
  // A root of x·x is a norm and stays by itself.
  if ([a, b].some(({ base }) => base.kind === "group" || isMultiplicative(base))) return false;
  return sharedPower(a.exponent, b.exponent) !== 0;
}

const argumentOf = ({ fwd }: Reading): Expr | undefined => (fwd.kind === "apply" ? fwd.args[0] : undefined);

/** Several numbers under one exponent; it is that of one that stands above, if there is one. */
function joined(group: readonly Power[]): Power {
  const [first] = group as [Power, ...Power[]];
  if (isMultiplicative(first.base)) {
    const of = group.map((p) => argumentOf(p.reading) as Expr).reduce(times);
    return { ...first, reading: scalarReading(build.call(first.base.rules.info, [of])) };
  }
  const lead = group.find((p) => !splitSign(p.exponent).below) ?? first;
  const isAbove = (p: Power): boolean => p === lead || sharedPower(lead.exponent, p.exponent) > 0;
  const numbers = (list: readonly Power[]): Expr[] => list.map((p) => p.reading.fwd);
  const [top, bottom] = [numbers(group.filter(isAbove)), numbers(group.filter((p) => !isAbove(p)))];
  const [p, q] = [top, bottom].map((list) => (list.length === 1 ? list[0] : undefined));
  const whole = p?.kind === "num" && q?.kind === "num" ? build.num(divide(p.value, q.value)) : scaled(ONE, top, bottom, undefined);
  return { ...lead, order: first.order, reading: scalarReading(whole) };
}
