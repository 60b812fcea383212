// Kinks that are none: x·|x| and ‖x‖³ are differentiable where x = 0, for what vanishes there
// k + 1 times is differentiable k times; and where a domain excludes the point there is none.
//
// Invariant: a kink is taken back only where nothing else in the expression can be singular, so
// that all other factors are bounded near the point. Not here: where kinks lie (conditions.ts).

import { type Apply, type Expr, fold, nodes, unexpanded } from "../../expr/expr.ts";
import type { FunctionInfo } from "../../expr/functions.ts";
import { isOperator, linearity, operatorRow } from "../../expr/operators.ts";
import { isScalarShape } from "../../expr/shape.ts";
import type { Library } from "../../rewrite/library.ts";
import { evenPower, isSquareSmooth, isZero } from "./signs.ts";

/** What is known of the parts of an expression when its kinks are looked at. */
export interface Surroundings {
  /** Parts in which the variable occurs. */
  readonly varying: ReadonlySet<Expr>;
  readonly positive: ReadonlySet<Expr>;
  /** Parts that lie in a domain which is stated. */
  readonly away: ReadonlySet<Expr>;
  /** How often it is differentiated. */
  readonly order: number;
  readonly library: Library;
}

/** The parts with kinks at which the whole expression is differentiable nevertheless, each with what vanishes there if that is not excluded. */
export function smoothedKinks(expr: Expr, around: Surroundings): ReadonlyMap<Expr, Expr | undefined> {
  const { library, positive } = around;
  const all = nodes(expr);
  const parents = parentsIn(all);
  const excluded = nonvanishing(around);
  const bounded = isBounded(all, around);
  const out = new Map<Expr, Expr | undefined>();
  for (const node of all) {
    if (node.kind !== "apply") continue;
    const info = library.functions.find(node.op);
    if (info?.kinks !== true) continue;
    const zero = zeroOf(node, info, library);
    if (node.args.length === 1 && positive.has(node.args[0] as Expr)) out.set(node, undefined);
    else if (isSquareSmooth(node, library) && (parents.get(node) ?? [undefined]).every((p) => p !== undefined && isEvenPower(p)))
      out.set(node, undefined);
    else if (excluded.has(node)) out.set(node, undefined);
    else if (zero !== undefined && bounded && isSmoothed(node, zero, expr, parents, around)) out.set(node, zero);
  }
  return out;
}

const isPower = ({ op, shape }: Apply): boolean => op === "hpow" || (op === "pow" && isScalarShape(shape));
const isEvenPower = (node: Apply): boolean => isPower(node) && evenPower(node);

/** The u of |u|, ‖u‖ and max(0, u): a continuous function that is 0 at its kink, where u is 0. */
function zeroOf(node: Apply, info: FunctionInfo, library: Library): Expr | undefined {
  const [a, b] = node.args as [Expr, Expr | undefined];
  if (b !== undefined) return (node.op === "max" || node.op === "min") && isZero(a) ? b : isZero(b) ? a : undefined;
  return info.range === "nonnegative" && (info.elementwise || !hasKinkedEntries(info, library)) ? a : undefined;
}

/** Whether a function of whole arguments applies, by its definition, a function with kinks to their entries. */
export function hasKinkedEntries(info: FunctionInfo, library: Library): boolean {
  const body = library.definition(info.name)?.body;
  return body !== undefined && nodes(body).some((n) => n.kind === "apply" && library.functions.find(n.op)?.kinks !== undefined);
}

function parentsIn(all: readonly Expr[]): ReadonlyMap<Expr, readonly Apply[]> {
  const parents = new Map<Expr, Apply[]>();
  for (const node of all)
    for (const arg of new Set(node.args)) {
      const known = parents.get(arg);
      known === undefined ? parents.set(arg, [node as Apply]) : known.push(node as Apply);
    }
  return parents;
}

// Parts that do not vanish where the stated domains hold.
function nonvanishing({ away }: Surroundings): ReadonlySet<Expr> {
  const out = new Set(away);
  for (const node of out)
    if (node.kind === "apply") {
      if (isPower(node)) out.add(node.args[0] as Expr);
      else if (node.op === "hadamard" || node.op === "expand" || (node.op === "mul" && node.args.every((a) => isScalarShape(a.shape))))
        for (const arg of node.args) out.add(arg);
    }
  return out;
}

/** Whether nothing is divided by that may vanish, and every function is defined everywhere. */
export const isBounded = (all: readonly Expr[], around: Pick<Surroundings, "varying" | "positive" | "library">): boolean =>
  all.every((node) => isBoundedAt(node, around));

function isBoundedAt(node: Expr, { varying, positive, library }: Pick<Surroundings, "varying" | "positive" | "library">): boolean {
  if (node.kind !== "apply" || !varying.has(node)) return true;
  const [first, second] = node.args as [Expr, Expr];
  if (node.op === "div" || node.op === "hdiv") return !varying.has(second) || positive.has(second);
  if (node.op === "pow" || node.op === "hpow") return positive.has(first) || exponentOf(node) > 0;
  const info = library.functions.find(node.op);
  return info === undefined || node.args.every((arg, i) => (info.domains[i] ?? "real") === "real" || positive.has(arg));
}

// The exponent where it is a whole number, or else 0.
function exponentOf({ args }: Apply): number {
  const exponent = unexpanded(args[1] as Expr);
  return exponent.kind === "num" && exponent.value.d === 1n ? Number(exponent.value.n) : 0;
}

// Whether every product and power around a part vanishes often enough where u does.
function isSmoothed(
  node: Expr,
  u: Expr,
  root: Expr,
  parents: ReadonlyMap<Expr, readonly Apply[]>,
  { order, library }: Surroundings,
): boolean {
  const around: [part: Expr, multiplicity: number][] = [[node, 1]];
  const least = new Map<Expr, number>();
  for (const [part, times] of around) {
    if (part === root) return false;
    for (const parent of parents.get(part) ?? []) {
      const many = multiplicity(parent, part, times, u, library);
      if (many === undefined) return false;
      if (many > order || many >= (least.get(parent) ?? Number.POSITIVE_INFINITY)) continue;
      least.set(parent, many);
      around.push([parent, many]);
    }
  }
  return true;
}

// How often a product or power vanishes where u does, if one of its parts does so `times` times.
function multiplicity(parent: Apply, part: Expr, times: number, u: Expr, library: Library): number | undefined {
  if (isPower(parent)) return parent.args[0] === part && exponentOf(parent) > 0 ? times * exponentOf(parent) : undefined;
  if (parent.op === "expand" || parent.op === "neg") return times;
  if (!isPairing(parent)) return undefined;
  const own = parent.args.filter((a) => a === part).length;
  const isNorm = isScalarShape(part.shape) && !isScalarShape(u.shape);
  const others = parent.args.filter((a) => a !== part).reduce((sum, a) => sum + vanishing(a, u, isNorm, library), 0);
  return own * times + others;
}

// Products that join entries at the same place only, or a number with everything.
const isPairing = ({ op, args }: Apply): boolean =>
  op === "hadamard" || (op === "mul" && args.filter((a) => !isScalarShape(a.shape)).length <= 1);

/** Whether an operator gives 0 where one of its arguments is 0 in all entries: what is linear in it alone. */
const isZeroOfZero = (op: string): boolean =>
  linearity(op) === "each" || (linearity(op) === "together" && isOperator(op) && operatorRow(op).arity === 1);

/** Multiplicities are not counted beyond this. */
const MOST_TIMES = 1000;

// How often a part vanishes at least: where all of u does, or entry by entry.
const vanishing = (part: Expr, u: Expr, whole: boolean, library: Library): number =>
  fold<number>(part, (e, args) => {
    if (e === u) return 1;
    if (e.kind !== "apply") return 0;
    if (isPower(e)) return Math.min(MOST_TIMES, (args[0] as number) * Math.max(0, exponentOf(e)));
    if (whole ? isZeroOfZero(e.op) : isPairing(e) || e.op === "expand" || e.op === "neg")
      return args.reduce((sum, n) => Math.min(MOST_TIMES, sum + n), 0);
    const info = library.functions.find(e.op);
    return info?.kinks === true && zeroOf(e, info, library) === u ? 1 : 0;
  });
