// Letters of counts that stand as numbers do: n of n log λ − λ sum(x), which scales numbers and nothing else.
//
// Invariant: what is found here is a vector or a matrix by its letter alone, and the value it stands in is one
// for its sake only.

import type { VariableInfo } from "../names/scope.ts";
import type { Context, Term } from "../terms/term.ts";

const COUNT = /^[nmkNMKT](?:_[\p{L}\p{N}]+|\d*)$/u;

/** Whether a small letter is that of a count or of another number that scales: n, m and k. */
export const isSmallCount = (name: string): boolean => COUNT.test(name) && /^[a-z]/.test(name);

/** Those of the names, read as vectors or matrices, that only multiply and divide numbers. */
export function countsAmong(ctx: Context, names: readonly VariableInfo[]): VariableInfo[] {
  const { inf, scope } = ctx;
  return names.filter(
    (v) =>
      COUNT.test(v.name) &&
      !v.likelyVector &&
      !scope.vectors.has(v.name) &&
      ["column", "matrix"].includes(inf.orientation(v.shape)) &&
      scalesNumbers(ctx, v),
  );
}

// Whether the shape of a name is handed on from each term to the next up to the value, past numbers only.
function scalesNumbers({ inf, terms, products }: Context, variable: VariableInfo): boolean {
  const shaped = new Set<Term>();
  let scales = false;
  for (const term of terms) {
    if (term.variable === variable) shaped.add(term);
    if (!term.args.some((a) => shaped.has(a))) continue;
    if (inf.scalar(term.shape) === "yes") return false;
    shaped.add(term);
    if (!products.has(term)) continue;
    if (!term.args.some((a) => inf.scalar(a.shape) === "yes")) return false;
    scales = true;
  }
  return scales;
}
