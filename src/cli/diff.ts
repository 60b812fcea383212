// `nabla diff` and `nabla grad`: answers, each checked by the text that is printed.
//
// Invariant: an answer that fails its check is not printed as an answer.

import { InputError } from "../base/diagnostic.ts";
import { type Kind, type Solved, solve } from "../library/answer.ts";
import type { Expression } from "../library/question.ts";
import type { StepsText } from "../library/steps.ts";
import type { Checked } from "../library/verify.ts";
import { type Input, type InputOptions, readInput, readLibrary, report } from "./input.ts";
import { CommandError, EXIT, type Io, write } from "./io.ts";
import { type AnswerFormat, createPresenter, textOf } from "./present.ts";

export interface DiffOptions extends InputOptions {
  readonly wrt?: readonly string[];
  readonly layout?: "numerator" | "denominator" | "mixed" | "vec";
  readonly order?: "1" | "2";
  readonly format: AnswerFormat;
  readonly steps?: "paper" | "backprop";
  readonly check: boolean;
  readonly seed?: number;
}

/** Answers one expression by one or several variables; the exit code. */
export async function diff(argument: string | undefined, options: DiffOptions, kind: Kind, io: Io): Promise<number> {
  const input = await readInput(argument, options, io);
  const expression = await expressionOf(input, options, io);
  const presenter = createPresenter(options.format, io);
  const solved = solve(expression, (options.wrt ?? []).flatMap(splitNames), kind, {
    layout: options.layout ?? "numerator",
    order: options.order === "2" ? 2 : 1,
  });
  if (!solved.ok) {
    if (options.format === "json") await write(io.stdout, presenter.refused(solved));
    else report(solved.diagnostics, { ...input, text: solved.source }, io);
    return EXIT.input;
  }
  const checks = options.check ? await checkAll(solved, options) : undefined;
  const steps = options.steps === undefined ? undefined : await stepsOf(solved, options, io);
  await presenter.show(solved, kind, checks, steps);
  return checks?.some((c) => c.verdict === "differs") ? EXIT.refuted : EXIT.answered;
}

/** The expression of an input with what the options say of it. */
export async function expressionOf(input: Input, options: InputOptions, io: Io): Promise<Expression> {
  const library = await readLibrary(options.rules, io);
  return {
    expr: input.text,
    ...(options.type === undefined ? {} : { declarations: options.type.join("\n") }),
    ...(options.dialect === undefined ? {} : { dialect: options.dialect }),
    ...(library === undefined ? {} : { library }),
  };
}

async function checkAll(solved: Solved, options: DiffOptions): Promise<Checked[]> {
  const { openCheck } = await import("../library/verify.ts");
  const check = await openCheck();
  const choice = options.seed === undefined ? {} : { seed: options.seed };
  return solved.parts.map(({ target, answer }) => check(solved.stated, target, answer, textOf(answer, options.format), choice));
}

// An answer stands without its derivation; why there is none goes to stderr.
async function stepsOf(solved: Solved, options: DiffOptions, io: Io): Promise<(StepsText | undefined)[]> {
  if (options.order === "2") throw new CommandError("--steps shows first derivatives; --order 2 has none");
  const { derivationText } = await import("../library/steps.ts");
  return solved.parts.map(({ target, answer }) => {
    try {
      return derivationText(solved.stated, target, answer.layout, options.format);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      io.stderr.write(`no derivation by ${answer.wrt}: ${error.diagnostic.message}\n`);
      return undefined;
    }
  });
}

/** `--wrt w,b` is `--wrt w --wrt b`; a comma inside brackets belongs to an entry. */
const splitNames = (text: string): string[] =>
  text
    .split(/,(?![^[]*\])/)
    .map((name) => name.trim())
    .filter((name) => name !== "");
