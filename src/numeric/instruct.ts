// What each kind of node computes: constants and variables are values that are there before
// anything runs, all others are operations on the values of their arguments.
//
// Not here: index sums, which run code of their own (schedule.ts), and how the body of a
// definition is run (call.ts).

import { assertNever } from "../base/assert.ts";
import * as Q from "../base/rational.ts";
import type { Dim } from "../expr/dim.ts";
import {
  type Apply,
  type Constant,
  type Entry,
  type Expr,
  type Index,
  type IndexSum,
  nodes,
  type Unknown,
  unexpanded,
  type Variable,
} from "../expr/expr.ts";
import { isComparison, isOperator } from "../expr/operators.ts";
import { isScalarShape } from "../expr/shape.ts";
import { callDefinition } from "./call.ts";
import { NumericError } from "./context.ts";
import { type Machine, type Operation, type Scope, sizeOf, sizesOf } from "./machine.ts";
import { at, generate, type Matrix, matrix, scalar, sizes, zip } from "./matrix.ts";

/** Nodes that compute from their arguments. */
export type Operated = Entry | Unknown | Apply;
type Given = Exclude<Expr, Operated | IndexSum>;

/** Whether a node has its value before anything runs. */
export const isGiven = (node: Expr): node is Given =>
  node.kind === "num" || node.kind === "dim" || node.kind === "constant" || node.kind === "var";

/** The value of such a node; that of a variable is one of the machine's inputs. */
export function givenValue(machine: Machine, node: Given): Matrix {
  switch (node.kind) {
    case "num":
      return scalar(machine.context.arithmetic.number(node.value));
    case "dim":
      return scalar(sizeOf(machine, node.dim));
    case "constant":
      return scalar(constantValue(machine, node));
    case "var":
      return inputOf(machine, node);
    default:
      return assertNever(node);
  }
}

function constantValue({ context }: Machine, { name }: Constant): number {
  const value = context.arithmetic.constant(name);
  if (value === undefined) throw new NumericError("value", name, `the constant ${name} has no numeric value`);
  return value;
}

function inputOf(machine: Machine, node: Variable): Matrix {
  const { rows, cols } = sizesOf(machine, node);
  const known = machine.inputs.get(node.name);
  if (known !== undefined && (known.rows !== rows || known.cols !== cols)) {
    throw new NumericError("value", node.name, `${node.name} occurs as ${sizes(known)} and as ${rows}×${cols}`);
  }
  const value = known ?? matrix(rows, cols);
  machine.inputs.set(node.name, value);
  return value;
}

/** What a node of a scope computes from its arguments. Throws a NumericError where it cannot have a value. */
export function operationOf(machine: Machine, node: Operated, home: Scope): Operation {
  switch (node.kind) {
    case "entry":
      return smooth(reader(machine, node, home));
    case "unknown":
      return smooth(unknownFunction(machine, node));
    case "apply":
      return application(machine, node);
    default:
      return assertNever(node);
  }
}

const smooth = (compute: Operation["compute"]): Operation => ({ compute, margin: undefined });

function unknownFunction(machine: Machine, node: Unknown): Operation["compute"] {
  const call = { elementwise: node.elementwise, symmetric: node.symmetric, derivatives: node.derivatives, ...sizesOf(machine, node) };
  const { unknown } = machine.context.arithmetic;
  return (args) => unknown(node.name, machine.seed, args, call);
}

function application(machine: Machine, node: Apply): Operation {
  const { arithmetic, definitions } = machine.context;
  const params = node.params.map((param) => sizeOf(machine, param));
  refuseParameters(node, params);
  if (isOperator(node.op)) {
    const kernel = arithmetic.operators[node.op];
    const compute: Operation["compute"] = (args) => kernel.value(args, params);
    const masks = indicatorsIn(node);
    const masked = (args: readonly Matrix[]): Matrix => masks.reduce((product, i) => leftOut(args[i] as Matrix, product), compute(args));
    const { margin } = isPicked(machine, node) ? arithmetic.operators.ge : kernel;
    return { compute: masks.length === 0 ? compute : masked, margin };
  }
  const kernel = arithmetic.functions.get(node.op);
  if (kernel !== undefined) return { compute: kernel.value, margin: kernel.margin, holds: kernel.holds };
  const definition = definitions?.(node.op);
  // The call itself notes how near its parts are to a kink.
  if (definition !== undefined) return smooth((args) => callDefinition(machine, node.op, definition, args));
  if (arithmetic.opaque === undefined)
    throw new NumericError("function", node.op, `the function ${node.op} has neither a numeric kernel nor a definition`);
  const { rows, cols } = sizesOf(machine, node);
  const opaque = arithmetic.opaque(node.op, rows, cols);
  return smooth((args) => opaque(args, machine.seed));
}

/** Whether what is compared with == is met by a function with kinks of it, as x == max(x), which holds for some entry at every point. */
function isPicked({ context: { arithmetic } }: Machine, { op, args }: Apply): boolean {
  if (op !== "eq" && op !== "ne") return false;
  const [left, right] = args.map(nodes) as [Expr[], Expr[]];
  const picks = (from: readonly Expr[], whole: Expr): boolean =>
    from.some(
      (n) => n.kind === "apply" && arithmetic.functions.get(n.op)?.margin !== undefined && n.args.some((a) => unturned(a) === whole),
    );
  return picks(right, unturned(args[0] as Expr)) || picks(left, unturned(args[1] as Expr));
}

const unturned = (e: Expr): Expr => (e.kind === "apply" && e.op === "transpose" ? (e.args[0] as Expr) : e);

/** The places of indicators among the factors of a product entry by entry, of a product with a number, or above a quotient. */
export function indicatorsIn({ op, args }: Apply): number[] {
  if (op !== "hdiv" && op !== "div" && op !== "hadamard" && !(op === "mul" && args.some((a) => isScalarShape(a.shape)))) return [];
  const factors = op === "hdiv" || op === "div" ? args.slice(0, 1) : args;
  return factors.flatMap((a, i) => (isIndicator(a, 0) ? [i] : []));
}

/** [x > 0], 1 − [x > 0] and short products of such. */
function isIndicator(node: Expr, depth: number): boolean {
  if (node.kind !== "apply" || depth > 4) return false;
  const [first, second] = node.args as readonly [Expr, Expr];
  const below = (e: Expr): boolean => isIndicator(e, depth + 1);
  if (isComparison(node.op)) return true;
  if (node.op === "expand") return below(first);
  if (node.op === "add") return node.args.length === 2 && isOne(unexpanded(first)) && isNegated(second, below);
  return node.op === "hadamard" && below(first) && below(second);
}

const isOne = (e: Expr): boolean => e.kind === "num" && Q.isOne(e.value);
const isNegated = (e: Expr, of: (e: Expr) => boolean): boolean => e.kind === "apply" && e.op === "neg" && of(e.args[0] as Expr);

// What an indicator leaves out is 0, whatever it would be.
const leftOut = (mask: Matrix, product: Matrix): Matrix =>
  product.data.some(Number.isNaN) ? zip(mask, product, (m, x) => (m === 0 ? 0 : x)) : product;

function refuseParameters(node: Apply, params: readonly number[]): void {
  if (params.some((p) => p < 1)) throw new NumericError("size", node.op, `${node.op} has a size or position below 1`);
  if (node.op === "unit" && (params[1] as number) > (params[0] as number))
    throw new NumericError("index", (node.params[1] as Dim).key, `position ${params[1]} of ${params[0]}`);
}

// The place along an axis of the given length, counted from 0; undefined for the whole axis.
type Position = (length: number) => number | undefined;

function reader(machine: Machine, node: Entry, home: Scope): Operation["compute"] {
  const [rowOf, colOf] = node.at.map((index) => position(machine, index, home)) as [Position, Position];
  return ([of]) => {
    const a = of as Matrix;
    const i = rowOf(a.rows);
    const j = colOf(a.cols);
    if (i !== undefined && j !== undefined) return scalar(at(a, i, j));
    if (j !== undefined) return matrix(a.rows, 1, a.data.slice(a.rows * j, a.rows * (j + 1)));
    return i === undefined ? a : generate(1, a.cols, (_, col) => at(a, i, col));
  };
}

function position(machine: Machine, index: Index, home: Scope): Position {
  if (index.kind === "all") return () => undefined;
  if (index.kind === "position") {
    const value = sizeOf(machine, index.at);
    return (length) => within(value, length, index.at.key);
  }
  const binder = binderOf(index.name, home);
  return (length) => within(binder.position, length, index.name);
}

function within(value: number, length: number, subject: string): number {
  if (value < 1 || value > length) throw new NumericError("index", subject, `position ${value} of ${length}`);
  return value - 1;
}

/** The scope that binds an index, seen from one inside of it. Throws a NumericError where there is none. */
export function binderOf(name: string, home: Scope): Scope {
  let scope: Scope | undefined = home;
  while (scope !== undefined && scope.index !== name) scope = scope.parent;
  if (scope === undefined) throw new NumericError("index", name, `the index ${name} is used outside its sum`);
  return scope;
}
