// Any tensor as one term of the language, for what has no closed matrix notation: a sum over
// entries, each put in its place by standard basis vectors,
//
//   Σ_i x[i] kron(e_i, e_i) yᵀ,      e_i = eye(n)[:,i]
//
// Long, but text that everyone can evaluate. Rows and columns are those of the arrangement,
// fused axes column-major, the first running fastest.

import * as build from "../expr/build.ts";
import type { Dim } from "../expr/dim.ts";
import { type Expr, type Index, nodes, variables } from "../expr/expr.ts";
import { components } from "../tensor/form/components.ts";
import { type Factor, freeLabels, internTensor, type Tensor, type Term } from "../tensor/form/tensor.ts";
import type { Reader } from "../tensor/read/reading/reader.ts";
import { expand } from "../tensor/simplify/expand.ts";
import { type EntryWriter, isolated, termAt } from "./entries.ts";
import type { Arrangement } from "./layout.ts";
import { freshNames } from "./names.ts";
import { MOST_WORK, workOf } from "./work.ts";

/** Functions within functions that are followed. */
const DEEPEST = 20;

/** What a sum over entries is written in: the notation of its parts, and the names that are in use. */
export interface Words {
  readonly reader: Reader;
  readonly taken: Iterable<string>;
  /** The notation of one term by itself, where it has one. */
  readonly alone?: (term: Tensor) => Expr | undefined;
}

/** The tensor as a sum over entries; undefined where an atom cannot be written by entries. */
export function writeEntrywise(tensor: Tensor, arrangement: Arrangement, words: Words, depth = 0): Expr | undefined {
  if (depth > DEEPEST) return undefined;
  const zero = zeroOf(tensor, arrangement);
  if (tensor.terms.length === 0) return zero;
  const opened = expand(tensor) ?? tensor;
  // As it stands a tensor may have terms with a notation; multiplied out, terms that cancel.
  const forms = words.alone === undefined ? [opened] : new Set([tensor, opened]);
  let best: { readonly expr: Expr; readonly work: number } | undefined;
  for (const form of forms) {
    const expr = writeTerms(form, arrangement, words, depth);
    const work = expr === undefined ? MOST_WORK : workOf(expr);
    if (expr !== undefined && work <= (best?.work ?? MOST_WORK)) best = { expr, work };
    if (best !== undefined && !hasSums(best.expr)) break;
  }
  return best?.expr;
}

/** Whether a term has sums over indices. */
export const hasSums = (expr: Expr): boolean => [...nodes(expr)].some((e) => e.kind === "indexSum");

function writeTerms(tensor: Tensor, arrangement: Arrangement, words: Words, depth: number): Expr | undefined {
  const write = tensor.terms.length > 1 ? writeAlone : writeTerm;
  const parts: Expr[] = [];
  for (const term of tensor.terms) {
    const part = write(tensor, term, arrangement, words, depth);
    if (part === undefined) return undefined;
    parts.push(part);
  }
  return build.add(...parts);
}

/** One term of several: in a notation of its own where it has one, else multiplied out and by entries. */
function writeAlone({ axes }: Tensor, term: Term, arrangement: Arrangement, words: Words, depth: number): Expr | undefined {
  const tensor = internTensor(axes, [term]);
  return words.alone?.(tensor) ?? writeEntrywise(tensor, arrangement, words, depth);
}

/** A tensor of up to two axes as a sum over entries, rows before columns. */
export const writeWhole = (tensor: Tensor, words: Words, depth = 0): Expr | undefined =>
  writeEntrywise(tensor, { rows: tensor.axes.length > 0 ? [0] : [], cols: tensor.axes.length > 1 ? [1] : [] }, words, depth + 1);

function zeroOf(tensor: Tensor, { rows, cols }: Arrangement): Expr {
  const side = (axes: readonly number[]): Expr => krons(axes.map((i) => build.zeros(tensor.axes[i] as Dim)));
  const [r, c] = [side(rows), side(cols)];
  return build.zeros(r.shape.rows, c.shape.rows);
}

function writeTerm(tensor: Tensor, term: Term, { rows, cols }: Arrangement, { reader, taken }: Words, depth: number): Expr | undefined {
  const classOf = joinedLabels(tensor, term);
  const { vectors, others } = loneVectors(tensor, term, classOf, reader);
  const used = new Set([...taken, ...vectorNames(vectors)]);
  const fresh = freshNames(used);
  const names = new Map<number, Index>();
  const at = classOf.map((c, l): Index => {
    let index = names.get(c);
    if (index === undefined) {
      index = vectors.has(l) ? { kind: "all" } : { kind: "bound", name: fresh(), range: tensor.axes[l] as Dim };
      names.set(c, index);
    }
    return index;
  });
  const writer: EntryWriter = {
    reader,
    fresh,
    delta: (i, j, dim) => (sameIndex(i, j) ? build.num(1) : build.entry(build.eye(dim), [i, j])),
    whole: (t, d) => writeWhole(t, { reader, taken: used }, d),
  };
  const body = termAt(tensor, { ...term, factors: others }, at, writer, depth);
  if (body === undefined) return undefined;
  const vector = (l: number): Expr => vectors.get(l) ?? build.entry(build.eye(tensor.axes[l] as Dim), [{ kind: "all" }, at[l] as Index]);
  const factors = [
    ...(body.expr.kind === "num" && body.expr.value.n === 1n && body.expr.value.d === 1n ? [] : [body.expr]),
    ...(rows.length > 0 ? [krons(rows.map(vector))] : []),
    ...(cols.length > 0 ? [build.transpose(krons(cols.map(vector)))] : []),
  ];
  const whole = factors.length === 0 ? build.num(1) : factors.reduce(build.mul);
  const bound = [...names.values()].filter((i) => i.kind === "bound");
  const summed = bound.reduceRight((e, i) => build.indexSum(i.name, i.range, e), whole);
  return body.negative ? build.neg(summed) : summed;
}

// Free labels that a δ joins are one label, the least of them.
function joinedLabels({ axes }: Tensor, term: Term): readonly number[] {
  const rank = axes.length;
  const classOf = axes.map((_, i) => i);
  for (const f of term.factors) {
    const [a, b] = f.slots;
    if (f.base.kind !== "delta" || typeof a !== "number" || typeof b !== "number" || a >= rank || b >= rank) continue;
    const [from, to] = [Math.max(classOf[a] as number, classOf[b] as number), Math.min(classOf[a] as number, classOf[b] as number)];
    classOf.forEach((c, i) => {
      if (c === from) classOf[i] = to;
    });
  }
  return classOf;
}

/** The vectors that stand alone at a label each, with the factors that are left. */
interface LoneVectors {
  readonly vectors: ReadonlyMap<number, Expr>;
  readonly others: readonly Factor[];
}

// A label at which one vector or nothing stands needs no sum: the vector, or one of ones, takes its place.
function loneVectors(tensor: Tensor, term: Term, classOf: readonly number[], reader: Words["reader"]): LoneVectors {
  const rank = tensor.axes.length;
  const parts = components(
    term.factors.filter((f) => !isFreeDelta(f.slots, f.base.kind, rank)),
    rank,
  );
  const usedBy = (label: number): number => parts.filter((p) => freeLabels(p, rank).some((l) => classOf[l] === label)).length;
  const isJoined = (label: number): boolean => classOf.filter((c) => c === classOf[label]).length > 1;
  const vectors = new Map<number, Expr>();
  const others: Factor[] = [];
  for (const part of parts) {
    const [label, ...more] = freeLabels(part, rank);
    const isAlone = label !== undefined && more.length === 0 && !isJoined(label) && usedBy(label) <= 1;
    const reading = isAlone ? reader.read(isolated(tensor, term, part, [label])) : undefined;
    if (label === undefined || reading === undefined) others.push(...part);
    else vectors.set(label, reading.fwd);
  }
  for (let l = 0; l < rank; l++) if (!isJoined(l) && usedBy(l) === 0) vectors.set(l, build.ones(tensor.axes[l] as Dim));
  return { vectors, others };
}

const isFreeDelta = (slots: readonly unknown[], kind: string, rank: number): boolean =>
  kind === "delta" && slots.every((s) => typeof s === "number" && s < rank);

const vectorNames = (vectors: ReadonlyMap<number, Expr>): string[] => [...vectors.values()].flatMap((e) => variables(e).map((v) => v.name));

const sameIndex = (i: Index, j: Index): boolean => i.kind === "bound" && j.kind === "bound" && i.name === j.name;

/** Columns multiplied out, the first running fastest: e₂ ⊗ e₁. */
function krons(columns: readonly Expr[]): Expr {
  return columns.length === 0 ? build.num(1) : columns.reduce((inner, outer) => build.apply("kron", [outer, inner]));
}
