// Forwards, from what is differentiated by to the whole: every line is the differential of a name in those
// of its operands, from which the derivative is read off at the end; by a number, ∂U/∂t in the shape of U.

import { optional } from "../../base/optional.ts";
import * as build from "../../expr/build.ts";
import type { Expr } from "../../expr/expr.ts";
import { isScalarShape } from "../../expr/shape.ts";
import { pushForward } from "./adjoint.ts";
import { LONG_TAPE } from "./chain.ts";
import { CHAIN_RULES, rulesFor } from "./cite.ts";
import type { Tape, TapeNode } from "./introduce.ts";
import { distinctForms, expanded, lineOf } from "./line.ts";
import { derivativeOf, type Setting } from "./local.ts";
import type { NamedDerivative, Step } from "./model.ts";
import { substituteSteps } from "./substitute.ts";
import { simplify } from "./terms.ts";

/** All lines after the equations, the answer last. */
export function differentialSteps(tape: Tape, s: Setting, answer: Expr): Step[] {
  const byNumber = isScalarShape(s.variable.shape);
  const seed = byNumber ? build.num(1) : build.variable(`d${s.variable.name}`, s.variable.shape);
  const pass: Pass = {
    tape,
    here: { ...s, layout: "numerator" },
    byNumber,
    mark: byNumber ? {} : { differential: true },
    tangents: new Map([[s.variable, { symbol: seed, is: seed }]]),
  };
  const steps = tape.nodes.filter((node) => node.operands.length > 0).map((node) => differentialStep(pass, node));
  return [...steps, ...closingSteps(pass, s, (steps[steps.length - 1] as Step).is, answer)];
}

/** How a name changes: the symbol for it, and what it is. */
interface Tangent {
  readonly symbol: Expr;
  readonly is: Expr;
}

interface Pass {
  readonly tape: Tape;
  /** In the layout of the lines. */
  readonly here: Setting;
  readonly byNumber: boolean;
  readonly mark: Pick<Step, "differential">;
  /** Of what is differentiated by, and of each name that has had its line. */
  readonly tangents: Map<Expr, Tangent>;
}

function differentialStep(pass: Pass, node: TapeNode): Step {
  const { tape, here, byNumber, tangents } = pass;
  const by = here.variable;
  const isDirect = node.operands.every((o) => o === by);
  const isWhole = node === tape.root && !isDirect;
  const inOwn = isDirect && byNumber ? derivativeOf(node.body, by, here) : moved(pass, node, (t) => t.symbol);
  const { inSymbols, inValues, is } = lineOf(tape, here, inOwn, () => (isDirect ? inOwn : moved(pass, node, (t) => t.is)));
  const symbols = symbolsOf(pass, node);
  const [only, ...more] = node.operands;
  const cited = only !== undefined && more.length === 0 ? rulesFor(node.body, only, node.operands, here.library) : [];
  const name = byNumber ? `∂${node.variable.name}/∂${by.name}` : `d${node.variable.name}`;
  tangents.set(node.variable, { symbol: build.variable(name, node.variable.shape), is });
  return {
    kind: isWhole ? "combine" : isDirect ? "partial" : "total",
    of: node.variable,
    wrt: by,
    via: distinctForms([inSymbols, inValues], is),
    is,
    layout: here.layout,
    rules: isWhole || cited.length === 0 ? [CHAIN_RULES.differential] : cited,
    ...pass.mark,
    ...(symbols.length === 0 ? {} : { symbols }),
    ...optional({ index: node.index }),
  };
}

/** How a name changes with its operands, these as `pick` has them. */
function moved({ here, tangents }: Pass, { body, operands }: TapeNode, pick: (t: Tangent) => Expr): Expr {
  const change = (of: Expr): Expr => pick(tangents.get(of) as Tangent);
  if (body.kind === "indexSum") return build.indexSum(body.index, body.range, change(body.args[0] as Expr));
  return build.add(...operands.map((o) => pushForward(body, o, change(o), here)));
}

/** The symbols of lines before that a line speaks of. */
const symbolsOf = ({ here: { variable: by }, byNumber, tangents }: Pass, { operands }: TapeNode): NamedDerivative[] =>
  operands.flatMap((of) => {
    const t = tangents.get(of);
    if (t === undefined || t.symbol.kind !== "var" || of === by) return [];
    return [{ variable: t.symbol, of, ...(byNumber ? { wrt: by } : {}), is: t.is }];
  });

/** Names put back, and the derivative read off. */
function closingSteps({ tape, here, byNumber, mark }: Pass, s: Setting, last: Expr, answer: Expr): Step[] {
  const { root } = tape;
  const line = { kind: "simplify", of: root.variable, wrt: s.variable, via: [], is: answer, layout: s.layout, rules: [] } as const;
  if (tape.nodes.length > LONG_TAPE) return [line];
  const end = simplify(expanded(tape, last, s), here, { guards: true });
  const put = substituteSteps(tape, last, end, root.variable, here).map((l): Step => ({ ...l, ...mark }));
  if (byNumber && end === answer) return put;
  return [...put, { ...line, note: byNumber ? `in ${s.layout} layout` : "read off the differential" }];
}
