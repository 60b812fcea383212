// A term as NumPy code. Vectors are arrays of one axis, so rows and columns are the same
// thing and a transpose of a vector is not written; sizes are names such as `n`.
//
// Invariant: the code has the value of the term, entries on the same axes. Depth of nesting
// costs no stack. Functions of matrices are SciPy's; functions without a counterpart are called by
// their own name.

import type { Dim } from "../expr/dim.ts";
import { dimConstant } from "../expr/dim.ts";
import { type Apply, type Entry, type Expr, fold, type Index, isApply, type Unknown } from "../expr/expr.ts";
import { isOperator, type OperatorName } from "../expr/operators.ts";
import { isColumnShape, isMatrixShape, isScalarShape, type Shape } from "../expr/shape.ts";
import { comparisonRows } from "./comparisons.ts";
import { between, type Bound as Code, LEVEL, wrap } from "./targets/code.ts";

const atom = (text: string): Code => ({ text, level: LEVEL.atom });

/** NumPy code of a term, with `np` for NumPy. */
export function numpyCode(expr: Expr): string {
  return fold<Code>(expr, codeOf).text;
}

/** A size as code. */
export const dimCode = (dim: Dim): string => sizeCode(dim).text;

/** An element-wise function of arrays given as code. */
export const numpyCall = (name: string, args: readonly string[]): string => functionCode(name, args.map(atom)).text;

const KEYWORDS = new Set(["lambda", "in", "is", "as", "if", "or", "and", "not", "np", "def", "del", "for", "pass", "with"]);

/** A name as Python has it. */
export function pythonName(name: string): string {
  const word = name.replace(/[^\p{L}\p{Nd}_]/gu, "_");
  return KEYWORDS.has(word) ? `${word}_` : word;
}

function codeOf(node: Expr, args: readonly Code[]): Code {
  switch (node.kind) {
    case "num": {
      const { n, d } = node.value;
      if (d !== 1n) return { text: `${n}/${d}`, level: n < 0n ? LEVEL.sum : LEVEL.product };
      return { text: `${n}`, level: n < 0n ? LEVEL.minus : LEVEL.atom };
    }
    case "constant":
      return atom(`np.${node.name}`);
    case "var":
      return atom(pythonName(node.name));
    case "dim":
      return sizeCode(node.dim);
    case "entry":
      return entryCode(node, args[0] as Code);
    case "indexSum":
      return atom(`sum(${(args[0] as Code).text} for ${pythonName(node.index)} in range(${sizeCode(node.range).text}))`);
    case "unknown":
      return unknownCode(node, args);
    case "apply":
      return applyCode(node, args);
  }
}

function sizeCode(dim: Dim): Code {
  const constant = dimConstant(dim);
  if (constant !== undefined) return atom(`${constant}`);
  const text = dim.key.replace(/[\p{L}_][\p{L}\p{Nd}_]*/gu, pythonName).replace(/(?<=.)([+-])/g, " $1 ");
  return { text, level: /[+-]/.test(dim.key) ? LEVEL.sum : dim.key.includes("*") ? LEVEL.product : LEVEL.atom };
}

// Positions count from 1 in the language and from 0 in Python; a summation index counts from 0 there.
function indexCode(i: Index): string {
  if (i.kind === "all") return ":";
  if (i.kind === "bound") return pythonName(i.name);
  const constant = dimConstant(i.at);
  return constant === undefined ? `${sizeCode(i.at).text} - 1` : `${constant - 1}`;
}

function entryCode(node: Entry, of: Code): Code {
  const source = node.args[0] as Expr;
  if (isScalarShape(source.shape)) return of;
  const [i, j] = node.at;
  const at = isMatrixShape(source.shape) ? [i, j] : [isColumnShape(source.shape) ? i : j];
  return atom(`${wrap(of, LEVEL.atom)}[${at.map(indexCode).join(", ")}]`);
}

function unknownCode(node: Unknown, args: readonly Code[]): Code {
  const marks = node.derivatives.map((i) => (node.args.length === 1 ? "d" : `d${i + 1}`)).join("");
  return call(`${marks}${marks === "" ? "" : "_"}${pythonName(node.name)}`, args);
}

const call = (name: string, args: readonly Code[]): Code => atom(`${name}(${args.map((a) => a.text).join(", ")})`);

// biome-ignore format: a table is read by columns
const FUNCTIONS: Readonly<Record<string, (...args: Code[]) => Code>> = {
  log2:     (x) => call("np.log2", [x]),
  max:      (x, y) => call("np.maximum", [x, y]),
  min:      (x, y) => call("np.minimum", [x, y]),
  relu:     (x) => atom(`np.maximum(0, ${x.text})`),
  step:     (x) => atom(`(${wrap(x, LEVEL.sum)} > 0)`),
  sigmoid:  (x) => ({ text: `1/(1 + np.exp(-${wrap(x, LEVEL.power)}))`, level: LEVEL.product }),
  softplus: (x) => atom(`np.logaddexp(0, ${x.text})`),
  logsumexp:(x) => atom(`np.logaddexp.reduce(${x.text}, axis=None)`),
  softmax:  (x) => call("scipy.special.softmax", [x]),
  rowsoftmax: (x) => atom(`scipy.special.softmax(${x.text}, axis=1)`),
  largest:  (x) => call("np.max", [x]),
  smallest: (x) => call("np.min", [x]),
  rowmax:   (x) => atom(`np.max(${x.text}, axis=1)`),
  rowmin:   (x) => atom(`np.min(${x.text}, axis=1)`),
  rowprod:  (x) => atom(`np.prod(${x.text}, axis=1)`),
  asin:     (x) => call("np.arcsin", [x]),
  acos:     (x) => call("np.arccos", [x]),
  atan:     (x) => call("np.arctan", [x]),
  inv:      (x) => call("np.linalg.inv", [x]),
  pinv:     (x) => call("np.linalg.pinv", [x]),
  tril:     (x) => call("np.tril", [x]),
  triu:     (x) => call("np.triu", [x]),
  cumsum:   (x) => call("np.cumsum", [x]),
  det:      (x) => call("np.linalg.det", [x]),
  logdet:   (x) => atom(`np.linalg.slogdet(${x.text})[1]`),
  nuclear:  (x) => atom(`np.linalg.norm(${x.text}, "nuc")`),
  spectral: (x) => atom(`np.linalg.norm(${x.text}, 2)`),
  polar:    (x) => atom(`scipy.linalg.polar(${x.text})[0]`),
  eigmax:   (x) => atom(`np.linalg.eigvalsh(${x.text})[-1]`),
  eigmin:   (x) => atom(`np.linalg.eigvalsh(${x.text})[0]`),
  chol:     (x) => call("np.linalg.cholesky", [x]),
  norm2:    (x) => call("np.linalg.norm", [x]),
  norm1:    (x) => atom(`np.abs(${x.text}).sum()`),
  expm:     (x) => call("scipy.linalg.expm", [x]),
  logm:     (x) => call("scipy.linalg.logm", [x]),
  sqrtm:    (x) => call("scipy.linalg.sqrtm", [x]),
  cosm:     (x) => call("scipy.linalg.cosm", [x]),
  sinm:     (x) => call("scipy.linalg.sinm", [x]),
  mpow:     (x, k) => call("scipy.linalg.fractional_matrix_power", [x, k]),
  phi1m:    (x) => call(MEAN_EXPONENTIAL, [x]),
};

// exp of [A, I; 0, 0] is [exp(A), φ₁(A); 0, I] [H08 §10.7.4].
const MEAN_EXPONENTIAL = "(lambda A: scipy.linalg.expm(np.block([[A, np.eye(len(A))], [np.zeros((len(A), 2*len(A)))]]))[:len(A), len(A):])";

/** Functions that NumPy has under the same name. */
const SAME = new Set([
  "exp",
  "log",
  "sqrt",
  "cbrt",
  "log10",
  "log1p",
  "expm1",
  "square",
  "sin",
  "cos",
  "tan",
  "sinh",
  "cosh",
  "tanh",
  "abs",
  "sign",
  "mean",
  "prod",
]);

type Row = (node: Apply, args: readonly Code[]) => Code;

const first = (args: readonly Code[]): Code => args[0] as Code;
const second = (args: readonly Code[]): Code => args[1] as Code;
const shapeAt = (node: Apply, i: number): Shape => (node.args[i] as Expr).shape;
const sizeAt = (node: Apply, i: number): Code => sizeCode(node.params[i] as Dim);

const times: Row = (_, args) => between(first(args), "*", second(args), LEVEL.product);
const matmul: Row = (_, args) => between(first(args), "@", second(args), LEVEL.product);
const over: Row = (_, args) => between(first(args), "/", second(args), LEVEL.product);
const power: Row = (_, args) => ({ text: `${wrap(first(args), LEVEL.atom)}**${wrap(second(args), LEVEL.atom)}`, level: LEVEL.power });
const named =
  (name: string): Row =>
  (_, args) =>
    call(name, args);
const comparison =
  (sign: string): Row =>
  (_, args) =>
    atom(`(${wrap(first(args), LEVEL.sum)} ${sign} ${wrap(second(args), LEVEL.sum)})`);
const constant =
  (name: string, number: string): Row =>
  (node) =>
    atom(isScalarShape(node.shape) ? number : `np.${name}(${sizesOf(node)})`);
/** What is written of a matrix; a vector or a number stays as it is. */
const ofMatrix =
  (row: Row): Row =>
  (node, args) =>
    isMatrixShape(shapeAt(node, 0)) ? row(node, args) : first(args);

// biome-ignore format: a table is read by columns
const OPERATORS: Readonly<Record<OperatorName, Row>> = {
  add:         sumCode,
  neg:         (_, args) => ({ text: `-${wrap(first(args), LEVEL.product)}`, level: LEVEL.sum }),
  mul:         productCode,
  div:         over,
  pow:         (node, args) => (isScalarShape(node.shape) ? power(node, args) : call("np.linalg.matrix_power", args)),
  hadamard:    times,
  hdiv:        over,
  hpow:        power,
  expand:      (node, args) => atom(`np.full(${sizesOf(node)}, ${first(args).text})`),
  transpose:   ofMatrix((_, args) => atom(`${wrap(first(args), LEVEL.atom)}.T`)),
  sum:         named("np.sum"),
  tr:          ofMatrix(named("np.trace")),
  diag:        (node, args) => (isScalarShape(node.shape) ? first(args) : call("np.diag", args)),
  dot:         (node, args) => (isMatrixShape(shapeAt(node, 0)) ? atom(`np.sum(${times(node, args).text})`) : matmul(node, args)),
  kron:        named("np.kron"),
  vec:         ofMatrix((_, args) => atom(`${wrap(first(args), LEVEL.atom)}.ravel("F")`)),
  reshape:     (node, args) => (isMatrixShape(node.shape) ? atom(`${wrap(first(args), LEVEL.atom)}.reshape(${sizesOf(node)}, order="F")`) : first(args)),
  vcat:        (node, args) => joined(node.shape.cols, "np.vstack", args),
  hcat:        (node, args) => joined(node.shape.rows, "np.column_stack", args),
  ones:        constant("ones", "1"),
  zeros:       constant("zeros", "0"),
  eye:         (node) => atom(isScalarShape(node.shape) ? "1" : `np.eye(${sizeAt(node, 0).text})`),
  unit:        (node) => atom(`np.eye(${sizeAt(node, 0).text})[${indexCode({ kind: "position", at: node.params[1] as Dim })}]`),
  commutation: commutationCode,
  ...comparisonRows(comparison),
  cases:       casesCode,
};

const applyCode: Row = (node, args) => (isOperator(node.op) ? OPERATORS[node.op](node, args) : functionCode(node.op, args));

/** The axes of an array as NumPy wants them: one of a vector, two of a matrix. */
function sizesOf({ params }: Apply): string {
  const kept = params.filter((d) => d.key !== "1").map((d) => sizeCode(d).text);
  return kept.length === 1 ? (kept[0] as string) : `(${kept.join(", ")})`;
}

function sumCode(node: Apply, args: readonly Code[]): Code {
  return args.reduce((left, right, i) => {
    const arg = node.args[i] as Expr;
    if (isApply(arg, "neg") && right.text.startsWith("-"))
      return { text: `${wrap(left, LEVEL.sum)} - ${right.text.slice(1)}`, level: LEVEL.sum };
    return between(left, "+", right, LEVEL.sum);
  });
}

function productCode(node: Apply, args: readonly Code[]): Code {
  const [s, t] = [shapeAt(node, 0), shapeAt(node, 1)];
  if (isScalarShape(s) || isScalarShape(t)) return times(node, args);
  return isColumnShape(s) ? call("np.outer", args) : matmul(node, args);
}

function joined(along: Dim, stack: string, args: readonly Code[]): Code {
  if (along.key === "1") return atom(`np.concatenate([${args.map((c) => `np.atleast_1d(${c.text})`).join(", ")}])`);
  return atom(`${stack}([${args.map((c) => c.text).join(", ")}])`);
}

function commutationCode(node: Apply): Code {
  const [m, n] = [wrap(sizeAt(node, 0), LEVEL.product), wrap(sizeAt(node, 1), LEVEL.product)];
  return atom(`np.eye(${m}*${n})[np.arange(${m}*${n}).reshape(${n}, ${m}).T.ravel()]`);
}

function casesCode(_: Apply, args: readonly Code[]): Code {
  let out = args.length % 2 === 1 ? (args[args.length - 1] as Code) : atom("0");
  for (let i = args.length - (args.length % 2) - 2; i >= 0; i -= 2) out = call("np.where", [args[i + 1] as Code, args[i] as Code, out]);
  return out;
}

function functionCode(name: string, args: readonly Code[]): Code {
  if (Object.hasOwn(FUNCTIONS, name)) return (FUNCTIONS[name] as (...c: readonly Code[]) => Code)(...args);
  return call(SAME.has(name) ? `np.${name}` : pythonName(name), args);
}
