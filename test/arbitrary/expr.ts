// Random terms of a given shape: every operator, every shape of argument that fits, over
// a fixed stock of variables. The source of all tests that ask "for any term …".
//
// Invariant: shapes fit by construction, dimensions are told apart (n, m), and shrinking
// leads to smaller terms of the same shape.

import fc from "fast-check";
import { type Rational, rational } from "../../src/base/rational.ts";
import type { Attribute } from "../../src/expr/attributes.ts";
import { apply, call, dimNumber, entry, eye, indexSum, num, ones, variable, zeros } from "../../src/expr/build.ts";
import { type Dim, dimOf } from "../../src/expr/dim.ts";
import type { Domain } from "../../src/expr/domains.ts";
import type { Expr, Index, Variable } from "../../src/expr/expr.ts";
import type { FunctionInfo } from "../../src/expr/functions.ts";
import { COMPARISONS } from "../../src/expr/operators.ts";
import {
  isColumnShape,
  isScalarShape,
  isSquareShape,
  type Shape,
  scalarShape,
  shapeOf,
  shapeText,
  transposeShape,
} from "../../src/expr/shape.ts";

/** The variables that terms are made of, with their shapes. */
export const STOCK: readonly (readonly [
  name: string,
  shape: readonly [string | number, string | number],
  attributes?: readonly Attribute[],
])[] = [
  ["s", [1, 1]],
  ["t", [1, 1]],
  ["x", ["n", 1]],
  ["y", ["n", 1]],
  ["u", ["m", 1]],
  ["A", ["m", "n"]],
  ["B", ["n", "n"]],
  ["C", ["m", "n"]],
  ["S", ["n", "n"], ["symmetric"]],
  ["M", ["m", "m"]],
];

/** The variables of the stock as terms; made anew, because interned terms may be dropped between calls. */
export const stock = (): Variable[] => STOCK.map(([name, [rows, cols], attributes]) => variable(name, shapeOf(rows, cols), attributes));

export interface ExprOptions {
  /** Nesting of operators; 3 gives terms of a few dozen nodes. */
  readonly depth?: number;
  /** Only terms with derivatives everywhere: no comparisons, cases, divisions by what may vanish, roots. */
  readonly smooth?: boolean;
  /** Functions to apply. Arguments are made such that a domain is met about half of the time. */
  readonly functions?: readonly FunctionInfo[];
  /** Stacks, Kronecker products, vec, unit vectors and commutation matrices also inside of terms. */
  readonly blocks?: boolean;
  /** Names of the variables of the stock that occur; all unless stated. */
  readonly names?: readonly string[];
}

const elementwise = (name: string): FunctionInfo => ({
  name,
  aliases: [],
  elementwise: true,
  params: [scalarShape()],
  result: scalarShape(),
  domains: ["real"],
});

/** Smooth element-wise functions that every evaluator has. */
export const smoothFunctions = (): FunctionInfo[] => ["sin", "cos", "exp", "tanh", "sigmoid"].map(elementwise);

const one = (): Dim => dimOf(1);
const everything: Index = { kind: "all" };

/** A term of exactly this shape. */
export function exprOfShape(shape: Shape, options: ExprOptions = {}): fc.Arbitrary<Expr> {
  const functions = options.functions ?? smoothFunctions();
  const smooth = options.smooth ?? false;
  const known = new Map<string, fc.Arbitrary<Expr>>();

  const term = (s: Shape, depth: number): fc.Arbitrary<Expr> => {
    const key = `${shapeText(s)}|${depth}`;
    const old = known.get(key);
    if (old !== undefined) return old;
    const made =
      depth <= 0
        ? leaf(s, options.names)
        : fc.oneof(
            { maxDepth: depth, withCrossShrink: true },
            { weight: 1, arbitrary: leaf(s, options.names) },
            { weight: 4, arbitrary: node(s, depth - 1) },
          );
    known.set(key, made);
    return made;
  };

  const node = (s: Shape, depth: number): fc.Arbitrary<Expr> => {
    const same = term(s, depth);
    const number = term(scalarShape(), depth);
    const two = (op: "hadamard" | "hdiv" | "dot", of: Shape): fc.Arbitrary<Expr> =>
      fc.tuple(term(of, depth), term(of, depth)).map((args) => apply(op, args));
    const choices: fc.Arbitrary<Expr>[] = [
      fc.array(same, { minLength: 2, maxLength: 3 }).map((terms) => apply("add", terms)),
      fc.tuple(same, same).map(([a, b]) => apply("add", [a, apply("neg", [b])])),
      same.map((a) => apply("neg", [a])),
      fc.tuple(number, same).map((args) => apply("mul", args)),
      fc.tuple(same, number).map((args) => apply("mul", args)),
      two("hadamard", s),
      ...called(s, depth),
      fc.tuple(same, exponent(smooth)).map(([a, k]) => apply("hpow", [a, k])),
      fc.tuple(same, divisor(number, smooth)).map((args) => apply("div", args)),
      ...INNER().map((inner) =>
        fc.tuple(term({ rows: s.rows, cols: inner }, depth), term({ rows: inner, cols: s.cols }, depth)).map((args) => apply("mul", args)),
      ),
    ];
    if (!smooth)
      choices.push(
        two("hdiv", s),
        fc.tuple(same, comparison(depth), same, comparison(depth), same).map((args) => apply("cases", args)),
      );
    if (!smooth) choices.push(fc.tuple(fc.constantFrom(...COMPARISONS), same, same).map(([op, a, b]) => apply(op, [a, b])));
    if (!isScalarShape(s))
      choices.push(
        number.map((a) => apply("expand", [a], [s.rows, s.cols])),
        term(transposeShape(s), depth).map((a) => apply("transpose", [a])),
      );
    if (isSquareShape(s)) choices.push(fc.tuple(same, fc.integer({ min: 1, max: 3 })).map(([a, k]) => apply("pow", [a, num(k)])));
    if (!isScalarShape(s) && isSquareShape(s)) choices.push(term(shapeOf(s.rows), depth).map((a) => apply("diag", [a])));
    if (isColumnShape(s)) choices.push(term({ rows: s.rows, cols: s.rows }, depth).map((a) => apply("diag", [a])));
    if (isScalarShape(s)) {
      for (const of of [shapeOf("n"), shapeOf("m", "n")])
        choices.push(
          two("dot", of),
          term(of, depth).map((a) => apply("sum", [a])),
        );
      choices.push(term(shapeOf("n", "n"), depth).map((a) => apply("tr", [a])));
      choices.push(fc.tuple(same, exponent(smooth)).map(([a, k]) => apply("pow", [a, k])));
      choices.push(
        indexed(same, `i${depth}`),
        term(shapeOf("m", "n"), depth).map((a) => entry(a, [position(1), position(2)])),
      );
    }
    if (options.blocks === true) choices.push(...blocks(s, depth));
    return fc.oneof({ withCrossShrink: true }, ...choices);
  };

  // One choice for all functions of entries and one for all of whole arguments, so that their numbers do not matter.
  const called = (s: Shape, depth: number): fc.Arbitrary<Expr>[] => {
    const argument = (of: Shape, domain: Domain): fc.Arbitrary<Expr> =>
      term(of, depth).chain((a) => fc.constantFrom(...inDomain(a, domain)));
    return [true, false].flatMap((elementwise) => {
      const ways = functions.filter((f) => f.elementwise === elementwise).map((f) => ({ f, shapes: argumentShapes(f, s) }));
      const fitting = ways.filter(({ shapes }) => shapes.length > 0);
      if (fitting.length === 0) return [];
      const one = fc.constantFrom(...fitting).chain(({ f, shapes }) => fc.tuple(fc.constant(f), fc.constantFrom(...shapes)));
      return [
        one.chain(([f, shapes]) => fc.tuple(...shapes.map((of, i) => argument(of, f.domains[i] ?? "real"))).map((args) => call(f, args))),
      ];
    });
  };

  // Terms of other shapes than those of the stock, brought back to a shape of the stock.
  const blocks = (s: Shape, depth: number): fc.Arbitrary<Expr>[] => {
    const of = (rows: string | number, cols: string | number = 1): fc.Arbitrary<Expr> => term(shapeOf(rows, cols), depth);
    const out: fc.Arbitrary<Expr>[] = [];
    if (isScalarShape(s)) {
      out.push(
        fc.tuple(of("m", "n"), of("m", "n")).map(([a, b]) => apply("dot", [apply("vec", [a]), apply("vec", [b])])),
        fc.tuple(of("n", "n"), of("m", "m")).map((args) => apply("tr", [apply("kron", args)])),
        fc.tuple(of("n"), of("m"), of("n"), of("m")).map(([a, b, c, d]) => apply("dot", [apply("vcat", [a, b]), apply("vcat", [c, d])])),
        fc
          .tuple(of("m", "n"), of("m", "n"))
          .map(([a, b]) =>
            apply("dot", [
              apply("vec", [apply("transpose", [a])]),
              apply("mul", [apply("commutation", [], [dimOf("m"), dimOf("n")]), apply("vec", [b])]),
            ]),
          ),
        fc.tuple(of(1, 1), of(1, "n"), of("m", 1), of("m", "n")).map(([a, b, c, d]) => {
          const block = apply("vcat", [apply("hcat", [a, b]), apply("hcat", [c, d])]);
          return apply("sum", [apply("hadamard", [block, block])]);
        }),
      );
    }
    if (isColumnShape(s)) {
      const { rows } = s;
      out.push(
        fc.integer({ min: 1, max: 2 }).map((k) => apply("unit", [], [rows, dimOf(k)])),
        fc
          .tuple(of("m", "n"), term(s, depth))
          .map(([a, b]) =>
            apply("mul", [apply("hcat", [b, apply("expand", [apply("sum", [a])], [rows, one()])]), apply("vcat", [num(2), num(3)])]),
          ),
        fc
          .tuple(term(s, depth), fc.integer({ min: 1, max: 2 }))
          .map(([a, k]) => entry(apply("mul", [a, apply("transpose", [a])]), [everything, position(k)])),
      );
    }
    if (!isScalarShape(s) && !isColumnShape(s) && s.rows.key !== "1")
      out.push(
        fc.tuple(term({ rows: s.rows, cols: one() }, depth), term({ rows: one(), cols: s.cols }, depth)).map((args) => apply("kron", args)),
        term(transposeShape(s), depth).map((a) => apply("reshape", [apply("vec", [a])], [s.rows, s.cols])),
      );
    return out;
  };

  const comparison = (depth: number): fc.Arbitrary<Expr> =>
    fc
      .tuple(fc.constantFrom(...COMPARISONS), term(scalarShape(), depth), term(scalarShape(), depth))
      .map(([op, a, b]) => apply(op, [a, b]));

  return term(shape, options.depth ?? 3);
}

/** A term of any shape, stacks and Kronecker products included. */
export function anyExpr(options: ExprOptions = {}): fc.Arbitrary<Expr> {
  const of = (rows: string | number, cols: string | number): fc.Arbitrary<Expr> => exprOfShape(shapeOf(rows, cols), options);
  const pair = fc.tuple(of("n", "n"), of("m", "n"));
  return fc.oneof(
    of(1, 1),
    of("n", 1),
    of(1, "n"),
    of("m", "n"),
    of("n", "n"),
    pair.map((args) => apply("kron", args)),
    pair.map((args) => apply("vcat", args)),
    fc.tuple(of("n", 1), of("n", "m")).map((args) => apply("hcat", args)),
    fc
      .tuple(of(1, 1), of(1, "n"), of("m", 1), of("m", "n"))
      .map(([a, b, c, d]) => apply("vcat", [apply("hcat", [a, b]), apply("hcat", [c, d])])),
    of("m", "n").map((a) => apply("mul", [apply("commutation", [], [dimOf("m"), dimOf("n")]), apply("vec", [a])])),
  );
}

/** Shapes of the arguments with which the function's value has this shape, in every way there is. */
function argumentShapes(f: FunctionInfo, s: Shape): Shape[][] {
  // A number among the arguments of an element-wise function expands.
  if (f.elementwise) {
    const same = f.params.map(() => s);
    return isScalarShape(s) ? [same] : [same, ...(same.length > 1 ? same.map((_, i) => same.with(i, scalarShape())) : [])];
  }
  let bound: Map<string, Dim>[] = [new Map()];
  for (const side of ["rows", "cols"] as const) {
    const { key } = f.result[side];
    if (isCount(key) ? s[side].key !== key : (bound[0]?.get(key) ?? s[side]) !== s[side]) return [];
    if (!isCount(key)) bound[0]?.set(key, s[side]);
  }
  const names = new Set(f.params.flatMap((p) => [p.rows.key, p.cols.key]));
  for (const name of names)
    if (!isCount(name) && !bound[0]?.has(name))
      bound = bound.flatMap((b) => [dimOf("n"), dimOf("m")].map((d) => new Map([...b, [name, d]])));
  return bound.map((b) => f.params.map((p) => ({ rows: b.get(p.rows.key) ?? p.rows, cols: b.get(p.cols.key) ?? p.cols })));
}

/** Whether a size is a number, which binds nothing. */
const isCount = (size: string): boolean => /^\d+$/.test(size);

/** The term itself, and a term made of it whose values lie in the domain. */
function inDomain(a: Expr, domain: Domain): Expr[] {
  const number = (value: Rational): Expr =>
    isScalarShape(a.shape) ? num(value) : apply("expand", [num(value)], [a.shape.rows, a.shape.cols]);
  const squared = apply("hadamard", [a, a]);
  const plus = (value: Rational): Expr => apply("add", [squared, number(value)]);
  switch (domain) {
    case "positive":
      return [a, plus(rational(1, 2)), call(elementwise("exp"), [a])];
    case "above-one":
      return [a, plus(rational(5, 4))];
    case "above-minus-one":
      return [a, squared];
    case "unit":
      return [a, call(elementwise("tanh"), [a])];
    case "fraction":
      return [a, call(elementwise("sigmoid"), [a])];
    case "invertible":
    case "positive-determinant":
    case "positive-spectrum": {
      const regular = apply("add", [apply("mul", [a, apply("transpose", [a])]), eye(a.shape.rows)]);
      return isSquareShape(a.shape) && !isScalarShape(a.shape) ? [a, regular] : [a];
    }
    default:
      return [a];
  }
}

const INNER = (): Dim[] => [one(), dimOf("n"), dimOf("m")];
const position = (k: number): Index => ({ kind: "position", at: dimOf(k) });

function leaf(s: Shape, names: readonly string[] | undefined): fc.Arbitrary<Expr> {
  const all = stock().filter((v) => names === undefined || names.includes(v.name));
  const fits = all.filter((v) => v.shape.rows === s.rows && v.shape.cols === s.cols);
  const turned = isScalarShape(s) ? [] : all.filter((v) => v.shape.rows === s.cols && v.shape.cols === s.rows);
  const leaves: Expr[] = [...fits, ...fits, ...turned.map((v) => apply("transpose", [v]))];
  if (isScalarShape(s))
    leaves.push(
      num(2),
      num(-3),
      num(rational(1, 2)),
      num(rational(-2, 3)),
      num(1),
      dimNumber(dimOf("n")),
      entry(variable("x", shapeOf("n")), [position(2), everything]),
    );
  else leaves.push(ones(s.rows, s.cols), zeros(s.rows, s.cols), ...(isSquareShape(s) ? [eye(s.rows)] : []));
  return fc.constantFrom(...leaves);
}

/** Σ_i x_i B_ii times something free of i; nested sums have indices of their own. */
function indexed(free: fc.Arbitrary<Expr>, name: string): fc.Arbitrary<Expr> {
  const n = dimOf("n");
  const i: Index = { kind: "bound", name, range: n };
  const body = [entry(variable("x", shapeOf("n")), [i, everything]), entry(variable("B", shapeOf("n", "n")), [i, i]), dimNumber(n)];
  return fc.tuple(free, fc.subarray(body, { minLength: 1 })).map(([a, parts]) =>
    indexSum(
      name,
      n,
      [a, ...parts].reduce((p, q) => apply("mul", [p, q])),
    ),
  );
}

const exponent = (smooth: boolean): fc.Arbitrary<Expr> =>
  smooth
    ? fc.constantFrom(num(2), num(3))
    : fc.constantFrom(
        num(2),
        num(3),
        num(-1),
        num(rational(1, 2)),
        variable("t", scalarShape()),
        apply("add", [variable("t", scalarShape()), num(-1)]),
      );

// 1 + exp(a) does not vanish.
const divisor = (number: fc.Arbitrary<Expr>, smooth: boolean): fc.Arbitrary<Expr> =>
  smooth ? number.map((a) => apply("add", [num(1), call(elementwise("exp"), [a])])) : number;
