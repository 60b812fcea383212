// What shape inference speaks about: places in a text, things with shapes, constraints.
//
// Only types: what operators ask is in shapes.ts, the propagation in propagate.ts, the messages in mismatch.ts.

import type { Span } from "../../base/span.ts";
import type { Dim } from "../../expr/dim.ts";
import type { Shape } from "../../expr/shape.ts";
import type { DimSolver } from "./dims.ts";

/** A place in one of the texts of a request. */
export interface Place {
  readonly source: string;
  readonly span: Span;
}

/** Something with a shape that a message can point at. */
export interface Shaped extends Place {
  readonly shape: Shape;
}

/** What an operator asks of shapes that are not all known yet. */
export interface Constraint {
  /** Shapes whose open dimensions it waits for. */
  readonly shapes: readonly Shape[];
  /** Draws what follows; true when nothing is left to find out. Throws an InputError on a contradiction. */
  readonly step: () => boolean;
  /** Takes the default reading where no name is left to decide. */
  readonly settle?: () => void;
  /** Its default waits until those of all others are taken. */
  readonly late?: boolean;
}

/** The shapes of one problem while they are being found. */
export interface Inference extends DimSolver {
  readonly one: Dim;
  /** The shape of a number. */
  readonly number: Shape;
  readonly scalar: (s: Shape) => "yes" | "no" | "open";
  readonly orientation: (s: Shape) => "scalar" | "column" | "row" | "matrix" | "open";
  readonly freshShape: () => Shape;
  /** The size of as many things of one size as another says: of the columns of a matrix one below the other, of a Kronecker product. */
  readonly nest: (outer: Dim, inner: Dim) => Dim;
  /** Takes up a constraint and steps it. */
  readonly require: (c: Constraint) => void;
  /** Unifies two shapes; where they cannot be equal, `otherwise` tells. Undecided parts are kept as a constraint. */
  readonly same: (a: Shape, b: Shape, otherwise: () => never) => void;
  readonly sameDim: (a: Dim, b: Dim, otherwise: () => never) => void;
  /** Steps everything that waits for something settled meanwhile. */
  readonly run: () => void;
  /** Takes the default reading of every constraint that still waits and has one, oldest first. */
  readonly settle: () => void;
}

/** What an operator between equal shapes is called in a message, and how it is written. */
export interface Meeting {
  readonly left: Shaped;
  readonly right: Shaped;
  readonly sign: string;
  readonly place: Place;
  /** Of r(x), where r is not declared: r, which may be meant as a function. */
  readonly called?: string;
}
