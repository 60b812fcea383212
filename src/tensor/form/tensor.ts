// The normal form: a value in index notation. A Tensor is a sum of terms, each an exact
// coefficient and a product of atoms whose axes carry labels; a label that is not free
// is summed over. Rows, columns and transposes do not exist here: they come back when a
// tensor is read as matrix notation.
//
// Invariants: tensors and bases are interned, so equal values in normal form are the same
// object. Free labels are 0 … rank−1, summed labels follow. Only src/tensor/product/product.ts
// makes terms and only src/tensor/form/algebra.ts makes tensors, both in normal form.

import { hashNumbers, hashText } from "../../base/hash.ts";
import { createHashTable, createTable } from "../../base/intern.ts";
import { flatMap } from "../../base/list.ts";
import { add as addRational, equals, format, isOne, isZero, ONE, type Rational } from "../../base/rational.ts";
import { hasAttribute, isSymmetric } from "../../expr/attributes.ts";
import { type Dim, sameDims } from "../../expr/dim.ts";
import type { Variable } from "../../expr/expr.ts";
import type { FunctionRules } from "../functions/functionRules.ts";
import { hasName, type NameSet, NO_NAMES, nameSet, unionNames } from "./names.ts";

/** Where an axis of an atom is attached: a label of the term, or a fixed 1-based position. */
export type Slot = number | Dim;

/** rational + symbolic; the symbolic part is a scalar tensor without constant term. */
export interface Exponent {
  readonly rational: Rational;
  readonly symbolic?: Tensor | undefined;
}

/** An atom on labels, to a power. */
export interface Factor {
  readonly base: Base;
  readonly slots: readonly Slot[];
  /** Element-wise power: each entry to this exponent. */
  readonly exponent: Exponent;
}

/** A product of factors, summed over the labels that are no axes, times a number. */
export interface Term {
  readonly coefficient: Rational;
  readonly factors: readonly Factor[];
  /** Dimensions of the summed labels rank, rank+1, … */
  readonly summed: readonly Dim[];
  /** Canonical text of the factors; equal bodies of equal rank have equal text. */
  readonly body: string;
  readonly hash: number;
}

/** A product that is no normal form yet. */
export type RawTerm = Pick<Term, "coefficient" | "factors" | "summed">;

/** A value in normal form: a sum of terms over axes. */
export interface Tensor {
  readonly axes: readonly Dim[];
  readonly terms: readonly Term[];
  readonly id: number;
  readonly hash: number;
  /** Names of the variables that occur. */
  readonly names: NameSet;
  /** Atoms as they are written out, those inside of atoms too; the largest number stands for all beyond. */
  readonly weight: number;
  /** How deep tensors lie inside each other. */
  readonly depth: number;
}

/** A product being brought into normal form. */
export interface Draft {
  readonly axes: readonly Dim[];
  coefficient: Rational;
  factors: Factor[];
  /** Dimensions of the summed labels, all ≥ the number of axes. */
  readonly summed: Map<number, Dim>;
  nextLabel: number;
}

interface BaseNode {
  readonly axes: readonly Dim[];
  readonly id: number;
  readonly hash: number;
  readonly names: NameSet;
  readonly weight: number;
  readonly depth: number;
  /** Axes may be permuted freely (δ, symmetric matrices). */
  readonly symmetric: boolean;
  /** Turning the two axes round changes the sign (skew matrices, x_i − x_j). */
  readonly skew: boolean;
}

/** What becomes of a matrix when its axes are exchanged: itself, its negative, or another one. */
export type Symmetry = "symmetric" | "skew" | "none";

/** An atom: what has entries of its own. */
export type Base = BaseNode &
  (
    | { readonly kind: "var"; readonly variable: Variable }
    /** A number without rational root, under a fractional exponent; or pi. */
    | { readonly kind: "number"; readonly value: Rational }
    | { readonly kind: "constant"; readonly name: string }
    /** A dimension name as a number. */
    | { readonly kind: "dim"; readonly name: string }
    /** Kronecker δ. */
    | { readonly kind: "delta" }
    /** δ(k, offset + i): puts a block of the second axis' length into the first axis. */
    | { readonly kind: "block"; readonly offset: Dim }
    /** δ(k, i + (j−1)·size of i): axes [fused, j, i], the column-major pair of labels. */
    | { readonly kind: "fuse" }
    /** A function: element-wise (axes are those of its arguments) or with axes of its own. */
    | { readonly kind: "function"; readonly rules: FunctionRules; readonly args: readonly Tensor[] }
    /** A function without body, and how often it is differentiated by which argument. */
    | {
        readonly kind: "unknown";
        readonly name: string;
        readonly elementwise: boolean;
        /** Whether its value is a symmetric matrix; its derivatives by numbers are, too. */
        readonly isSymmetricValue: boolean;
        readonly args: readonly Tensor[];
        readonly derivatives: readonly number[];
      }
    /** A bracketed sum used as a factor; at least two terms, content one, leading sign plus unless the exponent forbids. */
    | { readonly kind: "sum"; readonly tensor: Tensor }
    /** A contraction treated as one atom: a closed scalar such as x·x, or an operand of an element-wise power. */
    | { readonly kind: "group"; readonly tensor: Tensor }
    /** A value kept whole, however simple: what a deep term refers to in many places. */
    | { readonly kind: "part"; readonly tensor: Tensor }
  );

const bases = createTable<Base>();
const tensors = createHashTable<Tensor>();
let nextId = 1;

type Content = Base extends infer B ? (B extends Base ? Omit<B, keyof BaseNode> : never) : never;

function internBase(
  own: string,
  children: readonly Tensor[],
  axes: readonly Dim[],
  content: Content,
  symmetry: Symmetry = "none",
  names: NameSet = NO_NAMES,
): Base {
  const text = `${content.kind}|${own}|${axes.map((a) => a.key).join(",")}`;
  const key = `${text}(${children.map((c) => c.id).join(",")})`;
  const known = bases.get(key);
  if (known !== undefined) return known;
  const hash = hashNumbers([hashText(text), ...children.map((c) => c.hash)]);
  const all = children.length === 0 ? names : unionNames(children.map((c) => c.names));
  const weight = content.kind === "part" ? 1 : Math.min(MOST_WEIGHT, 1 + children.reduce((n, c) => n + c.weight, 0));
  const depth = children.length === 0 ? 0 : 1 + Math.max(...children.map((c) => c.depth));
  const [symmetric, skew] = [symmetry === "symmetric", symmetry === "skew"];
  // What is spread comes last: members added behind it would be slow.
  return bases.set(key, { axes, id: nextId++, hash, names: all, weight, depth, symmetric, skew, ...content } as Base);
}

/** Weights are not counted beyond this. */
const MOST_WEIGHT = 2 ** 40;

/** A function of the library, applied. */
export type FunctionBase = Base & { kind: "function" };

/** Axes of an Expr shape: one for every side that is not 1. */
export const shapeAxes = (shape: { rows: Dim; cols: Dim }): Dim[] => [shape.rows, shape.cols].filter((d) => d.key !== "1");

/** The symmetry of a base, as its makers take it. */
export const symmetryOf = ({ symmetric, skew }: Base): Symmetry => (symmetric ? "symmetric" : skew ? "skew" : "none");

export const variableBase = (v: Variable): Base =>
  internBase(
    `${v.name}|${v.attributes.join(",")}|${v.shape.rows.key}×${v.shape.cols.key}`,
    [],
    shapeAxes(v.shape),
    { kind: "var", variable: v },
    isSymmetric(v) ? "symmetric" : hasAttribute(v, "skew") ? "skew" : "none",
    nameSet(v.name),
  );
export const numberBase = (value: Rational): Base => internBase(format(value), [], [], { kind: "number", value });
export const constantBase = (name: string): Base => internBase(name, [], [], { kind: "constant", name });
export const dimBase = (name: string): Base => internBase(name, [], [], { kind: "dim", name });
export const deltaBase = (dim: Dim): Base => internBase("", [], [dim, dim], { kind: "delta" }, "symmetric");
export const blockBase = (total: Dim, size: Dim, offset: Dim): Base => internBase(offset.key, [], [total, size], { kind: "block", offset });
export const fuseBase = (fused: Dim, outer: Dim, inner: Dim): Base => internBase("", [], [fused, outer, inner], { kind: "fuse" });
export const functionBase = (rules: FunctionRules, args: readonly Tensor[], axes: readonly Dim[], symmetry: Symmetry = "none"): Base =>
  internBase(`${rules.key}|${symmetry}`, args, axes, { kind: "function", rules, args }, symmetry);
export const unknownBase = (
  of: Pick<Base & { kind: "unknown" }, "name" | "elementwise" | "isSymmetricValue" | "args" | "derivatives">,
  axes: readonly Dim[],
): Base => {
  const { name, elementwise, isSymmetricValue, args, derivatives } = of;
  const symmetry = isSymmetricValue && axes.length === 2 ? "symmetric" : "none";
  const own = `${name}|${elementwise}${isSymmetricValue ? "|symmetric" : ""}|${derivatives.join(",")}`;
  return internBase(own, args, axes, { kind: "unknown", name, elementwise, isSymmetricValue, args, derivatives }, symmetry);
};
export const sumBase = (tensor: Tensor, symmetry: Symmetry = "none"): Base =>
  internBase(symmetry, [tensor], tensor.axes, { kind: "sum", tensor }, symmetry);
export const groupBase = (tensor: Tensor, symmetry: Symmetry = "none"): Base =>
  internBase(symmetry, [tensor], tensor.axes, { kind: "group", tensor }, symmetry);
export const partBase = (tensor: Tensor): Base => internBase("", [tensor], tensor.axes, { kind: "part", tensor });

const sameTerms = (a: readonly Term[], b: readonly Term[]): boolean =>
  a.length === b.length && a.every((t, i) => t === b[i] || (t.body === b[i]?.body && equals(t.coefficient, (b[i] as Term).coefficient)));

/** Interns a tensor whose terms are already in normal form, distinct and nonzero. */
export function internTensor(axes: readonly Dim[], terms: readonly Term[]): Tensor {
  const sorted = terms.length < 2 ? terms : [...terms].sort(compareTerms);
  const hash = hashNumbers([axes.length, ...flatMap(sorted, (t) => [hashText(format(t.coefficient)), t.hash])]);
  const known = tensors.find(hash, (t) => sameDims(t.axes, axes) && sameTerms(t.terms, sorted));
  if (known !== undefined) return known;
  const names = unionNames(
    flatMap(sorted, (t) =>
      flatMap(t.factors, (f) => (f.exponent.symbolic === undefined ? [f.base.names] : [f.base.names, f.exponent.symbolic.names])),
    ),
  );
  let [weight, depth] = [0, 0];
  for (const t of sorted)
    for (const f of t.factors) {
      weight += f.base.weight + (f.exponent.symbolic?.weight ?? 0);
      depth = Math.max(depth, f.base.depth, f.exponent.symbolic?.depth ?? 0);
    }
  return tensors.add(hash, { axes, terms: sorted, id: nextId++, hash, names, weight: Math.min(MOST_WEIGHT, weight), depth });
}

function compareTerms(a: Term, b: Term): number {
  return a.hash - b.hash || (a.body < b.body ? -1 : a.body > b.body ? 1 : 0);
}

/** The exponent 1: one object, so that === finds it. */
export const EXPONENT_ONE: Exponent = { rational: ONE };
export const exponentOf = (rational: Rational): Exponent => (isOne(rational) ? EXPONENT_ONE : { rational });
export const isUnitExponent = (e: Exponent): boolean => e.symbolic === undefined && isOne(e.rational);

/** Whether the axes of a factor may be exchanged: of a symmetric base, of a skew one to an even power. */
export const turnsFreely = ({ base, exponent }: Factor): boolean => base.symmetric || (base.skew && isEven(exponent));

/** Whether an exponent is an even whole number. */
export const isEven = ({ rational, symbolic }: Exponent): boolean => symbolic === undefined && rational.d === 1n && rational.n % 2n === 0n;
/** Whether an exponent is an odd whole number. */
export const isOdd = ({ rational, symbolic }: Exponent): boolean => symbolic === undefined && rational.d === 1n && rational.n % 2n !== 0n;
/** Whether an exponent is 2. */
export const isSquare = ({ rational, symbolic }: Exponent): boolean => symbolic === undefined && rational.n === 2n && rational.d === 1n;
/** Whether an exponent is 1, 2, 3 or 4: so many equal factors are written out one by one. */
export const isSmallPower = ({ rational, symbolic }: Exponent): boolean =>
  symbolic === undefined && rational.d === 1n && rational.n >= 1n && rational.n <= 4n;
export const isZeroExponent = (e: Exponent): boolean => e.symbolic === undefined && isZero(e.rational);
/** A text that equal exponents share. */
export const exponentKey = (e: Exponent): string =>
  e === EXPONENT_ONE ? "1" : e.symbolic === undefined ? format(e.rational) : `${format(e.rational)}+#${e.symbolic.id}`;
const hashOfExponent = (e: Exponent): number => hashNumbers([hashText(format(e.rational)), e.symbolic?.hash ?? 0]);
const HASH_OF_ONE = hashOfExponent(EXPONENT_ONE);
export const exponentHash = (e: Exponent): number => (e === EXPONENT_ONE ? HASH_OF_ONE : hashOfExponent(e));
export const sameExponent = (a: Exponent, b: Exponent): boolean => a.symbolic === b.symbolic && equals(a.rational, b.rational);
export const addRationalToExponent = (e: Exponent, r: Rational): Exponent => ({ ...e, rational: addRational(e.rational, r) });

/** The number a tensor is, where it is a plain rational (for any rank: the constant tensor). */
export function constantValue(t: Tensor): Rational | undefined {
  if (t.terms.length === 0) return { n: 0n, d: 1n };
  const [only, ...rest] = t.terms;
  return rest.length === 0 && only !== undefined && only.factors.length === 0 ? only.coefficient : undefined;
}

/** Whether a variable of this name occurs anywhere below. */
export const dependsOn = (t: { readonly names: NameSet }, name: string): boolean => hasName(t.names, name);

/** Tensors directly inside a base. */
export const innerTensors = (base: Base): readonly Tensor[] => {
  switch (base.kind) {
    case "function":
    case "unknown":
      return base.args;
    case "sum":
    case "group":
    case "part":
      return [base.tensor];
    default:
      return [];
  }
};

/** The labels among slots. */
export const labelsOf = (slots: readonly Slot[]): number[] => slots.filter((s): s is number => typeof s === "number");

/** Free labels that factors carry, ascending. */
export const freeLabels = (factors: readonly Factor[], rank: number): number[] =>
  [...new Set(flatMap(factors, (f) => labelsOf(f.slots).filter((l) => l < rank)))].sort((a, b) => a - b);

/** The dimension of a label that factors carry. */
export const dimOfLabel = (factors: readonly Factor[], label: number): Dim =>
  flatMap(factors, (f) => f.base.axes.filter((_, i) => f.slots[i] === label))[0] as Dim;

/** Whether the label occurs in the term. */
export const carries = (term: Term, label: number): boolean => term.factors.some((f) => f.slots.includes(label));
