// What people get wrong, done to answers of the literature: terms and texts changed in every
// way that a diagnosis is to name.
//
// Invariant: nothing here comes from src/check, so that what is looked for there is not what
// is made here.

import { differentiate } from "../../src/calculus/differentiate.ts";
import { add, apply, call, dimNumber, hadamard, mul, neg, num, ones, transpose, variable, withArgs } from "../../src/expr/build.ts";
import type { Layout } from "../../src/expr/conventions.ts";
import { dimNames, dimOf } from "../../src/expr/dim.ts";
import type { Expr, Variable } from "../../src/expr/expr.ts";
import { isScalarShape, isSquareShape, sameShape } from "../../src/expr/shape.ts";
import { standardLibrary } from "../../src/rewrite/standard.ts";

/** An answer and where it comes from. */
export interface Solved {
  readonly expr: Expr;
  readonly wrt: Variable;
  readonly variables: readonly Variable[];
  readonly order: 1 | 2;
  readonly layout: Layout;
  readonly answer: Expr;
  /** The answer as it is written. */
  readonly text: string;
}

export interface Mutation {
  readonly name: string;
  /** Mistakes that name it. */
  readonly named: readonly string[];
  /** Changed answers, as terms or texts; some may have the same value. */
  readonly make: (s: Solved) => Iterable<Expr | string>;
}

const library = standardLibrary();
const { find } = library.functions;

type Operator = "transpose" | "neg" | "add" | "mul" | "hadamard" | "div" | "hdiv" | "diag" | "eye" | "inv" | "sum";
const is = (e: Expr | undefined, op: Operator): boolean => e?.kind === "apply" && e.op === op;
const first = (e: Expr): Expr => e.args[0] as Expr;
const second = (e: Expr): Expr => e.args[1] as Expr;
const turned = (e: Expr): Expr => (is(e, "transpose") ? first(e) : transpose(e));

/** Whether an argument of another shape may stand in a node, for the operators that answers are made of. */
function takes(node: Expr, k: number, part: Expr): boolean {
  if (sameShape(part.shape, (node.args[k] as Expr).shape)) return true;
  const [a, b] = node.args.with(k, part) as [Expr, Expr];
  if (is(node, "mul")) return isScalarShape(a.shape) || isScalarShape(b.shape) || a.shape.cols === b.shape.rows;
  if (is(node, "hadamard") || is(node, "hdiv")) return sameShape(a.shape, b.shape);
  return is(node, "transpose") || is(node, "neg");
}

/** The term with one occurrence of a part replaced, in every way that fits. */
function* rewritten(e: Expr, make: (part: Expr) => readonly Expr[]): Generator<Expr> {
  yield* make(e);
  for (const [k, arg] of e.args.entries())
    for (const part of rewritten(arg, make)) if (takes(e, k, part)) yield withArgs(e, e.args.with(k, part), find);
}
const anywhere = (make: (part: Expr) => readonly Expr[]) => (s: Solved) => rewritten(s.answer, make);

const put = (e: Expr, from: Expr, to: Expr): Expr =>
  e === from
    ? to
    : withArgs(
        e,
        e.args.map((a) => put(a, from, to)),
        find,
      );
const contains = (e: Expr, part: Expr): boolean => e === part || e.args.some((a) => contains(a, part));
const derivative = ({ wrt, layout }: Solved, expr: Expr): Expr => differentiate(expr, wrt, { library, layout }).expr;

const factor = (k: Expr) => (part: Expr) => (part.kind === "num" ? [] : [mul(k, part)]);
const half = (): Expr => apply("div", [num(1), num(2)]);
const sizes = (s: Solved): Expr[] =>
  [...new Set(s.variables.flatMap((v) => [...dimNames(v.shape.rows), ...dimNames(v.shape.cols)]))].map((n) => dimNumber(dimOf(n)));
const isNumber = (e: Expr): boolean => e.kind === "num" || e.kind === "dim" || ((is(e, "div") || is(e, "neg")) && e.args.every(isNumber));

/** The derivative with one occurrence of the variable held constant. */
function* oneHeld(s: Solved): Generator<Expr> {
  const held = variable("held", s.wrt.shape, s.wrt.attributes);
  const marked = [...rewritten(s.expr, (e) => (e === s.wrt ? [held] : []))];
  if (s.order === 1 && marked.length > 1) for (const e of marked) yield put(derivative(s, e), held, s.wrt);
}

/** The derivative with that of an inner part taken for 1. */
function* insideSkipped(s: Solved): Generator<Expr> {
  const inner = new Set<Expr>();
  const look = (e: Expr): void => {
    const around = e.kind === "apply" && !["add", "neg", "transpose", "mul", "vcat"].includes(e.op);
    for (const a of e.args) {
      if (around && a !== s.wrt && sameShape(a.shape, s.wrt.shape) && contains(a, s.wrt)) inner.add(a);
      look(a);
    }
  };
  if (s.order === 1) look(s.expr);
  for (const part of inner) {
    const rest = variable("rest", s.wrt.shape);
    yield put(derivative(s, put(s.expr, part, add(rest, s.wrt))), rest, add(part, neg(s.wrt)));
  }
}

function droppedFactor(e: Expr): Expr[] {
  if (is(e, "mul")) return e.args.filter((a, k) => sameShape(a.shape, e.shape) && !isNumber(e.args[1 - k] as Expr));
  if (is(e, "hadamard")) return [...e.args];
  return is(e, "div") && !isNumber(second(e)) ? [first(e)] : [];
}

function hadamardForProduct(e: Expr): Expr[] {
  if (!is(e, "mul") || isScalarShape(first(e).shape) || isScalarShape(second(e).shape)) return [];
  return [second(e), turned(second(e))].filter((b) => sameShape(b.shape, first(e).shape)).map((b) => hadamard(first(e), b));
}

function productForHadamard(e: Expr): Expr[] {
  if (!is(e, "hadamard")) return [];
  const [a, b] = [first(e), second(e)];
  const pairs = [[a, b] as const, [a, turned(b)] as const, [turned(a), b] as const];
  return pairs.filter(([x, y]) => x.shape.cols === y.shape.rows).map(([x, y]) => mul(x, y));
}

function withoutDiag(e: Expr): Expr[] {
  if (is(e, "diag")) return [first(e)];
  return is(e, "eye") ? [ones(e.shape.rows), ones(e.shape.rows, e.shape.rows)] : [];
}

const otherInverse = (e: Expr): Expr[] => (is(e, "inv") ? [transpose(e)] : is(e, "transpose") && is(first(e), "inv") ? [first(e)] : []);

function* asSymmetric({ answer: g, wrt, order, layout }: Solved): Generator<Expr> {
  if (!isSquareShape(g.shape) || isScalarShape(g.shape) || !isSquareShape(wrt.shape) || order === 2 || layout === "vec") return;
  const both = add(g, transpose(g));
  yield add(both, neg(apply("diag", [apply("diag", [g])])));
  yield mul(half(), both);
  yield both;
}

const mean = (e: Expr): Expr => call(find("mean") as NonNullable<ReturnType<typeof find>>, e.args);
function* meanForSum(s: Solved): Generator<Expr> {
  const taken = (e: Expr): Expr[] => (is(e, "sum") ? [mean(e)] : []);
  yield* rewritten(s.answer, taken);
  if (s.order === 1) for (const e of rewritten(s.expr, taken)) yield derivative(s, e);
}

/** The written answer with each match of a pattern replaced alone. */
function* respelled({ text }: Solved, pattern: RegExp, by: string): Generator<string> {
  for (const m of text.matchAll(pattern)) yield text.slice(0, m.index) + m[0].replace(pattern, by) + text.slice(m.index + m[0].length);
}

// biome-ignore format: a table is read by columns
export const MUTATIONS: readonly Mutation[] = [
  { name: "transposed",            named: ["transposed", "other layout"],             make: (s) => [turned(s.answer)] },
  { name: "sign",                  named: ["sign"],                                   make: (s) => [neg(s.answer)] },
  { name: "sign of a term",        named: ["sign"],                                   make: anywhere((e) => (is(e, "add") ? e.args.map((a, i) => add(...e.args.with(i, neg(a)))) : [])) },
  { name: "factor 2",              named: ["factor 2"],                               make: (s) => [mul(num(2), s.answer)] },
  { name: "factor 2 inside",       named: ["factor 2"],                               make: anywhere(factor(num(2))) },
  { name: "factor 1/2",            named: ["factor 1/2"],                             make: (s) => [mul(half(), s.answer)] },
  { name: "factor 1/2 inside",     named: ["factor 1/2"],                             make: anywhere(factor(half())) },
  { name: "factor n",              named: ["factor n", "sum and mean"],               make: (s) => sizes(s).map((n) => mul(n, s.answer)) },
  { name: "factor 1/n",            named: ["factor 1/n", "sum and mean"],             make: (s) => sizes(s).map((n) => apply("div", [s.answer, n])) },
  { name: "sum and mean",          named: ["sum and mean"],                           make: meanForSum },
  { name: "term dropped",          named: ["product rule"],                           make: (s) => (is(s.answer, "add") ? s.answer.args.map((_, i) => add(...s.answer.args.toSpliced(i, 1))) : []) },
  { name: "one held constant",     named: ["product rule"],                           make: oneHeld },
  { name: "factor dropped",        named: ["chain rule"],                             make: anywhere(droppedFactor) },
  { name: "inside skipped",        named: ["chain rule"],                             make: insideSkipped },
  { name: "transpose of a factor", named: ["transpose", "transposed", "other layout"], make: anywhere((e) => (isScalarShape(e.shape) ? [] : [turned(e)])) },
  { name: "' left out",            named: ["transpose", "transposed", "other layout"], make: (s) => respelled(s, /'/g, "") },
  { name: "⊙ for a product",       named: ["element-wise"],                           make: anywhere(hadamardForProduct) },
  { name: ".* for *",              named: ["element-wise"],                           make: (s) => respelled(s, /(?<!\.)\*/g, ".*") },
  { name: "a product for ⊙",       named: ["element-wise"],                           make: anywhere(productForHadamard) },
  { name: "* for .*",              named: ["element-wise"],                           make: (s) => respelled(s, /\.\*/g, "*") },
  { name: "diag dropped",          named: ["diag"],                                   make: anywhere(withoutDiag) },
  { name: "diag left out",         named: ["diag"],                                   make: (s) => respelled(s, /diag\(/g, "(") },
  { name: "inverse",               named: ["inverse transposed"],                     make: anywhere(otherInverse) },
  { name: "symmetric",             named: ["symmetric"],                              make: asSymmetric },
  { name: "shape",                 named: ["shape"],                                  make: ({ text, answer }) => (isScalarShape(answer.shape) ? [`(${text})*ones(3)`] : [`sum(${text})`, `[${text}; ${text}]`]) },
];

/** The derivative in the other layouts. */
export function otherLayouts(s: Solved): Expr[] {
  const layouts = (["numerator", "denominator", "mixed", "vec"] as const).filter((l) => l !== s.layout);
  return s.order === 2 ? [] : layouts.map((layout) => derivative({ ...s, layout }, s.expr));
}
