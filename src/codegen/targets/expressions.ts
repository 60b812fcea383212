// Plans as programs in array languages: one assignment a step, a step that is used once
// written where it is used. What differs between NumPy, PyTorch, Julia and MATLAB is a table
// of spellings.
//
// Invariants: code binds as the plan does, by brackets where levels ask for them; a step
// that is used twice has a name. Nesting of written code is bounded, as compilers want it.

import type { Rational } from "../../base/rational.ts";
import { type Dim, dimConstant } from "../../expr/dim.ts";
import type { Index } from "../../expr/expr.ts";
import type { Names } from "../names.ts";
import { type Arg, countUses, type Plan, type Ref, type Step, type StepOf } from "../plan/plan.ts";

/** How tightly code binds. */
export const LEVEL = { comparison: 1, sum: 2, product: 3, minus: 4, power: 5, atom: 6 } as const;

export interface Code {
  readonly text: string;
  readonly level: number;
  /** What stands behind a leading minus. */
  readonly negated?: Code;
  /** What 1 stands above, in a fraction 1/divisor. */
  readonly divisor?: Code;
  /** A truth value, which a target may have to make a number of. */
  readonly truth?: boolean;
  /** Made of literals and sizes alone: a number of the language, no array. */
  readonly plain?: boolean;
  /** How deep brackets nest. */
  readonly depth: number;
}

export const atom = (text: string, ...inside: readonly Code[]): Code => ({ text, level: LEVEL.atom, depth: deepest(inside) + 1 });
export const wrap = (c: Code, least: number): string => (c.level >= least ? c.text : `(${c.text})`);
export const call = (name: string, ...args: readonly Code[]): Code => atom(`${name}(${args.map((a) => a.text).join(", ")})`, ...args);
export const infix = (a: Code, sign: string, b: Code, level: number): Code => ({
  text: `${wrap(a, level)} ${sign} ${wrap(b, level + 1)}`,
  level,
  depth: deepest([a, b]) + 1,
});
const deepest = (list: readonly Code[]): number => list.reduce((d, c) => Math.max(d, c.depth), 0);
export const minus = (a: Code, level: number = LEVEL.minus): Code => ({
  text: `-${wrap(a, level)}`,
  level: LEVEL.minus,
  negated: a,
  depth: a.depth + 1,
});
/** −a, without writing two signs. */
export const negate = (a: Code): Code => a.negated ?? minus(a);

/** What a language writes for the operations of a plan. */
export interface Spelling {
  readonly number: (value: Rational) => Code;
  readonly constant: (name: string) => Code;
  /** An element-wise function; operands are aligned already. */
  readonly map: (fn: string, args: readonly Code[], step: StepOf<"map">) => Code;
  /** A vector as part of a matrix expression. */
  readonly align: (code: Code, axis: 0 | 1) => Code;
  readonly size: (dim: Dim, names: Names) => Code;
  /** The arguments that a step's code is made of; all unless stated. */
  readonly needs?: (step: Step) => readonly Arg[];
  readonly step: (step: Step, args: readonly Code[], context: StepContext) => Code;
  readonly assign: (name: string, code: Code) => string;
  readonly loop: (
    name: string,
    index: string,
    step: StepOf<"loop">,
    body: readonly string[],
    result: Code,
    range: Code,
    context: StepContext,
  ) => readonly string[];
  /** A truth value where a number is wanted. */
  readonly asNumber: (code: Code) => Code;
  /** Truth values may be multiplied with numbers. */
  readonly truthMultiplies: boolean;
}

export interface StepContext {
  readonly names: Names;
  /** The axes of an argument's step. */
  readonly axesOf: (arg: Arg) => readonly Dim[];
  readonly stepOf: (arg: Arg) => Step;
}

// An argument that the code of a step does without.
const NOTHING: Code = { text: "", level: LEVEL.atom, depth: 0 };

/** Written code gets a name beyond this length or nesting. */
const LONGEST = 60;
const DEEPEST = 6;

/** The assignments of a plan, and code for each output. */
export function writeSteps(plan: Plan, names: Names, spelling: Spelling): { lines: string[]; outputs: Code[] } {
  const uses = countUses(plan, spelling.needs);
  const codes = new Map<Ref, Code>();
  const steps = new Map<Ref, Step>();
  const homes = new Map<Ref, readonly Step[]>();
  const named = namedSteps(plan.steps, homes, steps);
  const outputs = new Set(plan.outputs.map((o) => o.ref));
  const context: StepContext = { names, axesOf: (a) => steps.get(a.ref)?.axes ?? [], stepOf: (a) => steps.get(a.ref) as Step };
  const plain = plainSteps(plan.steps);
  let count = 0;

  const argument = (a: Arg, at: Step): Code => {
    const code = codes.get(a.ref) ?? NOTHING;
    const source = steps.get(a.ref) as Step;
    const bare = code.truth === true && !takesTruth(at, a) ? spelling.asNumber(code) : code;
    const number = plain.has(a.ref) ? { ...bare, plain: true } : bare;
    return a.axis !== undefined && source.axes.length === 1 && at.axes.length === 2 && (at.op === "map" || at.op === "widen")
      ? spelling.align(number, a.axis)
      : number;
  };

  // Truth values stay what they are in conditions, and in a product with something else.
  function takesTruth(at: Step, a: Arg): boolean {
    if (at.op !== "map") return false;
    if (at.fn === "where") return at.args[0] === a;
    if (at.fn !== "mul" || !spelling.truthMultiplies) return false;
    return at.args.some((o) => codes.get(o.ref)?.truth !== true);
  }

  function write(list: readonly Step[]): string[] {
    const lines: string[] = [];
    for (const step of list) {
      if ((uses.get(step.ref) ?? 0) === 0) continue;
      const code = codeOf(step, lines);
      const free = step.op === "number" || step.op === "input" || step.op === "constant" || step.op === "size" || step.op === "transpose";
      const signed = code.negated !== undefined && /^\w+$/.test(code.negated.text);
      const once = (uses.get(step.ref) ?? 0) <= 1 && !named.has(step.ref) && !outputs.has(step.ref);
      if (
        step.op === "loop" ||
        ((free || (signed && !outputs.has(step.ref))) && code.text.length <= LONGEST) ||
        (once && code.text.length <= LONGEST && code.depth <= DEEPEST) ||
        /^[A-Za-z]\w*$/.test(code.text)
      ) {
        codes.set(step.ref, code);
        continue;
      }
      const name = names.fresh(`t${++count}`);
      lines.push(spelling.assign(name, code));
      codes.set(step.ref, { text: name, level: LEVEL.atom, depth: 0, ...(code.truth === true ? { truth: true } : {}) });
    }
    return lines;
  }

  function codeOf(step: Step, lines: string[]): Code {
    switch (step.op) {
      case "number":
        return spelling.number(step.value);
      case "constant":
        return spelling.constant(step.name);
      case "input":
        return { text: names.of(step.name), level: LEVEL.atom, depth: 0 };
      case "size":
        return spelling.size(step.dim, names);
      case "map":
        return spelling.map(
          step.fn,
          step.args.map((a) => argument(a, step)),
          step,
        );
      case "loop": {
        const index = names.of(`${step.index} (index)`);
        const body = write(step.body);
        const name = names.fresh(`t${++count}`);
        const result = codes.get(step.result) as Code;
        lines.push(
          ...spelling.loop(
            name,
            index,
            step,
            body,
            result.truth === true ? spelling.asNumber(result) : result,
            spelling.size(step.range, names),
            context,
          ),
        );
        return { text: name, level: LEVEL.atom, depth: 0 };
      }
      default:
        return spelling.step(
          step,
          step.args.map((a) => argument(a, step)),
          context,
        );
    }
  }

  const lines = write(plan.steps);
  return {
    lines,
    outputs: plan.outputs.map((o) => {
      const code = codes.get(o.ref) as Code;
      return code.truth === true ? spelling.asNumber(code) : code;
    }),
  };
}

// Steps that must have a name: written twice by what uses them, or used in a loop that they do not belong to.
function namedSteps(all: readonly Step[], homes: Map<Ref, readonly Step[]>, steps: Map<Ref, Step>): ReadonlySet<Ref> {
  const out = new Set<Ref>();
  const visit = (list: readonly Step[]): void => {
    for (const step of list) {
      if (step.op === "loop") visit(step.body);
      steps.set(step.ref, step);
      homes.set(step.ref, list);
    }
    for (const step of list)
      for (const a of step.args) if (step.op === "gram" || step.op === "factor" || homes.get(a.ref) !== list) out.add(a.ref);
  };
  visit(all);
  return out;
}

// Numbers that no input has a part in.
function plainSteps(steps: readonly Step[]): ReadonlySet<Ref> {
  const out = new Set<Ref>();
  for (const s of steps) {
    const literal = s.op === "number" || s.op === "constant" || s.op === "size";
    if (literal || (s.op === "map" && s.axes.length === 0 && s.args.every((a) => out.has(a.ref)))) out.add(s.ref);
  }
  return out;
}

/** A size as code of a language that writes products with `*`. */
export function sizeCode(dim: Dim, names: Names): Code {
  const text = dim.key.replace(/[\p{L}_][\p{L}\p{M}\p{Nd}_]*/gu, (name) => names.of(name)).replace(/(?<=.)([+-])/g, " $1 ");
  const level = /[+-]/.test(dim.key) ? LEVEL.sum : dim.key.includes("*") ? LEVEL.product : LEVEL.atom;
  return { text, level, depth: 0 };
}

/** A position as a language writes it that counts from `first` and has `whole` for all of an axis. */
export function indexText(i: Index, names: Names, first: 0 | 1, whole = ":"): string {
  if (i.kind === "all") return whole;
  if (i.kind === "bound") return names.of(`${i.name} (index)`);
  const constant = dimConstant(i.at);
  if (constant !== undefined) return `${constant - 1 + first}`;
  const text = sizeCode(i.at, names).text;
  return first === 1 ? text : `${text} - 1`;
}
