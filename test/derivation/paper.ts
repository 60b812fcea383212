// The cases of test/cases/paper.jsonl as problems and derivations, and the values of their
// terms at points, so that lines can be compared whatever they look like.

import { derive } from "../../src/calculus/derivation/derive.ts";
import type { Derivation } from "../../src/calculus/derivation/model.ts";
import { expandNames } from "../../src/calculus/derivation/terms.ts";
import { elaborate, type Problem, parseExpression } from "../../src/elaborate/elaborate.ts";
import type { Expr, Variable } from "../../src/expr/expr.ts";
import { type Definitions, NumericError } from "../../src/numeric/context.ts";
import { allFinite, type Matrix } from "../../src/numeric/matrix.ts";
import { loadNumeric, type Numeric } from "../../src/numeric/numeric.ts";
import type { Point } from "../../src/numeric/point.ts";
import { standardLibrary } from "../../src/rewrite/standard.ts";
import { type Case, readCases } from "../cases/literature.ts";
import { atPositions } from "./checkDerivation.ts";

export interface PaperStep {
  readonly of: string;
  readonly wrt: string;
  readonly is: string;
  readonly kind: "partial" | "total" | "combine" | "substitute" | "element";
}

export interface PaperCase extends Case {
  readonly steps?: readonly PaperStep[];
  readonly update?: string;
}

export const CASES: readonly PaperCase[] = readCases<PaperCase>("paper.jsonl");

export const library = standardLibrary();

export const definitions: Definitions = library.definition;

export function problemOf(c: PaperCase): Problem {
  const read = elaborate({
    text: c.expr,
    vars: c.vars,
    ...(c.dims === undefined ? {} : { dims: c.dims }),
    ...(c.attrs === undefined ? {} : { attrs: c.attrs }),
    definitions: c.let ?? [],
    functions: library.functions,
    wrt: [c.wrt],
  });
  if (!read.ok) throw new Error(`${c.id}: ${read.diagnostics[0]?.message}`);
  return read.problem;
}

export function deriveCase(c: PaperCase): { problem: Problem; derivation: Derivation } {
  const problem = problemOf(c);
  const variable = problem.targets[0]?.variable as Variable;
  return { problem, derivation: derive(problem.expr, variable, { library, layout: c.layout, definitions: problem.definitions }) };
}

/** Reads a text of a step: names of the case, `y` for the whole expression, `w_i` and `w_j` for entries. */
export function readStep(text: string, c: PaperCase, problem: Problem): Expr {
  const names = [...problem.variables, ...problem.definitions.map((d) => d.variable)];
  if (text === "y" && !names.some((v) => v.name === "y")) return problem.expr;
  const entries = text.replace(/([A-Za-z]+)_i\b/g, "$1[1]").replace(/([A-Za-z]+)_j\b/g, "$1[2]");
  const dims = [
    ...(c.dims ?? []),
    ...Object.values(c.vars)
      .flat()
      .filter((d): d is string => typeof d === "string"),
  ];
  const read = parseExpression(entries, { variables: names, functions: library.functions, dims });
  if (!read.ok) throw new Error(`${c.id}: ${text}: ${read.diagnostics[0]?.message}`);
  return read.expr;
}

/** A line of which only values count. */
export interface ValueLine {
  readonly of: Expr;
  readonly wrt: Expr;
  readonly is: Expr;
}

/** Every form of every step as a line of its own, in order; a combination is preceded by the factors it chains. */
export function linesOf(derivation: Derivation): ValueLine[] {
  return derivation.steps.flatMap((step) => [
    ...(step.chain ?? []).flat(),
    ...[...step.via, step.is].map((is) => ({ of: step.of, wrt: step.wrt, is })),
  ]);
}

/** Evaluates terms of a derivation at the same points, all names expanded, open indices i and j at 1 and 2. */
export class Values {
  readonly #memo = new Map<Expr, readonly (Matrix | undefined)[]>();
  readonly #numeric: Numeric;
  readonly #points: readonly Point[];
  readonly #bodies: ReadonlyMap<Expr, Expr>;
  private constructor(numeric: Numeric, points: readonly Point[], bodies: ReadonlyMap<Expr, Expr>) {
    this.#numeric = numeric;
    this.#points = points;
    this.#bodies = bodies;
  }

  static async of(problem: Problem, derivation: Derivation): Promise<Values> {
    const numeric = await loadNumeric();
    const request = { defined: [derivation.expr], covered: [derivation.answer], variables: problem.variables, seed: 5 };
    const source = numeric.samplePoints(request, definitions);
    const points: Point[] = [];
    while (points.length < 2) {
      const next = source.next();
      if (next.done === true) throw new Error(next.value);
      points.push(next.value);
    }
    const bodies = new Map<Expr, Expr>([
      ...problem.definitions.map((d) => [d.variable, d.expr] as const),
      ...derivation.intermediates.map((n) => [n.variable, n.expr] as const),
    ]);
    return new Values(numeric, points, bodies);
  }

  at(expr: Expr): readonly (Matrix | undefined)[] {
    const known = this.#memo.get(expr);
    if (known !== undefined) return known;
    const plain = atPositions(
      expandNames(expr, this.#bodies, library),
      new Map([
        ["i", 1],
        ["j", 2],
      ]),
      library,
    );
    const values = this.#points.map((point) => {
      try {
        const value = this.#numeric.evaluate(plain, point, definitions);
        return allFinite(value) ? value : undefined;
      } catch (error) {
        if (error instanceof NumericError) return undefined;
        throw error;
      }
    });
    this.#memo.set(expr, values);
    return values;
  }

  equal(a: Expr, b: Expr): boolean {
    const [p, q] = [this.at(a), this.at(b)];
    return p.every((x, k) => close(x, q[k]));
  }
}

function close(a: Matrix | undefined, b: Matrix | undefined): boolean {
  if (a === undefined || b === undefined || a.rows !== b.rows || a.cols !== b.cols) return false;
  return a.data.every((x, i) => Math.abs(x - (b.data[i] as number)) <= 1e-8 * (1 + Math.abs(x)));
}
