// Documents: every equation of a Markdown or LaTeX text judged, with what the document says
// of its names.
//
// Invariants: every formula is judged, taken as a definition or declaration, or skipped with
// a reason; a condition that is set (Ax = b, ∇f = 0) is not refuted for being no identity.
// The document itself is never changed here.

import type { Span } from "../base/span.ts";
import type { Library } from "../rewrite/library.ts";
import { parse } from "../syntax/parse.ts";
import { children, isDerivative, type SideTree, type Tree } from "../syntax/tree.ts";
import { openClaims } from "./claim.ts";
import { declarationAt, definitionAt, definitionsFor, namesInText } from "./document/context.ts";
import { type DocumentFormat, formatOf } from "./document/find.ts";
import type { ReadSide, Skipped } from "./document/formula.ts";
import { type Chain, type ReadDocument, readDocument } from "./document/read.ts";
import { parse as parseTerm } from "./parse.ts";
import { type Refusal, standardRulesOnce } from "./question.ts";
import type { CheckedClaim } from "./verdict.ts";

export type { DocumentFormat } from "./document/find.ts";

/** What is known of a document besides its text. */
export interface DocumentOptions {
  /** Shown in reports; its ending tells the format. */
  readonly name?: string;
  readonly format?: DocumentFormat;
  /** The layout that derivatives are claimed in; any unless stated. */
  readonly layout?: "numerator" | "denominator" | "mixed" | "vec";
  readonly dialect?: "standard" | "paper";
  /** Declarations that hold for the whole document, in the plain notation. */
  readonly declarations?: string;
  readonly library?: Library;
  readonly seed?: number;
}

/** One equation of a document, judged. */
export interface DocumentClaim extends Span {
  /** The equation as it stands in the document. */
  readonly source: string;
  /** The equation as it was read. */
  readonly reading: string;
  readonly checked: CheckedClaim;
  /** The right-hand side, with what nabla would put there. */
  readonly right: Span;
  readonly suggestion?: string;
}

/** What a document is worth. */
export interface CheckedDocument {
  readonly ok: true;
  readonly name: string;
  readonly format: DocumentFormat;
  readonly text: string;
  readonly claims: readonly DocumentClaim[];
  readonly skipped: readonly Skipped[];
  /** What cannot be read: formulas without an end, comments for nabla that are not understood. */
  readonly problems: readonly Skipped[];
  readonly formulas: number;
  readonly declarations: number;
  readonly definitions: number;
}

/** Longest document, in UTF-16 units. */
export const LONGEST_DOCUMENT = 16_000_000;
/** Most equations that are judged, equal ones counted once. */
const MOST_CLAIMS = 2000;

/** Judges every equation of a document. */
export async function checkDocument(text: string, options: DocumentOptions = {}): Promise<CheckedDocument | Refusal> {
  const name = options.name ?? "document";
  const refusal = unreadable(text);
  if (refusal !== undefined) return refusal;
  const library = options.library ?? standardRulesOnce();
  const read = readDocument(text, options.format ?? formatOf(name, text), library);
  const judge = await openClaims();
  const targetsIn = rememberedTargets(library);
  const claims: DocumentClaim[] = [];
  const skipped: Skipped[] = [...read.skipped];
  const known = new Map<string, ReturnType<typeof judge>>();
  const cached: typeof judge = (question) => {
    const key = JSON.stringify([question.claim, question.declarations, question.let, question.layout, question.dialect]);
    const found = known.get(key) ?? judge(question);
    known.set(key, found);
    return found;
  };
  const problems = [...read.problems];
  let full = false;
  for (const chain of read.chains) {
    if (known.size >= MOST_CLAIMS) {
      const reason = `the document has more than ${MOST_CLAIMS} different equations, and from here on none is judged`;
      const [first] = chain.sides;
      if (!full) problems.push({ start: chain.place, end: first?.end ?? chain.place, reason });
      full = true;
      skipped.push({ start: chain.place, end: chain.place, reason: `more than ${MOST_CLAIMS} different equations` });
      continue;
    }
    judgeChain(text, read, chain, options, targetsIn, cached, claims, skipped);
  }
  claims.push(...misfits(text, read, options));
  claims.sort((a, b) => a.start - b.start || a.end - b.end);
  const { format, formulas, declarations, definitions } = read;
  return {
    ok: true,
    name,
    format,
    text,
    claims,
    skipped: skipped.sort((a, b) => a.start - b.start),
    problems,
    formulas,
    declarations,
    definitions,
  };
}

function unreadable(text: string): Refusal | undefined {
  const refuse = (code: "limit" | "lexical", message: string): Refusal => ({
    ok: false,
    diagnostics: [{ code, message, span: { start: 0, end: 0 } }],
    source: "",
  });
  if (text.length > LONGEST_DOCUMENT)
    return refuse("limit", `the document has ${text.length} characters; ${LONGEST_DOCUMENT} are the most that nabla reads`);
  const head = text.slice(0, 100_000);
  const strange = head.match(/[\0\ufffd]/g)?.length ?? 0;
  return text.includes("\0") || strange > head.length / 100 ? refuse("lexical", "this is no text") : undefined;
}

type Judge = Awaited<ReturnType<typeof openClaims>>;

// Each side is compared with the one before; a side that cannot be read is passed over.
function judgeChain(
  text: string,
  read: ReadDocument,
  chain: Chain,
  options: DocumentOptions,
  targetsIn: Targets,
  judge: Judge,
  claims: DocumentClaim[],
  skipped: Skipped[],
): void {
  let [left, ...others] = chain.sides as [ReadSide, ...ReadSide[]];
  const first = left;
  for (const right of others) {
    const place = { start: left.start, end: right.end };
    let outcome = judgePair(read, chain, left, right, options, targetsIn, judge);
    // What cannot be compared with the line before is compared with the beginning.
    if (typeof outcome === "string" && left !== first) {
      const again = judgePair(read, chain, first, right, options, targetsIn, judge);
      if (typeof again !== "string") outcome = again;
    }
    if (typeof outcome === "string") skipped.push({ ...place, reason: outcome });
    else
      claims.push({
        ...place,
        source: text.slice(place.start, place.end),
        reading: `${left.plain?.text} = ${right.plain?.text}`,
        checked: outcome.checked,
        right: { start: right.start, end: right.end },
        ...(outcome.suggestion === undefined ? {} : { suggestion: outcome.suggestion }),
      });
    left = right;
  }
}

interface Outcome {
  readonly checked: CheckedClaim;
  readonly suggestion?: string;
}

/** The verdict on one equation, or why there is none. */
function judgePair(
  read: ReadDocument,
  chain: Chain,
  left: ReadSide,
  right: ReadSide,
  options: DocumentOptions,
  targetsIn: Targets,
  judge: Judge,
): Outcome | string {
  const claim = `${left.plain?.text} = ${right.plain?.text}`;
  const context = contextOf(read, chain, claim, options, targetsIn);
  if (typeof context === "string") return context;
  const layout = chain.settings.layout ?? options.layout;
  const dialect = chain.settings.dialect ?? options.dialect;
  const result = judge({
    claim,
    notation: "plain",
    ...context,
    ...(layout === undefined ? {} : { layout }),
    ...(dialect === undefined ? {} : { dialect }),
    ...(options.library === undefined ? {} : { library: options.library }),
    ...(options.seed === undefined ? {} : { seed: options.seed }),
  });
  if (!result.ok) return result.diagnostics[0]?.message ?? "it is not understood";
  if (result.verdict === "refuted" && setsCondition(read, chain, left, right)) return "it sets a condition";
  const latex = !result.accepted && result.verdict !== "undecided" && hasDerivative(left) ? result.truth?.latex : undefined;
  return latex === undefined ? { checked: result } : { checked: result, suggestion: styled(latex, read.isBold) };
}

interface Known {
  readonly declarations?: string;
  readonly let?: readonly (readonly [string, string])[];
}

// What is said of the names of a claim; a reason where too little is said.
function contextOf(read: ReadDocument, chain: Chain, claim: string, options: DocumentOptions, targetsIn: Targets): Known | string {
  const { names } = read;
  const { place, section } = chain;
  const used = namesInText(claim);
  const targets = targetsIn(claim);
  // By a name that stands for something it is differentiated as by a variable of its shape.
  const fixed = new Set(targets.by.filter((n) => definitionAt(names, n, place, section) !== undefined));
  const { definitions, mentioned } = definitionsFor(names, used, place, section, fixed);
  const declared = [...mentioned].flatMap((n) => {
    if (definitions.some(([d]) => d === n)) return [];
    const said = fixed.has(n) ? shapeOf(read, chain, n, options) : declarationAt(names, n, place, section);
    return said === undefined ? [] : [said];
  });
  const declarations = [...(options.declarations === undefined ? [] : [options.declarations]), ...declared].join("\n");
  const isKnown = (n: string): boolean => definitions.some(([d]) => d === n) || declarationAt(names, n, place, section) !== undefined;
  if (targets.by.length > 0 && targets.of.length > 0) {
    const reach = definitionsFor(names, targets.of, place, section, fixed).mentioned;
    const unknown = targets.of.find((n) => !isKnown(n) && !isKnown(stem(n)) && !targets.by.includes(n));
    if (unknown !== undefined && !targets.by.some((b) => reach.has(b) || reach.has(stem(b))))
      return `nothing says how ${unknown} depends on ${targets.by.join(", ")}`;
  }
  return { ...(declarations === "" ? {} : { declarations }), ...(definitions.length === 0 ? {} : { let: definitions }) };
}

/** A name without what stands below it. */
const stem = (name: string): string => name.replace(/_.*/u, "");

// Definitions whose shapes do not fit, all their names being known.
function misfits(text: string, read: ReadDocument, options: DocumentOptions): DocumentClaim[] {
  const { names } = read;
  return [...names.defined].flatMap(([name, all]) =>
    all.flatMap((d): DocumentClaim[] => {
      const { definitions, mentioned } = definitionsFor(names, d.names, d.place, d.section, new Set([name]));
      const isDefined = (n: string): boolean => definitions.some(([known]) => known === n);
      const declared = new Map(
        [...mentioned].flatMap((n) => {
          const said = isDefined(n) ? undefined : declarationAt(names, n, d.place, d.section);
          return said === undefined ? [] : [[n, said] as const];
        }),
      );
      const known = (n: string): boolean => isDefined(n) || declared.has(n) || n === "I";
      if (!d.names.every((n) => known(n) || known(stem(n)) || d.names.some((other) => stem(other) === n && known(other)))) return [];
      const parsed = parseTerm(d.text, {
        notation: "plain",
        let: definitions,
        declarations: [...declared.values()].join("\n"),
        ...(options.library === undefined ? {} : { library: options.library }),
      });
      const fault = parsed.ok ? undefined : parsed.diagnostics[0];
      if (fault?.code !== "shape") return [];
      const diagnosis = [{ mistake: "shape", text: `the shapes do not fit: ${fault.message}` }];
      const base = { ok: true, verdict: "refuted", accepted: false, assumptions: [] } as const;
      const checked: CheckedClaim = { ...base, left: name, right: d.text, reason: fault.message, diagnosis };
      const source = text.slice(d.span.start, d.span.end);
      return [{ ...d.span, source, reading: `${name} = ${d.text}`, checked, right: d.span }];
    }),
  );
}

// The type of a defined name, found from its definition.
function shapeOf(read: ReadDocument, chain: Chain, name: string, options: DocumentOptions): string | undefined {
  const { names } = read;
  const definition = definitionAt(names, name, chain.place, chain.section);
  if (definition === undefined) return undefined;
  const { definitions, mentioned } = definitionsFor(names, definition.names, chain.place, chain.section, new Set([name]));
  const declarations = [...mentioned].flatMap((n) =>
    definitions.some(([d]) => d === n) ? [] : (declarationAt(names, n, chain.place, chain.section) ?? []),
  );
  const parsed = parseTerm(definition.text, {
    notation: "plain",
    let: definitions,
    declarations: declarations.join("\n"),
    ...(options.library === undefined ? {} : { library: options.library }),
  });
  if (!parsed.ok) return undefined;
  const [rows, cols] = [parsed.expr.shape.rows.key, parsed.expr.shape.cols.key];
  return rows === "1" && cols === "1"
    ? `${name} : scalar`
    : cols === "1"
      ? `${name} : vector(${rows})`
      : `${name} : matrix(${rows}, ${cols})`;
}

type Targets = (claim: string) => ReturnType<typeof targetsOf>;

// The names in what a claim differentiates, and by which; what was read once is remembered.
function rememberedTargets(library: Library): Targets {
  const known = new Map<string, ReturnType<typeof targetsOf>>();
  return (claim) => {
    const found = known.get(claim) ?? targetsOf(claim, library);
    known.set(claim, found);
    return found;
  };
}

function targetsOf(claim: string, library: Library): { of: string[]; by: string[] } {
  const known = { isFunction: (n: string) => library.functions.find(n) !== undefined };
  const result = parse(claim, known);
  if (!result.ok) return { of: [], by: [] };
  const { final } = result.document;
  const sides: SideTree[] = final?.kind === "equation" ? [final.left, final.right] : [];
  const derivatives = sides.filter(isDerivative);
  return { of: derivatives.flatMap((d) => namesOf(d.of)), by: derivatives.flatMap((d) => d.by.map((t) => t.name)) };
}

function namesOf(tree: Tree): string[] {
  const out = new Set<string>();
  const stack: Tree[] = [tree];
  for (let t = stack.pop(); t !== undefined; t = stack.pop()) {
    if (t.kind === "name") out.add(t.name);
    stack.push(...children(t));
  }
  return [...out].filter((n) => n !== "I" && n !== "e" && n !== "π" && n !== "pi");
}

const hasDerivative = (side: ReadSide): boolean => /^[∂∇]/u.test(side.plain?.text ?? "");
const isZero = (side: ReadSide): boolean => /^(?:0|0⃗ᵀ?|zeros\([^()]*\))$/u.test(side.plain?.text ?? "");
const SIMPLE = /^(?:\d+(?:\.\d+)?|I|eye\([^()]*\)|[01]⃗ᵀ?|[\p{Lu}\p{Ll}][\p{Lu}\p{Ll}\p{M}\p{Nd}_]*)$/u;

// Ax = b, ∇f = 0, AᵀA = I are set, and no identities; an identity has the same names on both sides.
function setsCondition(read: ReadDocument, chain: Chain, left: ReadSide, right: ReadSide): boolean {
  if (hasDerivative(left) || hasDerivative(right)) return isZero(left) || isZero(right);
  const simple = (s: ReadSide): boolean => SIMPLE.test(s.plain?.text ?? "");
  const defined = (s: ReadSide): boolean => definitionAt(read.names, s.plain?.text ?? "", chain.place, chain.section) !== undefined;
  if ((simple(left) && !defined(left)) || (simple(right) && !defined(right))) return true;
  const closure = (s: ReadSide): string[] =>
    [...definitionsFor(read.names, namesInText(s.plain?.text ?? ""), chain.place, chain.section, new Set()).mentioned].sort();
  const [a, b] = [new Set(closure(left)), new Set(closure(right))];
  const only = (x: Set<string>, y: Set<string>): boolean =>
    [...x].some((n) => !y.has(n) && definitionAt(read.names, n, chain.place, chain.section) === undefined);
  return only(a, b) && only(b, a);
}

// The style of the document: bold letters only where it has them, one font for one name.
function styled(latex: string, isBold: (letter: string) => boolean): string {
  const own = latex.replace(/\\(?:mathbf|boldsymbol)\{((?:[^{}])+)\}/g, (all, name: string) => (isBold(name) ? all : name));
  return own.normalize("NFKD").normalize("NFC");
}
