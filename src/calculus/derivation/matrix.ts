// Steps two and three where matrices are among the values, so that local derivatives have
// three or four axes. A number is differentiated backwards, every line a gradient in the
// shape of what it is by (the shape convention); anything else forwards, every line a
// differential, from which the derivative is read off at the end.

import * as build from "../../expr/build.ts";
import type { Layout } from "../../expr/conventions.ts";
import type { Expr, Variable } from "../../expr/expr.ts";
import { isScalarShape } from "../../expr/shape.ts";
import { pullBack, pushForward } from "./adjoint.ts";
import { asCases } from "./cases.ts";
import { LONG_TAPE } from "./chain.ts";
import { CHAIN_RULES, rulesFor } from "./cite.ts";
import type { Tape, TapeNode } from "./introduce.ts";
import { derivativeOf, type Setting } from "./local.ts";
import type { Link, NamedDerivative, Step } from "./model.ts";
import { substituteSteps, turnedStep } from "./substitute.ts";
import { simplify } from "./terms.ts";

/** All lines after the equations, the answer last. */
export function matrixSteps(tape: Tape, s: Setting, answer: Expr): Step[] {
  return isScalarShape(tape.root.variable.shape) ? gradientSteps(tape, s, answer) : differentialSteps(tape, s, answer);
}

function gradientSteps(tape: Tape, s: Setting, answer: Expr): Step[] {
  const { root } = tape;
  const layout: Layout = s.layout === "numerator" ? "numerator" : "denominator";
  const here: Setting = { ...s, layout };
  const long = tape.nodes.length > LONG_TAPE;
  const gradients = new Map<Expr, NamedDerivative>();
  const steps: Step[] = [];
  const consumers = new Map<Expr, TapeNode[]>();
  for (const node of tape.nodes) for (const o of node.operands) consumers.set(o, [node, ...(consumers.get(o) ?? [])]);
  const targets: { variable: Variable; node: TapeNode | undefined }[] = [
    ...[...tape.nodes]
      .reverse()
      .filter((n) => n !== root && n.operands.length > 0)
      .map((node) => ({ variable: node.variable, node })),
    { variable: s.variable, node: undefined },
  ];
  for (const { variable, node } of targets) {
    const uses = consumers.get(variable) ?? [];
    if (uses.length === 0) continue;
    const gives = (use: TapeNode, upstream: (symbol: NamedDerivative) => Expr): Expr => {
      if (use === root) return root.body.kind === "indexSum" ? build.num(1) : derivativeOf(root.body, variable, here);
      return pullBack(use, variable, upstream(gradients.get(use.variable) as NamedDerivative), here, layout, node?.index === undefined);
    };
    const inSymbols = addAll(uses.map((use) => gives(use, (g) => g.variable)));
    const inValues = long ? inSymbols : addAll(uses.map((use) => gives(use, (g) => g.is)));
    const is = long ? inSymbols : simplify(inValues, here, { sums: true });
    const local = uses.every((use) => use === root);
    const symbols = uses.flatMap((use) => (use === root ? [] : [gradients.get(use.variable) as NamedDerivative]));
    const cases = asCases(is);
    steps.push({
      kind: local ? "partial" : "combine",
      of: root.variable,
      wrt: variable,
      via: (local ? [inValues] : [inSymbols, inValues]).filter((v, i, all) => v !== is && all.indexOf(v) === i),
      is,
      layout,
      rules: local && uses.length === 1 ? rulesFor(root.body, variable, root.operands, s.library) : [CHAIN_RULES.shape],
      ...(local ? {} : { chain: uses.map((use) => linksThrough(root, use, gradients)) }),
      ...(symbols.length === 0 ? {} : { symbols }),
      ...(cases === undefined ? {} : { cases }),
      ...(node?.index === undefined ? {} : { index: node.index }),
      ...(uses.length > 1 ? { note: "contributions add" } : {}),
    });
    gradients.set(variable, {
      variable: build.variable(`∂${root.variable.name}/∂${variable.name}`, is.shape),
      of: root.variable,
      wrt: variable,
      is,
    });
  }
  const last = steps[steps.length - 1] as Step;
  const stated = layout === s.layout || s.layout === "mixed" ? answer : simplify(answer, here);
  const sameForm = stated.shape.rows === last.is.shape.rows && stated.shape.cols === last.is.shape.cols;
  const end = sameForm ? stated : undefined;
  const put = substituteSteps(tape, last.is, end ?? simplify(expanded(tape, last.is, s), here), root.variable, here);
  return [...steps, ...put, ...(end === answer ? [] : [turnedStep(root.variable, answer, s)])];
}

const linksThrough = (root: TapeNode, use: TapeNode, gradients: ReadonlyMap<Expr, NamedDerivative>): Link[] => {
  const upstream = gradients.get(use.variable);
  return upstream === undefined ? [] : [{ of: root.variable, wrt: use.variable, is: upstream.is }];
};

function expanded(tape: Tape, expr: Expr, s: Setting): Expr {
  let out = expr;
  for (const node of [...tape.nodes].reverse())
    if (node !== tape.root) out = build.substitute(out, new Map([[node.variable as Expr, node.body]]), s.library.functions);
  return out;
}

const addAll = (list: readonly Expr[]): Expr => (list.length === 1 ? (list[0] as Expr) : build.apply("add", list));

/** Forwards: dU of every name in the differentials of its operands; by a number, ∂U/∂t in the shape of U. */
function differentialSteps(tape: Tape, s: Setting, answer: Expr): Step[] {
  const { root } = tape;
  const byNumber = isScalarShape(s.variable.shape);
  const here: Setting = { ...s, layout: "numerator" };
  const mark = byNumber ? {} : { differential: true as const };
  const nameOf = (v: Variable): string => (byNumber ? `∂${v.name}/∂${s.variable.name}` : `d${v.name}`);
  const seed = byNumber ? build.num(1) : build.variable(`d${s.variable.name}`, s.variable.shape);
  const long = tape.nodes.length > LONG_TAPE;
  const tangents = new Map<Expr, { symbol: Expr; is: Expr }>([[s.variable, { symbol: seed, is: seed }]]);
  const steps: Step[] = [];
  for (const node of tape.nodes) {
    if (node.operands.length === 0) continue;
    const moved = (pick: (t: { symbol: Expr; is: Expr }) => Expr): Expr => {
      if (node.body.kind === "indexSum")
        return build.indexSum(
          node.body.index,
          node.body.range,
          pick(tangents.get(node.body.args[0] as Expr) as { symbol: Expr; is: Expr }),
        );
      return addAll(node.operands.map((o) => pushForward(node.body, o, pick(tangents.get(o) as { symbol: Expr; is: Expr }), here)));
    };
    const direct = node.operands.every((o) => o === s.variable);
    const inSymbols = direct && byNumber ? derivativeOf(node.body, s.variable, here) : moved((t) => t.symbol);
    const inValues = long || direct ? inSymbols : moved((t) => t.is);
    const is = long ? inSymbols : simplify(inValues, here, { sums: true });
    const symbols = node.operands.flatMap((o): NamedDerivative[] => {
      const t = tangents.get(o);
      return t === undefined || t.symbol.kind !== "var" || o === s.variable
        ? []
        : [{ variable: t.symbol, of: o, ...(byNumber ? { wrt: s.variable } : {}), is: t.is }];
    });
    const rules = node.operands.length === 1 ? rulesFor(node.body, node.operands[0] as Variable, node.operands, s.library) : [];
    steps.push({
      kind: node === root && !direct ? "combine" : direct ? "partial" : "total",
      of: node.variable,
      wrt: s.variable,
      via: [inSymbols, inValues].filter((v, i, all) => v !== is && all.indexOf(v) === i),
      is,
      layout: "numerator",
      rules: node === root && !direct ? [CHAIN_RULES.differential] : rules.length > 0 ? rules : [CHAIN_RULES.differential],
      ...mark,
      ...(symbols.length === 0 ? {} : { symbols }),
      ...(node.index === undefined ? {} : { index: node.index }),
    });
    tangents.set(node.variable, { symbol: build.variable(nameOf(node.variable), node.variable.shape), is });
  }
  const last = steps[steps.length - 1] as Step;
  const line = { of: root.variable, wrt: s.variable, via: [], layout: s.layout, rules: [] };
  if (long) return [...steps, { ...line, kind: "simplify", is: answer }];
  const end = simplify(expanded(tape, last.is, s), here, { guards: true });
  const put = substituteSteps(tape, last.is, end, root.variable, here).map((l) => ({ ...l, ...mark }));
  const stated = byNumber && end === answer;
  return [
    ...steps,
    ...put,
    ...(stated
      ? []
      : [{ ...line, kind: "simplify" as const, is: answer, note: byNumber ? `in ${s.layout} layout` : "read off the differential" }]),
  ];
}
