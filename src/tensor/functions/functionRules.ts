// What the normal form knows of a function: its declaration and its rules, compiled to
// tensors and to laws.
//
// Invariant: everything is made on first use and stays as it is. Not here: the values, which
// the rule library supplies (src/rewrite), and the laws at work, where products, powers and
// applications are formed.

import type { Variable } from "../../expr/expr.ts";
import type { FunctionDefinition, FunctionInfo } from "../../expr/functions.ts";
import type { Draft, Factor, Tensor } from "../form/tensor.ts";

/**
 * What the normal form knows of a function: its declaration and its rules, compiled on
 * first use. The rule library supplies it; two libraries in one process may differ.
 */
export interface FunctionRules {
  readonly info: FunctionInfo;
  /** Distinguishes functions of equal name from different libraries. */
  readonly key: string;
  /** The function through others, in its own parameters. */
  readonly definition: FunctionDefinition | undefined;
  /** Whether any differential is given; a function without is what its definition says. */
  readonly hasDifferential: boolean;
  /** d f as a tensor in the parameters and their differentials, one for each parameter; undefined where no rule is known. */
  readonly differentials: readonly (Differential | "zero" | undefined)[];
  /** The same where several arguments vary, by the rules that are about all of them: where those are equal, both slopes count as one. */
  readonly jointDifferentials: readonly (Differential | "zero" | undefined)[];
  /** d tr f(…), where the trace has a differential though f has none. */
  readonly trace: Differential | undefined;
  /** Whether f(A) A = I. */
  readonly inverts: boolean;
  /** Whether f(A) commutes with whatever A commutes with: a primary function, f(A) A = I, or a multiple of such [H08 thm 1.13]. */
  readonly commutes: boolean;
  /** Equations f(pattern) = result, tried when the function is applied. */
  readonly identities: readonly Identity[];
  /** Laws of f as a factor, tried where products are formed. */
  readonly contractions: readonly Contraction[];
  /** Laws of f as a summand, tried where powers of sums are formed. */
  readonly sums: readonly SumLaw[];
  /** How f is applied where that is more than making an atom; indicators only. */
  readonly make?: (args: readonly Tensor[]) => Tensor;
  /** f(Aᵀ) = f(A), or f(Aᵀ) = f(A)ᵀ. */
  readonly transpose: "same" | "turned" | undefined;
  /** Whether f(A B) = f(A) f(B) for a number f(A). */
  readonly multiplicative: boolean;
  /** The g with f(−x, …) = ±g(x, …): of sin itself, of max −min. */
  readonly reflection: { readonly rules: FunctionRules; readonly sign: 1 | -1 } | undefined;
  /** Equations f(parameters) = result that hold where a comparison does. */
  readonly guarded: readonly GuardedIdentity[];
}

/** Of a function without laws. */
export const LAWLESS = {
  differentials: [],
  jointDifferentials: [],
  trace: undefined,
  inverts: false,
  commutes: false,
  identities: [],
  contractions: [],
  sums: [],
  transpose: undefined,
  multiplicative: false,
  reflection: undefined,
  guarded: [],
} as const satisfies Partial<FunctionRules>;

/** The differential of a function by one of its arguments, linear in the variable of the differential. */
export interface Differential {
  readonly name: string;
  readonly parameters: readonly Variable[];
  /** Name of the differential's variable. */
  readonly differential: string;
  readonly value: Tensor;
}

/** A rewriting of an application whose arguments match patterns. */
export interface Identity {
  readonly name: string;
  readonly parameters: readonly Variable[];
  readonly patterns: readonly Tensor[];
  readonly result: Tensor;
  readonly conditions: readonly Condition[];
}

/** A law of a function next to other factors, ready to use. */
export interface Contraction {
  readonly name: string;
  /** Tried only where no other law applies: a law of one factor, which others may need whole. */
  readonly last?: true;
  /** Applies the law where the factor, an atom of the function, is met in the draft; whether it did. */
  readonly apply: (draft: Draft, factor: Factor) => boolean;
  /** Of a product that is its own transpose: the factors of the draft with that which begins here turned round. */
  readonly turned?: (draft: Draft, factor: Factor) => Factor[] | undefined;
}

/** A law of a sum with the function in it: the sum as a product; undefined where it does not fit. */
export type SumLaw = (tensor: Tensor) => Tensor | undefined;

/** What an application is where a number is positive. */
export interface GuardedIdentity {
  readonly name: string;
  readonly parameters: readonly Variable[];
  /** The scalar tensor whose positivity is required. */
  readonly positive: Tensor;
  readonly result: Tensor;
}

/** What has to hold of an argument. */
export interface Condition {
  readonly predicate: string;
  readonly parameter: string;
}
