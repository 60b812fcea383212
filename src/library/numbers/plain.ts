// What a check found, as plain data: no term and no matrix is left in it.
//
// Not here: how something is checked (src/check) and what is asked (verify.ts).

import { optional } from "../../base/optional.ts";
import type { Verdict } from "../../check/compare.ts";
import { plain } from "./data.ts";
import type { Checked } from "./verify.ts";

/** A verdict as plain data, its witness with the values to compute it again. */
export function plainVerdict(verdict: Verdict): Checked {
  const { ok, points, worst, seed, reason, witness } = verdict;
  return {
    ok: true,
    verdict: ok === undefined ? "not checked" : ok ? "agrees" : "differs",
    points,
    worst,
    seed,
    ...optional({ reason: reason?.replace(/^not checked: /, "") }),
    ...(witness === undefined
      ? {}
      : {
          witness: {
            row: witness.row,
            col: witness.col,
            expected: witness.expected,
            claimed: witness.claimed,
            sizes: Object.fromEntries(witness.point.sizes),
            at: Object.fromEntries([...witness.point.values].map(([name, value]) => [name, plain(value)])),
          },
        }),
  };
}
