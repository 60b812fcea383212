// Step four: the names put back one after the other, the last introduced first, and the
// value simplified each time. The last line is the answer.
//
// Invariant: every line has the value of the one before. Not here: the lines up to the product of
// local derivatives (chain.ts).

import { optional } from "../../base/optional.ts";
import { substitute } from "../../expr/build.ts";
import type { Expr, Variable } from "../../expr/expr.ts";
import { nodes } from "../../expr/expr.ts";
import { asCases } from "./cases.ts";
import { reference } from "./cite.ts";
import type { Tape } from "./introduce.ts";
import type { Setting } from "./local.ts";
import type { RuleReference, Step } from "./model.ts";
import { expandNames, occurs, simplify } from "./terms.ts";

/** More names than this are put back in a single line. */
const MOST_LINES = 8;
/** With more names than this the unsimplified value would serve nobody. */
const MOST_WRITTEN = 32;

/** From the combined derivative in names to the answer. `of` and `wrt` are what the lines speak of. */
export function substituteSteps(tape: Tape, combined: Expr, answer: Expr, of: Expr, s: Setting): Step[] {
  const steps: Step[] = [];
  const line = { of, wrt: s.variable, layout: s.layout, rules: [] as readonly RuleReference[] };
  let current = combined;
  const inner = tape.nodes.filter((n) => n !== tape.root);
  const used = namesUsed(current, tape);
  if (used.length > MOST_LINES) {
    const definitions = new Map<Expr, Expr>(inner.map((n) => [n.variable, n.body]));
    const via = inner.length > MOST_WRITTEN ? [] : [expandNames(current, definitions, s.library)];
    steps.push({ ...line, kind: "substitute", names: used, via, is: answer });
    return steps;
  }
  const add = (is: Expr, step: Pick<Step, "kind" | "via"> & Partial<Step>): void => {
    steps.push({ ...line, is, ...step, ...optional({ cases: asCases(is) }) });
    current = is;
  };
  for (const { variable, body } of [...inner].reverse()) {
    if (!occurs(current, new Set<Expr>([variable]))) continue;
    const raw = substitute(current, new Map<Expr, Expr>([[variable, body]]), s.library.functions);
    const is = simplify(raw, s, { sums: true });
    add(is, { kind: "substitute", names: [variable], via: is === raw ? [] : [raw] });
    const guarded = simplify(raw, s, { sums: true, guards: true });
    if (guarded !== is) add(guarded, { kind: "simplify", via: [], rules: guardsUsed(is, guarded, s) });
  }
  if (current === answer) return steps;
  const hasSums = nodes(current).some((n) => n.kind === "indexSum");
  add(answer, { kind: "simplify", via: [], ...optional({ note: hasSums ? "in matrix notation" : undefined }) });
  return steps;
}

function namesUsed(expr: Expr, tape: Tape): Variable[] {
  const inside = new Set<Expr>(nodes(expr));
  const out: Variable[] = [];
  // What a name stands for may hold further names.
  for (const node of [...tape.nodes].reverse()) {
    if (node === tape.root || !inside.has(node.variable)) continue;
    out.push(node.variable);
    for (const n of nodes(node.body)) inside.add(n);
  }
  return out;
}

/** The guarded rules of the functions that are gone. */
function guardsUsed(before: Expr, after: Expr, s: Setting): RuleReference[] {
  const operators = (e: Expr): Set<string> => new Set(nodes(e).flatMap((n) => (n.kind === "apply" ? [n.op] : [])));
  const [old, kept] = [operators(before), operators(after)];
  const rules = s.library.rules.filter((r) => r.kind === "guarded" && old.has(r.operator) && !kept.has(r.operator));
  return rules.slice(0, 1).map(reference);
}

/** The line that states the answer in the layout of the setting. */
export const turnedStep = (of: Expr, answer: Expr, { variable, layout }: Setting): Step => ({
  kind: "simplify",
  of,
  wrt: variable,
  via: [],
  is: answer,
  layout,
  rules: [],
  note: `in ${layout} layout`,
});
