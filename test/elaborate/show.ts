// A problem as text, for case files: every operator by its name, so that scalar expansion
// and transposes that were put in are seen.

import type { Problem, Side } from "../../src/elaborate/elaborate.ts";
import { type Expr, fold, type Index } from "../../src/expr/expr.ts";
import { shapeText } from "../../src/expr/shape.ts";

const showIndex = (i: Index): string => (i.kind === "all" ? ":" : i.kind === "position" ? i.at.key : i.name);

export const showExpr = (e: Expr): string =>
  fold<string>(e, (node, args) => {
    switch (node.kind) {
      case "num":
        return node.value.d === 1n ? `${node.value.n}` : `${node.value.n}/${node.value.d}`;
      case "var":
      case "constant":
        return node.name;
      case "dim":
        return `#${node.dim.key}`;
      case "apply": {
        const params = node.params.length === 0 ? "" : `<${node.params.map((p) => p.key).join(",")}>`;
        return node.op + params + (args.length === 0 ? "" : `(${args.join(", ")})`);
      }
      case "entry":
        return `${args[0]}[${node.at.map(showIndex).join(",")}]`;
      case "indexSum":
        return `Σ${node.index}∈${node.range.key}(${args[0]})`;
      case "unknown":
        return `${node.derivatives.map((k) => `∂${k + 1}`).join("")}${node.name}(${args.join(", ")})`;
    }
  });

const showSide = (s: Side): string =>
  s.kind === "value"
    ? showExpr(s.expr)
    : `${s.form} of ${showExpr(s.of)} by ${s.by.map((t) => t.variable.name + (t.at === undefined ? "" : `[${t.at.map(showIndex).join(",")}]`)).join(", ")}`;

/** A problem: definitions, the term or the claim with its shape, what was assumed. */
export function showProblem(p: Problem): string {
  const lines = p.definitions.map((d) => `${d.name} := ${showExpr(d.expr)} : ${shapeText(d.variable.shape)}`);
  lines.push(p.claim === undefined ? `${showExpr(p.expr)} : ${shapeText(p.expr.shape)}` : `left:  ${showSide(p.claim.left)}`);
  if (p.claim?.right !== undefined) lines.push(`right: ${showSide(p.claim.right)}`);
  return [...lines, ...p.assumptions.map((a) => `assumed: ${a}`)].join("\n");
}
