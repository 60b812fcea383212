// The cases from the literature (test/cases) as what is asked and what their sources answer.

import { readFileSync } from "node:fs";
import type { Layout } from "../../src/index.ts";

export interface Case {
  readonly id: string;
  readonly vars: Readonly<Record<string, readonly (string | number)[]>>;
  readonly dims?: readonly string[];
  readonly attrs?: Readonly<Record<string, readonly string[]>>;
  readonly expr: string;
  readonly wrt: string;
  readonly order?: 1 | 2;
  readonly layout: Layout;
  readonly expected: string;
  readonly note?: string;
}

/** The cases of one file of test/cases. */
export const readLiterature = (file: "paper.jsonl" | "corpus.jsonl"): Case[] =>
  readFileSync(new URL(`../cases/${file}`, import.meta.url), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Case);
