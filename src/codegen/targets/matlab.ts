// MATLAB and Octave: two-dimensional arrays, so vectors are columns and scalars are 1×1;
// factorisations are shared by what is asked of one matrix.

import type { Dim } from "../../expr/dim.ts";
import { comparisonSign } from "../comparisons.ts";
import type { Determinant } from "../form/form.ts";
import { createNames } from "../names.ts";
import type { Arg, Step, StepOf } from "../plan/plan.ts";
import { MATLAB_WORDS } from "../words.ts";
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
const FUNCTIONS: Readonly<Record<string, string>> = Object.fromEntries(
  ["exp", "log", "log2", "log10", "log1p", "expm1", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "abs", "sign", "floor", "ceil", "sqrt", "hypot", "max", "min", "atan2", "erf", "erfc", "erfcx", "gamma"].map((n) => [n, n]),
);

export const matlab: Target = { name: "matlab", extension: "m", write };

function write(unit: Unit): string {
  const { plan, name } = unit;
  const names = createNames([...MATLAB_WORDS, name]);
  const signature = signatureOf(plan, names);
  const { lines, outputs } = writeSteps(plan, names, SPELLING);
  const results = plan.outputs.map((o) => names.fresh(`${o.name.replace(/[^A-Za-z0-9_]/g, "_")}_out`));
  const body = [
    ...signature.sizes.map((s) => `${s.name} = size(${s.of}, ${s.axis + 1});`),
    ...lines,
    ...outputs.map((o, i) => `${results[i]} = ${o.text};`),
  ];
  return `${[
    // A file that begins with a function would be that function and nothing more.
    ...(unit.test === undefined ? [] : ["1;"]),
    `function [${results.join(", ")}] = ${name}(${[...signature.inputs.map((i) => i.name), ...signature.loose].join(", ")})`,
    `  % ${commentText(unit.title)}`,
    "  % Written by nabla.",
    ...signature.inputs.map((i) => `  % ${i.name}: ${shapeLine(i.axes)}`),
    ...looseLines(signature).map((l) => `  % ${l}`),
    `  % Returns ${plan.outputs.map((o) => `${o.name} ${shapeLine(o.axes)}`).join(", ")}.`,
    ...body.map((l) => `  ${l}`),
    "end",
    ...helpers(body.join("\n")),
    ...(unit.test === undefined ? [] : ["", ...columnMajorTest(unit, signature, "matlab")]),
  ].join("\n")}\n`;
}

const HELPERS: Readonly<Record<string, string>> = {
  nabla_where: `function out = nabla_where(condition, a, b)
  shape = max([size(condition); size(a); size(b)]);
  out = zeros(shape) + b;
  wide = zeros(shape) + a;
  mask = (zeros(shape) + condition) ~= 0;
  out(mask) = wide(mask);
end`,
  nabla_take: `function out = nabla_take(a, order, axis)
  if axis == 1, out = a(order, :); else, out = a(:, order); end
end`,
  nabla_row_kron: `function out = nabla_row_kron(a, b)
  out = reshape(reshape(b, size(b, 1), [], 1) .* reshape(a, size(a, 1), 1, []), size(a, 1), []);
end`,
  nabla_blocks_right: `function out = nabla_blocks_right(c, k)
  m = size(c, 1); q = size(c, 2) / k;
  out = zeros(k * m, q * m);
  for i = 1:m, out(i:m:end, i:m:end) = reshape(c(i, :), q, k).'; end
end`,
  nabla_blocks_left: `function out = nabla_blocks_left(c, k)
  m = size(c, 1); q = size(c, 2) / k;
  out = zeros(m * k, m * q);
  for i = 1:m, out((i - 1) * k + (1:k), (i - 1) * q + (1:q)) = reshape(c(i, :), q, k).'; end
end`,
  nabla_logdet: `function out = nabla_logdet(a)
  [~, u, p] = lu(a);
  d = diag(u);
  out = log(det(p) * prod(sign(d))) + sum(log(abs(d)));
end`,
  nabla_entry: `function out = nabla_entry(a, varargin)
  out = a(varargin{:});
  if numel(varargin) == 2 && ischar(varargin{2}), out = out.'; end
end`,
};

const helpers = (body: string): string[] =>
  Object.entries(HELPERS)
    .filter(([name]) => body.includes(`${name}(`))
    .flatMap(([, text]) => ["", text]);

const T = (c: Code): Code => atom(`${wrap(c, LEVEL.atom)}.'`, c);
const DETERMINANTS: ReadonlySet<Step["op"]> = new Set<Determinant>(["det", "logdet", "logabsdet"]);
const E = ".";

const SPELLING: Spelling = {
  number: ({ n, d }) =>
    d === 1n
      ? { text: `${n}`, level: n < 0n ? LEVEL.minus : LEVEL.atom, depth: 0 }
      : { text: `${n} / ${d}`, level: LEVEL.product, depth: 0 },
  constant: (name) => atom({ pi: "3.141592653589793", nan: "NaN" }[name] ?? missing("matlab", name)),
  truthMultiplies: true,
  asNumber: (c) => call("double", c),
  size: sizeCode,
  align: (c, axis) => (axis === 0 ? c : T(c)),
  assign: (name, code) => `${name} = ${code.text};`,
  map(fn, args) {
    const [a, b, c] = args as [Code, Code, Code];
    switch (fn) {
      case "add":
        return infix(a, "+", b, LEVEL.sum);
      case "sub":
        return infix(a, "-", b, LEVEL.sum);
      case "mul":
        return infix(a, `${E}*`, b, LEVEL.product);
      case "div":
        return infix(a, `${E}/`, b, LEVEL.product);
      case "neg":
        return minus(a);
      case "square":
        return { text: `${wrap(a, LEVEL.atom)}.^2`, level: LEVEL.power, depth: a.depth + 1 };
      case "pow":
        return { text: `${wrap(a, LEVEL.atom)}.^${wrap(b, LEVEL.atom)}`, level: LEVEL.power, depth: Math.max(a.depth, b.depth) + 1 };
      case "sigmoid":
        return infix(atom("1"), "./", atom(`(1 + exp(${negate(a).text}))`, a), LEVEL.product);
      case "softplus":
        return infix(atom(`max(${a.text}, 0)`, a), "+", atom(`log1p(exp(-abs(${a.text})))`, a), LEVEL.sum);
      case "where":
        return chosen(a, b, c);
      case "round":
        return atom(`floor(${wrap(a, LEVEL.sum)} + 0.5)`, a);
      case "cbrt":
        return atom(`(sign(${a.text}) .* abs(${a.text}).^(1 / 3))`, a);
      case "lgamma":
        return call("gammaln", a);
      case "digamma":
        return call("psi", a);
      case "trigamma":
        return atom(`psi(1, ${a.text})`, a);
    }
    const sign = fn === "ne" ? "~=" : comparisonSign(fn);
    if (sign !== undefined) return { ...atom(`(${wrap(a, LEVEL.sum)} ${sign} ${wrap(b, LEVEL.sum)})`, a, b), truth: true };
    const name = FUNCTIONS[fn];
    return name === undefined ? missing("matlab", fn) : call(name, ...args);
  },
  needs: (step) => {
    const [a, b, c] = step.args as [Arg, Arg, Arg];
    const factored = "method" in step && step.method === "cholesky";
    if (step.op === "solve") return factored ? [a, b] : [b, c];
    if (step.op === "inverse") return [b];
    return DETERMINANTS.has(step.op) ? [factored ? a : b] : step.args;
  },
  step: stepCode,
  loop: ({ name, axes, index, range, body, result }, names) => [
    `${name} = ${axes.length === 0 ? "0" : `zeros(${axes.map((d) => sizeCode(d, names).text).join(", ")}${axes.length === 1 ? ", 1" : ""})`};`,
    `for ${index} = 1:${wrap(range, LEVEL.sum)}`,
    ...body.map((l) => `  ${l}`),
    `  ${name} = ${name} + ${result.text};`,
    "end",
  ],
};

// merge() is Octave's alone: products with indicators would spread what is not finite.
function chosen(condition: Code, a: Code, b: Code): Code {
  const truth = condition.truth === true ? condition.text : `(${wrap(condition, LEVEL.sum)} ~= 0)`;
  return atom(`nabla_where(${truth}, ${a.text}, ${b.text})`, condition, a, b);
}

function stepCode(step: Step, args: readonly Code[], context: StepContext): Code {
  const [a, b, c] = args as [Code, Code, Code];
  const size = (d: Dim): string => sizeCode(d, context.names).text;
  const list = step.axes.length === 1 ? `${size(step.axes[0] as Dim)}, 1` : step.axes.map(size).join(", ");
  const rank = (i: number): number => context.axesOf(step.args[i] as Arg).length;
  switch (step.op) {
    case "fill":
      return infix(a, ".*", atom(`ones(${list})`), LEVEL.product);
    case "widen":
      return infix(a, "+", atom(`zeros(${list})`), LEVEL.sum);
    case "reduce": {
      const all = atom(`${wrap(a, LEVEL.atom)}`, a);
      if (step.over === "all") return rank(0) === 1 ? call(step.fn, a) : atom(`${step.fn}(reshape(${all.text}, [], 1))`, a);
      const along =
        step.fn === "sum" || step.fn === "prod" ? `${step.fn}(${a.text}, ${step.over + 1})` : `${step.fn}(${a.text}, [], ${step.over + 1})`;
      return step.over === 0 ? atom(`${along}.'`, a) : atom(along, a);
    }
    case "dot":
      return rank(0) === 1
        ? infix(T(a), "*", b, LEVEL.product)
        : atom(`sum(sum(${wrap(a, LEVEL.product)} .* ${wrap(b, LEVEL.minus)}))`, a, b);
    case "matmul":
      return infix(step.turned[0] ? T(a) : a, "*", step.turned[1] ? T(b) : b, LEVEL.product);
    case "gram":
      return step.rows ? infix(a, "*", T(a), LEVEL.product) : infix(T(a), "*", a, LEVEL.product);
    case "transpose":
      return T(a);
    // Octave keeps diag(v) and eye(n) as diagonal matrices, which do not broadcast.
    case "diag":
      return atom(`full(diag(${a.text}))`, a);
    case "diagonal":
      return call("diag", a);
    case "eye":
      return atom(`full(eye(${size(step.axes[0] as Dim)}))`);
    case "unit":
      return atom(`double((1:${wrap(sizeCode(step.axes[0] as Dim, context.names), LEVEL.atom)}).' == ${size(step.at)})`);
    case "factor":
      return step.method === "cholesky" ? call("chol", a) : a;
    case "solve": {
      // R' R = A: two triangular solves.
      if (step.method === "cholesky") return atom(`(${wrap(a, LEVEL.atom)} \\ (${wrap(a, LEVEL.atom)}.' \\ ${wrap(b, LEVEL.atom)}))`, a, b);
      return atom(`(${(step.turned ? T(c) : { ...c, text: wrap(c, LEVEL.atom) }).text} \\ ${wrap(b, LEVEL.atom)})`, c, b);
    }
    case "inverse":
      return call("inv", b);
    case "det":
      return step.method === "cholesky" ? atom(`prod(diag(${a.text}))^2`, a) : call("det", b);
    case "logdet":
      return step.method === "cholesky" ? atom(`(2 * sum(log(diag(${a.text}))))`, a) : call("nabla_logdet", b);
    case "logabsdet":
      return atom(`sum(log(abs(diag(qr(${b.text})))))`, b);
    case "kron":
      return call("kron", a, b);
    case "vec":
      return atom(`reshape(${a.text}, [], 1)`, a);
    case "unvec":
      return atom(`reshape(${a.text}, ${size(step.axes[0] as Dim)}, ${size(step.axes[1] as Dim)})`, a);
    case "lift":
      return rank(0) < 2 && step.axis === 0 && step.axes.length === 2 ? T(a) : a;
    case "concat":
      return atom(`[${args.map((x) => wrap(x, LEVEL.sum)).join(step.axis === 0 ? "; " : ", ")}]`, ...args);
    case "shuffle": {
      const [o, i] = [size(step.outer), size(step.inner)];
      const order = `reshape(reshape(1:${wrap(sizeCode(step.axes[step.axis] as Dim, context.names), LEVEL.atom)}, ${i}, ${o}).', [], 1)`;
      const named = wrap(a, LEVEL.atom);
      return atom(`nabla_take(${named}, ${order}, ${step.axis + 1})`, a);
    }
    case "entry":
      return atom(`nabla_entry(${[a.text, ...step.at.map((i) => indexText(i, context.names, 1, "':'"))].join(", ")})`, a);
    case "call":
      return callCode(step as StepOf<"call">, args);
    default:
      throw new Error(`${step.op} is written elsewhere`);
  }
}

function callCode(step: StepOf<"call">, args: readonly Code[]): Code {
  const own: Readonly<Record<string, string>> = {
    rowkron: "nabla_row_kron",
    blocksright: "nabla_blocks_right",
    blocksleft: "nabla_blocks_left",
  };
  const helper = own[step.fn];
  if (helper !== undefined) return call(helper, ...args);
  const name = { expm: "expm", logm: "logm", sqrtm: "sqrtm", pinv: "pinv", tril: "tril", spectral: "norm" }[step.fn];
  if (name !== undefined) return call(name, ...args);
  const [a, b] = args as [Code, Code];
  if (step.fn === "nuclear") return atom(`sum(svd(${a.text}))`, a);
  if (step.fn === "mpow" || step.fn === "intpow")
    return { text: `${wrap(a, LEVEL.atom)}^${wrap(b, LEVEL.atom)}`, level: LEVEL.power, depth: a.depth + 1 };
  return missing("matlab", step.fn);
}
