// JAX, for jax.jit as it stands: no step depends on values. 64-bit numbers are JAX's own
// switch, jax.config.update("jax_enable_x64", True).

import type { Flavour } from "./flavour.ts";
import { NUMPY } from "./numpy.ts";
import { pythonTarget } from "./python.ts";

const JAX: Flavour = {
  ...NUMPY,
  target: "jax",
  ns: "jnp",
  imports: ["import jax", "import jax.numpy as jnp", "import jax.scipy.linalg", "import jax.scipy.special"],
  functions: {
    ...Object.fromEntries(Object.entries(NUMPY.functions).map(([name, text]) => [name, text.replace("np.", "jnp.")])),
    erf: "jax.scipy.special.erf({})",
    erfc: "jax.scipy.special.erfc({})",
    gamma: "jax.scipy.special.gamma({})",
    lgamma: "jax.scipy.special.gammaln({})",
    digamma: "jax.scipy.special.digamma({})",
    trigamma: "jax.scipy.special.polygamma(1, {})",
  },
  helpers: {
    _row_kron: `def _row_kron(a, b):
    """Row by row the Kronecker product."""
    return (a[:, :, None] * b[:, None, :]).reshape((a.shape[0], a.shape[1] * b.shape[1]))`,
    _blocks_right: `def _blocks_right(c, k):
    """sum of kron(block i, e_i e_i'), block i being row i in k rows."""
    m, q = c.shape[0], c.shape[1] // k
    rows = c.T.reshape((k, q, m)).swapaxes(1, 2)
    return (rows[:, :, :, None] * jnp.eye(m)[None, :, None, :]).reshape((k * m, q * m))`,
    _blocks_left: `def _blocks_left(c, k):
    """sum of kron(e_i e_i', block i), block i being row i in k rows."""
    m, q = c.shape[0], c.shape[1] // k
    return (c.reshape((m, k, 1, q)) * jnp.eye(m)[:, None, :, None]).reshape((m * k, m * q))`,
  },
  matrix: {
    lu: "jax.scipy.linalg.lu_factor({})",
    luSolve: "jax.scipy.linalg.lu_solve({factors}, {right})",
    luSolveVector: "jax.scipy.linalg.lu_solve({factors}, {right})",
    luSolveTurned: "jax.scipy.linalg.lu_solve({factors}, {right}, trans=1)",
    luSolveTurnedVector: "jax.scipy.linalg.lu_solve({factors}, {right}, trans=1)",
    inv: "jnp.linalg.inv({})",
    solve: "jnp.linalg.solve({})",
    solveVector: "jnp.linalg.solve({})",
    det: "jnp.linalg.det({})",
    logdet: "jnp.linalg.slogdet({})[1]",
    cholesky: "jnp.linalg.cholesky({})",
    choleskySolve: "jax.scipy.linalg.cho_solve(({factors}, True), {right})",
    choleskySolveVector: "jax.scipy.linalg.cho_solve(({factors}, True), {right})",
    choleskyDet: "(jnp.diagonal({}).prod()**2)",
    choleskyLogdet: "(2 * jnp.log(jnp.diagonal({})).sum())",
    rowkron: "_row_kron({})",
    blocksright: "_blocks_right({})",
    blocksleft: "_blocks_left({})",
    intpow: "jnp.linalg.matrix_power({})",
    pinv: "jnp.linalg.pinv({})",
    expm: "jax.scipy.linalg.expm({})",
    nuclear: 'jnp.linalg.norm({}, "nuc")',
    spectral: "jnp.linalg.norm({}, 2)",
  },
  asNumber: (text) => `(1.0 * ${text})`,
  full: (shape, value) =>
    value === "0" || value === "0.0"
      ? `jnp.zeros(${shape})`
      : value === "1" || value === "1.0"
        ? `jnp.ones(${shape})`
        : `jnp.full(${shape}, ${value})`,
  eye: (n) => `jnp.eye(${n})`,
  pieces: {
    concat: (list, axis) => `jnp.concatenate(${list}, axis=${axis})`,
    diag: (v) => `jnp.diag(${v})`,
    diagonal: (m) => `jnp.diagonal(${m})`,
    dot: (a, b) => `jnp.vdot(${a}, ${b})`,
  },
  permute: (text, order) => `jnp.transpose(${text}, (${order.join(", ")}))`,
  sample: (data, shape) => `jnp.array(${data}).reshape(${shape})`,
  toFloat: "jnp.asarray(array).reshape(-1)",
};

export const jax = pythonTarget(JAX);
