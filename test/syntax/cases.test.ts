// Runs the case files of this folder: text in, surface tree out. Together they use every
// production of the grammar.

import nearley from "nearley";
import { describe, expect, it } from "vitest";
import { renderDiagnostic } from "../../src/base/diagnostic.ts";
import { classify } from "../../src/syntax/classify/classify.ts";
import { withoutAngles } from "../../src/syntax/desugar/angles.ts";
import { withoutBars } from "../../src/syntax/desugar/bars.ts";
import grammar from "../../src/syntax/grammar/generated/grammar.ts";
import { parse } from "../../src/syntax/parse.ts";
import { tokenize, tokenSource } from "../../src/syntax/tokens/lexer.ts";
import { readCases } from "./caseFile.ts";
import { isFunction } from "./functions.ts";
import { showDocument } from "./show.ts";

const files = ["expressions.txt", "statements.txt"];

function shown(input: string): string {
  const result = parse(input, { isFunction });
  return result.ok ? showDocument(result.document) : renderDiagnostic(result.diagnostics[0] as never, input);
}

describe.each([...files, "foreign.txt", "heads.txt"])("%s", (file) => {
  for (const c of readCases(new URL(file, import.meta.url))) it(c.title, () => expect(shown(c.input)).toBe(c.expected));
});

describe("the case files", () => {
  it("use every production of the grammar", () => {
    const used = new Set<number>();
    const rules = grammar.ParserRules.map((rule, i) => ({
      ...rule,
      postprocess: (d: never) => {
        const from = { rule: i, parts: [] as Made[] };
        for (const part of d as unknown[]) if (isMade(part)) from.parts.push(part);
        return from;
      },
    }));
    const counting = nearley.Grammar.fromCompiled({ ...grammar, ParserRules: rules } as unknown as nearley.CompiledRules);
    for (const file of files)
      for (const c of readCases(new URL(file, import.meta.url))) {
        const tokens = classify(withoutBars(withoutAngles(tokenize(c.input))), {
          isFunction,
          isVariable: () => false,
          isUnknown: () => false,
        });
        const parser = new nearley.Parser(counting, { lexer: tokenSource(tokens) as unknown as nearley.Lexer });
        parser.feed("");
        // Only what stands in the parse counts, not what was tried on the way.
        const stack = [parser.results[0] as Made];
        for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
          used.add(node.rule);
          stack.push(...node.parts);
        }
      }
    const unused = grammar.ParserRules.filter((_, i) => !used.has(i)).map(
      (r) => `${r.name} → ${r.symbols.map((s) => (typeof s === "string" ? s : `%${s.type}`)).join(" ")}`,
    );
    expect(unused).toEqual([]);
  });
});

interface Made {
  readonly rule: number;
  readonly parts: Made[];
}
const isMade = (x: unknown): x is Made => typeof x === "object" && x !== null && "parts" in x;
