// What is generated from the rules is what is committed, so the compiled rules cannot go
// stale. The pages made from them: test/docs/operators.test.ts.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { generatedFiles } from "../../rules/compile.ts";

const files = generatedFiles();

for (const [path, text] of files)
  it(`${path} is up to date`, () => {
    expect(readFileSync(join(import.meta.dirname, "../..", path), "utf8") === text, "run npm run rules").toBe(true);
  });
