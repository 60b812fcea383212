// Exceptions mean a defect of nabla itself; everything a user can cause is a diagnostic.

/** Closes a switch over a discriminated union: a forgotten case does not compile. */
export function assertNever(value: never): never {
  throw new Error(`unexpected ${JSON.stringify(value)}`);
}

/** States an invariant; a violation is a defect of nabla, not of the input. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`invariant violated: ${message}`);
}
