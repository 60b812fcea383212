// The entry of a term in matrix notation at indices: (A + x yᵀ)[i,j] = A[i,j] + x[i] y[j].
//
// Invariant: an entry is taken inside element-wise operations, transposes and outer
// products only; of any other product it is taken as a whole, so that no sum is opened. Not here:
// tensors (entries.ts).

import * as build from "../expr/build.ts";
import type { Dim } from "../expr/dim.ts";
import type { Expr, Index } from "../expr/expr.ts";
import { isColumnShape, isRowShape, isScalarShape } from "../expr/shape.ts";
import type { Reader } from "../tensor/read/reader.ts";

/** What entries are written with. */
export interface EntryNotation {
  readonly reader: Pick<Reader, "find">;
  /** The entry (i, j) of an identity matrix. */
  readonly delta: (i: Index, j: Index, dim: Dim) => Expr;
}

/** How many element-wise operations an entry is taken through. */
const INWARD = 50;

/** The entry of matrix notation: taken inside element-wise operations, of products as a whole. */
export function entryAt(e: Expr, at: readonly Index[], w: EntryNotation, depth = 0): Expr {
  if (isScalarShape(e.shape)) return e;
  const [i, j] = isColumnShape(e.shape)
    ? [at[0] as Index, ALL]
    : isRowShape(e.shape)
      ? [ALL, at[at.length - 1] as Index]
      : (at as [Index, Index]);
  if (e.kind !== "apply" || depth > INWARD) return entry(e, i, j);
  const again = (a: Expr): Expr => entryAt(a, at, w, depth + 1);
  const [a, b] = e.args as [Expr, Expr];
  const matrix = at.length === 2 && !isColumnShape(e.shape) && !isRowShape(e.shape);
  switch (e.op) {
    case "add":
      return build.add(...e.args.map(again));
    case "neg":
      return build.neg(again(a));
    case "hadamard":
      return build.mul(again(a), again(b));
    case "hdiv":
      return build.apply("div", [again(a), again(b)]);
    case "div":
      return build.apply("div", [again(a), b]);
    case "hpow":
      return build.apply("pow", [again(a), isScalarShape(b.shape) ? b : again(b)]);
    case "expand":
      return a;
    case "ones":
      return build.num(1);
    case "zeros":
      return build.num(0);
    case "transpose":
      return matrix ? entryAt(a, [at[1] as Index, at[0] as Index], w, depth + 1) : again(a);
    case "eye":
      return w.delta(i, j, e.shape.rows);
    case "diag":
      return matrix && !isScalarShape(a.shape) && (isColumnShape(a.shape) || isRowShape(a.shape))
        ? build.mul(entryAt(a, [i], w, depth + 1), w.delta(i, j, e.shape.rows))
        : entry(e, i, j);
    case "mul":
      if (isScalarShape(a.shape)) return build.mul(a, again(b));
      if (isScalarShape(b.shape)) return build.mul(again(a), b);
      return matrix && isColumnShape(a.shape) && isRowShape(b.shape)
        ? build.mul(entryAt(a, [i], w, depth + 1), entryAt(b, [j], w, depth + 1))
        : entry(e, i, j);
    default: {
      const info = w.reader.find(e.op);
      return info?.elementwise === true
        ? build.call(
            info,
            e.args.map((x) => (isScalarShape(x.shape) ? x : again(x))),
          )
        : entry(e, i, j);
    }
  }
}

const ALL: Index = { kind: "all" };

/** The entry of a matrix; a number is its own, and that of a row A[i,:] is one of A. */
export function entry(e: Expr, i: Index, j: Index): Expr {
  if (isScalarShape(e.shape)) return e;
  if (e.kind !== "entry") return build.entry(e, [i, j]);
  const [row, column] = e.at;
  return build.entry(e.args[0] as Expr, [row.kind === "all" ? i : row, column.kind === "all" ? j : column]);
}
