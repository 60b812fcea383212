// The border of elaboration: from texts and declarations to typed terms, with names,
// shapes by unification and scalar expansion made explicit. Never throws for an input;
// every fault is a diagnostic with the text that its place refers to.
//
// Not here: the order of work (request/problem.ts), the walk over trees (terms/walk.ts), the
// constraints of operators (shapes/shapes.ts).

import { type Diagnostic, InputError } from "../base/diagnostic.ts";
import { wholeOf } from "../base/span.ts";
import { type Dim, dimNames } from "../expr/dim.ts";
import type { Expr, Variable } from "../expr/expr.ts";
import { createFunctionTable, type FunctionTable } from "../expr/functions.ts";
import type { Names as DifferentialNames } from "../syntax/desugar/differentials.ts";
import { isDerivative } from "../syntax/tree.ts";
import { noteFormulas } from "./kinds/formulas.ts";
import { settleShapes } from "./kinds/settle.ts";
import { noteStanding } from "./kinds/standing.ts";
import { dataPlace, readAttributes } from "./names/declare.ts";
import { type RunReading, readRuns, runsRaised } from "./names/runs.ts";
import { createScope, declareVariable, isVariableName, type Scope, type UnknownFunction } from "./names/scope.ts";
import { noteSizes } from "./names/size.ts";
import { declaredIn, type Problem, readProblem } from "./request/problem.ts";
import { withReach } from "./request/reach.ts";
import { type Request, readText, takeDeclarations } from "./request/request.ts";
import { createInference } from "./shapes/inference.ts";
import { PlacedError, refuse } from "./shapes/mismatch.ts";
import { buildTerms, type Context } from "./terms/term.ts";
import { elaborateTree } from "./terms/walk.ts";

export { productsInClaim } from "./names/runs.ts";
export type { UnknownFunction } from "./names/scope.ts";
export { parseTarget, type Target, type TargetText } from "./names/target.ts";
export type { Claim, Definition, Problem, Side } from "./request/problem.ts";
export type { Request } from "./request/request.ts";

/** A text that was understood. */
export interface Elaborated {
  readonly ok: true;
  readonly problem: Problem;
}

/** A term that was understood. */
export interface ParsedTerm {
  readonly ok: true;
  readonly expr: Expr;
}

/** What is wrong with a text. */
export interface Failure {
  readonly ok: false;
  readonly diagnostics: readonly Diagnostic[];
  /** The text that the spans refer to. */
  readonly source: string;
}

/** The typed terms of a request. */
export function elaborate(request: Request): Elaborated | Failure {
  const runs = request.apart === undefined ? readRuns(request) : new Map<string, RunReading>();
  const asWritten = elaborateOnce(request, runs);
  if (request.apart !== undefined) return asWritten;
  // x^TAx begins with the mark of a transpose.
  const raised = asWritten.ok ? new Set<string>() : runsRaised(request);
  const products = new Set([...raised, ...[...runs].flatMap(([name, reading]) => (reading === "product" ? [name] : []))]);
  if (products.size === 0) return asWritten;
  const apart = elaborateOnce({ ...request, apart: products }, runs);
  return apart.ok ? apart : asWritten;
}

function elaborateOnce(request: Request, runs: ReadonlyMap<string, RunReading>): Elaborated | Failure {
  return guarded(request.text, (start) => {
    const ctx = start(() => createScope(request.functions, request.strict ?? false, readAttributes(request.attrs ?? {})));
    for (const [name, reading] of runs) ctx.scope.runs.set(name, reading);
    return { ok: true, problem: readProblem(request, ctx) };
  });
}

/** Variables by name, with every dimension name of their sizes. */
export interface KnownVariables {
  readonly byName: Map<string, Variable>;
  readonly dims: Set<string>;
}

/** Variables for many texts, some of which may mention few of them; more may be added in between. */
export function knowVariables(
  variables: readonly Variable[],
  known: KnownVariables = { byName: new Map(), dims: new Set() },
): KnownVariables {
  for (const v of variables) {
    known.byName.set(v.name, v);
    for (const d of [v.shape.rows, v.shape.cols]) for (const n of dimNames(d)) known.dims.add(n);
  }
  return known;
}

/** What a text may mention, and how it is read. */
export interface KnownScope {
  readonly variables: readonly Variable[];
  readonly dims?: readonly string[];
  readonly functions: FunctionTable;
  readonly unknowns?: readonly UnknownFunction[];
  /** Axes of fixed indices, which settle the size of a Kronecker delta. */
  readonly axes?: ReadonlyMap<string, Dim>;
  /** Places of entries, at which e_i is a unit vector. */
  readonly places?: ReadonlySet<string>;
  readonly dialect?: "standard" | "paper";
  /** Names of the text that are read as products of their letters. */
  readonly apart?: ReadonlySet<string>;
  /** What is known of the names of a text in which differentials are terms. */
  readonly differentials?: DifferentialNames;
}

/** A scope for many texts. */
export interface LastingScope extends Omit<KnownScope, "variables"> {
  readonly variables: KnownVariables;
}

/** Reads a text whose names are all known: printed answers, sides of rules. */
export function parseExpression(text: string, known: KnownScope | LastingScope): ParsedTerm | Failure {
  return guarded(text, (start) => {
    const { byName, dims } = "byName" in known.variables ? known.variables : knowVariables(known.variables);
    const ctx = start(() => createScope(known.functions, true, new Map(), byName));
    for (const d of known.dims ?? []) ctx.scope.dims.add(d);
    for (const d of dims) ctx.scope.dims.add(d);
    for (const u of known.unknowns ?? []) ctx.scope.unknowns.set(u.name, u);
    for (const at of known.places ?? []) ctx.scope.places.add(at);
    for (const [index, axis] of known.axes ?? []) {
      ctx.axes.set(index, [axis]);
      ctx.scope.places.add(index);
    }
    const document = readText(ctx, text, new Set(), known);
    const final = document.final;
    if (final?.kind !== "value" || isDerivative(final.value) || document.definitions.length > 0)
      return refuse({ source: text, span: wholeOf(text) }, "type", "a single expression is wanted here");
    const value = withReach(final.value, (name) => isVariableName(ctx.scope, name), [...ctx.axes.keys()]);
    noteSizes(ctx.scope, value);
    noteStanding(ctx, value);
    noteFormulas(ctx, value);
    declareMentioned(ctx.scope);
    const term = elaborateTree(ctx, value);
    settleShapes(ctx);
    buildTerms(ctx);
    return { ok: true, expr: term.expr as Expr };
  });
}

// The known variables among the names that a text mentions, X for X_1 as well.
function declareMentioned(scope: Scope): void {
  for (const name of scope.mentioned) {
    const base = name.slice(0, Math.max(0, name.lastIndexOf("_")));
    for (const v of [scope.known.get(name), scope.known.get(base)])
      if (v !== undefined && !scope.variables.has(v.name))
        declareVariable(scope, v.name, v.shape, dataPlace(v.name), { attributes: v.attributes, given: v });
  }
}

/** What a text of declarations declares: `u, v : vector(n); t : scalar`. */
export interface Declared {
  readonly ok: true;
  readonly variables: readonly Variable[];
  readonly unknowns: readonly UnknownFunction[];
  /** Every dimension name that occurs. */
  readonly dims: readonly string[];
}

/** Reads a text of declarations alone; sizes left out get names. */
export function parseDeclarations(text: string): Declared | Failure {
  return guarded(text, (start) => {
    const ctx = start(() => createScope(createFunctionTable([]), false, new Map()));
    takeDeclarations(ctx, text, new Set(), {});
    settleShapes(ctx);
    return { ok: true, ...declaredIn(ctx) };
  });
}

type Start = (makeScope: () => Scope) => Context;

function guarded<T>(text: string, run: (start: Start) => T): T | Failure {
  let ctx: Context | undefined;
  try {
    return run((makeScope) => {
      ctx = {
        inf: createInference(),
        scope: makeScope(),
        source: text,
        terms: [],
        bound: [],
        positions: [],
        sums: [],
        products: new Set(),
        axes: new Map(),
        hasIndexSums: false,
        rewritten: false,
      };
      return ctx;
    });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { ok: false, diagnostics: [error.diagnostic], source: error instanceof PlacedError ? error.source : (ctx?.source ?? text) };
  }
}
