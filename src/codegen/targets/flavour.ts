// What the array libraries of Python call things: a flavour is a table of names, from which
// programs are written in one way (python.ts).

import type { Code } from "./code.ts";

// biome-ignore format: a list is read in rows
/** Element-wise functions that every array library of Python has under these names. */
export const COMMON_FUNCTIONS: readonly string[] = [
  "exp", "log", "log2", "log10", "log1p", "expm1", "sin", "cos", "tan", "sinh", "cosh", "tanh",
  "abs", "sign", "floor", "ceil",
];

/** The names of the inputs. */
export interface Inputs {
  readonly arrays: readonly string[];
  readonly numbers: readonly string[];
}

/** What a Python array library calls things. */
export interface Flavour {
  readonly target: string;
  /** Prefix of its functions: `np`, `torch`. */
  readonly ns: string;
  readonly imports: readonly string[];
  /** Lines that every function body starts with, for its inputs, arrays first. */
  readonly opening?: (inputs: readonly string[]) => readonly string[];
  /**
   * Lines after it that name what new arrays are like, `{like}` in the other texts, and make what they need of the inputs that are
   * numbers; whether the name is used, and whether arithmetic of Python between numbers may raise.
   */
  readonly prologue?: (like: string, inputs: Inputs, isUsed: boolean, raises: boolean) => readonly string[];
  /** What that name is where it is free. */
  readonly like?: string;
  /** Element-wise functions under another name than their own; a text with `{}` for the arguments. */
  readonly functions: Readonly<Record<string, string>>;
  /** Element-wise functions under their own name. */
  readonly same: ReadonlySet<string>;
  /** Helper functions by name: Python text, added where used. */
  readonly helpers: Readonly<Record<string, string>>;
  /** Functions of matrices, with `{}` for the arguments. */
  readonly matrix: Readonly<Record<string, string>>;
  /** A number as an array where a function takes arrays only. */
  readonly scalar: (text: string) => string;
  /** A truth value of Python as a condition of `where`; as it is unless stated. */
  readonly condition?: (text: string) => string;
  /** A truth value as a number. */
  readonly asNumber: (truth: Code) => string;
  readonly truthMultiplies: boolean;
  /** An array of zeros, ones and so on of a shape. */
  readonly full: (shape: string, value: string) => string;
  readonly eye: (n: string) => string;
  /** A new array of the same entries; none where arrays cannot be written into. */
  readonly copy?: (text: string) => string;
  /** Numbers among the outputs are arrays too, which can be written into. */
  readonly numbersAreArrays?: boolean;
  readonly reduce: (fn: string, x: Code, axis: number | undefined) => Code;
  readonly pieces: Readonly<Record<"concat" | "diag" | "diagonal" | "dot", (...args: readonly string[]) => string>>;
  readonly permute: (text: string, order: readonly number[]) => string;
  /** Every inner-th entry along an axis from the first, from the second, and so on; by reshaping unless stated. */
  readonly shuffle?: (text: string, inner: string, axis: 0 | 1) => string;
  /** A method call unless stated. */
  readonly reshape?: (text: string, shape: string) => string;
  /** Helpers that every program has. */
  readonly always?: readonly string[];
  readonly testImports?: readonly string[];
  /** Statements of the self-test's set-up: an input from row-major data and a shape. */
  readonly sample: (data: string, shape: string) => string;
  readonly toFloat: string;
}
