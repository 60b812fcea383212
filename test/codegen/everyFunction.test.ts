// Every function of the library at its points, in programs: generated and interpreted JavaScript, NumPy and Octave against
// the numeric oracle. Where a program's value is another, the table says why.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type Attribute, type CodeTarget, compile, exportCode } from "../../src/index.ts";
import { commandOf, pythonWith, run } from "./interpreters.ts";
import { type Call, everyCall, isSame } from "./points.ts";

type Way = "generated" | "interpreted" | "numpy" | "octave";
const JAVASCRIPT: readonly Way[] = ["generated", "interpreted"];
const OURS: readonly Way[] = [...JAVASCRIPT, "numpy"];
const ALL: readonly Way[] = [...OURS, "octave"];

// biome-ignore format: a table is read by columns
/** What programs give for some calls instead of the oracle's value, and why. */
const EXCEPTIONS: readonly (readonly [ways: readonly Way[], fault: RegExp, reason: string])[] = [
  [ALL,        /^lgamma\(-.* not NaN$/,                          "below 0, outside its domain, languages have log |Γ|"],
  [ALL,        /^betaln\(.* not NaN$/,                          "logarithms of the gamma function below 0 are outside its domain"],
  [ALL,        /^(huberloss|softthreshold)\(\S+ (0|-).* not NaN$/, "a threshold that is not positive is outside its domain"],
  [ALL,        /^kldiv\(.* is 0, not NaN$/,                      "entries that are not positive are outside its domain"],
  [ALL,        /^chol\(.* not NaN$/,                            "a matrix that is not positive definite is outside its domain"],
  [ALL,        /^topeigen\(.* not 0\.5$/,                       "two eigenvalues are largest there"],
  [ALL,        /^adj\(.* is (NaN|LinAlgError.*), not/,           "det(A)*inv(A) has no value at singular matrices"],
  [JAVASCRIPT, /^(inv\(|mpow\(.* -[12]\)).* not NaN$/,           "an inverse that does not exist is not finite"],
  [["octave"], /^(inv|mpow)\(.* is Infinity, not NaN$/,          "an inverse that does not exist is infinite"],
  [["numpy"],  /^(inv|mpow|logm|sqrtm)\(.* is LinAlgError/,      "an inverse that does not exist, where roots need it too, is an error"],
  [["octave"], /^(mpow|logm|sqrtm)\(.* not NaN$/,                "Octave's own functions, which have more values"],
  [["octave"], /^(sinm|cosm)\(.* is matlab has no/,              "MATLAB and Octave have no such functions"],
  [["octave"], /^(crossentropy|kldiv|xlogy)\(.* not NaN$/,       "logarithms of negative numbers are complex there"],
  [["octave"], /^epow\(0, 0\)/,                                  "powers of negative numbers are complex there, and so are those beside them"],
  [["octave"], /^digamma\(.* is -Infinity, not NaN$/,            "poles are infinite there"],
  [["octave"], /^trigamma\(.* is psi: /,                         "there it is defined for positive numbers alone"],
];

const calls = await everyCall();
/** The calls of each expression, which is one program. */
const programs = [...new Set(calls.map((c) => c.expr))].map((expr) => calls.filter((c) => c.expr === expr));
const question = (list: readonly Call[]) => {
  const { expr, vars, attrs } = list[0] as Call;
  return { expr, vars, attrs: attrs as Record<string, Attribute[]>, wrt: [], outputs: ["value"] } as const;
};

/** What a program gives at a call: entries row by row, or why there are none. */
type Found = readonly number[] | string;

function compare(way: Way, found: ReadonlyMap<Call, Found>): void {
  const exceptions = EXCEPTIONS.filter(([ways]) => ways.includes(way));
  const unused = new Set(exceptions);
  const faults: string[] = [];
  for (const call of calls) {
    const values = found.get(call);
    call.expected.forEach((expected, k) => {
      const value = typeof values === "object" ? (values[k] ?? "none") : (values ?? "none");
      if (typeof value === "number" && isSame(value, expected)) return;
      const fault = `${call.label(k)} is ${value}, not ${expected}`;
      const known = exceptions.filter(([, pattern]) => pattern.test(fault));
      for (const row of known) unused.delete(row);
      if (known.length === 0) faults.push(fault);
    });
  }
  expect(faults).toEqual([]);
  expect([...unused].map(([, pattern]) => pattern.source)).toEqual([]);
}

for (const way of JAVASCRIPT)
  it(`${way} programs have the values of all functions`, () => {
    const found = new Map<Call, Found>();
    for (const list of programs) {
      const f = compile({ ...question(list), interpret: way === "interpreted" });
      if (!f.ok) throw new Error(f.diagnostics[0]?.message);
      for (const call of list) {
        const value = f.run(call.at).value as number | Float64Array;
        found.set(call, typeof value === "number" ? [value] : [...value]);
      }
    }
    compare(way, found);
  });

/** The programs in a language, by functions f0, f1 and so on; refusals are what they give. */
function written(target: CodeTarget, found: Map<Call, Found>): { name: string; code: string; list: readonly Call[] }[] {
  return programs.flatMap((list, i) => {
    const name = `f${i}`;
    const answer = exportCode({ ...question(list), target, name });
    if (answer.ok) return [{ name, code: answer.code, list }];
    for (const call of list) found.set(call, answer.diagnostics[0]?.message ?? "");
    return [];
  });
}

/** Numbers as languages print them. */
const read = (text: string): number => Number(text.replace(/inf\w*/i, "Infinity"));

const python = pythonWith("numpy");
it.skipIf(python === undefined)("NumPy programs have the values of all functions", () => {
  const found = new Map<Call, Found>();
  const asked = written("numpy", found).flatMap(({ name, code, list }) => list.map((call) => ({ name, code, call })));
  const requests = asked.map(({ name, code, call }, id) => {
    const inputs = Object.values(call.at).map((v) => ({ axes: axesOf(v), data: [v].flat(2) }));
    return { id: `${id}`, name, code, inputs, sizes: [] };
  });
  const text = run(python as string, [new URL("run.py", import.meta.url).pathname, "numpy"], JSON.stringify(requests));
  // Python's JSON has numbers that JSON has not.
  const rows = JSON.parse(text.replace(/-?(NaN|Infinity)(?=[,\]])/g, '"$&"')) as { outputs?: (number | string)[][]; error?: string }[];
  rows.forEach((row, i) => {
    found.set((asked[i] as { call: Call }).call, row.outputs?.[0]?.map((x) => read(`${x}`)) ?? row.error ?? "");
  });
  compare("numpy", found);
});

const axesOf = (v: Call["at"][string]): number[] =>
  typeof v === "number" ? [] : [v.length, ...(Array.isArray(v[0]) ? [v[0].length] : [])];

const octave = commandOf("octave-cli");
it.skipIf(octave === undefined)(
  "Octave programs have the values of all functions",
  () => {
    const found = new Map<Call, Found>();
    const asked = written("octave", found);
    const helpers = new Map<string, string>();
    const lines = asked.flatMap(({ name, code, list }) => {
      for (const text of code.split(/(?<=^end\n)/m)) helpers.set(/^function .* = (\w+)\(/m.exec(text)?.[1] ?? "", text);
      return list.map(
        (c) => `try, show(${name}(${Object.values(c.at).map(literal).join(", ")})); catch e, printf('%s\\n', e.message); end`,
      );
    });
    const folder = mkdtempSync(join(tmpdir(), "nabla-"));
    const file = join(folder, "all.m");
    writeFileSync(file, ["1;", ...helpers.values(), SHOW, ...lines, ""].join("\n"));
    const rows = run(octave as string, ["--no-gui", "--quiet", file], "").split("\n");
    rmSync(folder, { recursive: true });
    asked
      .flatMap(({ list }) => list)
      .forEach((call, i) => {
        const [mark, ...values] = (rows[i] ?? "").split(" ");
        found.set(call, mark === "=" ? values.map(read) : (rows[i] as string));
      });
    compare("octave", found);
  },
  60_000,
);

const literal = (v: Call["at"][string]): string =>
  Array.isArray(v) ? `[${v.map((row) => (Array.isArray(row) ? row.join(" ") : row)).join("; ")}]` : `${v}`;

/** Prints entries row by row; those that are not real have no value here. */
const SHOW = `function show(r)
  r = r.';
  lost = abs(imag(r)) > 1e-9 * abs(r);
  r = real(r);
  r(lost) = NaN;
  printf('=%s\\n', sprintf(' %.17g', r));
end`;
