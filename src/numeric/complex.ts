// Values of terms at complex points, for the complex step: f(x + ih) has the derivative in its
// imaginary part, without a difference and so without cancellation (Squire & Trapp 1998).
//
// Invariant: only what is analytic has a value here; max, abs, comparisons and everything
// else without a continuation are refused, never evaluated as if they were real.

import { toNumber } from "../base/rational.ts";
import { type Dim, evaluateDim } from "../expr/dim.ts";
import { type Apply, type Expr, fold } from "../expr/expr.ts";
import { isOperator, type OperatorName } from "../expr/operators.ts";
import { type Definitions, NumericError } from "./context.ts";
import type { Matrix } from "./matrix.ts";

/** A matrix of complex numbers, column-major. */
export interface ComplexMatrix {
  readonly rows: number;
  readonly cols: number;
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** A complex number. */
export interface Complex {
  readonly re: number;
  readonly im: number;
}

const of = (re: number, im = 0): Complex => ({ re, im });
const plus = (a: Complex, b: Complex): Complex => of(a.re + b.re, a.im + b.im);
const minus = (a: Complex, b: Complex): Complex => of(a.re - b.re, a.im - b.im);
const times = (a: Complex, b: Complex): Complex => of(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re);
function over(a: Complex, b: Complex): Complex {
  const d = b.re * b.re + b.im * b.im;
  return of((a.re * b.re + a.im * b.im) / d, (a.im * b.re - a.re * b.im) / d);
}
const exp = (z: Complex): Complex => of(Math.exp(z.re) * Math.cos(z.im), Math.exp(z.re) * Math.sin(z.im));
const log = (z: Complex): Complex => of(Math.log(Math.hypot(z.re, z.im)), Math.atan2(z.im, z.re));
const sin = (z: Complex): Complex => of(Math.sin(z.re) * Math.cosh(z.im), Math.cos(z.re) * Math.sinh(z.im));
const cos = (z: Complex): Complex => of(Math.cos(z.re) * Math.cosh(z.im), -Math.sin(z.re) * Math.sinh(z.im));
const sinh = (z: Complex): Complex => of(Math.sinh(z.re) * Math.cos(z.im), Math.cosh(z.re) * Math.sin(z.im));
const cosh = (z: Complex): Complex => of(Math.cosh(z.re) * Math.cos(z.im), Math.sinh(z.re) * Math.sin(z.im));
const scaleBy = (z: Complex, k: number): Complex => of(k * z.re, k * z.im);
const ONE = of(1);

function root(z: Complex): Complex {
  // A real negative number has no real root: no value, as among the reals.
  if (z.im === 0 && z.re < 0) return of(Number.NaN, Number.NaN);
  const r = Math.hypot(z.re, z.im);
  const re = Math.sqrt((r + z.re) / 2);
  return re === 0 ? of(0, Math.sqrt(r)) : of(re, z.im / (2 * re));
}

function power(z: Complex, k: Complex): Complex {
  if (k.im === 0 && Number.isInteger(k.re) && Math.abs(k.re) <= 64) {
    let out = ONE;
    for (let i = 0; i < Math.abs(k.re); i++) out = times(out, z);
    return k.re < 0 ? over(ONE, out) : out;
  }
  return exp(times(k, log(z)));
}

// biome-ignore format: a table is read by columns
/** Functions of every entry by itself that are analytic. */
const ENTRIES: Readonly<Record<string, (z: Complex) => Complex>> = {
  exp, log, sin, cos, sinh, cosh, sqrt: root,
  square: (z) => times(z, z),
  tan: (z) => over(sin(z), cos(z)),
  tanh: (z) => over(sinh(z), cosh(z)),
  sigmoid: (z) => over(ONE, plus(ONE, exp(scaleBy(z, -1)))),
  softplus: (z) => log(plus(ONE, exp(z))),
};

const make = (rows: number, cols: number, value: (i: number, j: number) => Complex): ComplexMatrix => {
  const re = new Float64Array(rows * cols);
  const im = new Float64Array(rows * cols);
  for (let j = 0; j < cols; j++)
    for (let i = 0; i < rows; i++) {
      const z = value(i, j);
      re[i + rows * j] = z.re;
      im[i + rows * j] = z.im;
    }
  return { rows, cols, re, im };
};
const at = (a: ComplexMatrix, i: number, j: number): Complex => of(a.re[i + a.rows * j] as number, a.im[i + a.rows * j] as number);
const entry = (a: ComplexMatrix, k: number): Complex => of(a.re[k] as number, a.im[k] as number);
const first = (a: ComplexMatrix): Complex => entry(a, 0);
const isScalar = (a: ComplexMatrix): boolean => a.rows === 1 && a.cols === 1;
const number = (z: Complex): ComplexMatrix => make(1, 1, () => z);
const each = (a: ComplexMatrix, f: (z: Complex) => Complex): ComplexMatrix => make(a.rows, a.cols, (i, j) => f(at(a, i, j)));
const pairs = (a: ComplexMatrix, b: ComplexMatrix, f: (x: Complex, y: Complex) => Complex): ComplexMatrix => {
  const [rows, cols] = isScalar(a) ? [b.rows, b.cols] : [a.rows, a.cols];
  return make(rows, cols, (i, j) => f(isScalar(a) ? first(a) : at(a, i, j), isScalar(b) ? first(b) : at(b, i, j)));
};

function total(a: ComplexMatrix): Complex {
  let sum = of(0);
  for (let k = 0; k < a.re.length; k++) sum = plus(sum, entry(a, k));
  return sum;
}

const product = (a: ComplexMatrix, b: ComplexMatrix): ComplexMatrix =>
  isScalar(a) || isScalar(b)
    ? pairs(a, b, times)
    : make(a.rows, b.cols, (i, j) => {
        let sum = of(0);
        for (let k = 0; k < a.cols; k++) sum = plus(sum, times(at(a, i, k), at(b, k, j)));
        return sum;
      });

/** Elimination with pivots: the determinant, and the inverse next to it. */
function eliminate(a: ComplexMatrix): { determinant: Complex; inverse: ComplexMatrix } {
  const n = a.rows;
  const rows = Array.from({ length: n }, (_, i) =>
    Array.from({ length: 2 * n }, (_, j) => (j < n ? at(a, i, j) : of(j - n === i ? 1 : 0))),
  );
  let determinant = ONE;
  for (let k = 0; k < n; k++) {
    let best = k;
    for (let i = k + 1; i < n; i++) if (size(rows[i]?.[k]) > size(rows[best]?.[k])) best = i;
    const pivotRow = rows[best] as Complex[];
    if (best !== k) {
      rows[best] = rows[k] as Complex[];
      rows[k] = pivotRow;
      determinant = scaleBy(determinant, -1);
    }
    const pivot = pivotRow[k] as Complex;
    determinant = times(determinant, pivot);
    rows[k] = pivotRow.map((z) => over(z, pivot));
    for (let i = 0; i < n; i++) {
      const factor = rows[i]?.[k] as Complex;
      if (i !== k) rows[i] = (rows[i] as Complex[]).map((z, j) => minus(z, times(factor, rows[k]?.[j] as Complex)));
    }
  }
  return { determinant, inverse: make(n, n, (i, j) => rows[i]?.[n + j] as Complex) };
}
const size = (z: Complex | undefined): number => (z === undefined ? 0 : Math.hypot(z.re, z.im));

const lengthOf = (a: ComplexMatrix): ComplexMatrix => number(root(total(each(a, (z) => times(z, z)))));

/** Functions of whole vectors and matrices. */
const WHOLE: Readonly<Record<string, (a: ComplexMatrix) => ComplexMatrix>> = {
  inv: (a) => eliminate(a).inverse,
  det: (a) => number(eliminate(a).determinant),
  logdet: (a) => number(log(eliminate(a).determinant)),
  norm2: lengthOf,
  normF: lengthOf,
  norm: lengthOf,
  mean: (a) => number(scaleBy(total(a), 1 / a.re.length)),
};

/** The value of a term at a complex point. Throws a NumericError where a part is not analytic. */
export function evaluateComplex(
  term: Expr,
  sizes: ReadonlyMap<string, number>,
  values: ReadonlyMap<string, ComplexMatrix>,
  definitions: Definitions,
): ComplexMatrix {
  const dim = (d: Dim): number => evaluateDim(d, sizes);
  return fold<ComplexMatrix>(term, (node, args) => {
    switch (node.kind) {
      case "num":
        return number(of(toNumber(node.value)));
      case "constant":
        return number(of(node.name === "pi" ? Math.PI : refuse(node.name)));
      case "dim":
        return number(of(dim(node.dim)));
      case "var":
        return values.get(node.name) ?? refuse(node.name);
      case "apply":
        return isOperator(node.op) ? operate(node.op, args, node.params.map(dim)) : call(node, args, sizes, definitions);
      case "entry": {
        const [a] = args as [ComplexMatrix];
        const place = node.at.map((i) => (i.kind === "position" ? dim(i.at) - 1 : i.kind === "all" ? undefined : refuse("an index")));
        const [row, col] = place;
        return make(row === undefined ? a.rows : 1, col === undefined ? a.cols : 1, (i, j) => at(a, row ?? i, col ?? j));
      }
      default:
        return refuse(node.kind === "unknown" ? node.name : "a sum over an index");
    }
  });
}

const refuse = (what: string): never => {
  throw new NumericError("function", what, `${what} has no complex values here`);
};

function call(node: Apply, args: readonly ComplexMatrix[], sizes: ReadonlyMap<string, number>, definitions: Definitions): ComplexMatrix {
  const [a] = args as [ComplexMatrix];
  const entries = ENTRIES[node.op];
  if (entries !== undefined && args.length === 1) return each(a, entries);
  const whole = WHOLE[node.op];
  if (whole !== undefined && args.length === 1) return whole(a);
  const found = definitions(node.op);
  if (found === undefined) return refuse(node.op);
  const bound = new Map(sizes);
  found.parameters.forEach((p, i) => {
    const value = args[i] as ComplexMatrix;
    for (const [d, n] of [
      [p.shape.rows, value.rows],
      [p.shape.cols, value.cols],
    ] as const)
      if (!/^\d+$/.test(d.key)) bound.set(d.key, n);
  });
  const values = new Map(found.parameters.map((p, i) => [p.name, args[i] as ComplexMatrix]));
  const body = found.body;
  // A function of numbers acts on every entry.
  const numbers = found.parameters.every((p) => p.shape.rows.key === "1" && p.shape.cols.key === "1");
  const wide = args.find((v) => !isScalar(v));
  if (!numbers || wide === undefined) return evaluateComplex(body, bound, values, definitions);
  return make(wide.rows, wide.cols, (i, j) =>
    first(
      evaluateComplex(body, bound, new Map([...values].map(([name, v]) => [name, isScalar(v) ? v : number(at(v, i, j))])), definitions),
    ),
  );
}

type Row = (args: readonly ComplexMatrix[], rows: number, cols: number) => ComplexMatrix;

const a0 = (args: readonly ComplexMatrix[]): ComplexMatrix => args[0] as ComplexMatrix;
const a1 = (args: readonly ComplexMatrix[]): ComplexMatrix => args[1] as ComplexMatrix;

/** The operators that are analytic; `rows` and `cols` are their parameters. */
// biome-ignore format: a table is read by columns
const OPERATORS: Readonly<Partial<Record<OperatorName, Row>>> = {
  add:       (args) => args.reduce((x, y) => pairs(x, y, plus)),
  neg:       (args) => each(a0(args), (z) => scaleBy(z, -1)),
  mul:       (args) => product(a0(args), a1(args)),
  div:       (args) => pairs(a0(args), a1(args), over),
  pow:       (args) => (isScalar(a0(args)) ? pairs(a0(args), a1(args), power) : matrixPower(a0(args), first(a1(args)).re)),
  hadamard:  (args) => pairs(a0(args), a1(args), times),
  hdiv:      (args) => pairs(a0(args), a1(args), over),
  hpow:      (args) => pairs(a0(args), a1(args), power),
  expand:    (args, rows, cols) => make(rows, cols, () => first(a0(args))),
  transpose: (args) => turned(a0(args)),
  sum:       (args) => number(total(a0(args))),
  tr:        (args) => number(total(make(a0(args).rows, 1, (i) => at(a0(args), i, i)))),
  diag:      (args) => diagonal(a0(args)),
  dot:       (args) => number(total(make(a0(args).re.length, 1, (k) => times(entry(a0(args), k), entry(a1(args), k))))),
  kron:      (args) => kronecker(a0(args), a1(args)),
  vec:       (args) => make(a0(args).re.length, 1, (k) => entry(a0(args), k)),
  reshape:   (args, rows, cols) => make(rows, cols, (i, j) => entry(a0(args), i + rows * j)),
  vcat:      (args) => stacked(args),
  hcat:      (args) => turned(stacked(args.map(turned))),
  ones:      (_, rows, cols) => make(rows, cols, () => ONE),
  zeros:     (_, rows, cols) => make(rows, cols, () => of(0)),
  eye:       (_, rows) => identity(rows),
  unit:      (_, rows, place) => make(rows, 1, (i) => of(i === place - 1 ? 1 : 0)),
};

function operate(op: OperatorName, args: readonly ComplexMatrix[], [rows = 1, cols = 1]: readonly number[]): ComplexMatrix {
  return (OPERATORS[op] ?? refuse(op))(args, rows, cols);
}

const identity = (n: number): ComplexMatrix => make(n, n, (i, j) => of(i === j ? 1 : 0));

function matrixPower(a: ComplexMatrix, k: number): ComplexMatrix {
  if (!Number.isInteger(k) || Math.abs(k) > 64) return refuse("a fractional power of a matrix");
  const base = k < 0 ? eliminate(a).inverse : a;
  let out = identity(a.rows);
  for (let i = 0; i < Math.abs(k); i++) out = product(out, base);
  return out;
}

function diagonal(a: ComplexMatrix): ComplexMatrix {
  if (isScalar(a)) return a;
  return a.rows === 1 || a.cols === 1
    ? make(a.re.length, a.re.length, (i, j) => (i === j ? entry(a, i) : of(0)))
    : make(a.rows, 1, (i) => at(a, i, i));
}

const kronecker = (a: ComplexMatrix, b: ComplexMatrix): ComplexMatrix =>
  make(a.rows * b.rows, a.cols * b.cols, (i, j) =>
    times(at(a, Math.floor(i / b.rows), Math.floor(j / b.cols)), at(b, i % b.rows, j % b.cols)),
  );

const turned = (a: ComplexMatrix): ComplexMatrix => make(a.cols, a.rows, (i, j) => at(a, j, i));
function stacked(parts: readonly ComplexMatrix[]): ComplexMatrix {
  const rows = parts.flatMap((p) => Array.from({ length: p.rows }, (_, i) => [p, i] as const));
  return make(rows.length, parts[0]?.cols ?? 1, (i, j) => at(...(rows[i] as readonly [ComplexMatrix, number]), j));
}

/** A real matrix as a complex one, with `step` added to the imaginary part of one entry. */
export function complexified(a: Matrix, step = 0, position = -1): ComplexMatrix {
  const im = new Float64Array(a.data.length);
  if (position >= 0) im[position] = step;
  return { rows: a.rows, cols: a.cols, re: Float64Array.from(a.data), im };
}
