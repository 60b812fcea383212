// Step one of a derivation: intermediate variables for nested subexpressions, innermost
// first, so that every equation holds one operator (or is one that the user defined).
//
// No name is given to what is not worth a line: terms without the variable, the variable
// itself, its entries and transposes; a minus inside a sum and a constant factor of a
// product belong to the operator around them. Equal terms share a name.

import { fail } from "../../base/diagnostic.ts";
import { NOWHERE } from "../../base/span.ts";
import * as build from "../../expr/build.ts";
import { dimNames } from "../../expr/dim.ts";
import { type Apply, type Expr, fold, type IndexSum, nodes, type Variable, variables } from "../../expr/expr.ts";
import { boundAt, openIndices } from "../../expr/indices.ts";
import { isComparison } from "../../expr/operators.ts";
import { isMatrixShape, isScalarShape } from "../../expr/shape.ts";
import type { Library } from "../../rewrite/library.ts";
import { layersOf } from "./layers.ts";
import type { OpenIndex } from "./model.ts";
import { among } from "./terms.ts";

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
  const whole = isLast ? last.body : body;
  const before = inReadingOrder(isLast ? tape.slice(0, -1) : tape, whole);
  const around = [expr, ...by, ...(result === undefined ? [] : [result]), ...given.flatMap((d) => [d.variable, d.expr])];
  return nameTape({ before, whole, dependent }, around, library, result);
}

/** One equation with the whole expression in it. */
export const singleEquation = (expr: Expr, by: readonly Variable[], library: Library): Tape =>
  nameTape({ before: [], whole: expr, dependent: new Set<Expr>(by) }, [expr, ...by], library);

/** A tape whose names are placeholders, and the last of whose equations has none. */
interface Unnamed {
  readonly before: readonly TapeNode[];
  readonly whole: Expr;
  /** What depends on the variables differentiated by. */
  readonly dependent: ReadonlySet<Expr>;
}

type Push = (variable: Variable, body: Expr, more: { given: boolean; index?: OpenIndex }) => void;

/** The expression in names that are pushed as they become necessary. */
function unfold(root: Expr, dependent: Set<Expr>, push: Push, library: Library): Expr {
  const nameFor = namesFor(push);
  const open = openIndices(root);
  const indicesOf = (node: Expr): OpenIndex[] => [...(open.get(node)?.values() ?? [])].map(({ name, range }) => ({ name, range }));

  const visit = (node: Expr, args: readonly Form[]): Form => {
    if (dependent.has(node)) return { kind: "leaf", expr: node };
    if (args.every((a) => a.kind === "constant")) return { kind: "constant", expr: node };
    const indices = indicesOf(node);
    if (indices.length > 1) fail("unsupported", "sums over several indices at once have no derivation yet", NOWHERE);
    const take = (form: Form, i: number, accepted: readonly Role[]): Expr =>
      form.kind !== "open" || accepted.includes(form.role) ? form.expr : nameFor(form.expr, indicesOf(node.args[i] as Expr));
    const name: Name = (body) => nameFor(body, indices);
    const rebuilt = (accepted: readonly Role[] = []): Expr =>
      build.withArgs(
        node,
        args.map((a, i) => (a.kind === "constant" ? a.expr : explicit(node, take(a, i, accepted), name, library))),
        library.functions.find,
      );
    switch (node.kind) {
      case "entry":
        if (boundAt(node).length > 0) fail("unsupported", "an entry that depends on the variable stands inside a sum", NOWHERE);
        return { kind: "leaf", expr: rebuilt() };
      case "indexSum":
        return { kind: "leaf", expr: name(sumOf(node, args[0] as Form, nameFor)) };
      case "apply":
        return visitApply(node, args, rebuilt, name);
      default:
        return { kind: "leaf", expr: name(rebuilt()) };
    }
  };
  const form = fold<Form>(root, visit);
  return form.expr;
}

/** The name of a term with open indices. */
type NameFor = (body: Expr, indices: readonly OpenIndex[]) => Variable;

/** Names that are pushed when they are first asked for. */
function namesFor(push: Push): NameFor {
  const named = new Map<Expr, Variable>();
  return (body, [index]) => {
    const known = named.get(body);
    if (known !== undefined) return known;
    const variable = build.variable(`#${named.size + 1}`, body.shape);
    named.set(body, variable);
    push(variable, body, index === undefined ? { given: false } : { given: false, index });
    return variable;
  };
}
/** The name of a term in which the indices of one node are open. */
type Name = (body: Expr) => Variable;

/** The body of a sum over an index is one name. */
function sumOf(node: IndexSum, body: Form, nameFor: NameFor): Expr {
  const inner =
    body.kind === "leaf" && body.expr.kind === "var" ? body.expr : nameFor(body.expr, [{ name: node.index, range: node.range }]);
  return build.indexSum(node.index, node.range, inner);
}

function visitApply(node: Apply, args: readonly Form[], rebuilt: (accepted?: readonly Role[]) => Expr, name: Name): Form {
  const moving = args.filter((a) => a.kind !== "constant").length;
  const scaling = moving === 1 && node.args.every((a, i) => args[i]?.kind !== "constant" || isScalarShape(a.shape));
  switch (node.op) {
    case "transpose": {
      const arg = args[0] as Form;
      if (arg.kind === "leaf" && arg.expr.kind === "var") return { kind: "leaf", expr: rebuilt() };
      return { kind: "leaf", expr: build.transpose(name(arg.expr)) };
    }
    case "neg":
      return { kind: "open", role: "minus", expr: rebuilt(["minus"]) };
    case "add":
      return { kind: "leaf", expr: name(rebuilt(["minus"])) };
    case "mul":
      if (scaling) return { kind: "open", role: "scaled", expr: rebuilt(["scaled", "minus"]) };
      return {
        kind: "leaf",
        expr: name(rebuilt(isScalarShape(node.shape) && node.args.every((a) => isScalarShape(a.shape)) ? ["scaled"] : [])),
      };
    case "div":
      if (scaling && args[0]?.kind !== "constant") return { kind: "open", role: "scaled", expr: rebuilt(["scaled", "minus"]) };
      return { kind: "leaf", expr: name(rebuilt()) };
    case "cases":
      return { kind: "leaf", expr: name(rebuilt(["condition"])) };
    default:
      if (isComparison(node.op)) return { kind: "open", role: "condition", expr: rebuilt(["scaled", "minus"]) };
      return { kind: "leaf", expr: name(rebuilt()) };
  }
}

/** A number next to vectors in an element-wise function is expanded first, in a step of its own. */
function explicit(node: Expr, arg: Expr, name: Name, library: Library): Expr {
  if (node.kind !== "apply" || !isScalarShape(arg.shape) || isScalarShape(node.shape)) return arg;
  if (library.functions.find(node.op)?.elementwise !== true) return arg;
  return name(build.apply("expand", [arg], [node.shape.rows, node.shape.cols]));
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

/** Final names, none of which occurs around: u for a single intermediate, u1, u2, … for several, capital letters for matrices. */
function nameTape({ before, whole, dependent }: Unnamed, around: readonly Expr[], library: Library, result?: Variable): Tape {
  const taken = takenNames(around);
  const isTaken = (name: string): boolean => taken.has(name) || library.functions.find(name) !== undefined;
  const choices = isMatrixShape(whole.shape) ? MATRIX_RESULT_NAMES : RESULT_NAMES;
  const rootName = result?.name ?? choices.find((name) => !isTaken(name)) ?? fresh("y", isTaken);
  taken.add(rootName);
  const own = before.filter((n) => !n.given);
  const by = new Map<Expr, Expr>();
  let count = 0;
  const nameOf = (v: Variable): string => {
    const letter = isMatrixShape(v.shape) ? "U" : "u";
    if (own.length === 1) return [letter, letter === "u" ? "v" : "V"].find((n) => !isTaken(n)) ?? fresh(letter, isTaken);
    do count++;
    while (isTaken(`${letter}${count}`));
    return `${letter}${count}`;
  };
  const out = before.map((n): TapeNode => {
    if (n.given) return n;
    const variable = build.variable(nameOf(n.variable), n.variable.shape);
    by.set(n.variable, variable);
    return {
      ...n,
      variable,
      body: build.substitute(n.body, by, library.functions),
      operands: n.operands.map((o) => (by.get(o) ?? o) as Variable),
    };
  });
  const body = build.substitute(whole, by, library.functions);
  const moving = new Set([...dependent].map((d) => by.get(d) ?? d));
  const root = { variable: build.variable(rootName, body.shape), body, operands: among(variables(body), moving), given: false };
  return { nodes: [...out, root], root };
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
