// A second reader of printed text: evaluates a surface tree directly, with the sizes that
// the values happen to have, as MATLAB-like tools do. It knows no Exprs and infers
// nothing, so text that it reads right is right for readers other than nabla's own.

import { parseRational, toNumber } from "../../src/base/rational.ts";
import {
  at,
  fromRows,
  generate,
  identity,
  isScalar,
  kron,
  type Matrix,
  map,
  matrix,
  multiply,
  scalar,
  sum,
  transpose,
  zip,
} from "../../src/numeric/matrix.ts";
import type { IndexTree, Tree } from "../../src/syntax/tree.ts";

/** Values of variables, and of sizes, which are numbers like any others. */
export type Bindings = ReadonlyMap<string, Matrix>;

const compare =
  (holds: (x: number, y: number) => boolean) =>
  (x: number, y: number): number =>
    holds(x, y) ? 1 : 0;

const ELEMENTWISE: Readonly<Record<string, (x: number, y: number) => number>> = {
  plus: (x, y) => x + y,
  minus: (x, y) => x - y,
  hadamard: (x, y) => x * y,
  hdivide: (x, y) => x / y,
  divide: (x, y) => x / y,
  hpower: (x, y) => x ** y,
  gt: compare((x, y) => x > y),
  ge: compare((x, y) => x >= y),
  lt: compare((x, y) => x < y),
  le: compare((x, y) => x <= y),
  eq: compare((x, y) => x === y),
  ne: compare((x, y) => x !== y),
};

const size = (a: Matrix | undefined): number => (a as Matrix).data[0] as number;
const diagonal = (a: Matrix): Matrix =>
  a.rows === 1 || a.cols === 1
    ? generate(a.data.length, a.data.length, (i, j) => (i === j ? (a.data[i] as number) : 0))
    : generate(a.rows, 1, (i) => at(a, i, i));
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

const FUNCTIONS: Readonly<Record<string, (...args: Matrix[]) => Matrix>> = {
  sum: (a) => scalar(sum(a as Matrix)),
  tr: (a) => scalar(sum(diagonal(a as Matrix))),
  diag: (a) => diagonal(a as Matrix),
  vec: (a) => matrix((a as Matrix).data.length, 1, (a as Matrix).data),
  kron: (a, b) => kron(a as Matrix, b as Matrix),
  dot: (a, b) => scalar(sum(elementwise("hadamard", a as Matrix, b as Matrix))),
  ones: (n, m) => generate(size(n), m === undefined ? 1 : size(m), () => 1),
  zeros: (n, m) => generate(size(n), m === undefined ? 1 : size(m), () => 0),
  eye: (n) => identity(size(n)),
  unit: (n, k) => generate(size(n), 1, (i) => (i + 1 === size(k) ? 1 : 0)),
  K: (m, n) => generate(size(m) * size(n), size(m) * size(n), (r, c) => (Math.floor(r / size(n)) + size(m) * (r % size(n)) === c ? 1 : 0)),
  exp: (a) => map(a as Matrix, Math.exp),
  sin: (a) => map(a as Matrix, Math.sin),
  cos: (a) => map(a as Matrix, Math.cos),
  tanh: (a) => map(a as Matrix, Math.tanh),
  sigmoid: (a) => map(a as Matrix, sigmoid),
  max: (a, b) => zip(a as Matrix, b as Matrix, Math.max),
};

function elementwise(op: string, a: Matrix, b: Matrix): Matrix {
  const f = ELEMENTWISE[op];
  if (f === undefined) throw new Error(`the reader has no operator ${op}`);
  return zip(a, b, f);
}

function binary(op: string, a: Matrix, b: Matrix): Matrix {
  switch (op) {
    case "times":
      return isScalar(a) || isScalar(b) ? zip(a, b, (x, y) => x * y) : multiply(a, b);
    case "divide":
      if (!isScalar(b)) throw new Error("division by something that is no number");
      return elementwise(op, a, b);
    case "power": {
      if (isScalar(a)) return map(a, (x) => x ** size(b));
      let power = a;
      for (let k = 1; k < size(b); k++) power = multiply(power, a);
      return power;
    }
    case "dot":
      return FUNCTIONS.dot?.(a, b) as Matrix;
    case "kron":
      return kron(a, b);
    default:
      return elementwise(op, a, b);
  }
}

function stack(rows: readonly (readonly Matrix[])[]): Matrix {
  const lines = rows.flatMap((cells) => {
    const height = (cells[0] as Matrix).rows;
    if (cells.some((c) => c.rows !== height)) throw new Error("cells of different height in a row");
    return Array.from({ length: height }, (_, i) => cells.flatMap((c) => Array.from({ length: c.cols }, (_, j) => at(c, i, j))));
  });
  return fromRows(lines);
}

/** The value of a surface tree. Throws where a shape does not fit or a name is unknown. */
export function read(tree: Tree, bindings: Bindings): Matrix {
  const go = (t: Tree): Matrix => read(t, bindings);
  switch (tree.kind) {
    case "number":
      return scalar(toNumber(parseRational(tree.text) ?? { n: 0n, d: 0n }));
    case "name": {
      const value = tree.name === "pi" ? scalar(Math.PI) : bindings.get(tree.name);
      if (value === undefined) throw new Error(`the reader has no ${tree.name}`);
      return value;
    }
    case "prefix":
      return tree.op === "minus" ? map(go(tree.arg), (x) => -x) : go(tree.arg);
    case "binary":
      return binary(tree.op, go(tree.left), go(tree.right));
    case "transpose":
      return transpose(go(tree.arg));
    case "entry":
      return entry(go(tree.of), tree.at, go);
    case "call": {
      const f = FUNCTIONS[tree.name];
      if (f === undefined) throw new Error(`the reader has no function ${tree.name}`);
      return f(...tree.args.map(go));
    }
    case "stack":
      return stack(tree.rows.map((cells) => cells.map(go)));
    case "sum": {
      const index = tree.indices[0]?.name as string;
      const count = size(tree.indices[0]?.to === undefined ? bindings.get("n") : bindings.get(tree.indices[0].to));
      const terms = Array.from({ length: count }, (_, i) => read(tree.body, new Map([...bindings, [index, scalar(i + 1)]])));
      return terms.reduce((a, b) => elementwise("plus", a, b));
    }
    case "cases": {
      const chosen = tree.branches.find((b) => b.condition === undefined || size(go(b.condition)) !== 0);
      if (chosen === undefined) throw new Error("no case holds");
      return tree.branches.some((b) => b.condition !== undefined && Number.isNaN(size(go(b.condition))))
        ? map(go(chosen.value), () => Number.NaN)
        : go(chosen.value);
    }
    case "arrow":
      throw new Error("the reader has no inference of sizes");
  }
}

function entry(a: Matrix, indices: readonly IndexTree[], go: (t: Tree) => Matrix): Matrix {
  const [first, second] = indices;
  if (second === undefined && a.cols !== 1) throw new Error("one index into a matrix");
  const range = (i: IndexTree | undefined, length: number): number[] =>
    i === undefined ? [0] : i.kind === "all" ? Array.from({ length }, (_, k) => k) : [size(go(i)) - 1];
  const [rows, cols] = [range(first, a.rows), range(second, a.cols)];
  return generate(rows.length, cols.length, (i, j) => at(a, rows[i] as number, cols[j] as number));
}
