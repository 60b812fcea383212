// Texts that are taken for a name without being parsed: the parser reads each of them as
// that name, whatever functions and variables there are.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isPlainName, parse } from "../../src/syntax/parse.ts";
import { isFunction } from "./functions.ts";

const words = ["if", "otherwise", "else", "sum", "prod", "exp", "d", "dx", "T", "pi", "x", "I", "e", "1", "_", "{", "'"];
const texts = fc.oneof(
  fc.constantFrom(...words),
  fc.array(fc.constantFrom(...words), { maxLength: 3 }).map((parts) => parts.join("")),
);

describe("a plain name", () => {
  it("is what the parser reads as that name", () => {
    fc.assert(
      fc.property(texts, fc.boolean(), (text, known) => {
        if (!isPlainName(text)) return;
        const result = parse(text, { isFunction, isVariable: () => known });
        const value = result.ok && result.document.final?.kind === "value" ? result.document.final.value : undefined;
        expect(value?.kind === "name" ? value.name : undefined, text).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });

  it("is no word of the grammar", () => {
    expect(["if", "otherwise"].filter(isPlainName)).toEqual([]);
    expect(["n", "W1", "batch"].filter(isPlainName)).toEqual(["n", "W1", "batch"]);
  });
});
