// `nabla check`: claims and derivations, judged; the exit code says whether all are accepted.
//
// Not here: documents (documents.ts).

import { optional } from "../base/optional.ts";
import type { Layout, Symmetry } from "../expr/conventions.ts";
import type { CheckedClaim, CheckedLine, CheckedSteps, ClaimQuestion, DataValue, PlainCounterexample } from "../index.ts";
import { checkClaim, checkSteps } from "../index.ts";
import { digitsApart, numeral } from "../library/answer/numerals.ts";
import { isChain } from "../library/claim/claim.ts";
import { type InputOptions, readContext, readFile, refuse } from "./input.ts";
import { CommandError, EXIT, type Io, type Paint, painter, readAll, write } from "./io.ts";
import { jsonLine } from "./json.ts";

/** Options of `nabla check`, as commander gives them. */
export interface CheckOptions extends InputOptions {
  /** A file with a derivation; - is stdin. */
  readonly steps?: string;
  readonly layout?: Layout;
  readonly symmetry?: Symmetry;
  readonly format: "text" | "json" | "sarif" | "junit";
  readonly seed?: number;
  readonly fix?: true;
  readonly write?: true;
  readonly verbose?: true;
}

/** Judges claims, or a derivation in a file; the exit code. */
export async function checkCommand(claims: readonly string[], options: CheckOptions, version: string, io: Io): Promise<number> {
  if (claims.length > 0 && options.steps === undefined) {
    const { checkDocuments, isDocument } = await import("./documents.ts");
    if (claims.every(isDocument)) return checkDocuments(claims, options, version, io);
    if (claims.some(isDocument)) throw new CommandError("documents and claims are judged apart; give one or the other");
  }
  if (options.format === "sarif" || options.format === "junit" || options.fix === true || options.write === true)
    throw new CommandError("--format sarif and junit, --fix and --write are for documents: nabla check notes.md");
  if (options.steps !== undefined) {
    if (claims.length > 0) throw new CommandError("a claim and --steps are two inputs; one is wanted");
    return derivation(options.steps, options, io);
  }
  const texts = claims.length === 0 || (claims.length === 1 && claims[0] === "-") ? [await fromStdin(claims, io)] : claims;
  let code: number = EXIT.answered;
  for (const text of texts) code = Math.max(code, await one(text, options, io));
  return code;
}

async function fromStdin(claims: readonly string[], io: Io): Promise<string> {
  if (claims.length === 0 && io.stdin.isTTY === true)
    throw new CommandError(`a claim is missing, for example: nabla check "d(x'*A*x)/dx = x'*(A + A')"`);
  return readAll(io.stdin);
}

async function contextOf(options: CheckOptions, io: Io): Promise<Omit<ClaimQuestion, "claim">> {
  const { layout, symmetry, seed } = options;
  return { ...(await readContext(options, io)), ...optional({ layout, symmetry, seed }) };
}

async function one(text: string, options: CheckOptions, io: Io): Promise<number> {
  const claim = { ...(await contextOf(options, io)), claim: text };
  if (isChain(claim)) return steps(text, undefined, options, io);
  const result = await checkClaim(claim);
  if (!result.ok) return refuse(result, options.format, io);
  if (options.format === "json") await write(io.stdout, jsonLine(result));
  else await write(io.stdout, claimText(result, painter(io.stdout, io.env)));
  return result.accepted || result.verdict === "undecided" ? EXIT.answered : EXIT.refuted;
}

const MARKS: Readonly<Record<CheckedClaim["verdict"], readonly [colour: "green" | "yellow" | "red", mark: string]>> = {
  proved: ["green", "✓"],
  holds: ["green", "✓"],
  "other layout": ["yellow", "≈"],
  refuted: ["red", "✗"],
  undecided: ["yellow", "?"],
};

function claimText(c: CheckedClaim, paint: Paint): string {
  const [colour, mark] = MARKS[c.verdict];
  const lines = [
    `${paint(colour, `${mark} ${c.verdict}`)}  ${paint("bold", `${c.left} = ${c.right}`)}`,
    ...details(c).map((l) => `  ${l}`),
  ];
  return `${lines.join("\n")}\n`;
}

/** What is to be said of a claim, a sentence a line. */
function details(c: CheckedClaim): string[] {
  const out: string[] = [];
  const layout = c.layout === undefined ? "" : `, ${c.layout} layout`;
  if (c.verdict === "refuted" && c.truth !== undefined)
    out.push(`right is: ${c.truth.unicode}   (${c.truth.shape.join("×").replace(/^1×1$/, "a number")}${layout})`);
  if (c.verdict === "other layout") {
    out.push(c.reason ?? "");
    if (c.truth !== undefined) out.push(`the form ${c.accepted ? "that is usual" : "asked for"}: ${c.truth.unicode}`);
  } else if (c.verdict === "undecided") out.push(`undecided: ${c.reason ?? ""}`);
  else if (c.verdict === "refuted" && c.counterexample === undefined) out.push(c.reason ?? "");
  if (c.counterexample !== undefined) out.push(...counterexampleText(c.counterexample));
  if (c.verdict === "refuted") for (const d of c.diagnosis) if (!d.text.endsWith(c.reason ?? " ")) out.push(`→ ${d.text}`);
  if (c.evidence !== undefined) out.push(`${evidenceText(c.evidence)}${c.verdict === "other layout" ? "" : layout}`);
  if (c.evidence !== undefined && c.verdict !== "other layout" && c.reason !== undefined) out.push(c.reason);
  if (c.assumptions.length > 0) out.push(`assuming ${c.assumptions.join("; ")}`);
  return out;
}

/** What an agreement rests on, with its bound. */
function evidenceText(e: NonNullable<CheckedClaim["evidence"]>): string {
  switch (e.kind) {
    case "normal form":
      return `both sides have the same normal form${e.expanded ? ", multiplied out" : ""}`;
    case "residues": {
      const opaque = e.opaque.length === 0 ? "" : `, whatever ${e.opaque.join(", ")} may be`;
      return `both sides are equal at ${e.points} random points modulo ${e.prime}${opaque}; by chance with probability below ${e.chance}`;
    }
    case "values":
      return `both sides agree at ${e.points} random points (worst error ${e.worst === 0 ? "0" : e.worst.toExponential(1)}, at most ${e.tolerance} passes)`;
  }
}

function counterexampleText(c: PlainCounterexample): string[] {
  const sizes = Object.entries(c.sizes).map(([name, size]) => `${name} = ${size}`);
  const values = Object.entries(c.at).map(([name, value]) => `${name} = ${valueText(value)}`);
  const digits = digitsApart(c.expected, c.claimed);
  const [expected, claimed] = [numeral(c.expected, digits), numeral(c.claimed, digits)];
  const at = [...sizes, ...values].join(", ");
  const both = c.values;
  if (both === undefined || typeof both.expected === "number")
    return [`for example at ${at === "" ? "any point" : at}: right is ${expected}, the claim says ${claimed}`];
  return [
    `for example at ${at}: right is ${valueText(both.expected, digits)}, the claim says ${valueText(both.claimed, digits)}`,
    `entry (${c.row}, ${c.col}): ${expected} and not ${claimed}`,
  ];
}

/** [1; 2] for a column, [1, 2; 3, 4] for a matrix. */
function valueText(value: DataValue, digits?: number): string {
  const text = (x: number): string => numeral(x, digits);
  if (typeof value === "number") return text(value);
  return `[${value.map((row) => (typeof row === "number" ? text(row) : row.map(text).join(", "))).join("; ")}]`;
}

async function derivation(path: string, options: CheckOptions, io: Io): Promise<number> {
  const text = path === "-" ? await readAll(io.stdin) : readFile(path);
  return steps(text, path === "-" ? undefined : path, options, io);
}

async function steps(text: string, file: string | undefined, options: CheckOptions, io: Io): Promise<number> {
  const result = await checkSteps({ ...(await contextOf(options, io)), steps: text });
  if (!result.ok) return refuse(result, options.format, io, file);
  if (options.format === "json") await write(io.stdout, jsonLine(result));
  else await write(io.stdout, stepsText(result, painter(io.stdout, io.env)));
  if (result.lines.some((l) => l.kind === "fault")) return EXIT.input;
  return result.lines.some((l) => l.accepted === false && l.verdict !== "undecided") || result.lines.some((l) => l.follows === false)
    ? EXIT.refuted
    : EXIT.answered;
}

function stepsText(result: CheckedSteps, paint: Paint): string {
  const { lines, firstWrong } = result;
  const out = lines.flatMap((l, i) => lineText(l, paint, i === firstWrong));
  const claims = lines.filter((l) => l.kind === "claim" || l.kind === "link");
  const right = claims.filter((l) => l.accepted === true && l.follows !== false).length;
  const wrong = firstWrong === undefined ? undefined : lines[firstWrong];
  const verdict =
    wrong === undefined
      ? paint("green", `all ${claims.length} steps are right`)
      : paint("red", `${right} of ${claims.length} steps are right; the first wrong one is line ${wrong.line}: ${wrong.text}`);
  return `${[...out, "", verdict].join("\n")}\n`;
}

function lineText(l: CheckedLine, paint: Paint, first: boolean): string[] {
  const number = `${l.line}`.padStart(3);
  if (l.kind === "declaration" || l.kind === "definition") return [`${number}    ${l.text}`];
  if (l.kind === "fault")
    return [`${number} ${paint("red", "!")}  ${l.text}`, `       ${paint("red", "error:")} ${l.fault?.message ?? ""}`];
  const [colour, mark] = l.follows === false && l.accepted === true ? (["red", "✗"] as const) : MARKS[l.verdict ?? "undecided"];
  const why = l.because?.map((r) => `${r.title}, ${r.source}`).join("; ");
  const reason = why !== undefined ? `by ${why}` : (l.note ?? "");
  const out = [`${number} ${paint(colour, mark)}  ${l.text}${reason === "" ? "" : `   ${paint("dim", reason)}`}`];
  const below: string[] = [];
  if (l.verdict === "other layout") below.push(l.claim?.reason ?? "");
  if (l.verdict === "undecided") below.push(`undecided: ${l.claim?.reason ?? ""}`);
  if (l.verdict === "refuted" && l.claim?.truth !== undefined && first) below.push(`right is: ${l.claim.truth.unicode}`);
  if (l.verdict === "refuted" && first && l.claim?.counterexample !== undefined) below.push(...counterexampleText(l.claim.counterexample));
  for (const d of l.diagnosis ?? []) below.push(`→ ${d.text}`);
  return [...out, ...below.map((t) => `       ${t}`)];
}
