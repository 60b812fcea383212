// What the scripts do with the files that they generate: they write them, or with --check say
// which of the committed ones are out of date.
//
// Invariant: a file is replaced as a whole or not at all.
// Not here: what is generated, and from what (grammar/compile.ts and those of rules, kernels and docs).

import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Files that one script generates. */
export interface Generated {
  /** The npm script that writes them. */
  readonly script: string;
  /** Their texts by their paths in the repository. Throws an Error that names what is wrong with the source. */
  readonly files: () => ReadonlyMap<string, string>;
  /** A folder that holds nothing else: what is left over there is removed. */
  readonly folder?: string;
}

const REPOSITORY = dirname(fileURLToPath(import.meta.url));

/** Writes the files, or checks them with --check, where the module at the URL is what Node was started with. */
export function runScript(url: string, generated: Generated): void {
  if (process.argv[1] !== fileURLToPath(url)) return;
  if (process.argv.includes("--check")) reportStale(generated);
  else writeFiles(generated);
}

function reportStale(generated: Generated): void {
  for (const path of staleFiles(generated)) {
    console.error(`${path} is out of date: run npm run ${generated.script}`);
    process.exitCode = 1;
  }
}

/** Paths of the files that differ from what the source says, are missing, or are left over. */
export function staleFiles(generated: Generated, root = REPOSITORY): string[] {
  const fresh = generated.files();
  const isFresh = (path: string): boolean => existsSync(join(root, path)) && readFileSync(join(root, path), "utf8") === fresh.get(path);
  return [...[...fresh.keys()].filter((path) => !isFresh(path)), ...leftOver(generated, fresh, root)];
}

/** Writes the files and removes what is left over. */
export function writeFiles(generated: Generated, root = REPOSITORY): void {
  const fresh = generated.files();
  for (const [path, text] of fresh) {
    const target = join(root, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(`${target}.new`, text);
    renameSync(`${target}.new`, target);
  }
  for (const path of leftOver(generated, fresh, root)) rmSync(join(root, path), { recursive: true });
}

function leftOver({ folder }: Generated, fresh: ReadonlyMap<string, string>, root: string): string[] {
  if (folder === undefined || !existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder))
    .map((name) => `${folder}/${name}`)
    .filter((path) => !fresh.has(path));
}
