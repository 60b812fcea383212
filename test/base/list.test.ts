// The loop gives what the built-in method gives.

import fc from "fast-check";
import { expect, it } from "vitest";
import { flatMap } from "../../src/base/list.ts";

it("flatMap is the built-in flatMap", () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.integer())), (lists) => {
      const of = (list: readonly number[], index: number): number[] => [...list, index];
      expect(flatMap(lists, of)).toEqual(lists.flatMap(of));
    }),
  );
});
