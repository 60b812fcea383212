// Printed text is read back as what was printed: by the parser, by a reader that knows
// nothing of Exprs, and for random terms.

import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { InputError } from "../../src/base/diagnostic.ts";
import { parseExpression } from "../../src/elaborate/elaborate.ts";
import { add, apply, eye, hadamard, mul, num, ones, unknown, variable } from "../../src/expr/build.ts";
import { dimOf } from "../../src/expr/dim.ts";
import { type Expr, nodes } from "../../src/expr/expr.ts";
import { createFunctionTable } from "../../src/expr/functions.ts";
import { COMPARISONS } from "../../src/expr/operators.ts";
import { scalarShape, shapeOf, shapeText } from "../../src/expr/shape.ts";
import { type Matrix, scalar } from "../../src/numeric/matrix.ts";
import { loadNumeric, type Numeric } from "../../src/numeric/numeric.ts";
import { type PrintOptions, print } from "../../src/print/print.ts";
import { standardLibrary } from "../../src/rewrite/standard.ts";
import { parse } from "../../src/syntax/parse.ts";
import { anyExpr, smoothFunctions, stock } from "../arbitrary/expr.ts";
import { SIZES, valuesOf } from "../arbitrary/values.ts";
import { read } from "./reader.ts";

const functions = createFunctionTable(smoothFunctions());
const isFunction = (name: string): boolean => functions.find(name) !== undefined;
let numeric: Numeric;
beforeAll(async () => {
  numeric = await loadNumeric();
});

function readText(text: string, values: ReadonlyMap<string, Matrix>): Matrix {
  const result = parse(text, { isFunction });
  if (!result.ok) throw new Error(`${text}: ${result.diagnostics[0]?.message}`);
  const final = result.document.final;
  if (final?.kind !== "value" || final.value.kind === "derivative") throw new Error(`${text} is no expression`);
  return read(final.value, new Map([...[...SIZES].map(([name, size]) => [name, scalar(size)] as const), ...values]));
}

/** Whether a value inside the term is no number, or two are compared that rounding tells apart. */
function isUndecided(expr: Expr, values: ReadonlyMap<string, Matrix>): boolean {
  const value = (e: Expr): Matrix => numeric.evaluate(e, { sizes: SIZES, values });
  return nodes(expr).some((node) => {
    try {
      if (!value(node).data.every((v) => Math.abs(v) < 1e12)) return true;
      if (node.kind !== "apply" || !(COMPARISONS as readonly string[]).includes(node.op)) return false;
      const [a, b] = node.args.map(value) as [Matrix, Matrix];
      return a.data.some((v, i) => Math.abs(v - (b.data[i] as number)) <= 1e-9 * (1 + Math.abs(v)));
    } catch {
      return false; // an index occurs free
    }
  });
}

/** Same shape, entries equal up to rounding. */
function sameValue(a: Matrix, b: Matrix): boolean {
  if (a.rows !== b.rows || a.cols !== b.cols) return false;
  const scale = Math.max(1, ...a.data.map(Math.abs));
  return a.data.every((v, i) => Math.abs(v - (b.data[i] as number)) <= 1e-7 * scale);
}

describe("text means what was printed", () => {
  it("a reader without inference gets the value of a random term from its ASCII text", () => {
    fc.assert(
      fc.property(anyExpr({ depth: 3 }), fc.integer({ min: 1, max: 1000 }), (expr, seed) => {
        const values = valuesOf(seed);
        const wanted = numeric.evaluate(expr, { sizes: SIZES, values });
        const text = print(expr, { format: "ascii", functions });
        const same = sameValue(wanted, readText(text, values));
        fc.pre(same || !isUndecided(expr, values));
        expect(same, text).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it("nabla reads a random term back from ASCII and from Unicode, shape and value", () => {
    fc.assert(
      fc.property(anyExpr({ depth: 3 }), fc.constantFrom("ascii" as const, "unicode" as const), (expr, format) => {
        const text = print(expr, { format, functions });
        const result = parseExpression(text, { variables: stock(), dims: ["n", "m"], functions });
        if (!result.ok) throw new Error(`${text}: ${result.diagnostics[0]?.message}`);
        const point = { sizes: SIZES, values: valuesOf(11) };
        expect(shapeText(result.expr.shape), text).toBe(shapeText(expr.shape));
        const same = sameValue(numeric.evaluate(expr, point), numeric.evaluate(result.expr, point));
        fc.pre(same || !isUndecided(expr, point.values));
        expect(same, text).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it("and so it does where functions are unknown and scalars inside them are expanded in full", () => {
    fc.assert(
      fc.property(anyExpr({ depth: 2, smooth: true }), (expr) => {
        const values = valuesOf(7);
        const text = print(expr, { format: "ascii" });
        const same = sameValue(numeric.evaluate(expr, { sizes: SIZES, values }), readText(text, values));
        fc.pre(same || !isUndecided(expr, values));
        expect(same, text).toBe(true);
      }),
    );
  });
});

// Brackets that always stand: around a minus, a comparison, a sum in a product, a fraction
// behind a factor, a sum over an index, an entrywise product before a factor, and before what
// is written above or below. The others group products.
const welcome = (inside: string, after: string): boolean =>
  /^-|^\d+\/\d+|sum_| (?:[+-]|[<>]=?|[=!]=) /.test(inside) ||
  /^(?:'|\.?\^|\[)/.test(after) ||
  (/ \.[*/] /.test(inside) && after.startsWith("*"));

/** The text without each of its pairs of grouping brackets in turn. */
function withoutBrackets(text: string): { inside: string; after: string; rest: string }[] {
  const open: number[] = [];
  const out: { inside: string; after: string; rest: string }[] = [];
  [...text].forEach((c, i) => {
    if (c === "(") open.push(i);
    if (c !== ")") return;
    const from = open.pop() as number;
    if (from > 0 && /[\w^]/.test(text[from - 1] as string)) return;
    const inside = text.slice(from + 1, i);
    out.push({ inside, after: text.slice(i + 1), rest: text.slice(0, from) + inside + text.slice(i + 1) });
  });
  return out;
}

describe("brackets", () => {
  it("none around a product could be left away", () => {
    fc.assert(
      fc.property(anyExpr({ depth: 3, smooth: true }), (expr) => {
        const text = print(expr, { format: "ascii", functions });
        fc.pre(!/zeros|ones|eye/.test(text));
        const points = [3, 4].map(valuesOf);
        const wanted = points.map((values) => readText(text, values));
        for (const { inside, after, rest } of withoutBrackets(text)) {
          if (welcome(inside, after)) continue;
          const same = points.every((values, i) => {
            try {
              return sameValue(wanted[i] as Matrix, readText(rest, values));
            } catch {
              return false;
            }
          });
          expect(same, `${text}\n${rest}`).toBe(false);
        }
      }),
      // Always the same terms: values coincide by chance, beside a constant or where an exponential saturates.
      { seed: 4, numRuns: 300 },
    );
  });
});

describe("a product by entries beside a matrix product", () => {
  const n = dimOf("n");
  const matrix = (name: string): Expr => variable(name, shapeOf(n, n));
  const [A, B, C] = [matrix("A"), matrix("B"), matrix("C")];
  const formats = (expr: Expr): string[] => (["ascii", "unicode", "latex"] as const).map((format) => print(expr, { format }));

  it("is bracketed on either side of it, for the reader", () => {
    expect(formats(mul(hadamard(A, B), C))).toEqual(["(A .* B)*C", "(A ⊙ B) C", "(\\mathbf{A} \\odot \\mathbf{B}) \\mathbf{C}"]);
    expect(formats(mul(C, hadamard(A, B)))).toEqual(["C*(A .* B)", "C (A ⊙ B)", "\\mathbf{C} (\\mathbf{A} \\odot \\mathbf{B})"]);
    expect(formats(hadamard(A, mul(B, C)))).toEqual(["A .* (B*C)", "A ⊙ (B C)", "\\mathbf{A} \\odot (\\mathbf{B} \\mathbf{C})"]);
  });

  it("is not where every reader takes it so", () => {
    expect(formats(hadamard(mul(A, B), C))).toEqual(["A*B .* C", "A B ⊙ C", "\\mathbf{A} \\mathbf{B} \\odot \\mathbf{C}"]);
    expect(formats(mul(num(2), hadamard(A, B)))).toEqual(["2*A .* B", "2A ⊙ B", "2\\mathbf{A} \\odot \\mathbf{B}"]);
  });
});

describe("the cross product", () => {
  it("is a sign in LaTeX and brackets with a sign below, functions in text", () => {
    const known = { variables: [variable("a", shapeOf(3)), variable("b", shapeOf(3))], functions: standardLibrary().functions };
    const term = (text: string): Expr => (parseExpression(text, known) as { expr: Expr }).expr;
    expect(print(term("cross(a, cross(b, a))"), { format: "latex" })).toBe("\\mathbf{a} \\times (\\mathbf{b} \\times \\mathbf{a})");
    expect(print(term("crossmatrix(a)'*b"), { format: "latex" })).toBe("\\left[ \\mathbf{a} \\right]_{\\times}^{\\top} \\mathbf{b}");
    expect(print(term("2*cross(a, b)"), { format: "unicode" })).toBe("2cross(a, b)");
  });
});

describe("options and bounds", () => {
  const n = dimOf("n");
  const [s, x] = [variable("s", scalarShape()), variable("x", shapeOf("n"))];
  const f = (argument: Expr, derivatives: number[]): Expr => unknown("f", [argument], shapeOf("n", "n"), { derivatives });
  const unicode = (expr: Expr, more: Partial<PrintOptions> = {}): string => print(expr, { format: "unicode", ...more });

  it("an answer whose shape the reader knows needs no sizes", () => {
    expect(unicode(eye(n))).toBe("eye(n)");
    expect(unicode(eye(n), { shapeKnown: true })).toBe("I");
    expect(unicode(ones(dimOf(1), n), { shapeKnown: true })).toBe("1⃗ᵀ");
  });

  it("I and K are written out where they are names of something else", () => {
    const A = variable("A", shapeOf("n", "n"));
    const k = apply("commutation", [], [n, n]);
    expect(unicode(add(A, eye(n)), { taken: ["I"] })).toBe("A + eye(n)");
    expect(unicode(add(variable("I", shapeOf("n", "n")), eye(n)))).toBe("I + eye(n)");
    expect(print(k, { format: "ascii", taken: ["K"] })).toBe("commutation(n,n)");
  });

  it("a bracket behind I is a factor, not an argument", () => {
    const A = variable("A", shapeOf("n", "n"));
    expect(unicode(mul(eye(n), add(A, A)))).toBe("I × (A + A)");
  });

  it("derivatives of a function without a body carry marks or the position", () => {
    expect(unicode(f(x, [0]))).toBe("f′(x)");
    expect(unicode(f(x, [0, 0]))).toBe("f′′(x)");
    expect(print(f(x, [0]), { format: "latex" })).toBe("f'(\\mathbf{x})");
    expect(unicode(unknown("f", [s, x], shapeOf("n"), { derivatives: [1] }))).toBe("∂₂f(s, x)");
  });

  it("a number before e1 keeps its distance, since 2e1 is twenty", () => {
    expect(unicode(mul(num(2), variable("e1", scalarShape())))).toBe("2 e1");
    expect(unicode(mul(num(2), variable("eta", scalarShape())))).toBe("2eta");
  });

  it("terms 20,000 deep and 10,000 wide print at once", () => {
    let deep: Expr = s;
    for (let i = 0; i < 20_000; i++) deep = apply("div", [num(1), add(num(1), deep)]);
    const wide = apply(
      "add",
      Array.from({ length: 10_000 }, (_, i) => mul(num(i + 2), s)),
    );
    for (const format of ["ascii", "unicode", "latex"] as const) {
      expect(print(deep, { format }).length).toBeGreaterThan(100_000);
      expect(print(wide, { format }).length).toBeGreaterThan(50_000);
    }
  });

  it("a text beyond all bounds is refused, not built", () => {
    let doubled: Expr = s;
    for (let i = 0; i < 100; i++) doubled = mul(doubled, doubled);
    expect(() => unicode(doubled)).toThrow(InputError);
  });
});
