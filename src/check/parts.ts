// Mistakes that are seen in what is differentiated, not in the answer: terms of the product
// rule left out, and links of the chain rule, each found by a derivative of its own.
//
// Invariants: a part under a sum that its index runs through is no part here, for it has no
// value of its own; the number of derivatives is bounded.

import { attempt } from "../base/diagnostic.ts";
import { optional } from "../base/optional.ts";
import { readArranged } from "../calculus/arranged.ts";
import { differentiate } from "../calculus/differentiate.ts";
import { arrange } from "../calculus/layout.ts";
import { add, neg, substitute, transpose, variable } from "../expr/build.ts";
import { type Expr, nodes, type Variable } from "../expr/expr.ts";
import { openIndices } from "../expr/indices.ts";
import { sameShape, scalarShape } from "../expr/shape.ts";
import type { Matrix } from "../numeric/matrix.ts";
import { toTensor } from "../tensor/convert/convert.ts";
import { addTensors } from "../tensor/form/algebra.ts";
import { internTensor, type Tensor } from "../tensor/form/tensor.ts";
import { mannerOf } from "../tensor/read/reading/reader.ts";
import { expand, expandContractions } from "../tensor/simplify/expand.ts";
import type { Form } from "./claim.ts";
import type { Judge } from "./equal.ts";
import { places, replaceAt } from "./places.ts";
import { equal, type Finding, MOST_PLACES, type Search, type Source } from "./search.ts";

/** Occurrences of a variable and intermediate parts whose derivatives are taken alone. */
const MOST_PARTS = 8;
/** Links of the chain that are taken for 1 one by one. */
const MOST_LINKS = 16;
/** Terms of a sum whose subsets are tried. */
export const MOST_TERMS = 9;

/** The terms of a value multiplied out, each in matrix notation. */
export function termsOf({ library }: Judge, expr: Expr, like: Expr): readonly Expr[] | undefined {
  return attempt(() => {
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
  });
}

/** A wrong answer, and what it is to be explained from. */
export interface WrongAnswer {
  readonly search: Search;
  readonly judge: Judge;
  /** The right answer in the forms it has. */
  readonly forms: readonly Form[];
  readonly claimed: Expr;
  /** Values of what is claimed, at the points of the search. */
  readonly target: readonly Matrix[];
  readonly source: Source | undefined;
}

/** Explanations by what is differentiated: terms of the product rule and factors of the chain rule, each taken alone. */
export function* byParts(wrong: WrongAnswer): Generator<Finding> {
  const { search, judge, forms, claimed, target, source } = wrong;
  const single = singleVariable(source);
  for (const form of forms) {
    if (!sameShape(form.expr.shape, claimed.shape)) continue;
    const whole = search.values(form.expr);
    const terms = termsOf(judge, form.expr, source?.expr ?? form.expr);
    if (whole === undefined) continue;
    if (terms !== undefined && terms.length > 1) yield* missingTerms(search, terms, target);
    if (single === undefined || form.layout === undefined) continue;
    for (const term of byOccurrence(judge, single.expr, single.variable, form.layout)) {
      if (!sameShape(term.shape, claimed.shape)) continue;
      const missing = add(form.expr, neg(term));
      if (search.has(missing, target)) yield { mistake: "product rule", sentence: MISSING_TERM, place: term };
      else if (search.has(term, target))
        yield { mistake: "product rule", sentence: "only one term of the product rule is there", place: term };
    }
  }
  if (single !== undefined) yield* outerOrInner(wrong, single);
}

/** A term that is differentiated once, by a whole variable. */
interface Single {
  readonly expr: Expr;
  readonly variable: Variable;
}

function singleVariable(source: Source | undefined): Single | undefined {
  const [only, ...more] = source?.by ?? [];
  if (source === undefined || only === undefined || only.at !== undefined || more.length > 0) return undefined;
  return { expr: source.expr, variable: only.variable };
}

// Parts in which the variable occurs. One under a sum that its index runs through has no value of its own.
function partsWith({ expr, variable: v }: Single): Expr[] {
  const open = openIndices(expr);
  const all = new Set(places(expr, MOST_PLACES).map((p) => p.part));
  return [...all].filter((p) => p !== v && (open.get(p)?.size ?? 0) === 0 && nodes(p).includes(v));
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
  const { functions } = judge.library;
  const single = variable(`${v.name}∘`, v.shape, v.attributes);
  return found.flatMap(({ path }) => {
    const marked = replaceAt(expr, path, single, functions.find);
    const term = marked === undefined ? undefined : derivativeOf(judge, marked, single, layout);
    return term === undefined ? [] : [substitute(term, new Map<Expr, Expr>([[single, v]]), functions)];
  });
}

/** The derivative by a part in place of the variable, and of a part alone: the chain rule stopped too early. */
function* outerOrInner({ search, judge, claimed, target }: WrongAnswer, single: Single): Generator<Finding> {
  const { functions } = judge.library;
  const { expr, variable: v } = single;
  const inside = partsWith(single).filter((p) => p !== expr);
  for (const part of inside.slice(0, MOST_PARTS)) {
    const name = variable("∘", part.shape);
    const outer = substitute(expr, new Map<Expr, Expr>([[part, name]]), functions);
    const candidates: [Expr | undefined, string][] = [
      [derivativeOf(judge, outer, name, "numerator"), "the derivative of the inside is missing"],
      [derivativeOf(judge, part, v, "numerator"), "the derivative of the outside is missing"],
    ];
    for (const [raw, sentence] of candidates) {
      if (raw === undefined) continue;
      const back = substitute(raw, new Map<Expr, Expr>([[name, part]]), functions);
      for (const e of [back, transpose(back)]) {
        if (!sameShape(e.shape, claimed.shape) || search.left-- < 0 || !search.has(e, target)) continue;
        yield { mistake: "chain rule", sentence, place: part };
        return;
      }
    }
  }
}

/** The derivative with one link of the chain taken for 1: the derivative of a part, or that of the function around one. */
export function* linkSkipped({ search, judge, forms, claimed, target, source }: WrongAnswer): Generator<Finding> {
  const single = singleVariable(source);
  if (single === undefined || search.left <= 0) return;
  const { functions } = judge.library;
  const { expr, variable: v } = single;
  const links = linksOf(judge, single);
  const layouts = new Set(forms.filter((f) => sameShape(f.expr.shape, claimed.shape)).map((f) => f.layout));
  for (const [part, moving, sentence] of links.slice(0, MOST_LINKS)) {
    // The part moves as the other does: it is that and a constant.
    const rest = variable("∘", part.shape);
    const along = add(rest, moving);
    const marked = substitute(expr, new Map([[part, along]]), functions);
    for (const layout of layouts) {
      const raw = layout === undefined ? undefined : derivativeOf(judge, marked, v, layout);
      if (raw === undefined) continue;
      const back = substitute(raw, new Map<Expr, Expr>([[rest, add(part, neg(moving))]]), functions);
      if (!sameShape(back.shape, claimed.shape) || search.left-- < 0 || !search.has(back, target)) continue;
      yield { mistake: "chain rule", sentence, place: part };
      return;
    }
  }
}

type Link = readonly [part: Expr, moving: Expr, sentence: string];

// The parts that a derivative may have been taken of as if they were their inside, or the variable itself.
function linksOf(judge: Judge, single: Single): Link[] {
  const { find } = judge.library.functions;
  const { expr, variable: v } = single;
  const parts = partsWith(single).filter((p) => p.args.length > 0);
  return parts.flatMap((part): Link[] => {
    const [inside] = part.args as readonly [Expr];
    const acts =
      part.kind === "apply" && sameShape(part.shape, inside.shape) && (find(part.op)?.elementwise === true || /pow$/.test(part.op));
    return [
      ...(part !== expr && sameShape(part.shape, v.shape) ? [[part, v, "the derivative of the inside is missing"] as const] : []),
      ...(acts && nodes(inside).includes(v) ? [[part, inside, "the derivative of the outside is missing"] as const] : []),
    ];
  });
}

const derivativeOf = ({ library }: Judge, expr: Expr, v: Variable, layout: Form["layout"]): Expr | undefined =>
  attempt(() => differentiate(expr, v, { library, ...optional({ layout }) }).expr);
