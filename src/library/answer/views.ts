// The views of an answer as texts: differential, entries, vec form, einsum code.
//
// Not here: how they are found (src/calculus) and whether they are right (numbers/verify.ts).

import { attempt } from "../../base/diagnostic.ts";
import { along, alongEach, arrangeShape, type Direction } from "../../calculus/directional.ts";
import { type EinsumArray, einsumCode } from "../../calculus/einsum.ts";
import type { Label } from "../../calculus/entries.ts";
import { axesOf, type By } from "../../calculus/higher.ts";
import { freeName } from "../../calculus/names.ts";
import {
  einsumForm,
  type IndexForm,
  indexForm,
  namesInUse,
  type ReadingChoice,
  type Written,
  writeArranged,
} from "../../calculus/views.ts";
import { differentialAttributes } from "../../expr/attributes.ts";
import { variable } from "../../expr/build.ts";
import type { Expr, Index, Variable } from "../../expr/expr.ts";
import { isMatrixShape, isScalarShape } from "../../expr/shape.ts";
import { type Format, print } from "../../print/print.ts";
import type { Tensor } from "../../tensor/form/tensor.ts";
import type { Stated } from "../question/state.ts";

/** The ways in which a derivative of any number of axes can be shown. */
export const VIEWS = ["differential", "index", "vec", "einsum"] as const;
/** A further form of an answer. */
export type ViewName = (typeof VIEWS)[number];

/** One view of an answer; einsum is NumPy code in every format. */
export interface View {
  readonly name: ViewName;
  readonly ascii: string;
  readonly unicode: string;
  readonly latex: string;
}

/** A view with what it is made of, to be checked. */
export type MadeView =
  | { readonly view: View; readonly kind: "differential"; readonly expr: Expr; readonly directions: readonly Direction[] }
  | { readonly view: View; readonly kind: "index"; readonly form: IndexForm }
  | { readonly view: View; readonly kind: "vec"; readonly expr: Expr }
  | { readonly view: View; readonly kind: "einsum"; readonly array: EinsumArray };

/** What is shown: the derivative of a stated term by each of `by` in turn, and its normal form. */
export interface Shown {
  readonly stated: Stated;
  readonly by: readonly By[];
  readonly tensor: Tensor;
  /** The answer, where it is in vec form itself. */
  readonly written?: Written;
}

/** Names in the user's order and every name in use. */
export const readingChoice = ({ library, variables, definitions, dims }: Stated): ReadingChoice => ({
  library,
  names: variables.map((v) => v.name),
  taken: [...namesInUse(variables), ...definitions.map((d) => d.name), ...dims],
});

/** The views that exist among those wanted; one that cannot be written is left out. */
export function makeViews(shown: Shown, wanted: readonly ViewName[]): MadeView[] {
  const makers: Record<ViewName, (s: Shown) => MadeView | undefined> = { differential, index, vec, einsum };
  return VIEWS.filter((name) => wanted.includes(name)).flatMap((name) => {
    const made = attempt(() => makers[name](shown));
    return made === undefined ? [] : [made];
  });
}

type Texts = Record<Format, string>;

const FORMATS: readonly Format[] = ["ascii", "unicode", "latex"];
const texts = (text: (format: Format) => string): Texts => Object.fromEntries(FORMATS.map((f) => [f, text(f)])) as Texts;
const printed = (e: Expr, { library }: Stated, taken: Iterable<string> = []): Texts =>
  texts((format) => print(e, { format, functions: library.functions, shapeKnown: format !== "ascii", taken }));

/** d of a variable: `dX`, moving among matrices of the same kind. */
export function differentialOf(v: Variable, taken: ReadonlySet<string>): Variable {
  return variable(freeName([`d${v.name}`, `Δ${v.name}`], taken), v.shape, differentialAttributes(v));
}

/** The texts of a formula in which d of a variable is set as such. */
export function withDifferentials(e: Expr, stated: Stated, moves: readonly Direction[]): Texts {
  const own = printed(e, stated, [...readingChoice(stated).taken, ...moves.flatMap((m) => (m.along.kind === "var" ? [m.along.name] : []))]);
  let { latex } = own;
  for (const { variable: v, along: d } of moves) {
    const [from, to] = [printed(d, stated).latex, printed(v, stated).latex];
    latex = latex.replaceAll(from, `\\mathrm{d}${to}`);
  }
  return { ...own, latex };
}

/** A name for the value of a term: its own where it has one. */
export function valueName(stated: Stated): string {
  const { written } = stated;
  if (written.kind === "var") return written.name;
  const wanted = isScalarShape(written.shape) ? ["f", "g", "h"] : isMatrixShape(written.shape) ? ["Y", "Z", "F"] : ["y", "z", "u"];
  return freeName(wanted, new Set(readingChoice(stated).taken));
}

function differential({ stated, by }: Shown): MadeView | undefined {
  const choice = readingChoice(stated);
  const taken = new Set(choice.taken);
  if (by.some((b) => b.at !== undefined)) return undefined;
  const moves = by.map(({ variable: v }): Direction => ({ variable: v, along: differentialOf(v, taken) }));
  const first = by.length === 1;
  const tensor = first
    ? along(stated.expr, moves, stated.library)
    : alongEach(
        stated.expr,
        by,
        moves.map((m) => m.along),
        stated.library,
      );
  const { expr, notation } = writeArranged(tensor, arrangeShape(stated.expr.shape), {
    ...choice,
    names: [...choice.names, ...moves.flatMap((m) => (m.along.kind === "var" ? [m.along.name] : []))],
  });
  if (notation === "entries") return undefined;
  const body = withDifferentials(expr, stated, moves);
  const name = valueName(stated);
  const order = by.length;
  const value = printed(variable(name, stated.expr.shape), stated).latex;
  const view: View = {
    name: "differential",
    ascii: `d${first ? "" : order}${name} = ${body.ascii}`,
    unicode: `d${first ? "" : superscript(order)}${name} = ${body.unicode}`,
    latex: `\\mathrm{d}${first ? "" : `^{${order}}`}${value} = ${body.latex}`,
  };
  return { kind: "differential", view, expr, directions: moves };
}

/** A small number raised. */
export const superscript = (n: number): string => [...`${n}`].map((d) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(d)]).join("");

function index({ stated, by, tensor }: Shown): MadeView | undefined {
  const choice = readingChoice(stated);
  const name = valueName(stated);
  const inUse = { ...choice, taken: [...choice.taken, name] };
  const form = indexForm(tensor, inUse);
  if (form === undefined) return undefined;
  const labels = form.labels.map((l) => l.name);
  const { unicode, latex } = printed(form.body, stated, labels);
  const { ascii } = printed(indexForm(tensor, inUse, { delta: "delta" })?.body ?? form.body, stated);
  const entry = entryOf(name, form.labels, by);
  const view: View = {
    name: "index",
    ascii: `${quotient(entry, "d", `${entry.below.length}`)} = ${ascii}`,
    unicode: `${quotient(entry, "∂", superscript(entry.below.length))} = ${unicode}`,
    latex: `${latexQuotient(entry, stated)} = ${latex}`,
  };
  return { kind: "index", view, form };
}

/** An entry of a derivative: of the value at some labels, by each variable at others. */
interface DerivativeEntry {
  readonly name: string;
  readonly own: readonly Label[];
  readonly below: readonly { readonly by: By; readonly labels: readonly Label[] }[];
}

/** The labels of a derivative given to the value and to each variable in turn. */
function entryOf(name: string, labels: readonly Label[], by: readonly By[]): DerivativeEntry {
  const rest = [...labels];
  const own = rest.splice(0, labels.length - by.reduce((sum, b) => sum + axesOf(b), 0));
  return { name, own, below: by.map((b) => ({ by: b, labels: rest.splice(0, axesOf(b)) })) };
}

/** ∂²y[i]/∂x[j]∂x[k] with the sign and the raised order given. */
function quotient({ name, own, below }: DerivativeEntry, sign: string, order: string): string {
  const bottom = below.map(({ by, labels }) => `${sign}${by.variable.name}${bracketed(placed(by, labels))}`);
  return `${sign}${below.length === 1 ? "" : order}${name}${bracketed(named(own))}/${bottom.join("")}`;
}

function latexQuotient({ name, own, below }: DerivativeEntry, { expr }: Stated): string {
  const latexOf = (n: string, shape: Variable["shape"], place: string): string =>
    `${print(variable(n, shape), { format: "latex" })}${place === "" ? "" : `_{${place}}`}`;
  const bottom = below.map(({ by, labels }) => `\\partial ${latexOf(by.variable.name, by.variable.shape, placed(by, labels))}`);
  const order = below.length === 1 ? " " : `^{${below.length}} `;
  return `\\frac{\\partial${order}${latexOf(name, expr.shape, named(own))}}{${bottom.join("\\,")}}`;
}

const bracketed = (place: string): string => (place === "" ? "" : `[${place}]`);
const named = (labels: readonly Label[]): string => labels.map((l) => l.name).join(",");

/** `j,k` of a variable, `2,3` of an entry that is differentiated by, `2,k` of a row with its label. */
function placed({ variable: v, at: place }: By, labels: readonly Label[]): string {
  if (place === undefined) return named(labels);
  const sides = [v.shape.rows, v.shape.cols];
  const rest = labels.map((l) => l.name);
  const words = place.flatMap((i: Index, side) =>
    sides[side]?.key === "1" ? [] : [i.kind === "position" ? i.at.key : i.kind === "bound" ? i.name : rest.shift()],
  );
  return words.join(",");
}

function vec({ stated, by, tensor, written }: Shown): MadeView | undefined {
  const own = tensor.axes.length - by.map(axesOf).reduce((a, b) => a + b, 0);
  const all = tensor.axes.map((_, i) => i);
  const last = axesOf(by[by.length - 1] as By);
  const cut = by.length === 1 ? own : all.length - last;
  const arranged = { rows: all.slice(0, cut), cols: all.slice(cut) };
  const { expr, notation } = written ?? writeArranged(tensor, arranged, readingChoice(stated));
  if (notation === "entries" && tensor.axes.length > 2) return undefined;
  return { kind: "vec", view: { name: "vec", ...printed(expr, stated) }, expr };
}

function einsum({ stated, tensor }: Shown): MadeView | undefined {
  const array = einsumForm(tensor, readingChoice(stated));
  if (array === undefined) return undefined;
  const code = einsumCode(array);
  return { kind: "einsum", view: { name: "einsum", ascii: code, unicode: code, latex: code }, array };
}
