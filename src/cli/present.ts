// Answers as a person or a program reads them: the answer line, shape and layout, what
// was assumed, where it holds, and what the check says.
//
// Formats ascii and latex print the formula alone on stdout and the rest on stderr, so
// that their output can be used as it is; json prints everything in one object.

import type { Expr } from "../expr/expr.ts";
import { isOperator } from "../expr/operators.ts";
import type { Answer, Kind, Solved } from "../library/answer.ts";
import { domainSentence, kinkSentence } from "../library/conditions.ts";
import type { Refusal } from "../library/question.ts";
import type { Shown } from "../library/steps.ts";
import type { Checked, PlainWitness } from "../library/verify.ts";
import { type Format, print } from "../print/print.ts";
import { type Io, type Paint, painter, write } from "./io.ts";

export type AnswerFormat = "unicode" | "ascii" | "latex" | "json" | "markdown";

/** What is shown beside the answers: a derivation or a descent step for each, or one backpropagation for all. */
export interface Extras {
  readonly steps?: readonly (Shown | undefined)[];
  readonly updates?: readonly (Shown | undefined)[];
  readonly passes?: Shown | undefined;
}

export interface Presenter {
  /** Prints answers; `checks` are absent where no check was wanted. */
  show(solved: Solved, kind: Kind, checks: readonly Checked[] | undefined, extras: Extras): Promise<void>;
  /** A refusal as JSON. */
  refused(refusal: Refusal): string;
}

export const SCHEMA_VERSION = 1;

/** The text of an answer that a format prints, as far as the parser reads it. */
export const textOf = (answer: Answer, format: AnswerFormat): string => (format === "unicode" ? answer.unicode : answer.ascii);

export function createPresenter(format: AnswerFormat, io: Io): Presenter {
  const refused = ({ diagnostics }: Refusal): string => {
    const d = diagnostics[0];
    const error = { code: d?.code, message: d?.message, span: d?.span, ...(d?.fix === undefined ? {} : { fix: d.fix }) };
    return `${JSON.stringify({ schemaVersion: SCHEMA_VERSION, ok: false, error })}\n`;
  };
  return {
    refused,
    show: async (solved, kind, checks, extras) => {
      const items = solved.parts.map(
        ({ answer }, i): Item => ({ answer, check: checks?.[i], steps: extras.steps?.[i], update: extras.updates?.[i], kind, solved }),
      );
      const failed = items.filter((item) => item.check?.verdict === "differs");
      for (const item of failed) io.stderr.write(withheld(item, painter(io.stderr, io.env)));
      if (format === "json") return write(io.stdout, json(items, extras.passes));
      const good = items.filter((item) => !failed.includes(item));
      // Backpropagation states all gradients, so it is shown only where all are right.
      const passes = extras.passes === undefined || failed.length > 0 ? [] : [`${extras.passes}\n`];
      if (format === "unicode")
        return write(io.stdout, [...passes, ...good.map((item) => plain(item, painter(io.stdout, io.env)))].join("\n"));
      if (format === "markdown") return write(io.stdout, [...passes, ...good.map(markdown)].join("\n"));
      const paint = painter(io.stderr, io.env);
      await write(io.stdout, passes.join(""));
      for (const item of good) {
        const formula = format === "latex" ? latex(item) : item.answer.ascii;
        await write(io.stdout, `${[item.steps ?? formula, ...(item.update === undefined ? [] : [item.update])].join("\n")}\n`);
        io.stderr.write(
          details({ ...item, update: undefined }, paint)
            .map((line) => `${line}\n`)
            .join(""),
        );
      }
    },
  };
}

interface Item {
  readonly answer: Answer;
  readonly check: Checked | undefined;
  readonly steps: Shown | undefined;
  readonly update: Shown | undefined;
  readonly kind: Kind;
  readonly solved: Solved;
}

/** Longest expression that is repeated on the left side of an answer. */
const LONGEST_SUBJECT = 72;

function plain(item: Item, paint: Paint): string {
  const head = paint("bold", `${leftSide(item, "unicode")}  =  ${item.answer.unicode}`);
  if (item.steps !== undefined) {
    // A derivation begins with its answer; shape and layout follow there.
    const [, ...rest] = (item.steps as string).split("\n");
    const after = details(item, paint).slice(1);
    return `${[head, ...rest, ...(after.length > 0 ? [""] : []), ...after.map((line) => `  ${line}`)].join("\n")}\n`;
  }
  return `${[head, ...details(item, paint).map((line) => `  ${line}`)].join("\n")}\n`;
}

function markdown(item: Item): string {
  const lines = details(item, (_, text) => text);
  if (item.steps !== undefined)
    return `${item.steps}\n\n${lines
      .slice(1)
      .map((line) => `- ${line}`)
      .join("\n")}\n`;
  return `$$\n${latex(item)}\n$$\n\n${lines.map((line) => `- ${line}`).join("\n")}\n`;
}

const latex = (item: Item): string => `${leftSide(item, "latex")} = ${item.answer.latex}`;

// What was differentiated: ∂ sum(w ⊙ x) / ∂w, ∇_w f, ∂² f / ∂x².
function leftSide({ answer, kind, solved }: Item, format: "unicode" | "latex"): string {
  const of = subject(solved, format);
  const variable = answer.wrt;
  const square = answer.order === 2;
  if (format === "latex") {
    const by = variableLatex(solved, answer);
    if (kind === "gradient") return `\\nabla_{${by}} ${of}`;
    return square ? `\\frac{\\partial^2 ${of}}{\\partial ${by}^2}` : `\\frac{\\partial ${of}}{\\partial ${by}}`;
  }
  if (kind === "gradient") return `∇_${variable} ${of}`;
  return square ? `∂² ${of} / ∂${variable}²` : `∂ ${of} / ∂${variable}`;
}

function subject(solved: Solved, format: Format): string {
  const { written, library } = solved.stated;
  const text = print(written, { format, functions: library.functions, shapeKnown: true });
  if (text.length > (format === "latex" ? 4 : 1) * LONGEST_SUBJECT) return "(…)";
  // One application, or what has no spaces, is read as one thing.
  const applied = written.kind === "unknown" || (written.kind === "apply" && !isOperator(written.op));
  const reduced = written.kind === "apply" && (written.op === "sum" || written.op === "tr");
  const atomic = applied || reduced || (format === "latex" ? isLeaf(written) : !text.includes(" "));
  return atomic ? text : format === "latex" ? `\\left(${text}\\right)` : `(${text})`;
}

const isLeaf = (e: Expr): boolean => e.args.length === 0;

function variableLatex(solved: Solved, answer: Answer): string {
  const target = solved.parts.find((p) => p.answer === answer)?.target.variable;
  if (target === undefined) return answer.wrt;
  const at = answer.wrt.slice(target.name.length).replace(/^\[(.*)\]$/, "_{$1}");
  return `${print(target, { format: "latex" })}${at}`;
}

/** The lines below an answer. */
function details({ answer, kind, check, update }: Item, paint: Paint): string[] {
  const { assumptions, conditions } = answer;
  const domain = domainSentence(conditions);
  const kinks = kinkSentence(conditions);
  return [
    shapeLine(answer, kind),
    ...(update === undefined ? [] : [`descent step ${update}`]),
    ...(assumptions.length === 0 ? [] : [`assuming ${assumptions.join("; ")}`]),
    ...(domain === undefined ? [] : [domain]),
    ...(kinks === undefined ? [] : [kinks]),
    ...(check === undefined ? [] : [checkLine(check, paint)]),
  ];
}

function shapeLine({ shape, layout, order, wrt }: Answer, kind: Kind): string {
  const [rows, cols] = shape.map((d) => sizeText(d));
  const size = rows === "1" && cols === "1" ? "a number" : `${rows}×${cols}`;
  if (order === 2) return `${size}, Hessian`;
  if (kind === "gradient") return `${size}, the shape of ${wrt}`;
  return `${size}, ${layout} layout`;
}

// m*p is mp where the names are letters.
function sizeText(dim: string): string {
  const product = /(?:^|[+*-])[^+*-]{2,}/u.test(dim) ? dim.replaceAll("*", "·") : dim.replaceAll("*", "");
  return /[+-]/.test(dim) ? `(${product})` : product;
}

/** What a check says, in one line. */
export function checkLine(check: Checked, paint: Paint): string {
  switch (check.verdict) {
    case "agrees": {
      const points = check.points === 1 ? "1 random point" : `${check.points} random points`;
      return `${paint("green", "✓")} agrees with numeric differentiation at ${points} (worst error ${small(check.worst)})${check.reason === undefined ? "" : `; ${check.reason}`}`;
    }
    case "not checked":
      return paint("yellow", `not checked: ${check.reason ?? "no point was found"}`);
    case "differs":
      return paint("red", `✗ differs from numeric differentiation: ${check.reason ?? ""}`);
  }
}

const small = (x: number): string => (x === 0 ? "0" : x.toExponential(0).replace("e+0", "").replace("e+", "e"));

function withheld({ answer, check }: Item, paint: Paint): string {
  const where = check?.witness === undefined ? (check?.reason ?? "") : witnessText(check.witness);
  return [
    `${paint("red", "error:")} the derivative by ${answer.wrt} failed its own check and is not shown`,
    `  ${where} (seed ${check?.seed ?? 1})`,
    "  this is a defect of nabla; please report it",
    "",
  ].join("\n");
}

/** Where a claim fails, with the data to compute it again. */
export function witnessText(w: PlainWitness): string {
  const values = Object.entries(w.at).map(
    ([name, value]) => `${name} = ${JSON.stringify(value, (_, x) => (typeof x === "number" ? Number(x.toPrecision(6)) : x))}`,
  );
  const place = `entry (${w.row},${w.col})`;
  return `at ${values.join(", ")}: ${place} is ${w.claimed.toPrecision(6)}, numeric differentiation gives ${w.expected.toPrecision(6)}`;
}

function json(items: readonly Item[], passes: Shown | undefined): string {
  const answers = items.map(({ answer, check, steps, update }) => {
    if (check?.verdict === "differs")
      return { wrt: answer.wrt, ok: false, error: { code: "check", message: "the answer failed its own check" }, check };
    const derivation = { ...(steps === undefined ? {} : { steps }), ...(update === undefined ? {} : { update }) };
    return {
      ...answer.toJSON(),
      ...derivation,
      ...(check === undefined
        ? {}
        : {
            check: {
              verdict: check.verdict,
              points: check.points,
              worst: check.worst,
              seed: check.seed,
              ...(check.reason === undefined ? {} : { reason: check.reason }),
            },
          }),
    };
  });
  const ok = items.every((item) => item.check?.verdict !== "differs");
  return `${JSON.stringify({ schemaVersion: SCHEMA_VERSION, ok, answers, ...(passes === undefined || !ok ? {} : { backpropagation: passes }) })}\n`;
}
