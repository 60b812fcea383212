// Runs terms.txt: text in, typed term and assumptions out.

import { describe, expect, it } from "vitest";
import { renderDiagnostic } from "../../src/base/diagnostic.ts";
import { elaborate } from "../../src/elaborate/elaborate.ts";
import { readCases } from "../syntax/caseFile.ts";
import { functions } from "./functions.ts";
import { showProblem } from "./show.ts";

describe("terms", () => {
  for (const c of readCases(new URL("terms.txt", import.meta.url)))
    it(c.title, () => {
      const result = elaborate({ text: c.input, functions });
      expect(result.ok ? showProblem(result.problem) : renderDiagnostic(result.diagnostics[0] as never, result.source)).toBe(c.expected);
    });
});
