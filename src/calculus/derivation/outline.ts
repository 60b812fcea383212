// A derivation as headings and lines of printed formulas, the same for every format; the
// renderers only lay them out.
//
// What is decided here: which heading a step stands under, how ∂y/∂x is written, that
// entries print as w_i and derivatives named in a line as (∂y/∂U).

import { assertNever } from "../../base/assert.ts";
import * as build from "../../expr/build.ts";
import { type Expr, nodes } from "../../expr/expr.ts";
import { isMatrixShape, isScalarShape, shapeText } from "../../expr/shape.ts";
import { type Format, print } from "../../print/print.ts";
import type { Library } from "../../rewrite/library.ts";
import { shapeAxes } from "../../tensor/form/tensor.ts";
import type { Derivation, Intermediate, Link, NamedDerivative, RuleReference, Step } from "./model.ts";

/** One line of printed formulas. */
export interface Line {
  /** Names put back by this line, as `u3 = u2²`. */
  readonly lead: readonly string[];
  /** ∂y/∂x, or u1 in an equation; empty for a remark. */
  readonly left: string;
  /** Equal forms, in order. */
  readonly forms: readonly string[];
  readonly rules: readonly RuleReference[];
  readonly notes: readonly string[];
}

/** A heading and the lines under it, with the rules that they rest on. */
export interface Section {
  readonly title: string;
  readonly rules: readonly RuleReference[];
  readonly lines: readonly Line[];
}

/** All that a renderer lays out. */
export interface Outline {
  /** The result first: what was asked, and equal forms of the answer. */
  readonly head: Pick<Line, "left" | "forms"> | undefined;
  readonly remark: string;
  readonly sections: readonly Section[];
}

/** Prints terms and derivatives in one format. */
export interface Speller {
  readonly format: Format;
  term(expr: Expr, symbols?: readonly NamedDerivative[]): string;
  /** ∂of/∂wrt, or d(of). */
  derivative(of: Expr, wrt: Expr | undefined): string;
}

/** Stand-ins for derivatives named in a line: characters that no name has. */
const PRIVATE = 0xe000;

/** Writes terms and derivatives in a format. */
export function createSpeller(format: Format, library: Library): Speller {
  const plain = (expr: Expr): string => print(entriesAsNames(expr, library), { format, functions: library.functions, shapeKnown: true });
  // A derivative with more than two axes is stated for the stacked columns.
  const vectorized = (expr: Expr): string =>
    isMatrixShape(expr.shape) ? (format === "latex" ? `\\operatorname{vec}(${plain(expr)})` : `vec(${plain(expr)})`) : atom(expr);
  const atom = (expr: Expr): string => {
    const text = plain(expr);
    const named = expr.kind === "var" || expr.kind === "entry";
    return named ? text : format === "latex" ? `\\left( ${text} \\right)` : `(${text})`;
  };
  const derivative = (of: Expr, wrt: Expr | undefined): string => {
    if (wrt === undefined) return format === "latex" ? `\\mathrm{d}${atom(of)}` : `d${atom(of)}`;
    const said = shapeAxes(of.shape).length + shapeAxes(wrt.shape).length > 2 ? vectorized : atom;
    return format === "latex" ? `\\frac{\\partial ${said(of)}}{\\partial ${said(wrt)}}` : `∂${said(of)}/∂${said(wrt)}`;
  };
  return {
    format,
    derivative,
    term: (expr, symbols = []) => {
      const alone = symbols.find((x) => x.variable === expr);
      if (alone !== undefined) return derivative(alone.of, alone.wrt);
      const by = new Map<Expr, Expr>(
        symbols.map((x, i) => [x.variable, build.variable(String.fromCodePoint(PRIVATE + i), x.variable.shape)]),
      );
      let text = plain(build.substitute(expr, by, library.functions));
      symbols.forEach((x, i) => {
        const sign = String.fromCodePoint(PRIVATE + i);
        const said = derivative(x.of, x.wrt);
        const bracketed = x.wrt === undefined ? said : format === "latex" ? `\\left( ${said} \\right)` : `(${said})`;
        text = text.replaceAll(new RegExp(`\\\\(?:mathbf|mathit)\\{${sign}\\}|${sign}`, "gu"), () => bracketed);
      });
      return text;
    },
  };
}

/** w[i] as w_i: a number in the i-th equation. */
function entriesAsNames(expr: Expr, library: Library): Expr {
  const by = new Map<Expr, Expr>();
  for (const node of nodes(expr)) {
    if (node.kind !== "entry" || !isScalarShape(node.shape)) continue;
    const [row, column] = node.at;
    const source = node.args[0] as Expr;
    if (row.kind === "bound" && column.kind === "all" && source.kind === "var")
      by.set(node, build.variable(`${source.name}_${row.name}`, node.shape));
  }
  return build.substitute(expr, by, library.functions);
}

/** The derivation as an outline. */
export function outline(derivation: Derivation, speller: Speller): Outline {
  const { steps, answer, variable, expr } = derivation;
  const sections: Section[] = [];
  const equations = equationLines(derivation.intermediates, speller);
  const rewrites = steps.filter((l) => l.kind === "rewrite");
  if (rewrites.length > 0) sections.push({ title: TITLES.rewrite, rules: [], lines: rewrites.map((l) => rewriteLine(l, speller)) });
  sections.push({ title: TITLES.introduce, rules: [], lines: equations });
  let last: { title: string; rules: RuleReference[]; lines: Line[] } | undefined;
  const combination = steps.filter((l) => l.kind === "combine");
  for (const step of steps) {
    if (step.kind === "rewrite") continue;
    const title = titleOf(step);
    if (last === undefined || last.title !== title) {
      const rules = step.kind === "combine" ? (combination[combination.length - 1]?.rules ?? []) : [];
      last = { title, rules: [...rules], lines: [] };
      sections.push(last);
    }
    last.lines.push(stepLine(step, derivation, speller, last.rules));
  }
  const said = [answer, ...(derivation.cases === undefined ? [] : [derivation.cases])].map((e) => speller.term(e));
  return {
    head: { left: speller.derivative(expr, variable), forms: [...new Set(said)] },
    remark: `${isScalarShape(answer.shape) ? "a number" : shapeText(answer.shape)}, ${derivation.layout} layout`,
    sections,
  };
}

/** One line an equation. */
export const equationLines = (list: readonly Intermediate[], speller: Speller): Line[] =>
  list.map((n) => ({
    lead: [],
    left: speller.term(n.variable),
    forms: [speller.term(n.expr)],
    rules: [],
    notes: n.index === undefined ? [] : [`for every ${n.index.name}`],
  }));

const TITLES = {
  rewrite: "Rewrite",
  introduce: "Introduce intermediate variables",
  differentiate: "Differentiate each",
  combine: "Combine",
  substitute: "Substitute",
  entries: "Entry by entry",
} as const;

function titleOf(step: Step): string {
  switch (step.kind) {
    case "rewrite":
      return TITLES.rewrite;
    case "entry":
      return TITLES.entries;
    case "element":
    case "partial":
    case "total":
      return TITLES.differentiate;
    case "combine":
      return TITLES.combine;
    case "substitute":
    case "simplify":
      return TITLES.substitute;
    default:
      return assertNever(step.kind);
  }
}

const rewriteLine = (step: Step, speller: Speller): Line => ({
  lead: [],
  left: speller.term(step.of),
  forms: [speller.term(step.is)],
  rules: step.rules,
  notes: step.note === undefined ? [] : [step.note],
});

function stepLine(step: Step, derivation: Derivation, speller: Speller, said: readonly RuleReference[]): Line {
  const entry = step.kind === "entry" ? entryOf(derivation, step, speller) : undefined;
  const left =
    entry !== undefined
      ? entry
      : step.differential === true
        ? speller.derivative(step.of, undefined)
        : speller.derivative(step.of, step.wrt);
  const formula = step.chain === undefined ? undefined : chainFormula(step, step.chain, speller);
  const values = [...step.via, step.is].map((e) => speller.term(e, step.symbols));
  if (entry !== undefined) values.unshift(speller.derivative(step.of, step.wrt));
  const isLast = derivation.steps.findLast((l) => l.kind !== "entry") === step;
  const cases = step.cases === undefined || !(step.kind === "partial" || step.kind === "total" || isLast) ? [] : [speller.term(step.cases)];
  const forms = [...(formula === undefined || formula === left ? [] : [formula]), ...values, ...cases].filter(
    (f, i, all) => i === 0 || f !== all[i - 1],
  );
  const definitions = new Map(derivation.intermediates.map((n) => [n.variable, n.expr]));
  const lead = (step.names ?? []).map((v) => `${speller.term(v)} = ${speller.term(definitions.get(v) ?? v)}`);
  const rules = step.rules.filter((r) => !said.some((x) => x.name === r.name));
  return {
    lead,
    left,
    forms,
    rules,
    notes: [...(step.kind === "total" ? ["total derivative"] : []), ...(step.note === undefined ? [] : [step.note])],
  };
}

/** ∂y/∂w_i, or ∂y_i/∂w_i of a vector. */
function entryOf(derivation: Derivation, step: Step, speller: Speller): string {
  const { result } = derivation;
  if (isScalarShape(result.shape) || step.index === undefined) return speller.derivative(result, step.wrt);
  return speller.derivative(
    build.entry(result, [{ kind: "bound", name: step.index.name, range: step.index.range }, { kind: "all" }]),
    step.wrt,
  );
}

/** The chain rule in symbols: ∂y/∂u ∂u/∂x + …; undefined where a factor is the left side itself or there is none to speak of. */
function chainFormula(step: Step, chain: readonly (readonly Link[])[], speller: Speller): string | undefined {
  const links = chain.flat();
  if (links.length < 2 || links.length > MOST_LINKS || step.symbols !== undefined) return undefined;
  if (links.some((l) => l.of === step.of && l.wrt === step.wrt)) return undefined;
  if (chain.some((path) => path[0]?.of !== step.of)) return undefined;
  const scalarByVector = isScalarShape(step.of.shape) && !isScalarShape(step.wrt.shape);
  const product = (path: readonly Link[]): string => {
    const fraction = (l: Link): string => speller.derivative(l.of, l.wrt);
    if (step.layout === "denominator") return [...path].reverse().map(fraction).join(" ");
    if (step.layout !== "mixed" || !scalarByVector) return path.map(fraction).join(" ");
    const turned = (l: Link): string => {
      const text = fraction(l);
      if (isScalarShape(l.of.shape)) return text;
      return speller.format === "latex" ? `\\left( ${text} \\right)^{\\top}` : `(${text})${speller.format === "ascii" ? "'" : "ᵀ"}`;
    };
    return [...path].reverse().map(turned).join(" ");
  };
  return chain.map(product).join(" + ");
}

const MOST_LINKS = 8;
