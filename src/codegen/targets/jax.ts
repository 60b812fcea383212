// JAX, for jax.jit as it stands: no step depends on values. 64-bit numbers are JAX's own
// switch, jax.config.update("jax_enable_x64", True).

import type { Flavour } from "./flavour.ts";
import { arrayWays, filledIn, NUMPY } from "./numpy.ts";
import { pythonTarget } from "./python.ts";
import { blockHelpers, erfcxHelper, logdetHelper, ROW_KRON, singularHelpers } from "./pythonHelpers.ts";

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
    _erfcx: erfcxHelper("jnp", "jax.scipy.special.erfc"),
    _logdet: logdetHelper("jnp"),
    _row_kron: ROW_KRON,
    ...singularHelpers("jnp"),
    ...blockHelpers("jnp.eye(m)"),
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
    logdet: "_logdet({})",
    logabsdet: "jnp.linalg.slogdet({})[1]",
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
    tril: "jnp.tril({})",
    expm: "jax.scipy.linalg.expm({})",
    nuclear: 'jnp.linalg.norm({}, "nuc")',
    spectral: "jnp.linalg.norm({}, 2)",
    polar: "_polar({})",
    topsingular: "_top_singular({})",
    eigmax: "jnp.linalg.eigvalsh({})[-1]",
    topeigen: "_top_eigen({})",
    chol: "jnp.linalg.cholesky({})",
  },
  full: (shape, value) => filledIn("jnp", shape, value) ?? `jnp.full(${shape}, ${value})`,
  ...arrayWays("jnp"),
};

export const jax = pythonTarget(JAX);
