// Mistakes that are seen in what is differentiated, not in the answer: terms of the product
// rule left out, and links of the chain rule, each found by a derivative of its own.
//
// Invariants: a part under a sum that its index runs through is no part here, for it has no
// value of its own; the number of derivatives is bounded.

import { InputError } from "../base/diagnostic.ts";
import { differentiate, readArranged } from "../calculus/differentiate.ts";
import { arrange } from "../calculus/layout.ts";
import { add, neg, transpose, variable, withArgs } from "../expr/build.ts";
import { type Expr, fold, nodes, type Variable } from "../expr/expr.ts";
import { sameShape, scalarShape } from "../expr/shape.ts";
import { freeIndices } from "../numeric/dependence.ts";
import type { Matrix } from "../numeric/matrix.ts";
import { addTensors } from "../tensor/algebra.ts";
import { toTensor } from "../tensor/convert.ts";
import { mannerOf } from "../tensor/read/reader.ts";
import { expand, expandContractions } from "../tensor/simplify.ts";
import { internTensor, type Tensor } from "../tensor/tensor.ts";
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

/** Explanations by what is differentiated: terms of the product rule and factors of the chain rule, each taken alone. */
export function* byParts(
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

/** The derivative with one link of the chain taken for 1: the derivative of a part, or that of the function around one. */
export function* linkSkipped(
  search: Search,
  judge: Judge,
  forms: readonly Form[],
  claimed: Expr,
  target: readonly Matrix[],
  source: Source | undefined,
): Generator<Finding> {
  const [only] = source?.by ?? [];
  if (source === undefined || only === undefined || only.at !== undefined || source.by.length !== 1 || search.left <= 0) return;
  const { find } = judge.library.functions;
  const { expr } = source;
  const { variable: v } = only;
  const open = freeIndices(expr);
  const parts = [...new Set(places(expr, MOST_PLACES).map((p) => p.part))].filter(
    (p) => p !== v && p.args.length > 0 && (open.get(p)?.size ?? 0) === 0 && nodes(p).includes(v),
  );
  const links = parts.flatMap((part): (readonly [Expr, Expr, string])[] => {
    const [inside] = part.args as readonly [Expr];
    const acts =
      part.kind === "apply" && sameShape(part.shape, inside.shape) && (find(part.op)?.elementwise === true || /pow$/.test(part.op));
    return [
      ...(part !== expr && sameShape(part.shape, v.shape) ? [[part, v, "the derivative of the inside is missing"] as const] : []),
      ...(acts && nodes(inside).includes(v) ? [[part, inside, "the derivative of the outside is missing"] as const] : []),
    ];
  });
  const layouts = new Set(forms.filter((f) => sameShape(f.expr.shape, claimed.shape)).map((f) => f.layout));
  for (const [part, moving, sentence] of links.slice(0, MOST_LINKS)) {
    // The part moves as the other does: it is that and a constant.
    const rest = variable("∘", part.shape);
    const along = add(rest, moving);
    const marked = fold<Expr>(expr, (node, args) => (node === part ? along : withArgs(node, args, find)));
    for (const layout of layouts) {
      const raw = layout === undefined ? undefined : derivativeOf(judge, marked, v, layout);
      if (raw === undefined) continue;
      const back = renamed(raw, rest, add(part, neg(moving)), judge);
      if (!sameShape(back.shape, claimed.shape) || search.left-- < 0 || !equal(search.values(back), target)) continue;
      yield { mistake: "chain rule", sentence, place: part };
      return;
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
