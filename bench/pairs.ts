// Fifty functions at points where difference quotients are hard put to it: saturated tails,
// cancellation, kinks nearby. Each with its derivative as text for 64-digit arithmetic.

/** A function at a point, with its slope there. */
export interface Pair {
  /** The function of x in nabla's language. */
  readonly expr: string;
  readonly at: number;
  /** Its derivative in mathjs's language. */
  readonly slope: string;
}

// biome-ignore format: a table is read by columns
const ROWS: readonly (readonly [expr: string, at: number, slope: string])[] = [
  ["exp(x)", 0.7, "exp(x)"],                       ["log(x)", 0.7, "1/x"],
  ["log10(x)", 0.7, "1/(x*log(10))"],              ["log2(x)", 0.7, "1/(x*log(2))"],
  ["log1p(x)", 0.3, "1/(1+x)"],                    ["expm1(x)", 1e-3, "exp(x)"],
  ["sqrt(x)", 0.7, "1/(2*sqrt(x))"],               ["cbrt(x)", 0.7, "1/3*x^(-2/3)"],
  ["x^3", 0.7, "3*x^2"],                           ["x^2.5", 0.7, "2.5*x^1.5"],
  ["x^x", 0.7, "x^x*(log(x)+1)"],                  ["2^x", 0.7, "2^x*log(2)"],
  ["1/x", 0.7, "-1/x^2"],                          ["sin(x)", 0.7, "cos(x)"],
  ["cos(x)", 0.7, "-sin(x)"],                      ["tan(x)", 0.7, "1/cos(x)^2"],
  ["sec(x)", 0.7, "sin(x)/cos(x)^2"],              ["cot(x)", 0.7, "-1/sin(x)^2"],
  ["asin(x)", 0.7, "1/sqrt(1-x^2)"],               ["acos(x)", 0.7, "-1/sqrt(1-x^2)"],
  ["atan(x)", 0.7, "1/(1+x^2)"],                   ["sinh(x)", 0.7, "(exp(x)+exp(-x))/2"],
  ["cosh(x)", 0.7, "(exp(x)-exp(-x))/2"],          ["tanh(x)", 0.7, "4/(exp(x)+exp(-x))^2"],
  ["tanh(x)", 30, "4/(exp(x)+exp(-x))^2"],         ["asinh(x)", 0.7, "1/sqrt(1+x^2)"],
  ["acosh(x)", 1.7, "1/sqrt(x^2-1)"],              ["atanh(x)", 0.7, "1/(1-x^2)"],
  ["log(1+exp(-x))", 0.7, "-1/(1+exp(x))"],        ["log(1+exp(-x))", 40, "-1/(1+exp(x))"],
  ["1/(1+exp(-x))", 40, "exp(-x)/(1+exp(-x))^2"],  ["sin(x)/x", 1e-3, "cos(x)/x-sin(x)/x^2"],
  ["exp(-x^2)", 3, "-2*x*exp(-x^2)"],              ["sqrt(x^2+1)", 1e4, "x/sqrt(x^2+1)"],
  ["log(exp(x)+exp(2))", 0.7, "exp(x)/(exp(x)+exp(2))"], ["x^3-3*x", 1.0001, "3*x^2-3"],
  ["square(x)", 0.7, "2*x"],                       ["x*x*x", 0.7, "3*x^2"],
  ["x^(1/3)", 0.7, "1/3*x^(-2/3)"],                ["abs(x)", -0.7, "-1+0*x"],
  ["max(x,0)", 0.7, "1+0*x"],                      ["norm2(x)", 0.7, "1+0*x"],
  ["sign(x)*x", 0.7, "1+0*x"],                     ["gamma(x)", 2.3, "0.7000736720143231461031912869769110910235+0*x"],
  ["erf(x)", 0.7, "2/sqrt(pi)*exp(-x^2)"],         ["x*x", 0.7, "2*x"],
  ["hypot(x,2)", 0.7, "x/sqrt(x^2+4)"],            ["atan2(x,2)", 0.7, "2/(4+x^2)"],
  ["floor(x)+x", 0.7, "1+0*x"],                    ["(x-2*floor(x/2))*x", 0.7, "2*x"],
];

export const PAIRS: readonly Pair[] = ROWS.map(([expr, at, slope]) => ({ expr, at, slope }));
