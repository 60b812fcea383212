// The pages about operators are what the rules say.

import { expect, it } from "vitest";
import { GENERATED } from "../../docs/compile.ts";
import { staleFiles } from "../../generated.ts";
import { standardRules } from "../../src/index.ts";

it("pages in docs/operators are up to date (npm run docs)", () => {
  expect(staleFiles(GENERATED)).toEqual([]);
});

const all = [...GENERATED.files().values()].join("\n");

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
