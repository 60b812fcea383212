// Sizes written in a text: the arguments of ones, eye and K, the sizes of declarations,
// fixed positions of entries. They are polynomials in dimension names.
//
// Invariant: a name read here is a dimension from then on.

import { AXIS_FUNCTIONS, operatorFunction } from "../../../grammar/glyphs.ts";
import { wholeOf } from "../../base/span.ts";
import { addDims, type Dim, dimConstant, dimOf, multiplyDims, subtractDims } from "../../expr/dim.ts";
import { isOperator, operatorRow } from "../../expr/operators.ts";
import { isPlainName, parse } from "../../syntax/parse.ts";
import { type CallTree, children, type IndexTree, type Tree } from "../../syntax/tree.ts";
import type { Place } from "../shapes/constraint.ts";
import { refuse } from "../shapes/mismatch.ts";
import { nearest, type Scope } from "./scope.ts";

/** Deepest size expression that is read. */
const DEEPEST = 100;

/** What a size is read for, and what to write. */
const READ_FOR = {
  "a size": "ones(n), ones(m, n), eye(2*n)",
  "an index":
    "x[2], x[i], A[1,j]; f(x) for a function, diff(f, x) for a derivative D[f, x]; a mean E[…] over a distribution is no matrix with entries",
} as const;

const NAMED = "a name such as n, which declarations give: x : vector(n)";

/** The dimension that a tree states; new names become dimensions unless the scope is strict. */
export function readSize(scope: Scope, tree: Tree, source: string, what: keyof typeof READ_FOR = "a size", depth = 0): Dim {
  const place: Place = { source, span: tree.span };
  const no = (): never => refuse(place, "type", `${what} is a number, a dimension name, or a sum or product of them`, READ_FOR[what]);
  if (depth > DEEPEST) refuse(place, "limit", "this size is nested too deep");
  switch (tree.kind) {
    case "number":
      return /^\d{1,9}$/.test(tree.text) ? dimOf(Number(tree.text)) : no();
    case "name":
      return dimensionOf(scope, tree.name, place);
    case "binary": {
      if (tree.sign === "" && tree.left.kind === "name" && tree.left.applied)
        refuse(place, "type", `${tree.left.name}(…) is no size`, NAMED);
      const left = readSize(scope, tree.left, source, what, depth + 1);
      if (tree.op === "power") {
        const k = tree.right.kind === "number" ? Number(tree.right.text) : Number.NaN;
        if (!(k >= 1 && k <= 6)) return no();
        let out = left;
        for (let i = 1; i < k; i++) out = multiplyDims(out, left);
        return out;
      }
      const right = readSize(scope, tree.right, source, what, depth + 1);
      if (tree.op === "plus") return addDims(left, right);
      if (tree.op === "minus") return subtractDims(left, right);
      if (tree.op === "times" || tree.op === "dot") return multiplyDims(left, right);
      return no();
    }
    case "call":
      return COUNTS.has(tree.name) ? (countOf(scope, tree) ?? refuse(place, "type", `${tree.name}(…) is no size`, NAMED)) : no();
    default:
      return no();
  }
}

const COUNTS: ReadonlySet<string> = new Set(["size", "nrow", "ncol", "numel", "length", "len"]);

/** numel(A), length(x), nrow(A), ncol(A), size(A, 1) and size(A, 2) of a declared name. */
function countOf({ variables }: Scope, { name, args: [of, axis] }: CallTree): Dim | undefined {
  const info = of?.kind === "name" ? variables.get(of.name) : undefined;
  if (info?.declared !== true) return undefined;
  const { rows, cols } = info.shape;
  const along = axis?.kind === "number" ? AXIS_FUNCTIONS[name]?.[Number(axis.text) - 1] : name;
  switch (along) {
    case "nrow":
      return rows;
    case "ncol":
      return cols;
    case "size":
    case undefined:
      return undefined;
    default:
      return multiplyDims(rows, cols);
  }
}

function dimensionOf(scope: Scope, name: string, place: Place): Dim {
  const variable = scope.variables.get(name);
  if (variable !== undefined && !scope.dims.has(name))
    refuse(place, "type", `${name} is a variable, not a size`, "another name for one of the two");
  if (!scope.dims.has(name)) {
    if (scope.strict) {
      const near = nearest(name, [...scope.dims]);
      refuse(place, "name", `${name} is not a declared dimension`, near === undefined ? undefined : `did you mean ${near}?`);
    }
    scope.dims.add(name);
  }
  return dimOf(name);
}

/** A size given apart from a text: a number, a name, or a sum or product of them. */
export function sizeOf(scope: Scope, value: string | number): Dim {
  const text = `${value}`;
  if (/^\d{1,9}$/.test(text)) return dimOf(Number(text));
  const source = { source: text, span: wholeOf(text) };
  const named = { ...scope, strict: false };
  if (isPlainName(text)) return dimensionOf(named, text, source);
  const result = parse(text);
  if (!result.ok || result.document.final?.kind !== "value" || result.document.final.value.kind === "derivative")
    return refuse(source, "declaration", `${JSON.stringify(text)} is no size`, "a number, a name, or a sum or product of them");
  return readSize(named, result.document.final.value, text);
}

/** Refuses a size that is not at least 1. */
export function checkSize(d: Dim, place: Place): Dim {
  const value = dimConstant(d);
  if (value !== undefined && value < 1) refuse(place, "declaration", `a size is at least 1, and this is ${value}`);
  return d;
}

/** Whether a name is called with sizes alone, as ones(m, n). */
function takesSizes(name: string): boolean {
  const op = operatorFunction(name);
  return op !== undefined && isOperator(op) && operatorRow(op).arity === 0;
}

/**
 * Names used as sizes, as bounds of sums or as indices without a sum anywhere in a tree: they are dimensions even
 * before the place where they are read.
 */
export function noteSizes(scope: Scope, root: Tree): void {
  const isNew = (name: string): boolean => !scope.variables.has(name) && !scope.unknowns.has(name) && !scope.strict;
  const stack: [tree: Tree, size: boolean, bound: readonly string[]][] = [[root, false, []]];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const [tree, size, bound] = next;
    if (tree.kind === "name") {
      scope.mentioned.add(tree.name);
      if (size && isNew(tree.name)) scope.dims.add(tree.name);
      continue;
    }
    const within = tree.kind === "sum" ? [...bound, ...tree.indices.map((i) => i.name)] : bound;
    if (tree.kind === "sum")
      for (const { from, to } of tree.indices)
        for (const name of namesIn(`${from ?? ""} ${to ?? ""}`)) if (isNew(name) && !within.includes(name)) scope.dims.add(name);
    if (tree.kind === "entry") for (const index of tree.at) noteIndex(scope, index, within, isNew);
    const inside = size || (tree.kind === "call" && takesSizes(tree.name));
    const reshapes = tree.kind === "call" && operatorFunction(tree.name) === "reshape";
    children(tree).forEach((part, k) => {
      stack.push([part, inside || (reshapes && k > 0), within]);
    });
  }
}

/** The names in the text of a bound. */
export const namesIn = (bound: string): readonly string[] => bound.match(/\p{L}[\p{L}\p{N}_]*/gu) ?? [];

// x[i] without a sum over i is one entry, as in ∂p_i/∂x_j.
function noteIndex(scope: Scope, root: IndexTree, bound: readonly string[], isNew: (name: string) => boolean): void {
  const stack = root.kind === "all" ? [] : [root];
  for (let tree = stack.pop(); tree !== undefined; tree = stack.pop()) {
    stack.push(...children(tree));
    if (tree.kind !== "name" || scope.dims.has(tree.name) || bound.includes(tree.name) || !isNew(tree.name)) continue;
    // A range 2:n ends at a size.
    if (root.kind === "binary" && root.op === "colon") scope.dims.add(tree.name);
    else fixIndex(scope, tree.name);
  }
}

/** Takes a name for a fixed position of entries. */
export function fixIndex(scope: Scope, name: string): void {
  scope.dims.add(name);
  scope.remarks.add(`the index ${name} is fixed, not summed over`);
}
