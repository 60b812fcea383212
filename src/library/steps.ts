// Derivations: how an answer is found by hand, as data and as text.
//
// Not here: how a derivation is made (src/calculus/derivation). The last line of one is
// what `differentiate` answers.

import { fail } from "../base/diagnostic.ts";
import { derive as deriveTerm } from "../calculus/derivation/derive.ts";
import { type DerivationJSON, derivationToJSON } from "../calculus/derivation/json.ts";
import type { Derivation } from "../calculus/derivation/model.ts";
import { type DerivationFormat, renderDerivation } from "../calculus/derivation/render.ts";
import type { Layout } from "../calculus/layout.ts";
import type { Target } from "../elaborate/target.ts";
import { targetsOf } from "./answer.ts";
import { answering, type Question, type Refusal, type Stated, state } from "./question.ts";

/** A derivation in the paper's four steps. `JSON.stringify` gives it as plain data. */
export interface Derived {
  readonly ok: true;
  readonly derivation: Derivation;
  readonly unicode: string;
  readonly ascii: string;
  readonly markdown: string;
  readonly latex: string;
  /** What was assumed beyond what is declared, as sentences. */
  readonly assumptions: readonly string[];
  toJSON(): DerivationJSON;
}

/** The derivation of ∂expr/∂wrt: intermediate variables, their derivatives, the chain rule that joins them, the names put back. */
export function derive(question: Omit<Question, "order">): Derived | Refusal {
  return answering(question, (library) => {
    const stated = state(question, question.wrt === undefined ? [] : [question.wrt], library);
    const derivation = derivationOf(stated, targetsOf(stated)[0] as Target, question.layout ?? "numerator");
    const text = (format: "unicode" | "ascii" | "markdown" | "latex"): string => renderDerivation(derivation, format, library);
    return {
      ok: true,
      derivation,
      unicode: text("unicode"),
      ascii: text("ascii"),
      markdown: text("markdown"),
      latex: text("latex"),
      assumptions: stated.assumptions,
      toJSON: () => derivationToJSON(derivation, library),
    };
  });
}

/** A derivation in one format: its text, or plain data where the format is JSON. */
export type StepsText = string | DerivationJSON;

/** The derivation that answers a stated question, in one format. Throws an InputError where there is none. */
export function derivationText(stated: Stated, target: Target, layout: Layout, format: DerivationFormat): StepsText {
  const derivation = derivationOf(stated, target, layout);
  return format === "json" ? derivationToJSON(derivation, stated.library) : renderDerivation(derivation, format, stated.library);
}

/** The derivation that answers a stated question. Throws an InputError where there is none. */
export function derivationOf(stated: Stated, { variable, at }: Target, layout: Layout): Derivation {
  if (at !== undefined) fail("unsupported", "a derivation is by a whole variable, not by an entry", { start: 0, end: 0 });
  const { library, definitions } = stated;
  const names = stated.variables.map((v) => v.name);
  return deriveTerm(stated.written, variable, { library, layout, definitions, names });
}
