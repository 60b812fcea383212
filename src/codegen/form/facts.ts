// What is known of the values of functions that forms apply entry by entry, as a table.
//
// Invariant: a fact holds for all arguments, rounding aside. Not here: how functions are computed (functions.ts).

import { COMPARISONS } from "../../expr/operators.ts";

/** `finite`: wherever the arguments are finite. */
type Fact = "finite" | "nonnegative" | "nonzero";

// biome-ignore format: a table is read by columns
const FACTS: Readonly<Record<string, readonly Fact[]>> = {
  ...Object.fromEntries(COMPARISONS.map((name) => [name, ["finite", "nonnegative"]])),
  exp:      [          "nonnegative", "nonzero"],
  cosh:     [          "nonnegative", "nonzero"],
  erfcx:    [          "nonnegative"],
  sigmoid:  ["finite", "nonnegative"],
  softplus: ["finite", "nonnegative"],
  abs:      ["finite", "nonnegative"],
  erfc:     ["finite", "nonnegative"],
  hypot:    ["finite", "nonnegative"],
  sin:      ["finite"],
  cos:      ["finite"],
  tanh:     ["finite"],
  atan:     ["finite"],
  atan2:    ["finite"],
  asinh:    ["finite"],
  cbrt:     ["finite"],
  sign:     ["finite"],
  floor:    ["finite"],
  ceil:     ["finite"],
  round:    ["finite"],
  erf:      ["finite"],
  max:      ["finite"],
  min:      ["finite"],
  where:    ["finite"],
};

/** Whether the values of a function are always so. */
export const isAlways = (fn: string, fact: Fact): boolean => Object.hasOwn(FACTS, fn) && (FACTS[fn] as readonly Fact[]).includes(fact);
