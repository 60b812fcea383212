// Documents: every equation of a Markdown or LaTeX text judged, with what the document says
// of its names.
//
// Invariant: every formula is judged, taken as a definition or declaration, or skipped with a
// reason. Not here: how it is read (document/read.ts), how an equation is judged
// (document/judge.ts). The document itself is never changed.

import { NOWHERE, type Span } from "../../base/span.ts";
import type { Layout, Symmetry } from "../../expr/conventions.ts";
import type { Library } from "../../rewrite/library.ts";
import { openClaims } from "../claim/claim.ts";
import type { CheckedClaim } from "../claim/verdict/verdict.ts";
import { type Refusal, standardRulesOnce } from "../question/call.ts";
import { type DocumentFormat, formatOf } from "./find.ts";
import type { Skipped } from "./formula.ts";
import { chainJudge, type Judge, misfits } from "./judge.ts";
import { readDocument } from "./read.ts";

export type { DocumentFormat } from "./find.ts";

/** What is known of a document besides its text. */
export interface DocumentOptions {
  /** Shown in reports; its ending tells the format. */
  readonly name?: string;
  readonly format?: DocumentFormat;
  /** The layout that derivatives are claimed in; any unless stated. */
  readonly layout?: Layout;
  /** What derivatives by a symmetric matrix mean; any of the three conventions unless stated. */
  readonly symmetry?: Symmetry;
  readonly dialect?: "standard" | "paper";
  /** Declarations that hold for the whole document, in the plain notation. */
  readonly declarations?: string;
  readonly library?: Library;
  readonly seed?: number;
}

/** One equation of a document, judged. */
export interface DocumentClaim extends Span {
  /** The equation as it stands in the document. */
  readonly source: string;
  /** The equation as it was read. */
  readonly reading: string;
  readonly checked: CheckedClaim;
  /** The right-hand side, with what nabla would put there. */
  readonly right: Span;
  readonly suggestion?: string;
}

/** What a document is worth. */
export interface CheckedDocument {
  readonly ok: true;
  readonly name: string;
  readonly format: DocumentFormat;
  readonly text: string;
  readonly claims: readonly DocumentClaim[];
  readonly skipped: readonly Skipped[];
  /** What cannot be read: formulas without an end, comments for nabla that are not understood. */
  readonly problems: readonly Skipped[];
  readonly formulas: number;
  readonly declarations: number;
  readonly definitions: number;
}

/** Longest document, in UTF-16 units. */
export const LONGEST_DOCUMENT = 16_000_000;
/** Most equations that are judged, equal ones counted once. */
const MOST_CLAIMS = 2000;

/**
 * Judges every equation of a Markdown or LaTeX text with what the text says of its names; what is no
 * equation is skipped with a reason. Refuses what is no text, or longer than 16 million characters.
 *
 * @example
 * ```ts
 * import { checkDocument, textReport } from "nabla";
 *
 * const text = "Let $A$ be symmetric. Then $\\nabla_x\\, x^\\top A x = 2 A x$ and $\\nabla_x\\, a^\\top x = x$.";
 * const checked = await checkDocument(text, { name: "notes.md" });
 * if (checked.ok) console.log(checked.claims.map((claim) => claim.checked.verdict)); // ["proved","refuted"]
 * ```
 */
export async function checkDocument(text: string, options: DocumentOptions = {}): Promise<CheckedDocument | Refusal> {
  const name = options.name ?? "document";
  const refusal = unreadable(text);
  if (refusal !== undefined) return refusal;
  const library = options.library ?? standardRulesOnce();
  const read = readDocument(text, options.format ?? formatOf(name, text), library);
  const source = { text, read, library };
  const { judge, count } = remembering(await openClaims());
  const judgeChain = chainJudge(source, options, judge);
  const claims: DocumentClaim[] = [];
  const skipped = [...read.skipped];
  const problems = [...read.problems];
  for (const [i, chain] of read.chains.entries()) {
    if (count() >= MOST_CLAIMS) {
      const full = `more than ${MOST_CLAIMS} different equations`;
      const end = chain.sides[0]?.end ?? chain.place;
      problems.push({ start: chain.place, end, reason: `the document has ${full}, and from here on none is judged` });
      skipped.push(...read.chains.slice(i).map(({ place }) => ({ start: place, end: place, reason: full })));
      break;
    }
    const judged = judgeChain(chain);
    claims.push(...judged.claims);
    skipped.push(...judged.skipped);
  }
  claims.push(...misfits(source));
  const { format, formulas, declarations, definitions } = read;
  return {
    ok: true,
    name,
    format,
    text,
    claims: claims.sort((a, b) => a.start - b.start || a.end - b.end),
    skipped: skipped.sort((a, b) => a.start - b.start),
    problems,
    formulas,
    declarations,
    definitions,
  };
}

/** Judges equal claims once; `count` is how many different ones there were. */
function remembering(judge: Judge): { readonly judge: Judge; readonly count: () => number } {
  const known = new Map<string, ReturnType<Judge>>();
  return {
    judge: (question) => {
      const key = JSON.stringify([question.claim, question.declarations, question.let, question.layout, question.dialect]);
      const found = known.get(key) ?? judge(question);
      known.set(key, found);
      return found;
    },
    count: () => known.size,
  };
}

function unreadable(text: string): Refusal | undefined {
  const refuse = (code: "limit" | "lexical", message: string): Refusal => ({
    ok: false,
    diagnostics: [{ code, message, span: NOWHERE }],
    source: "",
  });
  if (text.length > LONGEST_DOCUMENT)
    return refuse("limit", `the document has ${text.length} characters; ${LONGEST_DOCUMENT} are the most that nabla reads`);
  const head = text.slice(0, 100_000);
  const strange = head.match(/[\0\ufffd]/g)?.length ?? 0;
  return text.includes("\0") || strange > head.length / 100 ? refuse("lexical", "this is no text") : undefined;
}
