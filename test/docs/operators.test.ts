// The pages about operators are what the rules say.

import { expect, it } from "vitest";
import { operatorPages, stalePages } from "../../docs/compile.ts";
import { standardRules } from "../../src/index.ts";

it("pages in docs/operators are up to date", () => {
  expect(stalePages()).toEqual([]);
});

const all = [...operatorPages().values()].join("\n");

it("every function stands on a page", () => {
  expect(
    standardRules()
      .functions.filter((f) => !all.includes(`\`${f.name}\``))
      .map((f) => f.name),
  ).toEqual([]);
});

it("every rule stands on a page, with its source", () => {
  const missing = standardRules().rules.filter(
    (r) => !all.includes(`| ${r.name} |`) || (r.source !== "" && !all.includes(`[${r.source}]`)),
  );
  expect(missing.map((r) => r.name)).toEqual([]);
});
