// Code of array languages: text that knows how tightly it binds and how deep it nests.
//
// Invariant: what is put together binds as it is meant, by brackets where levels ask for them. Not here: which code a step
// of a plan is (expressions.ts and the spellings).

import type { Rational } from "../../base/rational.ts";
import { type Dim, dimConstant } from "../../expr/dim.ts";
import type { Index } from "../../expr/expr.ts";
import type { Names } from "../names.ts";

/** How tightly code binds. */
export const LEVEL = { comparison: 1, sum: 2, product: 3, minus: 4, power: 5, atom: 6 } as const;

/** Code, and how tightly it binds. */
export interface Bound {
  readonly text: string;
  readonly level: number;
}

/** A piece of code with what its surroundings must know of it. */
export interface Code extends Bound {
  /** What stands behind a leading minus. */
  readonly negated?: Code;
  /** What 1 stands above, in a fraction 1/divisor. */
  readonly divisor?: Code;
  /** A truth value, which a target may have to make a number of. */
  readonly truth?: boolean;
  /** Made of literals and sizes alone: a number of the language, no array. */
  readonly plain?: boolean;
  /** How deep brackets nest. */
  readonly depth: number;
}

export const atom = (text: string, ...inside: readonly Code[]): Code => ({ text, level: LEVEL.atom, depth: deepest(inside) + 1 });
/** A name or a literal: nothing nests in it. */
export const leaf = (text: string): Code => ({ text, level: LEVEL.atom, depth: 0 });
/** Code where at least a level is wanted, in brackets if it binds less tightly. */
export const wrap = (c: Bound, least: number): string => (c.level >= least ? c.text : `(${c.text})`);
/** Two operands with a sign between them, to be read from the left. */
export const between = (a: Bound, sign: string, b: Bound, level: number): Bound => ({
  text: `${wrap(a, level)} ${sign} ${wrap(b, level + 1)}`,
  level,
});
export const call = (name: string, ...args: readonly Code[]): Code => atom(`${name}(${args.map((a) => a.text).join(", ")})`, ...args);
export const infix = (a: Code, sign: string, b: Code, level: number): Code => ({
  ...between(a, sign, b, level),
  depth: deepest([a, b]) + 1,
});
const deepest = (list: readonly Code[]): number => list.reduce((d, c) => Math.max(d, c.depth), 0);
export const minus = (a: Code, level: number = LEVEL.minus): Code => ({
  text: `-${wrap(a, level)}`,
  level: LEVEL.minus,
  negated: a,
  depth: a.depth + 1,
});
/** −a, without writing two signs. */
export const negate = (a: Code): Code => a.negated ?? minus(a);
/** A power of `sign`, which has no blanks of its own around it. */
export const raised = (a: Code, sign: string, b: Code): Code => ({
  text: `${wrap(a, LEVEL.atom)}${sign}${wrap(b, LEVEL.atom)}`,
  level: LEVEL.power,
  depth: deepest([a, b]) + 1,
});
/** A comparison, in brackets. */
export const compared = (a: Code, sign: string, b: Code): Code => ({
  ...atom(`(${wrap(a, LEVEL.sum)} ${sign} ${wrap(b, LEVEL.sum)})`, a, b),
  truth: true,
});
/** A whole number with `point` behind it, or a fraction. */
export const rational = ({ n, d }: Rational, point = ""): Code =>
  d === 1n
    ? { text: `${n}${point}`, level: n < 0n ? LEVEL.minus : LEVEL.atom, depth: 0 }
    : { text: `${n} / ${d}`, level: LEVEL.product, depth: 0 };

/** A size as code of a language that writes products with `*`. */
export function sizeCode(dim: Dim, names: Names): Code {
  const text = dim.key.replace(/[\p{L}_][\p{L}\p{M}\p{Nd}_]*/gu, (name) => names.of(name)).replace(/(?<=.)([+-])/g, " $1 ");
  const level = /[+-]/.test(dim.key) ? LEVEL.sum : dim.key.includes("*") ? LEVEL.product : LEVEL.atom;
  return { text, level, depth: 0 };
}

/** A position as a language writes it that counts from `first` and has `whole` for all of an axis. */
export function indexText(i: Index, names: Names, first: 0 | 1, whole = ":"): string {
  if (i.kind === "all") return whole;
  if (i.kind === "bound") return names.of(`${i.name} (index)`);
  const constant = dimConstant(i.at);
  if (constant !== undefined) return `${constant - 1 + first}`;
  const text = sizeCode(i.at, names).text;
  return first === 1 ? text : `${text} - 1`;
}
