// What is left open when everything written has been read: first the letters decide, then
// operators take their usual reading, then open dimensions get names.
//
// Invariant: afterwards no term has an open dimension.

import { type Dim, dimConstant, dimNames, dimOf } from "../expr/dim.ts";
import { isMeta, isOpenDim } from "./dims.ts";
import { dimensionLetters, type Kind, kindByLetter } from "./letters.ts";
import { refuse, written } from "./mismatch.ts";
import type { VariableInfo } from "./scope.ts";
import type { Context } from "./term.ts";

/** Settles every shape of a context. Throws an InputError where shapes contradict or stay open. */
export function settleShapes(ctx: Context): void {
  const { inf, scope } = ctx;
  inf.run();
  for (const info of scope.variables.values()) {
    if (info.defined || inf.orientation(info.shape) !== "open") continue;
    decide(ctx, info);
    inf.run();
  }
  inf.settle();
  inf.run();
  nameDimensions(ctx);
  inf.run();
  for (const term of ctx.terms) {
    const s = inf.resolveShape(term.shape);
    if (isOpenDim(s.rows) || isOpenDim(s.cols))
      refuse(term, "shape", `nothing settles the size of ${written(term)}`, "state it: ones(n), zeros(m, n), eye(n)");
  }
  for (const p of ctx.positions) {
    const size = dimConstant(inf.resolve(p.axis));
    if (size !== undefined && p.at > size) refuse(p.place, "shape", `there is no entry ${p.at}: the size here is ${size}`);
  }
}

const ORDER: Readonly<Record<Kind, readonly Kind[]>> = {
  scalar: ["scalar", "vector", "matrix"],
  vector: ["vector", "scalar", "matrix"],
  matrix: ["matrix", "vector", "scalar"],
};

// The first kind, in the order of the letter, that the shape allows by itself.
function decide(ctx: Context, info: VariableInfo): void {
  const { inf } = ctx;
  const letter = kindByLetter(info.name);
  const kind = letter === "scalar" && info.likelyVector ? "vector" : letter;
  const { rows, cols } = info.shape;
  const one = dimOf(1);
  const [r, c] = [inf.unit(rows), inf.unit(cols)];
  const square = inf.resolve(rows) === inf.resolve(cols);
  for (const k of ORDER[kind]) {
    if (k === "scalar" && r !== "many" && c !== "many") {
      inf.unify(rows, one);
      inf.unify(cols, one);
      return;
    }
    if (k === "vector" && !square && r !== "one" && c !== "many") {
      inf.unify(cols, one);
      inf.markMany(rows);
      return;
    }
    if (k === "matrix" && r !== "one" && c !== "one") {
      inf.markMany(rows);
      inf.markMany(cols);
      return;
    }
  }
}

function nameDimensions(ctx: Context): void {
  const { inf, scope } = ctx;
  const longest = new Map<string, number>();
  for (const p of ctx.positions)
    for (const name of openNames(inf.resolve(p.axis))) longest.set(name, Math.max(p.at, longest.get(name) ?? 0));
  // A vector of which only fixed entries are used is as long as the last of them.
  for (const [name, at] of longest) if (at > 1) inf.unify(dimOf(name), dimOf(at));
  const letters = dimensionLetters(new Set([...scope.dims, ...scope.variables.keys(), ...scope.unknowns.keys(), ...scope.mentioned]));
  const give = (d: Dim, letter?: string): void => {
    for (const name of openNames(inf.resolve(d))) inf.unify(dimOf(name), dimOf(letter ?? letters.next()));
  };
  for (const info of scope.variables.values()) {
    const { rows, cols } = inf.resolveShape(info.shape);
    // Matrices are m×n where both letters are free.
    if (isOpenDim(rows) && isOpenDim(cols) && rows !== cols && letters.take("m")) {
      give(rows, "m");
      give(cols);
    } else {
      give(rows);
      give(cols);
    }
  }
}

const openNames = (d: Dim): string[] => dimNames(d).filter(isMeta);
