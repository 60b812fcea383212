// What a program is called with, as the arrays that it works on: numbers, vectors and matrices
// of the sizes that belong together, and the sizes themselves where they are read off arrays.
//
// Invariant: an argument of another kind or length is an Error that names it, never a NaN; row-major
// Float64Arrays are taken as they are. The text of these functions stands beside generated code.

/** The argument, a number. */
export function numberGiven(a: unknown, name: string): number {
  if (typeof a !== "number") throw new TypeError(`${name} is a number: ${kindGiven(a)} is given`);
  return a;
}

/** The entries of a vector of n. */
export function vectorGiven(a: unknown, name: string, n: number): Float64Array {
  const entries = a instanceof Float64Array ? a : entriesGiven(a, name);
  if (entries.length !== n) throw new RangeError(`${name} has ${entries.length} entries where ${n} belong to the other arguments`);
  return entries;
}

/** The entries of an m×n matrix, row by row. */
export function matrixGiven(a: unknown, name: string, m: number, n: number): Float64Array {
  const fits = Number.isInteger(m) && Number.isInteger(n);
  if (fits && a instanceof Float64Array && a.length === m * n) return a;
  const entries = entriesGiven(a, name);
  const widths = Array.isArray(a) && Array.isArray(a[0]) ? a.map((row) => row.length as number) : undefined;
  if (fits && (widths === undefined ? entries.length === m * n : widths.length === m && widths.every((w) => w === n))) return entries;
  throw new RangeError(
    `${name} has ${widths === undefined ? `${entries.length} entries` : shapeGiven(widths)} where ${m} × ${n} belongs to the other arguments`,
  );
}

/** The shape of rows of the given lengths. */
export function shapeGiven(widths: readonly number[]): string {
  const [least, most] = [Math.min(...widths), Math.max(...widths)];
  return `${widths.length} × ${least === most ? least : `${least} to ${most}`}`;
}

/** The length of a vector. */
export function lengthGiven(a: unknown, name: string): number {
  if (a instanceof Float64Array) return a.length;
  return Array.isArray(a) && !Array.isArray(a[0]) ? a.length : entriesGiven(a, name).length;
}

/** The rows of a matrix: of its rows, or of its entries where it has that many columns. */
export function rowsGiven(a: unknown, name: string, columns?: number): number {
  return Array.isArray(a) && Array.isArray(a[0]) ? a.length : partGiven(a, name, columns);
}

/** The columns of a matrix. */
export function columnsGiven(a: unknown, name: string, rows?: number): number {
  return Array.isArray(a) && Array.isArray(a[0]) ? (a[0].length as number) : partGiven(a, name, rows);
}

/** One side of a flat matrix, of which the other is known. */
export function partGiven(a: unknown, name: string, other: number | undefined): number {
  const length = lengthGiven(a, name);
  if (other === undefined)
    throw new TypeError(
      `${name} has ${length} entries, and nothing says how many of them are a row: give it as rows, or its sizes behind the arguments`,
    );
  return length / other;
}

/** The side of a square matrix. */
export function sideGiven(a: unknown, name: string): number {
  return Array.isArray(a) && Array.isArray(a[0]) ? a.length : Math.sqrt(lengthGiven(a, name));
}

/** A size that follows from no argument. */
export function sizeGiven(sizes: Readonly<Record<string, unknown>>, name: string): number {
  const n = sizes[name];
  if (typeof n !== "number" || !Number.isInteger(n) || n < 1)
    throw new TypeError(`the size ${name} is stated as { ${name}: … } behind the other arguments`);
  return n;
}

/** An array's entries one after the other. */
export function entriesGiven(a: unknown, name: string): Float64Array {
  if (a instanceof Float64Array) return a;
  if (!Array.isArray(a) && !ArrayBuffer.isView(a)) throw new TypeError(`${name} is an array: ${kindGiven(a)} is given`);
  return Float64Array.from((Array.isArray(a) && Array.isArray(a[0]) ? a.flat() : a) as ArrayLike<number>);
}

/** What a wrong argument is called. */
export function kindGiven(a: unknown): string {
  if (a === undefined || a === null) return "nothing";
  return typeof a === "object" ? (Array.isArray(a) || ArrayBuffer.isView(a) ? "an array" : "an object") : `a ${typeof a}`;
}
