// The architecture as a table, held against every file: what a folder may import, which
// folder is the one door of a third-party package, how long a file may be, and that
// rules/ holds data. The table is the authority; ARCHITECTURE.md explains it, and is held against
// the table and the files.

import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join, relative, resolve, sep } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";

const ROOT = resolve(import.meta.dirname, "..");

// biome-ignore format: a table is read by columns
/**
 * A folder (or file) imports only from lower floors; two on one floor never import each
 * other. Paths in one string are one room.
 */
const FLOORS: readonly (readonly [floor: number, rooms: readonly string[]])[] = [
  [11, ["grammar/compile.ts", "rules/compile.ts", "kernels/compile.ts", "docs/compile.ts", "build.ts", "vitest.config.ts", "bench", "bin"]], // tools
  [10, ["generated.ts"]], // what the tools share
  [9,  ["src/cli"]],
  [8,  ["src/index.ts src/library"]],
  [7,  ["src/check"]],
  [6,  ["src/calculus"]],
  [5,  ["src/rewrite", "rules"]],
  [4,  ["src/tensor"]],
  [3,  ["src/elaborate"]],
  [2,  ["src/syntax", "src/print", "src/numeric", "src/codegen"]],
  [1,  ["src/expr", "grammar", "kernels"]],
  [0,  ["src/base"]],
];

/** Folders with an order of their own: what stands in one imports only from those before it, types aside. */
const ORDERS: Readonly<Record<string, readonly string[]>> = {
  "src/library": ["question", "answer", "numbers", "code", "claim", "document"],
  "src/library/claim": ["text", "readings", "terms", "verdict", "derivation", "claim.ts"],
  "src/elaborate": ["shapes", "names", "terms", "kinds", "request", "elaborate.ts"],
  "src/syntax": ["tree.ts", "tokens", "desugar", "stated", "definitions", "latex", "foreign", "classify", "grammar", "parse.ts"],
  "src/syntax/latex": [
    "scan.ts",
    "commands.ts",
    "names.ts",
    "macros.ts",
    "divergence.ts",
    "work.ts",
    "scripts.ts",
    "constructs",
    "command.ts",
    "translate.ts",
  ],
  "src/tensor": ["form", "product", "functions", "convert", "simplify", "primary", "read"],
  "src/tensor/read": ["reading", "collect", "term", "sum", "kron", "notation.ts"],
};

// biome-ignore format: a table is read by columns
/** Who may import a package that is not part of Node. */
const DOORS: Readonly<Record<string, readonly string[]>> = {
  nearley:      ["src/syntax/parse.ts", "grammar/compile.ts"],
  moo:          ["src/syntax/tokens/lexer.ts", "grammar/compile.ts"],
  mathjs:       ["src/numeric/backend.ts", "bench"],
  commander:    ["src/cli"],
  esbuild:      ["build.ts"],
  typescript:   ["kernels/compile.ts"],
  vitest:       ["vitest.config.ts"],
};

/** Folders that do no input or output of their own: no Node module is imported there. */
const PURE = [
  "src/base",
  "src/expr",
  "src/syntax",
  "src/print",
  "src/numeric",
  "src/codegen",
  "src/elaborate",
  "src/tensor",
  "src/rewrite",
  "src/calculus",
];

const LONGEST_FILE = 350;
/** Tables: long because they have many rows. */
const TABLES: readonly string[] = ["grammar/glyphs.ts"];

/** rules/ is the mathematics as data: these names are all that stands there. */
const RULES_FILES = /^(?:[\w-]+\.rules|README\.md|sources\.\w+|compile\.ts)$/;

const SOURCE = /\.(?:ts|js|mjs)$/;

function filesUnder(path: string): string[] {
  const full = join(ROOT, path);
  if (!existsSync(full)) return [];
  if (statSync(full).isFile()) return [path];
  return readdirSync(full)
    .sort()
    .flatMap((name) => filesUnder(`${path}/${name}`));
}

interface Import {
  readonly from: string;
  /** The imported file, or the name of the package. */
  readonly to: string;
  readonly kind: "file" | "package" | "node";
  readonly typeOnly: boolean;
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(ROOT, file), "utf8");
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName, pos }) => {
    const statement = text.slice(Math.max(text.lastIndexOf("\nimport", pos), text.lastIndexOf("\nexport", pos), 0), pos);
    const typeOnly = /^\s*(?:import|export)\s+type\b/.test(statement);
    if (fileName.startsWith("."))
      return {
        from: file,
        to: relative(ROOT, resolve(ROOT, dirname(file), fileName))
          .split(sep)
          .join("/"),
        kind: "file",
        typeOnly,
      };
    if (isBuiltin(fileName)) return { from: file, to: fileName, kind: "node", typeOnly };
    return { from: file, to: /^(?:@[^/]+\/)?[^/]+/.exec(fileName)?.[0] ?? fileName, kind: "package", typeOnly };
  });
}

const within = (file: string, path: string): boolean => file === path || file.startsWith(`${path}/`);

/** The room that a file belongs to: the one with the longest path that contains it. */
function placeOf(file: string): { floor: number; room: string } | undefined {
  const places = FLOORS.flatMap(([floor, rooms]) =>
    rooms.flatMap((room) =>
      room
        .split(" ")
        .filter((path) => within(file, path))
        .map((path) => ({ floor, room, length: path.length })),
    ),
  );
  return places.sort((a, b) => b.length - a.length)[0];
}

const roots = ["src", "grammar", "rules", "kernels", "docs", "bench", "bin", "generated.ts", "build.ts", "vitest.config.ts"];
const sources = roots.flatMap(filesUnder).filter((file) => SOURCE.test(file));
const imports = sources.flatMap(importsOf);
const isGenerated = (file: string): boolean => file.includes("/generated/");

/** The sentence for an import between floors that the table forbids, if it does. */
function floorViolation({ from, to }: Import): string | undefined {
  const [user, used] = [placeOf(from), placeOf(to)];
  if (user === undefined || used === undefined) return `${from} imports ${to}, which has no floor`;
  if (user.room === used.room || user.floor > used.floor) return undefined;
  return user.floor === used.floor
    ? `${from} imports ${to}: ${user.room} and ${used.room} are siblings on floor ${user.floor}`
    : `${from} (floor ${user.floor}) imports ${to} (floor ${used.floor})`;
}

describe("floors", () => {
  it("every source file has a place in the floor table", () => {
    expect(sources.filter((file) => placeOf(file) === undefined)).toEqual([]);
  });

  it("a folder imports only from lower floors, siblings never from each other", () => {
    expect(imports.filter((i) => i.kind === "file").flatMap((i) => floorViolation(i) ?? [])).toEqual([]);
  });

  it.each(Object.entries(ORDERS))("a folder of %s imports only from those before it, types aside", (room, order) => {
    const placeIn = (file: string): number => order.findIndex((name) => within(file, `${room}/${name}`));
    expect(filesUnder(room).filter((file) => placeIn(file) < 0)).toEqual([]);
    const between = imports.filter((i) => i.kind === "file" && !i.typeOnly && placeIn(i.from) >= 0 && placeIn(i.to) >= 0);
    expect(between.length).toBeGreaterThan(30);
    expect(between.filter((i) => placeIn(i.to) > placeIn(i.from)).map((i) => `${i.from} → ${i.to}`)).toEqual([]);
  });

  it("the walker would notice an upward and a sideways import", () => {
    const from = (to: string): Import => ({ from: "src/print/text.ts", to, kind: "file", typeOnly: false });
    expect(floorViolation(from("src/calculus/derive.ts"))).toContain("floor 6");
    expect(floorViolation(from("src/numeric/evaluate.ts"))).toContain("siblings");
    expect(floorViolation(from("src/expr/expr.ts"))).toBeUndefined();
    expect(importsOf("test/architecture.test.ts").map((i) => i.to)).toContain("typescript");
  });

  it("relative imports carry their extension and point at files that exist", () => {
    expect(imports.filter((i) => i.kind === "file" && !existsSync(join(ROOT, i.to))).map((i) => `${i.from} → ${i.to}`)).toEqual([]);
  });

  it("no file imports itself through others (type imports aside)", () => {
    const next = new Map<string, string[]>();
    for (const i of imports) if (i.kind === "file" && !i.typeOnly) next.set(i.from, [...(next.get(i.from) ?? []), i.to]);
    const cyclic = sources.filter((start) => {
      const reached = new Set(next.get(start));
      for (const file of reached) for (const to of next.get(file) ?? []) reached.add(to);
      return reached.has(start);
    });
    expect(cyclic).toEqual([]);
  });
});

describe("doors", () => {
  it("a third-party package is imported only through its door", () => {
    const strays = imports.filter((i) => i.kind === "package" && !(DOORS[i.to] ?? []).some((door) => within(i.from, door)));
    expect(strays.map((i) => `${i.from} → ${i.to}`)).toEqual([]);
  });

  it("the folders of the mathematics import nothing of Node", () => {
    const strays = imports.filter((i) => i.kind === "node" && PURE.some((path) => within(i.from, path)));
    expect(strays.map((i) => `${i.from} → ${i.to}`)).toEqual([]);
  });
});

describe("files", () => {
  it(`a file has at most ${LONGEST_FILE} lines, tables and generated files aside`, () => {
    const long = sources
      .filter((file) => !isGenerated(file) && !TABLES.includes(file))
      .map((file) => [file, readFileSync(join(ROOT, file), "utf8").split("\n").length - 1] as const)
      .filter(([, lines]) => lines > LONGEST_FILE);
    expect(long).toEqual([]);
  });

  it("every file opens by saying what it is", () => {
    const silent = sources.filter(
      (file) => !isGenerated(file) && !/^(?:#!.*\n)?(?:\/\/|\/\*)/.test(readFileSync(join(ROOT, file), "utf8")),
    );
    expect(silent).toEqual([]);
  });

  it("comments name files that exist: those beside them, others by their path", () => {
    const all = [...roots, "test"].flatMap(filesUnder).map((file) => `/${file}`);
    const isThere = (name: string, from: string): boolean =>
      name.includes("/") ? all.some((file) => file.endsWith(`/${name}`)) : all.includes(`/${dirname(from)}/${name}`);
    const named = sources.flatMap((file) => {
      const comments = readFileSync(join(ROOT, file), "utf8").matchAll(/^ *(?:\/\/|\/?\*).*$/gm);
      return [...comments].flatMap(([line]) =>
        [...line.matchAll(/(?<![\w./-])(?:[\w-]+\/)*[\w-]+\.(?:ts|rules|ne)\b/g)].map(([name]) => ({ file, name })),
      );
    });
    expect(named.length).toBeGreaterThan(100);
    expect(
      named.filter(({ file, name }) => !isGenerated(file) && !isThere(name, file)).map(({ file, name }) => `${file}: ${name}`),
    ).toEqual([]);
  });

  it("every exported type says what it is", () => {
    const silent = sources
      .filter((file) => file.endsWith(".ts") && !isGenerated(file))
      .flatMap((file) => {
        const text = readFileSync(join(ROOT, file), "utf8");
        const found = text.matchAll(/(?<doc>\*\/\n(?:\/\/ biome-ignore .*\n)?)?^export (?:interface|type) (?<name>\w+)/gm);
        return [...found].flatMap(({ groups }) => (groups?.doc === undefined ? [`${file}: ${groups?.name}`] : []));
      });
    expect(silent).toEqual([]);
  });

  it("rules/ is data only", () => {
    const names = filesUnder("rules").map((file) => file.slice("rules/".length));
    expect(names.filter((name) => !RULES_FILES.test(name))).toEqual([]);
  });
});

describe("ARCHITECTURE.md", () => {
  const text = readFileSync(join(ROOT, "ARCHITECTURE.md"), "utf8");
  const quoted = [...text.matchAll(/`([^`\s]+)`/g)].map((m) => m[1] as string);

  it("has the floors of the table", () => {
    const rows = [...text.matchAll(/^\| (\d+) +\| (.*?) \|/gm)].flatMap(([, floor, folders = ""]) =>
      [...folders.matchAll(/`([^`]+)`/g)].map((m) => [m[1], Number(floor)] as const),
    );
    const table = FLOORS.flatMap(([floor, rooms]) => rooms.flatMap((room) => room.split(" ").map((path) => [path, floor] as const)));
    const isExplained = ([, floor]: readonly [unknown, number]): boolean => floor <= 9;
    expect(new Map(rows)).toEqual(new Map(table.filter(isExplained)));
  });

  it("names files and folders that exist", () => {
    const paths = quoted.filter((q) => /^(?:src|grammar|rules|kernels|docs|bench)\//.test(q) && !q.includes("*"));
    expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
    // A name alone stands in the folder that was named last, or at the top.
    let folder = "";
    const strays = quoted.flatMap((q) => {
      if (paths.includes(q)) folder = q.endsWith(".ts") ? dirname(q) : q;
      return /^\w+\.ts$/.test(q) && ![folder, ""].some((path) => existsSync(join(ROOT, path, q))) ? [`${folder}/${q}`] : [];
    });
    expect(strays).toEqual([]);
    expect(paths.length).toBeGreaterThan(100);
  });
});
