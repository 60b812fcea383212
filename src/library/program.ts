// A question as a plan: the value of an expression and its derivatives as outputs of one
// program that shares their work.
//
// Not here: how a plan is written (src/codegen) and where it is asked for (code.ts, compile.ts).

import { fail } from "../base/diagnostic.ts";
import { arrangeShape, hessianVector } from "../calculus/directional.ts";
import { hasConventions } from "../calculus/symmetry.ts";
import { writeArranged } from "../calculus/views.ts";
import { type Form, formsBelow } from "../codegen/form/form.ts";
import { createLowering } from "../codegen/form/lower.ts";
import { type Structured, structureOf } from "../codegen/form/structured.ts";
import { createForms } from "../codegen/form/table.ts";
import type { Plan } from "../codegen/plan/plan.ts";
import { schedule, type Wanted } from "../codegen/plan/schedule.ts";
import type { TestClaim } from "../codegen/targets/target.ts";
import type { Target } from "../elaborate/target.ts";
import { isBinding } from "../expr/attributes.ts";
import { dimNames } from "../expr/dim.ts";
import { type Expr, nodes, type Variable, variables } from "../expr/expr.ts";
import { isScalarShape } from "../expr/shape.ts";
import type { Library } from "../rewrite/library.ts";
import { toTensor } from "../tensor/convert.ts";
import { applyGuards } from "../tensor/simplify.ts";
import { checkChoice, checkOutputs } from "./choice.ts";
import { readDirection } from "./direction.ts";
import { readAs } from "./fold.ts";
import { type Question, type Stated, state } from "./question.ts";
import { derivativeBy } from "./solve.ts";
import { targetName, targetsOf } from "./targets.ts";
import { readingChoice } from "./views.ts";

const OUTPUTS = ["value", "derivative", "hessian", "hvp"] as const;
/** What a program computes; `hvp` is the Hessian times a direction. */
export type OutputName = (typeof OUTPUTS)[number];

/** A question for a program. */
export interface ProgramQuestion extends Question {
  /** value and derivative unless stated. */
  readonly outputs?: readonly OutputName[];
  /** Sizes that are known; others count as typical ones where orders of multiplication are compared. */
  readonly sizes?: Readonly<Record<string, number>>;
  /** A Hessian as its parts where it is a Kronecker product, block-diagonal or diagonal: `hessian_core`, `hessian_left` and `hessian_right`, `hessian_blocks`, `hessian_diagonal`. */
  readonly structured?: boolean;
}

/** A plan, and what belongs to it. */
export interface Program {
  readonly stated: Stated;
  readonly plan: Plan;
  readonly claims: readonly TestClaim[];
  /** What is known of the structure of outputs, as sentences. */
  readonly structure: readonly string[];
}

interface Part {
  readonly name: string;
  readonly expr: Expr;
  readonly claim?: TestClaim;
  /** When it is turned into forms: what comes first is taken as it is by what follows. */
  readonly rank: number;
}

/** The plan of a question. Ends the call on a fault of the input. */
export function programOf(question: ProgramQuestion, library: Library): Program {
  const list = question.wrt === undefined ? [] : typeof question.wrt === "string" ? [question.wrt] : question.wrt;
  const asked = state(question, list, library);
  checkChoice(question);
  const outputNames = question.outputs ?? ["value", "derivative"];
  checkOutputs(outputNames, OUTPUTS);
  const wanted = new Set<OutputName>(outputNames);
  const sizes = sizesIn(question.sizes ?? {}, asked);
  const { parts, stated } = partsOf(asked, wanted, question);
  const forms = createForms();
  const lower = createLowering(forms, (name) => library.definition(name));
  const made = new Map<Part, Form>();
  for (const part of [...parts].sort((a, b) => a.rank - b.rank)) {
    const form = lower(part.expr);
    made.set(part, form);
    formsBelow([form], forms.claimed);
  }
  const used = new Set(parts.flatMap((p) => variables(p.expr).map((v) => v.name)));
  const given = [...stated.variables, ...parts.flatMap((p) => variables(p.expr))];
  const inputs: Variable[] = [];
  for (const v of given) if (used.has(v.name) && !inputs.some((i) => i.name === v.name)) inputs.push(v);
  const outputs: Wanted[] = [];
  const structure: string[] = [];
  const claims: TestClaim[] = [];
  for (const p of parts) {
    const form = made.get(p) as Form;
    const found: Structured | undefined = p.name.startsWith("hessian") ? structureOf(forms, form) : undefined;
    if (found !== undefined && question.structured === true) {
      for (const { suffix, form: part } of found.parts)
        outputs.push({ name: `${p.name}_${suffix}`, shape: [part.axes[0]?.key ?? "1", part.axes[1]?.key ?? "1"], form: part });
      structure.push(`${p.name} is ${found.relation(p.name)}`);
      continue;
    }
    outputs.push({ name: p.name, shape: [p.expr.shape.rows.key, p.expr.shape.cols.key], form });
    if (found !== undefined) structure.push(`${p.name} has a structure: asked for as such it is ${found.relation(p.name)}`);
    if (p.claim !== undefined && isTold(p.claim, used)) claims.push(p.claim);
  }
  const plan = schedule(outputs, { inputs, sizes });
  return { stated, plan, claims, structure };
}

/** The sizes that a question says are known, each one of its expression. */
function sizesIn(given: Readonly<Record<string, number>>, { variables: all, dims }: Stated): Map<string, number> {
  const whole = { start: 0, end: 0 };
  const own = new Set([...dims, ...all.flatMap(({ shape }) => [...dimNames(shape.rows), ...dimNames(shape.cols)])]);
  for (const [name, size] of Object.entries(given)) {
    if (!own.has(name)) {
      const fix = own.size === 0 ? "none: this has no size with a name" : [...own].join(", ");
      fail("declaration", `${JSON.stringify(name)} is no size of this expression`, whole, { fix });
    }
    if (!Number.isInteger(size) || size < 1) fail("declaration", `a size is a whole number from 1, and ${name} is ${size}`, whole);
  }
  return new Map(Object.entries(given));
}

/** Whether what moves in a claim is among the inputs: neither a linear function's gradient has the variable nor its Hessian the direction. */
const isTold = ({ by, along }: TestClaim, inputs: ReadonlySet<string>): boolean =>
  inputs.has(by) && (along === undefined || inputs.has(along));

function partsOf(asked: Stated, wanted: ReadonlySet<OutputName>, question: Question): { parts: Part[]; stated: Stated } {
  let stated = asked;
  const scalar = isScalarShape(stated.expr.shape);
  const parts: Part[] = [];
  if (wanted.has("value")) parts.push({ name: "value", expr: valueTerm(stated), rank: 0 });
  const rest = [...wanted].filter((w) => w !== "value");
  const targets = rest.length === 0 ? [] : targetsOf(stated);
  const several = targets.length > 1;
  const suffix = (t: Target): string => (several ? `_${targetName(t)}` : "");
  const order = question.order ?? 1;
  for (const t of targets) {
    const by = t.variable.name;
    const symmetric = hasConventions(t.variable);
    // Entries of other structures cannot be moved by themselves.
    const free = t.at === undefined && (symmetric || !t.variable.attributes.some(isBinding));
    const testable = free && wanted.has("value");
    if (wanted.has("derivative")) {
      const plain = scalar && order === 1 && (question.layout === undefined || question.layout === "mixed");
      const layout = question.layout ?? (plain ? "mixed" : "numerator");
      const { answer } = derivativeBy(
        stated,
        Array.from({ length: order }, () => t),
        layout,
        { names: false, symmetry: question.symmetry ?? "symmetric" },
      );
      const name = `${plain ? "gradient" : scalar && order === 2 ? "hessian" : scalar ? "derivative" : "jacobian"}${suffix(t)}`;
      const arranged = arrangementOf(stated, t, answer.layout ?? layout);
      parts.push({
        name,
        expr: answer.expr,
        rank: 2,
        ...(testable && order === 1 && (scalar || !symmetric) ? { claim: { output: name, of: "value", by, arranged, symmetric } } : {}),
      });
    }
    if (wanted.has("hessian") && !(wanted.has("derivative") && order === 2)) {
      const { answer } = derivativeBy(stated, [t, t], "numerator", { names: false });
      const name = `hessian${suffix(t)}`;
      const of = parts.find((p) => p.name === `gradient${suffix(t)}`);
      const claim =
        of === undefined || !free || symmetric ? {} : { claim: { output: name, of: of.name, by, arranged: "rows" as const, symmetric } };
      parts.push({ name, expr: answer.expr, rank: 1, ...claim });
    }
    if (wanted.has("hvp")) {
      if (!scalar) fail("shape", "a Hessian belongs to a number", { start: 0, end: 0 });
      if (t.at !== undefined) fail("unsupported", "a direction belongs to a whole variable", { start: 0, end: 0 });
      const product = hessianProduct(stated, t.variable);
      stated = product.stated;
      const name = `hvp${suffix(t)}`;
      const of = parts.find((p) => p.name === `gradient${suffix(t)}`);
      const along = product.direction.kind === "var" ? product.direction.name : undefined;
      const claim =
        of === undefined || along === undefined || !free
          ? {}
          : { claim: { output: name, of: of.name, by, arranged: "along" as const, along, symmetric } };
      parts.push({ name, expr: product.expr, rank: 3, ...claim });
    }
  }
  return { parts, stated };
}

/** The Hessian of a number times a direction that has a name of its own, in the variable's shape; the question with the direction. */
export function hessianProduct(asked: Stated, variable: Variable): { expr: Expr; direction: Expr; stated: Stated } {
  const letters = variable.shape.cols.key === "1" ? ["v", "u", "d"] : ["V", "U", "D"];
  const { expr: direction, stated } = readDirection(undefined, variable.shape, variable.name, asked, letters);
  const tensor = hessianVector(stated.expr, variable, direction, stated.library);
  const { expr } = writeArranged(tensor, arrangeShape(variable.shape), readingChoice(stated));
  return { expr, direction, stated };
}

// How the entries of a derivative by a whole variable lie.
function arrangementOf({ expr }: Stated, { variable }: Target, layout: string): TestClaim["arranged"] {
  const [own, by] = [expr.shape, variable.shape];
  if (isScalarShape(own) || isScalarShape(by)) {
    if (layout === "vec") return "rows";
    const numerator = layout === "numerator";
    const turned = isScalarShape(own) ? numerator : layout === "denominator";
    return turned ? "turned" : "shape";
  }
  return layout === "denominator" && own.cols.key === "1" && by.cols.key === "1" ? "columns" : "rows";
}

// A sum over indices is computed in its matrix notation where it has one.
function valueTerm(stated: Stated): Expr {
  const loops = (e: Expr): boolean => [...nodes(e)].some((n) => n.kind === "indexSum");
  if (!loops(stated.expr)) return stated.expr;
  const read = readAs(applyGuards(toTensor(stated.expr, { find: stated.library.find })), stated.expr.shape, stated);
  return loops(read) ? stated.expr : read;
}
