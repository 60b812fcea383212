// The Python array API standard: one source for every library that follows it, and for
// those that follow it but for the names that are used here. It keeps to functions that
// NumPy, PyTorch, CuPy, JAX and Dask share, with helpers where names differ.
//
// Invariant: numbers among the inputs are arrays from the first lines on, of the dtype of
// the first floating-point one, as the standard's functions take nothing else.

import { atom, type Code } from "./code.ts";
import { COMMON_FUNCTIONS, type Flavour } from "./flavour.ts";
import { pythonTarget } from "./python.ts";
import { logdetHelper } from "./pythonHelpers.ts";

const NAMESPACE = `def _namespace(*arrays):
    """The library that the first array belongs to; NumPy for numbers alone."""
    for array in arrays:
        if hasattr(array, "__array_namespace__"):
            return array.__array_namespace__()
        if not isinstance(array, (int, float)):
            name = type(array).__module__.split(".")[0]
            return importlib.import_module({"dask": "dask.array"}.get(name, name))
    return importlib.import_module("numpy")`;

/** What libraries that are older than the standard call its functions. */
const FORMER_NAMES: Readonly<Record<string, string>> = {
  asin: "arcsin",
  acos: "arccos",
  atan: "arctan",
  asinh: "arcsinh",
  acosh: "arccosh",
  atanh: "arctanh",
  atan2: "arctan2",
};

const formerHelpers = Object.fromEntries(
  Object.entries(FORMER_NAMES).map(([name, former]) => [
    `_${name}`,
    `def _${name}(xp, *args):
    return (xp.${name} if hasattr(xp, "${name}") else xp.${former})(*args)`,
  ]),
);

const HELPERS: Readonly<Record<string, string>> = {
  _namespace: NAMESPACE,
  ...formerHelpers,
  _like: `def _like(xp, *inputs):
    """What new arrays are like: the first input of floating-point numbers, else float64."""
    floating = [x for x in inputs if "float" in str(getattr(x, "dtype", ""))]
    return floating[0] if floating else xp.asarray(0.0, dtype=getattr(xp, "float64", float))`,
  _number: `def _number(xp, x, like):
    """A number as an array of the library."""
    return xp.asarray(float(x), dtype=like.dtype) if isinstance(x, (int, float)) else x`,
  _maximum: `def _maximum(xp, a, b):
    return xp.where(a > b, a, b)`,
  _minimum: `def _minimum(xp, a, b):
    return xp.where(a < b, a, b)`,
  _largest: `def _largest(xp, a, axis):
    """torch.max along an axis gives places too."""
    return (xp.amax if hasattr(xp, "amax") else xp.max)(a, axis=axis)`,
  _smallest: `def _smallest(xp, a, axis):
    """torch.min along an axis gives places too."""
    return (xp.amin if hasattr(xp, "amin") else xp.min)(a, axis=axis)`,
  _softplus: `def _softplus(xp, x):
    return (x + xp.abs(x)) / 2 + xp.log1p(xp.exp(-xp.abs(x)))`,
  _indicator: `def _indicator(xp, truth, like):
    return xp.where(xp.asarray(truth), xp.asarray(1.0, dtype=like.dtype), xp.asarray(0.0, dtype=like.dtype))`,
  _diagonal: `def _diagonal(xp, a):
    return xp.sum(a * _eye(xp, a.shape[0], a), axis=1)`,
  _solve_vector: `def _solve_vector(xp, a, b):
    return xp.linalg.solve(a, b[:, None])[:, 0]`,
  _eye: `def _eye(xp, n, like):
    return xp.eye(n, dtype=like.dtype)`,
  _concat: `def _concat(xp, arrays, axis):
    return (xp.concat if hasattr(xp, "concat") else xp.concatenate)(arrays, axis=axis)`,
  _logdet: logdetHelper("xp", "xp, "),
  _row_kron: `def _row_kron(xp, a, b):
    """Row by row the Kronecker product."""
    return xp.reshape(a[:, :, None] * b[:, None, :], (a.shape[0], a.shape[1] * b.shape[1]))`,
  _blocks_right: `def _blocks_right(xp, c, k):
    """sum of kron(block i, e_i e_i'), block i being row i in k rows."""
    m, q = c.shape[0], c.shape[1] // k
    identity = _eye(xp, m, c)
    rows = [xp.reshape(c[:, j * q:(j + 1) * q][:, :, None] * identity[:, None, :], (m, q * m)) for j in range(k)]
    return _concat(xp, rows, 0)`,
  _blocks_left: `def _blocks_left(xp, c, k):
    """sum of kron(e_i e_i', block i), block i being row i in k rows."""
    m, q = c.shape[0], c.shape[1] // k
    blocks = xp.reshape(c, (m, k, q))[:, :, None, :] * _eye(xp, m, c)[:, None, :, None]
    return xp.reshape(blocks, (m * k, m * q))`,
  _polar: `def _polar(xp, a):
    """U V' of the singular value decomposition, over the singular values that are not 0."""
    u, s, v = xp.linalg.svd(a, full_matrices=False)
    return (u * _indicator(xp, s > 100 * xp.finfo(s.dtype).eps * s[0], a)) @ v`,
  _top_singular: `def _top_singular(xp, a):
    """u v' of the singular vectors of the largest singular value."""
    u, s, v = xp.linalg.svd(a, full_matrices=False)
    return (u[:, :1] @ v[:1, :]) * _indicator(xp, s[0] > 0, a)`,
  _top_eigen: `def _top_eigen(xp, a):
    """v v' of the eigenvector of the largest eigenvalue of a symmetric matrix."""
    v = xp.linalg.eigh(a)[1][:, -1:]
    return v @ v.T`,
  _shuffle: `def _shuffle(xp, a, inner, axis):
    """Every inner-th entry along an axis from the first on, then from the second on, and so on."""
    parts = [a[i::inner, ...] if axis == 0 else a[:, i::inner] for i in range(inner)]
    return _concat(xp, parts, axis)`,
};

const ALONG: Readonly<Partial<Record<string, string>>> = { max: "_largest", min: "_smallest" };
const reduce = (fn: string, x: Code, axis: number | undefined): Code => {
  if (axis === undefined) return atom(`xp.${fn}(${x.text})`, x);
  const helper = ALONG[fn];
  return atom(helper === undefined ? `xp.${fn}(${x.text}, axis=${axis})` : `${helper}(xp, ${x.text}, ${axis})`, x);
};

const ARRAY_API: Flavour = {
  target: "array-api",
  ns: "xp",
  imports: ["import importlib"],
  opening: (inputs) => [`xp = _namespace(${inputs.join(", ")})`],
  prologue: (like, { arrays, numbers }, isUsed) =>
    isUsed || numbers.length > 0
      ? [`${like} = _like(${["xp", ...arrays, ...numbers].join(", ")})`, ...numbers.map((a) => `${a} = _number(xp, ${a}, ${like})`)]
      : [],
  functions: {
    ...Object.fromEntries(Object.keys(FORMER_NAMES).map((name) => [name, `_${name}(xp, {})`])),
    where: "xp.where({})",
    max: "_maximum(xp, {})",
    min: "_minimum(xp, {})",
    softplus: "_softplus(xp, {})",
    sqrt: "xp.sqrt({})",
    round: "xp.floor({} + 0.5)",
  },
  same: new Set(COMMON_FUNCTIONS),
  helpers: HELPERS,
  always: ["_namespace"],
  matrix: {
    inv: "xp.linalg.inv({})",
    solve: "xp.linalg.solve({})",
    // A vector on the right is a matrix of one column: the standard's two readings of a vector differ.
    solveVector: "_solve_vector(xp, {})",
    det: "xp.linalg.det({})",
    logdet: "_logdet(xp, {})",
    logabsdet: "xp.linalg.slogdet({})[1]",
    cholesky: "xp.linalg.cholesky({})",
    choleskyDet: "(xp.prod(_diagonal(xp, {}))**2)",
    choleskyLogdet: "(2 * xp.sum(xp.log(_diagonal(xp, {}))))",
    rowkron: "_row_kron(xp, {})",
    blocksright: "_blocks_right(xp, {})",
    blocksleft: "_blocks_left(xp, {})",
    intpow: "xp.linalg.matrix_power({})",
    pinv: "xp.linalg.pinv({})",
    tril: "xp.tril({})",
    nuclear: "xp.sum(xp.linalg.svd({}, full_matrices=False)[1])",
    spectral: "xp.max(xp.linalg.svd({}, full_matrices=False)[1])",
    polar: "_polar(xp, {})",
    topsingular: "_top_singular(xp, {})",
    eigmax: "xp.linalg.eigvalsh({})[-1]",
    topeigen: "_top_eigen(xp, {})",
    chol: "xp.linalg.cholesky({})",
  },
  scalar: (text) => `xp.asarray(${text}, dtype={like}.dtype)`,
  condition: (text) => `xp.asarray(${text})`,
  asNumber: (truth) => `_indicator(xp, ${truth.text}, {like})`,
  truthMultiplies: false,
  full: (shape, value) =>
    value === "0" || value === "0.0" ? `xp.zeros(${shape}, dtype={like}.dtype)` : `(${value} * xp.ones(${shape}, dtype={like}.dtype))`,
  eye: (n) => `_eye(xp, ${n}, {like})`,
  // Arrays of NumPy before 2 and of Dask have no other word for it in common.
  copy: (text) => `1 * ${text}`,
  numbersAreArrays: true,
  reduce,
  pieces: {
    concat: (list, axis) => `_concat(xp, ${list}, ${axis})`,
    diag: (v, n) => `(_eye(xp, ${n}, {like}) * (${v})[:, None])`,
    diagonal: (m) => `_diagonal(xp, ${m})`,
    dot: (a, b) => `xp.sum((${a}) * (${b}))`,
  },
  permute: (text) => text,
  shuffle: (text, inner, axis) => `_shuffle(xp, ${text}, ${inner}, ${axis})`,
  reshape: (text, shape) => `xp.reshape(${text}, ${shape})`,
  sample: (data, shape) => `numpy.asarray(${data}, dtype=float).reshape(${shape})`,
  testImports: ["import numpy"],
  toFloat: "numpy.asarray(array).reshape(-1)",
};

export const arrayApi = pythonTarget(ARRAY_API);
