// Julia is not run here: every program is read instead. Brackets and blocks close, every name
// is a parameter, was assigned before or is one of those that Julia has, and nothing but its
// operators stands between.

import { describe, expect, it } from "vitest";
import { julia } from "../../src/codegen/targets/julia.ts";
import { exportCode } from "../../src/index.ts";
import { prepareCases } from "./cases.ts";

const cases = await prepareCases();

/** Names of Base and LinearAlgebra that programs may use. */
const KNOWN = new Set(
  `function return for in if end let using LinearAlgebra
  abs sign floor ceil sqrt cbrt exp log log2 log10 log1p expm1 sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh hypot
  max min maximum minimum sum prod dot det inv kron diag Diagonal Matrix Symmetric I lu cholesky logdet logabsdet tril svd U S Vt L eigmax eigvecs svdvals opnorm pinv eps
  size reshape vcat hcat vec zeros fill reduce ifelse float pi NaN dims check false`
    .split(/\s+/)
    .filter((w) => w !== ""),
);
const TOKEN = /\s+|1\.0I\b|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|[A-Za-z_]\w*|\.?[=!<>]=|\.?[-+*/^\\<>÷]|[=,;:()[\]'?.]/gy;
const OPENS = new Set(["function", "for", "let"]);
const CLOSES: Readonly<Record<string, string>> = { ")": "(", "]": "[" };

/** What is wrong with a program; undefined for none. */
function fault(code: string): string | undefined {
  const text = code.replace(/^#.*$/gm, "").replace(/"""[\s\S]*?"""/g, "");
  const known = new Set(KNOWN);
  for (const [, list] of text.matchAll(/function \w+\(([^)]*)\)/g)) for (const p of (list as string).split(", ")) known.add(p);
  const tokens = text.match(TOKEN) ?? [];
  if (tokens.join("") !== text) return `no token at ${JSON.stringify(text.slice(tokens.join("").length, tokens.join("").length + 20))}`;
  const words = tokens.filter((t) => t.trim() !== "" || t.includes("\n"));
  // A name is known from where it is assigned, or bound by let or for, on.
  words.forEach((t, i) => {
    if (/^[A-Za-z_]/.test(t) && (words[i + 1] === "=" || words[i + 1] === "in")) known.add(t);
  });
  const open: string[] = [];
  for (const [i, t] of words.entries()) {
    const inside = open[open.length - 1];
    if (t === "(" || t === "[") open.push(t);
    // Inside brackets `for` and `if` belong to a comprehension and `end` to an index, let has an end of its own.
    else if (OPENS.has(t) && (t === "let" || inside === undefined || (inside !== "(" && inside !== "["))) open.push(t);
    else if (t === "end" && inside !== "[") {
      if (inside === undefined || !OPENS.has(inside)) return "an end too many";
      open.pop();
    } else if (t in CLOSES) {
      if (open.pop() !== CLOSES[t]) return `${t} without ${CLOSES[t]}`;
    } else if (/^[A-Za-z_]/.test(t) && !known.has(t) && words[i - 1] !== "function") return `${t} is unknown`;
  }
  return open.length === 0 ? undefined : `${open.join(" ")} stays open`;
}

describe("Julia programs", () => {
  it("are read with their faults", () => {
    const good = "function f(x)\n    t1 = sum(x .* x)\n    return t1\nend\n";
    expect(fault(good)).toBeUndefined();
    expect(fault(good.replace("end\n", ""))).toMatch(/stays open/);
    expect(fault(good.replace("x)\n    return", "x\n    return"))).toBeDefined();
    expect(fault(good.replace("sum", "summe"))).toMatch(/unknown/);
    expect(fault(good.replace(".*", "@"))).toMatch(/no token/);
  });

  it("take sizes by their names, whatever these are", () => {
    const vars = { A: ["trend", "legend"] } as const;
    const answer = exportCode({ expr: "vec(A')", wrt: "A", vars, target: "julia" });
    expect(answer.ok && answer.code).toContain("[i:trend:legend*trend for i in 1:trend]");
  });

  let written = 0;
  for (const c of cases)
    it(`${c.id}: ${c.title}`, () => {
      let code: string;
      try {
        code = julia.write({ name: "f", title: c.title, plan: c.program.plan });
      } catch (error) {
        if (error instanceof Error && error.name === "InputError") return;
        throw error;
      }
      written++;
      expect(fault(code)).toBeUndefined();
    });

  it("exist for at least 340 cases", () => {
    expect(written).toBeGreaterThanOrEqual(340);
  });
});
