// Values by cases, in words: with their conditions beside them, or weighted by them where a
// reader knows no cases.
//
// Invariant: of weighted values exactly one has a weight other than 0. Not here: how a term is
// made into pieces (forms.ts).

import { type Apply, type Expr, isZeroTerm } from "../expr/expr.ts";
import { scalarShape } from "../expr/shape.ts";
import type { Forms } from "./forms.ts";
import { add, beside, integer, isInteger, negate, type Piece, piece, product, sequence, whole } from "./piece.ts";
import { LEVEL, type Style } from "./spelling.ts";

/** Value, condition, value, condition, …, value otherwise; constants among the values lean on the others. */
function caseParts(args: readonly Forms[]): { values: Piece[]; conditions: Piece[] } {
  const values = args.filter((_, i) => i % 2 === 0);
  const sizes = values.filter((v) => v.sized).length;
  return {
    values: values.map((v) => (sizes > (v.sized ? 1 : 0) ? (v.settled ?? v.wide) : v.wide)),
    conditions: args.filter((_, i) => i % 2 === 1).map((c) => c.wide),
  };
}

/** {v if c; w otherwise}. */
export function branches(node: Apply, args: readonly Forms[], { format, spelling: s }: Style): Piece {
  const { values, conditions } = caseParts(args);
  const lines = values.map((value, i) => {
    const condition = conditions[i];
    if (format === "latex")
      return `${whole(value, s)} & ${condition === undefined ? "\\text{otherwise}" : `\\text{if } ${whole(condition, s)}`}`;
    return condition === undefined ? `${whole(value, s)} otherwise` : `${whole(value, s)} if ${whole(condition, s)}`;
  });
  const text = format === "latex" ? `\\begin{cases} ${sequence(lines, " \\\\ ")} \\end{cases}` : `{${sequence(lines, "; ")}}`;
  return piece(text, LEVEL.atom, node.shape, { tall: true });
}

const ZERO_KEEPING: ReadonlySet<string> = new Set(["neg", "transpose", "expand"]);

/** Whether a term is plainly zero. */
function isPlainlyZero(term: Expr): boolean {
  let e = term;
  while (e.kind === "apply" && ZERO_KEEPING.has(e.op)) e = e.args[0] as Expr;
  return isZeroTerm(e);
}

/** (c)*v + (not c)*w: the same value for readers that know no cases. */
export function weighted(node: Apply, args: readonly Forms[], { spelling: s }: Style): Piece {
  const values = args.filter((_, i) => i % 2 === 0).map((a) => a.wide);
  const conditions = args.filter((_, i) => i % 2 === 1).map((a) => a.wide);
  const both = (a: Piece | undefined, b: Piece): Piece => (a === undefined ? b : product(a, "mul", b, scalarShape(), s));
  const scaled = (weight: Piece, value: Piece): Piece => {
    if (value.minus && value.level >= LEVEL.entrywise) return negate(scaled(weight, { ...value, minus: false }), s);
    return isInteger(value, "1") ? beside(weight, s) : product(weight, "mul", value, node.shape, s);
  };
  let earlier: Piece | undefined;
  let total: Piece | undefined;
  values.forEach((value, i) => {
    const condition = conditions[i];
    const weight = condition === undefined ? earlier : both(earlier, condition);
    if (weight !== undefined && !isPlainlyZero(node.args[2 * i] as Expr)) {
      const term = scaled(weight, value);
      total = total === undefined ? term : add(total, term, node.shape, s);
    }
    if (condition !== undefined) earlier = both(earlier, condition.complement ?? add(integer("1"), negate(condition, s), scalarShape(), s));
  });
  return total ?? (values[values.length - 1] as Piece);
}
