// How the steps of a plan are spelled in MATLAB and Octave: arrays have two dimensions, so vectors are columns and scalars
// are 1×1; factorisations are shared by what is asked of one matrix.
//
// Invariant: what both have under one name is called by it; what only one of them has is written out or a helper of the
// program (matlab.ts).

import { dictionary } from "../../base/dictionary.ts";
import type { Dim } from "../../expr/dim.ts";
import { comparisonSign } from "../comparisons.ts";
import type { Arg, Step, StepOf } from "../plan/plan.ts";
import { atom, type Code, call, compared, indexText, infix, LEVEL, leaf, minus, negate, raised, rational, sizeCode, wrap } from "./code.ts";
import { ARITHMETIC, named, type Operands, productSteps, rank, type Spelling, type StepContext, type StepTable } from "./expressions.ts";
import { missing } from "./target.ts";

const T = (c: Code): Code => atom(`${wrap(c, LEVEL.atom)}.'`, c);

// biome-ignore format: a list is read in rows
/** Element-wise functions under their own name. */
const SAME: ReadonlySet<string> = new Set([
  "exp", "log", "log2", "log10", "log1p", "expm1", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh",
  "abs", "sign", "floor", "ceil", "sqrt", "hypot", "max", "min", "atan2", "erf", "erfc", "erfcx", "gamma",
]);

/** Element-wise functions that are written in another way. */
const ENTRIES: Readonly<Partial<Record<string, (...args: Operands) => Code>>> = dictionary({
  neg: (a) => minus(a),
  square: (a) => raised(a, ".^", leaf("2")),
  pow: (a, b) => raised(a, ".^", b),
  sigmoid: (a) => infix(atom("1"), "./", atom(`(1 + exp(${negate(a).text}))`, a), LEVEL.product),
  softplus: (a) => infix(atom(`max(${a.text}, 0)`, a), "+", atom(`log1p(exp(-abs(${a.text})))`, a), LEVEL.sum),
  where: chosen,
  round: (a) => atom(`floor(${wrap(a, LEVEL.sum)} + 0.5)`, a),
  cbrt: (a) => atom(`(sign(${a.text}) .* abs(${a.text}).^(1 / 3))`, a),
  lgamma: named("gammaln"),
  digamma: named("psi"),
  trigamma: (a) => atom(`psi(1, ${a.text})`, a),
});

// merge() is Octave's alone: products with indicators would spread what is not finite.
function chosen(condition: Code, a: Code, b: Code): Code {
  const truth = condition.truth === true ? condition.text : `(${wrap(condition, LEVEL.sum)} ~= 0)`;
  return atom(`nabla_where(${truth}, ${a.text}, ${b.text})`, condition, a, b);
}

function entryCode({ fn }: StepOf<"map">, args: Operands): Code {
  const [a, b] = args;
  const infixed = ARITHMETIC[fn];
  if (infixed !== undefined) return infix(a, infixed[1] === LEVEL.product ? `.${infixed[0]}` : infixed[0], b, infixed[1]);
  const sign = fn === "ne" ? "~=" : comparisonSign(fn);
  if (sign !== undefined) return compared(a, sign, b);
  return ENTRIES[fn]?.(...args) ?? (SAME.has(fn) ? call(fn, ...args) : missing("matlab", fn));
}

/** The sizes of an array; a vector has one column. */
const sizes = ({ axes }: Step, { size }: StepContext): string => [...axes.map(size), ...(axes.length === 1 ? ["1"] : [])].join(", ");

const STEPS: StepTable = {
  fill: (step, [a], context) => infix(a, ".*", atom(`ones(${sizes(step, context)})`), LEVEL.product),
  widen: (step, [a], context) => infix(a, "+", atom(`zeros(${sizes(step, context)})`), LEVEL.sum),
  reduce(step, [a], context) {
    const { fn, over } = step;
    if (over === "all") return rank(step, context) === 1 ? call(fn, a) : atom(`${fn}(reshape(${wrap(a, LEVEL.atom)}, [], 1))`, a);
    const along = fn === "sum" || fn === "prod" ? `${fn}(${a.text}, ${over + 1})` : `${fn}(${a.text}, [], ${over + 1})`;
    return atom(over === 0 ? `${along}.'` : along, a);
  },
  dot: (step, [a, b], context) =>
    rank(step, context) === 1
      ? infix(T(a), "*", b, LEVEL.product)
      : atom(`sum(sum(${wrap(a, LEVEL.product)} .* ${wrap(b, LEVEL.minus)}))`, a, b),
  ...productSteps("*", T),
  // Octave keeps diag(v) and eye(n) as diagonal matrices, which do not broadcast.
  diag: (_, [a]) => atom(`full(diag(${a.text}))`, a),
  diagonal: (_, [a]) => call("diag", a),
  eye: ({ axes }, _, { size }) => atom(`full(eye(${size(axes[0] as Dim)}))`),
  unit: ({ axes, at }, _, { names, size }) => atom(`double((1:${wrap(sizeCode(axes[0] as Dim, names), LEVEL.atom)}).' == ${size(at)})`),
  factor: ({ method }, [a]) => (method === "cholesky" ? call("chol", a) : a),
  solve({ method, turned }, [a, b, c]) {
    // R' R = A: two triangular solves.
    if (method === "cholesky") return atom(`(${wrap(a, LEVEL.atom)} \\ (${wrap(a, LEVEL.atom)}.' \\ ${wrap(b, LEVEL.atom)}))`, a, b);
    return atom(`(${turned ? T(c).text : wrap(c, LEVEL.atom)} \\ ${wrap(b, LEVEL.atom)})`, c, b);
  },
  inverse: (_, [, b]) => call("inv", b),
  det: ({ method }, [a, b]) => (method === "cholesky" ? atom(`prod(diag(${a.text}))^2`, a) : call("det", b)),
  logdet: ({ method }, [a, b]) => (method === "cholesky" ? atom(`(2 * sum(log(diag(${a.text}))))`, a) : call("nabla_logdet", b)),
  logabsdet: (_, [, b]) => atom(`sum(log(abs(diag(qr(${b.text})))))`, b),
  kron: (_, [a, b]) => call("kron", a, b),
  vec: (_, [a]) => atom(`reshape(${a.text}, [], 1)`, a),
  unvec: ({ axes }, [a], { size }) => atom(`reshape(${a.text}, ${axes.map(size).join(", ")})`, a),
  lift: (step, [a], context) => (rank(step, context) < 2 && step.axis === 0 && step.axes.length === 2 ? T(a) : a),
  concat: ({ axis }, args) => atom(`[${args.map((x) => wrap(x, LEVEL.sum)).join(axis === 0 ? "; " : ", ")}]`, ...args),
  shuffle({ axes, axis, outer, inner }, [a], { names, size }) {
    const whole = wrap(sizeCode(axes[axis] as Dim, names), LEVEL.atom);
    const order = `reshape(reshape(1:${whole}, ${size(inner)}, ${size(outer)}).', [], 1)`;
    return atom(`nabla_take(${wrap(a, LEVEL.atom)}, ${order}, ${axis + 1})`, a);
  },
  entry: ({ at }, [a], { names }) => atom(`nabla_entry(${[a.text, ...at.map((i) => indexText(i, names, 1, "':'"))].join(", ")})`, a),
  call: ({ fn }, args) => CALLS[fn]?.(...args) ?? missing("matlab", fn),
};

/** Functions of matrices. */
const CALLS: Readonly<Partial<Record<string, (...args: Operands) => Code>>> = dictionary({
  expm: named("expm"),
  logm: named("logm"),
  sqrtm: named("sqrtm"),
  pinv: named("pinv"),
  tril: named("tril"),
  spectral: named("norm"),
  nuclear: (a) => atom(`sum(svd(${a.text}))`, a),
  polar: named("nabla_polar"),
  topsingular: named("nabla_top_singular"),
  eigmax: (a) => atom(`max(eig(${a.text}))`, a),
  topeigen: named("nabla_top_eigen"),
  chol: (a) => atom(`chol(${a.text}, 'lower')`, a),
  rowkron: named("nabla_row_kron"),
  blocksright: named("nabla_blocks_right"),
  blocksleft: named("nabla_blocks_left"),
  mpow: named("nabla_power"),
  intpow: (a, k) => raised(a, "^", k),
});

/** What a step is written with: factors only where Cholesky's make it, and the matrix else. */
function needsOf(step: Step): readonly Arg[] {
  const [a, b, c] = step.args as readonly [Arg, Arg, Arg];
  switch (step.op) {
    case "solve":
      return step.method === "cholesky" ? [a, b] : [b, c];
    case "inverse":
      return [b];
    case "det":
    case "logdet":
    case "logabsdet":
      return [step.method === "cholesky" ? a : b];
    default:
      return step.args;
  }
}

/** The spelling of MATLAB, which Octave shares. */
export const MATLAB_SPELLING: Spelling = {
  number: (value) => rational(value),
  constant: (name) => atom({ pi: "3.141592653589793", nan: "NaN" }[name] ?? missing("matlab", name)),
  truthMultiplies: true,
  asNumber: (c) => call("double", c),
  align: (c, axis) => (axis === 0 ? c : T(c)),
  assign: (name, code) => `${name} = ${code.text};`,
  map: entryCode,
  needs: needsOf,
  steps: STEPS,
  loop: ({ name, axes, index, range, body, result }, names) => [
    `${name} = ${axes.length === 0 ? "0" : `zeros(${axes.map((d) => sizeCode(d, names).text).join(", ")}${axes.length === 1 ? ", 1" : ""})`};`,
    `for ${index} = 1:${wrap(range, LEVEL.sum)}`,
    ...body.map((l) => `  ${l}`),
    `  ${name} = ${name} + ${result.text};`,
    "end",
  ],
};
