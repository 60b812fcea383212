// Are derivatives of any order, directional derivatives, gradients taken back and the other
// forms of an answer right? All of them against numeric differentiation of the question.
//
// Invariants: a truth is a flat list of entries, axes of the value first, then those of each
// differentiation, the first axis running fastest; nothing here looks at how an answer came
// about. Beyond second order the derivative of one order lower, itself checked, is what is
// differentiated numerically; it may say of a symmetric matrix what is true of such alone, so that
// entries are compared along symmetric directions.

import { isSymmetric } from "../expr/attributes.ts";
import type { Symmetry } from "../expr/conventions.ts";
import { type Expr, mentions, type Variable } from "../expr/expr.ts";
import { symmetrize } from "../numeric/arrange.ts";
import { largest, type Matrix, matrix, multiply, transpose } from "../numeric/matrix.ts";
import type { Numeric } from "../numeric/numeric.ts";
import type { Point } from "../numeric/point.ts";
import type { Comparison, Truth } from "./atPoint.ts";
import { type CheckOptions, compare, TOLERANCE, type Verdict, VISIBLE } from "./compare.ts";

/** A derivative of any order: of a term by variables in turn. */
export interface Differentiated {
  readonly expr: Expr;
  readonly by: readonly Variable[];
  /** Convention for a first derivative by a symmetric variable; free unless stated. */
  readonly symmetry?: Symmetry;
  /** From order three on: the derivative by all but the last, in vec form. */
  readonly previous?: Expr;
}

/** All entries of a derivative as one column. */
function truthOf(numeric: Numeric, { expr, by, symmetry, previous }: Differentiated, options: CheckOptions): (point: Point) => Truth {
  const flat = (m: Matrix): Matrix => matrix(m.data.length, 1, m.data);
  const [first, second] = by as [Variable, Variable];
  const last = by[by.length - 1] as Variable;
  return (point) => {
    const d =
      by.length === 1
        ? symmetrize(numeric.jacobian(expr, first.name, point, options.definitions), symmetry ?? "free")
        : by.length === 2
          ? numeric.secondDerivative(expr, first.name, second.name, point, options.definitions)
          : numeric.jacobian(previous ?? expr, last.name, point, options.definitions);
    return { values: flat(d.matrix), errors: flat(d.error), floor: VISIBLE * largest(d.value) };
  };
}

/** The entries of a derivative, those at mirrored places of a symmetric variable brought to their mean from third order on. */
function alongSymmetric(entries: Float64Array, by: readonly Variable[], point: Point): Float64Array {
  if (by.length < 3) return entries;
  const sizes = by.map(({ name }) => point.values.get(name) as Matrix);
  let inner = sizes.reduce((count, { data }) => count / data.length, entries.length);
  return by.reduce((all, variable, k) => {
    const { rows, data } = sizes[k] as Matrix;
    const step = inner;
    inner *= data.length;
    if (!isSymmetric(variable)) return all;
    const mirrored = (at: number): number => {
      const place = Math.floor(at / step) % data.length;
      return at + (Math.floor(place / rows) + rows * (place % rows) - place) * step;
    };
    return all.map((x, at) => (x + (all[mirrored(at)] as number)) / 2);
  }, entries);
}

/** Whether the term mentions one of the variables, so that values other than 0 are to be expected. */
const varies = (expr: Expr, by: readonly Variable[]): boolean => by.some((v) => mentions(expr, v.name));

/** What a comparison takes from the derivative alone, whatever form of it is claimed. */
const asked = ({ expr, by }: Differentiated): Pick<Comparison, "expected" | "variables" | "informative" | "tolerance"> => ({
  expected: expr,
  variables: by,
  informative: varies(expr, by),
  tolerance: by.length === 2 ? TOLERANCE.second : TOLERANCE.first,
});

/** Entries claimed at a point, flat, and the terms that they are made of. */
export interface ClaimedEntries {
  readonly covered: readonly Expr[];
  readonly entries: (by: Numeric, point: Point) => Float64Array;
}

/** Compares all entries of a derivative. */
export function checkEntries(numeric: Numeric, of: Differentiated, claimed: ClaimedEntries, options: CheckOptions = {}): Verdict {
  return compare(
    numeric,
    (by) => ({
      ...asked(of),
      covered: [...claimed.covered, ...(of.previous === undefined ? [] : [of.previous])],
      claimed: (point) => {
        const data = alongSymmetric(claimed.entries(by, point), of.by, point);
        return matrix(data.length, 1, data);
      },
      truth: (point) => {
        const { values, errors, ...more } = truthOf(by, of, options)(point);
        const along = (m: Matrix): Matrix => matrix(m.rows, m.cols, alongSymmetric(m.data, of.by, point));
        return { values: along(values), errors: along(errors), ...more };
      },
    }),
    options,
  );
}

/** Compares a derivative written as one matrix, whose entries in column-major order are those of the derivative; `turned` where it is transposed. */
export function checkMatrix(numeric: Numeric, of: Differentiated, answer: Expr, turned = false, options: CheckOptions = {}): Verdict {
  const entries = (by: Numeric, point: Point): Float64Array => {
    const value = by.evaluate(answer, point, options.definitions);
    return (turned ? transpose(value) : value).data;
  };
  return checkEntries(numeric, of, { covered: [answer], entries }, options);
}

/** Compares the derivative of a term along directions, each a term of its variable's shape. */
export function checkAlong(
  numeric: Numeric,
  claim: { readonly expr: Expr; readonly directions: ReadonlyMap<Variable, Expr>; readonly answer: Expr },
  options: CheckOptions = {},
): Verdict {
  const { expr, directions, answer } = claim;
  return compare(
    numeric,
    (by) => ({
      expected: expr,
      covered: [answer, ...directions.values()],
      claimed: (point) => by.evaluate(answer, point, options.definitions),
      variables: [...directions.keys()],
      informative: varies(expr, [...directions.keys()]),
      tolerance: TOLERANCE.first,
      truth: (point) => {
        const moves = new Map([...directions].map(([v, along]) => [v.name, by.evaluate(along, point, options.definitions)]));
        const { value, matrix: values, error } = by.directional(expr, moves, point, options.definitions);
        return { values, errors: error, floor: VISIBLE * largest(value) };
      },
    }),
    options,
  );
}

/** Compares Dᵀu, or H v where the derivative is a second one of a number, in the shape of the variable. */
export function checkContracted(
  numeric: Numeric,
  claim: { readonly of: Differentiated; readonly with: Expr; readonly side: "rows" | "columns"; readonly answer: Expr },
  options: CheckOptions = {},
): Verdict {
  const { of, answer, side } = claim;
  const variable = of.by[0] as Variable;
  const truth = (by: Numeric, point: Point): Truth => {
    const second = of.by.length > 1;
    const d = second
      ? by.secondDerivative(of.expr, variable.name, variable.name, point, options.definitions)
      : by.jacobian(of.expr, variable.name, point, options.definitions);
    const given = by.evaluate(claim.with, point, options.definitions);
    const column = matrix(given.data.length, 1, given.data);
    const meet = (m: Matrix, c: Matrix): Matrix => {
      const product = multiply(side === "rows" ? transposed(m) : m, c);
      return matrix(d.rows, d.cols, product.data);
    };
    const size = matrix(column.rows, 1, column.data.map(Math.abs));
    return { values: meet(d.matrix, column), errors: meet(d.error, size), floor: VISIBLE * largest(d.value) };
  };
  return compare(
    numeric,
    (by) => ({
      ...asked(of),
      covered: [answer, claim.with],
      claimed: (point) => by.evaluate(answer, point, options.definitions),
      truth: (point) => truth(by, point),
    }),
    options,
  );
}

/** Compares a derivative of any order met with one direction for each differentiation, in the shape of the value. */
export function checkAlongEach(
  numeric: Numeric,
  claim: { readonly of: Differentiated; readonly directions: readonly Expr[]; readonly answer: Expr },
  options: CheckOptions = {},
): Verdict {
  const { of, directions, answer } = claim;
  return compare(
    numeric,
    (by) => ({
      ...asked(of),
      covered: [answer, ...directions, ...(of.previous === undefined ? [] : [of.previous])],
      claimed: (point) => by.evaluate(answer, point, options.definitions),
      truth: (point) => {
        const { values, errors, floor } = truthOf(by, of, options)(point);
        const shape = by.evaluate(of.expr, point, options.definitions);
        // The last differentiation stands in the last axes: columns of what remains.
        const met = [...directions].reverse().reduce(
          ([v, e], direction) => {
            const d = by.evaluate(direction, point, options.definitions).data;
            const column = matrix(d.length, 1, d);
            const size = matrix(d.length, 1, d.map(Math.abs));
            const open = (m: Matrix): Matrix => matrix(m.data.length / d.length, d.length, m.data);
            return [multiply(open(v), column), multiply(open(e), size)] as const;
          },
          [values, errors] as const,
        );
        const own = (m: Matrix): Matrix => matrix(shape.rows, shape.cols, m.data);
        return { values: own(met[0]), errors: own(met[1]), floor };
      },
    }),
    options,
  );
}

// A transpose that keeps its entries apart from those of the original.
const transposed = (m: Matrix): Matrix => {
  const t = transpose(m);
  return matrix(m.cols, m.rows, t.data);
};
