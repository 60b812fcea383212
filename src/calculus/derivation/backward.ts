// Forward and backward pass as an outline: one section for the values, one for every node
// that gradients pass through, one for the gradients of the variables.
//
// Invariant: every printed formula is a term of the passes; nothing is computed here. Not here: how
// sections are laid out (text.ts, markdown.ts, latex.ts).

import type { Backpropagation, BackwardNode, VariableGradient } from "./backpropagation.ts";
import type { NamedDerivative } from "./model.ts";
import { equationLines, type Line, type Outline, type Section, type Speller } from "./outline.ts";

/** The passes as headings and lines. */
export function backpropagationOutline(b: Backpropagation, speller: Speller): Outline {
  const symbols = b.backward.map((n) => n.symbol);
  const sections: Section[] = [
    { title: "Forward", rules: [], lines: equationLines(b.forward, speller) },
    ...b.backward.map((n) => ({ title: `Backward through ${n.node.name}`, rules: [], lines: nodeLines(n, b, symbols, speller) })),
    { title: "Gradients", rules: [], lines: b.gradients.map((g) => gradientLine(g, b, symbols, speller)) },
  ];
  return { head: undefined, remark: "gradients in the shape of what they are by", sections };
}

const line = (left: string, forms: readonly string[], notes: readonly string[]): Line => ({
  lead: [],
  left,
  forms: forms.filter((f, i) => i === 0 || f !== forms[i - 1]),
  rules: [],
  notes,
});

function nodeLines(n: BackwardNode, b: Backpropagation, symbols: readonly NamedDerivative[], speller: Speller): Line[] {
  const shared = b.shared.find((g) => g.variable === n.node);
  const sum = shared === undefined ? [] : [shared.contributions.map((c) => speller.term(c.is, symbols)).join(" + ")];
  const upstream = line(speller.derivative(b.result, n.node), [...sum, speller.term(n.upstream, symbols)], ["upstream"]);
  return [
    upstream,
    ...n.downstream.flatMap((d) => {
      const uses = b.backward.filter((x) => x.downstream.some((y) => y.operand === d.operand)).length;
      const note = uses > 1 ? [`downstream, one of ${uses} contributions`] : ["downstream"];
      const down = line(speller.derivative(b.result, d.operand), [speller.term(d.symbolic, [n.symbol]), speller.term(d.is, symbols)], note);
      const local =
        d.local === undefined
          ? []
          : [{ ...line(speller.derivative(n.node, d.operand), [speller.term(d.local)], ["local"]), rules: d.rules }];
      return [...local, d.local === undefined ? { ...down, rules: d.rules } : down];
    }),
  ];
}

function gradientLine(g: VariableGradient, b: Backpropagation, symbols: readonly NamedDerivative[], speller: Speller): Line {
  const sum = g.contributions.length > 1 ? [g.contributions.map((c) => speller.term(c.is, symbols)).join(" + ")] : [];
  return line(speller.derivative(b.result, g.variable), [...sum, speller.term(g.inNames, symbols), speller.term(g.is, symbols)], []);
}
