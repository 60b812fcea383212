// Symbolic dimensions: polynomials with integer coefficients in named sizes, so that
// vec(X) has m*n rows and [w; b] has n + 1.
//
// Invariant: interned by canonical text, so equal dimensions are the same object.

import { createTable, perEpoch } from "../base/intern.ts";
import { flatMap } from "../base/list.ts";

/** A size: a polynomial with whole coefficients in named sizes. */
export interface Dim {
  /** Canonical text, readable by the parser: `1`, `n`, `n+1`, `m*n`. */
  readonly key: string;
  readonly monomials: readonly Monomial[];
}

/** A product of named sizes with a whole coefficient. */
export interface Monomial {
  readonly coefficient: number;
  /** Names of the factors, sorted; repeated for powers. */
  readonly names: readonly string[];
}

const table = createTable<Dim>();

function intern(monomials: readonly Monomial[]): Dim {
  const collected = new Map<string, Monomial>();
  for (const m of monomials) {
    const names = [...m.names].sort();
    const id = names.join("*");
    const old = collected.get(id);
    collected.set(id, { coefficient: m.coefficient + (old?.coefficient ?? 0), names });
  }
  const kept = [...collected.values()]
    .filter((m) => m.coefficient !== 0)
    .sort((a, b) => b.names.length - a.names.length || (a.names.join("*") < b.names.join("*") ? -1 : 1));
  const key = kept.length === 0 ? "0" : kept.map(monomialText).join("");
  return table.get(key) ?? table.set(key, { key, monomials: kept });
}

function monomialText(m: Monomial, index: number): string {
  const size = Math.abs(m.coefficient);
  const sign = m.coefficient < 0 ? "-" : index > 0 ? "+" : "";
  const names = m.names.join("*");
  return sign + (names === "" ? `${size}` : size === 1 ? names : `${size}*${names}`);
}

// A number or a name is its own canonical text; a number may come as its digits.
export const dimOf = (value: number | string): Dim =>
  table.get(`${value}`) ??
  intern([
    typeof value === "number" || /^\d+$/.test(value) ? { coefficient: Number(value), names: [] } : { coefficient: 1, names: [value] },
  ]);

// Not a constant: the intern table may be emptied between calls.
export const one = perEpoch((): Dim => dimOf(1));

/** Reads the canonical text of a dimension back. */
export function dimFromKey(key: string): Dim {
  const known = table.get(key);
  if (known !== undefined) return known;
  const monomials = [...key.matchAll(/([+-]?)([^+-]+)/g)].map(([, sign, text]) => {
    const parts = (text as string).split("*");
    const numbers = parts.filter((p) => /^\d+$/.test(p)).map(Number);
    return { coefficient: numbers.reduce((a, b) => a * b, sign === "-" ? -1 : 1), names: parts.filter((p) => !/^\d+$/.test(p)) };
  });
  return intern(monomials);
}

export const addDims = (a: Dim, b: Dim): Dim => intern([...a.monomials, ...b.monomials]);
export const subtractDims = (a: Dim, b: Dim): Dim => addDims(a, scaleDim(b, -1));
export const scaleDim = (a: Dim, k: number): Dim => intern(a.monomials.map((m) => ({ coefficient: m.coefficient * k, names: m.names })));
export const multiplyDims = (a: Dim, b: Dim): Dim =>
  intern(
    flatMap(a.monomials, (p) => b.monomials.map((q) => ({ coefficient: p.coefficient * q.coefficient, names: [...p.names, ...q.names] }))),
  );

export const isOneDim = (a: Dim): boolean => a.key === "1";
export const sameDim = (a: Dim, b: Dim): boolean => a.key === b.key;
/** Whether two lists have the same dimensions in the same order. */
export const sameDims = (a: readonly Dim[], b: readonly Dim[]): boolean => a.length === b.length && a.every((d, i) => d.key === b[i]?.key);

/** The number a dimension without names stands for. */
export const dimConstant = (a: Dim): number | undefined =>
  a.monomials.length === 0 ? 0 : a.monomials.length === 1 && a.monomials[0]?.names.length === 0 ? a.monomials[0].coefficient : undefined;

/** The names that a dimension is made of, each once. */
export function dimNames(a: Dim): string[] {
  const plain = dimName(a);
  return plain === undefined ? [...new Set(flatMap(a.monomials, (m) => m.names))] : [plain];
}

/** The name of a dimension that is a plain name. */
export const dimName = (a: Dim): string | undefined => {
  const m = a.monomials.length === 1 ? a.monomials[0] : undefined;
  return m?.coefficient === 1 && m.names.length === 1 ? m.names[0] : undefined;
};

/** Value under sizes for all names. Throws a RangeError on a name without size. */
export function evaluateDim(a: Dim, sizes: ReadonlyMap<string, number>): number {
  let total = 0;
  for (const m of a.monomials) {
    let product = m.coefficient;
    for (const name of m.names) {
      const size = sizes.get(name);
      if (size === undefined) throw new RangeError(`dimension ${name} has no size`);
      product *= size;
    }
    total += product;
  }
  return total;
}

/** Replaces names by dimensions. */
export function substituteDim(a: Dim, by: ReadonlyMap<string, Dim>): Dim {
  const plain = dimName(a);
  if (plain !== undefined) return by.get(plain) ?? a;
  if (!a.monomials.some((m) => m.names.some((name) => by.has(name)))) return a;
  let total = intern([]);
  for (const m of a.monomials) {
    let product = dimOf(m.coefficient);
    for (const name of m.names) product = multiplyDims(product, by.get(name) ?? dimOf(name));
    total = addDims(total, product);
  }
  return total;
}

/**
 * Sign of a dimension for all sizes of at least 1: "positive", "zero", or "nonpositive"
 * where it can be decided, otherwise undefined.
 */
export function dimSign(a: Dim): "positive" | "zero" | "nonpositive" | undefined {
  if (a.monomials.length === 0) return "zero";
  // Each name stands for 1 + a nonnegative number; the signs of the expansion decide.
  const shifted = substituteDim(a, new Map(dimNames(a).map((name) => [name, addDims(dimOf(name), one())])));
  const constant = shifted.monomials.find((m) => m.names.length === 0)?.coefficient ?? 0;
  if (shifted.monomials.every((m) => m.coefficient > 0)) return constant > 0 ? "positive" : undefined;
  if (shifted.monomials.every((m) => m.coefficient < 0)) return "nonpositive";
  return undefined;
}
