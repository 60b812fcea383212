// Element-wise steps and reductions as loops: one for every expression however many operations
// it has, a reduction in the loop of what it reduces.
//
// Invariant: an array is only made where a step is used more than once or by a kernel.

import type { Dim } from "../../expr/dim.ts";
import type { Arg, Step, StepOf } from "../plan/plan.ts";
import { missing } from "../targets/target.ts";
import { ENTRIES } from "./entries.ts";
import { arrayText, lengthText, nameFor, type Printer, roomText, valueText } from "./printer.ts";
import { sizeText } from "./sizes.ts";

/** The statements of an element-wise step that is not part of another. */
export function elementwiseStatements(p: Printer, step: StepOf<"map" | "widen">): string[] {
  const { ref, axes } = step;
  const { spentBy, needsPlaces } = p.fusion;
  const text = expression(p, step);
  const spent = spentBy(step);
  if (spent !== undefined) {
    const into = valueText(p, spent);
    p.texts.set(ref, into);
    return looped(p, axes, needsPlaces(step), `${into}[k] = ${text};`);
  }
  const name = nameFor(p, ref);
  if (axes.length === 0) return [`const ${name} = ${text};`];
  return [`const ${name} = ${roomText(p, step)};`, ...looped(p, axes, needsPlaces(step), `${name}[k] = ${text};`)];
}

/** The statements of Σ a·b. */
export function dotStatements(p: Printer, step: StepOf<"dot">): string[] {
  const name = nameFor(p, step.ref);
  const [a, b] = step.args as [Arg, Arg];
  const axes = p.fusion.axesOf(a);
  const summand = `${entry(p, a, { axes })} * ${entry(p, b, { axes })}`;
  return [`let ${name} = 0;`, ...looped(p, axes, hasPlaces(p, a) || hasPlaces(p, b), `${name} += ${summand};`)];
}

/** The statements of a reduction of all entries, or of those of every row or column. */
export function reductionStatements(p: Printer, step: StepOf<"reduce">): string[] {
  const name = nameFor(p, step.ref);
  const [a] = step.args as [Arg];
  const axes = p.fusion.axesOf(a);
  const { start, join } = REDUCTIONS[step.fn];
  const text = entry(p, a, { axes });
  if (step.over === "all") return [`let ${name} = ${start};`, ...looped(p, axes, hasPlaces(p, a), join(name, text))];
  const filling = start === "0" ? "" : `.fill(${start})`;
  const into = `${name}[${step.over === 1 ? "i" : "j"}]`;
  return [`const ${name} = ${arrayText(p, step.axes)}${filling};`, ...looped(p, axes, true, join(into, text))];
}

// The entry of a step at k, or at (i, j) of a matrix.
function entry(p: Printer, a: Arg, within: Pick<Step, "axes">): string {
  const source = p.fusion.stepOf(a);
  if (source.axes.length === 0) return valueText(p, a.ref);
  if (p.fusion.isInline(a.ref)) return expression(p, source);
  const narrow = a.axis !== undefined && source.axes.length < within.axes.length;
  return `${valueText(p, a.ref)}[${narrow ? (a.axis === 0 ? "i" : "j") : "k"}]`;
}

function expression(p: Printer, step: Step): string {
  const args = step.args.map((a) => entry(p, a, step));
  if (step.op === "widen") return args[0] as string;
  const { fn } = step as StepOf<"map">;
  return ENTRIES[fn]?.text(...args) ?? missing("javascript", fn);
}

const hasPlaces = ({ fusion }: Printer, a: Arg): boolean => fusion.isInline(a.ref) && fusion.needsPlaces(fusion.stepOf(a));

// A statement at every entry k, of a matrix with its place (i, j) where that is asked for.
function looped(p: Printer, axes: readonly Dim[], places: boolean, statement: string): string[] {
  const [rows, cols] = axes;
  if (rows === undefined || cols === undefined || !places)
    return [`for (let k = 0, end = ${lengthText(p, axes)}; k < end; k++) ${statement}`];
  return [
    `for (let i = 0, k = 0; i < ${sizeText(rows, p.names)}; i++)`,
    `  for (let j = 0; j < ${sizeText(cols, p.names)}; j++, k++) ${statement}`,
  ];
}

type Reduction = { readonly start: string; readonly join: (into: string, text: string) => string };

/** Where a reduction starts and how it takes an entry in. */
const REDUCTIONS: Readonly<Record<StepOf<"reduce">["fn"], Reduction>> = {
  sum: { start: "0", join: (into, text) => `${into} += ${text};` },
  prod: { start: "1", join: (into, text) => `${into} *= ${text};` },
  max: { start: "-Infinity", join: (into, text) => `${into} = Math.max(${into}, ${text});` },
  min: { start: "Infinity", join: (into, text) => `${into} = Math.min(${into}, ${text});` },
};
