// Plans as programs in array languages: one assignment a step, a step that is used once
// written where it is used. What differs between NumPy, PyTorch, Julia and MATLAB is a table
// of spellings.
//
// Invariants: code binds as the plan does, by brackets where levels ask for them; a step
// that is used twice has a name. Nesting of written code is bounded, as compilers want it.

import { dictionary } from "../../base/dictionary.ts";
import type { Rational } from "../../base/rational.ts";
import type { Dim } from "../../expr/dim.ts";
import type { Names } from "../names.ts";
import { type Arg, allSteps, countUses, type Plan, type Ref, type Step, type StepOf } from "../plan/plan.ts";
import { type Code, call, infix, LEVEL, leaf, sizeCode } from "./code.ts";

/** What a language writes for the operations of a plan. */
export interface Spelling {
  readonly number: (value: Rational) => Code;
  readonly constant: (name: string) => Code;
  /** An element-wise function; operands are aligned already. */
  readonly map: (step: StepOf<"map">, args: Operands) => Code;
  /** A vector as part of a matrix expression. */
  readonly align: (code: Code, axis: 0 | 1) => Code;
  /** The arguments that a step's code is made of; all unless stated. */
  readonly needs?: (step: Step) => readonly Arg[];
  readonly steps: StepTable;
  readonly assign: (name: string, code: Code) => string;
  readonly loop: (sum: LoopCode, names: Names) => readonly string[];
  /** A truth value where a number is wanted. */
  readonly asNumber: (code: Code) => Code;
  /** Truth values may be multiplied with numbers. */
  readonly truthMultiplies: boolean;
}

/** The arguments of a step as code, as many as its kind has. */
export type Operands = readonly [Code, Code, Code, ...Code[]];

/** How a language spells each kind of step that is not a name, a number, a loop or an element-wise function. */
export type StepTable = {
  readonly [Op in Exclude<Step["op"], "number" | "constant" | "input" | "size" | "map" | "loop">]: (
    step: StepOf<Op>,
    args: Operands,
    context: StepContext,
  ) => Code;
};

/** Arithmetic that is written between its operands, and how tightly it binds. */
export const ARITHMETIC: Readonly<Partial<Record<string, readonly [sign: string, level: number]>>> = dictionary({
  add: ["+", LEVEL.sum],
  sub: ["-", LEVEL.sum],
  mul: ["*", LEVEL.product],
  div: ["/", LEVEL.product],
});

/** Products and transposes, for languages that write them as a sign and a mark. */
export const productSteps = (sign: string, transposed: (c: Code) => Code): Pick<StepTable, "matmul" | "gram" | "transpose"> => ({
  matmul: (step, [a, b]) => infix(step.turned[0] ? transposed(a) : a, sign, step.turned[1] ? transposed(b) : b, LEVEL.product),
  gram: ({ rows }, [a]) => (rows ? infix(a, sign, transposed(a), LEVEL.product) : infix(transposed(a), sign, a, LEVEL.product)),
  transpose: (_, [a]) => transposed(a),
});

/** A sum over an index, its parts as code. */
export interface LoopCode {
  /** What it is added up in, and of which axes that is. */
  readonly name: string;
  readonly axes: readonly Dim[];
  readonly index: string;
  readonly range: Code;
  readonly body: readonly string[];
  readonly result: Code;
}

/** What the code of a step looks up. */
export interface StepContext {
  readonly names: Names;
  /** The axes of an argument's step. */
  readonly axesOf: (arg: Arg) => readonly Dim[];
  readonly stepOf: (arg: Arg) => Step;
  readonly size: (dim: Dim) => string;
}

/** How many axes the first argument of a step has. */
export const rank = (step: Step, { axesOf }: StepContext): number => axesOf(step.args[0] as Arg).length;

/** A function of the language by its name. */
export const named =
  (name: string) =>
  (...args: Operands): Code =>
    call(name, ...args);

// An argument that the code of a step does without.
const NOTHING: Code = leaf("");

/** Written code gets a name beyond this length or nesting. */
const LONGEST = 60;
const DEEPEST = 6;

/** A program while it is written. */
interface Writer {
  readonly spelling: Spelling;
  readonly context: StepContext;
  readonly uses: ReadonlyMap<Ref, number>;
  /** Steps that have a name in any case. */
  readonly named: ReadonlySet<Ref>;
  readonly outputs: ReadonlySet<Ref>;
  /** Numbers that no input has a part in. */
  readonly plain: ReadonlySet<Ref>;
  /** What stands for the steps that are written. */
  readonly codes: Map<Ref, Code>;
  readonly freshName: () => string;
}

/** The assignments of a plan, and code for each output. */
export function writeSteps(plan: Plan, names: Names, spelling: Spelling): { lines: string[]; outputs: Code[] } {
  const steps = new Map<Ref, Step>();
  for (const step of allSteps(plan.steps)) steps.set(step.ref, step);
  const uses = countUses(plan, spelling.needs);
  let count = 0;
  const w: Writer = {
    spelling,
    context: {
      names,
      axesOf: (a) => steps.get(a.ref)?.axes ?? [],
      stepOf: (a) => steps.get(a.ref) as Step,
      size: (d) => sizeCode(d, names).text,
    },
    uses,
    named: namedSteps(plan.steps, uses),
    outputs: new Set(plan.outputs.map((o) => o.ref)),
    plain: plainSteps(plan.steps),
    codes: new Map(),
    freshName: () => names.fresh(`t${++count}`),
  };
  const lines = writeList(w, plan.steps);
  return { lines, outputs: plan.outputs.map((o) => numberCode(w, w.codes.get(o.ref) as Code)) };
}

const usesOf = (w: Writer, { ref }: Step): number => w.uses.get(ref) ?? 0;

function writeList(w: Writer, list: readonly Step[]): string[] {
  const lines: string[] = [];
  for (const step of list) {
    if (usesOf(w, step) === 0) continue;
    const code = step.op === "loop" ? writeLoop(w, step, lines) : codeOf(w, step);
    if (staysInPlace(w, step, code)) {
      w.codes.set(step.ref, code);
      continue;
    }
    const name = w.freshName();
    lines.push(w.spelling.assign(name, code));
    w.codes.set(step.ref, { ...leaf(name), ...(code.truth === true ? { truth: true } : {}) });
  }
  return lines;
}

const FREE: ReadonlySet<Step["op"]> = new Set<Step["op"]>(["number", "input", "constant", "size", "transpose"]);

/** Whether the code of a step is written where it is used; else it gets a name. */
function staysInPlace(w: Writer, step: Step, code: Code): boolean {
  if (/^[A-Za-z]\w*$/.test(code.text)) return true;
  if (code.text.length > LONGEST) return false;
  const isOutput = w.outputs.has(step.ref);
  const isSigned = code.negated !== undefined && /^\w+$/.test(code.negated.text);
  if (FREE.has(step.op) || (isSigned && !isOutput)) return true;
  return usesOf(w, step) <= 1 && !w.named.has(step.ref) && !isOutput && code.depth <= DEEPEST;
}

/** The lines of a sum over an index, added to `lines`; its code is the name of the sum. */
function writeLoop(w: Writer, step: StepOf<"loop">, lines: string[]): Code {
  const { names } = w.context;
  const body = writeList(w, step.body);
  const name = w.freshName();
  const result = numberCode(w, w.codes.get(step.result) as Code);
  const index = names.of(`${step.index} (index)`);
  lines.push(...w.spelling.loop({ name, axes: step.axes, index, range: sizeCode(step.range, names), body, result }, names));
  return leaf(name);
}

function codeOf(w: Writer, step: Exclude<Step, { op: "loop" }>): Code {
  const { spelling, context } = w;
  const args = (): Operands => step.args.map((a) => argument(w, a, step)) as readonly Code[] as Operands;
  switch (step.op) {
    case "number":
      return spelling.number(step.value);
    case "constant":
      return spelling.constant(step.name);
    case "input":
      return leaf(context.names.of(step.name));
    case "size":
      return sizeCode(step.dim, context.names);
    case "map":
      return spelling.map(step, args());
    default:
      return (spelling.steps[step.op] as (step: Step, args: Operands, context: StepContext) => Code)(step, args(), context);
  }
}

const numberCode = ({ spelling }: Writer, code: Code): Code => (code.truth === true ? spelling.asNumber(code) : code);

/** What stands for an argument at a step: a number unless a truth value may stand there, and along the axis of the step. */
function argument(w: Writer, a: Arg, at: Step): Code {
  const code = w.codes.get(a.ref) ?? NOTHING;
  const bare = takesTruth(w, at, a) ? code : numberCode(w, code);
  const number = w.plain.has(a.ref) ? { ...bare, plain: true } : bare;
  const isVectorInMatrix = w.context.axesOf(a).length === 1 && at.axes.length === 2 && (at.op === "map" || at.op === "widen");
  return a.axis !== undefined && isVectorInMatrix ? w.spelling.align(number, a.axis) : number;
}

/** Truth values stay what they are in conditions, and in a product with something else. */
function takesTruth({ spelling, codes }: Writer, at: Step, a: Arg): boolean {
  if (at.op !== "map") return false;
  if (at.fn === "where") return at.args[0] === a;
  if (at.fn !== "mul" || !spelling.truthMultiplies) return false;
  return at.args.some((o) => codes.get(o.ref)?.truth !== true);
}

/** Steps that must have a name: written twice by what uses them, in a transpose that is, or used in a loop that they do not belong to. */
function namedSteps(all: readonly Step[], uses: ReadonlyMap<Ref, number>): ReadonlySet<Ref> {
  const out = new Set<Ref>();
  const visit = (list: readonly Step[]): void => {
    const own = new Set(list.map((s) => s.ref));
    for (const step of list) {
      if (step.op === "loop") visit(step.body);
      const isRepeated = step.op === "gram" || step.op === "factor" || (step.op === "transpose" && (uses.get(step.ref) ?? 0) > 1);
      for (const a of step.args) if (isRepeated || !own.has(a.ref)) out.add(a.ref);
    }
  };
  visit(all);
  return out;
}

/** Numbers that no input has a part in. */
function plainSteps(steps: readonly Step[]): ReadonlySet<Ref> {
  const out = new Set<Ref>();
  for (const s of steps) {
    const literal = s.op === "number" || s.op === "constant" || s.op === "size";
    if (literal || (s.op === "map" && s.axes.length === 0 && s.args.every((a) => out.has(a.ref)))) out.add(s.ref);
  }
  return out;
}
