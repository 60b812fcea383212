// Wrong rules, on purpose: every small mistake that a hand could make in the right side of
// a rule, at every place of it. What is left must still be a term with shapes that fit.

import { add, apply, call, mul, neg, num, transpose, withArgs } from "../../src/expr/build.ts";
import { type Expr, variables } from "../../src/expr/expr.ts";
import { isScalarShape, isSquareShape, sameShape } from "../../src/expr/shape.ts";
import type { Rule } from "../../src/rewrite/rule.ts";
import { filled, library } from "./claims.ts";

export interface Mutant {
  /** What was done to which part. */
  readonly mistake: string;
  readonly right: Expr;
}

/** Each right side once; some may be worth what the rule's own is, as a swapped a + b. */
export function mutantsOf(rule: Rule): Mutant[] {
  const names = variables(rule.right);
  const distinct = new Map<Expr, Mutant>();
  for (const m of everywhere(rule.right, (part) => mistakesIn(part, names)))
    if (m.right !== rule.right && !distinct.has(m.right)) distinct.set(m.right, m);
  return [...distinct.values()];
}

// Recursion follows the depth of a rule.
function everywhere(term: Expr, mistakes: (part: Expr) => Mutant[]): Mutant[] {
  const below = term.args.flatMap((arg, i) =>
    everywhere(arg, mistakes).map(({ mistake, right }) => ({
      mistake,
      right: withArgs(term, term.args.with(i, right), library.functions.find),
    })),
  );
  return [...mistakes(term), ...below];
}

function mistakesIn(part: Expr, names: readonly Expr[]): Mutant[] {
  const { shape, args } = part;
  // A sign or a factor of nothing is none.
  if (part.kind === "apply" && part.op === "zeros") return [{ mistake: "plus 1", right: add(part, filled(1, shape)) }];
  const out: Mutant[] = [
    { mistake: "sign", right: neg(part) },
    { mistake: "factor 2", right: mul(num(2), part) },
    { mistake: "plus 1", right: add(part, filled(1, shape)) },
  ];
  if (!isScalarShape(shape) && isSquareShape(shape)) out.push({ mistake: "transpose", right: transpose(part) });
  for (const arg of args) if (sameShape(arg.shape, shape)) out.push({ mistake: "dropped factor or term", right: arg });
  if (part.kind === "var")
    for (const other of names) if (other !== part && sameShape(other.shape, shape)) out.push({ mistake: "swapped name", right: other });
  if (part.kind !== "apply") return out;
  const [a, b, ...more] = args;
  if (part.op === "add" && args.length > 2)
    args.forEach((_, i) => {
      out.push({ mistake: "dropped term", right: apply("add", args.toSpliced(i, 1)) });
    });
  if (a !== undefined && b !== undefined && more.length === 0 && swappable(part.op, a, b)) {
    const swapped = withArgs(part, [b, a], library.functions.find);
    if (sameShape(swapped.shape, shape)) out.push({ mistake: "swapped arguments", right: swapped });
  }
  const info = library.functions.find(part.op);
  if (info?.elementwise === true && info.params.length === 1) {
    const other = library.functions.find(info.name === "tanh" ? "sin" : "tanh");
    if (other !== undefined) out.push({ mistake: "another function", right: call(other, args) });
  }
  return out;
}

// Where the notation lets the arguments of an operation change places.
function swappable(op: string, a: Expr, b: Expr): boolean {
  if (sameShape(a.shape, b.shape)) return op !== "expand";
  if (op === "kron") return true;
  return op === "mul" && (isScalarShape(a.shape) || isScalarShape(b.shape) || b.shape.cols === a.shape.rows);
}
