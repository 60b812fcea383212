// Numbers in sentences: as few digits as say what is meant, and one thing or several.

/** Digits that are shown where nothing asks for more, and those that a double has at most. */
const FEWEST = 6;
const MOST = 17;

/** A number with so many digits, without zeros behind. */
export const numeral = (x: number, digits: number = FEWEST): string => String(Number(x.toPrecision(digits)));

/** How many digits tell two numbers apart. */
export function digitsApart(a: number, b: number): number {
  let digits = FEWEST;
  while (digits < MOST && numeral(a, digits) === numeral(b, digits)) digits++;
  return digits;
}

/** 1 formula, 2 formulas. */
export const plural = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;
