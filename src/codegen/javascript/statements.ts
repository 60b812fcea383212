// The steps of a plan as statements: one loop for every element-wise expression however many
// operations it has, reductions in the same loop, calls of kernels for the rest.
//
// Invariant: an array is only made where a step is used more than once or by a kernel.

import { type Dim, dimConstant } from "../../expr/dim.ts";
import type { Names } from "../names.ts";
import type { Arg, Plan, Ref, Step, StepOf } from "../plan/plan.ts";
import { missing } from "../targets/target.ts";
import { type CallArg, callOf } from "./calls.ts";
import { ENTRIES } from "./entries.ts";
import { fuse } from "./fusion.ts";
import { sizeText } from "./sizes.ts";

export interface Printer {
  readonly statements: (steps: readonly Step[]) => string[];
  /** The name or expression of a step that has been written. */
  readonly value: (ref: Ref) => string;
}

/** What writes the steps of a plan, in their order; with `reuse` results are written over by the next call. */
export function createPrinter(plan: Plan, names: Names, reuse = false): Printer {
  const { stepOf, axesOf, isInline, needsPlaces, spentBy, isLasting } = fuse(plan);
  const texts = new Map<Ref, string>();
  let count = 0;
  let places = 0;
  const size = (d: Dim): string => sizeText(d, names);
  const length = (axes: readonly Dim[]): string => (axes.length === 0 ? "1" : axes.map(size).join(" * "));
  const value = (ref: Ref): string => texts.get(ref) as string;
  const statements = (list: readonly Step[]): string[] => list.flatMap((s, i) => write(s, list.slice(i + 1)));
  const array = (axes: readonly Dim[]): string => `new Float64Array(${length(axes)})`;
  // An array that every entry is written to.
  const room = (step: Step): string =>
    isLasting(step.ref) && !reuse ? array(step.axes) : `kept(${KEPT}, ${places++}, ${length(step.axes)})`;

  function named(ref: Ref): string {
    const name = names.fresh(`t${++count}`);
    texts.set(ref, name);
    return name;
  }

  function inText(ref: Ref, text: string): string[] {
    texts.set(ref, text);
    return [];
  }

  function write(step: Step, later: readonly Step[]): string[] {
    switch (step.op) {
      case "number":
        return inText(step.ref, numberText(step.value));
      case "constant":
        return inText(step.ref, CONSTANTS[step.name] ?? "NaN");
      case "size":
        return inText(step.ref, size(step.dim));
      case "input":
        return inText(step.ref, names.of(step.name));
      case "lift": {
        const [a] = step.args as [Arg];
        return inText(step.ref, axesOf(a).length === 0 ? `Float64Array.of(${value(a.ref)})` : value(a.ref));
      }
      case "map":
      case "widen":
        return isInline(step.ref) ? [] : entries(step);
      case "dot":
        return dot(step);
      case "reduce":
        return reduction(step);
      case "loop":
        return loop(step);
      default:
        if (texts.has(step.ref)) return [];
        return (step.op === "matmul" ? bothProducts(step, later) : undefined) ?? kernelCall(step);
    }
  }

  /** The entry of a step at k, or at (i, j) of a matrix. */
  function entry(a: Arg, within: Pick<Step, "axes">): string {
    const source = stepOf(a);
    if (source.axes.length === 0) return value(a.ref);
    if (isInline(a.ref)) return expression(source);
    const narrow = a.axis !== undefined && source.axes.length < within.axes.length;
    return `${value(a.ref)}[${narrow ? (a.axis === 0 ? "i" : "j") : "k"}]`;
  }

  function expression(step: Step): string {
    const args = step.args.map((a) => entry(a, step));
    if (step.op === "widen") return args[0] as string;
    const row = ENTRIES[(step as StepOf<"map">).fn];
    return row === undefined ? missing("javascript", (step as StepOf<"map">).fn) : row.text(...args);
  }

  function looped(axes: readonly Dim[], places: boolean, statement: string): string[] {
    if (axes.length === 2 && places)
      return [
        `for (let i = 0, k = 0; i < ${size(axes[0] as Dim)}; i++)`,
        `  for (let j = 0; j < ${size(axes[1] as Dim)}; j++, k++) ${statement}`,
      ];
    return [`for (let k = 0, end = ${length(axes)}; k < end; k++) ${statement}`];
  }

  function entries(step: StepOf<"map" | "widen">): string[] {
    const { ref, axes } = step;
    const text = expression(step);
    const spent = spentBy(step);
    if (spent !== undefined) {
      texts.set(ref, value(spent));
      return looped(axes, needsPlaces(step), `${value(spent)}[k] = ${text};`);
    }
    const name = named(ref);
    if (axes.length === 0) return [`const ${name} = ${text};`];
    return [`const ${name} = ${room(step)};`, ...looped(axes, needsPlaces(step), `${name}[k] = ${text};`)];
  }

  const hasPlaces = (a: Arg): boolean => isInline(a.ref) && needsPlaces(stepOf(a));

  function dot(step: StepOf<"dot">): string[] {
    const name = named(step.ref);
    const [a, b] = step.args as [Arg, Arg];
    const axes = axesOf(a);
    const summand = `${entry(a, { axes })} * ${entry(b, { axes })}`;
    return [`let ${name} = 0;`, ...looped(axes, hasPlaces(a) || hasPlaces(b), `${name} += ${summand};`)];
  }

  function reduction(step: StepOf<"reduce">): string[] {
    const name = named(step.ref);
    const [a] = step.args as [Arg];
    const axes = axesOf(a);
    const { start, join } = REDUCTIONS[step.fn];
    const text = entry(a, { axes });
    if (step.over === "all") return [`let ${name} = ${start};`, ...looped(axes, hasPlaces(a), join(name, text))];
    const filling = start === "0" ? "" : `.fill(${start})`;
    const into = `${name}[${step.over === 1 ? "i" : "j"}]`;
    return [`const ${name} = ${array(step.axes)}${filling};`, ...looped(axes, true, join(into, text))];
  }

  function loop(step: StepOf<"loop">): string[] {
    const index = names.of(`${step.index} (index)`);
    const body = statements(step.body);
    const name = named(step.ref);
    const result = value(step.result);
    const scalar = step.axes.length === 0;
    return [
      scalar ? `let ${name} = 0;` : `const ${name} = ${array(step.axes)};`,
      `for (let ${index} = 0; ${index} < ${size(step.range)}; ${index}++) {`,
      ...body.map((l) => `  ${l}`),
      scalar ? `  ${name} += ${result};` : `  for (let k = 0; k < ${name}.length; k++) ${name}[k] += ${result}[k];`,
      "}",
    ];
  }

  // A x and A′ u are computed in one pass over A.
  function bothProducts(step: StepOf<"matmul">, later: readonly Step[]): string[] | undefined {
    const [A] = step.args as [Arg];
    const other = step.axes.length === 1 ? later.find((s) => isOpposite(s, step) && texts.has(s.args[1]?.ref as Ref)) : undefined;
    if (other === undefined) return undefined;
    const [straight, turned] = step.turned[0] ? [other, step] : [step, other];
    const pair = `[${named(straight.ref)}, ${named(turned.ref)}]`;
    const right = (s: Step): string => value(s.args[1]?.ref as Ref);
    return [`const ${pair} = bothVectors(${[value(A.ref), right(straight), right(turned), ...axesOf(A).map(size)].join(", ")});`];
  }

  function kernelCall(step: Step): string[] {
    const call = callOf(step, axesOf);
    if (call === undefined) return missing("javascript", step.op === "call" ? step.fn : step.op);
    const isVector = step.op === "matmul" && step.axes.length === 1 && call.kind === "call" && (reuse || !isLasting(step.ref));
    const text = isVector ? `${call.kernel}(${[...call.args.map(argument), room(step)].join(", ")})` : argument(call);
    return [`const ${named(step.ref)} = ${text};`];
  }

  function argument(a: CallArg): string {
    switch (a.kind) {
      case "value":
        return value(a.ref);
      case "size":
        return size(a.dim);
      case "literal":
        return `${a.value}`;
      case "position": {
        if (a.at.kind === "bound") return names.of(`${a.at.name} (index)`);
        if (a.at.kind === "all") return "0";
        const constant = dimConstant(a.at.at);
        return constant === undefined ? `${size(a.at.at)} - 1` : `${constant - 1}`;
      }
      case "list":
        return `[${a.items.map(argument).join(", ")}]`;
      case "entry": {
        const row = argument(a.row);
        return `${value(a.ref)}[${a.col === undefined ? row : `(${row}) * ${argument(a.width)} + ${argument(a.col)}`}]`;
      }
      case "call":
        return `${a.kernel}(${a.args.map(argument).join(", ")})`;
    }
  }

  return { statements, value };
}

/** The name of the arrays that are kept from call to call. */
export const KEPT = "arrays";

const CONSTANTS: Readonly<Record<string, string>> = { pi: "Math.PI", e: "Math.E" };

function numberText({ n, d }: StepOf<"number">["value"]): string {
  const text = d === 1n ? `${n}` : `${n} / ${d}`;
  return n < 0n || d !== 1n ? `(${text})` : text;
}

type Reduction = { readonly start: string; readonly join: (into: string, text: string) => string };

/** Where a reduction starts and how it takes an entry in. */
const REDUCTIONS: Readonly<Record<StepOf<"reduce">["fn"], Reduction>> = {
  sum: { start: "0", join: (into, text) => `${into} += ${text};` },
  prod: { start: "1", join: (into, text) => `${into} *= ${text};` },
  max: { start: "-Infinity", join: (into, text) => `${into} = Math.max(${into}, ${text});` },
  min: { start: "Infinity", join: (into, text) => `${into} = Math.min(${into}, ${text});` },
};

// A product of the same matrix, once transposed and once not, with a vector.
const isOpposite = (s: Step, step: StepOf<"matmul">): s is StepOf<"matmul"> =>
  s.op === "matmul" && s.axes.length === 1 && s.args[0]?.ref === step.args[0]?.ref && s.turned[0] !== step.turned[0];
