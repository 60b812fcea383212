// Orders: of texts, and of things of which some need or depend on others.

/** The order of two texts by their characters. */
export const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * The places of things, each behind those that it needs, and else as they stand; undefined where some need each other in
 * a circle. `needs` holds for every thing the places of those that it needs.
 */
export function orderOf(needs: readonly (readonly number[])[]): number[] | undefined {
  const out: number[] = [];
  const state = new Map<number, "open" | "done">();
  for (const first of needs.keys()) {
    const stack = [first];
    for (let at = stack.at(-1); at !== undefined; at = stack.at(-1)) {
      const waiting = (needs[at] as readonly number[]).filter((place) => state.get(place) !== "done");
      if (state.get(at) === "done") stack.pop();
      else if (waiting.length === 0) {
        state.set(at, "done");
        out.push(at);
      } else if (state.get(at) === "open") return undefined;
      else {
        state.set(at, "open");
        for (const place of waiting) stack.push(place);
      }
    }
  }
  return out;
}

/** Whether a name depends on another, given what each depends on at once. */
export function reaches(from: string, to: string, below: ReadonlyMap<string, Iterable<string>>): boolean {
  const open = [...(below.get(from) ?? [])];
  const seen = new Set(open);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (name === to) return true;
    for (const next of below.get(name) ?? [])
      if (!seen.has(next)) {
        seen.add(next);
        open.push(next);
      }
  }
  return false;
}
