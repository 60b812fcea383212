// The cases of this folder, as README.md describes them: what is asked and what the sources answer.

import { readFileSync } from "node:fs";
import type { Layout } from "../../src/index.ts";

export interface Case {
  readonly id: string;
  readonly vars: Readonly<Record<string, readonly (string | number)[]>>;
  readonly dims?: readonly string[];
  readonly attrs?: Readonly<Record<string, readonly string[]>>;
  /** Intermediate variables, in the order in which the source defines them. */
  readonly let?: readonly (readonly [string, string])[];
  readonly expr: string;
  readonly wrt: string;
  readonly order?: 1 | 2;
  readonly layout: Layout;
  readonly expected: string;
  readonly note?: string;
}

/** The cases of one file, one a line. */
export const readCases = <T = Case>(file: "paper.jsonl" | "corpus.jsonl" | "matrixcalculus.jsonl"): T[] =>
  readFileSync(new URL(file, import.meta.url), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as T);
