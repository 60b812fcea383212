// tr of a bracket with more behind it as the trace of the whole product, as it is meant in 2 tr(X'X)⁻¹X'dX and, beside
// (tr X⁻¹dX)², in tr(X⁻¹dX)².
//
// Invariant: a trace never reaches over a sum, and never beyond brackets around a name alone, which are its own: those of tr(A)².
// Not here: whether a claim can be meant so (verdict/otherwise.ts).

import { nesting } from "../text/statement.ts";

const TRACE =
  /(?<![\p{L}\p{N}_])(?:tr|trace)\((?!\s*\p{L}[\p{L}\p{M}\p{N}_]*(?:['′]|[⁻⁰¹²³⁴-⁹]+|\^(?:\([^()]*\)|-?[\p{L}\p{N}]+))?\s*\))/gu;
const ENDS = /[-+−=;,\n]/;
const POWER = /[\^⁻²³⁴-⁹]/;

/** A text with traces of whole products. */
export interface WideTraces {
  readonly text: string;
  /** Whether the text has brackets around traces that are raised to a power, so that they are left away on purpose elsewhere. */
  readonly hasBracketsElsewhere: boolean;
}

/** A trace whose bracket is closed, and whose product may go on. */
interface Open {
  readonly start: number;
  readonly from: number;
  readonly close: number;
}

/** The text with traces of whole products; undefined where nothing stands behind one. */
export function withWideTraces(text: string): WideTraces | undefined {
  const starts = new Map([...text.matchAll(TRACE)].map((found) => [found.index + found[0].length - 1, found.index]));
  const marks: { readonly at: number; readonly sign: string }[] = [];
  const brackets: { readonly at: number; readonly open: Open[] }[] = [{ at: -1, open: [] }];
  let hasBracketsElsewhere = false;
  let last = -1;
  const end = (open: Open[]): void => {
    for (const { from, close } of open.splice(0)) if (last > close) marks.push({ at: from, sign: "(" }, { at: last + 1, sign: ")" });
  };
  for (let i = 0; i <= text.length; i++) {
    const c = text[i] ?? ";";
    const inner = brackets.at(-1) as (typeof brackets)[number];
    const deeper = nesting(c);
    if (deeper > 0) brackets.push({ at: i, open: [] });
    // The minus of an exponent ends no product.
    else if (deeper < 0 || (ENDS.test(c) && text[i - 1] !== "^")) {
      const [whole] = inner.open;
      if (deeper < 0 && whole?.start === inner.at + 1 && whole.close === last) hasBracketsElsewhere ||= POWER.test(text[i + 1] ?? "");
      end(inner.open);
      if (deeper < 0 && brackets.length > 1) brackets.pop();
      const start = deeper < 0 ? starts.get(inner.at) : undefined;
      if (start !== undefined) brackets.at(-1)?.open.push({ start, from: inner.at + 1, close: i });
    }
    if (c.trim() !== "") last = i;
  }
  if (marks.length === 0) return undefined;
  const inOrder = marks.sort((a, b) => a.at - b.at);
  const parts = inOrder.map(({ at, sign }, k) => text.slice(inOrder[k - 1]?.at ?? 0, at) + sign);
  return { text: parts.join("") + text.slice(inOrder.at(-1)?.at), hasBracketsElsewhere };
}
