// `nabla eval`: the value of an expression, or of its derivative, at data from a file.

import { type DataValue, evaluate } from "../index.ts";
import { expressionOf } from "./diff.ts";
import { type InputOptions, readFile, readInput, report } from "./input.ts";
import { CommandError, EXIT, type Io, readAll, write } from "./io.ts";
import { SCHEMA_VERSION } from "./present.ts";

export interface EvalOptions extends InputOptions {
  readonly at: string;
  readonly wrt?: string;
  readonly layout?: "numerator" | "denominator" | "mixed" | "vec";
  readonly order?: number;
  readonly format: "unicode" | "json";
}

/** Prints a value; the exit code. */
export async function evaluateCommand(argument: string | undefined, options: EvalOptions, io: Io): Promise<number> {
  if (options.at === "-" && argument === "-") throw new CommandError("the expression and the data cannot both come from stdin");
  const input = await readInput(argument, options, io);
  const at = readData(options.at === "-" ? await readAll(io.stdin) : readFile(options.at), options.at);
  const expression = await expressionOf(input, options, io);
  const result = await evaluate({
    ...expression,
    at: at as Parameters<typeof evaluate>[0]["at"],
    layout: options.layout ?? "numerator",
    order: options.order ?? 1,
    ...(options.wrt === undefined ? {} : { wrt: options.wrt }),
  });
  if (!result.ok) {
    report(result.diagnostics, { ...input, text: result.source }, io);
    return EXIT.input;
  }
  const { value, rows, cols } = result;
  if (options.format === "json")
    await write(io.stdout, `${JSON.stringify({ schemaVersion: SCHEMA_VERSION, ok: true, value, rows, cols })}\n`);
  else await write(io.stdout, `${table(value)}\n`);
  return EXIT.answered;
}

function readData(text: string, path: string): Record<string, unknown> {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw new CommandError(`${path} is no JSON: ${(error as Error).message}`);
  }
  if (typeof data !== "object" || data === null || Array.isArray(data))
    throw new CommandError(`${path} holds no object of values, such as {"w": [1, 2], "b": 0.5}`);
  return data as Record<string, unknown>;
}

/** Digits that are shown; one fewer than a double has, so that 0.1 + 0.2 is 0.3. */
const DIGITS = 15;
const numeral = (x: number): string => String(Number(x.toPrecision(DIGITS)));

// A number, or a matrix with its columns aligned; a column vector is a matrix of one column.
function table(value: DataValue): string {
  if (typeof value === "number") return numeral(value);
  const rows = value.map((row) => (typeof row === "number" ? [row] : row).map(numeral));
  const widths = (rows[0] ?? []).map((_, j) => Math.max(...rows.map((row) => (row[j] ?? "").length)));
  return rows.map((row) => row.map((cell, j) => cell.padStart(widths[j] ?? 0)).join("  ")).join("\n");
}
