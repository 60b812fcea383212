// Sets of names, held against plain sets.

import { describe, expect, it } from "vitest";
import { trimTables } from "../../src/base/intern.ts";
import { hasName, leastOf, type NameSet, NO_NAMES, nameSet, namesIn, unionNames } from "../../src/tensor/form/names.ts";

const setOf = (names: readonly string[]): NameSet => unionNames(names.map(nameSet));

/** Numbers that look random and are the same in every run. */
function draws(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

describe("a set of names", () => {
  it("holds what a plain set holds, whatever is united with whatever", () => {
    const draw = draws(7);
    const all = Array.from({ length: 60 }, (_, i) => `W_${i}`);
    const pool: [NameSet, Set<string>][] = all.map((n) => [nameSet(n), new Set([n])]);
    for (let i = 0; i < 400; i++) {
      const [[a, p], [b, q]] = [pool[draw(pool.length)], pool[draw(pool.length)]] as [(typeof pool)[0], (typeof pool)[0]];
      const [united, plain] = [unionNames([a, b]), new Set([...p, ...q])];
      expect(new Set(namesIn(united))).toEqual(plain);
      expect(namesIn(united)).toHaveLength(plain.size);
      for (const n of [...all, "x"]) expect(hasName(united, n)).toBe(plain.has(n));
      pool.push([united, plain]);
    }
  });

  it("is one object for equal names in any order", () => {
    const names = Array.from({ length: 100 }, (_, i) => `h_${i}`);
    expect(setOf([...names].reverse())).toBe(setOf(names));
    expect(unionNames([setOf(names), setOf(names.slice(20, 70))])).toBe(setOf(names));
    expect(unionNames([])).toBe(NO_NAMES);
  });

  it("is united with sets made before the tables were emptied", () => {
    const before = setOf(["a", "b", "c"]);
    trimTables(0);
    expect(new Set(namesIn(unionNames([before, setOf(["b", "c", "d"])])))).toEqual(new Set(["a", "b", "c", "d"]));
  });

  it("has a least value", () => {
    const value = (name: string): number => Number(name.slice(2));
    expect(leastOf(setOf(["h_7", "h_3", "h_12"]), value, new Map())).toBe(3);
  });
});
