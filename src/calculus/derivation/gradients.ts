// Backwards, from a number to what it is differentiated by: every line is a gradient in the shape of what
// it is by (the shape convention), what its consumers give back added up.

import { optional } from "../../base/optional.ts";
import * as build from "../../expr/build.ts";
import type { Expr, Variable } from "../../expr/expr.ts";
import { sameShape } from "../../expr/shape.ts";
import { pullBack } from "./adjoint.ts";
import { asCases } from "./cases.ts";
import { CHAIN_RULES, rulesFor } from "./cite.ts";
import type { Tape, TapeNode } from "./introduce.ts";
import { distinctForms, expanded, lineOf } from "./line.ts";
import { derivativeOf, type Setting } from "./local.ts";
import type { NamedDerivative, Step } from "./model.ts";
import { substituteSteps, turnedStep } from "./substitute.ts";
import { simplify } from "./terms.ts";

/** All lines after the equations, the answer last. */
export function gradientSteps(tape: Tape, s: Setting, answer: Expr): Step[] {
  const here: Setting = { ...s, layout: s.layout === "numerator" ? "numerator" : "denominator" };
  const pass: Pass = { tape, here, gradients: new Map() };
  const uses = usesIn(tape);
  const inner = tape.nodes.filter((n) => n !== tape.root && n.operands.length > 0).reverse();
  const steps = [...inner, undefined].flatMap((node): Step[] => {
    const by = node?.variable ?? s.variable;
    const own = uses.get(by) ?? [];
    return own.length === 0 ? [] : [gradientStep(pass, by, own, node?.index)];
  });
  return [...steps, ...closingSteps(tape, s, here, (steps[steps.length - 1] as Step).is, answer)];
}

interface Pass {
  readonly tape: Tape;
  /** In the layout of the lines. */
  readonly here: Setting;
  /** Of the root by each name that has had its line. */
  readonly gradients: Map<Expr, NamedDerivative>;
}

/** Where each name is used, the last use first. */
function usesIn(tape: Tape): ReadonlyMap<Expr, readonly TapeNode[]> {
  const uses = new Map<Expr, TapeNode[]>();
  for (const node of tape.nodes) for (const o of node.operands) uses.set(o, [node, ...(uses.get(o) ?? [])]);
  return uses;
}

function gradientStep(pass: Pass, by: Variable, uses: readonly TapeNode[], index: TapeNode["index"]): Step {
  const { tape, here, gradients } = pass;
  const { root } = tape;
  const given = (use: TapeNode, pick: (g: NamedDerivative) => Expr): Expr =>
    use === root ? fromRoot(pass, by) : pullBack(use, by, pick(upstream(pass, use)), here, here.layout, index === undefined);
  const total = (pick: (g: NamedDerivative) => Expr): Expr => build.add(...uses.map((use) => given(use, pick)));
  const { inSymbols, inValues, is } = lineOf(
    tape,
    here,
    total((g) => g.variable),
    () => total((g) => g.is),
  );
  const isLocal = uses.every((use) => use === root);
  const symbols = uses.filter((use) => use !== root).map((use) => upstream(pass, use));
  const cases = asCases(is);
  const chain = uses.map((use) => (use === root ? [] : [{ of: root.variable, wrt: use.variable, is: upstream(pass, use).is }]));
  gradients.set(by, { variable: build.variable(`∂${root.variable.name}/∂${by.name}`, is.shape), of: root.variable, wrt: by, is });
  return {
    kind: isLocal ? "partial" : "combine",
    of: root.variable,
    wrt: by,
    via: distinctForms(isLocal ? [inValues] : [inSymbols, inValues], is),
    is,
    layout: here.layout,
    rules: isLocal && uses.length === 1 ? rulesFor(root.body, by, root.operands, here.library) : [CHAIN_RULES.shape],
    ...(isLocal ? {} : { chain }),
    ...(symbols.length === 0 ? {} : { symbols }),
    ...optional({ cases, index }),
    ...(uses.length > 1 ? { note: "contributions add" } : {}),
  };
}

const upstream = ({ gradients }: Pass, use: TapeNode): NamedDerivative => gradients.get(use.variable) as NamedDerivative;

const fromRoot = ({ tape: { root }, here }: Pass, by: Variable): Expr =>
  root.body.kind === "indexSum" ? build.num(1) : derivativeOf(root.body, by, here);

/** Names put back, and the layout that was asked for where it is another one. */
function closingSteps(tape: Tape, s: Setting, here: Setting, last: Expr, answer: Expr): Step[] {
  const { root } = tape;
  const stated = here.layout === s.layout || s.layout === "mixed" ? answer : simplify(answer, here);
  const end = sameShape(stated.shape, last.shape) ? stated : undefined;
  const put = substituteSteps(tape, last, end ?? simplify(expanded(tape, last, s), here), root.variable, here);
  return [...put, ...(end === answer ? [] : [turnedStep(root.variable, answer, s)])];
}
