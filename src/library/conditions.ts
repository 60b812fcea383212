// What an answer presupposes: where the expression is defined, and where it has a kink.
//
// Both are read from what the rule library says of its functions (domain, kinks); no
// function is named here. A domain that the declarations already guarantee is not repeated.

import type { Apply, Expr } from "../expr/expr.ts";
import { fold, nodes } from "../expr/expr.ts";
import type { Domain, FunctionInfo } from "../expr/functions.ts";
import { COMPARISONS } from "../expr/operators.ts";
import { isScalarShape } from "../expr/shape.ts";
import { print } from "../print/print.ts";
import type { Library } from "../rewrite/library.ts";

/** A presupposition of an answer. */
export interface Condition {
  /** `domain`: the expression is defined where this holds. `kink`: it is not differentiable where this holds. */
  readonly kind: "domain" | "kink";
  readonly text: string;
  /** Of a kink: the derivative of the function at the kink is taken to be 0. */
  readonly zero?: boolean;
}

/** The presuppositions of differentiating an expression by a variable of this name. */
export function conditionsOf(expr: Expr, variable: string, library: Library): Condition[] {
  const all = nodes(expr);
  const varying = new Set<Expr>();
  for (const node of all) if ((node.kind === "var" && node.name === variable) || node.args.some((a) => varying.has(a))) varying.add(node);
  const positive = positiveParts(expr, library);
  const squared = squaredOnly(all);
  const inCases = new Set(all.flatMap((n) => (n.kind === "apply" && n.op === "cases" ? n.args.filter((_, i) => i % 2 === 1) : [])));
  const out = new Map<string, Condition>();
  const add = (c: Condition): void => {
    if (!out.has(c.text)) out.set(c.text, c);
  };
  const text = (e: Expr): string => print(e, { format: "unicode", functions: library.functions, shapeKnown: true });
  for (const node of all) {
    if (node.kind !== "apply") continue;
    const info = library.functions.find(node.op);
    if (info !== undefined) for (const c of domainsOf(node, info, positive, library, text)) add(c);
    if (!varying.has(node) || (isSquareSmooth(node, library) && squared.has(node)) || isAwayFromKink(node, info, positive)) continue;
    for (const c of kinksOf(node, info, inCases.has(node), library, text)) add({ ...c, text: c.text + forSome(node) });
  }
  // Where u ≠ 0 is stated, u = 0 is no point to except.
  return [...out.values()].filter((c) => !c.text.endsWith(" = 0") || !out.has(c.text.replace(/ = 0$/, " ≠ 0")));
}

// Parts that stand nowhere but under even powers.
function squaredOnly(all: readonly Expr[]): ReadonlySet<Expr> {
  const squared = new Set<Expr>();
  const elsewhere = new Set<Expr>(all.slice(-1));
  for (const node of all) {
    const even = node.kind === "apply" && (node.op === "pow" || node.op === "hpow") && evenPower(node);
    node.args.forEach((arg, i) => {
      (even && i === 0 ? squared : elsewhere).add(arg);
    });
  }
  return new Set([...squared].filter((e) => !elsewhere.has(e)));
}

const isSquareSmooth = (node: Apply, library: Library): boolean => library.functions.find(node.op)?.smoothSquare === true;

// A positive argument does not vanish.
const isAwayFromKink = (node: Apply, info: FunctionInfo | undefined, positive: ReadonlySet<Expr>): boolean =>
  info?.kinks === true && node.args.length === 1 && positive.has(node.args[0] as Expr);

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
const DOMAINS: Readonly<Record<Domain, ((x: string) => string) | undefined>> = {
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
};

/** Attributes of a variable that settle a domain. */
const SETTLED: Readonly<Partial<Record<Domain, readonly string[]>>> = {
  positive: ["positive"],
  nonzero: ["positive", "nonzero"],
  unit: ["unit"],
  "above-minus-one": ["positive"],
  invertible: ["invertible", "posdef", "orthogonal"],
  "positive-determinant": ["posdef"],
  "positive-spectrum": ["posdef"],
  "constant-rank": ["invertible", "posdef", "orthogonal"],
};

function domainsOf(node: Apply, info: FunctionInfo, positive: ReadonlySet<Expr>, library: Library, text: (e: Expr) => string): Condition[] {
  return node.args.flatMap((wide, i): Condition[] => {
    const arg = wide.kind === "apply" && wide.op === "expand" ? (wide.args[0] as Expr) : wide;
    const domain = info.domains[i] ?? "real";
    const sentence = DOMAINS[domain];
    if (sentence === undefined || arg.kind === "num" || arg.kind === "dim") return [];
    const root = evenRoot(arg, library);
    if (domain === "positive" && root !== arg) return [{ kind: "domain", text: `${text(root)} ≠ 0` }];
    if (arg.kind === "var" && SETTLED[domain]?.some((a) => (arg.attributes as readonly string[]).includes(a))) return [];
    if (positive.has(arg) && SETTLED[domain]?.includes("positive")) return [];
    return [{ kind: "domain", text: sentence(text(arg)) }];
  });
}

// Parts all of whose entries are positive whatever the variables are.
function positiveParts(expr: Expr, library: Library): ReadonlySet<Expr> {
  const out = new Set<Expr>();
  // For each part: positive, nonnegative, or neither known.
  fold<number>(expr, (node, args) => {
    const sign = signOf(node, args, library);
    if (sign === 2) out.add(node);
    return sign;
  });
  return out;
}

const POSITIVE = 2;
const NONNEGATIVE = 1;

function signOf(node: Expr, args: readonly number[], library: Library): number {
  const least = Math.min(...args);
  if (node.kind === "num") return node.value.n > 0n ? POSITIVE : node.value.n === 0n ? NONNEGATIVE : 0;
  if (node.kind === "constant" || node.kind === "dim") return POSITIVE;
  if (node.kind === "var") return node.attributes.includes("positive") ? POSITIVE : 0;
  if (node.kind === "entry" || node.kind === "indexSum") return least;
  if (node.kind !== "apply") return 0;
  const range = library.functions.find(node.op)?.range;
  if (range !== undefined) return range === "positive" ? POSITIVE : NONNEGATIVE;
  switch (node.op) {
    case "ones":
      return POSITIVE;
    case "add":
      return least === 0 ? 0 : Math.max(...args);
    case "hadamard":
    case "div":
    case "hdiv":
    case "sum":
    case "expand":
    case "transpose":
      return least;
    case "mul":
      return node.args.some((a) => isScalarShape(a.shape)) ? least : 0;
    case "pow":
    case "hpow":
      return evenPower(node) ? Math.max(NONNEGATIVE, args[0] as number) : args[0] === POSITIVE ? POSITIVE : 0;
    default:
      return 0;
  }
}

// x of x² and of |x|, which are positive where x is not zero.
function evenRoot(e: Expr, library: Library): Expr {
  let root = e;
  while (root.kind === "apply") {
    const power = (root.op === "pow" || root.op === "hpow") && evenPower(root);
    const size = root.args.length === 1 && library.functions.find(root.op)?.kinks === true && isSquareSmooth(root, library);
    if (!power && !size) return root;
    root = root.args[0] as Expr;
  }
  return root;
}

function evenPower(node: Apply): boolean {
  const exponent = node.args[1];
  return isScalarShape(node.shape) || node.op === "hpow"
    ? exponent?.kind === "num" && exponent.value.d === 1n && exponent.value.n % 2n === 0n && exponent.value.n > 0n
    : false;
}

const isComparison = (op: string): boolean => (COMPARISONS as readonly string[]).includes(op);

// Where a part of an index sum has its kink depends on the index.
function forSome(node: Expr): string {
  const indices = new Set<string>();
  for (const n of nodes(node)) if (n.kind === "entry") for (const i of n.at) if (i.kind === "bound") indices.add(i.name);
  for (const n of nodes(node)) if (n.kind === "indexSum") indices.delete(n.index);
  return indices.size === 0 ? "" : ` for some ${[...indices].join(", ")}`;
}

function kinksOf(node: Apply, info: FunctionInfo | undefined, inCases: boolean, library: Library, text: (e: Expr) => string): Condition[] {
  const [a, b] = node.args as [Expr, Expr];
  if (isComparison(node.op)) return [{ kind: "kink", text: meeting(a, b, text), ...(inCases ? {} : { zero: true }) }];
  if (info?.kinks === undefined) return [];
  if (info.kinks !== true) return [{ kind: "kink", text: named(info.kinks, node.args, text) }];
  if (!info.elementwise && !hasKinkedEntries(info, library)) return [{ kind: "kink", text: `${text(a)} = 0` }];
  return [{ kind: "kink", text: node.args.length > 1 ? meeting(a, b, text) : vanishing(a, text), zero: true }];
}

// A function of whole arguments whose definition applies a function with kinks to their entries.
function hasKinkedEntries(info: FunctionInfo, library: Library): boolean {
  const body = library.definition(info.name)?.body;
  return body !== undefined && nodes(body).some((n) => n.kind === "apply" && library.functions.find(n.op)?.kinks !== undefined);
}

// "entry($1) is 1" of a number x and of a vector: "x is 1", "an entry of x is 1".
const named = (kinks: string, args: readonly Expr[], text: (e: Expr) => string): string =>
  kinks
    .replace(/entry\(\$(\d)\)/g, (_, i) => {
      const arg = args[Number(i) - 1] as Expr;
      return isScalarShape(arg.shape) ? text(arg) : `an entry of ${text(arg)}`;
    })
    .replace(/\$(\d)/g, (_, i) => text(args[Number(i) - 1] as Expr));

const isZero = (e: Expr): boolean =>
  (e.kind === "num" && e.value.n === 0n) || (e.kind === "apply" && (e.op === "zeros" || (e.op === "expand" && isZero(e.args[0] as Expr))));

const vanishing = (a: Expr, text: (e: Expr) => string): string =>
  isScalarShape(a.shape) ? `${text(a)} = 0` : `an entry of ${text(a)} is 0`;

function meeting(a: Expr, b: Expr, text: (e: Expr) => string): string {
  if (isZero(a)) return vanishing(b, text);
  if (isZero(b)) return vanishing(a, text);
  const whole = isScalarShape(a.shape) && isScalarShape(b.shape);
  return whole ? `${text(a)} = ${text(b)}` : `entries of ${text(a)} and ${text(b)} are equal`;
}
