// From a judgement about two terms to the verdict on a claim, with its reason in words.
//
// Invariant: a claim about a derivative is refuted only where nabla's own derivative agrees
// with numeric differentiation; "undecided" always has its reason.

import { optional } from "../../../base/optional.ts";
import type { Form, Judgement } from "../../../check/claim.ts";
import { diagnose, misfitOf } from "../../../check/diagnose.ts";
import type { Evidence, Judge } from "../../../check/equal.ts";
import type { Finding } from "../../../check/search.ts";
import type { Layout } from "../../../expr/conventions.ts";
import { type Expr, isZeroTerm, variables } from "../../../expr/expr.ts";
import { sameShape } from "../../../expr/shape.ts";
import { compare } from "../../numbers/verify.ts";
import type { Differentiated } from "../terms/forms.ts";
import { doubtAbout, sourceOf, type Truth } from "./truth.ts";
import { type CheckedClaim, type Diagnosis, diagnosisOf, plainCounterexample, type SettledClaim, textsOf } from "./verdict.ts";

/** What a verdict on a claim begins from. */
export type Base = Pick<CheckedClaim, "ok" | "left" | "right" | "assumptions">;

/** In which layout and convention a form is. */
export const formData = ({ layout, symmetry, partial }: Form): Pick<CheckedClaim, "layout" | "symmetry" | "partial"> => ({
  ...optional({ layout, symmetry, partial }),
});

/** What a verdict is given on. */
export interface Case {
  readonly by: Judge;
  readonly base: Base;
  readonly truth: Truth;
  readonly claimed: Expr;
  readonly question: SettledClaim;
}

/** The verdict that a judgement of the claimed term against the forms of the truth comes to. */
export function verdictOn(judgement: Judgement, asked: Case): CheckedClaim {
  const { base } = asked;
  switch (judgement.kind) {
    case "proved":
    case "holds": {
      const { kind, form, evidence, remark } = judgement;
      const reason = optional({ reason: remark });
      return { ...base, verdict: kind, accepted: true, ...formData(form), evidence, ...inWords(form, asked), ...reason, diagnosis: [] };
    }
    case "other layout":
      return inOtherLayout(asked, judgement);
    case "undecided":
      return undecided(base, judgement.reason);
    case "refuted":
      return refuted(asked, judgement);
  }
}

const undecided = (base: Base, reason: string): CheckedClaim => ({
  ...base,
  verdict: "undecided",
  accepted: false,
  reason,
  diagnosis: [],
});

/** A form as text, of a derivative or with differentials; what a plain equation is worth stands in it already. */
const inWords = (form: Form, { by, truth: { stated, difference, differentials = [] } }: Case): Pick<CheckedClaim, "truth"> =>
  difference === undefined && differentials.length === 0 ? {} : { truth: textsOf(form.shown ?? form.expr, stated, by.library) };

function inOtherLayout(asked: Case, { form, evidence }: Judgement & { readonly kind: "other layout" }): CheckedClaim {
  const { by, base, truth, claimed, question } = asked;
  const preferred = truth.forms[0] as Form;
  const otherLayout = form.layout !== preferred.layout;
  const otherSymmetry = form.symmetry !== undefined && form.symmetry !== preferred.symmetry;
  const accepted = !(otherLayout && question.layout !== undefined) && !(otherSymmetry && question.symmetry !== undefined);
  const text = otherForm(form, preferred, !accepted);
  // How one comes from the form asked for to the other.
  const wanted = truth.forms.filter((f) => f.layout === preferred.layout && f.symmetry === preferred.symmetry);
  const besides =
    accepted || question.undiagnosed === true ? [] : diagnose(by, wanted, claimed, sourceOf(truth)).filter((f) => f.mistake !== "shape");
  return {
    ...base,
    verdict: "other layout",
    accepted,
    ...formData(form),
    evidence,
    ...inWords(preferred, asked),
    reason: text,
    diagnosis: [
      ...differences(form, preferred).map((mistake) => ({ mistake, text })),
      ...besides.map((f) => diagnosisOf(f, truth.stated, by.library)),
    ],
  };
}

function refuted(asked: Case, { reason, counterexample }: Judgement & { readonly kind: "refuted" }): CheckedClaim {
  const { by, base, truth, claimed, question } = asked;
  const { difference } = truth;
  const form = truth.forms.find((f) => sameShape(f.expr.shape, claimed.shape)) ?? (truth.forms[0] as Form);
  const doubt = doubtAbout(by.numeric, truth, question);
  if (doubt !== undefined) return undecided(base, doubt);
  const nothing = difference === undefined ? withoutDifferential(asked) : saysNothing(difference);
  const found = question.undiagnosed === true ? misfitOf(truth.forms, claimed) : diagnose(by, truth.forms, claimed, sourceOf(truth));
  const told = difference === undefined ? found.flatMap((f) => ofEquation(f, claimed)) : found;
  const findings = nothing === undefined ? told : told.filter((f) => f.mistake === "shape");
  return {
    ...base,
    verdict: "refuted",
    accepted: false,
    ...formData(form),
    ...inWords(form, asked),
    reason,
    ...(counterexample === undefined ? {} : { counterexample: plainCounterexample(counterexample) }),
    diagnosis: [...(nothing === undefined ? [] : [nothing]), ...findings.map((f) => diagnosisOf(f, truth.stated, by.library))],
  };
}

/** What went wrong in an equation without a derivative, where no rule was applied; a constant is what is left without any factor. */
function ofEquation(finding: Finding, claimed: Expr): Finding[] {
  if (finding.mistake === "chain rule" && variables(claimed).length === 0) return [];
  return [{ ...finding, sentence: finding.sentence.replace(/, as when .*$/u, "") }];
}

/** Why a derivative is zero that is claimed not to be: nothing tells how names depend on the variable. */
function saysNothing({ stated, by }: Differentiated): Diagnosis | undefined {
  const [target] = by;
  const names = variables(stated.expr);
  if (target === undefined || names.length === 0 || names.some((v) => v.name === target.variable.name)) return undefined;
  const list = names.map((v) => v.name).join(", ");
  const [does, them] = names.length === 1 ? ["does", "it"] : ["do", "them"];
  return {
    mistake: "constant",
    text: `${list} ${does} not depend on ${target.variable.name} as it stands: say how, or define ${them} before`,
  };
}

/** What is said of a term without differentials that is claimed to be equal to one. */
function withoutDifferential({ truth, claimed, by: { library } }: Case): Diagnosis | undefined {
  const [first] = truth.differentials ?? [];
  if (first === undefined || first.directions.length === 0 || isZeroTerm(claimed)) return undefined;
  const moves = first.directions.map((to) => to.along);
  if (variables(claimed).some((v) => moves.includes(v))) return undefined;
  const [of, ...names] = [first.of, ...moves].map((e) => textsOf(e, truth.stated, library).unicode);
  const missing = `${names.join(", ")}, which ${names.length === 1 ? "is" : "are"} missing here`;
  return { mistake: "differential", text: `a differential is linear in ${missing}; d(${of})/${names[0]} = … claims a derivative` };
}

const SYMMETRIES: Readonly<Record<string, string>> = {
  free: "with all entries independent",
  symmetric: "sym(G), the gradient among the symmetric matrices",
  entries: "G + Gᵀ − diag(G), by the entries on and below the diagonal",
};

/** Names of what tells a form from the preferred one. */
const differences = (form: Form, preferred: Form): string[] => [
  ...(form.partial === true ? ["partial"] : []),
  ...(form.symmetry !== undefined && form.symmetry !== preferred.symmetry ? ["symmetric"] : []),
  ...(form.layout !== undefined && form.layout !== preferred.layout ? ["other layout"] : []),
];

function otherForm(form: Form, preferred: Form, asked: boolean): string {
  const parts: string[] = [];
  if (form.partial === true) parts.push("the partial derivative, the names between held constant");
  if (form.layout !== undefined && form.layout !== preferred.layout)
    parts.push(`the ${form.layout}-layout form where ${preferred.layout} layout is ${asked ? "asked for" : "usual"}`);
  if (form.symmetry !== undefined && form.symmetry !== preferred.symmetry) parts.push(`the form ${SYMMETRIES[form.symmetry]}`);
  return `right, and it is ${parts.join(", ")}`;
}

/** The verdict of numeric differentiation alone. */
export function inNumbers(by: Judge, base: Base, truth: Truth, right: Truth, question: SettledClaim): CheckedClaim {
  const { difference, stated } = truth;
  const claimed = right.forms[0]?.expr;
  if (claimed === undefined || difference === undefined) return undecided(base, right.missing ?? truth.missing ?? "one side has no value");
  const choice = optional({ seed: question.seed });
  const layouts: Layout[] = [difference.layout, ...(["numerator", "denominator"] as const).filter((l) => l !== difference.layout)];
  const verdicts = layouts.map((layout) =>
    compare(by.numeric, stated, { kind: "derivative", by: difference.by, layout, previous: [] }, claimed, choice),
  );
  const at = verdicts.findIndex((v) => v.ok === true);
  const good = verdicts[at];
  if (good !== undefined) {
    const evidence: Evidence = { kind: "values", points: good.points, worst: good.worst, tolerance: 1e-7, seed: good.seed };
    const layout = layouts[at] as Layout;
    if (at === 0) return { ...base, verdict: "holds", accepted: true, layout, evidence, diagnosis: [] };
    const text = otherForm({ expr: claimed, layout }, { expr: claimed, layout: difference.layout }, question.layout !== undefined);
    return {
      ...base,
      verdict: "other layout",
      accepted: question.layout === undefined,
      layout,
      evidence,
      reason: text,
      diagnosis: [{ mistake: "other layout", text }],
    };
  }
  const [first] = verdicts;
  if (first === undefined || first.ok === undefined)
    return undecided(base, first?.reason?.replace(/^not checked: /, "") ?? truth.missing ?? "");
  const { witness } = first;
  return {
    ...base,
    verdict: "refuted",
    accepted: false,
    layout: difference.layout,
    reason: first.reason ?? "the values differ",
    ...(witness === undefined ? {} : { counterexample: plainCounterexample(witness) }),
    diagnosis: [],
  };
}
