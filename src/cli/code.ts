// `nabla code`: the value of an expression and its derivatives as a program of another
// language.

import { writeFileSync } from "node:fs";
import { optional } from "../base/optional.ts";
import type { Layout, Symmetry } from "../expr/conventions.ts";
import type { Kind } from "../library/answer/asked.ts";
import { type CodeTarget, exportCode } from "../library/code/code.ts";
import type { OutputName } from "../library/code/outputs.ts";
import { expressionOf } from "./diff.ts";
import { type InputOptions, readInput, report } from "./input.ts";
import { CommandError, EXIT, type Io, write } from "./io.ts";

/** Options of `nabla code`, as commander gives them. */
export interface CodeOptions extends InputOptions {
  readonly wrt?: readonly string[];
  readonly target: CodeTarget;
  readonly layout?: Layout;
  readonly symmetry?: Symmetry;
  readonly hessian?: true;
  readonly hvp?: true;
  readonly structured?: true;
  readonly value: boolean;
  readonly gradient: boolean;
  readonly selfTest?: true;
  readonly name?: string;
  readonly size?: readonly string[];
  readonly output?: string;
}

/** Writes the program to a file or to stdout; the exit code. */
export async function code(argument: string | undefined, options: CodeOptions, io: Io): Promise<number> {
  const input = await readInput(argument, options, io);
  const outputs: OutputName[] = [
    ...(options.value ? ["value" as const] : []),
    ...(options.gradient ? ["derivative" as const] : []),
    ...(options.hessian === true ? ["hessian" as const] : []),
    ...(options.hvp === true ? ["hvp" as const] : []),
  ];
  const answer = exportCode({
    ...(await expressionOf(input, options, io)),
    ...optional({ wrt: options.wrt, layout: options.layout, symmetry: options.symmetry, name: options.name }),
    target: options.target,
    outputs,
    sizes: sizesOf(options.size ?? []),
    selfTest: options.selfTest === true,
    structured: options.structured === true,
  });
  if (!answer.ok) {
    report(answer.diagnostics, { ...input, text: answer.source }, io);
    return EXIT.input;
  }
  if (options.output === undefined) await write(io.stdout, answer.code);
  else {
    try {
      writeFileSync(options.output, answer.code);
    } catch (error) {
      throw new CommandError(`${options.output} cannot be written: ${(error as Error).message}`);
    }
  }
  return EXIT.answered;
}

const KINDS: Partial<Record<Kind, Partial<CodeOptions>>> = {
  derivative: { gradient: true },
  gradient: { gradient: true, layout: "mixed" },
  hessian: { hessian: true },
  hvp: { hvp: true },
};

/** What another command was asked for whose answer is wanted as a program. */
interface AskedOptions extends InputOptions {
  readonly format: string;
  readonly wrt?: readonly string[];
  readonly layout?: CodeOptions["layout"];
  readonly symmetry?: CodeOptions["symmetry"];
  readonly order?: number;
  readonly along?: readonly string[];
  readonly view?: readonly string[];
}

/** The answer of another command as a program that computes it alone. */
export async function asCode(argument: string | undefined, options: AskedOptions, kind: Kind, io: Io): Promise<number> {
  const wanted = KINDS[kind];
  if (wanted === undefined) throw new CommandError(`--format ${options.format} is for diff, grad, hessian and hvp`);
  const { format, layout, symmetry, order = 1, ...rest } = options;
  const isFirst = order === 1 && (kind === "derivative" || kind === "gradient");
  refuseWithoutProgram(options, isFirst);
  return code(
    argument,
    {
      ...rest,
      value: false,
      gradient: false,
      target: format as CodeTarget,
      ...(isFirst && kind === "derivative" && layout !== undefined ? { layout } : {}),
      ...(isFirst && symmetry !== undefined ? { symmetry } : {}),
      ...(kind === "derivative" && order === 2 ? { hessian: true } : wanted),
    },
    io,
  );
}

/** Refuses what no program is written for. */
function refuseWithoutProgram({ format, layout, symmetry, order = 1, along, view }: AskedOptions, isFirst: boolean): void {
  const without = (option: string, why: string): never => {
    throw new CommandError(`--format ${format} does not go with ${option}: ${why}`);
  };
  if (order > 2) throw new CommandError(`--format ${format} is for first and second derivatives`);
  if (along !== undefined) without("--along", "a program takes the direction as an argument");
  if (view !== undefined) without("--view", "a program has no further forms");
  if (isFirst) return;
  if (layout !== undefined && layout !== "numerator") without(`--layout ${layout}`, "second derivatives have one layout");
  if (symmetry !== undefined && symmetry !== "symmetric") without(`--symmetry ${symmetry}`, "second derivatives have one convention");
}

function sizesOf(texts: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    texts.map((text) => {
      const found = /^([\p{L}]\w*)=(\d+)$/u.exec(text);
      if (found === null) throw new CommandError(`--size takes a name and a number, k=10, not ${JSON.stringify(text)}`);
      return [found[1] as string, Number(found[2])];
    }),
  );
}
