// What a generated function takes: the variables in the user's order, then sizes that follow
// from none of them, and which size is read off which array.

import { type Dim, dimName, dimNames } from "../../expr/dim.ts";
import { axesOf } from "../form/form.ts";
import type { Names } from "../names.ts";
import { allSteps, type Output, type Plan } from "../plan/plan.ts";

/** An argument of the function. */
export interface Input {
  /** The user's name. */
  readonly source: string;
  readonly name: string;
  readonly axes: readonly Dim[];
}

/** What a function takes, and where its sizes come from. */
export interface Signature {
  readonly inputs: readonly Input[];
  /** Sizes read off an input; in an order in which they may be assigned. */
  readonly sizes: readonly {
    readonly name: string;
    readonly source: string;
    readonly of: string;
    readonly axis: 0 | 1;
    readonly axes: readonly Dim[];
  }[];
  /** Sizes that the caller states, as identifiers and as the user's names. */
  readonly loose: readonly string[];
  readonly looseSources: readonly string[];
  /** What each of them is: a position counts from 1. */
  readonly looseKinds: readonly ("size" | "position")[];
  readonly outputAxes: (o: Output) => readonly Dim[];
}

/** Names the inputs first, so that they keep their spelling, then the sizes. */
export function signatureOf(plan: Plan, names: Names): Signature {
  const inputs = plan.inputs.map((v): Input => ({ source: v.name, name: names.of(v.name), axes: axesOf(v.shape) }));
  const sizes: Signature["sizes"][number][] = [];
  const loose: string[] = [];
  for (const source of plan.sizes) {
    let found: Signature["sizes"][number] | undefined;
    for (const i of inputs)
      for (const axis of [0, 1] as const) {
        const dim = i.axes[axis];
        if (found === undefined && dim !== undefined && dimName(dim) === source)
          found = { name: names.of(source), source, of: i.name, axis, axes: i.axes };
      }
    if (found !== undefined) sizes.push(found);
    else loose.push(source);
  }
  const places = placesIn(plan);
  const looseKinds = loose.map((s) => (places.has(s) ? "position" : "size"));
  return { inputs, sizes, loose: loose.map((s) => names.of(s)), looseSources: loose, looseKinds, outputAxes: (o) => o.axes };
}

/** Names in the positions that steps read. */
function placesIn({ steps }: Plan): ReadonlySet<string> {
  const places = allSteps(steps).flatMap((s) => {
    if (s.op === "unit") return [s.at];
    return s.op === "entry" ? s.at.flatMap((i) => (i.kind === "position" ? [i.at] : [])) : [];
  });
  return new Set(places.flatMap(dimNames));
}

/** What is said of the sizes that the caller states. */
export const looseTexts = ({ looseKinds }: Signature): string[] =>
  looseKinds.map((kind) => (kind === "position" ? "a position, the first is 1" : "a size"));

/** Sizes that the caller states as lines of documentation. */
export function looseLines(signature: Signature): string[] {
  const texts = looseTexts(signature);
  return signature.loose.map((s, i) => `${s}: ${texts[i]}`);
}

/** `a number`, `(n,)`, `(m, n)`. */
export const shapeLine = (axes: readonly Dim[]): string =>
  axes.length === 0 ? "a number" : axes.length === 1 ? `(${axes[0]?.key},)` : `(${axes.map((d) => d.key).join(", ")})`;
