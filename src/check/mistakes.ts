// The mistakes that people make with derivatives, as data: one row each, with its name, a
// sentence, and what it makes of a part of the right answer.
//
// Invariants: a row knows nothing of the claim it is to explain; what it makes may have
// another shape, and whether that fits is decided where it is put. A factor or term that is
// missing cannot be put back from a claim, so such rows have no `undo`.

import { rational } from "../base/rational.ts";
import { add, apply, call, dimNumber, eye, hadamard, mul, neg, num, ones, transpose } from "../expr/build.ts";
import { type Dim, dimConstant, isOneDim, multiplyDims } from "../expr/dim.ts";
import { type Expr, isApply } from "../expr/expr.ts";
import type { FunctionInfo } from "../expr/functions.ts";
import { isMatrixShape, isScalarShape, isSquareShape, isVectorShape, sameShape } from "../expr/shape.ts";

/** What a row may consult. */
export interface Surroundings {
  readonly find: (name: string) => FunctionInfo | undefined;
  /** Sizes that occur: factors people forget. */
  readonly sizes: readonly Dim[];
  /** Numbers of entries that a sum or mean in what is differentiated runs over. */
  readonly counts: readonly Dim[];
}

/** A mistake that people make: how a part comes to be wrong by it, and right again. */
export interface Mistake {
  readonly name: string;
  /** What went wrong, as the beginning of a sentence for people. */
  readonly sentence: string;
  /** Only the whole answer, or any part of it. */
  readonly where: "whole" | "anywhere";
  /** Made at every place that has it at once, too. */
  readonly together?: true;
  /** A part of the right answer with the mistake made. */
  readonly make: (part: Expr, s: Surroundings) => readonly Expr[];
  /** A part of a claim with the mistake taken back; `make` again where that is its own inverse. */
  readonly undo?: (part: Expr, s: Surroundings) => readonly Expr[];
}

const fraction = (n: number, d: number): Expr => num(rational(n, d));
const times = (k: Expr, e: Expr): Expr => mul(k, e);
const flipped = (e: Expr): Expr => (isApply(e, "transpose") ? (e.args[0] as Expr) : transpose(e));
const asNumber = (d: Dim): Expr => {
  const n = dimConstant(d);
  return n === undefined ? dimNumber(d) : num(n);
};
const over = (e: Expr, d: Dim): Expr => apply("div", [e, asNumber(d)]);

const opposite = (part: Expr): Expr[] => [isApply(part, "neg") ? (part.args[0] as Expr) : neg(part)];

// A factor of a number is one of the product it stands in.
const scaled = (by: (part: Expr, s: Surroundings) => readonly Expr[]): Mistake["make"] => {
  return (part, s) => (part.kind === "num" || part.kind === "dim" ? [] : by(part, s));
};
const factor = (k: () => Expr, back: () => Expr): Pick<Mistake, "where" | "make" | "undo"> => ({
  where: "anywhere",
  make: scaled((part) => [times(k(), part)]),
  undo: scaled((part) => [times(back(), part)]),
});

// (Xᵀ)⁻¹ and (X⁻¹)ᵀ.
function turnedInverse(part: Expr): Expr[] {
  if (isInverse(part) && isSquareShape((part.args[0] as Expr).shape)) return [transpose(part)];
  if (isApply(part, "transpose") && isInverse(part.args[0])) return [part.args[0] as Expr];
  return [];
}
const isInverse = (e: Expr | undefined): boolean =>
  isApply(e, "inv") || (isApply(e, "pow") && e.args[1]?.kind === "num" && e.args[1].value.n < 0n && !isScalarShape(e.shape));

function turned(part: Expr): Expr[] {
  if (isScalarShape(part.shape) || part.kind === "num") return [];
  return [flipped(part)];
}

/** ⊙ for a product, and a product for ⊙, in every order and transposition that fits. */
function otherProduct(part: Expr): Expr[] {
  if (part.kind !== "apply") return [];
  const [a, b] = part.args as [Expr, Expr];
  if (part.op === "hadamard") return [...products(a, b), ...products(b, a)];
  if (part.op === "dot") return sameShape(a.shape, b.shape) ? [hadamard(a, b)] : [];
  if (part.op !== "mul" || isScalarShape(a.shape) || isScalarShape(b.shape)) return [];
  const out: Expr[] = [];
  for (const x of [a, flipped(a)]) for (const y of [b, flipped(b)]) if (sameShape(x.shape, y.shape)) out.push(hadamard(x, y));
  return out;
}

function swapped(part: Expr): Expr[] {
  if (!isApply(part, "mul")) return [];
  const [a, b] = part.args as [Expr, Expr];
  if (isScalarShape(a.shape) || isScalarShape(b.shape)) return [];
  return b.shape.cols === a.shape.rows ? [mul(b, a)] : [];
}

function products(a: Expr, b: Expr): Expr[] {
  const out: Expr[] = [];
  for (const x of [a, flipped(a)])
    for (const y of [b, flipped(b)]) if (!isScalarShape(x.shape) && x.shape.cols === y.shape.rows) out.push(mul(x, y));
  return out;
}

function withoutDiag(part: Expr): Expr[] {
  if (part.kind !== "apply") return [];
  const [a, b] = part.args as [Expr, Expr | undefined];
  const out: Expr[] = [];
  if (part.op === "diag" && !isScalarShape(a.shape)) out.push(a, ...(isVectorShape(a.shape) ? [flipped(a)] : []));
  // A ⊙ I keeps the diagonal alone.
  if (part.op === "hadamard" && b !== undefined) {
    if (isApply(a, "eye")) out.push(b);
    if (isApply(b, "eye")) out.push(a);
  }
  // diag(v) A as v times A, however that may be read.
  if (part.op === "mul" && b !== undefined)
    for (const [d, other] of [
      [a, b],
      [b, a],
    ] as const) {
      if (!isApply(d, "diag") || !isVectorShape((d.args[0] as Expr).shape)) continue;
      const v = d.args[0] as Expr;
      out.push(...products(v, other), ...products(other, v));
      if (sameShape(v.shape, other.shape)) out.push(hadamard(v, other));
    }
  if (isApply(part, "eye")) out.push(ones(part.shape.rows), ones(part.shape.rows, part.shape.cols));
  return out;
}

function withDiag(part: Expr): Expr[] {
  const out: Expr[] = [];
  if (isVectorShape(part.shape)) out.push(apply("diag", [part]));
  if (isMatrixShape(part.shape) && isSquareShape(part.shape)) out.push(hadamard(eye(part.shape.rows), part));
  if (part.kind === "apply" && (part.op === "mul" || part.op === "hadamard")) {
    const [a, b] = part.args as [Expr, Expr];
    for (const [v, other] of [
      [a, b],
      [b, a],
    ] as const)
      if (isVectorShape(v.shape)) {
        const d = apply("diag", [v]);
        for (const o of [other, flipped(other)]) {
          if (d.shape.cols === o.shape.rows) out.push(mul(d, o));
          if (o.shape.cols === d.shape.rows) out.push(mul(o, d));
        }
      }
  }
  return out;
}

/** Longest sum whose terms are left out one by one. */
const MOST_TERMS = 40;

/** A sum without one of its terms. */
function withoutTerm(part: Expr): Expr[] {
  if (!isApply(part, "add") || part.args.length < 2 || part.args.length > MOST_TERMS) return [];
  return part.args.map((_, i) => add(...part.args.toSpliced(i, 1)));
}

const isNumber = (e: Expr): boolean => e.kind === "num" || e.kind === "dim" || (isApply(e, "div") && e.args.every(isNumber));

/** The factors of a chain of products, from the left. */
function factorsOf(part: Expr): Expr[] {
  const out: Expr[] = [];
  const open = [part];
  for (let e = open.pop(); e !== undefined && out.length <= MOST_FACTORS; e = open.pop()) {
    if (isApply(e, "mul")) open.push(e.args[1] as Expr, e.args[0] as Expr);
    else out.push(e);
  }
  return out;
}

/** Longest product of which all parts are tried. */
const MOST_FACTORS = 5;

/** A product of some of the factors, as far as they fit. */
function someFactors(part: Expr): Expr[] {
  const all = factorsOf(part);
  if (all.length < 3 || all.length > MOST_FACTORS) return [];
  const out: Expr[] = [];
  for (let set = 1; set < 2 ** all.length - 1; set++) {
    const kept = all.filter((_, i) => (set >> i) % 2 === 1);
    if (all.every((f, i) => (set >> i) % 2 === 1 || isNumber(f))) continue;
    const made = kept.slice(1).reduce<Expr | undefined>((p, f) => {
      if (p === undefined) return undefined;
      return isScalarShape(p.shape) || isScalarShape(f.shape) || p.shape.cols === f.shape.rows ? mul(p, f) : undefined;
    }, kept[0]);
    if (made !== undefined) out.push(made);
  }
  return out;
}

/** A product without some of its factors, a single one first. */
function withoutFactor(part: Expr): Expr[] {
  if (part.kind !== "apply") return [];
  const [a, b] = part.args as [Expr, Expr | undefined];
  switch (part.op) {
    case "mul":
    case "hadamard":
    case "dot":
    case "kron": {
      // A number that is missing is a matter of factors, not of the chain rule.
      const [u, v] = [a, b as Expr];
      return [...(isNumber(v) ? [] : [u]), ...(isNumber(u) ? [] : [v]), ...(part.op === "mul" ? someFactors(part) : [])];
    }
    case "div":
    case "hdiv":
      return isNumber(b as Expr) ? [] : [a];
    default:
      return [];
  }
}

function sumForMean(part: Expr, { find, counts }: Surroundings): Expr[] {
  const out: Expr[] = [];
  if (part.kind === "apply") {
    const [a] = part.args;
    const mean = find("mean");
    if (a !== undefined && mean !== undefined && part.op === "sum") out.push(call(mean, [a]));
    if (a !== undefined && part.op === "mean") out.push(apply("sum", [a]));
    for (const [one, other] of [
      ["rowsum", "rowmean"],
      ["colsum", "colmean"],
    ] as const) {
      const to = find(part.op === one ? other : part.op === other ? one : "");
      if (a !== undefined && to !== undefined) out.push(call(to, [a]));
    }
    // The sum forgotten, or one that does not belong there.
    if (a !== undefined && part.op === "sum") out.push(...(isScalarShape(a.shape) ? [] : [a]));
  }
  for (const n of counts) out.push(times(asNumber(n), part), over(part, n));
  return out;
}

function otherExponent(part: Expr): Expr[] {
  if (part.kind !== "apply" || (part.op !== "pow" && part.op !== "hpow")) return [];
  const [base, k] = part.args as [Expr, Expr];
  return [1, -1].map((step) =>
    apply(part.op as "pow", [base, k.kind === "num" ? num(rational(k.value.n + BigInt(step) * k.value.d, k.value.d)) : add(k, num(step))]),
  );
}

// biome-ignore format: pairs of functions, one to the other and back
const CONFUSED: readonly (readonly [string, string])[] = [
  ["sin", "cos"], ["sinh", "cosh"], ["log", "exp"], ["tan", "tanh"], ["sigmoid", "tanh"], ["relu", "step"], ["abs", "sign"],
  ["softplus", "sigmoid"], ["det", "logdet"],
];

function otherFunction(part: Expr, { find }: Surroundings): Expr[] {
  if (part.kind !== "apply") return [];
  return CONFUSED.flatMap(([a, b]) => {
    const to = find(part.op === a ? b : part.op === b ? a : "");
    return to === undefined ? [] : [call(to, part.args)];
  });
}

/** What people make of the gradient G by a symmetric matrix. */
function symmetricForms(part: Expr): Expr[] {
  if (!isMatrixShape(part.shape) || !isSquareShape(part.shape)) return [];
  const both = add(part, transpose(part));
  return [both, mul(fraction(1, 2), both), add(both, neg(hadamard(eye(part.shape.rows), part))), add(both, neg(part))];
}

// biome-ignore format: a table is read by columns
/** The mistakes, the most specific first. */
export const MISTAKES: readonly Mistake[] = [
  { name: "transposed",        sentence: "this is the transpose of the right answer",          where: "whole",    make: turned, undo: turned },
  { name: "sign",              sentence: "a sign is wrong",                                    where: "anywhere", make: opposite, undo: opposite },
  { name: "factor 2",          sentence: "there is a factor 2 too many",                       ...factor(() => num(2), () => fraction(1, 2)) },
  { name: "factor 1/2",        sentence: "a factor 2 is missing",                              ...factor(() => fraction(1, 2), () => num(2)) },
  { name: "sum and mean",      sentence: "a sum is taken for a mean, or a mean for a sum",     where: "anywhere", make: sumForMean, undo: sumForMean },
  { name: "factor n",          sentence: "there is a factor too many, the size of something",  where: "anywhere", make: scaled((p, s) => s.sizes.map((n) => times(asNumber(n), p))), undo: scaled((p, s) => s.sizes.map((n) => over(p, n))) },
  { name: "factor 1/n",        sentence: "a factor is missing, the size of something",         where: "anywhere", make: scaled((p, s) => s.sizes.map((n) => over(p, n))), undo: scaled((p, s) => s.sizes.map((n) => times(asNumber(n), p))) },
  { name: "inverse transposed",sentence: "X⁻¹ stands where X⁻ᵀ belongs, or the reverse",       where: "anywhere", make: turnedInverse, undo: turnedInverse, together: true },
  { name: "transpose",         sentence: "a transpose is forgotten, or one too many",          where: "anywhere", make: turned, undo: turned },
  { name: "diag",              sentence: "a diag is dropped",                                  where: "anywhere", make: withoutDiag, undo: withDiag },
  { name: "element-wise",      sentence: "⊙ stands where a product belongs, or the reverse",   where: "anywhere", make: otherProduct, undo: otherProduct },
  { name: "order",             sentence: "factors stand in the wrong order",                   where: "anywhere", make: swapped, undo: swapped },
  { name: "symmetric",         sentence: "this treats the variable as symmetric",              where: "whole",    make: symmetricForms },
  { name: "product rule",      sentence: "a term is missing, as when the product rule is applied to one factor only", where: "anywhere", make: withoutTerm },
  { name: "chain rule",        sentence: "a factor is missing, as when the chain rule is not applied to the inside", where: "anywhere", make: withoutFactor },
  { name: "extra term",        sentence: "there is a term too many",                           where: "anywhere", make: () => [], undo: withoutTerm },
  { name: "extra factor",      sentence: "there is a factor too many",                         where: "anywhere", make: () => [], undo: withoutFactor },
  { name: "exponent",          sentence: "an exponent is off by one",                          where: "anywhere", make: otherExponent, undo: otherExponent },
  { name: "function",          sentence: "a function is taken for another",                    where: "anywhere", make: otherFunction, undo: otherFunction, together: true },
];

/** Whether sizes are worth a factor: all but 1. */
export const isFactor = (d: Dim): boolean => !isOneDim(d) && dimConstant(d) === undefined;

/** Number of entries of a term. */
export const entryCount = (e: Expr): Dim => multiplyDims(e.shape.rows, e.shape.cols);
