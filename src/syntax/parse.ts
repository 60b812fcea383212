// Text to surface tree: the only door to nearley. Never throws; every fault of the input
// is a diagnostic with its place.
//
// nearley's own messages are not used: they grow with the parse table. The place is the
// token that could not be read, what would have fitted comes from the last column.

import nearley from "nearley";
import { WRITTEN_FOR } from "../../grammar/foreignFunctions.ts";
import { type Diagnostic, fail, InputError } from "../base/diagnostic.ts";
import { span } from "../base/span.ts";
import { classify } from "./classify/classify.ts";
import { createBodies } from "./definitions/bodies.ts";
import { withoutAngles } from "./desugar/angles.ts";
import { lettersApart } from "./desugar/apart.ts";
import { withApplied } from "./desugar/applied.ts";
import { withoutBars } from "./desugar/bars.ts";
import { withCentring } from "./desugar/centring.ts";
import { writeOutDependents } from "./desugar/dependents.ts";
import { type Names as DifferentialNames, withCallsApart, withDifferentials } from "./desugar/differentials.ts";
import { E_REMARK, withPowersOfE } from "./desugar/exponential.ts";
import { withoutNamedNorms } from "./desugar/norms.ts";
import { withRaisedFunctions } from "./desugar/powers.ts";
import { type Marks, remarkOfPoint, withSecondPoints } from "./desugar/secondPoints.ts";
import { withoutVecs } from "./desugar/vecs.ts";
import { withIndices } from "./foreign/matlab.ts";
import { fromPython } from "./foreign/python.ts";
import { fromR } from "./foreign/r.ts";
import { expectation } from "./grammar/expected.ts";
import grammar from "./grammar/generated/grammar.ts";
import { type Chain, items } from "./grammar/nodes.ts";
import { isLatex } from "./latex/scan.ts";
import { translate } from "./latex/translate.ts";
import { withStated } from "./stated/declarations.ts";
import { type Token, tokenize, tokenSource } from "./tokens/lexer.ts";
import { rewritten, type Translation } from "./tokens/writer.ts";
import {
  type DeclarationTree,
  type DefinitionTree,
  type DerivativeTree,
  type Document,
  type EquationTree,
  isDerivative,
  type Statement,
  type ValueTree,
} from "./tree.ts";

/** How a text is read, and what is known of its names. */
export interface ParseOptions {
  /** `paper` reads ⊗ as the element-wise product, as the deep-learning literature does. */
  readonly dialect?: "standard" | "paper";
  /** `latex` reads LaTeX mathematics; it is recognised by its commands where this is left out. */
  readonly notation?: Notation;
  /** Whether a name is a function apart from what the text declares; f( is a call only then. */
  readonly isFunction?: (name: string) => boolean;
  /** Whether a name is a variable apart from what the text declares; then dx is no differential. */
  readonly isVariable?: (name: string) => boolean;
  /** Whether a name is declared apart from the text as a function without a body; φ is another spelling of such a phi. */
  readonly isUnknown?: (name: string) => boolean;
  /** What is known of marks of names; without it x' of x − x' is a second point. */
  readonly marks?: Marks;
  /** Names that are read as products of their letters. */
  readonly apart?: ReadonlySet<string>;
  /** What is known of the names of a text in which differentials are terms; elsewhere they are none. */
  readonly differentials?: DifferentialNames;
  /** Present where the text defines no functions any more. */
  readonly writtenOut?: true;
  /** Present where all that stands in the text are declarations, which other words may say. */
  readonly onlyDeclarations?: true;
  /** Whether a name is defined apart from what the text defines; in LaTeX f(x) is then its value. */
  readonly isDefined?: (name: string) => boolean;
}

/** What a text is written in. */
export type Notation = "plain" | "latex";

/** The surface tree of a text, or what is wrong with it. */
export type ParseResult =
  | { readonly ok: true; readonly document: Document }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** Longest text that is read, in UTF-16 units. */
export const MAX_LENGTH = 1_048_576;

/** Most names, numbers and signs of a text. */
const MAX_TOKENS = 500_000;

/** The surface tree of a text, or what is wrong with it; never throws. */
export function parse(text: string, options: ParseOptions = {}): ParseResult {
  try {
    return { ok: true, document: readDocument(text, options) };
  } catch (error) {
    if (error instanceof InputError) return { ok: false, diagnostics: [error.diagnostic] };
    throw error;
  }
}

/** Whether a text is a single name, of Latin letters and digits and numbered at most, whatever is known of names: such a text needs no parser. */
export const isPlainName = (text: string): boolean => /^(?!(?:if|otherwise)$)[A-Za-z][A-Za-z0-9]*(?:_\d+)?$/.test(text);

function readDocument(text: string, options: ParseOptions): Document {
  if (text.length > MAX_LENGTH)
    fail("limit", `the input has ${text.length} characters; ${MAX_LENGTH} are the most that nabla reads`, span(0, 0), {
      fix: "split it into definitions, or build large terms with the library",
    });
  const remarks: string[] = [];
  const { isFunction = no, isVariable = no, isUnknown = no } = options;
  const named = withSecondPoints(tokensOf(text, options, remarks), options.marks ?? { hasMark: no, hasPoint: no });
  const raw = withCentring(withoutVecs(writeOutDependents(named.tokens)), isVariable);
  const points = [...named.points];
  remarks.push(...points.map(remarkOfPoint));
  if (raw.length > MAX_TOKENS)
    fail("limit", `the input has ${raw.length} names, numbers and signs; ${MAX_TOKENS} are the most that nabla reads`, span(0, 0), {
      fix: "split it into definitions, or build large terms with the library",
    });
  if (raw.every((t) => t.type === "newline" || t.type === "semicolon"))
    fail("empty", "nothing is written", span(0, text.length), { fix: "for example sum(w .* x)" });
  const tokens = classify(raw, { isFunction, isVariable, isUnknown });
  const dialected = options.dialect === "paper" ? tokens.map((t) => (t.type === "kron" ? { ...t, type: "hadamard" } : t)) : tokens;
  const document = arrange(text, items(runParser(dialected, text)));
  return remarks.length === 0 ? document : { ...document, remarks, points };
}

// LaTeX is read as what it says in the plain language, every token at its place in the LaTeX.
function tokensOf(text: string, options: ParseOptions, remarks: string[]): readonly Token[] {
  const { isVariable: isKnown = no, isFunction = no, isUnknown = no } = options;
  const bodies = createBodies({ isFunction, isKnown: (name) => isKnown(name) || isUnknown(name) });
  const written = (plain: string): Translation | undefined => {
    if (options.onlyDeclarations === true) return withStated(plain);
    return options.writtenOut === true ? undefined : bodies.written(plain);
  };
  if (options.notation === "plain" || (options.notation === undefined && !isLatex(text))) {
    const isUnnamed = (name: string): boolean => !isKnown(name) && isFunction(name);
    const apart = withCallsApart(tokensIn(text, written(text)), isUnnamed);
    const single = lettersApart(differentiated(apart, options), options.apart, remarks);
    const foreign = fromR(single) ?? fromPython(single, isKnown);
    if (foreign?.remark !== undefined) remarks.push(foreign.remark);
    const indexed = withIndices(foreign?.tokens ?? single, (name) => isUnnamed(name) || isUnknown(name));
    const raised = withRaisedFunctions(indexed, isUnnamed);
    const applied = withApplied(withoutBars(withoutNamedNorms(withoutAngles(raised), isKnown)), isUnnamed);
    const powers = options.isVariable?.("e") === true ? undefined : withPowersOfE(applied, isFunction);
    if (powers !== undefined) remarks.push(E_REMARK);
    return powers ?? applied;
  }
  const plain = translate(text, {
    ...options,
    keepsCalls: options.writtenOut !== true,
    hasDifferentials: options.differentials !== undefined,
  });
  return differentiated(tokensIn(text, rewritten(plain, written)), options);
}

/** The tokens of what is written for a text, each at its place in the text. */
const tokensIn = (text: string, written: Translation | undefined): Token[] =>
  written === undefined ? tokenize(text) : tokenize(written.text).map((t) => ({ ...t, ...written.toSource(t.start, t.end) }));

const no = (): boolean => false;

/** Tokens with calls in the place of differentials, where there are any. */
function differentiated(tokens: readonly Token[], { differentials, isVariable, isUnknown }: ParseOptions): readonly Token[] {
  if (differentials === undefined) return tokens;
  return withDifferentials(tokens, {
    ...differentials,
    isVariable: (name) => differentials.isVariable(name) || isVariable?.(name) === true,
    isFunction: (name) => differentials.isFunction(name) || isUnknown?.(name) === true,
  });
}

/** The part of nearley's parser that is used here. */
interface NearleyParser {
  feed(chunk: string): unknown;
  // biome-ignore lint/suspicious/noExplicitAny: nearley hands over what the actions made
  readonly results: any[];
  readonly current: number;
  readonly table: readonly ({ readonly states: readonly NearleyState[] } | undefined)[];
}
interface NearleyState {
  readonly rule: { readonly name: string; readonly symbols: readonly unknown[] };
  readonly dot: number;
}

const compiled = nearley.Grammar.fromCompiled(grammar as unknown as nearley.CompiledRules);

let unfed: NearleyParser | undefined;

/** A parser before its first token. What may come first is found out once: reading on leaves the first column as it is. */
function parserOf(tokens: readonly Token[]): NearleyParser {
  unfed ??= new nearley.Parser(compiled) as unknown as NearleyParser;
  return Object.assign(Object.create(unfed) as NearleyParser, {
    lexer: tokenSource(tokens),
    table: [...unfed.table],
    // Its report walks the parse table recursively; the message is made by `refuse` instead.
    reportError: () => "",
  });
}

function runParser(tokens: readonly Token[], text: string): Chain<Statement> {
  const parser = parserOf(tokens);
  try {
    parser.feed("");
  } catch (error) {
    if (error instanceof InputError) throw error;
    const culprit = tokens[parser.current];
    if (culprit === undefined) throw error;
    refuseArguments(tokens);
    refuseReach(tokens, parser.current);
    refuse(culprit, tokens[parser.current - 1], expectedAt(parser, parser.current));
  }
  const [result, ...others] = parser.results;
  if (others.length > 0) throw new Error(`${others.length + 1} parses of ${JSON.stringify(text.slice(0, 200))}`);
  if (result === undefined) refuseArguments(tokens);
  if (result === undefined) refuse(undefined, tokens[tokens.length - 1] as Token, expectedAt(parser, parser.current));
  return result as Chain<Statement>;
}

/** cross(a, b): only a function has arguments with commas between them. */
function refuseArguments(tokens: readonly Token[]): void {
  // The name in front of every open bracket.
  const open: (Token | undefined)[] = [];
  let declares = false;
  for (const [i, t] of tokens.entries()) {
    declares = t.type !== "separator" && (declares || t.type === "declares");
    if (declares) continue;
    const before = tokens[i - 1];
    if (/^l(?:paren|bracket|brace|index)$/.test(t.type)) open.push(t.type === "lparen" && before?.applied === true ? before : undefined);
    else if (/^r(?:paren|bracket|brace|index)$/.test(t.type)) open.pop();
    else if (t.type === "comma") {
      const name = open[open.length - 1];
      if (name === undefined) continue;
      const otherwise =
        [...name.value].length === 1 ? `${name.value}[i, j] for an entry of a matrix` : "`nabla rules` lists the functions there are";
      fail("name", `there is no function ${name.value}`, span(name.start, name.end), { fix: WRITTEN_FOR[name.value] ?? otherwise });
    }
  }
}

/** ∇_x f + g and ∂/∂x f + g may be of f alone or of the sum. */
function refuseReach(tokens: readonly Token[], at: number): void {
  const sign = tokens[at] as Token;
  if (sign.type !== "plus" && sign.type !== "minus") return;
  const first = tokens.slice(0, at).findLastIndex((t) => t.type === "equals" || t.type === "separator") + 1;
  const isOperator = tokens[first]?.type === "partial" && tokens.slice(first + 1, first + 3).some((t) => t.type === "over");
  if (tokens[first]?.type === "gradient" || isOperator)
    fail("syntax", "how far this derivative reaches is not clear", span(sign.start, sign.end), {
      fix: "brackets around what it is of: ∇_x (x'*x + c'*x), ∂/∂x (x^2 + 1)",
    });
}

/** Types of the tokens that would have fitted at a position. */
function expectedAt(parser: NearleyParser, position: number): Set<string> {
  const out = new Set<string>();
  for (const state of parser.table[position]?.states ?? []) {
    const symbol = state.rule.symbols[state.dot];
    if (typeof symbol === "object" && symbol !== null && "type" in symbol) out.add(String(symbol.type));
  }
  return out;
}

function refuse(culprit: Token | undefined, before: Token | undefined, expected: ReadonlySet<string>): never {
  const { message, fix } = expectation(culprit, before, expected);
  const place = culprit ?? (before as Token);
  const where = culprit === undefined ? span(place.end, place.end) : span(place.start, place.end);
  fail("syntax", message, where, fix === undefined ? {} : { fix });
}

// Declarations and definitions come first; one expression or claim ends a text.
function arrange(source: string, statements: readonly Statement[]): Document {
  const declarations: DeclarationTree[] = [];
  const definitions: DefinitionTree[] = [];
  let final: ValueTree | EquationTree | undefined;
  for (const s of statements) {
    if (s.kind === "declaration") declarations.push(s);
    else if (final !== undefined)
      fail("syntax", "only one expression or claim can be asked about at a time", s.span, {
        labels: [{ span: final.span, text: "the first is here" }],
        fix: "name the earlier one: z = …",
      });
    else if (s.kind === "definition") definitions.push(s);
    else final = s;
  }
  for (const side of final === undefined ? [] : final.kind === "equation" ? [final.left, final.right] : [final.value])
    if (isDerivative(side)) checkOrder(side);
  return final === undefined ? { source, declarations, definitions } : { source, declarations, definitions, final };
}

function checkOrder(tree: DerivativeTree): void {
  // ∇² does not have to say by what.
  if (tree.order === undefined || tree.by.length === 0 || tree.order.count === tree.by.length) return;
  fail(
    "syntax",
    `the order above is ${tree.order.count}, and below stand${tree.by.length === 1 ? "s one variable" : ` ${tree.by.length} variables`}`,
    tree.order.span,
    {
      fix: "∂²f/∂x² or ∂²f/∂x∂y",
    },
  );
}
