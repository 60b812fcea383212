// What is known while a plan is written as JavaScript: the text of every step so far, the
// names that are taken and the arrays that are kept.
//
// Invariant: a step has its text before any step that uses it is written.

import type { Dim } from "../../expr/dim.ts";
import type { Names } from "../names.ts";
import type { Plan, Ref, Step } from "../plan/plan.ts";
import { type Fusion, fuse } from "./fusion.ts";
import { sizeText } from "./sizes.ts";

/** A plan while it is written as JavaScript. */
export interface Printer {
  readonly fusion: Fusion;
  readonly names: Names;
  /** Whether results are written over by the next call. */
  readonly reuse: boolean;
  /** The name or expression of every step that has been written. */
  readonly texts: Map<Ref, string>;
  /** How many steps have a name. */
  named: number;
  /** How many arrays are kept from call to call. */
  kept: number;
}

/** The name of the arrays that are kept from call to call. */
export const KEPT = "arrays";

/** A printer that has written nothing yet; with `reuse` results are written over by the next call. */
export const createPrinter = (plan: Plan, names: Names, reuse: boolean): Printer => ({
  fusion: fuse(plan),
  names,
  reuse,
  texts: new Map(),
  named: 0,
  kept: 0,
});

/** The name or expression of a step that has been written. */
export const valueText = (p: Printer, ref: Ref): string => p.texts.get(ref) as string;

/** A new name for a step. */
export function nameFor(p: Printer, ref: Ref): string {
  const name = p.names.fresh(`t${++p.named}`);
  p.texts.set(ref, name);
  return name;
}

/** How many entries there are along axes. */
export const lengthText = (p: Printer, axes: readonly Dim[]): string =>
  axes.length === 0 ? "1" : axes.map((d) => sizeText(d, p.names)).join(" * ");

/** A new array of zeros. */
export const arrayText = (p: Printer, axes: readonly Dim[]): string => `new Float64Array(${lengthText(p, axes)})`;

/** An array for a step that writes to every entry. */
export const roomText = (p: Printer, step: Step): string =>
  p.fusion.isLasting(step.ref) && !p.reuse ? arrayText(p, step.axes) : `kept(${KEPT}, ${p.kept++}, ${lengthText(p, step.axes)})`;
