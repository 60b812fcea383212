// Local derivatives: one equation of the tape by one of its operands, the other names
// held constant. They come from `differentiate`, applied to the one operator.
//
// Of an element-wise operator on vectors the entry is shown first, ∂(w_i x_i)/∂w_i, and
// then the diagonal Jacobian.

import { attempt } from "../../base/diagnostic.ts";
import { dictionary } from "../../base/dictionary.ts";
import { optional } from "../../base/optional.ts";
import * as build from "../../expr/build.ts";
import type { Layout } from "../../expr/conventions.ts";
import { type Dim, dimOf, isOneDim } from "../../expr/dim.ts";
import { type Expr, fold, type Index, isApply, type Variable, variables } from "../../expr/expr.ts";
import { isOpen } from "../../expr/indices.ts";
import { isOperator } from "../../expr/operators.ts";
import { isColumnShape, isScalarShape, sameShape } from "../../expr/shape.ts";
import { differentiate } from "../differentiate.ts";
import { asCases } from "./cases.ts";
import { CHAIN_RULES, rulesFor } from "./cite.ts";
import type { TapeNode } from "./introduce.ts";
import type { Step } from "./model.ts";
import { closeEntries, namesOf, occurs, type Simplifier } from "./terms.ts";

/** What all parts of one derivation share. */
export interface Setting extends Simplifier {
  readonly variable: Variable;
  /** Layout of the lines: Jacobians of rows are stated in `vec`, which turns rows into columns. */
  readonly layout: Layout;
}

/** The derivative of a term in names; entries with an open index are constants. */
export function derivativeOf(expr: Expr, by: Variable, s: Setting, layout: Layout = s.layout): Expr {
  const closed = closeEntries(termsWith(expr, by), s.library);
  const { expr: is } = differentiate(closed.expr, by, { library: s.library, layout, names: namesOf(closed.expr, s.names) });
  return build.substitute(is, closed.entries, s.library.functions);
}

const termTables = new WeakMap<Expr, ReadonlyMap<Expr, readonly Expr[]>>();

/** Of a sum only the terms that matter: one of ten thousand is differentiated in no time. */
function termsWith(expr: Expr, by: Variable): Expr {
  if (!isApply(expr, "add")) return expr;
  let table = termTables.get(expr);
  if (table === undefined) {
    const found = new Map<Expr, Expr[]>();
    for (const term of expr.args) for (const v of variables(term)) found.set(v, [...(found.get(v) ?? []), term]);
    table = found;
    termTables.set(expr, table);
  }
  const kept = table.get(by) ?? [];
  return kept.length === 0 || kept.length === expr.args.length ? expr : build.apply("add", kept);
}

/** The lines of a local derivative: the entry where the operator is element-wise, then the derivative itself. */
export function localSteps(node: TapeNode, operand: Variable, s: Setting): { readonly element: Step | undefined; readonly partial: Step } {
  const is = derivativeOf(node.body, operand, s);
  const element = elementStep(node.body, operand, s);
  const via = element === undefined ? unsimplified(node.body, operand, s) : diagonal(element.is, is, node.body);
  const cases = asCases(is);
  const partial: Step = {
    kind: "partial",
    of: node.variable,
    wrt: operand,
    via: via === undefined || via === is ? [] : [via],
    is,
    layout: s.layout,
    rules: isLongSum(node.body)
      ? rulesFor(termsWith(node.body, operand), operand, [operand], s.library)
      : rulesFor(node.body, operand, node.operands, s.library),
    ...optional({ cases, index: node.index }),
  };
  return { element, partial };
}

const isLongSum = (e: Expr): boolean => isApply(e, "add") && e.args.length > MOST_TERMS_SHOWN;

/** Sums of more terms do not show every zero. */
const MOST_TERMS_SHOWN = 4;

/** 0 + 1, 1·2x: what the sum rule and constant factors give before simplification. */
function unsimplified(body: Expr, operand: Variable, s: Setting): Expr | undefined {
  if (body.kind !== "apply" || !isScalarShape(body.shape) || !isScalarShape(operand.shape)) return undefined;
  if (body.op !== "add" || body.args.length > MOST_TERMS_SHOWN) return undefined;
  const wanted = new Set<Expr>([operand]);
  const derived = (t: Expr): Expr => {
    if (!occurs(t, wanted)) return build.num(0);
    return isApply(t, "neg") ? build.neg(derivativeOf(t.args[0] as Expr, operand, s)) : derivativeOf(t, operand, s);
  };
  return build.apply("add", body.args.map(derived));
}

/** diag(1⃗) where the Jacobian is I because every entry is the same number. */
function diagonal(entry: Expr, is: Expr, body: Expr): Expr | undefined {
  if (isScalarShape(is.shape) || !sameShape(is.shape, build.transpose(is).shape)) return undefined;
  if (variables(entry).some((v) => !isScalarShape(v.shape)) || isOpen(entry)) return undefined;
  const ones = build.ones(body.shape.rows);
  if (entry.kind === "num" && entry.value.n === -1n && entry.value.d === 1n) return build.apply("diag", [build.neg(ones)]);
  const isOne = entry.kind === "num" && entry.value.n === entry.value.d;
  return build.apply("diag", [isOne ? ones : build.mul(entry, ones)]);
}

/** The index that entries are shown with. */
const indexNameFor = (names: readonly string[]): string => ["i", "j", "k", "l"].find((n) => !names.includes(n)) ?? "i0";

/**
 * ∂(w_i x_i)/∂w_i for an element-wise term on column vectors, by a vector or a number;
 * undefined for any other term. `body` may be as deep as it likes.
 */
export function elementStep(body: Expr, operand: Variable, s: Setting): Step | undefined {
  if (!isColumnShape(body.shape) || body.kind === "var") return undefined;
  if (!isScalarShape(operand.shape) && !sameShape(operand.shape, body.shape)) return undefined;
  const entry = entryOf(body, operand, s);
  if (entry === undefined) return undefined;
  const { of, entries, by } = entry;
  if (of === by) return undefined;
  return attempt(() => {
    const is = build.substitute(derivativeOf(of, by, s, "numerator"), entries, s.library.functions);
    const via = unsimplified(of, by, s);
    return {
      kind: "element",
      of: build.substitute(of, entries, s.library.functions),
      wrt: entries.get(by) ?? by,
      via: via === undefined || via === is ? [] : [build.substitute(via, entries, s.library.functions)],
      is,
      layout: s.layout,
      rules: [CHAIN_RULES.entry],
      index: { name: entry.index, range: body.shape.rows },
    };
  });
}

interface ElementTerm {
  /** The i-th entry of the term as a number, entries of vectors being variables. */
  readonly of: Expr;
  readonly by: Variable;
  /** What the variables stand for. */
  readonly entries: ReadonlyMap<Expr, Expr>;
  readonly index: string;
}

/** Element-wise operators on columns, and the operator on numbers that each of their entries is. */
const ENTRYWISE = dictionary<"add" | "neg" | "mul" | "div" | "pow" | "same">({
  add: "add",
  neg: "neg",
  hadamard: "mul",
  hdiv: "div",
  hpow: "pow",
  mul: "mul",
  div: "div",
  gt: "same",
  ge: "same",
  lt: "same",
  le: "same",
  eq: "same",
  ne: "same",
});

/** One entry of a term; undefined where entries do not stay among themselves. */
function entryOf(body: Expr, operand: Variable, s: Setting): ElementTerm | undefined {
  const range = body.shape.rows;
  const index = indexNameFor(s.names);
  const at: readonly [Index, Index] = [{ kind: "bound", name: index, range }, { kind: "all" }];
  const entries = new Map<Expr, Expr>();
  const places = new Map<Expr, Variable>();
  const placeOf = (vector: Expr): Variable => {
    const known = places.get(vector);
    if (known !== undefined) return known;
    const place = build.variable(`entry ${places.size}`, build.num(0).shape);
    places.set(vector, place);
    entries.set(place, build.entry(vector, at));
    return place;
  };
  const moving = new Set<Expr>([operand]);
  const isEntry = (e: Expr): boolean => isColumnShape(e.shape) && e.shape.rows === range;
  // "whole" marks what is no column of this length; only numbers may stand next to entries.
  const value = fold<Expr | undefined>(body, (node, args) => {
    if (isScalarShape(node.shape) && !occurs(node, moving)) return node;
    if (node === operand) return isScalarShape(node.shape) ? node : placeOf(node);
    if (!isEntry(node))
      return isScalarShape(node.shape) && args.every((a) => a !== undefined) && node.args.every((a) => isScalarShape(a.shape))
        ? build.withArgs(node, args as Expr[], s.library.functions.find)
        : undefined;
    return entryNode(node, args, { moving, placeOf, s });
  });
  if (value === undefined || !isScalarShape(value.shape)) return undefined;
  const by = isScalarShape(operand.shape) ? operand : places.get(operand);
  return by === undefined ? undefined : { of: value, by, entries, index };
}

interface EntryPass {
  readonly moving: ReadonlySet<Expr>;
  readonly placeOf: (vector: Expr) => Variable;
  readonly s: Setting;
}

function entryNode(node: Expr, args: readonly (Expr | undefined)[], { moving, placeOf, s }: EntryPass): Expr | undefined {
  if (node.kind === "var") return placeOf(node);
  const complete = args.every((a) => a !== undefined);
  if (node.kind === "apply" && complete) {
    const entriesOf = args as Expr[];
    if (node.op === "expand") return entriesOf[0];
    if (node.op === "ones") return build.num(1);
    if (node.op === "zeros") return build.num(0);
    const rule = ENTRYWISE[node.op];
    const fits = node.op !== "mul" || node.args.some((a) => isScalarShape(a.shape));
    if (rule !== undefined && fits) return build.apply(rule === "same" ? (node.op as "gt") : rule, entriesOf);
    if (!isOperator(node.op)) {
      const info = s.library.functions.find(node.op);
      if (info?.elementwise === true) return build.call(info, entriesOf);
    }
  }
  if (node.kind === "unknown" && node.elementwise && complete) return build.unknown(node.name, args as Expr[], build.num(0).shape, node);
  return occurs(node, moving) ? undefined : placeOf(node);
}

/** The zero that ∂of/∂wrt is where `of` does not depend on `wrt`; of numbers and vectors. */
export function zeroDerivative(of: Expr, wrt: Expr, layout: Layout): Expr {
  const [m, n] = [entriesOf(of), entriesOf(wrt)];
  const one = dimOf(1);
  if (isScalarShape(of.shape) && isScalarShape(wrt.shape)) return build.num(0);
  if (layout === "vec" || (!isScalarShape(of.shape) && !isScalarShape(wrt.shape)))
    return layout === "denominator" ? build.zeros(n, m) : build.zeros(m, n);
  if (isScalarShape(wrt.shape)) return layout === "denominator" ? build.zeros(one, m) : build.zeros(m, one);
  return layout === "numerator" ? build.zeros(one, n) : build.zeros(n, one);
}

/** The length of a row or a column. */
const entriesOf = (e: Expr): Dim => (isOneDim(e.shape.rows) ? e.shape.cols : e.shape.rows);
