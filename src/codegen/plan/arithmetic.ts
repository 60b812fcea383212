// Sums and products of entries as steps, two operands at a time: numbers are met with each
// other first, then vectors along one axis, then matrices, so that as little as possible is
// done over a whole matrix.
//
// Invariant: a coefficient is written as the division that it is, and a minus sign is a step
// only where no other operation takes it. Not here: products of matrices (chains.ts).

import * as Q from "../../base/rational.ts";
import type { Dim } from "../../expr/dim.ts";
import type { Factor, Form } from "../form/form.ts";
import { blocksIn } from "../form/khatriRao.ts";
import { arg, type Builder, type Open } from "./builder.ts";
import { maskedFactors } from "./masks.ts";
import type { Arg, Ref } from "./plan.ts";

/** What sums and products are made with: where steps go, and the steps of their parts. */
export interface Making {
  readonly builder: Builder;
  readonly refOf: (form: Form) => Ref;
}

/** Where the result of an operation lies. */
interface Place {
  readonly axes: readonly Dim[];
  readonly open: Open;
}

/** A value that may vary along fewer axes than what it is part of. */
interface Partial {
  readonly ref: Ref;
  readonly rank: number;
  readonly axis: 0 | 1 | undefined;
}

/** constant + Σ coefficient · term: numbers, then vectors, then matrices; among equals a plus before a minus. */
export function makeSum({ builder, refOf }: Making, form: Form & { kind: "sum" }): Ref {
  const terms = [...form.terms].sort((a, b) => a.form.axes.length - b.form.axes.length || Q.sign(b.coefficient) - Q.sign(a.coefficient));
  let total: Partial | undefined = Q.isZero(form.constant) ? undefined : numberPart(builder, form.constant);
  for (const t of terms) {
    const negative = Q.sign(t.coefficient) < 0;
    const ref = scaledBy(builder, refOf(t.form), Q.absolute(t.coefficient), t.form);
    const term: Partial = { ref, rank: t.form.axes.length, axis: t.axis };
    if (total !== undefined) total = joined(builder, negative ? "sub" : "add", total, term, form);
    else total = negative ? { ...term, ref: builder.map("neg", [arg(ref)], t.form.axes, t.form.open) } : term;
  }
  return widened(builder, total as Partial, form);
}

/** c Π f^k; a number in front of a Kronecker product scales its smaller factor. */
export function makeProduct(making: Making, form: Form & { kind: "product" }): Ref {
  return scaledPlaced(making, form) ?? masked(making, form) ?? inProduct(making, form.coefficient, form.factors, form);
}

function masked(making: Making, { coefficient, factors, axes, open }: Form & { kind: "product" }): Ref | undefined {
  const found = maskedFactors(factors);
  if (found === undefined) return undefined;
  const { builder, refOf } = making;
  const value = inProduct(making, coefficient, found.others, { axes, open });
  const zero = builder.literal(Q.ZERO);
  return found.masks.reduce((v, m) => builder.map("where", [arg(refOf(m.form), m.axis), arg(v), arg(zero)], axes, open), value);
}

/** The power of a value that the form is. */
export function raised(builder: Builder, ref: Ref, k: Q.Rational, { axes, open }: Place): Ref {
  if (Q.isOne(k)) return ref;
  if (Q.equals(k, Q.rational(2))) return builder.map("square", [arg(ref)], axes, open);
  if (Q.equals(k, Q.HALF)) return builder.map("sqrt", [arg(ref)], axes, open);
  return builder.map("pow", [arg(ref), arg(builder.literal(k))], axes, open);
}

function scaledBy(builder: Builder, ref: Ref, c: Q.Rational, { axes, open }: Place): Ref {
  if (Q.isOne(c)) return ref;
  const above = c.n === 1n && c.d !== 1n ? ref : builder.map("mul", [arg(builder.literal(Q.rational(c.n))), arg(ref)], axes, open);
  return c.d === 1n ? above : builder.map("div", [arg(above), arg(builder.literal(Q.rational(c.d)))], axes, open);
}

// Numbers before what is only placed, a Kronecker product or blocks, are multiplied into what is placed.
function scaledPlaced(making: Making, form: Form & { kind: "product" }): Ref | undefined {
  const { builder, refOf } = making;
  const [core] = form.factors.filter((f) => f.form.axes.length > 0);
  const whole = core?.form;
  if (whole === undefined || !Q.isOne(core?.exponent ?? Q.ZERO)) return undefined;
  if (form.factors.some((f) => f !== core && f.form.axes.length > 0)) return undefined;
  const numbers = form.factors.filter((f) => f !== core);
  const scaled = (inner: Form): Ref => {
    const factors = [...numbers, { form: inner, axis: undefined, exponent: Q.ONE }];
    return inProduct(making, form.coefficient, factors, { axes: inner.axes, open: form.open });
  };
  if (whole.kind === "kron") {
    const { left, right } = whole;
    const refs = left.kind === "eye" ? [refOf(left), scaled(right)] : [scaled(left), refOf(right)];
    return builder.emit({ op: "kron", args: refs.map((r) => arg(r)), axes: whole.axes }, form.open);
  }
  const blocks = blocksIn(whole);
  if (blocks === undefined) return undefined;
  const { fn, rows, size } = blocks;
  return builder.emit({ op: "call", fn, args: [arg(scaled(rows)), arg(refOf(size))], axes: whole.axes }, form.open);
}

/** Factors that vary alike, those of positive exponents above those of negative ones. */
interface Group {
  above?: Partial;
  below?: Partial;
}

function inProduct(making: Making, coefficient: Q.Rational, factors: readonly Factor[], place: Place): Ref {
  const { builder, refOf } = making;
  const groups = new Map<string, Group>();
  const put = (side: keyof Group, part: Partial): void => {
    const key = `${part.rank}|${part.axis ?? ""}`;
    const group = groups.get(key) ?? {};
    const known = group[side];
    group[side] = known === undefined ? part : joined(builder, "mul", known, part, place);
    groups.set(key, group);
  };
  const above = Q.rational(coefficient.n);
  const bare = Q.isOne(Q.absolute(above)) && factors.some((f) => Q.sign(f.exponent) > 0);
  if (!bare) put("above", numberPart(builder, above));
  for (const f of factors)
    put(Q.sign(f.exponent) < 0 ? "below" : "above", {
      ref: raised(builder, refOf(f.form), Q.absolute(f.exponent), f.form),
      rank: f.form.axes.length,
      axis: f.axis,
    });
  if (coefficient.d !== 1n) put("below", numberPart(builder, Q.rational(coefficient.d)));
  const inOrder = [...groups.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, g]) => g);
  return widened(builder, multiplied(builder, inOrder, bare && Q.sign(coefficient) < 0, place), place);
}

// The groups one after the other; the first that stands above takes a minus sign.
function multiplied(builder: Builder, groups: readonly Group[], negative: boolean, place: Place): Partial {
  let value: Partial | undefined;
  let pending = negative;
  const divisors: Partial[] = [];
  for (const { above, below } of groups) {
    let part = above;
    if (part !== undefined && pending) {
      part = { ...part, ref: builder.map("neg", [arg(part.ref)], axesAt(part, place.axes), place.open) };
      pending = false;
    }
    if (part !== undefined && below !== undefined) part = joined(builder, "div", part, below, place);
    else if (below !== undefined) divisors.push(below);
    if (part !== undefined) value = value === undefined ? part : joined(builder, "mul", value, part, place);
    if (value !== undefined) for (const d of divisors.splice(0)) value = joined(builder, "div", value, d, place);
  }
  return value as Partial;
}

const numberPart = (builder: Builder, value: Q.Rational): Partial => ({ ref: builder.literal(value), rank: 0, axis: undefined });

const axesAt = (p: Omit<Partial, "ref">, axes: readonly Dim[]): readonly Dim[] =>
  p.rank === axes.length ? axes : p.rank === 0 ? [] : [axes[p.axis ?? 0] as Dim];

function joined(builder: Builder, fn: string, a: Partial, b: Partial, { axes, open }: Place): Partial {
  const same = a.rank === 0 || b.rank === 0 || a.axis === b.axis;
  const rank = same ? Math.max(a.rank, b.rank) : 2;
  const axis = rank === 2 || axes.length < 2 ? undefined : (a.axis ?? b.axis);
  const operand = (p: Partial): Arg => (p.rank === rank || p.rank === 0 ? arg(p.ref) : arg(p.ref, p.axis));
  return { ref: builder.map(fn, [operand(a), operand(b)], axesAt({ rank, axis }, axes), open), rank, axis };
}

function widened(builder: Builder, { ref, rank, axis }: Partial, { axes, open }: Place): Ref {
  if (rank === axes.length) return ref;
  const [op, of] = rank === 0 ? (["fill", arg(ref)] as const) : (["widen", arg(ref, axis)] as const);
  return builder.emit({ op, args: [of], axes }, open);
}
