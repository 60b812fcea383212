// From forms to a plan: the order of work. Chains of matrices are multiplied in the cheapest
// order, taking what is computed already as free; a product with a vector runs from the
// vector; Zᵀ diag(d) Z with d ≥ 0 becomes a symmetric product; inv(A) b becomes a solve, and
// all that is asked of one matrix shares its factorisation.
//
// Invariants: every form is computed once. Depth of forms costs no stack, except one call a
// nested loop.

import * as Q from "../../base/rational.ts";
import type { Dim } from "../../expr/dim.ts";
import type { Variable } from "../../expr/expr.ts";
import { isNonnegative } from "../form/elementwise.ts";
import { type Factor, type Form, formsBelow, type Item, partsOf } from "../form/form.ts";
import { association, LONGEST_SEARCH } from "../form/work.ts";
import type { Arg, Method, Output, Plan, Ref, Step } from "./plan.ts";
import { alive, sizesOf } from "./prune.ts";
import { denseInverses, isDefinite, palindrome } from "./structure.ts";

/** An output before it is planned. */
export interface Wanted {
  readonly name: string;
  readonly shape: readonly [string, string];
  readonly form: Form;
}

export interface Choice {
  readonly inputs: readonly Variable[];
  /** Sizes that are known while the plan is made. */
  readonly sizes?: ReadonlyMap<string, number>;
}

type Distribute<T> = T extends unknown ? Omit<T, "ref"> : never;
type Unplaced = Distribute<Step>;

interface Block {
  readonly index: string | undefined;
  readonly steps: Step[];
  readonly parent: Block | undefined;
}

/** Plans the outputs in their order. */
export function schedule(wanted: readonly Wanted[], choice: Choice): Plan {
  const roots = wanted.map((w) => w.form);
  const all = formsBelow(roots);
  const dense = denseInverses(all, roots);
  const refs = new Map<Form, Ref>();
  const homes = new Map<Ref, Block>();
  const interned = new Map<string, Ref>();
  const nodes = new Map<Ref, Step>();
  let next = 0;
  let block: Block = { index: undefined, steps: [], parent: undefined };
  const outermost = block;

  const arg = (ref: Ref, axis?: 0 | 1): Arg => (axis === undefined ? { ref } : { ref, axis });

  /** Adds a step, or finds it where it is there already; `open` decides the loop that it belongs to. */
  function emit(step: Unplaced, open: ReadonlySet<string>): Ref {
    let home = block;
    while (home.parent !== undefined && !open.has(home.index as string)) home = home.parent;
    const key = JSON.stringify(step, (name, v: unknown) =>
      name === "axes" || name === "body"
        ? undefined
        : typeof v === "bigint"
          ? `${v}`
          : name === "value"
            ? Q.format(v as Q.Rational)
            : isDim(v)
              ? v.key
              : v,
    );
    const whole = `${home.index ?? ""}|${key}|${step.axes.map((d) => d.key).join(",")}`;
    const known = interned.get(whole);
    if (known !== undefined && step.op !== "loop") return known;
    const ref = next++;
    const placed = { ...step, ref } as Step;
    home.steps.push(placed);
    homes.set(ref, home);
    nodes.set(ref, placed);
    interned.set(whole, ref);
    return ref;
  }

  /** Products of matrices that have been computed on the way to longer ones, by their factors. */
  const segments = new Map<string, Part>();

  const refOf = (form: Form): Ref => refs.get(form) as Ref;

  function place(root: Form): Ref {
    const stack: Form[] = [root];
    while (stack.length > 0) {
      const form = stack[stack.length - 1] as Form;
      if (refs.has(form)) {
        stack.pop();
        continue;
      }
      const waiting = stack.length;
      const needs = needsOf(form);
      for (let i = needs.length - 1; i >= 0; i--) if (!refs.has(needs[i] as Form)) stack.push(needs[i] as Form);
      if (stack.length > waiting) continue;
      stack.pop();
      refs.set(form, translate(form));
    }
    return refOf(root);
  }

  // The forms whose values a form is computed from: an inverse that is only met with others needs its matrix alone.
  function needsOf(form: Form): readonly Form[] {
    if (form.kind === "loop") return [];
    if (form.kind !== "chain") return partsOf(form);
    return partsOf(form).map((p) => (p.kind === "inverse" && !dense.has(p) ? p.of : p));
  }

  const map = (fn: string, args: readonly Arg[], axes: readonly Dim[], open: ReadonlySet<string>): Ref =>
    emit({ op: "map", fn, args, axes }, open);
  const literal = (value: Q.Rational): Ref => emit({ op: "number", value, args: [], axes: [] }, NONE);

  function translate(form: Form): Ref {
    const { axes, open } = form;
    const of = (): Arg[] => partsOf(form).map((p) => arg(refOf(p)));
    switch (form.kind) {
      case "number":
        return literal(form.value);
      case "constant":
        return emit({ op: "constant", name: form.name, args: [], axes }, open);
      case "size":
        return emit({ op: "size", dim: form.dim, args: [], axes }, open);
      case "input":
        return emit({ op: "input", name: form.name, args: [], axes }, open);
      case "product":
        return translateProduct(form);
      case "sum":
        return translateSum(form);
      case "map":
        return map(
          form.fn,
          form.args.map((a) => arg(refOf(a.form), a.axis)),
          axes,
          open,
        );
      case "chain":
        return translateChain(form);
      case "reduce":
        return translateReduce(form);
      case "transpose":
      case "diag":
      case "diagonal":
      case "eye":
      case "kron":
      case "vec":
        return emit({ op: form.kind, args: of(), axes }, open);
      case "unit":
        return emit({ op: "unit", at: form.at, args: [], axes }, open);
      case "inverse":
      case "det":
      case "logdet": {
        const { factors, method } = factorOf(form.of);
        return emit({ op: form.kind, method, args: [arg(factors), ...of()], axes }, open);
      }
      case "lift":
        return emit({ op: "lift", axis: form.axis, args: of(), axes }, open);
      case "concat":
        return emit({ op: "concat", axis: form.axis, args: of(), axes }, open);
      case "shuffle":
        return emit({ op: "shuffle", axis: form.axis, outer: form.outer, inner: form.inner, args: of(), axes }, open);
      case "entry":
        return emit({ op: "entry", at: form.at, args: of(), axes }, open);
      case "call":
        return emit({ op: "call", fn: form.fn, args: of(), axes }, open);
      case "loop":
        return translateLoop(form);
    }
  }

  function translateLoop(form: Form & { kind: "loop" }): Ref {
    // What the body uses without the index is placed outside by `emit`; its forms are placed once for this loop.
    const inner: Block = { index: form.index, steps: [], parent: block };
    const kept = new Map(refs);
    block = inner;
    const result = place(form.of);
    block = inner.parent as Block;
    for (const [f] of refs) if (f.open.has(form.index) && !kept.has(f)) refs.delete(f);
    for (const key of [...interned.keys()]) if (key.startsWith(`${form.index}|`)) interned.delete(key);
    return emit({ op: "loop", index: form.index, range: form.range, body: inner.steps, result, args: [], axes: form.axes }, form.open);
  }

  function translateReduce(form: Form & { kind: "reduce" }): Ref {
    const { of, axes, open, over, fn } = form;
    if (fn === "sum" && over === "all") {
      // A sum of squares, or of products of two, is a dot product.
      if (of.kind === "product" && Q.isOne(of.coefficient)) {
        const wide = of.factors.filter((f) => f.form.axes.length === of.axes.length);
        const [x, y] = wide;
        if (
          x !== undefined &&
          wide.length === of.factors.length &&
          of.factors.every((f) => Q.isInteger(f.exponent) && Q.sign(f.exponent) > 0)
        ) {
          if (y === undefined && Q.equals(x.exponent, Q.rational(2)))
            return emit({ op: "dot", args: [arg(refOf(x.form)), arg(refOf(x.form))], axes }, open);
          if (wide.length === 2 && y !== undefined && Q.isOne(x.exponent) && Q.isOne(y.exponent) && of.axes.length === 1)
            return emit({ op: "dot", args: [arg(refOf(x.form)), arg(refOf(y.form))], axes }, open);
        }
      }
    }
    return emit({ op: "reduce", fn, over, args: [arg(refOf(of))], axes }, open);
  }

  /** A value that may vary along fewer axes than what it is part of. */
  interface Partial {
    readonly ref: Ref;
    readonly rank: number;
    readonly axis: 0 | 1 | undefined;
  }

  const axesAt = (p: Partial, axes: readonly Dim[]): readonly Dim[] =>
    p.rank === axes.length ? axes : p.rank === 0 ? [] : [axes[p.axis ?? 0] as Dim];

  function joined(fn: string, a: Partial, b: Partial, axes: readonly Dim[], open: ReadonlySet<string>): Partial {
    const same = a.rank === 0 || b.rank === 0 || a.axis === b.axis;
    const rank = same ? Math.max(a.rank, b.rank) : 2;
    const axis = rank === 2 || axes.length < 2 ? undefined : (a.axis ?? b.axis);
    const operand = (p: Partial): Arg => (p.rank === rank || p.rank === 0 ? arg(p.ref) : arg(p.ref, p.axis));
    return { ref: map(fn, [operand(a), operand(b)], axesAt({ ref: a.ref, rank, axis }, axes), open), rank, axis };
  }

  function translateSum(form: Form & { kind: "sum" }): Ref {
    const { axes, open } = form;
    // Numbers first, then vectors, then matrices; among equals a plus before a minus.
    const terms = [...form.terms].sort((a, b) => a.form.axes.length - b.form.axes.length || Q.sign(b.coefficient) - Q.sign(a.coefficient));
    let total: Partial | undefined = Q.isZero(form.constant) ? undefined : { ref: literal(form.constant), rank: 0, axis: undefined };
    for (const t of terms) {
      const negative = Q.sign(t.coefficient) < 0;
      const size = Q.absolute(t.coefficient);
      const ref = Q.isOne(size) ? refOf(t.form) : scaledBy(refOf(t.form), size, t.form.axes, t.form.open);
      const term: Partial = { ref, rank: t.form.axes.length, axis: t.axis };
      if (total !== undefined) total = joined(negative ? "sub" : "add", total, term, axes, open);
      else total = negative ? { ...term, ref: map("neg", [arg(ref)], t.form.axes, t.form.open) } : term;
    }
    const { ref, rank, axis } = total as Partial;
    return widen(ref, rank, axis, axes, open);
  }

  const scaledBy = (ref: Ref, c: Q.Rational, axes: readonly Dim[], open: ReadonlySet<string>): Ref => {
    const above = c.n === 1n && c.d !== 1n ? ref : map("mul", [arg(literal(Q.rational(c.n))), arg(ref)], axes, open);
    return c.d === 1n ? above : map("div", [arg(above), arg(literal(Q.rational(c.d)))], axes, open);
  };

  function widen(ref: Ref, rank: number, axis: 0 | 1 | undefined, axes: readonly Dim[], open: ReadonlySet<string>): Ref {
    if (rank === axes.length) return ref;
    return rank === 0 ? emit({ op: "fill", args: [arg(ref)], axes }, open) : emit({ op: "widen", args: [arg(ref, axis)], axes }, open);
  }

  // c Π f^k: numbers first, vectors along one axis together, then what is full.
  function translateProduct(form: Form & { kind: "product" }): Ref {
    return scaledKron(form) ?? inProduct(form.coefficient, form.factors, form.axes, form.open);
  }

  function inProduct(coefficient: Q.Rational, factors: readonly Factor[], axes: readonly Dim[], open: ReadonlySet<string>): Ref {
    type Side = "above" | "below";
    const groups = new Map<string, Record<Side, Partial | undefined>>();
    const put = (side: Side, part: Partial): void => {
      const key = `${part.rank}|${part.axis ?? ""}`;
      const group = groups.get(key) ?? { above: undefined, below: undefined };
      const known = group[side];
      group[side] = known === undefined ? part : joined("mul", known, part, axes, open);
      groups.set(key, group);
    };
    const c = { n: Q.absolute(Q.rational(coefficient.n)), d: Q.rational(coefficient.d) };
    const isNegative = Q.sign(coefficient) < 0;
    const lettered = factors.some((f) => Q.sign(f.exponent) > 0);
    let pending = isNegative;
    if (!Q.isOne(c.n) || !lettered) {
      put("above", { ref: literal(isNegative ? Q.negate(c.n) : c.n), rank: 0, axis: undefined });
      pending = false;
    }
    for (const f of factors)
      put(Q.sign(f.exponent) < 0 ? "below" : "above", {
        ref: raised(refOf(f.form), Q.absolute(f.exponent), f.form),
        rank: f.form.axes.length,
        axis: f.axis,
      });
    if (!Q.isOne(c.d)) put("below", { ref: literal(c.d), rank: 0, axis: undefined });
    const order = [...groups.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, g]) => g);
    let value: Partial | undefined;
    const divisors: Partial[] = [];
    for (const { above, below } of order) {
      let part = above;
      if (part !== undefined && pending) {
        part = { ...part, ref: map("neg", [arg(part.ref)], axesAt(part, axes), open) };
        pending = false;
      }
      if (part !== undefined && below !== undefined) part = joined("div", part, below, axes, open);
      else if (below !== undefined) divisors.push(below);
      if (part !== undefined) value = value === undefined ? part : joined("mul", value, part, axes, open);
      if (value !== undefined) for (const d of divisors.splice(0)) value = joined("div", value, d, axes, open);
    }
    const { ref, rank, axis } = value as Partial;
    return widen(ref, rank, axis, axes, open);
  }

  // A number in front of a Kronecker product scales its smaller factor.
  function scaledKron(form: Form & { kind: "product" }): Ref | undefined {
    const [core] = form.factors.filter((f) => f.form.axes.length > 0);
    if (core?.form.kind !== "kron" || !Q.isOne(core.exponent) || form.factors.some((f) => f !== core && f.form.axes.length > 0))
      return undefined;
    const { left, right } = core.form;
    const first = left.kind !== "eye";
    const [inner, other] = first ? [left, right] : [right, left];
    const numbers = form.factors.filter((f) => f !== core);
    const value = inProduct(form.coefficient, [...numbers, { form: inner, axis: undefined, exponent: Q.ONE }], inner.axes, form.open);
    const args = first ? [arg(value), arg(refOf(other))] : [arg(refOf(other)), arg(value)];
    return emit({ op: "kron", args, axes: core.form.axes }, form.open);
  }

  function raised(ref: Ref, k: Q.Rational, form: Form): Ref {
    if (Q.isOne(k)) return ref;
    const { axes, open } = form;
    if (Q.equals(k, Q.rational(2))) return map("square", [arg(ref)], axes, open);
    if (Q.equals(k, Q.HALF)) return map("sqrt", [arg(ref)], axes, open);
    return map("pow", [arg(ref), arg(literal(k))], axes, open);
  }

  function factorOf(form: Form): { factors: Ref; method: Method } {
    const method: Method = isDefinite(form) ? "cholesky" : "lu";
    return { method, factors: emit({ op: "factor", method, args: [arg(refOf(form))], axes: form.axes }, form.open) };
  }

  /** The inverse of an item's matrix met with a value on its right. */
  function solved(form: Form, turned: boolean, right: Ref, axes: readonly Dim[], open: ReadonlySet<string>): Ref {
    const of = partsOf(form)[0] as Form;
    const { factors, method } = factorOf(of);
    return emit({ op: "solve", turned: turned && method === "lu", method, args: [arg(factors), arg(right), arg(refOf(of))], axes }, open);
  }

  function translateChain(form: Form & { kind: "chain" }): Ref {
    const { items, right, open } = form;
    if (right === undefined) return translateMatrices(items, form);
    let value = refOf(right);
    for (let i = items.length - 1; i >= 0; i--) {
      const item = items[i] as Item;
      const rows = item.form.axes[item.kind === "matrix" && item.turned ? 1 : 0] as Dim;
      if (item.kind === "diag") value = map("mul", [arg(refOf(item.form)), arg(value)], [rows], open);
      else if (item.form.kind === "inverse" && !dense.has(item.form)) value = solved(item.form, item.turned, value, [rows], open);
      else value = emit({ op: "matmul", turned: [item.turned, false], args: [arg(refOf(item.form)), arg(value)], axes: [rows] }, open);
    }
    return value;
  }

  interface Part {
    readonly ref: Ref;
    readonly turned: boolean;
    readonly rows: Dim;
    readonly cols: Dim;
  }

  function translateMatrices(items: readonly Item[], form: Form): Ref {
    const { open } = form;
    const symmetric = palindrome(items);
    if (symmetric !== undefined) {
      const { half, middle } = symmetric;
      const z = multiplied(half, open);
      if (middle === undefined) return gram(z, open);
      if (isNonnegative(middle)) {
        const root = raised(refOf(middle), Q.HALF, middle);
        const flat = z.turned
          ? { ...z, ref: emit({ op: "transpose", args: [arg(z.ref)], axes: [z.rows, z.cols] }, open), turned: false }
          : z;
        const weighted = map("mul", [arg(root, 0), arg(flat.ref)], [z.rows, z.cols], open);
        return gram({ ...flat, ref: weighted }, open);
      }
    }
    const whole = multiplied(items, open);
    return whole.turned ? emit({ op: "transpose", args: [arg(whole.ref)], axes: [whole.rows, whole.cols] }, open) : whole.ref;
  }

  function gram(z: Part, open: ReadonlySet<string>): Ref {
    return emit({ op: "gram", rows: z.turned, args: [arg(z.ref)], axes: [z.cols, z.cols] }, open);
  }

  function multiplied(items: readonly Item[], open: ReadonlySet<string>): Part {
    const built = new Map<string, Part>();
    const keyOf = (i: number, j: number): string =>
      items
        .slice(i, j + 1)
        .map(itemKey)
        .join(" ");
    const turnedKeyOf = (i: number, j: number): string =>
      items
        .slice(i, j + 1)
        .reverse()
        .map((item) => itemKey(turnedItem(item)))
        .join(" ");
    // What a chain computes on its way is free to the chains after it.
    const foundAt = (i: number, j: number): Part | undefined => {
      if (i === j || open.size > 0 || items.length > LONGEST_SEARCH) return undefined;
      const there = segments.get(keyOf(i, j));
      if (there !== undefined) return there;
      const across = segments.get(turnedKeyOf(i, j));
      return across === undefined ? undefined : { ref: across.ref, turned: !across.turned, rows: across.cols, cols: across.rows };
    };
    for (let i = 0; i < items.length; i++)
      for (let j = i + 1; j < items.length; j++) {
        const found = foundAt(i, j);
        if (found !== undefined) built.set(`${i}-${j}`, found);
      }
    const { split } = association(items, choice.sizes, (i, j) => built.has(`${i}-${j}`));
    const stack: [number, number][] = [[0, items.length - 1]];
    while (stack.length > 0) {
      const [i, j] = stack[stack.length - 1] as [number, number];
      const key = `${i}-${j}`;
      const k = split(i, j);
      if (built.has(key)) {
        stack.pop();
        continue;
      }
      if (k === undefined) {
        built.set(key, leaf(items[i] as Item));
        stack.pop();
        continue;
      }
      const [left, right] = [built.get(`${i}-${k}`), built.get(`${k + 1}-${j}`)];
      if (left === undefined || right === undefined) {
        if (right === undefined) stack.push([k + 1, j]);
        if (left === undefined) stack.push([i, k]);
        continue;
      }
      stack.pop();
      const made = joint(items, i, k, j, left, right, open);
      built.set(key, made);
      if (open.size === 0 && items.length <= LONGEST_SEARCH) segments.set(keyOf(i, j), made);
    }
    return built.get(`0-${items.length - 1}`) as Part;
  }

  function leaf(item: Item): Part {
    const [m, n] = item.kind === "diag" ? [item.form.axes[0], item.form.axes[0]] : item.form.axes;
    const turned = item.kind === "matrix" && item.turned;
    // An inverse that is only solved with stands for its matrix here.
    const ref = item.form.kind === "inverse" && !dense.has(item.form) ? refOf(item.form.of) : refOf(item.form);
    return { ref, turned, rows: (turned ? n : m) as Dim, cols: (turned ? m : n) as Dim };
  }

  function joint(items: readonly Item[], i: number, k: number, j: number, left: Part, right: Part, open: ReadonlySet<string>): Part {
    const axes = [left.rows, right.cols] as const;
    const [a, b] = [i === k ? items[i] : undefined, k + 1 === j ? items[j] : undefined];
    const flat = (p: Part): Ref => (p.turned ? emit({ op: "transpose", args: [arg(p.ref)], axes: [p.rows, p.cols] }, open) : p.ref);
    const part = (ref: Ref): Part => ({ ref, turned: false, rows: axes[0], cols: axes[1] });
    if (a?.kind === "diag") return part(map("mul", [arg(left.ref, 0), arg(flat(right))], axes, open));
    if (b?.kind === "diag") return part(map("mul", [arg(right.ref, 1), arg(flat(left))], axes, open));
    if (a?.kind === "matrix" && a.form.kind === "inverse" && !dense.has(a.form))
      return part(solved(a.form, a.turned, flat(right), axes, open));
    if (b?.kind === "matrix" && b.form.kind === "inverse" && !dense.has(b.form)) {
      // A inv(B) = (inv(B)′ A′)′
      const across = emit({ op: "transpose", args: [arg(flat(left))], axes: [left.cols, left.rows] }, open);
      return { ref: solved(b.form, !b.turned, across, [right.cols, left.rows], open), turned: true, rows: axes[0], cols: axes[1] };
    }
    return part(emit({ op: "matmul", turned: [left.turned, right.turned], args: [arg(left.ref), arg(right.ref)], axes }, open));
  }

  for (const w of wanted) place(w.form);
  const outputs = wanted.map((w): Output => ({ name: w.name, shape: w.shape, axes: w.form.axes, ref: refOf(w.form) }));
  const kept = alive(outermost.steps, outputs);
  return { inputs: choice.inputs, steps: kept, outputs, sizes: sizesOf(kept) };
}

const itemKey = (item: Item): string => `${item.form.id}${item.kind === "diag" ? "d" : item.turned ? "t" : ""}`;
const turnedItem = (item: Item): Item => (item.kind === "diag" ? item : { ...item, turned: !item.turned });
const NONE: ReadonlySet<string> = new Set();
const isDim = (v: unknown): v is Dim => typeof v === "object" && v !== null && "monomials" in v && "key" in v;
