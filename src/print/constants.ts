// Constant vectors and matrices in words: ones, zeros, identities, unit vectors, commutation
// matrices; and a number in every entry.
//
// Invariant: a glyph without a size stands only where the surroundings settle the size.

import { dimConstant } from "../expr/dim.ts";
import type { Apply } from "../expr/expr.ts";
import { isColumnShape, isMatrixShape, isRowShape, isScalarShape, type Shape, transposeShape } from "../expr/shape.ts";
import { type Forms, mapForms, plain } from "./forms.ts";
import { atom, integer, isInteger, type Piece, product, stack, transposePiece } from "./piece.ts";
import type { Style } from "./spelling.ts";

/** Of at most this length a unit vector is written out. */
const LONGEST_WRITTEN_UNIT = 8;

/** A number in every entry of a shape, said in full. */
export function widen(scalar: Piece, shape: Shape, style: Style): { wide: Piece; settled?: Piece } {
  if (isScalarShape(shape)) return { wide: scalar };
  for (const [digit, name] of [
    ["1", "ones"],
    ["0", "zeros"],
  ] as const)
    if (isInteger(scalar, digit)) return filled(name, shape, style);
  const { wide, settled } = mapForms(filled("ones", shape, style), (p) => product(scalar, "mul", p, shape, style.spelling));
  return settled === undefined ? { wide } : { wide, settled };
}

/** Ones or zeros of a shape. */
export function filled(name: "ones" | "zeros", shape: Shape, style: Style): Forms {
  const s = style.spelling;
  if (isScalarShape(shape)) return plain(integer(name === "ones" ? "1" : "0"), [], true);
  if (isRowShape(shape)) return mapForms(filled(name, transposeShape(shape), style), (p) => transposePiece(p, shape, s));
  const sizes = isColumnShape(shape) ? [shape.rows] : [shape.rows, shape.cols];
  const texts = sizes.map(style.size);
  const glyph = s.settled[name];
  const wide = style.format === "latex" ? `${glyph}_{${texts.join(" \\times ")}}` : `${name}(${texts.join(",")})`;
  return { wide: atom(wide, shape), ...(glyph === "" || isMatrixShape(shape) ? {} : { settled: atom(glyph, shape) }), sized: false };
}

/** The identity, a number 1 where it has one entry. */
export function identity(shape: Shape, style: Style): Forms {
  if (isScalarShape(shape)) return plain(integer("1"), [], true);
  const size = style.size(shape.rows);
  const glyph = style.spelling.settled.eye;
  const wide = atom(style.format === "latex" ? `${glyph}_{${size}}` : `eye(${size})`, shape);
  return {
    wide,
    ...(glyph === "" || style.taken.has(glyph) ? {} : { settled: atom(glyph, shape, { callable: style.format !== "latex" }) }),
    sized: false,
  };
}

/** A unit vector; in ASCII a short one is written out: every reader knows [0; 1; 0]. */
export function unitVector(node: Apply, style: Style): Piece {
  const [size, position] = node.params.map(dimConstant);
  if (style.format === "ascii" && size !== undefined && position !== undefined && size <= LONGEST_WRITTEN_UNIT)
    return stack(
      Array.from({ length: size }, (_, i) => [integer(i + 1 === position ? "1" : "0")]),
      node.shape,
      style.spelling,
    );
  const [n, k] = node.params.map(style.size);
  return atom(style.format === "latex" ? `\\mathbf{e}_{${k}}` : `unit(${n},${k})`, node.shape);
}

/** K(m,n), by its whole name where K is taken. */
export function commutation(node: Apply, style: Style): Piece {
  const [m, n] = node.params.map(style.size);
  if (style.format === "latex") return atom(`\\mathbf{K}_{${m},${n}}`, node.shape);
  return atom(`${style.taken.has("K") ? "commutation" : "K"}(${m},${n})`, node.shape);
}
