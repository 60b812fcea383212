// A derivation read as a computation: values forward, one operator after the other, then
// gradients backward. At every node the gradient that arrives (upstream), the node's own
// derivative (local) and what it passes on (downstream), each in the shape of the value it
// belongs to; where a value is used several times, the contributions add.
//
// Invariant: a gradient is that of the result, in the shape of what it is by. Not here: how the
// passes are written (backward.ts).

import { fail } from "../../base/diagnostic.ts";
import { NOWHERE } from "../../base/span.ts";
import * as build from "../../expr/build.ts";
import { type Expr, type Variable, variables } from "../../expr/expr.ts";
import { isMatrixShape, isScalarShape, shapeText } from "../../expr/shape.ts";
import type { Library } from "../../rewrite/library.ts";
import { pullBack } from "./adjoint.ts";
import { LONG_TAPE } from "./chain.ts";
import { rulesFor } from "./cite.ts";
import { recognise } from "./given.ts";
import type { GivenDefinition, Tape, TapeNode } from "./introduce.ts";
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
  const { plain, by, pass } = prepare(expr, options);
  const { nodes, root } = pass.tape;
  const arrived = new Map<Expr, readonly Contribution[]>();
  const backward: BackwardNode[] = [];
  const shared: VariableGradient[] = [];
  for (const node of [...nodes].reverse()) {
    const contributions = arrived.get(node.variable) ?? [];
    const isReached = node === root || contributions.length > 0;
    if (node.operands.length === 0 || !isReached) continue;
    const upstream = node === root ? build.num(1) : total(contributions, pass);
    if (contributions.length > 1) shared.push(gradientOf(node.variable, contributions, upstream, pass));
    const symbol = upstreamSymbol(node, upstream, root);
    const downstream = node.operands.map((operand) => downstreamOf(node, operand, symbol, pass));
    for (const { operand, is } of downstream) arrived.set(operand, [...(arrived.get(operand) ?? []), { from: node.variable, is }]);
    backward.push({ node: node.variable, upstream, downstream, symbol });
  }
  const gradients = by.flatMap((variable) => {
    const contributions = arrived.get(variable);
    return contributions === undefined ? [] : [gradientOf(variable, contributions, total(contributions, pass), pass)];
  });
  return { expr: plain, result: root.variable, forward: nodes.map(intermediate), backward, gradients, shared };
}

/** What one use of a value adds to its gradient. */
type Contribution = VariableGradient["contributions"][number];

/** What all steps of a backward pass share. */
interface Pass {
  readonly setting: Setting;
  readonly tape: Tape;
  /** What each node of the tape stands for. */
  readonly bodies: ReadonlyMap<Expr, Expr>;
  /** The nodes inside a sum over an index. */
  readonly indexed: ReadonlySet<Expr>;
  /** Gradients over a long tape stay in the names of its nodes and are not simplified. */
  readonly isLong: boolean;
}

/** The tape of an expression, and the variables to differentiate by. */
function prepare(expr: Expr, options: BackpropagationOptions): { plain: Expr; by: readonly Variable[]; pass: Pass } {
  const { library } = options;
  if (!isScalarShape(expr.shape)) fail("unsupported", `backpropagation starts from a number; this is ${shapeText(expr.shape)}`, NOWHERE);
  const found = recognise(expr, options.definitions ?? [], library);
  const { plain } = found;
  const all = variables(plain);
  const by = options.by ?? all;
  const first = by[0];
  if (first === undefined) fail("unsupported", "there is no variable to differentiate by", NOWHERE);
  const written = options.names ?? all.map((v) => v.name);
  const { tape } = tapeOf(found, by, { library, names: written });
  const pass: Pass = {
    setting: { library, names: namesInOrder(tape, written), variable: first, layout: "denominator" },
    tape,
    bodies: new Map(tape.nodes.map((n) => [n.variable, n.body])),
    indexed: new Set(tape.nodes.filter((n) => n.index !== undefined).map((n) => n.variable)),
    isLong: tape.nodes.length > LONG_TAPE,
  };
  return { plain, by, pass };
}

/** ∂y/∂u as a name for the gradient that arrives at u. */
const upstreamSymbol = ({ variable: node }: TapeNode, is: Expr, { variable: result }: TapeNode): NamedDerivative => ({
  variable: build.variable(`∂${result.name}/∂${node.name}`, node.shape),
  of: result,
  wrt: node,
  is,
});

function downstreamOf(node: TapeNode, operand: Variable, symbol: NamedDerivative, pass: Pass): Downstream {
  const { setting, tape, indexed, isLong } = pass;
  const isSum = node.body.kind === "indexSum";
  const hasJacobian = !isSum && !isMatrixShape(node.variable.shape) && !isMatrixShape(operand.shape);
  const through = (upstream: Expr): Expr =>
    node === tape.root && !isSum
      ? derivativeOf(node.body, operand, setting, "denominator")
      : pullBack(node, operand, upstream, setting, "denominator", !indexed.has(operand));
  const symbolic = through(symbol.variable);
  return {
    operand,
    ...(hasJacobian ? { local: derivativeOf(node.body, operand, setting, "vec") } : {}),
    symbolic,
    is: isLong ? symbolic : simplify(through(symbol.is), setting, { sums: true }),
    rules: rulesFor(node.body, operand, node.operands, setting.library),
  };
}

/** A gradient from its contributions and their total. */
const gradientOf = (variable: Variable, contributions: readonly Contribution[], inNames: Expr, pass: Pass): VariableGradient => ({
  variable,
  contributions,
  inNames,
  is: inVariables(inNames, pass),
});

function total(contributions: readonly Contribution[], { setting, isLong }: Pass): Expr {
  const parts = contributions.map((c) => c.is);
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const sum = build.apply("add", parts);
  return isLong ? sum : simplify(sum, setting, { sums: true });
}

/** A gradient with the names of the nodes put back. */
const inVariables = (gradient: Expr, { bodies, setting, isLong }: Pass): Expr =>
  isLong ? gradient : simplify(expandNames(gradient, bodies, setting.library), setting, { guards: true });
