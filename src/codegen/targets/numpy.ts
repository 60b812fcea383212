// NumPy. What it lacks (erf, gamma functions, functions of matrices) comes as short helper
// functions beside the code, so that nothing but NumPy is needed.

import { atom, type Code, LEVEL, wrap } from "./code.ts";
import { COMMON_FUNCTIONS, type Flavour } from "./flavour.ts";
import { pythonTarget } from "./python.ts";
import { erfcxHelper, logdetHelper, ROW_KRON, singularHelpers } from "./pythonHelpers.ts";

const PYTHON_HELPERS: Readonly<Record<string, string>> = {
  _entrywise: `def _entrywise(f, x):
    """f of every entry, as precise as these are."""
    return np.vectorize(f, otypes=[np.result_type(x, 0.0)])(x)`,
  _erf: "def _erf(x):\n    return _entrywise(math.erf, x)",
  _erfc: "def _erfc(x):\n    return _entrywise(math.erfc, x)",
  _erfcx: erfcxHelper("np", "_erfc"),
  _gamma: `def _gamma(x):
    """Infinite at its poles and beyond 171."""
    return _entrywise(lambda t: _raised(math.gamma, t), x)`,
  _lgamma: `def _lgamma(x):
    """Infinite at its poles."""
    return _entrywise(lambda t: _raised(math.lgamma, t), x)`,
  _raised: `def _raised(f, t):
    """f(t), infinite where Python refuses it."""
    try:
        return f(t)
    except (OverflowError, ValueError):
        return math.inf`,
  _digamma: `def _digamma(x):
    """Recurrence up to 12, then the asymptotic series (DLMF 5.11.2); reflection below 0; NaN at the poles."""
    x = np.asarray(x, dtype=np.result_type(x, 0.0))
    left = x <= 0
    t = np.where(left, 1 - x, x)
    out = np.zeros_like(t)
    for _ in range(12):
        low = t < 12
        out = out - np.where(low, 1 / t, 0)
        t = t + low
    r = 1 / (t * t)
    out = out + np.log(t) - 1 / (2 * t) - r * (1/12 - r * (1/120 - r * (1/252 - r * (1/240 - r * (1/132 - r * (691/32760))))))
    out = np.where(left, out - np.pi / np.tan(np.pi * np.where(left, x, 0.5)), out)
    return np.where(left & (x == np.floor(x)), np.nan, out)`,
  _trigamma: `def _trigamma(x):
    """Recurrence up to 12, then the asymptotic series (DLMF 5.15.8); reflection below 0; NaN at the poles."""
    x = np.asarray(x, dtype=np.result_type(x, 0.0))
    left = x <= 0
    t = np.where(left, 1 - x, x)
    out = np.zeros_like(t)
    for _ in range(12):
        low = t < 12
        out = out + np.where(low, 1 / (t * t), 0)
        t = t + low
    r = 1 / (t * t)
    out = out + 1 / t + r / 2 + (r / t) * (1/6 - r * (1/30 - r * (1/42 - r * (1/30 - r * (5/66)))))
    out = np.where(left, (np.pi / np.sin(np.pi * np.where(left, x, 0.5)))**2 - out, out)
    return np.where(left & (x == np.floor(x)), np.nan, out)`,
  _expm: `def _expm(a):
    """Scaling and squaring with a Taylor series of degree 18."""
    if not np.isfinite(a).all():
        return np.full(a.shape, np.nan, a.dtype)
    steps = max(0, int(np.ceil(np.log2(max(np.abs(a).sum(axis=0).max(), 1e-300)))) + 3)
    a = a / 2.0**steps
    out = term = np.eye(a.shape[0], dtype=a.dtype)
    for k in range(1, 19):
        term = term @ a / k
        out = out + term
    for _ in range(steps):
        out = out @ out
    return out`,
  _sqrtm: `def _sqrtm(a):
    """The principal root, by the product form of the Denman-Beavers iteration; NaN where that finds none."""
    x, m, identity = a, a, np.eye(a.shape[0])
    for _ in range(60):
        w = np.linalg.inv(m)
        x, m = x @ (identity + w) / 2, identity / 2 + (m + w) / 4
        if np.abs(m - identity).max() < 1e-15:
            break
    return x if np.abs(m - identity).max() < 1e-8 else np.full(a.shape, np.nan)`,
  _logm: `def _logm(a):
    """Inverse scaling and squaring: roots until the matrix is near the identity, then the series of artanh."""
    identity, steps = np.eye(a.shape[0]), 0
    while np.abs(a - identity).sum(axis=0).max() > 0.05 and steps < 60:
        a, steps = _sqrtm(a), steps + 1
    z = np.linalg.solve(a + identity, a - identity)
    square, term, out = z @ z, z, z
    for k in range(3, 40, 2):
        term = term @ square
        out = out + term / k
    return 2.0**(steps + 1) * out`,
  _kron_eye: `def _kron_eye(b, n):
    """kron(b, eye(n)): only the places that are not zero are written."""
    out = np.zeros((b.shape[0], n, b.shape[1], n), b.dtype)
    np.einsum("iaja->aij", out)[...] = b
    return out.reshape((b.shape[0] * n, b.shape[1] * n))`,
  _eye_kron: `def _eye_kron(n, b):
    """kron(eye(n), b): only the places that are not zero are written."""
    out = np.zeros((n, b.shape[0], n, b.shape[1]), b.dtype)
    np.einsum("aiaj->aij", out)[...] = b
    return out.reshape((n * b.shape[0], n * b.shape[1]))`,
  _logdet: logdetHelper("np"),
  _row_kron: ROW_KRON,
  ...singularHelpers("np"),
  _blocks_right: `def _blocks_right(c, k):
    """sum of kron(block i, e_i e_i'), block i being row i in k rows."""
    m, q = c.shape[0], c.shape[1] // k
    out = np.zeros((k, m, q, m), c.dtype)
    np.einsum("jili->ijl", out)[...] = c.reshape((m, k, q))
    return out.reshape((k * m, q * m))`,
  _blocks_left: `def _blocks_left(c, k):
    """sum of kron(e_i e_i', block i), block i being row i in k rows."""
    m, q = c.shape[0], c.shape[1] // k
    out = np.zeros((m, k, m, q), c.dtype)
    np.einsum("ijil->ijl", out)[...] = c.reshape((m, k, q))
    return out.reshape((m * k, m * q))`,
  _cosm: `def _cosm(a):
    n = a.shape[0]
    zero = np.zeros((n, n), a.dtype)
    return _expm(np.block([[zero, -a], [a, zero]]))[:n, :n]`,
  _sinm: `def _sinm(a):
    n = a.shape[0]
    zero = np.zeros((n, n), a.dtype)
    return _expm(np.block([[zero, -a], [a, zero]]))[n:, :n]`,
  _mpow: `def _mpow(a, k):
    """A whole power by squaring, another one through exp(k log A)."""
    return np.linalg.matrix_power(a, int(k)) if k == int(k) else _expm(k * _logm(a))`,
};

const reduceMethod = (fn: string, x: Code, axis: number | undefined): Code =>
  atom(`${wrap(x, LEVEL.atom)}.${fn}(${axis === undefined ? "" : `axis=${axis}`})`, x);

/** What NumPy and what follows it do alike, under the prefix of each. */
export const arrayWays = (ns: string): Pick<Flavour, "eye" | "pieces" | "permute" | "sample" | "toFloat"> => ({
  eye: (n) => `${ns}.eye(${n})`,
  pieces: {
    concat: (list, axis) => `${ns}.concatenate(${list}, axis=${axis})`,
    diag: (v) => `${ns}.diag(${v})`,
    diagonal: (m) => `${ns}.diagonal(${m})`,
    dot: (a, b) => `${ns}.vdot(${a}, ${b})`,
  },
  permute: (text, order) => `${ns}.transpose(${text}, (${order.join(", ")}))`,
  sample: (data, shape) => `${ns}.array(${data}).reshape(${shape})`,
  toFloat: `${ns}.asarray(array).reshape(-1)`,
});

/** An array of zeros or ones; undefined for other values. */
export function filledIn(ns: string, shape: string, value: string, dtype = ""): string | undefined {
  if (value === "0" || value === "0.0") return `${ns}.zeros(${shape}${dtype})`;
  return value === "1" || value === "1.0" ? `${ns}.ones(${shape}${dtype})` : undefined;
}

export const NUMPY: Flavour = {
  target: "numpy",
  ns: "np",
  imports: ["import math", "", "import numpy as np"],
  functions: {
    max: "np.maximum({})",
    min: "np.minimum({})",
    softplus: "np.logaddexp(0, {})",
    asin: "np.arcsin({})",
    acos: "np.arccos({})",
    atan: "np.arctan({})",
    asinh: "np.arcsinh({})",
    acosh: "np.arccosh({})",
    atanh: "np.arctanh({})",
    atan2: "np.arctan2({})",
    erf: "_erf({})",
    erfc: "_erfc({})",
    erfcx: "_erfcx({})",
    gamma: "_gamma({})",
    lgamma: "_lgamma({})",
    digamma: "_digamma({})",
    trigamma: "_trigamma({})",
    round: "np.floor({} + 0.5)",
  },
  same: new Set([...COMMON_FUNCTIONS, "cbrt", "sqrt", "hypot"]),
  helpers: PYTHON_HELPERS,
  matrix: {
    inv: "np.linalg.inv({})",
    solve: "np.linalg.solve({})",
    solveVector: "np.linalg.solve({})",
    det: "np.linalg.det({})",
    logdet: "_logdet({})",
    logabsdet: "np.linalg.slogdet({})[1]",
    cholesky: "np.linalg.cholesky({})",
    choleskyDet: "(np.diagonal({}).prod()**2)",
    choleskyLogdet: "(2 * np.log(np.diagonal({})).sum())",
    kronEye: "_kron_eye({})",
    eyeKron: "_eye_kron({})",
    rowkron: "_row_kron({})",
    blocksright: "_blocks_right({})",
    blocksleft: "_blocks_left({})",
    intpow: "np.linalg.matrix_power({})",
    pinv: "np.linalg.pinv({})",
    tril: "np.tril({})",
    expm: "_expm({})",
    logm: "_logm({})",
    sqrtm: "_sqrtm({})",
    sinm: "_sinm({})",
    cosm: "_cosm({})",
    mpow: "_mpow({})",
    nuclear: 'np.linalg.norm({}, "nuc")',
    spectral: "np.linalg.norm({}, 2)",
    polar: "_polar({})",
    topsingular: "_top_singular({})",
    eigmax: "np.linalg.eigvalsh({})[-1]",
    topeigen: "_top_eigen({})",
    chol: "np.linalg.cholesky({})",
  },
  scalar: (text) => text,
  asNumber: (truth) => `(1.0 * ${wrap(truth, LEVEL.atom)})`,
  truthMultiplies: true,
  full: (shape, value) => filledIn("np", shape, value) ?? `np.full(${shape}, float(${value}))`,
  reduce: reduceMethod,
  ...arrayWays("np"),
};

// JAX has NumPy's ways but for arrays that can be written into, for dtypes and for numbers of Python.
export const numpy = pythonTarget({
  ...NUMPY,
  copy: (text) => `np.array(${text})`,
  like: "one",
  prologue: (one, { arrays, numbers }, isUsed, raises) => {
    const guarded = raises ? numbers : [];
    if (guarded.length === 0 && !isUsed) return [];
    if (arrays.length === 0 && !isUsed) return guarded.map((a) => `${a} = np.float64(${a})`);
    return [`${one} = np.result_type(${[...arrays, "0.0"].join(", ")}).type(1)`, ...guarded.map((a) => `${a} = ${one}.dtype.type(${a})`)];
  },
  full: (shape, value) => filledIn("np", shape, value, ", {like}.dtype") ?? `np.full(${shape}, float(${value}), {like}.dtype)`,
  eye: (n) => `np.eye(${n}, dtype={like}.dtype)`,
  asNumber: (truth) => `({like} * ${wrap(truth, LEVEL.atom)})`,
});
