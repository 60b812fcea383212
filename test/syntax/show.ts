// A surface tree as text, for case files: every node a bracket, operators by their names.

import type { DeclarationTree, Document, IndexTree, SideTree, Tree } from "../../src/syntax/tree.ts";

function showTree(t: Tree): string {
  switch (t.kind) {
    case "number":
      return t.text;
    case "name":
      return t.name;
    case "arrow":
      return `${t.value}⃗`;
    case "prefix":
      return `(${t.op === "minus" ? "neg" : "pos"} ${showTree(t.arg)})`;
    case "transpose":
      return `(transpose ${showTree(t.arg)})`;
    case "binary":
      return `(${t.sign === "" ? "beside" : t.op} ${showTree(t.left)} ${showTree(t.right)})`;
    case "entry":
      return `(entry ${showTree(t.of)} ${t.at.map(showIndex).join(" ")})`;
    case "call":
      return `(${t.derivatives.map((k) => `∂${k + 1} `).join("")}${t.name}! ${t.args.map(showTree).join(" ")})`;
    case "sum":
      return `(${t.product ? "prod" : "sum"} ${t.indices.map((i) => i.name + (i.from === undefined ? "" : `=${i.from}..${i.to ?? ""}`)).join(",")} ${showTree(t.body)})`;
    case "stack":
      return `[${t.rows.map((r) => r.map(showTree).join(", ")).join("; ")}]`;
    case "cases":
      return `{${t.branches.map((b) => `${showTree(b.value)} if ${b.condition === undefined ? "otherwise" : showTree(b.condition)}`).join("; ")}}`;
  }
}

const showIndex = (i: IndexTree): string => (i.kind === "all" ? ":" : showTree(i));

const showSide = (s: SideTree): string =>
  s.kind === "derivative"
    ? `(${s.form} ${showTree(s.of)} by ${s.by.map((t) => t.name + (t.at === undefined ? "" : `[${t.at.map(showIndex).join(",")}]`)).join(",")})`
    : showTree(s);

function showDeclaration(d: DeclarationTree): string {
  const shape = (t: DeclarationTree["type"]): string =>
    t.kind === "function"
      ? `${t.from.map(shape).join(", ")} -> ${shape(t.to)}`
      : t.words.map((w) => w.name).join(" ") +
        (t.sizes === undefined ? "" : `(${t.sizes.map(showTree).join(", ")})`) +
        (t.power === undefined ? "" : `^${showTree(t.power)}`);
  const names = d.names.map((n) => n.name).join(", ");
  const of = d.of === undefined ? "" : ` of ${d.of.map((n) => n.name).join(", ")}`;
  return `declare ${names}${of} : ${shape(d.type)}`;
}

/** A document, one statement a line. */
export function showDocument(d: Document): string {
  const lines = [...d.declarations.map(showDeclaration), ...d.definitions.map((x) => `define ${x.name} = ${showTree(x.value)}`)];
  if (d.final?.kind === "value") lines.push(showSide(d.final.value));
  if (d.final?.kind === "equation") lines.push(`claim ${showSide(d.final.left)} = ${showSide(d.final.right)}`);
  return lines.join("\n");
}
