// The table in which the forms of one plan are interned.
//
// Invariant: equal forms are the same object, and their ids follow the order of construction.

import { format } from "../../base/rational.ts";
import { indexKey } from "../../expr/expr.ts";
import { type Form, type Forms, type Operand, partsOf, type Unfinished } from "./form.ts";
import { STABLE } from "./stable.ts";
import { isOwnTranspose } from "./symmetric.ts";

/** An empty table. */
export function createForms(): Forms {
  const table = new Map<string, Form>();
  return {
    claimed: new Set(),
    stable: STABLE,
    make(form) {
      const key = `${form.kind}(${ownKey(form)})${form.axes.map((d) => d.key).join("×")}`;
      const known = table.get(key);
      if (known !== undefined) return known;
      const made = { ...form, id: table.size, open: openOf(form), symmetric: isOwnTranspose(form) } as Form;
      table.set(key, made);
      return made;
    },
  };
}

function openOf(form: Unfinished): ReadonlySet<string> {
  const own = form.kind === "entry" ? form.at.flatMap((i) => (i.kind === "bound" ? [i.name] : [])) : [];
  const parts = partsOf(form as Form).filter((p) => p.open.size > 0);
  if (own.length === 0 && parts.length === 0) return NONE;
  const all = new Set([...own, ...parts.flatMap((p) => [...p.open])]);
  if (form.kind === "loop") all.delete(form.index);
  return all;
}

const NONE: ReadonlySet<string> = new Set();

/** Functions of which the arguments may change places. */
const SYMMETRIC: ReadonlySet<string> = new Set(["max", "min", "hypot"]);

const inAnyOrder = (fn: string, args: string[]): string[] => (SYMMETRIC.has(fn) ? args.sort() : args);

/** What a form is apart from its axes, its place in the table and the forms it is made of. */
function ownKey(form: Unfinished): string {
  const at = (o: Operand): string => `${o.form.id}${o.axis === undefined ? "" : `@${o.axis}`}`;
  switch (form.kind) {
    case "number":
      return format(form.value);
    case "constant":
      return form.name;
    case "input":
      return form.name;
    case "size":
      return form.dim.key;
    case "unit":
      return form.at.key;
    case "product":
      return `${format(form.coefficient)}|${form.factors.map((f) => `${at(f)}^${format(f.exponent)}`).join(",")}`;
    case "sum":
      return `${format(form.constant)}|${form.terms.map((t) => `${format(t.coefficient)}*${at(t)}`).join(",")}`;
    case "map":
      return `${form.fn}|${inAnyOrder(form.fn, form.args.map(at)).join(",")}`;
    case "chain":
      return `${form.items.map((i) => `${i.form.id}${i.kind === "diag" ? "d" : i.turned ? "t" : ""}`).join(",")}|${form.right?.id ?? ""}`;
    case "reduce":
      return `${form.fn}|${form.over}|${form.of.id}`;
    case "lift":
      return `${form.axis}|${form.of.id}`;
    case "concat":
      return `${form.axis}|${form.parts.map((p) => p.id).join(",")}`;
    case "shuffle":
      return `${form.axis}|${form.outer.key}|${form.inner.key}|${form.of.id}`;
    case "entry":
      return `${form.of.id}|${form.at.map(indexKey).join(",")}`;
    case "loop":
      return `${form.index}|${form.range.key}|${form.of.id}`;
    case "kron":
      return `${form.left.id}|${form.right.id}`;
    case "call":
      return `${form.fn}|${form.args.map((a) => a.id).join(",")}`;
    case "eye":
      return "";
    default:
      return `${form.of.id}`;
  }
}
