// Runs cases.txt: what is said about a wrong text, character by character.

import { describe, expect, it } from "vitest";
import { renderDiagnostic } from "../../src/base/diagnostic.ts";
import { elaborate } from "../../src/elaborate/elaborate.ts";
import { functions } from "../elaborate/functions.ts";
import { readCases } from "../syntax/caseFile.ts";

describe("messages", () => {
  for (const c of readCases(new URL("cases.txt", import.meta.url)))
    it(c.title, () => {
      const result = elaborate({ text: c.input, functions });
      expect(result.ok ? "no error" : renderDiagnostic(result.diagnostics[0] as never, result.source)).toBe(c.expected);
    });
});
