// What a schedule reads off forms before it orders work: which inverses are needed entry by
// entry.

import { type Form, partsOf } from "../form/form.ts";

/** Inverses whose entries are needed: used by anything but a product, or by many products. */
export function denseInverses(all: readonly Form[], roots: readonly Form[]): ReadonlySet<Form> {
  const out = new Set<Form>(roots.filter((f) => f.kind === "inverse"));
  const met = new Map<Form, number>();
  for (const form of all) {
    for (const part of partsOf(form)) if (part.kind === "inverse" && form.kind !== "chain") out.add(part);
    if (form.kind !== "chain") continue;
    for (const i of form.items)
      if (i.form.kind === "inverse") {
        const more = form.right === undefined && form.items.length > 1 ? 1 : 1 / 3;
        met.set(i.form, (met.get(i.form) ?? 0) + more);
        // Between two inverses neither side is a value to solve with.
        if (form.right === undefined && form.items.every((o) => o.form.kind === "inverse")) out.add(i.form);
      }
  }
  for (const [form, uses] of met) if (uses >= 2) out.add(form);
  return out;
}
