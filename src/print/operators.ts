// How each structural operator is put into words: one row an operator, for all formats.
// What differs between formats is asked of the spelling table.
//
// Not here: constants (constants.ts) and cases (cases.ts), where brackets go (piece.ts), which form of an argument suits its
// surroundings (forms.ts), and the leaves of a term (print.ts).

import { superscript } from "../../grammar/glyphs.ts";
import { isInteger as isWhole, negate as minus, type Rational, sign, toNumber } from "../base/rational.ts";
import { type Apply, type Expr, unexpanded } from "../expr/expr.ts";
import type { Comparison, OperatorName } from "../expr/operators.ts";
import { isColumnShape, isMatrixShape, isRowShape, isScalarShape, type Shape, scalarShape, transposeShape } from "../expr/shape.ts";
import { branches, weighted } from "./cases.ts";
import { commutation, filled, identity, unitVector, widen } from "./constants.ts";
import { broadcast, type Forms, indicesOf, mapForms, plain } from "./forms.ts";
import {
  add,
  atom,
  brackets,
  callPiece,
  caret,
  integer,
  negate,
  type Piece,
  piece,
  product,
  scripted,
  stack,
  tight,
  transposePiece,
  whole,
} from "./piece.ts";
import { LEVEL, type Style } from "./spelling.ts";

type Row = (node: Apply, args: readonly Forms[], style: Style) => Forms;

const first = (args: readonly Forms[]): Forms => args[0] as Forms;
const second = (args: readonly Forms[]): Forms => args[1] as Forms;
const argument = (node: Apply, i: number): Expr => node.args[i] as Expr;
const shapesOf = (node: Apply): Shape[] => node.args.map((a) => a.shape);

/** Superscripts stand for whole exponents of at most this size. */
const LARGEST_SUPERSCRIPT = 99;

const OPPOSITE: Readonly<Record<Comparison, Comparison>> = { gt: "le", le: "gt", ge: "lt", lt: "ge", eq: "ne", ne: "eq" };

// biome-ignore format: a table is read by columns
export const OPERATOR_ROWS = {
  add:         sum,
  neg:         (_, args, { spelling }) => mapForms(first(args), (p) => negate(p, spelling)),
  mul:         matrixProduct,
  div:         (_, args, style) => mapForms(first(args), (p) => quotient(p, second(args).wide, p.shape, style), [second(args)]),
  pow:         power,
  hadamard:    elementwiseProduct,
  hdiv:        elementwiseQuotient,
  hpow:        elementwisePower,
  expand:      (node, args, style) => ({ ...widen(first(args).wide, node.shape, style), narrow: first(args).wide, sized: false, ...indicesOf(args) }),
  transpose:   transposed,
  sum:         named("sum"),
  tr:          named("tr"),
  diag:        named("diag"),
  dot:         dotProduct,
  kron:        (node, args, style) => (style.spelling.kron === "" ? named("kron")(node, args, style) : plain(tight(first(args).wide, style.spelling.kron, second(args).wide, node.shape, style.spelling), args)),
  vec:         named("vec"),
  reshape:     reshaped,
  vcat:        (node, args, style) => (args.length === 1 ? first(args) : plain(stack(args.map((a) => a.cells ?? [a.wide]), node.shape, style.spelling), args)),
  hcat:        (node, args, style) => (args.length === 1 ? first(args) : { ...plain(stack([args.map((a) => a.wide)], node.shape, style.spelling), args), cells: args.map((a) => a.wide) }),
  ones:        (node, _, style) => filled("ones", node.shape, style),
  zeros:       (node, _, style) => filled("zeros", node.shape, style),
  eye:         (node, _, style) => identity(node.shape, style),
  unit:        (node, _, style) => plain(unitVector(node, style), [], true),
  commutation: (node, _, style) => plain(commutation(node, style), [], true),
  gt:          comparison("gt"),
  ge:          comparison("ge"),
  lt:          comparison("lt"),
  le:          comparison("le"),
  eq:          comparison("eq"),
  ne:          comparison("ne"),
  cases:       (node, args, style) => plain(style.format === "ascii" ? weighted(node, args, style) : branches(node, args, style), args),
} as const satisfies Record<OperatorName, Row>;

function named(name: string): Row {
  return (node, args, style) => {
    const pieces = args.map((a) => a.wide);
    const word = style.format === "latex" ? `\\operatorname{${name}}` : name;
    return plain(callPiece(word, pieces, node.shape, style.spelling), args);
  };
}

function reshaped(node: Apply, args: readonly Forms[], style: Style): Forms {
  const sizes = node.params.map((d) => atom(style.size(d), scalarShape()));
  const word = style.format === "latex" ? "\\operatorname{reshape}" : "reshape";
  return plain(callPiece(word, [first(args).wide, ...sizes], node.shape, style.spelling), args, true);
}

function sum(node: Apply, args: readonly Forms[], style: Style): Forms {
  const build = (pieces: readonly Piece[], narrow: boolean): Piece =>
    pieces.reduce((left, right) => add(left, right, narrow ? scalarShape() : node.shape, style.spelling));
  return args.length === 1 ? first(args) : broadcast(args, shapesOf(node), build, (narrow) => widen(narrow, node.shape, style));
}

function matrixProduct(node: Apply, args: readonly Forms[], style: Style): Forms {
  const [a, b] = [first(args), second(args)];
  const [left, right] = [argument(node, 0).shape, argument(node, 1).shape];
  const times = (p: Piece, q: Piece, shape: Shape): Piece => product(p, "mul", q, shape, style.spelling);
  if (isScalarShape(left)) return mapForms(b, (p) => times(a.wide, p, p.shape), [a]);
  if (isScalarShape(right)) return mapForms(a, (p) => times(p, b.wide, p.shape), [b]);
  // A neighbour settles the inner size of a constant; the outer one must be known otherwise.
  const squareA = a.settled !== undefined && isMatrixShape(left);
  const squareB = b.settled !== undefined && isMatrixShape(right);
  const p = b.sized && (squareA || isRowShape(left)) ? (a.settled ?? a.wide) : a.wide;
  const q = a.sized && (squareB || isColumnShape(right)) ? (b.settled ?? b.wide) : b.wide;
  const rowsKnown = a.sized || squareA || isRowShape(left);
  const colsKnown = b.sized || squareB || isColumnShape(right);
  return plain(times(p, q, node.shape), args, isScalarShape(node.shape) || ((a.sized || b.sized) && rowsKnown && colsKnown));
}

function quotient(a: Piece, b: Piece, shape: Shape, { format, spelling }: Style): Piece {
  if (format !== "latex") return product(a, "div", b, shape, spelling);
  const lead = a.minus && a.level >= LEVEL.entrywise;
  const above = lead ? a.text : whole(a, spelling);
  return piece(`\\frac{${above}}{${whole(b, spelling)}}`, LEVEL.power, shape, { minus: lead, tall: true });
}

/** An exact number. */
export function number(value: Rational, style: Style): Piece {
  const size = sign(value) < 0 ? minus(value) : value;
  const digits = integer(`${size.n}`);
  if (isWhole(size)) return sign(value) < 0 ? negate(digits, style.spelling) : digits;
  // As a factor behind another it keeps its brackets: x*(1/2).
  const { factors: _, ...fraction } = quotient(digits, integer(`${size.d}`), scalarShape(), style);
  return sign(value) < 0 ? negate(fraction, style.spelling) : fraction;
}

function power(node: Apply, args: readonly Forms[], style: Style): Forms {
  return plain(powerPiece(first(args).wide, second(args).wide, argument(node, 1), node.shape, style), args);
}

function powerPiece(base: Piece, exponent: Piece, written: Expr, shape: Shape, style: Style): Piece {
  const s = style.spelling;
  const k = written.kind === "num" && isWhole(written.value) ? toNumber(written.value) : undefined;
  if (style.format === "latex") return scripted(base, `^{${whole(exponent, s)}}`, shape, s);
  if (k !== undefined && k < 0 && !isScalarShape(shape) && style.format === "ascii") {
    const inverse = callPiece("inv", [base], shape, s);
    return k === -1 ? inverse : caret(inverse, "^", integer(`${-k}`), shape, s);
  }
  const raised = k !== undefined && Math.abs(k) <= LARGEST_SUPERSCRIPT && style.format === "unicode" ? superscript(`${k}`) : undefined;
  return raised === undefined ? caret(base, "^", exponent, shape, s) : scripted(base, raised, shape, s);
}

function elementwiseProduct(node: Apply, args: readonly Forms[], style: Style): Forms {
  return broadcast(
    args,
    shapesOf(node),
    ([a, b], narrow) => {
      const scalar = isScalarShape((a as Piece).shape) || isScalarShape((b as Piece).shape);
      return product(a as Piece, scalar ? "mul" : "hadamard", b as Piece, narrow ? scalarShape() : node.shape, style.spelling);
    },
    (narrow) => widen(narrow, node.shape, style),
  );
}

function elementwiseQuotient(node: Apply, args: readonly Forms[], style: Style): Forms {
  return broadcast(
    args,
    shapesOf(node),
    ([a, b], narrow) =>
      isScalarShape((b as Piece).shape)
        ? quotient(a as Piece, b as Piece, narrow ? scalarShape() : node.shape, style)
        : product(a as Piece, "hdiv", b as Piece, node.shape, style.spelling),
    (narrow) => widen(narrow, node.shape, style),
  );
}

function elementwisePower(node: Apply, args: readonly Forms[], style: Style): Forms {
  const s = style.spelling;
  return broadcast(
    args,
    shapesOf(node),
    ([a, b], narrow) => {
      const [base, exponent] = [a as Piece, b as Piece];
      if (narrow || isScalarShape(node.shape)) return powerPiece(base, exponent, unexpanded(argument(node, 1)), scalarShape(), style);
      if (style.format === "latex")
        return scripted(base, `^{\\odot ${whole(exponent.level === LEVEL.sum ? brackets(exponent, s) : exponent, s)}}`, node.shape, s);
      return caret(base.integer ? brackets(base, s) : base, ".^", exponent, node.shape, s);
    },
    (narrow) => widen(narrow, node.shape, style),
  );
}

function transposed(node: Apply, args: readonly Forms[], style: Style): Forms {
  if (isScalarShape(node.shape)) return first(args);
  return mapForms(first(args), (p) => (isScalarShape(p.shape) ? p : transposePiece(p, node.shape, style.spelling)));
}

function dotProduct(node: Apply, args: readonly Forms[], style: Style): Forms {
  const [left, right] = [argument(node, 0).shape, argument(node, 1).shape];
  const s = style.spelling;
  const a = second(args).sized ? (first(args).settled ?? first(args).wide) : first(args).wide;
  const b = first(args).sized ? (second(args).settled ?? second(args).wide) : second(args).wide;
  const piece = (): Piece => {
    if (isScalarShape(left) && isScalarShape(right)) return product(a, "mul", b, node.shape, s);
    if (style.format !== "ascii") {
      if (!isMatrixShape(left)) return tight(a, s.dot, b, node.shape, s);
      return style.format === "latex"
        ? atom(`\\left\\langle ${whole(a, s)}, ${whole(b, s)} \\right\\rangle`, node.shape, { head: "other" })
        : callPiece("dot", [a, b], node.shape, s);
    }
    if (isMatrixShape(left)) return callPiece("sum", [product(a, "hadamard", b, left, s)], node.shape, s);
    const row = isRowShape(left) ? a : transposePiece(a, transposeShape(left), s);
    const column = isRowShape(right) ? transposePiece(b, transposeShape(right), s) : b;
    return product(row, "mul", column, node.shape, s);
  };
  return plain(piece(), args, true);
}

function comparison(op: Comparison): Row {
  return (node, args, style) => {
    const s = style.spelling;
    const build = (pieces: readonly Piece[], narrow: boolean): Piece => {
      const [a, b] = pieces.map((p) => (p.level === LEVEL.comparison ? brackets(p, s) : p)) as [Piece, Piece];
      const shape = narrow ? scalarShape() : node.shape;
      const compare = (by: Comparison): Piece =>
        piece(whole(a, s) + s.comparison[by] + whole(b, s), LEVEL.comparison, shape, { tall: a.tall || b.tall });
      return { ...compare(op), complement: compare(OPPOSITE[op]) };
    };
    return broadcast(args, shapesOf(node), build, (narrow) => widen(narrow, node.shape, style));
  };
}
