// Readings under exponents, and their element-wise products: v ⊙ w ⊘ u for entries,
// numerators and denominators for numbers.

import { add, HALF, isInteger, negate, ONE, rational, sign } from "../../../base/rational.ts";
import * as build from "../../../expr/build.ts";
import type { Expr } from "../../../expr/expr.ts";
import { isScalarShape } from "../../../expr/shape.ts";
import { baseIsPositive, negateTensor, scaleTensor } from "../../form/algebra.ts";
import { type Base, type Exponent, exponentOf, isUnitExponent, isZeroExponent, sameExponent } from "../../form/tensor.ts";
import { exponentTensor, multiplyExponents } from "../../product/power.ts";
import { rootOfSquares } from "../../simplify/squares.ts";
import { cheapest } from "../reading/cost.ts";
import { compareFactors, type Placed } from "../reading/order.ts";
import type { Reader } from "../reading/reader.ts";
import { callReading, hadamardReading, powerReading, quotientReading, type Reading, scalarReading } from "../reading/reading.ts";
import { startsNegative } from "./backward.ts";
import { readBase } from "./base.ts";

/** A reading to an element-wise power. `order` places it among its like. */
export interface Item {
  readonly reading: Reading;
  readonly exponent: Exponent;
  readonly order: number;
}

/** Whether the power belongs below a fraction line, and its size there. */
export function splitSign(e: Exponent): { below: boolean; size: Exponent } {
  if (e.symbolic === undefined)
    return sign(e.rational) < 0 ? { below: true, size: exponentOf(negate(e.rational)) } : { below: false, size: e };
  const parts = [...(sign(e.rational) === 0 ? [] : [sign(e.rational)]), ...e.symbolic.terms.map((t) => sign(t.coefficient))];
  if (parts.some((s) => s > 0)) return { below: false, size: e };
  return { below: true, size: { rational: negate(e.rational), symbolic: scaleTensor(e.symbolic, rational(-1)) } };
}

/** reading ^ exponent for an exponent that is not negative. */
export function raise(reader: Reader, reading: Reading, exponent: Exponent): Reading | undefined {
  if (isUnitExponent(exponent)) return reading;
  if (exponent.symbolic === undefined) {
    const r = exponent.rational;
    const absolute = r.d === 2n ? absoluteOf(reader, reading) : undefined;
    if (absolute !== undefined) return raise(reader, absolute, exponentOf(rational(r.n)));
    const root = reader.find("sqrt");
    if (root !== undefined && r.n === HALF.n && r.d === HALF.d) return callReading(root, [reading]);
    return powerReading(reading, build.num(r));
  }
  const written = reader.read(exponentTensor(exponent));
  return written === undefined ? undefined : powerReading(reading, written.fwd);
}

/** |x| for a reading x², whose root is asked for. */
function absoluteOf(reader: Reader, { fwd, rev }: Reading): Reading | undefined {
  const info = reader.find("abs");
  const squared = (e: Expr): Expr | undefined => {
    const [of, by] = e.kind === "apply" && (e.op === "hpow" || (e.op === "pow" && isScalarShape(e.shape))) ? e.args : [];
    return by?.kind === "num" && by.value.n === 2n && by.value.d === 1n ? of : undefined;
  };
  const [p, q] = [squared(fwd), squared(rev)];
  return info === undefined || p === undefined || q === undefined ? undefined : callReading(info, [{ fwd: p, rev: q }]);
}

/** Equal readings as one power. */
function merged(items: readonly Item[]): Item[] {
  const out: Item[] = [];
  for (const item of items) {
    const at = out.findIndex(
      (o) => o.reading.fwd === item.reading.fwd && o.exponent.symbolic === undefined && item.exponent.symbolic === undefined,
    );
    const known = out[at];
    if (known === undefined) out.push(item);
    else out[at] = { ...known, exponent: exponentOf(add(known.exponent.rational, item.exponent.rational)) };
  }
  return out.filter((i) => !isZeroExponent(i.exponent));
}

const opposite = ({ rational: r, symbolic }: Exponent): Exponent =>
  symbolic === undefined ? exponentOf(negate(r)) : { rational: negate(r), symbolic: scaleTensor(symbolic, rational(-1)) };

/** Whether two powers share their exponent (1), or one is divided by (−1), so that they may be said once; 0 where not. */
export function sharedPower(a: Exponent, b: Exponent): 1 | -1 | 0 {
  if (isUnitExponent(a) || isUnitExponent(opposite(a))) return 0;
  return sameExponent(a, b) ? 1 : sameExponent(a, opposite(b)) ? -1 : 0;
}

/** Items with one exponent, but for its sign, as one: x² ⊘ d² as (x ⊘ d)². */
function underOnePower(reader: Reader, items: readonly Item[]): readonly Item[] | undefined {
  const groups: Item[][] = [];
  const one = exponentOf(ONE);
  for (const item of items) {
    const group = groups.find(([first]) => first !== undefined && sharedPower(first.exponent, item.exponent) !== 0);
    if (group === undefined) groups.push([item]);
    else group.push(item);
  }
  if (groups.length === items.length) return items;
  const out: Item[] = [];
  for (const group of groups) {
    const [first, ...more] = group as [Item, ...Item[]];
    // What is above in a fraction leads.
    const lead = group.find((i) => !splitSign(i.exponent).below) ?? first;
    const inner = group.map((i) => ({ ...i, exponent: sharedPower(lead.exponent, i.exponent) < 0 ? opposite(one) : one }));
    const reading = more.length === 0 ? first.reading : combineItems(reader, inner);
    if (reading === undefined) return undefined;
    out.push({ ...lead, reading, order: first.order });
  }
  return out;
}

/** Element-wise product of items; undefined where an exponent cannot be read. */
export function combineItems(reader: Reader, items: readonly Item[]): Reading | undefined {
  const placed = ({ reading, order }: Item): Placed => ({ expr: reading.fwd, order });
  const sorted = underOnePower(reader, merged([...items].sort((a, b) => compareFactors(reader, placed(a), placed(b)))));
  if (sorted === undefined) return undefined;
  const above: Reading[] = [];
  const below: Reading[] = [];
  for (const item of sorted) {
    const { below: isBelow, size } = splitSign(item.exponent);
    const raised = raise(reader, item.reading, size);
    if (raised === undefined) return undefined;
    (isBelow ? below : above).push(raised);
  }
  const top = above.length === 0 ? undefined : above.reduce(hadamardReading);
  if (below.length === 0) return top;
  return quotientReading(top, below.reduce(hadamardReading));
}

/** A scalar atom to a positive exponent: √(x·x)³ is norm2(x)³. */
export function raiseScalar(reader: Reader, base: Base, reading: Reading, exponent: Exponent): Expr | undefined {
  const plain = raise(reader, reading, exponent)?.fwd;
  const candidates = plain === undefined ? [] : [plain];
  const power = powerNorm(reader, base, exponent);
  if (power !== undefined) candidates.push(power);
  const norm = normReading(reader, base);
  const twice = doubled(exponent);
  if (norm !== undefined && (exponent.symbolic !== undefined || isInteger(twice.rational))) {
    const raised = raise(reader, scalarReading(norm), twice)?.fwd;
    if (raised !== undefined) candidates.push(raised);
  }
  return candidates.length === 0 ? undefined : cheapest(candidates);
}

const doubled = ({ rational: r, symbolic }: Exponent): Exponent => {
  const twice = rational(r.n * 2n, r.d);
  return symbolic === undefined ? exponentOf(twice) : { rational: twice, symbolic: scaleTensor(symbolic, rational(2)) };
};

/** norm(v, k)^j for (Σ |v|^k)^(j/k); |v|^k is v^k where k is even or v is positive. */
function powerNorm(reader: Reader, base: Base, exponent: Exponent): Expr | undefined {
  const info = reader.find("pnorm");
  const [term, ...more] = base.kind === "group" && base.axes.length === 0 ? base.tensor.terms : [];
  const [f, ...others] = term?.factors ?? [];
  if (info === undefined || f === undefined || more.length > 0 || others.length > 0 || f.slots.length !== 1) return undefined;
  const { rational: k, symbolic } = f.exponent;
  const absolute = f.base.kind === "function" && f.base.rules.info.name === "abs" ? f.base.args[0] : undefined;
  const isWhole = symbolic === undefined && k.d === 1n && k.n > 2n;
  if (!isWhole && (symbolic === undefined || absolute === undefined)) return undefined;
  if (absolute === undefined && k.n % 2n !== 0n && !baseIsPositive(f.base, false)) return undefined;
  const j = multiplyExponents(exponent, f.exponent);
  if (j.symbolic === undefined && !isInteger(j.rational)) return undefined;
  const vector = absolute === undefined ? readBase(reader, f.base) : reader.read(absolute);
  const [order, power] = [f.exponent, j].map((e) => reader.read(exponentTensor(e))?.fwd);
  if (vector === undefined || order === undefined || power === undefined) return undefined;
  const norm = build.call(info, [vector.fwd, order]);
  return isUnitExponent(j) ? norm : build.apply("pow", [norm, power]);
}

/** norm2(v) for the closed sum of squares of v. */
function normReading(reader: Reader, base: Base): Expr | undefined {
  const info = reader.find("norm2");
  if (info === undefined || base.kind !== "group" || base.axes.length > 0) return undefined;
  const root = rootOfSquares(base.tensor);
  const reading = root === undefined ? undefined : reader.read(startsNegative(reader, root) ? negateTensor(root) : root);
  return reading === undefined ? undefined : build.call(info, [cheapest([reading.fwd, reading.rev])]);
}
