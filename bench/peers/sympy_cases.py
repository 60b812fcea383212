"""SymPy beside nabla: the cases of bench/cases.ts that SymPy solves, in its matrix notation.

Reads {"samples": n}; prints {"version": ..., "ms": {case: median processor time}}, one derivation with the
cache cleared before it being one sample. Making the expression counts, as parsing does for nabla."""
import json
import statistics
import sys
import time

import sympy
from sympy import Identity, Lambda, MatrixSymbol, OneMatrix, Symbol, Trace, exp, log, sin, sqrt, symbols
from sympy.core.cache import clear_cache

n, m, k = symbols("n m k", integer=True, positive=True)
t = Symbol("t")


def matrix(name, rows, cols=1):
    return MatrixSymbol(name, rows, cols)


def squared(v):
    return v.T * v


def frobenius(e):
    return Trace(e * e.T)


def each(e, body):
    return e.applyfunc(Lambda(t, body))


def square_case(build):
    """A case in square matrices, by X."""

    def make():
        names = {name: matrix(name, n, n) for name in "XABC"}
        names.update(a=matrix("a", n), b=matrix("b", n))
        return build(**names), names["X"], 1

    return make


def by_x(build, order=1, rows=n):
    """A case in a matrix A and vectors x and b, by x."""

    def make():
        x = matrix("x", n)
        return build(matrix("A", rows, n), x, matrix("b", rows)), x, order

    return make


def factors(order):
    def make():
        u = matrix("U", m, k)
        return frobenius(matrix("T", m, n) - u * matrix("V", n, k).T), u, order

    return make


def logistic_without_labels():
    w = matrix("w", n)
    return OneMatrix(1, m) * each(matrix("X", m, n) * w, log(1 + exp(-t))), w, 1


CASES = {
    "a'Xb": square_case(lambda X, a, b, **_: a.T * X * b),
    "a'X'Xb": square_case(lambda X, a, b, **_: a.T * X.T * X * b),
    "quadratic form": by_x(lambda A, x, b: x.T * A * x),
    "least squares": by_x(lambda A, x, b: squared(A * x - b), rows=m),
    "logistic, no y": logistic_without_labels,
    "trace": square_case(lambda X, **_: Trace(X)),
    "tr(X'X)": square_case(lambda X, **_: Trace(X.T * X)),
    "tr(AX'BXC)": square_case(lambda X, A, B, C, **_: Trace(A * X.T * B * X * C)),
    "tr(X^3)": square_case(lambda X, **_: Trace(X**3)),
    "tr(inv(X)A)": square_case(lambda X, A, **_: Trace(X.inv() * A)),
    "a'inv(X)b": square_case(lambda X, a, b, **_: a.T * X.inv() * b),
    "factors": factors(1),
    "exp(Ax)": by_x(lambda A, x, b: (A * x).applyfunc(exp), rows=m),
    "sin(Ax)": by_x(lambda A, x, b: (A * x).applyfunc(sin), rows=m),
    "norm": by_x(lambda A, x, b: squared(x).applyfunc(sqrt)),
    "sqrt(x'x + 1)": by_x(lambda A, x, b: (squared(x) + Identity(1)).applyfunc(sqrt)),
    "Rayleigh": by_x(lambda A, x, b: x.T * A * x * squared(x).inv()),
    "sum(exp(X))": square_case(lambda X, **_: OneMatrix(1, n) * X.applyfunc(exp) * OneMatrix(n, 1)),
    "H quadratic": by_x(lambda A, x, b: x.T * A * x, order=2),
    "H least squares": by_x(lambda A, x, b: squared(A * x - b), order=2, rows=m),
    "H factors": factors(2),
    "J inv(X)": square_case(lambda X, **_: X.inv()),
}


def derive(make):
    expression, variable, order = make()
    for _ in range(order):
        expression = expression.diff(variable)
    return str(expression)


def main():
    samples = json.load(sys.stdin)["samples"]
    times = {}
    for name, make in CASES.items():
        taken = []
        for _ in range(samples):
            clear_cache()
            begun = time.process_time()
            derive(make)
            taken.append((time.process_time() - begun) * 1e3)
        times[name] = statistics.median(taken)
    json.dump({"version": sympy.__version__, "ms": times}, sys.stdout)


main()
