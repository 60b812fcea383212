// What stands on the left of an answer: the derivative that was asked for, as people write it.
//
// Invariant: an expression that is long is not repeated.

import { variable } from "../expr/build.ts";
import type { Expr } from "../expr/expr.ts";
import { isOperator } from "../expr/operators.ts";
import type { Answer } from "../library/answer/answer.ts";
import type { Kind, Solved } from "../library/answer/asked.ts";
import { superscript, type View, valueName } from "../library/answer/views.ts";
import { type Format, print } from "../print/print.ts";
import { SPELLINGS } from "../print/spelling.ts";
import { isLatex } from "../syntax/latex/scan.ts";

/** An answer to a question of a kind. */
export interface Asked {
  readonly answer: Answer;
  readonly kind: Kind;
  readonly solved: Solved;
}

/** Longest expression that is repeated on the left side of an answer. */
const LONGEST_SUBJECT = 72;

/** What was differentiated: ∂ sum(w ⊙ x) / ∂w, ∇_w f, ∂² f / ∂x², ∂² f / ∂x∂y, d(A X B). */
export const leftSide = (asked: Asked, format: "unicode" | "latex"): string => (format === "latex" ? latexSide(asked) : unicodeSide(asked));

function latexSide({ answer, kind, solved }: Asked): string {
  const of = subject(solved, "latex");
  const by = variableLatex(solved, answer);
  const power = answer.order > 1 ? `^{${answer.order}}` : "";
  const below = by.length > 1 ? by.map((v) => `\\partial ${v}`).join("\\,") : `\\partial ${by[0]}${power}`;
  const fraction = `\\frac{\\partial${power} ${of}}{${below}}`;
  const met = metLatex(solved, answer.along ?? answer.upstream ?? "");
  switch (kind) {
    case "gradient":
      return `\\nabla_{${by[0]}} ${of}`;
    case "differential":
      return `\\mathrm{d}${bracketed(of, "latex")}`;
    case "jvp":
    case "hvp":
      return `${by.length > 1 ? `\\mathrm{d}${bracketed(of, "latex")}` : fraction}\\left[${met}\\right]`;
    case "vjp":
      return `${met} \\cdot ${fraction}`;
    default:
      return fraction;
  }
}

function unicodeSide({ answer, kind, solved }: Asked): string {
  const of = subject(solved, "unicode");
  const by = answer.wrt.split(", ");
  const power = answer.order > 1 ? superscript(answer.order) : "";
  const below = by.length > 1 ? by.map((v) => `∂${v}`).join("") : `∂${by[0]}${power}`;
  const met = answer.along ?? answer.upstream ?? "";
  switch (kind) {
    case "gradient":
      return `∇_${by[0]} ${of}`;
    case "differential":
      return `d${bracketed(of, "unicode")}`;
    case "jvp":
    case "hvp":
      return by.length > 1 ? `d${bracketed(of, "unicode")} along ${met}` : `∂${power} ${of} / ${below} along ${met}`;
    case "vjp":
      return `${/^[\p{L}\p{N}_]+$/u.test(met) ? met : `(${met})`} : ∂ ${of} / ${below}`;
    default:
      return `∂${power} ${of} / ${below}`;
  }
}

/** ∂y[i]/∂x[j] = …, y being what was differentiated. */
export function byEntries({ solved }: Asked, view: View, format: "unicode" | "latex"): string {
  const name = valueName(solved.stated);
  const of = subject(solved, format);
  if (solved.stated.written.kind === "var") return view[format];
  if (format === "unicode") return `${view.unicode}  with  ${name} = ${of}`;
  return `${view.latex} \\quad\\text{with } ${print(variable(name, solved.stated.written.shape), { format: "latex" })} = ${of}`;
}

// d(w·x), but dY and d(…) as they stand.
const bracketed = (of: string, format: "unicode" | "latex"): string =>
  of.startsWith("(") || of.startsWith("\\left(") || /^[\p{L}][\p{L}\p{N}_]*$/u.test(of)
    ? of
    : format === "latex"
      ? `\\left(${of}\\right)`
      : `(${of})`;

// Texts of directions are in ASCII; a name is typeset, anything else stands as it is.
function metLatex(solved: Solved, text: string): string {
  return text
    .split(", ")
    .map((one) => {
      const v = solved.stated.variables.find((known) => known.name === one);
      return v === undefined ? one : print(v, { format: "latex" });
    })
    .join(", ");
}

function subject(solved: Solved, format: Format): string {
  const { written, wording, library } = solved.stated;
  // A text without LaTeX is no LaTeX, but one with it can be read by everybody.
  const isShown = wording !== undefined && (format === "unicode" || isLatex(wording));
  const text = isShown ? wording : print(written, { format, functions: library.functions, shapeKnown: true });
  if (text.length > (format === "latex" ? 4 : 1) * LONGEST_SUBJECT) return "(…)";
  // One application, or what has neither spaces nor a stroke, is read as one thing.
  const isSign = written.kind === "apply" && SPELLINGS[format].functions[written.op]?.infix !== undefined;
  const applied = written.kind === "unknown" || (written.kind === "apply" && !isOperator(written.op) && !isSign);
  const reduced = written.kind === "apply" && (written.op === "sum" || written.op === "tr");
  const atomic = !isShown && (applied || reduced || (format === "latex" ? isLeaf(written) : !/[ /]/.test(text)));
  return atomic ? text : format === "latex" ? `\\left(${text}\\right)` : `(${text})`;
}

const isLeaf = (e: Expr): boolean => e.args.length === 0;

function variableLatex(solved: Solved, answer: Answer): string[] {
  return answer.wrt.split(", ").map((text) => {
    const name = text.replace(/\[.*\]$/u, "");
    const known = solved.stated.variables.find((v) => v.name === name);
    const at = text.slice(name.length).replace(/^\[(.*)\]$/, "_{$1}");
    return `${known === undefined ? name : print(known, { format: "latex" })}${at}`;
  });
}
