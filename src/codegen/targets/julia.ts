// Julia with its own LinearAlgebra: dots for what is element-wise, `\` for solves, shared
// factorisations. Vectors are columns, arrays are column-major.

import type { Dim } from "../../expr/dim.ts";
import { comparisonSign } from "../comparisons.ts";
import { createNames } from "../names.ts";
import type { Arg, Step, StepOf } from "../plan/plan.ts";
import { JULIA_WORDS } from "../words.ts";
import { columnMajorTest } from "./columnMajor.ts";
import {
  atom,
  type Code,
  call,
  indexText,
  infix,
  LEVEL,
  minus,
  negate,
  type Spelling,
  type StepContext,
  sizeCode,
  wrap,
  writeSteps,
} from "./expressions.ts";
import { looseLines, shapeLine, signatureOf } from "./signature.ts";
import { commentText, missing, type Target, type Unit } from "./target.ts";

// biome-ignore format: a table is read by columns
const FUNCTIONS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(["exp", "log", "log2", "log10", "log1p", "expm1", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "abs", "sign", "floor", "ceil", "sqrt", "cbrt", "hypot", "max", "min"].map((n) => [n, n])),
  atan2: "atan",
};

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

const SPELLING: Spelling = {
  number: ({ n, d }) =>
    d === 1n
      ? { text: `${n}.0`, level: n < 0n ? LEVEL.minus : LEVEL.atom, depth: 0 }
      : { text: `${n} / ${d}`, level: LEVEL.product, depth: 0 },
  constant: (name) => atom({ pi: "float(pi)", nan: "NaN" }[name] ?? missing("julia", name)),
  truthMultiplies: true,
  asNumber: (c) => atom(`(1.0 .* ${wrap(c, LEVEL.minus)})`, c),
  size: sizeCode,
  align: (c, axis) => (axis === 0 ? c : T(c)),
  assign: (name, code) => `${name} = ${code.text}`,
  map(fn, args, step) {
    const [a, b, c] = args as [Code, Code, Code];
    const o = dotted(step);
    switch (fn) {
      case "add":
        return infix(a, `${o}+`, b, LEVEL.sum);
      case "sub":
        return infix(a, `${o}-`, b, LEVEL.sum);
      case "mul":
        return infix(a, `${o}*`, b, LEVEL.product);
      case "div":
        return infix(a, `${o}/`, b, LEVEL.product);
      case "neg":
        return minus(a);
      case "square":
        return { text: `${wrap(a, LEVEL.atom)} ${o}^ 2`, level: LEVEL.power, depth: a.depth + 1 };
      case "pow":
        return { text: `${wrap(a, LEVEL.atom)} ${o}^ ${wrap(b, LEVEL.atom)}`, level: LEVEL.power, depth: Math.max(a.depth, b.depth) + 1 };
      case "sigmoid":
        return infix(atom("1"), `${o}/`, atom(`(1 ${o}+ exp${o}(${negate(a).text}))`, a), LEVEL.product);
      case "softplus":
        return infix(atom(`max${o}(${a.text}, 0)`, a), `${o}+`, atom(`log1p${o}(exp${o}(-abs${o}(${a.text})))`, a), LEVEL.sum);
      case "where":
        return atom(`ifelse${o}(${a.truth === true ? a.text : `${wrap(a, LEVEL.sum)} ${o}!= 0`}, ${b.text}, ${c.text})`, a, b, c);
      case "round":
        return atom(`floor${o}(${a.text} ${o}+ 0.5)`, a);
    }
    const sign = comparisonSign(fn);
    if (sign !== undefined) return { ...atom(`(${wrap(a, LEVEL.sum)} ${o}${sign} ${wrap(b, LEVEL.sum)})`, a, b), truth: true };
    const name = FUNCTIONS[fn];
    return name === undefined ? missing("julia", fn) : call(`${name}${o}`, ...args);
  },
  step: stepCode,
  loop: ({ name, axes, index, range, body, result }, names) => [
    `${name} = ${axes.length === 0 ? "0.0" : `zeros(${axes.map((d) => sizeCode(d, names).text).join(", ")})`}`,
    `for ${index} in 1:${wrap(range, LEVEL.atom)}`,
    ...body.map((l) => `    ${l}`),
    `    ${name} = ${name} + ${result.text}`,
    "end",
  ],
};

function stepCode(step: Step, args: readonly Code[], context: StepContext): Code {
  const [a, b] = args as [Code, Code];
  const size = (d: Dim): string => sizeCode(d, context.names).text;
  const list = step.axes.map(size).join(", ");
  const rank = (i: number): number => context.axesOf(step.args[i] as Arg).length;
  switch (step.op) {
    case "fill":
      return atom(`fill(1.0 * ${wrap(a, LEVEL.product)}, ${list})`, a);
    case "widen":
      return infix(a, ".+", atom(`zeros(${list})`), LEVEL.sum);
    case "reduce": {
      const name = { sum: "sum", prod: "prod", max: "maximum", min: "minimum" }[step.fn];
      return step.over === "all" ? call(name, a) : atom(`vec(${name}(${a.text}; dims = ${step.over + 1}))`, a);
    }
    case "dot":
      return call("dot", a, b);
    case "matmul":
      return infix(step.turned[0] ? T(a) : a, "*", step.turned[1] ? T(b) : b, LEVEL.product);
    case "gram":
      return step.rows ? infix(a, "*", T(a), LEVEL.product) : infix(T(a), "*", a, LEVEL.product);
    case "transpose":
      return T(a);
    case "diag":
      return atom(`Matrix(Diagonal(${a.text}))`, a);
    case "diagonal":
      return call("diag", a);
    case "eye":
      return atom(`Matrix(1.0I, ${list})`);
    case "unit":
      return atom(`Matrix(1.0I, ${size(step.axes[0] as Dim)}, ${size(step.axes[0] as Dim)})[:, ${size(step.at)}]`);
    case "factor":
      return step.method === "cholesky" ? call("cholesky", atom(`Symmetric(${a.text})`, a)) : atom(`lu(${a.text}; check = false)`, a);
    case "solve":
      return infix(step.turned ? T(a) : a, "\\", b, LEVEL.product);
    case "inverse":
    case "det":
    case "logdet":
      return call({ inverse: "inv", det: "det", logdet: "logdet" }[step.op], a);
    case "logabsdet":
      return atom(`logabsdet(${a.text})[1]`, a);
    case "kron":
      return call("kron", a, b);
    case "vec":
      return call("vec", a);
    case "unvec":
      return atom(`reshape(${a.text}, ${size(step.axes[0] as Dim)}, ${size(step.axes[1] as Dim)})`, a);
    case "lift":
      return rank(0) === 0
        ? atom(`[${a.text}]`, a)
        : step.axis === 1
          ? atom(`reshape(${a.text}, :, 1)`, a)
          : atom(`reshape(${a.text}, 1, :)`, a);
    case "concat":
      return call(step.axis === 0 ? "vcat" : "hcat", ...args);
    case "shuffle": {
      const [inner, whole] = [step.inner, step.axes[step.axis] as Dim].map((d) => wrap(sizeCode(d, context.names), LEVEL.sum));
      const order = `reduce(vcat, [i:${inner}:${whole} for i in 1:${inner}])`;
      const places = rank(0) === 1 ? order : step.axis === 0 ? `${order}, :` : `:, ${order}`;
      return atom(`${wrap(a, LEVEL.atom)}[${places}]`, a);
    }
    case "entry":
      return atom(`${wrap(a, LEVEL.atom)}[${step.at.map((i) => indexText(i, context.names, 1)).join(", ")}]`, a);
    case "call":
      return callCode(step as StepOf<"call">, args);
    default:
      throw new Error(`${step.op} is written elsewhere`);
  }
}

function callCode(step: StepOf<"call">, args: readonly Code[]): Code {
  const name = { expm: "exp", logm: "log", sqrtm: "sqrt", cosm: "cos", sinm: "sin", pinv: "pinv", tril: "tril", spectral: "opnorm" }[
    step.fn
  ];
  if (name !== undefined) return call(name, ...args);
  const [a, b] = args as [Code, Code];
  if (step.fn === "rowkron")
    return atom(
      `(let a = ${a.text}, b = ${b.text}; reshape(reshape(b, size(b, 1), :, 1) .* reshape(a, size(a, 1), 1, :), size(a, 1), :) end)`,
      a,
      b,
    );
  const order = { blocksright: "i in 1:m, j in 1:k, o in 1:m, l in 1:q", blocksleft: "j in 1:k, i in 1:m, l in 1:q, o in 1:m" }[step.fn];
  if (order !== undefined)
    return atom(
      `(let c = ${a.text}, k = ${b.text}, m = size(c, 1), q = size(c, 2) ÷ k; reshape([i == o ? c[i, (j - 1) * q + l] : 0.0 for ${order}], k * m, q * m) end)`,
      a,
      b,
    );
  if (step.fn === "nuclear") return atom(`sum(svdvals(${a.text}))`, a);
  if (step.fn === "mpow" || step.fn === "intpow")
    return { text: `${wrap(a, LEVEL.atom)}^${wrap(b, LEVEL.atom).replace(/\.0$/, "")}`, level: LEVEL.power, depth: a.depth + 1 };
  return missing("julia", step.fn);
}
