// Declarations, whether written in a text (w, x : vector(n)) or handed over as data, as
// entries of the scope.
//
// Not here: inference for what stays undeclared.

import { wholeOf } from "../../base/span.ts";
import { ATTRIBUTES, type Attribute, isAttribute, isOfSquares, isSymmetric } from "../../expr/attributes.ts";
import { type Dim, dimOf } from "../../expr/dim.ts";
import { isScalarShape, isSquareShape, type Shape, scalarShape, shapeText } from "../../expr/shape.ts";
import type { DeclarationTree, FunctionType, NamedSpan, ShapeType, Tree } from "../../syntax/tree.ts";
import type { Inference, Place } from "../shapes/constraint.ts";
import { refuse } from "../shapes/mismatch.ts";
import { declareVariable, nearest, type Scope } from "./scope.ts";
import { checkSize, readSize, sizeOf } from "./size.ts";

/** Takes up one written declaration. */
export function declare(scope: Scope, inf: Inference, { names, type, of }: DeclarationTree, source: string): void {
  if (type.kind === "shape" && type.words.some((w) => w.name === "dimension" || w.name === "integer")) {
    for (const n of names) scope.dims.add(n.name);
    return;
  }
  const text = { scope, inf, source };
  for (const n of names) {
    const place: Place = { source, span: n.span };
    if (type.kind === "function") addUnknown(scope, place, functionOf(text, n.name, type));
    else if (type.words.some((w) => w.name === "elementwise"))
      addUnknown(scope, place, { name: n.name, elementwise: true, params: [], result: scalarShape() });
    else if (of !== undefined) {
      // The variables it depends on may be declared later, so their shapes are looked up at the end.
      const { shape, attributes } = readShape(text, type);
      const symmetric = isSymmetric({ attributes });
      addUnknown(scope, place, { name: n.name, elementwise: false, params: [], result: shape, symmetric, of: of.map((o) => o.name) });
      for (const o of of) scope.mentioned.add(o.name);
    } else {
      const { shape, attributes } = readShape(text, type, n.name);
      declareVariable(scope, n.name, shape, place, { attributes });
    }
  }
}

/** A text with declarations, and what its types are read into. */
interface Text {
  readonly scope: Scope;
  readonly inf: Inference;
  readonly source: string;
}

type Unknown = Parameters<Scope["unknowns"]["set"]>[1];

function functionOf(text: Text, name: string, type: FunctionType): Unknown {
  const params = type.from.map((t) => readShape(text, t).shape);
  return { name, elementwise: false, params, result: readShape(text, type.to).shape };
}

function addUnknown(scope: Scope, place: Place, f: Unknown): void {
  if (scope.variables.has(f.name) || scope.unknowns.has(f.name))
    refuse(place, "declaration", `${f.name} is declared twice`, "one declaration a name");
  scope.unknowns.set(f.name, f);
}

/** What a word says of a shape. */
interface Kind {
  /** How many sizes may stand behind it. */
  readonly most: 0 | 1 | 2;
  /** The shape with these sizes; `open` gives one that is left out. */
  readonly shape: (sizes: readonly Dim[], open: () => Dim, isSquare: boolean) => Shape;
}

const SCALAR: Kind = { most: 0, shape: scalarShape };
const FIELD: Kind = { most: 2, shape: ([m, n]) => ({ rows: m ?? dimOf(1), cols: n ?? dimOf(1) }) };
const VECTOR: Kind = { most: 1, shape: ([n], open) => ({ rows: n ?? open(), cols: dimOf(1) }) };
const ROW: Kind = { most: 1, shape: ([n], open) => ({ rows: dimOf(1), cols: n ?? open() }) };
const MATRIX: Kind = {
  most: 2,
  shape: ([m, n], open, isSquare) => {
    if (m !== undefined) return { rows: m, cols: n ?? m };
    const rows = open();
    return { rows, cols: isSquare ? rows : open() };
  },
};
const SQUARE: Kind = { most: 2, shape: (sizes, open) => MATRIX.shape(sizes, open, true) };

const KINDS: ReadonlyMap<string, Kind> = new Map([
  ["scalar", SCALAR],
  ["number", SCALAR],
  ["real", SCALAR],
  ["R", FIELD],
  ["ℝ", FIELD],
  ["vector", VECTOR],
  ["column", VECTOR],
  ["row", ROW],
  ["matrix", MATRIX],
  ["square", SQUARE],
]);

/** Kinds that stand before others and say more of them, as in row vector(n). */
const BEFORE: ReadonlyMap<string, readonly string[]> = new Map([
  ["row", ["vector"]],
  ["column", ["vector"]],
  ["square", ["matrix"]],
]);

/** Shape and attributes that a type written for a name states; sizes left out stay open. */
function readShape(text: Text, type: ShapeType, name?: string): { shape: Shape; attributes: Attribute[] } {
  const attributes: Attribute[] = [];
  let word: NamedSpan | undefined;
  for (const w of type.words) {
    const place: Place = { source: text.source, span: w.span };
    if (isAttribute(w.name)) attributes.push(w.name);
    else if (!KINDS.has(w.name)) {
      const near = nearest(w.name, [...KINDS.keys(), ...ATTRIBUTES]);
      refuse(
        place,
        "declaration",
        `${w.name} is no type`,
        near === undefined ? "scalar, vector(n), matrix(m, n), symmetric(n), R^n" : `did you mean ${near}?`,
      );
    } else if (word === undefined || word.name === "real") word = w;
    else if (!BEFORE.get(word.name)?.includes(w.name))
      refuse(place, "declaration", `${word.name} and ${w.name} are two types`, "one of them");
  }
  const place: Place = { source: text.source, span: type.span };
  const shape = shapeOf(text, type, { word: word?.name, attributes, name });
  return { shape: checkAttributes(text.inf, shape, attributes, place), attributes };
}

interface Described {
  readonly word: string | undefined;
  readonly attributes: readonly Attribute[];
  readonly name: string | undefined;
}

function shapeOf({ scope, inf, source }: Text, type: ShapeType, { word, attributes, name = "" }: Described): Shape {
  const place: Place = { source, span: type.span };
  const kind = word === undefined ? undefined : KINDS.get(word);
  const sizes = (type.sizes ?? (type.power === undefined ? [] : factors(type.power))).map((tree) =>
    checkSize(readSize(scope, tree, source), { source, span: tree.span }),
  );
  if (type.power !== undefined && kind !== FIELD) refuse(place, "declaration", "only R has a power", "R^n, vector(n)");
  if (type.power !== undefined && type.power.kind === "binary" && hasLetterForTimes(type.power))
    refuse(place, "declaration", "the letter x between two sizes is a factor", "R^(m×n), matrix(m, n)");
  const { most, shape } = kind ?? MATRIX;
  if (sizes.length > most) {
    const taken = ["no sizes", "one size", "two sizes"][most];
    refuse(place, "declaration", `${word ?? attributes[0]} takes ${taken}, not ${sizes.length}`);
  }
  // An attribute of square matrices says that a capital is one; others alone, and those of a small letter, say nothing of the size.
  const isSquare = attributes.some(isOfSquares);
  const open = (): Dim => {
    const d = inf.fresh();
    if (kind !== undefined || (isSquare && /^\p{Lu}/u.test(name))) inf.markMany(d);
    return d;
  };
  return shape(sizes, open, isSquare);
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
  const squared = attributes.find(isOfSquares);
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
  const squared = attributes.find(isOfSquares);
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
export const dataPlace = (text: string): Place => ({ source: text, span: wholeOf(text) });
