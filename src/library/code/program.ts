// A question as a plan: the value of an expression and its derivatives as outputs of one
// program that shares their work.
//
// Not here: the terms of the outputs (outputs.ts), how a plan is written (src/codegen) and where it is
// asked for (code.ts, compile.ts).

import { fail } from "../../base/diagnostic.ts";
import { NOWHERE } from "../../base/span.ts";
import { type Form, formsBelow } from "../../codegen/form/form.ts";
import { createLowering } from "../../codegen/form/lower.ts";
import { type Structured, structureOf } from "../../codegen/form/structured.ts";
import { createForms } from "../../codegen/form/table.ts";
import type { Plan } from "../../codegen/plan/plan.ts";
import { schedule, type Wanted } from "../../codegen/plan/schedule.ts";
import type { TestClaim } from "../../codegen/targets/target.ts";
import { dimNames } from "../../expr/dim.ts";
import { type Variable, variables } from "../../expr/expr.ts";
import type { Library } from "../../rewrite/library.ts";
import { checkOutputs } from "../question/choice.ts";
import { listed, type Question } from "../question/question.ts";
import { type Stated, state } from "../question/state.ts";
import { OUTPUTS, type Output, type OutputName, outputsOf } from "./outputs.ts";

/** A question for a program. */
export interface ProgramQuestion extends Question {
  /** value and derivative unless stated. */
  readonly outputs?: readonly OutputName[];
  /** Sizes that are known; others count as typical ones where orders of multiplication are compared. */
  readonly sizes?: Readonly<Record<string, number>>;
  /** A Hessian as its parts where it is a Kronecker product, block-diagonal or diagonal: `hessian_core`, `hessian_left` and `hessian_right`, `hessian_blocks`, `hessian_diagonal`. */
  readonly structured?: boolean;
}

/** A plan, and what belongs to it. */
export interface Program {
  readonly stated: Stated;
  readonly plan: Plan;
  readonly claims: readonly TestClaim[];
  /** What is known of the structure of outputs, as sentences. */
  readonly structure: readonly string[];
}

/** The plan of a question. Ends the call on a fault of the input. */
export function programOf(question: ProgramQuestion, library: Library): Program {
  const asked = state(question, listed(question.wrt), library);
  const outputNames = question.outputs ?? ["value", "derivative"];
  checkOutputs(outputNames, OUTPUTS);
  const wanted = new Set<OutputName>(outputNames);
  const sizes = sizesIn(question.sizes ?? {}, asked);
  const { outputs: parts, stated } = outputsOf(asked, wanted, question);
  const forms = createForms();
  const lower = createLowering(forms, (name) => library.definition(name));
  const made = new Map<Output, Form>();
  for (const part of [...parts].sort((a, b) => a.rank - b.rank)) {
    const form = lower(part.expr);
    made.set(part, form);
    formsBelow([form], forms.claimed);
  }
  const used = new Set(parts.flatMap((p) => variables(p.expr).map((v) => v.name)));
  const given = [...stated.variables, ...parts.flatMap((p) => variables(p.expr))];
  const inputs: Variable[] = [];
  for (const v of given) if (used.has(v.name) && !inputs.some((i) => i.name === v.name)) inputs.push(v);
  const outputs: Wanted[] = [];
  const structure: string[] = [];
  const claims: TestClaim[] = [];
  for (const p of parts) {
    const form = made.get(p) as Form;
    const found: Structured | undefined = p.name.startsWith("hessian") ? structureOf(forms, form) : undefined;
    if (found !== undefined && question.structured === true) {
      for (const { suffix, form: part } of found.parts)
        outputs.push({ name: `${p.name}_${suffix}`, shape: [part.axes[0]?.key ?? "1", part.axes[1]?.key ?? "1"], form: part });
      structure.push(`${p.name} is ${found.relation(p.name)}`);
      continue;
    }
    outputs.push({ name: p.name, shape: [p.expr.shape.rows.key, p.expr.shape.cols.key], form });
    if (found !== undefined) structure.push(`${p.name} has a structure: asked for as such it is ${found.relation(p.name)}`);
    if (p.claim !== undefined && isTold(p.claim, used)) claims.push(p.claim);
  }
  const plan = schedule(outputs, { inputs, sizes });
  return { stated, plan, claims, structure };
}

/** The sizes that a question says are known, each one of its expression. */
function sizesIn(given: Readonly<Record<string, number>>, { variables: all, dims }: Stated): Map<string, number> {
  const whole = NOWHERE;
  const own = new Set([...dims, ...all.flatMap(({ shape }) => [...dimNames(shape.rows), ...dimNames(shape.cols)])]);
  for (const [name, size] of Object.entries(given)) {
    if (!own.has(name)) {
      const fix = own.size === 0 ? "none: this has no size with a name" : [...own].join(", ");
      fail("declaration", `${JSON.stringify(name)} is no size of this expression`, whole, { fix });
    }
    if (!Number.isInteger(size) || size < 1) fail("declaration", `a size is a whole number from 1, and ${name} is ${size}`, whole);
  }
  return new Map(Object.entries(given));
}

/** Whether what moves in a claim is among the inputs: neither a linear function's gradient has the variable nor its Hessian the direction. */
const isTold = ({ by, along }: TestClaim, inputs: ReadonlySet<string>): boolean =>
  inputs.has(by) && (along === undefined || inputs.has(along));
