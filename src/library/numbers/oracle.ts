// The numeric oracle, loaded on first use so that nothing else pays for it.
//
// Invariant: there is one oracle in a process. Not here: what it computes (src/numeric).

import type { Numeric } from "../../numeric/numeric.ts";

let loading: Promise<Numeric> | undefined;

/** The oracle; later calls give the same one. */
export function loadOracle(): Promise<Numeric> {
  loading ??= import("../../numeric/numeric.ts").then((m) => m.loadNumeric());
  return loading;
}
