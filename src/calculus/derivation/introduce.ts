// Step one of a derivation: intermediate variables for nested subexpressions, innermost
// first, so that every equation holds one operator (or is one that the user defined).
//
// No name is given to what is not worth a line: terms without the variable, the variable
// itself, its entries and transposes; a minus inside a sum and a constant factor of a
// product belong to the operator around them. Equal terms share a name.

import { fail } from "../../base/diagnostic.ts";
import * as build from "../../expr/build.ts";
import { dimNames } from "../../expr/dim.ts";
import { type Apply, type Expr, fold, type IndexSum, nodes, type Variable, variables } from "../../expr/expr.ts";
import { COMPARISONS } from "../../expr/operators.ts";
import { isMatrixShape, isScalarShape } from "../../expr/shape.ts";
import type { Library } from "../../rewrite/library.ts";
import { layersOf } from "./layers.ts";
import type { OpenIndex } from "./model.ts";
import { among, openIndices, replace } from "./terms.ts";

/** One equation of the tape. */
export interface TapeNode {
  readonly variable: Variable;
  readonly body: Expr;
  /** Names and variables in the body that depend on what is differentiated by, in order of occurrence. */
  readonly operands: readonly Variable[];
  readonly given: boolean;
  readonly index?: OpenIndex;
}

/** Equations in order: every name is defined before it is used, the last one is the whole. */
export interface Tape {
  readonly nodes: readonly TapeNode[];
  readonly root: TapeNode;
}

/** A definition of the user's, in terms of the user's variables and earlier definitions. */
export interface GivenDefinition {
  readonly variable: Variable;
  readonly expr: Expr;
}

/** How a node stands in the operator above it. */
type Form =
  | { readonly kind: "constant"; readonly expr: Expr }
  /** A name or a variable, or an entry or a transpose of one. */
  | { readonly kind: "leaf"; readonly expr: Expr }
  /** Not named yet: the operator above may take it in. */
  | { readonly kind: "open"; readonly role: Role; readonly expr: Expr };

type Role = "minus" | "scaled" | "condition";

const COMPARISON_NAMES: ReadonlySet<string> = new Set(COMPARISONS);

/**
 * The equations of an expression. `given` come first, as they are; `by` are the variables
 * differentiated by; `result` names the whole. Throws a diagnostic where an entry with a summation index is taken
 * of something that depends on them.
 */
export function introduce(
  expr: Expr,
  by: readonly Variable[],
  given: readonly GivenDefinition[],
  library: Library,
  result?: Variable,
): Tape {
  const dependent = new Set<Expr>(by);
  const tape: TapeNode[] = [];
  const push = (variable: Variable, body: Expr, more: { given: boolean; index?: OpenIndex }): void => {
    const operands = among(variables(body), dependent);
    if (operands.length > 0) dependent.add(variable);
    tape.push({ variable, body, operands, ...more });
  };
  for (const d of given) push(d.variable, d.expr, { given: true });
  const layers = given.length === 0 ? layersOf(expr, dependent, library) : undefined;
  for (const layer of layers?.inner ?? []) push(layer.variable, layer.expr, { given: false });
  const body = layers?.outer ?? unfold(expr, dependent, push, library);
  const last = tape[tape.length - 1];
  const isLast = last !== undefined && last.variable === body;
  if (isLast && last.given) return { nodes: tape, root: last };
  const plain = isLast ? tape.slice(0, -1) : tape;
  const named = nameTape(
    inReadingOrder(plain, isLast ? last.body : body),
    isLast ? last.body : body,
    [expr, ...by, ...(result === undefined ? [] : [result]), ...given.flatMap((d) => [d.variable, d.expr])],
    library,
    dependent,
    result,
  );
  return { nodes: named, root: named[named.length - 1] as TapeNode };
}

/** One equation with the whole expression in it. */
export function singleEquation(expr: Expr, by: readonly Variable[], library: Library): Tape {
  const named = nameTape([], expr, [expr, ...by], library, new Set<Expr>(by));
  return { nodes: named, root: named[0] as TapeNode };
}

type Push = (variable: Variable, body: Expr, more: { given: boolean; index?: OpenIndex }) => void;

/** The expression in names that are pushed as they become necessary. */
function unfold(root: Expr, dependent: Set<Expr>, push: Push, library: Library): Expr {
  const named = new Map<Expr, Variable>();
  const open = new Map<Expr, readonly string[]>();
  openIndices(root, open);
  const ranges = new Map<string, OpenIndex>();
  for (const n of nodes(root)) if (n.kind === "indexSum") ranges.set(n.index, { name: n.index, range: n.range });

  const nameFor = (body: Expr, indices: readonly string[]): Variable => {
    const known = named.get(body);
    if (known !== undefined) return known;
    const variable = build.variable(`#${named.size + 1}`, body.shape);
    named.set(body, variable);
    const index = ranges.get(indices[0] ?? "");
    push(variable, body, index === undefined ? { given: false } : { given: false, index });
    return variable;
  };

  const visit = (node: Expr, args: readonly Form[]): Form => {
    if (dependent.has(node)) return { kind: "leaf", expr: node };
    if (args.every((a) => a.kind === "constant")) return { kind: "constant", expr: node };
    const indices = open.get(node) ?? [];
    if (indices.length > 1) fail("unsupported", "sums over several indices at once have no derivation yet", { start: 0, end: 0 });
    const take = (form: Form, i: number, accepted: readonly Role[]): Expr =>
      form.kind !== "open" || accepted.includes(form.role) ? form.expr : nameFor(form.expr, open.get(node.args[i] as Expr) ?? []);
    const rebuilt = (accepted: readonly Role[] = []): Expr =>
      build.withArgs(
        node,
        args.map((a, i) => explicit(node, take(a, i, accepted), a.kind !== "constant", nameFor, indices, library)),
        library.functions.find,
      );
    switch (node.kind) {
      case "entry":
        if (node.at.some((i) => i.kind === "bound"))
          fail("unsupported", "an entry that depends on the variable stands inside a sum", { start: 0, end: 0 });
        return { kind: "leaf", expr: rebuilt() };
      case "indexSum":
        return { kind: "leaf", expr: nameFor(sumOf(node, args[0] as Form, nameFor), indices) };
      case "apply":
        return visitApply(node, args, rebuilt, () => indices, nameFor);
      default:
        return { kind: "leaf", expr: nameFor(rebuilt(), indices) };
    }
  };
  const form = fold<Form>(root, visit);
  return form.expr;
}

type NameFor = (body: Expr, indices: readonly string[]) => Variable;

/** The body of a sum over an index is one name. */
function sumOf(node: IndexSum, body: Form, nameFor: NameFor): Expr {
  const inner = body.kind === "leaf" && body.expr.kind === "var" ? body.expr : nameFor(body.expr, [node.index]);
  return build.indexSum(node.index, node.range, inner);
}

function visitApply(
  node: Apply,
  args: readonly Form[],
  rebuilt: (accepted?: readonly Role[]) => Expr,
  indices: () => readonly string[],
  nameFor: NameFor,
): Form {
  const moving = args.filter((a) => a.kind !== "constant").length;
  const scaling = moving === 1 && node.args.every((a, i) => args[i]?.kind !== "constant" || isScalarShape(a.shape));
  switch (node.op) {
    case "transpose": {
      const arg = args[0] as Form;
      if (arg.kind === "leaf" && arg.expr.kind === "var") return { kind: "leaf", expr: rebuilt() };
      return { kind: "leaf", expr: build.transpose(nameFor(arg.expr, indices())) };
    }
    case "neg":
      return { kind: "open", role: "minus", expr: rebuilt(["minus"]) };
    case "add":
      return { kind: "leaf", expr: nameFor(rebuilt(["minus"]), indices()) };
    case "mul":
      if (scaling) return { kind: "open", role: "scaled", expr: rebuilt(["scaled", "minus"]) };
      return {
        kind: "leaf",
        expr: nameFor(rebuilt(isScalarShape(node.shape) && node.args.every((a) => isScalarShape(a.shape)) ? ["scaled"] : []), indices()),
      };
    case "div":
      if (scaling && args[0]?.kind !== "constant") return { kind: "open", role: "scaled", expr: rebuilt(["scaled", "minus"]) };
      return { kind: "leaf", expr: nameFor(rebuilt(), indices()) };
    case "cases":
      return { kind: "leaf", expr: nameFor(rebuilt(["condition"]), indices()) };
    default:
      if (COMPARISON_NAMES.has(node.op)) return { kind: "open", role: "condition", expr: rebuilt(["scaled", "minus"]) };
      return { kind: "leaf", expr: nameFor(rebuilt(), indices()) };
  }
}

/** A number next to vectors in an element-wise function is expanded first, in a step of its own. */
function explicit(node: Expr, arg: Expr, moving: boolean, nameFor: NameFor, indices: readonly string[], library: Library): Expr {
  if (!moving || node.kind !== "apply" || !isScalarShape(arg.shape) || isScalarShape(node.shape)) return arg;
  if (library.functions.find(node.op)?.elementwise !== true) return arg;
  return nameFor(build.apply("expand", [arg], [node.shape.rows, node.shape.cols]), indices);
}

/** The equations in the order in which a reader of the whole meets what they stand for, innermost first. */
function inReadingOrder(tape: readonly TapeNode[], root: Expr): TapeNode[] {
  const byName = new Map<Expr, TapeNode>(tape.filter((n) => !n.given).map((n) => [n.variable, n]));
  const out = new Set<TapeNode>(tape.filter((n) => n.given));
  const open: { readonly node: TapeNode | undefined; readonly body: Expr; met: boolean }[] = [{ node: undefined, body: root, met: false }];
  while (open.length > 0) {
    const top = open[open.length - 1] as (typeof open)[number];
    if (top.met) {
      open.pop();
      if (top.node !== undefined) out.add(top.node);
      continue;
    }
    top.met = true;
    const below = variables(top.body).flatMap((v) => {
      const node = byName.get(v);
      return node === undefined || out.has(node) ? [] : [{ node, body: node.body, met: false }];
    });
    open.push(...below.reverse());
  }
  return [...out];
}

const RESULT_NAMES = ["y", "f", "z", "g", "h", "r"];
const MATRIX_RESULT_NAMES = ["Y", "F", "Z", "G", "H", "R"];

/** Final names: u for a single intermediate, u1, u2, … for several, capital letters for matrices. */
function nameTape(
  plain: readonly TapeNode[],
  rootBody: Expr,
  around: readonly Expr[],
  library: Library,
  dependent: ReadonlySet<Expr>,
  result?: Variable,
): TapeNode[] {
  const taken = takenNames(around);
  const isTaken = (name: string): boolean => taken.has(name) || library.functions.find(name) !== undefined;
  const choices = isMatrixShape(rootBody.shape) ? MATRIX_RESULT_NAMES : RESULT_NAMES;
  const rootName = result?.name ?? choices.find((name) => !isTaken(name)) ?? fresh("y", isTaken);
  taken.add(rootName);
  const own = plain.filter((n) => !n.given);
  const by = new Map<Expr, Expr>();
  let count = 0;
  const nameOf = (v: Variable): string => {
    const letter = isMatrixShape(v.shape) ? "U" : "u";
    if (own.length === 1) return [letter, letter === "u" ? "v" : "V"].find((n) => !isTaken(n)) ?? fresh(letter, isTaken);
    do count++;
    while (isTaken(`${letter}${count}`));
    return `${letter}${count}`;
  };
  const out = plain.map((n): TapeNode => {
    if (n.given) return n;
    const variable = build.variable(nameOf(n.variable), n.variable.shape);
    by.set(n.variable, variable);
    return { ...n, variable, body: replace(n.body, by, library), operands: n.operands.map((o) => (by.get(o) ?? o) as Variable) };
  });
  const body = replace(rootBody, by, library);
  const moving = new Set([...dependent].map((d) => by.get(d) ?? d));
  return [...out, { variable: build.variable(rootName, body.shape), body, operands: among(variables(body), moving), given: false }];
}

function fresh(stem: string, isTaken: (name: string) => boolean): string {
  let i = 1;
  while (isTaken(`${stem}${i}`)) i++;
  return `${stem}${i}`;
}

/** Names of variables, sizes, indices and functions without a body in some terms. */
export function takenNames(terms: readonly Expr[]): Set<string> {
  const out = new Set<string>(["i", "j"]);
  for (const term of terms) {
    for (const n of nodes(term)) {
      if (n.kind === "var" || n.kind === "unknown" || n.kind === "constant") out.add(n.name);
      if (n.kind === "indexSum") out.add(n.index);
      for (const d of [n.shape.rows, n.shape.cols]) for (const name of dimNames(d)) out.add(name);
    }
  }
  return out;
}
