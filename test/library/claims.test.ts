// Runs claims.txt: what is right is accepted, what is wrong refuted, and nothing turned away.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { openClaims } from "../../src/library/claim.ts";

const check = await openClaims();

interface Line {
  readonly right: boolean;
  readonly claim: string;
  readonly declarations?: string;
}

function readLine(line: string): Line {
  const [, word = "", text = ""] = /^(right|wrong)\s+(.*)$/.exec(line) ?? [];
  const [claim = "", declarations] = text.split(/\s+\|\s+(?=\p{L}[^|]*:)/u);
  return { right: word === "right", claim: claim.trim(), ...(declarations === undefined ? {} : { declarations }) };
}

const [, ...sections] = readFileSync(new URL("claims.txt", import.meta.url), "utf8").split(/^# /m);

for (const section of sections) {
  const [title = "", ...lines] = section.split("\n");
  describe(title, () => {
    for (const { right, ...question } of lines.filter((l) => l.trim() !== "").map(readLine))
      it(`${question.claim} is ${right ? "accepted" : "refuted"}`, () => {
        const result = check(question);
        expect(result.ok ? result.verdict : result.diagnostics[0]?.message).toEqual(
          right ? expect.stringMatching(/^(proved|holds|other layout)$/) : "refuted",
        );
      });
  });
}
