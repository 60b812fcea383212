// What went wrong: the right answer is mutated in every named way at every place, and the
// claim back towards the right answer, until one is equal to the other.
//
// Invariants: a mistake is named only where it explains the claim exactly, by values at
// several points of different sizes; the work is bounded whatever the terms; everything that
// explains it is named, the most specific first, because one value may come about in several
// ways. Not here: the mistakes themselves (mistakes.ts).

import { InputError } from "../base/diagnostic.ts";
import { differentiate, readArranged } from "../calculus/differentiate.ts";
import type { By } from "../calculus/higher.ts";
import { arrange } from "../calculus/layout.ts";
import { add, neg, transpose, variable, withArgs } from "../expr/build.ts";
import { type Dim, dimNames, dimOf } from "../expr/dim.ts";
import { type Expr, fold, nodes, type Variable } from "../expr/expr.ts";
import { sameShape, scalarShape, shapeText } from "../expr/shape.ts";
import { freeIndices } from "../numeric/dependence.ts";
import { allFinite, largest, type Matrix } from "../numeric/matrix.ts";
import type { Point } from "../numeric/point.ts";
import { NumericError } from "../numeric/program.ts";
import { addTensors } from "../tensor/algebra.ts";
import { toTensor } from "../tensor/convert.ts";
import { mannerOf } from "../tensor/read/reader.ts";
import { expand, expandContractions } from "../tensor/simplify.ts";
import { internTensor, type Tensor } from "../tensor/tensor.ts";
import type { Form } from "./claim.ts";
import { isSteady, type Judge } from "./equal.ts";
import { entryCount, isFactor, MISTAKES, type Mistake, type Surroundings } from "./mistakes.ts";
import { places, replaceAt } from "./places.ts";

/** One explanation of a wrong claim. */
export interface Finding {
  readonly mistake: string;
  readonly sentence: string;
  /** The part that the mistake was made at, where it is not the whole. */
  readonly place?: Expr;
  /** What the claim is equal to: the right answer with the mistake. */
  readonly result?: Expr;
}

/** What a claim about a derivative is about. */
export interface Source {
  readonly expr: Expr;
  readonly by: readonly By[];
}

/** Places of a term that are mutated. */
const MOST_PLACES = 120;
/** Mutated terms that are evaluated, and the parts of all of them together. */
const MOST_CANDIDATES = 4000;
const MOST_WORK = 300_000;
/** Parts of a term beyond which its mutations are not worth their while. */
const MOST_PARTS_OF_TERM = 3000;
const POINTS = 2;
const MOST_LOOKED = 12;
const SAME = 1e-8;
/** Occurrences of a variable and intermediate parts whose derivatives are taken alone. */
const MOST_PARTS = 8;
/** Terms of a sum whose subsets are tried. */
const MOST_TERMS = 9;
/** Explanations that are reported. */
const MOST_FINDINGS = 12;

/** Everything that explains how the claimed value may have come from the right one. */
export function diagnose(judge: Judge, forms: readonly Form[], claimed: Expr, source: Source | undefined): readonly Finding[] {
  const misfit = forms.some((f) => sameShape(f.expr.shape, claimed.shape))
    ? []
    : [
        {
          mistake: "shape",
          sentence: `the shapes do not fit: the claim is ${shapeText(claimed.shape)}, the right answer ${shapeText((forms[0] as Form).expr.shape)}`,
        },
      ];
  const search = startSearch(judge, forms, claimed, source);
  if (search === undefined) return misfit;
  const found = [...misfit, ...explain(search, judge, forms, claimed, source)];
  return found.slice(0, MOST_FINDINGS);
}

interface Search {
  readonly points: readonly Point[];
  /** Values of a term at the points; undefined where it has none. */
  readonly values: (e: Expr) => readonly Matrix[] | undefined;
  readonly around: Surroundings;
  left: number;
}

function startSearch(judge: Judge, forms: readonly Form[], claimed: Expr, source: Source | undefined): Search | undefined {
  const { numeric, definitions, library } = judge;
  const [form] = forms;
  if (form === undefined) return undefined;
  const covered = [claimed, ...forms.map((f) => f.expr), ...(source === undefined ? [] : [source.expr])];
  const points = pointsFor(judge, form.expr, claimed, covered);
  if (points.length === 0) return undefined;
  const values = (e: Expr): readonly Matrix[] | undefined => {
    try {
      const all: Matrix[] = [];
      for (const point of points) {
        const value = numeric.evaluate(e, point, definitions);
        if (!allFinite(value)) return undefined;
        all.push(value);
      }
      return all;
    } catch (error) {
      if (error instanceof NumericError) return undefined;
      throw error;
    }
  };
  const sizes = sizesIn(covered);
  return {
    points,
    values,
    around: { find: library.functions.find, sizes, counts: countsIn(source?.expr ?? form.expr) },
    left: budget(claimed, form.expr),
  };
}

/** Evaluations that terms of this size are worth. */
function budget(...terms: readonly Expr[]): number {
  const parts = terms.reduce((n, t) => n + nodes(t).length, 0);
  return parts > MOST_PARTS_OF_TERM ? 0 : Math.min(MOST_CANDIDATES, Math.ceil(MOST_WORK / parts));
}

/** Points at which both values exist, as far as there are any. */
function pointsFor(judge: Judge, expected: Expr, claimed: Expr, covered: readonly Expr[]): Point[] {
  const { numeric, definitions, seed = 1 } = judge;
  for (const defined of [[expected, claimed], [expected]]) {
    const points: Point[] = [];
    let looked = 0;
    try {
      for (const point of numeric.samplePoints({ defined, covered, seed }, definitions)) {
        if (looked++ > MOST_LOOKED) break;
        if (!isSteady(judge, defined, point)) continue;
        points.push(point);
        if (points.length === POINTS) return points;
      }
    } catch (error) {
      if (!(error instanceof NumericError)) throw error;
    }
    if (points.length > 0) return points;
  }
  return [];
}

/** The sizes of all parts that a person may take for a factor. */
function sizesIn(terms: readonly Expr[]): Dim[] {
  const names = new Set<string>();
  for (const term of terms)
    for (const node of nodes(term)) for (const d of [node.shape.rows, node.shape.cols]) for (const n of dimNames(d)) names.add(n);
  return [...names].map((n) => dimOf(n)).filter(isFactor);
}

const AVERAGES: ReadonlySet<string> = new Set([
  "sum",
  "mean",
  "rowmean",
  "colmean",
  "rowsum",
  "colsum",
  "dot",
  "tr",
  "norm2",
  "normF",
  "norm1",
]);

/** The numbers of entries that sums and means in a term run over. */
export function countsIn(term: Expr): Dim[] {
  const found = new Map<string, Dim>();
  for (const node of nodes(term)) {
    if (node.kind === "indexSum") found.set(node.range.key, node.range);
    if (node.kind === "apply" && AVERAGES.has(node.op)) {
      const d = entryCount(node.args[0] as Expr);
      found.set(d.key, d);
    }
    if (node.kind === "dim") found.set(node.dim.key, node.dim);
  }
  return [...found.values()].filter(isFactor);
}

const equal = (a: readonly Matrix[] | undefined, b: readonly Matrix[], factor = 1): boolean =>
  a?.every((x, i) => {
    const y = b[i] as Matrix;
    if (x.rows !== y.rows || x.cols !== y.cols) return false;
    const scale = Math.max(largest(x) * Math.abs(factor), largest(y), 1e-12);
    return x.data.every((value, k) => Math.abs(factor * value - (y.data[k] as number)) <= SAME * scale);
  }) ?? false;

function explain(search: Search, judge: Judge, forms: readonly Form[], claimed: Expr, source: Source | undefined): Finding[] {
  const target = search.values(claimed);
  if (target === undefined || search.left <= 0) return [];
  const found = new Map<string, Finding>();
  const note = (f: Finding): void => {
    if (!found.has(f.mistake)) found.set(f.mistake, f);
  };
  const truths = spellings(judge, forms, source);
  for (const m of MISTAKES) {
    for (const f of forward(search, m, truths, claimed, target)) note(f);
    if (!found.has(m.name)) for (const f of backward(search, m, forms, claimed)) note(f);
  }
  for (const f of missingScalar(search, forms, claimed)) note(f);
  // What the parts of the expression explain is said better than what a change of the answer does.
  for (const f of byParts(search, judge, forms, claimed, target, source)) found.set(f.mistake, f);
  if (found.size === 0) for (const f of twice(search, truths, claimed, target)) note(f);
  const order = new Map(MISTAKES.map((m, i) => [m.name, i]));
  // What explains the whole comes before what explains it by a part.
  const rank = (f: Finding): number => (f.place === undefined ? 0 : MISTAKES.length) + (order.get(f.mistake) ?? MISTAKES.length);
  return [...found.values()].sort((a, b) => rank(a) - rank(b));
}

/** The right answer as it is written, and multiplied out. */
function spellings(judge: Judge, forms: readonly Form[], source: Source | undefined): readonly Expr[] {
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

/** The terms of a value multiplied out, each in matrix notation. */
function termsOf({ library }: Judge, expr: Expr, like: Expr): readonly Expr[] | undefined {
  try {
    const tensor = toTensor(expr, { find: library.find });
    if (tensor.axes.length > 2) return undefined;
    const opened = expandContractions(tensor) ?? tensor;
    const whole = expand(opened) ?? opened;
    if (whole.terms.length > MOST_TERMS) return undefined;
    const shape = arrange(expr.shape, scalarShape(), "numerator");
    return whole.terms.map((t) => {
      const single: Tensor = addTensors(whole.axes, [internTensor(whole.axes, [t])]);
      return readArranged(single, shape, library, mannerOf(like));
    });
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

function* forward(search: Search, m: Mistake, truths: readonly Expr[], claimed: Expr, target: readonly Matrix[]): Generator<Finding> {
  for (const truth of truths) {
    if (m.together && sameShape(truth.shape, claimed.shape)) {
      const result = together(truth, m, search.around);
      if (result !== truth && equal(search.values(result), target)) {
        yield { mistake: m.name, sentence: `${m.sentence}, everywhere`, result };
        return;
      }
    }
    for (const { part, path } of places(truth, m.where === "whole" ? 1 : MOST_PLACES)) {
      if (search.left <= 0) return;
      for (const made of m.make(part, search.around)) {
        const whole = replaceAt(truth, path, made, search.around.find);
        if (whole === undefined || whole === truth || !sameShape(whole.shape, claimed.shape) || search.left-- < 0) continue;
        if (!equal(search.values(whole), target)) continue;
        yield { mistake: m.name, sentence: m.sentence, ...(path.length === 0 ? {} : { place: part }), result: whole };
        return;
      }
    }
  }
}

/** The term with a mistake made at all places at once. */
function together(term: Expr, m: Mistake, around: Surroundings): Expr {
  return fold<Expr>(term, (node, args) => {
    const same = withArgs(node, args, around.find);
    // The transpose of an inverse is seen by the inverse in it.
    const made = node.kind === "apply" && node.op === "transpose" ? undefined : m.make(same, around)[0];
    return made !== undefined && sameShape(made.shape, same.shape) ? made : same;
  });
}

function* backward(search: Search, m: Mistake, forms: readonly Form[], claimed: Expr): Generator<Finding> {
  if (m.undo === undefined) return;
  const values = new Map(forms.map((f) => [f.expr, search.values(f.expr)]));
  for (const { part, path } of places(claimed, m.where === "whole" ? 1 : MOST_PLACES)) {
    if (search.left <= 0) return;
    for (const made of m.undo(part, search.around)) {
      const whole = replaceAt(claimed, path, made, search.around.find);
      if (whole === undefined || whole === claimed) continue;
      const fitting = [...values].filter(([e]) => sameShape(e.shape, whole.shape));
      if (fitting.length === 0 || search.left-- < 0) continue;
      const own = search.values(whole);
      if (own === undefined || !fitting.some(([, v]) => v !== undefined && equal(own, v))) continue;
      yield { mistake: m.name, sentence: m.sentence, ...(path.length === 0 ? {} : { place: part }) };
      return;
    }
  }
}

/** A term of the claim that is right but for a number that changes from point to point. */
function* missingScalar(search: Search, forms: readonly Form[], claimed: Expr): Generator<Finding> {
  const terms = claimed.kind === "apply" && claimed.op === "add" ? [claimed, ...claimed.args] : [claimed];
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

const FACTORS: readonly (readonly [number, string])[] = [
  [-1, "sign"],
  [2, "factor 2"],
  [0.5, "factor 1/2"],
  [-2, "factor 2"],
  [-0.5, "factor 1/2"],
];

/** One mistake at a place and a sign or a factor as well. */
function* twice(search: Search, truths: readonly Expr[], claimed: Expr, target: readonly Matrix[]): Generator<Finding> {
  search.left = budget(claimed, truths[0] ?? claimed);
  for (const m of MISTAKES)
    for (const truth of truths)
      for (const { part, path } of places(truth, m.where === "whole" ? 1 : MOST_PLACES))
        for (const made of search.left <= 0 ? [] : m.make(part, search.around)) {
          const whole = replaceAt(truth, path, made, search.around.find);
          if (whole === undefined || !sameShape(whole.shape, claimed.shape) || search.left-- < 0) continue;
          const own = search.values(whole);
          const extra = FACTORS.find(([k]) => equal(own, target, k));
          if (extra === undefined) continue;
          const [, second] = extra;
          const also = MISTAKES.find((o) => o.name === second)?.sentence ?? "";
          yield { mistake: m.name, sentence: m.sentence, ...(path.length === 0 ? {} : { place: part }) };
          yield { mistake: second, sentence: `besides, ${also}` };
          return;
        }
}

/** Explanations by what is differentiated: terms of the product rule and factors of the chain rule, each taken alone. */
function* byParts(
  search: Search,
  judge: Judge,
  forms: readonly Form[],
  claimed: Expr,
  target: readonly Matrix[],
  source: Source | undefined,
): Generator<Finding> {
  const [only] = source?.by ?? [];
  for (const form of forms) {
    if (!sameShape(form.expr.shape, claimed.shape)) continue;
    const whole = search.values(form.expr);
    const terms = termsOf(judge, form.expr, source?.expr ?? form.expr);
    if (whole === undefined) continue;
    if (terms !== undefined && terms.length > 1) yield* missingTerms(search, terms, target);
    if (source === undefined || only === undefined || only.at !== undefined || source.by.length !== 1 || form.layout === undefined)
      continue;
    for (const term of byOccurrence(judge, source.expr, only.variable, form.layout)) {
      if (!sameShape(term.shape, claimed.shape)) continue;
      const missing = add(form.expr, neg(term));
      if (equal(search.values(missing), target)) yield { mistake: "product rule", sentence: MISSING_TERM, place: term };
      else if (equal(search.values(term), target))
        yield { mistake: "product rule", sentence: "only one term of the product rule is there", place: term };
    }
  }
  if (source !== undefined && only !== undefined && only.at === undefined && source.by.length === 1)
    yield* outerOrInner(search, judge, source.expr, only.variable, claimed, target);
}

const MISSING_TERM = "a term of the product rule is missing";

function* missingTerms(search: Search, terms: readonly Expr[], target: readonly Matrix[]): Generator<Finding> {
  const values = terms.map((t) => search.values(t));
  for (let set = 1; set < 2 ** terms.length - 1; set++) {
    const total = search.points.map((_, i) => {
      const size = target[i] as Matrix;
      const data = new Float64Array(size.data.length);
      values.forEach((v, t) => {
        const m = v?.[i];
        if ((set >> t) % 2 === 1 && m !== undefined)
          for (let k = 0; k < data.length; k++) data[k] = (data[k] as number) + (m.data[k] as number);
      });
      return { ...size, data };
    });
    if (values.some((v) => v === undefined) || !equal(total, target)) continue;
    const missing = terms.filter((_, t) => (set >> t) % 2 === 0);
    yield {
      mistake: "product rule",
      sentence: missing.length === 1 ? "a term is missing" : `${missing.length} terms are missing`,
      place: add(...missing),
    };
    return;
  }
}

/** The derivative by one occurrence of the variable at a time: the terms of the product rule. */
function byOccurrence(judge: Judge, expr: Expr, v: Variable, layout: Form["layout"]): Expr[] {
  const found = places(expr, MOST_PLACES).filter((p) => p.part === v);
  if (found.length < 2 || found.length > MOST_PARTS) return [];
  const { find } = judge.library.functions;
  const single = variable(`${v.name}∘`, v.shape, v.attributes);
  return found.flatMap(({ path }) => {
    const marked = replaceAt(expr, path, single, find);
    const term = marked === undefined ? undefined : derivativeOf(judge, marked, single, layout);
    return term === undefined ? [] : [renamed(term, single, v, judge)];
  });
}

/** The derivative by a part in place of the variable, and of a part alone: the chain rule stopped too early. */
function* outerOrInner(
  search: Search,
  judge: Judge,
  expr: Expr,
  v: Variable,
  claimed: Expr,
  target: readonly Matrix[],
): Generator<Finding> {
  const { find } = judge.library.functions;
  // A part under a sum that its index runs through has no value of its own.
  const open = freeIndices(expr);
  const inside = [...new Set(places(expr, MOST_PLACES).map((p) => p.part))].filter(
    (p) => p !== expr && p !== v && (open.get(p)?.size ?? 0) === 0 && nodes(p).includes(v),
  );
  for (const part of inside.slice(0, MOST_PARTS)) {
    const name = variable("∘", part.shape);
    const outer = fold<Expr>(expr, (node, args) => (node === part ? name : withArgs(node, args, find)));
    const candidates: [Expr | undefined, string][] = [
      [derivativeOf(judge, outer, name, "numerator"), "the derivative of the inside is missing"],
      [derivativeOf(judge, part, v, "numerator"), "the derivative of the outside is missing"],
    ];
    for (const [raw, sentence] of candidates) {
      if (raw === undefined) continue;
      const back = renamed(raw, name, part, judge);
      for (const e of [back, transpose(back)]) {
        if (!sameShape(e.shape, claimed.shape) || search.left-- < 0 || !equal(search.values(e), target)) continue;
        yield { mistake: "chain rule", sentence, place: part };
        return;
      }
    }
  }
}

function derivativeOf(judge: Judge, expr: Expr, v: Variable, layout: Form["layout"]): Expr | undefined {
  try {
    return differentiate(expr, v, { library: judge.library, ...(layout === undefined ? {} : { layout }) }).expr;
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

const renamed = (e: Expr, from: Expr, to: Expr, judge: Judge): Expr =>
  fold<Expr>(e, (node, args) => (node === from ? to : withArgs(node, args, judge.library.functions.find)));
