// What residues modulo a prime tell of two terms that are to be equal.
//
// Invariant: they refute only where every function has an exact counterpart, because identities of the others are unknown
// to them; where many comparisons part the points, they tell nothing. Not here: values in floating point (separate.ts).

import { optional } from "../base/optional.ts";
import { type Apply, type Expr, nodes } from "../expr/expr.ts";
import { isComparison, isOperator } from "../expr/operators.ts";
import { type Definitions, NumericError } from "../numeric/context.ts";
import { PRIME } from "../numeric/field.ts";
import { agreeModulo, variablesInExponents } from "../numeric/modular.ts";
import { isExactFunction, isRationalFunction } from "../numeric/modularArithmetic.ts";
import type { Library } from "../rewrite/library.ts";
import type { Evidence, Judge } from "./equal.ts";
import { createNumbering } from "./probe.ts";

/** Points of `agreeModulo`. */
const POINTS_MODULO = 16;
/** The chance that two quotients of polynomials agree there: that of the hash, far above Schwartz and Zippel's bound. */
const CHANCE = 1e-6;
/** The same where signs pick pieces, one of them at each point: 2 to the minus POINTS_MODULO. */
const CHANCE_OF_PIECES = 2e-5;
/** Most pairs of values that are compared with each other for residues to tell enough. */
const MOST_COMPARED = 1;

/** Residues of two terms modulo a prime. */
export interface Residues {
  /** Whether they are equal; undefined where there are none, or too few to tell. */
  readonly agree: boolean | undefined;
  /** Names of what has no exact counterpart modulo a prime. */
  readonly opaque: readonly string[];
  /** Whether both terms are quotients of polynomials, so that unequal residues are unequal values. */
  readonly isRational: boolean;
}

/** The residues of two terms at random points. */
export function residuesOf(judge: Judge, expected: Expr, claimed: Expr): Residues {
  const { library, definitions } = judge;
  const terms = [expected, claimed];
  const opaque = opaqueIn(terms, definitions);
  // Each comparison parts the points: the chance that is stated is that of terms with few of them.
  const isTold = comparedIn(terms, library) <= MOST_COMPARED && !(opaque.length > 0 && asksEqual(terms));
  const agree = isTold ? modulo(judge, expected, claimed) : undefined;
  return { agree, opaque, isRational: opaque.length === 0 && terms.every((term) => isRational(term, definitions)) };
}

/** What equal residues are evidence of. */
export const residueEvidence = ({ opaque, isRational }: Residues): Evidence => ({
  kind: "residues",
  points: POINTS_MODULO,
  chance: isRational ? CHANCE : CHANCE_OF_PIECES,
  prime: PRIME,
  opaque,
});

/** Whether equal residues of terms are equal values: modulo a prime an exponent is a whole number, and powers of negative numbers know others. */
export const isExact = ({ opaque }: Residues, terms: readonly Expr[]): boolean =>
  opaque.length === 0 && variablesInExponents(terms.flatMap(nodes)).size === 0;

/** How many pairs of values decide what the terms are. */
function comparedIn(terms: readonly Expr[], { functions }: Pick<Library, "functions">): number {
  const compares = (op: string): boolean => isComparison(op) || functions.find(op)?.picks === true;
  const id = createNumbering();
  const pairs = terms.flatMap((term) => nodes(term)).filter((e) => e.kind === "apply" && compares(e.op));
  return new Set(pairs.map(({ args: [a, b] }) => [id(a), id(b)].sort((x, y) => x - y).join())).size;
}

/** Whether values are asked to be equal, which those of what has no exact counterpart never are. */
const asksEqual = (terms: readonly Expr[]): boolean =>
  terms.some((term) => nodes(term).some((e) => e.kind === "apply" && (e.op === "eq" || e.op === "ne")));

function modulo({ library, definitions, seed }: Judge, a: Expr, b: Expr): boolean | undefined {
  const elementwise = (name: string): boolean => library.functions.find(name)?.elementwise === true;
  try {
    return agreeModulo(a, b, { definitions, elementwise, points: POINTS_MODULO, ...optional({ seed }) });
  } catch (error) {
    if (error instanceof NumericError) return undefined;
    throw error;
  }
}

/** Names of what has no exact counterpart modulo a prime. */
function opaqueIn(terms: readonly Expr[], definitions: Definitions): string[] {
  const found = new Set<string>();
  for (const node of partsOf(terms, definitions)) {
    if (node.kind === "constant" || node.kind === "unknown") found.add(node.name);
    if (node.kind === "apply" && isOpaque(node.op) && definitions(node.op)?.body === undefined) found.add(node.op);
  }
  return [...found];
}

const isOpaque = (op: string): boolean => !isOperator(op) && !isExactFunction(op);

/** Whether a term is a quotient of polynomials, so that unequal residues are unequal values. */
const isRational = (term: Expr, definitions: Definitions): boolean =>
  partsOf([term], definitions).every((n) => n.kind !== "apply" || isRationalIn(n));

function isRationalIn({ op, args }: Apply): boolean {
  if (op !== "pow" && op !== "hpow")
    return !isComparison(op) && op !== "cases" && (isOperator(op) || isRationalFunction(op) || isOpaque(op));
  const exponent = args[1] as Expr;
  return exponent.kind === "num" && exponent.value.d === 1n;
}

/** The parts of terms and of the definitions that they use. */
function partsOf(terms: readonly Expr[], definitions: Definitions): Expr[] {
  const found: Expr[] = [];
  const seen = new Set<string>();
  const open = [...terms];
  for (let term = open.pop(); term !== undefined; term = open.pop())
    for (const node of nodes(term)) {
      found.push(node);
      if (node.kind !== "apply" || !isOpaque(node.op) || seen.has(node.op)) continue;
      seen.add(node.op);
      const body = definitions(node.op)?.body;
      if (body !== undefined) open.push(body);
    }
  return found;
}
