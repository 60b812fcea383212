// Every structural operator on numbers small enough to check by hand. The list is
// compared with the operator table, so an operator without a row here fails.

import { describe, expect, it } from "vitest";
import { OPERATORS, type OperatorName } from "../../src/expr/operators.ts";
import { fromRows, type Matrix, multiply, toRows, transpose } from "../../src/numeric/matrix.ts";
import { OPERATOR_KERNELS, type OperatorKernel } from "../../src/numeric/operators.ts";

type Rows = number[][];
interface Row {
  readonly args?: readonly Rows[];
  readonly params?: readonly number[];
  readonly is: Rows;
}

const x = [[1], [2], [3]];
const y = [[4], [5], [-6]];
const A = [
  [1, 2, 3],
  [4, 5, 6],
];
const B = [
  [1, 0],
  [2, -1],
  [0, 3],
];
const S = [
  [2, 1],
  [1, 1],
];
const s = [[2]];

// biome-ignore format: a table is read by columns
const TABLE: Readonly<Record<OperatorName, readonly Row[]>> = {
  add:       [{ args: [x, y], is: [[5], [7], [-3]] }, { args: [x, y, x], is: [[6], [9], [0]] }],
  neg:       [{ args: [A], is: [[-1, -2, -3], [-4, -5, -6]] }],
  mul:       [{ args: [A, B], is: [[5, 7], [14, 13]] }, { args: [s, A], is: [[2, 4, 6], [8, 10, 12]] }, { args: [x, s], is: [[2], [4], [6]] }],
  div:       [{ args: [x, s], is: [[0.5], [1], [1.5]] }],
  pow:       [{ args: [s, [[5]]], is: [[32]] }, { args: [S, [[2]]], is: [[5, 3], [3, 2]] }, { args: [S, [[-1]]], is: [[1, -1], [-1, 2]] }, { args: [S, [[0]]], is: [[1, 0], [0, 1]] }],
  hadamard:  [{ args: [x, y], is: [[4], [10], [-18]] }],
  hdiv:      [{ args: [y, x], is: [[4], [2.5], [-2]] }],
  hpow:      [{ args: [x, s], is: [[1], [4], [9]] }, { args: [x, [[3], [2], [1]]], is: [[1], [4], [3]] }],
  expand:    [{ args: [s], params: [2, 3], is: [[2, 2, 2], [2, 2, 2]] }],
  transpose: [{ args: [A], is: [[1, 4], [2, 5], [3, 6]] }, { args: [x], is: [[1, 2, 3]] }],
  sum:       [{ args: [A], is: [[21]] }],
  tr:        [{ args: [S], is: [[3]] }],
  diag:      [{ args: [x], is: [[1, 0, 0], [0, 2, 0], [0, 0, 3]] }, { args: [[[1, 2]]], is: [[1, 0], [0, 2]] }, { args: [S], is: [[2], [1]] }],
  dot:       [{ args: [x, y], is: [[-4]] }, { args: [A, A], is: [[91]] }],
  kron:      [{ args: [[[1, 2]], S], is: [[2, 1, 4, 2], [1, 1, 2, 2]] }, { args: [x, [[1], [10]]], is: [[1], [10], [2], [20], [3], [30]] }],
  vec:       [{ args: [A], is: [[1], [4], [2], [5], [3], [6]] }],
  reshape:   [{ args: [[[1], [4], [2], [5], [3], [6]]], params: [2, 3], is: [[1, 2, 3], [4, 5, 6]] }],
  vcat:      [{ args: [A, [[7, 8, 9]]], is: [[1, 2, 3], [4, 5, 6], [7, 8, 9]] }],
  hcat:      [{ args: [S, [[7], [8]]], is: [[2, 1, 7], [1, 1, 8]] }],
  ones:      [{ params: [2, 1], is: [[1], [1]] }],
  zeros:     [{ params: [1, 2], is: [[0, 0]] }],
  eye:       [{ params: [2], is: [[1, 0], [0, 1]] }],
  unit:      [{ params: [3, 2], is: [[0], [1], [0]] }],
  commutation: [{ params: [2, 3], is: [
    [1, 0, 0, 0, 0, 0],
    [0, 0, 1, 0, 0, 0],
    [0, 0, 0, 0, 1, 0],
    [0, 1, 0, 0, 0, 0],
    [0, 0, 0, 1, 0, 0],
    [0, 0, 0, 0, 0, 1]] }],
  gt:        [{ args: [x, [[2], [2], [2]]], is: [[0], [0], [1]] }],
  ge:        [{ args: [x, [[2], [2], [2]]], is: [[0], [1], [1]] }],
  lt:        [{ args: [x, [[2], [2], [2]]], is: [[1], [0], [0]] }],
  le:        [{ args: [x, [[2], [2], [2]]], is: [[1], [1], [0]] }],
  eq:        [{ args: [x, [[2], [2], [2]]], is: [[0], [1], [0]] }],
  ne:        [{ args: [x, [[2], [2], [2]]], is: [[1], [0], [1]] }],
  cases:     [{ args: [x, [[0]], y, [[1]], x], is: y }, { args: [y, [[0]], x], is: x }],
};

const value = (name: OperatorName, args: readonly Rows[], params: readonly number[]): Matrix => {
  const kernel: OperatorKernel = OPERATOR_KERNELS[name];
  return kernel.value(args.map(fromRows), params);
};

describe("operator kernels", () => {
  for (const name of Object.keys(OPERATORS) as OperatorName[]) {
    it(`${name} has its values`, () => {
      for (const row of TABLE[name]) expect(toRows(value(name, row.args ?? [], row.params ?? []))).toEqual(row.is);
    });
  }

  it("K(m,n) vec(A) = vec(Aᵀ)", () => {
    const vec = (a: Rows): Matrix => value("vec", [a], []);
    expect(toRows(multiply(value("commutation", [], [2, 3]), vec(A)))).toEqual(toRows(vec(toRows(transpose(fromRows(A))))));
  });

  it("a square root of a matrix is its power 1/2, and other broken powers have no value", () => {
    const P = [
      [4, 0],
      [0, 9],
    ];
    const root = toRows(value("pow", [P, [[0.5]]], []));
    expect(root[0]?.[0]).toBeCloseTo(2, 12);
    expect(root[1]?.[1]).toBeCloseTo(3, 12);
    expect(value("pow", [P, [[0.3]]], []).data.every(Number.isNaN)).toBe(true);
  });

  it("cases without a branch that holds have no value", () => {
    expect(value("cases", [x, [[0]]], []).data.every(Number.isNaN)).toBe(true);
  });

  it("what is compared with no value has none, nor has what depends on it", () => {
    const nothing = [[Number.NaN]];
    for (const name of ["gt", "ge", "lt", "le", "eq", "ne"] as const) {
      expect(value(name, [nothing, [[1]]], []).data.every(Number.isNaN)).toBe(true);
      expect(value(name, [[[1]], nothing], []).data.every(Number.isNaN)).toBe(true);
    }
    expect(value("cases", [x, nothing, x], []).data.every(Number.isNaN)).toBe(true);
    expect(toRows(value("cases", [x, [[1]], x, nothing], []))).toEqual(toRows(value("cases", [x, [[1]]], [])));
  });

  it("shapes that do not fit are a defect", () => {
    for (const name of ["add", "mul", "hadamard", "dot", "hcat"] as const) expect(() => value(name, [x, S], [])).toThrow(/invariant/);
  });
});

describe("comparisons", () => {
  const value = (op: OperatorName, x: number, y: number): unknown =>
    toRows((OPERATOR_KERNELS[op] as OperatorKernel).value([fromRows([[x]]), fromRows([[y]])], []));

  it("take numbers for equal that differ by rounding", () => {
    for (const [x, y] of [
      [0.1 + 0.2, 0.3],
      [(-1 / 49) * 49, -1],
    ] as const)
      for (const [op, holds] of [
        ["eq", 1],
        ["le", 1],
        ["ge", 1],
        ["ne", 0],
        ["lt", 0],
        ["gt", 0],
      ] as const) {
        expect([op, value(op, x, y)]).toEqual([op, [[holds]]]);
        expect([op, value(op, y, x)]).toEqual([op, [[holds]]]);
      }
  });

  it("tell small numbers from 0 and large ones from infinity", () => {
    expect(value("gt", 1e-300, 0)).toEqual([[1]]);
    expect(value("eq", 1e300, Number.POSITIVE_INFINITY)).toEqual([[0]]);
    expect(value("eq", 1, 1 + 1e-14)).toEqual([[0]]);
  });
});
