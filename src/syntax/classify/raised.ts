// Marks raised with ^: ^{⊤}, ^{-⊤} and ^-⊤ are ⊤ and ⁻ᵀ behind what they turn, ^+ and ^{+} are ⁺. Before a number the
// + is the sign of an exponent.
//
// Not here: T, which may be a number as well (src/elaborate/terms/operators.ts).

/** Makes a ^ at a position and the mark behind it one token of the mark's type, where there is one. */
export function markRaised(types: string[], at: number): void {
  const isBraced = types[at + 1] === "lbrace";
  const from = isBraced ? at + 2 : at + 1;
  const mark = markAt(types, from);
  if (mark === undefined) return;
  const end = from + mark.length;
  if (isBraced ? types[end] !== "rbrace" : mark.type === "pseudoinverse" && types[end] === "number") return;
  const last = isBraced ? end : end - 1;
  types.fill("skipped", at, last);
  types[last] = mark.type;
}

function markAt(types: readonly string[], at: number): { readonly type: string; readonly length: number } | undefined {
  if (types[at] === "transpose") return { type: "transpose", length: 1 };
  if (types[at] === "plus") return { type: "pseudoinverse", length: 1 };
  return types[at] === "minus" && types[at + 1] === "transpose" ? { type: "inverseTranspose", length: 2 } : undefined;
}
