// Is an equation right? The right value is known in several forms, one for every layout and
// every convention for a symmetric variable; a claim that is another form than the one asked
// for is told so, which is not the same as being wrong.
//
// Invariants: forms are tried in the order given, the preferred one first; a form of another
// shape is never compared; "undecided" has its reason. Not here: how the forms are found and
// how the text of a claim is read.

import { optional } from "../base/optional.ts";
import type { Layout, Symmetry } from "../expr/conventions.ts";
import type { Expr } from "../expr/expr.ts";
import { sameShape, shapeText } from "../expr/shape.ts";
import { type Counterexample, counterexample } from "./counterexample.ts";
import { type Comparison, compareTerms, type Evidence, type Judge } from "./equal.ts";

/** One way to write down the right value. */
export interface Form {
  readonly expr: Expr;
  /** The same as it is shown, where that is shorter. */
  readonly shown?: Expr;
  /** Absent for the value of a term. */
  readonly layout?: Layout;
  /** What a symmetric variable's derivative means; absent where there is none. */
  readonly symmetry?: Symmetry;
  /** The derivative with the names between held constant, where that differs from the total one. */
  readonly partial?: true;
}

/** What is found of a claim. */
export type Judgement =
  | { readonly kind: "proved" | "holds"; readonly form: Form; readonly evidence: Evidence; readonly remark?: string }
  /** Right, in a form other than the preferred one. */
  | { readonly kind: "other layout"; readonly form: Form; readonly evidence: Evidence; readonly proved: boolean }
  | { readonly kind: "refuted"; readonly form: Form; readonly reason: string; readonly counterexample?: Counterexample }
  | { readonly kind: "undecided"; readonly reason: string };

/**
 * What is to be said of a claimed value; `forms` are those of the right one, the preferred
 * first. `regular` are terms that a counterexample keeps away from the kinks of.
 */
export function judge(by: Judge, forms: readonly Form[], claimed: Expr, regular: readonly Expr[] = []): Judgement {
  const [preferred] = forms as [Form];
  const outcomes = new Map<Expr, Comparison>();
  let open: string | undefined;
  for (const form of forms) {
    if (!sameShape(form.expr.shape, claimed.shape)) continue;
    const outcome = outcomes.get(form.expr) ?? compareTerms(by, form.expr, claimed, regular);
    outcomes.set(form.expr, outcome);
    if (outcome.kind === "proved" || outcome.kind === "holds") {
      if (form === preferred)
        return {
          kind: outcome.kind,
          form,
          evidence: outcome.evidence,
          ...(outcome.kind === "holds" && outcome.remark !== undefined ? { remark: outcome.remark } : {}),
        };
      return { kind: "other layout", form, evidence: outcome.evidence, proved: outcome.kind === "proved" };
    }
    if (outcome.kind === "undecided") open ??= outcome.reason;
  }
  if (open !== undefined) return { kind: "undecided", reason: open };
  const form = forms.find((f) => sameShape(f.expr.shape, claimed.shape));
  if (form === undefined)
    return {
      kind: "refuted",
      form: preferred,
      reason: `the claim is ${shapeText(claimed.shape)}, and the right value is ${[...new Set(forms.map((f) => shapeText(f.expr.shape)))].slice(0, 2).join(" or ")}`,
    };
  const outcome = outcomes.get(form.expr) as Comparison & { kind: "differs" };
  // Where no small whole numbers show it, the point at which the difference was seen.
  const place = counterexample(by, form.expr, claimed, regular) ?? outcome.witness;
  return { kind: "refuted", form, reason: outcome.reason, ...optional({ counterexample: place }) };
}
