// What an answer presupposes: where the expression is defined, and where it has a kink.
//
// Both are read from what the rule library says of its functions (domain, kinks); no
// function is named here. A domain that the declarations already guarantee is not repeated.

import { flatMap } from "../../base/list.ts";
import { type IndexPair, vanishesAtDiagonal } from "../../elaborate/terms/diagonal.ts";
import { hasAttribute } from "../../expr/attributes.ts";
import { neg, add as plus } from "../../expr/build.ts";
import { type Domain, isOfDerivative, settlingAttribute } from "../../expr/domains.ts";
import { type Apply, type Expr, type Index, isApply, nodes, unexpanded } from "../../expr/expr.ts";
import type { FunctionInfo } from "../../expr/functions.ts";
import { type Indices, isOpen, openIndices } from "../../expr/indices.ts";
import { isComparison } from "../../expr/operators.ts";
import { isMatrixShape, isScalarShape } from "../../expr/shape.ts";
import { print } from "../../print/print.ts";
import type { Library } from "../../rewrite/library.ts";
import { isSparse, type Known, knownOf } from "./known.ts";
import { evenRoot, isEven, isWhole, isZero } from "./signs.ts";
import { hasKinkedEntries, isBounded, smoothedKinks } from "./smoothed.ts";

/** A presupposition of an answer. */
export interface Condition {
  /** `domain`: the expression is defined where this holds. `kink`: it is not differentiable where this holds. */
  readonly kind: "domain" | "kink";
  readonly text: string;
  /** Of a kink: the derivative of the function at the kink is taken to be 0. */
  readonly zero?: boolean;
}

/** What is differentiated, and what came of it. */
export interface Differentiated {
  readonly expr: Expr;
  /** Name of the variable. */
  readonly variable: string;
  readonly order: number;
  readonly answer: Expr;
  /** The shortest notation of a part that is written with sums over indices; undefined where it has none. */
  readonly shortest: (part: Expr) => Expr | undefined;
}

/** The presuppositions of an answer. */
export function conditionsOf(of: Differentiated, library: Library): Condition[] {
  const known = knowledgeOf(of, library);
  const out = new Map<string, Condition>();
  for (const node of nodes(of.expr)) {
    if (node.kind !== "apply") continue;
    for (const c of [...domainsAt(node, known), ...kinksAt(node, known)]) if (!out.has(c.text)) out.set(c.text, c);
  }
  return [...out.values()].filter((c) => !isImplied(c.text, out));
}

/** Where u ≠ 0 is stated, u = 0 is no point to except; a matrix is invertible where its determinant is not 0. */
function isImplied(text: string, stated: ReadonlyMap<string, Condition>): boolean {
  const [, invertible] = /^(.*) invertible$/.exec(text) ?? [];
  const [, nonzero] = /^det\((.*)\) ≠ 0$/.exec(text) ?? [];
  if (invertible !== undefined) return stated.has(`det(${invertible}) > 0`);
  if (nonzero !== undefined) return stated.has(`${nonzero} invertible`);
  return text.endsWith(" = 0") && stated.has(text.replace(/ = 0$/, " ≠ 0"));
}

/** What is known of an expression and its derivative when the presuppositions of a part are told. */
interface Knowledge {
  readonly library: Library;
  readonly parts: Known;
  /** Parts in which the variable occurs. */
  readonly varying: ReadonlySet<Expr>;
  /** As `smoothedKinks` gives it. */
  readonly smooth: ReadonlyMap<Expr, Expr | undefined>;
  /** Whether the answer is written in pieces; it says itself then which of them is taken at a comparison. */
  readonly isInPieces: boolean;
  /** Whether the answer has a value wherever its parts have one. */
  readonly isBoundedAnswer: () => boolean;
  readonly text: (e: Expr) => string;
}

function knowledgeOf({ expr, variable, order, answer, shortest }: Differentiated, library: Library): Knowledge {
  const all = nodes(expr);
  const varying = varyingIn(all, variable);
  const parts = knownOf(expr, library);
  const { positive } = parts;
  const away = new Set<Expr>();
  for (const node of all) if (node.kind === "apply") for (const { arg } of presupposed(node, parts, library)) away.add(arg);
  const written = nodes(answer);
  let bounded: boolean | undefined;
  return {
    library,
    parts,
    varying,
    smooth: smoothedKinks(expr, { varying, positive, away, order, library }),
    isInPieces: written.some(
      (n) => n.kind === "apply" && (isComparison(n.op) || n.op === "cases" || library.functions.find(n.op)?.kinks !== undefined),
    ),
    isBoundedAnswer: () => {
      bounded ??= isBounded(written, { varying: varyingIn(written, variable), positive: knownOf(answer, library).positive, library });
      return bounded;
    },
    text: (e) => print(hasSum(e) ? (shortest(e) ?? e) : e, { format: "unicode", functions: library.functions, shapeKnown: true }),
  };
}

/** Whether a part has a sum over an index and none that is open. */
const hasSum = (part: Expr): boolean => nodes(part).some((n) => n.kind === "indexSum") && !isOpen(part);

/** Where a part is defined, and where the formula for its derivative is not 0/0. */
function domainsAt(node: Apply, { library, parts, varying, smooth, isBoundedAnswer, text }: Knowledge): Condition[] {
  const needed = presupposed(node, parts, library).filter(({ arg, ofDerivative }) => !ofDerivative || varying.has(arg));
  const stated = needed.map(({ arg, sentence }): Condition => {
    const pairs = apartFromDelta(arg, library.functions.find);
    return { kind: "domain", text: sentence(text(pairs?.rest ?? arg)) + (pairs === undefined ? "" : ` where ${pairs.indices}`) };
  });
  const zero = varying.has(node) ? smooth.get(node) : undefined;
  return zero === undefined || isBoundedAnswer() ? stated : [...stated, { kind: "domain", text: `${text(zero)} ≠ 0` }];
}

/** Where a part that varies is not differentiable. */
function kinksAt(node: Apply, known: Knowledge): Condition[] {
  const { library, varying, smooth } = known;
  if (!varying.has(node) || smooth.has(node)) return [];
  const info = library.functions.find(node.op);
  // Where two arguments that vary meet, the slope is that of one of them.
  const hasSlope = info !== undefined && node.args.filter((a) => varying.has(a)).length > 1;
  return kinksOf(node, info, known).map(({ zero, kind, text }) => ({
    kind,
    text: text + forSome(node, library.functions.find),
    ...(zero === true && !hasSlope ? { zero } : {}),
  }));
}

function varyingIn(all: readonly Expr[], variable: string): ReadonlySet<Expr> {
  const varying = new Set<Expr>();
  for (const node of all) if ((node.kind === "var" && node.name === variable) || node.args.some((a) => varying.has(a))) varying.add(node);
  return varying;
}

/** `differentiable except where x = 0 or an entry of z is 0; 0 is taken there`, or nothing. */
export function kinkSentence(conditions: readonly Condition[]): string | undefined {
  const kinks = conditions.filter((c) => c.kind === "kink");
  if (kinks.length === 0) return undefined;
  const groups = [kinks.filter((c) => c.zero === true), kinks.filter((c) => c.zero !== true)].filter((g) => g.length > 0);
  return groups
    .map((g) => `differentiable except where ${g.map((c) => c.text).join(" or ")}${g[0]?.zero === true ? "; 0 is taken there" : ""}`)
    .join(", and ");
}

/** `for x > 0 and A invertible`, or nothing. */
export function domainSentence(conditions: readonly Condition[]): string | undefined {
  const domains = conditions.filter((c) => c.kind === "domain").map((c) => c.text);
  return domains.length === 0 ? undefined : `for ${domains.join(" and ")}`;
}

// biome-ignore format: a table is read by columns
/** How an answer states that x lies in a domain. */
const SENTENCES: Readonly<Record<Domain, ((x: string) => string) | undefined>> = {
  real:                   undefined,
  positive:               (x) => `${x} > 0`,
  nonzero:                (x) => `${x} ≠ 0`,
  unit:                   (x) => `−1 < ${x} < 1`,
  fraction:               (x) => `0 < ${x} < 1`,
  "above-one":            (x) => `${x} > 1`,
  "above-minus-one":      (x) => `${x} > −1`,
  invertible:             (x) => `${x} invertible`,
  "positive-determinant": (x) => `det(${x}) > 0`,
  "positive-spectrum":    (x) => `${x} without eigenvalues in (−∞, 0]`,
  "constant-rank":        (x) => `${x} of locally constant rank`,
  "full-rank":            (x) => `${x} of full rank`,
  symmetric:              (x) => `${x} symmetric`,
  posdef:                 (x) => `${x} symmetric positive definite`,
};

/** How a domain of matrices is called where it is one of vectors or numbers. */
function spokenOf(domain: Domain, arg: Expr): Domain {
  if (domain === "posdef" && isScalarShape(arg.shape)) return "positive";
  return (domain === "constant-rank" || domain === "full-rank") && isThin(arg) ? "nonzero" : domain;
}

/** That a part lies in a domain. */
interface Presupposition {
  readonly arg: Expr;
  readonly sentence: (x: string) => string;
  /** Whether only the derivative by this part presupposes it. */
  readonly ofDerivative: boolean;
}

function presupposed(node: Apply, { positive, liesIn }: Known, library: Library): Presupposition[] {
  const domains = node.op === "pow" || node.op === "hpow" ? powerDomains(node) : (library.functions.find(node.op)?.domains ?? []);
  return flatMap(node.args, (wide, i): Presupposition[] => {
    const domain = domains[i] ?? "real";
    const arg = SIGNED.has(domain) ? withoutPositive(unexpanded(wide), positive) : unexpanded(wide);
    const sentence = SENTENCES[spokenOf(domain, arg)];
    if (sentence === undefined || arg.kind === "num" || arg.kind === "dim") return [];
    const root = evenRoot(arg, library);
    if (domain === "positive" && root !== arg)
      return positive.has(arg) ? [] : [{ arg: root, sentence: (x) => `${x} ≠ 0`, ofDerivative: false }];
    const settling = settlingAttribute(domain);
    const isDeclared =
      settling !== undefined && arg.kind === "var" && hasAttribute(arg, settling) && !(SIGNED.has(domain) && isSparse(arg));
    return isDeclared || liesIn(arg, domain) ? [] : [{ arg, sentence, ofDerivative: isOfDerivative(domain) }];
  });
}

const SIGNED: ReadonlySet<Domain> = new Set(["positive", "nonzero"]);

/** x of 2x, which is positive, or no 0, where x is. */
function withoutPositive(number: Expr, positive: ReadonlySet<Expr>): Expr {
  let left = number;
  while ((isApply(left, "mul") || isApply(left, "div")) && left.args.every((a) => isScalarShape(a.shape))) {
    const [factor, ...more] = left.args.filter((a) => !positive.has(a));
    if (factor === undefined || more.length > 0 || (left.op === "div" && factor !== left.args[0])) break;
    left = factor;
  }
  return left;
}

// A real power of a number wants a positive base unless the exponent is whole.
const powerDomains = ({ args, op, shape }: Apply): readonly Domain[] =>
  (op === "hpow" || isScalarShape(shape)) && !isWhole(args[1] as Expr) ? ["positive"] : [];

type Find = Library["functions"]["find"];

/** u of u + δᵢⱼ where u is 0 at i = j, so that only pairs i ≠ j are asked for anything. */
function apartFromDelta(arg: Expr, find: Find): { readonly rest: Expr; readonly indices: string } | undefined {
  if (!isApply(arg, "add")) return undefined;
  for (const [at, delta] of arg.args.entries()) {
    const of = delta.kind === "entry" && delta.args[0]?.kind === "apply" && delta.args[0].op === "eye" ? delta.at : [];
    const pair = pairOf(of);
    if (pair === undefined) continue;
    const rest = plus(...arg.args.toSpliced(at, 1));
    if (vanishesAtDiagonal(rest, pair, find)) return { rest, indices: unequal(pair) };
  }
  return undefined;
}

function pairOf([a, b]: readonly Index[]): IndexPair | undefined {
  const [first, second] = b?.kind === "bound" ? [a, b] : [b, a];
  if (first === undefined || first.kind === "all" || second?.kind !== "bound") return undefined;
  return { first, second: second.name, range: second.range };
}

const unequal = ({ first, second }: IndexPair): string =>
  first.kind === "bound" ? `${first.name} ≠ ${second}` : `${second} ≠ ${first.kind === "position" ? first.at.key : ""}`;

// Where a part of an index sum has its kink depends on the index; terms with i = j count where it has none at all of them.
function forSome(node: Apply, find: Find): string {
  const indices = openIndices(node).get(node) as Indices;
  if (indices.size === 0) return "";
  const pair = indices.size === 2 ? pairOf([...indices.values()]) : undefined;
  const isConstant = pair !== undefined && parted(node).every((part) => vanishesAtDiagonal(part, pair, find));
  return ` for some ${pair !== undefined && isConstant ? unequal(pair) : [...indices.keys()].join(", ")}`;
}

/** What is 0 where a function has its kink: the difference of two arguments that meet. */
const parted = ({ args }: Apply): readonly Expr[] => (args.length === 2 ? [plus(args[0] as Expr, neg(args[1] as Expr))] : args);

function kinksOf(node: Apply, info: FunctionInfo | undefined, { isInPieces, library, text }: Knowledge): Condition[] {
  const [a, b] = node.args as [Expr, Expr];
  if (isComparison(node.op)) return [{ kind: "kink", text: meeting(a, b, text), ...(isInPieces ? {} : { zero: true }) }];
  if (info?.kinks === undefined) return [];
  if (info.kinks !== true) return [{ kind: "kink", text: named(info.kinks, node.args, text) }];
  if (!info.elementwise && !hasKinkedEntries(info, library)) return [{ kind: "kink", text: `${text(a)} = 0` }];
  return [{ kind: "kink", text: node.args.length > 1 ? meeting(a, b, text) : vanishing(a, text), zero: true }];
}

// "entry($1) is 1" of a number x and of a vector: "x is 1", "an entry of x is 1"; "… if even($2) else …" is one of the two.
const named = (kinks: string, args: readonly Expr[], text: (e: Expr) => string): string =>
  kinks
    .replace(/^(.*) if (even|vector)\(\$(\d)\) else (.*)$/, (_, then, test, i, other) =>
      (test === "even" ? isEven : isThin)(args[Number(i) - 1] as Expr) ? then : other,
    )
    .replace(/entry\(\$(\d)\)/g, (_, i) => {
      const arg = args[Number(i) - 1] as Expr;
      return isScalarShape(arg.shape) ? text(arg) : `an entry of ${text(arg)}`;
    })
    .replace(/\$(\d)/g, (_, i) => text(args[Number(i) - 1] as Expr));

const isThin = (a: Expr): boolean => !isMatrixShape(a.shape);

const vanishing = (a: Expr, text: (e: Expr) => string): string =>
  isScalarShape(a.shape) ? `${text(a)} = 0` : `an entry of ${text(a)} is 0`;

function meeting(a: Expr, b: Expr, text: (e: Expr) => string): string {
  if (isZero(a)) return vanishing(b, text);
  if (isZero(b)) return vanishing(a, text);
  const whole = isScalarShape(a.shape) && isScalarShape(b.shape);
  return whole ? `${text(a)} = ${text(b)}` : `entries of ${text(a)} and ${text(b)} are equal`;
}
