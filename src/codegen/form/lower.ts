// From terms to forms: rows and columns are read here and forgotten. What operators and
// functions are made of stands in tables (operators.ts, functions.ts); other functions are
// taken from their definition.
//
// Invariant: depth of nesting costs no stack, except one call a nested definition.

import { fail } from "../../base/diagnostic.ts";
import { NOWHERE } from "../../base/span.ts";
import type { Dim } from "../../expr/dim.ts";
import { dimName, isOneDim, substituteDim } from "../../expr/dim.ts";
import { type Apply, type Entry, type Expr, fold, type Index, type IndexSum, type Variable } from "../../expr/expr.ts";
import { isOperator } from "../../expr/operators.ts";
import { isScalarShape, type Shape } from "../../expr/shape.ts";
import { placedBlocks } from "./blocks.ts";
import { number, times } from "./elementwise.ts";
import { axesOf, type Form, type Forms } from "./form.ts";
import { FUNCTIONS, FUNCTIONS_OF_ROWS } from "./functions.ts";
import { operatorForm } from "./operators.ts";

/** The body of a function that is given through others. */
export type Definitions = (name: string) => { readonly parameters: readonly Variable[]; readonly body: Expr } | undefined;

const DEEPEST = 40;

/** Makes forms of terms; terms of one lowering share what they have in common. Throws a diagnostic where a function has no code. */
export function createLowering(forms: Forms, definitions: Definitions): (term: Expr) => Form {
  const memo = new Map<Expr, Form>();
  const lower = (term: Expr, bound: Bound | undefined, known: Map<Expr, Form>, depth: number): Form =>
    fold<Form>(term, (node, args) => lowerNode(forms, node, args, { bound, depth, invoke, formOf: (e) => known.get(e) }), known);
  const invoke = (name: string, args: readonly Given[], depth: number): Form => {
    const found = depth < DEEPEST ? definitions(name) : undefined;
    if (found === undefined) return fail("unsupported", `code cannot be written for the function ${name}`, NOWHERE);
    return lower(found.body, bind(found.parameters, args), new Map(), depth + 1);
  };
  return (term) => lower(term, undefined, memo, 0);
}

/** What the parameters of a definition and their sizes stand for. */
interface Bound {
  readonly values: ReadonlyMap<string, Form>;
  readonly sizes: ReadonlyMap<string, Dim>;
}

/** An argument of a definition. The form of a row does not tell that it is one; its shape does. */
interface Given {
  readonly form: Form;
  readonly shape: Shape;
}

function bind(parameters: readonly Variable[], args: readonly Given[]): Bound {
  const sizes = new Map<string, Dim>();
  for (const [i, { shape }] of parameters.entries()) {
    const given = (args[i] as Given).shape;
    for (const side of ["rows", "cols"] as const) {
      const name = dimName(shape[side]);
      if (name !== undefined && !sizes.has(name)) sizes.set(name, given[side]);
    }
  }
  return { values: new Map(parameters.map((p, i) => [p.name, (args[i] as Given).form])), sizes };
}

interface Context {
  readonly bound: Bound | undefined;
  readonly depth: number;
  readonly invoke: (name: string, args: readonly Given[], depth: number) => Form;
  /** The form of a part that has been lowered. */
  readonly formOf: (e: Expr) => Form | undefined;
}

function lowerNode(forms: Forms, node: Expr, args: readonly Form[], context: Context): Form {
  const { bound } = context;
  switch (node.kind) {
    case "num":
      return number(forms, node.value);
    case "constant":
      return forms.make({ kind: "constant", name: node.name, axes: [] });
    case "dim":
      return forms.make({ kind: "size", dim: sizeIn(bound, node.dim), axes: [] });
    case "var":
      return (
        bound?.values.get(node.name) ??
        forms.make({ kind: "input", name: node.name, attributes: node.attributes, axes: axesOf(node.shape) })
      );
    case "entry":
      return lowerEntry(forms, node, args[0] as Form, shapeIn(bound, (node.args[0] as Expr).shape));
    case "indexSum":
      return lowerSum(forms, node, args[0] as Form, context);
    case "unknown":
      return fail("unsupported", `code needs the body of ${node.name}`, NOWHERE, { fix: `define it: ${node.name}(x) := …` });
    case "apply":
      return lowerApply(forms, node, args, context);
  }
}

const sizeIn = (bound: Bound | undefined, dim: Dim): Dim => (bound === undefined ? dim : substituteDim(dim, bound.sizes));
const shapeIn = (bound: Bound | undefined, { rows, cols }: Shape): Shape => ({ rows: sizeIn(bound, rows), cols: sizeIn(bound, cols) });

function lowerEntry(forms: Forms, node: Entry, of: Form, source: Shape): Form {
  const at: Index[] = [...(isOneDim(source.rows) ? [] : [node.at[0]]), ...(isOneDim(source.cols) ? [] : [node.at[1]])];
  const axes = of.axes.filter((_, i) => at[i]?.kind === "all");
  if (at.every((i) => i.kind === "all")) return of;
  if (of.kind === "eye" && axes.length === 1) {
    const i = at.find((a) => a.kind === "position");
    if (i?.kind === "position") return forms.make({ kind: "unit", at: i.at, axes });
  }
  return forms.make({ kind: "entry", of, at, axes });
}

function lowerSum(forms: Forms, node: IndexSum, of: Form, { bound, formOf }: Context): Form {
  const { index, range } = node;
  if (!of.open.has(index)) return times(forms, forms.make({ kind: "size", dim: range, axes: [] }), of);
  const blocks = bound === undefined && !isScalarShape(node.shape) ? placedBlocks(forms, node, formOf) : undefined;
  return blocks ?? forms.make({ kind: "loop", index, range, of, axes: of.axes });
}

function lowerApply(forms: Forms, node: Apply, args: readonly Form[], { bound, depth, invoke }: Context): Form {
  const { op } = node;
  const shapes = node.args.map((e) => shapeIn(bound, e.shape));
  if (isOperator(op)) {
    const params = node.params.map((dim) => sizeIn(bound, dim));
    return operatorForm(forms, op, { args, shapes, params, shape: shapeIn(bound, node.shape) });
  }
  if (Object.hasOwn(FUNCTIONS_OF_ROWS, op)) {
    const of = args[0] as Form;
    const over = of.axes.length === 2 ? 1 : isOneDim((shapes[0] as Shape).cols) ? "one" : "all";
    return FUNCTIONS_OF_ROWS[op]?.(forms, of, over) as Form;
  }
  const make = Object.hasOwn(FUNCTIONS, op) ? FUNCTIONS[op] : undefined;
  if (make !== undefined) return make(forms, ...args);
  const given = args.map((form, i) => ({ form, shape: shapes[i] as Shape }));
  return invoke(op, given, depth);
}
