// How Python's array libraries and R spell what the language has: modules, functions, methods and what keywords ask for. A
// spelling is added here.
//
// Invariant: a template is text of the plain language; $1, $2, … stand for the arguments.

import { dictionary } from "../src/base/dictionary.ts";

/** Names in front of a dot that are modules: np.exp. In the first `*`, `/` and `**` act entry by entry. */
export const ARRAY_MODULES: ReadonlySet<string> = new Set(
  "np numpy jnp jax torch tf tensorflow F nn scipy special linalg cp cupy xp mx keras".split(" "),
);
export const OTHER_MODULES: ReadonlySet<string> = new Set(["math", "sympy", "sp", "sym", "LinearAlgebra", "Statistics"]);

/** Constants behind a module. */
export const MODULE_CONSTANTS = dictionary<string>({ pi: "pi", inf: "inf", newaxis: "newaxis" });

/** Functions by what they are written as; one that is not here keeps its name. */
// biome-ignore format: one family a row
export const PYTHON_CALLS = dictionary<string>({
  add: "($1) + ($2)", subtract: "($1) - ($2)", sub: "($1) - ($2)", negative: "-($1)", neg: "-($1)",
  multiply: "($1) .* ($2)", mul: "($1) .* ($2)", divide: "($1) ./ ($2)", true_divide: "($1) ./ ($2)", div: "($1) ./ ($2)",
  power: "($1) .^ ($2)", pow: "($1) .^ ($2)", float_power: "($1) .^ ($2)", reciprocal: "1 ./ ($1)", rsqrt: "1 ./ sqrt($1)",
  matmul: "($1) @ ($2)", mm: "($1) @ ($2)", mv: "($1) @ ($2)", matvec: "($1) @ ($2)", vdot: "dot($1, $2)", inner: "dot($1, $2)",
  absolute: "abs($1)", fabs: "abs($1)", sgn: "sign($1)", exp2: "2.^($1)", sinc: "sinc(pi*($1))",
  maximum: "max($1, $2)", minimum: "min($1, $2)", clip: "min(max($1, $2), $3)", clamp: "min(max($1, $2), $3)",
  where: "{$2 if $1; $3 otherwise}", logaddexp: "log(exp($1) + exp($2))", arctan2: "atan2($1, $2)",
  reduce_sum: "sum($1)", reduce_mean: "mean($1)", reduce_prod: "prod($1)", reduce_logsumexp: "logsumexp($1)",
  reduce_max: "max($1)", reduce_min: "min($1)", amax: "max($1)", amin: "min($1)",
  inverse: "inv($1)", pinverse: "pinv($1)", solve: "inv($1)*($2)", matrix_power: "($1)^($2)",
  t: "($1)'", mT: "($1)'", adjoint: "($1)'", swapaxes: "($1)'", flatten: "vec(($1)')", ravel: "vec(($1)')",
  diagonal: "diag($1)", diag_part: "diag($1)", diagflat: "diag($1)",
  log_softmax: "logsoftmax($1)", logsigmoid: "logsigmoid($1)", log_sigmoid: "logsigmoid($1)", leaky_relu: "leakyrelu($1, $2)",
  mse_loss: "mean((($1) - ($2)).^2)", l1_loss: "mean(abs(($1) - ($2)))", l2_loss: "sum(($1).^2)/2", squared_difference: "(($1) - ($2)).^2",
  linear: "($1)*($2)'", gammaln: "lgamma($1)", psi: "digamma($1)", expit: "sigmoid($1)", identity: "eye($1)",
  item: "($1)", detach: "($1)", copy: "($1)", clone: "($1)", array: "($1)", asarray: "($1)", tensor: "($1)", squeeze: "($1)",
});

/** Functions of R by the number of their arguments. */
// biome-ignore format: one a row
export const R_CALLS = dictionary<Readonly<Record<number, string>>>({
  t:          { 1: "($1)'" },
  solve:      { 1: "inv($1)", 2: "inv($1)*($2)" },
  crossprod:  { 1: "($1)'*($1)", 2: "($1)'*($2)" },
  tcrossprod: { 1: "($1)*($1)'", 2: "($1)*($2)'" },
  outer:      { 2: "($1)*($2)'" },
  kronecker:  { 2: "kron($1, $2)" },
  drop:       { 1: "($1)" },
  c:          { 1: "vec($1)", 2: "[$1; $2]", 3: "[$1; $2; $3]" },
  rowSums:    { 1: "rowsum($1)" },
  colSums:    { 1: "colsum($1)" },
  rowMeans:   { 1: "rowmean($1)" },
  colMeans:   { 1: "colmean($1)" },
});

/** Functions along an axis: down the columns, along the rows. */
// biome-ignore format: one a row
export const PYTHON_AXES = dictionary<readonly [columns: string | undefined, rows: string | undefined]>({
  sum:         ["sum($1, 1)", "sum($1, 2)"],
  reduce_sum:  ["sum($1, 1)", "sum($1, 2)"],
  mean:        ["mean($1, 1)", "mean($1, 2)"],
  reduce_mean: ["mean($1, 1)", "mean($1, 2)"],
  max:         ["rowmax(($1)')'", "rowmax($1)"],
  amax:        ["rowmax(($1)')'", "rowmax($1)"],
  min:         ["rowmin(($1)')'", "rowmin($1)"],
  amin:        ["rowmin(($1)')'", "rowmin($1)"],
  prod:        ["rowprod(($1)')'", "rowprod($1)"],
  logsumexp:   ["log(sum(exp($1), 1))", "log(sum(exp($1), 2))"],
  norm:        ["sqrt(sum(($1).^2, 1))", "sqrt(sum(($1).^2, 2))"],
  size:        ["nrow($1)", "ncol($1)"],
  softmax:     ["rowsoftmax(($1)')'", "rowsoftmax($1)"],
  log_softmax: ["log(rowsoftmax(($1)')')", "log(rowsoftmax($1))"],
});

/** Those that take a vector whole, whatever its axis is called. */
export const OF_VECTORS: ReadonlySet<string> = new Set([
  "softmax",
  "log_softmax",
  "logsumexp",
  "cumsum",
  "max",
  "min",
  "amax",
  "amin",
  "prod",
]);

/** Calls that declare names, which text in quotes is handed to. */
export const DECLARING: ReadonlySet<string> = new Set(["MatrixSymbol", "symbols", "Symbol"]);

/** What Python has and the language has not, with what to write. */
export const PYTHON_REFUSED = dictionary<string>({
  einsum: "the sum in full: sum_i sum_j A[i,j]*x[j]",
  slogdet: "logdet(A)",
  shape: "X.shape[0], X.shape[1], x.size for numbers of rows, columns and entries",
  ndim: "the expression alone",
  reshape: "reshape(v, m, n), which fills columns first",
  view: "reshape(v, m, n), which fills columns first",
  concatenate: "[a; b] below each other, [a, b] beside",
  concat: "[a; b] below each other, [a, b] beside",
  cat: "[a; b] below each other, [a, b] beside",
  stack: "[a; b] below each other, [a, b] beside",
  hstack: "[a, b]",
  vstack: "[a; b]",
  std: "std(x) divides by n, as NumPy does",
  var: "var(x) divides by n, as NumPy does",
  lstsq: "pinv(A)*b",
  cross_entropy: "-sum(y .* logsoftmax(z)), or crossentropy(y, p)",
  nll_loss: "-sum(y .* z)",
  binary_cross_entropy: "-mean(y .* log(p) + (1 - y) .* log(1 - p))",
});

const BEHIND_WHERE = "what is known of names stands behind `where`: where A : symmetric";
const DERIVATIVES = "∇_x f and d(f)/dx are derivatives";

/** Words of sentences that are no names, with what to write. */
// biome-ignore format: one kind a row
export const TEXT_WORDS = dictionary<string>({
  for: BEHIND_WHERE, with: BEHIND_WHERE, such: BEHIND_WHERE, that: BEHIND_WHERE, is: BEHIND_WHERE, are: BEHIND_WHERE,
  symmetric: BEHIND_WHERE, invertible: BEHIND_WHERE, orthogonal: BEHIND_WHERE, posdef: BEHIND_WHERE,
  let: "y = A*x; y'*y",
  of: DERIVATIVES, the: DERIVATIVES, derivative: DERIVATIVES,
});
