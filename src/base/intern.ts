// Interning: equal terms are the same object, so that equality is `===`.
//
// A table is a cache keyed by the full structure of a term. Orders and hashes are
// computed from content, never from insertion, so no result depends on what was
// asked before. Between calls the tables may be emptied (`trimTables`); a term that
// outlives that is re-interned at the entry of the next call.

/** Terms of one kind by their structure. */
export interface InternTable<T> {
  get(key: string): T | undefined;
  set(key: string, value: T): T;
}

/** Terms of one kind by a hash of their structure, for those whose text would be long: who asks tells the meant one from others of its hash. */
export interface HashTable<T> {
  find(hash: number, isMeant: (known: T) => boolean): T | undefined;
  add(hash: number, value: T): T;
}

const tables: Pick<Map<unknown, unknown>, "size" | "clear">[] = [];

/** An empty table, which `trimTables` empties again. */
export function createTable<T>(): InternTable<T> {
  const map = new Map<string, T>();
  tables.push(map);
  return {
    get: (key) => map.get(key),
    set: (key, value) => {
      map.set(key, value);
      return value;
    },
  };
}

/** An empty table by hashes, which `trimTables` empties again. */
export function createHashTable<T>(): HashTable<T> {
  const map = new Map<number, T[]>();
  tables.push(map);
  // Small integers are the fastest keys.
  const keyOf = (hash: number): number => hash & 0x3fffffff;
  return {
    find: (hash, isMeant) => {
      const known = map.get(keyOf(hash));
      if (known === undefined) return undefined;
      for (const one of known) if (isMeant(one)) return one;
      return undefined;
    },
    add: (hash, value) => {
      const known = map.get(keyOf(hash));
      if (known === undefined) map.set(keyOf(hash), [value]);
      else known.push(value);
      return value;
    },
  };
}

let epoch = 0;

/** Counts how often the tables have been emptied: what is kept across calls is valid for one epoch. */
export const internEpoch = (): number => epoch;

/** What is made when first asked for, and again in each further epoch: for values with terms in them. */
export function perEpoch<T>(make: () => T): () => T {
  let known: { readonly value: T; readonly epoch: number } | undefined;
  return () => {
    if (known?.epoch !== epoch) known = { value: make(), epoch };
    return known.value;
  };
}

/** Terms kept before the caches are emptied: about 100 MB at the usual size of a term. */
const MOST_TERMS = 200_000;

/** Empties all tables if they hold more than `most` terms. Call only where no term is in flight. Returns whether it did. */
export function trimTables(most = MOST_TERMS): boolean {
  let size = 0;
  for (const t of tables) size += t.size;
  if (size <= most) return false;
  for (const t of tables) t.clear();
  epoch++;
  return true;
}
