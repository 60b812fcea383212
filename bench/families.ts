// Families of expressions that grow with a number: what a system must answer in time and
// length proportional to it. Asked for as data, so that the tables of bench/ and the counts
// of test/ speak of the same expressions.

import type { Question } from "../src/index.ts";

/** Expressions that grow with n. */
export interface Family {
  readonly name: string;
  /** The expression for n = 3, for the head of a table. */
  readonly shape: string;
  readonly question: (n: number) => Question;
  /** Operations for each unit of n that the result may have, a part that is used often counted once. */
  readonly slope: number;
  /** Whether there is a notation for its second derivative. */
  readonly hessian: boolean;
}

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

/** Layers h_k = step(h_(k−1), W_k), each a definition. */
function layers(n: number, step: (h: string, w: string) => string): { let: [string, string][]; last: string } {
  const names = ["x", ...range(n).map((k) => `h_${k}`)];
  return { let: range(n).map((k) => [names[k] as string, step(names[k - 1] as string, `W_${k}`)]), last: names[n] as string };
}

const weights = (n: number): Record<string, string[]> => Object.fromEntries(range(n).map((k) => [`W_${k}`, ["n", "n"]]));

export const FAMILIES: readonly Family[] = [
  {
    name: "nest",
    shape: "sin(sin(sin(x)))",
    question: (n) => ({ expr: `${"sin(".repeat(n)}x${")".repeat(n)}`, wrt: "x", vars: { x: [] } }),
    slope: 3,
    hessian: true,
  },
  {
    name: "product",
    shape: "(x + 1)*(x + 2)*(x + 3)",
    question: (n) => ({
      expr: range(n)
        .map((k) => `(x + ${k})`)
        .join("*"),
      wrt: "x",
      vars: { x: [] },
    }),
    slope: 5,
    hessian: true,
  },
  {
    name: "sum",
    shape: "sin(x) + sin(2x) + sin(3x)",
    question: (n) => ({
      expr: range(n)
        .map((k) => `sin(${k}*x)`)
        .join(" + "),
      wrt: "x",
      vars: { x: [] },
    }),
    slope: 4,
    hessian: true,
  },
  {
    name: "network",
    shape: "norm2(tanh(W_3*tanh(W_2*tanh(W_1*x))) - y)^2",
    question: (n) => {
      const { let: definitions, last } = layers(n, (h, w) => `tanh(${w}*${h})`);
      return { expr: `norm2(${last} - y)^2`, let: definitions, wrt: "W_1", vars: { ...weights(n), x: ["n"], y: ["n"] } };
    },
    slope: 7,
    hessian: true,
  },
  {
    name: "shared weight",
    shape: "sum(tanh(A*tanh(A*tanh(A*x))))",
    question: (n) => ({ expr: `sum(${"tanh(A*".repeat(n)}x${")".repeat(n)})`, wrt: "A", vars: { A: ["n", "n"], x: ["n"] } }),
    slope: 10,
    hessian: false,
  },
  {
    name: "residual network",
    shape: "h_k = h_(k-1) + tanh(W_k*h_(k-1))",
    question: (n) => {
      const { let: definitions, last } = layers(n, (h, w) => `${h} + tanh(${w}*${h})`);
      return { expr: `sum(${last})`, let: definitions, wrt: "x", vars: { ...weights(n), x: ["n"] } };
    },
    slope: 11,
    hessian: true,
  },
];
