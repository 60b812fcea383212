// What is said about a mistake in a .rules file: every one is refused, with its line.

import { describe, expect, it } from "vitest";
import { renderDiagnostic } from "../../src/base/diagnostic.ts";
import { InputError, parseRules } from "../../src/index.ts";
import { library } from "./claims.ts";

function said(text: string): string {
  try {
    parseRules(text, library.functions);
    return "nothing";
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const [head = "", ...rest] = renderDiagnostic(error.diagnostic, text, "my.rules").split("\n");
    return [head, rest.find((l) => l.startsWith("  fix:"))?.trim() ?? ""].join(" ").trim();
  }
}

// biome-ignore format: a table is read by columns
const FAULTS: readonly (readonly [lines: string, said: string])[] = [
  ["function foo : elementwise; domian positive", "error: no option of a function is called domian fix: did you mean domain?"],
  ["function foo : elementwise; domain positve", "error: no domain is called positve fix: did you mean positive?"],
  ["function foo : elementwise; domain positive, real", "error: 2 domains, and the number of arguments is 1"],
  ["function foo : elementwise; range odd", "error: no range is called odd fix: positive, nonnegative, fraction, triangular"],
  ["function foo : elementwise; notation power", "error: no notation is called power fix: pow, hpow"],
  ["function foo : elementwise; kinks; kinks", "error: the option kinks is stated twice fix: one of the two"],
  ["function foo : elementwise; primary yes", "error: yes stands behind an option that takes no value"],
  ["function foo : vector(n) -> scalar; rows rowmaxx", "error: no function of a matrix is called rowmaxx fix: did you mean rowmax?"],
  ["function foo (exp) : elementwise", "error: exp is a name of the function exp already fix: another name"],
  ["function foo (ln) : elementwise", "error: ln is a name of the function log already fix: another name"],
  ["function foo (exp/1) : elementwise", "error: exp/1 is a name of the function exp already fix: another name"],
  ["function sin : elementwise", "error: sin is a name of the function sin already fix: another name"],
  ["function foo (tr) : elementwise", "error: tr is a function of the language itself fix: another name"],
  ["function 2foo : elementwise", "error: 2foo is no name fix: a letter, then letters, digits and _"],
  ["exp/own  exp(2*x) = exp(x)^2  if positve x", "error: no condition is called positve fix: did you mean positive?"],
  ["exp/own  exp(2*x) = exp(x)^2  if positive y", "error: the condition positive is about y, which the left side has not fix: x"],
  ["exp/own  exp(0) = 1\nexp/own  exp(2*x) = exp(x)^2", "error: two rules are called exp/own fix: another name behind the stroke"],
];

describe("a mistake in a .rules file is refused with its line", () => {
  it.each(FAULTS)("%s", (lines, message) => {
    const text = `# my rules\n\n${lines}\n`;
    const line = 2 + lines.split("\n").length;
    expect(said(text)).toBe(`my.rules:${line}:1: ${message}`);
  });

  it.each([
    ["foo/a  foo(x) := x\nfoo/b  foo(x) := 2*x", 4, "foo is defined by foo/a already fix: an identity, with = and not :="],
    ["foo/a  foo(x) := foo(2*x)", 3, "foo/a defines foo through itself"],
    ["foo/a  foo(x) = foo(2*x)", 3, "foo/a has foo on its right side, too, and would never end"],
    ["function foo : elementwise", 3, "foo is a name of the function foo already fix: another name"],
  ])("%s", (lines, line, message) => {
    expect(said(`# my rules\nfunction foo : elementwise\n${lines}`)).toBe(`my.rules:${line}:1: error: ${message}`);
  });
});

describe("what is no mistake", () => {
  it.each([
    "function myFn : elementwise\nmyFn/definition  myFn(x) := x^2\nmyFn/derivative  d(myFn(x)) = 2*x*dx",
    "function exp2 (exp/2) : elementwise 2\nexp2/definition  exp2(x, y) := exp(x)*y",
    "function foo : vector(n) -> scalar; rows rowsum\nfoo/definition  foo(x) := sum(x)",
  ])("%s", (text) => expect(said(text)).toBe("nothing"));
});
