// A tensor of any number of axes by its entries: T[i,j,k] = A[i,j] x[k], a term in which
// the labels are open summation indices.
//
// Factors joined by summed labels are read as matrices where they have one or two free
// labels, so Σ_p A[i,p] B[p,j] is (A B)[i,j]; what has no matrix notation is written with
// its sums. Invariant: a label that two factors share is summed once, where all its
// factors stand. Not here: the entry of what is written in matrix notation (entry.ts).

import { absolute, isOne, ONE, sign } from "../base/rational.ts";
import * as build from "../expr/build.ts";
import type { Dim } from "../expr/dim.ts";
import type { Expr, Index } from "../expr/expr.ts";
import { isRowShape, type Shape } from "../expr/shape.ts";
import { components } from "../tensor/form/components.ts";
import { createDraft, freshLabel } from "../tensor/form/draft.ts";
import {
  type Base,
  type Exponent,
  type Factor,
  freeLabels,
  isUnitExponent,
  labelsOf,
  type Slot,
  type Tensor,
  type Term,
} from "../tensor/form/tensor.ts";
import { indicatorKind } from "../tensor/functions/indicator.ts";
import { exponentTensor } from "../tensor/product/power.ts";
import { product } from "../tensor/product/product.ts";
import { type Reader, rankOf } from "../tensor/read/reading/reader.ts";
import { scaled } from "../tensor/read/reading/scaled.ts";
import { readBase, readEntry, selection } from "../tensor/read/term/base.ts";
import { splitSign } from "../tensor/read/term/items.ts";
import { type EntryNotation, entry, entryAt } from "./entry.ts";

/** An index of the written form, running over its range. */
export interface Label {
  readonly name: string;
  readonly range: Dim;
}

/** What a tensor by entries is written with. */
export interface EntryWriter extends EntryNotation {
  readonly reader: Reader;
  /** A name that no other index and no variable has. */
  readonly fresh: () => string;
  /** A tensor of up to two axes that has no matrix notation, as a term of any length. */
  readonly whole?: (tensor: Tensor, depth: number) => Expr | undefined;
}

/** Brackets within brackets that are followed; deeper ones have no form by entries. */
const DEEPEST = 40;

/** The entry of a tensor at the labels of its axes; undefined where a factor cannot be written by entries. */
export function entryOf(tensor: Tensor, at: readonly Index[], w: EntryWriter, depth = 0): Expr | undefined {
  if (depth > DEEPEST) return undefined;
  if (tensor.terms.length === 0) return build.num(0);
  const terms: WrittenTerm[] = [];
  for (const term of tensor.terms) {
    const written = termAt(tensor, term, at, w, depth);
    if (written === undefined) return undefined;
    terms.push(written);
  }
  terms.sort((a, b) => Number(a.negative) - Number(b.negative) || a.order - b.order);
  return build.add(...terms.map((t) => (t.negative ? build.neg(t.expr) : t.expr)));
}

/** A term by entries, without its sign. */
export interface WrittenTerm {
  readonly expr: Expr;
  readonly negative: boolean;
  readonly order: number;
}

/** One term of a tensor, or some of its factors, at labels of the axes. */
export function termAt(tensor: Tensor, term: Term, at: readonly Index[], w: EntryWriter, depth = 0): WrittenTerm | undefined {
  const above: Placed[] = [];
  const below: Placed[] = [];
  for (const part of components(term.factors, tensor.axes.length)) {
    const order = Math.min(...part.map((f) => rankOf(w.reader, f.base.names)));
    const written = componentAt(part, { tensor, term, at, depth }, w);
    if (written === undefined) return undefined;
    if (written.above !== undefined && !isOneExpr(written.above)) above.push({ expr: written.above, order, delta: isDelta(part) });
    if (written.below !== undefined) below.push({ expr: written.below, order, delta: false });
  }
  const place = (list: Placed[]): Expr[] => list.sort((a, b) => Number(a.delta) - Number(b.delta) || a.order - b.order).map((p) => p.expr);
  const ranks = term.factors.map((f) => rankOf(w.reader, f.base.names));
  return {
    expr: scaled(absolute(term.coefficient), place(above), place(below), undefined),
    negative: sign(term.coefficient) < 0,
    order: Math.min(...ranks, Number.MAX_SAFE_INTEGER),
  };
}

interface Placed {
  readonly expr: Expr;
  readonly order: number;
  readonly delta: boolean;
}

const isOneExpr = (e: Expr): boolean => e.kind === "num" && isOne(e.value);
const isDelta = (part: readonly Factor[]): boolean => part.length === 1 && part[0]?.base.kind === "delta";

interface Fraction {
  readonly above?: Expr | undefined;
  readonly below?: Expr | undefined;
}

/** A term of a tensor, and where its entry is taken. */
interface Spot {
  readonly tensor: Tensor;
  readonly term: Term;
  /** Positions of the free labels. */
  readonly at: readonly Index[];
  readonly depth: number;
}

/** Factors joined by summed labels: one factor by itself, else the entry of a matrix, else sums. */
function componentAt(part: readonly Factor[], spot: Spot, w: EntryWriter): Fraction | undefined {
  const { tensor, at, depth } = spot;
  const rank = tensor.axes.length;
  const [single] = part;
  if (single !== undefined && part.length === 1 && single.slots.every((s) => typeof s !== "number" || s < rank))
    return factorAt(single, at, w, depth);
  return matrixAt(part, spot, w) ?? sumAt(part, spot, w);
}

/** The entry of what the factors are together, where that has at most two axes and a matrix notation. */
function matrixAt(part: readonly Factor[], { tensor, term, at }: Spot, w: EntryWriter): Fraction | undefined {
  const free = freeLabels(part, tensor.axes.length);
  const reading = free.length <= 2 ? w.reader.read(isolated(tensor, term, part, free)) : undefined;
  if (reading === undefined) return undefined;
  const places = free.map((l) => at[l] as Index);
  return { above: entryAt(reading.fwd, places, w) };
}

/** The product of the factors' entries, summed over each summed label in turn. */
function sumAt(part: readonly Factor[], { tensor, term, at, depth }: Spot, w: EntryWriter): Fraction | undefined {
  const rank = tensor.axes.length;
  const summed = [...new Set(part.flatMap((f) => labelsOf(f.slots).filter((l) => l >= rank)))];
  const inner: Index[] = [...at];
  const bound = summed.map((l): Label => {
    const label = { name: w.fresh(), range: term.summed[l - rank] as Dim };
    inner[l] = { kind: "bound", ...label };
    return label;
  });
  const above: Expr[] = [];
  const below: Expr[] = [];
  for (const f of [...part].sort((a, b) => rankOf(w.reader, a.base.names) - rankOf(w.reader, b.base.names))) {
    const written = factorAt(f, inner, w, depth);
    if (written === undefined) return undefined;
    if (written.above !== undefined) above.push(written.above);
    if (written.below !== undefined) below.push(written.below);
  }
  const body = scaled(ONE, above, below, undefined);
  return { above: bound.reduceRight((e, { name, range }) => build.indexSum(name, range, e), body) };
}

/** Some factors of a term as a tensor over their free labels. */
export function isolated(tensor: Tensor, term: Term, part: readonly Factor[], free: readonly number[]): Tensor {
  const rank = tensor.axes.length;
  const draft = createDraft(free.map((l) => tensor.axes[l] as Dim));
  const renamed = new Map<number, number>();
  const slotOf = (s: Slot): Slot => {
    if (typeof s !== "number") return s;
    if (s < rank) return free.indexOf(s);
    let to = renamed.get(s);
    if (to === undefined) {
      to = freshLabel(draft, term.summed[s - rank] as Dim);
      renamed.set(s, to);
    }
    return to;
  };
  for (const f of part) draft.factors.push({ ...f, slots: f.slots.map(slotOf) });
  return product(draft);
}

function factorAt(f: Factor, at: readonly Index[], w: EntryWriter, depth: number): Fraction | undefined {
  const { below, size } = splitSign(f.exponent);
  const base = baseAt(f, at, w, depth);
  const raised = base === undefined ? undefined : raise(base, size, w);
  if (raised === undefined) return undefined;
  return below ? { below: raised } : { above: raised };
}

function raise(base: Expr, exponent: Exponent, w: EntryWriter): Expr | undefined {
  if (isUnitExponent(exponent)) return base;
  if (exponent.symbolic === undefined) {
    const root = w.reader.find("sqrt");
    const { n, d } = exponent.rational;
    return root !== undefined && n === 1n && d === 2n ? build.call(root, [base]) : build.apply("pow", [base, build.num(exponent.rational)]);
  }
  const written = w.reader.read(exponentTensor(exponent));
  return written === undefined ? undefined : build.apply("pow", [base, written.fwd]);
}

function baseAt(f: Factor, at: readonly Index[], w: EntryWriter, depth: number): Expr | undefined {
  const { base } = f;
  const places = f.slots.map((s): Index => (typeof s === "number" ? (at[s] as Index) : { kind: "position", at: s }));
  const [first, second] = places as [Index, Index];
  switch (base.kind) {
    case "delta":
      return w.delta(first, second, base.axes[0] as Dim);
    case "block":
      return entry(selection(base.axes[0] as Dim, base.axes[1] as Dim, base.offset), first, second);
    case "fuse":
      return pairAt(base, places);
    case "sum":
    case "group":
    case "part": {
      const reading = base.axes.length <= 2 ? w.reader.read(base.tensor) : undefined;
      return reading === undefined ? entryOf(base.tensor, places, w, depth + 1) : entryAt(reading.fwd, places, w);
    }
    case "function": {
      const reading = base.axes.length <= 2 ? readBase(w.reader, base) : undefined;
      return reading === undefined ? functionAt(base, places, w, depth) : entryAt(reading.fwd, places, w);
    }
    default:
      return atomAt(f, at, places, w);
  }
}

/** Whether a position of an axis is the pair of two others, as an entry of a Kronecker product of unit vectors. */
function pairAt({ axes }: Base, [whole, outerAt, innerAt]: readonly Index[]): Expr | undefined {
  const [fused, outer, inner] = axes as [Dim, Dim, Dim];
  const column = (dim: Dim, i: Index | undefined): Expr => entry(build.eye(dim), { kind: "all" }, i as Index);
  const pair = build.apply("kron", [column(outer, outerAt), column(inner, innerAt)]);
  return pair.shape.rows === fused ? entry(pair, whole as Index, { kind: "all" }) : undefined;
}

/** An entry of a function that has no matrix notation as a whole. */
function functionAt(base: Base & { kind: "function" }, places: readonly Index[], w: EntryWriter, depth: number): Expr | undefined {
  const { rules, args } = base;
  const entryOfArg = (arg: Tensor): Expr | undefined => entryOf(arg, places, w, depth + 1);
  const indicator = indicatorKind(rules);
  if (indicator !== undefined) {
    const tested = entryOfArg(args[0] as Tensor);
    return tested === undefined ? undefined : build.apply(indicator === "positive" ? "gt" : "eq", [tested, build.num(0)]);
  }
  if (w.reader.find(rules.info.name) === undefined) return undefined;
  if (!rules.info.elementwise) return callAt(base, places, w, depth);
  const written = args.map(entryOfArg);
  return written.some((a) => a === undefined) ? undefined : build.call(rules.info, written as Expr[]);
}

/** An entry of a variable or another atom, some of whose positions may be fixed. */
function atomAt({ base, slots }: Factor, at: readonly Index[], places: readonly Index[], w: EntryWriter): Expr | undefined {
  const labels = labelsOf(slots);
  const whole = labels.length === slots.length ? readBase(w.reader, base) : undefined;
  if (whole !== undefined) return entryAt(whole.fwd, places, w);
  const fixed = base.axes.length <= 2 ? readEntry(w.reader, base, slots) : undefined;
  if (fixed === undefined) return undefined;
  const open = labels.map((l) => at[l] as Index);
  return entryAt(fixed.fwd, open, w);
}

/** An entry of a function of whole arguments, some of which have no matrix notation. */
function callAt(base: Base & { kind: "function" }, places: readonly Index[], w: EntryWriter, depth: number): Expr | undefined {
  const { info } = base.rules;
  const args: Expr[] = [];
  for (const [i, arg] of base.args.entries()) {
    const reading = w.reader.read(arg);
    const written = reading === undefined ? w.whole?.(arg, depth + 1) : isRowShape(info.params[i] as Shape) ? reading.rev : reading.fwd;
    if (written === undefined) return undefined;
    args.push(written);
  }
  return entryAt(build.call(info, args), places, w);
}
