// What a question chooses beside its expression, as callers without types may state it: layout,
// convention for symmetric variables, order.
//
// Invariant: what is not among the choices is refused with those that are, and never taken as another.

import { fail } from "../base/diagnostic.ts";
import { LAYOUTS, type Layout, SYMMETRIES, type Symmetry } from "../expr/conventions.ts";

interface Stated {
  readonly layout?: Layout | undefined;
  readonly symmetry?: Symmetry | undefined;
  readonly order?: number | undefined;
}

/** Derivatives of an order beyond this are refused: they have more entries than anybody reads. */
const HIGHEST = 6;

const oneOf = (what: string, stated: string | undefined, choices: readonly string[]): void => {
  if (stated === undefined || choices.includes(stated)) return;
  fail("declaration", `${JSON.stringify(stated)} is no ${what}`, { start: 0, end: 0 }, { fix: choices.join(", ") });
};

/** Refuses a choice that there is not. */
export function checkChoice({ layout, symmetry, order = 1 }: Stated): void {
  oneOf("layout", layout, LAYOUTS);
  oneOf("convention for symmetric variables", symmetry, SYMMETRIES);
  if (!Number.isInteger(order) || order < 1 || order > HIGHEST)
    fail("declaration", `an order is a whole number from 1 to ${HIGHEST}`, { start: 0, end: 0 });
}

/** Refuses outputs that no program has, and none at all. */
export function checkOutputs(stated: readonly string[], choices: readonly string[]): void {
  if (stated.length === 0) fail("declaration", "no output is asked for", { start: 0, end: 0 }, { fix: choices.join(", ") });
  for (const output of stated) oneOf("output of a program", output, choices);
}
