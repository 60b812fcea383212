// Every example in the documentation and in doc comments of the library is run: `sh` blocks with
// `$ nabla …` and what it prints, and `ts` blocks whose console.log lines say what they print.
//
// Only the size of a rounding error may differ from what is written.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import * as library from "../src/index.ts";
import { nabla } from "./cli/harness.ts";

const ROOT = resolve(import.meta.dirname, "..");

function markdownUnder(path: string): string[] {
  return readdirSync(join(ROOT, path), { withFileTypes: true }).flatMap((entry) => {
    const child = path === "." ? entry.name : `${path}/${entry.name}`;
    if (entry.isDirectory()) return path === "." ? [] : markdownUnder(child);
    return entry.name.endsWith(".md") ? [child] : [];
  });
}

const LIBRARY = readdirSync(join(ROOT, "src/library"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => `src/library/${name}`);
const PAGES = [...markdownUnder("."), ...markdownUnder("docs"), ...markdownUnder("rules")];

interface Block {
  readonly file: string;
  readonly line: number;
  readonly language: string;
  readonly text: string;
}

function blocksOf(file: string): Block[] {
  const text = readFileSync(join(ROOT, file), "utf8");
  const lines = (file.endsWith(".ts") ? text.replace(/^ \* ?/gm, "") : text).split("\n");
  const blocks: Block[] = [];
  let start: number | undefined;
  lines.forEach((line, i) => {
    if (!line.startsWith("```")) return;
    if (start === undefined) start = i;
    else {
      blocks.push({
        file,
        line: start + 1,
        language: (lines[start] as string).slice(3).trim(),
        text: lines.slice(start + 1, i).join("\n"),
      });
      start = undefined;
    }
  });
  return blocks;
}

const BLOCKS = [...PAGES, ...LIBRARY].flatMap(blocksOf);

/** Words as a shell splits them: quotes keep spaces, # begins a comment. */
function words(line: string): string[] {
  const out: string[] = [];
  for (const m of line.matchAll(/#.*$|\|\||\||<|((?:'[^']*'|"[^"]*"|[^\s'"|<])+)/gu)) {
    if (m[0].startsWith("#")) break;
    out.push(m[0].replace(/'([^']*)'|"([^"]*)"/gu, (_, a?: string, b?: string) => a ?? b ?? ""));
  }
  return out;
}

const withoutNoise = (text: string): string => text.replace(/worst error [^)]*\)/g, "worst error …)").trimEnd();

/** `$ nabla …`, `$ echo … | nabla …` and `$ nabla … < file`, with the lines that follow as output. */
function examples(block: Block): { command: string; output: string }[] {
  return block.text
    .split(/^(?=\$ )/m)
    .filter((part) => part.startsWith("$ "))
    .map((part) => {
      const [command = "", ...output] = part.slice(2).split("\n");
      return { command, output: output.join("\n") };
    });
}

async function run(command: string): Promise<string> {
  const all = words(command);
  const pipe = all.indexOf("|");
  const from = all.indexOf("<");
  const stdin = pipe >= 0 ? all.slice(1, pipe).join(" ") : from >= 0 ? readFileSync(join(ROOT, all[from + 1] as string), "utf8") : "";
  const argv = (pipe >= 0 ? all.slice(pipe + 1) : from >= 0 ? all.slice(0, from) : all).filter((w) => w !== "npx");
  expect(argv[0]).toBe("nabla");
  const before = process.cwd();
  process.chdir(ROOT);
  try {
    const { stdout, stderr, code } = await nabla(argv.slice(1), { stdin });
    expect(stderr).not.toContain("internal error");
    expect(code === 0 ? "" : ` # exit ${code}`).toBe(/ # exit \d+$/.exec(command)?.[0] ?? "");
    return stdout + stderr;
  } finally {
    process.chdir(before);
  }
}

const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor as new (...args: string[]) => (...args: unknown[]) => Promise<void>;

async function execute(block: Block): Promise<void> {
  const source = block.text.replace(/^import \{([^}]*)\} from "nabla";$/gm, "const {$1} = nabla;");
  const { outputText } = ts.transpileModule(source, { compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext } });
  const printed: string[] = [];
  const console = {
    log: (...values: unknown[]) => printed.push(values.map((v) => (typeof v === "string" ? v : JSON.stringify(v))).join(" ")),
  };
  await new AsyncFunction("nabla", "console", outputText.replace(/^export \{\};$/m, ""))(library, console);
  const stated = [...block.text.matchAll(/console\.log\(.*\);(?: \/\/ (.*))?$/gm)].map((m) => m[1] ?? "");
  expect(printed).toEqual(stated);
}

describe("documentation", () => {
  it("has examples in the README", () => {
    expect(BLOCKS.filter((b) => b.file === "README.md" && b.language === "sh").flatMap(examples).length).toBeGreaterThan(3);
    expect(BLOCKS.some((b) => b.file === "README.md" && b.language === "ts")).toBe(true);
    expect(BLOCKS.filter((b) => b.file.startsWith("src/library/") && b.language === "ts").length).toBeGreaterThan(15);
  });

  for (const block of BLOCKS.filter((b) => b.language === "sh"))
    for (const { command, output } of examples(block))
      if (/\bnabla\b/.test(command) && !command.startsWith("npm "))
        it(`${block.file}:${block.line}: ${command}`, async () => {
          expect(withoutNoise(await run(command))).toBe(withoutNoise(output));
        });

  for (const block of BLOCKS.filter((b) => b.language === "ts"))
    it(`${block.file}:${block.line} runs and prints what it says`, async () => {
      await execute(block);
    });

  it("every link inside the repository leads somewhere", () => {
    const broken = PAGES.flatMap((file) =>
      [...readFileSync(join(ROOT, file), "utf8").matchAll(/\]\((?!https?:)([^)#\s]+)(?:#[^)]*)?\)/g)]
        .map((m) => join(dirname(file), m[1] as string))
        .filter((target) => {
          try {
            readFileSync(join(ROOT, target));
            return false;
          } catch (error) {
            return (error as NodeJS.ErrnoException).code !== "EISDIR";
          }
        })
        .map((target) => `${file} → ${target}`),
    );
    expect(broken).toEqual([]);
  });
});
