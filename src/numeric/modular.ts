// Exact identity testing: terms evaluated in the integers modulo a prime
// (modularArithmetic.ts) at random points (modularDraw.ts).
//
// So unequal values prove that two terms differ, unless an identity of an opaque
// function (exp(a)exp(b) = exp(a+b)) would be needed; equal values at a few points prove
// them equal but for a chance of about one in a million; where pieces are chosen by a
// sign, a difference in one piece goes unseen with a chance of 2 to the minus POINTS.

import type { Attribute } from "../expr/attributes.ts";
import type { Expr } from "../expr/expr.ts";
import { type Context, type Definitions, NumericError } from "./context.ts";
import { allFinite, filled, type Matrix } from "./matrix.ts";
import { modularArithmetic, type OpaqueFunctions } from "./modularArithmetic.ts";
import { drawResidues } from "./modularDraw.ts";
import { load, type Point } from "./point.ts";
import { compile, type Program } from "./program.ts";
import { createRandom, deriveSeed } from "./random.ts";
import { assignSizes, inventory } from "./sample.ts";

/** What a comparison modulo a prime takes. */
export interface ModularOptions extends OpaqueFunctions {
  readonly definitions?: Definitions;
  readonly seed?: number;
  /** At how many points; 16 unless stated. */
  readonly points?: number;
  /** How many are tried to find them. */
  readonly attempts?: number;
}

const POINTS = 16;
/** Attempts to find a point where the first term has a value, in all, unless stated. */
const ATTEMPTS = 400;
/** Attempts after which positive values are mixed in. */
const GENERAL_ATTEMPTS = 60;
/** How far sizes grow while none fit. */
const MOST_GROWTH = 10;

/**
 * Whether two terms agree modulo a prime at random points where the first has a value;
 * undefined where no such point is found.
 */
export function agreeModulo(a: Expr, b: Expr, options: ModularOptions): boolean | undefined {
  const arithmetic = modularArithmetic(options);
  const context: Context = options.definitions === undefined ? { arithmetic } : { arithmetic, definitions: options.definitions };
  const used = inventory([a, b]);
  const whole = variablesInExponents(used.nodes);
  let found = 0;
  let misfits = 0;
  const { points = POINTS, attempts = ATTEMPTS } = options;
  for (let attempt = 0; found < points && attempt < attempts; attempt++) {
    const source = createRandom(deriveSeed(options.seed ?? 1, attempt));
    const sizes = assignSizes(used, found % 3, Math.min(misfits, MOST_GROWTH), source);
    const programs = fitting(() => [compile(a, sizes, context), compile(b, sizes, context)] as const);
    if (programs === undefined) {
      misfits++;
      continue;
    }
    const [left, right] = programs;
    // Where many roots are taken, squares serve better than anything.
    const extra: readonly Attribute[] = attempt >= GENERAL_ATTEMPTS && attempt % 2 === 1 ? ["positive"] : [];
    const values = new Map<string, Matrix>();
    for (const [name, { rows, cols }] of new Map([...left.inputs, ...right.inputs])) {
      const attributes = [...(used.variables.get(name)?.attributes ?? []), ...extra];
      values.set(name, whole.has(name) ? filled(rows, cols, 2 + source.index(5)) : drawResidues(rows, cols, attributes, source));
    }
    const point: Point = { sizes, values, seed: 1 + source.index(2 ** 30) };
    const expected = fitting(() => runAt(left, point));
    const claimed = expected === undefined || !allFinite(expected) ? expected : fitting(() => runAt(right, point));
    if (expected === undefined || claimed === undefined) {
      misfits++;
      continue;
    }
    if (!allFinite(expected)) continue;
    found++;
    if (claimed.rows !== expected.rows || claimed.cols !== expected.cols) return false;
    if (expected.data.some((x, k) => x !== claimed.data[k])) return false;
  }
  return found === 0 ? undefined : true;
}

function runAt(program: Program, point: Point): Matrix {
  load(program, point);
  return program.run();
}

// What is made; undefined where the sizes do not fit.
function fitting<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof NumericError && (error.code === "size" || error.code === "index")) return undefined;
    throw error;
  }
}

/** Names of the variables in exponents; modulo a prime they stand for small whole numbers. */
export function variablesInExponents(all: readonly Expr[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const node of all) {
    if (node.kind !== "apply" || (node.op !== "pow" && node.op !== "hpow")) continue;
    for (const variable of inventory([node.args[1] as Expr]).variables.keys()) names.add(variable);
  }
  return names;
}
