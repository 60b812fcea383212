// A term as an expression that mathjs parses: vectors are arrays of numbers for element-wise
// work, matrices arrays of rows, element-wise functions are mapped over what is no number.
//
// Invariant: a sum with 1 and a logarithm are written in the form that keeps their digits, as in
// programs (src/codegen/form/stable.ts).

import { type Dim, isOneDim } from "../../expr/dim.ts";
import { type Apply, type Entry, type Expr, fold, type Index } from "../../expr/expr.ts";
import { isOperator, type OperatorName } from "../../expr/operators.ts";
import { isColumnShape, isMatrixShape, isRowShape, isScalarShape, isVectorShape, type Shape } from "../../expr/shape.ts";
import { comparisonRows } from "../comparisons.ts";
import { identifier } from "../names.ts";
import { type Bound, between, wrap } from "./code.ts";
import { checkMathjsNames } from "./mathjsNames.ts";
import { missing } from "./target.ts";

interface Code extends Bound {
  /** That number everywhere. */
  readonly one?: 1 | -1;
  /** The value plus 1 and less 1 without cancellation, where there are such forms. */
  readonly above?: Code;
  readonly below?: Code;
  /** The logarithm of the value, where it is simpler than that. */
  readonly logarithm?: (isArray: boolean) => Code;
  /** u of exp(u). */
  readonly exponent?: Code;
  /** What it is the negative of. */
  readonly opposite?: Code;
}

const ATOM = 6;
const atom = (text: string): Code => ({ text, level: ATOM });
function negate(a: Code): Code {
  if (a.opposite !== undefined) return a.opposite;
  return {
    text: `-${wrap(a, 3)}`,
    level: 2,
    opposite: a,
    ...(a.one === undefined ? {} : { one: a.one === 1 ? -1 : 1 }),
    ...(a.below === undefined ? {} : { above: negate(a.below) }),
    ...(a.above === undefined ? {} : { below: negate(a.above) }),
  };
}

/** The expression; sizes are names such as `n`, a function that it maps with is `_f`. Columns are n×1 matrices, rows 1×n. Throws a diagnostic for what mathjs has no function for. */
export function toMathjs(expr: Expr): string {
  checkMathjsNames(expr);
  return fold<Code>(expr, codeOf).text;
}

const size = (d: Dim): string => d.key.replace(/[\p{L}_][\p{L}\p{M}\p{Nd}_]*/gu, identifier);
const position = (i: Index, of: Dim): string =>
  i.kind === "all" ? (isOneDim(of) ? "1" : `1:${size(of)}`) : i.kind === "bound" ? identifier(i.name) : size(i.at);

/** Entries of an array. A number among positions takes its axis away, a list of one number leaves it. */
function entriesOf({ at, args, shape }: Entry, of: Code): Code {
  const { rows, cols } = (args[0] as Expr).shape;
  const positions = [position(at[0], rows), position(at[1], cols)];
  const kept = positions.map((p) => (isScalarShape(shape) || p.includes(":") ? p : `[${p}]`));
  return atom(`${wrap(of, ATOM)}[${kept.join(", ")}]`);
}

// biome-ignore format: a list
const SAME = new Set(["exp", "log", "log2", "log10", "log1p", "expm1", "sqrt", "cbrt", "square", "sin", "cos", "tan", "sec", "csc", "cot", "asin", "acos", "atan", "sinh", "cosh", "tanh", "sech", "csch", "coth", "asinh", "acosh", "atanh", "abs", "sign", "floor", "ceil", "erf", "gamma", "lgamma"]);

// Functions of one number in terms of those that mathjs has.
const WRITTEN: Readonly<Record<string, string | undefined>> = {
  sigmoid: "1 / (1 + exp(-t))",
  complement: "1 / (1 + exp(t))",
  softplus: "(t > 0 ? t : 0) + log1p(exp(-abs(t)))",
  logsigmoid: "(t < 0 ? t : 0) - log1p(exp(-abs(t)))",
  relu: "t > 0 ? t : 0",
  step: "t > 0 ? 1 : 0",
  erfc: "1 - erf(t)",
  silu: "t / (1 + exp(-t))",
  logit: "log(t / (1 - t))",
};

// biome-ignore format: a table is read by columns
const MATRIX: Readonly<Record<string, (x: Code) => Code>> = {
  inv:    (x) => atom(`inv(${x.text})`),
  det:    (x) => atom(`det(${x.text})`),
  logdet: (x) => atom(`log(det(${x.text}))`),
  pinv:   (x) => atom(`pinv(${x.text})`),
  tril:   (x) => atom(`map(${x.text}, _tril(v, i) = i[1] >= i[2] ? v : 0)`),
  expm:   (x) => atom(`expm(${x.text})`),
  sqrtm:  (x) => atom(`sqrtm(${x.text})`),
  norm2:  (x) => atom(`sqrt(sum(dotMultiply(${x.text}, ${x.text})))`),
  norm1:  (x) => atom(`sum(abs(${x.text}))`),
  mean:   (x) => atom(`mean(${x.text})`),
  prod:   (x) => atom(`prod(${x.text})`),
  largest: (x) => atom(`max(${x.text})`),
  smallest: (x) => atom(`min(${x.text})`),
  softmax: (x) => atom(`(${raised(x)} / sum(${raised(x)}))`),
  logsumexp: logSumExp,
};

function logSumExp(x: Code): Code {
  return atom(`(max(${x.text}) + log(sum(${raised(x)})))`);
}

// exp(x − max x)
const raised = (x: Code): string => `map(${x.text} - max(${x.text}), _f(t) = exp(t))`;

function codeOf(node: Expr, args: readonly Code[]): Code {
  switch (node.kind) {
    case "num": {
      const { n, d } = node.value;
      if (d !== 1n) return { text: `${n} / ${d}`, level: n < 0n ? 2 : 3 };
      return { text: `${n}`, level: n < 0n ? 2 : ATOM, ...(n === 1n || n === -1n ? { one: n === 1n ? 1 : -1 } : {}) };
    }
    case "constant":
      return atom(node.name);
    case "var":
      return atom(identifier(node.name));
    case "dim":
      return { text: size(node.dim), level: /[+-]/.test(node.dim.key) ? 2 : node.dim.key.includes("*") ? 3 : ATOM };
    case "entry":
      return entriesOf(node, args[0] as Code);
    case "indexSum": {
      const index = identifier(node.index);
      return atom(`sum(map(1:${wrap({ text: size(node.range), level: 3 }, 3)}, _f(${index}) = ${(args[0] as Code).text}))`);
    }
    case "unknown":
      return missing("mathjs", `body of ${node.name}`);
    case "apply":
      return applyCode(node, args);
  }
}

type Row = (node: Apply, args: readonly Code[]) => Code;

const first = (args: readonly Code[]): Code => args[0] as Code;
const second = (args: readonly Code[]): Code => args[1] as Code;
const shapeAt = (node: Apply, i: number): Shape => (node.args[i] as Expr).shape;
const sizeAt = (node: Apply, i: number): string => size(node.params[i] as Dim);
const isNumber = (node: Apply): boolean => isScalarShape(node.shape);

/** A sign of numbers, with a dot before it where it works entry by entry. */
const entrywise =
  (sign: string): Row =>
  (node, args) =>
    between(first(args), isNumber(node) ? sign : `.${sign}`, second(args), 3);
const raisedTo = (sign: string, [a, b]: readonly Code[]): Code => ({
  text: `${wrap(a as Code, ATOM)} ${sign} ${wrap(b as Code, ATOM)}`,
  level: 4,
});
const named =
  (name: string): Row =>
  (_, args) =>
    atom(`${name}(${args.map((a) => a.text).join(", ")})`);
/** What is written of an array; a number stays as it is. */
const unlessNumber =
  (row: Row): Row =>
  (node, args) =>
    isNumber(node) ? first(args) : row(node, args);

const comparison =
  (sign: string): Row =>
  (node, args) =>
    isNumber(node)
      ? atom(`(${wrap(first(args), 2)} ${sign} ${wrap(second(args), 2)} ? 1 : 0)`)
      : atom(`map(${first(args).text} - ${wrap(second(args), 3)}, _f(t) = t ${sign} 0 ? 1 : 0)`);

// biome-ignore format: a table is read by columns
const OPERATORS: Readonly<Record<OperatorName, Row>> = {
  add:         (_, args) => sum(args),
  neg:         (_, args) => negate(first(args)),
  mul:         multiplied,
  div:         (_, args) => between(first(args), "/", second(args), 3),
  pow:         (_, args) => raisedTo("^", args),
  hadamard:    entrywise("*"),
  hdiv:        entrywise("/"),
  hpow:        (node, args) => raisedTo(isNumber(node) ? "^" : ".^", args),
  expand:      expanded,
  transpose:   unlessNumber(named("transpose")),
  sum:         (node, args) => (isScalarShape(shapeAt(node, 0)) ? first(args) : total(first(args))),
  tr:          named("trace"),
  diag:        unlessNumber(diagonal),
  dot:         dotted,
  kron:        named("kron"),
  vec:         (node, args) => atom(`reshape(transpose(${first(args).text}), [${size(node.shape.rows)}, 1])`),
  reshape:     unlessNumber((node, args) => atom(`transpose(reshape(${first(args).text}, [${sizeAt(node, 1)}, ${sizeAt(node, 0)}]))`)),
  vcat:        (node, args) => joined(node, args, 1),
  hcat:        (node, args) => joined(node, args, 2),
  ones:        (node) => ({ ...atom(isNumber(node) ? "1" : `ones(${sizeAt(node, 0)}, ${sizeAt(node, 1)})`), one: 1 }),
  zeros:       (node) => atom(isNumber(node) ? "0" : `zeros(${sizeAt(node, 0)}, ${sizeAt(node, 1)})`),
  eye:         (node) => atom(isNumber(node) ? "1" : `identity(${sizeAt(node, 0)})`),
  unit:        (node) => atom(`identity(${sizeAt(node, 0)})[1:${sizeAt(node, 0)}, [${sizeAt(node, 1)}]]`),
  commutation: () => missing("mathjs", "commutation matrix"),
  ...comparisonRows(comparison),
  cases:       chosen,
};

const applyCode: Row = (node, args) => (isOperator(node.op) ? OPERATORS[node.op](node, args) : functionCode(node, args, isNumber(node)));

// A row times a column is a 1×1 matrix, which is no number.
function multiplied(node: Apply, [a, b]: readonly Code[]): Code {
  const product = between(a as Code, "*", b as Code, 3);
  if (isNumber(node) && !isScalarShape(shapeAt(node, 0))) return atom(`sum(${product.text})`);
  return { ...product, ...(a?.one === -1 && b?.one === 1 ? { one: -1 } : {}) };
}

function expanded(node: Apply, [a]: readonly Code[]): Code {
  const ones = { ...atom(`ones(${sizeAt(node, 0)}, ${sizeAt(node, 1)})`), one: 1 } as const;
  const { one } = a as Code;
  return one === undefined ? between(a as Code, "*", ones, 3) : one === 1 ? ones : negate(ones);
}

function diagonal(node: Apply, [a]: readonly Code[]): Code {
  if (isVectorShape(shapeAt(node, 0))) return atom(`diag(flatten(${a?.text}))`);
  return atom(`reshape(diag(${a?.text}), [${size(node.shape.rows)}, 1])`);
}

function dotted(node: Apply, [a, b]: readonly Code[]): Code {
  const crosses = isRowShape(shapeAt(node, 0)) !== isRowShape(shapeAt(node, 1));
  return atom(`sum(dotMultiply(${a?.text}, ${crosses ? `transpose(${b?.text})` : b?.text}))`);
}

function joined(node: Apply, args: readonly Code[], dimension: 1 | 2): Code {
  const blocks = args.map((c, i) => (isScalarShape(shapeAt(node, i)) ? atom(`[[${c.text}]]`) : c));
  return blocks.reduce((x, y) => atom(`concat(${x.text}, ${y.text}, ${dimension})`));
}

function chosen(node: Apply, args: readonly Code[]): Code {
  if (!isNumber(node)) return missing("mathjs", "cases of matrices");
  let out = args.length % 2 === 1 ? (args[args.length - 1] as Code) : atom("NaN");
  for (let i = args.length - (args.length % 2) - 2; i >= 0; i -= 2) out = atom(`(${args[i + 1]?.text} ? ${args[i]?.text} : ${out.text})`);
  return out;
}

// Terms are added one after the other; a term and 1 of either sign where that has a form of its own.
function sum(terms: readonly Code[]): Code {
  for (const [i, { one }] of terms.entries())
    for (const [j, other] of terms.entries()) {
      const joined = one === 1 ? other.above : one === -1 ? other.below : undefined;
      if (i !== j && joined !== undefined) return sum([joined, ...terms.filter((_, k) => k !== i && k !== j)]);
    }
  const whole = terms.reduce((x, y) => (y.level === 2 && y.text.startsWith("-") ? minus(x, y) : between(x, "+", y, 2)));
  const [rest, ...more] = terms.filter((t) => t.one !== 1);
  if (rest === undefined || more.length > 0 || terms.length !== 2) return whole;
  const { exponent } = rest;
  return {
    ...whole,
    logarithm: (isArray) => (exponent === undefined ? func("log1p", rest, isArray) : func("softplus", exponent, isArray)),
  };
}

// x + y for y that begins with a minus sign.
const minus = (x: Code, y: Code): Code => ({ text: `${wrap(x, 2)} - ${y.text.slice(1)}`, level: 2 });

function total(a: Code): Code {
  const whole = atom(`sum(${a.text})`);
  const { exponent } = a;
  return exponent === undefined ? whole : { ...whole, logarithm: () => logSumExp(exponent) };
}

/** A function of one number, entry by entry of an array. */
function func(name: string, a: Code, isArray: boolean): Code {
  const body = WRITTEN[name] ?? `${name}(t)`;
  const text = SAME.has(name) ? `${name}(${a.text})` : `(${body.replace(/\bt\b/g, () => wrap(a, ATOM))})`;
  const whole = atom(isArray ? `map(${a.text}, _f(t) = ${body})` : text);
  switch (name) {
    case "sigmoid":
      return { ...whole, below: negate(func("complement", a, isArray)), logarithm: () => func("logsigmoid", a, isArray) };
    case "exp":
      return { ...whole, below: func("expm1", a, isArray), exponent: a, logarithm: () => a };
    default:
      return whole;
  }
}

function functionCode(node: Apply, args: readonly Code[], scalar: boolean): Code {
  const [a, b] = args as [Code, Code];
  if (node.op === "log" && a.logarithm !== undefined) return a.logarithm(!scalar);
  if (SAME.has(node.op) || WRITTEN[node.op] !== undefined) return func(node.op, a, !scalar);
  if (node.op === "max" || node.op === "min") {
    if (scalar) return atom(`${node.op}(${a.text}, ${b.text})`);
    // max(a, b) = (a + b + |a − b|)/2
    return atom(`((${a.text} + ${b.text} ${node.op === "max" ? "+" : "-"} abs(${a.text} - ${wrap(b, 3)})) / 2)`);
  }
  const matrix = MATRIX[node.op];
  return matrix === undefined || !node.args.every((e) => isMatrixShape(e.shape) || isColumnShape(e.shape) || isScalarShape(e.shape))
    ? missing("mathjs", node.op)
    : matrix(a);
}
