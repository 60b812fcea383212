// A matrix known by its vec: M with vec(M) = v. Where v is made entry by entry of vecs and
// Kronecker products of columns, M is made so of what they are the vec of; any other v is put
// into columns by kron(vec(I)ᵀ, I) kron(I, v) [MN19 ch. 2].

import * as build from "../../expr/build.ts";
import type { Dim } from "../../expr/dim.ts";
import { type Apply, type Expr, fold } from "../../expr/expr.ts";
import { isOperator, type OperatorName } from "../../expr/operators.ts";
import { isColumnShape, isScalarShape, sameShape, shapeOf } from "../../expr/shape.ts";
import { splitContent } from "../algebra.ts";
import { internTensor, type Tensor, type Term } from "../tensor.ts";
import { regroup } from "./fused.ts";
import type { Reader } from "./reader.ts";
import { oriented, type Reading, scaled } from "./reading.ts";

/** The reading of a sum in which terms fuse both axes of a matrix; undefined for other tensors. */
export function readUnvec(reader: Reader, tensor: Tensor): Reading | undefined {
  const [m, n] = tensor.axes;
  if (m === undefined || n === undefined) return undefined;
  const isPair = ({ factors }: Term): boolean =>
    factors.some((f) => f.base.kind === "fuse" && f.slots.indexOf(0) > 0 && f.slots.indexOf(1) > 0);
  const [pairs, others] = [tensor.terms.filter(isPair), tensor.terms.filter((t) => !isPair(t))];
  if (pairs.length === 0) return undefined;
  const { content, primitive } = splitContent(internTensor(tensor.axes, pairs), false);
  const side = (rows: readonly [number, number], p: Dim, q: Dim): Expr | undefined => {
    const grouped = regroup(primitive, { rows, cols: [] });
    const column = grouped.sides.rows.length === 1 ? reader.read(grouped.tensor)?.fwd : undefined;
    return column === undefined ? undefined : scaled(content, [], [], entrywise(reader, column, p, q) ?? inColumns(column, p, q));
  };
  const [fwd, rev] = [side([0, 1], m, n), side([1, 0], n, m)];
  if (fwd === undefined || rev === undefined) return undefined;
  const matrix = oriented([fwd], [rev]);
  if (others.length === 0) return matrix;
  const rest = reader.read(internTensor(tensor.axes, others));
  return rest === undefined ? undefined : oriented([build.add(matrix.fwd, rest.fwd)], [build.add(matrix.rev, rest.rev)]);
}

/** kron(vec(I)ᵀ, I) kron(I, v), a p×q matrix. */
function inColumns(column: Expr, p: Dim, q: Dim): Expr {
  const identity = build.eye(q);
  const left = build.apply("kron", [build.transpose(build.apply("vec", [identity])), build.eye(p)]);
  return build.mul(left, build.apply("kron", [identity, column]));
}

/** Operators that act entry by entry where their arguments are numbers or of one shape. */
const ENTRYWISE: ReadonlySet<OperatorName> = new Set<OperatorName>(["add", "neg", "hadamard", "hdiv", "hpow", "mul", "div"]);

/** The p×q matrix whose vec the column is; undefined where the column is not made entry by entry of vecs. */
function entrywise(reader: Reader, column: Expr, p: Dim, q: Dim): Expr | undefined {
  const fits = (e: Expr | undefined): boolean => e !== undefined && (isScalarShape(e.shape) || sameShape(e.shape, shapeOf(p, q)));
  const whole = (node: Apply, parts: readonly (Expr | undefined)[]): Expr | undefined => {
    const [a, b] = node.args as [Expr, Expr];
    if (node.op === "vec") return a;
    if (node.op === "ones") return build.ones(p, q);
    if (node.op === "expand") return build.apply("expand", [a], [p, q]);
    if (node.op === "kron") return isColumnShape(a.shape) && isColumnShape(b.shape) ? build.mul(b, build.transpose(a)) : undefined;
    if (!parts.every(fits) || (node.op === "mul" && !node.args.some((e) => isScalarShape(e.shape)))) return undefined;
    if (isOperator(node.op)) return ENTRYWISE.has(node.op) ? build.apply(node.op, parts as Expr[]) : undefined;
    const info = reader.find(node.op);
    return info?.elementwise === true ? build.call(info, parts as Expr[]) : undefined;
  };
  const found = fold<Expr | undefined>(column, (node, parts) => {
    if (isScalarShape(node.shape)) return node;
    return node.kind === "apply" ? whole(node, parts) : undefined;
  });
  return fits(found) ? found : undefined;
}
