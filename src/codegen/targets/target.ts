// What a target is: a name, the way to write a plan as a program in it, and the words that
// names must keep clear of.
//
// Invariant: a program is made of the plan, checked names and the target's own text; no
// text of a user's gets in but as a comment without line ends.

import { fail } from "../../base/diagnostic.ts";
import { NOWHERE } from "../../base/span.ts";
import { identifier } from "../names.ts";
import type { Plan } from "../plan/plan.ts";

/** Everything that a program is written from. */
export interface Unit {
  /** The function's name. */
  readonly name: string;
  /** What it computes, for its documentation; one line. */
  readonly title: string;
  readonly plan: Plan;
  /** Values of the inputs and sizes at which a self-test runs; none without one. */
  readonly test?: TestPoint;
}

/** A point where everything is defined, and how the outputs are related. */
export interface TestPoint {
  readonly inputs: ReadonlyMap<string, Sample>;
  readonly sizes: ReadonlyMap<string, number>;
  /** Outputs that are derivatives: of which output, by which input, in which arrangement. */
  readonly claims: readonly TestClaim[];
  /** Outputs that are derivatives of what is none, or parts of a derivative: nothing is compared with them. */
  readonly omitted: readonly string[];
}

/** Row-major entries; without axes a number. */
export interface Sample {
  readonly axes: readonly number[];
  readonly data: readonly number[];
}

/** An output that is the derivative of another, by an input. */
export interface TestClaim {
  readonly output: string;
  readonly of: string;
  readonly by: string;
  /** How entries are ordered: `shape` a number by a variable, in its shape; `rows` value down the rows, variable along the columns, both in column-major order; `columns` the other way round; `along` times a direction. */
  readonly arranged: "shape" | "turned" | "rows" | "columns" | "along";
  /** A number by a symmetric input: entries move in pairs, half each, and only the symmetric part is told by that. */
  readonly symmetric: boolean;
  /** The input that is the direction. */
  readonly along?: string;
}

/** A language that programs are written in. */
export interface Target {
  readonly name: string;
  /** What files with it end in. */
  readonly extension: string;
  readonly write: (unit: Unit) => string;
}

/** Refuses a function that the target does not have. */
export function missing(target: string, what: string): never {
  return fail("unsupported", `${target} has no ${what}`, NOWHERE, { fix: "numpy and javascript have every function" });
}

/** What a self-test says that has passed, behind its largest error: which outputs it has left out. Letters, digits and commas alone. */
export const omission = ({ omitted }: TestPoint): string =>
  omitted.length === 0 ? "" : `; not compared: ${omitted.map(identifier).join(", ")}`;

/** Text for a comment: one line, without anything that could end a comment or a string. */
export const commentText = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, " ")
    .replace(/["`\\]/g, "'")
    .replace(/\*\/|%\{|%\}|#=|=#/g, " ");
