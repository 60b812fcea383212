// Large and hostile texts: a right answer or a clear diagnostic, in seconds, without
// running out of stack.

import { describe, expect, it } from "vitest";
import { MAX_LENGTH, parse } from "../../src/syntax/parse.ts";
import { isFunction } from "./functions.ts";

const DEEP = 20_000;
const MANY = 10_000;
const SECONDS = 8_000; // generous: the machine may be busy

const nest = (open: string, inner: string, close: string): string => open.repeat(DEEP) + inner + close.repeat(DEEP);
const list = (separator: string, item = (i: number): string => `x${i}`): string =>
  Array.from({ length: MANY }, (_, i) => item(i)).join(separator);

// biome-ignore format: one text a row
const GOOD: readonly (readonly [what: string, text: string])[] = [
  ["20,000 parentheses",            nest("(", "x", ")")],
  ["20,000 nested sums",            nest("(", "x", "+1)")],
  ["20,000 nested calls",           nest("sin(", "x", ")")],
  ["20,000 square brackets",        nest("[", "x", "]")],
  ["20,000 exponents in brackets",  nest("(", "x", ")^2")],
  ["10,000 terms",                  list(" + ")],
  ["10,000 differences of squares", list(" - ", (i) => `x${i}^2`)],
  ["10,000 factors",                list("*")],
  ["10,000 juxtaposed names",       list(" ")],
  ["10,000 entries of a row",       `[${list(", ")}]`],
  ["10,000 rows",                   `[${list("; ")}]`],
  ["10,000 arguments",              `max(${list(", ")})`],
  ["10,000 minus signs",            `${"-".repeat(MANY)}x`],
  ["10,000 transposes",             `x${"'".repeat(MANY)}`],
  ["10,000 definitions",            `${list("; ", (i) => `x${i} = ${i}`)}; x0`],
  ["5,000 cases",                   `{${list("; ", (i) => `${i} if z > ${i}`)}; 0 otherwise}`],
  ["10,000 declarations",           `${list(", ", (i) => `x${i} : scalar`)}; x0`],
  ["10,000 empty lines",            `${"\n".repeat(MANY)}x${"\n;".repeat(MANY)}`],
];

// biome-ignore format: one text a row
const BAD: readonly (readonly [what: string, text: string, code: string])[] = [
  ["1 MB of text",                 "x+".repeat(525_000),              "limit"],
  ["500,001 names and signs",      `${"x+".repeat(250_000)}x`,        "limit"],
  ["one character too many",       "x".repeat(MAX_LENGTH + 1),        "limit"],
  ["20,000 unclosed brackets",     "(".repeat(DEEP),                  "syntax"],
  ["20,000 closing brackets",      ")".repeat(DEEP),                  "syntax"],
  ["20,000 mismatched brackets",   "(".repeat(DEEP) + "]".repeat(DEEP), "syntax"],
  ["a hole at depth 20,000",       nest("(", "x *", ")"),             "syntax"],
  ["10,000 powers in a row",       list("^"),                         "limit"],
  ["10,000 nested index sums",     `${list(" ", (i) => `sum_i${i}`)} x`, "limit"],
  ["10,000 operators",             "+*".repeat(MANY),                 "syntax"],
  ["10,000 numbers",               list(" ", (i) => `${i}`),          "syntax"],
  ["a number of 100,000 digits",   "1".repeat(100_000),               "limit"],
  ["100,000 unknown characters",   "$".repeat(100_000),               "lexical"],
  ["the empty text",               "",                                "empty"],
  ["white space alone",            " \n\t ;; \n",                     "empty"],
  ["a comment alone",              "# nothing",                       "empty"],
  ["a lone operator",              "+",                               "syntax"],
];

describe("large texts are read", () => {
  it.each(GOOD)("%s", { timeout: SECONDS }, (_, text) => {
    expect(text.length).toBeLessThan(MAX_LENGTH);
    const result = parse(text, { isFunction });
    expect(result.ok || result.diagnostics[0]).toBe(true);
  });
});

describe("what cannot be read is refused", () => {
  it.each(BAD)("%s", { timeout: SECONDS }, (_, text, code) => {
    const result = parse(text, { isFunction });
    expect(result.ok ? "read" : result.diagnostics[0]?.code).toBe(code);
  });
});
