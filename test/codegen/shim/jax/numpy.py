"""jax.numpy as far as generated code uses it."""
from numpy import (  # noqa: F401
    abs, arccos, arccosh, arcsin, arcsinh, arctan, arctan2, arctanh, array, asarray, cbrt, ceil, concatenate, cos, cosh, diag, diagonal, exp,
    expm1, eye, finfo, floor, full, hypot, linalg, log, log1p, log2, log10, logaddexp, maximum, minimum, ones, sign, sin, sinh, sqrt, tan, tanh, tril,
    transpose, vdot, where, zeros,
)
