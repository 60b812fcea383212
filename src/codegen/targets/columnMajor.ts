// Self-tests of Julia and MATLAB programs: central differences at one point. Their arrays lie
// in column-major order, as the rows and columns of derivatives do.

import type { Signature } from "./signature.ts";
import { omission, type Sample, type TestClaim, type Unit } from "./target.ts";

/** Entries of a sample with the first index running fastest. */
function columnMajor({ axes, data }: Sample): readonly number[] {
  if (axes.length < 2) return data;
  const [m, n] = axes as [number, number];
  return Array.from({ length: m * n }, (_, k) => data[(k % m) * n + Math.floor(k / m)] as number);
}

const number = (x: number): string => (Number.isInteger(x) ? `${x}.0` : `${x}`);

/** A function `self_test` that stops with an error where a derivative is off, and a call of it. */
export function columnMajorTest(unit: Unit, signature: Signature, language: "julia" | "matlab"): string[] {
  const test = unit.test as NonNullable<Unit["test"]>;
  const order = unit.plan.outputs.map((o) => o.name);
  const position = (name: string | undefined): number => signature.inputs.findIndex((i) => i.source === name) + 1;
  const claims = test.claims.map(
    (c): Placed => ({
      out: order.indexOf(c.output) + 1,
      of: order.indexOf(c.of) + 1,
      by: position(c.by),
      along: position(c.along),
      symmetric: c.symmetric ? 1 : 0,
      way: WAYS[c.arranged],
    }),
  );
  const placed: PlacedTest = {
    name: unit.name,
    outputs: order.length,
    samples: signature.inputs.map((i) => test.inputs.get(i.source) as Sample),
    sizes: signature.looseSources.map((s) => `${test.sizes.get(s) ?? 1}`),
    claims,
    omission: omission(test),
  };
  return language === "julia" ? juliaTest(placed) : matlabTest(placed);
}

/** How the entries of a derivative lie, as numbers that both languages read. */
const WAYS: Readonly<Record<TestClaim["arranged"], number>> = { shape: 1, turned: 2, along: 3, rows: 4, columns: 5 };

interface Placed {
  readonly out: number;
  readonly of: number;
  readonly by: number;
  readonly along: number;
  readonly symmetric: number;
  readonly way: number;
}

/** A test with inputs and outputs by their places. */
interface PlacedTest {
  readonly name: string;
  readonly outputs: number;
  readonly samples: readonly Sample[];
  readonly sizes: readonly string[];
  readonly claims: readonly Placed[];
  readonly omission: string;
}

/** One derivative against central differences: claimed, expected and how far they are apart. */
const JULIA_COMPARISON = [
  "        claimed, rows, count = flat(here[out]), length(flat(here[of])), length(flat(point[by]))",
  "        symmetric == 1 && ndims(point[by]) == 2 && (claimed = vec((reshape(claimed, size(point[by])) + permutedims(reshape(claimed, size(point[by])))) / 2))",
  "        D = zeros(rows, count)",
  "        for k in 1:count",
  "            h = 6e-6 * max(1, abs(flat(point[by])[k]))",
  "            D[:, k] = (flat(run(moved(by, k, h, symmetric))[of]) - flat(run(moved(by, k, -h, symmetric))[of])) / (2h)",
  "        end",
  "        wide = rows == 1 ? point[by] : here[of]",
  "        expected = way == 3 ? D * flat(point[along]) : way == 5 ? vec(permutedims(D)) : way == 2 && ndims(wide) == 2 ? vec(permutedims(reshape(vec(D), size(wide)))) : vec(D)",
  "        error = maximum(abs.(claimed - expected)) / max(1e-3, maximum(abs.(expected)))",
  "        worst = isnan(error) ? Inf : max(worst, error)",
];

function juliaTest({ name, outputs, samples, sizes, claims, omission }: PlacedTest): string[] {
  const values = samples.map((s) => {
    if (s.axes.length === 0) return number(s.data[0] as number);
    const list = `[${columnMajor(s).map(number).join(", ")}]`;
    return s.axes.length === 1 ? list : `reshape(${list}, ${s.axes.join(", ")})`;
  });
  return [
    // Another name, as a local may have that of the function.
    `function self_test(tolerance = 1e-5, tested = ${name})`,
    `    point = Any[${values.join(", ")}]`,
    `    run(p) = ${outputs === 1 ? `(tested(p...${sizes.map((s) => `, ${s}`).join("")}),)` : `tested(p...${sizes.map((s) => `, ${s}`).join("")})`}`,
    "    flat(a) = a isa Number ? [float(a)] : vec(collect(float.(a)))",
    "    bump(v, k, h, s) = (w = copy(v); s == 1 && ndims(v) == 2 ? (w[k] += h / 2; w[LinearIndices(w)[CartesianIndices(w)[k][2], CartesianIndices(w)[k][1]]] += h / 2) : (w[k] += h); w)",
    "    moved(i, k, h, s) = Any[j == i ? (v isa Number ? v + h : bump(v, k, h, s)) : v for (j, v) in enumerate(point)]",
    "    here, worst = run(point), 0.0",
    `    for (out, of, by, along, way, symmetric) in [${claims.map((c) => `(${c.out}, ${c.of}, ${c.by}, ${c.along}, ${c.way}, ${c.symmetric})`).join(", ")}]`,
    ...JULIA_COMPARISON,
    "    end",
    '    worst <= tolerance || throw(ErrorException("a derivative is off by $worst"))',
    "    return worst",
    "end",
    "",
    "if abspath(PROGRAM_FILE) == @__FILE__",
    "    try",
    `        println("ok: largest relative error ", self_test(), "${omission}")`,
    "    catch error",
    '        println("FAILED: ", error.msg)',
    "        exit(1)",
    "    end",
    "end",
  ];
}

/** As JULIA_COMPARISON, in MATLAB. */
const MATLAB_COMPARISON = [
  "    out = claims(c, 1); of = claims(c, 2); by = claims(c, 3); way = claims(c, 5);",
  "    count = numel(point{by});",
  "    D = zeros(numel(here{of}), count);",
  "    for k = 1:count",
  "      h = 6e-6 * max(1, abs(point{by}(k)));",
  "      change = zeros(size(point{by}));",
  "      change(k) = h;",
  "      if claims(c, 6), change = (change + change.') / 2; end",
  "      above = point; above{by} = above{by} + change;",
  "      below = point; below{by} = below{by} - change;",
  "      above = nabla_run(above); below = nabla_run(below);",
  "      D(:, k) = reshape(above{of} - below{of}, [], 1) / (2 * h);",
  "    end",
  "    expected = reshape(D, [], 1);",
  "    wide = point{by};",
  "    if numel(here{of}) > 1, wide = here{of}; end",
  "    if way == 2, expected = reshape(reshape(expected, size(wide)).', [], 1); end",
  "    if way == 3, expected = D * reshape(point{claims(c, 4)}, [], 1); end",
  "    if way == 5, expected = reshape(D.', [], 1); end",
  "    claimed = here{out};",
  "    if claims(c, 6), claimed = (claimed + claimed.') / 2; end",
  "    difference = max(abs(reshape(claimed, [], 1) - expected)) / max(1e-3, max(abs(expected)));",
  "    if isnan(difference), difference = Inf; end",
  "    worst = max(worst, difference);",
];

function matlabTest({ name, outputs, samples, sizes, claims, omission }: PlacedTest): string[] {
  const values = samples.map((s) => {
    if (s.axes.length === 0) return `${s.data[0]}`;
    return `reshape([${columnMajor(s).join(", ")}], ${s.axes.length === 1 ? `${s.axes[0]}, 1` : s.axes.join(", ")})`;
  });
  return [
    "function nabla_out = nabla_run(nabla_point)",
    `  nabla_out = cell(1, ${outputs});`,
    `  [nabla_out{:}] = ${name}(nabla_point{:}${sizes.map((s) => `, ${s}`).join("")});`,
    "end",
    "",
    "function worst = self_test(tolerance)",
    `  point = {${values.join(", ")}};`,
    "  here = nabla_run(point);",
    "  worst = 0;",
    `  claims = [${claims.map((c) => `${c.out}, ${c.of}, ${c.by}, ${c.along}, ${c.way}, ${c.symmetric}`).join("; ")}];`,
    "  for c = 1:size(claims, 1)",
    ...MATLAB_COMPARISON,
    "  end",
    "  if ~(worst <= tolerance)",
    "    error('a derivative is off by %g', worst);",
    "  end",
    "end",
    "",
    "try",
    `  fprintf('ok: largest relative error %g${omission}\\n', self_test(1e-5));`,
    "catch problem",
    "  fprintf('FAILED: %s\\n', problem.message);",
    "  exit(1);",
    "end",
  ];
}
