// The self-test of JavaScript programs: central differences of the outputs that the
// derivatives belong to, at a point that was found to lie inside every domain.

import { evaluateDim } from "../../expr/dim.ts";
import type { Input } from "../targets/signature.ts";
import { omission, type TestClaim, type TestPoint, type Unit } from "../targets/target.ts";

/** A function `selfTest`, and a call of it where the module is the program. */
export function selfTest(unit: Unit, inputs: readonly Input[], outputs: readonly string[]): string {
  const test = unit.test as TestPoint;
  const shapes = inputs.map((i) => JSON.stringify(test.inputs.get(i.source)?.axes ?? []));
  return `/** Compares every derivative with central differences; returns the largest relative error. */
export function selfTest(tolerance = 1e-5, tested = ${unit.name}) {
  const point = [${inputs.map((i) => sampleText(i, test)).join(", ")}];
  const shapes = [${shapes.join(", ")}];
  const outputShapes = { ${outputs.map((o) => `${JSON.stringify(o)}: ${shapeOf(o, unit, test)}`).join(", ")} };
  const sizes = ${JSON.stringify(Object.fromEntries(test.sizes))};
  const list = (v) => (typeof v === "number" ? [v] : Array.from(v));
  const columnMajor = (shape, k) => (shape.length < 2 ? k : (k % shape[0]) * shape[1] + Math.floor(k / shape[0]));
  const moved = (which, k, h, symmetric) =>
    point.map((v, i) => {
      if (i !== which) return v;
      if (typeof v === "number") return v + h;
      const copy = v.slice();
      const n = shapes[which][0];
      for (const place of symmetric && shapes[which].length === 2 ? [k, (k % n) * n + Math.floor(k / n)] : [k]) copy[place] += symmetric && shapes[which].length === 2 ? h / 2 : h;
      return copy;
    });
  const here = tested(...point, sizes);
  let worst = 0;
  for (const { output, of, by, arranged, along, symmetric } of [
${test.claims.map((c) => `    ${claimOf(c, inputs)},`).join("\n")}
  ]) {
${COMPARISON}
if (globalThis.process?.argv?.[1] !== undefined && import.meta.url.endsWith(globalThis.process.argv[1].replace(/^.*[\\\\/]/, ""))) {
  try {
    console.log(\`ok: largest relative error \${selfTest().toExponential(1)}${omission(test)}\`);
  } catch (error) {
    console.log(\`FAILED: \${error.message}\`);
    globalThis.process.exit(1);
  }
}
`;
}

function sampleText({ source }: Input, test: TestPoint): string {
  const sample = test.inputs.get(source);
  if (sample === undefined) return "undefined";
  return sample.axes.length === 0 ? `${sample.data[0]}` : `Float64Array.of(${sample.data.join(", ")})`;
}

function shapeOf(output: string, { plan }: Unit, { sizes }: TestPoint): string {
  const axes = plan.outputs.find((o) => o.name === output)?.axes ?? [];
  return JSON.stringify(axes.map((d) => evaluateDim(d, sizes)));
}

/** A claim, its inputs by their positions. */
function claimOf(claim: TestClaim, inputs: readonly Input[]): string {
  const position = (name: string | undefined): number => (name === undefined ? -1 : inputs.findIndex((i) => i.source === name));
  return JSON.stringify({ ...claim, by: position(claim.by), along: position(claim.along) });
}

const COMPARISON = `    const n = shapes[by][0];
    const raw = list(here[output]);
    const claimed = symmetric && shapes[by].length === 2 ? raw.map((x, k) => (x + raw[(k % n) * n + Math.floor(k / n)]) / 2) : raw;
    const [rows, count] = [list(here[of]).length, list(point[by]).length];
    const expected = claimed.map(() => 0);
    for (let k = 0; k < count; k++) {
      const h = 6e-6 * Math.max(1, Math.abs(list(point[by])[k]));
      const [above, below] = [h, -h].map((d) => list(tested(...moved(by, k, d, symmetric), sizes)[of]));
      for (let r = 0; r < rows; r++) {
        const d = (above[r] - below[r]) / (2 * h);
        const q = rows === 1 ? k : r;
        const wide = rows === 1 ? shapes[by] : outputShapes[of];
        if (arranged === "shape") expected[q] = d;
        else if (arranged === "turned") expected[wide.length === 2 ? (q % wide[1]) * wide[0] + Math.floor(q / wide[1]) : q] = d;
        else if (arranged === "along") expected[r] += d * list(point[along])[k];
        else {
          const column = list(point[by]).findIndex((_, j) => columnMajor(shapes[by], j) === k);
          const row = list(here[of]).findIndex((_, j) => columnMajor(outputShapes[of], j) === r);
          expected[arranged === "rows" ? row * count + column : column * rows + row] = d;
        }
      }
    }
    const scale = Math.max(1e-3, ...expected.map(Math.abs));
    claimed.forEach((x, i) => {
      const error = Math.abs(x - expected[i]) / scale;
      worst = Math.max(worst, Number.isNaN(error) ? Infinity : error);
    });
  }
  if (!(worst <= tolerance)) throw new Error(\`a derivative is off by \${worst.toExponential(1)}\`);
  return worst;
}
`;
