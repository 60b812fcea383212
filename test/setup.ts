// How random tests draw: always the same cases in a test run, so that a failure is a
// failure for everybody; new and many cases under `npm run properties`, which prints the seed
// of what it finds. A property that states its own number of runs keeps it.

import fc from "fast-check";

const RUNS = 100;
const FUZZ_RUNS = 5_000;
const SEED = 18_02_01528;

fc.configureGlobal(process.env.NABLA_FUZZ ? { numRuns: FUZZ_RUNS } : { numRuns: RUNS, seed: SEED });
