// How time grows with the size of an expression: t(n), t(2n) and their ratio, which is 2
// where work is proportional to size. Text in, text out, long answers with names for parts.

import type { differentiate as Differentiate } from "../src/index.ts";
import { FAMILIES } from "./families.ts";

/** Rows of a table: family, n, milliseconds at n and at 2n, their ratio, operations of the named form for each unit of n. */
export function growthRows(differentiate: typeof Differentiate, sizes: readonly number[], repeats: number): string[][] {
  const time = (ask: () => void): number => {
    const times = Array.from({ length: repeats }, () => {
      const begun = performance.now();
      ask();
      return performance.now() - begun;
    });
    return times.sort((a, b) => a - b)[repeats >> 1] as number;
  };
  return FAMILIES.flatMap(({ name, question }) =>
    sizes.map((n) => {
      let characters = 0;
      const at = (size: number): number => {
        const asked = { ...question(size), where: true };
        return time(() => {
          const answer = differentiate(asked);
          if (!answer.ok) throw new Error(answer.diagnostics[0]?.message);
          characters = answer.ascii.length + answer.where.reduce((sum, part) => sum + part.ascii.length, 0);
        });
      };
      const [once, twice] = [at(n), at(2 * n)];
      return [name, `${n}`, once.toFixed(0), twice.toFixed(0), (twice / once).toFixed(2), (characters / (2 * n)).toFixed(1)];
    }),
  );
}
