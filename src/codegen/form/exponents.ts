// Which exponentials a form is made of, under sums over entries or of two and more, products with weights and products
// of matrices, and their peak, the greatest exponent.
//
// Invariant: exponents whose weights are 0 do not count for a peak where the weights stand beside them, entry by entry;
// behind a product with a matrix of weights they do. Not here: what is done with a peak (exponentials.ts).

import * as Q from "../../base/rational.ts";
import type { Dim } from "../../expr/dim.ts";
import { broadcast, map, number, product, scaled, transpose } from "./elementwise.ts";
import type { Form, Forms, Item, Operand } from "./form.ts";
import type { Atom } from "./scale.ts";
import { isNonnegative, isNonpositive, isNonzero } from "./signs.ts";

/** The axes of an exponential that those of a form around it are. */
type Places = readonly (0 | 1 | undefined)[];

/** What is known of the exponents in a form. */
interface Exponents {
  /** At every entry, or along one axis, no less than the exponents there. */
  readonly top: Operand;
  readonly atoms: ReadonlyMap<Form, Placed>;
  readonly isAboveZero: boolean;
  /** Whether exponents of weight 0 are left out. */
  readonly isMasked: boolean;
}

/** An exponential in a form. */
interface Placed extends Omit<Atom, "axis"> {
  readonly places: Places;
}

/** How deep forms are looked into. */
export const DEEPEST = 12;

/** Whether weights decide which exponents count: in sums over entries they do, entry by entry nothing is gained. */
type Masks = "none" | "outside" | "inside";
const within = (masks: Masks): Masks => (masks === "none" ? masks : "inside");

/** The exponents that a form has as a whole; undefined where it has none, or other parts beside. */
export function exponentsOf(forms: Forms, form: Form, masks: Masks, depth = 0): Exponents | undefined {
  if (depth > DEEPEST) return undefined;
  switch (form.kind) {
    case "map": {
      const u = exponentOf(form);
      if (u === undefined) return undefined;
      const atoms = new Map([[form, { share: Q.ONE, places: form.axes.map((_, i) => i as 0 | 1), weights: [], weighted: u }]]);
      return { top: { form: u }, atoms, isAboveZero: isNonnegative(u), isMasked: false };
    }
    case "product":
      return ofProduct(forms, form, masks, depth);
    case "sum":
      return ofSum(forms, form, masks, depth);
    case "chain":
      return ofChain(forms, form, masks, depth);
    case "reduce": {
      const inside = form.fn === "sum" ? exponentsOf(forms, form.of, within(masks), depth + 1) : undefined;
      return inside === undefined ? undefined : summed(inside, along(forms, inside.top, form.over), form.over);
    }
    case "transpose": {
      const inside = exponentsOf(forms, form.of, masks, depth + 1);
      return inside === undefined ? undefined : turned(forms, inside);
    }
    default:
      return undefined;
  }
}

/** The argument of `fn` where the form is that function. */
export const argumentOf = (form: Form, fn: string): Form | undefined =>
  form.kind === "map" && form.fn === fn && form.args[0]?.form.axes.length === form.axes.length ? form.args[0].form : undefined;

/** u of exp(u). */
/** u of exp(u). */
export const exponentOf = (form: Form): Form | undefined => argumentOf(form, "exp");

function turned(forms: Forms, { top, atoms, ...rest }: Exponents): Exponents {
  const turn = ({ form, axis }: Operand): Operand =>
    axis === undefined ? { form: transpose(forms, form) } : { form, axis: axis === 0 ? 1 : 0 };
  const places = [...atoms].map(([form, a]) => [form, { ...a, places: [...a.places].reverse() }] as const);
  return { ...rest, top: turn(top), atoms: new Map(places) };
}

// One factor has the exponentials, the others are weights.
function ofProduct(forms: Forms, form: Form & { kind: "product" }, masks: Masks, depth: number): Exponents | undefined {
  const rank = form.axes.length;
  const found = form.factors.flatMap((f) => {
    const inside = Q.sign(f.exponent) > 0 ? exponentsOf(forms, f.form, masks, depth + 1) : undefined;
    return inside === undefined ? [] : [{ f, inside }];
  });
  const [only, ...more] = found;
  if (only === undefined || more.length > 0) return undefined;
  const { f, inside } = only;
  const others = form.factors.filter((o) => o !== f && Q.sign(o.exponent) > 0 && o.form.axes.length > 0);
  const weighted = masks === "inside" ? withWeights(forms, f.form, inside, others) : inside;
  const atoms = [...weighted.atoms].map(([atom, a]) => {
    const places = f.form.axes.length === rank ? a.places : form.axes.map((_, i) => (i === f.axis ? a.places[0] : undefined));
    return [atom, { ...a, share: Q.divide(a.share, f.exponent), places }] as const;
  });
  return {
    ...weighted,
    top: raised(forms, { form: weighted.top.form, axis: axisWithin(weighted.top, f, rank) }, f.exponent),
    atoms: new Map(atoms),
  };
}

// The exponent of an exponential that is multiplied by weights: what has none is replaced by the least.
function withWeights(forms: Forms, form: Form, inside: Exponents, others: readonly Operand[]): Exponents {
  const u = exponentOf(form);
  const atom = inside.atoms.get(form);
  const weights = others.filter((o) => !isNonzero(o.form)).map(({ form: w, axis }) => ({ form: w, axis }));
  if (u === undefined || atom === undefined || weights.length === 0) return inside;
  const least = forms.make({ kind: "reduce", fn: "min", over: "all", of: u, axes: [] });
  const weight = product(
    forms,
    Q.ONE,
    weights.map((w) => ({ ...w, exponent: Q.ONE })),
    form.axes,
  );
  const weighted = map(forms, "where", [map(forms, "ne", [weight, number(forms, 0)]), u, least]);
  return { ...inside, top: { form: weighted }, atoms: new Map([[form, { ...atom, weights, weighted }]]), isMasked: true };
}

/** The axis of an operand of an operand. */
/** The axis of an operand of an operand. */
export const axisWithin = (inner: Operand, outer: Operand, rank: number): Operand["axis"] =>
  inner.form.axes.length === 0 || inner.form.axes.length === rank ? undefined : (inner.axis ?? outer.axis);

const raised = (forms: Forms, { form, axis }: Operand, k: Q.Rational): Operand => ({ form: scaled(forms, k, form), axis });

// The greatest of what exponents terms have; of those without it is 0.
function ofSum(forms: Forms, form: Form & { kind: "sum" }, masks: Masks, depth: number): Exponents | undefined {
  const rank = form.axes.length;
  const tops: Operand[] = [];
  const atoms = new Map<Form, Placed>();
  let [isPlain, isMasked] = [!Q.isZero(form.constant), false];
  for (const t of form.terms) {
    const inside = exponentsOf(forms, t.form, masks, depth + 1);
    if (inside === undefined) {
      isPlain = true;
      continue;
    }
    const top = { form: inside.top.form, axis: axisWithin(inside.top, t, rank) };
    if (!tops.some((o) => o.form === top.form && o.axis === top.axis)) tops.push(top);
    isMasked ||= inside.isMasked;
    for (const [atom, a] of inside.atoms) {
      const places = t.form.axes.length === rank ? a.places : form.axes.map((_, i) => (i === t.axis ? a.places[0] : undefined));
      const before = atoms.get(atom);
      if (before?.places.some((p, i) => p !== places[i]) || (before ?? a).weighted !== a.weighted) return undefined;
      atoms.set(atom, { ...a, places, share: least(before?.share, a.share) });
    }
  }
  if (tops.length === 0 || (isPlain && tops.every((o) => isNonpositive(o.form)))) return undefined;
  const isAboveZero = isPlain || tops.some((o) => isNonnegative(o.form));
  return { top: greatestOf(forms, tops, form.axes, isPlain), atoms, isAboveZero, isMasked };
}

const least = (a: Q.Rational | undefined, b: Q.Rational): Q.Rational => (a !== undefined && Q.compare(a, b) < 0 ? a : b);

function greatestOf(forms: Forms, tops: readonly Operand[], axes: readonly Dim[], isPlain: boolean): Operand {
  const [first, ...more] = tops as [Operand, ...Operand[]];
  const isAlike = more.every((o) => o.form.axes.length === 0 || o.axis === first.axis) && first.form.axes.length > 0;
  const operands = tops.map((o) => (isAlike || o.form.axes.length === 0 ? o.form : broadcast(forms, o, axes)));
  const all = isPlain && !operands.some((o) => isNonnegative(o)) ? [...operands, number(forms, 0)] : operands;
  const top = all.reduce((a, b) => map(forms, "max", [a, b]));
  return { form: top, axis: isAlike ? first.axis : undefined };
}

// What is summed over all entries or along an axis.
function summed(inside: Exponents, top: Form, over: Over): Exponents {
  const kept = over === "all" ? undefined : over === 0 ? 1 : 0;
  const places = [...inside.atoms].map(([atom, a]) => [atom, { ...a, places: kept === undefined ? [] : [a.places[kept]] }] as const);
  return { ...inside, top: { form: top }, atoms: new Map(places) };
}

/** The entries that a sum runs over: all, or those along an axis. */
export type Over = (Form & { kind: "reduce" })["over"];

/** The greatest of a matrix or vector over all entries, or along an axis; what does not vary there is itself. */
function along(forms: Forms, { form, axis }: Operand, over: Over): Form {
  if (form.axes.length === 0 || (form.axes.length === 1 && axis !== undefined && over !== "all" && axis !== over)) return form;
  return greatest(forms, form, form.axes.length < 2 ? "all" : over);
}

/** max(c x) is c max(x), or c min(x) where c is negative. */
function greatest(forms: Forms, form: Form, over: Over): Form {
  const axes = over === "all" ? [] : [form.axes[over === 1 ? 0 : 1] as Dim];
  const [only, ...more] = form.kind === "product" && !Q.isOne(form.coefficient) ? form.factors : [];
  if (
    form.kind !== "product" ||
    only === undefined ||
    more.length > 0 ||
    !Q.isOne(only.exponent) ||
    only.form.axes.length < form.axes.length
  )
    return forms.make({ kind: "reduce", fn: "max", over, of: form, axes });
  const fn = Q.sign(form.coefficient) < 0 ? "min" : "max";
  return scaled(forms, form.coefficient, forms.make({ kind: "reduce", fn, over, of: only.form, axes }));
}

// One factor has the exponentials. The peak is that of each row where it stands first, of each column where it stands
// last, and one number in between.
function ofChain(forms: Forms, { items, right, axes }: Form & { kind: "chain" }, masks: Masks, depth: number): Exponents | undefined {
  const list = [...items.map((i) => i.form), ...(right === undefined ? [] : [right])].map((f) =>
    exponentsOf(forms, f, within(masks), depth + 1),
  );
  const at = list.findIndex((e) => e !== undefined);
  const inside = list[at];
  if (inside === undefined || list.some((e, i) => e !== undefined && i !== at)) return undefined;
  const item: Item | undefined = items[at];
  const atEnd = item?.kind !== "matrix" ? undefined : at === 0 ? 0 : at === items.length - 1 && right === undefined ? 1 : undefined;
  if (item?.kind !== "matrix" || atEnd === undefined) {
    const atoms = [...inside.atoms].map(([atom, a]) => [atom, { ...a, places: axes.map(() => undefined) }] as const);
    return { ...inside, top: { form: along(forms, inside.top, "all") }, atoms: new Map(atoms) };
  }
  const met: Operand[] = items.length === 1 && right !== undefined ? [{ form: right, axis: item.turned ? 0 : 1 }] : [];
  const weighted = masks === "none" ? inside : withWeights(forms, item.form, inside, met);
  const upright = item.turned ? turned(forms, weighted) : weighted;
  const over = atEnd === 0 ? 1 : 0;
  const rows = summed(upright, along(forms, upright.top, over), over);
  const atoms = [...rows.atoms].map(
    ([atom, a]) => [atom, { ...a, places: axes.map((_, i) => (i === atEnd ? a.places[0] : undefined)) }] as const,
  );
  const axis = axes.length === 2 && rows.top.form.axes.length === 1 ? atEnd : undefined;
  return { ...rows, top: { form: rows.top.form, axis }, atoms: new Map(atoms) };
}
