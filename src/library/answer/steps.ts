// Derivations: how an answer is found by hand, as data and as text.
//
// Not here: how a derivation is made (src/calculus/derivation). The last line of one is
// what `differentiate` answers, with free entries where the variable is symmetric.

import { fail } from "../../base/diagnostic.ts";
import { NOWHERE } from "../../base/span.ts";
import { type Backpropagation, backpropagation } from "../../calculus/derivation/backpropagation.ts";
import { derive as deriveTerm } from "../../calculus/derivation/derive.ts";
import { type BackpropagationJSON, backpropagationToJSON, type DerivationJSON, derivationToJSON } from "../../calculus/derivation/json.ts";
import type { Derivation } from "../../calculus/derivation/model.ts";
import { type DerivationFormat, renderBackpropagation, renderDerivation } from "../../calculus/derivation/render.ts";
import { renderUpdate, updateStep } from "../../calculus/derivation/update.ts";
import type { Target } from "../../elaborate/names/target.ts";
import type { Layout } from "../../expr/conventions.ts";
import { answering, type Refusal } from "../question/call.ts";
import { type Expression, listed, type Question } from "../question/question.ts";
import { type Stated, state } from "../question/state.ts";
import { targetsOf } from "../question/targets.ts";

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

/**
 * The derivation of ∂expr/∂wrt as one does it by hand [PH18 §4.5]: intermediate variables, the
 * derivative of each with its rule and source, the chain rule that joins them, the names put back.
 *
 * @example
 * ```ts
 * import { derive } from "nabla";
 *
 * const derived = derive({ expr: "sum(w .* x)", wrt: "w" });
 * if (derived.ok) console.log(derived.derivation.intermediates.map((i) => i.variable.name)); // ["u","y"]
 * ```
 */
export function derive(question: Omit<Question, "order" | "wrt" | "symmetry"> & { readonly wrt?: string }): Derived | Refusal {
  return answering(question, (library) => {
    const stated = state(question, listed(question.wrt), library);
    const derivation = derivationOf(stated, targetsOf(stated)[0] as Target, question.layout ?? "numerator");
    return {
      ok: true,
      derivation,
      ...texts((format) => renderDerivation(derivation, format, library)),
      assumptions: stated.assumptions,
      toJSON: () => derivationToJSON(derivation, library),
    };
  });
}

/** Forward and backward pass of a number. `JSON.stringify` gives them as plain data. */
export interface Backpropagated {
  readonly ok: true;
  readonly passes: Backpropagation;
  readonly unicode: string;
  readonly ascii: string;
  readonly markdown: string;
  readonly latex: string;
  readonly assumptions: readonly string[];
  toJSON(): BackpropagationJSON;
}

/**
 * Backpropagation of a number to one or several variables: values forward, then the upstream,
 * local and downstream gradient at every node, each in the shape of what it is by. Refuses what is
 * not a number.
 *
 * @example
 * ```ts
 * import { backpropagate, print } from "nabla";
 *
 * const answer = backpropagate({ expr: "norm2(W*x)^2", wrt: ["W", "x"] });
 * if (answer.ok) console.log(answer.passes.gradients.map((g) => print(g.is, { format: "ascii" }))); // ["2*W*x*x'","2*W'*W*x"]
 * ```
 */
export function backpropagate(question: Expression & { readonly wrt: string | readonly string[] }): Backpropagated | Refusal {
  return answering(question, (library) => {
    const stated = state(question, listed(question.wrt), library);
    const passes = passesOf(stated, targetsOf(stated));
    return {
      ok: true,
      passes,
      ...texts((format) => renderBackpropagation(passes, format, library)),
      assumptions: stated.assumptions,
      toJSON: () => backpropagationToJSON(passes, library),
    };
  });
}

type TextFormat = Exclude<DerivationFormat, "json">;

const texts = (text: (format: TextFormat) => string): Record<TextFormat, string> => ({
  unicode: text("unicode"),
  ascii: text("ascii"),
  markdown: text("markdown"),
  latex: text("latex"),
});

/** Something shown beside an answer, in one format: text, or plain data where the format is JSON. */
export type Shown = string | object;

/** The derivation that answers a stated question, in one format. Throws an InputError where there is none. */
export function derivationText(stated: Stated, target: Target, layout: Layout, format: DerivationFormat): Shown {
  const derivation = derivationOf(stated, target, layout);
  return format === "json" ? derivationToJSON(derivation, stated.library) : renderDerivation(derivation, format, stated.library);
}

/** Forward and backward pass to all targets, in one format. Throws an InputError where there is none. */
export function backpropagationText(stated: Stated, targets: readonly Target[], format: DerivationFormat): Shown {
  const passes = passesOf(stated, targets);
  return format === "json" ? backpropagationToJSON(passes, stated.library) : renderBackpropagation(passes, format, stated.library);
}

/** Names for the learning rate, the first that is free being taken. */
const RATES = ["eta", "alpha", "rate"] as const;

/** The step of gradient descent, in one format. Throws an InputError where there is none. */
export function updateText(stated: Stated, { variable, at }: Target, format: DerivationFormat): Shown {
  if (at !== undefined) fail("unsupported", "a descent step is by a whole variable, not by a part of one", NOWHERE);
  const { library } = stated;
  const names = stated.variables.map((v) => v.name);
  const rate = RATES.find((name) => !names.includes(name)) ?? "eta";
  const text = renderUpdate(updateStep(stated.expr, variable, { library, rate, names }), format, library);
  return format === "json" ? (JSON.parse(text) as object) : text;
}

const wholes = (targets: readonly Target[]): Target["variable"][] =>
  targets.map(({ variable, at }) =>
    at === undefined ? variable : fail("unsupported", "backpropagation is to whole variables, not to parts of them", NOWHERE),
  );

function passesOf(stated: Stated, targets: readonly Target[]): Backpropagation {
  const { library, definitions } = stated;
  return backpropagation(stated.written, { library, by: wholes(targets), definitions, names: stated.variables.map((v) => v.name) });
}

/** The derivation that answers a stated question. Throws an InputError where there is none. */
function derivationOf(stated: Stated, { variable, at }: Target, layout: Layout): Derivation {
  if (at !== undefined) fail("unsupported", "a derivation is by a whole variable, not by a part of one", NOWHERE);
  const { library, definitions } = stated;
  const names = stated.variables.map((v) => v.name);
  return deriveTerm(stated.written, variable, { library, layout, definitions, names });
}
