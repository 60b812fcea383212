// What a command writes: a bracket, a letter, a sign, or a construct of its own by a table.
//
// Invariant: a command stands for one thing whatever is around it, but for \cdot, and for names that the
// surrounding text has made functions or variables. Not here: what commands are called (commands.ts).

import { fail } from "../../base/diagnostic.ts";
import type { Span } from "../../base/span.ts";
import { DELIMITERS, FUNCTIONS, IGNORED, IGNORED_WITH_ARGUMENT, OPERATORS, REFUSED, TRANSPARENT } from "./commands.ts";
import { closeDelimiter, isMatrixSum, writeDelimiter } from "./constructs/delimiters.ts";
import { differentialStands, quotientOfDifferentials, writeDifferential } from "./constructs/differentials.ts";
import { writeEnvironment } from "./constructs/environments.ts";
import { writeDerivativeCommand, writeFraction } from "./constructs/fractions.ts";
import { functionName, writeFunction, writeRoot, writeSum } from "./constructs/functions.ts";
import { writeBase, writeOperatorName } from "./constructs/letters.ts";
import { writeNabla } from "./constructs/nabla.ts";
import { writeSpace } from "./constructs/spaces.ts";
import { readBase } from "./names.ts";
import type { LatexToken } from "./scan.ts";
import { argumentAt, first, type RangeJob, range, spanOf, type Work, write } from "./work.ts";

/** Writes what a command at a token stands for; the token behind it. */
export function writeCommand(work: Work, at: number, job: RangeJob): number {
  const t = work.tokens[at] as LatexToken;
  const { text: command } = t;
  if (command === "\\left" || command === "\\right" || /^\\[bB]igg?[lr]$/.test(command)) return writeSized(work, at, job);
  if (IGNORED.has(command)) return at + 1;
  if (DELIMITERS.has(command)) return writeDelimiter(work, at, job);
  if (IGNORED_WITH_ARGUMENT.has(command)) return argumentAt(work, at + 1, t).next;
  const base = readBase(work.tokens, at, work.styles.variants);
  if (base !== undefined) {
    const isDifferential = base.letters === "d" && base.style === "upright" && differentialStands(work, base.next);
    const quotient = isDifferential ? quotientOfDifferentials(work, base.next - 1, job, at) : undefined;
    return quotient ?? writeBase(work, base, job);
  }
  const operator = OPERATORS.get(command);
  if (operator !== undefined) return sign(work, at, operator);
  return (CONSTRUCTS.get(command) ?? writeOther)(work, at, job);
}

type Writer = (work: Work, at: number, job: RangeJob) => number;

const all = (commands: string, write: Writer): (readonly [string, Writer])[] => commands.split(" ").map((c) => [`\\${c}`, write]);

const sign = (work: Work, at: number, text: string): number => {
  write(work, text, spanOf(work.tokens[at] as LatexToken));
  return at + 1;
};

/** Commands that write something of their own. */
const CONSTRUCTS: ReadonlyMap<string, Writer> = new Map([
  ...all("frac dfrac tfrac cfrac", writeFraction),
  ...all("sqrt", writeRoot),
  ...all("sum prod", writeSum),
  ...all("nabla", writeNabla),
  ...all("dv pdv", writeDerivativeCommand),
  ...all("dd diff", (work, at, job) => (work.hasDifferentials ? writeDifferential(work, at) : writeOther(work, at, job))),
  ...all("partial", (work, at) => sign(work, at, "∂")),
  ...all("cdot bullet", (work, at) => sign(work, at, dotSign(work, at))),
  ...all("begin", writeEnvironment),
  ...all("\\ cr", (work, at, job) => (job.to - at > 1 ? sign(work, at, "\n") : at + 1)),
  ...all("operatorname operatorname* mathop text textrm textsf textbf textit texttt mbox", writeOperatorName),
  // What stands above or below is left out; the term itself follows.
  ...all("underset overset stackrel", (work, at) => argumentAt(work, at + 1, work.tokens[at] as LatexToken).next),
  ...all("middle", (_, at) => at + 1),
  ...all("mathbf end", (work, at) => {
    const t = work.tokens[at] as LatexToken;
    return fail("syntax", `${t.text} stands alone here`, spanOf(t));
  }),
]);

// \left( and \bigr): a bracket, or nothing where it only changes a size.
function writeSized(work: Work, at: number, job: RangeJob): number {
  const t = work.tokens[at] as LatexToken;
  const delimiter = work.tokens[at + 1];
  if (delimiter !== undefined && DELIMITERS.has(delimiter.text))
    return t.text === "\\right" ? closeDelimiter(work, at + 1, job) : writeDelimiter(work, at + 1, job);
  if (t.text === "\\left" || t.text === "\\right")
    fail("syntax", `behind ${t.text} a bracket is missing`, spanOf(t), { fix: "\\left( … \\right)" });
  return at + 1;
}

/** What \cdot stands for: the dot product between vectors, and only a product sign beside numbers and matrices. */
export function dotSign(work: Work, at: number): string {
  const before = work.pieces[work.pieces.length - 1]?.text ?? "";
  const after = work.tokens[at + 1];
  const base = readBase(work.tokens, at + 1, work.styles.variants);
  if (after?.text === "\\vec" && isArrowed(work, at)) return "·";
  const product =
    /[ᵀ\p{N}⁻]$/u.test(before) ||
    /^\p{Lu}/u.test(before) ||
    after?.kind === "number" ||
    /^\p{Lu}/u.test(base?.letters ?? "") ||
    /frac$/.test(after?.text ?? "") ||
    (before.endsWith(")") && isBehindMatrix(work));
  return product ? "*" : "·";
}

// Whether brackets that read as a matrix end here: (A + B) \cdot.
function isBehindMatrix(work: Work): boolean {
  let i = work.pieces.length;
  let depth = 0;
  do {
    const text = work.pieces[--i]?.text ?? "";
    depth += text.split(")").length - text.split("(").length;
  } while (depth > 0 && i > 0);
  return isMatrixSum(work, i - 1);
}

// Whether \vec{F} or \vec F stands before a position.
const isArrowed = ({ tokens, match }: Work, at: number): boolean =>
  tokens[at - 1]?.kind === "close" ? tokens[(match[at - 1] as number) - 1]?.text === "\\vec" : tokens[at - 2]?.text === "\\vec";

function writeOther(work: Work, at: number, job: RangeJob): number {
  const t = work.tokens[at] as LatexToken;
  const place: Span = spanOf(t);
  const command = t.text;
  const skip = TRANSPARENT.get(command);
  if (skip !== undefined) {
    let i = at + 1;
    for (let k = 0; k < skip; k++) i = argumentAt(work, i, t).next;
    const shown = argumentAt(work, i, t);
    first(work, range(shown.from, shown.to));
    // A brace below a term names it.
    return /brace$/.test(command) && (work.tokens[shown.next]?.kind === "sub" || work.tokens[shown.next]?.kind === "super")
      ? argumentAt(work, shown.next + 1, t).next
      : shown.next;
  }
  const instead = REFUSED[command];
  if (instead !== undefined) fail("unsupported", `${command} has no meaning here`, place, { fix: instead });
  const name = command.slice(1);
  if (/^(?:R|RR|Re|Reals|reals|Real)$/.test(name))
    return writeSpace(work, { letters: "R", marks: "", style: "double", ...place, next: at + 1 }, job);
  const known = FUNCTIONS.get(command) ?? functionName(work, name);
  if (known !== undefined) return writeFunction(work, known, at, at + 1, job);
  if (work.isVariable(name)) {
    write(work, name, place);
    return at + 1;
  }
  return fail("lexical", `the command ${command} is not understood`, place, {
    fix: /^[A-Za-z]+$/.test(name) ? `\\newcommand{${command}}{…}, or \\operatorname{${name}} for a function` : "take it away",
  });
}
