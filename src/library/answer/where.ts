// Long answers with repeated parts: parts that occur more than once get a name, so that an
// answer is as long as its term has parts, not as long as their repetitions.
//
// Invariant: the named form with the definitions put in is the term itself.

import * as build from "../../expr/build.ts";
import { type Expr, fold, nodes, type Variable } from "../../expr/expr.ts";
import type { FunctionTable } from "../../expr/functions.ts";
import { openIndices } from "../../expr/indices.ts";
import { countOperations } from "../../expr/operations.ts";
import { isMatrixShape, isScalarShape } from "../../expr/shape.ts";

/** A part of an answer by a name; later ones may use earlier ones. */
export interface NamedPart {
  readonly variable: Variable;
  readonly expr: Expr;
}

/** A term in names for its parts. */
export interface NamedForm {
  readonly expr: Expr;
  readonly where: readonly NamedPart[];
}

/** Answers below this number of operations are read as they are. */
const LONG = 12;
/** Parts below this number of operations are repeated rather than named. */
const LEAST = 3;

// biome-ignore format: a table is read by columns
const LETTERS = {
  scalar: ["s", "t", "c", "d"],
  vector: ["r", "u", "v", "z", "h"],
  matrix: ["R", "S", "T", "M", "P", "Q"],
} as const;

/** The term with names for the parts that it repeats; without any where it is short or repeats nothing. */
export function nameParts(expr: Expr, taken: Iterable<string>, functions: FunctionTable): NamedForm {
  const plain: NamedForm = { expr, where: [] };
  const total = countOperations(expr);
  if (total < LONG) return plain;
  const open = openIndices(expr);
  // A part with an open index has no value outside its sum.
  const isOpen = (node: Expr): boolean => (open.get(node)?.size ?? 0) > 0;
  const uses = countUses(expr);
  const namer: Namer = { used: new Set(taken), rounds: new Map() };
  const where: NamedPart[] = [];
  const named = fold<Expr>(expr, (node, args) => {
    const here = build.withArgs(node, args, functions.find);
    if (node === expr || (uses.get(node) ?? 0) < 2 || isOpen(node) || countOperations(here) < LEAST) return here;
    const v = build.variable(nextName(here, namer), here.shape);
    where.push({ variable: v, expr: here });
    return v;
  });
  const length = countOperations(named) + where.reduce((n, p) => n + countOperations(p.expr), 0);
  return where.length === 0 || length >= total ? plain : { expr: named, where };
}

// How often a node is written when every repeated part is written once.
function countUses(root: Expr): Map<Expr, number> {
  const uses = new Map<Expr, number>();
  for (const node of nodes(root)) for (const arg of node.args) uses.set(arg, (uses.get(arg) ?? 0) + 1);
  return uses;
}

interface Namer {
  readonly used: Set<string>;
  /** For each kind of letters the round in which a free one is looked for. */
  readonly rounds: Map<readonly string[], number>;
}

function nextName(expr: Expr, { used, rounds }: Namer): string {
  const letters = LETTERS[isScalarShape(expr.shape) ? "scalar" : isMatrixShape(expr.shape) ? "matrix" : "vector"];
  for (let round = rounds.get(letters) ?? 0; ; round++) {
    rounds.set(letters, round);
    for (const letter of letters) {
      const name = round === 0 ? letter : `${letter}_${round}`;
      if (used.has(name)) continue;
      used.add(name);
      return name;
    }
  }
}
