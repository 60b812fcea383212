// LaTeX mathematics: the case file, places in the source, and large and hostile texts.

import { describe, expect, it } from "vitest";
import { renderDiagnostic } from "../../src/base/diagnostic.ts";
import { isLatex } from "../../src/syntax/latex/scan.ts";
import { translate } from "../../src/syntax/latex/translate.ts";
import { parse } from "../../src/syntax/parse.ts";
import type { Tree } from "../../src/syntax/tree.ts";
import { readCases } from "./caseFile.ts";
import { isLatexFunction as isFunction } from "./functions.ts";
import { showDocument } from "./show.ts";

const read = (input: string) => parse(input, { isFunction, notation: "latex" });

describe("latex.txt", () => {
  for (const c of readCases(new URL("latex.txt", import.meta.url)))
    it(c.title, () => {
      const result = read(c.input);
      expect(result.ok ? showDocument(result.document) : renderDiagnostic(result.diagnostics[0] as never, c.input)).toBe(c.expected);
    });
});

describe("places", () => {
  const right = (input: string): Tree => {
    const result = read(input);
    if (!result.ok || result.document.final?.kind !== "value") throw new Error("not read");
    return result.document.final.value as Tree;
  };
  const source = (input: string, tree: Tree): string => input.slice(tree.span.start, tree.span.end);

  it("lead into the LaTeX", () => {
    const input = "\\mathbf{w}^\\top \\mathbf{x} + \\frac{a}{\\sqrt{b}}";
    const sum = right(input);
    if (sum.kind !== "binary") throw new Error("not a sum");
    expect(source(input, sum)).toBe(input);
    expect(source(input, sum.left)).toBe("\\mathbf{w}^\\top \\mathbf{x}");
    expect(source(input, sum.right)).toBe("\\frac{a}{\\sqrt{b}}");
  });

  it("of what a macro made are those of its call", () => {
    const input = "\\newcommand{\\w}{\\mathbf{w}^\\top} \\w + x";
    const sum = right(input);
    expect(sum.kind === "binary" ? source(input, sum.left) : "").toBe("\\w");
  });
});

describe("LaTeX is recognised", () => {
  it.each(["\\alpha", "x^{\\top}", "\\|x\\|", "a\\,b"])("%s", (text) => expect(isLatex(text)).toBe(true));
  it.each(["x' * A", "x # \\alpha in a comment", "x^{2}", "A .* B"])("but not in %s", (text) => expect(isLatex(text)).toBe(false));
  it("without being told", () => {
    const result = parse("w^\\top x", { isFunction });
    expect(result.ok ? showDocument(result.document) : "").toBe("(beside (transpose w) x)");
  });
});

const DEEP = 20_000;
const MANY = 10_000;
const SECONDS = 8_000;

// biome-ignore format: one text a row
const LARGE: readonly (readonly [what: string, text: string, outcome: string])[] = [
  ["20,000 groups",                  `${"{".repeat(DEEP)}x${"}".repeat(DEEP)}`,                          "read"],
  ["20,000 brackets",                `${"\\left(".repeat(DEEP)}x${"\\right)".repeat(DEEP)}`,             "read"],
  ["5,000 fractions in one another", `${"\\frac{1}{".repeat(5000)}x${"}".repeat(5000)}`,                 "read"],
  ["10,000 roots",                   `${"\\sqrt{".repeat(MANY)}x${"}".repeat(MANY)}`,                    "read"],
  ["10,000 terms",                   Array.from({ length: MANY }, (_, i) => `x_{${i}}`).join(" + "),     "read"],
  ["5,000 norms",                    Array.from({ length: 5000 }, () => "\\|x\\|^2").join(" + "),        "read"],
  ["10,000 letters",                 "x".repeat(MANY),                                                   "read"],
  ["20,000 unclosed groups",         "{".repeat(DEEP),                                                   "syntax"],
  ["20,000 unclosed \\left(",        "\\left(".repeat(DEEP),                                             "syntax"],
  ["5,000 unended environments",     "\\begin{cases}".repeat(5000),                                      "syntax"],
  ["1,000 environments in one another", `${"\\begin{matrix}".repeat(1000)}x${"\\end{matrix}".repeat(1000)}`, "limit"],
  ["10,000 powers",                  `x${"^{x".repeat(MANY)}${"}".repeat(MANY)}`,                        "read"],
  ["a macro that doubles itself",    "\\def\\a{\\a\\a}\\a",                                              "limit"],
  ["two macros that call each other", "\\def\\a{\\b}\\def\\b{\\a}\\a",                                   "limit"],
  ["10,000 macros",                  `${Array.from({ length: MANY }, () => "\\def\\a{x}").join("")}\\a`,  "read"],
  ["10,000 backslashes",             "\\".repeat(MANY),                                                  "empty"],
  ["signs of all kinds",             "&&&$$$@@@",                                                        "lexical"],
];

describe("large and hostile texts", () => {
  it.each(LARGE)("%s", { timeout: SECONDS }, (_, text, outcome) => {
    const result = read(text);
    expect(result.ok ? "read" : result.diagnostics[0]?.code).toBe(outcome);
  });

  it("are asked for each of their words a number of times that does not depend on their length", () => {
    const questions = (n: number): number => {
      const text = "\\frac{\\partial}{\\partial x} \\| A_{ij} x^{2} \\|_2 = \\operatorname{softplus}(x) + ".repeat(n);
      let asked = 0;
      translate(`${text}x`, {
        isFunction: (name) => {
          asked++;
          return isFunction(name);
        },
      });
      return asked;
    };
    expect(questions(400)).toBeGreaterThan(0);
    expect(questions(800)).toBeLessThan(2.1 * questions(400));
  });
});
