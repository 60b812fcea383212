// How a generated function finds out the sizes that it uses: vectors know their lengths,
// matrices given as rows both sides; a flat matrix needs one of its sizes from elsewhere.

import { type Dim, dimNames } from "../../expr/dim.ts";
import type { Names } from "../names.ts";
import { allSteps, type Plan } from "../plan/plan.ts";
import type { Input } from "../targets/signature.ts";

/** A size as an expression. */
export function sizeText(dim: Dim, names: Names): string {
  const text = dim.key.replace(/[\p{L}_][\p{L}\p{M}\p{Nd}_]*/gu, (n) => names.of(n)).replace(/(?<=.)([+-])/g, " $1 ");
  return /[+-]/.test(dim.key) ? `(${text})` : text;
}

/** Names of the sizes that the code of a plan may use; arguments are measured by theirs, also those that no step reads. */
export function sizesUsed(plan: Plan, inputs: readonly Input[]): string[] {
  const axes = [...allSteps(plan.steps), ...inputs].flatMap((s) => s.axes);
  return [...new Set([...axes.flatMap(dimNames), ...plan.sizes])];
}

/** Statements that set every size. */
export function sizeStatements(used: readonly string[], inputs: readonly Input[], names: Names): string[] {
  const known = new Map<string, string>();
  const isOpen = (size: string | undefined): size is string => size !== undefined && used.includes(size) && !known.has(size);
  for (const { name, source, axes } of inputs) {
    const size = nameOf(axes[0]);
    if (axes.length === 1 && isOpen(size)) known.set(size, `lengthGiven(${name}, ${JSON.stringify(source)})`);
  }
  for (const { name, source, axes } of inputs) {
    if (axes.length < 2) continue;
    const sides = axes.map(nameOf);
    for (const [side, size] of sides.entries()) {
      if (!isOpen(size)) continue;
      const isSquare = sides[0] === sides[1];
      const beside = isSquare ? undefined : sideText(axes[1 - side] as Dim, known, names);
      const args = [name, JSON.stringify(source), ...(beside === undefined ? [] : [beside])];
      const measure = isSquare ? "sideGiven" : side === 0 ? "rowsGiven" : "columnsGiven";
      known.set(size, `sizes[${JSON.stringify(size)}] ?? ${measure}(${args.join(", ")})`);
    }
  }
  for (const size of used) if (isOpen(size)) known.set(size, `sizeGiven(sizes, ${JSON.stringify(size)})`);
  return [...known].map(([size, text]) => `const ${names.of(size)} = ${text};`);
}

// The name of a size that is one.
const nameOf = (d: Dim | undefined): string | undefined => (d !== undefined && d.key === dimNames(d)[0] ? d.key : undefined);

// The other side of a matrix: from sizes that are known by now, or stated.
function sideText(d: Dim, known: ReadonlyMap<string, string>, names: Names): string | undefined {
  if (dimNames(d).every((n) => known.has(n))) return sizeText(d, names);
  const name = nameOf(d);
  return name === undefined ? undefined : `sizes[${JSON.stringify(name)}]`;
}
