// Unification of dimensions as properties: what it binds makes both sides equal, it is
// symmetric, a snapshot takes everything back, and what it calls different never agrees.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createDimSolver, type DimSolver, isOpenDim, totalDim } from "../../src/elaborate/shapes/dims.ts";
import { addDims, type Dim, dimNames, dimOf, evaluateDim, multiplyDims, sameDim } from "../../src/expr/dim.ts";

const solver = (): DimSolver =>
  createDimSolver(
    () => {},
    () => 0,
  );

/** Sums and products of 1, n, m and three open dimensions. */
const dims = fc.letrec<{ dim: (metas: readonly Dim[]) => Dim }>((tie) => ({
  dim: fc.oneof(
    { maxDepth: 2 },
    fc.constantFrom("n", "m", 1, 2).map((name) => () => dimOf(name)),
    fc.nat(2).map((k) => (metas: readonly Dim[]) => metas[k] as Dim),
    fc.tuple(tie("dim"), tie("dim")).map(
      ([a, b]) =>
        (metas: readonly Dim[]) =>
          addDims(a(metas), b(metas)),
    ),
    fc.tuple(tie("dim"), tie("dim")).map(
      ([a, b]) =>
        (metas: readonly Dim[]) =>
          multiplyDims(a(metas), b(metas)),
    ),
  ),
})).dim;

const metasOf = (s: DimSolver): Dim[] => [s.fresh(), s.fresh(), s.fresh()];

describe("unification", () => {
  it("makes both sides equal, in either order", () => {
    fc.assert(
      fc.property(dims, dims, (a, b) => {
        for (const flip of [false, true]) {
          const s = solver();
          const metas = metasOf(s);
          const [p, q] = flip ? [b(metas), a(metas)] : [a(metas), b(metas)];
          if (s.unify(p, q) === "equal") expect(s.resolve(p).key).toBe(s.resolve(q).key);
        }
      }),
    );
  });

  it("calls different only what no sizes of open dimensions make equal", () => {
    fc.assert(
      fc.property(dims, dims, fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 3, maxLength: 3 }), (a, b, sizes) => {
        const s = solver();
        const metas = metasOf(s);
        const [p, q] = [a(metas), b(metas)];
        fc.pre(s.unify(p, q) === "different");
        // n and m are far apart from each other and from every small size.
        const values = new Map<string, number>([["n", 1_009], ["m", 10_007], ...metas.map((m, i) => [m.key, sizes[i] as number] as const)]);
        expect(evaluateDim(p, values)).not.toBe(evaluateDim(q, values));
      }),
    );
  });

  it("is taken back by a snapshot", () => {
    fc.assert(
      fc.property(dims, dims, (a, b) => {
        const s = solver();
        const metas = metasOf(s);
        const restore = s.snapshot();
        s.unify(a(metas), b(metas));
        s.markMany(metas[0] as Dim);
        restore();
        for (const m of metas) expect([s.resolve(m), s.unit(m)]).toEqual([m, "open"]);
      }),
    );
  });

  it("settles the one linear unknown of an equation", () => {
    const s = solver();
    const k = s.fresh();
    expect(s.unify(addDims(k, dimOf(1)), dimOf("n"))).toBe("open"); // n − 1 might be 0
    expect(s.unify(addDims(k, dimOf("m")), addDims(dimOf("m"), dimOf("n")))).toBe("equal");
    expect(s.resolve(k).key).toBe("n");
  });

  it("follows a product that other bindings make a plain name", () => {
    const s = solver();
    const [a, b, c, d] = [s.fresh(), s.fresh(), s.fresh(), s.fresh()];
    const product = multiplyDims(a, b);
    for (const [p, q] of [
      [a, c],
      [b, dimOf(1)],
      [c, d],
    ] as const)
      expect(s.unify(p, q)).toBe("equal");
    expect(s.resolve(product)).toBe(d);
    expect(s.unify(product, d)).toBe("equal");
  });

  it("never makes a dimension contain itself", () => {
    const s = solver();
    const k = s.fresh();
    expect(s.unify(k, addDims(k, dimOf(1)))).toBe("different");
    expect(s.unify(k, multiplyDims(k, dimOf("n")))).not.toBe("equal");
  });

  it("keeps a dimension that is not 1 from becoming 1", () => {
    const s = solver();
    const [a, b] = [s.fresh(), s.fresh()];
    expect(s.markMany(a)).toBe(true);
    expect(s.unify(a, b)).toBe("equal");
    expect([s.unit(b), s.unify(b, dimOf(1)), s.compatible(a, dimOf(1))]).toEqual(["many", "different", false]);
  });

  it("tells 1 from more than 1", () => {
    const s = solver();
    const k = s.fresh();
    expect([dimOf(1), dimOf(2), dimOf("n"), k, addDims(k, dimOf(1)), multiplyDims(k, dimOf(2))].map(s.unit)).toEqual([
      "one",
      "many",
      "many",
      "open",
      "many",
      "many",
    ]);
  });
});

describe("a total of dimensions", () => {
  it("is their sum in any order, without open parts if they have none", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("n", "m", 1, 3), { minLength: 1, maxLength: 12 }), (names) => {
        const parts = names.map(dimOf);
        const [forth, back] = [totalDim(parts), totalDim([...parts].reverse())];
        expect(forth !== undefined && back !== undefined && sameDim(forth, back) && sameDim(forth, parts.reduce(addDims))).toBe(true);
        expect(forth !== undefined && isOpenDim(forth)).toBe(false);
        expect(dimNames(forth ?? dimOf(0)).sort()).toEqual([...new Set(names.filter((n) => typeof n === "string"))].sort());
      }),
    );
  });
});
