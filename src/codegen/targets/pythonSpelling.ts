// How the steps of a plan are spelled in Python, with the names of a flavour.
//
// Invariant: a flavour that lacks a function refuses, it never approximates. Not here: the
// function around the steps, its documentation and its self-test (python.ts).

import { dictionary } from "../../base/dictionary.ts";
import type { Dim } from "../../expr/dim.ts";
import { dimConstant } from "../../expr/dim.ts";
import { comparisonSign } from "../comparisons.ts";
import type { Determinant } from "../form/form.ts";
import type { Arg, Step, StepOf } from "../plan/plan.ts";
import { atom, type Code, call, compared, indexText, infix, LEVEL, leaf, minus, negate, raised, rational, sizeCode, wrap } from "./code.ts";
import { ARITHMETIC, type Operands, productSteps, type Spelling, type StepContext, type StepTable } from "./expressions.ts";
import type { Flavour } from "./flavour.ts";
import { missing } from "./target.ts";

/** A tuple of Python. */
export const tupleOf = (parts: readonly string[]): string => (parts.length === 1 ? `(${parts[0]},)` : `(${parts.join(", ")})`);

/** The spelling of a flavour. */
export function spellingOf(flavour: Flavour): Spelling {
  const entries = entriesOf(flavour);
  return {
    number: (value) => rational(value),
    constant: (name) => atom({ pi: "3.141592653589793", nan: 'float("nan")' }[name] ?? missing(flavour.target, name)),
    truthMultiplies: flavour.truthMultiplies,
    asNumber: (c) => atom(flavour.asNumber(truthOf(c)), c),
    align: (c, axis) => ({
      ...atom(`${wrap(c, LEVEL.atom)}${axis === 0 ? "[:, None]" : "[None, :]"}`, c),
      ...(c.truth === true ? { truth: true } : {}),
    }),
    assign: (name, code) => `${name} = ${code.text}`,
    map({ fn }, args) {
      const [a, b] = args;
      const own = entries[fn]?.(...args);
      if (own !== undefined) return own;
      const [infixed, sign, template] = [ARITHMETIC[fn], comparisonSign(fn), flavour.functions[fn]];
      if (infixed !== undefined) return infix(a, infixed[0], b, infixed[1]);
      if (sign !== undefined) return compared(a, sign, b);
      const arrays = args.map((c) => asArray(flavour, c));
      if (template !== undefined) return fillIn(template, arrays);
      return flavour.same.has(fn) ? call(`${flavour.ns}.${fn}`, ...arrays) : missing(flavour.target, fn);
    },
    needs: (step) => needsOf(step, flavour),
    steps: stepsOf(flavour),
    loop: ({ name, index, range, body, result }) => [
      `${name} = 0`,
      `for ${index} in range(${range.text}):`,
      ...body.map((l) => `    ${l}`),
      `    ${name} = ${name} + ${result.text}`,
    ],
  };
}

/** Element-wise functions that are no call of one name. */
function entriesOf(flavour: Flavour): Readonly<Partial<Record<string, (...args: Operands) => Code>>> {
  const { ns } = flavour;
  const exp = (c: Code): Code => call(`${ns}.exp`, asArray(flavour, c));
  return dictionary({
    // a · 1/(1 + exp(−x)) is one division.
    mul: (a: Code, b: Code) => (b.divisor === undefined ? infix(a, "*", b, LEVEL.product) : infix(a, "/", b.divisor, LEVEL.product)),
    neg: (a: Code) => minus(a),
    square: (a: Code) => raised(a, "**", leaf("2")),
    pow: (a: Code, b: Code) => raised(a, "**", b),
    sigmoid(a: Code) {
      const divisor = atom(`(1 + ${exp(a.plain === true ? { ...negate(a), plain: true } : negate(a)).text})`, a);
      return { ...infix(atom("1"), "/", divisor, LEVEL.product), divisor };
    },
    where: (condition: Code, a: Code, b: Code) =>
      fillIn(flavour.functions.where ?? `${ns}.where({})`, [conditionOf(flavour, condition), asArray(flavour, a), asArray(flavour, b)]),
  });
}

const asArray = ({ scalar }: Flavour, c: Code): Code => (c.plain === true ? atom(scalar(c.text)) : c);

function conditionOf({ condition }: Flavour, c: Code): Code {
  const truth = truthOf(c);
  return c.plain === true && condition !== undefined ? atom(condition(truth.text)) : truth;
}

const fillIn = (template: string, args: readonly Code[]): Code => atom(filled(template, args), ...args);

/** A function of matrices, refused where the flavour lacks it. */
function matrix({ matrix: known, target }: Flavour, name: string, ...args: readonly Code[]): Code {
  const template = known[name];
  return template === undefined ? missing(target, name) : fillIn(template, args);
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

const T = (c: Code): Code => atom(`${wrap(c, LEVEL.atom)}.T`, c);

function reshaped({ reshape }: Flavour, c: Code, shape: string, ...inside: readonly Code[]): Code {
  const text = wrap(c, LEVEL.atom);
  return atom(reshape === undefined ? `${text}.reshape(${shape})` : reshape(text, shape), ...inside);
}

const shape = (dims: readonly Dim[], { size }: StepContext): string => tupleOf(dims.map(size));

function stepsOf(flavour: Flavour): StepTable {
  const { pieces } = flavour;
  return {
    fill: ({ axes }, [a], context) => atom(flavour.full(shape(axes, context), a.text), a),
    widen: ({ axes }, [a], context) => infix(a, "+", atom(flavour.full(shape(axes, context), "0.0")), LEVEL.sum),
    reduce: ({ fn, over }, [a]) => flavour.reduce(fn, a, over === "all" ? undefined : over),
    dot: ({ args }, [a, b], { axesOf }) =>
      axesOf(args[0] as Arg).length === 1 ? infix(a, "@", b, LEVEL.product) : atom(pieces.dot(a.text, b.text), a, b),
    ...productSteps("@", T),
    diag: ({ axes }, [a], { size }) => atom(pieces.diag(a.text, size(axes[0] as Dim)), a),
    diagonal: (_, [a]) => atom(pieces.diagonal(a.text), a),
    eye: ({ axes }, _, { size }) => atom(flavour.eye(size(axes[0] as Dim))),
    unit({ axes, at }, _, { size }) {
      const constant = dimConstant(at);
      return atom(`${flavour.eye(size(axes[0] as Dim))}[${constant === undefined ? `${size(at)} - 1` : constant - 1}, :]`);
    },
    ...factoredSteps(flavour),
    kron: (step, args, context) => kronCode(step, args, context, flavour),
    vec: (_, [a]) => reshaped(flavour, T(a), "(-1,)", a),
    unvec: ({ axes }, [a], { size }) => T(reshaped(flavour, a, `(${size(axes[1] as Dim)}, ${size(axes[0] as Dim)})`, a)),
    lift({ args, axis }, [a], { axesOf }) {
      if (axesOf(args[0] as Arg).length === 0) return atom(`${flavour.full("(1,)", "1.0")} * ${wrap(a, LEVEL.product)}`, a);
      return atom(`${wrap(a, LEVEL.atom)}${axis === 1 ? "[:, None]" : "[None, :]"}`, a);
    },
    concat: ({ axis }, args) => atom(pieces.concat(`[${args.map((c) => c.text).join(", ")}]`, `${axis}`), ...args),
    shuffle: (step, args, context) => shuffleCode(step, args, context, flavour),
    entry: ({ at }, [a], { names }) => atom(`${wrap(a, LEVEL.atom)}[${at.map((i) => indexText(i, names, 0)).join(", ")}]`, a),
    call: ({ fn }, args) => matrix(flavour, fn, ...args),
  };
}

/** What is asked of a factored matrix, from its factors where the flavour has that and else from the matrix. */
function factoredSteps(flavour: Flavour): Pick<StepTable, "factor" | "solve" | "inverse" | Determinant> {
  const { lu, choleskyInverse } = flavour.matrix;
  const logarithm = ({ op, method }: StepOf<"logdet" | "logabsdet">, [a, b]: Operands): Code =>
    method === "cholesky" ? matrix(flavour, "choleskyLogdet", a) : matrix(flavour, op, b);
  return {
    factor({ method }, [a]) {
      if (method === "cholesky") return matrix(flavour, "cholesky", a);
      return lu === undefined ? a : matrix(flavour, "lu", a);
    },
    solve(step, [a, b, c]) {
      const shared = sharedSolve(step, flavour);
      if (shared !== undefined) return matrix(flavour, shared, a, b);
      return matrix(flavour, step.axes.length === 1 ? "solveVector" : "solve", step.turned ? T(c) : c, b);
    },
    inverse: ({ method }, [a, b]) =>
      method === "cholesky" && choleskyInverse !== undefined ? matrix(flavour, "choleskyInverse", a) : matrix(flavour, "inv", b),
    det: ({ method }, [a, b]) => (method === "cholesky" ? matrix(flavour, "choleskyDet", a) : matrix(flavour, "det", b)),
    logdet: logarithm,
    logabsdet: logarithm,
  };
}

// An axis read as a pair, the pair exchanged.
function shuffleCode(step: StepOf<"shuffle">, [a]: Operands, { axesOf, size }: StepContext, flavour: Flavour): Code {
  const pair = [step.outer, step.inner].map(size).map((s) => (/^\w+$/.test(s) ? s : `(${s})`));
  const of = axesOf(step.args[0] as Arg);
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
function kronCode(step: StepOf<"kron">, [a, b]: Operands, context: StepContext, flavour: Flavour): Code {
  const [left, right] = step.args.map((x) => context.axesOf(x)) as [readonly Dim[], readonly Dim[]];
  const size = (d: Dim | undefined): string => wrap(sizeCode(d as Dim, context.names), LEVEL.product);
  const [leftEye, rightEye] = step.args.map((x) => flavour.matrix.kronEye !== undefined && context.stepOf(x).op === "eye");
  if (rightEye) return matrix(flavour, "kronEye", a, atom(size(right[0])));
  if (leftEye) return matrix(flavour, "eyeKron", atom(size(left[0])), b);
  const all = `(${wrap(a, LEVEL.atom)}[:, None, :, None] * ${wrap(b, LEVEL.atom)}[None, :, None, :])`;
  return reshaped(flavour, atom(all), `(${size(left[0])} * ${size(right[0])}, ${size(left[1])} * ${size(right[1])})`, a, b);
}
