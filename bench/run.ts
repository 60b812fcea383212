// `npm run bench`: everything that is measured, as tables of ratios taken side by side in one
// run on one machine. `npm run bench -- start numpy` prints some of them, `--quick` measures
// fewer sizes, `--no-build` takes dist/ as it is.
//
// Not here: what a table measures, which is a file of its own.

import { spawnSync } from "node:child_process";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";

const given = process.argv.slice(2);
const has = (flag: string): boolean => given.includes(flag);

if (!has("--no-build")) {
  const { status } = spawnSync("npm", ["run", "--silent", "build"], {
    cwd: fileURLToPath(new URL("..", import.meta.url)),
    stdio: "inherit",
  });
  if (status !== 0) process.exit(1);
}

const quick = has("--quick");
// biome-ignore format: a table is read by columns
const TABLES: Readonly<Record<string, () => Promise<void> | void>> = {
  start:      async () => (await import("./start.ts")).start(),
  derivation: async () => (await import("./derive.ts")).derivation(),
  operations: async () => (await import("./derive.ts")).operations(),
  scalars:    async () => (await import("./scalar.ts")).scalars(),
  growth:     async () => (await import("./growth.ts")).growth(quick),
  flops:      async () => (await import("./flops.ts")).flops(),
  numpy:      async () => (await import("./numpy.ts")).numpy(quick),
  javascript: async () => (await import("./javascript.ts")).javascript(),
  check:      async () => (await import("./check.ts")).check(),
};

const wanted = given.filter((a) => !a.startsWith("-"));
const unknown = wanted.find((name) => !Object.hasOwn(TABLES, name));
if (unknown !== undefined) {
  console.error(`${unknown} is no table: ${Object.keys(TABLES).join(", ")}`);
  process.exit(2);
}
console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? "unknown"}`);
for (const [name, print] of Object.entries(TABLES)) if (wanted.length === 0 || wanted.includes(name)) await print();
