// What the conventions for derivatives are called. What they mean: src/calculus/layout.ts and
// src/calculus/symmetry.ts; in numbers src/numeric/arrange.ts.

/** The layouts that a derivative can be asked in. */
export const LAYOUTS = ["numerator", "denominator", "mixed", "vec"] as const;
export type Layout = (typeof LAYOUTS)[number];

/** The conventions for a symmetric variable. */
export const SYMMETRIES = ["symmetric", "entries", "free"] as const;
export type Symmetry = (typeof SYMMETRIES)[number];
