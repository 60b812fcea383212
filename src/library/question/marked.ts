// Marks of derivatives at functions of the rule library: σ'(z) = σ(z)(1 − σ(z)), sum(tanh'(A x)). A marked function acts
// on every entry as the function itself does; its value is the derivative of that, written out.
//
// Invariant: only functions of one number have marks. Not here: functions without a body, whose marks are terms
// (src/elaborate/terms/calls.ts).

import { along, arrangeShape } from "../../calculus/directional.ts";
import { writeArranged } from "../../calculus/views.ts";
import { call, ones, substitute, variable, withArgs } from "../../expr/build.ts";
import { type Expr, fold, nodes } from "../../expr/expr.ts";
import { extendedTable, type FunctionInfo, type FunctionTable } from "../../expr/functions.ts";
import type { Library } from "../../rewrite/library.ts";
import type { Settled } from "./question.ts";

const MARKED = /^([^']+)('+)$/;

/** The context with functions that have marks. */
export function withMarks<S extends Settled>(settled: S): S {
  const { library } = settled;
  const functions = extendedTable(library.functions, (name) => markedIn(library.functions, name));
  return { ...settled, library: { ...library, functions } };
}

function markedIn(functions: FunctionTable, name: string): FunctionInfo | undefined {
  const [, stem, marks] = MARKED.exec(name) ?? [];
  const info = stem === undefined ? undefined : functions.find(stem, 1);
  if (info?.elementwise !== true || info.params.length !== 1) return undefined;
  const { params, result, domains } = info;
  return { name: info.name + marks, aliases: [], elementwise: true, params, result, domains };
}

/** A name that no text has. */
const PLACE = "marked argument";

/** The term with the derivatives that marks stand for written out. Throws an InputError where nabla cannot find one. */
export function withoutMarks(expr: Expr, library: Library): Expr {
  const { find } = library.functions;
  const isMarked = (e: Expr): boolean => e.kind === "apply" && MARKED.test(e.op);
  if (!nodes(expr).some(isMarked)) return expr;
  return fold<Expr>(expr, (node, args) => {
    const [, stem = "", marks = ""] = (node.kind === "apply" && MARKED.exec(node.op)) || [];
    const info = find(stem);
    if (info === undefined) return withArgs(node, args, find);
    const [arg] = args as [Expr];
    const place = variable(PLACE, arg.shape);
    let value: Expr = call(info, [place]);
    for (let left = marks.length; left > 0; left--) {
      // Along ones every entry moves alike, and each depends on its own alone.
      const slope = along(value, [{ variable: place, along: ones(arg.shape.rows, arg.shape.cols) }], library);
      value = writeArranged(slope, arrangeShape(arg.shape), { library, names: [PLACE], taken: [] }).expr;
    }
    return substitute(value, new Map([[place, arg]]), library.functions);
  });
}
