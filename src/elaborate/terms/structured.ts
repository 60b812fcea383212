// Arguments that a function wants symmetric, or positive definite: chol(A), eigmax(A).
//
// Invariant: what is assumed is stated; a name that the caller has is as it is. An argument that is no name alone is a condition of the answer
// (src/library/answer/conditions.ts).

import { type Attribute, hasAttribute, isAttribute, isBinding, isOfSquares } from "../../expr/attributes.ts";
import type { FunctionInfo } from "../../expr/functions.ts";
import { isScalarShape } from "../../expr/shape.ts";
import type { CallTree } from "../../syntax/tree.ts";
import { refuse } from "../shapes/mismatch.ts";
import type { Context, Term } from "./term.ts";

/** What a matrix with such an attribute is called. */
const CALLED: Readonly<Partial<Record<Attribute, string>>> = { posdef: "symmetric positive definite" };

/** A name that nothing declares has what its place wants; one that is declared without it is refused. */
export function wantStructure(ctx: Context, tree: CallTree, info: FunctionInfo, args: readonly Term[]): void {
  tree.args.forEach((arg, i) => {
    const wanted = info.domains[i];
    if (arg.kind !== "name" || wanted === undefined || !isAttribute(wanted) || !isBinding(wanted) || !isOfSquares(wanted)) return;
    const variable = ctx.scope.variables.get(arg.name);
    if (variable === undefined || variable.defined || variable.given !== undefined) return;
    if (hasAttribute({ attributes: [...variable.attributes] }, wanted) || isScalarShape(ctx.inf.resolveShape(variable.shape))) return;
    const called = CALLED[wanted] ?? wanted;
    if (variable.declared)
      refuse(
        args[i] as Term,
        "unsupported",
        `${tree.name} takes a ${called} matrix, and ${arg.name} is not declared as one`,
        `${arg.name} : ${wanted}(n)`,
      );
    variable.attributes.add(wanted);
    ctx.scope.remarks.add(`${arg.name} is ${called}`);
  });
}
