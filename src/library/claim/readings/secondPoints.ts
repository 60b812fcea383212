// ∂k/∂x' where x − x' stands in the claim: the second point of a kernel gets a name of its own, as below a derivative a mark may be
// that of a transpose, and every other reading takes it for one.
//
// Invariant: only claims that differentiate by such a point are changed. LaTeX and plain text are asked by the same patterns.
// Not here: second points that nothing is differentiated by (src/syntax/desugar/secondPoints.ts).

import { secondName } from "../../../syntax/desugar/secondPoints.ts";
import { isLatex } from "../../../syntax/latex/scan.ts";

const FONT = String.raw`\\(?:mathbf|boldsymbol|bm)\s*`;
const MARK = String.raw`\s*(?:['’′]|\^\s*(?:\{\s*(?:\\prime|')\s*\}|\\prime|'))`;
/** A small letter, in a font or not, by the name of a group. */
const letter = (group: string): string => String.raw`(?:${FONT}\{\s*(?<${group}b>\p{Ll})\s*\}|(?<![\p{L}\\])(?<${group}>\p{Ll})(?!\p{L}))`;
const DIFFERENCE = new RegExp(`${letter("one")}(?<first>${MARK})?\\s*[-−]\\s*${letter("other")}(?<second>${MARK})?`, "gu");

/** The claim with names for the second points that it differentiates by, and what they are; undefined where there is none. */
export function withNamedPoints(claim: string): { readonly text: string; readonly assumed: readonly string[] } | undefined {
  const names = new Set<string>();
  for (const { groups = {} } of claim.matchAll(DIFFERENCE)) {
    const name = groups["one"] ?? groups["oneb"];
    const isPair = name !== undefined && name === (groups["other"] ?? groups["otherb"]);
    if (isPair && (groups["first"] === undefined) !== (groups["second"] === undefined) && isBelow(claim, name)) names.add(name);
  }
  if (names.size === 0) return undefined;
  const text = [...names].reduce((written, name) => written.replace(marked(name), named(name, isLatex(claim))), claim);
  return { text, assumed: [...names].map((name) => `${secondName(name)} is the second point ${name}'`) };
}

const written = (name: string): string => String.raw`(?:${FONT}\{\s*${name}\s*\}|(?<![\p{L}\\]|\\[a-z]+)${name})`;
// Behind d and ∂, too.
const marked = (name: string): RegExp => new RegExp(String.raw`(?:${written(name)}|(?<=(?<![\p{L}\\])d)${name})${MARK}`, "gu");
const isBelow = (claim: string, name: string): boolean =>
  new RegExp(String.raw`(?:\\partial|∂|(?<![\p{L}\\])d)\s*(?:${FONT}\{\s*${name}\s*\}|${name})${MARK}`, "u").test(claim);
const named = (name: string, inLatex: boolean): string => (inLatex ? `{${name}_{\\text{prime}}}` : secondName(name));
