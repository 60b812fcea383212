// What a question chooses beside its expression, as callers without types may state it: layout,
// convention for symmetric variables, order.
//
// Invariant: what is not among the choices is refused with those that are, and never taken as another.

import { fail } from "../../base/diagnostic.ts";
import { optional } from "../../base/optional.ts";
import { NOWHERE } from "../../base/span.ts";
import { LAYOUTS, type Layout, SYMMETRIES, type Symmetry } from "../../expr/conventions.ts";

/** What a question states of these. */
export interface Chosen {
  readonly layout?: Layout | undefined;
  readonly symmetry?: Symmetry | undefined;
  readonly order?: number | undefined;
}

/** Derivatives of an order beyond this are refused: they have more entries than anybody reads. */
const HIGHEST = 6;

const isOrder = (order: unknown): boolean => Number.isInteger(order) && (order as number) >= 1 && (order as number) <= HIGHEST;

/** What is wrong with a choice, and what there is instead. */
interface Fault {
  readonly message: string;
  readonly fix?: string;
}

/** The fault of a word that is none of those there are. */
const notAmong = (what: string, stated: unknown, words: readonly string[]): Fault | undefined =>
  stated === undefined || words.some((word) => word === stated)
    ? undefined
    : { message: `${JSON.stringify(stated)} is no ${what}`, fix: words.join(", ") };

/** The first fault of what a question chooses, whatever its values are. */
export const choiceFault = ({ layout, symmetry, order = 1 }: { readonly [K in keyof Chosen]: unknown }): Fault | undefined =>
  notAmong("layout", layout, LAYOUTS) ??
  notAmong("convention for symmetric variables", symmetry, SYMMETRIES) ??
  (isOrder(order) ? undefined : { message: `an order is a whole number from 1 to ${HIGHEST}` });

const refuse = (fault: Fault | undefined): void => {
  if (fault === undefined) return;
  fail("declaration", fault.message, NOWHERE, optional({ fix: fault.fix }));
};

/** Refuses a choice that there is not. */
export const checkChoice = (choice: Chosen): void => refuse(choiceFault(choice));

/** Refuses outputs that no program has, and none at all. */
export function checkOutputs(stated: readonly string[], choices: readonly string[]): void {
  if (stated.length === 0) refuse({ message: "no output is asked for", fix: choices.join(", ") });
  for (const output of stated) refuse(notAmong("output of a program", output, choices));
}
