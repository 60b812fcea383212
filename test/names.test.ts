// Names that every object of JavaScript has may be those of variables, sizes and functions: what is
// answered is what is answered of any other name.

import { describe, expect, it } from "vitest";
import { CODE_TARGETS, checkClaim, compile, derive, differentiate, evaluate, exportCode } from "../src/index.ts";

const NAMES = Object.getOwnPropertyNames(Object.prototype).filter((name) => /^[a-z]+$/i.test(name));

/** A name that sorts where the given one does. */
const beside = (name: string): string => `${name}z`;

/** What is asked with a name in it; what is answered, as text. */
const QUESTIONS: Readonly<Record<string, (name: string) => unknown>> = {
  "a variable": (name) => differentiate({ expr: `${name}'*x + sum(exp(${name}))`, wrt: name, vars: { [name]: ["n"], x: ["n"] } }),
  "an undeclared variable": (name) => differentiate({ expr: `${name}^2*sin(${name})`, wrt: name }),
  "a matrix": (name) => differentiate({ expr: `tr(inv(${name})*A)`, wrt: name, vars: { [name]: ["n", "n"], A: ["n", "n"] } }),
  "a size": (name) => differentiate({ expr: "sum(exp(x))/2", wrt: "x", vars: { x: [name] } }),
  "a function without a body": (name) =>
    differentiate({ expr: `${name}(x)`, wrt: "x", declarations: `${name} : elementwise; x : vector(n)` }),
  "a function of a vector": (name) =>
    differentiate({ expr: `${name}(A*x)`, wrt: "x", declarations: `${name} : vector(m) -> scalar; A : matrix(m, n); x : vector(n)` }),
  "a function that does not exist": (name) => differentiate({ expr: `${name}(x)`, wrt: "x" }),
  "a name with an index": (name) => differentiate({ expr: `sum_i ${name}_i^2`, wrt: name }),
  "a definition": (name) => differentiate({ expr: `sum(${name})`, wrt: "x", let: [[name, "x.^2"]] }),
  "a command of LaTeX": (name) => differentiate({ expr: `\\${name}(x)`, wrt: "x", notation: "latex" }),
  "a word of LaTeX": (name) => differentiate({ expr: `\\operatorname{${name}}(x) + \\mathrm{${name}}`, wrt: "x", notation: "latex" }),
  "a norm of LaTeX": (name) => differentiate({ expr: `\\|x\\|_{${name}}`, wrt: "x", notation: "latex" }),
  "a norm": (name) => differentiate({ expr: `||x||_${name}`, wrt: "x" }),
  steps: (name) => derive({ expr: `sum(relu(${name}*x))`, wrt: "x", vars: { [name]: ["m", "n"], x: ["n"] } }),
  "a claim": (name) => checkClaim({ claim: `d(${name}'*x)/dx = ${name}'` }),
  "a value": (name) => evaluate({ expr: `2*${name}`, at: { [name]: 3 } }),
  "an attribute": (name) => differentiate({ expr: "x", wrt: "x", attrs: { x: [name] } }),
  ...Object.fromEntries(
    CODE_TARGETS.map((target) => [
      `code in ${target}`,
      (name: string) => exportCode({ expr: `sum(exp(${name}.*x))`, wrt: name, vars: { [name]: ["n"], x: ["n"] }, target }),
    ]),
  ),
  "a compiled function": (name) => {
    const compiled = compile({ expr: `sum(${name}.^2)`, wrt: name, vars: { [name]: ["n"] } });
    return compiled.ok ? compiled.run({ [name]: [1, 2] }) : compiled;
  },
};

describe.each(NAMES)("%s", (name) => {
  it.each(Object.entries(QUESTIONS))("is %s as others are", async (_, ask) => {
    const shown = async (written: string): Promise<string> =>
      JSON.stringify(await ask(written), (_, value) => (typeof value === "bigint" ? `${value}` : value));
    const [here, usual] = [await shown(name), await shown(beside(name))];
    expect(here.length).toBeGreaterThan(20);
    expect(plain(here.replaceAll(`${name}_`, name))).toBe(plain(usual.replaceAll(beside(name), name)));
  });
});

/** Places in texts differ by the length of the name, and a language that has the word writes another. */
const plain = (text: string): string => text.replace(/"(start|end|column)":\d+/g, "");
