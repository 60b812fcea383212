// What is known of the parts of an expression whatever the values of the variables are: signs and bounds of entries,
// and which matrices are definite or invertible.
//
// Invariant: only what is certain is claimed. Not here: what follows for domains and kinks (conditions.ts, smoothed.ts).

import { dictionary } from "../../base/dictionary.ts";
import { hasAttribute } from "../../expr/attributes.ts";
import type { Domain } from "../../expr/domains.ts";
import { type Apply, type Entry, type Expr, fold, type IndexSum, indexKey, isApply, type Variable } from "../../expr/expr.ts";
import type { FunctionInfo } from "../../expr/functions.ts";
import { isScalarShape, isVectorShape } from "../../expr/shape.ts";
import type { Library } from "../../rewrite/library.ts";
import { evenPower } from "./signs.ts";

// One bit a fact, of every entry or of the matrix. What follows from another is stated with it.
const NONNEGATIVE = 1;
const POSITIVE = 2 | NONNEGATIVE;
const BELOW_ONE = 4;
const ABOVE_MINUS_ONE = 8;
const AT_LEAST_ONE = 256 | POSITIVE;
const INVERTIBLE = 16;
/** Its determinant is positive. */
const ORIENTED = 32 | INVERTIBLE;
/** The entries on its diagonal are positive. */
const POSITIVE_DIAGONAL = 1024;
const SYMMETRIC = 512;
/** Symmetric, and without negative eigenvalues. */
const SEMIDEFINITE = 64 | SYMMETRIC;
const DEFINITE = 128 | SEMIDEFINITE | ORIENTED | POSITIVE_DIAGONAL;

const SIGNS = POSITIVE;
const ENTRIES = SIGNS | BELOW_ONE | ABOVE_MINUS_ONE | AT_LEAST_ONE;

const has = (facts: number, fact: number): boolean => (facts & fact) === fact;
const when = (condition: boolean, fact: number): number => (condition ? fact : 0);

/** What is known of the parts of an expression. */
export interface Known {
  /** Parts all of whose entries are positive. */
  readonly positive: ReadonlySet<Expr>;
  readonly liesIn: (part: Expr, domain: Domain) => boolean;
}

/** Whether an attribute says of entries of a matrix that they are 0, whatever another says of the rest. */
export const isSparse = (v: Variable): boolean => SPARSE.some((a) => hasAttribute(v, a));
const SPARSE = ["diagonal", "lower", "upper"] as const;

/** What is known of every part of an expression. */
export function knownOf(expr: Expr, library: Library): Known {
  const facts = new Map<Expr, number>();
  factsOf(expr, { library, facts });
  const positive = new Set<Expr>();
  for (const [part, known] of facts) if (has(known, POSITIVE)) positive.add(part);
  return { positive, liesIn: (part, domain) => DOMAIN_FACTS[domain]?.some((fact) => has(facts.get(part) ?? 0, fact)) ?? false };
}

/** The facts any of which puts a part into a domain. */
const DOMAIN_FACTS: Readonly<Partial<Record<Domain, readonly number[]>>> = {
  positive: [POSITIVE],
  nonzero: [POSITIVE],
  unit: [BELOW_ONE | ABOVE_MINUS_ONE, BELOW_ONE | NONNEGATIVE],
  fraction: [POSITIVE | BELOW_ONE],
  "above-minus-one": [NONNEGATIVE, ABOVE_MINUS_ONE],
  invertible: [INVERTIBLE],
  "positive-determinant": [ORIENTED],
  "positive-spectrum": [DEFINITE],
  "constant-rank": [INVERTIBLE],
  "full-rank": [INVERTIBLE],
  symmetric: [SYMMETRIC],
  posdef: [DEFINITE],
};

interface Pass {
  readonly library: Library;
  readonly facts: Map<Expr, number>;
}

const factsOf = (expr: Expr, pass: Pass): number =>
  fold<number>(
    expr,
    (node, args) => {
      const known = factsAt(node, args, pass);
      return isScalarShape(node.shape) ? ofNumber(known) : known;
    },
    pass.facts,
  );

// A number is a matrix of one entry.
const ofNumber = (known: number): number =>
  known |
  SYMMETRIC |
  when(has(known, SEMIDEFINITE), NONNEGATIVE) |
  when(has(known, ORIENTED), POSITIVE) |
  when(has(known, NONNEGATIVE), SEMIDEFINITE) |
  when(has(known, POSITIVE), DEFINITE);

function factsAt(node: Expr, args: readonly number[], pass: Pass): number {
  switch (node.kind) {
    case "num": {
      const { n, d } = node.value;
      const signs = when(n >= 0n, NONNEGATIVE) | when(n > 0n, POSITIVE) | when(n >= d, AT_LEAST_ONE);
      return signs | when(n < d, BELOW_ONE) | when(-n < d, ABOVE_MINUS_ONE);
    }
    case "constant":
      return POSITIVE;
    case "dim":
      return AT_LEAST_ONE;
    case "var":
      return (
        when(hasAttribute(node, "positive"), isSparse(node) ? NONNEGATIVE | ORIENTED | POSITIVE_DIAGONAL : POSITIVE) |
        when(hasAttribute(node, "diagonal"), SYMMETRIC | when(hasAttribute(node, "positive"), DEFINITE)) |
        when(hasAttribute(node, "unit"), BELOW_ONE | ABOVE_MINUS_ONE) |
        when(hasAttribute(node, "invertible"), INVERTIBLE) |
        when(hasAttribute(node, "symmetric"), SYMMETRIC) |
        when(hasAttribute(node, "posdef"), DEFINITE)
      );
    case "unknown":
      return when(node.symmetric, SYMMETRIC);
    case "entry":
      return ((args[0] as number) & ENTRIES) | when(isOnDiagonal(node), ofDiagonal(args[0] as number));
    case "indexSum":
      return ofIndexSum(node, args[0] as number, pass);
    case "apply": {
      const info = pass.library.functions.find(node.op);
      return info === undefined ? ofOperator(node, args, pass) : ofFunction(node, info, args, pass);
    }
    default:
      return 0;
  }
}

function ofIndexSum({ index, args: [body] }: IndexSum, summand: number, { facts }: Pass): number {
  // The vector Σ_i u_i I[:,i] has the entries u_i.
  const [number, column] = isApply(body, "mul") ? body.args : [];
  const [rows, at] = column?.kind === "entry" && isApply(column.args[0], "eye") ? column.at : [];
  if (number !== undefined && rows?.kind === "all" && at?.kind === "bound" && at.name === index) return (facts.get(number) ?? 0) & ENTRIES;
  return (summand & (SIGNS | SEMIDEFINITE)) | when(has(summand, DEFINITE), DEFINITE);
}

function ofFunction({ shape }: Apply, info: FunctionInfo, args: readonly number[], { library }: Pass): number {
  if (info.range === "fraction") return POSITIVE | BELOW_ONE;
  if (info.range === "positive") return POSITIVE;
  if (info.range === "triangular") return ORIENTED | POSITIVE_DIAGONAL;
  const first = args[0] ?? 0;
  if (info.definite === true) return isScalarShape(shape) ? when(has(first, ORIENTED), POSITIVE) : first & DEFINITE;
  const kept = info.signs === true ? args.reduce((a, b) => a & b, SIGNS) : 0;
  const stated = when(info.range === "nonnegative", NONNEGATIVE) | kept;
  const definition = library.definition(info.name);
  if (definition === undefined) return stated;
  return stated | factsOf(definition.body, { library, facts: new Map(definition.parameters.map((p, i) => [p, args[i] ?? 0])) });
}

/** What is known of terms without arguments. */
const CONSTANTS = dictionary<number>({ ones: POSITIVE, zeros: NONNEGATIVE | SEMIDEFINITE, eye: NONNEGATIVE | DEFINITE });

/** Operators that keep facts of these kinds where all arguments have them, and say nothing else. */
const KEPT = dictionary<number>({
  transpose: ~0,
  hdiv: SIGNS,
  sum: SIGNS,
  expand: ENTRIES,
  vec: ENTRIES,
  reshape: ENTRIES,
  hcat: ENTRIES,
});

function ofOperator(node: Apply, args: readonly number[], pass: Pass): number {
  const all = args.reduce((a, b) => a & b, ~0);
  const [first = 0, second = 0] = args;
  switch (node.op) {
    case "add":
      return ofSum(args, all) | when(isMirrored(node.args, pass.facts), SYMMETRIC);
    case "vcat":
      return (all & ENTRIES) | when(isMirroredStack(node.args, pass.facts), SYMMETRIC);
    case "neg":
      return (first & SYMMETRIC) | when(has(first, BELOW_ONE), ABOVE_MINUS_ONE) | when(has(first, ABOVE_MINUS_ONE), BELOW_ONE);
    case "mul":
      return ofProduct(node, args, all, pass);
    case "dot":
      return (all & SIGNS) | when(node.args[0] === node.args[1], NONNEGATIVE);
    case "hadamard":
      return ofKronecker(all) | when(node.args[0] === node.args[1], NONNEGATIVE);
    case "div":
      return (all & SIGNS) | (first & SYMMETRIC) | when(has(second, POSITIVE), first & DEFINITE);
    case "kron":
      return ofKronecker(all) | (all & INVERTIBLE);
    case "tr":
      return ofDiagonal(first) & SIGNS;
    case "diag":
      return isVectorShape(node.args[0]?.shape ?? node.shape) ? ofDiagonalMatrix(first) : ofDiagonal(first);
    case "pow":
    case "hpow":
      return ofPower(node, first);
    default:
      return CONSTANTS[node.op] ?? all & (KEPT[node.op] ?? 0);
  }
}

/** The Kronecker product, and the Hadamard product, which is a principal part of it. */
const ofKronecker = (all: number): number => (all & (ENTRIES | SEMIDEFINITE)) | when(has(all, DEFINITE), DEFINITE);

/** The vector of the entries on the diagonal of a matrix. */
const ofDiagonal = (matrix: number): number =>
  (matrix & ENTRIES) | when(has(matrix, SEMIDEFINITE), NONNEGATIVE) | when(has(matrix, POSITIVE_DIAGONAL), POSITIVE);

/** Whether an entry stands in a row and a column of one number. */
function isOnDiagonal({ at: [row, column] }: Entry): boolean {
  return row.kind !== "all" && indexKey(row) === indexKey(column);
}

/** The matrix with a vector on its diagonal. */
const ofDiagonalMatrix = (vector: number): number =>
  SYMMETRIC | (vector & NONNEGATIVE) | when(has(vector, NONNEGATIVE), SEMIDEFINITE) | when(has(vector, POSITIVE), DEFINITE);

function ofSum(args: readonly number[], all: number): number {
  const any = (fact: number): boolean => args.some((a) => has(a, fact));
  // 1 − u is positive where u < 1.
  const shifted = args.length === 2 && args.some((a, i) => has(a, AT_LEAST_ONE) && has(args[1 - i] as number, ABOVE_MINUS_ONE));
  return (
    (all & (NONNEGATIVE | SEMIDEFINITE)) |
    when(shifted || (has(all, NONNEGATIVE) && any(POSITIVE)), POSITIVE) |
    when(has(all, SEMIDEFINITE) && any(DEFINITE), DEFINITE)
  );
}

function ofPower(node: Apply, base: number): number {
  const isEntrywise = node.op === "hpow" || isScalarShape(node.shape);
  if (!isEntrywise) return base & DEFINITE;
  return when(evenPower(node), NONNEGATIVE | when(has(base, BELOW_ONE | ABOVE_MINUS_ONE), BELOW_ONE)) | when(has(base, POSITIVE), POSITIVE);
}

function ofProduct(node: Apply, args: readonly number[], all: number, { facts }: Pass): number {
  const isScaled = node.args.map((a) => isScalarShape(a.shape));
  if (isScaled.includes(true)) {
    const [number, matrix] = (isScaled[0] === true ? args : [...args].reverse()) as [number, number];
    const bounds = has(all, NONNEGATIVE) ? all & BELOW_ONE : 0;
    return (
      (all & SIGNS) |
      bounds |
      (matrix & SYMMETRIC) |
      when(has(number, NONNEGATIVE), matrix & SEMIDEFINITE) |
      when(has(number, POSITIVE), matrix & DEFINITE)
    );
  }
  return (all & (SIGNS | ORIENTED)) | ofCongruence(factorsOf(node), facts);
}

// A' P A, definite where P is and A is invertible.
function ofCongruence(factors: readonly Expr[], facts: ReadonlyMap<Expr, number>): number {
  const count = factors.length;
  const outer = factors.slice(0, Math.floor(count / 2));
  if (!outer.every((f, i) => isTransposeOf(f, factors[count - 1 - i] as Expr, facts))) return 0;
  const middle = count % 2 === 0 ? DEFINITE : (facts.get(factors[outer.length] as Expr) ?? 0);
  const isInvertible = outer.every((f) => has(facts.get(f) ?? 0, INVERTIBLE));
  return (middle & SEMIDEFINITE) | when(isInvertible, middle & DEFINITE);
}

/** Whether the transpose of each summand is one of them. */
function isMirrored(summands: readonly Expr[], facts: ReadonlyMap<Expr, number>): boolean {
  const mirrored = new Set(summands.map((a) => (isApply(a, "transpose") ? (a.args[0] as Expr) : a)));
  const plain = new Set(summands.filter((a) => !isApply(a, "transpose")));
  const turned = new Set(summands.flatMap((a) => (isApply(a, "transpose") ? [a.args[0] as Expr] : [])));
  return [...mirrored].every((a) => has(facts.get(a) ?? 0, SYMMETRIC) || (plain.has(a) && turned.has(a)));
}

/** Whether rows of blocks make a matrix that is its own transpose: [A, x; x', c]. */
function isMirroredStack(rows: readonly Expr[], facts: ReadonlyMap<Expr, number>): boolean {
  const blocks = rows.map((row) => (isApply(row, "hcat") ? row.args : [row]));
  return blocks.every(
    (row, i) => row.length === rows.length && row.every((block, j) => j > i || isTransposeOf(block, blocks[j]?.[i] as Expr, facts)),
  );
}

function isTransposeOf(a: Expr, b: Expr, facts: ReadonlyMap<Expr, number>): boolean {
  if (a === b) return has(facts.get(a) ?? 0, SYMMETRIC);
  return (isApply(a, "transpose") && a.args[0] === b) || (isApply(b, "transpose") && b.args[0] === a);
}

/** The factors of a product of matrices, in order. */
function factorsOf(node: Expr): readonly Expr[] {
  const factors: Expr[] = [];
  const open: Expr[] = [node];
  for (let e = open.pop(); e !== undefined; e = open.pop()) {
    if (isApply(e, "mul") && e.args.every((a) => !isScalarShape(a.shape))) open.push(...e.args);
    else factors.unshift(e);
  }
  return factors;
}
