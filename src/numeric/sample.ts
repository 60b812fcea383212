// Points to check at: sizes that are pairwise different, so that a missing transpose
// shows, and values inside the domain of the terms and away from their kinks.
//
// A domain is found by trying: values of both signs first, then positive ones, ones in
// (0, 1), near-identity and definite matrices, until every term has a finite value.
// Invariant: everything follows from the seed.

import { flatMap } from "../base/list.ts";
import { type Dim, dimNames, evaluateDim } from "../expr/dim.ts";
import { type Expr, isApply, nodes, type Variable } from "../expr/expr.ts";
import { type Context, NumericError } from "./context.ts";
import { draw, MANNERS, type Manner } from "./draw.ts";
import { allFinite, type Matrix } from "./matrix.ts";
import { load, type Point } from "./point.ts";
import { type Program, programOf } from "./program.ts";
import { createRandom, deriveSeed, type Random } from "./random.ts";

/** What points are looked for. */
export interface SampleRequest {
  /** Terms that must have a finite value, away from kinks. */
  readonly defined: readonly Expr[];
  /** Terms whose variables and sizes a point covers as well. */
  readonly covered?: readonly Expr[];
  /** Variables that a point covers even where no term mentions them. */
  readonly variables?: readonly Variable[];
  /** How values are drawn at first; general unless stated. */
  readonly manner?: Manner;
  readonly seed?: number;
}

/** Attempts for one assignment of sizes. */
const ATTEMPTS = 150;
/** Attempts in the manner that was asked for, before others are mixed in. */
const FIRST_ATTEMPTS = 12;
/** Assignments of sizes tried in a row without finding a point. */
const FRUITLESS_ROUNDS = 12;
/** Those of them, before there is any point, that fit and have none all the same. */
const EXHAUSTED_ROUNDS = 5;
/** A term is evaluated only while all its parts together have no more entries than this. */
const MOST_ENTRIES = 300_000;
/** A term that takes more work than this is not evaluated. */
const MOST_WORK = 300_000_000;
/** Work after which a point is looked for no longer. */
const MOST_SEARCHED = 1_000_000_000;

/**
 * Acceptable points, each with other sizes than the one before where sizes are free.
 * Ends with the reason why no further point was found.
 */
export function* samplePoints(context: Context, request: SampleRequest): Generator<Point, string> {
  const terms = [...request.defined, ...(request.covered ?? []), ...(request.variables ?? [])];
  const used = inventory(terms);
  const seed = request.seed ?? 1;
  let fruitless = 0;
  let exhausted = 0;
  let found = false;
  const search: Search = { context, request, used, left: MOST_SEARCHED };
  let reason = "no point was found at which the expression has a finite value away from kinks";
  for (let round = 0; fruitless < FRUITLESS_ROUNDS && (found || exhausted < EXHAUSTED_ROUNDS) && search.left > 0; round++) {
    const random = createRandom(deriveSeed(seed, round));
    const sizes = assignSizes(used, round, fruitless, random);
    try {
      const points = pointFor(search, sizes, random);
      if (points !== undefined) {
        fruitless = 0;
        found = true;
        search.left = MOST_SEARCHED;
        yield points;
        continue;
      }
      exhausted++;
    } catch (error) {
      if (!(error instanceof NumericError)) throw error;
      reason = error.message;
      // Other sizes may help where these do not fit; nothing helps where a function is unknown.
      if (error.code !== "size" && error.code !== "index") return reason;
    }
    fruitless++;
  }
  return reason;
}

/** A search for points, and the work that is left for it. */
interface Search {
  readonly context: Context;
  readonly request: SampleRequest;
  readonly used: Inventory;
  left: number;
}

function pointFor(search: Search, sizes: ReadonlyMap<string, number>, random: Random): Point | undefined {
  const { context, request, used } = search;
  if (countEntries(used.nodes, sizes) > MOST_ENTRIES)
    throw new NumericError("limit", "size", "the declared sizes are too large to check with numbers");
  const programs = request.defined.map((term) => programOf(term, sizes, context));
  const others = (request.covered ?? []).map((term) => programOf(term, sizes, context));
  if ([...programs, ...others].some((p) => p.work > MOST_WORK))
    throw new NumericError("limit", "size", "the terms are too large to check with numbers");
  const work = programs.reduce((total, p) => total + p.work, 0);
  const shapes = [...used.variables.values()].map((v) => ({ v, rows: sizeOf(v.shape.rows, sizes), cols: sizeOf(v.shape.cols, sizes) }));
  for (let attempt = 0; attempt < ATTEMPTS && search.left > 0; attempt++) {
    search.left -= work;
    const values = new Map<string, Matrix>();
    for (const { v, rows, cols } of shapes)
      values.set(v.name, draw(rows, cols, v.attributes, mannerFor(attempt, request.manner ?? "general", random), random));
    const point: Point = { sizes, values, seed: 1 + random.index(2 ** 30) };
    if (programs.every((program) => isRegular(program, point, attempt))) return point;
  }
  return undefined;
}

// The first attempts keep far from kinks; where that proves impossible, less will do.
function isRegular(program: Program, point: Point, attempt: number): boolean {
  load(program, point);
  const least = attempt < ATTEMPTS / 3 ? 0.05 : attempt < (2 * ATTEMPTS) / 3 ? 0.01 : 0.002;
  const { value, margin } = program.margin(least);
  return margin >= least && allFinite(value);
}

// After the first attempts one manner for all values and a mix of manners take turns.
function mannerFor(attempt: number, wished: Manner, random: Random): Manner {
  if (attempt < FIRST_ATTEMPTS) return wished;
  const turn = attempt - FIRST_ATTEMPTS;
  return MANNERS[turn % 2 === 0 ? (turn / 2) % MANNERS.length : random.index(MANNERS.length)] as Manner;
}

// Both tall and wide matrices occur among the first assignments.
const PATTERNS: readonly (readonly number[])[] = [
  [3, 2, 5, 4, 6, 7],
  [2, 4, 3, 5, 7, 6],
  [4, 3, 2, 6, 5, 7],
];

/**
 * Different sizes for the names; they grow while none are found that fit. Very many names share
 * sizes. Names of positions alone lie on their axes; which of them coincide changes from round to round.
 */
export function assignSizes(
  { names: all, positions }: Pick<Inventory, "names" | "positions">,
  round: number,
  fruitless: number,
  random: Random,
): Map<string, number> {
  const sizes = differentSizes(
    all.filter((name) => !positions.has(name)),
    round,
    fruitless,
    random,
  );
  [...positions].forEach(([name, axes], i) => {
    const last = Math.min(...axes.map((axis) => evaluateDim(axis, sizes)));
    sizes.set(name, 1 + ((round + place(i, positions.size, round, random)) % last));
  });
  return sizes;
}

// Which of two, three and four positions coincide, a digit for each: all the ways there are.
const COINCIDENCES: readonly (readonly string[])[] = [
  ["0"],
  ["01", "00"],
  ["012", "000", "001", "010", "011"],
  "0123 0000 0011 0101 0110 0001 0010 0100 0111 0012 0102 0112 0120 0121 0122".split(" "),
];

// Where a position lies beside the others; of very many apart, together, and then at random.
function place(i: number, count: number, round: number, random: Random): number {
  const ways = COINCIDENCES[count - 1];
  if (ways !== undefined) return Number((ways[round % ways.length] as string)[i]);
  return round === 0 ? i : round === 1 ? 0 : random.index(count);
}

function differentSizes(names: readonly string[], round: number, fruitless: number, random: Random): Map<string, number> {
  const pattern = PATTERNS[round];
  if (pattern !== undefined && fruitless < PATTERNS.length && names.length <= pattern.length)
    return new Map(names.map((name, i) => [name, pattern[i] as number]));
  const least = 2 + Math.floor(fruitless / 2);
  const most = least + fruitless + Math.max(3, Math.min(names.length, 7));
  const pool: number[] = [];
  const out = new Map<string, number>();
  for (const name of names) {
    if (pool.length === 0) for (let n = least; n <= most; n++) pool.push(n);
    out.set(name, pool.splice(random.index(pool.length), 1)[0] as number);
  }
  return out;
}

/** What terms are made of: names of sizes, variables, parts. */
export interface Inventory {
  /** Free dimension names in order of occurrence. */
  readonly names: readonly string[];
  /** Those that name a position and no size, each with the axes on which it lies. */
  readonly positions: ReadonlyMap<string, readonly Dim[]>;
  readonly variables: ReadonlyMap<string, Variable>;
  readonly nodes: readonly Expr[];
}

/** What a set of terms is made of. */
export function inventory(terms: readonly Expr[]): Inventory {
  const all = [...new Set(flatMap(terms, nodes))];
  const variables = new Map<string, Variable>();
  for (const node of all) {
    if (node.kind !== "var") continue;
    const known = variables.get(node.name);
    if (known === undefined || known.attributes.length < node.attributes.length) variables.set(node.name, node);
  }
  return { ...dimensionsIn(all), variables, nodes: all };
}

/** The names of dimensions in parts of terms. */
function dimensionsIn(all: readonly Expr[]): Pick<Inventory, "names" | "positions"> {
  const names = new Set<string>();
  const sizes = new Set<string>();
  const positions = new Map<string, Dim[]>();
  const mention = (dim: Dim): void => {
    for (const name of dimNames(dim)) names.add(name);
  };
  const note = (dim: Dim): void => {
    mention(dim);
    for (const name of dimNames(dim)) sizes.add(name);
  };
  const place = (at: Dim, axis: Dim): void => {
    mention(at);
    for (const name of dimNames(at)) positions.set(name, [...(positions.get(name) ?? []), axis]);
  };
  const noteShape = ({ shape }: Expr): void => {
    note(shape.rows);
    note(shape.cols);
  };
  // Variables first: their sizes matter most, and names get the pattern's sizes in this order.
  for (const node of all) if (node.kind === "var") noteShape(node);
  for (const node of all) {
    noteShape(node);
    if (node.kind === "dim") mention(node.dim);
    if (node.kind === "indexSum") note(node.range);
    if (isApply(node, "unit")) place(node.params[1] as Dim, node.params[0] as Dim);
    else if (node.kind === "apply") node.params.forEach(note);
    if (node.kind !== "entry") continue;
    const of = (node.args[0] as Expr).shape;
    node.at.forEach((index, side) => {
      if (index.kind === "position") place(index.at, side === 0 ? of.rows : of.cols);
    });
  }
  for (const name of sizes) positions.delete(name);
  return { names: [...names], positions };
}

function sizeOf(dim: Dim, sizes: ReadonlyMap<string, number>): number {
  const size = evaluateDim(dim, sizes);
  if (size < 1) throw new NumericError("size", dim.key, `the size ${dim.key} is ${size}`);
  return size;
}

function countEntries(all: readonly Expr[], sizes: ReadonlyMap<string, number>): number {
  let total = 0;
  for (const node of all) total += sizeOf(node.shape.rows, sizes) * sizeOf(node.shape.cols, sizes);
  return total;
}
