// Conjugate brackets multiplied out: (1 + x)(1 − x) as 1 − x², √(1 + x) √(1 − x) as √(1 − x²), and so
// below a fraction line. Candidates for reading only; brackets on two sides of the line stay apart.
//
// Invariant: an equal tensor wherever both brackets are positive, where their roots are asked for.

import { absolute, compare, HALF, isInteger, sign, subtract } from "../../base/rational.ts";
import { addTensors, negateTensor, scaleTensor } from "../form/algebra.ts";
import { slotsText } from "../form/canonical.ts";
import { draftOf, multiplyInto } from "../form/draft.ts";
import { exponentOf, type Factor, internTensor, type Tensor, type Term } from "../form/tensor.ts";
import { powerTensor } from "../product/power.ts";
import { product } from "../product/product.ts";

/** The tensor with a pair of conjugate brackets in a term as one; none where there is no such pair. */
export function conjugated(tensor: Tensor): Tensor[] {
  let changed = false;
  const parts = tensor.terms.map((term) => {
    const pair = pairIn(term);
    if (pair === undefined) return internTensor(tensor.axes, [term]);
    changed = true;
    return joined(tensor, term, pair);
  });
  return changed ? [addTensors(tensor.axes, parts)] : [];
}

/** Two brackets a + b and a − b, and a² − b². */
interface Pair {
  readonly first: Factor;
  readonly second: Factor;
  readonly product: Tensor;
}

const bracketOf = (f: Factor): Tensor | undefined =>
  f.base.kind === "sum" && f.exponent.symbolic === undefined && f.base.tensor.terms.length === 2 ? f.base.tensor : undefined;

function pairIn(term: Term): Pair | undefined {
  for (const [i, first] of term.factors.entries()) {
    const a = bracketOf(first);
    if (a === undefined) continue;
    for (const second of term.factors.slice(i + 1)) {
      const b = bracketOf(second);
      if (b === undefined || slotsText(first.slots) !== slotsText(second.slots)) continue;
      const [p, q] = [first.exponent.rational, second.exponent.rational];
      // √(1 + x) (1 − x) has values where 1 − x² has no root.
      if (sign(p) !== sign(q) || isInteger(p) !== isInteger(q)) continue;
      const both = scaleTensor(addTensors(a.axes, [a, b]), HALF);
      const apart = scaleTensor(addTensors(a.axes, [a, negateTensor(b)]), HALF);
      if (both.terms.length !== 1 || apart.terms.length !== 1) continue;
      const two = exponentOf({ n: 2n, d: 1n });
      return { first, second, product: addTensors(a.axes, [powerTensor(both, two), negateTensor(powerTensor(apart, two))]) };
    }
  }
  return undefined;
}

/** The term with the lower of the two powers taken of the product. */
function joined(tensor: Tensor, term: Term, { first, second, product: both }: Pair): Tensor {
  const [p, q] = [first.exponent.rational, second.exponent.rational];
  const common = compare(absolute(p), absolute(q)) < 0 ? p : q;
  const left = [first, second].flatMap((f) => {
    const rest = subtract(f.exponent.rational, common);
    return rest.n === 0n ? [] : [{ ...f, exponent: exponentOf(rest) }];
  });
  const others = term.factors.filter((f) => f !== first && f !== second);
  const draft = draftOf(tensor.axes, { ...term, factors: [...others, ...left] });
  multiplyInto(draft, powerTensor(both, exponentOf(common)), first.slots);
  return product(draft);
}
