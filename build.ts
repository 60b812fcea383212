// Builds dist/: the library file by file with its types (tsc), and the command line as
// one script (esbuild) with V8's code cache beside it, so that a start neither reads many
// files nor compiles what it runs. bin/nabla.js loads both; a cache that another version
// of Node has made is ignored there.
//
// Invariant: the script contains no mathjs, which sits behind the dynamic import of
// src/numeric/backend.ts and becomes a file of its own. The build fails where a static
// import breaks this. Generated sources are committed and not made here.

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";
import { type BuildOptions, build, type Metafile, type Plugin } from "esbuild";
import type { Io } from "./src/cli/io.ts";
import type { run } from "./src/cli/run.ts";

const root = dirname(fileURLToPath(import.meta.url));
const LAZY_PACKAGES = ["mathjs"];
const LICENSE_NAMES = ["LICENSE", "LICENSE.md", "LICENSE.txt", "license", "License.md"];

function compileLibrary(): void {
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  const { status } = spawnSync(process.execPath, [compiler, "-p", join(root, "tsconfig.build.json")], { stdio: "inherit" });
  if (status !== 0) throw new Error("the library does not compile");
}

const SCRIPT = "dist/cli/nabla.cjs";
const BACKEND = "dist/cli/backend.cjs";

const common = {
  absWorkingDir: root,
  bundle: true,
  format: "cjs",
  platform: "node",
  target: "node20.19",
  minify: true,
  // The script is no module, so what it loads later it loads by require.
  supported: { "dynamic-import": false },
  metafile: true,
  logLevel: "warning",
} as const satisfies BuildOptions;

/** commander starts programs of their own for some commands, and nabla has none of those: what starts them is loaded when asked for. */
const withoutPrograms: Plugin = {
  name: "without programs",
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^node:child_process$/ }, ({ path, importer }) =>
      packageOf(importer) === "commander" ? { path, namespace: "deferred" } : undefined,
    );
    onLoad({ filter: /.*/, namespace: "deferred" }, ({ path }) => ({
      contents: `Object.defineProperty(exports, "spawn", { get: () => require(${JSON.stringify(path)}).spawn });`,
    }));
  },
};

/** The script, as the expression of a function that takes what a module is given, and the lazy part. */
async function bundleCommandLine(): Promise<readonly Metafile[]> {
  const lazy: Plugin = {
    name: "lazy",
    setup: ({ onResolve }) => {
      onResolve({ filter: /\/backend\.ts$/ }, ({ kind }) =>
        kind === "dynamic-import" ? { path: "./backend.cjs", external: true } : undefined,
      );
    },
  };
  const script = await build({
    ...common,
    entryPoints: ["src/cli/run.ts"],
    outfile: SCRIPT,
    plugins: [lazy, withoutPrograms],
    define: { "import.meta.url": "nablaUrl" },
    banner: { js: '(function(exports,require,module,__filename){const nablaUrl=require("node:url").pathToFileURL(__filename).href;' },
    footer: { js: "})" },
  });
  writeAscii(join(root, SCRIPT));
  const backend = await build({ ...common, entryPoints: ["src/numeric/backend.ts"], outfile: BACKEND });
  checkLaziness(script.metafile);
  return [script.metafile, backend.metafile];
}

/** Escapes what esbuild leaves outside of ASCII, characters in regular expressions: a text of bytes is read without decoding. */
function writeAscii(file: string): void {
  const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  writeFileSync(file, readFileSync(file, "utf8").replace(/[^\0-\x7f]/g, escaped));
}

/** Questions that meet between them most of what others need. */
const USUAL: readonly (readonly string[])[] = [
  ["norm2(A*x - b)^2", "--wrt", "x", "--no-check"],
  ["tr(A'*X*X)", "--wrt", "X", "--no-check"],
  ["sum(w .* x)", "--wrt", "w", "--steps"],
];

/** Runs the script as users do and stores what V8 compiled on the way. */
async function writeCodeCache(): Promise<void> {
  const file = join(root, SCRIPT);
  const script = new Script(readFileSync(file, "latin1"), { filename: file });
  const module = { exports: {} as { run: typeof run } };
  script.runInThisContext()(module.exports, createRequire(file), module, file);
  const silent = { write: () => true };
  const io: Io = { stdin: Readable.from([""]), stdout: silent, stderr: silent, env: {} };
  for (const question of USUAL) {
    const code = await module.exports.run(["diff", ...question], io);
    if (code !== 0) throw new Error(`the bundled command line ends with ${code}`);
  }
  writeFileSync(`${file}.cache`, script.createCachedData());
}

const packageOf = (input: string): string | undefined => /(?:^|.*\/)node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1];

function checkLaziness(metafile: Metafile): void {
  for (const input of Object.keys(metafile.inputs))
    if (LAZY_PACKAGES.includes(packageOf(input) ?? ""))
      throw new Error(`a start of the command line would load ${input}: import it dynamically`);
}

/** The licence texts of everything inside the bundle, which ships them. */
function writeLicenses(metafiles: readonly Metafile[]): void {
  const folders = new Map<string, string>();
  for (const input of metafiles.flatMap((m) => Object.keys(m.inputs))) {
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

function report(): void {
  const size = (file: string): string => `${Math.round(statSync(join(root, file)).size / 1024)} KiB`;
  process.stdout.write(`dist/cli: ${size(SCRIPT)} at start, ${size(`${SCRIPT}.cache`)} code cache, ${size(BACKEND)} on demand\n`);
}

rmSync(join(root, "dist"), { recursive: true, force: true });
const metafiles = await bundleCommandLine();
writeLicenses(metafiles);
await writeCodeCache();
report();
compileLibrary();
