// Where functions are defined and differentiable, entry by entry or as a matrix, and what is known of each domain:
// one row of a table.
//
// Not here: how an answer states a domain (src/library/answer/conditions.ts).

import type { Attribute } from "./attributes.ts";

interface DomainFacts {
  /** Whether 0 lies in it. */
  readonly zero?: true;
  /** The attribute of a variable whose values lie in it. */
  readonly settledBy?: Attribute;
  /** Whether only the derivative of a function needs it: every matrix has a pseudoinverse. */
  readonly ofDerivative?: true;
}

// biome-ignore format: a table is read by columns
const TABLE = {
  real:                   { zero: true },
  positive:               {             settledBy: "positive" },
  nonzero:                {             settledBy: "nonzero" },
  unit:                   { zero: true, settledBy: "unit" },      // (−1, 1)
  fraction:               {},                                     // (0, 1)
  "above-one":            {},
  "above-minus-one":      { zero: true, settledBy: "positive" },
  invertible:             {             settledBy: "invertible" },
  "positive-determinant": {             settledBy: "posdef" },
  "positive-spectrum":    {             settledBy: "posdef" },    // no eigenvalues in (−∞, 0]
  "constant-rank":        {             settledBy: "invertible", ofDerivative: true },
  "full-rank":            {             settledBy: "invertible" },
  symmetric:              { zero: true, settledBy: "symmetric" },
  posdef:                 {             settledBy: "posdef" },
} as const satisfies Readonly<Record<string, DomainFacts>>;

/** Where a function is defined and differentiable. */
export type Domain = keyof typeof TABLE;

const FACTS: Readonly<Record<Domain, DomainFacts>> = TABLE;

/** All domains, in the order in which they are listed. */
export const DOMAINS = Object.keys(TABLE) as readonly Domain[];

/** Whether 0 lies in a domain. */
export const hasZero = (domain: Domain): boolean => FACTS[domain].zero === true;

/** The attribute that settles a domain, if one does. */
export const settlingAttribute = (domain: Domain): Attribute | undefined => FACTS[domain].settledBy;

/** Whether only the derivative of a function needs a domain, and not its value. */
export const isOfDerivative = (domain: Domain): boolean => FACTS[domain].ofDerivative === true;
