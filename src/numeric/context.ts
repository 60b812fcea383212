// What evaluation needs besides a term and a point: the numbers to calculate with and the
// definitions of functions; and why a term has no value.

import type { Expr } from "../expr/expr.ts";
import type { FunctionDefinition } from "../expr/functions.ts";
import type { Arithmetic } from "./arithmetic.ts";
import type { Program } from "./program.ts";

/** Finds the definition of a function that has no kernel. */
export type Definitions = (name: string) => FunctionDefinition | undefined;

/** What evaluation needs besides a point. */
export interface Context {
  readonly arithmetic: Arithmetic;
  readonly definitions?: Definitions;
  /** Keeps what `programOf` compiles, for as long as the sizes are used. */
  readonly programs?: WeakMap<ReadonlyMap<string, number>, Map<Expr, Program>>;
}

/** Why a term has no value: not a defect, and reported as the reason of a check that was not made. */
export class NumericError extends Error {
  readonly code: "function" | "size" | "value" | "index" | "limit";
  /** The function, dimension, variable or index the message is about. */
  readonly subject: string;
  constructor(code: NumericError["code"], subject: string, message: string) {
    super(message);
    this.name = "NumericError";
    this.code = code;
    this.subject = subject;
  }
}
