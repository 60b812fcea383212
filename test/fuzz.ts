// The long search for wrong answers: random expressions, differentiated by every variable
// in every layout, each printed answer held against numeric differentiation.
//
//   npm run fuzz -- --seed 7 --count 20000 --depth 6
//
// Prints the seed, what came of the questions, and every failure as the smallest question
// found that fails in the same way, as a command line. The exit code is 1 if there is one.

import { parseArgs } from "node:util";
import { LAYOUTS } from "../src/index.ts";
import { createTally, examine, failureText, isFailure, questionsOf, randomTerms, shrink, tallyText } from "./calculus/examine.ts";

/** Terms made at a time; those of one batch share a seed. */
const BATCH = 50;
/** Distinct failures after which the search ends. */
const MOST_FAILURES = 100;
/** A question that takes longer is named. */
const SLOW_MS = 5_000;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { seed: { type: "string" }, count: { type: "string", default: "20000" }, depth: { type: "string", default: "6" } },
  });
  const seed = Number(values.seed ?? Date.now() % 1_000_000_000);
  const [count, deepest] = [Number(values.count), Number(values.depth)];
  console.log(`seed ${seed}: ${count} expressions of depth 1 to ${deepest}`);
  const started = performance.now();
  const tally = createTally();
  const failures = new Set<string>();
  let done = 0;
  for (let batch = 0; done < count && failures.size < MOST_FAILURES; batch++) {
    const depth = 1 + (batch % deepest);
    for (const [i, expr] of randomTerms(depth, Math.min(BATCH, count - done), seed + batch).entries()) {
      done++;
      for (const question of questionsOf(expr, LAYOUTS[i % LAYOUTS.length] ?? "numerator")) {
        const before = performance.now();
        const outcome = await examine(question);
        tally.add(outcome);
        const ms = performance.now() - before;
        if (ms > SLOW_MS) console.log(`${Math.round(ms)} ms: ${failureText({ question, outcome })}`);
        if (!isFailure(outcome)) continue;
        const text = failureText(await shrink(expr, question, outcome));
        if (!failures.has(text)) console.log(text);
        failures.add(text);
      }
    }
    if (batch % 20 === 19) console.log(`… ${done} expressions: ${tallyText(tally)}`);
  }
  console.log(`${done} expressions in ${Math.round((performance.now() - started) / 1000)} s, by every variable: ${tallyText(tally)}`);
  for (const [reason, times] of tally.reasons().slice(0, 25)) console.log(`${String(times).padStart(7)}  ${reason}`);
  console.log(failures.size === 0 ? "no failure" : `${failures.size} failures, seed ${seed}`);
  process.exitCode = failures.size === 0 ? 0 : 1;
}

await main();
