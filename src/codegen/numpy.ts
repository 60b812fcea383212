// A term as NumPy code. Vectors are arrays of one axis, so rows and columns are the same
// thing and a transpose of a vector is not written; sizes are names such as `n`.
//
// Invariant: the code has the value of the term, entries on the same axes. Depth of nesting
// costs no stack. Functions without a NumPy counterpart are called by their own name.

import type { Dim } from "../expr/dim.ts";
import { dimConstant } from "../expr/dim.ts";
import { type Apply, type Entry, type Expr, fold, type Index, type Unknown } from "../expr/expr.ts";
import { isColumnShape, isMatrixShape, isScalarShape } from "../expr/shape.ts";

/** How tightly code binds. */
const LEVEL = { comparison: 1, sum: 2, product: 3, minus: 4, power: 5, atom: 6 } as const;

interface Code {
  readonly text: string;
  readonly level: number;
}

const atom = (text: string): Code => ({ text, level: LEVEL.atom });
const wrap = (c: Code, least: number): string => (c.level >= least ? c.text : `(${c.text})`);

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
const infix = (a: Code, sign: string, b: Code, level: number): Code => ({ text: `${wrap(a, level)} ${sign} ${wrap(b, level + 1)}`, level });

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
  asin:     (x) => call("np.arcsin", [x]),
  acos:     (x) => call("np.arccos", [x]),
  atan:     (x) => call("np.arctan", [x]),
  inv:      (x) => call("np.linalg.inv", [x]),
  pinv:     (x) => call("np.linalg.pinv", [x]),
  det:      (x) => call("np.linalg.det", [x]),
  logdet:   (x) => atom(`np.linalg.slogdet(${x.text})[1]`),
  norm2:    (x) => call("np.linalg.norm", [x]),
  norm1:    (x) => atom(`np.abs(${x.text}).sum()`),
};

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

const SIGNS: Readonly<Record<string, string>> = { gt: ">", ge: ">=", lt: "<", le: "<=", eq: "==", ne: "!=" };

function applyCode(node: Apply, args: readonly Code[]): Code {
  const [a, b] = args as [Code, Code];
  const shapes = node.args.map((e) => e.shape);
  const [p, q] = node.params as [Dim, Dim];
  const sizes = (dims: readonly Dim[]): string => {
    const kept = dims.filter((d) => d.key !== "1").map((d) => sizeCode(d).text);
    return kept.length === 1 ? (kept[0] as string) : `(${kept.join(", ")})`;
  };
  switch (node.op) {
    case "add":
      return args.reduce((left, right, i) => {
        const arg = node.args[i] as Expr;
        if (arg.kind === "apply" && arg.op === "neg" && right.text.startsWith("-"))
          return { text: `${wrap(left, LEVEL.sum)} - ${right.text.slice(1)}`, level: LEVEL.sum };
        return infix(left, "+", right, LEVEL.sum);
      });
    case "neg":
      return { text: `-${wrap(a, LEVEL.product)}`, level: LEVEL.sum };
    case "hadamard":
      return infix(a, "*", b, LEVEL.product);
    case "mul": {
      const [s, t] = shapes as [Expr["shape"], Expr["shape"]];
      if (isScalarShape(s) || isScalarShape(t)) return infix(a, "*", b, LEVEL.product);
      if (isColumnShape(s) && !isScalarShape(t)) return call("np.outer", [a, b]);
      return infix(a, "@", b, LEVEL.product);
    }
    case "dot":
      return isMatrixShape((shapes as [Expr["shape"]])[0])
        ? atom(`np.sum(${infix(a, "*", b, LEVEL.product).text})`)
        : infix(a, "@", b, LEVEL.product);
    case "div":
    case "hdiv":
      return infix(a, "/", b, LEVEL.product);
    case "pow":
      if (!isScalarShape(node.shape)) return call("np.linalg.matrix_power", [a, b]);
      return { text: `${wrap(a, LEVEL.atom)}**${wrap(b, LEVEL.atom)}`, level: LEVEL.power };
    case "hpow":
      return { text: `${wrap(a, LEVEL.atom)}**${wrap(b, LEVEL.atom)}`, level: LEVEL.power };
    case "expand":
      return atom(`np.full(${sizes([p, q])}, ${a.text})`);
    case "transpose":
      return isMatrixShape(node.shape) ? atom(`${wrap(a, LEVEL.atom)}.T`) : a;
    case "sum":
      return call("np.sum", args);
    case "tr":
      return isMatrixShape((shapes as [Expr["shape"]])[0]) ? call("np.trace", args) : a;
    case "diag":
      return isScalarShape(node.shape) ? a : call("np.diag", args);
    case "kron":
      return call("np.kron", args);
    case "vec":
      return isMatrixShape((shapes as [Expr["shape"]])[0]) ? atom(`${wrap(a, LEVEL.atom)}.ravel("F")`) : a;
    case "reshape":
      return isMatrixShape(node.shape) ? atom(`${wrap(a, LEVEL.atom)}.reshape(${sizes([p, q])}, order="F")`) : a;
    case "vcat":
    case "hcat": {
      const along = node.op === "vcat" ? node.shape.cols : node.shape.rows;
      const list = `[${args.map((c) => c.text).join(", ")}]`;
      if (along.key === "1") return atom(`np.concatenate([${args.map((c) => `np.atleast_1d(${c.text})`).join(", ")}])`);
      return atom(node.op === "vcat" ? `np.vstack(${list})` : `np.column_stack(${list})`);
    }
    case "ones":
    case "zeros":
      return isScalarShape(node.shape) ? atom(node.op === "ones" ? "1" : "0") : atom(`np.${node.op}(${sizes([p, q])})`);
    case "eye":
      return isScalarShape(node.shape) ? atom("1") : atom(`np.eye(${sizeCode(p).text})`);
    case "unit":
      return atom(`np.eye(${sizeCode(p).text})[${indexCode({ kind: "position", at: q })}]`);
    case "commutation": {
      const [m, n] = [wrap(sizeCode(p), LEVEL.product), wrap(sizeCode(q), LEVEL.product)];
      return atom(`np.eye(${m}*${n})[np.arange(${m}*${n}).reshape(${n}, ${m}).T.ravel()]`);
    }
    case "cases": {
      const whens = args.slice(0, args.length - (args.length % 2));
      const otherwise = args.length % 2 === 1 ? (args[args.length - 1] as Code) : atom("0");
      let out = otherwise;
      for (let i = whens.length - 2; i >= 0; i -= 2) out = call("np.where", [whens[i + 1] as Code, whens[i] as Code, out]);
      return out;
    }
    default: {
      const sign = SIGNS[node.op];
      if (sign !== undefined) return atom(`(${wrap(a, LEVEL.sum)} ${sign} ${wrap(b, LEVEL.sum)})`);
      return functionCode(node.op, args);
    }
  }
}

function functionCode(name: string, args: readonly Code[]): Code {
  if (Object.hasOwn(FUNCTIONS, name)) return (FUNCTIONS[name] as (...c: readonly Code[]) => Code)(...args);
  return call(SAME.has(name) ? `np.${name}` : pythonName(name), args);
}
