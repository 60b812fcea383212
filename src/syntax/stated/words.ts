// What attributes are called in words.
//
// Not here: the words of the language itself (src/expr/attributes.ts).

import type { Attribute } from "../../expr/attributes.ts";

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
