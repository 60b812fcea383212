// A derivative as it can be looked at: in rows and columns, one of them the vec form, by entries
// and as einsum code. What has no closed matrix notation is still written, as a sum over entries,
// so that no derivative is without an answer.
//
// Invariant: every view is the value of the same tensor.

import { fail, InputError } from "../base/diagnostic.ts";
import { NOWHERE } from "../base/span.ts";
import * as build from "../expr/build.ts";
import { eye, variable } from "../expr/build.ts";
import { type Dim, dimConstant, dimNames, dimOf, multiplyDims } from "../expr/dim.ts";
import { type Expr, fold, type Index } from "../expr/expr.ts";
import { type Shape, shapeOf } from "../expr/shape.ts";
import { agreeModulo, type ModularOptions } from "../numeric/modular.ts";
import type { Library } from "../rewrite/library.ts";
import { toTensor } from "../tensor/convert/convert.ts";
import { addTensors } from "../tensor/form/algebra.ts";
import { draftOf } from "../tensor/form/draft.ts";
import { fuseBase, internTensor, type Tensor } from "../tensor/form/tensor.ts";
import { atom } from "../tensor/functions/apply.ts";
import { plainestFirst } from "../tensor/primary/commuting.ts";
import { joinEqualPairs } from "../tensor/product/contract.ts";
import { einsum } from "../tensor/product/einsum.ts";
import { product } from "../tensor/product/product.ts";
import { startReading } from "../tensor/read/notation.ts";
import { cost } from "../tensor/read/reading/cost.ts";
import type { Reader } from "../tensor/read/reading/reader.ts";
import { expand } from "../tensor/simplify/expand.ts";
import { readArranged } from "./arranged.ts";
import { type EinsumArray, writeEinsum } from "./einsum.ts";
import { type EntryWriter, entryOf, type Label } from "./entries.ts";
import { entryAt } from "./entry.ts";
import { hasSums, writeEntrywise, writeWhole } from "./entrywise.ts";
import type { Arrangement } from "./layout.ts";
import { freeName, freshNames } from "./names.ts";
import { MOST_WORK, usualSize, workOf } from "./work.ts";

/** What a tensor is written with. */
export interface ReadingChoice {
  readonly library: Library;
  /** Names in the order the user wrote them. */
  readonly names: readonly string[];
  /** Every name in use, sizes too. */
  readonly taken: Iterable<string>;
}

const readerFor = ({ library, names }: ReadingChoice): Reader => startReading(library.functions.find, { names, dots: false });

/** A tensor as a term. */
export interface Written {
  readonly expr: Expr;
  /** `entries` where only a sum over entries was found. */
  readonly notation: "matrix" | "entries";
}

/**
 * A tensor in rows and columns: in matrix notation where there is one, else the terms of it that have one, and the others as a
 * sum over entries. A Kronecker form (`read`, where it is known already) is taken only where it is the tensor. Throws a
 * diagnostic where neither exists.
 */
export function writeArranged(tensor: Tensor, arrangement: Arrangement, choice: ReadingChoice, read?: Expr): Written {
  const matrix = matrixForm(tensor, arrangement, choice, read);
  if (matrix !== undefined) return { expr: matrix, notation: "matrix" };
  const alone = (term: Tensor): Expr | undefined => matrixForm(term, arrangement, choice);
  const expr = writeEntrywise(tensor, arrangement, { reader: readerFor(choice), taken: choice.taken, alone });
  if (expr === undefined)
    fail("unsupported", `this derivative has ${tensor.axes.length} axes and no notation that nabla can write`, NOWHERE);
  return { expr, notation: hasSums(expr) ? "entries" : "matrix" };
}

/** A tensor in matrix notation; undefined where there is none that is the tensor. */
function matrixForm(tensor: Tensor, arrangement: Arrangement, choice: ReadingChoice, read?: Expr): Expr | undefined {
  const { library, names } = choice;
  const shortest = read ?? readMatrix(tensor, arrangement, library, names);
  const plain = tensor.axes.length <= 2;
  if (shortest !== undefined && (plain || readsAs(shortest, tensor, arrangement, library))) return shortest;
  // Functions that were joined have another normal form; comparing knows them apart.
  const apart = shortest === undefined ? undefined : readMatrix(tensor, arrangement, { ...library, join: () => [] }, names);
  if (apart !== undefined && apart !== shortest && readsAs(apart, tensor, arrangement, library)) return apart;
  const matrix = apart ?? shortest;
  if (matrix === undefined) return undefined;
  const square = arrangement.rows.length === arrangement.cols.length;
  if (square && tensor.axes.reduce((size, d) => size * (dimConstant(d) ?? 3), 1) > MOST_ENTRIES) return matrix;
  return agrees(matrix, tensor, arrangement, choice) === false ? undefined : matrix;
}

/** At how many points a matrix form is compared with the entries: two of each pattern of sizes. */
const COMPARED = 6;

/** Evaluations for the sake of one comparison. */
const MOST_COMPARED = 1_000_000;

/** Larger derivatives are not compared entry by entry. */
const MOST_ENTRIES = 2000;

function readMatrix(tensor: Tensor, arrangement: Arrangement, library: Library, names: readonly string[]): Expr | undefined {
  if (arrangement.rows.length > 2 || arrangement.cols.length > 2) return undefined;
  try {
    return readArranged(tensor, arrangement, library, { names, dots: false });
  } catch (error) {
    if (error instanceof InputError && error.diagnostic.code === "unsupported") return undefined;
    throw error;
  }
}

/**
 * Whether uᵀ M v is the same for a term M and for the entries of the tensor, at random points
 * modulo a prime, where normal forms do not decide; u and v are as good as any other. False
 * where nothing can be compared, undefined where the tensor has no form by entries.
 */
function agrees(matrix: Expr, tensor: Tensor, { rows, cols }: Arrangement, choice: ReadingChoice): boolean | undefined {
  const form = indexForm(tensor, choice);
  if (form === undefined) return undefined;
  const { library, taken } = choice;
  const names = new Set([...taken, ...form.labels.map((l) => l.name)]);
  const left = probeOf(rows, form.labels, names);
  const right = probeOf(cols, form.labels, names);
  const probed = [...left.whole.map(build.transpose), matrix, ...right.whole].reduce(build.mul);
  const body = [form.exact, ...left.entry, ...right.entry].reduce(build.mul);
  const summed = form.labels.reduceRight((e, l) => build.indexSum(l.name, l.range, e), body);
  const asValues: ModularOptions = {
    elementwise: (name) => library.functions.find(name)?.elementwise === true,
    turned: (name) => library.find(name)?.transpose === "turned",
    definitions: library.definition,
    points: COMPARED,
    attempts: Math.max(COMPARED, Math.floor(MOST_COMPARED / workIn(form.labels, form.exact))),
  };
  // Where all comparisons in a term fail at every point, it is 0 whatever stands beside them.
  return agreeModulo(probed, summed, asValues) === true && agreeModulo(summed, build.num(0), asValues) !== true;
}

/** A variable of one entry for each of a side of the arrangement, as a column and at the labels; nothing for a side of one entry. */
function probeOf(axes: readonly number[], labels: readonly Label[], names: Set<string>): { whole: Expr[]; entry: Expr[] } {
  const [inner, outer] = axes.map((axis) => labels[axis] as Label);
  if (inner === undefined) return { whole: [], entry: [] };
  const name = freeName(["u", "v", "U", "V"], names);
  names.add(name);
  const probe = variable(name, { rows: inner.range, cols: outer?.range ?? dimOf(1) });
  const at = ({ name, range }: Label): Index => ({ kind: "bound", name, range });
  const column: Index = outer === undefined ? { kind: "position", at: dimOf(1) } : at(outer);
  return { whole: [outer === undefined ? probe : build.apply("vec", [probe])], entry: [build.entry(probe, [at(inner), column])] };
}

/** Whether a term has the normal form of the tensor with its sides fused. */
function readsAs(expr: Expr, tensor: Tensor, { rows, cols }: Arrangement, library: Library): boolean {
  const again = toTensor(expr, { find: library.find });
  const axes: Dim[] = [];
  const labels: number[] = [];
  const fuses: [Tensor, number[]][] = [];
  const sides = [rows, cols].filter((side) => side.length > 0);
  sides.forEach((side, i) => {
    const [inner, outer] = side as [number, number | undefined];
    const [p, q] = [tensor.axes[inner] as Dim, outer === undefined ? undefined : (tensor.axes[outer] as Dim)];
    axes.push(q === undefined ? p : multiplyDims(p, q));
    labels[inner] = q === undefined ? i : sides.length + inner;
    if (outer === undefined || q === undefined) return;
    labels[outer] = sides.length + outer;
    fuses.push([atom(fuseBase(axes[i] as Dim, q, p)), [i, labels[outer] as number, labels[inner] as number]]);
  });
  const fused = einsum(axes, [[tensor, labels], ...fuses]);
  const [given, read] = [fused, again].map((t) => withJoinedPairs(expand(t) ?? t)) as [Tensor, Tensor];
  return given === read || plainestFirst(given) === plainestFirst(read);
}

/** The tensor with δ between fused axes of equal parts, whichever way it was stated. */
function withJoinedPairs(tensor: Tensor): Tensor {
  const parts = tensor.terms.map((term) => {
    const draft = draftOf(tensor.axes, term);
    return joinEqualPairs(draft) ? product(draft) : internTensor(tensor.axes, [term]);
  });
  return addTensors(tensor.axes, parts);
}

/** A tensor by entries: what stands at the labels of its axes. */
export interface IndexForm {
  readonly labels: readonly Label[];
  /** The entries of identities are those of a variable named δ. */
  readonly body: Expr;
  /** The same with identity matrices, as the language has them. */
  readonly exact: Expr;
}

/** Evaluations of a term for all values of its labels. */
const workIn = (labels: readonly Label[], body: Expr): number => labels.reduce((n, { range }) => n * usualSize(range), workOf(body));

/** The tensor by entries, the shorter of its forms; undefined where an atom has none. */
export function indexForm(tensor: Tensor, choice: ReadingChoice, shown = { delta: "δ" }): IndexForm | undefined {
  const used = new Set(choice.taken);
  const delta = freeName([shown.delta, "delta", "Δ"], used);
  const reader = readerFor(choice);
  const fresh = freshNames(new Set(used));
  const labels = tensor.axes.map((range): Label => ({ name: fresh(), range }));
  const at = labels.map(({ name, range }): Index => ({ kind: "bound", name, range }));
  const inner = [...used, ...labels.map((l) => l.name)];
  const forms: Expr[] = [];
  const whole = tensor.axes.length <= 2 ? reader.read(tensor) : undefined;
  for (const candidate of new Set([tensor, expand(tensor) ?? tensor])) {
    const names = new Set(inner);
    const writer: EntryWriter = {
      reader,
      fresh: freshNames(names),
      delta: (i, j, dim) => build.entry(variable(delta, shapeOf(dim, dim), ["symmetric"]), [i, j]),
      whole: (t, depth) => writeWhole(t, { reader, taken: names }, depth),
    };
    const body = entryOf(candidate, at, writer);
    if (body !== undefined && workIn(labels, body) <= MOST_WORK) forms.push(body);
    if (whole !== undefined) forms.push(entryAt(whole.fwd, at, writer));
  }
  const [first, ...others] = forms;
  if (first === undefined) return undefined;
  const body = others.reduce((best, e) => (cost(e) < cost(best) ? e : best), first);
  const exact = fold<Expr>(body, (node, args) =>
    node.kind === "var" && node.name === delta ? eye(node.shape.rows) : build.withArgs(node, args, choice.library.functions.find),
  );
  return { labels, body, exact };
}

/** The tensor as a sum of einsums; undefined where an atom has no code. */
export const einsumForm = (tensor: Tensor, choice: ReadingChoice): EinsumArray | undefined => writeEinsum(readerFor(choice), tensor);

/** Every name of variables and sizes in use. */
export const namesInUse = (variables: readonly { readonly name: string; readonly shape: Shape }[]): string[] =>
  variables.flatMap((v) => [v.name, ...dimNames(v.shape.rows), ...dimNames(v.shape.cols)]);
