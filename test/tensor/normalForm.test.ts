// The normal form as properties of random terms: equal ways of writing have the same
// object as their normal form; building it again changes nothing; reading it back as
// matrix notation keeps the value; arithmetic modulo a prime agrees.
//
// Not here: single laws with their names (they are rules, test/rules).

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../../src/base/diagnostic.ts";
import { readArranged } from "../../src/calculus/arranged.ts";
import { arrange } from "../../src/calculus/layout.ts";
import { checkEqual } from "../../src/check/answer.ts";
import { add, apply, neg } from "../../src/expr/build.ts";
import { type Expr, nodes, variables } from "../../src/expr/expr.ts";
import { countOperations } from "../../src/expr/operations.ts";
import { scalarShape, shapeOf } from "../../src/expr/shape.ts";
import { agreeModulo } from "../../src/numeric/modular.ts";
import { loadNumeric } from "../../src/numeric/numeric.ts";
import { createRandom } from "../../src/numeric/random.ts";
import { print } from "../../src/print/print.ts";
import { toTensor } from "../../src/tensor/convert/convert.ts";
import { type Tensor, variableBase } from "../../src/tensor/form/tensor.ts";
import { atom, substitute } from "../../src/tensor/functions/apply.ts";
import { permuteAxes } from "../../src/tensor/product/einsum.ts";
import { mannerOf } from "../../src/tensor/read/reading/reader.ts";
import { expand } from "../../src/tensor/simplify/expand.ts";
import { anyExpr, exprOfShape } from "../arbitrary/expr.ts";
import { library, otherNames, regrouped, renamed, reordered, transposed } from "./variants.ts";

const numeric = await loadNumeric();
const functions = library.functions.all;
const text = (e: Expr): string => print(e, { format: "ascii", functions: library.functions });

/** Terms that fast-check shows as text. */
const shown = (arbitrary: fc.Arbitrary<Expr>): fc.Arbitrary<{ readonly e: Expr }> =>
  arbitrary.map((e) => ({ e, [fc.toStringMethod]: () => text(e) }));
const terms = shown(anyExpr({ depth: 3, functions, blocks: true }));
const numbers = shown(exprOfShape(scalarShape(), { depth: 3, functions, blocks: true }));
const seeds = fc.integer({ min: 1, max: 1e9 });

/** The normal form; undefined for a term that has none, which is said with a diagnostic. */
function normal(expr: Expr): Tensor | undefined {
  try {
    return toTensor(expr, { find: library.find });
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/** Two ways to write a term have one normal form, or both have none. */
function expectOne(a: Expr, b: Expr): void {
  if (normal(a) !== normal(b)) throw new Error(`two normal forms:\n  ${text(a)}\n  ${text(b)}`);
}

describe("the normal form is the same object", () => {
  it("whatever the order of sums and element-wise products", () => {
    fc.assert(fc.property(terms, seeds, ({ e }, seed) => expectOne(e, reordered(e, createRandom(seed)))));
  });

  it("whatever the brackets in products of matrices", () => {
    fc.assert(fc.property(terms, seeds, ({ e }, seed) => expectOne(e, regrouped(e, createRandom(seed)))));
  });

  it("of long products of matrices in any brackets", () => {
    const factor = (rows: string | number, cols: string | number) => exprOfShape(shapeOf(rows, cols), { depth: 1, functions });
    const chain = fc.tuple(factor(1, "n"), factor("n", "m"), factor("m", "n"), factor("n", 1), factor(1, "m"), factor("m", "m"));
    fc.assert(
      fc.property(chain, seeds, (factors, seed) => {
        const product = factors.reduce((a, b) => apply("mul", [a, b]));
        expectOne(product, regrouped(product, createRandom(seed)));
      }),
    );
  });

  it("of a number and of its transpose, written from the inside", () => {
    fc.assert(fc.property(numbers, ({ e }) => expectOne(e, transposed(e))));
  });

  it("of a matrix and of its transpose, with the axes exchanged", () => {
    fc.assert(
      fc.property(terms, ({ e }) => {
        const [one, other] = [normal(e), normal(transposed(e))];
        const turned = one?.axes.length === 2 ? permuteAxes(one, [1, 0]) : one;
        if (turned !== other) throw new Error(`not the transpose of each other:\n  ${text(e)}\n  ${text(transposed(e))}`);
      }),
    );
  });

  it("under other names of variables and dimensions, but for the names", () => {
    fc.assert(
      fc.property(terms, ({ e }) => {
        const by = otherNames(variables(e).map((v) => v.name));
        const one = normal(e);
        const other = normal(renamed(e, by));
        const atoms = new Map(variables(e).map((v) => [v.name, atom(variableBase(renamed(v, by) as typeof v))]));
        if (one === undefined) expect(other).toBeUndefined();
        else if (substitute(one, atoms, { dims: by.dims }) !== other) throw new Error(`other names, another form: ${text(e)}`);
      }),
    );
  });

  it("built again from its own parts", () => {
    fc.assert(
      fc.property(terms, ({ e }) => {
        const form = normal(e);
        fc.pre(form !== undefined);
        const same = new Map(variables(e).map((v) => [v.name, atom(variableBase(v))]));
        if (substitute(form, same) !== form) throw new Error(`not in normal form: ${text(e)}`);
        expect(
          permuteAxes(
            form,
            form.axes.map((_, i) => i),
          ),
        ).toBe(form);
      }),
    );
  });
});

/** Matrix notation of a normal form, in the shape of the term it came from. */
function readBack(form: Tensor, like: Expr): Expr | undefined {
  try {
    return readArranged(form, arrange(like.shape, scalarShape(), "numerator"), library, mannerOf(like));
  } catch (error) {
    if (error instanceof InputError && error.diagnostic.code === "unsupported") return undefined;
    throw error;
  }
}

describe("read back as matrix notation", () => {
  it("it has the value of the term", () => {
    const counts = { right: 0, undecided: 0, unread: 0 };
    fc.assert(
      fc.property(terms, seeds, ({ e }, seed) => {
        const form = normal(e);
        fc.pre(form !== undefined);
        const back = readBack(form, e);
        if (back === undefined) {
          counts.unread++;
          return;
        }
        const verdict = checkEqual(numeric, e, back, { seed });
        // Of cases the piece that is not chosen may have no value, and 0 times it has none either.
        const pieces = verdict.witness === undefined && nodes(e).some((n) => n.kind === "apply" && n.op === "cases");
        if (verdict.ok === false && !pieces) throw new Error(`${verdict.reason}: ${text(e)} is not ${text(back)}`);
        counts[verdict.ok === true ? "right" : "undecided"]++;
      }),
      { numRuns: 400 },
    );
    expect(counts.right).toBeGreaterThan(4 * (counts.undecided + counts.unread));
  });

  it("it is as short when it is read again", () => {
    fc.assert(
      fc.property(terms, ({ e }) => {
        const form = normal(e);
        const back = form && readBack(form, e);
        fc.pre(back !== undefined);
        const again = normal(back);
        const twice = again && readBack(again, back);
        if (twice === undefined || countOperations(twice) > countOperations(back))
          throw new Error(`${text(e)}\n  reads ${text(back)}\n  then  ${twice === undefined ? "nothing" : text(twice)}`);
      }),
    );
  });
});

describe("modulo a prime", () => {
  const elementwise = (name: string): boolean => library.functions.find(name)?.elementwise ?? false;
  const isPolynomial = (e: Expr): boolean => !nodes(e).some((n) => n.kind === "apply" && (n.op === "div" || n.op === "exp"));
  const polynomials = shown(
    exprOfShape(shapeOf("n"), { depth: 2, smooth: true, functions: [], names: ["s", "x", "y", "B", "A", "u"] }).filter(isPolynomial),
  );

  it("terms of one normal form are never told apart", () => {
    fc.assert(
      fc.property(polynomials, seeds, ({ e }, seed) => {
        const random = createRandom(seed);
        const other = regrouped(reordered(e, random), random);
        expectOne(e, other);
        const form = normal(e);
        const back = form && readBack(form, e);
        expect(agreeModulo(e, other, { elementwise, seed })).toBe(true);
        if (back !== undefined && agreeModulo(e, back, { elementwise, seed }) !== true)
          throw new Error(`${text(e)} is not ${text(back)} modulo a prime`);
      }),
    );
  });

  it("two polynomials agree exactly where their difference multiplies out to zero", () => {
    const seen = { equal: 0, different: 0 };
    fc.assert(
      fc.property(polynomials, polynomials, fc.constantFrom(0, 1, 2), seeds, ({ e: a }, { e: b }, way, seed) => {
        // Two terms, or one and what it is multiplied out, or with a factor taken out of a sum.
        const sum = apply("hadamard", [add(a, b), a]);
        const open = add(apply("hadamard", [a, a]), apply("hadamard", [a, b]));
        const [left, right] = way === 0 ? [a, b] : way === 1 ? [sum, open] : [sum, add(open, a)];
        const form = normal(add(left, neg(right)));
        const zero = form && expand(form);
        fc.pre(zero !== undefined);
        const agree = agreeModulo(left, right, { elementwise, seed });
        seen[agree === true ? "equal" : "different"]++;
        if ((zero.terms.length === 0) !== agree) throw new Error(`${text(left)} and ${text(right)}: ${agree} modulo a prime`);
      }),
      { numRuns: 300 },
    );
    expect(seen.equal).toBeGreaterThan(50);
    expect(seen.different).toBeGreaterThan(50);
  });
});
