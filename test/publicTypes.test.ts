// What src/index.ts exports is documented, and speaks of nothing that a caller cannot name: the types in
// every exported signature are exported themselves. Members marked @internal are no part of it, as they
// are left out of the declarations that are shipped.

import { join, resolve } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";

const SRC = resolve(import.meta.dirname, "../src");

const program = ts.createProgram([join(SRC, "index.ts")], {
  module: ts.ModuleKind.NodeNext,
  target: ts.ScriptTarget.ESNext,
  allowImportingTsExtensions: true,
  noEmit: true,
  strict: true,
  skipLibCheck: true,
});
const checker = program.getTypeChecker();

const original = (s: ts.Symbol): ts.Symbol => ((s.flags & ts.SymbolFlags.Alias) === 0 ? s : checker.getAliasedSymbol(s));

const exported: ReadonlyMap<string, ts.Symbol> = new Map(
  checker
    .getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(join(SRC, "index.ts")) as ts.SourceFile) as ts.Symbol)
    .map((s) => [s.name, original(s)]),
);

const isOurs = (s: ts.Symbol): boolean => resolve(s.declarations?.[0]?.getSourceFile().fileName ?? "").startsWith(SRC);

/** The types that a declaration names, without those in bodies, of parameters of its own and of members that are internal. */
function typesIn(declaration: ts.Node): Set<ts.Symbol> {
  const found = new Set<ts.Symbol>();
  const visit = (node: ts.Node): void => {
    if (ts.isBlock(node) || ts.isHeritageClause(node)) return;
    if (ts.isTypeElement(node) && ts.getJSDocTags(node).some((tag) => tag.tagName.text === "internal")) return;
    const symbol = ts.isTypeReferenceNode(node) ? checker.getSymbolAtLocation(node.typeName) : undefined;
    if (symbol !== undefined) found.add(original(symbol));
    ts.forEachChild(node, visit);
  };
  visit(declaration);
  return found;
}

describe("the public library", () => {
  it("documents every name", () => {
    const silent = [...exported].filter(([, s]) => s.getDocumentationComment(checker).length === 0).map(([name]) => name);
    expect(silent).toEqual([]);
  });

  it("exports the types that its signatures speak of", () => {
    const known = new Set(exported.values());
    const hidden = [...exported].flatMap(([name, s]) =>
      [...new Set((s.declarations ?? []).flatMap((d) => [...typesIn(d)]))]
        .filter((t) => (t.flags & ts.SymbolFlags.TypeParameter) === 0 && isOurs(t) && !known.has(t))
        .map((t) => `${name} speaks of ${t.name}`),
    );
    expect(hidden).toEqual([]);
  });

  it("the walker sees what a signature speaks of", () => {
    const [declaration] = exported.get("differentiate")?.declarations ?? [];
    const names = [...typesIn(declaration as ts.Declaration)].map((t) => t.name);
    expect(names).toEqual(["Question", "Answer", "Refusal"]);
  });
});
