// A side that is the derivative of a derivative, ∂/∂x (∂f/∂y) and ∂/∂xᵀ (∂f/∂x), as one of the second order.
//
// Invariant: only derivatives that are a whole side are read so, and only partial ones of partial ones or total ones of total ones, by
// names without a value; of names with dots, which depend on t, none is.

import { lazily } from "../../../base/lazy.ts";
import { definitionsIn } from "../../../syntax/definitions/statements.ts";
import { tokenize } from "../../../syntax/tokens/lexer.ts";
import { closing, statementIn } from "../text/statement.ts";
import { NAME } from "./names.ts";
import type { WrittenOut } from "./signs.ts";

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
  /** Undefined of a gradient, as is its sign. */
  readonly by: string | undefined;
  /** d of a total derivative, ∂ of a partial one. */
  readonly sign: string | undefined;
}

/** The text with second derivatives in the place of derivatives of derivatives; undefined where no side is one. */
export function withSecondDerivatives(text: string): WrittenOut | undefined {
  const statement = statementIn(text);
  const defined = lazily(() => new Set(definitionsIn(tokenize(text.slice(0, statement.begin))).map(({ name }) => name)));
  const joined = statement.sides.map((side) => secondOf(side.text, (name) => defined().has(name)));
  if (DOTS.test(text.normalize("NFD")) || joined.every((side) => side === undefined)) return undefined;
  const sides = statement.sides.map((side, i) => joined[i] ?? side.text).join(" = ");
  return { text: `${text.slice(0, statement.begin)} ${sides}`, assumed: "a derivative of a derivative is the second", isFirm: true };
}

function secondOf(side: string, isDefined: (name: string) => boolean): string | undefined {
  const outer = outerOf(side);
  const inner = outer === undefined ? undefined : firstOf(outer.of);
  if (outer?.by === undefined || inner === undefined) return undefined;
  const isMixed = inner.sign !== undefined && inner.sign !== outer.sign;
  if (isMixed || isDefined((inner.by ?? "").replace(TURNED, ""))) return undefined;
  const turned = inner.by === undefined && !TURNED.test(outer.by) ? `${outer.by}ᵀ` : outer.by;
  return `∂²${inner.of}/∂${(inner.by ?? outer.by).replace(TURNED, "")}∂${turned}`;
}

/** ∂/∂x (…) and ∂(…)/∂x. */
function outerOf(side: string): First | undefined {
  const before = BEFORE.exec(side);
  if (before !== null) return { of: side.slice(before[0].length), by: before[1], sign: side[0] };
  const close = /^[d∂]\(/u.test(side) ? closing(side, 2) : undefined;
  const below = close === undefined ? null : BELOW.exec(side.slice(close + 1));
  return close === undefined || below === null ? undefined : { of: side.slice(1, close + 1), by: below[1], sign: side[0] };
}

/** ∂f/∂y, ∂(…)/∂y and ∇f, in brackets or not and turned or not. */
function firstOf(text: string): First | undefined {
  const inside = withoutBrackets(text.trim());
  const gradient = GRADIENT.exec(inside);
  if (gradient !== null) return { of: withoutBrackets(inside.slice(gradient[0].length)), by: undefined, sign: undefined };
  const outer = outerOf(inside);
  if (outer !== undefined && !BEFORE.test(inside)) return outer;
  const bar = inside.indexOf("/");
  const [, of] = OF_NAME.exec(inside.slice(0, Math.max(bar, 0)).trim()) ?? [];
  const [, by] = BELOW.exec(inside.slice(bar)) ?? [];
  return of === undefined || by === undefined ? undefined : { of, by, sign: inside[0] };
}

/** What stands in brackets around all of a text, and may be turned behind them. */
function withoutBrackets(text: string): string {
  let inside = text;
  for (;;) {
    const plain = inside.replace(TURNED, "").trimEnd();
    if (!plain.startsWith("(") || closing(plain, 1) !== plain.length - 1) return inside;
    inside = plain.slice(1, -1).trim();
  }
}
