// A sum as it stands: its terms read one by one and put side by side, in the order in which a
// person writes them.
//
// Invariant: the same value; undefined where a term has no matrix notation. Not here: other forms
// of the sum (src/tensor/read/notation.ts), and what is read of a term (src/tensor/read/term/term.ts).

import { content as contentOf, divide, isOne, ONE, type Rational } from "../../../base/rational.ts";
import * as build from "../../../expr/build.ts";
import { type Dim, dimOf } from "../../../expr/dim.ts";
import { type Expr, isApply } from "../../../expr/expr.ts";
import type { Shape } from "../../../expr/shape.ts";
import { scaleTensor } from "../../form/algebra.ts";
import { internTensor, type Tensor } from "../../form/tensor.ts";
import { cheapest, cost } from "../reading/cost.ts";
import { joinEnds } from "../reading/ends.ts";
import { compareWritten } from "../reading/order.ts";
import type { Reader } from "../reading/reader.ts";
import { onesExpr, oriented, type Reading, scalarReading, widened } from "../reading/reading.ts";
import { scaled } from "../reading/scaled.ts";
import { zeroReading } from "../term/base.ts";
import { lengthOf, type ReadTerm, readTerm } from "../term/term.ts";
import { readLiteral } from "./literal.ts";
import { negated, turnedSum } from "./opposite.ts";
import { readStack } from "./stacked.ts";

/** The shortest notation of a sum as it stands, both orientations; undefined where a term has none. */
export function readSum(reader: Reader, tensor: Tensor): Reading | undefined {
  if (tensor.terms.length === 0) return zeroReading(tensor.axes);
  const parts = readLiteral(reader, tensor) ?? readStack(reader, tensor);
  const plain = parts ?? readTerms(reader, tensor);
  const c = contentOf(tensor.terms.map((t) => t.coefficient));
  if (plain === undefined || isOne(c) || tensor.terms.length < 2) return plain;
  // 2 a + 2 b = 2 (a + b)
  const whole = scaleTensor(tensor, divide(ONE, c));
  const inner = parts === undefined ? readTerms(reader, whole) : (readLiteral(reader, whole) ?? readStack(reader, whole));
  if (inner === undefined) return plain;
  const parted = parts === undefined ? readFractions(reader, tensor, c) : undefined;
  const all = [plain, ...(parted === undefined ? [] : [parted])];
  return oriented([...all.map((r) => r.fwd), scaled(c, [], [], inner.fwd)], [...all.map((r) => r.rev), scaled(c, [], [], inner.rev)]);
}

/** a/2 + b/2 − c as (a + b)/2 − c, where the other terms have no fraction. */
function readFractions(reader: Reader, tensor: Tensor, content: Rational): Reading | undefined {
  const [over, whole] = [content.d, tensor.terms.filter((t) => t.coefficient.d === 1n)];
  const rest = tensor.terms.filter((t) => t.coefficient.d !== 1n);
  if (whole.length === 0 || rest.length < 2 || rest.some((t) => t.coefficient.d !== over)) return undefined;
  const parts = [scaleTensor(internTensor(tensor.axes, rest), { n: over, d: 1n }), internTensor(tensor.axes, whole)];
  const [above, beside] = parts.map((part) => readTerms(reader, part));
  if (above === undefined || beside === undefined) return undefined;
  const divided = (e: Expr): Expr => scaled({ n: 1n, d: over }, [], [], e);
  return oriented([build.add(divided(above.fwd), beside.fwd)], [build.add(divided(above.rev), beside.rev)]);
}

function readTerms(reader: Reader, tensor: Tensor): Reading | undefined {
  const [rows, cols] = [tensor.axes[0] ?? dimOf(1), tensor.axes[1] ?? dimOf(1)];
  const terms: ReadTerm[] = [];
  for (const term of tensor.terms) {
    const read = readTerm(reader, tensor, term);
    if (read === undefined) return undefined;
    terms.push(read);
  }
  const led = withPositiveLead(terms);
  terms.splice(0, terms.length, ...led);
  terms.sort(inOrder(reader, true));
  const allScalar = terms.every((t) => t.scalar !== undefined);
  if (allScalar) {
    const total = sumOf(terms, (t) => t.scalar as Expr);
    if (tensor.axes.length === 0) return scalarReading(total);
    return { fwd: spread(total, rows, cols), rev: spread(total, cols, rows) };
  }
  // Next to I or X² a number would read as a multiple of I: I − ones/n, not I − 1/n.
  const besidePower = terms.some((t) => t.reading !== undefined && isMatrixPower(t.reading.fwd));
  const wide = (e: Expr, shape: Shape): Expr => (besidePower ? spread(e, shape.rows, shape.cols) : widened(e, shape));
  // Around pairs of labels there are no axes along which a factor of the normal form could be pulled out, and sums of blocks it multiplies out.
  const isOpen = tensor.terms.some((t) => t.factors.some((f) => f.base.kind === "fuse" || f.base.kind === "block"));
  const side = (forward: boolean): Expr => {
    const shape = forward ? { rows, cols } : { rows: cols, cols: rows };
    const sorted = forward ? terms : [...terms].sort(inOrder(reader, false));
    const written = (t: ReadTerm): Expr =>
      t.scalar !== undefined ? wide(t.scalar, shape) : forward ? (t.reading as Reading).fwd : (t.reading as Reading).rev;
    const plain = sumOf(sorted, written);
    const joined = isOpen ? joinEnds(sorted.map((t) => ({ negative: t.negative, expr: written(t) }))) : undefined;
    return joined === undefined ? plain : cheapest([plain, joined]);
  };
  return oriented([side(true)], [side(false)]);
}

/** I and powers of matrices, also multiples and parts of them. */
function isMatrixPower(e: Expr): boolean {
  const over = isApply(e, "div") ? (e.args[0] as Expr) : e;
  const body = isApply(over, "mul") ? (over.args[1] as Expr) : over;
  return isApply(body, "eye") || isApply(body, "pow");
}

/** Where all summands have a minus, one that reads without it leads, if that is not longer. */
function withPositiveLead(terms: readonly ReadTerm[]): readonly ReadTerm[] {
  if (terms.some((t) => !t.negative)) return terms;
  const lead = terms.find((t) => t.turned !== undefined && lengthOf(t.turned) < lengthOf(t) + 1);
  return lead === undefined ? terms : terms.map((t) => (t === lead ? (lead.turned as ReadTerm) : t));
}

/** Constants lead, then the user's order, then lower degrees; summands with a minus follow those without. */
function inOrder(reader: Reader, forward: boolean): (a: ReadTerm, b: ReadTerm) => number {
  const expr = (t: ReadTerm): Expr => t.scalar ?? (forward ? (t.reading as Reading).fwd : (t.reading as Reading).rev);
  return (a, b) =>
    Number(a.negative) - Number(b.negative) ||
    a.order - b.order ||
    a.degree - b.degree ||
    cost(expr(a)) - cost(expr(b)) ||
    compareWritten(reader, expr(a), expr(b));
}

function sumOf(terms: readonly ReadTerm[], expr: (t: ReadTerm) => Expr): Expr {
  const [only, ...more] = terms;
  if (only?.negative === true && more.length === 0) return turnedSum(expr(only)) ?? negated(expr(only));
  const parts = terms.map((t) => (t.negative ? negated(expr(t)) : expr(t)));
  return build.add(...parts);
}

/** A number in every entry. */
function spread(value: Expr, rows: Dim, cols: Dim): Expr {
  const ones = onesExpr(rows, cols);
  const isNumber = (e: Expr | undefined): boolean => e?.kind === "num" && isOne(e.value);
  if (isApply(value, "div") && isNumber(value.args[0])) return build.apply("div", [ones, value.args[1] as Expr]);
  return isNumber(value) ? ones : build.mul(value, ones);
}
