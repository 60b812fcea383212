// grammar/glyphs.ts against the lexer: every spelling is read as its sign, wherever it
// stands, and no spelling belongs to two signs.

import { describe, expect, it } from "vitest";
import {
  FUNCTION_SIGNS,
  ONES_ARROW,
  OPERATOR_FUNCTIONS,
  operatorFunction,
  SIGNS,
  type SignName,
  SUBSCRIPTS,
  SUM_SIGNS,
  SUPERSCRIPT_LETTERS,
  SUPERSCRIPTS,
  spellings,
  subscript,
  superscript,
  ZEROS_ARROW,
} from "../../grammar/glyphs.ts";
import { tokenize } from "../../src/syntax/tokens/lexer.ts";

const all = (Object.keys(SIGNS) as SignName[]).flatMap((name) => spellings(name).map((text) => [name, text] as const));
const types = (text: string): string[] => tokenize(text).map((t) => t.type);

describe("signs", () => {
  it("have spellings of their own", () => {
    const texts = all.map(([, text]) => text);
    expect(texts.filter((t, i) => texts.indexOf(t) !== i)).toEqual([]);
  });

  it.each(all)("%s is read from %s alone and between names", (name, text) => {
    expect(types(text)).toEqual([name]);
    expect(types(`x${text}y`)).toEqual(["name", name, "name"]);
    expect(types(`x ${text} y`)).toEqual(["name", name, "name"]);
  });

  it.each(all)("%s directly behind a name leaves the name as it is: x%s", (name, text) => {
    for (const word of ["x", "X", "α", "x1", "x_1", "x₁", "x̂", "w_hat"]) {
      const [first, second] = tokenize(word + text);
      expect([first?.text, second?.type]).toEqual([word, name]);
    }
  });

  it.each(all)("%s directly behind a number and before a name: 2%s", (name, text) => {
    expect(types(`2${text}x`)).toEqual(["number", name, "name"]);
  });
});

describe("scripts", () => {
  it("behind a name: superscripts are exponents, subscripts part of the name", () => {
    for (const sign of [...Object.keys(SUPERSCRIPTS).filter((c) => c !== "⁻"), ...Object.keys(SUPERSCRIPT_LETTERS)])
      expect([sign, types(`x${sign}`)]).toEqual([sign, ["name", "superscript"]]);
    for (const [sign, plain] of Object.entries(SUBSCRIPTS)) {
      const [only, ...rest] = tokenize(`x${sign}`);
      expect([only?.type, only?.value, rest.length]).toEqual(["name", `x_${plain}`, 0]);
    }
  });

  it("are written by the same table", () => {
    expect([superscript("-12"), subscript("ij3"), superscript("?"), subscript("q")]).toEqual(["⁻¹²", "ᵢⱼ₃", undefined, undefined]);
  });

  it("ᵀ is never a letter", () => expect(types("AᵀBᵀ")).toEqual(["name", "transpose", "name", "transpose"]));
  it(".T ends a name only where no letter follows", () => {
    expect(types("x.T*y")).toEqual(["name", "transpose", "times", "name"]);
    expect(types("x.Ty")).toEqual(["name", "member"]);
  });
});

describe("words", () => {
  it("with an arrow are vectors of ones and zeros", () =>
    expect(types(`${ONES_ARROW}+${ZEROS_ARROW}`)).toEqual(["arrow", "plus", "arrow"]));
  it("that begin like a sum are names", () => expect(types("summary sum_ sumx")).toEqual(["name", "name", "bad"]));
  it.each(SUM_SIGNS)("%s with an index is a sum over it", (sign) => {
    for (const index of ["_i", "ᵢ", "_{i}", "_{i,j}", "_{i=1}^n", "_{i=1}^{n}"])
      expect([index, types(`${sign}${index} x`)]).toEqual([index, ["sigma", "name"]]);
  });
  it("that are signs of functions are names of functions", () => {
    for (const [sign, name] of Object.entries(FUNCTION_SIGNS)) expect(tokenize(sign)[0]).toMatchObject({ type: "name", value: name });
  });
  it("of structural operators are spelled once", () => {
    const names = Object.values(OPERATOR_FUNCTIONS).flat() as string[];
    expect(names.filter((n, i) => names.indexOf(n) !== i)).toEqual([]);
    for (const [op, list] of Object.entries(OPERATOR_FUNCTIONS)) for (const n of list) expect(operatorFunction(n)).toBe(op);
  });
});
