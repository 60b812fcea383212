// Compiles kernels/*.ts to src/codegen/generated/kernels.ts: the text of every kernel as
// JavaScript, by name, which generated programs carry where they call it. With --check nothing
// is written; the exit code says whether the committed file is up to date.

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { type Generated, runScript } from "../generated.ts";

const folder = fileURLToPath(new URL(".", import.meta.url));
const TARGET = "src/codegen/generated/kernels.ts";
/** Files of this folder that hold no kernels. */
const OTHERS = new Set(["compile.ts", "kernels.ts"]);

/** The texts of the kernels. */
export const GENERATED: Generated = { script: "kernels", files: () => new Map([[TARGET, compileKernels(kernelRows())]]) };

function kernelRows(): Kernel[] {
  const files = readdirSync(folder).filter((f) => f.endsWith(".ts") && !OTHERS.has(f));
  return files.sort().flatMap((f) => kernelsOf(readFileSync(`${folder}${f}`, "utf8")));
}

type Kernel = readonly [name: string, text: string];

/** The kernels of a source file as JavaScript, indented by two. Throws an Error that names a kernel whose text is not found. */
export function kernelsOf(source: string): Kernel[] {
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, newLine: ts.NewLineKind.LineFeed },
  });
  const functions = [...outputText.matchAll(/(\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)export (function (\w+)\([\s\S]*?\n\})\n/g)];
  const kernels = functions.map(
    ([, comment, text, name]): Kernel => [name as string, `${comment}${text}`.replace(/^( {4})+/gm, (s) => " ".repeat(s.length / 2))],
  );
  const found = new Set(kernels.map(([name]) => name));
  for (const [, name] of source.matchAll(/^export function (\w+)/gm))
    if (!found.has(name as string)) throw new Error(`the kernel ${name} has no comment, or does not end with a brace in the first column`);
  return kernels;
}

function compileKernels(kernels: readonly Kernel[]): string {
  return [
    "// Generated from kernels/*.ts by kernels/compile.ts. Do not modify manually.",
    "",
    "/** The kernels as JavaScript. */",
    "export const KERNEL_TEXTS: Readonly<Record<string, string>> = {",
    ...kernels.map(([name, text]) => `  ${name}: ${JSON.stringify(text)},`),
    "};",
    "",
  ].join("\n");
}

runScript(import.meta.url, GENERATED);
