// The texts of the kernels that generated JavaScript carries are those of the kernels that the
// interpreter runs. UPDATE_KERNELS=1 writes them anew.

import { readFileSync, writeFileSync } from "node:fs";
import ts from "typescript";
import { expect, it } from "vitest";

const SOURCES = ["kernels", "special"].map((name) => new URL(`../../src/codegen/javascript/${name}.ts`, import.meta.url));
const source = (): string => SOURCES.map((url) => readFileSync(url, "utf8")).join("\n");
const GENERATED = new URL("../../src/codegen/generated/kernels.ts", import.meta.url);

function generate(): string {
  const { outputText } = ts.transpileModule(source(), {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, newLine: ts.NewLineKind.LineFeed },
  });
  const functions = [...outputText.matchAll(/(\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)export (function (\w+)\([\s\S]*?\n\})\n/g)];
  const rows = functions.map(([, comment, text, name]) => {
    const whole = `${comment}${text}`.replace(/^( {4})+/gm, (s) => " ".repeat(s.length / 2));
    return `  ${name}: ${JSON.stringify(whole)},`;
  });
  return [
    "// Generated from src/codegen/javascript/{kernels,special}.ts by test/codegen/kernels.test.ts; do not edit.",
    "",
    "/** The kernels as JavaScript. */",
    "export const KERNEL_TEXTS: Readonly<Record<string, string>> = {",
    ...rows,
    "};",
    "",
  ].join("\n");
}

it("the texts of the kernels are up to date (UPDATE_KERNELS=1 writes them)", () => {
  const text = generate();
  if (process.env.UPDATE_KERNELS === "1") writeFileSync(GENERATED, text);
  expect(readFileSync(GENERATED, "utf8")).toBe(text);
  const names = [...source().matchAll(/^export function (\w+)/gm)].map(([, name]) => name);
  expect(names.filter((name) => !text.includes(`\n  ${name}: "`))).toEqual([]);
});
