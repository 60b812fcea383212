// What a caller hands over, and how its texts and data become trees and a scope: each text is parsed as
// the names known so far let it be read.
//
// Throws InputErrors. Not here: what the texts mean together (problem.ts).

import { type Diagnostic, InputError } from "../../base/diagnostic.ts";
import { optional } from "../../base/optional.ts";
import { wholeOf } from "../../base/span.ts";
import { dimNames } from "../../expr/dim.ts";
import type { FunctionTable } from "../../expr/functions.ts";
import type { Names as DifferentialNames } from "../../syntax/desugar/differentials.ts";
import { secondName } from "../../syntax/desugar/secondPoints.ts";
import { type Notation, parse } from "../../syntax/parse.ts";
import { isGreek, knownSpelling, stemOf } from "../../syntax/tokens/spelling.ts";
import { type DefinitionTree, type Document, isDerivative } from "../../syntax/tree.ts";
import { dataPlace, declare, declareData, isName } from "../names/declare.ts";
import { isFunctionName, isVariableName } from "../names/scope.ts";
import { sizeOf } from "../names/size.ts";
import { readTarget, type TargetText } from "../names/target.ts";
import { refuse } from "../shapes/mismatch.ts";
import type { Context } from "../terms/term.ts";
import { inOrder } from "./order.ts";

/** Texts and data, as the caller hands them over. */
export interface Request {
  readonly text: string;
  /** Declarations as text: `w, x : vector(n); b : scalar`. */
  readonly declarations?: string;
  /** Declarations as data: [] is a scalar, ["n"] a column, ["m", "n"] a matrix. */
  readonly vars?: Readonly<Record<string, readonly (string | number)[]>>;
  readonly dims?: readonly string[];
  readonly attrs?: Readonly<Record<string, readonly string[]>>;
  /** Definitions as [name, text], in order. */
  readonly definitions?: readonly (readonly [string, string])[];
  readonly functions: FunctionTable;
  readonly dialect?: "standard" | "paper";
  /** The notation of the text and of the definitions; recognised where it is left out. */
  readonly notation?: Notation;
  /** An undeclared name is an error instead of being inferred. */
  readonly strict?: boolean;
  /** What is differentiated by; these names take part in inference. */
  readonly wrt?: readonly string[];
  /** Names of the text that are read as products of their letters. */
  readonly apart?: ReadonlySet<string>;
  /** Present where the text defines no functions any more. */
  readonly writtenOut?: true;
  /** What is known of the names of a text in which differentials are terms. */
  readonly differentials?: DifferentialNames;
}

/** A tree and the text that it was read from. */
export interface Sourced<T> {
  readonly tree: T;
  readonly source: string;
}

/** A target of a request, with its text. */
export interface Wanted {
  readonly text: string;
  readonly target: TargetText;
}

/** The texts of a request as trees; what they declare is in the scope. */
export interface Texts {
  readonly wanted: readonly Wanted[];
  /** Those that come as data, then those of the text, each behind what it mentions. */
  readonly definitions: readonly Sourced<DefinitionTree>[];
  readonly document: Document;
}

/** Reads every text of a request, in the order in which one says what the next means. */
export function readTexts(request: Request, ctx: Context): Texts {
  const { scope, inf } = ctx;
  takeData(request, ctx);
  const isDeclared = (name: string): boolean => isVariableName(scope, name) || scope.unknowns.has(name);
  const inKnownSpelling = ({ text, target }: Wanted): Wanted => ({
    text,
    target: { ...target, name: knownSpelling(target.name, isDeclared) },
  });
  const asWritten = (request.wrt ?? []).map((text): Wanted => {
    ctx.source = text;
    return { text, target: readTarget(text) };
  });
  const definedNames = (request.definitions ?? []).map(([name]) => name);
  const names = (wanted: readonly Wanted[]): Set<string> => new Set([...wanted.map((w) => w.target.name), ...definedNames]);
  if (request.declarations !== undefined && request.declarations.trim() !== "")
    takeDeclarations(ctx, request.declarations, names(asWritten), request);
  const wanted = asWritten.map(inKnownSpelling);
  const variables = names(wanted);
  // α_i that is differentiated by is one of alpha.
  for (const name of [...variables]) if (isGreek(name)) variables.add(stemOf(name));
  const read = (text: string): Document => readText(ctx, text, variables, request);
  const given = (request.definitions ?? []).map(([name, text]) => ({ tree: namedValue(name, read(text)), source: text }));
  const document = read(request.text);
  for (const d of document.declarations) declare(scope, inf, d, request.text);
  return {
    wanted: wanted.map(inKnownSpelling),
    definitions: inOrder([...given, ...document.definitions.map((tree) => ({ tree, source: request.text }))]),
    document,
  };
}

/** How the texts of a request are read. */
type Manner = Pick<Request, "dialect" | "notation" | "apart" | "writtenOut" | "differentials" | "definitions"> & {
  readonly onlyDeclarations?: true;
};

/** The surface tree of one text of a request; `names` are variables whatever functions there are. */
export function readText(ctx: Context, text: string, names: ReadonlySet<string>, manner: Manner): Document {
  ctx.source = text;
  const isVariable = (name: string): boolean => names.has(name) || isVariableName(ctx.scope, name);
  const isFunction = (name: string): boolean => !names.has(name) && isFunctionName(ctx.scope, name);
  const isDefined = (name: string): boolean => names.has(name);
  const { dialect, notation, apart, writtenOut, onlyDeclarations, differentials, definitions = [] } = manner;
  const hasMark = (name: string): boolean => {
    const info = ctx.scope.variables.get(name);
    const isMatrix = info !== undefined && ctx.inf.orientation(info.shape) === "matrix";
    return isMatrix || ctx.scope.unknowns.has(name) || definitions.some(([defined]) => defined === name);
  };
  const result = parse(text, {
    isFunction,
    isVariable,
    isDefined,
    marks: { hasMark, hasPoint: (name) => ctx.scope.points.has(name) || isVariable(secondName(name)) },
    isUnknown: (name) => ctx.scope.unknowns.has(name),
    ...optional({ dialect, notation, apart, writtenOut, onlyDeclarations, differentials }),
  });
  if (!result.ok) throw new InputError(result.diagnostics[0] as Diagnostic);
  for (const remark of result.document.remarks ?? []) ctx.scope.remarks.add(remark);
  for (const name of result.document.points ?? []) ctx.scope.points.add(name);
  return result.document;
}

/** Takes up dimensions and declarations that come as data. */
function takeData(request: Request, ctx: Context): void {
  const { scope, inf } = ctx;
  for (const d of request.dims ?? []) {
    if (!isName(d)) refuse(dataPlace(`${d}`), "declaration", `${JSON.stringify(d)} is no name of a dimension`);
    scope.dims.add(d);
  }
  const vars = Object.entries(request.vars ?? {});
  for (const [, sizes] of vars)
    if (Array.isArray(sizes)) for (const s of sizes) for (const n of dimNames(sizeOf(scope, s))) scope.dims.add(n);
  for (const [name, sizes] of vars) declareData(scope, inf, name, sizes, scope.attributes.get(name) ?? []);
}

/** Takes up a text of declarations alone. */
export function takeDeclarations(ctx: Context, text: string, names: ReadonlySet<string>, { dialect }: Manner): void {
  const document = readText(ctx, text, names, { onlyDeclarations: true, ...optional({ dialect }) });
  const other = document.definitions[0] ?? document.final;
  if (other !== undefined)
    refuse({ source: text, span: other.span }, "declaration", "only declarations stand here", "w, x : vector(n); b : scalar");
  for (const d of document.declarations) declare(ctx.scope, ctx.inf, d, text);
}

/** A definition that comes as a name and a text. */
function namedValue(name: string, document: Document): DefinitionTree {
  if (!isName(name)) refuse(dataPlace(name), "declaration", `${JSON.stringify(name)} is no name`, "a letter, then letters, digits and _");
  const final = document.final;
  const source = document.source;
  if (final?.kind !== "value" || isDerivative(final.value) || document.definitions.length > 0 || document.declarations.length > 0)
    return refuse({ source, span: wholeOf(source) }, "declaration", `${name} is defined by one expression`);
  return { kind: "definition", name, nameSpan: final.span, value: final.value, span: final.span };
}
