// Second derivatives by a symmetric matrix of a function that has values at symmetric matrices alone, as the Cholesky factor.
//
// Their entries would be those of single entries of the matrix, which vary in pairs: only along symmetric directions do they say anything,
// and there is no form of them that is checked.

import { fail } from "../../base/diagnostic.ts";
import { NOWHERE } from "../../base/span.ts";
import type { Target } from "../../elaborate/names/target.ts";
import { isSymmetric } from "../../expr/attributes.ts";
import { mentions, nodes } from "../../expr/expr.ts";
import type { Stated } from "../question/state.ts";

/** Refuses a derivative by several variables where one is a symmetric matrix that such a function depends on. */
export function refuseOnlySymmetric({ expr, library }: Stated, by: readonly Target[]): void {
  const matrices = by.flatMap(({ variable }) => (by.length > 1 && isSymmetric(variable) ? [variable.name] : []));
  for (const node of matrices.length === 0 ? [] : nodes(expr)) {
    const info = node.kind === "apply" ? library.functions.find(node.op) : undefined;
    const matrix = info?.domains.includes("posdef") === true ? matrices.find((name) => mentions(node, name)) : undefined;
    if (info === undefined || matrix === undefined) continue;
    const reason = `${info.name} has values at symmetric matrices alone, where no entry of ${matrix} varies by itself`;
    fail("unsupported", `cannot differentiate twice by ${matrix}: ${reason}`, NOWHERE, {
      fix: `by a number t, with ${matrix} + t*V for ${matrix}`,
    });
  }
}
