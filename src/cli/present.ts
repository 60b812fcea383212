// Answers as a person or a program reads them: the answer line, shape and layout, what
// was assumed, where it holds, and what the check says.
//
// Formats ascii and latex print the formula alone on stdout and the rest on stderr, so
// that their output can be used as it is; json prints everything in one object.

import { optional } from "../base/optional.ts";
import type { Symmetry } from "../expr/conventions.ts";
import { isScalarShape, type Shape } from "../expr/shape.ts";
import type { Answer } from "../library/answer/answer.ts";
import type { Kind, Solved } from "../library/answer/asked.ts";
import { domainSentence, kinkSentence } from "../library/answer/conditions.ts";
import { digitsApart, numeral } from "../library/answer/numerals.ts";
import type { Shown } from "../library/answer/steps.ts";
import { VIEWS, type View } from "../library/answer/views.ts";
import type { Checked, PlainWitness } from "../library/numbers/verify.ts";
import { type Asked, byEntries, leftSide } from "./head.ts";
import { type Io, type Paint, painter, write } from "./io.ts";
import { jsonLine } from "./json.ts";

/** How answers are printed. */
export type AnswerFormat = "unicode" | "ascii" | "latex" | "json" | "markdown";

/** What is shown beside the answers: a derivation or a descent step for each, or one backpropagation for all. */
export interface Extras {
  readonly steps?: readonly (Shown | undefined)[];
  readonly updates?: readonly (Shown | undefined)[];
  readonly passes?: Shown | undefined;
}

/** Prints answers in one format. */
export interface Presenter {
  /** Prints answers; `checks` are absent where no check was wanted. */
  show(solved: Solved, kind: Kind, checks: readonly Checked[] | undefined, extras: Extras): Promise<void>;
}

/** Which text of an answer is checked: the one that a format prints, as far as the parser reads it. */
export const checkedFormat = (format: AnswerFormat): "unicode" | "ascii" => (format === "unicode" ? "unicode" : "ascii");

/** A presenter; an answer whose check failed is withheld, and said so on stderr. */
export function createPresenter(format: AnswerFormat, io: Io): Presenter {
  return {
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
          details({ ...item, update: undefined }, paint, format === "ascii")
            .map((line) => `${line}\n`)
            .join(""),
        );
      }
    },
  };
}

interface Item extends Asked {
  readonly check: Checked | undefined;
  readonly steps: Shown | undefined;
  readonly update: Shown | undefined;
}

function plain(item: Item, paint: Paint): string {
  const entries = entriesOf(item.answer);
  const head = paint(
    "bold",
    entries === undefined ? `${leftSide(item, "unicode")}  =  ${item.answer.unicode}` : byEntries(item, entries, "unicode"),
  );
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

function latex(item: Item): string {
  const entries = entriesOf(item.answer);
  if (entries !== undefined) return byEntries(item, entries, "latex");
  const where = item.answer.where.map((part) => ` \\quad\\text{where } ${part.latex}`).join("");
  return `${leftSide(item, "latex")} = ${item.answer.latex}${where}`;
}

// What the head of an answer shows already: the vec form itself, or the entries where there is no matrix notation.
const isHead = (view: View, answer: Answer): boolean =>
  view.name === "vec" ? answer.layout === "vec" || view.unicode === answer.unicode : view === entriesOf(answer);

const entriesOf = (answer: Answer): View | undefined =>
  answer.notation === "entries" ? answer.views.find((v) => v.name === "index") : undefined;

const VIEW_WIDTH = Math.max(...VIEWS.map((v) => v.length));
/** What a vec form presupposes: vec(A X B) = (Bᵀ ⊗ A) vec(X). */
const VEC_RULE = "vec stacking columns";

/** The lines below an answer. */
function details({ answer, kind, check, update, solved }: Item, paint: Paint, ascii = false): string[] {
  const { assumptions, conditions } = answer;
  const domain = domainSentence(conditions);
  const kinks = kinkSentence(conditions);
  return [
    ...(entriesOf(answer) === undefined ? answer.where : []).map((part) => `where ${part.name} = ${ascii ? part.ascii : part.unicode}`),
    shapeLine(answer, kind, solved.stated.expr.shape),
    ...answer.views
      .filter((view) => !isHead(view, answer))
      .map((view) => `${view.name.padEnd(VIEW_WIDTH)} ${ascii ? view.ascii : view.unicode}`),
    ...(update === undefined ? [] : [`descent step ${update}`]),
    ...(assumptions.length === 0 ? [] : [`assuming ${assumptions.join("; ")}`]),
    ...(domain === undefined ? [] : [domain]),
    ...(kinks === undefined ? [] : [kinks]),
    ...(check === undefined ? [] : [checkLine(check, paint)]),
  ];
}

function shapeLine(answer: Answer, kind: Kind, value: Shape): string {
  const { symmetry, wrt } = answer;
  const line = sizeLine(answer, kind, value);
  if (symmetry === undefined) return line;
  const what = isScalarShape(value) ? "gradient" : "derivative";
  const conventions: Readonly<Record<Symmetry, string>> = {
    symmetric: `sym(G): the ${what} among symmetric matrices`,
    entries: "G + Gᵀ − diag(G): by the entries on and below the diagonal",
    free: `G: all entries of ${wrt.replace(/\[.*\]$/u, "")} independent`,
  };
  return `${line}, ${conventions[symmetry]}`;
}

function sizeLine({ shape, layout, order, wrt, views }: Answer, kind: Kind, value: Shape): string {
  const [rows, cols] = shape.map((d) => sizeText(d));
  const size = rows === "1" && cols === "1" ? "a number" : `${rows}×${cols}`;
  switch (kind) {
    case "gradient":
    case "vjp":
    case "hvp":
      return `${size}, the shape of ${wrt}`;
    case "jvp":
    case "differential":
      return size === "a number" ? size : `${size}, the shape of the value`;
    default:
      if (order === 2 && isScalarShape(value)) return `${size}, Hessian`;
      return `${size}, ${layout} layout${layout === "vec" && views.length > 0 ? `, ${VEC_RULE}` : ""}`;
  }
}

// m*p is mp where the names are letters.
function sizeText(dim: string): string {
  const product = /(?:^|[+*-])[^+*-]{2,}/u.test(dim) ? dim.replaceAll("*", "·") : dim.replaceAll("*", "");
  return /[+-]/.test(dim) ? `(${product})` : product;
}

/** What a check says, in one line. */
function checkLine(check: Checked, paint: Paint): string {
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

/** A rounding error with one digit. */
export const small = (x: number): string => (x === 0 ? "0" : x.toExponential(0).replace("e+0", "").replace("e+", "e"));

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
export function witnessText(w: PlainWitness, truth = "numeric differentiation"): string {
  const values = Object.entries(w.at).map(
    ([name, value]) => `${name} = ${JSON.stringify(value, (_, x) => (typeof x === "number" ? Number(numeral(x)) : x))}`,
  );
  const place = `entry (${w.row},${w.col})`;
  const digits = digitsApart(w.claimed, w.expected);
  return `at ${values.join(", ")}: ${place} is ${w.claimed.toPrecision(digits)}, ${truth} gives ${w.expected.toPrecision(digits)}`;
}

const checkData = ({ verdict, points, worst, seed, reason }: Checked): object => ({
  verdict,
  points,
  worst,
  seed,
  ...optional({ reason }),
});

function json(items: readonly Item[], passes: Shown | undefined): string {
  const answers = items.map(({ answer, check, steps, update }) => {
    if (check?.verdict === "differs")
      return { wrt: answer.wrt, ok: false, error: { code: "check", message: "the answer failed its own check" }, check };
    return { ...answer.toJSON(), ...optional({ steps, update, check: check === undefined ? undefined : checkData(check) }) };
  });
  const ok = items.every((item) => item.check?.verdict !== "differs");
  return jsonLine({ ok, answers, ...(passes === undefined || !ok ? {} : { backpropagation: passes }) });
}
