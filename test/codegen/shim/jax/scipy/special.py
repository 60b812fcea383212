"""jax.scipy.special as far as generated code uses it."""
import math

import numpy as np

erf = np.vectorize(math.erf, otypes=[float])
erfc = np.vectorize(math.erfc, otypes=[float])
gamma = np.vectorize(math.gamma, otypes=[float])
gammaln = np.vectorize(math.lgamma, otypes=[float])


def digamma(x):
    h = 1e-4
    return (gammaln(x - 2 * h) - 8 * gammaln(x - h) + 8 * gammaln(x + h) - gammaln(x + 2 * h)) / (12 * h)


def polygamma(order, x):
    h = 1e-3
    return (digamma(x - 2 * h) - 8 * digamma(x - h) + 8 * digamma(x + h) - digamma(x + 2 * h)) / (12 * h)
