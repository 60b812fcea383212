// The numeric oracle, loaded on first use so that nothing else pays for it, and the
// definitions of a rule library as evaluation takes them.

import type { Numeric } from "../numeric/numeric.ts";
import type { Definitions } from "../numeric/program.ts";
import type { Library } from "../rewrite/library.ts";

let loading: Promise<Numeric> | undefined;

/** The oracle; later calls give the same one. */
export function loadOracle(): Promise<Numeric> {
  loading ??= import("../numeric/numeric.ts").then((m) => m.loadNumeric());
  return loading;
}

/** Bodies of the functions that a library defines through others. */
export const definitionsOf =
  (library: Library): Definitions =>
  (name) => {
    const found = library.definition(name);
    return found === undefined ? undefined : { params: found.parameters, body: found.body };
  };
