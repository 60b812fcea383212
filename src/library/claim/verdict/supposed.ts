// Claims that are wrong as they stand and right where names that nothing declares are numbers,
// or positive, or where matrices are symmetric: said beside the refutation, and of d/dx f(x) with numbers accepted.
//
// Invariant: what is declared is never taken for anything else, and an answer states what
// was supposed.

import type { Problem, Side } from "../../../elaborate/elaborate.ts";
import { isOneDim } from "../../../expr/dim.ts";
import { type Expr, nodes, type Variable } from "../../../expr/expr.ts";
import { isColumnShape } from "../../../expr/shape.ts";
import type { Library } from "../../../rewrite/library.ts";
import { assuming, type CheckedClaim, type Diagnosis, type SettledClaim } from "./verdict.ts";

/** What names are supposed to be. */
export type Supposition = Pick<SettledClaim, "vars" | "attrs">;

/** Judges the claim under a supposition; undefined where it cannot be read so. */
type Again = (more: Supposition) => CheckedClaim | undefined;

/** The claim as it was judged, with what would make it right. */
export function suppose(settled: SettledClaim, problem: Problem, checked: CheckedClaim, again: Again): CheckedClaim {
  if (checked.verdict !== "refuted") return checked;
  if (checked.diagnosis.some((d) => d.mistake === "shape")) return supposeNumbers(settled, problem, checked, again);
  const symmetric = supposeSymmetric(settled, problem, checked, again);
  if (symmetric !== undefined) return symmetric;
  return checked.diagnosis.length === 0 ? supposePositive(settled, problem, checked, again) : checked;
}

const hinted = (checked: CheckedClaim, hint: Diagnosis): CheckedClaim => ({ ...checked, diagnosis: [...checked.diagnosis, hint] });

const whatIs = (names: readonly string[], one: string, many = one): string =>
  `${names.join(", ")} ${names.length === 1 ? `is ${one}` : `are ${many}`}`;
const rightWhere = (names: readonly string[], fact: string, declaration: string): string =>
  `it is right where ${fact}: ${names.join(", ")} : ${declaration} declares that`;

const sidesOf = ({ claim }: Problem): Side[] => [claim?.left, claim?.right].filter((s) => s !== undefined);
const termOf = (side: Side): Expr => (side.kind === "value" ? side.expr : side.of);

const ENTRYWISE: ReadonlySet<string> = new Set(["add", "neg", "mul", "div", "pow", "hadamard", "hdiv", "hpow", "expand"]);
const isEntrywise = (op: string, { functions }: Library): boolean => ENTRYWISE.has(op) || functions.find(op)?.elementwise === true;

/** d/dx, ∂/∂x or d²/dx² in front of what it is of. */
const OPERATOR =
  /(?<![\p{L}\p{N}_\\])[d∂](?:\^\d|[²³])?\s*\/\s*[d∂]\p{L}|frac\s*\{\s*(?:\\(?:mathrm|text)\s*\{\s*d\s*\}|\{\s*\\rm\s+d\s*\}|\\mathrm\s+d|\\partial|d)\s*(?:\^\s*\{?\s*\d\s*\}?\s*)?\}|\\p?dv\s*(?:\[\d\]\s*)?\{/u;

// Element-wise claims whose shapes do not fit are meant of numbers where d/dx stands in front, as it does in tables of derivatives.
function supposeNumbers(settled: SettledClaim, problem: Problem, checked: CheckedClaim, again: Again): CheckedClaim {
  const names = problem.variables.filter((v) => problem.loose.has(v.name) && isColumnShape(v.shape)).map((v) => v.name);
  const isByEntries = (term: Expr): boolean => nodes(term).every((e) => e.kind !== "apply" || isEntrywise(e.op, settled.library));
  if (names.length === 0 || !sidesOf(problem).map(termOf).every(isByEntries)) return checked;
  const supposed = again({ vars: Object.fromEntries(names.map((name) => [name, []])) });
  if (supposed?.accepted !== true) return checked;
  const scalars = whatIs(names, "a scalar", "scalars");
  if (OPERATOR.test(settled.claim)) return assuming(supposed, [scalars]);
  return hinted(checked, { mistake: "shape", text: rightWhere(names, scalars, "scalar") });
}

/** More square matrices than these are not tried. */
const MOST_SQUARE = 4;

// 2Ax is the gradient of x'Ax, and Σ⁻¹ that of log det Σ, of symmetric matrices alone; as few are supposed so as do it.
function supposeSymmetric({ attrs }: SettledClaim, problem: Problem, checked: CheckedClaim, again: Again): CheckedClaim | undefined {
  const isSquare = ({ shape: { rows, cols } }: Variable): boolean => rows.key === cols.key && !isOneDim(rows);
  let names = problem.variables.filter((v) => isSquare(v) && v.attributes.length === 0).map((v) => v.name);
  if (names.length === 0 || names.length > MOST_SQUARE) return undefined;
  const isRight = (some: readonly string[]): boolean =>
    again({ attrs: Object.fromEntries(some.map((name) => [name, [...(attrs?.[name] ?? []), "symmetric"]])) })?.accepted === true;
  if (!isRight(names)) return undefined;
  for (const name of names) {
    const fewer = names.filter((n) => n !== name);
    if (fewer.length > 0 && isRight(fewer)) names = fewer;
  }
  return hinted(checked, { mistake: "symmetric", text: rightWhere(names, whatIs(names, "symmetric"), "symmetric") });
}

/** Operators whose laws ask for positive numbers; of functions those that have kinks, or no value everywhere. */
const POWERS: ReadonlySet<string> = new Set(["pow", "hpow"]);
/** A letter that is positive wherever it is written for a number, though to the language it is a name as others are. */
const BASE = "e";
/** Names that are supposed to be positive one by one. */
const MOST_ALONE = 3;

// (x²)^a is x^(2a) of a positive x alone, and log(x²) 2 log(x).
function supposePositive({ library, attrs }: SettledClaim, problem: Problem, checked: CheckedClaim, again: Again): CheckedClaim {
  const asks = (e: Expr): boolean => {
    if (e.kind !== "apply") return false;
    const info = library.functions.find(e.op);
    return POWERS.has(e.op) || info?.kinks !== undefined || info?.domains.some((d) => d !== "real") === true;
  };
  if (!sidesOf(problem).some((side) => nodes(termOf(side)).some(asks))) return checked;
  const free = problem.variables.filter((v: Variable) => problem.loose.has(v.name) && v.attributes.length === 0).map((v) => v.name);
  const base = free.filter((name) => name === BASE);
  const tries = free.length > 1 && free.length <= MOST_ALONE ? [...free.map((name) => [name]), free] : [free];
  for (const names of [base, ...tries]) {
    const positive = Object.fromEntries(names.map((name) => [name, [...(attrs?.[name] ?? []), "positive"]]));
    const supposed = names.length === 0 ? undefined : again({ attrs: positive });
    if (supposed?.accepted !== true) continue;
    if (names === base) return assuming(supposed, [`${BASE} is positive`]);
    return hinted(checked, { mistake: "sign", text: rightWhere(names, whatIs(names, "positive"), "positive") });
  }
  return checked;
}
