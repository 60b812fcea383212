// Marks at sides that are numbers, whose transposes would say nothing: (x^3)' = 3x^2, y = x^3; y' = 3x^2.
//
// Invariant: only a bracket or a defined name that is a whole side is read so, in a text of small letters that nothing
// declares and without further marks. Not here: marks at functions
// (src/library/question/marked.ts, src/syntax/definitions/bodies.ts).

import { superscript } from "../../../grammar/glyphs.ts";
import { tokenize } from "../../syntax/tokens/lexer.ts";
import { namesStated } from "../../syntax/tokens/statements.ts";
import { closing, cut, type Part } from "./statement.ts";

/** A text with derivatives in the place of marked sides. */
export interface Unmarked {
  readonly text: string;
  /** What they are by. */
  readonly by: string;
  /** The names that are numbers then. */
  readonly numbers: readonly string[];
}

const MARKED = /^(\(.*\)|\p{L}[\p{L}\p{N}_]*)\s*((?:['′ᵀ]\s*)+)$/su;
/** Letters that a derivative is by where there are others. */
const USUAL = ["x", "t"];

/** The text with marked sides as derivatives; undefined where none is marked, or by what is not told. */
export function withoutPrimes(
  text: string,
  isFunction: (name: string) => boolean,
  isKnown: (name: string) => boolean,
): Unmarked | undefined {
  const { begin, sides } = cut(text);
  if (!sides.some(({ text: side }) => MARKED.test(side))) return undefined;
  const tokens = tokenize(text);
  const stated = namesStated(tokens);
  const written = (by: string): string[] => sides.map((side) => derivativeOf(side, by, stated) ?? side.text);
  if (written("x").some((side) => /['′ᵀ]/u.test(side))) return undefined;
  const names = new Set(tokens.flatMap((t) => (t.type === "name" && !isFunction(t.value) && !stated.has(t.value) ? [t.value] : [])));
  const numbers = [...names];
  const by = numbers.length === 1 ? numbers[0] : USUAL.find((name) => names.has(name));
  if (by === undefined || numbers.some((name) => isKnown(name) || !/^\p{Ll}/u.test(name))) return undefined;
  return { text: `${text.slice(0, begin)} ${written(by).join(" = ")}`, by, numbers };
}

/** ∂(…)/∂x for a side (…)'; undefined for others. */
function derivativeOf({ text }: Part, by: string, stated: ReadonlySet<string>): string | undefined {
  const [, marked = "", marks = ""] = MARKED.exec(text) ?? [];
  if (marked === "" || (marked.startsWith("(") ? closing(marked, 1) !== marked.length - 1 : !stated.has(marked))) return undefined;
  const order = marks.replace(/\s/g, "").length;
  const raised = order === 1 ? "" : superscript(`${order}`);
  return `∂${raised}${marked}/∂${by}${raised}`;
}
