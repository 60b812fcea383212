// The state of one reading back: what is known of functions, the user's own order of
// names, and what has been read already.

import type { FunctionInfo } from "../../expr/functions.ts";
import type { Base, Tensor } from "../tensor.ts";
import type { Reading } from "./reading.ts";

export interface Reader {
  readonly find: (name: string) => FunctionInfo | undefined;
  /** Position of a name in what the user wrote; ties between equal forms follow it. */
  readonly rank: ReadonlyMap<string, number>;
  readonly tensors: Map<Tensor, Reading | undefined>;
  readonly bases: Map<Base, Reading | undefined>;
  /** Reads a tensor of up to two axes; set once by src/tensor/read/notation.ts. */
  read: (tensor: Tensor) => Reading | undefined;
}

export const createReader = (find: (name: string) => FunctionInfo | undefined, names: readonly string[] = []): Reader => ({
  find,
  rank: new Map(names.map((n, i) => [n, i])),
  tensors: new Map(),
  bases: new Map(),
  read: () => undefined,
});

/** Rank of the first name of the user that occurs; constants come first. */
export function rankOf(reader: Reader, names: ReadonlySet<string>): number {
  let best = names.size === 0 ? -1 : Number.MAX_SAFE_INTEGER;
  for (const n of names) best = Math.min(best, reader.rank.get(n) ?? 1e6);
  return best;
}
