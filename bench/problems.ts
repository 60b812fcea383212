// The four problems on which exported code is compared with code by hand: logistic regression,
// matrix factorization without and with a mask, and the first weight of ten layers.

import type { ProgramQuestion } from "../src/index.ts";

/** A problem by its name, as a question for a program. */
export interface Problem {
  readonly problem: string;
  readonly question: ProgramQuestion;
}

const LAYERS = 10;
const FACTORS = { T: ["m", "n"], U: ["m", "k"], V: ["n", "k"] };
const layers = Array.from({ length: LAYERS }, (_, i) => i + 1);

export const PROBLEMS: readonly Problem[] = [
  {
    problem: "logistic regression",
    question: { expr: "sum(log(1 + exp(-y .* (X*w))))", wrt: "w", vars: { X: ["m", "n"], w: ["n"], y: ["m"] } },
  },
  { problem: "factorization", question: { expr: "norm2(T - U*V')^2", wrt: "U", vars: FACTORS } },
  { problem: "masked factorization", question: { expr: "sum(O .* (T - U*V').^2)", wrt: "U", vars: { ...FACTORS, O: ["m", "n"] } } },
  {
    problem: "network",
    question: {
      expr: `log(sum(exp(h_${LAYERS}))) - t'*h_${LAYERS}`,
      let: layers.map((k) => [`h_${k}`, k === 1 ? "W_1*x" : `W_${k}*max(0, h_${k - 1})`] as const),
      wrt: "W_1",
      vars: { ...Object.fromEntries(layers.map((k) => [`W_${k}`, ["n", "n"]])), x: ["n"], t: ["n"] },
    },
  },
];
