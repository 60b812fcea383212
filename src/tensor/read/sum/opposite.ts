// What is said without a minus: [t ≤ 0] for 1 − [t > 0], f(−t) for 1 − f(t), b − a for −(a − b).
//
// Invariant: entry by entry the value is the same, so that 1 less a sum of entries is left alone.
// Not here: where a sum of several terms leads with a minus (sum.ts).

import { equals, isOne, MINUS_ONE } from "../../../base/rational.ts";
import * as build from "../../../expr/build.ts";
import { type Expr, isApply } from "../../../expr/expr.ts";
import { negateTensor } from "../../form/algebra.ts";
import { isUnitExponent, type Tensor } from "../../form/tensor.ts";
import type { FunctionRules } from "../../functions/functionRules.ts";
import { indicatorKind } from "../../functions/indicator.ts";
import type { Reader } from "../reading/reader.ts";
import { callReading, flip, type Reading } from "../reading/reading.ts";
import { readBase } from "../term/base.ts";

/** 1 − [t > 0] as [t ≤ 0], and 1 − f(t) as f(−t) where a rule says so; undefined for other tensors. */
export function readComplement(reader: Reader, tensor: Tensor): Reading | undefined {
  const one = tensor.terms.find((t) => t.factors.length === 0);
  const [other, ...more] = tensor.terms.filter((t) => t !== one);
  const [f, ...factors] = other?.factors ?? [];
  if (one === undefined || !isOne(one.coefficient) || other === undefined || !equals(other.coefficient, MINUS_ONE)) return undefined;
  if (more.length > 0 || factors.length > 0 || f?.base.kind !== "function" || !isUnitExponent(f.exponent)) return undefined;
  const turned = f.slots[0] === 1;
  if (f.slots.some((s, i) => s !== (turned ? 1 - i : i)) || f.slots.length !== tensor.axes.length) return undefined;
  if (indicatorKind(f.base.rules) === undefined) {
    const [of] = isComplementary(f.base.rules) ? f.base.args : [];
    const inside = of === undefined ? undefined : reader.read(negateTensor(of));
    const whole = inside === undefined ? undefined : callReading(f.base.rules.info, [inside]);
    return whole === undefined ? undefined : turned ? flip(whole) : whole;
  }
  const reading = readBase(reader, f.base);
  const [fwd, rev] = reading === undefined ? [] : [complement(reading.fwd), complement(reading.rev)];
  if (fwd === undefined || rev === undefined) return undefined;
  return turned ? { fwd: rev, rev: fwd } : { fwd, rev };
}

/** Whether a rule says f(−x) = 1 − f(x). */
const isComplementary = ({ identities, info }: FunctionRules): boolean =>
  info.elementwise &&
  identities.some(({ patterns: [pattern], result }) => {
    const [x] = pattern?.terms ?? [];
    const [own] = result.terms.filter((t) => t.factors.length > 0);
    const isMinus = pattern?.terms.length === 1 && x?.factors[0]?.base.kind === "var" && equals(x.coefficient, MINUS_ONE);
    const base = own?.factors[0]?.base;
    return isMinus && result.terms.length === 2 && base?.kind === "function" && base.rules.info.name === info.name;
  });

/** The opposite of a comparison. */
function complement(e: Expr): Expr | undefined {
  if (isApply(e, "gt")) return build.apply("le", e.args);
  if (isApply(e, "eq")) return build.apply("ne", e.args);
  const inner = isApply(e, "transpose") ? complement(e.args[0] as Expr) : undefined;
  return inner === undefined ? undefined : build.transpose(inner);
}

/** How far inside a product a difference is looked for. */
const MOST_TURNED = 8;

/** −e without a minus in front: −2(a − b) as 2(b − a). Undefined where no difference stands in it. */
export function turnedSum(e: Expr, left = MOST_TURNED): Expr | undefined {
  if (e.kind !== "apply" || left === 0) return undefined;
  const [a, b] = e.args as readonly [Expr, Expr];
  switch (e.op) {
    case "add": {
      const [minus, plus] = [e.args.filter((t) => isApply(t, "neg")), e.args.filter((t) => !isApply(t, "neg"))];
      return minus.length === 0 ? undefined : build.add(...minus.map((t) => t.args[0] as Expr), ...plus.map(negated));
    }
    case "mul":
    case "hadamard": {
      const product = e.op === "mul" ? build.mul : build.hadamard;
      const second = turnedSum(b, left - 1);
      const first = second === undefined ? turnedSum(a, left - 1) : undefined;
      return second !== undefined ? product(a, second) : first === undefined ? undefined : product(first, b);
    }
    case "div":
    case "hdiv": {
      const first = turnedSum(a, left - 1);
      return first === undefined ? undefined : build.apply(e.op === "div" ? "div" : "hdiv", [first, b]);
    }
    default:
      return undefined;
  }
}

/** −e, the sign taken into a leading number; two of them cancel. */
export function negated(e: Expr): Expr {
  if (e.kind === "num") return build.num({ n: -e.value.n, d: e.value.d });
  return isApply(e, "neg") ? (e.args[0] as Expr) : build.neg(e);
}
