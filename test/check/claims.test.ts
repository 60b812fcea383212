// Every identity of the literature as a claim in its layout is accepted; with any of the named
// mistakes at any of its places it is refuted, and the diagnosis names the mistake.
//
// A sample at a fixed stride; NABLA_ALL=1 takes every case.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { compareTerms, type Judge } from "../../src/check/equal.ts";
import { MISTAKES, type Surroundings } from "../../src/check/mistakes.ts";
import { places, replaceAt } from "../../src/check/places.ts";
import { countsIn } from "../../src/check/search.ts";
import { elaborate, parseExpression } from "../../src/elaborate/elaborate.ts";
import { dimNames, dimOf } from "../../src/expr/dim.ts";
import type { Expr } from "../../src/expr/expr.ts";
import { sameShape } from "../../src/expr/shape.ts";
import type { Layout } from "../../src/index.ts";
import { type CheckedClaim, type ClaimQuestion, openClaims } from "../../src/library/claim.ts";
import { definitionsOf } from "../../src/library/oracle.ts";
import { loadNumeric } from "../../src/numeric/numeric.ts";
import { print } from "../../src/print/print.ts";
import { standardLibrary } from "../../src/rewrite/standard.ts";

interface Case {
  readonly id: string;
  readonly vars: Readonly<Record<string, readonly (string | number)[]>>;
  readonly dims?: readonly string[];
  readonly attrs?: Readonly<Record<string, readonly string[]>>;
  readonly expr: string;
  readonly wrt: string;
  readonly order?: 1 | 2;
  readonly layout: Layout;
  readonly expected: string;
}

const ALL = process.env.NABLA_ALL === "1";
const cases = ["paper.jsonl", "corpus.jsonl"].flatMap((file) =>
  readFileSync(join(import.meta.dirname, "..", "cases", file), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Case),
);
const every = (stride: number, from = 0): Case[] => (ALL ? cases : cases.filter((_, i) => i % stride === from));

const check = await openClaims();
const library = standardLibrary();
const judge: Judge = { numeric: await loadNumeric(), library, definitions: definitionsOf(library) };

// The cases are about independent entries.
const question = (c: Case, right: string): ClaimQuestion => ({
  claim: `${c.order === 2 ? "hess" : "diff"}(${c.expr}, ${c.wrt}) = ${right}`,
  vars: c.vars,
  attrs: c.attrs ?? {},
  dims: c.dims ?? [],
  layout: c.layout,
  symmetry: "free",
});

function judged(c: Case, right: string): CheckedClaim {
  const result = check(question(c, right));
  if (!result.ok) throw new Error(`${c.id}: ${right}: ${result.diagnostics[0]?.message}`);
  return result;
}

describe("an identity of the literature", () => {
  it(
    "is accepted in its layout",
    () => {
      const verdicts = every(3, 1).map((c) => ({ id: c.id, verdict: judged(c, c.expected).verdict }));
      expect(verdicts.filter((v) => v.verdict !== "proved" && v.verdict !== "holds")).toEqual([]);
      expect(verdicts.filter((v) => v.verdict === "proved").length).toBeGreaterThan(0.9 * verdicts.length);
    },
    ALL ? 300_000 : 60_000,
  );
});

interface Mutant {
  readonly case: Case;
  readonly mistake: string;
  readonly right: string;
}

/** Mutants of one case for every mistake that changes its value, a few places each. */
function mutantsOf(c: Case, most: number): Mutant[] {
  const asked = elaborate({ text: c.expr, vars: c.vars, dims: c.dims ?? [], attrs: c.attrs ?? {}, functions: library.functions });
  if (!asked.ok) throw new Error(c.expr);
  const { variables, expr } = asked.problem;
  const read = parseExpression(c.expected, { variables, dims: c.dims ?? [], functions: library.functions });
  if (!read.ok) throw new Error(c.expected);
  const truth = read.expr;
  const names = new Set(variables.flatMap((v) => [...dimNames(v.shape.rows), ...dimNames(v.shape.cols)]));
  const around: Surroundings = { find: library.functions.find, sizes: [...names].map((n) => dimOf(n)), counts: countsIn(expr) };
  return MISTAKES.flatMap((m) => {
    const out = new Set<Expr>();
    for (const { part, path } of places(truth, m.where === "whole" ? 1 : 40))
      for (const made of m.make(part, around)) {
        const whole = out.size < most ? replaceAt(truth, path, made, around.find) : undefined;
        if (whole === undefined || whole === truth || out.has(whole)) continue;
        if (sameShape(whole.shape, truth.shape) && compareTerms(judge, truth, whole).kind !== "differs") continue;
        out.add(whole);
      }
    return [...out].map((e) => ({ case: c, mistake: m.name, right: print(e, { format: "ascii", functions: library.functions }) }));
  });
}

describe("an identity with a mistake", () => {
  it(
    "is refuted, and in at least 95 of 100 cases the mistake is named",
    () => {
      const mutants = every(40, 17).flatMap((c) => mutantsOf(c, ALL ? 3 : 1));
      const accepted: string[] = [];
      const unnamed: string[] = [];
      const byMistake = new Map<string, [named: number, all: number]>();
      for (const m of mutants) {
        const { verdict, diagnosis } = judged(m.case, m.right);
        // A transposed gradient is another layout, and told so.
        const named = diagnosis.some((d) => d.mistake === m.mistake) || (verdict === "other layout" && /transpose/.test(m.mistake));
        if (verdict !== "refuted" && verdict !== "other layout") accepted.push(`${m.case.id} ${m.mistake}: ${m.right} ${verdict}`);
        if (!named) unnamed.push(`${m.case.id} ${m.mistake}: ${m.right} → ${diagnosis.map((d) => d.mistake).join(", ")}`);
        const [good, all] = byMistake.get(m.mistake) ?? [0, 0];
        byMistake.set(m.mistake, [good + (named ? 1 : 0), all + 1]);
      }
      const share = 1 - unnamed.length / mutants.length;
      console.log(
        `${mutants.length} wrong claims, the mistake named in ${(100 * share).toFixed(1)} %: ${[...byMistake].map(([n, [g, a]]) => `${n} ${g}/${a}`).join(", ")}`,
      );
      expect(accepted).toEqual([]);
      expect(mutants.length).toBeGreaterThan(60);
      expect(share, unnamed.join("\n")).toBeGreaterThanOrEqual(0.95);
    },
    ALL ? 3_600_000 : 120_000,
  );
});
