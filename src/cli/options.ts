// Options that several commands share, each a function that gives a command more of them, and
// the values that options take.
//
// Invariant: an option that is written alike means the same in every command.

import { type Command, Option } from "commander";
import { LAYOUTS, SYMMETRIES } from "../expr/conventions.ts";
import { CommandError } from "./io.ts";

const FORMAT_NAMES = ["unicode", "ascii", "latex", "json", "markdown"];
const STEP_STYLES = ["paper", "backprop"];
const VIEW_NAMES = ["differential", "index", "vec", "einsum"];

/** Languages that code is written in. */
export const CODE_NAMES = ["numpy", "array-api", "torch", "jax", "julia", "matlab", "octave", "javascript", "mathjs", "mathml", "mathjson"];

/** Gathers the values of an option that may be repeated. */
export const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

// One list in brackets, or a formula between dollar signs.
const ENCLOSED = /^\s*(?:\(([^()]*)\)|\[([^[\]]*)\]|\{([^{}]*)\}|\$([^$]*)\$)\s*$/;

// Several names may stand in one option, with commas between; a comma inside brackets belongs to an entry.
const collectNames = (value: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  ...(
    ENCLOSED.exec(value)
      ?.slice(1)
      .find((list) => list !== undefined) ?? value
  )
    .split(/,(?![^[]*\]|[^(]*\))/)
    .map((part) => {
      const name = part.trim();
      if (name === "") throw new CommandError(`--wrt takes names, with commas between, not ${JSON.stringify(value)}`);
      return name;
    }),
];

const collectViews = (value: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  ...value.split(",").map((name) => {
    if (!VIEW_NAMES.includes(name)) throw new CommandError(`--view takes ${VIEW_NAMES.join(", ")}, not ${JSON.stringify(name)}`);
    return name;
  }),
];

function seedNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new CommandError(`--seed takes a whole number, not ${JSON.stringify(text)}`);
  return Number(text);
}

function orderNumber(text: string): number {
  if (!/^[1-9]$/.test(text)) throw new CommandError(`--order takes a small whole number, not ${JSON.stringify(text)}`);
  return Number(text);
}

const DECLARATIONS = "declare names: 'w, x : vector(n); S : symmetric(n)' (repeatable)";

/** Declarations of names. */
export const typed = (command: Command): Command => command.option("-t, --type <declarations>", DECLARATIONS, collect);

/** Files of rules. */
export const ruled = (command: Command): Command => command.option("--rules <path>", "add rules of your own (repeatable)", collect);

/** Where random points start; of which check is for the description. */
export const seeded = (command: Command, description: string): Command => command.option("--seed <number>", description, seedNumber);

/** How ⊗ is read. */
export const dialect = (): Option =>
  new Option("--dialect <name>", "paper reads ⊗ as the element-wise product").choices(["standard", "paper"]);

/** An expression and how it is read. */
export const reading = (command: Command): Command =>
  ruled(
    typed(command.argument("[expression]", "the expression; - reads it from stdin"))
      .option("--file <path>", "read the expression, with declarations and definitions, from a file")
      .addOption(dialect())
      .option("--latex", "read the expression as LaTeX; it is recognised where it has commands"),
  );

/** The variables of a derivative. */
export const byVariables = (command: Command): Command =>
  command.option("--wrt <variable>", "differentiate by it (repeatable)", collectNames);

/** How an answer is printed and checked. */
export const answering = (command: Command): Command =>
  seeded(
    command
      .addOption(format([...FORMAT_NAMES, ...CODE_NAMES], "unicode", "how to print; a language for code"))
      .option("--no-where", "do not name what a long answer repeats")
      .option("--no-check", "do not compare the answer with numeric differentiation"),
    "where the random points of the check start",
  );

/** An answer with its derivation. */
export const deriving = (command: Command): Command =>
  answering(command)
    .addOption(new Option("--steps [style]", "show the derivation").choices(STEP_STYLES).preset("paper"))
    .option("--update", "show the gradient-descent step");

/** Other forms of an answer. */
export const viewing = (command: Command): Command =>
  command.option("--view <name>", `show it in this form, too: ${VIEW_NAMES.join(", ")} (repeatable)`, collectViews);

/** The direction of a directional derivative. */
export const along = (command: Command): Command =>
  command.option("--along <v>", "a direction of the variable's shape: a new name, or an expression (repeatable)", collect);

/** How often to differentiate. */
export const ordered = (command: Command, description: string): Command => command.option("--order <number>", description, orderNumber);

/** Rows and columns of a derivative; without `preset` the layout is open. */
export function layout(description: string, preset?: string): Option {
  const option = new Option("--layout <name>", description).choices(LAYOUTS);
  return preset === undefined ? option : option.default(preset);
}

/** What a derivative by a symmetric matrix is. */
export const symmetry = (): Option =>
  new Option("--symmetry <name>", "by a symmetric S: sym(G), by its entries, or all entries free").choices(SYMMETRIES);

/** How to print. */
export const format = (names: readonly string[], preset: string, description = "how to print"): Option =>
  new Option("--format <name>", description).choices(names).default(preset);
