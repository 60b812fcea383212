// Sums of entries as steps, two operands at a time: numbers are met with each other first, then vectors, then matrices.
//
// Invariant: a sum and its transpose round alike. What varies along one axis is a sum of its own where vectors run
// along both, and so are a matrix and its transpose.

import * as Q from "../../base/rational.ts";
import type { Form, Term } from "../form/form.ts";
import { axesAt, joined, type Making, numberPart, type Partial, type Place, widened } from "./arithmetic.ts";
import { arg, type Builder } from "./builder.ts";
import type { Ref } from "./plan.ts";

/** A value that is added, or subtracted where negative. */
interface Summand {
  readonly part: Partial;
  readonly negative: boolean;
}

/** constant + Σ coefficient · term; among equals a plus before a minus. */
export function makeSum(making: Making, form: Form & { kind: "sum" }): Ref {
  const { builder } = making;
  const ofRank = (rank: number): Term[] => form.terms.filter((t) => t.form.axes.length === rank);
  const constant = Q.isZero(form.constant) ? [] : [{ part: numberPart(builder, form.constant), negative: false }];
  const numbers = [...constant, ...inTurn(making, alone(ofRank(0)), form)];
  const [u, v] = [ofRank(1).filter((t) => t.axis !== 1), ofRank(1).filter((t) => t.axis === 1)].sort(byContent) as [Term[], Term[]];
  const vectors = inTurn(making, u.length > 0 && v.length > 0 ? [u, v] : alone([...u, ...v]), form);
  const matrices = inTurn(making, mirrored(ofRank(2)), form);
  // c + x 1′ + 1 x′ is symmetric to the last digit only if the number comes after the vectors.
  const first = u.length > 0 && contentOf(u) === contentOf(v) ? [...vectors, ...numbers] : [...numbers, ...vectors];
  return widened(builder, total(builder, [...first, ...matrices], form), form);
}

const alone = (terms: readonly Term[]): Term[][] => terms.map((t) => [t]);
const contentOf = (terms: readonly Term[]): string => terms.map((t) => `${Q.format(t.coefficient)}*${t.form.id}`).join();
const byContent = (a: readonly Term[], b: readonly Term[]): number => (contentOf(a) < contentOf(b) ? -1 : 1);

// The summands of some groups of terms, a plus before a minus.
const inTurn = (making: Making, groups: readonly (readonly Term[])[], place: Place): Summand[] =>
  groups.map((terms) => summed(making, terms, place)).sort((a, b) => Number(a.negative) - Number(b.negative));

/** Matrices, each with its transpose. */
function mirrored(terms: readonly Term[]): Term[][] {
  const groups = new Map<Form, Term[]>();
  for (const t of terms) {
    const of = t.form.kind === "transpose" ? t.form.of : t.form;
    groups.set(of, [...(groups.get(of) ?? []), t]);
  }
  return [...groups.values()];
}

function summed({ builder, refOf }: Making, terms: readonly Term[], place: Place): Summand {
  const list = terms.map((t): Summand => {
    const ref = scaledBy(builder, refOf(t.form), Q.absolute(t.coefficient), t.form);
    return { part: { ref, rank: t.form.axes.length, axis: t.axis }, negative: Q.sign(t.coefficient) < 0 };
  });
  const negative = list.every((s) => s.negative);
  const signed = negative ? list.map((s) => ({ ...s, negative: false })) : list;
  return { part: total(builder, [...signed.filter((s) => !s.negative), ...signed.filter((s) => s.negative)], place), negative };
}

// One after the other, in their order.
function total(builder: Builder, list: readonly Summand[], place: Place): Partial {
  const [first, ...more] = list as [Summand, ...Summand[]];
  const { part, negative } = first;
  const begin = negative ? { ...part, ref: builder.map("neg", [arg(part.ref)], axesAt(part, place.axes), place.open) } : part;
  return more.reduce((sum, s) => joined(builder, s.negative ? "sub" : "add", sum, s.part, place), begin);
}

function scaledBy(builder: Builder, ref: Ref, c: Q.Rational, { axes, open }: Place): Ref {
  if (Q.isOne(c)) return ref;
  const above = c.n === 1n && c.d !== 1n ? ref : builder.map("mul", [arg(builder.literal(Q.rational(c.n))), arg(ref)], axes, open);
  return c.d === 1n ? above : builder.map("div", [arg(above), arg(builder.literal(Q.rational(c.d)))], axes, open);
}
