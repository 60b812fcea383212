// The order of names that ties between equally long forms follow.
//
// Invariant: every name has its place, in the tape or behind it as the user wrote them.

import { type Expr, type Variable, variables } from "../../expr/expr.ts";
import type { Tape } from "./introduce.ts";

/** Every name before the names it stands for, so that shorter forms keep the order of the equations. */
export function namesInOrder(tape: Tape, names: readonly string[]): string[] {
  const bodies = new Map<Expr, Expr>(tape.nodes.map((n) => [n.variable, n.body]));
  const out = new Set<string>();
  const open: Variable[] = [tape.root.variable];
  while (open.length > 0) {
    const v = open.pop() as Variable;
    if (out.has(v.name)) continue;
    const body = bodies.get(v);
    out.add(v.name);
    if (body !== undefined) open.push(...variables(body).reverse());
  }
  for (const name of names) out.add(name);
  return [...out];
}
