// Reports about documents: for people, as JSON, as SARIF 2.1.0 for code hosts, as JUnit XML
// for build servers.
//
// Invariant: a report is a value; where it goes is the caller's business. Places are 1-based
// lines and columns; SARIF counts UTF-16 units, people count characters. Not here: suggestions as a diff (suggest.ts).

import { displayWidth } from "../../base/diagnostic.ts";
import { optional } from "../../base/optional.ts";
import type { Span } from "../../base/span.ts";
import { digitsApart, numeral, plural } from "../answer/numerals.ts";
import type { ClaimVerdict } from "../claim/verdict/verdict.ts";
import type { CheckedDocument, DocumentClaim } from "./document.ts";

/** A 1-based place in a text. */
interface Place {
  readonly line: number;
  readonly column: number;
}

/** Finds lines and columns; made once for a text. */
interface Places {
  readonly at: (offset: number) => Place;
  /** Column as people count it: characters that take one, from 1. Cheap where places are asked for in order. */
  readonly displayColumn: (offset: number) => number;
  /** Where the line of a place begins and ends, its break left out. */
  readonly lineOf: (offset: number) => Span;
}

function createPlaces(text: string): Places {
  const starts = [0];
  for (let i = text.indexOf("\n"); i >= 0; i = text.indexOf("\n", i + 1)) starts.push(i + 1);
  const at = (offset: number): Place => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] as number) + 1 };
  };
  const lineOf = (offset: number): Span => {
    const { line } = at(offset);
    const end = (starts[line] ?? text.length + 1) - 1;
    return { start: starts[line - 1] as number, end: text[end - 1] === "\r" ? end - 1 : end };
  };
  let known = { start: 0, offset: 0, width: 0 };
  const displayColumn = (offset: number): number => {
    const start = offset - at(offset).column + 1;
    if (known.start !== start || known.offset > offset) known = { start, offset: start, width: 0 };
    known = { start, offset, width: known.width + displayWidth(text.slice(known.offset, offset)) };
    return known.width + 1;
  };
  return { at, displayColumn, lineOf };
}

/** How many claims came out how. */
export interface Counts {
  readonly claims: number;
  readonly proved: number;
  readonly holds: number;
  readonly otherLayout: number;
  readonly refuted: number;
  readonly undecided: number;
}

/** How many claims of a document fared how. */
export function countsOf({ claims }: CheckedDocument): Counts {
  const count = (verdict: ClaimVerdict): number => claims.filter((c) => outcome(c) === verdict).length;
  return {
    claims: claims.length,
    proved: count("proved"),
    holds: count("holds"),
    otherLayout: count("other layout"),
    refuted: count("refuted"),
    undecided: count("undecided"),
  };
}

/** The verdict; a claim in another layout than the one asked for is refuted. */
const outcome = ({ checked }: DocumentClaim): ClaimVerdict =>
  checked.verdict === "other layout" && !checked.accepted ? "refuted" : checked.verdict;

const isOpenOrWrong = (outcome: ClaimVerdict): outcome is "refuted" | "undecided" => outcome === "refuted" || outcome === "undecided";

/** Characters of a line that are shown. */
const WIDEST = 110;

/** The report for people: what is refuted or undecided, each with its place; with `all` everything. */
export function textReport(document: CheckedDocument, all = false): string {
  const { text, name, problems, claims, skipped } = document;
  const places = createPlaces(text);
  const header = (start: number, word: string, what: string): string =>
    `${name}:${places.at(start).line}:${places.displayColumn(start)}: ${word}: ${what}`;
  const out: { readonly start: number; readonly lines: readonly string[] }[] = problems.map((p) => ({
    start: p.start,
    lines: [header(p.start, "unreadable", p.reason), ...excerpt(text, places, p)],
  }));
  for (const c of claims) {
    const what = outcome(c);
    const reading = oneLine(c.reading);
    if (isOpenOrWrong(what)) {
      const reasons = explanation(c).map((line) => `  ${line}`);
      out.push({ start: c.start, lines: [header(c.right.start, what, reading), ...excerpt(text, places, c.right), ...reasons] });
    } else if (all) out.push({ start: c.start, lines: [header(c.start, what, reading)] });
  }
  if (all) for (const s of skipped) out.push({ start: s.start, lines: [header(s.start, "skipped", s.reason)] });
  const entries = out.sort((a, b) => a.start - b.start).map((e) => e.lines.join("\n"));
  return [...entries, summary(document)].join("\n");
}

/** The line in which a place begins, or the part of it around that, and marks below the place. */
function excerpt(text: string, { lineOf }: Places, { start, end }: Span): string[] {
  const line = lineOf(start);
  const width = line.end - line.start;
  const begin = start - line.start;
  const from = width <= WIDEST ? 0 : Math.max(0, Math.min(begin - 30, width - WIDEST));
  const shown = text.slice(line.start + from, Math.min(line.end, line.start + from + WIDEST)).replace(/\t/g, " ");
  const length = Math.max(1, Math.min(end - start, from + shown.length - begin));
  const lead = from > 0 ? "…" : "";
  const pad = displayWidth(lead + shown.slice(0, begin - from));
  return [
    `  ${lead}${shown}${from + WIDEST < width ? "…" : ""}`,
    `  ${" ".repeat(pad)}${"^".repeat(Math.max(1, displayWidth(shown.slice(begin - from, begin - from + length))))}`,
  ];
}

const oneLine = (text: string): string => {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= WIDEST ? line : `${line.slice(0, WIDEST - 1)}…`;
};

/** Why a claim is refuted or undecided, line by line. */
function explanation({ checked, suggestion }: DocumentClaim): string[] {
  const { verdict, reason, counterexample, truth } = checked;
  // What is right in another layout is not wrong in further ways.
  const diagnosis = verdict === "other layout" ? [] : checked.diagnosis;
  const shapes = diagnosis.some((d) => d.mistake === "shape");
  const lines = [
    ...(reason === undefined || shapes ? [] : [`${reason}${counterexample === undefined ? "" : whereOf(counterexample)}`]),
    ...diagnosis.map((d) => d.text),
    ...(truth === undefined || suggestion === undefined ? [] : [`right is ${truth.unicode}`]),
  ];
  return [...new Set(lines)];
}

function whereOf({ row, col, expected, claimed, values }: NonNullable<DocumentClaim["checked"]["counterexample"]>): string {
  const digits = digitsApart(expected, claimed);
  const [left, right] = [numeral(expected, digits), numeral(claimed, digits)];
  const whole = values !== undefined && typeof values.expected === "number";
  return whole
    ? `: ${left} on the left, ${right} on the right at some point`
    : `: entry (${row}, ${col}) is ${left} on the left and ${right} on the right`;
}

/** One line: how many claims, how they came out, what was skipped. */
function summary(document: CheckedDocument): string {
  const c = countsOf(document);
  const verdicts = [
    [c.proved, "proved"],
    [c.holds, "hold"],
    [c.otherLayout, "right in another layout"],
    [c.refuted, "refuted"],
    [c.undecided, "undecided"],
  ] as const;
  const parts = verdicts.filter(([n]) => n > 0).map(([n, word]) => `${n} ${word}`);
  const rest = [
    plural(document.definitions, "definition"),
    plural(document.declarations, "declaration"),
    ...(document.problems.length > 0 ? [`${document.problems.length} unreadable`] : []),
  ];
  const skipped = document.skipped.length === 0 ? "nothing skipped" : `${plural(document.skipped.length, "formula", "formulas")} skipped`;
  return `${document.name}: ${plural(c.claims, "claim")}${parts.length > 0 ? `: ${parts.join(", ")}` : ""}; ${rest.join(", ")}; ${skipped}`;
}

/** The report as data. */
export function jsonReport(document: CheckedDocument): object {
  const { at } = createPlaces(document.text);
  const placed = (start: number, end: number): object => ({ ...at(start), end: at(end) });
  const { name, format, formulas, declarations, definitions } = document;
  return {
    name,
    format,
    formulas,
    declarations,
    definitions,
    counts: countsOf(document),
    claims: document.claims.map((c) => ({
      ...placed(c.start, c.end),
      source: c.source,
      reading: c.reading,
      outcome: outcome(c),
      ...optional({ suggestion: c.suggestion }),
      checked: c.checked,
    })),
    problems: document.problems.map((p) => ({ ...placed(p.start, p.end), reason: p.reason })),
    skipped: document.skipped.map((s) => ({ ...placed(s.start, s.end), reason: s.reason })),
  };
}

// biome-ignore format: one rule a row
const SARIF_RULES = [
  { id: "refuted",    shortDescription: { text: "The two sides of an equation differ." } },
  { id: "undecided",  shortDescription: { text: "An equation could neither be proved nor refuted." } },
  { id: "unreadable", shortDescription: { text: "A formula without an end, or a comment for nabla that is not understood." } },
] as const;

/** All reports as one SARIF 2.1.0 log. */
export function sarifReport(documents: readonly CheckedDocument[], version: string): object {
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "nabla", version, rules: SARIF_RULES } },
        columnKind: "utf16CodeUnits",
        results: documents.flatMap(resultsOf),
      },
    ],
  };
}

function resultsOf(document: CheckedDocument): object[] {
  const { at } = createPlaces(document.text);
  const result = (ruleId: string, level: string, text: string, start: number, end: number): object => {
    const [from, to] = [at(start), at(end)];
    const region = { startLine: from.line, startColumn: from.column, endLine: to.line, endColumn: to.column };
    return {
      ruleId,
      level,
      message: { text },
      locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(document.name) }, region } }],
    };
  };
  return [
    ...document.problems.map((p) => result("unreadable", "error", p.reason, p.start, p.end)),
    ...document.claims.flatMap((c): object[] => {
      const what = outcome(c);
      if (!isOpenOrWrong(what)) return [];
      const message = [oneLine(c.reading), ...explanation(c)].join("\n");
      return [result(what, what === "refuted" ? "error" : "note", message, c.right.start, c.right.end)];
    }),
  ];
}

const uriOf = (name: string): string => name.split(/[\\/]/).map(encodeURIComponent).join("/").replace(/%3A/g, ":");

/** All reports as JUnit XML, one suite a document and one case a claim. */
export function junitReport(documents: readonly CheckedDocument[]): string {
  const suites = documents.map((document) => {
    const { at } = createPlaces(document.text);
    const c = countsOf(document);
    const cases = document.claims.map((claim) => {
      const { line, column } = at(claim.start);
      const what = outcome(claim);
      const head = `    <testcase classname="${xml(document.name)}" name="${xml(`${line}:${column} ${oneLine(claim.reading)}`)}"`;
      if (what === "refuted")
        return `${head}>\n      <failure message="refuted">${xml(explanation(claim).join("\n"))}</failure>\n    </testcase>`;
      if (what === "undecided") return `${head}>\n      <skipped message="${xml(claim.checked.reason ?? "undecided")}"/>\n    </testcase>`;
      return `${head}/>`;
    });
    const errors = document.problems.map((p) => {
      const { line, column } = at(p.start);
      return `    <testcase classname="${xml(document.name)}" name="${line}:${column}">\n      <error message="${xml(p.reason)}"/>\n    </testcase>`;
    });
    const total = c.claims + errors.length;
    const head = `  <testsuite name="${xml(document.name)}" tests="${total}" failures="${c.refuted}" errors="${errors.length}" skipped="${c.undecided}">`;
    return [head, ...cases, ...errors, "  </testsuite>"].join("\n");
  });
  return ['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>", ...suites, "</testsuites>"].join("\n");
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;" };
// Control characters have no place in XML.
const xml = (text: string): string =>
  text.replace(/[^\P{Cc}\t\n\r]|[\ufffe\uffff]/gu, "").replace(/[&<>"\n]/g, (c) => ENTITIES[c] as string);
