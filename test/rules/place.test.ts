// Notations wait until a function of theirs is met: what a question has no use for is neither
// decoded nor compiled.

import { describe, expect, it } from "vitest";
import { parseDeclarations, parseExpression } from "../../src/elaborate/elaborate.ts";
import { createLibrary } from "../../src/rewrite/library.ts";
import { placeOf } from "../../src/rewrite/place.ts";
import type { Rule } from "../../src/rewrite/rule.ts";
import { standardRules } from "../../src/rewrite/standard.ts";
import { toTensor } from "../../src/tensor/convert/convert.ts";

const stated = standardRules();
const isNotation = (r: Rule): boolean => r.kind === "notation";

const looked = new Set<string>();
const watched = (rule: Rule): Rule =>
  new Proxy(rule, {
    get: (of, key) => {
      if (key === "left" && isNotation(of)) looked.add(of.name);
      return Reflect.get(of, key);
    },
  });
const library = createLibrary([{ ...stated, rules: stated.rules.map(watched) }]);

/** The notations that are decoded for a reading of the text. */
function decoded(text: string): string[] {
  looked.clear();
  const declared = parseDeclarations("s : scalar; x : vector(n); A : matrix(n, n)");
  if (!declared.ok) throw new Error("the declarations are read");
  const parsed = parseExpression(text, { variables: declared.variables, functions: library.functions, dims: ["n"] });
  if (!parsed.ok) throw new Error(text);
  library.join(toTensor(parsed.expr, { find: library.find }));
  return [...looked];
}

describe("the notations of the library", () => {
  it.each(stated.rules.filter(isNotation).map((r) => [r.name, r] as const))("%s is stored with its place", (_, rule) => {
    const { parameters, left, right } = rule;
    expect(rule.place).toBeDefined();
    expect(rule.place).toEqual(placeOf({ ...rule, parameters, left, right, place: undefined }));
  });

  it("none is decoded for an expression without functions", () => expect(decoded("x'*A*x")).toEqual([]));

  it("those of a function are decoded with it", () => {
    const names = decoded("sinh(s)*cosh(s)");
    expect(names).toContain("sinh/double");
    expect(names).not.toContain("log/difference");
  });
});
