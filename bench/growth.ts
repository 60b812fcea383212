// How time and length grow with the size of an expression: t(n), t(2n) and their ratio, which
// is 2 where work is proportional to size. Text in, text out, long answers with names for parts;
// every run begins with empty tables.

import { nodes } from "../src/expr/expr.ts";
import { FAMILIES, type Family } from "./families.ts";
import { answered, forget, library } from "./library.ts";
import { cell, median, table } from "./measure.ts";
import { dagOperations } from "./operations.ts";

const SIZES = [250, 500, 1000, 8000];
const HESSIAN_SIZES = [32, 64, 128];
/** Of questions that take seconds one run tells enough. */
const repeats = (n: number): number => (n <= 2000 ? 3 : 1);

/** Smaller sizes where `quick`. */
export function growth(quick: boolean): void {
  const sizes = quick ? SIZES.slice(0, 2) : SIZES;
  grown("Growth: milliseconds at n and 2n, long answers with names for parts", FAMILIES, sizes, 1);
  grown(
    "Growth of Hessians",
    FAMILIES.filter((f) => f.hessian),
    HESSIAN_SIZES.slice(0, quick ? 1 : undefined),
    2,
  );
  const network = FAMILIES.find((f) => f.name === "network");
  if (network === undefined) return;
  table(
    "Networks of L layers, by the first weight",
    ["L", "ms"],
    [1, 2, 5, 10, 50, 1000].map((layers) => {
      const begun = performance.now();
      answered(library.differentiate({ ...network.question(layers), where: true }));
      return [`${layers}`, cell(performance.now() - begun, 1)];
    }),
  );
  const deep = FAMILIES.filter((f) => f.name !== "network" && f.name !== "residual network");
  table(
    "Depth 100,000 on the default stack",
    ["family", "ms"],
    deep.slice(0, 1).map(({ name, question }) => {
      const begun = performance.now();
      answered(library.differentiate({ ...question(100_000), where: true }));
      return [name, cell(performance.now() - begun)];
    }),
  );
}

function grown(title: string, families: readonly Family[], sizes: readonly number[], order: number): void {
  const rows = families.flatMap(({ name, question }) => {
    const at = (n: number): { ms: number; characters: number; operations: number } => {
      const asked = { ...question(n), where: true, order };
      let [characters, operations] = [0, 0];
      const times = Array.from({ length: repeats(n) }, () => {
        // Terms of the run before it would be found again where they are few enough to be kept.
        forget();
        const begun = performance.now();
        const answer = answered(library.differentiate(asked));
        const ms = performance.now() - begun;
        characters = answer.ascii.length + answer.where.reduce((sum, part) => sum + part.ascii.length, 0);
        operations = dagOperations(answer.expr, nodes);
        return ms;
      });
      return { ms: median(times), characters, operations };
    };
    return sizes.map((n) => {
      const [once, twice] = [at(n), at(2 * n)];
      return [
        name,
        `${n}`,
        cell(once.ms),
        cell(twice.ms),
        cell(twice.ms / once.ms, 2),
        cell(twice.operations / (2 * n), 1),
        cell(twice.characters / (2 * n), 1),
      ];
    });
  });
  table(title, ["family", "n", "t(n)", "t(2n)", "ratio", "operations/n", "characters/n"], rows);
}
