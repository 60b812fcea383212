// A claim that is asked about, and how it fared: the verdict with the terms and the numbers
// behind it, as a person or a program is told.
//
// Invariant: a checked claim is plain data, so that a report in JSON is this very object. How
// a verdict is reached is not decided here (judgement.ts).

import type { Counterexample } from "../../../check/counterexample.ts";
import type { Evidence } from "../../../check/equal.ts";
import type { Finding } from "../../../check/search.ts";
import type { Layout, Symmetry } from "../../../expr/conventions.ts";
import type { Expr } from "../../../expr/expr.ts";
import { print } from "../../../print/print.ts";
import type { Library } from "../../../rewrite/library.ts";
import type { ShapeTexts } from "../../answer/answer.ts";
import { type DataValue, plain } from "../../numbers/data.ts";
import type { PlainWitness } from "../../numbers/verify.ts";
import type { Context, Settled } from "../../question/question.ts";
import type { Stated } from "../../question/state.ts";

/** A claim with what is known of its names; the keys are those of an expression. */
export interface ClaimQuestion extends Context {
  /** An equation: `d(x'*A*x)/dx = x'*(A + A')`, `grad(f, x) = …`, `a = b`, after declarations and definitions. */
  readonly claim: string;
  /** The layout that a derivative is claimed in. Without it a claim is accepted in any. */
  readonly layout?: Layout;
  /** What the derivative by a symmetric matrix means; without it a claim is accepted in any of the three conventions. */
  readonly symmetry?: Symmetry;
  /** Decides the points; 1 unless stated. */
  readonly seed?: number;
}

/** A claim, and how much is to be said of it. */
export interface JudgedQuestion extends ClaimQuestion {
  /** Whether only the verdict is wanted, and not what may have gone wrong. */
  readonly undiagnosed?: boolean;
}

/** A claim with the rules to judge it by. */
export type SettledClaim = JudgedQuestion & Settled;

/**
 * `proved`: both sides have the same normal form. `holds`: they agree at random points.
 * `other layout`: right, in another layout or convention than the one that was asked for or is
 * usual. `refuted`: they differ. `undecided`: with a reason.
 */
export type ClaimVerdict = "proved" | "holds" | "other layout" | "refuted" | "undecided";

/** A term as text. */
export interface Texts {
  readonly ascii: string;
  readonly unicode: string;
  readonly latex: string;
  readonly shape: ShapeTexts;
}

/** A small place where a claim fails. */
export interface PlainCounterexample extends PlainWitness {
  /** Both sides as a whole. */
  readonly values?: { readonly expected: DataValue; readonly claimed: DataValue };
}

/** What may have gone wrong. */
export interface Diagnosis {
  /** Name of the mistake, as docs/check.md lists them. */
  readonly mistake: string;
  /** The same for people. */
  readonly text: string;
}

/** How a claim fared. */
export interface CheckedClaim {
  readonly ok: true;
  readonly verdict: ClaimVerdict;
  /** Proved, holds, or right in another layout where none was asked for. */
  readonly accepted: boolean;
  /** Both sides as they were read. */
  readonly left: string;
  readonly right: string;
  /** The layout in which the claim is right, or is compared. */
  readonly layout?: Layout;
  /** Where the variable is symmetric: what its derivative means in the claim. */
  readonly symmetry?: Symmetry;
  /** The claim is right as a partial derivative, the names between held constant. */
  readonly partial?: true;
  readonly evidence?: Evidence;
  /** The right value in the form compared. */
  readonly truth?: Texts;
  readonly reason?: string;
  readonly counterexample?: PlainCounterexample;
  /** What may have gone wrong, the likeliest first. */
  readonly diagnosis: readonly Diagnosis[];
  readonly assumptions: readonly string[];
}

/** The same with what was taken for granted as well. */
export const assuming = (checked: CheckedClaim, assumed: readonly string[]): CheckedClaim => ({
  ...checked,
  assumptions: [...checked.assumptions, ...assumed],
});

/** A place where a claim fails, as plain data. */
export function plainCounterexample({ row, col, expected, claimed, values, point }: Counterexample): PlainCounterexample {
  return {
    sizes: Object.fromEntries(point.sizes),
    at: Object.fromEntries([...point.values].map(([name, value]) => [name, plain(value)])),
    row,
    col,
    expected,
    claimed,
    ...(values === undefined ? {} : { values: { expected: plain(values.expected), claimed: plain(values.claimed) } }),
  };
}

/** A term in three formats. */
export function textsOf(expr: Expr, stated: Stated, library: Library): Texts {
  const text = (format: "ascii" | "unicode" | "latex"): string =>
    print(expr, { format, functions: library.functions, shapeKnown: format !== "ascii", taken: stated.variables.map((v) => v.name) });
  return {
    ascii: text("ascii"),
    unicode: text("unicode"),
    latex: text("latex"),
    shape: [expr.shape.rows.key, expr.shape.cols.key],
  };
}

/** A finding in words. */
export function diagnosisOf(finding: Finding, stated: Stated, library: Library): Diagnosis {
  const text = (e: Expr): string => textsOf(e, stated, library).unicode;
  const { mistake, sentence, place, result } = finding;
  const where = place === undefined ? "" : `, at ${text(place)}`;
  const becomes = result === undefined ? "" : `: it is equal to ${text(result)}`;
  return { mistake, text: `${sentence}${where}${becomes}` };
}
