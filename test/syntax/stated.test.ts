// Declarations in other words than those of the language.

import { describe, expect, it } from "vitest";
import { withStated } from "../../src/syntax/stated/declarations.ts";
import { readCases } from "./caseFile.ts";

describe("declarations in other words", () => {
  for (const { title, input, expected } of readCases(new URL("stated.txt", import.meta.url)))
    it(title, () => {
      expect(withStated(input)?.text ?? input).toBe(expected);
    });

  it("lead back to their places", () => {
    const source = "x : vector(n), A is symmetric";
    const { text, toSource } = withStated(source) ?? { text: "", toSource: () => ({ start: 0, end: 0 }) };
    const at = text.indexOf("A : symmetric");
    expect(source.slice(toSource(at, at + 1).start)).toBe("A is symmetric");
  });
});
