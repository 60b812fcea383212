// How the steps of a plan are spelled in Python, with the names of a flavour.
//
// Invariant: a flavour that lacks a function refuses, it never approximates. Not here: the
// function around the steps, its documentation and its self-test (python.ts).

import type { Rational } from "../../base/rational.ts";
import type { Dim } from "../../expr/dim.ts";
import { dimConstant } from "../../expr/dim.ts";
import { comparisonSign } from "../comparisons.ts";
import type { Determinant } from "../form/form.ts";
import type { Arg, Step, StepOf } from "../plan/plan.ts";
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
} from "./expressions.ts";
import type { Flavour } from "./flavour.ts";
import { missing } from "./target.ts";

const tupleOf = (parts: readonly string[]): string => (parts.length === 1 ? `(${parts[0]},)` : `(${parts.join(", ")})`);

/** The spelling of a flavour. */
export function spellingOf(flavour: Flavour): Spelling {
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
  const condition = (c: Code): Code => {
    const truth = truthOf(c);
    return c.plain === true && flavour.condition !== undefined ? atom(flavour.condition(truth.text)) : truth;
  };
  const asArray = (c: Code): Code => (c.plain === true ? atom(flavour.scalar(c.text)) : c);
  return {
    number,
    constant: (name) => atom({ pi: "3.141592653589793", nan: 'float("nan")' }[name] ?? missing(flavour.target, name)),
    truthMultiplies: flavour.truthMultiplies,
    asNumber: (c) => atom(flavour.asNumber(truthOf(c)), c),
    size: sizeCode,
    align: (c, axis) => ({
      ...atom(axis === 0 ? `${wrap(c, LEVEL.atom)}[:, None]` : `${wrap(c, LEVEL.atom)}[None, :]`, c),
      ...(c.truth === true ? { truth: true } : {}),
    }),
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
          const divisor = atom(`(1 + ${spellExp(a.plain === true ? { ...negate(a), plain: true } : negate(a)).text})`, a);
          return { ...infix(atom("1"), "/", divisor, LEVEL.product), divisor };
        }
        case "where":
          return fillIn(flavour.functions.where ?? `${ns}.where({})`, [condition(a), asArray(b), asArray(args[2] as Code)]);
      }
      const sign = comparisonSign(fn);
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
    step: (step, args, context) => stepCode(step, args, { context, flavour, matrix }),
    loop: ({ name, index, range, body, result }) => [
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

/** A condition, without brackets around it. */
function truthOf(c: Code): Code {
  if (c.truth !== true) return { ...c, text: `${wrap(c, LEVEL.sum)} != 0`, level: LEVEL.comparison };
  const bare = c.text.replace(/^\((.*)\)$/s, "$1");
  return bare === c.text ? c : { ...c, text: bare, level: LEVEL.comparison };
}

type Matrix = (name: string, ...args: readonly Code[]) => Code;

/** What a step is spelled with. */
interface Spelled {
  readonly context: StepContext;
  readonly flavour: Flavour;
  /** A function of matrices, refused where the flavour lacks it. */
  readonly matrix: Matrix;
}

const T = (c: Code): Code => atom(`${wrap(c, LEVEL.atom)}.T`, c);

function reshaped({ reshape }: Flavour, c: Code, shape: string, ...inside: readonly Code[]): Code {
  const text = wrap(c, LEVEL.atom);
  return atom(reshape === undefined ? `${text}.reshape(${shape})` : reshape(text, shape), ...inside);
}

function stepCode(step: Step, args: readonly Code[], spelled: Spelled): Code {
  const [a, b] = args as [Code, Code];
  const { context, flavour, matrix } = spelled;
  const { pieces } = flavour;
  const size = (d: Dim): string => sizeCode(d, context.names).text;
  const shape = (dims: readonly Dim[]): string => tupleOf(dims.map(size));
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
    case "solve":
    case "inverse":
    case "det":
    case "logdet":
    case "logabsdet":
      return factoredCode(step, args, spelled);
    case "kron":
      return kronCode(step, a, b, spelled);
    case "vec":
      return reshaped(flavour, T(a), "(-1,)", a);
    case "unvec":
      return T(reshaped(flavour, a, `(${size(step.axes[1] as Dim)}, ${size(step.axes[0] as Dim)})`, a));
    case "lift": {
      const source = context.axesOf(step.args[0] as Arg);
      if (source.length === 0) return atom(`${flavour.full("(1,)", "1.0")} * ${wrap(a, LEVEL.product)}`, a);
      return atom(step.axis === 1 ? `${wrap(a, LEVEL.atom)}[:, None]` : `${wrap(a, LEVEL.atom)}[None, :]`, a);
    }
    case "concat":
      return atom(pieces.concat(`[${args.map((c) => c.text).join(", ")}]`, `${step.axis}`), ...args);
    case "shuffle":
      return shuffleCode(step, a, spelled);
    case "entry":
      return atom(`${wrap(a, LEVEL.atom)}[${step.at.map((i) => indexText(i, context.names, 0)).join(", ")}]`, a);
    case "call":
      return matrix(step.fn, ...args);
    default:
      throw new Error(`${step.op} is written elsewhere`);
  }
}

type Factored = StepOf<"factor" | "solve" | "inverse" | Determinant>;

// What is asked of a factored matrix, from its factors where the flavour has that and else from the matrix.
function factoredCode(step: Factored, args: readonly Code[], { flavour, matrix }: Spelled): Code {
  const [a, b, c] = args as [Code, Code, Code];
  const isCholesky = step.method === "cholesky";
  switch (step.op) {
    case "factor":
      return isCholesky ? matrix("cholesky", a) : flavour.matrix.lu === undefined ? a : matrix("lu", a);
    case "solve": {
      const shared = sharedSolve(step, flavour);
      if (shared !== undefined) return matrix(shared, a, b);
      return matrix(step.axes.length === 1 ? "solveVector" : "solve", step.turned ? T(c) : c, b);
    }
    case "inverse":
      return isCholesky && flavour.matrix.choleskyInverse !== undefined ? matrix("choleskyInverse", a) : matrix("inv", b);
    case "det":
      return isCholesky ? matrix("choleskyDet", a) : matrix("det", b);
    case "logdet":
    case "logabsdet":
      return isCholesky ? matrix("choleskyLogdet", a) : matrix(step.op, b);
  }
}

// An axis read as a pair, the pair exchanged.
function shuffleCode(step: StepOf<"shuffle">, a: Code, { context, flavour }: Spelled): Code {
  const size = (d: Dim): string => sizeCode(d, context.names).text;
  const pair = [step.outer, step.inner].map(size).map((s) => (/^\w+$/.test(s) ? s : `(${s})`));
  const of = context.axesOf(step.args[0] as Arg);
  if (flavour.shuffle !== undefined) return atom(flavour.shuffle(a.text, size(step.inner), step.axis), a);
  if (of.length === 1) return reshaped(flavour, T(reshaped(flavour, a, tupleOf(pair), a)), "(-1,)", a);
  const other = size(of[step.axis === 0 ? 1 : 0] as Dim);
  const [inner, order, outer] =
    step.axis === 0 ? [[...pair, other], [1, 0, 2], `(-1, ${other})`] : [[other, ...pair], [0, 2, 1], `(${other}, -1)`];
  const apart = reshaped(flavour, a, tupleOf(inner), a).text;
  return reshaped(flavour, atom(flavour.permute(apart, order)), outer, a);
}

// The spelling of a solve from factors, where the flavour has one.
function sharedSolve(step: StepOf<"solve">, flavour: Flavour): string | undefined {
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
    case "logabsdet":
      return step.method === "cholesky" ? [a] : [b];
    default:
      return step.args;
  }
}

// A block of identity is placed, not multiplied.
function kronCode(step: Step, a: Code, b: Code, { context, flavour, matrix }: Spelled): Code {
  const [left, right] = step.args.map((x) => context.axesOf(x)) as [readonly Dim[], readonly Dim[]];
  const size = (d: Dim | undefined): string => wrap(sizeCode(d as Dim, context.names), LEVEL.product);
  const [leftEye, rightEye] = step.args.map((x) => flavour.matrix.kronEye !== undefined && context.stepOf(x).op === "eye");
  if (rightEye) return matrix("kronEye", a, atom(size(right[0])));
  if (leftEye) return matrix("eyeKron", atom(size(left[0])), b);
  const all = `(${wrap(a, LEVEL.atom)}[:, None, :, None] * ${wrap(b, LEVEL.atom)}[None, :, None, :])`;
  return reshaped(flavour, atom(all), `(${size(left[0])} * ${size(right[0])}, ${size(left[1])} * ${size(right[1])})`, a, b);
}
