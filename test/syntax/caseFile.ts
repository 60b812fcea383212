// Reads case files: `# title`, input, `==>`, expected. What stands before the first title
// is for the reader of the file.

import { readFileSync } from "node:fs";

export interface Case {
  readonly title: string;
  readonly input: string;
  readonly expected: string;
}

/** The cases of a file, in order; a block without `==>` is an error of the file. */
export function readCases(url: URL): Case[] {
  return readFileSync(url, "utf8")
    .replace(/\r\n/g, "\n")
    .split(/^# /m)
    .slice(1)
    .map((block) => {
      const [title = ""] = block.split("\n", 1);
      const [input, expected] = block.slice(title.length + 1).split(/^==>\n/m);
      if (input === undefined || expected === undefined) throw new Error(`case without ==>: ${title}`);
      return { title, input: input.replace(/\n$/, ""), expected: expected.trimEnd() };
    });
}
