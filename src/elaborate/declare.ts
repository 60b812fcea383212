// Declarations, whether written in a text (w, x : vector(n)) or handed over as data, as
// entries of the scope.
//
// Not here: inference for what stays undeclared.

import { type Dim, dimOf } from "../expr/dim.ts";
import { ATTRIBUTES, type Attribute } from "../expr/expr.ts";
import { isScalarShape, isSquareShape, type Shape, scalarShape, shapeText } from "../expr/shape.ts";
import type { DeclarationTree, FunctionType, NamedSpan, ShapeType, Tree } from "../syntax/tree.ts";
import type { Inference, Place } from "./constraint.ts";
import { refuse } from "./mismatch.ts";
import { declareVariable, nearest, type Scope, SQUARE_ATTRIBUTES } from "./scope.ts";
import { checkSize, readSize, sizeOf } from "./size.ts";

/** Takes up one written declaration. */
export function declare(scope: Scope, inf: Inference, tree: DeclarationTree, source: string): void {
  const type = tree.type;
  if (type.kind === "shape" && type.words.some((w) => w.name === "dimension" || w.name === "integer")) {
    for (const n of tree.names) scope.dims.add(n.name);
    return;
  }
  for (const n of tree.names) {
    const place: Place = { source, span: n.span };
    if (type.kind === "function") declareFunction(scope, inf, n, type, source);
    else if (type.words.some((w) => w.name === "elementwise"))
      addUnknown(scope, place, { name: n.name, elementwise: true, params: [], result: scalarShape() });
    else if (tree.of !== undefined) declareDependent(scope, inf, n, tree.of, type, source);
    else {
      const { shape, attributes } = readShape(scope, inf, type, source);
      declareVariable(scope, n.name, shape, place, { attributes });
    }
  }
}

function declareFunction(scope: Scope, inf: Inference, n: NamedSpan, type: FunctionType, source: string): void {
  const params = type.from.map((t) => readShape(scope, inf, t, source).shape);
  const result = readShape(scope, inf, type.to, source).shape;
  addUnknown(scope, { source, span: n.span }, { name: n.name, elementwise: false, params, result });
}

function declareDependent(scope: Scope, inf: Inference, n: NamedSpan, of: readonly NamedSpan[], type: ShapeType, source: string): void {
  const { shape } = readShape(scope, inf, type, source);
  // The variables it depends on may be declared later, so their shapes are looked up at the end.
  addUnknown(scope, { source, span: n.span }, { name: n.name, elementwise: false, params: [], result: shape, of: of.map((o) => o.name) });
  for (const o of of) scope.mentioned.add(o.name);
}

function addUnknown(scope: Scope, place: Place, f: Parameters<Scope["unknowns"]["set"]>[1]): void {
  if (scope.variables.has(f.name) || scope.unknowns.has(f.name))
    refuse(place, "declaration", `${f.name} is declared twice`, "one declaration a name");
  scope.unknowns.set(f.name, f);
}

const SCALARS: ReadonlySet<string> = new Set(["scalar", "number", "real"]);
const FIELDS: ReadonlySet<string> = new Set(["R", "ℝ"]);
const VECTORS: ReadonlySet<string> = new Set(["vector", "column"]);
const KINDS: readonly string[] = [...SCALARS, ...FIELDS, ...VECTORS, "row", "matrix", "square"];
const isAttribute = (word: string): word is Attribute => (ATTRIBUTES as readonly string[]).includes(word);

/** Shape and attributes that a written type states; sizes left out stay open. */
function readShape(scope: Scope, inf: Inference, type: ShapeType, source: string): { shape: Shape; attributes: Attribute[] } {
  const attributes: Attribute[] = [];
  let kind: NamedSpan | undefined;
  for (const w of type.words) {
    const place: Place = { source, span: w.span };
    if (isAttribute(w.name)) attributes.push(w.name);
    else if (!KINDS.includes(w.name)) {
      const near = nearest(w.name, [...KINDS, ...ATTRIBUTES]);
      refuse(
        place,
        "declaration",
        `${w.name} is no type`,
        near === undefined ? "scalar, vector(n), matrix(m, n), symmetric(n), R^n" : `did you mean ${near}?`,
      );
    } else if (kind !== undefined) refuse(place, "declaration", `${kind.name} and ${w.name} are two types`, "one of them");
    else kind = w;
  }
  const place: Place = { source, span: type.span };
  const shape = shapeByKind(scope, inf, kind?.name, type, attributes, source, place);
  return { shape: checkAttributes(inf, shape, attributes, place), attributes };
}

function shapeByKind(
  scope: Scope,
  inf: Inference,
  kind: string | undefined,
  type: ShapeType,
  attributes: readonly Attribute[],
  source: string,
  place: Place,
): Shape {
  const size = (tree: Tree): Dim => checkSize(readSize(scope, tree, source), { source, span: tree.span });
  const open = (): Dim => {
    const d = inf.fresh();
    inf.markMany(d);
    return d;
  };
  const sizes = (type.sizes ?? (type.power === undefined ? [] : factors(type.power))).map(size);
  const countAtMost = (most: number): void => {
    if (sizes.length > most)
      refuse(
        place,
        "declaration",
        `${kind ?? attributes[0]} takes ${most === 0 ? "no sizes" : most === 1 ? "one size" : "two sizes"}, not ${sizes.length}`,
      );
  };
  if (type.power !== undefined && !(kind !== undefined && FIELDS.has(kind)))
    refuse(place, "declaration", "only R has a power", "R^n, vector(n)");
  if (type.power !== undefined && type.power.kind === "binary" && hasLetterForTimes(type.power))
    refuse(place, "declaration", "the letter x between two sizes is a factor", "R^(m×n), matrix(m, n)");
  if (kind !== undefined && FIELDS.has(kind)) {
    countAtMost(2);
    return { rows: sizes[0] ?? dimOf(1), cols: sizes[1] ?? dimOf(1) };
  }
  if (kind !== undefined && SCALARS.has(kind)) {
    countAtMost(0);
    return scalarShape();
  }
  if (kind !== undefined && (VECTORS.has(kind) || kind === "row")) {
    countAtMost(1);
    const n = sizes[0] ?? open();
    return kind === "row" ? { rows: dimOf(1), cols: n } : { rows: n, cols: dimOf(1) };
  }
  countAtMost(2);
  const [m, n] = sizes;
  if (m !== undefined) return { rows: m, cols: n ?? m };
  const squared = kind === "square" || attributes.some((a) => SQUARE_ATTRIBUTES.has(a));
  if (kind === undefined) {
    // An attribute alone says nothing of the shape.
    const rows = inf.fresh();
    return { rows, cols: squared ? rows : inf.fresh() };
  }
  const rows = open();
  return { rows, cols: squared ? rows : open() };
}

// R^(m×n) has two sizes, R^(m*n) one.
const factors = (tree: Tree): readonly Tree[] =>
  tree.kind === "binary" && tree.op === "times" && tree.sign === "×" ? [tree.left, tree.right] : [tree];

// R^{m x n} and R^{3x3}: products without a sign, x among their factors.
function hasLetterForTimes(tree: Tree): boolean {
  if (tree.kind === "name") return /^x\d*$/.test(tree.name);
  return tree.kind === "binary" && tree.sign === "" && (hasLetterForTimes(tree.left) || hasLetterForTimes(tree.right));
}

function checkAttributes(inf: Inference, shape: Shape, attributes: readonly Attribute[], place: Place): Shape {
  const squared = attributes.find((a) => SQUARE_ATTRIBUTES.has(a));
  if (squared === undefined) return shape;
  inf.sameDim(shape.rows, shape.cols, () =>
    refuse(place, "declaration", `only a square matrix is ${squared}, and this is ${shapeText(inf.resolveShape(shape))}`),
  );
  return shape;
}

/** Takes up a variable given as data: [] is a scalar, ["n"] a column, ["m", "n"] a matrix. */
export function declareData(
  scope: Scope,
  inf: Inference,
  name: string,
  sizes: readonly (string | number)[],
  attributes: readonly Attribute[],
): void {
  const place = dataPlace(name);
  if (!isName(name)) refuse(place, "declaration", `${JSON.stringify(name)} is no name`, "a letter, then letters, digits and _");
  if (!Array.isArray(sizes) || sizes.length > 2)
    refuse(
      place,
      "declaration",
      `the shape of ${name} is a list of at most two sizes`,
      '[] for a scalar, ["n"] for a vector, ["m", "n"] for a matrix',
    );
  const [rows, cols] = sizes.map((s) => checkSize(sizeOf(scope, s), place));
  const shape: Shape = { rows: rows ?? dimOf(1), cols: cols ?? dimOf(1) };
  const squared = attributes.find((a) => SQUARE_ATTRIBUTES.has(a));
  if (squared !== undefined && !isScalarShape(shape) && !isSquareShape(shape))
    refuse(place, "declaration", `only a square matrix is ${squared}, and ${name} is ${shapeText(shape)}`);
  declareVariable(scope, name, shape, place, { attributes });
  inf.run();
}

/** Attributes given as data, checked to be known. */
export function readAttributes(attrs: Readonly<Record<string, readonly string[]>>): Map<string, Attribute[]> {
  const out = new Map<string, Attribute[]>();
  for (const [name, list] of Object.entries(attrs))
    out.set(
      name,
      list.map((a) => {
        if (isAttribute(a)) return a;
        const near = nearest(a, ATTRIBUTES);
        return refuse(
          dataPlace(a),
          "declaration",
          `${a} is no attribute of a variable`,
          near === undefined ? ATTRIBUTES.join(", ") : `did you mean ${near}?`,
        );
      }),
    );
  return out;
}

/** Whether a text is a single name. */
export const isName = (text: string): boolean =>
  /^[\p{Lu}\p{Ll}]\p{M}*(?:[\p{Lu}\p{Ll}\p{Nd}\p{M}]|_(?=[\p{Lu}\p{Ll}\p{Nd}]))*$/u.test(text);

/** Data has no text of its own; the message shows the offending word. */
export const dataPlace = (text: string): Place => ({ source: text, span: { start: 0, end: text.length } });
