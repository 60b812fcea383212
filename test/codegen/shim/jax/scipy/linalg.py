"""jax.scipy.linalg as far as generated code uses it: factors are the matrix itself here."""
import numpy as np


def lu_factor(a):
    return a


def lu_solve(factors, b, trans=0):
    return np.linalg.solve(factors.T if trans else factors, b)


def cho_solve(factors_and_lower, b):
    lower = factors_and_lower[0]
    return np.linalg.solve(lower @ lower.T, b)


def expm(a):
    steps = 10
    a = a / 2.0**steps
    out = term = np.eye(a.shape[0])
    for k in range(1, 19):
        term = term @ a / k
        out = out + term
    for _ in range(steps):
        out = out @ out
    return out
