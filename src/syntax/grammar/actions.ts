// What each production of grammar/nabla.ne builds, those of derivatives in derivatives.ts. The only place where the shape
// of a right-hand side is known; nearley hands over untyped lists, so every action states the
// tuple it takes.
//
// Invariant: every node's span covers exactly what was written for it. Actions run for
// every prefix of the input that completes a production, so an action refuses only what
// is wrong whatever follows.

import { INDEXED_SIGNS, POWER_OF_E, PRODUCT_SIGNS, plainSuperscript, SUBSCRIPTS, SUPERSCRIPT_LETTERS } from "../../../grammar/glyphs.ts";
import { fail } from "../../base/diagnostic.ts";
import { join, type Span } from "../../base/span.ts";
import type { Token } from "../tokens/lexer.ts";
// biome-ignore format: names only
import type {
  BinaryOperator, Branch, CallTree, DeclarationTree, FunctionType, 
  IndexOrder, IndexTree, NamedSpan, ShapeType, SideTree,Statement, SumIndex, Tree,
} from "../tree.ts";

import { at, type Chain, items, named, spanOf } from "./nodes.ts";

export * from "./derivatives.ts";

// Structure.
export const first = <T>([x]: [T]): T => x;
export const list = <T>([x]: [T]): Chain<T> => ({ item: x });
export const append = <T>([xs, , x]: [Chain<T>, unknown, T]): Chain<T> => ({ before: xs, item: x });
export const pair = <T>([xs, x]: [Chain<T>, T]): Chain<T> => ({ before: xs, item: x });
export const names = ([t]: [Token]): Chain<NamedSpan> => ({ item: named(t) });
export const moreNames = ([xs, , t]: [Chain<NamedSpan>, unknown, Token]): Chain<NamedSpan> => ({ before: xs, item: named(t) });
export const nextName = ([xs, t]: [Chain<NamedSpan>, Token]): Chain<NamedSpan> => ({ before: xs, item: named(t) });

// Statements.
export const value = ([side]: [SideTree]): Statement => ({ kind: "value", value: side, span: side.span });
/** u = v, a definition where u is a name and an equation where it is not. */
export function equation([left, , right]: [SideTree, Token, SideTree]): Statement {
  const all = join(left.span, right.span);
  if (left.kind === "name" && left.grouped !== true && right.kind !== "derivative")
    return { kind: "definition", name: left.name, nameSpan: left.span, value: right, span: all };
  return { kind: "equation", left, right, span: all };
}
export const declaration = ([declared, , type]: [Chain<NamedSpan>, Token, ShapeType | FunctionType]): DeclarationTree => {
  const all = items(declared);
  return { kind: "declaration", names: all, type, span: join(spanOf(all), type.span) };
};
export const dependent = ([name, , of, , , type]: [Token, Token, Chain<NamedSpan>, Token, Token, ShapeType]): DeclarationTree => ({
  kind: "declaration",
  names: [named(name)],
  of: items(of),
  type,
  span: join(at(name), type.span),
});

// Types.
/** positive scalar. */
export function plainShape([words]: [Chain<NamedSpan>]): ShapeType {
  const all = items(words);
  return { kind: "shape", words: all, span: spanOf(all) };
}
export const sizedShape = ([words, , sizes, close]: [Chain<NamedSpan>, Token, Chain<Tree>, Token]): ShapeType => {
  const all = items(words);
  return { kind: "shape", words: all, sizes: items(sizes), span: join(spanOf(all), at(close)) };
};
export const powerShape = ([words, , power]: [Chain<NamedSpan>, Token, Tree]): ShapeType => {
  const all = items(words);
  return { kind: "shape", words: all, power, span: join(spanOf(all), power.span) };
};
export const superscriptShape = ([words, power]: [Chain<NamedSpan>, Token]): ShapeType => {
  const all = items(words);
  return { kind: "shape", words: all, power: raised(power), span: join(spanOf(all), at(power)) };
};
export const attributed = ([shape, words]: [ShapeType, Chain<NamedSpan>]): ShapeType => {
  const more = items(words);
  return { ...shape, words: [...shape.words, ...more], span: join(shape.span, spanOf(more)) };
};
export const mapping = ([from, , to]: [Chain<ShapeType>, Token, ShapeType]): FunctionType => {
  const shapes = items(from);
  return { kind: "function", from: shapes, to, span: join((shapes[0] as ShapeType).span, to.span) };
};
export const mappings = ([open, from, , , to]: [Token, Chain<ShapeType>, Token, Token, ShapeType]): FunctionType => ({
  kind: "function",
  from: items(from),
  to,
  span: join(at(open), to.span),
});

// Expressions.
export const binary = ([left, sign, right]: [Tree, Token, Tree]): Tree => ({
  kind: "binary",
  op: sign.type as BinaryOperator,
  sign: sign.text,
  left,
  right,
  span: join(left.span, right.span),
});
export const juxtaposed = ([left, right]: [Tree, Tree]): Tree => ({
  kind: "binary",
  op: "times",
  sign: "",
  left,
  right,
  span: join(left.span, right.span),
});
export const prefix = ([sign, arg]: [Token, Tree]): Tree => ({
  kind: "prefix",
  op: sign.type as "plus" | "minus",
  arg,
  span: join(at(sign), arg.span),
});
export const transpose = ([arg, sign]: [Tree, Token]): Tree => ({ kind: "transpose", arg, span: join(arg.span, at(sign)) });
export const superscript = ([arg, sign]: [Tree, Token]): Tree => ({
  kind: "binary",
  op: "power",
  sign: "^",
  left: arg,
  right: raised(sign),
  span: join(arg.span, at(sign)),
});
export const inverseTranspose = ([arg, sign]: [Tree, Token]): Tree => {
  const exponent: Tree = { kind: "prefix", op: "minus", arg: { kind: "number", text: "1", span: at(sign) }, span: at(sign) };
  const all = join(arg.span, at(sign));
  return { kind: "transpose", arg: { kind: "binary", op: "power", sign: "^", left: arg, right: exponent, span: all }, span: all };
};
export const pseudoinverse = ([arg, sign]: [Tree, Token]): Tree => ({
  kind: "call",
  name: "pinv",
  nameSpan: at(sign),
  derivatives: [],
  args: [arg],
  span: join(arg.span, at(sign)),
});
export const entry = ([of, , indices, close]: [Tree, Token, Chain<IndexTree>, Token]): Tree => ({
  kind: "entry",
  of,
  at: items(indices),
  span: join(of.span, at(close)),
});
/** 2:n as an index. */
export const range = ([first, sign, last]: [Tree, Token, Tree]): Tree => binary([first, { ...sign, type: "colon" }, last]);
export const all = ([t]: [Token]): IndexTree => ({ kind: "all", span: at(t) });
export const number = ([t]: [Token]): Tree => ({ kind: "number", text: t.value, span: at(t) });
export const name = ([t]: [Token]): Tree => ({ kind: "name", name: t.value, applied: t.applied === true, span: at(t) });
export const arrow = ([t]: [Token]): Tree => ({ kind: "arrow", value: t.text.startsWith("1") || t.text === "𝟏" ? 1 : 0, span: at(t) });
export const call = ([f, , args, close]: [Token, Token, Chain<Tree>, Token]): CallTree => ({
  kind: "call",
  name: f.value,
  nameSpan: at(f),
  ...(f.text === POWER_OF_E ? { powerOfE: true as const } : {}),
  ...(f.text.endsWith(".") ? { broadcast: true as const } : {}),
  derivatives: f.derivatives ?? [],
  args: items(args),
  span: join(at(f), at(close)),
});
/** (a) and {a}. */
export function group([open, inner, close]: [Token, Tree, Token]): Tree {
  const span = join(at(open), at(close));
  return open.text === "{" && isMark(inner) ? { ...inner, span } : { ...inner, grouped: true, span };
}
// T and -T: braces around them make no number of a transpose.
const isMark = (tree: Tree): boolean => (tree.kind === "prefix" ? tree.arg : tree).kind === "name";
export const stack = ([open, rows, close]: [Token, Chain<Chain<Tree>>, Token]): Tree => ({
  kind: "stack",
  rows: items(rows).map(items),
  span: join(at(open), at(close)),
});
export const cases = ([open, branches, close]: [Token, Chain<Branch>, Token]): Tree => ({
  kind: "cases",
  branches: items(branches),
  span: join(at(open), at(close)),
});
export const branch = ([then, , condition]: [Tree, Token, Tree]): Branch => ({ value: then, condition });
export const otherwise = ([then]: [Tree, Token]): Branch => ({ value: then });
/** sum_i a, prod_i a; with i ≠ j the whole sum less the terms of equal indices. */
export function indexed([sign, body]: [Token, Tree]): Tree {
  const indices = readIndices(sign);
  const span = join(at(sign), body.span);
  const product = PRODUCT_SIGNS.some((s) => sign.text.startsWith(s));
  const whole: Tree = {
    kind: "sum",
    product,
    indices: indices.map(({ same, ...index }) => (same === undefined ? index : { ...index, apart: same })),
    body,
    span,
  };
  if (!indices.some((i) => i.same !== undefined)) return whole;
  if (product) fail("unsupported", "a product runs over all values of an index", at(sign), { fix: "prod_i x[i]" });
  // Over i ≠ j: over all pairs but those with i = j.
  return { kind: "binary", op: "minus", sign: "-", left: whole, right: { kind: "sum", product, indices, body, span }, grouped: true, span };
}

// ² is a number, ⁻¹ a negated one, ⁿ a name.
function raised(sign: Token): Tree {
  const where = at(sign);
  const negative = sign.text.startsWith("⁻");
  const letter = SUPERSCRIPT_LETTERS[negative ? sign.text.slice(1) : sign.text];
  const size: Tree =
    letter === undefined
      ? { kind: "number", text: (plainSuperscript(sign.text) ?? "").replace("-", ""), span: where }
      : { kind: "name", name: letter, applied: false, span: where };
  return negative ? { kind: "prefix", op: "minus", arg: size, span: where } : size;
}

const ORDERS: Readonly<Record<string, IndexOrder>> = {
  "<": "above",
  ">": "above",
  "<=": "from",
  "≤": "from",
  ">=": "from",
  "≥": "from",
};
/** i ≠ j, i < j and 1 ≤ i < j ≤ n below a sum. */
const PAIR = /^_\{\s*(1\s*(?:<=|≤))?\s*([^\s≠!=<>≤≥]+)\s*(≠|!=|<=|>=|≤|≥|<|>)\s*([^\s≠!=<>≤≥]+)\s*(?:(?:<=|≤)\s*([^\s≠!=<>≤≥]+)\s*)?\}$/u;
const BOUNDS = /^\{?\s*([^={}]+?)\s*=\s*([^={}]*?)\s*\}?$/u;

// _i   _{i,j}   _{i=1}^n   ᵢⱼ
function readIndices(sign: Token): SumIndex[] {
  const where = at(sign);
  const word = INDEXED_SIGNS.find((s) => sign.text.startsWith(s)) ?? "";
  const below = sign.text.slice(word.length);
  return readPair(below, where) ?? readRange(below, where) ?? readList(below, where);
}

// _{i≠j}   _{i<j}   _{1≤i<j≤n}; 1 ≤ i ≤ n is a range.
function readPair(below: string, where: Span): SumIndex[] | undefined {
  const [, one, first, relation = "", second, to] = PAIR.exec(below) ?? [];
  if (first === undefined || second === undefined || !isIndexName(first) || !isIndexName(second)) return undefined;
  if (one !== undefined && to === undefined && (relation === "<=" || relation === "≤"))
    return [{ name: first, from: "1", to: second, span: where }];
  const order = ORDERS[relation];
  const [low, high] = relation === ">" || relation === ">=" || relation === "≥" ? [second, first] : [first, second];
  const outer: SumIndex = to === undefined ? { name: low, span: where } : { name: low, from: "1", to, span: where };
  return [outer, order === undefined ? { name: high, same: low, span: where } : { name: high, apart: low, order, span: where }];
}

// _{i=1}^n
function readRange(below: string, where: Span): SumIndex[] | undefined {
  const [, bounds, above] = /^_\{([^{}]*=[^{}]*)\}(?:\^\{?([^{}]*)\}?)?$/u.exec(below) ?? [];
  if (bounds === undefined) return undefined;
  const [, name, from] = BOUNDS.exec(bounds) ?? [];
  if (name === undefined || from === undefined || !isIndexName(name))
    fail("syntax", "the bounds of this sum are not understood", where, { fix: "sum_i x[i], or sum_{i=1}^{n} x[i]" });
  const to = above?.trim() ?? "";
  return [to === "" ? { name, from, span: where } : { name, from, to, span: where }];
}

// _i   _{i,j}   ᵢⱼ
function readList(below: string, where: Span): SumIndex[] {
  const plain = below.startsWith("_") ? below.slice(1).replace(/^\{|\}$/g, "") : [...below].map((c) => SUBSCRIPTS[c] ?? c).join("");
  const parts = plain.includes(",") ? plain.split(",").map((p) => p.trim()) : /^[a-z]{2,4}$/.test(plain) ? [...plain] : [plain.trim()];
  if (!parts.every(isIndexName))
    fail("syntax", "a sum runs over an index", where, { fix: "sum_i x[i], or sum(x) for the sum of all entries" });
  return parts.map((name) => ({ name, span: where }));
}

const isIndexName = (text: string): boolean => /^[\p{Lu}\p{Ll}][\p{Lu}\p{Ll}\p{Nd}]*$/u.test(text);
