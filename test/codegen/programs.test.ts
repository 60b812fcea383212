// Every case from the literature as a program of every target that runs here: value and
// derivative at a point against the numeric oracle and the source's own closed form. One
// process for all programs of a language.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { interpret, type Value } from "../../src/codegen/javascript/interpret.ts";
import { writeJavaScript } from "../../src/codegen/javascript/print.ts";
import { arrayApi } from "../../src/codegen/targets/arrayApi.ts";
import { jax } from "../../src/codegen/targets/jax.ts";
import { matlab } from "../../src/codegen/targets/matlab.ts";
import { numpy } from "../../src/codegen/targets/numpy.ts";
import type { Target } from "../../src/codegen/targets/target.ts";
import { torch } from "../../src/codegen/targets/torch.ts";
import { distance, type Prepared, prepareCases } from "./cases.ts";
import { commandOf, pythonWith, run } from "./interpreters.ts";

const cases = await prepareCases();
const RUNNER = new URL("run.py", import.meta.url).pathname;
const CLOSE = 1e-8;

const flat = (v: Value): number[] => (typeof v === "number" ? [v] : [...v]);

function expectClose(c: Prepared, outputs: readonly (readonly number[])[]): void {
  outputs.forEach((values, i) => {
    expect(distance(values, c.expected[i] as readonly number[])).toBeLessThan(CLOSE);
  });
}

it("there are 356 cases from the literature, seven of Hessians in blocks, two of vectors cut into columns and six of factors and singular values", () => {
  expect(cases.length).toBe(371);
  expect(cases.filter((c) => c.id.startsWith("placed")).map((c) => c.program.plan.steps.some((s) => s.op === "loop"))).toEqual(
    Array(7).fill(false),
  );
});

describe("interpreted plans", () => {
  for (const c of cases)
    it(`${c.id}: ${c.title}`, () => {
      const inputs = new Map(
        [...c.inputs].map(([name, s]): [string, Value] => [name, s.axes.length === 0 ? (s.data[0] as number) : Float64Array.from(s.data)]),
      );
      expectClose(c, interpret(c.program.plan, inputs, c.sizes).map(flat));
    });
});

describe("generated JavaScript", () => {
  for (const c of cases)
    it(`${c.id}: ${c.title}`, () => {
      const { text, inputs } = writeJavaScript({ name: "f", title: c.title, plan: c.program.plan });
      const f = new Function(`"use strict";\n${text}\nreturn f;`)() as (...args: unknown[]) => Record<string, Value>;
      const args = inputs.map((i) => {
        const s = c.inputs.get(i.source);
        return s?.axes.length === 0 ? s.data[0] : Float64Array.from(s?.data ?? []);
      });
      const before = structuredClone(args);
      const out = f(...args, Object.fromEntries(c.sizes));
      expectClose(
        c,
        c.program.plan.outputs.map((o) => flat(out[o.name] as Value)),
      );
      expect(args).toEqual(before);
    });
});

interface Row {
  readonly id: string;
  readonly outputs?: readonly (readonly number[])[];
  readonly shapes?: readonly (readonly number[])[];
  /** Whether an output lies in the memory of an input; absent where arrays cannot be written into. */
  readonly shared?: boolean;
  readonly error?: string;
}

/** The programs of a target; those whose functions it does not have are left out. */
function programs(
  target: Target,
  nameOf: (index: number) => string = () => "f",
): { readonly c: Prepared; readonly code: string; readonly name: string }[] {
  return cases.flatMap((c, i) => {
    const name = nameOf(i);
    try {
      return [{ c, name, code: target.write({ name, title: c.title, plan: c.program.plan }) }];
    } catch (error) {
      if (error instanceof Error && error.name === "InputError") return [];
      throw error;
    }
  });
}

function runPython(python: string, kind: string, list: readonly { readonly c: Prepared; readonly code: string }[]): Map<string, Row> {
  const requests = list.map(({ c, code }) => {
    const { inputs, sizes } = c.program.plan;
    const bound = new Set(inputs.flatMap((v) => [v.shape.rows.key, v.shape.cols.key]));
    return {
      id: c.id,
      code,
      name: "f",
      inputs: inputs.map((v) => c.inputs.get(v.name)),
      sizes: sizes.filter((s) => !bound.has(s)).map((s) => c.sizes.get(s)),
    };
  });
  const rows = JSON.parse(run(python, [RUNNER, kind], JSON.stringify(requests)).replace(/-?\b(?:NaN|Infinity)\b/g, "null")) as Row[];
  return new Map(rows.map((r) => [r.id, r]));
}

/** Where programs run, and how many cases a target has all functions for. */
// biome-ignore format: a table is read by columns
const PYTHONS: readonly (readonly [title: string, target: Target, kind: string, modules: readonly string[], least: number])[] = [
  ["NumPy",                                 numpy,    "numpy",     ["numpy"],              363],
  ["the array API, NumPy's strict module",  arrayApi, "array_api", ["numpy.array_api"],    330],
  ["the array API, PyTorch",                arrayApi, "torch",     ["torch"],              330],
  ["the array API, Dask",                   arrayApi, "dask",      ["dask.array"],         270],
  ["PyTorch",                               torch,    "torch",     ["torch"],              350],
  ["JAX, its names on NumPy",               jax,      "jax",       ["numpy"],              340],
];

for (const [title, target, kind, modules, least] of PYTHONS) {
  const python = pythonWith(...modules);
  describe.skipIf(python === undefined)(title, () => {
    // Dask has no decompositions of matrices in several chunks.
    const list = python === undefined ? [] : programs(target).filter(({ code }) => kind !== "dask" || !code.includes("linalg"));
    const rows = python === undefined ? new Map<string, Row>() : runPython(python, kind, list);

    it(`has the functions of at least ${least} cases`, () => {
      expect(list.length).toBeGreaterThanOrEqual(least);
    });

    for (const { c } of list)
      it(`${c.id}: ${c.title}`, () => {
        const row = rows.get(c.id);
        expect(row?.error).toBeUndefined();
        expectClose(c, row?.outputs ?? []);
        expect(row?.outputs?.length).toBe(2);
        expect(row?.shared ?? false).toBe(false);
      });
  });
}

const octave = commandOf("octave-cli");
describe.skipIf(octave === undefined)("Octave", () => {
  const list = octave === undefined ? [] : programs(matlab, (i) => `f${i}`);
  const rows = octave === undefined ? new Map<string, Row>() : runOctave(octave, list);

  it("has the functions of at least 350 cases", () => {
    expect(list.length).toBeGreaterThanOrEqual(350);
  });

  for (const { c } of list)
    it(`${c.id}: ${c.title}`, () => {
      const row = rows.get(c.id);
      expect(row?.error).toBeUndefined();
      expectClose(
        c,
        // Octave lists entries down the columns.
        (row?.outputs ?? []).map((values, i) => rowMajorOf(values, row?.shapes?.[i] as readonly number[])),
      );
      expect(row?.outputs?.length).toBe(2);
    });
});

const rowMajorOf = (values: readonly number[], [m, n]: readonly number[]): number[] =>
  values.map((_, k) => values[Math.floor(k / (n as number)) + (m as number) * (k % (n as number))] as number);

function runOctave(
  command: string,
  list: readonly { readonly c: Prepared; readonly code: string; readonly name: string }[],
): Map<string, Row> {
  const helpers = new Map<string, string>();
  const functions = list.map(({ code }) =>
    code.replace(/function out = (nabla_\w+)[\s\S]*?\nend\n/g, (text, name: string) => {
      helpers.set(name, text);
      return "";
    }),
  );
  const calls = list.map(({ c, name }) => {
    const { inputs, sizes } = c.program.plan;
    const bound = new Set(inputs.flatMap((v) => [v.shape.rows.key, v.shape.cols.key]));
    const args = inputs.map((v) => {
      const s = c.inputs.get(v.name);
      if (s === undefined || s.axes.length === 0) return `${s?.data[0]}`;
      const [m, n] = s.axes.length === 1 ? [1, s.axes[0]] : [s.axes[0], s.axes[1]];
      return `reshape([${s.data.join(" ")}], ${n}, ${m}).'${s.axes.length === 1 ? ".'" : ""}`;
    });
    const all = [...args, ...sizes.filter((s) => !bound.has(s)).map((s) => `${c.sizes.get(s)}`)].join(", ");
    return `try, [a, b] = ${name}(${all}); show('${c.id}', a, b); catch p, printf('%s\\tERROR %s\\n', '${c.id}', p.message); end`;
  });
  const show = `function show(id, a, b)
  printf('%s\\t%d %d %s\\t%d %d %s\\n', id, size(a), sprintf('%.17g ', a), size(b), sprintf('%.17g ', b));
end`;
  const folder = mkdtempSync(join(tmpdir(), "nabla-"));
  const file = join(folder, "programs.m");
  try {
    writeFileSync(file, ["1;", "warning('off', 'all');", ...helpers.values(), ...functions, show, ...calls, ""].join("\n"));
    const lines = run(command, ["--no-gui", "--quiet", file], "").trim().split("\n");
    return new Map(
      lines.map((line): [string, Row] => {
        const [id, ...parts] = line.split("\t") as [string, ...string[]];
        if (parts[0]?.startsWith("ERROR") === true) return [id, { id, error: parts[0] }];
        const numbers = parts.map((p) => p.trim().split(/\s+/).map(Number));
        return [id, { id, shapes: numbers.map((x) => x.slice(0, 2)), outputs: numbers.map((x) => x.slice(2)) }];
      }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
