// A question as a program: source text of a target that computes the value of an expression
// and its derivatives, with a self-test at a point inside its domain.
//
// Invariant: the point of a self-test is one at which the plan itself, run here, agrees with
// its differences; what a target then finds there is its own.

import { fail } from "../base/diagnostic.ts";
import { axesOf } from "../codegen/form/form.ts";
import { interpret, type Value } from "../codegen/javascript/interpret.ts";
import { planWork, type Work } from "../codegen/plan/work.ts";
import { functionName } from "../codegen/targets/functionName.ts";
import { toMathjs } from "../codegen/targets/mathjs.ts";
import { mathJsonText, toMathJson } from "../codegen/targets/mathjson.ts";
import { toMathml } from "../codegen/targets/mathml.ts";
import type { Sample, TestPoint, Unit } from "../codegen/targets/target.ts";
import { EXPRESSION_TARGETS, type ExpressionTarget, PROGRAM_TARGETS, TARGETS } from "../codegen/targets/targets.ts";
import { entry } from "../expr/build.ts";
import { type Dim, evaluateDim } from "../expr/dim.ts";
import type { Expr } from "../expr/expr.ts";
import { draw, MANNERS } from "../numeric/draw.ts";
import type { Matrix } from "../numeric/matrix.ts";
import { createRandom } from "../numeric/random.ts";
import { inventory } from "../numeric/sample.ts";
import { print } from "../print/print.ts";
import type { Library } from "../rewrite/library.ts";
import type { ShapeTexts } from "./answer.ts";
import { type Program, type ProgramQuestion, programOf } from "./program.ts";
import { answering, type Refusal, type Stated, state } from "./question.ts";
import { soleOutput, termOf } from "./term.ts";

/** Everything that code is written for. */
export const CODE_TARGETS = [...PROGRAM_TARGETS, ...EXPRESSION_TARGETS] as const;
export type CodeTarget = (typeof CODE_TARGETS)[number];

/** A question for code. */
export interface CodeQuestion extends ProgramQuestion {
  /** numpy unless stated. */
  readonly target?: CodeTarget;
  /** The function's name; f unless stated. */
  readonly name?: string;
  /** Whether a self-test stands beside the function. */
  readonly selfTest?: boolean;
}

/** A program, or for mathjs, MathML and MathJSON an expression. */
export interface Code {
  readonly ok: true;
  readonly code: string;
  readonly target: CodeTarget;
  /** What files with it end in. */
  readonly extension: string;
  readonly inputs: readonly { readonly name: string; readonly shape: ShapeTexts }[];
  readonly outputs: readonly { readonly name: string; readonly shape: ShapeTexts }[];
  /** What is known of the structure of Hessians among the outputs, as sentences; `structured` asks for their parts alone. */
  readonly structure?: readonly string[];
  /** Floating-point operations at typical sizes, those of the value alone and of everything. */
  readonly work?: Work;
}

/** Source text that computes the value of an expression and its derivatives together. */
export function exportCode(question: CodeQuestion): Code | Refusal {
  const target = question.target ?? "numpy";
  return answering(question, (library) => {
    if (!CODE_TARGETS.includes(target))
      fail("declaration", `${JSON.stringify(target)} is no target`, { start: 0, end: 0 }, { fix: CODE_TARGETS.join(", ") });
    if (question.name !== undefined && !NAME.test(question.name))
      fail("declaration", `${JSON.stringify(question.name)} is no name of a function`, { start: 0, end: 0 }, { fix: NAMING });
    if (isExpression(target)) return writtenTerm(question, target, library);
    const program = programOf(question, library);
    const { plan, stated } = program;
    const facts = factsOf(program, target);
    const title = `${facts.outputs.map((o) => o.name).join(", ")} of ${print(stated.written, { format: "ascii", functions: library.functions, shapeKnown: true })}`;
    const known = program.structure.length === 0 ? "" : `; ${program.structure.join("; ")}`;
    const test = question.selfTest === true ? testPoint(program) : undefined;
    const unit: Unit = {
      name: functionName(question.name, { target, hasTest: test !== undefined, inputs: plan.inputs.map((v) => v.name) }),
      title: `${shortened(title)}${known}`,
      plan,
      ...(test === undefined ? {} : { test }),
    };
    const { write, extension } = TARGETS[target];
    const structure = program.structure.length === 0 ? {} : { structure: program.structure };
    return { ...facts, ...structure, code: write(unit), extension, work: planWork(plan, new Map(Object.entries(question.sizes ?? {}))) };
  });
}

const NAME = /^\p{L}[\p{L}\p{M}\p{N}_]*$/u;
const NAMING = "a letter, then letters, digits and _";

function factsOf({ plan }: Program, target: CodeTarget): Pick<Code, "ok" | "target" | "inputs" | "outputs"> {
  return {
    ok: true,
    target,
    inputs: plan.inputs.map((v) => ({ name: v.name, shape: [v.shape.rows.key, v.shape.cols.key] })),
    outputs: plan.outputs.map((o) => ({ name: o.name, shape: o.shape })),
  };
}

function writtenTerm(question: CodeQuestion, target: ExpressionTarget, library: Library): Code {
  const output = soleOutput(question, target);
  const program = programOf({ ...question, outputs: [output] }, library);
  const { text, extension } = EXPRESSIONS[target];
  const wrt = question.wrt === undefined ? [] : [question.wrt].flat();
  const term = termOf(state(question, wrt, library), output, question);
  return { ...factsOf(program, target), code: `${text(term)}\n`, extension };
}

const isExpression = (target: CodeTarget): target is ExpressionTarget => (EXPRESSION_TARGETS as readonly string[]).includes(target);

const EXPRESSIONS: Readonly<Record<ExpressionTarget, { readonly text: (e: Expr) => string; readonly extension: string }>> = {
  mathjs: { text: toMathjs, extension: "txt" },
  mathml: { text: toMathml, extension: "xml" },
  mathjson: { text: (e) => mathJsonText(toMathJson(e)), extension: "json" },
};

const shortened = (title: string): string => (title.length > 300 ? `${title.slice(0, 297)}...` : title);

const SIZES = [3, 4, 2, 5, 6, 7];
const ATTEMPTS = 400;
const TOLERANCE = 1e-6;

// Points are drawn until the differences agree with what the plan computes.
function testPoint({ plan, claims, stated }: Program): TestPoint {
  const positions = positionsIn(stated);
  const names = [
    ...new Set([
      ...plan.inputs.flatMap((v) => [v.shape.rows, v.shape.cols]).flatMap((d) => d.monomials.flatMap((m) => m.names)),
      ...plan.sizes,
      ...stated.dims,
    ]),
  ].filter((name) => !positions.has(name));
  const omitted = omittedIn(plan, claims);
  let last: TestPoint | undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const random = createRandom(attempt + 1);
    const turn = Math.floor(attempt / 40);
    const sizes = new Map(names.map((name, i) => [name, SIZES[(i + turn) % SIZES.length] as number]));
    for (const [name, axes] of positions)
      sizes.set(name, 1 + ((turn + sizes.size) % Math.min(...axes.map((axis) => evaluateDim(axis, sizes)))));
    const manner = MANNERS[attempt < 10 ? 0 : attempt % MANNERS.length] as (typeof MANNERS)[number];
    const inputs = new Map(
      plan.inputs.map((v): [string, Sample] => {
        const [rows, cols] = [evaluateDim(v.shape.rows, sizes), evaluateDim(v.shape.cols, sizes)];
        const m = draw(rows, cols, v.attributes, manner, random);
        return [v.name, { axes: axesOf(v.shape).map((d) => evaluateDim(d, sizes)), data: rounded(m) }];
      }),
    );
    const point: TestPoint = { inputs, sizes, claims, omitted };
    const worst = largestError(plan, point);
    if (worst < TOLERANCE) return point;
    if (Number.isFinite(worst)) last ??= point;
  }
  return last ?? fail("unsupported", "no point was found at which a self-test could run", { start: 0, end: 0 });
}

// The derivatives that are not compared; fails where none is.
function omittedIn({ outputs }: Program["plan"], claims: Program["claims"]): string[] {
  const omitted = outputs.map((o) => o.name).filter((n) => n !== "value" && claims.every((c) => c.output !== n));
  const whole = { start: 0, end: 0 };
  if (claims.length > 0) return omitted;
  if (omitted.length === 0)
    fail("unsupported", "there is no derivative for a self-test to compare", whole, { fix: "--wrt with a variable" });
  return fail(
    "unsupported",
    "a self-test compares derivatives with differences of the value, and second ones with those of the gradient, each entry moved by itself",
    whole,
    { fix: "the value and the gradient among the outputs, by a variable whose entries are not bound to each other" },
  );
}

// The names of positions, i of X[i,:], with the axes on which they lie.
function positionsIn({ expr, targets }: Stated): ReadonlyMap<string, readonly Dim[]> {
  const places = targets.flatMap(({ variable, at }) => (at === undefined ? [] : [entry(variable, at)]));
  return inventory([expr, ...places]).positions;
}

// Row-major.
const rounded = (m: Matrix): number[] =>
  Array.from({ length: m.data.length }, (_, k) => m.data[Math.floor(k / m.cols) + m.rows * (k % m.cols)] as number);

/** The place of an entry of an n×n matrix after transposition. */
const mirrored = (k: number, n: number): number => (k % n) * n + Math.floor(k / n);

function largestError(plan: Program["plan"], { inputs, sizes, claims }: TestPoint): number {
  const values = (changed?: string, k = 0, h = 0, symmetric = false): Map<string, Value> =>
    new Map(
      [...inputs].map(([name, s]): [string, Value] => {
        const data = Float64Array.from(s.data);
        if (name === changed)
          for (const place of symmetric && s.axes.length === 2 ? [k, mirrored(k, s.axes[0] as number)] : [k])
            data[place] = (data[place] as number) + (symmetric && s.axes.length === 2 ? h / 2 : h);
        return [name, s.axes.length === 0 ? (data[0] as number) : data];
      }),
    );
  const run = (v: Map<string, Value>): Float64Array[] =>
    interpret(plan, v, sizes).map((x) => (typeof x === "number" ? Float64Array.of(x) : x));
  const here = run(values());
  if (here.some((v) => v.some((x) => !Number.isFinite(x)))) return Number.POSITIVE_INFINITY;
  // One sum over all entries for each claim and input is enough to tell a kink from a smooth place.
  let worst = 0;
  const index = new Map(plan.outputs.map((o, i) => [o.name, i]));
  for (const c of claims) {
    const claimed = here[index.get(c.output) as number] as Float64Array;
    const of = index.get(c.of) as number;
    const along = c.along === undefined ? undefined : inputs.get(c.along);
    const count = (inputs.get(c.by) as Sample).data.length;
    let expected = 0;
    let scale = 1e-3;
    for (let k = 0; k < count; k++) {
      const h = 6e-6 * Math.max(1, Math.abs((inputs.get(c.by) as Sample).data[k] as number));
      const [above, below] = [run(values(c.by, k, h, c.symmetric))[of], run(values(c.by, k, -h, c.symmetric))[of]] as [
        Float64Array,
        Float64Array,
      ];
      for (const [r, x] of above.entries()) {
        const d = ((x - (below[r] as number)) / (2 * h)) * (along === undefined ? 1 : (along.data[k] as number));
        expected += d;
        scale = Math.max(scale, Math.abs(d));
      }
    }
    const total = claimed.reduce((s, x) => s + x, 0);
    const error = Math.abs(total - expected) / scale;
    worst = Number.isNaN(error) ? Number.POSITIVE_INFINITY : Math.max(worst, error);
  }
  return worst;
}
