// What a command sees of the world: streams and the environment, so that tests can give
// it others. Results go to stdout, everything else to stderr.

import { styleText } from "node:util";

/** A stream that is written to. */
export interface Output {
  write(text: string): boolean;
  readonly isTTY?: boolean;
  once?(event: "drain", listener: () => void): unknown;
}

/** The world of one command. */
export interface Io {
  readonly stdin: AsyncIterable<string | Uint8Array> & { readonly isTTY?: boolean };
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** How a process ends. */
export const EXIT = {
  answered: 0,
  /** An answer failed its check, or a claim is refuted. */
  refuted: 1,
  /** The input is at fault, or the way the command was called. */
  input: 2,
  /** nabla is at fault. */
  internal: 70,
} as const;

/** Ends a command with a message and an exit code. */
export class CommandError extends Error {
  readonly exitCode: number;
  constructor(message: string, exitCode: number = EXIT.input) {
    super(message);
    this.name = "CommandError";
    this.exitCode = exitCode;
  }
}

type Colour = "red" | "green" | "yellow" | "dim" | "bold";

/** Text in a colour, or as it is where colours are off. */
export type Paint = (colour: Colour, text: string) => string;

/** Colours for one stream: for a terminal, unless NO_COLOR is set; FORCE_COLOR wants them anyway. */
export function painter(stream: Output, env: Io["env"]): Paint {
  const wanted = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== "0" && env.FORCE_COLOR !== "";
  const on = wanted || (stream.isTTY === true && !env.NO_COLOR && env.TERM !== "dumb");
  return (colour, text) => (on && text !== "" ? styleText(colour, text, { validateStream: false }) : text);
}

/** Writes and waits where the reader is slower. */
export async function write(stream: Output, text: string): Promise<void> {
  if (stream.write(text) || stream.once === undefined) return;
  await new Promise<void>((resolve) => {
    stream.once?.("drain", resolve);
  });
}

/** All of stdin as text. */
export async function readAll(stdin: Io["stdin"]): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stdin) text += typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true });
  return text + decoder.decode();
}
