// tr of a bracket with more behind it as the trace of the whole product, as it is meant in 2 tr(X'X)⁻¹X'dX and tr(X⁻¹dX)².
//
// Invariant: a trace never reaches over a sum. Not here: whether that makes a claim right (verdict/otherwise.ts).

import { closing, nesting } from "../text/statement.ts";
import type { WrittenOut } from "./signs.ts";

const TRACE = /(?<![\p{L}\p{N}_])(?:tr|trace)\(/gu;
const ENDS = /[-+−=;,\n]/;

/** The text with traces of whole products; undefined where nothing stands behind one. */
export function withWideTraces(text: string): WrittenOut | undefined {
  let written = text;
  for (const found of [...text.matchAll(TRACE)].reverse()) {
    const from = found.index + found[0].length;
    const close = closing(written, from);
    const end = close === undefined ? undefined : endOfProduct(written, close + 1);
    if (end === undefined || written.slice((close as number) + 1, end).trim() === "") continue;
    written = `${written.slice(0, from)}(${written.slice(from, end).trimEnd()})${written.slice(end)}`;
  }
  return written === text ? undefined : { text: written, assumed: "a trace is that of the whole product behind it", isFirm: false };
}

/** Where a product ends that goes on at a place; the minus of an exponent is none. */
function endOfProduct(text: string, from: number): number {
  let depth = 0;
  for (let i = from; i < text.length; i++) {
    const c = text[i] as string;
    depth += nesting(c);
    if (depth < 0 || (depth === 0 && ENDS.test(c) && text[i - 1] !== "^")) return i;
  }
  return text.length;
}
