// What names stand for while one request is elaborated: variables, dimensions, functions
// without a body, definitions. One scope serves all texts of a request.
//
// Invariant: a name is a variable or a function without a body, never both.

import { WRITTEN_FOR } from "../../../grammar/foreignFunctions.ts";
import { AXIS_FUNCTIONS, OPERATOR_FUNCTIONS, operatorFunction } from "../../../grammar/glyphs.ts";
import { optional } from "../../base/optional.ts";
import { type Attribute, isOfSquares } from "../../expr/attributes.ts";
import type { Variable } from "../../expr/expr.ts";
import type { FunctionTable } from "../../expr/functions.ts";
import type { Shape } from "../../expr/shape.ts";
import type { Tree } from "../../syntax/tree.ts";
import type { Inference, Place } from "../shapes/constraint.ts";
import { refuse } from "../shapes/mismatch.ts";
import { kindByLetter } from "./letters.ts";
import type { RunReading } from "./runs.ts";

/** A variable while shapes are inferred. */
export interface VariableInfo {
  readonly name: string;
  readonly shape: Shape;
  readonly attributes: Set<Attribute>;
  /** The term it is read as, where the caller has one. */
  readonly given?: Variable;
  /** Inferred variables follow the letter and are reported. */
  readonly declared: boolean;
  readonly defined: boolean;
  /** What it is defined as. */
  readonly value?: Tree;
  /** Used as a scalar hardly is: transposed, in a dot or element-wise product, with an entry. */
  likelyVector: boolean;
  /** Whether it stands with one index: it is no matrix then, whatever its letter. */
  singleIndex: boolean;
  /** Occurrences, and how many of them take an entry only. */
  uses: number;
  entryUses: number;
}

/** A function without a body, or a variable that depends on others. */
export interface UnknownFunction {
  readonly name: string;
  readonly elementwise: boolean;
  /** Shapes of the arguments; empty for an element-wise function. */
  readonly params: readonly Shape[];
  readonly result: Shape;
  /** Whether its value is a symmetric matrix. */
  readonly symmetric?: boolean;
  /** Of u(x): the variables it depends on. */
  readonly of?: readonly string[];
}

/** The names of one problem. */
export interface Scope {
  readonly variables: Map<string, VariableInfo>;
  /** Variables of the caller; they join the others where a text mentions them. */
  readonly known: ReadonlyMap<string, Variable>;
  readonly dims: Set<string>;
  readonly unknowns: Map<string, UnknownFunction>;
  /** Names that are declared as depending on others and are variables all the same: they are differentiated by. */
  readonly varied: Set<string>;
  readonly functions: FunctionTable;
  /** Attributes wait here for names that are not declared otherwise. */
  readonly attributes: ReadonlyMap<string, readonly Attribute[]>;
  /** Whole names written somewhere, or differentiated by. */
  readonly mentioned: Set<string>;
  /** Names that are not declared and of which entries at fixed indices are meant: x where x_i is differentiated by x_j. */
  readonly entries: Set<string>;
  /** Letters and numbers of a claim that entries of its names stand at: below an e that is nothing else they make a unit vector. */
  readonly places: Set<string>;
  /** Letters of indices of what is differentiated by: no size is called so. */
  readonly indices: Set<string>;
  /** Names of which samples are summed over: x where x_i stands in a sum over i. */
  readonly sampled: Set<string>;
  /** Names that stand as vectors do, in Ax + b for instance. */
  readonly vectors: Set<string>;
  /** Names that stand in rows and columns of formulas about numbers, as in [x^2*y; x + sin(y)]. */
  readonly numbers: Set<string>;
  /** Names of which a second point x' stands in a text. */
  readonly points: Set<string>;
  /** Those sampled of which a sample stands as a vector does: x where wᵀx_i does. */
  readonly vectorSamples: Set<string>;
  /** Names with a number below that stand as their letter alone does: x_1 of x - x_1. */
  readonly beside: Set<string>;
  /** Capital letters that stand where numbers do, raised to one that is no literal: K of K^α. */
  readonly raised: Set<string>;
  /** Capital letters among the factors below a fraction line: R and T of P*V/(n*R*T). */
  readonly divisors: Set<string>;
  /** How letters together are read that nothing declares. */
  readonly runs: Map<string, RunReading>;
  /** An undeclared name is an error. */
  readonly strict: boolean;
  /** Remarks for the reader besides the shapes assumed. */
  readonly remarks: Set<string>;
}

/** A scope without names of its own; a strict one takes no undeclared names. */
export function createScope(
  functions: FunctionTable,
  strict: boolean,
  attributes: ReadonlyMap<string, readonly Attribute[]>,
  known: ReadonlyMap<string, Variable> = new Map(),
): Scope {
  return {
    variables: new Map(),
    known,
    dims: new Set(),
    unknowns: new Map(),
    varied: new Set(),
    functions,
    attributes,
    mentioned: new Set(),
    entries: new Set(),
    places: new Set(),
    indices: new Set(),
    sampled: new Set(),
    vectors: new Set(),
    numbers: new Set(),
    points: new Set(),
    vectorSamples: new Set(),
    beside: new Set(),
    raised: new Set(),
    divisors: new Set(),
    runs: new Map(),
    strict,
    remarks: new Set(),
  };
}

/** Whether a name is that of a variable, mentioned yet or not. */
export const isVariableName = (scope: Scope, name: string): boolean => scope.variables.has(name) || scope.known.has(name);

/** Whether a name is that of a function of the language or of a table. */
export const isFunctionIn = ({ functions }: Pick<Scope, "functions">, name: string): boolean =>
  operatorFunction(name) !== undefined || functions.find(name) !== undefined;

/** Whether `name(` is a call. */
export const isFunctionName = (scope: Scope, name: string): boolean =>
  scope.unknowns.has(name) || (!isVariableName(scope, name) && (isFunctionIn(scope, name) || Object.hasOwn(AXIS_FUNCTIONS, name)));

/** Adds a variable; a second declaration of a name is the user's error. */
export function declareVariable(
  scope: Scope,
  name: string,
  shape: Shape,
  place: Place,
  more: { attributes?: readonly Attribute[]; value?: Tree; given?: Variable } = {},
): VariableInfo {
  if (scope.variables.has(name) || scope.unknowns.has(name))
    refuse(place, "declaration", `${name} is declared twice`, "one declaration a name");
  const attributes = new Set([...(more.attributes ?? []), ...(scope.attributes.get(name) ?? [])]);
  const base = {
    name,
    shape,
    attributes,
    declared: true,
    defined: more.value !== undefined,
    likelyVector: false,
    singleIndex: false,
    uses: 0,
    entryUses: 0,
  };
  const info: VariableInfo = { ...base, ...optional({ given: more.given, value: more.value }) };
  scope.variables.set(name, info);
  return info;
}

/** The variable of a name, made with an open shape where the name is new. */
export function inferVariable(scope: Scope, inf: Inference, name: string): VariableInfo {
  const known = scope.variables.get(name);
  if (known !== undefined) return known;
  const attributes = new Set(scope.attributes.get(name) ?? []);
  const rows = inf.fresh();
  const cols = [...attributes].some(isOfSquares) ? rows : inf.fresh();
  const info: VariableInfo = {
    name,
    shape: { rows, cols },
    attributes,
    declared: false,
    defined: false,
    likelyVector: false,
    singleIndex: false,
    uses: 0,
    entryUses: 0,
  };
  scope.variables.set(name, info);
  return info;
}

/** Refuses a name that is not known, with the closest one that is. */
export function unknownName(scope: Scope, name: string, place: Place): never {
  const split = splitProduct(scope, name);
  if (split !== undefined) refuse(place, "name", `${name} is one name, and not a known one`, `${split} for the product`);
  const near = nearest(name, [...scope.variables.keys(), ...scope.known.keys(), ...scope.unknowns.keys(), ...scope.dims]);
  refuse(
    place,
    "name",
    `${name} is not declared`,
    near === undefined ? `declare it: ${name} : ${SAMPLE_TYPES[kindByLetter(name)]}` : `did you mean ${near}?`,
  );
}

const SAMPLE_TYPES = { scalar: "scalar", vector: "vector(n)", matrix: "matrix(m, n)" } as const;

/** Refuses a call of something that is no function. */
export function unknownFunction(scope: Scope, name: string, place: Place): never {
  const near = nearest(
    name,
    scope.functions.all.flatMap((f) => [f.name, ...f.aliases]).concat(...Object.values(OPERATOR_FUNCTIONS), [...scope.unknowns.keys()]),
  );
  const product = `${name}*(…) for a product`;
  const otherwise =
    near === undefined ? `${name} : elementwise declares one without a body; ${product}` : `did you mean ${near}? ${product}`;
  refuse(place, "name", `there is no function ${name}`, WRITTEN_FOR[name] ?? otherwise);
}

// Ax, where A and x are known apart.
function splitProduct(scope: Scope, name: string): string | undefined {
  const letters = [...name];
  if (letters.length < 2 || letters.length > 5) return undefined;
  return letters.every((l) => isVariableName(scope, l)) ? letters.join(" ") : undefined;
}

/** The candidate at most one edit away (two for long names). */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  if ([...name].length < 2) return undefined;
  let best: string | undefined;
  let least = name.length > 5 ? 3 : 2;
  for (const c of candidates) {
    if (c.length < 2 && name.length > 1) continue;
    const d = c.toLowerCase() === name.toLowerCase() ? 0.5 : editDistance(name, c, least);
    if (d < least) {
      best = c;
      least = d;
    }
  }
  return best;
}

function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = a[i - 1] === b[j - 1] ? 0 : 1;
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + swap));
    }
    row = next;
  }
  return row[b.length] ?? limit;
}
