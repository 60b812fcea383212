// What the conventions for derivatives are called. What they mean: src/calculus/layout.ts and
// src/calculus/symmetry.ts; in numbers src/numeric/arrange.ts.

/** The layouts that a derivative can be asked in. */
export const LAYOUTS = ["numerator", "denominator", "mixed", "vec"] as const;
/** Which axes of a derivative are rows and which are columns. */
export type Layout = (typeof LAYOUTS)[number];

/** The conventions for a symmetric variable. */
export const SYMMETRIES = ["symmetric", "entries", "free"] as const;
/** What a derivative by a symmetric matrix is made of. */
export type Symmetry = (typeof SYMMETRIES)[number];
