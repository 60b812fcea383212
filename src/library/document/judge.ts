// Chains of equations of a document, and its definitions, judged.
//
// Invariants: each side is compared with the one before it; what sets a condition (Ax = b, ∇f = 0)
// is not refuted for being no identity. Not here: what is known of the names (known.ts).

import { optional } from "../../base/optional.ts";
import type { Library } from "../../rewrite/library.ts";
import { isFunctionWord } from "../../syntax/tokens/spelling.ts";
import type { openClaims } from "../claim/claim.ts";
import { isAlongDirection } from "../claim/readings/directions.ts";
import type { CheckedClaim } from "../claim/verdict/verdict.ts";
import { declarationAt, definitionAt, isElsewhereIn, isUnreadAt, meaningOf, type Names, namesInText, type Spot } from "./context.ts";
import type { DocumentClaim, DocumentOptions } from "./document.ts";
import type { ReadSide, Skipped } from "./formula.ts";
import { type Known, knownOf, shapeFault } from "./known.ts";
import type { Chain, ReadDocument } from "./read.ts";
import { normalisedIn, saidOfNormalised, withNormalised } from "./totals.ts";

/** A document that has been read. */
export interface Source {
  readonly text: string;
  readonly read: ReadDocument;
  readonly library: Library;
}

/** What has become of the equations of a chain. */
interface Judged {
  readonly claims: readonly DocumentClaim[];
  readonly skipped: readonly Skipped[];
}

/** The verdict on one equation. */
type Outcome = Pick<DocumentClaim, "checked" | "suggestion">;

/** Judges claims, the numeric oracle at hand. */
export type Judge = Awaited<ReturnType<typeof openClaims>>;

/** What the document writes together is translated already. */
const NONE: ReadonlySet<string> = new Set();

/** How the chains of a document are judged, link by link. */
export function chainJudge(source: Source, options: DocumentOptions, judge: Judge): (chain: Chain) => Judged {
  const compare = linkJudge(source, options, judge);
  return (chain) => {
    const claims: DocumentClaim[] = [];
    const skipped: Skipped[] = [];
    let [left, ...others] = chain.sides as [ReadSide, ...ReadSide[]];
    const first = left;
    for (const right of others) {
      let outcome = compare(chain, left, right);
      // What cannot be compared with the line before is compared with the beginning.
      if (typeof outcome === "string" && left !== first) {
        const again = compare(chain, first, right);
        if (typeof again !== "string") outcome = again;
      }
      if (typeof outcome === "string") skipped.push({ start: left.start, end: right.end, reason: outcome });
      else claims.push({ ...placeOf(source.text, left, right), ...outcome });
      left = right;
    }
    return { claims, skipped };
  };
}

/** The verdict on one equation of a chain, or why there is none. */
type LinkJudge = (chain: Chain, left: ReadSide, right: ReadSide) => Outcome | string;

function linkJudge({ read, library }: Source, options: DocumentOptions, judge: Judge): LinkJudge {
  const { names, isBold } = read;
  const known = knownOf(names, library, options.declarations);
  const asked = askedOf(options);
  return (chain, left, right) => {
    const claim = equation(left, right);
    const judgeWith = ({ byEntries: _, ...context }: Known, say: { readonly undiagnosed?: boolean } = {}): ReturnType<Judge> =>
      judge({ claim, notation: "plain", apart: NONE, library, ...asked, ...chain.settings, ...context, ...say });
    const doubtful = doubtfulAt(names, chain);
    const withDoubtful = (): Outcome | undefined => {
      const whole = doubtful.size === 0 ? "" : known(claim, chain);
      const again = typeof whole === "string" ? undefined : judgeWith(whole);
      return again?.ok && again.accepted ? { checked: again } : undefined;
    };
    const context = known(claim, chain, doubtful);
    if (typeof context === "string") return withDoubtful() ?? context;
    let result = judgeWith(context);
    // What is no vector of its entries stands for itself.
    if (!result.ok && context.byEntries.size > 0) {
      const rest = known(claim, chain, context.byEntries);
      if (typeof rest !== "string") result = judgeWith(rest);
    }
    if (!result.ok) return withDoubtful() ?? result.diagnostics[0]?.message ?? "it is not understood";
    if (result.verdict === "refuted")
      for (const name of normalisedIn(read.chains, chain)) {
        const again = isBy(claim, name) ? result : judgeWith(withNormalised(context, name), { undiagnosed: true });
        if (again.ok && again.accepted) return { checked: saidOfNormalised(again, name) };
      }
    const excuse = result.verdict === "refuted" ? excuseOf(result, { names, library }, { chain, left, right }) : undefined;
    if (excuse !== undefined) return excuse;
    const latex = !result.accepted && result.verdict !== "undecided" && hasDerivative(left) ? result.truth?.latex : undefined;
    return latex === undefined ? { checked: result } : { checked: result, suggestion: styled(latex, isBold) };
  };
}

/** The names whose definitions at a place are left aside unless they make a claim right. */
const doubtfulAt = (names: Names, at: Spot): ReadonlySet<string> =>
  new Set([...names.defined.keys()].filter((name) => definitionAt(names, name, at)?.doubtful === true));

/** What a document's options say to every question. */
const askedOf = ({
  layout,
  symmetry,
  dialect,
  seed,
}: DocumentOptions): Pick<DocumentOptions, "layout" | "symmetry" | "dialect" | "seed"> => ({
  ...optional({ layout, symmetry, dialect, seed }),
});

/** What tells which words of a document are its own names. */
interface Vocabulary {
  readonly names: Names;
  readonly library: Library;
}

/** An equation of a chain. */
interface Link {
  readonly chain: Chain;
  readonly left: ReadSide;
  readonly right: ReadSide;
}

/** Why a refuted equation is no claim that is wrong: it sets a condition, or speaks of what the document does not declare. */
function excuseOf({ diagnosis, truth }: CheckedClaim, { names, library }: Vocabulary, { chain, left, right }: Link): string | undefined {
  if (setsCondition({ names, library }, chain, left, right)) return "it sets a condition";
  const isD = definitionAt(names, "D", chain) === undefined && declarationAt(names, "D", chain) === undefined;
  if (isD && isAlongDirection(left.plain?.text ?? ""))
    return "a derivative along a direction is read beside the definition of its function alone";
  // Of names that the document does not declare the reading that makes a claim right is as good as any.
  const numbers = diagnosis.find((d) => d.mistake === "shape" && d.text.startsWith("it is right where"));
  if (numbers !== undefined) return numbers.text;
  const { definitions, mentioned } = meaningOf(names, namesInText(equation(left, right)), chain);
  const isMisfit = diagnosis.some((d) => d.mistake === "shape");
  const elsewhere = isMisfit ? definitions.find(([, text]) => isElsewhereIn(names, text, chain)) : undefined;
  if (elsewhere !== undefined) return `what ${elsewhere[0]} stands for has a function at another place`;
  const stranger = strangerIn(names, chain, left, right) ?? bodilessIn(truth?.unicode ?? "", right);
  if (stranger !== undefined) return `nothing says what ${stranger} is`;
  const unread = [...mentioned].find((name) => isUnreadAt(names, name, chain));
  return unread === undefined ? undefined : `what ${unread} stands for is not understood`;
}

/** Where an equation stands, and how it is read. */
const placeOf = (text: string, left: ReadSide, right: ReadSide): Omit<DocumentClaim, keyof Outcome> => ({
  start: left.start,
  end: right.end,
  source: text.slice(left.start, right.end),
  reading: equation(left, right),
  right: { start: right.start, end: right.end },
});

/** The definitions whose shapes do not fit, all their names being known. */
export function misfits({ text, read, library }: Source): DocumentClaim[] {
  return [...read.names.defined].flatMap(([name, all]) =>
    all.flatMap((d): DocumentClaim[] => {
      const fault = d.byEntries ? undefined : shapeFault(read.names, name, d, library);
      if (fault === undefined) return [];
      const diagnosis = [{ mistake: "shape", text: `the shapes do not fit: ${fault.message}` }];
      const base = { ok: true, verdict: "refuted", accepted: false, assumptions: [] } as const;
      const checked: CheckedClaim = { ...base, left: name, right: d.text, reason: fault.message, diagnosis };
      const source = text.slice(d.span.start, d.span.end);
      return [{ ...d.span, source, reading: `${name} = ${d.text}`, checked, right: d.span }];
    }),
  );
}

const equation = (left: ReadSide, right: ReadSide): string => `${left.plain?.text} = ${right.plain?.text}`;

const hasDerivative = (side: ReadSide): boolean => /^[∂∇]/u.test(side.plain?.text ?? "");
const isBy = (claim: string, name: string): boolean => new RegExp(`(?:/∂|∇_\\{?)${name}(?![\\p{Lu}\\p{Ll}])`, "u").test(claim);
const isZero = (side: ReadSide): boolean => /^(?:0|0⃗ᵀ?|zeros\([^()]*\))$/u.test(side.plain?.text ?? "");
const SIMPLE = /^(?:\d+(?:\.\d+)?|I|eye\([^()]*\)|[01]⃗ᵀ?|[\p{Lu}\p{Ll}][\p{Lu}\p{Ll}\p{M}\p{Nd}_]*)$/u;

// A function with a mark, as in σ'(z).
const MARKED = /[\p{Lu}\p{Ll}]+'+(?=\s*\()/gu;

// Ax = b, ∇f = 0, AᵀA = I are set, and no identities; an identity has the same names on both sides, whatever functions it has there.
function setsCondition({ names, library }: Vocabulary, at: Spot, left: ReadSide, right: ReadSide): boolean {
  if (hasDerivative(left) || hasDerivative(right)) return isZero(left) || isZero(right);
  const simple = (s: ReadSide): boolean => SIMPLE.test(s.plain?.text ?? "");
  const defined = (s: ReadSide): boolean => definitionAt(names, s.plain?.text ?? "", at) !== undefined;
  if ((simple(left) && !defined(left)) || (simple(right) && !defined(right))) return true;
  const isFunction = (name: string): boolean => isFunctionWord(name, (n) => library.functions.find(n) !== undefined);
  const ownNames = (text: string): string[] => namesInText(text.replace(MARKED, "")).filter((n) => !isFunction(n));
  const closure = (s: ReadSide): ReadonlySet<string> => meaningOf(names, ownNames(s.plain?.text ?? ""), at).mentioned;
  const [a, b] = [closure(left), closure(right)];
  const only = (x: ReadonlySet<string>, y: ReadonlySet<string>): boolean =>
    [...x].some((n) => !y.has(n) && definitionAt(names, n, at) === undefined);
  return only(a, b) && only(b, a);
}

/** A name with an index that stands on the right side alone and is neither declared nor defined: φ_a where Φ is known. */
function strangerIn(names: Names, at: Spot, left: ReadSide, right: ReadSide): string | undefined {
  const known = new Set(meaningOf(names, namesInText(left.plain?.text ?? ""), at).mentioned);
  const isKnown = (n: string): boolean =>
    known.has(n) || definitionAt(names, n, at) !== undefined || declarationAt(names, n, at) !== undefined;
  const indexed = [...(right.plain?.text ?? "").matchAll(/[\p{Lu}\p{Ll}]+_(?:\p{Ll}|\{[^{}]*\})(?![\p{Lu}\p{Ll}\p{N}])/gu)].map(([n]) => n);
  return indexed.find((n) => {
    const stem = n.slice(0, n.indexOf("_"));
    const capital = stem.toUpperCase();
    return !isKnown(n) && !isKnown(stem) && capital !== stem && /^\p{Script=Greek}$/u.test(stem) && isKnown(capital);
  });
}

/** A function in a right answer that nothing says the values of, where the claim does not mention it: ∇f = 2Ax says what f is. */
function bodilessIn(truth: string, right: ReadSide): string | undefined {
  const claimed = new Set(namesInText(right.plain?.text ?? ""));
  return [...truth.matchAll(/([\p{Lu}\p{Ll}][\p{Lu}\p{Ll}\p{N}_]*)′/gu)]
    .map(([, name]) => name as string)
    .find((name) => !claimed.has(name));
}

// The style of the document: bold letters only where it has them, one font for one name.
function styled(latex: string, isBold: (letter: string) => boolean): string {
  const own = latex.replace(/\\(?:mathbf|boldsymbol)\{((?:[^{}])+)\}/g, (all, name: string) => (isBold(name) ? all : name));
  return own.normalize("NFKD").normalize("NFC");
}
