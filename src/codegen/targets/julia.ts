// Julia with its own LinearAlgebra: dots for what is element-wise, `\` for solves, shared
// factorisations. Vectors are columns, arrays are column-major.

import { dictionary } from "../../base/dictionary.ts";
import type { Dim } from "../../expr/dim.ts";
import { comparisonSign } from "../comparisons.ts";
import type { Reduction } from "../form/form.ts";
import { createNames } from "../names.ts";
import type { Step, StepOf } from "../plan/plan.ts";
import { JULIA_WORDS } from "../words.ts";
import { atom, type Code, call, compared, indexText, infix, LEVEL, leaf, minus, negate, raised, rational, sizeCode, wrap } from "./code.ts";
import { columnMajorTest } from "./columnMajor.ts";
import { ARITHMETIC, named, type Operands, productSteps, rank, type Spelling, type StepTable, writeSteps } from "./expressions.ts";
import { looseLines, shapeLine, signatureOf } from "./signature.ts";
import { commentText, missing, type Target, type Unit } from "./target.ts";

export const julia: Target = { name: "julia", extension: "jl", write };

function write(unit: Unit): string {
  const { plan, name } = unit;
  const names = createNames([...JULIA_WORDS, name]);
  const signature = signatureOf(plan, names);
  const { lines, outputs } = writeSteps(plan, names, SPELLING);
  const body = [
    ...signature.sizes.map((s) => `${s.name} = size(${s.of}, ${s.axis + 1})`),
    ...lines,
    `return ${outputs.length === 1 ? "" : "("}${outputs.map((o) => o.text).join(", ")}${outputs.length === 1 ? "" : ")"}`,
  ];
  return `${[
    "# Written by nabla for Julia.",
    "using LinearAlgebra",
    "",
    '"""',
    `    ${name}(${[...signature.inputs.map((i) => i.name), ...signature.loose].join(", ")})`,
    "",
    commentText(unit.title).replaceAll("$", ""),
    "",
    ...signature.inputs.map((i) => `${i.name}: ${shapeLine(i.axes)}`),
    ...looseLines(signature),
    `Returns ${plan.outputs.map((o) => `${o.name} ${shapeLine(o.axes)}`).join(", ")}.`,
    '"""',
    `function ${name}(${[...signature.inputs.map((i) => i.name), ...signature.loose].join(", ")})`,
    ...body.map((l) => `    ${l}`),
    "end",
    ...(unit.test === undefined ? [] : ["", ...columnMajorTest(unit, signature, "julia")]),
  ].join("\n")}\n`;
}

const dotted = (step: Step): string => (step.axes.length === 0 ? "" : ".");
const T = (c: Code): Code => atom(`${wrap(c, LEVEL.atom)}'`, c);

// biome-ignore format: a list is read in rows
/** Element-wise functions under their own name. */
const SAME: ReadonlySet<string> = new Set([
  "exp", "log", "log2", "log10", "log1p", "expm1", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh",
  "abs", "sign", "floor", "ceil", "sqrt", "cbrt", "hypot", "max", "min",
]);

/** Element-wise functions that are written in another way; `o` is the dot of arrays. */
const ENTRIES: Readonly<Partial<Record<string, (o: string, ...args: Operands) => Code>>> = dictionary({
  neg: (_, a) => minus(a),
  square: (o, a) => raised(a, ` ${o}^ `, leaf("2")),
  pow: (o, a, b) => raised(a, ` ${o}^ `, b),
  sigmoid: (o, a) => infix(atom("1"), `${o}/`, atom(`(1 ${o}+ exp${o}(${negate(a).text}))`, a), LEVEL.product),
  softplus: (o, a) => infix(atom(`max${o}(${a.text}, 0)`, a), `${o}+`, atom(`log1p${o}(exp${o}(-abs${o}(${a.text})))`, a), LEVEL.sum),
  where: (o, a, b, c) => atom(`ifelse${o}(${a.truth === true ? a.text : `${wrap(a, LEVEL.sum)} ${o}!= 0`}, ${b.text}, ${c.text})`, a, b, c),
  round: (o, a) => atom(`floor${o}(${a.text} ${o}+ 0.5)`, a),
  atan2: (o, a, b) => call(`atan${o}`, a, b),
});

function entryCode(step: StepOf<"map">, args: Operands): Code {
  const [a, b] = args;
  const o = dotted(step);
  const [infixed, sign] = [ARITHMETIC[step.fn], comparisonSign(step.fn)];
  if (infixed !== undefined) return infix(a, `${o}${infixed[0]}`, b, infixed[1]);
  if (sign !== undefined) return compared(a, `${o}${sign}`, b);
  return ENTRIES[step.fn]?.(o, ...args) ?? (SAME.has(step.fn) ? call(`${step.fn}${o}`, ...args) : missing("julia", step.fn));
}

const REDUCTIONS: Readonly<Record<Reduction, string>> = { sum: "sum", prod: "prod", max: "maximum", min: "minimum" };

const STEPS: StepTable = {
  fill: ({ axes }, [a], { size }) => atom(`fill(1.0 * ${wrap(a, LEVEL.product)}, ${axes.map(size).join(", ")})`, a),
  widen: ({ axes }, [a], { size }) => infix(a, ".+", atom(`zeros(${axes.map(size).join(", ")})`), LEVEL.sum),
  reduce: ({ fn, over }, [a]) =>
    over === "all" ? call(REDUCTIONS[fn], a) : atom(`vec(${REDUCTIONS[fn]}(${a.text}; dims = ${over + 1}))`, a),
  dot: (_, [a, b]) => call("dot", a, b),
  ...productSteps("*", T),
  diag: (_, [a]) => atom(`Matrix(Diagonal(${a.text}))`, a),
  diagonal: (_, [a]) => call("diag", a),
  eye: ({ axes }, _, { size }) => atom(`Matrix(1.0I, ${axes.map(size).join(", ")})`),
  unit({ axes, at }, _, { size }) {
    const n = size(axes[0] as Dim);
    return atom(`Matrix(1.0I, ${n}, ${n})[:, ${size(at)}]`);
  },
  factor: ({ method }, [a]) =>
    method === "cholesky" ? call("cholesky", atom(`Symmetric(${a.text})`, a)) : atom(`lu(${a.text}; check = false)`, a),
  solve: ({ turned }, [a, b]) => infix(turned ? T(a) : a, "\\", b, LEVEL.product),
  inverse: (_, [a]) => call("inv", a),
  det: (_, [a]) => call("det", a),
  logdet: (_, [a]) => call("logdet", a),
  logabsdet: (_, [a]) => atom(`logabsdet(${a.text})[1]`, a),
  kron: (_, [a, b]) => call("kron", a, b),
  vec: (_, [a]) => call("vec", a),
  unvec: ({ axes }, [a], { size }) => atom(`reshape(${a.text}, ${axes.map(size).join(", ")})`, a),
  lift(step, [a], context) {
    if (rank(step, context) === 0) return atom(`[${a.text}]`, a);
    return atom(`reshape(${a.text}, ${step.axis === 1 ? ":, 1" : "1, :"})`, a);
  },
  concat: ({ axis }, args) => call(axis === 0 ? "vcat" : "hcat", ...args),
  shuffle(step, [a], context) {
    const [inner, whole] = [step.inner, step.axes[step.axis] as Dim].map((d) => wrap(sizeCode(d, context.names), LEVEL.sum));
    const order = `reduce(vcat, [i:${inner}:${whole} for i in 1:${inner}])`;
    const places = rank(step, context) === 1 ? order : step.axis === 0 ? `${order}, :` : `:, ${order}`;
    return atom(`${wrap(a, LEVEL.atom)}[${places}]`, a);
  },
  entry: ({ at }, [a], { names }) => atom(`${wrap(a, LEVEL.atom)}[${at.map((i) => indexText(i, names, 1)).join(", ")}]`, a),
  call: ({ fn }, args) => CALLS[fn]?.(...args) ?? missing("julia", fn),
};

/** Σ block i ⊗ e_i e_i′, or the other way round by the order of the indices, block i lying in row i. */
const blocks =
  (order: string) =>
  (a: Code, b: Code): Code =>
    atom(
      `(let c = ${a.text}, k = ${b.text}, m = size(c, 1), q = size(c, 2) ÷ k; reshape([i == o ? c[i, (j - 1) * q + l] : 0.0 for ${order}], k * m, q * m) end)`,
      a,
      b,
    );

const matrixPower = (a: Code, b: Code): Code => raised(a, "^", leaf(wrap(b, LEVEL.atom).replace(/\.0$/, "")));

/** Functions of matrices. */
const CALLS: Readonly<Partial<Record<string, (...args: Operands) => Code>>> = dictionary({
  expm: named("exp"),
  logm: named("log"),
  sqrtm: named("sqrt"),
  cosm: named("cos"),
  sinm: named("sin"),
  pinv: named("pinv"),
  tril: named("tril"),
  spectral: named("opnorm"),
  nuclear: (a) => atom(`sum(svdvals(${a.text}))`, a),
  polar: (a) => atom(`(let f = svd(${a.text}); (f.U .* (f.S .> 100 * eps(f.S[1]))') * f.Vt end)`, a),
  topsingular: (a) => atom(`(let f = svd(${a.text}); f.U[:, 1] * f.Vt[1:1, :] * (f.S[1] > 0) end)`, a),
  eigmax: (a) => atom(`eigmax(Symmetric(${a.text}))`, a),
  topeigen: (a) => atom(`(let v = eigvecs(Symmetric(${a.text}))[:, end]; v * v' end)`, a),
  chol: (a) => atom(`Matrix(cholesky(Symmetric(${a.text})).L)`, a),
  rowkron: (a, b) =>
    atom(
      `(let a = ${a.text}, b = ${b.text}; reshape(reshape(b, size(b, 1), :, 1) .* reshape(a, size(a, 1), 1, :), size(a, 1), :) end)`,
      a,
      b,
    ),
  blocksright: blocks("i in 1:m, j in 1:k, o in 1:m, l in 1:q"),
  blocksleft: blocks("j in 1:k, i in 1:m, l in 1:q, o in 1:m"),
  mpow: matrixPower,
  intpow: matrixPower,
});

const SPELLING: Spelling = {
  number: (value) => rational(value, ".0"),
  constant: (name) => atom({ pi: "float(pi)", nan: "NaN" }[name] ?? missing("julia", name)),
  truthMultiplies: true,
  asNumber: (c) => atom(`(1.0 .* ${wrap(c, LEVEL.minus)})`, c),
  align: (c, axis) => (axis === 0 ? c : T(c)),
  assign: (name, code) => `${name} = ${code.text}`,
  map: entryCode,
  steps: STEPS,
  loop: ({ name, axes, index, range, body, result }, names) => [
    `${name} = ${axes.length === 0 ? "0.0" : `zeros(${axes.map((d) => sizeCode(d, names).text).join(", ")})`}`,
    `for ${index} in 1:${wrap(range, LEVEL.atom)}`,
    ...body.map((l) => `    ${l}`),
    `    ${name} = ${name} + ${result.text}`,
    "end",
  ],
};
