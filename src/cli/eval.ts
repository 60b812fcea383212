// `nabla eval`: the value of an expression, or of its derivative, at data from a file, and the
// table that compares a derivative with difference quotients.
//
// Not here: what the values are (src/library/numbers/evaluate.ts, src/library/numbers/gradientAt.ts).

import { optional } from "../base/optional.ts";
import {
  checkGradientAt,
  type Data,
  type DataValue,
  type Expression,
  evaluate,
  type GradientAnswer,
  type Layout,
  type Method,
  type Symmetry,
} from "../index.ts";
import { expressionOf } from "./diff.ts";
import { type Input, type InputOptions, readFile, readInput, refuse } from "./input.ts";
import { CommandError, EXIT, type Io, readAll, write } from "./io.ts";
import { jsonLine } from "./json.ts";

/** Options of `nabla eval`, as commander gives them. */
export interface EvalOptions extends InputOptions {
  readonly at: string;
  readonly wrt?: string;
  readonly layout?: Layout;
  readonly symmetry?: Symmetry;
  readonly order?: number;
  /** Compare the derivative with difference quotients. */
  readonly checkGradient?: true;
  /** A file with a derivative to compare. */
  readonly gradient?: string;
  readonly format: "unicode" | "json";
}

/** Prints a value; the exit code. */
export async function evaluateCommand(argument: string | undefined, options: EvalOptions, io: Io): Promise<number> {
  if (options.at === "-" && argument === "-") throw new CommandError("the expression and the data cannot both come from stdin");
  const input = await readInput(argument, options, io);
  const at = readData(options.at === "-" ? await readAll(io.stdin) : readFile(options.at), options.at);
  const expression = await expressionOf(input, options, io);
  if (options.checkGradient === true || options.gradient !== undefined) return gradient(expression, input, at, options, io);
  const result = await evaluate({
    ...expression,
    at: at as Parameters<typeof evaluate>[0]["at"],
    layout: options.layout ?? "numerator",
    order: options.order ?? 1,
    ...optional({ symmetry: options.symmetry, wrt: options.wrt }),
  });
  if (!result.ok) return refuse(result, options.format, io, input.file);
  const { value, rows, cols } = result;
  if (options.format === "json") await write(io.stdout, jsonLine({ ok: true, value, rows, cols }));
  else await write(io.stdout, `${table(value)}\n`);
  return EXIT.answered;
}

/** Compares a derivative with difference quotients; 1 where it differs. */
async function gradient(expression: Expression, input: Input, at: Record<string, unknown>, options: EvalOptions, io: Io): Promise<number> {
  if ((options.order ?? 1) > 1) throw new CommandError("--check-gradient is about first derivatives");
  const result = await checkGradientAt({
    ...expression,
    at: at as Data,
    layout: options.layout ?? "numerator",
    ...optional({
      wrt: options.wrt,
      gradient: options.gradient === undefined ? undefined : readValues(options.gradient),
      symmetry: options.symmetry,
    }),
  });
  if (!result.ok) return refuse(result, options.format, io, input.file);
  if (options.format === "json") await write(io.stdout, jsonLine(result));
  else await write(io.stdout, `${gradientText(result)}\n`);
  return result.verdict === "differs" ? EXIT.refuted : EXIT.answered;
}

function readValues(path: string): DataValue {
  try {
    return JSON.parse(readFile(path)) as DataValue;
  } catch (error) {
    if (error instanceof SyntaxError) throw new CommandError(`${path} is no JSON: ${error.message}`);
    throw error;
  }
}

/** Errors below these are rounding and change from machine to machine. */
const FLOORS: Readonly<Record<Method, number>> = { forward: 1e-9, central: 1e-9, Richardson: 1e-9, "complex step": 1e-13 };

/** The verdict, and a table of the errors of every method by step, with the order seen. */
function gradientText({ verdict, error, tolerance, tables, worst, reason, closedForm }: GradientAnswer): string {
  const small = (x: number): string => (x === 0 ? "0" : x.toExponential(1));
  const head =
    verdict === "undecided"
      ? `undecided: ${reason ?? ""}`
      : `the derivative ${verdict}: relative error ${error < 1e-9 ? "below 1e-9" : small(error)}, at most ${tolerance} passes`;
  const lines = [head];
  if (verdict === "differs")
    lines.push(`entry ${worst.entry + 1}: ${numeral(worst.given)} is given, ${numeral(worst.numeric)} by differences`);
  if (closedForm !== undefined)
    lines.push(`against the closed form: relative error ${closedForm < 1e-12 ? "below 1e-12" : small(closedForm)}`);
  const cell = (text: string): string => text.padEnd(21);
  lines.push("", `${"step".padEnd(8)}${tables.map((t) => cell(t.method)).join("")}`.trimEnd());
  const steps = tables[0]?.rows.map((r) => r.step) ?? [];
  steps.forEach((step, i) => {
    const cells = tables.map((t) => {
      const { error: off = Number.NaN, order } = t.rows[i] ?? {};
      const floor = FLOORS[t.method];
      if (off < floor) return cell(`below ${floor}`);
      return cell(`${small(off)}${order === undefined || order < -0.05 ? "" : `  order ${Math.abs(order).toFixed(1)}`}`);
    });
    lines.push(`${small(step).padEnd(8)}${cells.join("")}`.trimEnd());
  });
  return lines.join("\n");
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
