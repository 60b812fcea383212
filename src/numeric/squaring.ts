// Powers of whatever has a product, by repeated squaring.

/** base^k for a whole k ≥ 0; `one` is what a product leaves as it is. */
export function bySquaring<T>(base: T, k: number, one: T, times: (a: T, b: T) => T): T {
  let square = base;
  let result = one;
  for (let rest = k; rest > 0; ) {
    if (rest % 2 === 1) result = times(result, square);
    rest = Math.floor(rest / 2);
    if (rest > 0) square = times(square, square);
  }
  return result;
}
