// The derivative of a term, from matrix notation to matrix notation: normal form,
// differentiation, simplification, and the shortest reading in the layout asked for.
//
// Not here: the product and the chain rule (derivative.ts), the reading (arranged.ts), other forms of a derivative
// (views.ts).

import { fail } from "../base/diagnostic.ts";
import { NOWHERE } from "../base/span.ts";
import type { Layout, Symmetry } from "../expr/conventions.ts";
import type { Expr, Variable } from "../expr/expr.ts";
import { isScalarShape, shapeText } from "../expr/shape.ts";
import type { Library } from "../rewrite/library.ts";
import { shapeAxes, type Tensor } from "../tensor/form/tensor.ts";
import { cost } from "../tensor/read/reading/cost.ts";
import { mannerOf } from "../tensor/read/reading/reader.ts";
import { applyGuards } from "../tensor/simplify/guards.ts";
import { noNotation, readerOf, readIfPossible } from "./arranged.ts";
import { backward } from "./backward.ts";
import { derivative } from "./derivative.ts";
import { bound, freed, freeTensor } from "./free.ts";
import { type Arrangement, arrange, arrangeHessian } from "./layout.ts";
import { isDeep } from "./outline.ts";
import { symmetrized } from "./symmetry.ts";

/** What a derivative is asked with. */
export interface DifferentiateOptions {
  readonly library: Library;
  readonly layout?: Layout;
  /** 1 for the derivative, 2 for the Hessian of a number. */
  readonly order?: 1 | 2;
  /** What a first derivative by a symmetric variable means; free unless stated. */
  readonly symmetry?: Symmetry;
  /** Names in the order the user wrote them; ties between equally long forms follow it. */
  readonly names?: readonly string[];
}

/** A derivative in matrix notation and as a normal form. */
export interface Derivative {
  readonly expr: Expr;
  readonly layout: Layout;
  readonly order: 1 | 2;
  /** The normal form, axes of the value before those of the variable. */
  readonly tensor: Tensor;
  readonly arrangement: Arrangement;
}

/** A derivative of more operations is also made by adjoints, where those are smaller, and the shorter one taken. */
const LONG = 24;

/**
 * ∂expr/∂variable in matrix notation, rows and columns as the layout says (numerator by
 * default). Throws a diagnostic where a rule or a matrix notation is missing.
 */
export function differentiate(expr: Expr, variable: Variable, options: DifferentiateOptions): Derivative {
  const { library, layout = "numerator", order = 1 } = options;
  if (order === 2 && !isScalarShape(expr.shape))
    fail("unsupported", `a Hessian belongs to a number; this is ${shapeText(expr.shape)}`, NOWHERE);
  const free = freed(variable);
  const value = freeTensor(expr, [variable], library);
  const arrangement = order === 2 ? arrangeHessian(variable.shape) : arrange(expr.shape, variable.shape, layout);
  const reader = readerOf(library, mannerOf(expr, options.names));
  const finish = (first: Tensor): Tensor => {
    const last = bound(applyGuards(order === 2 ? derivative(applyGuards(first), free, library.find) : first), [variable]);
    return order === 1 ? symmetrized(last, variable, options.symmetry ?? "free") : last;
  };
  const tensor = finish(derivative(value, free, library.find));
  const read = readIfPossible(reader, tensor, arrangement);
  const forward = { layout, order, tensor, arrangement };
  // A deep value has been differentiated that way already.
  const smaller = value.axes.length < shapeAxes(variable.shape).length && !isDeep(value);
  if (read !== undefined && !(smaller && cost(read) > LONG)) return { ...forward, expr: read };
  if (!smaller) return noNotation(tensor);
  // By adjoints a weight that several layers share gives a sum of outer products.
  const back = finish(backward(value, free, library.find));
  const other = readIfPossible(reader, back, arrangement);
  if (read !== undefined && (other === undefined || cost(read) <= cost(other))) return { ...forward, expr: read };
  return { ...forward, expr: other ?? noNotation(tensor), tensor: back };
}
