// A side of a claim whose shapes do not fit, changed where people slip: a transpose more or
// less, ⊙ for a product and the reverse, a diag that was dropped. What fits and is right then
// tells what went wrong.
//
// Invariants: the text is changed at one place, by the spans of its surface tree, and read
// again like any other; the work is bounded. Not here: whether the outcome is right.

import { optional } from "../../../base/optional.ts";
import { type KnownScope, parseExpression } from "../../../elaborate/elaborate.ts";
import type { Expr } from "../../../expr/expr.ts";
import { parse } from "../../../syntax/parse.ts";
import { children, isDerivative, type Tree } from "../../../syntax/tree.ts";

/** A text that fits, and the mistake that was taken back to make it so. */
export interface Mended {
  readonly mistake: "transpose" | "element-wise" | "diag";
  readonly sentence: string;
  /** The part of the text that was changed, before and after. */
  readonly from: string;
  readonly to: string;
  readonly expr: Expr;
}

type Change = Omit<Mended, "expr"> & { readonly start: number; readonly end: number };

/** Places that are changed. */
const MOST_PLACES = 60;
/** Longest text that is changed, in UTF-16 units. */
const MOST_TEXT = 2000;

/** The texts with one change that fit, the likeliest first. */
export function* mended(text: string, scope: KnownScope): Generator<Mended> {
  if (text.length > MOST_TEXT) return;
  const names = new Set(scope.variables.map((v) => v.name));
  const isFunction = (name: string): boolean =>
    !names.has(name) && (scope.functions.find(name) !== undefined || (scope.unknowns ?? []).some((u) => u.name === name));
  const read = parse(text, {
    notation: "plain",
    isFunction,
    isVariable: (name) => names.has(name),
    ...optional({ dialect: scope.dialect }),
  });
  const final = read.ok ? read.document.final : undefined;
  if (final?.kind !== "value" || isDerivative(final.value)) return;
  const seen = new Set<string>();
  // The smallest part that explains it comes first.
  const all = placesIn(final.value).reverse();
  for (const change of [transposes, products, diagonals].flatMap((of) => all.flatMap((tree) => of(tree, text)))) {
    const changed = text.slice(0, change.start) + change.to + text.slice(change.end);
    if (seen.has(changed)) continue;
    seen.add(changed);
    const again = parseExpression(changed, scope);
    if (!again.ok) continue;
    const { mistake, sentence, from, to } = change;
    yield { mistake, sentence, from, to, expr: again.expr };
  }
}

function placesIn(root: Tree): Tree[] {
  const out: Tree[] = [root];
  for (let i = 0; i < out.length && out.length < MOST_PLACES; i++) out.push(...children(out[i] as Tree));
  return out.slice(0, MOST_PLACES);
}

const sourceOf = ({ span }: Tree, text: string): string => text.slice(span.start, span.end);

function changeOf(tree: Tree, text: string, to: string, mistake: Mended["mistake"], sentence: string): Change {
  return { mistake, sentence, from: sourceOf(tree, text), to, start: tree.span.start, end: tree.span.end };
}

const inParens = (tree: Tree, text: string): string => {
  const own = sourceOf(tree, text);
  return tree.grouped === true || tree.kind === "name" || tree.kind === "call" ? own : `(${own})`;
};

function transposes(tree: Tree, text: string): Change[] {
  if (tree.kind === "number") return [];
  if (tree.kind === "transpose") return [changeOf(tree, text, sourceOf(tree.arg, text), "transpose", "there is a transpose too many")];
  return [changeOf(tree, text, `${inParens(tree, text)}'`, "transpose", "a transpose is forgotten")];
}

function products(tree: Tree, text: string): Change[] {
  if (tree.kind !== "binary" || (tree.op !== "times" && tree.op !== "hadamard")) return [];
  const [left, right] = [sourceOf(tree.left, text), sourceOf(tree.right, text)];
  const [to, sentence] =
    tree.op === "times"
      ? [`${left} .* ${right}`, "a product stands where ⊙ belongs"]
      : [`${left} * ${right}`, "⊙ stands where a product belongs"];
  return [changeOf(tree, text, tree.grouped === true ? `(${to})` : to, "element-wise", sentence)];
}

function diagonals(tree: Tree, text: string): Change[] {
  if (tree.kind === "number") return [];
  const own = sourceOf(tree, text);
  return [changeOf(tree, text, tree.grouped === true ? `diag${own}` : `diag(${own})`, "diag", "a diag is dropped")];
}
