// From arguments to an exit code: finds the command and turns every way of ending into a
// message and a code.
//
// Invariant: no stack trace reaches a user, unless NABLA_DEBUG asks for it.
// Not here: which commands there are (commands.ts), and what they do.

import { CommanderError } from "commander";
import { arrangeArguments } from "./arguments.ts";
import { createProgram, refuseMeant } from "./commands.ts";
import { CommandError, EXIT, type Io, painter } from "./io.ts";

/** What every command has without stating it. */
const HELP = { long: "--help", short: "-h", required: false, optional: false } as const;

/** Runs one command line and answers with the exit code. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  let exitCode: number = EXIT.answered;
  const program = createProgram(argv[0], io, (code) => {
    exitCode = code;
  });
  try {
    const [name, ...rest] = argv;
    if (name !== undefined) refuseMeant(name);
    const command = program.commands.find((c) => c.name() === name);
    const args = command === undefined ? argv : [command.name(), ...arrangeArguments(rest, [...command.options, HELP])];
    if (argv.length === 0) program.outputHelp();
    else await program.parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    return tell(error, io);
  }
}

// What is said of an error, and the exit code for it.
function tell(error: unknown, io: Io): number {
  const paint = painter(io.stderr, io.env);
  if (error instanceof CommanderError) {
    if (error.code === "commander.excessArguments")
      io.stderr.write("  an expression with spaces or signs goes in quotes: nabla diff 'x + x^2' --wrt x\n");
    return error.exitCode === 0 ? EXIT.answered : EXIT.input;
  }
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
