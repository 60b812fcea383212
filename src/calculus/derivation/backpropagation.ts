// A derivation read as a computation: values forward, one operator after the other, then
// gradients backward. At every node the gradient that arrives (upstream), the node's own
// derivative (local) and what it passes on (downstream), each in the shape of the value it
// belongs to; where a value is used several times, the contributions add.
//
// Invariant: a gradient is that of the result, in the shape of what it is by. Not here: how the
// passes are written (backward.ts).

import { fail } from "../../base/diagnostic.ts";
import * as build from "../../expr/build.ts";
import { type Expr, type Variable, variables } from "../../expr/expr.ts";
import { isMatrixShape, isScalarShape, shapeText } from "../../expr/shape.ts";
import type { Library } from "../../rewrite/library.ts";
import { pullBack } from "./adjoint.ts";
import { LONG_TAPE } from "./chain.ts";
import { rulesFor } from "./cite.ts";
import { recognise } from "./given.ts";
import type { GivenDefinition, TapeNode } from "./introduce.ts";
import { derivativeOf, type Setting } from "./local.ts";
import type { Intermediate, NamedDerivative, RuleReference } from "./model.ts";
import { namesInOrder } from "./order.ts";
import { intermediate, tapeOf } from "./tape.ts";
import { expandNames, simplify } from "./terms.ts";

/** What backpropagation is asked with. */
export interface BackpropagationOptions {
  readonly library: Library;
  /** What to differentiate by; every variable of the expression unless stated. */
  readonly by?: readonly Variable[];
  readonly definitions?: readonly GivenDefinition[];
  readonly names?: readonly string[];
}

/** What one node does to one operand in the backward pass. */
export interface Downstream {
  readonly operand: Variable;
  /** The local Jacobian, m×n; absent where it has more than two axes. */
  readonly local?: Expr;
  /** Upstream through the local derivative, the upstream gradient by name. */
  readonly symbolic: Expr;
  /** The same in values. */
  readonly is: Expr;
  readonly rules: readonly RuleReference[];
}

/** A node in the backward pass, the last one first. */
export interface BackwardNode {
  readonly node: Variable;
  /** Gradient of the result by the node. */
  readonly upstream: Expr;
  readonly downstream: readonly Downstream[];
  readonly symbol: NamedDerivative;
}

/** The gradient of a variable, or of a value used more than once: the sum of what its uses give. */
export interface VariableGradient {
  readonly variable: Variable;
  /** One term for each use, by name of the node that gives it. */
  readonly contributions: readonly { readonly from: Variable; readonly is: Expr }[];
  /** In the names of the nodes. */
  readonly inNames: Expr;
  /** In the variables of the expression; of the variable's own shape. */
  readonly is: Expr;
}

/** A forward and a backward pass of a number. */
export interface Backpropagation {
  readonly expr: Expr;
  readonly result: Variable;
  readonly forward: readonly Intermediate[];
  readonly backward: readonly BackwardNode[];
  /** Gradients of the variables, then of intermediate values used more than once. */
  readonly gradients: readonly VariableGradient[];
  readonly shared: readonly VariableGradient[];
}

/** Forward and backward pass of a number. Throws a diagnostic for anything else. */
export function backpropagation(expr: Expr, options: BackpropagationOptions): Backpropagation {
  const { library } = options;
  if (!isScalarShape(expr.shape))
    fail("unsupported", `backpropagation starts from a number; this is ${shapeText(expr.shape)}`, { start: 0, end: 0 });
  const found = recognise(expr, options.definitions ?? [], library);
  const all = variables(found.plain);
  const by = options.by ?? all;
  const first = by[0];
  if (first === undefined) fail("unsupported", "there is no variable to differentiate by", { start: 0, end: 0 });
  const written = options.names ?? all.map((v) => v.name);
  const { tape } = tapeOf(found, by, { library, names: written });
  const names = namesInOrder(tape, written);
  const s: Setting = { library, names, variable: first, layout: "denominator" };
  const long = tape.nodes.length > LONG_TAPE;
  const bodies = new Map<Expr, Expr>(tape.nodes.map((n) => [n.variable, n.body]));
  const indexed = new Map<Expr, boolean>(tape.nodes.map((n) => [n.variable, n.index !== undefined]));
  const arriving = new Map<Expr, { from: Variable; symbolic: Expr; is: Expr }[]>();
  const backward: BackwardNode[] = [];
  const shared: VariableGradient[] = [];
  for (const node of [...tape.nodes].reverse()) {
    if (node.operands.length === 0) continue;
    const uses = arriving.get(node.variable) ?? [];
    if (node !== tape.root && uses.length === 0) continue;
    const upstream =
      node === tape.root
        ? build.num(1)
        : add(
            uses.map((u) => u.is),
            s,
            long,
          );
    if (uses.length > 1)
      shared.push({ variable: node.variable, contributions: uses, inNames: upstream, is: plain(upstream, bodies, s, long) });
    const name = build.variable(`∂${tape.root.variable.name}/∂${node.variable.name}`, node.variable.shape);
    const symbol: NamedDerivative = { variable: name, of: tape.root.variable, wrt: node.variable, is: upstream };
    const downstream = node.operands.map((operand) =>
      downstreamOf(node, operand, { symbol, outside: indexed.get(operand) !== true, root: node === tape.root, long }, s),
    );
    for (const d of downstream)
      arriving.set(d.operand, [
        ...(arriving.get(d.operand) ?? []),
        { from: node.variable, symbolic: d.symbolic, is: long ? d.symbolic : d.is },
      ]);
    backward.push({ node: node.variable, upstream, downstream, symbol });
  }
  const gradients = by.flatMap((variable): VariableGradient[] => {
    const contributions = arriving.get(variable) ?? [];
    if (contributions.length === 0) return [];
    const inNames = add(
      contributions.map((c) => c.is),
      s,
      long,
    );
    return [{ variable, contributions, inNames, is: plain(inNames, bodies, s, long) }];
  });
  return {
    expr: found.plain,
    result: tape.root.variable,
    forward: tape.nodes.map(intermediate),
    backward,
    gradients,
    shared,
  };
}

interface Arrival {
  readonly symbol: NamedDerivative;
  readonly outside: boolean;
  readonly root: boolean;
  readonly long: boolean;
}

function downstreamOf(node: TapeNode, operand: Variable, { symbol, outside, root, long }: Arrival, s: Setting): Downstream {
  const few = !isMatrixShape(node.variable.shape) && !isMatrixShape(operand.shape);
  const local = few && node.body.kind !== "indexSum" ? derivativeOf(node.body, operand, s, "vec") : undefined;
  const through = (g: Expr): Expr =>
    root && node.body.kind !== "indexSum"
      ? derivativeOf(node.body, operand, s, "denominator")
      : pullBack(node, operand, g, s, "denominator", outside);
  const symbolic = through(symbol.variable);
  const values = through(symbol.is);
  return {
    operand,
    ...(local === undefined ? {} : { local }),
    symbolic,
    is: long ? symbolic : simplify(values, s, { sums: true }),
    rules: rulesFor(node.body, operand, node.operands, s.library),
  };
}

function add(list: readonly Expr[], s: Setting, long: boolean): Expr {
  const [only] = list;
  if (list.length === 1 && only !== undefined) return only;
  const sum = build.apply("add", list);
  return long ? sum : simplify(sum, s, { sums: true });
}

const plain = (e: Expr, bodies: ReadonlyMap<Expr, Expr>, s: Setting, long: boolean): Expr =>
  long ? e : simplify(expandNames(e, bodies, s.library), s, { guards: true });
