// What variables may be declared with, and what is known of each attribute: one row of a table.
//
// Invariant: a row holds for values of every size. Not here: values with an attribute, which are
// drawn in src/numeric/draw.ts, and the laws of products, which are in src/tensor/product/attributes.ts.

interface AttributeFacts<Name extends string> {
  /** What it speaks of: each entry by itself, entries in relation to each other, the matrix as a whole, or no value. */
  readonly of: "each" | "together" | "whole" | "nothing";
  /** What leaves it true: linear combinations, multiples other than 0, positive multiples, or none of these. */
  readonly under: "sums" | "multiples" | "positive multiples" | "nothing";
  /** Whether only a square matrix has it. */
  readonly square?: true;
  /** What follows from it, without what follows from that in turn. */
  readonly implies?: readonly Name[];
}

// biome-ignore format: a table is read by columns
const TABLE = {
  positive:   { of: "each",     under: "positive multiples", implies: ["nonzero"] },                            // > 0
  nonzero:    { of: "each",     under: "multiples" },                                                           // ≠ 0
  unit:       { of: "each",     under: "nothing" },                                                             // in (−1, 1)
  unitnorm:   { of: "together", under: "nothing" },                                                             // a vector of length 1
  symmetric:  { of: "together", under: "sums",               square: true },
  skew:       { of: "together", under: "sums",               square: true },
  posdef:     { of: "together", under: "positive multiples", square: true, implies: ["symmetric", "invertible"] }, // symmetric positive definite
  orthogonal: { of: "together", under: "nothing",            square: true, implies: ["invertible"] },
  diagonal:   { of: "together", under: "sums",               square: true, implies: ["symmetric", "lower", "upper"] },
  lower:      { of: "together", under: "sums" },
  upper:      { of: "together", under: "sums" },
  idempotent: { of: "together", under: "nothing",            square: true },
  invertible: { of: "whole",    under: "multiples",          square: true },
  constant:   { of: "nothing",  under: "multiples" },
} as const satisfies Readonly<Record<string, AttributeFacts<string>>>;

/** What a variable may be declared with: symmetric, positive, … */
export type Attribute = keyof typeof TABLE;

const FACTS: Readonly<Record<Attribute, AttributeFacts<Attribute>>> = TABLE;

/** All attributes, in the order in which they are listed. */
export const ATTRIBUTES = Object.keys(TABLE) as readonly Attribute[];

export const isAttribute = (word: string): word is Attribute => Object.hasOwn(TABLE, word);

interface Attributed {
  readonly attributes: readonly Attribute[];
}

/** Whether what has the first has the second. */
export const implies = (from: Attribute, attribute: Attribute): boolean =>
  from === attribute || (FACTS[from].implies ?? []).some((a) => implies(a, attribute));

/** Whether a variable has an attribute, declared or as a consequence of one that is. */
export const hasAttribute = ({ attributes }: Attributed, attribute: Attribute): boolean => attributes.some((a) => implies(a, attribute));

/** Whether a variable is its own transpose. */
export const isSymmetric = (v: Attributed): boolean => hasAttribute(v, "symmetric");

/** Whether only a square matrix has it. */
export const isOfSquares = (attribute: Attribute): boolean => FACTS[attribute].square === true;

/** Whether it binds entries to each other, so that none varies by itself. */
export const isBinding = (attribute: Attribute): boolean => FACTS[attribute].of === "together";

/** Whether linear combinations keep it: it describes a linear space. */
const isLinear = (attribute: Attribute): boolean => FACTS[attribute].under === "sums";

/** Whether all that is declared of a variable is true of its multiples, too: by numbers other than 0, or by positive ones alone. */
export const allowsMultiples = ({ attributes }: Attributed, by: "multiples" | "positive multiples"): boolean =>
  attributes.every((a) => isLinear(a) || FACTS[a].under === "multiples" || FACTS[a].under === by);

/** Whether each entry varies by itself: over all numbers, all but 0, or all that are positive. */
export const hasFreeEntries = (v: Attributed): boolean =>
  v.attributes.every((a) => FACTS[a].of === "each" || FACTS[a].of === "nothing") && allowsMultiples(v, "positive multiples");

/** Whether a variable moves among those of its kind in all the directions that its differential's attributes leave. */
export const hasFreeDifferential = ({ attributes }: Attributed): boolean =>
  attributes.every((a) => FACTS[a].of !== "together" || FACTS[a].under !== "nothing");

/**
 * What the differential of a variable has: those of its attributes that describe a linear space, and of
 * another what follows and does, so that a definite matrix moves among the symmetric ones.
 */
export const differentialAttributes = ({ attributes }: Attributed): Attribute[] =>
  attributes.flatMap((a) => (isLinear(a) ? [a] : (FACTS[a].implies ?? []).filter(isLinear)));
