// A form: what is to be computed, free of rows and columns and of any order of work. Vectors
// have one axis, an element-wise product or sum is one node with all its operands, and a
// vector inside a matrix expression says along which axis it runs, so that diag(v)*M, an
// outer product and a widened number are products with broadcasting and nothing else.
//
// Invariants: equal forms of one table are the same object; ids follow the order of
// construction, which is that of the question, so a plan never depends on earlier calls.
// Forms are made by elementwise.ts and contract.ts; lower.ts reads them from terms.

import type { Rational } from "../../base/rational.ts";
import type { Attribute } from "../../expr/attributes.ts";
import { type Dim, isOneDim } from "../../expr/dim.ts";
import type { Index } from "../../expr/expr.ts";
import type { Shape } from "../../expr/shape.ts";

interface Node {
  readonly id: number;
  /** Lengths of the axes: none for a number, one for a vector, two for a matrix. */
  readonly axes: readonly Dim[];
  /** Summation indices that the value depends on. */
  readonly open: ReadonlySet<string>;
  /** A matrix that is its own transpose, as its making shows. */
  readonly symmetric: boolean;
}

/** A form inside another of at least as many axes; a vector inside a matrix runs along `axis`. */
export interface Operand {
  readonly form: Form;
  readonly axis?: 0 | 1 | undefined;
}

/** A factor of a product, to a power. */
export interface Factor extends Operand {
  readonly exponent: Rational;
}

/** A summand of a sum, times a number. */
export interface Term extends Operand {
  readonly coefficient: Rational;
}

/** One factor of a matrix product: a matrix, read as its transpose where turned, or a diagonal given as a vector. */
export type Item =
  | { readonly kind: "matrix"; readonly form: Form; readonly turned: boolean }
  | { readonly kind: "diag"; readonly form: Form };

/** A determinant, the logarithm of one, that of its absolute value. */
export type Determinant = "det" | "logdet" | "logabsdet";

/** What the entries of an array, or of its rows or columns, are put together by. */
export type Reduction = "sum" | "prod" | "max" | "min";

/** What is to be computed: one kind of node for each way in which a value is made of others. */
export type Form = Node &
  (
    | { readonly kind: "number"; readonly value: Rational }
    | { readonly kind: "constant"; readonly name: string }
    | { readonly kind: "size"; readonly dim: Dim }
    | { readonly kind: "input"; readonly name: string; readonly attributes: readonly Attribute[] }
    /** coefficient · Π factor^exponent, broadcast to the axes; without factors a filled array. */
    | { readonly kind: "product"; readonly coefficient: Rational; readonly factors: readonly Factor[] }
    /** constant + Σ coefficient · term */
    | { readonly kind: "sum"; readonly constant: Rational; readonly terms: readonly Term[] }
    /** An element-wise function. */
    | { readonly kind: "map"; readonly fn: string; readonly args: readonly Operand[] }
    /** A matrix product, met with a vector on the right where there is one. */
    | { readonly kind: "chain"; readonly items: readonly Item[]; readonly right: Form | undefined }
    | { readonly kind: "transpose"; readonly of: Form }
    | { readonly kind: "reduce"; readonly fn: Reduction; readonly over: "all" | 0 | 1; readonly of: Form }
    /** A vector as a diagonal matrix, where it is not multiplied by anything. */
    | { readonly kind: "diag"; readonly of: Form }
    | { readonly kind: "diagonal"; readonly of: Form }
    | { readonly kind: "eye" }
    /** The standard basis vector of a 1-based position. */
    | { readonly kind: "unit"; readonly at: Dim }
    | { readonly kind: "inverse" | Determinant; readonly of: Form }
    | { readonly kind: "kron"; readonly left: Form; readonly right: Form }
    /** Columns of a matrix under each other. */
    | { readonly kind: "vec"; readonly of: Form }
    /** The matrix whose vec a vector is. */
    | { readonly kind: "unvec"; readonly of: Form }
    /** A further axis of length 1, in front (0) or behind (1). */
    | { readonly kind: "lift"; readonly axis: 0 | 1; readonly of: Form }
    | { readonly kind: "concat"; readonly axis: 0 | 1; readonly parts: readonly Form[] }
    /** Along an axis, position j + outer·… read as a pair (outer, inner) in row-major order, the pair exchanged. */
    | { readonly kind: "shuffle"; readonly axis: 0 | 1; readonly outer: Dim; readonly inner: Dim; readonly of: Form }
    | { readonly kind: "entry"; readonly of: Form; readonly at: readonly Index[] }
    | { readonly kind: "loop"; readonly index: string; readonly range: Dim; readonly of: Form }
    /** A function of whole matrices that a target brings along. */
    | { readonly kind: "call"; readonly fn: string; readonly args: readonly Form[] }
  );

/** The axes of a shape: sides of length 1 have none. */
export const axesOf = ({ rows, cols }: Shape): Dim[] => [rows, cols].filter((d) => !isOneDim(d));

/** The forms that a form is made of. */
export function partsOf(form: Form): readonly Form[] {
  switch (form.kind) {
    case "number":
    case "constant":
    case "size":
    case "input":
    case "eye":
    case "unit":
      return [];
    case "product":
      return form.factors.map((f) => f.form);
    case "sum":
      return form.terms.map((t) => t.form);
    case "map":
      return form.args.map((a) => a.form);
    case "chain":
      return [...form.items.map((i) => i.form), ...(form.right === undefined ? [] : [form.right])];
    case "kron":
      return [form.left, form.right];
    case "concat":
      return form.parts;
    case "call":
      return form.args;
    default:
      return [form.of];
  }
}

type Distribute<T> = T extends unknown ? Omit<T, "id" | "open" | "symmetric"> : never;
/** A form before it has its place in a table. */
export type Unfinished = Distribute<Form>;

/** The forms of one plan. */
export interface Forms {
  make(form: Unfinished): Form;
  /** Forms that are computed in any case, so that no rewriting should take them apart. */
  readonly claimed: Set<Form>;
  readonly stable: Stable;
}

/** Element-wise forms of equal value that keep their digits; undefined where a form keeps them as it is. */
export interface Stable {
  readonly product: (forms: Forms, factors: readonly Factor[], axes: readonly Dim[]) => Factor[] | undefined;
  /** Of a constant and one term or two. */
  readonly sum: (forms: Forms, constant: Rational, terms: readonly [Term, Term?]) => Form | undefined;
  /** Of a product of matrices and a vector. */
  readonly chain: (forms: Forms, chain: Form & { kind: "chain" }) => Form | undefined;
  /** Of a function of one form. */
  readonly map: (forms: Forms, fn: string, of: Form) => Form | undefined;
}

/** Every form below the roots once, parts before the forms that use them. */
export function formsBelow(roots: readonly Form[], seen: Set<Form> = new Set()): Form[] {
  const out: Form[] = [];
  const stack: { form: Form; opened: boolean }[] = [...roots].reverse().map((form) => ({ form, opened: false }));
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { form, opened } = top;
    if (opened) {
      out.push(form);
      continue;
    }
    if (seen.has(form)) continue;
    seen.add(form);
    stack.push({ form, opened: true });
    for (const part of [...partsOf(form)].reverse()) if (!seen.has(part)) stack.push({ form: part, opened: false });
  }
  return out;
}
