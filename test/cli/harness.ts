// Runs the command line inside the test process, with streams that remember what was
// written to them.

import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Output } from "../../src/cli/io.ts";
import { run } from "../../src/cli/run.ts";

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface World {
  readonly stdin?: string | AsyncIterable<string>;
  readonly env?: Readonly<Record<string, string>>;
  /** Whether the output streams are terminals. */
  readonly terminal?: boolean;
}

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}

/** Runs `nabla` with these arguments. */
export async function nabla(argv: readonly string[], world: World = {}): Promise<Outcome> {
  const written = { stdout: "", stderr: "" };
  const stream = (name: "stdout" | "stderr"): Output => ({
    isTTY: world.terminal ?? false,
    write: (text) => {
      written[name] += text;
      return true;
    },
  });
  const stdin = typeof world.stdin === "object" ? world.stdin : once(world.stdin ?? "");
  const code = await run(argv, {
    stdin,
    stdout: stream("stdout"),
    stderr: stream("stderr"),
    env: world.env ?? {},
  });
  return { code, ...written };
}

const folder = mkdtempSync(join(tmpdir(), "nabla-"));

/** A file with this content; its path. */
export function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}
