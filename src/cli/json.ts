// Answers as JSON, one object a line, and what is said there of an input at fault.

import type { Diagnostic } from "../base/diagnostic.ts";
import { optional } from "../base/optional.ts";
import type { Refusal } from "../library/question/call.ts";

/** The version of the form that answers have. */
const SCHEMA_VERSION = 1;

/** The line of an answer. */
export const jsonLine = (answer: object): string => `${JSON.stringify({ schemaVersion: SCHEMA_VERSION, ...answer })}\n`;

/** What is wrong with an input; `file` is where its places are, where that is not the expression. */
export interface Fault extends Pick<Diagnostic, "message" | "fix"> {
  readonly code: string;
  readonly span?: Diagnostic["span"];
  readonly file?: string;
}

/** The first fault of a refused input. */
export function faultOf({ diagnostics }: Refusal, file?: string): Fault {
  const { code = "syntax", message = "", span, fix } = diagnostics[0] ?? {};
  return {
    ...{ code, message },
    ...optional({ span, fix, file }),
  };
}
