// `nabla diff` and `nabla grad`: answers, each checked by the text that is printed.
//
// Invariant: an answer that fails its check is not printed as an answer.

import { type Answer, type Kind, type Solved, solve } from "../library/answer.ts";
import type { Expression } from "../library/question.ts";
import type { Checked } from "../library/verify.ts";
import { type Input, type InputOptions, readInput, readLibrary, report } from "./input.ts";
import { EXIT, type Io, write } from "./io.ts";
import { type AnswerFormat, createPresenter, textOf } from "./present.ts";

export interface DiffOptions extends InputOptions {
  readonly wrt?: readonly string[];
  readonly layout?: "numerator" | "denominator" | "mixed" | "vec";
  readonly order?: "1" | "2";
  readonly format: AnswerFormat;
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
  const failed = solved.parts.flatMap(({ answer }, i) => (checks?.[i]?.verdict === "differs" ? [{ answer, check: checks[i] }] : []));
  await presenter.show(solved, kind, checks);
  return failed.length > 0 ? EXIT.refuted : EXIT.answered;
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

/** `--wrt w,b` is `--wrt w --wrt b`; a comma inside brackets belongs to an entry. */
const splitNames = (text: string): string[] =>
  text
    .split(/,(?![^[]*\])/)
    .map((name) => name.trim())
    .filter((name) => name !== "");

export type { Answer };
