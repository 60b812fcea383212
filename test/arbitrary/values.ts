// Sizes of the dimensions of the stock, and random values of its variables.

import { type Matrix, matrix } from "../../src/numeric/matrix.ts";
import { createRandom } from "../../src/numeric/random.ts";
import { STOCK } from "./expr.ts";

/** The sizes n and m. */
export const SIZES = new Map([
  ["n", 3],
  ["m", 2],
]);

/** A value for every variable of the stock, between 0.3 and 1.4, symmetric where that is an attribute. */
export function valuesOf(seed: number): Map<string, Matrix> {
  const random = createRandom(seed);
  return new Map(
    STOCK.map(([name, [rows, cols], attributes]) => {
      const count = (d: string | number): number => (typeof d === "number" ? d : (SIZES.get(d) as number));
      const [r, c] = [count(rows), count(cols)];
      const value = matrix(
        r,
        c,
        Float64Array.from({ length: r * c }, () => random.between(0.3, 1.4)),
      );
      if (attributes?.includes("symmetric"))
        for (let i = 0; i < r; i++) for (let j = 0; j < i; j++) value.data[j + r * i] = value.data[i + r * j] as number;
      return [name, value];
    }),
  );
}
