// Products of arrays over labels, summed over the labels that do not remain. Each label is summed
// where only its own factors stand, the one that leaves the smallest array first.
//
// Invariant: nothing is computed over more labels than the factors of one summed label have, or
// the result. A product is followed no further once a factor is zero.

/** An array of any number of axes, the first running fastest, with the label of each axis. */
export interface Labelled {
  readonly labels: readonly number[];
  readonly data: Float64Array;
}

/** The sum of products over all labels but those kept, which are the axes of the result; `sizes` are by label. */
export function contract(factors: readonly Labelled[], kept: readonly number[], sizes: readonly number[]): Float64Array {
  let left = [...factors];
  const waiting = new Set(factors.flatMap((f) => f.labels));
  for (const label of kept) waiting.delete(label);
  while (waiting.size > 0) {
    const cost = (label: number): number => sizeOver(unionOf(withLabel(left, label)), sizes);
    const label = [...waiting].reduce((best, l) => (cost(l) < cost(best) ? l : best));
    waiting.delete(label);
    const inner = withLabel(left, label);
    const labels = unionOf(inner).filter((l) => l !== label);
    left = [...left.filter((f) => !inner.includes(f)), { labels, data: multiplied(inner, labels, [label], sizes) }];
  }
  return multiplied(left, kept, [], sizes);
}

const withLabel = (factors: readonly Labelled[], label: number): Labelled[] => factors.filter((f) => f.labels.includes(label));
const unionOf = (factors: readonly Labelled[]): number[] => [...new Set(factors.flatMap((f) => f.labels))];
const sizeOver = (labels: readonly number[], sizes: readonly number[]): number => labels.reduce((n, l) => n * (sizes[l] as number), 1);

/** The product over the labels kept and summed, by one loop over all their positions. */
function multiplied(
  factors: readonly Labelled[],
  kept: readonly number[],
  summed: readonly number[],
  sizes: readonly number[],
): Float64Array {
  const labels = [...summed, ...kept];
  const counts = labels.map((l) => sizes[l] as number);
  const steps = labels.map((l) => factors.map((f) => stepOf(f, l, sizes)));
  const at = labels.map(() => 0);
  const places = factors.map(() => 0);
  const move = (by: readonly number[], times: number): void => {
    for (let f = 0; f < places.length; f++) places[f] = (places[f] as number) + (by[f] as number) * times;
  };
  const advance = (): void => {
    for (let l = 0; l < labels.length; l++) {
      at[l] = (at[l] as number) + 1;
      move(steps[l] as number[], 1);
      if ((at[l] as number) < (counts[l] as number)) return;
      at[l] = 0;
      move(steps[l] as number[], -(counts[l] as number));
    }
  };
  const out = new Float64Array(sizeOver(kept, sizes));
  const each = sizeOver(summed, sizes);
  for (let k = 0; k < out.length; k++) {
    let total = 0;
    for (let s = 0; s < each; s++, advance()) {
      let value = 1;
      for (let f = 0; f < factors.length && value !== 0; f++) value *= (factors[f] as Labelled).data[places[f] as number] as number;
      total += value;
    }
    out[k] = total;
  }
  return out;
}

/** How far a factor is from one position of a label to the next; on a diagonal along all its axes. */
function stepOf({ labels }: Labelled, label: number, sizes: readonly number[]): number {
  let size = 1;
  let step = 0;
  for (const own of labels) {
    if (own === label) step += size;
    size *= sizes[own] as number;
  }
  return step;
}
