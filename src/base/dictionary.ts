// Tables that are asked for names which people write. `constructor` is a row of theirs only
// where it stands among the rows, and not because every object of JavaScript has it.

/** A table with the given rows and nothing else. */
export const dictionary = <T>(rows: Readonly<Record<string, T>>): Readonly<Partial<Record<string, T>>> =>
  Object.assign(Object.create(null), rows);
