// One random question put to the library the way a person would: as text, with
// declarations, by every variable; and its answer, as printed, held against numeric
// differentiation. Failures are made as small as they go.
//
// Invariant: a question that ends in anything but a right answer, an honest refusal or
// "not checked" with a reason is a failure; nothing is caught and forgotten.

import fc from "fast-check";
import { apply, num, ones, variable, withArgs, zeros } from "../../src/expr/build.ts";
import { dimNames, dimOf } from "../../src/expr/dim.ts";
import { type Expr, fold, nodes } from "../../src/expr/expr.ts";
import { isScalarShape, isSquareShape, sameShape } from "../../src/expr/shape.ts";
import { check, countOperations, differentiate, type Layout } from "../../src/index.ts";
import { print } from "../../src/print/print.ts";
import { standardLibrary } from "../../src/rewrite/standard.ts";
import { anyExpr, STOCK } from "../arbitrary/expr.ts";

const { functions } = standardLibrary();

/** A question as text, ready for the command line. */
export interface Question {
  readonly expr: string;
  readonly declarations: string;
  readonly wrt: string;
  readonly layout: Layout;
}

export type Outcome =
  | { readonly kind: "right" }
  /** Nabla says that it cannot, and why. */
  | { readonly kind: "refused"; readonly reason: string }
  /** Answered, and no numeric comparison was possible. */
  | { readonly kind: "undecided"; readonly reason: string }
  | { readonly kind: "wrong" | "crash"; readonly reason: string; readonly printed?: string };

export const isFailure = (o: Outcome): o is Outcome & { kind: "wrong" | "crash" } => o.kind === "wrong" || o.kind === "crash";

/** Refusals that a well-formed question may meet. */
const HONEST: readonly string[] = ["unsupported", "limit"];

/** Index sums inside of each other that are still evaluated: the cost is the size to this power, at every point. */
const MOST_NESTED = 4;

const sumsInSums = (expr: Expr): number => fold<number>(expr, (node, below) => Math.max(0, ...below) + (node.kind === "indexSum" ? 1 : 0));

/** Asks, and judges the printed answer. */
export async function examine(question: Question): Promise<Outcome> {
  let printed: string | undefined;
  const said = (text: string): { readonly reason: string; readonly printed?: string } =>
    printed === undefined ? { reason: text } : { reason: text, printed };
  try {
    const answer = differentiate(question);
    if (!answer.ok) {
      const [d] = answer.diagnostics;
      const reason = `${d?.code}: ${d?.message}`;
      return HONEST.includes(d?.code ?? "") ? { kind: "refused", reason } : { kind: "wrong", ...said(reason) };
    }
    printed = answer.ascii;
    const nested = sumsInSums(answer.expr);
    if (nested > MOST_NESTED) return { kind: "undecided", reason: `${nested} index sums, each inside the other, are too slow to evaluate` };
    const { layout, symmetry, ascii } = answer;
    const as = { ...(layout === undefined ? {} : { layout }), ...(symmetry === undefined ? {} : { symmetry }) };
    const verdict = await check({ ...question, ...as, answer: ascii });
    if (!verdict.ok) return { kind: "wrong", ...said(`the printed answer is not read: ${verdict.diagnostics[0]?.message}`) };
    if (verdict.verdict === "agrees") return { kind: "right" };
    if (verdict.verdict === "not checked") return { kind: "undecided", reason: verdict.reason ?? "" };
    const { witness } = verdict;
    const where = witness === undefined ? "" : `: entry (${witness.row},${witness.col}) is ${witness.claimed}, not ${witness.expected}`;
    return { kind: "wrong", ...said(`${verdict.reason}${where}`) };
  } catch (error) {
    return { kind: "crash", ...said(error instanceof Error ? error.message : String(error)) };
  }
}

const CARRIERS = [
  ["n", "x"],
  ["m", "u"],
] as const;

/** Few names, so that a term meets the same variable often, in different ways. */
const FEW: readonly (readonly string[])[] = [
  ["B", "x"],
  ["S", "y"],
  ["A", "x", "u"],
  ["s", "t", "x"],
];

/** Random terms of every shape, made of everything that there is; for four seeds of seven, of few variables. */
export function randomTerms(depth: number, count: number, seed: number): Expr[] {
  const names = FEW[seed % 7];
  return fc.sample(anyExpr({ depth, functions: functions.all, blocks: true, ...(names === undefined ? {} : { names }) }), {
    numRuns: count,
    seed,
  });
}

/** The questions about a term, by each of its variables. */
export const questionsOf = (expr: Expr, layout: Layout): Question[] => namesIn(expr).map((name) => questionOf(expr, name, layout));

function questionOf(expr: Expr, wrt: string, layout: Layout): Question {
  const text = print(expr, { format: "ascii", functions, taken: STOCK.map(([name]) => name) });
  const used = new Set([...namesIn(expr), wrt]);
  const sizes = nodes(expr).flatMap((n) => [n.shape.rows, n.shape.cols, ...(n.kind === "dim" ? [n.dim] : [])]);
  const named = new Set(sizes.flatMap(dimNames));
  // A size that no variable of the question has is declared through one that has it.
  for (const [name, carrier] of CARRIERS)
    if (named.has(name) && !STOCK.some(([v, shape]) => used.has(v) && shape.includes(name))) used.add(carrier);
  return { expr: text, declarations: declarationsOf([...used]), wrt, layout };
}

/** Names of the variables, each once. */
const namesIn = (expr: Expr): string[] => [...new Set(nodes(expr).flatMap((n) => (n.kind === "var" ? [n.name] : [])))];

function declarationsOf(names: readonly string[]): string {
  const kind = ([rows, cols]: readonly [string | number, string | number], symmetric: boolean): string =>
    symmetric ? `symmetric(${rows})` : rows === 1 && cols === 1 ? "scalar" : cols === 1 ? `vector(${rows})` : `matrix(${rows}, ${cols})`;
  return STOCK.filter(([name]) => names.includes(name))
    .map(([name, shape, attributes]) => `${name} : ${kind(shape, attributes?.includes("symmetric") ?? false)}`)
    .join("; ");
}

/** How often each outcome came, with the reasons. */
export interface Tally {
  readonly counts: Readonly<Record<Outcome["kind"], number>>;
  /** Reasons of refusals and of comparisons not made, most frequent first. */
  readonly reasons: () => readonly (readonly [reason: string, count: number])[];
  readonly add: (outcome: Outcome) => void;
}

export function createTally(): Tally {
  const counts = { right: 0, refused: 0, undecided: 0, wrong: 0, crash: 0 };
  const reasons = new Map<string, number>();
  return {
    counts,
    reasons: () => [...reasons].sort(([, a], [, b]) => b - a),
    add: (outcome) => {
      counts[outcome.kind]++;
      if (outcome.kind !== "refused" && outcome.kind !== "undecided") return;
      const reason = `${outcome.kind}: ${outcome.reason.replace(/\d+/g, "…")}`;
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    },
  };
}

/** `12 right, 3 refused, …`. */
export const tallyText = ({ counts }: Tally): string =>
  Object.entries(counts)
    .map(([kind, count]) => `${count} ${kind}`)
    .join(", ");

/** The command line of a failure, and what is wrong about it. */
export const failureText = ({ question, outcome }: Failure): string =>
  `${commandLine(question)}\n    ${isFailure(outcome) ? `${outcome.kind}: ${outcome.reason}\n    printed: ${outcome.printed ?? "nothing"}` : ""}`;

/** What to type to see the failure. */
const commandLine = ({ expr, wrt, declarations, layout }: Question): string =>
  `nabla diff '${expr}' --wrt ${wrt} -t '${declarations}'${layout === "numerator" ? "" : ` --layout ${layout}`}`;

// Failures of one manner are likely to have one cause.
const mannerOf = (o: Outcome): string => (isFailure(o) ? `${o.kind} ${o.reason.replace(/[:,].*$|\d+/gs, "")}` : o.kind);

export interface Failure {
  readonly question: Question;
  readonly outcome: Outcome;
}

/** The smallest question found that fails in the same manner, after so many tries. */
export async function shrink(expr: Expr, { wrt, layout, ...asked }: Question, found: Outcome, most = 1500): Promise<Failure> {
  let best: { expr: Expr; failure: Failure } = { expr, failure: { question: { ...asked, wrt, layout }, outcome: found } };
  let tries = 0;
  const layouts: readonly Layout[] = layout === "numerator" ? [layout] : ["numerator", layout];
  for (let improved = true; improved && tries < most; ) {
    improved = false;
    for (const smaller of reductions(best.expr)) {
      if (size(smaller) >= size(best.expr)) continue;
      if (tries++ > most) break;
      const failure = await firstFailure(smaller, wrt, layouts, mannerOf(found));
      if (failure === undefined) continue;
      best = { expr: smaller, failure };
      improved = true;
      break;
    }
  }
  return best.failure;
}

async function firstFailure(expr: Expr, wrt: string, layouts: readonly Layout[], manner: string): Promise<Failure | undefined> {
  for (const layout of layouts) {
    let question: Question;
    try {
      question = questionOf(expr, wrt, layout);
    } catch {
      return undefined;
    }
    const outcome = await examine(question);
    if (mannerOf(outcome) === manner) return { question, outcome };
  }
  return undefined;
}

// Operations first, then the number of parts: x is smaller than 2, 2 than ones.
const size = (e: Expr): number => 1000 * countOperations(e) + 10 * nodes(e).length + (e.kind === "var" ? 0 : 1);

/** Terms of the same shape with one part replaced by something smaller. */
function* reductions(term: Expr): Generator<Expr> {
  const seen = new Set<Expr>([term]);
  for (const reduced of rebuilt(term)) {
    if (seen.has(reduced)) continue;
    seen.add(reduced);
    yield reduced;
  }
}

// Outermost parts first, so that large pieces go early. Recursion follows the bounded depth of a random term.
function* rebuilt(term: Expr): Generator<Expr> {
  yield* simpler(term);
  for (const [i, arg] of term.args.entries())
    for (const smaller of rebuilt(arg)) {
      try {
        yield withArgs(term, term.args.with(i, smaller), functions.find);
      } catch {}
    }
}

function* simpler(part: Expr): Generator<Expr> {
  const { shape } = part;
  const inner = nodes(part).filter((n) => n !== part && sameShape(n.shape, shape) && !hasFreeIndex(n));
  yield* inner.sort((a, b) => size(a) - size(b));
  for (const [name, [rows, cols], attributes] of STOCK) {
    const v = variable(name, { rows: dimOf(rows), cols: dimOf(cols) }, attributes);
    if (sameShape(v.shape, shape)) yield v;
  }
  if (isScalarShape(shape)) yield* [num(1), num(2)];
  else yield* [ones(shape.rows, shape.cols), zeros(shape.rows, shape.cols)];
  if (part.kind === "apply" && part.op === "add" && part.args.length > 2)
    for (const i of part.args.keys()) yield apply("add", part.args.toSpliced(i, 1));
  if (part.kind === "apply" && part.op === "cases" && part.args.length > 3) yield apply("cases", part.args.slice(2));
  if (!isScalarShape(shape) && isSquareShape(shape)) yield apply("eye", [], [shape.rows]);
}

const hasFreeIndex = (e: Expr): boolean => nodes(e).some((n) => n.kind === "entry" && n.at.some((i) => i.kind === "bound"));
