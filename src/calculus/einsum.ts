// A tensor of any number of axes as a sum of einsums: np.einsum('ik,lj->ijkl', A, B).
//
// An operand is matrix notation over one or two of the labels; what has more axes is an
// einsum of its own or a function of one. Invariant: the structure below is what is
// evaluated by a check, and its text (einsumCode) is written from nothing else.

import { isOne, type Rational } from "../base/rational.ts";
import { dimCode, numpyCall, numpyCode } from "../codegen/numpy.ts";
import * as build from "../expr/build.ts";
import type { Dim } from "../expr/dim.ts";
import { type Expr, isApply } from "../expr/expr.ts";
import { components } from "../tensor/form/components.ts";
import { namesIn } from "../tensor/form/names.ts";
import { type Factor, freeLabels, labelsOf, type Tensor, type Term } from "../tensor/form/tensor.ts";
import { indicatorKind } from "../tensor/functions/indicator.ts";
import { type Reader, rankOf } from "../tensor/read/reading/reader.ts";
import { quotientReading, type Reading } from "../tensor/read/reading/reading.ts";
import { scaled } from "../tensor/read/reading/scaled.ts";
import { readBase, readEntry, selection } from "../tensor/read/term/base.ts";
import { raise, splitSign } from "../tensor/read/term/items.ts";
import { expand } from "../tensor/simplify/expand.ts";
import { isolated } from "./entries.ts";
import { writeWhole } from "./entrywise.ts";
import { INDEX_LETTERS } from "./names.ts";

/** An array with an axis for each of `axes`. */
export type EinsumArray =
  | { readonly kind: "term"; readonly axes: readonly Dim[]; readonly expr: Expr }
  | { readonly kind: "sum"; readonly axes: readonly Dim[]; readonly terms: readonly Product[] }
  | {
      readonly kind: "call";
      readonly axes: readonly Dim[];
      readonly name: string;
      readonly args: readonly EinsumArray[];
      readonly power?: Rational;
    }
  /** δ(k, i + (j−1)·size of i): axes [fused, j, i], the place that kron and vec give to a pair. */
  | { readonly kind: "fuse"; readonly axes: readonly Dim[] };

/** scale · einsum over operands; the labels below the number of axes are those of the result, the others are summed. */
export interface Product {
  readonly scale: Expr;
  readonly operands: readonly { readonly array: EinsumArray; readonly labels: readonly number[] }[];
}

const DEEPEST = 40;

/** The tensor as a sum of einsums, multiplied out where that is shorter; undefined where an atom has no code. */
export function writeEinsum(reader: Reader, tensor: Tensor): EinsumArray | undefined {
  const plain = sumOf(reader, tensor, 0);
  const expanded = tensor.axes.length > 2 ? expand(tensor) : undefined;
  const opened = expanded === undefined || expanded === tensor ? undefined : sumOf(reader, expanded, 0);
  if (plain === undefined || opened === undefined) return plain ?? opened;
  return einsumCode(opened).length <= einsumCode(plain).length ? opened : plain;
}

function sumOf(reader: Reader, opened: Tensor, depth: number): EinsumArray | undefined {
  if (depth > DEEPEST) return undefined;
  const terms: { product: Product; order: number }[] = [];
  for (const term of opened.terms) {
    const product = productOf(reader, opened, term, depth);
    if (product === undefined) return undefined;
    terms.push({ product, order: Math.min(...term.factors.map((f) => rankOf(reader, f.base.names)), Number.MAX_SAFE_INTEGER) });
  }
  terms.sort((a, b) => a.order - b.order);
  return { kind: "sum", axes: opened.axes, terms: terms.map((t) => t.product) };
}

type Operand = Product["operands"][number];

function productOf(reader: Reader, tensor: Tensor, term: Term, depth: number): Product | undefined {
  const rank = tensor.axes.length;
  const above: Expr[] = [];
  const below: Expr[] = [];
  const operands: (Operand & { order: number })[] = [];
  for (const part of components(term.factors, rank)) {
    const free = freeLabels(part, rank);
    const [single] = part;
    if (free.length === 0 && single !== undefined && part.length === 1) {
      const { below: isBelow, size } = splitSign(single.exponent);
      const reading = reader.read(isolated(tensor, term, [{ ...single, exponent: size }], []));
      if (reading === undefined) return undefined;
      (isBelow ? below : above).push(reading.fwd);
      continue;
    }
    const order = Math.min(...part.map((f) => rankOf(reader, f.base.names)));
    const whole = free.length <= 2 ? reader.read(isolated(tensor, term, part, free)) : undefined;
    const found = whole === undefined ? operandsOf(reader, part, depth) : [arrayOver(whole, free, tensor)];
    if (found === undefined) return undefined;
    operands.push(...found.map((operand) => ({ ...operand, order })));
  }
  const used = new Set(operands.flatMap((o) => o.labels));
  const missing = tensor.axes.flatMap((dim, l) => (used.has(l) ? [] : [{ array: ones(dim), labels: [l], order: 0 }]));
  const all = [...operands.sort((a, b) => a.order - b.order), ...missing];
  return {
    scale: scaled(term.coefficient, above, below, undefined),
    operands: all.map(({ array, labels }) => ({ array, labels })),
  };
}

/** Matrix notation over free labels of a tensor. */
function arrayOver(reading: Reading, labels: readonly number[], { axes }: Tensor): Operand {
  const own = labels.map((l) => axes[l] as Dim);
  return { array: asArray(reading, own), labels };
}

/** An operand for each factor; undefined where one cannot be written. */
function operandsOf(reader: Reader, part: readonly Factor[], depth: number): Operand[] | undefined {
  const operands = part.map((f) => operandOf(reader, f, depth));
  return operands.some((o) => o === undefined) ? undefined : (operands as Operand[]);
}

const asArray = (reading: Reading, axes: readonly Dim[]): EinsumArray => ({ kind: "term", axes, expr: reading.fwd });
const ones = (dim: Dim): EinsumArray => ({ kind: "term", axes: [dim], expr: build.ones(dim) });

function operandOf(reader: Reader, f: Factor, depth: number): Operand | undefined {
  const labels = labelsOf(f.slots);
  const axes = f.base.axes.filter((_, i) => typeof f.slots[i] === "number");
  const { below, size } = splitSign(f.exponent);
  const reading =
    f.base.axes.length > 2 ? undefined : labels.length < f.slots.length ? readEntry(reader, f.base, f.slots) : readBase(reader, f.base);
  if (reading !== undefined) {
    const raised = raise(reader, reading, size);
    if (raised === undefined) return undefined;
    return { array: asArray(below ? quotientReading(undefined, raised) : raised, axes), labels };
  }
  if (labels.length < f.slots.length || f.exponent.symbolic !== undefined) return undefined;
  const inner = baseArray(reader, f, depth);
  if (inner === undefined) return undefined;
  const { rational } = f.exponent;
  return { array: isOne(rational) ? inner : { kind: "call", axes, name: "power", args: [inner], power: rational }, labels };
}

function baseArray(reader: Reader, f: Factor, depth: number): EinsumArray | undefined {
  const { base } = f;
  switch (base.kind) {
    case "sum":
    case "group":
    case "part":
      return sumOf(reader, base.tensor, depth + 1);
    case "function": {
      const kind = indicatorKind(base.rules);
      const { info } = base.rules;
      if (kind === undefined && reader.find(info.name) === undefined) return undefined;
      if (kind === undefined && !info.elementwise) {
        const written = base.args.map((a) => reader.read(a)?.fwd ?? writeWhole(a, { reader, taken: namesIn(base.names) }));
        return written.some((e) => e === undefined)
          ? undefined
          : { kind: "term", axes: base.axes, expr: build.call(info, written as Expr[]) };
      }
      const args = base.args.map((a) => sumOf(reader, a, depth + 1));
      if (args.some((a) => a === undefined)) return undefined;
      return { kind: "call", axes: base.axes, name: kind ?? base.rules.info.name, args: args as EinsumArray[] };
    }
    case "block":
      return { kind: "term", axes: base.axes, expr: selection(base.axes[0] as Dim, base.axes[1] as Dim, base.offset) };
    case "fuse":
      return { kind: "fuse", axes: base.axes };
    default:
      return undefined;
  }
}

/** NumPy code of the array. */
export const einsumCode = (array: EinsumArray): string => codeOf(array).text;

interface Code {
  readonly text: string;
  /** A sum, a product or something with a sign in front: brackets keep it together. */
  readonly loose: boolean;
}

const tight = (c: Code): string => (c.loose ? `(${c.text})` : c.text);

function codeOf(array: EinsumArray): Code {
  switch (array.kind) {
    case "term":
      return { text: numpyCode(array.expr), loose: isSum(array.expr) };
    case "call": {
      const args = array.args.map((a) => codeOf(a).text);
      const [first] = args;
      if (array.power !== undefined) return { text: `np.power(${first}, ${array.power.n}/${array.power.d})`, loose: false };
      if (array.name === "positive" || array.name === "zero")
        return { text: `(${first} ${array.name === "positive" ? ">" : "=="} 0)`, loose: false };
      return { text: numpyCall(array.name, args), loose: false };
    }
    case "fuse": {
      const [fused, outer, inner] = array.axes.map(dimCode);
      return { text: `np.eye(${fused}).reshape(${fused}, ${outer}, ${inner})`, loose: false };
    }
    case "sum":
      return sumCode(array.axes, array.terms);
  }
}

const isSum = (e: Expr): boolean => e.kind === "apply" && (e.op === "add" || e.op === "neg");

function sumCode(axes: readonly Dim[], terms: readonly Product[]): Code {
  const [first, ...more] = terms.map((t) => productCode(t, axes.length));
  if (first === undefined) return { text: `np.zeros((${axes.map(dimCode).join(", ")}))`, loose: false };
  const text = more.reduce((sum, t) => (t.text.startsWith("-") ? `${sum} - ${t.text.slice(1)}` : `${sum} + ${t.text}`), first.text);
  return { text, loose: more.length > 0 || first.loose };
}

/** Letters for labels; NumPy takes 52. */
const LETTERS = [...INDEX_LETTERS, ..."mnotwxyzdefABCDEFGHIJKLMNOPQRSTUVWXYZ"];

function productCode({ scale, operands }: Product, rank: number): Code {
  const letter = (l: number): string => LETTERS[l] ?? "?";
  const number = numpyCode(scale);
  const result = Array.from({ length: rank }, (_, i) => letter(i)).join("");
  const [only, ...more] = operands;
  const plain = only !== undefined && more.length === 0 && only.labels.map(letter).join("") === result;
  const body =
    only === undefined
      ? undefined
      : plain
        ? tight(codeOf(only.array))
        : `np.einsum('${operands.map((o) => o.labels.map(letter).join("")).join(",")}->${result}', ${operands.map((o) => codeOf(o.array).text).join(", ")})`;
  if (body === undefined) return { text: number, loose: true };
  if (number === "1") return { text: body, loose: body.startsWith("-") };
  if (number === "-1") return { text: `-${body}`, loose: true };
  const front = isApply(scale, "add") ? `(${number})` : number;
  return { text: `${front} * ${body}`, loose: true };
}
