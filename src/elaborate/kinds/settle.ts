// What is left open when everything written has been read: first the letters decide, then
// operators take their usual reading, then open dimensions get names.
//
// Invariant: afterwards no term has an open dimension.

import { type Dim, dimConstant, dimNames, dimOf, sameDim } from "../../expr/dim.ts";
import type { Shape } from "../../expr/shape.ts";
import { dimensionLetters } from "../names/letters.ts";
import { isVariableName } from "../names/scope.ts";
import { isMeta, isOpenDim } from "../shapes/dims.ts";
import { refuse, written } from "../shapes/mismatch.ts";
import type { Context, Term } from "../terms/term.ts";
import { decideKinds, type Wanted } from "./kinds.ts";

/** What is said of a constant whose size nothing tells. */
export const UNSETTLED = "nothing settles the size of";

/**
 * Settles every shape of a context. A value that the letters alone would make a row or a column is a
 * number where that surprises little. Throws an InputError where shapes contradict or stay open.
 */
export function settleShapes(ctx: Context, wanted?: Wanted): void {
  const { inf } = ctx;
  inf.run();
  decideKinds(ctx, wanted);
  inf.settle();
  inf.run();
  nameDimensions(ctx);
  inf.run();
  settleIdentities(ctx);
  for (const term of ctx.terms) {
    const s = inf.resolveShape(term.shape);
    if (isOpenDim(s.rows) || isOpenDim(s.cols))
      refuse(term, "shape", `${UNSETTLED} ${written(term)}`, "state it: ones(n), zeros(m, n), eye(n)");
  }
  for (const p of ctx.positions) {
    const size = dimConstant(inf.resolve(p.axis));
    if (size !== undefined && p.at > size) refuse(p.place, "shape", `there is no entry ${p.at}: the size here is ${size}`);
  }
}

// An identity whose size nothing settles, as that of tr(X) I, is as large as the square matrices are, where these have one size.
function settleIdentities(ctx: Context): void {
  const { inf, scope } = ctx;
  const isSquare = ({ rows, cols }: Shape): boolean => sameDim(rows, cols) && !sameDim(rows, inf.one);
  const open = ctx.terms.filter((t) => isSquare(inf.resolveShape(t.shape)) && isOpenDim(inf.resolve(t.shape.rows)));
  const [identity] = open;
  // Below a Kronecker product it may have any size.
  const isPlain = ({ shape }: Term): boolean => openNames(inf.resolve(shape.rows)).some((n) => sameDim(inf.resolve(shape.rows), dimOf(n)));
  if (identity === undefined || !open.every(isPlain)) return;
  const squares = [...scope.variables.values()].filter(({ shape }) => isSquare(inf.resolveShape(shape)));
  const [first] = squares;
  if (first === undefined) return;
  const size = inf.resolve(first.shape.rows);
  if (!squares.every(({ shape }) => sameDim(inf.resolve(shape.rows), size))) return;
  for (const { shape } of open) for (const name of openNames(inf.resolve(shape.rows))) inf.unify(dimOf(name), size);
  inf.run();
  scope.remarks.add(`${written(identity)} is as large as ${first.name}`);
}

function nameDimensions(ctx: Context): void {
  const { inf, scope } = ctx;
  const longest = new Map<string, number>();
  for (const p of ctx.positions)
    if (p.variable !== undefined && p.variable.uses === p.variable.entryUses)
      for (const name of openNames(inf.resolve(p.axis))) longest.set(name, Math.max(p.at, longest.get(name) ?? 0));
  // A vector of which only fixed entries are used is as long as the last of them.
  for (const [name, at] of longest) if (at > 1) inf.unify(dimOf(name), dimOf(at));
  const letters = dimensionLetters(
    (name) =>
      scope.dims.has(name) ||
      scope.indices.has(name) ||
      isVariableName(scope, name) ||
      scope.unknowns.has(name) ||
      scope.mentioned.has(name),
  );
  const give = (d: Dim, letter?: string): void => {
    for (const name of openNames(inf.resolve(d))) inf.unify(dimOf(name), dimOf(letter ?? letters.next()));
  };
  const dependent = [...scope.unknowns.values()].flatMap(({ of, result }) => (of === undefined ? [] : [result]));
  for (const shape of [...[...scope.variables.values()].map((info) => info.shape), ...dependent]) {
    const { rows, cols } = inf.resolveShape(shape);
    // Matrices are m×n where both letters are free.
    if (isOpenDim(rows) && isOpenDim(cols) && !sameDim(rows, cols) && letters.take("m")) {
      give(rows, "m");
      give(cols);
    } else {
      give(rows);
      give(cols);
    }
  }
}

const openNames = (d: Dim): string[] => dimNames(d).filter(isMeta);
