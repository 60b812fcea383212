// A question as a program: source text of a target that computes the value of an expression
// and its derivatives, with a self-test at a point inside its domain.
//
// Invariant: what is asked for and not there is refused before anything is computed.
// Not here: the plan of a program (program.ts), the point of its self-test (testPoint.ts).

import { fail } from "../../base/diagnostic.ts";
import { optional } from "../../base/optional.ts";
import { NOWHERE } from "../../base/span.ts";
import { planWork, type Work } from "../../codegen/plan/work.ts";
import { functionName } from "../../codegen/targets/functionName.ts";
import { toMathjs } from "../../codegen/targets/mathjs.ts";
import { mathJsonText, toMathJson } from "../../codegen/targets/mathjson.ts";
import { toMathml } from "../../codegen/targets/mathml.ts";
import type { Unit } from "../../codegen/targets/target.ts";
import { EXPRESSION_TARGETS, type ExpressionTarget, PROGRAM_TARGETS, TARGETS } from "../../codegen/targets/targets.ts";
import type { Expr } from "../../expr/expr.ts";
import { print } from "../../print/print.ts";
import type { Library } from "../../rewrite/library.ts";
import type { ShapeTexts } from "../answer/answer.ts";
import { answering, type Refusal } from "../question/call.ts";
import { listed } from "../question/question.ts";
import { state } from "../question/state.ts";
import { type Program, type ProgramQuestion, programOf } from "./program.ts";
import { soleOutput, termOf } from "./term.ts";
import { testPoint } from "./testPoint.ts";

/** Everything that code is written for. */
export const CODE_TARGETS = [...PROGRAM_TARGETS, ...EXPRESSION_TARGETS] as const;
/** A language, or a notation of expressions, that code is written in. */
export type CodeTarget = (typeof CODE_TARGETS)[number];

/** A question for code. */
export interface CodeQuestion extends ProgramQuestion {
  /** numpy unless stated. */
  readonly target?: CodeTarget;
  /** The function's name; f unless stated. */
  readonly name?: string;
  /** Whether a self-test stands beside the function. */
  readonly selfTest?: boolean;
}

/** A program, or for mathjs, MathML and MathJSON an expression. */
export interface Code {
  readonly ok: true;
  readonly code: string;
  readonly target: CodeTarget;
  /** What files with it end in. */
  readonly extension: string;
  readonly inputs: readonly { readonly name: string; readonly shape: ShapeTexts }[];
  readonly outputs: readonly { readonly name: string; readonly shape: ShapeTexts }[];
  /** What is known of the structure of Hessians among the outputs, as sentences; `structured` asks for their parts alone. */
  readonly structure?: readonly string[];
  /** Floating-point operations at typical sizes, those of the value alone and of everything. */
  readonly work?: Work;
}

/**
 * Source text of another language that computes the value of an expression and its derivatives
 * together, what they share once. Refuses a function that the target lacks.
 *
 * @example
 * ```ts
 * import { exportCode } from "nabla";
 *
 * const program = exportCode({ expr: "sum(w .* x)", wrt: "w", target: "julia" });
 * console.log(program.ok && program.outputs.map((o) => o.name)); // ["value","gradient"]
 * ```
 */
export function exportCode(question: CodeQuestion): Code | Refusal {
  const target = question.target ?? "numpy";
  return answering(question, (library) => {
    if (!CODE_TARGETS.includes(target))
      fail("declaration", `${JSON.stringify(target)} is no target`, NOWHERE, { fix: CODE_TARGETS.join(", ") });
    if (question.name !== undefined && !NAME.test(question.name))
      fail("declaration", `${JSON.stringify(question.name)} is no name of a function`, NOWHERE, { fix: NAMING });
    if (isExpression(target)) return writtenTerm(question, target, library);
    const program = programOf(question, library);
    const { plan, stated } = program;
    const facts = factsOf(program, target);
    const title = `${facts.outputs.map((o) => o.name).join(", ")} of ${print(stated.written, { format: "ascii", functions: library.functions, shapeKnown: true })}`;
    const known = program.structure.length === 0 ? "" : `; ${program.structure.join("; ")}`;
    const test = question.selfTest === true ? testPoint(program) : undefined;
    const unit: Unit = {
      name: functionName(question.name, { target, hasTest: test !== undefined, inputs: plan.inputs.map((v) => v.name) }),
      title: `${shortened(title)}${known}`,
      plan,
      ...optional({ test }),
    };
    const { write, extension } = TARGETS[target];
    const structure = program.structure.length === 0 ? {} : { structure: program.structure };
    return { ...facts, ...structure, code: write(unit), extension, work: planWork(plan, new Map(Object.entries(question.sizes ?? {}))) };
  });
}

const NAME = /^\p{L}[\p{L}\p{M}\p{N}_]*$/u;
const NAMING = "a letter, then letters, digits and _";

function factsOf({ plan }: Program, target: CodeTarget): Pick<Code, "ok" | "target" | "inputs" | "outputs"> {
  return {
    ok: true,
    target,
    inputs: plan.inputs.map((v) => ({ name: v.name, shape: [v.shape.rows.key, v.shape.cols.key] })),
    outputs: plan.outputs.map((o) => ({ name: o.name, shape: o.shape })),
  };
}

function writtenTerm(question: CodeQuestion, target: ExpressionTarget, library: Library): Code {
  const output = soleOutput(question, target);
  const program = programOf({ ...question, outputs: [output] }, library);
  const { text, extension } = EXPRESSIONS[target];
  const term = termOf(state(question, listed(question.wrt), library), output, question);
  return { ...factsOf(program, target), code: `${text(term)}\n`, extension };
}

const isExpression = (target: CodeTarget): target is ExpressionTarget => (EXPRESSION_TARGETS as readonly string[]).includes(target);

const EXPRESSIONS: Readonly<Record<ExpressionTarget, { readonly text: (e: Expr) => string; readonly extension: string }>> = {
  mathjs: { text: toMathjs, extension: "txt" },
  mathml: { text: toMathml, extension: "xml" },
  mathjson: { text: (e) => mathJsonText(toMathJson(e)), extension: "json" },
};

const shortened = (title: string): string => (title.length > 300 ? `${title.slice(0, 297)}...` : title);
