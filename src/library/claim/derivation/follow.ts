// How a member of a chain fares: by itself, against the truth, and from the member before it;
// with what may have gone wrong between them, or the reason why it is right.
//
// Invariant: a member that is right again behind a wrong one is said not to follow.

import { optional } from "../../../base/optional.ts";
import { reaches } from "../../../base/order.ts";
import { CHAIN_RULES, rulesFor } from "../../../calculus/derivation/cite.ts";
import type { RuleReference } from "../../../calculus/derivation/model.ts";
import { diagnose } from "../../../check/diagnose.ts";
import { compareTerms, type Judge } from "../../../check/equal.ts";
import type { Problem, Side } from "../../../elaborate/elaborate.ts";
import { transpose } from "../../../expr/build.ts";
import { type Expr, mentions, variables } from "../../../expr/expr.ts";
import { isScalarShape, sameShape } from "../../../expr/shape.ts";
import type { Library } from "../../../rewrite/library.ts";
import { isAtPlace } from "../../../syntax/definitions/uses.ts";
import { stateOf } from "../terms/forms.ts";
import type { WrittenSide } from "../text/statement.ts";
import type { Judged } from "../verdict/sides.ts";
import { diagnosisOf } from "../verdict/verdict.ts";
import type { CheckedLine } from "./derivation.ts";

/** A member of a chain, judged against the first one. */
export interface Member {
  readonly kind: "claim" | "link";
  readonly part: WrittenSide;
  readonly judged: Judged;
  /** Whether a comment stands behind it. */
  readonly explained: boolean;
}

type Faring = Omit<CheckedLine, "line" | "column" | "text">;

/** How a member fares; `before` is the one before it, absent where that cannot be read. */
export function memberLine(by: Judge, member: Member, before: Member | undefined): Faring {
  const { kind, judged, explained } = member;
  const { checked, problem, left, claimed } = judged;
  const { verdict, accepted } = checked;
  const line = { kind, verdict, accepted, claim: checked };
  const from = before?.judged.claimed;
  if (before !== undefined && from !== undefined && claimed !== undefined)
    return { ...line, ...following(by, before, member, [from, claimed]) };
  if (!accepted) return { ...line, diagnosis: checked.diagnosis };
  const because = explained || kind === "link" ? [] : reasonsOf(problem, left, by.library);
  return { ...line, ...(because.length > 0 ? { because } : {}) };
}

/** How a member follows from the one before it, given the terms of both. */
function following(by: Judge, before: Member, member: Member, [from, to]: readonly [Expr, Expr]): Partial<Faring> {
  const { checked, problem } = member.judged;
  const { accepted } = checked;
  const wasRight = before.judged.checked.accepted;
  const link = linkOf(by, from, to);
  if (link.follows === false) {
    if (accepted) return { follows: false, ...(wasRight ? {} : { note: "right again, but it does not follow from the line before" }) };
    const findings = sameShape(from.shape, to.shape) ? diagnose(by, [{ expr: from }], to, undefined) : [];
    const stated = stateOf(problem, from, [], { library: by.library });
    const own = findings.map((f) => diagnosisOf(f, stated, by.library));
    return { follows: false, diagnosis: own.length > 0 ? own : checked.diagnosis };
  }
  const follows = optional({ follows: link.follows });
  if (!accepted)
    return { ...follows, ...(wasRight ? { diagnosis: checked.diagnosis } : { note: "follows from the line before, which is wrong" }) };
  return { ...follows, ...(member.explained ? {} : { note: link.note ?? explain(problem, before.part, member.part, link.expanded) }) };
}

/** Whether a line follows from the one before, by value. */
function linkOf(by: Judge, from: Expr, to: Expr): { follows: boolean | undefined; expanded: boolean; note?: string } {
  const turned = !sameShape(from.shape, to.shape);
  const start = turned ? transpose(from) : from;
  if (!sameShape(start.shape, to.shape)) return { follows: false, expanded: false };
  const outcome = compareTerms(by, start, to);
  switch (outcome.kind) {
    case "proved":
    case "holds": {
      const expanded = outcome.evidence.kind !== "normal form" || outcome.evidence.expanded;
      return { follows: true, expanded, ...(turned ? { note: "transposed: the layout changes here" } : {}) };
    }
    case "differs":
      return { follows: false, expanded: false };
    case "undecided":
      return { follows: undefined, expanded: false };
  }
}

/** What happens between two members of a chain. */
function explain(problem: Problem, before: WrittenSide, after: WrittenSide, expanded: boolean): string {
  const uses = (p: WrittenSide, name: string): boolean =>
    new RegExp(`(?<![\\p{L}\\p{N}_])[d∂]?${name}(?![\\p{L}\\p{N}_])`, "u").test(p.text);
  const names = problem.definitions.map((d) => d.name).filter((n) => !isAtPlace(n));
  const gone = names.filter((n) => uses(before, n) && !uses(after, n));
  const come = names.filter((n) => !uses(before, n) && uses(after, n));
  if (gone.length > 0) return `by putting in ${gone.join(", ")}`;
  if (come.length > 0) return `by the definition of ${come.join(", ")}`;
  return expanded ? "by multiplying out" : "by rearranging";
}

/** The rules of the library, or the chain rule, by which a stated derivative is right. */
function reasonsOf(problem: Problem, left: Side, library: Library): readonly RuleReference[] {
  if (left.kind !== "derivative" || left.by.length !== 1) return [];
  const [target] = left.by;
  const { of } = left;
  const body = of.kind === "var" ? problem.definitions.find((d) => d.variable === of)?.expr : of;
  const v = target?.variable;
  if (v === undefined || body === undefined) return [];
  const madeOf = new Map(problem.definitions.map((d) => [d.name, variables(d.expr).map(({ name }) => name)]));
  const between = problem.definitions.filter((d) => mentions(body, d.name) && d.variable !== v && reaches(d.name, v.name, madeOf));
  if (between.length === 0) return rulesFor(body, v, [v], library);
  const direct = mentions(body, v.name);
  if (direct || between.length > 1)
    return [between.every((d) => isScalarShape(d.variable.shape)) && isScalarShape(v.shape) ? CHAIN_RULES.total : CHAIN_RULES.vector];
  const scalar = [of, v, ...between.map((d) => d.variable)].every((e) => isScalarShape(e.shape));
  return [scalar ? CHAIN_RULES.single : CHAIN_RULES.vector];
}
