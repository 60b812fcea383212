// From arguments to an exit code: finds the command, loads only what it needs, and turns
// every way of ending into a message and a code.
//
// Invariant: no stack trace reaches a user, unless NABLA_DEBUG asks for it.

import { readFileSync } from "node:fs";
import { Command, CommanderError, Option } from "commander";
import type { Kind } from "../library/solve.ts";
import { arrangeArguments } from "./arguments.ts";
import { CommandError, EXIT, type Io, painter } from "./io.ts";

/** Runs one command line and answers with the exit code. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const paint = painter(io.stderr, io.env);
  let exitCode: number = EXIT.answered;
  const program = createProgram(io, (code) => {
    exitCode = code;
  });
  try {
    const [name, ...rest] = argv;
    const command = program.commands.find((c) => c.name() === name);
    const args = command === undefined ? argv : [command.name(), ...arrangeArguments(rest, [...command.options, HELP])];
    if (argv.length === 0) program.outputHelp();
    else await program.parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.code === "commander.excessArguments")
      io.stderr.write("  an expression with spaces or signs goes in quotes: nabla diff 'x + x^2' --wrt x\n");
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.answered : EXIT.input;
    if (error instanceof CommandError) {
      // Without a message it has been shown already.
      if (error.message !== "") io.stderr.write(`${paint("red", "error:")} ${error.message}\n`);
      return error.exitCode;
    }
    io.stderr.write(`${paint("red", "internal error:")} ${error instanceof Error ? error.message : String(error)}\n`);
    io.stderr.write("  this is a defect of nabla; please report it with the command line that shows it\n");
    if (io.env.NABLA_DEBUG && error instanceof Error) io.stderr.write(`${error.stack}\n`);
    return EXIT.internal;
  }
}

const HELP = { long: "--help", short: "-h", required: false, optional: false } as const;
const LAYOUT_NAMES = ["numerator", "denominator", "mixed", "vec"];
const FORMAT_NAMES = ["unicode", "ascii", "latex", "json", "markdown"];
const SYMMETRY_NAMES = ["symmetric", "entries", "free"];
const CODE_NAMES = ["numpy", "array-api", "torch", "jax", "julia", "matlab", "octave", "javascript", "mathjs", "mathml", "mathjson"];
const STEP_STYLES = ["paper", "backprop"];
const VIEW_NAMES = ["differential", "index", "vec", "einsum"];

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

// Several names may stand in one option, with commas between.
const collectView = (value: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  ...value.split(",").map((name) => {
    if (!VIEW_NAMES.includes(name)) throw new CommandError(`--view takes ${VIEW_NAMES.join(", ")}, not ${JSON.stringify(name)}`);
    return name;
  }),
];
const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

function createProgram(io: Io, end: (code: number) => void): Command {
  const program = new Command("nabla")
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
  const add = (name: string, description: string): Command =>
    program.command(name).description(description).exitOverride().copyInheritedSettings(program);

  const reading = (command: Command): Command =>
    command
      .argument("[expression]", "the expression; - reads it from stdin")
      .option("-t, --type <declarations>", "declare names: 'w, x : vector(n); S : symmetric(n)' (repeatable)", collect)
      .option("--file <path>", "read the expression, with declarations and definitions, from a file")
      .addOption(new Option("--dialect <name>", "paper reads ⊗ as the element-wise product").choices(["standard", "paper"]))
      .option("--latex", "read the expression as LaTeX; it is recognised where it has commands")
      .option("--rules <path>", "add rules of your own (repeatable)", collect);
  const answering = (command: Command): Command =>
    command
      .addOption(
        new Option("--format <name>", "how to print; a language for code").choices([...FORMAT_NAMES, ...CODE_NAMES]).default("unicode"),
      )
      .option("--no-where", "do not name what a long answer repeats")
      .option("--no-check", "do not compare the answer with numeric differentiation")
      .option("--seed <number>", "where the random points of the check start", integer);
  const deriving = (command: Command): Command =>
    answering(command)
      .addOption(new Option("--steps [style]", "show the derivation").choices(STEP_STYLES).preset("paper"))
      .option("--update", "show the gradient-descent step");
  const symmetry = (): Option =>
    new Option("--symmetry <name>", "by a symmetric S: sym(G), by its entries, or all entries free").choices(SYMMETRY_NAMES);
  const viewing = (command: Command): Command =>
    command.option("--view <name>", `show it in this form, too: ${VIEW_NAMES.join(", ")} (repeatable)`, collectView);
  const answers = (command: Command, kind: Kind): Command =>
    command.action(async (expression: string | undefined, options) =>
      end(
        CODE_NAMES.includes(options.format)
          ? await (await import("./code.ts")).asCode(expression, options, kind, io)
          : await (await import("./diff.ts")).diff(expression, options, kind, io),
      ),
    );

  const wrt = ["--wrt <variable>", "differentiate by it (repeatable)"] as const;
  const along = "a direction of the variable's shape: a new name, or an expression (repeatable)";
  answers(
    viewing(deriving(reading(add("diff", "the derivative of an expression")).option(...wrt, collect)))
      .addOption(new Option("--layout <name>", "rows and columns of the answer").choices(LAYOUT_NAMES).default("numerator"))
      .addOption(symmetry())
      .option("--order <number>", "how often to differentiate; 2 for the Hessian of a number", order)
      .option("--mixed", "one derivative by all variables in turn"),
    "derivative",
  );
  answers(
    deriving(reading(add("grad", "the gradient of a number, in the variable's shape")).option(...wrt, collect)).addOption(symmetry()),
    "gradient",
  );
  answers(
    viewing(answering(reading(add("hessian", "the Hessian of a number; by two variables the mixed derivative")).option(...wrt, collect))),
    "hessian",
  );
  answers(
    answering(reading(add("jvp", "the directional derivative, in the value's shape")).option(...wrt, collect)).option(
      "--along <v>",
      along,
      collect,
    ),
    "jvp",
  );
  answers(
    answering(reading(add("vjp", "an upstream gradient taken back, in the variable's shape")).option(...wrt, collect)).option(
      "--upstream <u>",
      "the gradient to take back, of the value's shape: a new name, or an expression",
    ),
    "vjp",
  );
  answers(
    answering(reading(add("hvp", "the Hessian of a number times a direction, in the variable's shape")).option(...wrt, collect)).option(
      "--along <v>",
      along,
      collect,
    ),
    "hvp",
  );
  answers(answering(reading(add("differential", "the differential dY = …, free of any layout")).option(...wrt, collect)), "differential");
  reading(add("code", "the value and its derivatives as a program in another language"))
    .option(...wrt, collect)
    .addOption(new Option("--target <name>", "the language").choices(CODE_NAMES).default("numpy"))
    .addOption(new Option("--layout <name>", "rows and columns of a derivative").choices(LAYOUT_NAMES))
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
  reading(add("eval", "the value of an expression, or of its derivative, at given data"))
    .option("--wrt <variable>", "evaluate the derivative by it")
    .addOption(new Option("--layout <name>", "rows and columns of the derivative").choices(LAYOUT_NAMES).default("numerator"))
    .addOption(symmetry())
    .option("--order <number>", "how often to differentiate", order)
    .requiredOption("--at <path>", 'JSON: {"w": [1, 2], "X": [[1, 2], [3, 4]], "b": 0.5}')
    .option("--check-gradient", "compare the derivative with difference quotients, in a table")
    .option("--gradient <path>", "JSON: a derivative of your own to compare, in the layout")
    .addOption(new Option("--format <name>", "how to print").choices(["unicode", "json"]).default("unicode"))
    .action(async (expression: string | undefined, options) =>
      end(await (await import("./eval.ts")).evaluateCommand(expression, options, io)),
    );
  add("rules", "the rules nabla differentiates and simplifies by")
    .argument("[name]", "a function, a rule, a group or a source; check proves the rules of files")
    .argument("[files...]", "files of rules, after check")
    .option("--seed <number>", "where the random points of a check start", integer)
    .addOption(new Option("--format <name>", "how to print").choices(["unicode", "json"]).default("unicode"))
    .option("--rules <path>", "add rules of your own (repeatable)", collect)
    .action(async (name: string | undefined, files: readonly string[], options) => {
      const { check, rules } = await import("./rules.ts");
      if (name !== "check" && files.length > 0) throw new CommandError(`rules shows one thing at a time, and ${name} is one already`);
      end(name === "check" ? await check(files, options, io) : await rules(name, options, io));
    });
  add("check", "whether a claim or a derivation is right, and if not, where and why")
    .argument("[claims...]", "equations: \"d(x'*A*x)/dx = x'*(A + A')\"; documents: notes.md, paper.tex; - reads one from stdin")
    .option("-t, --type <declarations>", "declare names: 'w, x : vector(n); S : symmetric(n)' (repeatable)", collect)
    .option("--steps <path>", "a derivation: definitions, claims and chains of equations, a line each; - is stdin")
    .addOption(new Option("--layout <name>", "the layout that is claimed; without it any is accepted").choices(LAYOUT_NAMES))
    .addOption(symmetry())
    .addOption(new Option("--dialect <name>", "paper reads ⊗ as the element-wise product").choices(["standard", "paper"]))
    .addOption(new Option("--format <name>", "how to print").choices(["text", "json", "sarif", "junit"]).default("text"))
    .option("--latex", "read the claims as LaTeX; it is recognised where it has commands")
    .option("--verbose", "of a document list what is right and what is skipped, too")
    .option("--fix", "of a document show as a diff what would be right; the document is not changed")
    .option("--write", "with --fix: write the document with the suggestions to FILE.fixed")
    .option("--seed <number>", "where the random points start", integer)
    .option("--rules <path>", "add rules of your own (repeatable)", collect)
    .action(async (claims: readonly string[], options) =>
      end(await (await import("./check.ts")).checkCommand(claims, options, version(), io)),
    );
  add("batch", "answers requests from stdin, one JSON object a line, in order")
    .option("--no-check", "do not compare answers with numeric differentiation")
    .option("--seed <number>", "where the random points of the checks start", integer)
    .option("--rules <path>", "add rules of your own (repeatable)", collect)
    .action(async (options) => end(await (await import("./batch.ts")).batch(options, io)));
  return program;
}

function order(text: string): number {
  const value = Number(text);
  if (!/^[1-9]$/.test(text)) throw new CommandError(`--order takes a small whole number, not ${JSON.stringify(text)}`);
  return value;
}

function integer(text: string): number {
  const value = Number(text);
  if (!/^\d{1,9}$/.test(text)) throw new CommandError(`--seed takes a whole number, not ${JSON.stringify(text)}`);
  return value;
}

function version(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
