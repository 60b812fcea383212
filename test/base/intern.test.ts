// What a table by hashes gives back, and that it is emptied with the others.

import { expect, it } from "vitest";
import { createHashTable, trimTables } from "../../src/base/intern.ts";

it("a table by hashes tells apart what shares a hash, and is emptied with the others", () => {
  const table = createHashTable<string>();
  const find = (text: string) => table.find(text.length, (known) => known === text);
  for (const text of ["ab", "cd", "efg"]) expect(table.add(text.length, text)).toBe(text);
  expect(["ab", "cd", "efg", "xy"].map(find)).toEqual(["ab", "cd", "efg", undefined]);
  expect(trimTables(0)).toBe(true);
  expect(find("ab")).toBeUndefined();
});
