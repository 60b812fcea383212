// PyTorch. Factorisations are shared by what is asked of one matrix.
//
// Invariants: nothing depends on the default dtype, new tensors are like the first floating-point input;
// numbers among the inputs are tensors from the first line on, float64 where no tensor says
// otherwise.

import { atom, type Code, wrap } from "./code.ts";
import { COMMON_FUNCTIONS, type Flavour } from "./flavour.ts";
import { pythonTarget } from "./python.ts";
import { blockHelpers, ROW_KRON, singularHelpers } from "./pythonHelpers.ts";

const TORCH: Flavour = {
  target: "torch",
  ns: "torch",
  imports: ["import torch"],
  prologue: (like, { arrays, numbers }, isUsed) =>
    isUsed || numbers.length > 0
      ? [`${like} = _like(${[...arrays, ...numbers].join(", ")})`, ...numbers.map((a) => `${a} = _tensor(${a}, ${like})`)]
      : [],
  functions: {
    where: "torch.where({})",
    max: "torch.maximum({})",
    min: "torch.minimum({})",
    softplus: "_softplus({})",
    cbrt: "_cbrt({})",
    round: "torch.floor({} + 0.5)",
    ...Object.fromEntries(
      [...COMMON_FUNCTIONS, "asin", "acos", "atan", "asinh", "acosh", "atanh", "sqrt", "erf", "erfc", "lgamma", "digamma"].map((name) => [
        name,
        `torch.${name}({})`,
      ]),
    ),
    erfcx: "torch.special.erfcx({})",
    gamma: "_gamma({})",
    trigamma: "torch.polygamma(1, {})",
    hypot: "torch.hypot({})",
    atan2: "torch.atan2({})",
  },
  same: new Set([]),
  helpers: {
    _row_kron: ROW_KRON,
    ...singularHelpers("torch"),
    ...blockHelpers("torch.eye(m, dtype=c.dtype, device=c.device)"),
    _like: `def _like(*inputs):
    """What new tensors are like: the first input of floating-point numbers, else float64."""
    floating = (x for x in inputs if torch.is_tensor(x) and x.is_floating_point())
    return next(floating, torch.zeros((), dtype=torch.float64))`,
    _tensor: `def _tensor(x, like):
    """A number as a tensor."""
    return x if torch.is_tensor(x) and x.is_floating_point() else torch.as_tensor(x, dtype=like.dtype, device=like.device)`,
    _softplus: `def _softplus(x):
    return torch.clamp(x, min=0) + torch.log1p(torch.exp(-torch.abs(x)))`,
    _gamma: `def _gamma(x):
    """Negative between -1 and 0, -3 and -2 and so on."""
    down = (x < 0) & (x != torch.floor(x)) & (torch.floor(x) % 2 != 0)
    size = torch.exp(torch.lgamma(x))
    return torch.where(down, -size, size)`,
    _cbrt: `def _cbrt(x):
    return torch.sign(x) * torch.abs(x)**(1 / 3)`,
  },
  matrix: {
    lu: "torch.linalg.lu_factor({})",
    luSolve: "torch.lu_solve({right}, *{factors})",
    luSolveVector: "torch.lu_solve({right}[:, None], *{factors})[:, 0]",
    inv: "torch.linalg.inv({})",
    solve: "torch.linalg.solve({})",
    solveVector: "torch.linalg.solve({})",
    det: "torch.linalg.det({})",
    logdet: "torch.logdet({})",
    logabsdet: "torch.linalg.slogdet({})[1]",
    cholesky: "torch.linalg.cholesky({})",
    choleskySolve: "torch.cholesky_solve({right}, {factors})",
    choleskySolveVector: "torch.cholesky_solve({right}[:, None], {factors})[:, 0]",
    choleskyInverse: "torch.cholesky_inverse({})",
    choleskyDet: "(torch.diagonal({}).prod()**2)",
    choleskyLogdet: "(2 * torch.log(torch.diagonal({})).sum())",
    rowkron: "_row_kron({})",
    blocksright: "_blocks_right({})",
    blocksleft: "_blocks_left({})",
    intpow: "torch.linalg.matrix_power({})",
    pinv: "torch.linalg.pinv({})",
    tril: "torch.tril({})",
    expm: "torch.linalg.matrix_exp({})",
    nuclear: "torch.linalg.matrix_norm({}, 'nuc')",
    spectral: "torch.linalg.matrix_norm({}, 2)",
    polar: "_polar({})",
    topsingular: "_top_singular({})",
    eigmax: "torch.linalg.eigvalsh({})[-1]",
    topeigen: "_top_eigen({})",
    chol: "torch.linalg.cholesky({})",
  },
  scalar: (text) => `torch.as_tensor(${text}, dtype={like}.dtype, device={like}.device)`,
  condition: (text) => `torch.as_tensor(${text})`,
  asNumber: (truth) => `torch.as_tensor(${truth.text}, dtype={like}.dtype)`,
  // The product of a truth value and a literal has the default dtype.
  truthMultiplies: false,
  full: (shape, value) =>
    value === "0" || value === "0.0"
      ? `torch.zeros(${shape}, dtype={like}.dtype, device={like}.device)`
      : `(${value} * torch.ones(${shape}, dtype={like}.dtype, device={like}.device))`,
  eye: (n) => `torch.eye(${n}, dtype={like}.dtype, device={like}.device)`,
  copy: (text) => `${text}.clone()`,
  numbersAreArrays: true,
  reduce: (fn: string, x: Code, axis): Code => {
    const name = fn === "max" ? "amax" : fn === "min" ? "amin" : fn;
    return atom(`${wrap(x, 6)}.${name}(${axis === undefined ? "" : `dim=${axis}`})`, x);
  },
  pieces: {
    concat: (list, axis) => `torch.cat(${list}, dim=${axis})`,
    diag: (v) => `torch.diag(${v})`,
    diagonal: (m) => `torch.diagonal(${m})`,
    dot: (a, b) => `torch.sum((${a}) * (${b}))`,
  },
  permute: (text, order) => `${text}.permute(${order.join(", ")})`,
  sample: (data, shape) => `torch.tensor(${data}, dtype=torch.float64).reshape(${shape})`,
  toFloat: "torch.as_tensor(array, dtype=torch.float64).reshape(-1)",
};

export const torch = pythonTarget(TORCH);
