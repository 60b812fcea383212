// What is generated from the rules is what is committed, so the compiled rules cannot go
// stale. The pages made from them: test/docs/operators.test.ts.

import { expect, it } from "vitest";
import { staleFiles } from "../../generated.ts";
import { GENERATED } from "../../rules/compile.ts";

it("the compiled rules are up to date (npm run rules)", () => {
  expect([...GENERATED.files().keys()]).toEqual(["src/rewrite/generated/rules.ts"]);
  expect(staleFiles(GENERATED)).toEqual([]);
});
