// What each production of grammar/nabla.ne builds. The only place where the shape of a
// right-hand side is known; nearley hands over untyped lists, so every action states the
// tuple it takes.
//
// Invariant: every node's span covers exactly what was written for it. Actions run for
// every prefix of the input that completes a production, so an action refuses only what
// is wrong whatever follows.

import { INDEXED_SIGNS, POWER_OF_E, PRODUCT_SIGNS, plainSuperscript, SUBSCRIPTS, SUPERSCRIPT_LETTERS } from "../../../grammar/glyphs.ts";
import { fail } from "../../base/diagnostic.ts";
import { join, type Span, span } from "../../base/span.ts";
import { plainName, type Token } from "../tokens/lexer.ts";
import { lettersOf } from "../tokens/spelling.ts";
// biome-ignore format: names only
import type {
  BinaryOperator, Branch, CallTree, DeclarationTree, DerivativeTree, FunctionType, 
  IndexOrder, IndexTree, NamedSpan, ShapeType, SideTree,Statement, SumIndex, TargetTree, Tree,
} from "../tree.ts";

const at = (t: Token): Span => span(t.start, t.end);
const named = (t: Token): NamedSpan => ({ name: t.value, span: at(t) });

// Structure.
export const first = <T>([x]: [T]): T => x;
export const list = <T>([x]: [T]): Chain<T> => ({ item: x });
export const append = <T>([xs, , x]: [Chain<T>, unknown, T]): Chain<T> => ({ before: xs, item: x });
export const pair = <T>([xs, x]: [Chain<T>, T]): Chain<T> => ({ before: xs, item: x });
export const names = ([t]: [Token]): Chain<NamedSpan> => ({ item: named(t) });
export const moreNames = ([xs, , t]: [Chain<NamedSpan>, unknown, Token]): Chain<NamedSpan> => ({ before: xs, item: named(t) });
export const nextName = ([xs, t]: [Chain<NamedSpan>, Token]): Chain<NamedSpan> => ({ before: xs, item: named(t) });

/** A list that grows at its end without copying: every prefix of an input completes a production, so sharing must be safe. */
export interface Chain<T> {
  readonly before?: Chain<T>;
  readonly item: T;
}

/** The items of a chain in order. */
export function items<T>(chain: Chain<T>): T[] {
  const out: T[] = [];
  for (let c: Chain<T> | undefined = chain; c !== undefined; c = c.before) out.push(c.item);
  return out.reverse();
}

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
const spanOf = (parts: readonly { readonly span: Span }[]): Span =>
  join((parts[0] as NamedSpan).span, (parts[parts.length - 1] as NamedSpan).span);
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

// Derivatives.
const derivativeOf = (start: Span, of: Tree, by: readonly TargetTree[], end: Span): DerivativeTree => ({
  kind: "derivative",
  form: "derivative",
  of,
  by,
  span: join(start, end),
});
const derivativeBy = (sign: Token, of: Tree, by: readonly TargetTree[]): DerivativeTree => derivativeOf(at(sign), of, by, spanOf(by));
export const derivative = ([sign, of, , by]: [Token, Tree, Token, Chain<TargetTree[]>]): DerivativeTree => {
  return derivativeBy(sign, of, singleTargets(by));
};
export const operator = ([sign, , by, of]: [Token, Token, Chain<TargetTree[]>, Tree]): DerivativeTree =>
  derivativeOf(at(sign), of, singleTargets(by), of.span);

// Below a ∂ without an order σ² is a variable, and no name.
function singleTargets(by: Chain<TargetTree[]>): TargetTree[] {
  const all = items(by);
  const [first, second] = all[0] ?? [];
  if (all.length > 1 || first === undefined || second === undefined) return all.flat();
  return fail("unsupported", `a first derivative by a power of ${first.name} is not understood`, first.span, {
    fix: `a name for the power, as v for ${first.name}^2, or ∂²/∂${first.name}² for the second derivative`,
  });
}

const ordered = (sign: Token): { count: number; span: Span } => ({ count: Number(plainSuperscript(sign.text) ?? "0"), span: at(sign) });
export const higherDerivative = ([sign, order, of, , by]: [Token, Token, Tree, Token, Chain<TargetTree[]>]): DerivativeTree => ({
  ...derivativeBy(sign, of, items(by).flat()),
  order: ordered(order),
});
export const higherOperator = ([sign, order, , by, of]: [Token, Token, Token, Chain<TargetTree[]>, Tree]): DerivativeTree => ({
  ...derivativeOf(at(sign), of, items(by).flat(), of.span),
  order: ordered(order),
});
/** diff(y, x), grad(f, x), hess(f, x). */
export function derive([word, , of, , by, close]: [Token, Token, Tree, Token, TargetTree, Token]): DerivativeTree {
  const twice = /^hess/i.test(word.value);
  const tree = derivativeOf(at(word), of, twice ? [by, by] : [by], at(close));
  return /^grad/i.test(word.value) ? { ...tree, form: "gradient" } : tree;
}
/** diff(y, x, z), by one after the other. */
export const deriveBoth = ([word, , of, , first, , second, close]: DerivedBy<TargetTree>): DerivativeTree =>
  derivativeOf(at(word), of, [first, second], at(close));
/** diff(y, x, 2), twice by x. */
export function deriveTimes([word, , of, , by, , times, close]: DerivedBy<Token>): DerivativeTree {
  const count = Number(times.value);
  if (!(Number.isInteger(count) && count >= 1 && count <= MOST_TIMES))
    fail("unsupported", `a derivative is of order 1, 2, … or ${MOST_TIMES} here`, at(times), { fix: `diff(f, ${by.name}, 2)` });
  return derivativeOf(at(word), of, new Array<TargetTree>(count).fill(by), at(close));
}
type DerivedBy<Last> = [word: Token, open: Token, of: Tree, comma: Token, by: TargetTree, comma: Token, last: Last, close: Token];
const MOST_TIMES = 9;
/** ∇_w f; the Hessian ∇²_w f, ∇_ww f, ∇²_{vw} f. */
export function gradient([sign, of]: [Token, Tree]): DerivativeTree {
  const { names, isSecond } = belowNabla(sign);
  const by = names.map((name) => ({ name, span: at(sign) }));
  const whole = { kind: "derivative", of, span: join(at(sign), of.span) } as const;
  if (!isSecond) return { ...whole, form: "gradient", by };
  const twice = by.length === 1 ? [...by, ...by] : by;
  return { ...whole, form: "derivative", by: twice, order: { count: 2, span: at(sign) } };
}
/** ∇_v ∇_w f. */
export function gradients([first, second, of]: [Token, Token, Tree]): DerivativeTree {
  const by = [first, second].flatMap((sign) => belowNabla(sign).names.map((name) => ({ name, span: at(sign) })));
  return { kind: "derivative", form: "derivative", of, by, order: { count: 2, span: at(first) }, span: join(at(first), of.span) };
}
function belowNabla(sign: Token): { names: readonly string[]; isSecond: boolean } {
  const bare = sign.text.replace(/²|\^2|\^\{2\}/, "");
  const below = plainName(bare)
    .slice("∇".length)
    .replace(/^_/, "")
    .replace(/^\{|\}$/g, "");
  const isSecond = bare !== sign.text || /^(\p{L})\1$/u.test(below);
  const letters = isSecond ? lettersOf(below) : [];
  return { names: letters.length === 2 ? letters : below === "" ? [] : [below], isSecond };
}
export const target = ([, by]: [Token, TargetTree, ...Token[]]): TargetTree[] => [by];
/** ∂x², as often as the exponent says. */
export function repeatedTarget([, by, times]: [Token, TargetTree, Token]): TargetTree[] {
  const count = Number(plainSuperscript(times.text) ?? "0");
  if (!(count >= 1 && count <= MOST_DERIVATIVES)) fail("syntax", `a derivative of order ${times.text} has no meaning here`, at(times));
  return Array.from({ length: count }, () => by);
}
export const variable = ([name]: [Token]): TargetTree => ({ name: name.value, span: at(name) });
export const variableEntry = ([name, , indices, close]: [Token, Token, Chain<IndexTree>, Token]): TargetTree => ({
  name: name.value,
  at: items(indices),
  span: join(at(name), at(close)),
});

const MOST_DERIVATIVES = 9;

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
