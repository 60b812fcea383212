// The forms in which one term may stand, depending on what surrounds it.
//
// A scalar expanded to a vector prints as the bare scalar where a neighbour gives the
// size, and as s*ones(n) elsewhere; a constant prints as I or 1⃗ where a neighbour settles
// its size, and as eye(n) or ones(n) elsewhere. Invariant: each form is chosen once a
// node, by the operator above it, so a shared term stays shared.

import { isScalarShape, type Shape } from "../expr/shape.ts";
import type { Piece } from "./piece.ts";

/** The texts of one term, for the surroundings that it may stand in. */
export interface Forms {
  /** Has its shape in any surroundings. */
  readonly wide: Piece;
  /** 1×1 text for a term that is one number in every entry; needs a neighbour with the size. */
  readonly narrow?: Piece;
  /** Says nothing about its size; needs a neighbour that settles it. */
  readonly settled?: Piece;
  /** Whether the wide form's size follows from names in it, so that neighbours may lean on it. */
  readonly sized: boolean;
  /** The cells of a row, for the stack that it is a line of. */
  readonly cells?: readonly Piece[];
  /** Summation indices that occur free. */
  readonly indices?: readonly string[];
}

const NO_INDICES: readonly string[] = [];

/** A term that stands the same everywhere. */
export const plain = (wide: Piece, args: readonly Forms[] = [], sized = args.every((a) => a.sized)): Forms => ({
  wide,
  sized,
  ...indicesOf(args),
});

/** The summation indices that occur free in any of the arguments. */
export function indicesOf(args: readonly Forms[]): { indices?: readonly string[] } {
  const inner = args.filter((a) => a.indices !== undefined);
  if (inner.length === 0) return {};
  if (inner.length === 1) return { indices: inner[0]?.indices ?? NO_INDICES };
  return { indices: [...new Set(inner.flatMap((a) => a.indices ?? NO_INDICES))] };
}

/** The same change to every form of one argument; `others` are arguments that have one form. */
export function mapForms(a: Forms, change: (p: Piece) => Piece, others: readonly Forms[] = []): Forms {
  return {
    wide: change(a.wide),
    ...(a.narrow === undefined ? {} : { narrow: change(a.narrow) }),
    ...(a.settled === undefined ? {} : { settled: change(a.settled) }),
    sized: a.sized,
    ...indicesOf([a, ...others]),
  };
}

/**
 * An operator that expands numbers: `build` gets bare scalars wherever one argument keeps
 * the shape; where none does, the result is a number in every entry, and `widen` states it.
 */
export function broadcast(
  args: readonly Forms[],
  shapes: readonly Shape[],
  build: (pieces: readonly Piece[], narrow: boolean) => Piece,
  widen: (narrow: Piece) => { wide: Piece; settled?: Piece },
): Forms {
  const scalar = shapes.map(isScalarShape);
  const indices = indicesOf(args);
  if (!scalar.every(Boolean) && args.every((a, i) => scalar[i] || a.narrow !== undefined)) {
    const narrow = build(
      args.map((a, i) => (scalar[i] ? a.wide : (a.narrow as Piece))),
      true,
    );
    return { ...widen(narrow), narrow, sized: false, ...indices };
  }
  const sizes = args.filter((a, i) => !scalar[i] && a.sized).length;
  const pieces = args.map((a, i) => {
    if (scalar[i]) return a.wide;
    if (a.narrow !== undefined) return a.narrow;
    return sizes > (a.sized ? 1 : 0) ? (a.settled ?? a.wide) : a.wide;
  });
  return { wide: build(pieces, false), sized: sizes > 0 || scalar.every(Boolean), ...indices };
}
