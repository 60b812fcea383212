// The same calculations in shorter words: how far rounding errors move a value is seen by
// making all of them larger. (The idea of CESTAC, Vignes 1993, with one fixed rounding in
// place of random ones, so that results stay reproducible.)
//
// Invariants: in shorter words numbers of few digits, 0 and 1 among them, stay what they are; a
// perturbed arithmetic moves them too, so that it shows what is lost where 1 + x is 1, and it has
// no value where a result underflows.

import { hashText } from "../base/hash.ts";
import type { OperatorName } from "../expr/operators.ts";
import type { Arithmetic } from "./arithmetic.ts";
import type { Kernel } from "./kernel.ts";
import { type Matrix, map, scalar } from "./matrix.ts";
import type { OperatorKernel } from "./operators.ts";

/** How many times larger rounding errors are. */
const COARSER = 1024;

/** Operators whose results are rounded; all others put entries where they belong. */
const ROUNDED: readonly OperatorName[] = ["add", "mul", "div", "pow", "hadamard", "hdiv", "hpow", "sum", "tr", "dot", "kron"];

/** An arithmetic whose results have ten bits fewer. */
export function coarsened(fine: Arithmetic): Arithmetic {
  const rounding = <K extends { readonly value: (...given: never[]) => Matrix }>(kernel: K): K => ({
    ...kernel,
    value: (...given: Parameters<K["value"]>) => map(kernel.value(...given), coarse),
  });
  return {
    ...fine,
    operators: { ...fine.operators, ...Object.fromEntries(ROUNDED.map((op) => [op, rounding(fine.operators[op])])) },
    functions: new Map([...fine.functions].map(([name, kernel]) => [name, rounding(kernel)])),
    plus: (a, b) => map(fine.plus(a, b), coarse),
  };
}

/** The leading 43 bits of a number (Dekker 1971, splitting by one multiplication). */
function coarse(x: number): number {
  const c = (COARSER + 1) * x;
  const head = c - (c - x);
  return Number.isFinite(head) ? head : x;
}

/** Functions and operators whose arguments after the first stay what they are: exponents. */
const EXPONENTIATED: ReadonlySet<string> = new Set(["pow", "hpow", "mpow", "epow"]);
/** Results nearer to 0 have lost digits to underflow. */
const LEAST = 1e-290;

/**
 * An arithmetic in which every argument and result of what is rounded is off by up to 2⁻⁴³ of
 * itself, in a direction that hangs on the number, on its place and on `turn`.
 */
export function perturbed(fine: Arithmetic, turn: number): Arithmetic {
  const moved = (name: string, args: readonly Matrix[], asOne: (a: Matrix) => boolean): Matrix[] =>
    args.map((a, i) => (i > 0 && EXPONENTIATED.has(name) ? a : offset(a, turn, i, asOne(a))));
  const settled = (name: string, a: Matrix): Matrix => {
    const salt = turn + hashText(name);
    return map(a, (x) => (x !== 0 && Math.abs(x) < LEAST ? Number.NaN : x * (1 + shift(x, salt))));
  };
  const operator = (name: OperatorName): OperatorKernel => {
    const kernel: OperatorKernel = fine.operators[name];
    return {
      ...kernel,
      value: (args, params) => {
        if (name === "mul" && isSpread(args)) return kernel.value(args, params);
        const given = moved(name, args, () => false);
        return settled(name, kernel.value(given, params));
      },
    };
  };
  // At a kink or a jump an argument stays where it is, and so does an entry that is picked: x == max(x) holds somewhere.
  const called = (name: string, { value, margin }: Kernel, args: readonly Matrix[]): Matrix => {
    if (margin === undefined) return settled(name, withoutUnderflow(value(moved(name, args, isSquare)), args, value));
    const given = new Set(args.flatMap((a) => [...a.data]));
    const made = value(args);
    const rounded = settled(name, made);
    return { ...made, data: made.data.map((x, k) => (given.has(x) ? x : (rounded.data[k] as number))) };
  };
  return {
    ...fine,
    operators: { ...fine.operators, ...Object.fromEntries(ROUNDED.map((op) => [op, operator(op)])) },
    functions: new Map([...fine.functions].map(([name, kernel]) => [name, { ...kernel, value: (args) => called(name, kernel, args) }])),
    plus: (a, b) => fine.plus(offset(a, turn, 0, false), offset(b, turn, 1, false)),
  };
}

/** A column beside a row of ones puts entries where they belong: v*ones(n)'. */
const isSpread = ([a, b]: readonly Matrix[]): boolean => a?.cols === 1 && b?.rows === 1 && [a, b].some((m) => m.data.every((x) => x === 1));

const isSquare = (a: Matrix): boolean => a.rows === a.cols && a.rows > 1;

/** Every entry off by a little; the entries of a matrix as one keep their symmetry, others are off each for itself. */
function offset(a: Matrix, turn: number, place: number, asOne: boolean): Matrix {
  const salt = turn + 977 * place;
  return { ...a, data: a.data.map((x, k) => x * (1 + shift(x, asOne ? salt : salt + 31 * k))) };
}

// A smooth function of an entry that is 0 where the entry is not has underflown; tril(A) has not.
function withoutUnderflow(made: Matrix, args: readonly Matrix[], value: Kernel["value"]): Matrix {
  const [of] = args;
  if (of === undefined || args.length > 1 || of.rows !== made.rows || of.cols !== made.cols) return made;
  const isLost = (x: number): boolean => x !== 0 && value([scalar(x)]).data[0] === 0;
  return { ...made, data: made.data.map((x, k) => (x === 0 && isLost(of.data[k] as number) ? Number.NaN : x)) };
}

const WORDS = new Uint32Array(2);
const NUMBER = new Float64Array(WORDS.buffer);

/** A number between 2⁻⁴⁴ and 2⁻⁴³ or its opposite, by the digits of a number and a salt. */
function shift(x: number, salt: number): number {
  NUMBER[0] = Math.abs(x);
  let h = Math.imul((WORDS[0] as number) ^ (salt + 1), 0x2c1b3c6d) ^ Math.imul(WORDS[1] as number, 0x297a2d39);
  h = Math.imul(h ^ (h >>> 15), 0x1b56c4e9);
  h ^= h >>> 13;
  return (((h & 1) === 0 ? 1 : -1) * (0.5 + ((h >>> 8) & 0xff) / 512)) / 2 ** 43;
}
