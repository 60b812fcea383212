// Builds dist/: the library file by file with its types (tsc), and the command line as
// one bundle (esbuild) so that a start reads few files.
//
// Invariant: what a start of the command line loads contains no mathjs; the numeric
// evaluator sits behind a dynamic import and becomes a chunk of its own. The build fails
// where a static import breaks this. Generated sources are committed and not made here.

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Metafile } from "esbuild";

const root = dirname(fileURLToPath(import.meta.url));
const LAZY_PACKAGES = ["mathjs"];
const LICENSE_NAMES = ["LICENSE", "LICENSE.md", "LICENSE.txt", "license", "License.md"];

function compileLibrary(): void {
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  const { status } = spawnSync(process.execPath, [compiler, "-p", join(root, "tsconfig.build.json")], { stdio: "inherit" });
  if (status !== 0) throw new Error("the library does not compile");
}

async function bundleCommandLine(): Promise<Metafile> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: { main: "src/cli/main.ts" },
    outdir: "dist/cli",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    minify: true,
    keepNames: false,
    chunkNames: "chunk-[hash]",
    metafile: true,
    logLevel: "warning",
    // CommonJS packages ask for Node's own modules through `require`.
    banner: { js: 'import{createRequire as nablaRequire}from"node:module";const require=nablaRequire(import.meta.url);' },
  });
  return metafile;
}

/** The outputs that a start loads: the entry and everything it imports statically. */
function eagerOutputs(metafile: Metafile): string[] {
  const entry = Object.keys(metafile.outputs).find((file) => metafile.outputs[file]?.entryPoint === "src/cli/main.ts");
  if (entry === undefined) throw new Error("the bundle has no entry");
  const reached = new Set([entry]);
  for (const file of reached)
    for (const used of metafile.outputs[file]?.imports ?? [])
      if (used.kind === "import-statement" && !used.external) reached.add(used.path);
  return [...reached];
}

const packageOf = (input: string): string | undefined => /(?:^|.*\/)node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1];

function checkLaziness(metafile: Metafile): void {
  for (const file of eagerOutputs(metafile))
    for (const input of Object.keys(metafile.outputs[file]?.inputs ?? {}))
      if (LAZY_PACKAGES.includes(packageOf(input) ?? ""))
        throw new Error(`a start of the command line would load ${input}: import it dynamically`);
}

/** The licence texts of everything inside the bundle, which ships them. */
function writeLicenses(metafile: Metafile): void {
  const folders = new Map<string, string>();
  for (const input of Object.keys(metafile.inputs)) {
    const name = packageOf(input);
    if (name !== undefined) folders.set(name, input.slice(0, input.lastIndexOf(`node_modules/${name}`) + `node_modules/${name}`.length));
  }
  const texts = [...folders]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, folder]) => {
      const file = LICENSE_NAMES.map((license) => join(root, folder, license)).find(existsSync);
      const stated = (JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) as { license?: string }).license;
      return `${name}\n\n${file === undefined ? `Licence: ${stated ?? "not stated"}` : readFileSync(file, "utf8").trim()}\n`;
    });
  writeFileSync(join(root, "dist/cli/THIRD-PARTY-LICENSES.txt"), texts.join(`\n${"-".repeat(80)}\n\n`));
}

function report(metafile: Metafile): void {
  const size = (files: string[]): string =>
    `${Math.round(files.reduce((sum, file) => sum + (metafile.outputs[file]?.bytes ?? 0), 0) / 1024)} KiB`;
  const eager = eagerOutputs(metafile);
  const lazy = Object.keys(metafile.outputs).filter((file) => !eager.includes(file));
  process.stdout.write(`dist/cli: ${size(eager)} at start, ${size(lazy)} on demand\n`);
}

rmSync(join(root, "dist"), { recursive: true, force: true });
const metafile = await bundleCommandLine();
checkLaziness(metafile);
writeLicenses(metafile);
report(metafile);
compileLibrary();
