// Which variables occur in a value: a set of names as a trie over the bits of their hashes
// (C. Okasaki, A. Gill, "Fast mergeable integer maps", 1998). A network with a thousand
// weights has a set for each of its layers; sets that differ in a name share all but the
// way to it, and equal sets are one object.
//
// Invariants: the shape of a set depends on its names alone; no way in it is longer than 32
// bits, so what follows it may recurse.

import { hashText } from "../../base/hash.ts";
import { createTable } from "../../base/intern.ts";

/** A set of names. */
export type NameSet = NoNames | Leaf | Branch;

interface NoNames {
  readonly kind: "none";
  readonly id: number;
}

/** Names of equal bits: as good as always one. */
interface Leaf {
  readonly kind: "leaf";
  readonly id: number;
  readonly bits: number;
  /** Sorted. */
  readonly names: readonly string[];
}

/** Sets that agree in all bits above one bit, which `mask` holds; `bits` are those that they agree in. */
interface Branch {
  readonly kind: "branch";
  readonly id: number;
  readonly bits: number;
  readonly mask: number;
  readonly zero: Leaf | Branch;
  readonly one: Leaf | Branch;
}

export const NO_NAMES: NameSet = { kind: "none", id: 0 };

const leaves = createTable<Leaf>();
const branches = createTable<Branch>();
const unions = createTable<Leaf | Branch>();
let nextId = 1;

const bitsOf = (name: string): number => hashText(name) | 0;

/** The set of one name. */
export const nameSet = (name: string): NameSet => leaf(bitsOf(name), [name]);

function leaf(bits: number, names: readonly string[]): Leaf {
  const key = names.join(" ");
  return leaves.get(key) ?? leaves.set(key, { kind: "leaf", id: nextId++, bits, names });
}

/** Whether a name is in the set. */
export function hasName(set: NameSet, name: string): boolean {
  let at = set;
  if (at.kind === "branch") {
    const bits = bitsOf(name);
    while (at.kind === "branch") at = (bits & at.mask) === 0 ? at.zero : at.one;
  }
  return at.kind === "leaf" && at.names.includes(name);
}

/** The names, in an order of their own. */
export function namesIn(set: NameSet): readonly string[] {
  if (set.kind === "none") return [];
  return set.kind === "leaf" ? set.names : [...namesIn(set.zero), ...namesIn(set.one)];
}

/** The union; one of the sets themselves where that is all. */
export function unionNames(sets: readonly NameSet[]): NameSet {
  let all: NameSet = NO_NAMES;
  for (const s of sets) if (s !== all && s.kind !== "none") all = all.kind === "none" ? s : union(all, s);
  return all;
}

function union(a: Leaf | Branch, b: Leaf | Branch): Leaf | Branch {
  if (a === b) return a;
  if (a.kind === "leaf") return b.kind === "leaf" && a.bits === b.bits ? leaf(a.bits, merged(a.names, b.names)) : insert(b, a);
  if (b.kind === "leaf") return insert(a, b);
  if (a.mask !== b.mask) return a.mask >>> 0 > b.mask >>> 0 ? insert(a, b) : insert(b, a);
  if (a.bits !== b.bits) return join(a, b);
  const key = a.id < b.id ? `${a.id},${b.id}` : `${b.id},${a.id}`;
  return unions.get(key) ?? unions.set(key, branch(union(a.zero, b.zero), union(a.one, b.one), a));
}

const merged = (a: readonly string[], b: readonly string[]): string[] => [...new Set([...a, ...b])].sort();

/** A set put into a longer one, or beside it. */
function insert(into: Leaf | Branch, set: Leaf | Branch): Leaf | Branch {
  if (into.kind === "leaf" || above(set.bits, into.mask) !== into.bits) return join(into, set);
  return (set.bits & into.mask) === 0 ? branch(union(into.zero, set), into.one, into) : branch(into.zero, union(into.one, set), into);
}

/** The bits above the one of a mask. */
const above = (bits: number, mask: number): number => bits & ~(mask | (mask - 1));

/** Two sets that differ in a bit above their own. */
function join(a: Leaf | Branch, b: Leaf | Branch): Branch {
  const mask = 1 << (31 - Math.clz32(a.bits ^ b.bits));
  return (a.bits & mask) === 0 ? branch(a, b, { bits: above(a.bits, mask), mask }) : branch(b, a, { bits: above(a.bits, mask), mask });
}

function branch(zero: Leaf | Branch, one: Leaf | Branch, { bits, mask }: Pick<Branch, "bits" | "mask">): Branch {
  const key = `${zero.id},${one.id}`;
  return branches.get(key) ?? branches.set(key, { kind: "branch", id: nextId++, bits, mask, zero, one });
}

/** The least value of the names in a set; `known` keeps what is computed for shared parts. */
export function leastOf(set: NameSet, value: (name: string) => number, known: Map<NameSet, number>): number {
  if (set.kind === "none") return Number.MAX_SAFE_INTEGER;
  if (set.kind === "leaf") return Math.min(...set.names.map(value));
  let least = known.get(set);
  if (least === undefined) {
    least = Math.min(leastOf(set.zero, value, known), leastOf(set.one, value, known));
    known.set(set, least);
  }
  return least;
}
