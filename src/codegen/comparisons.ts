// The signs of comparisons, which most languages share, and the rows of a table that are made
// of them.
//
// Not here: what a language does about truth values, and signs of its own (targets/).

import { type Comparison, isComparison } from "../expr/operators.ts";

/** Comparisons as most programming languages write them. */
const COMPARISON_SIGNS: Readonly<Record<Comparison, string>> = { gt: ">", ge: ">=", lt: "<", le: "<=", eq: "==", ne: "!=" };

/** The sign of a function of a plan that is a comparison; undefined for another one. */
export const comparisonSign = (name: string): string | undefined => (isComparison(name) ? COMPARISON_SIGNS[name] : undefined);

/** The rows of the comparisons in a table of operators, each made of its sign. */
export function comparisonRows<Row>(row: (sign: string) => Row): Readonly<Record<Comparison, Row>> {
  const { gt, ge, lt, le, eq, ne } = COMPARISON_SIGNS;
  return { gt: row(gt), ge: row(ge), lt: row(lt), le: row(le), eq: row(eq), ne: row(ne) };
}
