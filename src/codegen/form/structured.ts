// A matrix of many zeros or repetitions as what is known of it: the factors of a Kronecker
// product, the blocks of a block-diagonal matrix, a diagonal. Nothing is placed, so time and
// memory are those of what differs.
//
// Not here: who asks for it (src/library/code/program.ts).

import * as Q from "../../base/rational.ts";
import { product } from "./elementwise.ts";
import type { Form, Forms } from "./form.ts";
import { blocksIn } from "./khatriRao.ts";

/** A matrix as the parts that it is made of. */
export interface Structured {
  /** The parts, each with what its name ends in. */
  readonly parts: readonly { readonly suffix: string; readonly form: Form }[];
  /** The whole in terms of the parts, whose names begin with `name`. */
  readonly relation: (name: string) => string;
}

/** The structure of a form; undefined where it is dense. */
export function structureOf(forms: Forms, form: Form): Structured | undefined {
  const { coefficient, factors } = form.kind === "product" ? form : { coefficient: Q.ONE, factors: [{ form, exponent: Q.ONE }] };
  const [core, ...more] = factors.filter((f) => f.form.axes.length > 0);
  if (core === undefined || more.length > 0 || !Q.isOne(core.exponent)) return undefined;
  const numbers = factors.filter((f) => f !== core);
  const scaled = (part: Form): Form => product(forms, coefficient, [...numbers, { form: part, exponent: Q.ONE }], part.axes);
  const whole = core.form;
  if (whole.kind === "diag")
    return { parts: [{ suffix: "diagonal", form: scaled(whole.of) }], relation: (name) => `diag(${name}_diagonal)` };
  if (whole.kind === "kron") {
    const { left, right } = whole;
    const size = (f: Form): string => f.axes[0]?.key ?? "";
    if (right.kind === "eye")
      return { parts: [{ suffix: "core", form: scaled(left) }], relation: (name) => `kron(${name}_core, eye(${size(right)}))` };
    if (left.kind === "eye")
      return { parts: [{ suffix: "core", form: scaled(right) }], relation: (name) => `kron(eye(${size(left)}), ${name}_core)` };
    return {
      parts: [
        { suffix: "left", form: left },
        { suffix: "right", form: scaled(right) },
      ],
      relation: (name) => `kron(${name}_left, ${name}_right)`,
    };
  }
  const blocks = blocksIn(whole);
  if (blocks === undefined) return undefined;
  const { fn, rows, size } = blocks;
  const k = size.kind === "size" ? size.dim.key : "";
  const place = (name: string): string => `block i, which is row i of ${name}_blocks in ${k} rows`;
  return {
    parts: [{ suffix: "blocks", form: scaled(rows) }],
    relation: (name) =>
      fn === "blocksright" ? `the sum over i of kron(${place(name)}, e_i*e_i')` : `the sum over i of kron(e_i*e_i', ${place(name)})`,
  };
}
