// Programs in Python: NumPy, PyTorch, JAX and the array API standard differ in a table of
// names each (a flavour); how a function, its documentation and its self-test look is here.
//
// Invariant: a flavour that lacks a function refuses, it never approximates.

import type { Rational } from "../../base/rational.ts";
import type { Dim } from "../../expr/dim.ts";
import { dimConstant } from "../../expr/dim.ts";
import type { Index } from "../../expr/expr.ts";
import type { Names } from "../names.ts";
import { createNames } from "../names.ts";
import type { Arg, Step } from "../plan/plan.ts";
import {
  atom,
  type Code,
  call,
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
import { pythonTest } from "./pythonTest.ts";
import { shapeLine, signatureOf } from "./signature.ts";
import { commentText, missing, type Target, type Unit } from "./target.ts";

// biome-ignore format: a list is read in rows
/** Element-wise functions that every array library of Python has under these names. */
export const COMMON_FUNCTIONS: readonly string[] = [
  "exp", "log", "log2", "log10", "log1p", "expm1", "sin", "cos", "tan", "sinh", "cosh", "tanh",
  "abs", "sign", "floor", "ceil",
];

/** What a Python array library calls things. */
export interface Flavour {
  readonly target: string;
  /** Prefix of its functions: `np`, `torch`. */
  readonly ns: string;
  readonly imports: readonly string[];
  /** Lines at the top of the function body, for the given inputs. */
  readonly prologue?: (inputs: readonly string[]) => readonly string[];
  /** Element-wise functions under another name than their own; a text with `{}` for the arguments. */
  readonly functions: Readonly<Record<string, string>>;
  /** Element-wise functions under their own name. */
  readonly same: ReadonlySet<string>;
  /** Helper functions by name: Python text, added where used. */
  readonly helpers: Readonly<Record<string, string>>;
  /** Functions of matrices, with `{}` for the arguments. */
  readonly matrix: Readonly<Record<string, string>>;
  /** A number as an array where a function takes arrays only. */
  readonly scalar: (text: string) => string;
  readonly asNumber: (text: string) => string;
  readonly truthMultiplies: boolean;
  /** An array of zeros, ones and so on of a shape. */
  readonly full: (shape: string, value: string) => string;
  readonly eye: (n: string) => string;
  readonly reduce: (fn: string, x: Code, axis: number | undefined) => Code;
  readonly pieces: Readonly<Record<"concat" | "diag" | "diagonal" | "dot", (...args: readonly string[]) => string>>;
  readonly permute: (text: string, order: readonly number[]) => string;
  /** Every inner-th entry along an axis from the first, from the second, and so on; by reshaping unless stated. */
  readonly shuffle?: (text: string, inner: string, axis: 0 | 1) => string;
  /** A method call unless stated. */
  readonly reshape?: (text: string, shape: string) => string;
  /** Helpers that every program has. */
  readonly always?: readonly string[];
  readonly testImports?: readonly string[];
  /** Statements of the self-test's set-up: an input from row-major data and a shape. */
  readonly sample: (data: string, shape: string) => string;
  readonly toFloat: string;
}

const PYTHON_WORDS = [
  "and",
  "as",
  "assert",
  "async",
  "await",
  "break",
  "class",
  "continue",
  "def",
  "del",
  "elif",
  "else",
  "except",
  "finally",
  "for",
  "from",
  "global",
  "if",
  "import",
  "in",
  "is",
  "lambda",
  "nonlocal",
  "not",
  "or",
  "pass",
  "raise",
  "return",
  "try",
  "while",
  "with",
  "yield",
  "match",
  "case",
  "type",
  "print",
  "range",
  "len",
  "sum",
  "max",
  "min",
  "abs",
  "float",
  "int",
  "list",
  "tuple",
  "zip",
  "sys",
  "importlib",
  "self_test",
  "main",
  "scipy",
];

export const pythonTarget = (flavour: Flavour): Target => ({
  name: flavour.target,
  extension: "py",
  write: (unit) => writePython(unit, flavour),
});

function writePython(unit: Unit, flavour: Flavour): string {
  const { plan, name } = unit;
  const names = createNames([...PYTHON_WORDS, name, flavour.ns]);
  const signature = signatureOf(plan, names);
  const { lines, outputs } = writeSteps(plan, names, spellingOf(flavour));
  const indent = (list: readonly string[]): string[] => list.map((l) => (l === "" ? "" : `    ${l}`));
  const returned = outputs.map((o) => o.text).join(", ");
  const reference = (signature.inputs.find((i) => i.axes.length > 0) ?? signature.inputs[0])?.name ?? "";
  const body = [
    ...documentation(unit, signature),
    ...(flavour.prologue?.(reference === "" ? [] : [reference]) ?? []),
    ...signature.sizes
      .filter((z) => lines.some((l) => new RegExp(`\\b${z.name}\\b`).test(l)) || new RegExp(`\\b${z.name}\\b`).test(returned))
      .map(({ name: size, of, axis }) => `${size} = ${of}.shape[${axis}]`),
    ...lines,
    `return ${returned}`,
  ];
  const helpers = helperTexts(body.join("\n"), flavour);
  const text = [
    `# Written by nabla for ${flavour.target}.`,
    ...flavour.imports,
    ...(unit.test === undefined ? [] : ["import sys", ...(flavour.testImports ?? [])]),
    "",
    ...helpers.flatMap((h) => ["", ...h.split("\n"), ""]),
    "",
    `def ${name}(${[...signature.inputs.map((i) => i.name), ...signature.loose].join(", ")}):`,
    ...indent(body.map((l) => l.replaceAll("{first}", reference))),
    ...(unit.test === undefined ? [] : ["", "", ...pythonTest(unit, signature, flavour)]),
  ];
  return `${text.join("\n")}\n`;
}

// Helpers may use helpers: a name with an underscore in front that another text mentions.
function helperTexts(body: string, flavour: Flavour): string[] {
  const out = new Map<string, string>();
  const queue = [...(flavour.always ?? []), ...Object.keys(flavour.helpers).filter((h) => body.includes(`${h}(`))];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    const text = flavour.helpers[name];
    if (text === undefined || out.has(name)) continue;
    out.set(name, text);
    queue.push(...Object.keys(flavour.helpers).filter((h) => h !== name && text.includes(`${h}(`)));
  }
  return [...out.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text);
}

function documentation(unit: Unit, signature: ReturnType<typeof signatureOf>): string[] {
  return [
    `"""${commentText(unit.title)}`,
    "",
    ...signature.inputs.map((i) => `${i.name}: ${shapeLine(i.axes)}`),
    ...signature.loose.map((s) => `${s}: int`),
    `Returns ${unit.plan.outputs.map((o) => `${o.name} ${shapeLine(signature.outputAxes(o))}`).join(", ")}.`,
    `"""`,
  ];
}

const tupleOf = (parts: readonly string[]): string => (parts.length === 1 ? `(${parts[0]},)` : `(${parts.join(", ")})`);

function spellingOf(flavour: Flavour): Spelling {
  const { ns } = flavour;
  const fillIn = (template: string, args: readonly Code[]): Code => {
    return atom(filled(template, args), ...args);
  };
  const matrix = (name: string, ...args: readonly Code[]): Code => {
    const template = flavour.matrix[name];
    return template === undefined ? missing(flavour.target, name) : fillIn(template, args);
  };
  const number = ({ n, d }: Rational): Code => {
    if (d === 1n) return { text: `${n}`, level: n < 0n ? LEVEL.minus : LEVEL.atom, depth: 0 };
    return { text: `${n} / ${d}`, level: LEVEL.product, depth: 0 };
  };
  const asArray = (c: Code): Code => (c.plain === true ? atom(flavour.scalar(c.text)) : c);
  return {
    number,
    constant: (name) =>
      atom(
        name === "pi"
          ? "3.141592653589793"
          : name === "e"
            ? "2.718281828459045"
            : name === "nan"
              ? 'float("nan")'
              : missing(flavour.target, name),
      ),
    truthMultiplies: flavour.truthMultiplies,
    asNumber: (c) => atom(flavour.asNumber(c.text), c),
    size: sizeCode,
    align: (c, axis) => atom(axis === 0 ? `${wrap(c, LEVEL.atom)}[:, None]` : `${wrap(c, LEVEL.atom)}[None, :]`, c),
    assign: (name, code) => `${name} = ${code.text}`,
    map(fn, args) {
      const [a, b] = args as [Code, Code];
      switch (fn) {
        case "add":
          return infix(a, "+", b, LEVEL.sum);
        case "sub":
          return infix(a, "-", b, LEVEL.sum);
        case "mul":
          // a · 1/(1 + exp(−x)) is one division.
          return b.divisor === undefined ? infix(a, "*", b, LEVEL.product) : infix(a, "/", b.divisor, LEVEL.product);
        case "div":
          return infix(a, "/", b, LEVEL.product);
        case "neg":
          return minus(a);
        case "square":
          return { text: `${wrap(a, LEVEL.atom)}**2`, level: LEVEL.power, depth: a.depth + 1 };
        case "pow":
          return { text: `${wrap(a, LEVEL.atom)}**${wrap(b, LEVEL.atom)}`, level: LEVEL.power, depth: Math.max(a.depth, b.depth) + 1 };
        case "sigmoid": {
          const divisor = atom(`(1 + ${spellExp(negate(a)).text})`, a);
          return { ...infix(atom("1"), "/", divisor, LEVEL.product), divisor };
        }
        case "where":
          return fillIn(flavour.functions.where ?? `${ns}.where({})`, [truthOf(a), asArray(b), asArray(args[2] as Code)]);
      }
      const sign = COMPARISONS[fn];
      if (sign !== undefined)
        return {
          text: `(${wrap(a, LEVEL.sum)} ${sign} ${wrap(b, LEVEL.sum)})`,
          level: LEVEL.atom,
          truth: true,
          depth: Math.max(a.depth, b.depth) + 1,
        };
      const template = flavour.functions[fn];
      if (template !== undefined) return fillIn(template, args.map(asArray));
      return flavour.same.has(fn) ? call(`${ns}.${fn}`, ...args.map(asArray)) : missing(flavour.target, fn);
    },
    needs: (step) => needsOf(step, flavour),
    step: (step, args, context) => stepCode(step, args, context, flavour, matrix),
    loop: (name, index, _step, body, result, range) => [
      `${name} = 0`,
      `for ${index} in range(${range.text}):`,
      ...body.map((l) => `    ${l}`),
      `    ${name} = ${name} + ${result.text}`,
    ],
  };

  function spellExp(c: Code): Code {
    return call(`${ns}.exp`, asArray(c));
  }
}

// {} stands for all arguments, {factors} and {right} for the first two.
function filled(template: string, args: readonly Code[]): string {
  const [factors, right] = args;
  return template
    .replaceAll("{factors}", () => factors?.text ?? "")
    .replaceAll("{right}", () => (right === undefined ? "" : wrap(right, LEVEL.atom)))
    .replace("{}", () => args.map((a) => a.text).join(", "));
}

const truthOf = (c: Code): Code =>
  c.truth === true ? { ...c, text: c.text.replace(/^\((.*)\)$/s, "$1") } : { ...c, text: `${wrap(c, LEVEL.sum)} != 0` };

const COMPARISONS: Readonly<Record<string, string>> = { gt: ">", ge: ">=", lt: "<", le: "<=", eq: "==", ne: "!=" };

type Reshape = (text: string, shape: string) => string;
type Matrix = (name: string, ...args: readonly Code[]) => Code;

function stepCode(step: Step, args: readonly Code[], context: StepContext, flavour: Flavour, matrix: Matrix): Code {
  const [a, b] = args as [Code, Code];
  const size = (d: Dim): string => sizeCode(d, context.names).text;
  const shape = (dims: readonly Dim[]): string => tupleOf(dims.map(size));
  const T = (c: Code): Code => atom(`${wrap(c, LEVEL.atom)}.T`, c);
  const { pieces } = flavour;
  const reshape: Reshape = flavour.reshape ?? ((text, to) => `${text}.reshape(${to})`);
  const reshaped = (text: string, to: string, ...inside: readonly Code[]): Code => atom(reshape(text, to), ...inside);
  switch (step.op) {
    case "fill":
      return atom(flavour.full(shape(step.axes), a.text), a);
    case "widen":
      return infix(a, "+", atom(flavour.full(shape(step.axes), "0.0")), LEVEL.sum);
    case "reduce":
      return flavour.reduce(step.fn, a, step.over === "all" ? undefined : step.over);
    case "dot":
      return context.axesOf(step.args[0] as Arg).length === 1 ? infix(a, "@", b, LEVEL.product) : atom(pieces.dot(a.text, b.text), a, b);
    case "matmul":
      return infix(step.turned[0] ? T(a) : a, "@", step.turned[1] ? T(b) : b, LEVEL.product);
    case "gram":
      return step.rows ? infix(a, "@", T(a), LEVEL.product) : infix(T(a), "@", a, LEVEL.product);
    case "transpose":
      return T(a);
    case "diag":
      return atom(pieces.diag(a.text, size(step.axes[0] as Dim)), a);
    case "diagonal":
      return atom(pieces.diagonal(a.text), a);
    case "eye":
      return atom(flavour.eye(size(step.axes[0] as Dim)));
    case "unit": {
      const at = dimConstant(step.at);
      return atom(`${flavour.eye(size(step.axes[0] as Dim))}[${at === undefined ? `${size(step.at)} - 1` : at - 1}, :]`);
    }
    case "factor":
      return step.method === "cholesky" ? matrix("cholesky", a) : flavour.matrix.lu === undefined ? a : matrix("lu", a);
    case "solve": {
      const [factors, right, of] = args as [Code, Code, Code];
      const vector = step.axes.length === 1;
      const shared = sharedSolve(step, flavour);
      if (shared !== undefined) return matrix(shared, factors, right);
      return matrix(vector ? "solveVector" : "solve", step.turned ? T(of) : of, right);
    }
    case "inverse":
      return step.method === "cholesky" && flavour.matrix.choleskyInverse !== undefined ? matrix("choleskyInverse", a) : matrix("inv", b);
    case "det":
      return step.method === "cholesky" ? matrix("choleskyDet", a) : matrix("det", b);
    case "logdet":
      return step.method === "cholesky" ? matrix("choleskyLogdet", a) : matrix("logdet", b);
    case "kron":
      return kronCode(step, a, b, context, matrix, reshape, flavour.matrix.kronEye !== undefined);
    case "vec":
      return reshaped(wrap(T(a), LEVEL.atom), "(-1,)", a);
    case "lift": {
      const source = context.axesOf(step.args[0] as Arg);
      if (source.length === 0) return atom(`${flavour.full("(1,)", "1.0")} * ${wrap(a, LEVEL.product)}`, a);
      return atom(step.axis === 1 ? `${wrap(a, LEVEL.atom)}[:, None]` : `${wrap(a, LEVEL.atom)}[None, :]`, a);
    }
    case "concat":
      return atom(pieces.concat(`[${args.map((c) => c.text).join(", ")}]`, `${step.axis}`), ...args);
    case "shuffle": {
      const pair = [size(step.outer), size(step.inner)].map((s) => (/^\w+$/.test(s) ? s : `(${s})`));
      const of = context.axesOf(step.args[0] as Arg);
      if (flavour.shuffle !== undefined) return atom(flavour.shuffle(a.text, size(step.inner), step.axis), a);
      if (of.length === 1) return reshaped(`${reshaped(wrap(a, LEVEL.atom), tupleOf(pair), a).text}.T`, "(-1,)", a);
      const other = size(of[step.axis === 0 ? 1 : 0] as Dim);
      const inner = step.axis === 0 ? [...pair, other] : [other, ...pair];
      const outerShape = step.axis === 0 ? `(-1, ${other})` : `(${other}, -1)`;
      const apart = reshaped(wrap(a, LEVEL.atom), tupleOf(inner), a).text;
      return reshaped(flavour.permute(apart, step.axis === 0 ? [1, 0, 2] : [0, 2, 1]), outerShape, a);
    }
    case "entry":
      return atom(`${wrap(a, LEVEL.atom)}[${step.at.map((i) => indexCode(i, context.names)).join(", ")}]`, a);
    case "call":
      return matrix(step.fn, ...args);
    default:
      throw new Error(`${step.op} is written elsewhere`);
  }
}

// The spelling of a solve from factors, where the flavour has one.
function sharedSolve(step: Step & { readonly op: "solve" }, flavour: Flavour): string | undefined {
  const key = `${step.method === "lu" ? "luSolve" : "choleskySolve"}${step.turned ? "Turned" : ""}${step.axes.length === 1 ? "Vector" : ""}`;
  return flavour.matrix[key] === undefined ? undefined : key;
}

// What a step is written with: factors only where the flavour can use them.
function needsOf(step: Step, flavour: Flavour): readonly Arg[] {
  const [a, b, c] = step.args as [Arg, Arg, Arg];
  switch (step.op) {
    case "solve":
      return sharedSolve(step, flavour) === undefined ? [b, c] : [a, b];
    case "inverse":
      return step.method === "cholesky" && flavour.matrix.choleskyInverse !== undefined ? [a] : [b];
    case "det":
    case "logdet":
      return step.method === "cholesky" ? [a] : [b];
    default:
      return step.args;
  }
}

// A block of identity is placed, not multiplied.
function kronCode(step: Step, a: Code, b: Code, context: StepContext, matrix: Matrix, reshape: Reshape, hasEye: boolean): Code {
  const [left, right] = step.args.map((x) => context.axesOf(x)) as [readonly Dim[], readonly Dim[]];
  const size = (d: Dim): string => {
    const code = sizeCode(d, context.names);
    return wrap(code, LEVEL.product);
  };
  const identity = step.args.map((x) => context.stepOf(x).op === "eye");
  if (identity[1] === true && hasEye) return matrix("kronEye", a, atom(size(right[0] as Dim)));
  if (identity[0] === true && hasEye) return matrix("eyeKron", atom(size(left[0] as Dim)), b);
  const rows = `${size(left[0] as Dim)} * ${size(right[0] as Dim)}`;
  const cols = `${size(left[1] as Dim)} * ${size(right[1] as Dim)}`;
  const all = `(${wrap(a, LEVEL.atom)}[:, None, :, None] * ${wrap(b, LEVEL.atom)}[None, :, None, :])`;
  return atom(reshape(all, `(${rows}, ${cols})`), a, b);
}

function indexCode(i: Index, names: Names): string {
  if (i.kind === "all") return ":";
  if (i.kind === "bound") return names.of(`${i.name} (index)`);
  const constant = dimConstant(i.at);
  return constant === undefined ? `${sizeCode(i.at, names).text} - 1` : `${constant - 1}`;
}
