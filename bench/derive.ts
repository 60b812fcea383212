// Derivation of the 33 cases: how long the answers take beside SymPy, and how long they are
// beside closed forms by hand and the published results of the peers.
//
// A call is text in, text out: parsing, inference, differentiation, reading back into matrix
// notation and printing in three formats, with names that no earlier call has seen.

import { type BenchCase, CASES, renamed } from "./cases.ts";
import { answered, library } from "./library.ts";
import { cell, geometricMean, peer, pythonWith, race, short, table } from "./measure.ts";
import { dagOperations } from "./operations.ts";

// Two processes do not take turns, so both count the time that they have a processor.
const EFFORT = { clock: "processor", warmMs: 100, sampleMs: 15 } as const;
/** All cases take turns for this long first: times no longer fall then. */
const WARM_MS = 25_000;

function ask(c: BenchCase, count: number) {
  const question = renamed(c, count);
  if (c.kind === "gradient") return answered(library.gradient(question));
  return answered(c.kind === "hessian" ? library.hessian(question) : library.differentiate(question));
}

export function derivation(): void {
  const begun = performance.now();
  for (let count = 0; performance.now() - begun < WARM_MS; count++) for (const c of CASES) ask(c, count);
  const own = CASES.map((c) => race([(count) => ask(c, count)], EFFORT)[0] as number);
  const python = pythonWith("sympy");
  const theirs =
    python === undefined ? undefined : peer<{ version: string; ms: Record<string, number> }>(python, "sympy_cases.py", { samples: 5 });
  table(
    `Warm derivation, text to text, processor time${theirs === undefined ? "" : `, beside SymPy ${theirs.version} with its cache cleared`}`,
    ["case", "nabla µs", "SymPy µs", "SymPy/nabla", "answer"],
    CASES.map((c, i) => {
      const ms = theirs?.ms[c.id];
      const time = own[i] as number;
      return [
        c.id,
        cell(time),
        ms === undefined ? "-" : cell(ms * 1000),
        ms === undefined ? "-" : cell((ms * 1000) / time),
        `  ${answerOf(c)}`,
      ];
    }),
  );
  const common = CASES.flatMap((c, i) => {
    const ms = theirs?.ms[c.id];
    return ms === undefined ? [] : [(ms * 1000) / (own[i] as number)];
  });
  console.log(`geometric means: nabla ${short(geometricMean(own))} µs on all ${CASES.length}`);
  if (common.length > 0) console.log(`SymPy/nabla on the ${common.length} that SymPy solves: ${short(geometricMean(common))}`);
}

const answerOf = (c: BenchCase): string => {
  const answer = c.kind === "gradient" ? library.gradient(c) : c.kind === "hessian" ? library.hessian(c) : library.differentiate(c);
  return answered(answer).ascii;
};

export function operations(): void {
  const rows = CASES.map((c) => ({ ...c, own: dagOperations(ask(c, 0).expr, library.nodes) }));
  table(
    "Operations of the 33 results (nabla and by hand: shared parts once; SymPy and tensorgrad: as published)",
    ["case", "nabla", "by hand", "SymPy", "tensorgrad", "answer"],
    rows.map((r) => [r.id, cell(r.own), cell(r.best), r.sympy === undefined ? "-" : cell(r.sympy), cell(r.tensorgrad), `  ${answerOf(r)}`]),
  );
  const above = rows.filter((r) => r.own > Math.min(r.tensorgrad, r.sympy ?? Number.POSITIVE_INFINITY)).map((r) => r.id);
  const sum = (of: (r: (typeof rows)[number]) => number): string => cell(rows.reduce((s, r) => s + of(r), 0));
  console.log(`together: nabla ${sum((r) => r.own)}, by hand ${sum((r) => r.best)}, tensorgrad ${sum((r) => r.tensorgrad)}`);
  console.log(`more than a peer: ${above.length === 0 ? "none" : above.join(", ")}`);
}
