// The numeric oracle, loaded on first use so that nothing else pays for it.

import type { Numeric } from "../numeric/numeric.ts";

let loading: Promise<Numeric> | undefined;

/** The oracle; later calls give the same one. */
export function loadOracle(): Promise<Numeric> {
  loading ??= import("../numeric/numeric.ts").then((m) => m.loadNumeric());
  return loading;
}
