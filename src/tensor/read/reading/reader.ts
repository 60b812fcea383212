// The state of one reading back: what is known of functions, the user's own order of
// names, and what has been read already.

import { sign } from "../../../base/rational.ts";
import { type Expr, nodes, variables } from "../../../expr/expr.ts";
import type { FunctionInfo } from "../../../expr/functions.ts";
import { isMatrixShape } from "../../../expr/shape.ts";
import { leastOf, type NameSet, NO_NAMES } from "../../form/names.ts";
import type { Base, Tensor, Term } from "../../form/tensor.ts";
import type { Reading } from "./reading.ts";
import { createSearch, type Search } from "./search.ts";

/** What a reading is made with, and how the user writes. */
export interface Reader {
  readonly find: (name: string) => FunctionInfo | undefined;
  /** Equal tensors with functions joined to one. */
  readonly join: (tensor: Tensor) => readonly Tensor[];
  /** Position of a name in what the user wrote; ties between equal forms follow it. */
  readonly rank: ReadonlyMap<string, number>;
  /** The first position among several names, as far as it is known. */
  readonly ranks: Map<NameSet, number>;
  /** Whether the product of two vectors is written w·x, as the user does, rather than w′x. */
  readonly dots: boolean;
  /** What has been read. */
  readonly tensors: Map<Tensor, Reading | undefined>;
  readonly bases: Map<Base, Reading | undefined>;
  /** Sums of Kronecker products by the sides that were asked for. */
  readonly vecs: Map<Tensor, Map<string, Expr | undefined>>;
  readonly search: Search;
  /** Reads a tensor of up to two axes; set once by src/tensor/read/notation.ts. */
  read: (tensor: Tensor) => Reading | undefined;
  /** Writes a tensor with pairs of axes along rows and columns, the first of a pair running fastest. */
  readVec: (tensor: Tensor, sides: Sides) => Expr | undefined;
}

/** Axes of one side, the first running fastest. */
export interface Sides {
  readonly rows: readonly number[];
  readonly cols: readonly number[];
}

/** What the person who asked writes: names in order, and w·x or w′x. */
export interface Manner {
  readonly names: readonly string[];
  readonly dots: boolean;
  /** Functions that occur. */
  readonly functions?: ReadonlySet<string>;
}

/** The manner of a term: its names in order of writing, and after them others that are known. */
export function mannerOf(expr: Expr, others: readonly string[] = []): Manner {
  const applied = nodes(expr).filter((n) => n.kind === "apply");
  return {
    names: [...new Set([...variables(expr).map((v) => v.name), ...others])],
    dots: applied.some((n) => n.op === "dot" && n.args.every((a) => !isMatrixShape(a.shape))),
    functions: new Set(applied.map((n) => n.op)),
  };
}

/** A reader that has read nothing; `read` and `readVec` are put in by who knows how. */
export const createReader = (find: Reader["find"], { names, dots }: Manner, join: Reader["join"] = () => []): Reader => ({
  find,
  join,
  rank: new Map(names.map((n, i) => [n, i])),
  ranks: new Map(),
  dots,
  tensors: new Map(),
  bases: new Map(),
  vecs: new Map(),
  search: createSearch(),
  read: () => undefined,
  readVec: () => undefined,
});

/** Rank of the first name of the user that occurs; constants come first. */
export const rankOf = (reader: Reader, names: NameSet): number =>
  names === NO_NAMES ? -1 : leastOf(names, (n) => reader.rank.get(n) ?? 1e6, reader.ranks);

/** Place of a term in a sum: constants first, then by the user's first name in it. */
export const orderOf = (reader: Reader, term: Term): number =>
  term.factors.length === 0 ? -1 : Math.min(...term.factors.map((f) => rankOf(reader, f.base.names)));

/** The summand that the user wrote first. */
export function firstTerm(reader: Reader, tensor: Tensor): Term | undefined {
  let first: Term | undefined;
  let best = Number.POSITIVE_INFINITY;
  for (const term of tensor.terms) {
    // Of equally early summands the plainest leads, and a positive one before others like it.
    const order = namedOrder(reader, term) + plainness(term) / 64;
    if (order > best || (order === best && sign(term.coefficient) < 0)) continue;
    [first, best] = [term, order];
  }
  return first;
}

/** The place of a term by its names; sizes and constants beside them count nothing. */
function namedOrder(reader: Reader, term: Term): number {
  const ranks = term.factors.map((f) => rankOf(reader, f.base.names)).filter((r) => r >= 0);
  return ranks.length === 0 ? -1 : Math.min(...ranks);
}

/** How much there is to a term, between 0 and 63. */
const plainness = (term: Term): number =>
  Math.min(63, term.summed.length + term.factors.reduce((n, f) => n + (WEIGHTS[f.base.kind] ?? 1), 0));

const WEIGHTS: Partial<Record<Base["kind"], number>> = { group: 3, dim: 2 };
