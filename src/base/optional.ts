// Objects with members that may be missing: absent and undefined are two things to the type checker.

/** Members that are there only where they have a value. */
export const optional = <T extends object>(members: T): { readonly [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    readonly [K in keyof T]?: Exclude<T[K], undefined>;
  };
