// Every function of the library at points where programs easily go wrong, with its values there.
//
// Invariant: a function that is added is met here without being named; points are chosen by the shapes and domains of arguments alone.

import { type Attribute, isAttribute, isBinding } from "../../src/expr/attributes.ts";
import type { FunctionInfo } from "../../src/expr/functions.ts";
import type { Shape } from "../../src/expr/shape.ts";
import { isColumnShape, isScalarShape, isSquareShape } from "../../src/expr/shape.ts";
import { type Data, evaluate, standardLibrary } from "../../src/index.ts";

/** A call of a function at one point; of an element-wise function at many. */
export interface Call {
  readonly name: string;
  readonly expr: string;
  readonly vars: Readonly<Record<string, readonly string[]>>;
  readonly attrs: Readonly<Record<string, readonly Attribute[]>>;
  readonly at: Readonly<Record<string, number | number[] | number[][]>>;
  /** Row-major entries of the value. */
  readonly expected: readonly number[];
  /** What an entry of the value is of. */
  readonly label: (entry: number) => string;
}

// biome-ignore format: a list is read in rows
const NUMBERS = [
  0, 1e-9, 0.3, 0.5, 1, 1.5, 2, 3.7, 30, 170, 800, -1e-9, -0.3, -0.5, -1, -1.5, -2, -3.7, -30, -170, -800,
];
const FEW = [0, 0.5, 1, 3, 800, -0.5, -1, -800];

// biome-ignore format: a table is read in rows
const VECTORS = [[0, 0, 0], [1, 2, 3], [-1, 2, 0.5], [2, 2, 1], [0.5, 0.5, 0], [800, -800, 0], [-1000, -1000, -1001], [1e-9, 0, 0]];
// biome-ignore format: a table is read in rows
const SQUARES = [
  [[0, 0], [0, 0]], [[1, 0], [0, 1]], [[2, 1], [1, 3]], [[0, 1], [1, 0]], [[0, 1], [0, 2]], [[0, 1], [0, 0]], [[1, 2], [2, 4]],
  [[-1, 0], [0, -1]], [[-2, 1], [1, -3]], [[1, 2], [3, -4]], [[0, -1], [1, 0]], [[1, 2, 3], [2, 4, 6], [3, 6, 9]],
  [[0, 1, 0], [0, 0, 1], [0, 0, 0]], [[4, 1, 0], [1, 3, 1], [0, 1, 2]], [[2]], [[-3]],
];
// biome-ignore format: a table is read in rows
const MATRICES = [
  [[0, 0, 0], [0, 0, 0]], [[1, 2, 3], [4, 5, 6]], [[1, 2], [2, 4], [3, 6]], [[1, 0], [0, 0], [0, -2]], [[2, 2, 1], [-800, 800, 0]],
];
const EXPONENTS = [1, 2, 3, 0.5, 0, -1, -2];

const NAMES = ["x", "y", "z"];

type Point = number | number[] | number[][];

function pointsFor(shape: Shape, place: number): readonly Point[] {
  if (isScalarShape(shape)) return place === 0 ? NUMBERS : EXPONENTS;
  return isColumnShape(shape) ? VECTORS : isSquareShape(shape) ? SQUARES : MATRICES;
}

/** Every pair of points, or every point. */
const combined = (lists: readonly (readonly Point[])[]): Point[][] =>
  lists.reduce<Point[][]>((all, list) => all.flatMap((front) => list.map((p) => [...front, p])), [[]]);

const axesText = (shape: Shape): string[] => [shape.rows, shape.cols].map((d) => d.key).filter((key) => key !== "1");

/** Whether axes of one name have one length. */
const fits = (shapes: readonly Shape[], point: readonly Point[]): boolean => {
  const sides = shapes.flatMap(({ rows, cols }, i) => {
    const [p, first] = [point[i], (point[i] as Point[] | undefined)?.[0]];
    return Array.isArray(p) && Array.isArray(first) ? [`${rows.key}=${p.length}`, `${cols.key}=${first.length}`] : [];
  });
  return new Set(sides).size === new Set(sides.map((side) => side.split("=")[0])).size;
};

const isOwnTranspose = (p: Point): boolean =>
  Array.isArray(p) && p.every((row, i) => Array.isArray(row) && row.every((x, j) => x === (p as number[][])[j]?.[i]));

/** What is declared of the arguments of a function that takes symmetric matrices alone. */
const attributesOf = ({ domains }: FunctionInfo): Call["attrs"] =>
  Object.fromEntries(domains.flatMap((d, i) => (isAttribute(d) && isBinding(d) ? [[NAMES[i] as string, [d]]] : [])));

async function callOf(info: FunctionInfo, vars: Call["vars"], at: Data, label: Call["label"]): Promise<Call> {
  const attrs = attributesOf(info);
  const expr = `${info.name}(${Object.keys(vars).join(", ")})`;
  const value = await evaluate({ expr, vars: vars as Record<string, string[]>, attrs: attrs as Record<string, Attribute[]>, at });
  if (!value.ok) throw new Error(`${expr}: ${value.diagnostics[0]?.message}`);
  return { name: info.name, expr, vars, attrs, at: at as Call["at"], expected: [value.value].flat(2) as number[], label };
}

function callsOf(info: FunctionInfo): Promise<Call>[] {
  const names = NAMES.slice(0, info.params.length);
  if (info.elementwise) {
    const points = combined(names.map(() => (names.length === 1 ? NUMBERS : FEW))) as number[][];
    const at = Object.fromEntries(names.map((name, i) => [name, points.map((p) => p[i] as number)]));
    const vars = Object.fromEntries(names.map((name) => [name, ["n"]]));
    return [callOf(info, vars, at, (k) => `${info.name}(${points[k]?.join(", ")})`)];
  }
  const vars = Object.fromEntries(names.map((name, i) => [name, axesText(info.params[i] as Shape)]));
  const isWanted = (p: Point, i: number): boolean => attributesOf(info)[NAMES[i] as string] === undefined || isOwnTranspose(p);
  const points = combined(info.params.map(pointsFor)).filter((point) => point.every(isWanted) && fits(info.params, point));
  return points.map((point) =>
    callOf(
      info,
      vars,
      Object.fromEntries(names.map((name, i) => [name, point[i] as Point])),
      () => `${info.name}(${point.map((p) => JSON.stringify(p)).join(", ")})`,
    ),
  );
}

/** Every function of the library at its points. */
export const everyCall = (): Promise<Call[]> => Promise.all(standardLibrary().functions.all.flatMap(callsOf));

/** Whether values are equal but for rounding. */
export const isSame = (x: number, y: number): boolean => Object.is(x, y) || x === y || Math.abs(x - y) <= 1e-9 * Math.abs(y) + 1e-13;
