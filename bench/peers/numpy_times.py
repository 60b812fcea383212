"""NumPy on one thread for the four computations of bench/javascript.ts: median microseconds as JSON."""
import json
import statistics
import time

import numpy as np

random = np.random.default_rng(0)


def median(call):
    times = []
    for _ in range(15):
        begun = time.perf_counter()
        for _ in range(50):
            call()
        times.append((time.perf_counter() - begun) / 50 * 1e6)
    return statistics.median(times)


def logistic(m, n):
    X, w, y = random.normal(size=(m, n)), random.normal(size=n) / np.sqrt(n), np.sign(random.normal(size=m))
    return lambda: (-y / (1 + np.exp(y * (X @ w)))) @ X


A, x = random.normal(size=(500, 500)), random.normal(size=500)
calls = [logistic(1000, 100), lambda: A @ x + x @ A, lambda: x @ A @ x, logistic(20, 10)]
print(json.dumps({"version": np.__version__, "us": [median(c) for c in calls]}))
