// Losses at points where a formula taken literally overflows, underflows or divides 0 by 0: logits of ±1000, weights of 0,
// arguments far in a tail, points where a quotient has a limit. Values and gradients are exact to the digits given.
//
// Invariant: a row says what is true of the formula; that it holds in every way a program is run is the test.

export type Point = number | readonly number[] | readonly (readonly number[])[];
export type Row = readonly [expr: string, wrt: string, at: Readonly<Record<string, Point>>, value: number, gradient: readonly number[]];

export const HIGH = [1000, 999, -1000];
export const LOW = [-1000, -1001, -3000];
/** σ(1), σ(−1) and log(1 + exp(−1)). */
export const UP = 0.7310585786300049;
export const DOWN = 0.2689414213699951;
const LEFT = 0.31326168751822286;
const ONE_HOT = [0, 0, 1];

// biome-ignore format: a table is read by columns
export const SUMS_OF_EXPONENTIALS: readonly Row[] = [
  ["log(sum(exp(x)))",              "x", { x: HIGH },                          1000 + LEFT, [UP, DOWN, 0]],
  ["log(sum(exp(x)))",              "x", { x: LOW },                          -1000 + LEFT, [UP, DOWN, 0]],
  ["log(sum(exp(-x/2)))",           "x", { x: [-2000, -1998, 2000] },          1000 + LEFT, [-UP/2, -DOWN/2, 0]],
  ["log(a'*exp(x))",                "x", { a: [1, 1, 1], x: HIGH },            1000 + LEFT, [UP, DOWN, 0]],
  ["log(a'*exp(x))",                "x", { a: [2, 2, 2], x: LOW },   -1000 + LEFT + Math.LN2, [UP, DOWN, 0]],
  ["log(a'*exp(x))",                "x", { a: ONE_HOT, x: HIGH },                    -1000, [0, 0, 1]],
  ["log(a'*exp(x))",                "a", { a: [1, 1, 0], x: HIGH },            1000 + LEFT, [UP, DOWN, 0]],
  ["log(sum(a .* exp(x).^2))",      "x", { a: [1, 1, 0], x: [500, 499.5, 0] }, 1000 + LEFT, [2*UP, 2*DOWN, 0]],
  ["log(exp(x)'*a)^2",              "x", { a: [1, 1, 0], x: HIGH },     (1000 + LEFT) ** 2, [2*(1000 + LEFT)*UP, 2*(1000 + LEFT)*DOWN, 0]],
  ["log(1 + sum(exp(x)))",          "x", { x: HIGH },                          1000 + LEFT, [UP, DOWN, 0]],
  ["log(1 + sum(exp(x)))",          "x", { x: LOW },                                     0, [0, 0, 0]],
  ["log(1 + sum(exp(x)))",          "x", { x: [-40, -1000, -1000] }, 4.248354255291589e-18, [4.248354255291589e-18, 0, 0]],
  ["log(1 + exp(s) + exp(t))",      "s", { s: 1000, t: 999 },                  1000 + LEFT, [UP]],
  ["log(1 + exp(s) + exp(t))",      "s", { s: -1000, t: -40 },       4.248354255291589e-18, [0]],
  ["log(2 + 3*exp(s))",             "s", { s: 1000 },                   1000 + Math.log(3), [1]],
  ["log(exp(s) + exp(t))",          "s", { s: 1000, t: 999 },                  1000 + LEFT, [UP]],
  ["log(p*exp(s) + q*exp(t))",      "s", { p: 0.5, q: 0.5, s: -1000, t: -1001 }, -1000 + LEFT - Math.LN2, [UP]],
  ["log(s + exp(t))",               "t", { s: 3, t: 1000 },                           1000, [1]],
  ["exp(s)/(exp(s) + exp(t))",      "s", { s: 1000, t: 999 },                           UP, [UP*DOWN]],
  ["(exp(s) - exp(-s))/(exp(s) + exp(-s))", "s", { s: 1000 },                            1, [0]],
  ["sum(exp(x))/(1 + sum(exp(x)))", "x", { x: HIGH },                                    1, [0, 0, 0]],
  ["1/sum(exp(x))",                 "x", { x: HIGH },                                    0, [0, 0, 0]],
  ["exp(x)'*y/sum(exp(x))",         "x", { x: HIGH, y: [1, 2, 3] },               1 + DOWN, [-UP*DOWN, UP*DOWN, 0]],
  ["sum(a .* exp(x))/sum(b .* exp(x))", "x", { x: HIGH, a: [1, 2, 3], b: [1, 1, 1] }, 1 + DOWN, [-UP*DOWN, UP*DOWN, 0]],
  ["log(sum(exp(x))/sum(exp(y)))",  "x", { x: HIGH, y: LOW },                         2000, [UP, DOWN, 0]],
  ["-log(softmax(x)[3])",           "x", { x: HIGH },                          2000 + LEFT, [UP, DOWN, -1]],
  ["-log(y'*softmax(x))",           "x", { x: HIGH, y: ONE_HOT },              2000 + LEFT, [UP, DOWN, -1]],
  ["-y'*log(softmax(x))",           "x", { x: HIGH, y: ONE_HOT },              2000 + LEFT, [UP, DOWN, -1]],
  ["log(exp(X*b)'*r)",              "b", { X: [[1, 0, 0], [0, 1, 0]], b: HIGH, r: [1, 1] }, 1000 + LEFT, [UP, DOWN, 0]],
  ["log(exp(X*b)'*r)",              "b", { X: [[1, 0, 0], [0, 1, 0]], b: HIGH, r: [0, 1] }, 999, [0, 1, 0]],
  ["log(exp(X*b)'*r)",              "X", { X: [[1, 0, 0], [0, 1, 0]], b: HIGH, r: [0, 1] }, 999, [0, 0, 0, ...HIGH]],
  ["sum(log(B*exp(x)))",            "x", { B: [[1, 1, 1], [2, 2, 2]], x: LOW }, -2000 + 2*LEFT + Math.LN2, [2*UP, 2*DOWN, 0]],
  ["sum(log(B*exp(x)))",            "B", { B: [[1, 1, 1], [2, 2, 2]], x: HIGH }, 2000 + 2*LEFT + Math.LN2, [UP, DOWN, 0, UP/2, DOWN/2, 0]],
  ["sum(log(rowsum(exp(X))))",      "X", { X: [HIGH, LOW] },                        2*LEFT, [UP, DOWN, 0, UP, DOWN, 0]],
  ["sum(log(exp(X)*a))",            "X", { X: [HIGH, LOW], a: [1, 1, 0] },          2*LEFT, [UP, DOWN, 0, UP, DOWN, 0]],
  ["sum(log(exp(X)*a))",            "a", { X: [HIGH, LOW], a: [1, 1, 0] },          2*LEFT, [2*UP, 2*DOWN, 0]],
  ["sum(log(exp(X)*a))",            "X", { X: [HIGH, LOW], a: ONE_HOT },             -4000, [0, 0, 1, 0, 0, 1]],
  ["sum(log(a'*exp(X')))",          "X", { X: [HIGH, LOW], a: [1, 1, 0] },          2*LEFT, [UP, DOWN, 0, UP, DOWN, 0]],
  ["sum(log(rowsum(W .* exp(X))))", "X", { X: [HIGH, LOW], W: [ONE_HOT, [1, 1, 0]] }, -2000 + LEFT, [0, 0, 1, UP, DOWN, 0]],
  ["sum(log(rowsoftmax(X)*a))",     "X", { X: [HIGH, LOW], a: ONE_HOT },  -4000 - 2*LEFT, [-UP, -DOWN, 1, -UP, -DOWN, 1]],
  ["log(r'*exp(X)*a)",              "X", { X: [HIGH, LOW], a: [1, 1, 1], r: [1, 1] }, 1000 + LEFT, [UP, DOWN, 0, 0, 0, 0]],
];

// biome-ignore format: a table is read by columns
export const TAILS: readonly Row[] = [
  ["log(sigmoid(s))",      "s", { s: -1000 },           -1000, [1]],
  ["log(sigmoid(s))",      "s", { s: 40 }, -4.248354255291589e-18, [4.248354255291589e-18]],
  ["log(1 - sigmoid(s))",  "s", { s: 1000 },            -1000, [-1]],
  ["log(normcdf(s))",      "s", { s: -1000 }, -500007.82669481216, [1000.000999998]],
  ["log(normcdf(s))",      "s", { s: -50 },   -1254.8313611394199, [50.01998403190564]],
  ["log(normcdf(s))",      "s", { s: -3 },    -6.607726221510349, [3.2830986549304364]],
  ["log(normcdf(s))",      "s", { s: 0 },     -Math.LN2, [0.7978845608028654]],
  ["log(normcdf(s))",      "s", { s: 3 },     -0.0013508099647481938, [0.004437839042125664]],
  ["log(normcdf(s))",      "s", { s: 8 },     -6.220960574271786e-16, [5.052271083536895e-15]],
  ["log(normcdf(s))",      "s", { s: 1000 },                0, [0]],
  ["log(1 - normcdf(s))",  "s", { s: 50 },    -1254.8313611394199, [-50.01998403190564]],
  ["log(1 - normcdf(s))",  "s", { s: -8 },    -6.220960574271786e-16, [-5.052271083536895e-15]],
  ["1 - normcdf(s)",       "s", { s: 8 },     6.220960574271784e-16, [-5.052271083536892e-15]],
  ["sum(a .* log(normcdf(x)) + (1 - a) .* log(1 - normcdf(x)))", "x", { a: [1, 0, 0], x: [-50, 50, -50] }, 2 * -1254.8313611394199, [50.01998403190564, -50.01998403190564, 0]],
  ["log(1 - exp(s))",      "s", { s: -40 }, -4.248354255291589e-18, [-4.248354255291589e-18]],
  ["log(1 - exp(s))",      "s", { s: -2 },  -0.14541345786885906, [-0.15651764274966565]],
  ["log(1 - exp(s))",      "s", { s: -1e-9 }, -20.723265837446412, [-999999999.4999999]],
  ["log(1 - exp(-exp(s)))", "s", { s: 2 }, -0.0006181700170515202, [0.004569105031037144]],
  ["log(1 - exp(-exp(s)))", "s", { s: -40 },               -40, [1]],
  ["log(tanh(s))",         "s", { s: 20 }, -8.496708510583178e-18, [1.6993417021166355e-17]],
  ["log(tanh(s))",         "s", { s: 1 },  -0.27234146891183153, [0.5514411295435664]],
  ["log(tanh(s))",         "s", { s: 1e-9 }, -20.72326583694641, [999999999.9999999]],
];

// biome-ignore format: a table is read by columns
export const SPECIAL_FUNCTIONS: readonly Row[] = [
  ["gamma(s)",             "s", { s: -0.5 }, -3.544907701811032, [-0.12935358979554007]],
  ["gamma(s)",             "s", { s: -1.5 }, 2.363271801207355, [1.6617502606685965]],
  ["softplus(s)",          "s", { s: -40 }, 4.248354255291589e-18, [4.248354255291589e-18]],
  ["softplus(s)",          "s", { s: 1000 },             1000, [1]],
];

// biome-ignore format: a table is read by columns
export const LIMITS: readonly Row[] = [
  ["sum(sinc(x))",         "x", { x: [0, 1e-9, 1e-200] },      3, [0, -1e-9/3, -1e-200/3]],
  ["sum(sinc(x))",         "x", { x: [0.3, 0.7, 5] },     1.713593482373301, [-0.09910288804064193, -0.22209827783377373, 0.0950894080791708]],
  ["sinc(s)^2",            "s", { s: 0 },                      1, [0]],
  ["sum(xlogx(x))",        "x", { x: [0, 1, 2] }, 2*Math.LN2, [-Infinity, 1, 1 + Math.LN2]],
  ["sum(xlogy(x, y))",     "x", { x: [0, 1, 2], y: [0, 1, 2] }, 2*Math.LN2, [-Infinity, 0, Math.LN2]],
  ["crossentropy(p, q)",   "p", { p: [0, 1, 0], q: [0, 0.5, 0.5] }, Math.LN2, [Infinity, Math.LN2, Math.LN2]],
  ["kldiv(p, q)",          "q", { p: [0, 1, 0], q: [0.25, 0.5, 0.25] }, Math.LN2, [-0, -2, -0]],
  ["kldiv(p, softmax(x))", "x", { p: ONE_HOT, x: HIGH }, 2000 + LEFT, [UP, DOWN, -1]],
  ["prod(x)",              "x", { x: [2, 0, 3] },              0, [0, 6, 0]],
  ["prod(x)",              "x", { x: [0, 0, 3] },              0, [0, 0, 0]],
  ["prod(x)",              "x", { x: [4, 2, 3] },             24, [6, 12, 8]],
  ["prod(x)^2",            "x", { x: [2, 0, 3] },              0, [0, 0, 0]],
  ["sum(rowprod(X))",      "X", { X: [[2, 0, 3], [0, 0, 3]] }, 0, [0, 6, 0, 0, 0, 0]],
];

// biome-ignore format: a table is read by columns
export const NUMBERS: readonly Row[] = [
  ["1/s",                  "s", { s: 0 },               Infinity, [-Infinity]],
  ["s^2/t",                "s", { s: 1e200, t: 1 },     Infinity, [2e200]],
  ["s/t",                  "t", { s: 1, t: -0 },       -Infinity, [-Infinity]],
  ["s^(1/3)",              "s", { s: 8 },                      2, [1/12]],
];

// biome-ignore format: a table is read by columns
export const DEAD_BRANCHES: readonly Row[] = [
  ["sum(x.^3 .* (x > 0))", "x", { x: [-1e200, 2, 0] },         8, [0, 12, 0]],
  ["sum((x > 0) ./ x)",    "x", { x: [0, -0, 2] },           0.5, [0, 0, -0.25]],
  ["sum((x > 0) .* log(x))", "x", { x: [0, -1, 2] },    Math.LN2, [0, 0, 0.5]],
  ["sum((x > 0) .* sqrt(x))", "x", { x: [0, -1, 4] },          2, [0, 0, 0.25]],
  ["sum((x < 0) .* exp(x))", "x", { x: [1000, -1000, 800] },   0, [0, 0, 0]],
  ["sum({x.*log(x) if x > 0; 0 otherwise})", "x", { x: [0, -1, 1] }, 0, [0, 0, 1]],
  ["sum(elu(x))",          "x", { x: [1000, -1000, 0] },     999, [1, 0, 1]],
];
