// The build step of the grammar: its output is up to date, and it refuses what nearley
// lets pass.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { staleFiles } from "../../generated.ts";
import { compileGrammar, GENERATED } from "../../grammar/compile.ts";

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const source = read("grammar/nabla.ne");

describe("the compiled grammar", () => {
  it("is the one that grammar/nabla.ne gives (npm run grammar)", () => {
    expect(read("src/syntax/grammar/generated/grammar.ts")).toBe(compileGrammar(source));
    expect(staleFiles(GENERATED)).toEqual([]);
  });
  it("does not depend on line ends", () => expect(compileGrammar(source.replace(/\n/g, "\r\n"))).toBe(compileGrammar(source)));
});

// biome-ignore format: one fault a row
const FAULTS: readonly (readonly [fault: string, change: (text: string) => string, complaint: RegExp])[] = [
  ["an undefined nonterminal",   (t) => t.replace("sum -> term ", "sum -> trem "),                         /trem/],
  ["a misspelt token",           (t) => t.replace("%number", "%nubmer"),                                   /no token is called %nubmer/],
  ["a nullable nonterminal",     (t) => `${t}\nblank -> null {% act.first %}\nindex -> blank %all {% act.all %}\n`, /blank may be empty/],
  ["a cycle of unit rules",      (t) => `${t}\nprimary -> postfix {% act.first %}\n`,                       /derives itself alone/],
  ["an unused nonterminal",      (t) => `${t}\nlonely -> %number {% act.number %}\n`,                       /lonely is never used/],
  ["a name of Object.prototype", (t) => t.replaceAll("primary", "constructor"),                            /constructor/],
  ["an unfinished rule",         (t) => `${t}\nopen ->`,                                                   /./],
];

describe("the build step refuses", () => {
  it.each(FAULTS)("%s", (_, change, complaint) => {
    expect(change(source)).not.toBe(source);
    expect(() => compileGrammar(change(source))).toThrow(complaint);
  });
});
