// The commands: for each its arguments, its options and what it loads when it is called.
//
// Invariant: a command's code is loaded when it runs, so that a short one starts fast.
// Not here: options that several commands share (options.ts).

import { readFileSync } from "node:fs";
import { Command, Option } from "commander";
import type { Kind } from "../library/answer/asked.ts";
import { CommandError, type Io } from "./io.ts";
import {
  along,
  answering,
  byVariables,
  CODE_NAMES,
  collect,
  deriving,
  dialect,
  format,
  layout,
  ordered,
  reading,
  ruled,
  seeded,
  symmetry,
  typed,
  viewing,
} from "./options.ts";

/** What a command needs to be defined and run. */
interface Setting {
  /** The command as a new one of the program. */
  readonly add: (description: string) => Command;
  readonly io: Io;
  /** Says with which code the process ends. */
  readonly end: (code: number) => void;
}

const EXAMPLES = `Examples:
  nabla diff 'sum(w .* x)' --wrt w                         a derivative in closed form
  nabla diff 'max(0, w·x + b)' --wrt w --wrt b --steps     by two variables, with the derivation
  nabla grad 'norm2(X w - y)^2' --wrt w --update           the gradient and the descent step
  nabla diff "x'*A*x" -t 'A : symmetric(n)' --order 2      the Hessian, A declared
  nabla jvp 'inv(X)' --wrt X --along V                     a directional derivative
  nabla differential 'A*X*B' --wrt X                       dY = A dX B
  nabla code "norm2(A*x - b)^2" --wrt x --target torch     value and gradient as a program
  nabla eval 'sum(w .* x)' --at data.json --wrt w          values at given data
  nabla check "d(x'*A*x)/dx = x'*(A + A')"                  is this right, and if not, why
  nabla batch < requests.jsonl                             many requests, one JSON object a line
`;

/** The commands by their names, in the order of the help. */
const COMMANDS: Readonly<Record<string, (setting: Setting) => void>> = {
  diff,
  grad,
  hessian,
  jvp: directional("jvp", "the directional derivative, in the value's shape"),
  vjp,
  hvp: directional("hvp", "the Hessian of a number times a direction, in the variable's shape"),
  differential,
  code,
  eval: evaluate,
  rules,
  check,
  batch,
};

/** Words of others for what a command does. */
const MEANT: Readonly<Record<string, string>> = {
  d: "diff",
  derivative: "diff",
  derive: "diff",
  differentiate: "diff",
  jacobian: "diff",
  gradient: "grad",
  hess: "hessian",
  pushforward: "jvp",
  pullback: "vjp",
  export: "code",
  compile: "code",
  evaluate: "eval",
  prove: "check",
  verify: "check",
};

/** Refuses a word that is no command and resembles none: one that others use for a command, or an expression without a command. */
export function refuseMeant(word: string): void {
  if (word in COMMANDS || word.startsWith("-")) return;
  const meant = Object.hasOwn(MEANT, word) ? MEANT[word] : undefined;
  if (meant !== undefined) throw new CommandError(`unknown command '${word}'\n(Did you mean ${meant}?)`);
  if (/[^\w-]/.test(word))
    throw new CommandError(`a command comes first, and ${JSON.stringify(word)} is none\n  fix: nabla diff ${JSON.stringify(word)} --wrt …`);
}

/** Whether the program answers by itself. */
const isVersion = (argument: string | undefined): boolean => argument === "--version" || argument === "-V";

/** The program with the command that the first argument names, or else with all of them; `end` hears the exit code of the one that runs. */
export function createProgram(first: string | undefined, io: Io, end: (code: number) => void): Command {
  const program = emptyProgram(io);
  if (isVersion(first)) return program;
  const isNamed = first !== undefined && Object.hasOwn(COMMANDS, first);
  for (const [name, define] of Object.entries(COMMANDS)) {
    if (isNamed && name !== first) continue;
    const add = (description: string): Command =>
      program.command(name).description(description).exitOverride().copyInheritedSettings(program);
    define({ add, io, end });
  }
  return program;
}

const emptyProgram = (io: Io): Command =>
  new Command("nabla")
    .description("Derivatives of vector and matrix expressions in closed form, with derivation and numeric check.")
    .version(version(), "-V, --version")
    .addHelpText("before", EXAMPLES)
    .addHelpText("after", "\nExit codes: 0 answered, 1 a check failed, 2 the input is at fault, 70 nabla is at fault.")
    .helpCommand("help [command]")
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });

function version(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

// An answer of a kind, or the code for it where the format is a language.
const answers = (command: Command, kind: Kind, { io, end }: Setting): Command =>
  command.action(async (expression: string | undefined, options) =>
    end(
      CODE_NAMES.includes(options.format)
        ? await (await import("./code.ts")).asCode(expression, options, kind, io)
        : await (await import("./diff.ts")).diff(expression, options, kind, io),
    ),
  );

function diff(setting: Setting): void {
  const command = viewing(deriving(byVariables(reading(setting.add("the derivative of an expression")))))
    .addOption(layout("rows and columns of the answer", "numerator"))
    .addOption(symmetry());
  answers(
    ordered(command, "how often to differentiate; 2 for the Hessian of a number").option(
      "--mixed",
      "one derivative by all variables in turn",
    ),
    "derivative",
    setting,
  );
}

function grad(setting: Setting): void {
  const command = deriving(byVariables(reading(setting.add("the gradient of a number, in the variable's shape"))));
  answers(command.addOption(symmetry()), "gradient", setting);
}

function hessian(setting: Setting): void {
  const command = setting.add("the Hessian of a number; by two variables the mixed derivative");
  answers(viewing(answering(byVariables(reading(command)))), "hessian", setting);
}

function directional(kind: "jvp" | "hvp", description: string): (setting: Setting) => void {
  return (setting) => answers(along(answering(byVariables(reading(setting.add(description))))), kind, setting);
}

function vjp(setting: Setting): void {
  const command = answering(byVariables(reading(setting.add("an upstream gradient taken back, in the variable's shape"))));
  answers(
    command.option("--upstream <u>", "the gradient to take back, of the value's shape: a new name, or an expression"),
    "vjp",
    setting,
  );
}

function differential(setting: Setting): void {
  const command = setting.add("the differential dY = …, free of any layout");
  answers(answering(byVariables(reading(command))), "differential", setting);
}

function code({ add, io, end }: Setting): void {
  byVariables(reading(add("the value and its derivatives as a program in another language")))
    .addOption(new Option("--target <name>", "the language").choices(CODE_NAMES).default("numpy"))
    .addOption(layout("rows and columns of a derivative"))
    .option("--hessian", "the Hessian, too")
    .option("--hvp", "the Hessian times a direction, too")
    .option("--structured", "a Hessian as the parts it is made of: Kronecker factors, blocks, a diagonal")
    .option("--no-value", "without the value")
    .option("--no-gradient", "without the first derivative")
    .option("--self-test", "a test of the derivatives beside the function")
    .option("--name <name>", "the function's name; f unless stated")
    .option("--size <name=number>", "a size that is known, for the order of multiplication (repeatable)", collect)
    .option("-o, --output <path>", "write to a file")
    .action(async (expression: string | undefined, options) => end(await (await import("./code.ts")).code(expression, options, io)));
}

function evaluate({ add, io, end }: Setting): void {
  const command = reading(add("the value of an expression, or of its derivative, at given data"))
    .option("--wrt <variable>", "evaluate the derivative by it")
    .addOption(layout("rows and columns of the derivative", "numerator"))
    .addOption(symmetry());
  ordered(command, "how often to differentiate")
    .requiredOption("--at <path>", 'JSON: {"w": [1, 2], "X": [[1, 2], [3, 4]], "b": 0.5}')
    .option("--check-gradient", "compare the derivative with difference quotients, in a table")
    .option("--gradient <path>", "JSON: a derivative of your own to compare, in the layout")
    .addOption(format(["unicode", "json"], "unicode"))
    .action(async (expression: string | undefined, options) =>
      end(await (await import("./eval.ts")).evaluateCommand(expression, options, io)),
    );
}

function rules({ add, io, end }: Setting): void {
  const command = add("the rules nabla differentiates and simplifies by")
    .argument("[name]", "a function, a rule, a group or a source; check proves the rules of files")
    .argument("[files...]", "files of rules, after check");
  ruled(seeded(command, "where the random points of a check start").addOption(format(["unicode", "json"], "unicode"))).action(
    async (name: string | undefined, files: readonly string[], options) => {
      const { check, rules } = await import("./rules.ts");
      if (name !== "check" && files.length > 0) throw new CommandError(`rules shows one thing at a time, and ${name} is one already`);
      end(name === "check" ? await check(files, options, io) : await rules(name, options, io));
    },
  );
}

function check({ add, io, end }: Setting): void {
  const command = add("whether a claim or a derivation is right, and if not, where and why").argument(
    "[claims...]",
    "equations: \"d(x'*A*x)/dx = x'*(A + A')\"; documents: notes.md, paper.tex; - reads one from stdin",
  );
  const options = typed(command)
    .option("--steps <path>", "a derivation: definitions, claims and chains of equations, a line each; - is stdin")
    .addOption(layout("the layout that is claimed; without it any is accepted"))
    .addOption(symmetry())
    .addOption(dialect())
    .addOption(format(["text", "json", "sarif", "junit"], "text"))
    .option("--latex", "read the claims as LaTeX; it is recognised where it has commands")
    .option("--verbose", "of a document list what is right and what is skipped, too")
    .option("--fix", "of a document show as a diff what would be right; the document is not changed")
    .option("--write", "with --fix: write the document with the suggestions to FILE.fixed");
  ruled(seeded(options, "where the random points start")).action(async (claims: readonly string[], options) =>
    end(await (await import("./check.ts")).checkCommand(claims, options, version(), io)),
  );
}

function batch({ add, io, end }: Setting): void {
  const command = add("answers requests from stdin, one JSON object a line, in order").option(
    "--no-check",
    "do not compare answers with numeric differentiation",
  );
  ruled(seeded(command, "where the random points of the checks start")).action(async (options) =>
    end(await (await import("./batch.ts")).batch(options, io)),
  );
}
