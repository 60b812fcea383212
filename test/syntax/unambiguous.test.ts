// Every input has one parse: `parse` throws where nearley finds more, so it is enough
// that it answers. All pairs of operators, with every prefix and postfix sign, bare and in
// every bracket; then random token soup, which must be answered too, if only by a
// diagnostic.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SIGNS, type SignName, spellings } from "../../grammar/glyphs.ts";
import { parse } from "../../src/syntax/parse.ts";
import { isFunction } from "./functions.ts";

const BINARY: readonly SignName[] = [
  ...(["plus", "minus", "times", "divide", "solve", "hadamard", "hdivide", "power", "hpower", "dot", "kron", "colon"] as const),
  ...(["gt", "ge", "lt", "le", "eq", "ne"] as const),
];
const isComparison = (op: string): boolean => ["gt", "ge", "lt", "le", "eq", "ne"].includes(op);
const PREFIX = ["", "-", "+", "sum_i "];
const POSTFIX = ["", "'", "²", "[1]", "⁻ᵀ", "′"];
const WRAPS: readonly ((text: string) => string)[] = [
  (t) => t,
  (t) => `(${t})`,
  (t) => `[${t}, c]`,
  (t) => `f(${t})`,
  (t) => `{${t} if a > b; ${t} otherwise}`,
];
/** In the bracket of an index a colon is no operator: it stands between the ends of a range. */
const INDEX = (t: string): string => `x[${t}]`;

/** Whether the text has a parse; throws where it has several. */
const parses = (text: string): boolean => parse(text, { isFunction }).ok;

describe("every pair of operators", () => {
  const pairs = BINARY.flatMap((a) => BINARY.map((b) => [a, b] as const));

  it.each([...WRAPS, INDEX].map((wrap) => [wrap("…"), wrap] as const))("has one parse in %s", (_, wrap) => {
    for (const [a, b] of wrap === INDEX ? pairs.filter((pair) => !pair.includes("colon")) : pairs)
      for (const prefix of PREFIX)
        for (const postfix of POSTFIX) {
          const text = wrap(`x ${SIGNS[a].ascii} ${prefix}y${postfix} ${SIGNS[b].ascii} z`);
          const chained = isComparison(a) && isComparison(b);
          const summed =
            prefix === "sum_i " && !["plus", "minus", "times", "divide", "solve", "hadamard", "dot"].includes(a) && !isComparison(a);
          expect([text, parses(text)]).toEqual([text, !chained && !summed]);
        }
  });

  it("has one parse on either side of a range", () => {
    // A bracket with a comparison in it is no index.
    for (const [a, b] of pairs.filter((pair) => !pair.some(isComparison))) {
      const text = INDEX(`x ${SIGNS[a].ascii} y : z ${SIGNS[b].ascii} w`);
      expect([text, parses(text)]).toEqual([text, a !== "colon" && b !== "colon"]);
    }
  });

  it("has one parse with juxtaposition on either side", () => {
    for (const a of BINARY)
      for (const postfix of POSTFIX)
        for (const text of [
          `x y${postfix} ${SIGNS[a].ascii} z`,
          `x ${SIGNS[a].ascii} y${postfix} z`,
          `2(x ${SIGNS[a].ascii} y)${postfix}z`,
        ])
          expect([text, parses(text)]).toEqual([text, true]);
  });
});

const TOKENS = [
  ...Object.keys(SIGNS).flatMap((name) => spellings(name as SignName)),
  ..."x y f sin T d dx 1 2.5 .5 ² ⁻¹ 1⃗ sum_i Σ_j sum_{i=1}^n ∇ ∇_w ∂₁ .T if otherwise diff vector scalar : elementwise".split(" "),
  "\n",
  ";",
  " ",
];

describe("any text", () => {
  it("is answered by a tree or a diagnostic", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...TOKENS), { maxLength: 24 }), fc.boolean(), (tokens, spaced) => {
        const text = tokens.join(spaced ? " " : "");
        const result = parse(text, { isFunction });
        if (!result.ok) {
          const [d] = result.diagnostics;
          expect(d?.message).toMatch(/./);
          expect(d?.span.start).toBeGreaterThanOrEqual(0);
          expect(d?.span.end).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("of arbitrary characters is answered", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 40 }), (text) => {
        parse(text, { isFunction });
      }),
    );
  });
});
