// Steps that a kernel computes, as calls of it.
//
// Not here: which kernel a step is and what it takes (calls.ts).

import { dimConstant } from "../../expr/dim.ts";
import type { Index } from "../../expr/expr.ts";
import type { Names } from "../names.ts";
import type { Arg, Ref, Step, StepOf } from "../plan/plan.ts";
import { missing } from "../targets/target.ts";
import { type CallArg, callOf } from "./calls.ts";
import { nameFor, type Printer, roomText, valueText } from "./printer.ts";
import { sizeText } from "./sizes.ts";

/** The statement that computes a step; `later` gives the steps behind it in the plan. */
export function kernelStatements(p: Printer, step: Step, later: () => readonly Step[]): string[] {
  if (p.texts.has(step.ref)) return [];
  return (step.op === "matmul" ? bothProducts(p, step, later) : undefined) ?? kernelCall(p, step);
}

// A x and A′ u are computed in one pass over A.
function bothProducts(p: Printer, step: StepOf<"matmul">, later: () => readonly Step[]): string[] | undefined {
  const [A] = step.args as [Arg];
  const other = step.axes.length === 1 ? later().find((s) => isOpposite(s, step) && p.texts.has(s.args[1]?.ref as Ref)) : undefined;
  if (other === undefined) return undefined;
  const [straight, turned] = step.turned[0] ? [other, step] : [step, other];
  const pair = `[${nameFor(p, straight.ref)}, ${nameFor(p, turned.ref)}]`;
  const right = (s: Step): string => valueText(p, s.args[1]?.ref as Ref);
  const sizes = p.fusion.axesOf(A).map((d) => sizeText(d, p.names));
  return [`const ${pair} = bothVectors(${[valueText(p, A.ref), right(straight), right(turned), ...sizes].join(", ")});`];
}

// A product of the same matrix, once transposed and once not, with a vector.
const isOpposite = (s: Step, step: StepOf<"matmul">): s is StepOf<"matmul"> =>
  s.op === "matmul" && s.axes.length === 1 && s.args[0]?.ref === step.args[0]?.ref && s.turned[0] !== step.turned[0];

function kernelCall(p: Printer, step: Step): string[] {
  const call = callOf(step, p.fusion.axesOf);
  if (call === undefined) return missing("javascript", step.op === "call" ? step.fn : step.op);
  const isVector = step.op === "matmul" && step.axes.length === 1 && call.kind === "call" && (p.reuse || !p.fusion.isLasting(step.ref));
  const text = isVector
    ? `${call.kernel}(${[...call.args.map((a) => argumentText(p, a)), roomText(p, step)].join(", ")})`
    : argumentText(p, call);
  return [`const ${nameFor(p, step.ref)} = ${text};`];
}

function argumentText(p: Printer, a: CallArg): string {
  const text = (argument: CallArg): string => argumentText(p, argument);
  switch (a.kind) {
    case "value":
      return valueText(p, a.ref);
    case "size":
      return sizeText(a.dim, p.names);
    case "literal":
      return `${a.value}`;
    case "position":
      return positionText(a.at, p.names);
    case "list":
      return `[${a.items.map(text).join(", ")}]`;
    case "entry": {
      const row = text(a.row);
      return `${valueText(p, a.ref)}[${a.col === undefined ? row : `(${row}) * ${text(a.width)} + ${text(a.col)}`}]`;
    }
    case "call":
      return `${a.kernel}(${a.args.map(text).join(", ")})`;
  }
}

function positionText(at: Index, names: Names): string {
  if (at.kind === "bound") return indexName(at.name, names);
  if (at.kind === "all") return "0";
  const constant = dimConstant(at.at);
  return constant === undefined ? `${sizeText(at.at, names)} - 1` : `${constant - 1}`;
}

/** The variable of a loop. */
export const indexName = (index: string, names: Names): string => names.of(`${index} (index)`);
