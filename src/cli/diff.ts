// `nabla diff`, `grad`, `hessian`, `jvp`, `vjp`, `hvp` and `differential`: answers, each checked
// by the text that is printed.
//
// Invariant: an answer that fails its check is not printed as an answer.

import { InputError } from "../base/diagnostic.ts";
import { optional } from "../base/optional.ts";
import type { Layout, Symmetry } from "../expr/conventions.ts";
import type { Kind, Part, Solved } from "../library/answer/asked.ts";
import { derivativeBy, solve } from "../library/answer/solve.ts";
import type { Shown } from "../library/answer/steps.ts";
import type { ViewName } from "../library/answer/views.ts";
import type { Checked } from "../library/numbers/verify.ts";
import type { Expression } from "../library/question/question.ts";
import { type Input, type InputOptions, readContext, readInput, refuse } from "./input.ts";
import { CommandError, EXIT, type Io } from "./io.ts";
import { type AnswerFormat, checkedFormat, createPresenter, type Extras } from "./present.ts";

/** Options of `nabla diff`, as commander gives them. */
export interface DiffOptions extends InputOptions {
  readonly wrt?: readonly string[];
  readonly layout?: Layout;
  readonly symmetry?: Symmetry;
  readonly order?: number;
  readonly mixed?: true;
  readonly along?: readonly string[];
  readonly upstream?: string;
  readonly view?: readonly ViewName[];
  readonly where: boolean;
  readonly format: AnswerFormat;
  readonly steps?: "paper" | "backprop";
  readonly update?: true;
  readonly check: boolean;
  readonly seed?: number;
}

/** Answers one expression by one or several variables; the exit code. */
export async function diff(argument: string | undefined, options: DiffOptions, kind: Kind, io: Io): Promise<number> {
  const input = await readInput(argument, options, io);
  const expression = await expressionOf(input, options, io);
  const presenter = createPresenter(options.format, io);
  const solved = solve(expression, options.wrt ?? [], kind, {
    layout: options.layout ?? "numerator",
    symmetry: options.symmetry ?? usualSymmetry(options),
    order: options.order ?? 1,
    mixed: options.mixed === true,
    where: options.where,
    ...optional({ along: options.along, upstream: options.upstream, views: options.view }),
  });
  if (!solved.ok) return refuse(solved, options.format, io, input.file);
  const checks = options.check ? await checkAll(solved, options) : undefined;
  const shown = await extrasOf(solved, options, io);
  await presenter.show(solved, kind, checks, shown);
  return checks?.some((c) => c.verdict === "differs") ? EXIT.refuted : EXIT.answered;
}

// A derivation and a descent step take all entries as independent; an answer beside them does, too.
const usualSymmetry = ({ steps, update }: DiffOptions): Symmetry => (steps === undefined && update !== true ? "symmetric" : "free");

/** The expression of an input with what the options say of it. */
export const expressionOf = async (input: Input, options: InputOptions, io: Io): Promise<Expression> => ({
  expr: input.text,
  ...(await readContext(options, io)),
});

// With --update the gradient in the variable's own shape is part of what is printed.
async function checkAll(solved: Solved, options: DiffOptions): Promise<Checked[]> {
  const { openCheck } = await import("../library/numbers/verify.ts");
  const check = await openCheck();
  const { stated } = solved;
  const choice = optional({ seed: options.seed });
  return solved.parts.map((part: Part) => {
    const verdict = check(stated, part, checkedFormat(options.format), choice);
    if (
      options.update !== true ||
      verdict.verdict === "differs" ||
      stated.expr.shape.rows.key !== "1" ||
      stated.expr.shape.cols.key !== "1"
    )
      return verdict;
    const gradient = derivativeBy(stated, [part.target], "denominator", { names: false });
    const second = check(stated, gradient, checkedFormat(options.format), choice);
    return second.verdict === "differs" ? second : verdict;
  });
}

// An answer stands without what is shown beside it; why that is missing goes to stderr.
async function extrasOf(solved: Solved, options: DiffOptions, io: Io): Promise<Extras> {
  if (options.steps === undefined && options.update !== true) return {};
  const order = Math.max(...solved.parts.map(({ answer }) => answer.order));
  if (order > 1 || options.mixed === true)
    throw new CommandError(`--steps and --update are about first derivatives; ${order > 1 ? `one of order ${order}` : "--mixed"} has none`);
  if (options.symmetry !== undefined && options.symmetry !== "free" && solved.parts.some((p) => p.answer.symmetry !== undefined))
    throw new CommandError(`--steps and --update take all entries as independent; --symmetry ${options.symmetry} goes without them`);
  const { backpropagationText, derivationText, updateText } = await import("../library/answer/steps.ts");
  const attempt = (what: string, make: () => Shown): Shown | undefined => {
    try {
      return make();
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      io.stderr.write(`no ${what}: ${error.diagnostic.message}\n`);
      return undefined;
    }
  };
  const { stated, parts } = solved;
  const { format } = options;
  const targets = parts.map((p) => p.target);
  return {
    ...(options.steps === "backprop" ? { passes: attempt("backpropagation", () => backpropagationText(stated, targets, format)) } : {}),
    ...(options.steps === "paper"
      ? {
          steps: parts.map(({ target, answer }) =>
            attempt(`derivation by ${answer.wrt}`, () => derivationText(stated, target, answer.layout ?? "numerator", format)),
          ),
        }
      : {}),
    ...(options.update === true
      ? { updates: parts.map(({ target, answer }) => attempt(`descent step for ${answer.wrt}`, () => updateText(stated, target, format))) }
      : {}),
  };
}
