"""Exported NumPy programs beside the best forms written by hand and beside torch, float64, one thread.

Reads {"programs": [{"problem", "output", "code", "args"}], "quick": bool}; prints
{"versions": ..., "rows": [{"problem", "size", "output", "us": {variant: median}}]}. Samples
take turns; every result is compared with the exported one first."""
import json
import statistics
import sys
import time
import warnings

import numpy as np

warnings.filterwarnings("ignore")
try:
    import torch
    from torch.autograd.functional import hessian as torch_hessian

    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
except ImportError:
    torch = None
try:
    import functorch
except ImportError:
    functorch = None

SAMPLES = 7
SAMPLE_SECONDS = 4e-3
PATIENCE = 8.0
random = np.random.default_rng(0)


def race(variants):
    """Median microseconds of each variant; those that take too long are sampled once or left out."""
    runners, results = {}, {}
    for name, call in variants.items():
        try:
            begun = time.perf_counter()
            results[name] = call()
            first = time.perf_counter() - begun
            if first < PATIENCE / 4:
                begun = time.perf_counter()
                call()
                first = time.perf_counter() - begun
        except (RuntimeError, NotImplementedError, TypeError, ValueError, MemoryError):
            continue
        runners[name] = (call, max(1, int(SAMPLE_SECONDS / max(first, 1e-7))), first, [])
    for sample in range(SAMPLES):
        for call, repeats, first, times in runners.values():
            if first * sample > PATIENCE / 4:
                continue
            if first < 0.05:
                call()  # so that no variant finds the memory as another has left it
            begun = time.perf_counter()
            for _ in range(repeats):
                call()
            times.append((time.perf_counter() - begun) / repeats)
    return {name: statistics.median(times) * 1e6 for name, (_, _, _, times) in runners.items()}, results


def torch_gradient(f, at):
    def run():
        x = at.detach().requires_grad_(True)
        return torch.autograd.grad(f(x), x)[0]

    return {"torch backward": run}


def torch_hessians(f, at):
    routes = {
        "torch loop": lambda: torch_hessian(f, at),
        "torch vectorized": lambda: torch_hessian(f, at, vectorize=True),
        "torch forward over reverse": lambda: torch_hessian(f, at, vectorize=True, outer_jacobian_strategy="forward-mode"),
    }
    if functorch is not None:
        routes["functorch"] = lambda: functorch.hessian(f)(at)
    return routes


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def tensors(*arrays):
    return [torch.from_numpy(a) for a in arrays]


def logistic(n):
    m = 2 * n
    X, w, y = random.normal(size=(m, n)), random.normal(size=n) / np.sqrt(n), np.sign(random.normal(size=m))

    def weights():
        s = sigmoid(y * (X @ w))
        return s * (1 - s) * y * y

    def product():
        return (X.T * weights()) @ X

    def symmetric():
        Z = X * np.sqrt(weights())[:, None]
        return Z.T @ Z

    def gradient():
        return (-y / (1 + np.exp(y * (X @ w)))) @ X

    hand = {"derivative": {"by hand": gradient}, "hessian": {"by hand": product, "by hand, symmetric": symmetric}}
    routes = {}
    if torch is not None:
        tX, tw, ty = tensors(X, w, y)
        f = lambda w_: torch.log(1 + torch.exp(-ty * (tX @ w_))).sum()
        routes = {"derivative": torch_gradient(f, tw), "hessian": torch_hessians(f, tw)}
    return dict(X=X, w=w, y=y), f"m = {m}, n = {n}", hand, routes, {}


def dense_blocks(blocks):
    """The matrix over vec(U), columns of U one after another, of which block i belongs to row i of U."""
    m, k, _ = blocks.shape
    H = np.zeros((k, m, k, m))
    i = np.arange(m)
    H[:, i, :, i] = blocks
    return H.reshape(k * m, k * m)


def columns_first(hessian_of_rows, n, k):
    """From torch's axes (i, j, i', j') to vec order on both sides."""
    return np.asarray(hessian_of_rows).transpose(1, 0, 3, 2).reshape(n * k, n * k)


def factorization(n, masked):
    k = 5
    T, U, V = random.normal(size=(n, n)), random.normal(size=(n, k)), random.normal(size=(n, k))
    O = (random.random((n, n)) < 0.3) * 1.0

    def core():
        if not masked:
            return 2 * (V.T @ V)
        return ((2 * O) @ (V[:, :, None] * V[:, None, :]).reshape(n, k * k)).reshape(n, k, k)

    def dense():
        return dense_blocks(core() if masked else np.broadcast_to(core(), (n, k, k)))

    if masked:
        gradients = {"by hand": lambda: (O * (U @ V.T - T)) @ (2 * V)}
    else:
        gradients = {"by hand": lambda: (U @ V.T - T) @ (2 * V), "by hand, low order first": lambda: 2 * (U @ (V.T @ V) - T @ V)}
    hand = {"derivative": gradients, "hessian": {"by hand": dense}, "structured": {"by hand": core}}
    routes = {}
    if torch is not None:
        tT, tU, tV, tO = tensors(T, U, V, O)
        f = (lambda u: (tO * (tT - u @ tV.T) ** 2).sum()) if masked else (lambda u: ((tT - u @ tV.T) ** 2).sum())
        routes = {"derivative": torch_gradient(f, tU), "hessian": torch_hessians(f, tU)}
    arrays = dict(T=T, U=U, V=V, O=O, m=n, n=n, k=k)
    return arrays, f"n = {n}, k = {k}", hand, routes, {"torch": lambda h: columns_first(h, n, k)}


def network(n):
    depth = 10
    W = [random.normal(size=(n, n)) * np.sqrt(2 / n) for _ in range(depth)]
    x, t = random.normal(size=n), np.eye(n)[1]

    def forward():
        h, active = W[0] @ x, []
        for a in W[1:]:
            active.append(h > 0)
            h = a @ np.where(active[-1], h, 0)
        return h, active

    def gradient():
        h, active = forward()
        e = np.exp(h - h.max())
        g = e / e.sum() - t
        for a, d in zip(W[:0:-1], active[::-1]):
            g = (g @ a) * d
        return np.outer(g, x)

    def core():
        h, active = forward()
        e = np.exp(h - h.max())
        p = e / e.sum()
        J = W[-1] * active[-1]
        for a, d in zip(W[-2:0:-1], active[-2::-1]):
            J = (J @ a) * d
        q = p @ J
        return (J.T * p) @ J - np.outer(q, q)

    def dense():
        return np.kron(np.outer(x, x), core())

    def dense_at_once():
        return np.multiply.outer(np.outer(x, x), core()).transpose(0, 2, 1, 3).reshape(n * n, n * n)

    hand = {
        "derivative": {"by hand": gradient},
        "hessian": {"by hand, kron": dense, "by hand": dense_at_once},
        "structured": {"by hand": lambda: (np.outer(x, x), core())},
    }
    routes = {}
    if torch is not None:
        tW, (tx, tt) = tensors(*W), tensors(x, t)

        def f(first):
            h = first @ tx
            for a in tW[1:]:
                h = a @ torch.relu(h)
            return torch.logsumexp(h, 0) - tt @ h

        routes = {"derivative": torch_gradient(f, tW[0]), "hessian": torch_hessians(f, tW[0])}
    arrays = {f"W_{i + 1}": w for i, w in enumerate(W)} | dict(x=x, t=t, n=n)
    return arrays, f"n = {n}, 10 layers", hand, routes, {"torch": lambda h: columns_first(h, n, n)}


PROBLEMS = {
    "logistic regression": (logistic, [10, 100, 500, 1000]),
    "factorization": (lambda n: factorization(n, False), [20, 100]),
    "masked factorization": (lambda n: factorization(n, True), [20, 100]),
    "network": (network, [8, 16, 32]),
}
QUICK = {"logistic regression": [100], "factorization": [100], "masked factorization": [20], "network": [16]}


def plain(value):
    return np.asarray(value.detach() if torch is not None and torch.is_tensor(value) else value)


def main():
    request = json.load(sys.stdin)
    rows = []
    for problem, (build, sizes) in PROBLEMS.items():
        for n in QUICK[problem] if request["quick"] else sizes:
            arrays, size, hand, routes, arrange = build(n)
            for program in (p for p in request["programs"] if p["problem"] == problem):
                space = {}
                exec(program["code"], space)
                args = [arrays[name] for name in program["args"]]
                function = space["f"]
                output = program["output"]
                # torch has no structured Hessian: the dense one is what it is compared with.
                torch_routes = routes.get("hessian" if output == "structured" else output, {})
                variants = {"nabla": lambda: function(*args), **hand.get(output, {}), **torch_routes}
                us, results = race(variants)
                if output != "structured":
                    expected = plain(results["nabla"])
                    for name, value in results.items():
                        found = plain(value)
                        if "torch" in name and output == "hessian" and "torch" in arrange:
                            found = arrange["torch"](found)
                        assert np.allclose(found.reshape(expected.shape), expected, rtol=1e-8, atol=1e-9), (problem, size, output, name)
                rows.append({"problem": problem, "size": size, "output": output, "us": us})
    versions = {"NumPy": np.__version__, **({} if torch is None else {"torch": torch.__version__})}
    json.dump({"versions": versions, "rows": rows}, sys.stdout)


main()
