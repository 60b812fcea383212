// Random questions: every operator, every function of the library, every shape. What is
// printed is right, or nabla says that it cannot; the numbers decide.
//
// Not here: the long search, with more and deeper terms from a new seed (test/fuzz.ts).

import { describe, expect, it } from "vitest";
import { nodes } from "../../src/expr/expr.ts";
import type { FunctionInfo } from "../../src/expr/functions.ts";
import { OPERATORS } from "../../src/expr/operators.ts";
import { LAYOUTS, standardLibrary } from "../../src/index.ts";
import { createTally, examine, type Failure, failureText, isFailure, questionsOf, randomTerms, shrink, tallyText } from "./examine.ts";

const SEED = 18_02_01528;
const DEPTHS = [1, 2, 3, 4];
const EACH = 75;

/** Failures that are made small before they are shown; the others are shown as they are. */
const MOST_SHRUNK = 5;
const MOST_TRIES = 100;

describe("random expressions", () => {
  it("cover every operator and every function", () => {
    const terms = DEPTHS.flatMap((depth) => randomTerms(depth, 2_500, SEED + depth));
    const seen = new Set(terms.flatMap(nodes).map((n) => (n.kind === "apply" ? n.op : n.kind)));
    // Those of vectors of a fixed length have questions of their own (space.test.ts).
    const isFixed = ({ params }: FunctionInfo): boolean => params.some((p) => p.rows.key === "3");
    const functions = standardLibrary().functions.all.flatMap((f) => (isFixed(f) ? [] : [f.name]));
    const wanted = [...Object.keys(OPERATORS), ...functions, "num", "dim", "entry", "indexSum"];
    expect(wanted.filter((name) => !seen.has(name))).toEqual([]);
  });

  it("differentiated by every variable are right, or refused with a reason", async () => {
    const failures: Failure[] = [];
    const tally = createTally();
    for (const depth of DEPTHS)
      for (const [i, expr] of randomTerms(depth, EACH, SEED + depth).entries())
        for (const question of questionsOf(expr, LAYOUTS[i % LAYOUTS.length] ?? "numerator")) {
          const outcome = await examine(question);
          tally.add(outcome);
          if (!isFailure(outcome)) continue;
          failures.push(failures.length < MOST_SHRUNK ? await shrink(expr, question, outcome, MOST_TRIES) : { question, outcome });
        }
    console.log(`${EACH * DEPTHS.length} random expressions, by every variable: ${tallyText(tally)}`);
    expect(failures.map(failureText)).toEqual([]);
    const { right, refused, undecided } = tally.counts;
    expect(right).toBeGreaterThan(refused + undecided);
    expect(undecided).toBeLessThan(right / 5);
  }, 300_000);
});
