// Every identity of the literature as a claim in its layout is accepted; with any of the named
// mistakes it is refuted, and the diagnosis names the mistake.
//
// Mistakes are made in a sample of the cases, evenly spread; NABLA_ALL=1 takes every case.

import { describe, expect, it } from "vitest";
import { elaborate, parseExpression } from "../../src/elaborate/elaborate.ts";
import { variable } from "../../src/expr/build.ts";
import type { Expr } from "../../src/expr/expr.ts";
import { sameShape, scalarShape } from "../../src/expr/shape.ts";
import { openClaims } from "../../src/library/claim/claim.ts";
import type { CheckedClaim } from "../../src/library/claim/verdict/verdict.ts";
import { NumericError } from "../../src/numeric/context.ts";
import { loadNumeric } from "../../src/numeric/numeric.ts";
import { print } from "../../src/print/print.ts";
import { standardLibrary } from "../../src/rewrite/standard.ts";
import { type Case, readCases } from "../cases/literature.ts";
import { MUTATIONS, otherLayouts, type Solved } from "./mutations.ts";

const ALL = process.env.NABLA_ALL === "1";
/** Wrong claims for one mutation, and for one case. */
const PER_MUTATION = ALL ? Number.POSITIVE_INFINITY : 5;
const PER_CASE = ALL ? 2 : 1;
const cases = (["paper.jsonl", "corpus.jsonl"] as const).flatMap((file) => readCases(file));

const check = await openClaims();
const numeric = await loadNumeric();
const library = standardLibrary();
const definitions = library.definition;

// The cases are about independent entries.
function judged(c: Case, right: string): CheckedClaim {
  const left = c.order === 2 ? `hess(${c.expr}, ${c.wrt})` : `d(${c.expr})/d${c.wrt}`;
  const { vars, attrs = {}, dims = [], layout } = c;
  const result = check({ claim: `${left} = ${right}`, vars, attrs, dims, layout, symmetry: "free" });
  if (!result.ok) throw new Error(`${c.id}: ${right}: ${result.diagnostics[0]?.message}`);
  return result;
}

const scope = (c: Case, variables: Solved["variables"]) => ({ variables, dims: c.dims ?? [], functions: library.functions });

function solved(c: Case): Solved {
  const asked = elaborate({ text: c.expr, vars: c.vars, dims: c.dims ?? [], attrs: c.attrs ?? {}, functions: library.functions });
  if (!asked.ok) throw new Error(c.expr);
  const { variables, expr } = asked.problem;
  const read = parseExpression(c.expected, scope(c, variables));
  if (!read.ok) throw new Error(c.expected);
  const wrt = variables.find((v) => v.name === c.wrt) ?? variable(c.wrt, scalarShape());
  return { expr, wrt, variables, order: c.order ?? 1, layout: c.layout, answer: read.expr, text: c.expected };
}

/** Whether two terms differ at two points, of different sizes: at a single one rounding may show. */
function differ(a: Expr, b: Expr): boolean {
  if (!sameShape(a.shape, b.shape)) return true;
  let looked = 0;
  try {
    for (const point of numeric.samplePoints({ defined: [a], covered: [b], seed: 77 }, definitions)) {
      const [x, y] = [numeric.evaluate(a, point, definitions), numeric.evaluate(b, point, definitions)];
      const scale = Math.max(...x.data.map(Math.abs), 1e-9);
      if (x.data.every((value, k) => Math.abs(value - (y.data[k] as number)) <= 1e-5 * scale)) return false;
      if (++looked === 2) return true;
    }
  } catch (error) {
    if (!(error instanceof NumericError)) throw error;
  }
  return false;
}

/** The changed answers of a case that are wrong, as texts. */
function* wrong(c: Case, s: Solved, made: Iterable<Expr | string>): Generator<string> {
  const seen = new Set<string>();
  for (const change of made) {
    const text = typeof change === "string" ? change : print(change, { format: "ascii", functions: library.functions });
    const read = typeof change === "string" ? parseExpression(text, scope(c, s.variables)) : { ok: true as const, expr: change };
    // A size is no place for a product of entries.
    if (seen.has(text) || (!read.ok && read.diagnostics[0]?.code !== "shape")) continue;
    seen.add(text);
    if (!read.ok || differ(s.answer, read.expr)) yield text;
  }
}

describe("an identity of the literature", () => {
  it(
    "is accepted in its layout",
    () => {
      const verdicts = cases.map((c) => ({ id: c.id, verdict: judged(c, c.expected).verdict }));
      expect(verdicts.filter((v) => v.verdict !== "proved" && v.verdict !== "holds")).toEqual([]);
      expect(verdicts.filter((v) => v.verdict === "proved").length).toBeGreaterThan(0.95 * verdicts.length);
    },
    ALL ? 300_000 : 120_000,
  );

  it("in another layout is told so, and not accepted where a layout is asked for", () => {
    const told = cases
      .filter((_, i) => i % 24 === 11)
      .flatMap((c) => {
        const s = solved(c);
        return [...wrong(c, s, otherLayouts(s))].map((right) => {
          const { verdict, accepted, diagnosis } = judged(c, right);
          return { id: c.id, right, verdict, accepted, mistake: diagnosis[0]?.mistake };
        });
      });
    expect(told.length).toBeGreaterThan(5);
    expect(told.filter((t) => t.verdict !== "other layout" || t.accepted || t.mistake !== "other layout")).toEqual([]);
  }, 60_000);
});

describe("an identity with a mistake", () => {
  it(
    "is refuted, and in at least 95 of 100 cases the mistake is named",
    () => {
      const accepted: string[] = [];
      const unnamed: string[] = [];
      const tally: string[] = [];
      let all = 0;
      MUTATIONS.forEach((m, at) => {
        let [named, made] = [0, 0];
        // Every mutation meets the cases in another order.
        for (let i = 0; i < cases.length && made < PER_MUTATION; i++) {
          const c = cases[(53 * i + 17 * at) % cases.length] as Case;
          const s = solved(c);
          let own = 0;
          for (const right of wrong(c, s, m.make(s))) {
            if (own++ === PER_CASE) break;
            made++;
            const { verdict, accepted: passed, diagnosis } = judged(c, right);
            if (passed || (verdict !== "refuted" && verdict !== "other layout")) accepted.push(`${c.id} ${m.name}: ${right} ${verdict}`);
            if (diagnosis.some((d) => m.named.includes(d.mistake))) named++;
            else unnamed.push(`${c.id} ${m.name}: ${right} → ${diagnosis.map((d) => d.mistake).join(", ")}`);
          }
        }
        all += made;
        tally.push(`${m.name} ${named}/${made}`);
      });
      const share = 1 - unnamed.length / all;
      console.log(`${all} wrong claims, the mistake named in ${(100 * share).toFixed(1)} %: ${tally.join(", ")}`);
      if (ALL) console.log(unnamed.join("\n"));
      expect(accepted).toEqual([]);
      expect(all).toBeGreaterThan(4 * MUTATIONS.length);
      expect(share, unnamed.join("\n")).toBeGreaterThanOrEqual(0.95);
    },
    ALL ? 3_600_000 : 120_000,
  );
});
