// Products of entries as steps, two operands at a time: numbers are met with each
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
export interface Place {
  readonly axes: readonly Dim[];
  readonly open: Open;
}

/** A value that may vary along fewer axes than what it is part of. */
export interface Partial {
  readonly ref: Ref;
  readonly rank: number;
  readonly axis: 0 | 1 | undefined;
}

/** c Π f^k; a number in front of a Kronecker product scales its smaller factor. */
export function makeProduct(making: Making, form: Form & { kind: "product" }): Ref {
  return (
    scaledPlaced(making, form) ??
    masked(making, form) ??
    scaledTranspose(making, form) ??
    inProduct(making, form.coefficient, form.factors, form)
  );
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

// A number before the transpose of a product goes where it goes in the product, so that both round alike.
function scaledTranspose(making: Making, form: Form & { kind: "product" }): Ref | undefined {
  const [whole, ...more] = form.factors;
  if (whole?.form.kind !== "transpose" || more.length > 0 || isPowerOfTwo(form.coefficient)) return undefined;
  const { of, axes } = whole.form;
  if (of.kind !== "product" || of.factors.every((f) => f.form.axes.length === 2)) return undefined;
  return making.builder.transpose(makeProduct(making, { ...of, coefficient: form.coefficient }), axes, form.open);
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
  readonly rank: number;
  above?: Partial;
  below?: Partial;
  /** The factors in it, along whichever axis they run. */
  readonly factors: Factor[];
}

function inProduct(making: Making, coefficient: Q.Rational, factors: readonly Factor[], place: Place): Ref {
  const { builder, refOf } = making;
  const groups = new Map<string, Group>();
  const put = (side: "above" | "below", part: Partial, factor?: Factor): void => {
    const key = `${part.rank}|${part.axis ?? ""}`;
    const group = groups.get(key) ?? { rank: part.rank, factors: [] };
    const known = group[side];
    group[side] = known === undefined ? part : joined(builder, "mul", known, part, place);
    if (factor !== undefined) group.factors.push(factor);
    groups.set(key, group);
  };
  const above = Q.rational(coefficient.n);
  const bare = Q.isOne(Q.absolute(above)) && factors.some((f) => Q.sign(f.exponent) > 0);
  if (!bare) put("above", numberPart(builder, above));
  for (const f of factors) {
    const ref = raised(builder, refOf(f.form), Q.absolute(f.exponent), f.form);
    put(Q.sign(f.exponent) < 0 ? "below" : "above", { ref, rank: f.form.axes.length, axis: f.axis }, f);
  }
  if (coefficient.d !== 1n) put("below", numberPart(builder, Q.rational(coefficient.d)));
  const sorted = inOrder([...groups.values()], coefficient);
  return widened(builder, multiplied(builder, sorted, bare && Q.sign(coefficient) < 0, place), place);
}

// The order of the transpose as well, so that both round alike: numbers go to one of the vectors by what it is made
// of; where the vectors are the same, c x x′ is symmetric to the last digit only if c is exact or comes after them.
function inOrder(groups: readonly Group[], coefficient: Q.Rational): Group[] {
  const content = ({ factors }: Group): string => factors.map((f) => `${f.form.id}^${Q.format(f.exponent)}`).join();
  const vectors = groups.filter((g) => g.rank === 1).sort((a, b) => (content(a) < content(b) ? -1 : 1));
  const [numbers, matrices] = [0, 2].map((rank) => groups.filter((g) => g.rank === rank)) as [Group[], Group[]];
  const [u, v] = vectors;
  const isSame = u !== undefined && v !== undefined && content(u) === content(v);
  const isExact = isPowerOfTwo(coefficient) && numbers.every((g) => g.factors.length === 0);
  return isSame && !isExact ? [...vectors, ...numbers, ...matrices] : [...numbers, ...vectors, ...matrices];
}

const isPowerOfTwo = ({ n, d }: Q.Rational): boolean => [n < 0n ? -n : n, d].every((i) => (i & (i - 1n)) === 0n);

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

/** A number as a value. */
export const numberPart = (builder: Builder, value: Q.Rational): Partial => ({ ref: builder.literal(value), rank: 0, axis: undefined });

/** The axes of a value. */
export const axesAt = (p: Omit<Partial, "ref">, axes: readonly Dim[]): readonly Dim[] =>
  p.rank === axes.length ? axes : p.rank === 0 ? [] : [axes[p.axis ?? 0] as Dim];

/** An operation on two values, over the axes along which they vary. */
export function joined(builder: Builder, fn: string, a: Partial, b: Partial, { axes, open }: Place): Partial {
  const same = a.rank === 0 || b.rank === 0 || a.axis === b.axis;
  const rank = same ? Math.max(a.rank, b.rank) : 2;
  const axis = rank === 2 || axes.length < 2 ? undefined : (a.axis ?? b.axis);
  const operand = (p: Partial): Arg => (p.rank === rank || p.rank === 0 ? arg(p.ref) : arg(p.ref, p.axis));
  // Rows are written before columns.
  const args = fn === "mul" && a.rank === 1 && b.rank === 1 && a.axis === 1 && b.axis === 0 ? [b, a] : [a, b];
  return { ref: builder.map(fn, args.map(operand), axesAt({ rank, axis }, axes), open), rank, axis };
}

/** A value at all entries of its place. */
export function widened(builder: Builder, { ref, rank, axis }: Partial, { axes, open }: Place): Ref {
  if (rank === axes.length) return ref;
  const [op, of] = rank === 0 ? (["fill", arg(ref)] as const) : (["widen", arg(ref, axis)] as const);
  return builder.emit({ op, args: [of], axes }, open);
}
