// Which variables occur in a value. A few names are a plain set; many are a node that shares
// the sets of its parts, so that a network with a thousand weights has no set of a thousand
// names for each of its layers.
//
// Invariant: `has` visits a shared part once for a name, without recursion.

/** Names of variables: asked for one by one, or all of them. */
export interface NameSet extends Iterable<string> {
  has(name: string): boolean;
  /** The sets it is made of; none for a plain set. */
  readonly parts?: readonly NameSet[];
}

/** Sets up to this size are copied rather than shared. */
const FEW = 12;

export const NO_NAMES: NameSet = new Set<string>();

const isPlain = (s: NameSet): s is NameSet & ReadonlySet<string> => s.parts === undefined;

/** The union; one of the sets themselves where that is all. */
export function unionNames(sets: readonly NameSet[]): NameSet {
  const distinct = [...new Set(sets)].filter((s) => !isPlain(s) || s.size > 0);
  const [first, ...others] = distinct;
  if (first === undefined) return NO_NAMES;
  if (others.length === 0) return first;
  // What the largest holds already adds nothing.
  const largest = distinct.reduce((a, b) => (!isPlain(a) ? a : !isPlain(b) || b.size > a.size ? b : a));
  const more = distinct.filter((s) => s !== largest && !(isPlain(s) && [...s].every((n) => largest.has(n))));
  if (more.length === 0) return largest;
  const all = [largest, ...more];
  const plain = new Set(all.flatMap((s) => (isPlain(s) ? [...s] : [])));
  if (all.every(isPlain) && plain.size <= FEW) return plain;
  return shared(all);
}

function shared(parts: readonly NameSet[]): NameSet {
  const answers = new Map<string, boolean>();
  const set: NameSet & { readonly answers: Map<string, boolean> } = {
    parts,
    answers,
    has: (name) => answers.get(name) ?? search(set, name),
    *[Symbol.iterator]() {
      const seen = new Set<NameSet>([set]);
      const names = new Set<string>();
      for (const s of seen) {
        if (isPlain(s)) for (const n of s) names.add(n);
        else for (const p of s.parts ?? []) seen.add(p);
      }
      yield* names;
    },
  };
  return set;
}

type Shared = NameSet & { readonly parts: readonly NameSet[]; readonly answers: Map<string, boolean> };

function search(root: NameSet, name: string): boolean {
  const answerOf = (s: NameSet): boolean | undefined => (isPlain(s) ? s.has(name) : (s as Shared).answers.get(name));
  const stack: NameSet[] = [root];
  while (stack.length > 0) {
    const top = stack[stack.length - 1] as Shared;
    const answers = top.parts.map(answerOf);
    const open = top.parts.filter((_, i) => answers[i] === undefined);
    if (answers.includes(true)) top.answers.set(name, true);
    else if (open.length === 0) top.answers.set(name, false);
    else {
      stack.push(...open);
      continue;
    }
    stack.pop();
  }
  return answerOf(root) === true;
}

/** The least value of the names in a set; `known` keeps what is computed for shared parts. */
export function leastOf(root: NameSet, value: (name: string) => number, known: Map<NameSet, number>): number {
  const stack: NameSet[] = [root];
  while (stack.length > 0) {
    const top = stack[stack.length - 1] as NameSet;
    const open = (top.parts ?? []).filter((p) => !known.has(p));
    if (open.length > 0) {
      stack.push(...open);
      continue;
    }
    stack.pop();
    if (known.has(top)) continue;
    let least = Number.MAX_SAFE_INTEGER;
    if (top.parts === undefined) for (const n of top) least = Math.min(least, value(n));
    else for (const p of top.parts) least = Math.min(least, known.get(p) as number);
    known.set(top, least);
  }
  return known.get(root) as number;
}
