// The entry of a term in matrix notation at indices: (A + x yᵀ)[i,j] = A[i,j] + x[i] y[j].
//
// Invariant: an entry is taken inside element-wise operations, transposes and outer
// products only; of any other product it is taken as a whole, so that no sum is opened. Not here:
// tensors (entries.ts).

import * as build from "../expr/build.ts";
import type { Dim } from "../expr/dim.ts";
import type { Apply, Expr, Index } from "../expr/expr.ts";
import { isColumnShape, isRowShape, isScalarShape } from "../expr/shape.ts";
import type { Reader } from "../tensor/read/reading/reader.ts";

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
  const isVector = isColumnShape(e.shape) || isRowShape(e.shape);
  const [i, j] = isColumnShape(e.shape) ? [at[0] as Index, ALL] : isVector ? [ALL, at[at.length - 1] as Index] : (at as [Index, Index]);
  if (e.kind !== "apply" || depth > INWARD) return entry(e, i, j);
  const inside: Inside = (a, to = at) => entryAt(a, to, w, depth + 1);
  const found = isVector ? undefined : entryOfMatrix(e, [i, j], inside, w);
  return found ?? entryOfElementwise(e, inside, w) ?? entry(e, i, j);
}

/** The entry of an argument, at the same place unless stated. */
type Inside = (arg: Expr, at?: readonly Index[]) => Expr;

/** (Aᵀ)ᵢⱼ = Aⱼᵢ, Iᵢⱼ = δᵢⱼ, diag(v)ᵢⱼ = vᵢ δᵢⱼ, (u vᵀ)ᵢⱼ = uᵢ vⱼ; undefined of anything else. */
function entryOfMatrix({ op, args, shape }: Apply, [i, j]: readonly [Index, Index], inside: Inside, w: EntryNotation): Expr | undefined {
  const [a, b] = args as [Expr, Expr];
  switch (op) {
    case "transpose":
      return inside(a, [j, i]);
    case "eye":
      return w.delta(i, j, shape.rows);
    case "diag":
      return build.mul(inside(a, [i]), w.delta(i, j, shape.rows));
    case "mul":
      return isColumnShape(a.shape) && isRowShape(b.shape) ? build.mul(inside(a, [i]), inside(b, [j])) : undefined;
    default:
      return undefined;
  }
}

/** The operation on the entries of the arguments; undefined of what is not element-wise. */
function entryOfElementwise({ op, args }: Apply, inside: Inside, w: EntryNotation): Expr | undefined {
  const [a, b] = args as [Expr, Expr];
  switch (op) {
    case "add":
      return build.add(...args.map((x) => inside(x)));
    case "neg":
      return build.neg(inside(a));
    case "hadamard":
      return build.mul(inside(a), inside(b));
    case "hdiv":
      return build.apply("div", [inside(a), inside(b)]);
    case "div":
      return build.apply("div", [inside(a), b]);
    case "hpow":
      return build.apply("pow", [inside(a), inside(b)]);
    case "mul":
      if (isScalarShape(a.shape)) return build.mul(a, inside(b));
      return isScalarShape(b.shape) ? build.mul(inside(a), b) : undefined;
    case "transpose":
      return inside(a);
    case "expand":
      return a;
    case "ones":
      return build.num(1);
    case "zeros":
      return build.num(0);
    default: {
      const info = w.reader.find(op);
      return info?.elementwise === true
        ? build.call(
            info,
            args.map((x) => inside(x)),
          )
        : undefined;
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
