// Runs the command line inside the test process, with streams that remember what was
// written to them.

import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
  let stdout = "";
  let stderr = "";
  const stdin = typeof world.stdin === "object" ? world.stdin : once(world.stdin ?? "");
  const isTTY = world.terminal ?? false;
  const code = await run(argv, {
    stdin,
    stdout: { isTTY, write: (text) => ((stdout += text), true) },
    stderr: { isTTY, write: (text) => ((stderr += text), true) },
    env: world.env ?? {},
  });
  return { code, stdout, stderr };
}

const folder = mkdtempSync(join(tmpdir(), "nabla-"));

/** A file with this content; its path. */
export function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}
