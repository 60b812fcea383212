// The derivative of a term, from matrix notation to matrix notation: normal form,
// differentiation, simplification, and the shortest reading in the layout asked for.
//
// Invariant: what is read has the value of the normal form; where there is no matrix notation, a
// diagnostic says so. Not here: the product and the chain rule (derivative.ts), other forms of a
// derivative (views.ts).

import { fail } from "../base/diagnostic.ts";
import { NOWHERE } from "../base/span.ts";
import * as build from "../expr/build.ts";
import type { Layout, Symmetry } from "../expr/conventions.ts";
import type { Expr, Variable } from "../expr/expr.ts";
import { isScalarShape, shapeText } from "../expr/shape.ts";
import type { Library } from "../rewrite/library.ts";
import { type Base, shapeAxes, type Tensor } from "../tensor/form/tensor.ts";
import { permuteAxes } from "../tensor/product/einsum.ts";
import { readVec } from "../tensor/read/kron/kron.ts";
import { startReading } from "../tensor/read/notation.ts";
import { cost } from "../tensor/read/reading/cost.ts";
import { type Manner, mannerOf, type Reader, rankOf } from "../tensor/read/reading/reader.ts";
import { withSignedNumbers } from "../tensor/read/reading/signs.ts";
import { withoutZeros } from "../tensor/read/reading/zeros.ts";
import { readBase } from "../tensor/read/term/base.ts";
import { expand, expandCancelling, expandContractions } from "../tensor/simplify/expand.ts";
import { fractions } from "../tensor/simplify/fraction.ts";
import { mayGain } from "../tensor/simplify/gain.ts";
import { applyGuards } from "../tensor/simplify/guards.ts";
import { withRamps } from "../tensor/simplify/ramp.ts";
import { openOverTotals } from "../tensor/simplify/totals.ts";
import { backward } from "./backward.ts";
import { derivative } from "./derivative.ts";
import { bound, freed, freeTensor } from "./free.ts";
import { type Arrangement, arrange, arrangeHessian } from "./layout.ts";
import { freshNames } from "./names.ts";
import { isDeep } from "./outline.ts";
import { costOnce, type Named, repeatedFunctions, withNames, withoutNames } from "./repeated.ts";
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

/** Functions of fewer operations are no longer than their names. */
const LEAST = 2;
/** Tensors with more atoms than this, written out, are read once. */
const MOST_NAMED = 240;

/** The shortest matrix notation of a tensor with its axes arranged in rows and columns. */
export const readArranged = (tensor: Tensor, arrangement: Arrangement, library: Library, manner: Manner): Expr =>
  readWith(readerOf(library, manner), tensor, arrangement);

/** What several tensors are read with in one manner: parts that they share are read once. */
export interface ArrangedReader {
  readonly reader: Reader;
  readonly library: Library;
  readonly manner: Manner;
}

/** A reader of tensors that are to be arranged in rows and columns. */
export const readerOf = (library: Library, manner: Manner): ArrangedReader => ({
  reader: startReading(library.functions.find, manner, library.join),
  library,
  manner,
});

/** The shortest matrix notation of a tensor, as `readArranged` finds it. */
export const readWith = (reader: ArrangedReader, tensor: Tensor, arrangement: Arrangement): Expr =>
  readIfPossible(reader, tensor, arrangement) ?? noNotation(tensor);

const noNotation = (tensor: Tensor): never =>
  fail("unsupported", `this derivative has ${tensor.axes.length} axes and no matrix notation that nabla can write`, NOWHERE);

function readIfPossible(given: ArrangedReader, tensor: Tensor, arrangement: Arrangement): Expr | undefined {
  const plain = readPlain(given, tensor, arrangement);
  const bases = tensor.weight > MOST_NAMED ? [] : repeatedFunctions(tensor);
  return plain === undefined || bases.length === 0 ? plain : readNamed(given, tensor, arrangement, bases, plain);
}

/** The reading of a tensor, or the one with names for the functions that it repeats, put back in, where that is an operation shorter. */
function readNamed(
  { reader, library, manner }: ArrangedReader,
  tensor: Tensor,
  at: Arrangement,
  bases: readonly Base[],
  plain: Expr,
): Expr {
  const { find } = library.functions;
  const fresh = freshNames(new Set(manner.names));
  const named: Named[] = [];
  const values = new Map<Expr, Expr>();
  for (const base of bases) {
    const call = readBase(reader, base)?.fwd;
    if (call === undefined || cost(call) < LEAST) continue;
    const variable = build.variable(fresh(), call.shape);
    named.push({ base, variable });
    values.set(variable, call);
  }
  if (named.length === 0) return plain;
  // A name stands where the first name in its function does.
  const before = (name: string): string[] =>
    named.flatMap((n) => (rankOf(reader, n.base.names) === reader.rank.get(name) ? [n.variable.name] : []));
  const names = manner.names.flatMap((name) => [...before(name), name]);
  const read = readPlain(readerOf(library, { ...manner, names }), withNames(tensor, named), at);
  if (read === undefined) return plain;
  const whole = withoutNames(read, values, find);
  return costOnce(whole, find) + 1 <= costOnce(plain, find) ? whole : plain;
}

function readPlain({ reader, library, manner }: ArrangedReader, tensor: Tensor, arrangement: Arrangement): Expr | undefined {
  const { rows, cols } = arrangement;
  const inVec = rows.length > 1 || cols.length > 1;
  // A tensor of two axes reads rows first, unless there are only columns.
  const turned = rows.length === 0;
  const arranged = inVec ? tensor : permuteAxes(tensor, [...rows, ...cols]);
  const spellings: Expr[] = [];
  for (const { candidate, isLast } of candidates(arranged, library, manner)) {
    if (isLast && !inVec && spellings.length > 0) continue;
    const reading = inVec ? undefined : reader.read(candidate);
    const spelling = inVec ? readVec(reader, candidate, arrangement) : turned ? reading?.rev : reading?.fwd;
    if (spelling !== undefined) spellings.push(withoutZeros(spelling, library.functions.find));
  }
  const [first, ...others] = spellings;
  if (first === undefined) return undefined;
  return withSignedNumbers(
    others.reduce((best, e) => (cost(e) < cost(best) ? e : best), first),
    library.functions.find,
  );
}

/** Tensors with more atoms than this, written out, are not multiplied out; nor are such products of it read. */
const MOST_MULTIPLIED = 600;

interface Candidate {
  readonly candidate: Tensor;
  /** Whether it is read only where no other has a matrix notation: it is multiplied out and gains nothing by it. */
  readonly isLast: boolean;
}

/** Equal tensors, differently multiplied out, that may read shorter. */
function candidates(tensor: Tensor, library: Library, { functions }: Manner): Candidate[] {
  if (tensor.weight > MOST_MULTIPLIED) return [{ candidate: tensor, isLast: false }];
  const out = new Set<Tensor>([tensor]);
  const add = (t: Tensor | undefined): void => {
    if (t !== undefined && t.weight <= MOST_MULTIPLIED) out.add(t);
  };
  const flat = expand(tensor);
  add(flat);
  for (const t of new Set([flat, tensor])) {
    const opened = t === undefined ? undefined : expandContractions(t);
    add(opened);
    // A number that a contraction opens into is a bracket again.
    if (opened !== undefined) add(expand(opened));
  }
  add(expandCancelling(tensor));
  for (const t of [...out]) for (const f of fractions(t)) add(f);
  for (const t of [...out]) add(openOverTotals(t));
  const ramp = library.ramp(functions);
  for (const t of [...out]) add(withRamps(t, ramp));
  const isLast = (t: Tensor): boolean => t === flat && t !== tensor && !mayGain(tensor, t) && library.join(t).length === 0;
  return [...out].map((candidate) => ({ candidate, isLast: isLast(candidate) }));
}
