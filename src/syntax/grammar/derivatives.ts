// What the productions of derivatives build: quotients, d/dx f, ∇f and diff(f, x).
//
// Invariant: a derivative lists what it is by, each time. Not here: where signs are those of a derivative
// (src/syntax/classify/derivatives.ts).

import { plainSuperscript } from "../../../grammar/glyphs.ts";
import { fail } from "../../base/diagnostic.ts";
import { join, type Span } from "../../base/span.ts";
import { plainName, type Token } from "../tokens/lexer.ts";
import { lettersOf } from "../tokens/spelling.ts";
import type { DerivativeTree, IndexTree, TargetTree, Tree } from "../tree.ts";
import { at, type Chain, items, spanOf } from "./nodes.ts";

/** Most derivatives one after the other. */
const MOST_DERIVATIVES = 9;

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
  if (!(Number.isInteger(count) && count >= 1 && count <= MOST_DERIVATIVES))
    fail("unsupported", `a derivative is of order 1, 2, … or ${MOST_DERIVATIVES} here`, at(times), { fix: `diff(f, ${by.name}, 2)` });
  return derivativeOf(at(word), of, new Array<TargetTree>(count).fill(by), at(close));
}
type DerivedBy<Last> = [word: Token, open: Token, of: Tree, comma: Token, by: TargetTree, comma: Token, last: Last, close: Token];
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
