// Runs claims.txt: what is right is accepted, in the layout asked for or in another one, what is
// wrong refuted, and nothing turned away. Not here: what is said of claims (claim.test.ts).

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { openClaims } from "../../src/library/claim/claim.ts";

const check = await openClaims();

type Word = "right" | "turned" | "wrong" | "open";

const VERDICTS: Readonly<Record<Word, readonly string[]>> = {
  right: ["proved", "holds"],
  turned: ["other layout"],
  wrong: ["refuted"],
  open: ["undecided"],
};

interface Line {
  readonly word: Word;
  readonly claim: string;
  readonly declarations?: string;
}

function readLine(line: string): Line {
  const [, word = "", text = ""] = /^(right|turned|wrong|open)\s+(.*)$/.exec(line) ?? [];
  const [claim = "", declarations] = text.split(/\s+\|\s+(?=\p{L}[^|]*:)/u);
  return { word: word as Word, claim: claim.trim(), ...(declarations === undefined ? {} : { declarations }) };
}

const [, ...sections] = readFileSync(new URL("claims.txt", import.meta.url), "utf8").split(/^# /m);

for (const section of sections) {
  const [title = "", ...lines] = section.split("\n");
  describe(title, () => {
    for (const { word, ...question } of lines.filter((l) => l.trim() !== "").map(readLine))
      it(`${question.claim} is ${word}`, () => {
        const result = check(question);
        expect(VERDICTS[word]).toContain(result.ok ? result.verdict : result.diagnostics[0]?.message);
      });
  });
}
