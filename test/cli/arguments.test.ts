// Arguments before commander sees them: expressions with a minus in front, options with
// and without values, in any order.

import { describe, expect, it } from "vitest";
import { arrangeArguments, type OptionForm } from "../../src/cli/arguments.ts";

const OPTIONS: readonly OptionForm[] = [
  { long: "--wrt", required: true, optional: false },
  { long: "--type", short: "-t", required: true, optional: false },
  { long: "--steps", required: false, optional: true, argChoices: ["paper", "backprop"] },
  { long: "--no-check", required: false, optional: false },
];

// biome-ignore format: a table is read by columns
const CASES: readonly (readonly [title: string, argv: readonly string[], arranged: readonly string[]])[] = [
  ["an expression goes behind the options", ["x^2", "--wrt", "x"], ["--wrt=x", "--", "x^2"]],
  ["an expression may start with a minus", ["-x'*A*x", "--wrt", "x"], ["--wrt=x", "--", "-x'*A*x"]],
  ["a lone negative name is an expression", ["-x"], ["--", "-x"]],
  ["two minus signs are an expression where no option could be meant", ["--2*x"], ["--", "--2*x"]],
  ["a value may start with a minus", ["--wrt", "-x"], ["--wrt=-x"]],
  ["a short option becomes a long one", ["-t", "x : scalar", "x"], ["--type=x : scalar", "--", "x"]],
  ["an optional value is taken where it is one of the choices", ["--steps", "backprop", "x"], ["--steps=backprop", "--", "x"]],
  ["an optional value does not swallow the expression", ["--steps", "x^2"], ["--steps", "--", "x^2"]],
  ["a misspelt option stays an option", ["--stesp", "x"], ["--stesp", "--", "x"]],
  ["an option with its value attached stays as it is", ["--wrt=w", "x"], ["--wrt=w", "--", "x"]],
  ["a dash alone is stdin", ["-", "--no-check"], ["--no-check", "--", "-"]],
  ["behind -- everything is an operand", ["--", "--wrt", "x"], ["--", "--wrt", "x"]],
  ["a missing value is left for commander to notice", ["x", "--wrt"], ["--wrt"]],
];

describe("arguments", () => {
  for (const [title, argv, arranged] of CASES)
    it(title, () => {
      expect(arrangeArguments(argv, OPTIONS)).toEqual(arranged);
    });
});
