// Sums over indices that place blocks: Σ c(i,j,l) (e_j ⊗ e_i)(e_l ⊗ e_i)′ is block-diagonal up
// to an order of rows and columns. Its blocks are one matrix, a row for every i, computed with
// whole matrices; only then are they put where they belong.
//
// Invariants: no array of more than two axes is computed; a sum that is not recognised keeps
// its loops.

import * as Q from "../../base/rational.ts";
import { type Dim, multiplyDims } from "../../expr/dim.ts";
import { type Expr, type IndexSum, isApply } from "../../expr/expr.ts";
import { isScalarShape } from "../../expr/shape.ts";
import { contract } from "./contract.ts";
import { diagonal } from "./diagonals.ts";
import { map, product, sum, transpose } from "./elementwise.ts";
import type { Factor, Form, Forms, Operand, Term, Unfinished } from "./form.ts";
import { blocks, blocksIn, rowKron } from "./khatriRao.ts";

type Ranges = ReadonlyMap<string, Dim>;

/** The blocks of a nest of sums, placed; undefined where it is no such nest. `formOf` knows the forms of parts. */
export function placedBlocks(forms: Forms, node: IndexSum, formOf: (e: Expr) => Form | undefined): Form | undefined {
  const ranges = new Map<string, Dim>();
  let body = node.args[0] as Expr;
  ranges.set(node.index, node.range);
  while (body.kind === "indexSum") {
    ranges.set(body.index, body.range);
    body = body.args[0] as Expr;
  }
  const numbers: Expr[] = [];
  const outer: Expr[] = [];
  const stack: Expr[] = [body];
  for (let e = stack.pop(); e !== undefined; e = stack.pop()) {
    if (isApply(e, "mul")) stack.push(...[...e.args].reverse());
    else (isScalarShape(e.shape) ? numbers : outer).push(e);
  }
  const [column, row] = outer;
  if (column === undefined || row === undefined || outer.length > 2 || !isApply(row, "transpose")) return undefined;
  const [left, right] = [placesOf(column), placesOf(row.args[0] as Expr)];
  if (left === undefined || right === undefined) return undefined;
  const inner = left[1] === right[1];
  if (inner === (left[0] === right[0])) return undefined;
  const [shared, j, l] = inner ? [left[1], left[0], right[0]] : [left[0], left[1], right[1]];
  if (ranges.size !== 3 || new Set([shared, j, l]).size < 3 || [shared, j, l].some((index) => !ranges.has(index))) return undefined;
  const scalars = numbers.map((e) => formOf(e));
  if (scalars.some((f) => f === undefined)) return undefined;
  const identity = forms.make({ kind: "eye", axes: [ranges.get(shared) as Dim, ranges.get(shared) as Dim] });
  const block = blockOf(forms, scalars as Form[], [j, l], ranges);
  if (block !== undefined) {
    const [a, b] = inner ? [block, identity] : [identity, block];
    const sides = [0, 1].map((axis) => multiplyDims(a.axes[axis] as Dim, b.axes[axis] as Dim));
    return forms.make({ kind: "kron", left: a, right: b, axes: sides });
  }
  const rows = coreOf(forms, scalars as Form[], [shared, j, l], ranges);
  if (rows === undefined) return undefined;
  const [m, k, q] = [shared, j, l].map((index) => ranges.get(index) as Dim) as [Dim, Dim, Dim];
  return blocks(forms, rows, inner ? "blocksright" : "blocksleft", m, [k, q]);
}

// The indices of e_a ⊗ e_b.
function placesOf(e: Expr): [string, string] | undefined {
  if (!isApply(e, "kron")) return undefined;
  const [a, b] = e.args.map(placeOf);
  return a === undefined || b === undefined ? undefined : [a, b];
}

function placeOf(e: Expr): string | undefined {
  if (e.kind !== "entry" || !isApply(e.args[0] as Expr, "eye")) return undefined;
  const bound = e.at.find((i) => i.kind === "bound");
  return e.at.some((i) => i.kind === "all") && bound?.kind === "bound" ? bound.name : undefined;
}

// c(j,l) as a matrix, where all blocks are equal.
function blockOf(forms: Forms, scalars: readonly Form[], indices: readonly [string, string], ranges: Ranges): Form | undefined {
  if (scalars.some((f) => [...f.open].some((index) => !indices.includes(index)))) return undefined;
  const axes = indices.map((index) => ranges.get(index) as Dim);
  const factors = scalars.map((form) => ({ form, exponent: Q.ONE }));
  return spreadProduct(forms, factors, indices, axes);
}

// c(i,j,l) as the matrix with rows i and columns (j,l), from factors that know i or j or l and
// at most one inner sum between them.
function coreOf(forms: Forms, scalars: readonly Form[], indices: readonly [string, string, string], ranges: Ranges): Form | undefined {
  const [i, j, l] = indices;
  const numbers = scalars.map((form) => ({ form, exponent: Q.ONE }));
  const { coefficient, factors } = factorsOf(product(forms, Q.ONE, numbers, []));
  const [loop, ...more] = factors.filter((f) => f.form.kind === "loop");
  if (more.length > 0 || (loop !== undefined && !Q.isOne(loop.exponent))) return undefined;
  const inner = loop?.form.kind === "loop" ? loop.form : undefined;
  const inside = inner === undefined ? { coefficient: Q.ONE, factors: [] } : factorsOf(inner.of);
  // Pairs (j,l) are made for every value of the inner index, or of i where there is none.
  const over = inner?.index ?? i;
  const dim = (index: string): Dim => (index === inner?.index ? inner.range : (ranges.get(index) as Dim));
  const front: Factor[] = [];
  const sides = new Map<string, Factor[]>([i, j, l].map((index) => [index, []]));
  for (const f of [...factors.filter((x) => x !== loop), ...inside.factors]) {
    const own = [i, j, l].filter((index) => index !== over && f.form.open.has(index));
    if (own.length > 1 || [...f.form.open].some((index) => index !== over && !own.includes(index))) return undefined;
    if (f.form.open.size === 0) front.push(f);
    else sides.get(own[0] ?? i)?.push(f);
  }
  const side = (index: string): Form | undefined => {
    const axes = index === over ? [dim(over)] : [dim(over), dim(index)];
    return spreadProduct(forms, sides.get(index) as Factor[], [over, index], axes);
  };
  const [a, b, weights] = [side(j), side(l), side(i)];
  if (a === undefined || b === undefined || weights === undefined) return undefined;
  const pairs = rowKron(forms, a, b);
  const c = Q.multiply(coefficient, inside.coefficient);
  if (inner !== undefined) {
    const left = transpose(forms, weights);
    return contract(forms, [product(forms, c, [...front, { form: left, exponent: Q.ONE }], left.axes), pairs]);
  }
  return product(forms, c, [...front, { form: weights, axis: 0, exponent: Q.ONE }, { form: pairs, exponent: Q.ONE }], pairs.axes);
}

const factorsOf = (form: Form): { coefficient: Q.Rational; factors: readonly Factor[] } =>
  form.kind === "product" ? form : { coefficient: Q.ONE, factors: [{ form, exponent: Q.ONE }] };

type Indices = readonly [string, string];

/** A product of numbers that depend on two indices as an array with an axis for each; undefined where that is not element-wise. */
function spreadProduct(forms: Forms, factors: readonly Factor[], indices: Indices, axes: readonly Dim[]): Form | undefined {
  const spread = spreadParts(factors, (form) => spreadOut(forms, form, indices, axes));
  return spread === undefined ? undefined : product(forms, Q.ONE, spread, axes);
}

/** Operands that are numbers with arrays in their places; undefined where one of them has none. */
function spreadParts<O extends Operand>(list: readonly O[], arrayOf: (form: Form) => Operand | undefined): O[] | undefined {
  const out = list.flatMap((o): O[] => {
    const found = o.axis === undefined ? arrayOf(o.form) : undefined;
    return found === undefined ? [] : [{ ...o, ...found }];
  });
  return out.length === list.length ? out : undefined;
}

// A number that depends on two indices as an array with an axis for each; undefined where that is not element-wise.
function spreadOut(forms: Forms, form: Form, indices: Indices, axes: readonly Dim[]): Operand | undefined {
  if (!indices.some((index) => form.open.has(index))) return form.open.size === 0 ? { form } : undefined;
  const along = indices.map((index) => form.open.has(index));
  const axis = along[0] && along[1] ? undefined : along[0] ? 0 : 1;
  const own = axis === undefined ? axes : [axes[axis] as Dim];
  // A part of what runs along one axis has no axis of its own there.
  const part = (f: Form): Operand | undefined => {
    const found = spreadOut(forms, f, indices, axes);
    return found === undefined || axis === undefined ? found : { form: found.form };
  };
  const made = spreadForm(forms, form, indices, own, part);
  return made === undefined ? undefined : { form: made, axis };
}

function spreadForm(
  forms: Forms,
  form: Form,
  indices: Indices,
  axes: readonly Dim[],
  part: (f: Form) => Operand | undefined,
): Form | undefined {
  switch (form.kind) {
    case "entry":
      return entriesAt(forms, form, indices);
    case "product": {
      const factors = spreadParts(form.factors, part);
      return factors && product(forms, form.coefficient, factors, axes);
    }
    case "sum": {
      const terms = spreadParts(form.terms, part);
      return terms && sum(forms, form.constant, terms, axes);
    }
    case "map": {
      const args = spreadParts(form.args, part);
      const wide = (o: Operand): Form =>
        o.form.axes.length === axes.length ? o.form : product(forms, Q.ONE, [{ ...o, exponent: Q.ONE }], axes);
      return args && map(forms, form.fn, args.map(wide));
    }
    default:
      return undefined;
  }
}

/** What an array has at the indices, over all their values: itself, its transpose or its diagonal. */
function entriesAt(forms: Forms, form: Form & { kind: "entry" }, indices: Indices): Form | undefined {
  if (form.of.open.size > 0 || form.at.some((at) => at.kind !== "bound")) return undefined;
  const [first, second] = form.at.map((a) => (a.kind === "bound" ? indices.indexOf(a.name) : -1));
  if (first === -1 || second === -1) return undefined;
  if (second === undefined) return form.of;
  if (first === second) return diagonal(forms, form.of);
  return first === 0 ? form.of : transpose(forms, form.of);
}

/**
 * Terms of a sum that are placed alike are added before they are placed: kron(A, B) + c·kron(A, C)
 * is kron(A, B + c·C), and blocks are added as blocks.
 */
export function gathered(forms: Forms, form: Form): Form {
  const [only] = form.kind === "product" ? form.factors : [];
  if (form.kind === "product" && form.factors.length === 1 && only?.form.kind === "sum" && Q.isOne(only.exponent))
    return product(forms, form.coefficient, [{ ...only, form: gathered(forms, only.form) }], form.axes);
  if (form.kind !== "sum" || form.axes.length < 2) return form;
  const groups = new Map<string, Placed[]>();
  const rest: Term[] = [];
  for (const t of form.terms) {
    const placed = placedOf(t);
    if (placed === undefined) rest.push(t);
    else groups.set(placed.key, [...(groups.get(placed.key) ?? []), placed]);
  }
  if ([...groups.values()].every((list) => list.length < 2)) return form;
  const terms = [...groups.values()].map((list): Term => {
    const [first] = list as [Placed, ...Placed[]];
    if (list.length < 2) return first.term;
    const axes = first.part.axes;
    const parts = list.map((g) => ({
      coefficient: g.coefficient,
      form: product(forms, Q.ONE, [...g.numbers, { form: g.part, exponent: Q.ONE }], axes),
    }));
    return { coefficient: Q.ONE, form: forms.make(first.around(sum(forms, Q.ZERO, parts, axes))) };
  });
  return sum(forms, form.constant, [...rest, ...terms], form.axes);
}

interface Placed {
  readonly key: string;
  readonly term: Term;
  readonly coefficient: Q.Rational;
  readonly numbers: readonly Factor[];
  readonly part: Form;
  readonly around: (part: Form) => Unfinished;
}

function placedOf(term: Term): Placed | undefined {
  const { coefficient, factors } = factorsOf(term.form);
  const [core, ...others] = factors.filter((f) => f.form.axes.length > 0);
  if (core === undefined || others.length > 0 || !Q.isOne(core.exponent)) return undefined;
  const shared = {
    term,
    coefficient: Q.multiply(coefficient, term.coefficient),
    numbers: factors.filter((f) => f !== core),
  };
  const whole = core.form;
  if (whole.kind === "kron")
    return { ...shared, key: `kron ${whole.left.id}`, part: whole.right, around: (right) => ({ ...whole, right }) };
  const found = blocksIn(whole);
  if (found === undefined || whole.kind !== "call") return undefined;
  const { fn, rows, size } = found;
  return { ...shared, key: `${fn} ${size.id}`, part: rows, around: (part) => ({ ...whole, args: [part, size] }) };
}
