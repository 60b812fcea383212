// Names for what an answer introduces: indices, differentials, the value, named parts.
//
// Invariant: a name given here is none of those in use.

/** Letters for indices, in the order in which they are given out. */
export const INDEX_LETTERS = ["i", "j", "k", "l", "p", "q", "r", "s", "u", "v", "a", "b", "c", "g", "h"] as const;

/** Gives out letters that are not in use, then letters with numbers; what is given out is in use. */
export function freshNames(used: Set<string>, letters: readonly string[] = INDEX_LETTERS): () => string {
  let next = 0;
  return () => {
    for (;;) {
      const letter = letters[next % letters.length] as string;
      const round = Math.floor(next / letters.length);
      next++;
      const name = round === 0 ? letter : `${letter}${round}`;
      if (used.has(name)) continue;
      used.add(name);
      return name;
    }
  };
}

/** The first of the names that is not taken; with a number behind where all are. */
export function freeName(wanted: readonly string[], taken: ReadonlySet<string>): string {
  const free = wanted.find((name) => !taken.has(name));
  if (free !== undefined) return free;
  for (let i = 1; ; i++) {
    const name = `${wanted[0]}${i}`;
    if (!taken.has(name)) return name;
  }
}
