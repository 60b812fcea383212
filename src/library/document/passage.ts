// The prose between the formulas of a document, sentence by sentence: what each says of the
// names in its formulas goes to the ledger.
//
// Invariant: a formula stands in its sentence as a mark, so that prose is read without it.

import { type Mention, readSentence } from "../claim/text/prose.ts";
import type { Ledger } from "./ledger.ts";

/** The prose that is being read. */
export interface Passage {
  /** Reads the prose between two places of the document. */
  readonly read: (from: number, to: number) => void;
  /** Puts a formula into the sentence. */
  readonly mention: (said: Mention) => void;
  /** Ends the sentence; the next one begins at the place. */
  readonly endSentence: (at: number) => void;
}

/** Longest sentence whose prose is read. */
const LONGEST_SENTENCE = 3000;
/** Sentence ends are looked for in no more prose at a time. */
const LONGEST_PIECE = 100_000;
const SENTENCE_END = /[.!?;](?=\s|$)|\n\s*\n|\n(?=\s*(?:[-*+]|\d+\.)\s)/g;

/** The prose of a document from its beginning. */
export function openPassage(text: string, ledger: Ledger): Passage {
  let prose = "";
  let mentions: Mention[] = [];
  let begun = 0;
  const endSentence = (at: number): void => {
    if (mentions.length > 0 && prose.length < LONGEST_SENTENCE)
      for (const said of readSentence(prose, mentions)) ledger.declare(said.names, { ...said, place: begun });
    prose = "";
    mentions = [];
    begun = at;
  };
  return {
    endSentence,
    mention: (said) => {
      prose += `⟦${mentions.length}⟧`;
      mentions.push(said);
    },
    read: (from, to) => {
      let start = from;
      const piece = text.slice(from, Math.min(to, from + LONGEST_PIECE));
      for (const m of piece.matchAll(SENTENCE_END)) {
        prose += text.slice(start, from + m.index);
        endSentence(from + m.index + 1);
        start = from + m.index + m[0].length;
      }
      prose += text
        .slice(start, to)
        .replace(/[*_]{1,2}/g, "")
        .replace(/\s+/g, " ");
    },
  };
}
