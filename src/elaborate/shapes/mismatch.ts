// Messages for shapes that do not fit: they name both sides with their shapes and, where
// there is one, what was probably meant. Every function throws an InputError.
//
// Dimensions still open are shown under free letters, as they would be in an answer.

import { SIGNS } from "../../../grammar/glyphs.ts";
import { type DiagnosticCode, InputError } from "../../base/diagnostic.ts";
import { type Dim, dimNames, dimOf, sameDim, substituteDim } from "../../expr/dim.ts";
import {
  describeShape,
  isColumnShape,
  isMatrixShape,
  isRowShape,
  isScalarShape,
  type Shape,
  sameShape,
  shapeText,
} from "../../expr/shape.ts";
import type { Inference, Meeting, Place, Shaped } from "./constraint.ts";
import { isMeta } from "./dims.ts";

/** What ^ is for, said where it stands at something else. */
export const POWER_TAKES = "^ takes a number or a square matrix";

/** An InputError that knows which of the texts of a request its span belongs to. */
export class PlacedError extends InputError {
  readonly source: string;
  constructor(place: Place, code: DiagnosticCode, message: string, fix?: string) {
    super(fix === undefined ? { code, message, span: place.span } : { code, message, span: place.span, fix });
    this.source = place.source;
  }
}

/** Ends the reading of an input with a diagnostic at a place. */
export function refuse(place: Place, code: DiagnosticCode, message: string, fix?: string): never {
  throw new PlacedError(place, code, message, fix);
}

const SHORT = 32;

/** What was written at a place, on one line, cut where it is long. */
export function written(place: Place): string {
  const text = full(place);
  return text.length > SHORT ? `${text.slice(0, SHORT - 1)}…` : text;
}

const full = (place: Place): string => place.source.slice(place.span.start, place.span.end).replace(/\s+/g, " ");

// As an operand: in parentheses unless it is one name, call or bracket.
function operand(place: Place): string {
  const text = full(place);
  return /^[\p{L}\p{N}_\p{M}]+(\([^()]*\))?'?$/u.test(text) || /^\([^()]*\)$/.test(text) ? text : `(${text})`;
}

// x'y, (A x)'(B x): letters may touch only where a sign parts them.
const transposed = (place: Place): string => {
  const text = operand(place);
  return /'$/.test(full(place)) ? full(place).slice(0, -1) : `${text}'`;
};

const LETTERS = ["n", "m", "k", "p", "q", "r", "s", "t"];

function shown(inf: Inference, shapes: readonly Shape[], near: string): Shape[] {
  const resolved = shapes.map((s) => inf.resolveShape(s));
  const used = new Set(resolved.flatMap((s) => [...dimNames(s.rows), ...dimNames(s.cols)]));
  const words = new Set(near.match(/[\p{L}\p{N}_]+/gu) ?? []);
  const free = LETTERS.filter((l) => !used.has(l) && !words.has(l));
  const names = new Map<string, Dim>();
  for (const n of used) if (isMeta(n)) names.set(n, dimOf(free.shift() ?? `d${names.size}`));
  return resolved.map((s) => ({ rows: substituteDim(s.rows, names), cols: substituteDim(s.cols, names) }));
}

// Two vectors of open length are shown with one length: it is not what keeps them apart.
function alignOpen(inf: Inference, [a, b]: readonly [Shape, Shape]): [Shape, Shape] {
  const [x, y] = [inf.resolveShape(a), inf.resolveShape(b)];
  const agree = (p: Dim, q: Dim): boolean => isMeta(p.key) && inf.compatible(p, q);
  if (isColumnShape(x) && isColumnShape(y)) return [agree(x.rows, y.rows) ? y : x, agree(y.rows, x.rows) && !agree(x.rows, y.rows) ? x : y];
  if (isRowShape(x) && isRowShape(y)) return [agree(x.cols, y.cols) ? y : x, agree(y.cols, x.cols) && !agree(x.cols, y.cols) ? x : y];
  return [x, y];
}

function both(inf: Inference, m: Meeting): { text: string; a: Shape; b: Shape } {
  const [a, b] = shown(inf, alignOpen(inf, [m.left.shape, m.right.shape]), full(m.place)) as [Shape, Shape];
  return { text: `${written(m.left)} is ${shapeText(a)} and ${written(m.right)} is ${shapeText(b)}`, a, b };
}

const short = (m: Meeting): boolean => full(m.left).length <= SHORT && full(m.right).length <= SHORT;
const some = (parts: readonly string[]): string | undefined => (parts.length === 0 ? undefined : parts.join(", "));

const SCALING: ReadonlySet<string> = new Set([".*", "⊙", "∘"]);

// A vector spread over the rows or the columns of a matrix, written out.
function spread(sign: string, vector: Shape, matrix: Shape, v: Place, M: string): string[] {
  const out: string[] = [];
  const fits = (d: Dim): boolean => sameDim(vector.rows, d);
  if (SCALING.has(sign)) {
    if (fits(matrix.rows)) out.push(`diag(${full(v)})*${M} scales the rows`);
    if (fits(matrix.cols)) out.push(`${M}*diag(${full(v)}) scales the columns`);
  } else if (sign === "+") {
    if (fits(matrix.cols)) out.push(`${M} + ones(${matrix.rows.key})*${transposed(v)} adds it to every row`);
    if (fits(matrix.rows)) out.push(`${M} + ${operand(v)}*ones(${matrix.cols.key})' adds it to every column`);
  }
  return out;
}

/** A message for every way in which shapes do not fit. */
export const mismatch = {
  /** a*b of shapes that do not chain. */
  product(inf: Inference, m: Meeting): never {
    const { text, a, b } = both(inf, m);
    const [x, y] = [operand(m.left), operand(m.right)];
    if (m.called !== undefined)
      refuse(
        m.place,
        "shape",
        `${m.called} is no function that is known, and ${text}: ${x} ${y} has no meaning`,
        `${m.called} : vector(n) -> vector(m) declares a function`,
      );
    const fixes: [text: string, kind: string][] = [];
    if (short(m)) {
      const kind = (rows: Dim, cols: Dim): string => {
        const s = { rows, cols };
        return isScalarShape(s) ? "a number" : isMatrixShape(s) ? "a matrix" : isRowShape(s) ? "a row" : "a vector";
      };
      const [xt, yt] = [transposed(m.left), transposed(m.right)];
      const gap = /['")\]]$/.test(xt) || /^[([]/.test(y) ? "" : "*";
      if (sameDim(a.rows, b.rows)) fixes.push([`${xt}${gap}${y}`, kind(a.cols, b.cols)]);
      if (sameShape(a, b)) fixes.push([`${x} ⊙ ${y}`, kind(a.rows, a.cols)]);
      if (sameDim(a.cols, b.cols)) fixes.push([`${x} ${yt}`, kind(a.rows, b.rows)]);
      if (sameDim(b.cols, a.rows) && !sameShape(a, b)) fixes.push([`${y}*${x}`, kind(b.rows, a.cols)]);
    }
    const inSpace = m.sign === SIGNS.times.unicode && isColumnShape(a) && isColumnShape(b);
    if (inSpace) fixes.push([`${x} : vector(3), ${y} : vector(3)`, "declares them for the cross product"]);
    const fix = some(fixes.map(([shown, what], i) => (i === 0 ? `${shown} is ${what}` : `${shown} ${what}`)));
    refuse(m.place, "shape", `${text}: ${m.sign === "" ? `${x} ${y}` : `${x}${m.sign}${y}`} has no meaning`, fix);
  },

  /** a + b, a ⊙ b, a < b, … of different shapes. */
  alike(inf: Inference, m: Meeting): never {
    const { text, a, b } = both(inf, m);
    const [x, y] = [operand(m.left), operand(m.right)];
    const fixes: string[] = [];
    if (short(m)) {
      const sides: [vector: Shape, matrix: Shape, v: Place, M: string][] = [
        [a, b, m.left, y],
        [b, a, m.right, x],
      ];
      for (const [vector, matrix, v, M] of sides)
        if (isColumnShape(vector) && isMatrixShape(matrix)) fixes.push(...spread(m.sign, vector, matrix, v, M));
      if (sameDim(a.rows, b.cols) && sameDim(a.cols, b.rows)) fixes.push(`${x} ${m.sign} ${transposed(m.right)}`);
    }
    refuse(m.place, "shape", `${text}: ${m.sign} needs equal shapes, or a number on one side`, some(fixes));
  },

  /** a·b of things without a dot product. */
  dot(inf: Inference, m: Meeting): never {
    const { text, a, b } = both(inf, m);
    const [x, y] = [operand(m.left), operand(m.right)];
    const fixes: string[] = [];
    if (short(m)) {
      if (sameDim(a.cols, b.rows) || (isMatrixShape(a) && !sameShape(a, b))) fixes.push(`${x}*${y} for the product`);
      if (sameShape(a, b)) fixes.push(`${x} : ${y} for the sum of the products of entries`);
      else if (isMatrixShape(b) && !isMatrixShape(a)) fixes.push(`${x}'*${y} is a row; brackets where more stands behind, as in u·(A v)`);
    }
    refuse(m.place, "shape", `${text}: the dot product takes two vectors of one length`, some(fixes));
  },

  /** a/b where b is not a number. */
  divide(inf: Inference, m: Meeting): never {
    const { text, a, b } = both(inf, m);
    const [x, y] = [operand(m.left), operand(m.right)];
    const fixes: string[] = [];
    if (short(m)) {
      if (isScalarShape(a) || sameShape(a, b)) fixes.push(`${x} ./ ${y} divides entry by entry`);
      if (sameDim(b.rows, b.cols) && sameDim(a.cols, b.rows)) fixes.push(`${x}*inv(${full(m.right)}) multiplies by the inverse`);
    }
    refuse(m.place, "shape", `${text}: / divides by a number only`, some(fixes));
  },

  /** A power of something that is neither a number nor square. */
  power(inf: Inference, base: Shaped, exponent: Place): never {
    const [s] = shown(inf, [base.shape], full(base)) as [Shape];
    const fix =
      full(base).length <= SHORT && full(exponent).length <= SHORT
        ? `${operand(base)}.^${operand(exponent)} raises every entry`
        : undefined;
    refuse(base, "shape", `${written(base)} is ${shapeText(s)}: ${POWER_TAKES}`, fix);
  },

  /** A \\ b where A is not square. */
  solve(inf: Inference, { left, right, place }: Meeting): never {
    const [s] = shown(inf, [left.shape], full(left)) as [Shape];
    const fix = full(left).length + full(right).length <= SHORT ? `pinv(${full(left)})*${operand(right)} solves least squares` : undefined;
    refuse(place, "shape", `${written(left)} is ${shapeText(s)}: \\ solves with a square matrix`, fix);
  },

  /** An argument that must be square. */
  square(inf: Inference, arg: Shaped, what: string): never {
    const [s] = shown(inf, [arg.shape], full(arg)) as [Shape];
    refuse(arg, "shape", `${what} takes a square matrix, and ${written(arg)} is ${shapeText(s)}`);
  },

  /** Something that must be a number. */
  number(inf: Inference, arg: Shaped, what: string, fix?: string): never {
    const [s] = shown(inf, [arg.shape], full(arg)) as [Shape];
    refuse(arg, "shape", `${what} must be a number, and ${written(arg)} is ${describeShape(s)}`, fix);
  },

  /** An argument of a function with stated shapes. */
  argument(inf: Inference, arg: Shaped, name: string, wanted: Shape, fix?: string): never {
    const [s] = shown(inf, [arg.shape], full(arg)) as [Shape];
    const what = isMatrixShape(wanted) ? (sameDim(wanted.rows, wanted.cols) ? "a square matrix" : "a matrix") : describeShape(wanted);
    refuse(arg, "shape", `${name} takes ${what}, and ${written(arg)} is ${shapeText(s)}`, fix);
  },

  /** Two arguments of a function that takes them of one shape. */
  sameShapes(inf: Inference, m: Meeting): never {
    refuse(m.place, "shape", `${both(inf, m).text}: ${m.sign} needs equal shapes`);
  },

  /** Parts of a bracket that do not line up. */
  stack(inf: Inference, m: Meeting, along: "rows" | "columns"): never {
    const { text } = both(inf, m);
    refuse(
      m.place,
      "shape",
      along === "rows"
        ? `${text}: parts side by side need equally many rows`
        : `${text}: parts on top of each other need equally many columns`,
    );
  },
};
