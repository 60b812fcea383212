// The border of a call of the library: tables are trimmed at its entry, and a fault of the input,
// wherever it is found, becomes the answer.
//
// Invariant: nothing but a fault of the input is caught; every other error is one of the program.

import { type Diagnostic, InputError } from "../../base/diagnostic.ts";
import { trimTables } from "../../base/intern.ts";
import type { Failure } from "../../elaborate/elaborate.ts";
import type { Library } from "../../rewrite/library.ts";
import { standardLibrary } from "../../rewrite/standard.ts";
import { type Chosen, checkChoice } from "./choice.ts";
import type { Expression } from "./question.ts";

/** What a call answers with where the input is at fault; `source` is the text that the spans refer to. */
export interface Refusal {
  readonly ok: false;
  readonly diagnostics: readonly Diagnostic[];
  readonly source: string;
}

let standard: Library | undefined;

/** The standard rules, loaded when first asked for; a constant. */
export function standardRulesOnce(): Library {
  standard ??= standardLibrary();
  return standard;
}

/** Runs one call of the library: tables are trimmed first, what it chooses is checked, faults of the input become its answer. */
export function answering<T extends { readonly ok: true }>(asked: Expression & Chosen, work: (library: Library) => T): T | Refusal {
  trimTables();
  try {
    checkChoice(asked);
    return work(asked.library ?? standardRulesOnce());
  } catch (error) {
    const source = typeof asked.expr === "string" ? asked.expr : "";
    if (error instanceof Refused) return { ok: false, diagnostics: error.failure.diagnostics, source: error.failure.source };
    if (error instanceof InputError) return { ok: false, diagnostics: [error.diagnostic], source };
    throw error;
  }
}

// Carries the failure of a pass out to the border of the call.
class Refused extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super("refused");
    this.failure = failure;
  }
}

/** Ends the call with a failure of an earlier pass. */
export function refuse(failure: Failure): never {
  throw new Refused(failure);
}

/** Whether an error is a fault of the input. */
export const isFault = (error: unknown): boolean => error instanceof Refused || error instanceof InputError;

/** What a maker makes; undefined where the input is at fault. */
export function unlessFault<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (isFault(error)) return undefined;
    throw error;
  }
}

/** What is wrong with the input; the error is one of which `isFault` holds. */
export function faultOf(error: unknown): Diagnostic {
  if (error instanceof Refused) return error.failure.diagnostics[0] as Diagnostic;
  if (error instanceof InputError) return error.diagnostic;
  throw error;
}
