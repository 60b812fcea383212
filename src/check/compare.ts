// What is claimed of a value at every point, against the truth at random points of several
// shapes: the verdict of every check.
//
// Invariants: "not checked" is a verdict of its own with its reason, never a silent yes; a
// refuted claim comes with a witness that anyone can compute again from the seed.
// Not here: what is claimed (answer.ts, higher.ts, equal.ts), what one point tells (atPoint.ts).

import { assertNever } from "../base/assert.ts";
import { type Definitions, NumericError } from "../numeric/context.ts";
import type { Numeric } from "../numeric/numeric.ts";
import { type Comparison, type Outcome, outcomeAt, type Trial, type Witness } from "./atPoint.ts";

/** Where and how often terms are compared. */
export interface CheckOptions {
  readonly definitions?: Definitions;
  readonly seed?: number;
  /** Number of points to compare at; 3 unless stated. */
  readonly points?: number;
}

/** What the comparison of a term with the truth came to. */
export interface Verdict {
  /** Right, wrong, or undefined where no comparison was possible. */
  readonly ok: boolean | undefined;
  /** Points compared. */
  readonly points: number;
  /** Largest error found, relative to the size of the expected value. */
  readonly worst: number;
  readonly seed: number;
  /** Points at which the expected value exists and the claimed one does not. */
  readonly undefinedAt: number;
  /** Why the claim is refuted or was not checked, or how far an agreement goes. */
  readonly reason?: string;
  readonly witness?: Witness;
}

/** Relative errors up to this count as agreement. */
export const TOLERANCE = { values: 1e-9, first: 1e-7, second: 1e-5 } as const;
/** Derivatives below this part of the value of the term are compared with it instead of with themselves. */
export const VISIBLE = 1e-3;
const USUAL_POINTS = 3;
/** Points looked at before a check gives up, or gives up looking for one where a derivative is not 0. */
const MOST_POINTS = 24;
/** Said where all points that were compared are ones at which the claimed value exists: the others are not covered. */
const FEW_VALUES = "compared only where the answer has a value: it has none at the usual points";
/** Said where every value is 0, so that a wrong sign or factor would not show. */
const ALL_ZERO = "every derivative compared is 0";

/** Compares at random points what is stated by an oracle. */
export function compare(numeric: Numeric, stated: (by: Numeric) => Comparison, options: CheckOptions): Verdict {
  const { seed = 1, points: wanted = USUAL_POINTS, definitions } = options;
  const task = stated(numeric);
  const tally: Tally = { points: 0, worst: 0, undefinedAt: 0, isTelling: !task.informative, isNarrow: false, doubt: "no point was found" };
  const { ok, ...found } = findingOf({ numeric, stated, task, definitions }, tally, { seed, wanted });
  const { points, worst, undefinedAt } = tally;
  return { ok, seed, points, worst, undefinedAt, ...found };
}

/** What is known after the points seen so far. */
interface Tally {
  points: number;
  worst: number;
  undefinedAt: number;
  /** Whether a mistake would have shown. */
  isTelling: boolean;
  /** Whether points are drawn only where the claimed value exists as well. */
  isNarrow: boolean;
  /** Why the last point that decided nothing did not. */
  doubt: string;
}

/** The part of a verdict that is no count. */
type Finding = Pick<Verdict, "ok" | "reason" | "witness">;

const notChecked = (why: string): Finding => ({ ok: undefined, reason: `not checked: ${why}` });

function findingOf(trial: Trial, tally: Tally, search: Search): Finding {
  try {
    return visitPoints(trial, tally, search) ?? conclusion(tally);
  } catch (error) {
    if (error instanceof NumericError) return notChecked(error.message);
    throw error;
  }
}

interface Search {
  readonly seed: number;
  /** Number of points that are enough where they tell something. */
  readonly wanted: number;
}

/** Visits points until enough is known; a finding where one of them refutes the claim, or none can be drawn. */
function visitPoints(trial: Trial, tally: Tally, { seed, wanted }: Search): Finding | undefined {
  const { numeric, task, definitions } = trial;
  const request = { defined: [task.expected, ...(task.regular ?? [])], covered: task.covered, variables: task.variables, seed };
  const usual = numeric.samplePoints(request, definitions);
  // Where a derivative is 0 at the usual points, it may not be so farther out.
  const far = numeric.samplePoints({ ...request, manner: "wide" }, definitions);
  // An answer with logm(S) has no value at most points where S^n has one.
  const shared = numeric.samplePoints({ ...request, defined: [...request.defined, ...task.covered] }, definitions);
  for (let seen = 0; seen < MOST_POINTS && (tally.points < wanted || !tally.isTelling); seen++) {
    tally.isNarrow ||= tally.points === 0 && tally.undefinedAt >= wanted;
    const isFar = tally.points >= wanted && seen % 2 === 0;
    const next = (tally.isNarrow ? shared : isFar ? far : usual).next();
    if (next.done === true) return tally.points === 0 && tally.undefinedAt === 0 ? notChecked(next.value) : undefined;
    const refuted = enter(tally, outcomeAt(trial, next.value));
    if (refuted !== undefined) return refuted;
  }
  return undefined;
}

/** Enters what one point tells; a finding where it refutes the claim. */
function enter(tally: Tally, outcome: Outcome): Finding | undefined {
  switch (outcome.kind) {
    case "undefined":
      tally.undefinedAt++;
      return undefined;
    case "uncertain":
      tally.doubt = outcome.reason;
      return undefined;
    case "misshapen":
      return { ok: false, reason: outcome.reason };
    case "compared":
      tally.points++;
      tally.worst = Math.max(tally.worst, outcome.error);
      tally.isTelling ||= outcome.telling;
      return outcome.witness === undefined ? undefined : { ok: false, reason: "the values differ", witness: outcome.witness };
    default:
      return assertNever(outcome);
  }
}

/** What follows where no point refutes the claim. */
function conclusion({ points, undefinedAt, isTelling, isNarrow, doubt }: Tally): Finding {
  if (points > 0 && isNarrow) return { ok: true, reason: FEW_VALUES };
  if (points > 0) return isTelling ? { ok: true } : { ok: true, reason: ALL_ZERO };
  if (undefinedAt > 0) return { ok: false, reason: "the answer has no finite value where the expression has one" };
  return notChecked(doubt);
}
