// Matrices, vectors and numbers put under or beside each other.

import { isOneDim } from "../../expr/dim.ts";
import type { Shape } from "../../expr/shape.ts";
import { axesOf, type Form, type Forms } from "./form.ts";

/** Parts of the given shapes in a row, under each other for axis 0. */
export function stack(forms: Forms, parts: readonly Form[], shapes: readonly Shape[], shape: Shape, axis: 0 | 1): Form {
  if (parts.length === 1) return parts[0] as Form;
  const axes = axesOf(shape);
  const rank = axes.length as 1 | 2;
  const lifted = parts.map((f, i) => (f.axes.length === rank ? f : lift(forms, f, shapes[i] as Shape, rank)));
  return forms.make({ kind: "concat", axis: rank === 1 ? 0 : axis, parts: lifted, axes });
}

function lift(forms: Forms, form: Form, { rows, cols }: Shape, rank: 1 | 2): Form {
  if (rank === 1) return forms.make({ kind: "lift", axis: 0, of: form, axes: [rows] });
  const vector = form.axes.length === 0 ? forms.make({ kind: "lift", axis: 0, of: form, axes: [cols] }) : form;
  return forms.make({ kind: "lift", axis: isOneDim(rows) ? 0 : 1, of: vector, axes: [rows, cols] });
}
