// Claims: an equation about a derivative, or between two expressions, judged; where it is
// wrong, the smallest place where that shows and what may have gone wrong.
//
// Invariants: a claim about a derivative is refuted only where nabla's own derivative agrees
// with numeric differentiation; "undecided" always has its reason. Not here: chains of
// equations and derivations (derivation.ts).

import { InputError } from "../base/diagnostic.ts";
import type { Layout } from "../calculus/layout.ts";
import type { Symmetry } from "../calculus/symmetry.ts";
import { type Form, type Judgement, judge } from "../check/claim.ts";
import type { Counterexample } from "../check/counterexample.ts";
import { diagnose } from "../check/diagnose.ts";
import type { Evidence, Judge } from "../check/equal.ts";
import { type Finding, sameAs } from "../check/search.ts";
import type { KnownScope, Problem, Side } from "../elaborate/elaborate.ts";
import { type Expr, variables } from "../expr/expr.ts";
import { type Shape, sameShape, shapeText } from "../expr/shape.ts";
import type { Numeric } from "../numeric/numeric.ts";
import { print } from "../print/print.ts";
import type { Library } from "../rewrite/library.ts";
import type { ShapeTexts } from "./answer.ts";
import { type DataValue, plain } from "./data.ts";
import { asZero, type Context, type Cut, cut, type Misfit, type Part, readClaim, refuseNoEquation, scopeOf } from "./equation.ts";
import { type Differentiated, differentiatedBy, formsOf, inVariables, stateOf } from "./forms.ts";
import { mended } from "./mend.ts";
import { inSource, type Plain, plainText } from "./notation.ts";
import { definitionsOf, loadOracle } from "./oracle.ts";
import { answering, type Refusal, type Stated } from "./question.ts";
import { writeDerivative } from "./solve.ts";
import { compare } from "./verify.ts";

/** A claim with what is known of its names; the keys are those of an expression. */
export interface ClaimQuestion extends Context {
  /** An equation: `d(x'*A*x)/dx = x'*(A + A')`, `grad(f, x) = …`, `a = b`, after declarations and definitions. */
  readonly claim: string;
  /** The layout that a derivative is claimed in. Without it a claim is accepted in any. */
  readonly layout?: Layout;
  /** What the derivative by a symmetric matrix means; without it a claim is accepted in any of the three conventions. */
  readonly symmetry?: Symmetry;
  /** Decides the points; 1 unless stated. */
  readonly seed?: number;
}

/**
 * `proved`: both sides have the same normal form. `holds`: they agree at random points.
 * `other layout`: right, in another layout or convention than the one that was asked for or is
 * usual. `refuted`: they differ. `undecided`: with a reason.
 */
export type ClaimVerdict = "proved" | "holds" | "other layout" | "refuted" | "undecided";

/** A term as text. */
export interface Texts {
  readonly ascii: string;
  readonly unicode: string;
  readonly latex: string;
  readonly shape: ShapeTexts;
}

/** A small place where a claim fails. */
export interface PlainCounterexample {
  readonly sizes: Readonly<Record<string, number>>;
  readonly at: Readonly<Record<string, DataValue>>;
  /** The 1-based entry, with both values of it. */
  readonly row: number;
  readonly col: number;
  readonly expected: number;
  readonly claimed: number;
  /** Both sides as a whole. */
  readonly values?: { readonly expected: DataValue; readonly claimed: DataValue };
}

/** What may have gone wrong. */
export interface Diagnosis {
  /** Name of the mistake, as docs/check.md lists them. */
  readonly mistake: string;
  /** The same for people. */
  readonly text: string;
}

/** How a claim fared. */
export interface CheckedClaim {
  readonly ok: true;
  readonly verdict: ClaimVerdict;
  /** Proved, holds, or right in another layout where none was asked for. */
  readonly accepted: boolean;
  /** Both sides as they were read. */
  readonly left: string;
  readonly right: string;
  /** The layout in which the claim is right, or is compared. */
  readonly layout?: Layout;
  /** Where the variable is symmetric: what its derivative means in the claim. */
  readonly symmetry?: Symmetry;
  /** The claim is right as a partial derivative, the names between held constant. */
  readonly partial?: true;
  readonly evidence?: Evidence;
  /** The right value in the form compared. */
  readonly truth?: Texts;
  readonly reason?: string;
  readonly counterexample?: PlainCounterexample;
  /** What may have gone wrong, the likeliest first. */
  readonly diagnosis: readonly Diagnosis[];
  readonly assumptions: readonly string[];
}

/** Judges a claim. One with several equality signs is a chain, which `checkSteps` judges link by link; here its ends are compared. */
export async function checkClaim(question: ClaimQuestion): Promise<CheckedClaim | Refusal> {
  const check = await openClaims();
  return check(question);
}

/** Makes ready to judge claims one after the other, without waiting. */
export async function openClaims(): Promise<(question: ClaimQuestion) => CheckedClaim | Refusal> {
  const numeric = await loadOracle();
  return (question) => {
    const { result, plain } = inPlain(question, question.claim, (library, text, known) => {
      const all = cut(text);
      if (all.sides.length < 2 || all.sides.some((s) => s.text === "")) refuseNoEquation(all, { ...question, ...known }, library);
      const [first, second] = [all.sides[0] as Part, all.sides[all.sides.length - 1] as Part];
      return judgeSides(numeric, { ...question, ...known }, all, first, second, library).checked;
    });
    return result.ok || plain === undefined ? result : inSource(result, plain);
  };
}

/** Works on a text in the plain notation, whatever it is written in; `known` says what else is plain then. */
function inPlain<T extends { readonly ok: true }>(
  context: Context,
  source: string,
  work: (library: Library, text: string, known: Pick<Context, "let" | "notation">) => T,
): { readonly result: T | Refusal; readonly plain: Plain | undefined } {
  let plain: Plain | undefined;
  const result = answering({ ...context, expr: source }, (library) => {
    plain = plainText(source, context, library);
    if (plain.text === source) return work(library, source, {});
    const definitions = context.let?.map(([name, text]) => [name, plainText(text, context, library).text] as const);
    return work(library, plain.text, { notation: "plain", ...(definitions === undefined ? {} : { let: definitions }) });
  });
  return { result, plain };
}

/** A judged claim with its terms. */
export interface Judged {
  readonly checked: CheckedClaim;
  readonly problem: Problem;
  readonly left: Side;
  /** The right side, definitions put in; absent where its shapes do not fit. */
  readonly claimed?: Expr;
  /** The forms of the right value; empty where it is not known. */
  readonly forms: readonly Form[];
}

/** Judges the claim that two sides of a statement are equal. Ends the call on a fault of the input. */
export function judgeSides(numeric: Numeric, question: ClaimQuestion, all: Cut, first: Part, second: Part, library: Library): Judged {
  const dialect = question.dialect ?? "standard";
  const known = new Map<Side, Truth>();
  const truthOf = (problem: Problem, side: Side): Truth => {
    const found = known.get(side) ?? truthOfSide(problem, side, library, question, dialect);
    known.set(side, found);
    return found;
  };
  const readings = readClaim(all, first, second, question, library, (problem, left) => shapesOf(truthOf(problem, left)));
  const by: Judge = {
    numeric,
    library,
    definitions: definitionsOf(library),
    ...(question.seed === undefined ? {} : { seed: question.seed }),
  };
  const base = { ok: true as const, left: first.text, right: second.text };
  let best: Judged | undefined;
  for (const { problem, left, right } of readings) {
    const whole = { ...base, assumptions: problem.assumptions };
    const truth = truthOf(problem, left);
    const judged =
      right.kind === "misfit"
        ? misfit(whole, problem, left, truth, right, library)
        : judgeRead(by, whole, problem, left, truth, truthOf(problem, right), question);
    if (judged.checked.accepted) return judged;
    best ??= judged;
  }
  const { checked, problem, left } = best as Judged;
  if (checked.verdict !== "refuted" || checked.diagnosis.some((d) => d.mistake !== "shape")) return best as Judged;
  const inForm = (expr: Expr): Expr | undefined => truthOf(problem, { kind: "value", expr }).forms[0]?.expr;
  const mendings = mendingsOf(by, second.text, scopeOf(problem, question, library), truthOf(problem, left).forms, inForm);
  return { ...(best as Judged), checked: { ...checked, diagnosis: [...checked.diagnosis, ...mendings] } };
}

/** Changes at one place of a text that make it one of the forms. */
function mendingsOf(
  by: Judge,
  text: string,
  scope: KnownScope,
  forms: readonly Form[],
  inForm: (expr: Expr) => Expr | undefined,
): Diagnosis[] {
  const found = new Map<string, Diagnosis>();
  if (forms.length === 0) return [];
  const isRight = sameAs(by, forms);
  for (const { mistake, sentence, from, to, expr } of mended(text, scope)) {
    const value = found.has(mistake) ? undefined : inForm(expr);
    if (value !== undefined && isRight(value))
      found.set(mistake, { mistake, text: `${sentence}, at ${from}: with ${to} there it is right` });
  }
  return [...found.values()];
}

function misfit(base: Base, problem: Problem, left: Side, truth: Truth, { diagnostic }: Misfit, library: Library): Judged {
  const { message } = diagnostic;
  const preferred = truth.forms[0];
  const checked: CheckedClaim = {
    ...base,
    verdict: "refuted",
    accepted: false,
    reason: message,
    ...(preferred === undefined ? {} : { truth: textsOf(preferred.expr, truth.stated, library), ...formData(preferred) }),
    diagnosis: [{ mistake: "shape", text: `the shapes do not fit: ${message}` }],
  };
  return { checked, problem, left, forms: truth.forms };
}

function judgeRead(by: Judge, base: Base, problem: Problem, left: Side, truth: Truth, right: Truth, question: ClaimQuestion): Judged {
  const wanted = truth.forms[0] ?? right.forms[0];
  const own = right.forms[0];
  if (own === undefined || wanted === undefined || truth.forms.length === 0) {
    // Without a derivative of its own nabla asks the numbers alone.
    const checked = inNumbers(by, base, truth, right, question);
    return { checked, problem, left, forms: truth.forms, ...(own === undefined ? {} : { claimed: own.expr }) };
  }
  const claimed = asZero(own.expr, wanted.expr.shape);
  const regular = truth.difference === undefined ? [] : [truth.stated.expr];
  const judgement = judge(by, truth.forms, claimed, regular);
  const shown = judgement.kind === "refuted" ? { ...truth, forms: writtenOut(truth, claimed) } : truth;
  const checked = report(by, judgement, base, shown, claimed, question);
  return { checked, problem, left, claimed, forms: truth.forms };
}

/** What a side of a claim is worth. */
interface Truth {
  readonly stated: Stated;
  /** Empty where nabla cannot find the derivative. */
  readonly forms: readonly Form[];
  /** Present for a derivative. */
  readonly difference?: Differentiated;
  /** Why there are no forms. */
  readonly missing?: string;
}

function truthOfSide(problem: Problem, side: Side, library: Library, question: ClaimQuestion, dialect: "standard" | "paper"): Truth {
  if (side.kind === "value") {
    const stated = stateOf(problem, side.expr, [], library, dialect);
    return { stated, forms: [{ expr: stated.expr }] };
  }
  const difference = differentiatedBy(problem, side, library, question.layout, dialect, question.symmetry);
  const { stated } = difference;
  try {
    const forms = formsOf(difference).map((form): Form => {
      const expr = inVariables(form.expr, problem, library);
      return expr === form.expr ? form : { ...form, expr, shown: form.expr };
    });
    return { stated, forms, difference };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { stated, forms: [], difference, missing: error.diagnostic.message };
  }
}

const shapesOf = (truth: Truth): readonly Shape[] => {
  const seen = new Map(truth.forms.map((f) => [shapeText(f.expr.shape), f.expr.shape]));
  return [...seen.values()];
};

type Base = Pick<CheckedClaim, "ok" | "left" | "right" | "assumptions">;

const formData = ({ layout, symmetry, partial }: Form): Pick<CheckedClaim, "layout" | "symmetry" | "partial"> => ({
  ...(layout === undefined ? {} : { layout }),
  ...(symmetry === undefined ? {} : { symmetry }),
  ...(partial === undefined ? {} : { partial }),
});

function report(by: Judge, judgement: Judgement, base: Base, truth: Truth, claimed: Expr, question: ClaimQuestion): CheckedClaim {
  const { stated, difference } = truth;
  const value = (form: Form): Pick<CheckedClaim, "truth"> =>
    difference === undefined ? {} : { truth: textsOf(form.shown ?? form.expr, stated, by.library) };
  switch (judgement.kind) {
    case "proved":
    case "holds": {
      const { kind, form, evidence } = judgement;
      const remark = judgement.remark === undefined ? {} : { reason: judgement.remark };
      return { ...base, verdict: kind, accepted: true, ...formData(form), evidence, ...value(form), ...remark, diagnosis: [] };
    }
    case "other layout": {
      const { form, evidence } = judgement;
      const preferred = truth.forms[0] as Form;
      const otherLayout = form.layout !== preferred.layout;
      const otherSymmetry = form.symmetry !== undefined && form.symmetry !== preferred.symmetry;
      const accepted = !(otherLayout && question.layout !== undefined) && !(otherSymmetry && question.symmetry !== undefined);
      const text = otherForm(form, preferred, !accepted);
      // How one comes from the form asked for to the other.
      const asked = truth.forms.filter((f) => f.layout === preferred.layout && f.symmetry === preferred.symmetry);
      const besides = accepted ? [] : diagnose(by, asked, claimed, sourceOf(truth)).filter((f) => f.mistake !== "shape");
      return {
        ...base,
        verdict: "other layout",
        accepted,
        ...formData(form),
        evidence,
        ...value(preferred),
        reason: text,
        diagnosis: [
          ...differences(form, preferred).map((mistake) => ({ mistake, text })),
          ...besides.map((f) => diagnosisOf(f, stated, by.library)),
        ],
      };
    }
    case "undecided":
      return { ...base, verdict: "undecided", accepted: false, reason: judgement.reason, diagnosis: [] };
    case "refuted": {
      const { reason, counterexample } = judgement;
      const form = truth.forms.find((f) => sameShape(f.expr.shape, claimed.shape)) ?? (truth.forms[0] as Form);
      const doubt = difference === undefined ? undefined : doubtAbout(by.numeric, difference, truth, question);
      if (doubt !== undefined) return { ...base, verdict: "undecided", accepted: false, reason: doubt, diagnosis: [] };
      const nothing = difference === undefined ? undefined : saysNothing(difference);
      const found = diagnose(by, truth.forms, claimed, sourceOf(truth));
      const findings = nothing === undefined ? found : found.filter((f) => f.mistake === "shape");
      return {
        ...base,
        verdict: "refuted",
        accepted: false,
        ...formData(form),
        ...value(form),
        reason,
        ...(counterexample === undefined ? {} : { counterexample: plainCounterexample(counterexample) }),
        diagnosis: [...(nothing === undefined ? [] : [nothing]), ...findings.map((f) => diagnosisOf(f, stated, by.library))],
      };
    }
  }
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

/** The forms that the claim may have been meant as, each in the shortest notation of its layout. */
function writtenOut({ forms, difference }: Truth, claimed: Expr): Form[] {
  if (difference === undefined) return [...forms];
  const { stated, by, layout } = difference;
  return forms.map((form) => {
    const { layout: own } = form;
    const plainly =
      form.shown === undefined && own !== undefined && own !== layout && form.partial === undefined && (form.symmetry ?? "free") === "free";
    if (!plainly || !sameShape(form.expr.shape, claimed.shape)) return form;
    try {
      return { ...form, expr: writeDerivative(stated, by, own).expr };
    } catch (error) {
      if (error instanceof InputError) return form;
      throw error;
    }
  });
}

/** What a claim is about, for a diagnosis: the term and what it is differentiated by. */
const sourceOf = ({ stated, difference }: Truth): Parameters<typeof diagnose>[3] =>
  difference === undefined ? undefined : { expr: stated.expr, by: difference.by };

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

/** Why nabla's own derivative is not to be relied on; undefined where the numbers agree with it. */
function doubtAbout(numeric: Numeric, difference: Differentiated, truth: Truth, question: ClaimQuestion): string | undefined {
  const { stated, by, layout } = difference;
  const [own] = truth.forms;
  if (own === undefined || by.length > 2) return undefined;
  const choice = question.seed === undefined ? {} : { seed: question.seed };
  const symmetry = own.symmetry === undefined ? {} : { symmetry: own.symmetry };
  const verdict = compare(numeric, stated, { kind: "derivative", by, layout, previous: [], ...symmetry }, own.shown ?? own.expr, choice);
  return verdict.ok === false ? `nabla's own derivative fails its check: ${verdict.reason ?? ""}` : undefined;
}

function inNumbers(by: Judge, base: Base, truth: Truth, right: Truth, question: ClaimQuestion): CheckedClaim {
  const undecided = (reason: string): CheckedClaim => ({ ...base, verdict: "undecided", accepted: false, reason, diagnosis: [] });
  const { difference, stated } = truth;
  const claimed = right.forms[0]?.expr;
  if (claimed === undefined || difference === undefined) return undecided(right.missing ?? truth.missing ?? "one side has no value");
  const choice = question.seed === undefined ? {} : { seed: question.seed };
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
  if (first === undefined || first.ok === undefined) return undecided(first?.reason?.replace(/^not checked: /, "") ?? truth.missing ?? "");
  const { witness } = first;
  return {
    ...base,
    verdict: "refuted",
    accepted: false,
    layout: difference.layout,
    reason: first.reason ?? "the values differ",
    ...(witness === undefined ? {} : { counterexample: plainCounterexample({ ...witness, values: { expected: EMPTY, claimed: EMPTY } }) }),
    diagnosis: [],
  };
}

const EMPTY = { rows: 0, cols: 0, data: new Float64Array(0) };

function plainCounterexample({ row, col, expected, claimed, values, point }: Counterexample): PlainCounterexample {
  return {
    sizes: Object.fromEntries(point.sizes),
    at: Object.fromEntries([...point.values].map(([name, value]) => [name, plain(value)])),
    row,
    col,
    expected,
    claimed,
    ...(values.expected.rows === 0 ? {} : { values: { expected: plain(values.expected), claimed: plain(values.claimed) } }),
  };
}

/** A term in three formats. */
function textsOf(expr: Expr, stated: Stated, library: Library): Texts {
  const text = (format: "ascii" | "unicode" | "latex"): string =>
    print(expr, { format, functions: library.functions, shapeKnown: format !== "ascii", taken: stated.variables.map((v) => v.name) });
  return {
    ascii: text("ascii"),
    unicode: text("unicode"),
    latex: text("latex"),
    shape: [expr.shape.rows.key, expr.shape.cols.key],
  };
}

/** A finding in words. */
export function diagnosisOf(finding: Finding, stated: Stated, library: Library): Diagnosis {
  const text = (e: Expr): string => textsOf(e, stated, library).unicode;
  const { mistake, sentence, place, result } = finding;
  const where = place === undefined ? "" : `, at ${text(place)}`;
  const becomes = result === undefined ? "" : `: it is equal to ${text(result)}`;
  return { mistake, text: `${sentence}${where}${becomes}` };
}
