// Large texts through elaboration: nothing recurses over the depth of an input, and
// inference stays near linear in its length.

import { describe, expect, it } from "vitest";
import { elaborate } from "../../src/elaborate/elaborate.ts";
import { functions } from "./functions.ts";

const DEEP = 20_000;
const MANY = 10_000;
const SECONDS = 15_000; // generous: the machine may be busy

const nest = (open: string, inner: string, close: string, depth = DEEP): string => open.repeat(depth) + inner + close.repeat(depth);
const list = (separator: string, item: (i: number) => string, count = MANY): string =>
  Array.from({ length: count }, (_, i) => item(i)).join(separator);

// biome-ignore format: one text a row
const GOOD: readonly (readonly [what: string, text: string, declarations?: string])[] = [
  ["20,000 parentheses",               nest("(", "x", ")")],
  ["20,000 nested sums of a vector",   nest("(", "x", "+1)"),                     "x : vector(n)"],
  ["20,000 nested calls",              nest("sin(", "x", ")")],
  ["10,000 terms of one name",         list(" + ", () => "x")],
  ["10,000 terms of as many names",    list(" + ", (i) => `x${i}`)],
  ["10,000 squares",                   list(" - ", (i) => `x${i}^2`)],
  ["10,000 factors",                   list(" ", (i) => `a${i}`)],
  ["2,000 matrices",                   list(" ", (i) => `A${i}`, 2000)],
  ["10,000 entries",                   list(" + ", (i) => `x[${i + 1}]`)],
  ["a row of 10,000 columns",          `[${list(", ", (i) => `x${i}`)}]`],
  ["a column of 10,000 numbers",       `[${list("; ", (i) => `${i}`)}]`],
  ["5,000 definitions in a chain",     `z0 = x\n${list("\n", (i) => `z${i + 1} = sin(z${i})`, 5000)}`],
  ["3,000 cases",                      `{${list("; ", (i) => `${i} if a > ${i}`, 3000)}; 0 otherwise}`],
  ["3,000 nested stacks",              nest("[x; ", "x", "]", 3000),             "x : vector(n)"],
  ["3,000 nested vec",                 nest("vec(", "X", ")", 3000)],
  ["900 index sums",                   list(" ", (i) => `sum_j${i} x[j${i}]`, 900)],
];

describe("large texts become terms", () => {
  it.each(GOOD)("%s", { timeout: SECONDS }, (_, text = "", declarations) => {
    const result = elaborate(declarations === undefined ? { text, functions } : { text, functions, declarations });
    expect(result.ok || result.diagnostics[0]).toBe(true);
  });

  it("a size nested without end is refused", () => {
    const result = elaborate({ text: `ones(${list("+", () => "n")})`, functions });
    expect(result.ok ? "read" : result.diagnostics[0]?.code).toBe("limit");
  });

  it("a stack of thousands of different sizes is refused", { timeout: SECONDS }, () => {
    const result = elaborate({ text: `[${list("; ", (i) => `x${i}`, 2000)}]`, functions });
    expect(result.ok ? "read" : result.diagnostics[0]?.code).toBe("limit");
  });

  it("10,000 vectors side by side are two vectors that do not multiply", { timeout: SECONDS }, () => {
    const result = elaborate({ text: list(" ", (i) => `x${i}`), functions });
    expect(result.ok ? "read" : result.diagnostics[0]?.code).toBe("shape");
  });
});
