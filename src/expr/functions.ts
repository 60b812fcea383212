// Functions as data: what the language knows of exp, inv, softmax, … apart from the
// mathematics in their rules. The standard table is generated from rules/; user rules
// add to it. Nothing here names a particular function.

import type { Dim } from "./dim.ts";
import type { Domain } from "./domains.ts";
import type { Expr, Variable } from "./expr.ts";
import type { Shape } from "./shape.ts";

/** What is known of a function apart from its rules. */
export interface FunctionInfo {
  readonly name: string;
  /** Further spellings; `max/1` is the spelling max with one argument, and printed so. */
  readonly aliases: readonly string[];
  /** Element-wise functions take numbers and act on every entry; scalar arguments expand. */
  readonly elementwise: boolean;
  /** Shapes of the arguments in the function's own dimension names; 1×1 each for an element-wise function. */
  readonly params: readonly Shape[];
  readonly result: Shape;
  /** Domain of each argument. */
  readonly domains: readonly Domain[];
  /** What is known of the values; `triangular` is triangular with a positive diagonal. */
  readonly range?: "positive" | "nonnegative" | "fraction" | "indicator" | "triangular";
  /**
   * Differentiable only away from points where its arguments meet or vanish, or from the
   * points that the text names: $1 is the first argument, entry($1) an entry of it.
   */
  readonly kinks?: true | string;
  /** Whether its even powers have no kinks. */
  readonly smoothSquare?: true;
  /** What is 0 where it is 0 though it has kinks: all of its arguments, or the first of them. */
  readonly zero?: "all" | "first";
  /** Whether it is a norm of its first argument. */
  readonly norm?: true;
  /** Whether a comparison of its two arguments picks the one that is its value, so that f(x + c, y + c) = f(x, y) + c. */
  readonly picks?: true;
  /** Whether it is made of a sum or a mean over the entries of its first argument. */
  readonly total?: true;
  /** Whether its values are positive where all its arguments are, and nonnegative where they are. */
  readonly signs?: true;
  /** Whether the value at a positive definite matrix is one, or a positive number, and that at a positive determinant has one. */
  readonly definite?: true;
  /** Whether f(y, x) = −f(x, y). */
  readonly alternating?: true;
  /** Whether its value is a skew matrix. */
  readonly skew?: true;
  /** Whether f(−x) = f(x), of one argument. */
  readonly even?: true;
  /** Whether it takes more than its two arguments, two by two: max(a, b, c) is max(max(a, b), c). */
  readonly associative?: true;
  /** Whether it is a primary function of a square matrix, its first argument: what a power series gives [H08 def. 1.2]. */
  readonly primary?: true;
  /** The function that does to every row of a matrix what this one does to a vector. */
  readonly rows?: string;
  /** LaTeX command, where it is not \operatorname{name}. */
  readonly latex?: string;
  /** The operator in whose notation it is printed. */
  readonly notation?: "pow" | "hpow";
  /** Family that it is documented with. */
  readonly section?: string;
  /** Why it has no differential of its own. */
  readonly refusal?: string;
}

/** What a function is through others: a term in its parameters. */
export interface FunctionDefinition {
  readonly parameters: readonly Variable[];
  readonly body: Expr;
}

// A sign that no name of a user's has.
const DIFFERENTIAL = "∂";

/** The variable that stands for the differential of a rule's parameter. */
export const differentialName = (parameter: string): string => DIFFERENTIAL + parameter;

/** Whether a variable is the differential of a rule's parameter. */
export const isDifferentialName = (name: string): boolean => name.startsWith(DIFFERENTIAL);

/** The name that a call is printed with. */
export const spelledName = (info: FunctionInfo): string =>
  info.aliases.find((a) => a.endsWith(`/${info.params.length}`))?.replace(/\/.*$/, "") ?? info.name;

/** Functions by their names. */
export interface FunctionTable {
  /** By name or alias, and by the number of arguments where that decides; undefined for a name that is no function. */
  find(name: string, count?: number): FunctionInfo | undefined;
  readonly all: readonly FunctionInfo[];
}

/** The table of functions; of two with one name or alias the last. */
export function createFunctionTable(all: readonly FunctionInfo[]): FunctionTable {
  const byName = new Map<string, FunctionInfo>();
  for (const f of all) for (const name of [f.name, ...f.aliases]) byName.set(name, f);
  return { find: (name, count) => (count === undefined ? undefined : byName.get(`${name}/${count}`)) ?? byName.get(name), all };
}

/** A table in which a name that it lacks is looked for by `find`; what that finds for every text alike is listed. */
export const extendedTable = (table: FunctionTable, find: FunctionTable["find"], listed: readonly FunctionInfo[] = []): FunctionTable => ({
  find: (name, count) => table.find(name, count) ?? find(name, count),
  all: [...table.all, ...listed],
});

/** The function's own dimension names bound by the arguments' shapes, as `substituteDim` takes them. */
export function bindDims(info: FunctionInfo, args: readonly Shape[]): ReadonlyMap<string, Dim> {
  const bound = new Map<string, Dim>();
  info.params.forEach((param, i) => {
    const actual = args[i];
    if (actual === undefined) return;
    for (const axis of ["rows", "cols"] as const) {
      const name = param[axis].key;
      if (!bound.has(name)) bound.set(name, actual[axis]);
    }
  });
  return bound;
}
