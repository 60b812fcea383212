// The self-test of Python programs: central differences of the outputs that the derivatives
// belong to, at a point that was found to lie inside every domain.

import type { Flavour } from "./flavour.ts";
import { tupleOf } from "./pythonSpelling.ts";
import type { Signature } from "./signature.ts";
import { omission, type TestClaim, type TestPoint, type Unit } from "./target.ts";

const literal = (x: number): string => (Number.isFinite(x) ? `${x}` : 'float("nan")');
const rows = (items: readonly string[]): string => items.map((item) => `\n        ${item},`).join("");

/** Statements of a function `self_test` and of a call of it. */
export function pythonTest(unit: Unit, signature: Signature, flavour: Flavour): string[] {
  const test = unit.test as TestPoint;
  const outputs = unit.plan.outputs.map((o) => o.name);
  const sizes = signature.looseSources.map((s) => test.sizes.get(s) ?? 1);
  return `def self_test(tolerance=1e-5):
    """Compares every derivative with central differences; returns the largest relative error."""
    point = [${rows(samples(test, signature, flavour))}
    ]
    sizes = [${sizes.join(", ")}]

    def run(values):
        out = ${unit.name}(*values, *sizes)
        return ${outputs.length === 1 ? "(out,)" : "out"}

    def flat(array):
        return [float(x) for x in ${flavour.toFloat}]

    def moved(values, which, k, step, symmetric):
        shape = getattr(values[which], "shape", ())
        if len(shape) == 0:
            return [*values[:which], values[which] + step, *values[which + 1:]]
        data = flat(values[which])
        mirrored = (k % shape[0]) * shape[0] + k // shape[0]
        for place in (k, mirrored) if symmetric and len(shape) == 2 else (k,):
            data[place] += step / 2 if symmetric and len(shape) == 2 else step
        return [*values[:which], ${flavour.sample("data", "tuple(shape)")}, *values[which + 1:]]
${COLUMN_MAJOR}
    here = run(point)
    worst = 0.0
    for out, of, by, arranged, along, symmetric in [${rows(test.claims.map((c) => claimOf(c, outputs, signature)))}
    ]:
${COMPARISON}

if __name__ == "__main__":
    try:
        print(f"ok: largest relative error {self_test():.1e}${omission(test)}")
    except AssertionError as error:
        print(f"FAILED: {error}")
        sys.exit(1)`.split("\n");
}

/** The inputs at the point, in their order. */
const samples = (test: TestPoint, { inputs }: Signature, flavour: Flavour): string[] =>
  inputs.map(({ source }) => {
    const sample = test.inputs.get(source);
    if (sample === undefined) return "None";
    if (sample.axes.length === 0) return `${sample.data[0]}`;
    return flavour.sample(`[${sample.data.map(literal).join(", ")}]`, tupleOf(sample.axes.map(String)));
  });

/** A claim by the positions of its outputs and inputs. */
function claimOf({ output, of, by, arranged, along, symmetric }: TestClaim, outputs: readonly string[], { inputs }: Signature): string {
  const position = (name: string): number => inputs.findIndex((i) => i.source === name);
  const direction = along === undefined ? "None" : `${position(along)}`;
  return `(${outputs.indexOf(output)}, ${outputs.indexOf(of)}, ${position(by)}, "${arranged}", ${direction}, ${symmetric ? "True" : "False"})`;
}

const COLUMN_MAJOR = `
    def column_major(shape, k):
        if len(shape) < 2:
            return k
        return (k % shape[0]) * shape[1] + k // shape[0]
`;

// Positions in rows and columns run down the columns of a matrix.
const COMPARISON = `        claimed = flat(here[out])
        shape = tuple(getattr(point[by], "shape", ()))
        if symmetric and len(shape) == 2:
            claimed = [(x + claimed[(k % shape[0]) * shape[0] + k // shape[0]]) / 2 for k, x in enumerate(claimed)]
        rows = len(flat(here[of]))
        value_shape = tuple(getattr(here[of], "shape", ()))
        count = len(flat(point[by]))
        expected = [0.0] * len(claimed)
        for k in range(count):
            h = 6e-6 * max(1.0, abs(flat(point[by])[k]))
            above, below = flat(run(moved(point, by, k, h, symmetric))[of]), flat(run(moved(point, by, k, -h, symmetric))[of])
            for r in range(rows):
                d = (above[r] - below[r]) / (2 * h)
                if arranged == "shape":
                    expected[k if rows == 1 else r] = d
                elif arranged == "turned":
                    wide = shape if rows == 1 else value_shape
                    q = k if rows == 1 else r
                    expected[(q % wide[1]) * wide[0] + q // wide[1] if len(wide) == 2 else q] = d
                elif arranged == "along":
                    expected[r] += d * flat(point[along])[k]
                else:
                    c = [j for j in range(count) if column_major(shape, j) == k][0]
                    q = [j for j in range(rows) if column_major(value_shape, j) == r][0]
                    expected[q * count + c if arranged == "rows" else c * rows + q] = d
        scale = max([1e-3] + [abs(x) for x in expected])
        for x, y in zip(claimed, expected):
            error = abs(x - y) / scale
            worst = max(worst, error if error == error else float("inf"))
    if not worst <= tolerance:
        raise AssertionError(f"a derivative is off by {worst:.1e}")
    return worst
`;
