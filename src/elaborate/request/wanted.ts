// What is differentiated by, before the terms are settled: which names are variables of their own
// and which are entries x_j, X_ij of another one.
//
// Invariant: a name that is declared keeps its meaning, but for one that depends on others and is
// differentiated by: it is a variable, and u(x) is refused. Not here: targets of settled terms
// (names/target.ts), and what a name with an index stands for in a term (terms/subscript.ts).

import { wholeOf } from "../../base/span.ts";
import type { Dim } from "../../expr/dim.ts";
import { isFunctionWord } from "../../syntax/tokens/spelling.ts";
import { hasSigns, runWith } from "../names/runs.ts";
import { declareVariable, inferVariable, nearest, type Scope, unknownName, type VariableInfo } from "../names/scope.ts";
import { entryName, PLACE, type TargetText } from "../names/target.ts";
import type { Place } from "../shapes/constraint.ts";
import { refuse } from "../shapes/mismatch.ts";
import { noteAxis } from "../terms/entries.ts";
import { axesOf } from "../terms/subscript.ts";
import type { Context } from "../terms/term.ts";

/** Takes up a target: one that is not known yet is inferred like any other name, one that does not occur beside others is remarked. */
export function wantTarget(ctx: Context, target: TargetText, place: Place, inClaim = false): void {
  const { scope } = ctx;
  const known = scope.variables.get(target.name) ?? entryOf(ctx, target.name);
  const occurs = known !== undefined && (known.uses > 0 || known.defined);
  // A claim is judged with the product as well.
  const run = inClaim ? undefined : runWith(scope, target.name, occurs, hasSigns(ctx.source) ? "*" : " ");
  if (run !== undefined && occurs && run.isName) scope.remarks.add(`${run.name} is one name; ${run.meant}`);
  else if (run !== undefined)
    refuse(
      place,
      "name",
      `${occurs ? "" : `${target.name} does not occur, and `}${run.name} is one name`,
      `${run.meant}, or declare ${occurs ? run.name : target.name}`,
    );
  if (occurs) return;
  if (scope.unknowns.has(target.name)) refuse(place, "unsupported", `${target.name} depends on other variables and is none itself`);
  if (scope.strict && known === undefined) unknownName(scope, target.name, place);
  const used = [...scope.variables.values()].filter((v) => v.uses > 0).map((v) => v.name);
  const entry = inClaim ? undefined : used.find((name) => entryName(name)?.name === target.name);
  if (entry !== undefined)
    refuse(
      place,
      "name",
      `${target.name} does not occur, and ${entry} is a name of its own`,
      `${target.name}[${entryName(entry)?.at.join(",")}] for an entry, or declare ${target.name}`,
    );
  const near = nearest(target.name, used);
  if (used.length > 0) scope.remarks.add(`${target.name} does not occur in it${near === undefined ? "" : `; did you mean ${near}?`}`);
  if (known !== undefined) return;
  refuseFunction(scope, target.name, place);
  const info = inferVariable(scope, ctx.inf, target.name);
  if (target.at !== undefined) info.likelyVector = true;
}

// d(s^2)/dlog(s): one differentiates by a name, and log is none.
function refuseFunction(scope: Scope, name: string, place: Place): void {
  if (isFunctionWord(name, (word) => scope.functions.find(word) !== undefined))
    refuse(place, "type", `${name} is a function, and one differentiates by a variable`, "a name for its value: s = exp(t), and by t");
}

/** Makes u, where u(x) is declared, a variable: what is differentiated by is varied by itself. */
export function varyByItself({ scope }: Context, name: string, source: string): void {
  const body = scope.unknowns.get(name);
  if (body?.of === undefined) return;
  scope.unknowns.delete(name);
  scope.varied.add(name);
  declareVariable(scope, name, body.result, { source, span: wholeOf(source) });
  scope.remarks.add(`${name} is varied by itself, whatever ${body.of.join(", ")} ${body.of.length === 1 ? "is" : "are"}`);
}

// The variable that a target such as x_1 or X_ij is an entry of.
function entryOf(ctx: Context, name: string): VariableInfo | undefined {
  const part = entryName(name);
  const of = part === undefined ? undefined : ctx.scope.variables.get(part.name);
  if (part === undefined || of === undefined || (part.at.length === 2 && axesOf(ctx, of) !== 2)) return undefined;
  const { rows, cols } = of.shape;
  const axes = part.at.length === 2 ? [rows, cols] : [ctx.inf.unit(rows) === "one" ? cols : rows];
  // What has an entry at an index is no number, whatever its letter.
  if (!of.declared) of.likelyVector = true;
  part.at.forEach((index, k) => {
    if (/^[a-z]$/.test(index)) noteAxis(ctx, index, axes[k] as Dim);
  });
  return of;
}

/** Where x_i stands or x, and x_j does not, but is differentiated by, both are entries of x, and j is a place of entries. */
export function noteEntries(scope: Scope, targets: readonly string[]): void {
  for (const target of targets) {
    const part = entryName(target);
    if (part === undefined) continue;
    const isOwn = scope.mentioned.has(target) && !scope.sampled.has(part.name);
    if (isOwn || !part.at.every((i) => /^[a-z]$/.test(i))) continue;
    const isSibling = (name: string): boolean => {
      const other = entryName(name);
      return other?.name === part.name && other.at.length === part.at.length && other.at.every((i) => /^[a-z]$/.test(i));
    };
    if (!scope.mentioned.has(part.name) && ![...scope.mentioned].some(isSibling)) continue;
    scope.entries.add(part.name);
    for (const i of part.at) scope.places.add(i);
  }
}

/** Notes the places i, j and 1 of entries A_ij and x_1 of declared names; none where e_i is differentiated by. */
export function notePlaces({ mentioned, variables, places }: Scope, targets: readonly string[]): void {
  if (targets.some((t) => entryName(t)?.name === "e")) return;
  for (const name of mentioned) {
    const part = variables.has(name) ? undefined : entryName(name);
    if (part !== undefined && variables.get(part.name)?.declared === true) for (const i of part.at) if (PLACE.test(i)) places.add(i);
  }
}
