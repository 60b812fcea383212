// Functions that other systems have and this one has not, each with what to write for it.
//
// Invariant: no function of the library is among them, and what stands as an expression is one of the language.

import { dictionary } from "../src/base/dictionary.ts";

const BINARY_CROSS_ENTROPY = "-sum(y .* log(p) + (1 - y) .* log(1 - p))";

/** Expressions in x, y, p of one length, X, S, A, and numbers a, c and eps. */
export const WRITTEN_AS: Readonly<Record<string, string>> = {
  cond: "spectral(A)*spectral(inv(A))",
  inner: "x'*y",
  dist: "norm2(x - y)",
  crossprod: "X'*X",
  tcrossprod: "X*X'",
  frobenius: "normF(X)",
  frob: "normF(X)",
  mahalanobis: "sqrt((x - y)'*inv(S)*(x - y))",
  rmsnorm: "x/rms(x)",
  layernorm: "(x - mean(x))/sqrt(var(x) + eps)",
  bce: BINARY_CROSS_ENTROPY,
  binary_cross_entropy: BINARY_CROSS_ENTROPY,
  softmax_cross_entropy: "-sum(y .* logsoftmax(x))",
  sigmoid_cross_entropy: "sum(softplus(x) - y .* x)",
  JS: "(kldiv(p, (p + y)/2) + kldiv(y, (p + y)/2))/2",
  nll: "-sum(y .* log(p))",
  kl: "kldiv(p, y)",
  KL: "kldiv(p, y)",
  celu: "{x if x > 0; a*(exp(x/a) - 1) otherwise}",
  hardsigmoid: "clip(x/6 + 1/2, 0, 1)",
  selu: "c*{x if x > 0; a*(exp(x) - 1) otherwise}",
  cumprod: "exp(cumsum(log(p)))",
  cov: "(X - ones(m)*colmean(X))'*(X - ones(m)*colmean(X))/m",
  corr: "cosine(x - mean(x), y - mean(y))",
  exp2: "2.^x",
  mod: "x - y .* floor(x ./ y)",
  where: "{x if x > 0; a otherwise}",
};

const EIGENVALUES = "eigmax(S), eigmin(S) and topeigen(S) of a symmetric S; tr and det for the sum and the product of all";
const SINGULAR_VALUES = "nuclear(X), spectral(X), normF(X) and polar(X) are made of singular values";
const FACTORS = "a factorisation has several parts; chol(S), polar(X), inv(A), det(A) are functions";
const ORDER = "the order of entries has no rule; max(x) and min(x) have one";
const POSITIONS = "(x == max(x)) is 1 where the greatest entry is";

const ADVICE: Readonly<Record<string, string>> = {
  size: "numel(X) for the number of entries, size(X, 1) and size(X, 2) for those of rows and columns",
  eig: EIGENVALUES,
  eigh: EIGENVALUES,
  eigvals: EIGENVALUES,
  eigvalsh: EIGENVALUES,
  svd: SINGULAR_VALUES,
  svdvals: SINGULAR_VALUES,
  qr: FACTORS,
  lu: FACTORS,
  ldl: FACTORS,
  schur: FACTORS,
  rank: "a rank has no derivative; nuclear(X) is often taken for it",
  sort: ORDER,
  median: ORDER,
  quantile: ORDER,
  argmax: POSITIONS,
  argmin: POSITIONS,
  beta: "exp(betaln(a, b))",
  fft: "F*x with the matrix F of the transform",
  conv: "T*x with the Toeplitz matrix T of the kernel",
  vech: "vec(S) by a symmetric S, or E*vec(S) with an elimination matrix E",
};

/** What to write for a function of another system. */
export const WRITTEN_FOR = dictionary<string>({ ...ADVICE, ...WRITTEN_AS });
