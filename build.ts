// Builds dist/: the library as a few modules (esbuild) with its types (tsc), and the command line as
// a few scripts (esbuild) with V8's code cache beside each, so that a start neither reads many
// files nor compiles what it runs. bin/nabla.js loads both; a cache that another version
// of Node has made is ignored there.
//
// Invariant: only a script of its own contains mathjs, which sits behind the dynamic import of
// src/numeric/backend.ts. The build fails where a static import breaks this. Generated
// sources are committed and not made here.

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { Script } from "node:vm";
import { type BuildOptions, build, type Metafile, type Plugin } from "esbuild";
import type { Io } from "./src/cli/io.ts";
import type { run } from "./src/cli/run.ts";

const root = dirname(fileURLToPath(import.meta.url));
const LAZY_PACKAGES = ["mathjs"];
const LICENSE_NAMES = ["LICENSE", "LICENSE.md", "LICENSE.txt", "license", "License.md"];

/** The library, and for bench/ what empties its tables. */
const LIBRARY = ["src/index.ts", "src/base/intern.ts"];

/** The library as few modules: to find and to read hundreds takes longer than many answers. Packages stay imports. */
async function bundleLibrary(): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: LIBRARY,
    outbase: ".",
    outdir: "dist",
    bundle: true,
    splitting: true,
    packages: "external",
    format: "esm",
    platform: "neutral",
    target: "es2023",
    logLevel: "warning",
  });
}

function writeTypes(): void {
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  const { status } = spawnSync(process.execPath, [compiler, "-p", join(root, "tsconfig.build.json")], { stdio: "inherit" });
  if (status !== 0) throw new Error("the library does not compile");
}

/** What a start reads: the commands and their options. */
const FRONT = "nabla.cjs";
/** What commands do; read when one is called. */
const ENGINE = "engine.cjs";
/** What both use of the process: classes that have to be the same in both. */
const SHARED = "io.cjs";
/** What is used of mathjs; read when a check needs it. */
const BACKEND = "backend.cjs";
const SCRIPTS = [FRONT, ENGINE, SHARED, BACKEND];

const scriptFile = (name: string): string => join(root, "dist/cli", name);

/** The modules of the commands by their names: found while the script that imports them is made. */
const commands = new Map<string, string>();

/** Modules that another script has; of mathjs and of the commands those that are imported when needed. */
const apart: Plugin = {
  name: "apart",
  setup: ({ onResolve, onLoad }) => {
    const outside = (script: string) => ({ path: `./${script}`, external: true });
    onResolve({ filter: /\/io\.ts$/ }, ({ kind }) => (kind === "entry-point" ? undefined : outside(SHARED)));
    onResolve({ filter: /\/backend\.ts$/ }, ({ kind }) => (kind === "dynamic-import" ? outside(BACKEND) : undefined));
    onResolve({ filter: /^\.\/\w+\.ts$/ }, ({ path, kind, importer, resolveDir }) => {
      if (kind !== "dynamic-import" || !importer.endsWith("/cli/commands.ts")) return undefined;
      commands.set(basename(path, ".ts"), join(resolveDir, path));
      return { path: basename(path, ".ts"), namespace: "command" };
    });
    onLoad({ filter: /.*/, namespace: "command" }, ({ path }) => ({
      contents: `module.exports = require("./${ENGINE}").${path}();`,
    }));
    onResolve({ filter: /./, namespace: "command" }, () => outside(ENGINE));
  },
};

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

/** A script is the expression of a function that takes what a module is given. */
const common = {
  absWorkingDir: root,
  bundle: true,
  format: "cjs",
  platform: "node",
  target: "node20.19",
  minify: true,
  // A script is no module, so what it loads later it loads by require.
  supported: { "dynamic-import": false },
  plugins: [apart, withoutPrograms],
  define: { "import.meta.url": "nablaUrl" },
  banner: { js: '(function(exports,require,module,__filename){const nablaUrl=require("node:url").pathToFileURL(__filename).href;' },
  footer: { js: "})" },
  metafile: true,
  logLevel: "warning",
} as const satisfies BuildOptions;

/** The scripts of the command line. */
async function bundleCommandLine(): Promise<readonly Metafile[]> {
  const bundled = async (name: string, options: BuildOptions): Promise<Metafile> => {
    const { metafile } = await build({ ...common, ...options, metafile: true, outfile: scriptFile(name) });
    writeAscii(scriptFile(name));
    return metafile;
  };
  const front = await bundled(FRONT, { entryPoints: ["src/cli/run.ts"] });
  // A command's modules are run when it is called.
  const entries = [...commands].map(([name, file]) => `exports.${name} = () => require(${JSON.stringify(file)});`);
  const engine = await bundled(ENGINE, { stdin: { contents: entries.join("\n"), resolveDir: root } });
  const shared = await bundled(SHARED, { entryPoints: ["src/cli/io.ts"] });
  const backend = await bundled(BACKEND, { entryPoints: ["src/numeric/backend.ts"] });
  for (const metafile of [front, engine, shared]) checkLaziness(metafile);
  return [front, engine, shared, backend];
}

/** Escapes what esbuild leaves outside of ASCII, characters in regular expressions: a text of bytes is read without decoding. */
function writeAscii(file: string): void {
  const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  writeFileSync(file, readFileSync(file, "utf8").replace(/[^\0-\x7f]/g, escaped));
}

/** Questions that meet between them most of what others need. */
const USUAL: readonly (readonly string[])[] = [
  ["norm2(A*x - b)^2", "--wrt", "x"],
  ["tr(A'*X*X)", "--wrt", "X", "--no-check"],
  ["sum(w .* x)", "--wrt", "w", "--steps"],
];

/** What bin/nabla.js gives to others. */
interface Loading {
  readonly loader: (folder: string) => { readonly load: (name: string) => unknown; readonly scripts: ReadonlyMap<string, Script> };
}

/** Runs the scripts as users do and stores what V8 compiled on the way. */
async function writeCodeCaches(): Promise<void> {
  const { loader } = createRequire(import.meta.url)("./bin/nabla.js") as Loading;
  const { load, scripts } = loader(join(root, "dist/cli"));
  const front = load(FRONT) as { run: typeof run };
  const silent = { write: () => true };
  const io: Io = { stdin: Readable.from([""]), stdout: silent, stderr: silent, env: {} };
  for (const question of USUAL) {
    const code = await front.run(["diff", ...question], io);
    if (code !== 0) throw new Error(`the bundled command line ends with ${code}`);
  }
  for (const name of SCRIPTS) {
    const script = scripts.get(name);
    if (script === undefined) throw new Error(`the usual questions do not load ${name}`);
    writeFileSync(`${scriptFile(name)}.cache`, script.createCachedData());
  }
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
  const size = (file: string): string => `${Math.round(statSync(file).size / 1024)} KiB`;
  for (const name of SCRIPTS)
    process.stdout.write(`dist/cli/${name}: ${size(scriptFile(name))}, code cache ${size(`${scriptFile(name)}.cache`)}\n`);
}

rmSync(join(root, "dist"), { recursive: true, force: true });
const metafiles = await bundleCommandLine();
writeLicenses(metafiles);
await writeCodeCaches();
report();
await bundleLibrary();
writeTypes();
