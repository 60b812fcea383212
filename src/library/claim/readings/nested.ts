// A side that is the derivative of a derivative, ∂/∂x (∂f/∂y) and ∂/∂xᵀ (∂f/∂x), as one of the second order.
//
// Invariant: only derivatives that are a whole side are read so; of names with dots, which depend on t, none is.

import { closing, statementIn } from "../text/statement.ts";
import type { WrittenOut } from "./signs.ts";

const NAME = "(?!ᵀ)\\p{L}(?:(?!ᵀ)[\\p{L}\\p{Nd}_])*";
const TURN = "(?:['′ᵀ⊤]|\\^\\{?[T⊤]\\}?(?![\\p{L}\\p{N}]))";
/** ∂/∂x and ∂/∂xᵀ in front of what they are of. */
const BEFORE = new RegExp(`^[d∂]\\s*/\\s*[d∂](${NAME}${TURN}?)\\s*`, "u");
/** The end of ∂(…)/∂x. */
const BELOW = new RegExp(`^\\s*/\\s*[d∂](${NAME}${TURN}?)\\s*$`, "u");
const OF_NAME = new RegExp(`^[d∂](${NAME})$`, "u");
const TURNED = new RegExp(`${TURN}$`, "u");
const GRADIENT = /^∇\s*(?=[\p{L}(])/u;
const DOTS = /[\u0307\u0308]/u;

/** A first derivative, taken apart. */
interface First {
  readonly of: string;
  /** Undefined of a gradient. */
  readonly by: string | undefined;
}

/** The text with second derivatives in the place of derivatives of derivatives; undefined where no side is one. */
export function withSecondDerivatives(text: string): WrittenOut | undefined {
  const statement = statementIn(text);
  const joined = statement.sides.map((side) => secondOf(side.text));
  if (DOTS.test(text.normalize("NFD")) || joined.every((side) => side === undefined)) return undefined;
  const sides = statement.sides.map((side, i) => joined[i] ?? side.text).join(" = ");
  return { text: `${text.slice(0, statement.begin)} ${sides}`, assumed: "a derivative of a derivative is the second", isFirm: true };
}

function secondOf(side: string): string | undefined {
  const outer = outerOf(side);
  const inner = outer === undefined ? undefined : firstOf(outer.of);
  if (outer?.by === undefined || inner === undefined) return undefined;
  const turned = inner.by === undefined && !TURNED.test(outer.by) ? `${outer.by}ᵀ` : outer.by;
  return `∂²${inner.of}/∂${(inner.by ?? outer.by).replace(TURNED, "")}∂${turned}`;
}

/** ∂/∂x (…) and ∂(…)/∂x. */
function outerOf(side: string): First | undefined {
  const before = BEFORE.exec(side);
  if (before !== null) return { of: side.slice(before[0].length), by: before[1] };
  const close = /^[d∂]\(/u.test(side) ? closing(side, 2) : undefined;
  const below = close === undefined ? null : BELOW.exec(side.slice(close + 1));
  return close === undefined || below === null ? undefined : { of: side.slice(1, close + 1), by: below[1] };
}

/** ∂f/∂y, ∂(…)/∂y and ∇f, in brackets or not and turned or not. */
function firstOf(text: string): First | undefined {
  const inside = withoutBrackets(text.trim());
  if (inside !== text.trim()) return firstOf(inside);
  const gradient = GRADIENT.exec(inside);
  if (gradient !== null) return { of: withoutBrackets(inside.slice(gradient[0].length)), by: undefined };
  const outer = outerOf(inside);
  if (outer !== undefined && !BEFORE.test(inside)) return outer;
  const bar = inside.indexOf("/");
  const [, of] = OF_NAME.exec(inside.slice(0, Math.max(bar, 0)).trim()) ?? [];
  const [, by] = BELOW.exec(inside.slice(bar)) ?? [];
  return of === undefined || by === undefined ? undefined : { of, by };
}

/** What stands in brackets around all of a text, and may be turned behind them. */
function withoutBrackets(text: string): string {
  const plain = text.replace(TURNED, "").trimEnd();
  return plain.startsWith("(") && closing(plain, 1) === plain.length - 1 ? plain.slice(1, -1).trim() : text;
}
