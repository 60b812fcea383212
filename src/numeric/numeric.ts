// The numeric oracle as a whole: loaded once, asynchronously, because mathjs is large;
// everything it does afterwards is synchronous.
//
// Invariant: it knows terms and the values of functions; rules, tensors and symbolic
// differentiation are out of its reach, so it can testify about them.

import type { Expr } from "../expr/expr.ts";
import { type Arithmetic, realArithmetic } from "./arithmetic.ts";
import type { Context, Definitions } from "./context.ts";
import { type Directional, directionalDerivative, jacobian, type NumericDerivative, secondDerivative } from "./jacobian.ts";
import type { KernelTable } from "./kernel.ts";
import { createKernels } from "./kernels.ts";
import { loadMathjs } from "./mathjs.ts";
import type { Matrix } from "./matrix.ts";
import { copyOf, load, type Point } from "./point.ts";
import { compile, type OpenIndex, type Program, programOf, type Regularity } from "./program.ts";
import { coarsened, perturbed } from "./rounding.ts";
import { type SampleRequest, samplePoints } from "./sample.ts";
import { sharpened, sharpenedAlong } from "./sharpen.ts";

/** Values, derivatives and points. Every method may throw a NumericError that names what is missing. */
export interface Numeric {
  /** Functions with a kernel; all others need a definition. */
  readonly kernels: KernelTable;
  /** The value of a term at a point. */
  evaluate(term: Expr, point: Point, definitions?: Definitions): Matrix;
  /** The value of a number with open indices at each of their positions, the first index running fastest. */
  tabulate(term: Expr, open: readonly OpenIndex[], point: Point, definitions?: Definitions): Float64Array;
  /** The distance of a term's parts from the nearest kink at a point, with the value and the largest entry of all parts. */
  margin(term: Expr, point: Point, definitions?: Definitions): Regularity;
  /** ∂ vec(term) / ∂ vec(variable)ᵀ at a point, by extrapolated differences, and by dual numbers where they agree. */
  jacobian(term: Expr, variable: string, point: Point, definitions?: Definitions): NumericDerivative;
  /** ∂² vec(term) / ∂ vec(first) ∂ vec(second)ᵀ at a point, by extrapolated differences. */
  secondDerivative(term: Expr, first: string, second: string, point: Point, definitions?: Definitions): NumericDerivative;
  /** The derivative of the term along directions of its variables, in the term's shape; found as `jacobian` is. */
  directional(term: Expr, directions: ReadonlyMap<string, Matrix>, point: Point, definitions?: Definitions): Directional;
  /** The same oracle with larger rounding errors; what it says otherwise hangs on them. */
  coarser(): Numeric;
  /** The same oracle with every number off by a little, in a direction that hangs on `turn`; without values that underflow. */
  perturbed(turn: 0 | 1): Numeric;
  /** Points in the domain of the terms, reproducible from the seed; ends with a reason. */
  samplePoints(request: SampleRequest, definitions?: Definitions): Generator<Point, string>;
}

let loading: Promise<Numeric> | undefined;

/** Loads the oracle; later calls give the same one. */
export function loadNumeric(): Promise<Numeric> {
  loading ??= loadMathjs().then((backend) => oracle(realArithmetic(createKernels(backend))));
  return loading;
}

function oracle(arithmetic: Arithmetic): Numeric {
  const { functions: kernels } = arithmetic;
  let coarser: Numeric | undefined;
  const turned: Numeric[] = [];
  const context = contextsIn(arithmetic);
  const loaded = (term: Expr, point: Point, definitions: Definitions | undefined): Program => {
    const program = programOf(term, point.sizes, context(definitions));
    load(program, point);
    return program;
  };
  return {
    kernels,
    evaluate: (term, point, definitions) => copyOf(loaded(term, point, definitions).run()),
    tabulate: (term, open, point, definitions) => {
      const program = compile(term, point.sizes, context(definitions), open);
      load(program, point);
      return program.table();
    },
    margin: (term, point, definitions) => {
      const found = loaded(term, point, definitions).margin();
      return { ...found, value: copyOf(found.value) };
    },
    jacobian: (term, variable, point, definitions) =>
      sharpened(context(definitions), term, variable, point, jacobian(context(definitions), term, variable, point)),
    secondDerivative: (term, first, second, point, definitions) => secondDerivative(context(definitions), term, first, second, point),
    directional: (term, directions, point, definitions) =>
      sharpenedAlong(context(definitions), term, directions, point, directionalDerivative(context(definitions), term, directions, point)),
    coarser: () => {
      coarser ??= oracle(coarsened(arithmetic));
      return coarser;
    },
    perturbed: (turn) => {
      turned[turn] ??= oracle(perturbed(arithmetic, turn));
      return turned[turn];
    },
    samplePoints: (request, definitions) => samplePoints(context(definitions), request),
  };
}

/** The context of each set of definitions: what was compiled with them is kept as long as they are. */
function contextsIn(arithmetic: Arithmetic): (definitions: Definitions | undefined) => Context {
  const plain: Context = { arithmetic, programs: new WeakMap() };
  const contexts = new WeakMap<Definitions, Context>();
  return (definitions) => {
    if (definitions === undefined) return plain;
    const known = contexts.get(definitions) ?? { arithmetic, definitions, programs: new WeakMap() };
    contexts.set(definitions, known);
    return known;
  };
}
