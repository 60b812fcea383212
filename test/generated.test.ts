// Files that scripts generate: what is missing, changed or left over is out of date until it is
// written, and then nothing is.

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { type Generated, staleFiles, writeFiles } from "../generated.ts";

const root = mkdtempSync(join(tmpdir(), "generated-"));
afterAll(() => rmSync(root, { recursive: true }));

const pages = new Map([
  ["pages/one.md", "1\n"],
  ["pages/two.md", "2\n"],
]);
const generated: Generated = { script: "docs", files: () => pages, folder: "pages" };

it("missing files are out of date until they are written", () => {
  expect(staleFiles(generated, root)).toEqual(["pages/one.md", "pages/two.md"]);
  writeFiles(generated, root);
  expect(staleFiles(generated, root)).toEqual([]);
});

it("changed and left-over files are out of date, and writing mends both", () => {
  writeFileSync(join(root, "pages/two.md"), "3\n");
  writeFileSync(join(root, "pages/three.md"), "3\n");
  expect(staleFiles(generated, root)).toEqual(["pages/two.md", "pages/three.md"]);
  writeFiles(generated, root);
  expect(staleFiles(generated, root)).toEqual([]);
  expect(readdirSync(join(root, "pages"))).toEqual(["one.md", "two.md"]);
});

it("without a folder of its own nothing is left over", () => {
  writeFileSync(join(root, "pages/three.md"), "3\n");
  expect(staleFiles({ script: "docs", files: () => pages }, root)).toEqual([]);
});
