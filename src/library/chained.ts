// Sides of a claim with derivatives as factors, as the chain rule has them: dy/du du/dx.
//
// Invariant: a derivative stands for its value only where both of its names are known; no side
// that is one derivative by itself is read here.

import { fail, InputError } from "../base/diagnostic.ts";
import { type Problem, parseExpression } from "../elaborate/elaborate.ts";
import { variable } from "../expr/build.ts";
import { type Expr, nodes, type Unknown, type Variable } from "../expr/expr.ts";
import { writeDerivative } from "./derivative.ts";
import { differentiatedBy } from "./forms.ts";
import { type Settled, substitute } from "./question.ts";
import type { Part } from "./statement.ts";

/** A derivative of one name by another inside a product: dy/du in dy/du du/dx. */
interface ChainLink {
  readonly text: string;
  /** A variable, a defined name, or a name that depends on others. */
  readonly of: Expr;
  readonly by: Variable;
}

/** How the derivatives of a side may be meant. */
interface Way {
  readonly layout: "numerator" | "denominator";
  /** The names between held constant. */
  readonly partial: boolean;
}

const WAYS: readonly Way[] = [
  { layout: "numerator", partial: false },
  { layout: "numerator", partial: true },
  { layout: "denominator", partial: false },
  { layout: "denominator", partial: true },
];

const LINK = /(?<![\p{L}\p{N}_])[d∂](\p{L}[\p{L}\p{N}_]*)\s*\/\s*[d∂](\p{L}[\p{L}\p{N}_]*)(?![\p{L}\p{N}_])/gu;

/** Whether a text has derivatives of names by names in it. */
export const hasLinks = (text: string): boolean => text.search(LINK) >= 0;

/** A side with derivatives as factors, in every layout and both as total and as partial ones, as far as the shapes fit; none where it has no such factors. */
export function readChained(problem: Problem, side: Part, settled: Settled): Expr[] {
  const links = chainLinks(problem, side);
  if (links.length === 0) return [];
  const { functions } = settled.library;
  // A name that depends on others stands alone for its value.
  const dependents = dependentsIn(problem).map((of) => ({ name: variable(of.name, of.shape), value: of }));
  const known = [...problem.variables, ...problem.definitions.map((d) => d.variable)];
  const unknowns = problem.unknowns.filter((u) => !dependents.some((d) => d.name.name === u.name));
  return WAYS.flatMap((way): Expr[] => {
    const names = new Map<string, { name: Variable; value: Expr }>();
    for (const link of links) {
      const value = linkValue(problem, link, way, settled);
      if (value === undefined) return [];
      names.set(link.text, { name: variable(nameOf(link.text), value.shape), value });
    }
    const named = [...names.values(), ...dependents];
    const read = parseExpression(
      side.text.replace(LINK, (text) => (names.has(text) ? nameOf(text).padEnd(text.length) : text)),
      {
        variables: [...known, ...named.map((n) => n.name)],
        functions,
        unknowns,
        dims: problem.dims,
        dialect: settled.dialect ?? "standard",
      },
    );
    return read.ok ? [substitute(read.expr, new Map<Expr, Expr>(named.map((n) => [n.name, n.value])), functions)] : [];
  });
}

/** The derivatives of known names that a side multiplies or adds; none where it is one itself. */
function chainLinks(problem: Problem, side: Part): ChainLink[] {
  const find = (name: string | undefined): Variable | undefined =>
    problem.definitions.find((d) => d.name === name)?.variable ?? problem.variables.find((v) => v.name === name);
  const dependents = dependentsIn(problem);
  const dependent = (name: string | undefined): Expr | undefined => dependents.find((e) => e.name === name);
  const found = [...side.text.matchAll(LINK)].flatMap((m): ChainLink[] => {
    const [of, by] = [find(m[1]) ?? dependent(m[1]), find(m[2])];
    const start = side.start + m.index;
    if (of !== undefined && by === undefined && dependent(m[2]) !== undefined)
      fail("unsupported", `${m[2]} depends on other variables and is none itself`, { start, end: start + m[0].length });
    return of === undefined || by === undefined || find(`d${m[1]}`) !== undefined ? [] : [{ text: m[0], of, by }];
  });
  return found[0]?.text === side.text ? [] : found;
}

/** The names u of u(x) in what is differentiated and in definitions, each once. */
const dependentsIn = ({ expr, definitions }: Problem): Unknown[] => {
  const terms = [expr, ...definitions.map((d) => d.expr)].flatMap((e) => nodes(e));
  const found = terms.flatMap((e) => (e.kind === "unknown" && e.derivatives.length === 0 ? [e] : []));
  return found.filter((e) => found.find((f) => f.name === e.name) === e);
};

const nameOf = (text: string): string => text.replace(/\s/g, "").replaceAll("∂", "d").replace("/", "_");

function linkValue(problem: Problem, { of, by }: ChainLink, { layout, partial }: Way, settled: Settled): Expr | undefined {
  const side = { kind: "derivative", form: "derivative", of, by: [{ variable: by }] } as const;
  try {
    const { stated, by: targets, partial: held = stated } = differentiatedBy(problem, side, settled, layout);
    return writeDerivative(partial ? held : stated, targets, layout).expr;
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}
