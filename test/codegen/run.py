"""Runs generated Python programs: a JSON list of programs on stdin, their outputs as JSON on stdout.

python3 run.py KIND, KIND being how arrays are made: numpy, array_api, torch, dask, jax."""
import json
import sys
import warnings

import numpy as np

warnings.filterwarnings("ignore")
kind = sys.argv[1]

if kind == "array_api":
    import numpy.array_api as strict

    make = lambda a: strict.asarray(a)
    back = lambda a: np.asarray(a._array) if hasattr(a, "_array") else np.asarray(a)
elif kind == "torch":
    import torch

    torch.set_num_threads(1)
    make = torch.from_numpy
    back = lambda a: a.detach().numpy() if torch.is_tensor(a) else np.asarray(a)
elif kind == "dask":
    import dask
    import dask.array as da

    dask.config.set(scheduler="synchronous")
    make = lambda a: da.from_array(a, chunks=2)
    back = lambda a: np.asarray(a.compute() if hasattr(a, "compute") else a)
else:
    if kind == "jax":
        import os

        sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "shim"))
    make = lambda a: a
    back = np.asarray

out = []
for program in json.load(sys.stdin):
    try:
        space = {"__name__": "program"}
        exec(compile(program["code"], program["id"], "exec"), space)
        args = [make(np.array(i["data"], dtype=i.get("dtype", "float64")).reshape(i["axes"])) if i["axes"] else i["data"][0] for i in program["inputs"]]
        result = space[program["name"]](*args, *program["sizes"])
        result = result if isinstance(result, tuple) else (result,)
        arrays = [back(r) for r in result]
        row = {
            "id": program["id"],
            "outputs": [[float(x) for x in a.reshape(-1)] for a in arrays],
            "shapes": [list(a.shape) for a in arrays],
            "dtypes": [str(a.dtype) for a in arrays],
        }
        if kind in ("numpy", "array_api", "torch"):
            others = [[back(x) for x in args] + arrays[:i] for i in range(len(arrays))]
            row["shared"] = any(np.shares_memory(a, b) for a, list in zip(arrays, others) for b in list)
        if program.get("selfTest"):
            row["selfTest"] = space["self_test"]()
        out.append(row)
    except Exception as error:
        out.append({"id": program["id"], "error": f"{type(error).__name__}: {error}"})
json.dump(out, sys.stdout)
