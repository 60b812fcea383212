// Sums of products over labels, against products of matrices and sums by hand.

import { describe, expect, it } from "vitest";
import { contract } from "../../src/numeric/einsum.ts";
import { fromRows, multiply, transpose } from "../../src/numeric/matrix.ts";

const A = fromRows([
  [1, 2, 3],
  [4, 5, 6],
]);
const B = fromRows([
  [1, 0],
  [2, -1],
  [0, 3],
]);
const sizes = [2, 2, 3];

describe("contract", () => {
  it("is a product of matrices, along the axes of the result in their order", () => {
    const factors = [
      { labels: [0, 2], data: A.data },
      { labels: [2, 1], data: B.data },
    ];
    const product = multiply(A, B);
    expect([...contract(factors, [0, 1], sizes)]).toEqual([...product.data]);
    expect([...contract(factors, [1, 0], sizes)]).toEqual([...transpose(product).data]);
  });

  it("is a trace, a diagonal, a total, a number repeated along a label that no factor has", () => {
    const C = { labels: [0, 0], data: multiply(A, B).data };
    expect([...contract([C], [], sizes)]).toEqual([5 + 13]);
    expect([...contract([C], [0], sizes)]).toEqual([5, 13]);
    expect([...contract([{ labels: [0, 2], data: A.data }], [], sizes)]).toEqual([21]);
    expect([...contract([{ labels: [], data: new Float64Array([7]) }], [1], sizes)]).toEqual([7, 7]);
  });

  it("sums each label where its factors stand: a chain of 40 matrices is no sum of 2^39 products", () => {
    const factors = Array.from({ length: 40 }, (_, k) => ({
      labels: [k, k + 1],
      data: fromRows([
        [1, 1],
        [0, 1],
      ]).data,
    }));
    expect([...contract(factors, [0, 40], Array(41).fill(2))]).toEqual([1, 0, 40, 1]);
  });
});
