// Functions of entries joined to one: sin(x) cos(x) as sin(2 x)/2, log(x) − log(y) as log(x/y).
// Candidates for reading only: in the normal form the functions stay apart, where each meets
// what else is known of it.
//
// Invariant: equal tensors. Not here: which functions join, which the rules say (src/rewrite/join.ts).

import { divide, equals, type Rational, sign } from "../../base/rational.ts";
import type { Dim } from "../../expr/dim.ts";
import { addTensors } from "../form/algebra.ts";
import { slotsText } from "../form/canonical.ts";
import { createDraft, draftOf, multiplyInto } from "../form/draft.ts";
import { type Factor, internTensor, type Slot, sameExponent, type Tensor, type Term } from "../form/tensor.ts";
import { substitute } from "../functions/apply.ts";
import type { Bindings } from "../functions/bindings.ts";
import type { Contraction } from "../functions/functionRules.ts";
import { matchTensor } from "../functions/match.ts";
import { product } from "../product/product.ts";
import { atOneArgument, type Ratio, withoutLogarithms } from "./exponents.ts";
import { replaceFactors } from "./replace.ts";

/** A sum of two terms, each a number times at most one function, and what it is. */
export interface JoinedSum {
  readonly pattern: Tensor;
  readonly result: Tensor;
}

/** What joins, in products and in sums; laws are made when they are first asked for. */
export interface Joins {
  /** Names of functions, at least one of which stands in all that joins. */
  readonly heads: ReadonlySet<string>;
  /** What joins in products, by the function that it is a law of. */
  readonly products: (name: string) => readonly Contraction[];
  /** What joins in sums, each with its own heads. */
  readonly sums: readonly { readonly heads: readonly string[]; readonly law: () => JoinedSum | undefined }[];
  /** Whether f(x) f(y) = f(x + y). */
  readonly isExponential: (name: string) => boolean;
  /** Quotients of two calls of a function. */
  readonly ratios: (name: string) => readonly Ratio[];
}

/** More summands than this are not looked at in pairs. */
const MOST_PAIRED = 12;

/** Equal tensors with some functions joined; none where nothing joins. */
export function joined(tensor: Tensor, joins: Joins): Tensor[] {
  if (!tensor.terms.some((t) => t.factors.some((f) => isHead(f, joins) || holdsHead(f, joins)))) return [];
  const products = inProducts(tensor, joins);
  const moved = atOneArgument(tensor, joins.ratios).map((t) => inProducts(t, joins) ?? t);
  const apart = [products ?? tensor, ...moved].map((t) => withoutLogarithms(t, joins.isExponential));
  const whole = [products, inSums(tensor, joins), inBrackets(tensor, joins), ...apart];
  return [...new Set(whole)].filter((t) => t !== undefined);
}

const isHead = ({ base }: Factor, { heads }: Joins): boolean => base.kind === "function" && heads.has(base.rules.info.name);
const holdsHead = ({ base }: Factor, joins: Joins): boolean =>
  base.kind === "sum" && base.tensor.terms.length <= MOST_PAIRED && base.tensor.terms.some((t) => t.factors.some((f) => isHead(f, joins)));

/** Every term with the functions joined that are multiplied there; undefined where none are. */
function inProducts(tensor: Tensor, { products }: Joins): Tensor | undefined {
  let changed = false;
  const parts = tensor.terms.map((term) => {
    const draft = draftOf(tensor.axes, term);
    for (const f of draft.factors) {
      if (f.base.kind !== "function" || !draft.factors.includes(f)) continue;
      for (const law of products(f.base.rules.info.name)) if (law.apply(draft, f)) changed = true;
    }
    return product(draft);
  });
  return changed ? addTensors(tensor.axes, parts) : undefined;
}

/** The sum with its first two terms joined that join; undefined where none do. */
function inSums(tensor: Tensor, joins: Joins): Tensor | undefined {
  const { axes, terms } = tensor;
  if (terms.length < 2 || terms.length > MOST_PAIRED) return undefined;
  const sums = sumsAbout(terms, joins);
  if (sums.length === 0) return undefined;
  for (const [i, first] of terms.entries())
    for (const second of terms.slice(i + 1))
      for (const law of sums) {
        const [lead, other] = withoutMinusFirst([first, second]);
        const made = joinPair(axes, lead, other, law) ?? joinPair(axes, other, lead, law);
        if (made === undefined) continue;
        const rest = terms.filter((t) => t !== first && t !== second);
        return addTensors(axes, [made, internTensor(axes, rest)]);
      }
  return undefined;
}

/** The laws of sums with a function that stands in one of the terms. */
function sumsAbout(terms: readonly Term[], { sums }: Joins): readonly JoinedSum[] {
  const names = new Set(terms.flatMap((t) => t.factors.flatMap(({ base }) => (base.kind === "function" ? [base.rules.info.name] : []))));
  return sums.flatMap(({ heads, law }) => (heads.some((name) => names.has(name)) ? (law() ?? []) : []));
}

/** The terms with the sums in brackets joined that become one term; undefined where none do. */
function inBrackets(tensor: Tensor, joins: Joins): Tensor | undefined {
  return replaceFactors(tensor, (f) => {
    const made = f.base.kind === "sum" && holdsHead(f, joins) ? inSums(f.base.tensor, joins) : undefined;
    return made?.terms.length === 1 ? made : undefined;
  });
}

/** Two terms that are the two of the pattern in this order, but for factors that both have. */
function joinPair(axes: readonly Dim[], first: Term, second: Term, { pattern, result }: JoinedSum): Tensor | undefined {
  const [p, q] = withoutMinusFirst(pattern.terms as readonly [Term, Term]);
  if (first.summed.length > 0 || second.summed.length > 0) return undefined;
  const size = ratio(first, p);
  if (!equals(size, ratio(second, q))) return undefined;
  for (const [f, rest] of places(first, p))
    for (const [g, others] of places(second, q)) {
      const bound: Bindings = new Map();
      if (!sameFactors(rest, others) || !fits(axes, p, f, bound) || !fits(axes, q, g, bound)) continue;
      const draft = createDraft(axes, size);
      draft.factors.push(...rest);
      const value = substitute(result, bound, { broadcast: axes });
      multiplyInto(
        draft,
        value,
        axes.map((_, i) => i),
      );
      return product(draft);
    }
  return undefined;
}

/** The summand without a minus leads. */
const withoutMinusFirst = ([a, b]: readonly [Term, Term]): readonly [Term, Term] => (sign(a.coefficient) < 0 ? [b, a] : [a, b]);

const ratio = (actual: Term, pattern: Term): Rational => divide(actual.coefficient, pattern.coefficient);

/** The factors that may be the pattern's one, each with those beside it; all are beside where the pattern is a number. */
function places({ factors }: Term, pattern: Term): [Factor | undefined, readonly Factor[]][] {
  const [model] = pattern.factors;
  if (model === undefined) return [[undefined, factors]];
  const isAlike = ({ base, exponent }: Factor): boolean =>
    base.kind === "function" &&
    model.base.kind === "function" &&
    base.rules.info.name === model.base.rules.info.name &&
    sameExponent(exponent, model.exponent);
  return factors.filter(isAlike).map((f) => [f, factors.filter((g) => g !== f)]);
}

const sameFactors = (a: readonly Factor[], b: readonly Factor[]): boolean =>
  a.length === b.length &&
  a.every((f) => b.some((g) => g.base === f.base && slotsText(g.slots) === slotsText(f.slots) && sameExponent(g.exponent, f.exponent)));

/** Whether the arguments of a factor are those of the pattern, on all axes. */
function fits(axes: readonly Dim[], pattern: Term, f: Factor | undefined, bound: Bindings): boolean {
  const [model] = pattern.factors;
  if (model?.base.kind !== "function" || f?.base.kind !== "function") return model === undefined && f === undefined;
  const wanted = model.base.args;
  return f.base.args.every((arg, i) => matchTensor(wanted[i] as Tensor, widened(axes, arg, f.slots), bound));
}

/** A tensor with its axes on some of more axes. */
function widened(axes: readonly Dim[], tensor: Tensor, slots: readonly Slot[]): Tensor {
  const draft = createDraft(axes);
  multiplyInto(draft, tensor, slots);
  return product(draft);
}

/** Whether a tensor is a sum such as joins: two terms of at most one function each, at least one with a function. */
export const isJoinedSum = ({ terms }: Tensor): boolean =>
  terms.length === 2 && terms.every((t) => t.factors.length < 2) && terms.some((t) => t.factors[0]?.base.kind === "function");
