// Values that are made when they are first asked for.

/** A value made when it is first asked for; whoever asks while it is made is given what it is `meanwhile`. */
export function lazily<T>(make: () => T, meanwhile?: T): () => T {
  let known: { readonly value: T } | undefined;
  return () => {
    if (known === undefined) {
      if (meanwhile !== undefined) known = { value: meanwhile };
      known = { value: make() };
    }
    return known.value;
  };
}
