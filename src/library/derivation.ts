// Derivations by hand: a text of declarations, definitions, claims and chains of equations,
// judged line by line, against the truth and against the line before.
//
// Invariants: the first wrong step is the first line that is wrong though what it starts from
// is right; a later line that is right again is said not to follow; a line that cannot be
// read is reported in its place and hides no other.

import { type Diagnostic, fail } from "../base/diagnostic.ts";
import { CHAIN_RULES, rulesFor } from "../calculus/derivation/cite.ts";
import type { RuleReference } from "../calculus/derivation/model.ts";
import { diagnose } from "../check/diagnose.ts";
import { compareTerms, type Judge } from "../check/equal.ts";
import type { Problem, Side } from "../elaborate/elaborate.ts";
import { transpose } from "../expr/build.ts";
import { type Expr, mentions, type Variable } from "../expr/expr.ts";
import { isScalarShape, sameShape } from "../expr/shape.ts";
import type { Numeric } from "../numeric/numeric.ts";
import type { Library } from "../rewrite/library.ts";
import { type Judged, judgeSides } from "./claim.ts";
import { type Cut, cut, type Part, refuseNoClaim } from "./equation.ts";
import { stateOf } from "./forms.ts";
import { loadOracle } from "./oracle.ts";
import { answering, faultOf, isFault, type Refusal } from "./question.ts";
import { type CheckedClaim, type ClaimQuestion, type Diagnosis, diagnosisOf } from "./verdict.ts";

/** A derivation with what is known of its names. */
export interface StepsQuestion extends Omit<ClaimQuestion, "claim"> {
  /** Lines: declarations, definitions `u = w .* x`, claims `du/dw = diag(x)`, equations, and `= …` to go on with a chain. */
  readonly steps: string;
}

/** One line of a derivation. */
export interface CheckedLine {
  /** 1-based line in the text. */
  readonly line: number;
  /** 1-based column at which it begins. */
  readonly column: number;
  readonly text: string;
  /** `link` is a further member of a chain. */
  readonly kind: "declaration" | "definition" | "claim" | "link" | "fault";
  /** Against the truth: what the chain begins with, or the derivative that the line states. */
  readonly verdict?: CheckedClaim["verdict"];
  readonly accepted?: boolean;
  /** Whether the line follows from the one before; of a link only, and absent where that is undecided. */
  readonly follows?: boolean;
  /** The claim as it was judged. */
  readonly claim?: CheckedClaim;
  /** What may have gone wrong between the line before and this one. */
  readonly diagnosis?: readonly Diagnosis[];
  /** Why a right line without an explanation of its own is right. */
  readonly because?: readonly RuleReference[];
  /** The same in words where no rule of the library says it. */
  readonly note?: string;
  /** What is wrong with a line that cannot be read. */
  readonly fault?: Diagnostic;
}

/** How a derivation fared. */
export interface CheckedSteps {
  readonly ok: true;
  /** No line is wrong, at fault or undecided. */
  readonly accepted: boolean;
  readonly lines: readonly CheckedLine[];
  /** Index of the first wrong line. */
  readonly firstWrong?: number;
}

/** Judges a derivation line by line. */
export async function checkSteps(question: StepsQuestion): Promise<CheckedSteps | Refusal> {
  const check = await openSteps();
  return check(question);
}

/** Makes ready to judge derivations one after the other, without waiting. */
export async function openSteps(): Promise<(question: StepsQuestion) => CheckedSteps | Refusal> {
  const numeric = await loadOracle();
  return (question) =>
    answering({ ...question, expr: question.steps }, (library) => {
      refuseNoText(question.steps);
      const lines = linesOf(numeric, question, library);
      if (lines.length === 0) refuseNoClaim(question.steps);
      const wrong = lines.findIndex((l) => l.kind === "fault" || l.accepted === false || l.follows === false);
      return { ok: true, accepted: wrong < 0, lines, ...(wrong < 0 ? {} : { firstWrong: wrong }) };
    });
}

function refuseNoText(source: string): void {
  const strange = source.match(/\ufffd/g)?.length ?? 0;
  if (source.includes("\0") || strange > source.length / 100) fail("lexical", "this is no text", { start: 0, end: 0 });
}

interface Statement {
  /** The statement with numbering and comment blanked out. */
  readonly text: string;
  readonly start: number;
  /** Whether a comment stands behind it. */
  readonly explained: boolean;
}

const NUMBERING = /^(\s*)(\(?\d{1,3}[.)]|[-*•](?=\s))(\s+)/u;

/** What sets lines below each other in LaTeX. */
const ALIGNMENT = /&(?=\s*=)|(?<==\s*)&|\\\\(?:\[[^\]]*\])?\s*$|\\(?:begin|end)\{[a-z]+\*?\}|\\(?:notag|nonumber)(?![a-z])/g;

const blank = (text: string): string => " ".repeat(text.length);

/** Statements of a text: a line that begins with = belongs to the one before. */
function statementsOf(source: string): Statement[] {
  const out: { text: string; start: number; explained: boolean }[] = [];
  let start = 0;
  for (const line of source.split("\n")) {
    const plain = line.replace(NUMBERING, blank).replace(ALIGNMENT, blank);
    const comment = plain.indexOf("#");
    const text = comment < 0 ? plain : plain.slice(0, comment).padEnd(plain.length);
    const last = out[out.length - 1];
    const explained = comment >= 0 && plain.slice(comment + 1).trim() !== "";
    if (text.trim() !== "") {
      if (/^\s*=(?!=)/.test(text) && last !== undefined) out[out.length - 1] = joined(source, last, text, start, explained);
      else out.push({ text, start, explained });
    }
    start += line.length + 1;
  }
  return out;
}

function joined(source: string, before: Statement, text: string, start: number, explained: boolean): Statement {
  const gap = source.slice(before.start + before.text.length, start).replace(/[^\n]/g, " ");
  return { text: before.text + gap + text, start: before.start, explained: before.explained || explained };
}

function linesOf(numeric: Numeric, question: StepsQuestion, library: Library): CheckedLine[] {
  const { steps: source } = question;
  const out: CheckedLine[] = [];
  const known = new Set([...Object.keys(question.vars ?? {}), ...(question.let ?? []).map(([name]) => name)]);
  for (const name of namesDeclared(question.declarations ?? "")) known.add(name);
  let head = "";
  for (const statement of statementsOf(source)) {
    const { sides } = cut(statement.text);
    const [first] = sides as [Part, ...Part[]];
    const place = (p: Part): Pick<CheckedLine, "line" | "column" | "text"> => ({
      ...positionOf(source, statement.start + p.start),
      text: p.text,
    });
    const whole = { ...positionOf(source, statement.start + first.start), text: statement.text.trim() };
    if (sides.length === 1 && /^[^=]*:(?!=)/.test(first.text)) {
      head += `${statement.text.trim()}\n`;
      for (const name of namesDeclared(first.text)) known.add(name);
      out.push({ ...whole, kind: "declaration" });
      continue;
    }
    const name = /^(\p{L}[\p{L}\p{N}_]*)\s*:=/u.exec(first.text)?.[1] ?? (sides.length > 1 && isName(first.text) ? first.text : undefined);
    const others = sides.slice(1).map((p) => p.text);
    const defines = name !== undefined && !known.has(name) && !others.some((text) => mentionsName(text, name));
    // u = a = b defines u, and a = b goes on from there.
    const members = defines ? sides.slice(1) : sides;
    if (defines) {
      const end = sides[1]?.end ?? first.end;
      head += `${statement.text.slice(first.start, end).replace(/\n/g, " ")}\n`;
      known.add(name);
      out.push({
        ...whole,
        text: statement.text
          .slice(first.start, end)
          .trim()
          .replace(/\s*\n\s*/g, " "),
        kind: "definition",
      });
    }
    if (members.length > 1) {
      // A name that is known already is no definition, so it stands in brackets.
      out.push(...chain(numeric, question, library, head, statement, members, place));
    } else if (!defines) {
      const message = "this line is no declaration, no definition and no equation";
      out.push({ ...whole, kind: "fault", fault: { code: "type", message, span: { start: 0, end: 0 } } });
    }
  }
  return out;
}

const mentionsName = (text: string, name: string): boolean => new RegExp(`(?<![\\p{L}\\p{N}_])${name}(?![\\p{L}\\p{N}_])`, "u").test(text);
const isName = (text: string): boolean => /^\p{L}[\p{L}\p{N}_]*$/u.test(text);

/** The names in front of the colon of each declaration. */
function namesDeclared(text: string): string[] {
  return text.split(/[;\n]/).flatMap((d) => (/^([^:=]*):(?!=)/.exec(d)?.[1] ?? "").match(/\p{L}[\p{L}\p{N}_]*/gu) ?? []);
}

function positionOf(source: string, offset: number): { line: number; column: number } {
  const before = source.slice(0, offset);
  return { line: before.split("\n").length, column: offset - before.lastIndexOf("\n") };
}

function chain(
  numeric: Numeric,
  question: StepsQuestion,
  library: Library,
  head: string,
  statement: Statement,
  sides: readonly Part[],
  place: (p: Part) => Pick<CheckedLine, "line" | "column" | "text">,
): CheckedLine[] {
  const source = head + statement.text.replace(/[^\S\n]*\n/g, (gap) => gap.replace("\n", " "));
  const moved = (p: Part): Part => ({ ...p, start: p.start + head.length, end: p.end + head.length });
  const all: Cut = { source, begin: head.length, sides: sides.map(moved) };
  const [first, ...others] = all.sides as [Part, ...Part[]];
  const out: CheckedLine[] = [];
  let before: { judged: Judged; part: Part } | undefined;
  others.forEach((side, i) => {
    const own = sides[i + 1] as Part;
    const kind = i === 0 ? "claim" : "link";
    const at =
      i === 0 ? { ...place(sides[0] as Part), text: `${(sides[0] as Part).text} = ${own.text}` } : { ...place(own), text: `= ${own.text}` };
    const judged = attempt(() => judgeSides(numeric, { ...question, claim: source }, all, first, side, library));
    if ("fault" in judged) {
      out.push({ ...at, kind: "fault", fault: judged.fault });
      before = undefined;
      return;
    }
    const by: Judge = {
      numeric,
      library,
      definitions: library.definition,
      ...(question.seed === undefined ? {} : { seed: question.seed }),
    };
    out.push(lineOf(by, at, kind, judged, before, side, statement.explained));
    before = { judged, part: side };
  });
  return out;
}

function attempt<T extends object>(make: () => T): T | { fault: Diagnostic } {
  try {
    return make();
  } catch (error) {
    if (!isFault(error)) throw error;
    return { fault: faultOf(error) };
  }
}

function lineOf(
  by: Judge,
  at: Pick<CheckedLine, "line" | "column" | "text">,
  kind: "claim" | "link",
  judged: Judged,
  before: { judged: Judged; part: Part } | undefined,
  side: Part,
  explained: boolean,
): CheckedLine {
  const { checked } = judged;
  const { verdict, accepted } = checked;
  const line = { ...at, kind, verdict, accepted, claim: checked };
  if (before === undefined || judged.claimed === undefined || before.judged.claimed === undefined) {
    if (!accepted || explained || kind === "link") return { ...line, ...(accepted ? {} : { diagnosis: checked.diagnosis }) };
    const because = reasonsOf(judged.problem, judged.left, by.library);
    return { ...line, ...(because.length > 0 ? { because } : {}) };
  }
  const [from, to] = [before.judged.claimed, judged.claimed];
  const link = linkOf(by, from, to);
  const wasRight = before.judged.checked.accepted;
  if (link.follows === false) {
    const note = accepted && !wasRight ? "right again, but it does not follow from the line before" : undefined;
    const findings = sameShape(from.shape, to.shape) ? diagnose(by, [{ expr: from }], to, undefined) : [];
    const stated = stateOf(judged.problem, from, [], by.library, "standard");
    const own = findings.map((f) => diagnosisOf(f, stated, by.library));
    const diagnosis = own.length > 0 ? own : checked.diagnosis;
    return { ...line, follows: false, ...(accepted ? {} : { diagnosis }), ...(note === undefined ? {} : { note }) };
  }
  const follows = link.follows === undefined ? {} : { follows: link.follows };
  if (!accepted)
    return {
      ...line,
      ...follows,
      ...(wasRight ? { diagnosis: checked.diagnosis } : { note: "follows from the line before, which is wrong" }),
    };
  return { ...line, ...follows, ...(explained ? {} : { note: link.note ?? explain(judged.problem, before.part, side, link.expanded) }) };
}

/** Whether a line follows from the one before, by value. */
function linkOf(by: Judge, from: Expr, to: Expr): { follows: boolean | undefined; expanded: boolean; note?: string } {
  const turned = !sameShape(from.shape, to.shape);
  const start = turned ? transpose(from) : from;
  if (!sameShape(start.shape, to.shape)) return { follows: false, expanded: false };
  const outcome = compareTerms(by, start, to);
  switch (outcome.kind) {
    case "proved":
    case "holds": {
      const expanded = outcome.evidence.kind !== "normal form" || outcome.evidence.expanded;
      return { follows: true, expanded, ...(turned ? { note: "transposed: the layout changes here" } : {}) };
    }
    case "differs":
      return { follows: false, expanded: false };
    case "undecided":
      return { follows: undefined, expanded: false };
  }
}

/** What happens between two members of a chain. */
function explain(problem: Problem, before: Part, after: Part, expanded: boolean): string {
  const uses = (p: Part, name: string): boolean => new RegExp(`(?<![\\p{L}\\p{N}_])[d∂]?${name}(?![\\p{L}\\p{N}_])`, "u").test(p.text);
  const names = problem.definitions.map((d) => d.name);
  const gone = names.filter((n) => uses(before, n) && !uses(after, n));
  const come = names.filter((n) => !uses(before, n) && uses(after, n));
  if (gone.length > 0) return `by putting in ${gone.join(", ")}`;
  if (come.length > 0) return `by the definition of ${come.join(", ")}`;
  return expanded ? "by multiplying out" : "by rearranging";
}

/** The rules of the library, or the chain rule, by which a stated derivative is right. */
function reasonsOf(problem: Problem, left: Side, library: Library): readonly RuleReference[] {
  if (left.kind !== "derivative" || left.by.length !== 1) return [];
  const [target] = left.by;
  const { of } = left;
  const body = of.kind === "var" ? problem.definitions.find((d) => d.variable === of)?.expr : of;
  const v = target?.variable;
  if (v === undefined || body === undefined) return [];
  const between = problem.definitions.filter((d) => mentions(body, d.name) && d.variable !== v && reaches(problem, d.variable, v));
  if (between.length === 0) return rulesFor(body, v, [v], library);
  const direct = mentions(body, v.name);
  if (direct || between.length > 1)
    return [between.every((d) => isScalarShape(d.variable.shape)) && isScalarShape(v.shape) ? CHAIN_RULES.total : CHAIN_RULES.vector];
  const scalar = [of, v, ...between.map((d) => d.variable)].every((e) => isScalarShape(e.shape));
  return [scalar ? CHAIN_RULES.single : CHAIN_RULES.vector];
}

/** Whether a defined name depends on a variable, through others or not. */
function reaches(problem: Problem, name: Variable, v: Variable): boolean {
  const open = [name];
  const seen = new Set<Variable>();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === v) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    const body = problem.definitions.find((d) => d.variable === next)?.expr;
    if (body === undefined) continue;
    if (mentions(body, v.name)) return true;
    for (const d of problem.definitions) if (mentions(body, d.name)) open.push(d.variable);
  }
  return false;
}
