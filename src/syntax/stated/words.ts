// What attributes are called in words, and which words lead to them.
//
// Not here: the words of the language itself (src/expr/attributes.ts).

import type { Attribute } from "../../expr/attributes.ts";

/** Words that lead to what is said of names behind an expression. */
export const LEADING_WORDS: readonly string[] = ["where", "with", "for", "given", "assuming", "provided", "when", "whenever"];

/** Patterns of words, and what they say. */
// biome-ignore format: one attribute a row; the longer words first
export const ATTRIBUTE_WORDS: readonly (readonly [words: string, attributes: readonly Attribute[]])[] = [
  ["skew[- ]symmetric|antisymmetric", ["skew"]],
  ["positive[- ]definite|s\\.?p\\.?d\\.?|SPD", ["posdef"]],
  ["positive[- ]semi-?definite|PSD|psd", ["symmetric"]],
  ["symmetric|hermitian|self-adjoint|symmetry of", ["symmetric"]],
  ["(?:(?:auto)?covariance|precision|correlation|gram) matri(?:x|ces)", ["symmetric"]],
  ["orthogonal|orthonormal", ["orthogonal"]],
  ["diagonal", ["diagonal"]],
  ["lower[- ]triangular", ["lower"]],
  ["upper[- ]triangular", ["upper"]],
  ["idempotent", ["idempotent"]],
  ["invertible|non-?singular|regular", ["invertible"]],
  ["positive|strictly positive", ["positive"]],
  ["non-?zero", ["nonzero"]],
  ["unit[- ]norm", ["unitnorm"]],
  ["constants?", ["constant"]],
];
