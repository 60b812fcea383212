// Texts of familiar characters and texts of any characters are read by expressions of their
// own. Both read the same text in the same way.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FUNCTION_SIGNS, SIGNS, type SignName, SUBSCRIPTS, SUPERSCRIPT_LETTERS, SUPERSCRIPTS, spellings } from "../../grammar/glyphs.ts";
import { tokenize } from "../../src/syntax/tokens/lexer.ts";

const signs = (Object.keys(SIGNS) as SignName[]).flatMap(spellings);
const parts = [
  ..."abTXeE_019.{}^=#' \t\nαΣΩβ∑∏∇√⁻ᵀ",
  ...[FUNCTION_SIGNS, SUBSCRIPTS, SUPERSCRIPTS, SUPERSCRIPT_LETTERS].flatMap(Object.keys),
  ...signs,
  ...["sum", "prod", "1e5", "x_1", "sum_{i=1}^n", ".T", "∇_{x}", "1\u20d7", "x\u0302"],
];

/** A letter that is not among the familiar ones, where it says nothing. */
const UNFAMILIAR_COMMENT = "\n# ж";

describe("the lexer", () => {
  it("reads familiar characters as it reads any", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...parts), { maxLength: 12 }), (written) => {
        const text = written.join("");
        const alone = tokenize(text);
        const among = tokenize(`${text}${UNFAMILIAR_COMMENT}`).filter((t) => t.start < text.length);
        expect(alone).toEqual(among);
      }),
      { numRuns: 2000 },
    );
  });

  it("reads letters of other scripts as names", () => {
    expect(tokenize("ж*ℓ'").map((t) => [t.type, t.value])).toEqual([
      ["name", "ж"],
      ["times", "*"],
      ["name", "ℓ"],
      ["transpose", "'"],
    ]);
  });
});
