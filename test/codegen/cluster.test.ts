// One source on a cluster: value, gradient and Hessian of two losses, X chunked by rows, by
// Dask's distributed scheduler with two worker processes, equal to NumPy's in one process.

import { describe, expect, it } from "vitest";
import { exportCode } from "../../src/index.ts";
import { pythonWith, run } from "./interpreters.ts";

const python = pythonWith("dask.array", "distributed");
const SCRIPT = new URL("cluster.py", import.meta.url).pathname;
const [ROWS, COLUMNS] = [400, 6];

// Numbers of order 1 without a pattern.
const entries = (count: number, seed: number): number[] =>
  Array.from({ length: count }, (_, k) => Math.sin(12.9898 * (k + 1) + 78.233 * seed) * 1.5);

const LOSSES = ["norm2(X*w - y)^2", "sum(log(1 + exp(-y .* (X*w))))"] as const;

describe.skipIf(python === undefined)("Dask, two worker processes", () => {
  it("compute value, gradient and Hessian as NumPy does", { timeout: 120_000 }, () => {
    const programs = LOSSES.map((expr) => {
      const answer = exportCode({
        expr,
        wrt: "w",
        vars: { X: ["m", "n"], w: ["n"], y: ["m"] },
        target: "array-api",
        outputs: ["value", "derivative", "hessian"],
      });
      if (!answer.ok) throw new Error(answer.diagnostics[0]?.message);
      const axes: Record<string, number[]> = { X: [ROWS, COLUMNS], w: [COLUMNS], y: [ROWS] };
      const inputs = answer.inputs.map(({ name }, i) => ({
        axes: axes[name],
        data: entries(
          (axes[name] as number[]).reduce((a, b) => a * b, 1),
          i,
        ),
      }));
      return { code: answer.code, inputs };
    });
    const differences = JSON.parse(run(python as string, [SCRIPT], JSON.stringify(programs))) as number[];
    expect(differences).toHaveLength(LOSSES.length);
    for (const d of differences) expect(d).toBeLessThan(1e-9);
  });
});
