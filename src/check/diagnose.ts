// What went wrong: the right answer is mutated in every named way at every place, and the
// claim back towards the right answer, until one is equal to the other.
//
// Invariants: a mistake is named only where it explains the claim exactly, by values at
// several points of different sizes; the work is bounded whatever the terms; everything that
// explains it is named, the most specific first, because one value may come about in several
// ways. Not here: the mistakes themselves (mistakes.ts), and those of the product and the
// chain rule (parts.ts).

import { add, apply, hadamard, mul, withArgs } from "../expr/build.ts";
import { type Expr, fold, isApply, nodes } from "../expr/expr.ts";
import { openIndices } from "../expr/indices.ts";
import { isScalarShape, isSquareShape, sameShape, shapeText } from "../expr/shape.ts";
import { largest, type Matrix } from "../numeric/matrix.ts";
import type { Form } from "./claim.ts";
import type { Judge } from "./equal.ts";
import { MISTAKES, type Mistake, type Surroundings } from "./mistakes.ts";
import { byParts, linkSkipped, MOST_TERMS, termsOf, type WrongAnswer } from "./parts.ts";
import { places, replaceAt } from "./places.ts";
import { budget, type Finding, isHidden, MOST_PLACES, SAME, type Source, startSearch } from "./search.ts";

/** Explanations that are reported. */
const MOST_FINDINGS = 12;

/** That the claim has the shape of no form, where that is so. */
export const misfitOf = (forms: readonly Form[], claimed: Expr): readonly Finding[] =>
  forms.some((f) => sameShape(f.expr.shape, claimed.shape))
    ? []
    : [
        {
          mistake: "shape",
          sentence: `the shapes do not fit: the claim is ${shapeText(claimed.shape)}, the right answer ${shapeText((forms[0] as Form).expr.shape)}`,
        },
      ];

/** Everything that explains how the claimed value may have come from the right one; nothing where they differ only at rare places. */
export function diagnose(judge: Judge, forms: readonly Form[], claimed: Expr, source: Source | undefined): readonly Finding[] {
  const misfit = misfitOf(forms, claimed);
  const search = startSearch(judge, forms, claimed, source);
  if (search === undefined || isHidden(search, forms, claimed)) return misfit;
  const target = search.values(claimed);
  if (target === undefined || search.left <= 0) return misfit;
  return [...misfit, ...explain({ search, judge, forms, claimed, target, source })].slice(0, MOST_FINDINGS);
}

function explain(wrong: WrongAnswer): Finding[] {
  const found = new Map<string, Finding>();
  const note = (f: Finding): void => {
    if (!found.has(f.mistake)) found.set(f.mistake, f);
  };
  const truths = spellings(wrong);
  for (const m of MISTAKES) {
    for (const f of forward(wrong, m, truths)) note(f);
    if (!found.has(m.name)) for (const f of backward(wrong, m)) note(f);
  }
  for (const f of missingScalar(wrong)) note(f);
  // What the parts of the expression explain is said better than what a change of the answer does.
  for (const f of byParts(wrong)) found.set(f.mistake, f);
  if (!found.has("chain rule")) for (const f of linkSkipped(wrong)) note(f);
  if (found.size === 0) for (const f of factorPutBack(wrong, truths)) note(f);
  if (found.size === 0) for (const f of twice(wrong, truths)) note(f);
  const order = new Map(MISTAKES.map((m, i) => [m.name, i]));
  // What explains the whole comes before what explains it by a part.
  const rank = (f: Finding): number => (f.place === undefined ? 0 : MISTAKES.length) + (order.get(f.mistake) ?? MISTAKES.length);
  return [...found.values()].sort((a, b) => rank(a) - rank(b));
}

/** The right answer as it is written, and multiplied out. */
function spellings({ judge, forms, source }: WrongAnswer): readonly Expr[] {
  const out = new Set<Expr>();
  for (const form of forms) {
    out.add(form.expr);
    if (form.symmetry !== undefined && form.symmetry !== "free") continue;
    const terms = termsOf(judge, form.expr, source?.expr ?? form.expr);
    if (terms !== undefined && terms.length > 1) out.add(add(...terms));
    else if (terms?.[0] !== undefined) out.add(terms[0]);
  }
  return [...out];
}

/** A mistake made in a right answer, everywhere or at one place, that gives the claim. */
function* forward(wrong: WrongAnswer, m: Mistake, truths: readonly Expr[]): Generator<Finding> {
  const { search, claimed, target } = wrong;
  for (const truth of truths) {
    if (m.together && sameShape(truth.shape, claimed.shape)) {
      const result = together(truth, m, search.around);
      if (result !== truth && search.has(result, target)) {
        yield { mistake: m.name, sentence: `${m.sentence}, everywhere`, result };
        return;
      }
    }
    for (const { result, at } of changed(wrong, m, truth)) {
      if (!search.has(result, target)) continue;
      yield { mistake: m.name, sentence: m.sentence, ...at, result };
      return;
    }
  }
}

/** A right answer with a mistake made in it, and the place unless that is the whole. */
interface Changed {
  readonly result: Expr;
  readonly at: { readonly place?: Expr };
}

/** A right answer with a mistake made at one place after the other, as far as evaluations are left for them. */
function* changed({ search, claimed }: WrongAnswer, m: Mistake, truth: Expr): Generator<Changed> {
  for (const { part, path } of places(truth, m.where === "whole" ? 1 : MOST_PLACES)) {
    if (search.left <= 0) return;
    for (const made of m.make(part, search.around)) {
      const result = replaceAt(truth, path, made, search.around.find);
      if (result === undefined || result === truth || !sameShape(result.shape, claimed.shape) || search.left-- < 0) continue;
      yield { result, at: path.length === 0 ? {} : { place: part } };
    }
  }
}

/** The term with a mistake made at all places at once. */
function together(term: Expr, m: Mistake, around: Surroundings): Expr {
  return fold<Expr>(term, (node, args) => {
    const same = withArgs(node, args, around.find);
    // The transpose of an inverse is seen by the inverse in it.
    const made = isApply(node, "transpose") ? undefined : m.make(same, around)[0];
    return made !== undefined && sameShape(made.shape, same.shape) ? made : same;
  });
}

/** A mistake taken back in the claim that gives a right answer. */
function* backward({ search, forms, claimed }: WrongAnswer, m: Mistake): Generator<Finding> {
  if (m.undo === undefined) return;
  const values = new Map(forms.map((f) => [f.expr, search.values(f.expr)]));
  for (const { part, path } of places(claimed, m.where === "whole" ? 1 : MOST_PLACES)) {
    if (search.left <= 0) return;
    for (const made of m.undo(part, search.around)) {
      const whole = replaceAt(claimed, path, made, search.around.find);
      if (whole === undefined || whole === claimed) continue;
      const fitting = [...values].filter(([e]) => sameShape(e.shape, whole.shape));
      if (fitting.length === 0 || search.left-- < 0) continue;
      if (!fitting.some(([, v]) => search.has(whole, v))) continue;
      yield { mistake: m.name, sentence: m.sentence, ...(path.length === 0 ? {} : { place: part }) };
      return;
    }
  }
}

/** A term of the claim that is right but for a number that changes from point to point. */
function* missingScalar({ search, forms, claimed }: WrongAnswer): Generator<Finding> {
  const terms = isApply(claimed, "add") ? [claimed, ...claimed.args] : [claimed];
  const whole = search.values(claimed);
  if (terms.length > MOST_TERMS || whole === undefined) return;
  for (const form of forms) {
    if (!sameShape(form.expr.shape, claimed.shape)) continue;
    const truth = search.values(form.expr);
    for (const term of truth === undefined ? [] : terms) {
      const own = search.values(term);
      const ratios: number[] = [];
      const fits = own?.every((t, i) => {
        const [w, right] = [whole[i] as Matrix, (truth as readonly Matrix[])[i] as Matrix];
        const wanted = right.data.map((x, k) => x - (w.data[k] as number) + (t.data[k] as number));
        const most = largest(t);
        const at = t.data.findIndex((x) => Math.abs(x) === most);
        const ratio = (wanted[at] as number) / (t.data[at] as number);
        const scale = Math.max(largest(right), largest(w), most);
        ratios.push(ratio);
        return t.data.length > 1 && wanted.every((x, k) => Math.abs(x - ratio * (t.data[k] as number)) <= SAME * scale);
      });
      // The same number everywhere is a forgotten factor.
      if (fits !== true || ratios.every((r) => Math.abs(r - (ratios[0] as number)) <= SAME * Math.abs(r))) continue;
      yield {
        mistake: "chain rule",
        sentence: "a number is missing as a factor, as when the chain rule is not applied to the inside",
        place: term,
      };
      return;
    }
  }
}

/** Factors that may be missing besides another mistake, and what that is called. */
const FACTORS: readonly (readonly [number, string])[] = [
  [-1, "sign"],
  [2, "factor 2"],
  [0.5, "factor 1/2"],
  [-2, "factor 2"],
  [-0.5, "factor 1/2"],
];

/** One mistake at a place and a sign or a factor as well. */
function* twice(wrong: WrongAnswer, truths: readonly Expr[]): Generator<Finding> {
  const { search, claimed, target } = wrong;
  search.left = budget(claimed, truths[0] ?? claimed);
  for (const m of MISTAKES)
    for (const truth of truths)
      for (const { result, at } of changed(wrong, m, truth)) {
        const extra = FACTORS.find(([k]) => search.has(result, target, k));
        if (extra === undefined) continue;
        const [, second] = extra;
        const also = MISTAKES.find((o) => o.name === second)?.sentence ?? "";
        yield { mistake: m.name, sentence: m.sentence, ...at };
        yield { mistake: second, sentence: `besides, ${also}` };
        return;
      }
}

/** A part of the claim that becomes right by a factor which occurs in the right answer. */
function* factorPutBack({ search, forms, claimed, source }: WrongAnswer, truths: readonly Expr[]): Generator<Finding> {
  const known = [...truths, ...(source === undefined ? [] : [source.expr])];
  const open = new Set(known.flatMap((e) => [...openIndices(e)].filter(([, indices]) => indices.size > 0).map(([node]) => node)));
  const factors = [...new Set(known.flatMap(nodes))].filter(
    (e) => e.kind !== "num" && e.kind !== "dim" && e.kind !== "constant" && !open.has(e),
  );
  // By a factor 0 everything becomes a derivative that vanishes.
  const isZero = (e: Expr): boolean => search.values(e)?.every((m) => largest(m) === 0) === true;
  const wanted = forms.filter((f) => !isZero(f.expr)).map((f) => ({ shape: f.expr.shape, at: search.values(f.expr) }));
  for (const { part, path } of places(claimed, MOST_PLACES))
    for (const factor of factors)
      for (const made of timesOf(factor, part)) {
        if (search.left <= 0) return;
        const whole = replaceAt(claimed, path, made, search.around.find);
        if (whole === undefined || !wanted.some((w) => sameShape(w.shape, whole.shape)) || search.left-- < 0) continue;
        if (!wanted.some((w) => sameShape(w.shape, whole.shape) && search.has(whole, w.at))) continue;
        yield { mistake: "chain rule", sentence: MISSING_FACTOR, place: factor };
        return;
      }
}

const MISSING_FACTOR = "a factor is missing, as when the chain rule is not applied to the inside";

/** The products of a factor with a part that have the part's shape. */
function timesOf(factor: Expr, part: Expr): Expr[] {
  if (isScalarShape(factor.shape)) return part.kind === "num" ? [] : [mul(factor, part), apply("div", [part, factor])];
  if (isScalarShape(part.shape)) return [];
  const out: Expr[] = sameShape(factor.shape, part.shape) ? [hadamard(factor, part)] : [];
  if (!isSquareShape(factor.shape)) return out;
  if (factor.shape.cols === part.shape.rows) out.push(mul(factor, part));
  if (part.shape.cols === factor.shape.rows) out.push(mul(part, factor));
  return out;
}
