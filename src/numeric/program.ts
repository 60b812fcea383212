// A term prepared for repeated evaluation: its nodes in the order of their dependence,
// each with a kernel and the places of its arguments. Difference quotients change one
// variable and run only what depends on it.
//
// Invariants: every node of the DAG is one instruction of its scope; a scope is the
// whole term or the body of one index sum, and a node belongs to the innermost scope
// whose index it uses, so nothing is computed again that does not change. Depth of
// nesting costs no stack, except one call a nested index sum or definition.

import { type Dim, dimName, evaluateDim } from "../expr/dim.ts";
import type { Entry, Expr, Index, IndexSum, Variable } from "../expr/expr.ts";
import { isOperator } from "../expr/operators.ts";
import { isScalarShape } from "../expr/shape.ts";
import type { Arithmetic } from "./arithmetic.ts";
import { dependents, freeIndices, varyingNodes } from "./dependence.ts";
import { at, generate, isScalar, type Matrix, matrix, scalar, sizes } from "./matrix.ts";
import type { OperatorKernel } from "./operators.ts";

/** A function given by a term in its parameters. */
export interface Definition {
  readonly parameters: readonly Variable[];
  readonly body: Expr;
}

/** Finds the definition of a function that has no kernel. */
export type Definitions = (name: string) => Definition | undefined;

/** What evaluation needs besides a point. */
export interface Context {
  readonly arithmetic: Arithmetic;
  readonly definitions?: Definitions;
  /** Keeps what `programOf` compiles, for as long as the sizes are used. */
  readonly programs?: WeakMap<ReadonlyMap<string, number>, Map<Expr, Program>>;
}

/** Why a term has no value: not a defect, and reported as the reason of a check that was not made. */
export class NumericError extends Error {
  readonly code: "function" | "size" | "value" | "index" | "limit";
  /** The function, dimension, variable or index the message is about. */
  readonly subject: string;
  constructor(code: NumericError["code"], subject: string, message: string) {
    super(message);
    this.name = "NumericError";
    this.code = code;
    this.subject = subject;
  }
}

/** A term ready to be evaluated for given sizes. */
export interface Program {
  /** The variables' values, by name; entries may be overwritten in place between runs. */
  readonly inputs: ReadonlyMap<string, Matrix>;
  /** Selects the realisation of functions without a body. */
  seed: number;
  /** Evaluates everything. */
  run(): Matrix;
  /** Evaluates again what depends on a variable whose entries were overwritten. */
  rerun(variable: string): Matrix;
  /** What one evaluation costs, about as many multiplications of numbers. */
  readonly work: number;
  /** Evaluates a number at every position of the indices that the term leaves open, the first running fastest. */
  table(): Float64Array;
  /**
   * Evaluates everything; finds the distance from the nearest kink of a part that varies, and the
   * largest entry of all parts. Ends without a value at the first part that is nearer than `least`.
   */
  margin(least?: number): Regularity;
}

/** What a point is like for a term. */
export interface Regularity {
  readonly value: Matrix;
  /** Distance from the nearest kink. */
  readonly margin: number;
  /** Largest entry of all parts: what rounding errors are to be measured by. */
  readonly extent: number;
}

interface Instruction {
  readonly node: Expr;
  readonly target: number;
  readonly sources: readonly number[];
  readonly compute: (args: readonly Matrix[]) => Matrix;
  /** Absent for a smooth operation and for one on constants. */
  readonly margin: OperatorKernel["margin"];
}

interface Scope {
  /** The index that the scope binds; the whole term binds none. */
  readonly index: string | undefined;
  readonly parent: Scope | undefined;
  /** How often its code runs in one evaluation. */
  readonly times: number;
  readonly slots: Map<Expr, number>;
  readonly code: Instruction[];
  /** Value of the index, counted from 1. */
  position: number;
}

const MOST_NESTED_DEFINITIONS = 50;
/** What it costs to run an instruction, beside its entries. */
const INSTRUCTION = 50;
/** What it costs to call a definition for an entry. */
const CALL = 1000;

/** What stands for the value of an evaluation that has ended early. */
const NOTHING: Matrix = scalar(Number.NaN);

/** An index that a term leaves open, and how far it runs. */
export interface OpenIndex {
  readonly name: string;
  readonly range: Dim;
}

/** The program of a term for the given sizes, which is compiled once. Load a point before each use. */
export function programOf(root: Expr, dims: ReadonlyMap<string, number>, context: Context): Program {
  const kept = context.programs?.get(dims) ?? new Map<Expr, Program>();
  const program = kept.get(root) ?? compile(root, dims, context);
  kept.set(root, program);
  context.programs?.set(dims, kept);
  return program;
}

/** Prepares a term for the given sizes; one with open indices can only be tabulated. Throws a NumericError where it cannot have a value. */
export function compile(
  root: Expr,
  dims: ReadonlyMap<string, number>,
  context: Context,
  open: readonly OpenIndex[] = [],
  depth = 0,
): Program {
  const { arithmetic } = context;
  const frame: Matrix[] = [];
  const inputs = new Map<string, Matrix>();
  const free = freeIndices(root);
  const varying = varyingNodes(root);
  const outermost: Scope = { index: undefined, parent: undefined, times: 1, slots: new Map(), code: [], position: 0 };
  const definitions = new Map<string, Program>();
  let work = 0;
  let watched = false;
  // Parts nearer to a kink than this end a watched evaluation.
  let bound = 0;
  let least = Number.POSITIVE_INFINITY;
  let most = 0;

  const size = (dim: Dim): number => {
    try {
      return evaluateDim(dim, dims);
    } catch (error) {
      if (error instanceof RangeError) throw new NumericError("size", dim.key, error.message);
      throw error;
    }
  };
  const shape = (node: Expr): { rows: number; cols: number } => {
    const rows = size(node.shape.rows);
    const cols = size(node.shape.cols);
    if (rows < 1 || cols < 1) throw new NumericError("size", node.shape.rows.key, `a shape of ${rows}×${cols} has no entries`);
    return { rows, cols };
  };

  function execute(code: readonly Instruction[]): void {
    for (const step of code) {
      const args = step.sources.map((s) => frame[s] as Matrix);
      const made = step.compute(args);
      frame[step.target] = made;
      if (!watched) continue;
      if (step.margin !== undefined) least = Math.min(least, step.margin(args));
      for (const x of made.data) {
        const size = Math.abs(x);
        // A pole inside leaves nothing to differentiate, whatever is made of it.
        if (size === Number.POSITIVE_INFINITY) least = 0;
        else if (size > most) most = size;
      }
      if (least < bound) return;
    }
  }

  // The innermost scope that binds an index of the node.
  function owner(node: Expr, scope: Scope): Scope {
    const names = free.get(node) as ReadonlySet<string>;
    let s = scope;
    while (s.parent !== undefined && !names.has(s.index as string)) s = s.parent;
    return s;
  }

  function place(start: Expr, scope: Scope): number {
    const stack: [Expr, Scope][] = [[start, owner(start, scope)]];
    while (stack.length > 0) {
      const [node, home] = stack[stack.length - 1] as [Expr, Scope];
      if (home.slots.has(node)) {
        stack.pop();
        continue;
      }
      const waiting = stack.length;
      if (node.kind !== "indexSum") {
        for (let i = node.args.length - 1; i >= 0; i--) {
          const arg = node.args[i] as Expr;
          const there = owner(arg, home);
          if (!there.slots.has(arg)) stack.push([arg, there]);
        }
      }
      if (stack.length > waiting) continue;
      stack.pop();
      const target = frame.length;
      frame.push(scalar(Number.NaN));
      const instruction = translate(node, home, target);
      if (instruction !== undefined) {
        home.code.push(instruction);
        work += costOf(node) * home.times;
      }
      home.slots.set(node, target);
    }
    return owner(start, scope).slots.get(start) as number;
  }

  function costOf(node: Expr): number {
    const entries = size(node.shape.rows) * size(node.shape.cols);
    const isCall = node.kind === "apply" && !isOperator(node.op) && !arithmetic.functions.has(node.op);
    return INSTRUCTION + (isCall ? CALL * entries : entries);
  }

  function translate(node: Expr, home: Scope, target: number): Instruction | undefined {
    const sources = node.kind === "indexSum" ? [] : node.args.map((arg) => owner(arg, home).slots.get(arg) as number);
    const step = (compute: Instruction["compute"], margin?: OperatorKernel["margin"]): Instruction => ({
      node,
      target,
      sources,
      compute,
      margin: varying.get(node) === true ? margin : undefined,
    });
    const fixed = (value: number): undefined => {
      frame[target] = scalar(value);
    };
    switch (node.kind) {
      case "num":
        return fixed(arithmetic.number(node.value));
      case "dim":
        return fixed(size(node.dim));
      case "constant":
        return fixed(constantValue(node.name, arithmetic));
      case "var": {
        const { rows, cols } = shape(node);
        const known = inputs.get(node.name);
        if (known !== undefined && (known.rows !== rows || known.cols !== cols)) {
          throw new NumericError("value", node.name, `${node.name} occurs as ${sizes(known)} and as ${rows}×${cols}`);
        }
        const value = known ?? matrix(rows, cols);
        inputs.set(node.name, value);
        frame[target] = value;
        return undefined;
      }
      case "entry":
        return step(reader(node, home));
      case "indexSum":
        return step(loop(node, home));
      case "unknown": {
        const { rows, cols } = shape(node);
        return step((args) =>
          arithmetic.unknown(node.name, program.seed, args, { elementwise: node.elementwise, derivatives: node.derivatives, rows, cols }),
        );
      }
      case "apply": {
        const params = node.params.map(size);
        if (params.some((p) => p < 1)) throw new NumericError("size", node.op, `${node.op} has a size or position below 1`);
        if (node.op === "unit" && (params[1] as number) > (params[0] as number)) {
          throw new NumericError("index", (node.params[1] as Dim).key, `position ${params[1]} of ${params[0]}`);
        }
        if (isOperator(node.op)) {
          const kernel = arithmetic.operators[node.op];
          return step((args) => kernel.value(args, params), kernel.margin);
        }
        const kernel = arithmetic.functions.get(node.op);
        if (kernel !== undefined) return step(kernel.value, kernel.margin);
        const definition = context.definitions?.(node.op);
        if (definition === undefined && arithmetic.opaque !== undefined) {
          const { rows, cols } = shape(node);
          const opaque = arithmetic.opaque(node.op, rows, cols);
          return step((args) => opaque(args, program.seed));
        }
        if (definition === undefined)
          throw new NumericError("function", node.op, `the function ${node.op} has neither a numeric kernel nor a definition`);
        return step(
          (args) => callDefinition(node.op, definition, args),
          () => Number.POSITIVE_INFINITY,
        );
      }
    }
  }

  function reader(node: Entry, home: Scope): Instruction["compute"] {
    const [rowOf, colOf] = node.at.map((index) => position(index, home)) as [Position, Position];
    return ([of]) => {
      const a = of as Matrix;
      const i = rowOf(a.rows);
      const j = colOf(a.cols);
      if (i !== undefined && j !== undefined) return scalar(at(a, i, j));
      if (j !== undefined) return matrix(a.rows, 1, a.data.slice(a.rows * j, a.rows * (j + 1)));
      return i === undefined ? a : generate(1, a.cols, (_, col) => at(a, i, col));
    };
  }

  // The place along an axis of the given length, counted from 0; undefined for the whole axis.
  type Position = (length: number) => number | undefined;
  function position(index: Index, home: Scope): Position {
    if (index.kind === "all") return () => undefined;
    const checked = (value: number, length: number): number => {
      if (value < 1 || value > length)
        throw new NumericError("index", index.kind === "bound" ? index.name : index.at.key, `position ${value} of ${length}`);
      return value - 1;
    };
    if (index.kind === "position") {
      const value = size(index.at);
      return (length) => checked(value, length);
    }
    let scope: Scope | undefined = home;
    while (scope !== undefined && scope.index !== index.name) scope = scope.parent;
    if (scope === undefined) throw new NumericError("index", index.name, `the index ${index.name} is used outside its sum`);
    const binder = scope;
    return (length) => checked(binder.position, length);
  }

  function inside(index: string, dim: Dim, parent: Scope): { scope: Scope; range: number } {
    const range = size(dim);
    if (range < 1) throw new NumericError("size", dim.key, `a sum over ${range} values`);
    return { scope: { index, parent, times: parent.times * range, slots: new Map(), code: [], position: 0 }, range };
  }

  function loop(node: IndexSum, home: Scope): Instruction["compute"] {
    const { scope, range } = inside(node.index, node.range, home);
    const result = place(node.args[0] as Expr, scope);
    return () => {
      let total: Matrix | undefined;
      for (scope.position = 1; scope.position <= range; scope.position++) {
        execute(scope.code);
        if (watched && least < bound) return NOTHING;
        const term = frame[result] as Matrix;
        total = total === undefined ? term : arithmetic.plus(total, term);
      }
      return total as Matrix;
    };
  }

  function callDefinition(name: string, definition: Definition, args: readonly Matrix[]): Matrix {
    const widest = args.find((a) => !isScalar(a));
    const entrywise = widest !== undefined && definition.parameters.every((p) => isScalarShape(p.shape));
    if (!entrywise) return invoke(name, definition, args);
    const data = new Float64Array(widest.data.length);
    for (let k = 0; k < data.length; k++) {
      const entries = args.map((a) => (isScalar(a) ? a : scalar(a.data[k] as number)));
      data[k] = invoke(name, definition, entries).data[0] as number;
    }
    return matrix(widest.rows, widest.cols, data);
  }

  function invoke(name: string, definition: Definition, args: readonly Matrix[]): Matrix {
    if (depth > MOST_NESTED_DEFINITIONS) throw new NumericError("limit", name, `the definition of ${name} leads back to itself`);
    const key = `${name}(${args.map(sizes).join(",")})`;
    let callee = definitions.get(key);
    if (callee === undefined) {
      const bound = new Map<string, number>();
      definition.parameters.forEach((param, i) => {
        const arg = args[i] as Matrix;
        bindSize(param.shape.rows, arg.rows, bound);
        bindSize(param.shape.cols, arg.cols, bound);
      });
      callee = compile(definition.body, bound, context, [], depth + 1);
      definitions.set(key, callee);
    }
    for (const [i, param] of definition.parameters.entries()) callee.inputs.get(param.name)?.data.set((args[i] as Matrix).data);
    callee.seed = program.seed;
    if (!watched) return detached(callee.run(), callee);
    const { value, margin, extent } = callee.margin(bound);
    least = Math.min(least, margin);
    most = Math.max(most, extent);
    return detached(value, callee);
  }

  // The first open index is that of the innermost scope.
  const around: { readonly scope: Scope; readonly range: number }[] = [];
  let innermost = outermost;
  for (const { name, range } of [...open].reverse()) {
    const next = inside(name, range, innermost);
    around.push(next);
    innermost = next.scope;
  }
  const result = place(root, innermost);
  const affected = new Map<string, Instruction[]>();
  const program: Program = {
    inputs,
    seed: 1,
    run: () => {
      execute(outermost.code);
      return frame[result] as Matrix;
    },
    rerun: (name) => {
      let code = affected.get(name);
      if (code === undefined) {
        const depends = dependents(root, name);
        code = outermost.code.filter((step) => depends.get(step.node));
        affected.set(name, code);
      }
      execute(code);
      return frame[result] as Matrix;
    },
    work,
    table: () => {
      const out = new Float64Array(innermost.times);
      let filled = 0;
      const fill = (level: number): void => {
        const next = around[level];
        if (next === undefined) {
          out[filled++] = (frame[result] as Matrix).data[0] as number;
          return;
        }
        const { scope, range } = next;
        for (scope.position = 1; scope.position <= range; scope.position++) {
          execute(scope.code);
          fill(level + 1);
        }
      };
      execute(outermost.code);
      fill(0);
      return out;
    },
    margin: (atLeast = 0) => {
      watched = true;
      bound = atLeast;
      least = Number.POSITIVE_INFINITY;
      most = 0;
      try {
        execute(outermost.code);
      } finally {
        watched = false;
      }
      return { value: least < bound ? NOTHING : (frame[result] as Matrix), margin: least, extent: most };
    },
  };
  return program;
}

// A result that shares its entries with an input would change with the next call.
const detached = (value: Matrix, of: Program): Matrix =>
  [...of.inputs.values()].some((input) => input.data === value.data) ? matrix(value.rows, value.cols, value.data.slice()) : value;

function bindSize(dim: Dim, value: number, bound: Map<string, number>): void {
  const name = dimName(dim);
  if (name !== undefined && !bound.has(name)) bound.set(name, value);
}

function constantValue(name: string, arithmetic: Arithmetic): number {
  const value = arithmetic.constant(name);
  if (value === undefined) throw new NumericError("value", name, `the constant ${name} has no numeric value`);
  return value;
}
