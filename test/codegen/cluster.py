"""The array API program of a loss on Dask arrays, chunked by rows, over two worker processes.

python3 cluster.py < programs.json: a list of {code, inputs}; prints the largest difference from NumPy for each."""
import json
import sys

import numpy as np


def main():
    import dask.array as da
    from distributed import Client, LocalCluster

    programs = json.load(sys.stdin)
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster, Client(cluster) as client:
        assert len(client.scheduler_info()["workers"]) == 2
        out = []
        for program in programs:
            space = {}
            exec(program["code"], space)
            arrays = [np.array(i["data"], dtype=float).reshape(i["axes"]) for i in program["inputs"]]
            rows = max(a.shape[0] for a in arrays)
            # What has a row for every sample is in four chunks, the parameters are in one.
            chunked = [da.from_array(a, chunks=(rows // 4, *a.shape[1:])) if a.shape[0] == rows else da.from_array(a) for a in arrays]
            lazy = space["f"](*chunked)
            assert all(hasattr(r, "compute") for r in lazy)
            there = client.gather(client.compute(list(lazy)))
            here = space["f"](*arrays)
            out.append(max(float(np.abs(np.asarray(a) - np.asarray(b)).max()) for a, b in zip(there, here)))
    json.dump(out, sys.stdout)


if __name__ == "__main__":
    main()
