// Pieces of text and how they are put together: the only place where brackets are set.
//
// Invariant: a piece is bracketed where leaving the brackets away would make the parser
// build something of another value or of none. Products read from the left, so a product on
// the right loses its brackets wherever the flat reading has the same value: A*(B*x) is
// A*B*x, but A*(y'*z) keeps them unless A is a column. For the reader alone stand those of
// (A ⊗ B) C and (A ⊙ B) C, which many would take for A ⊙ (B C), and of (a/b) c, which many
// would take for a/(b c).

import { fail } from "../base/diagnostic.ts";
import { NOWHERE } from "../base/span.ts";
import { sameDim } from "../expr/dim.ts";
import { isScalarShape, type Shape, sameShape, scalarShape } from "../expr/shape.ts";
import { LEVEL, type Level, type ProductSign, type Spelling } from "./spelling.ts";

/** A factor of a product that reads from the left, and the sign before it. */
interface Factor {
  readonly sign: ProductSign;
  readonly shape: Shape;
}

/** A text with what decides whether it needs brackets somewhere. */
export interface Piece {
  /** Without the leading minus. */
  readonly text: string;
  readonly minus: boolean;
  /** Of the text without the minus. */
  readonly level: Level;
  /** As the text stands: 1×1 for a scalar that its surroundings expand. */
  readonly shape: Shape;
  readonly head: "digit" | "exponential" | "name" | "bracket" | "other";
  /** A whole number without a sign. */
  readonly integer: boolean;
  /** Ends in a superscript or transpose sign, and takes no second one without brackets. */
  readonly scripted: boolean;
  /** Ends in I, which a bracket behind it would make a call. */
  readonly callable: boolean;
  /** Higher than a line of LaTeX. */
  readonly tall: boolean;
  /** The factors of a product; absent where they are many. */
  readonly factors?: readonly Factor[] | undefined;
  /** The text of the transpose, where that is not this text with a transpose sign. */
  readonly transposed?: string | undefined;
  /** The comparison that holds exactly where this one does not. */
  readonly complement?: Piece | undefined;
}

/** Products of more factors than this keep their brackets. */
const MOST_FACTORS = 64;
/** Longer texts serve nobody, and strings end somewhere. */
const LONGEST_TEXT = 1 << 24;

type Traits = Partial<Omit<Piece, "text" | "level" | "shape">>;

/** A piece with some traits, others as most have them. Ends the call where the text would be unreasonably long. */
export function piece(text: string, level: Level, shape: Shape, traits: Traits = {}, head: Piece["head"] = traits.head ?? "other"): Piece {
  if (text.length > LONGEST_TEXT)
    fail("limit", `the result has more than ${LONGEST_TEXT} characters, too many to print`, NOWHERE, {
      fix: "take it as JSON, which states a repeated part once",
    });
  return {
    text,
    level,
    shape,
    minus: traits.minus ?? false,
    head,
    integer: traits.integer ?? false,
    scripted: traits.scripted ?? false,
    callable: traits.callable ?? false,
    tall: traits.tall ?? false,
    factors: traits.factors,
    transposed: traits.transposed,
    complement: traits.complement,
  };
}

// A number written against e1 would be a decimal exponent.
const headOf = (text: string): Piece["head"] =>
  /^\d(?!\u20d7)/.test(text) ? "digit" : /^e\d/i.test(text) ? "exponential" : /^[\p{L}\\]/u.test(text) ? "name" : "other";

/** A name, a call, an entry: something that never needs brackets. `start` is how its text begins. */
export const atom = (text: string, shape: Shape, traits: Traits = {}, start = text): Piece =>
  piece(text, LEVEL.atom, shape, traits, traits.head ?? headOf(start.slice(0, 2)));

// Long texts are only ever appended to: joining or slicing would copy them at every level.
/** Texts one behind the other, with something between them. */
export const sequence = (texts: readonly string[], between: string): string =>
  texts.reduce((all, text, i) => (i === 0 ? text : all + between + text), "");

export const integer = (digits: string): Piece => atom(digits, scalarShape(), { integer: true });

export const isInteger = (p: Piece, digits: string): boolean => p.integer && !p.minus && p.text === digits;

/** The whole text, as it stands between signs or brackets of its own. */
export const whole = (p: Piece, s: Spelling): string => (p.minus ? s.sign + p.text : p.text);

/** A piece in brackets. */
export function brackets(p: Piece, s: Spelling): Piece {
  const [open, close] = p.level === LEVEL.comparison ? s.condition : p.tall ? s.tallGroup : s.group;
  return piece(open + whole(p, s) + close, LEVEL.atom, p.shape, { tall: p.tall, head: "bracket" });
}

const atLeast = (p: Piece, level: Level, s: Spelling): Piece => (p.level >= level && !p.minus ? p : brackets(p, s));

/** A piece beside something: a comparison is bracketed. */
export const beside = (p: Piece, s: Spelling): Piece => (p.level === LEVEL.comparison ? brackets(p, s) : p);

export const negate = (p: Piece, s: Spelling): Piece => ({ ...atLeast(p, LEVEL.term, s), minus: true });

/** left + right, a leading minus becoming the sign between them. */
export function add(left: Piece, right: Piece, shape: Shape, s: Spelling): Piece {
  const [first, next] = [beside(left, s), beside(right, s)];
  const between = next.minus ? s.minus : s.plus;
  return piece(first.text + between + next.text, LEVEL.sum, shape, { minus: first.minus, head: first.head, tall: first.tall || next.tall });
}

/** The product of two pieces under a sign that reads from the left. */
export function product(left: Piece, sign: ProductSign, right: Piece, shape: Shape, s: Spelling): Piece {
  // (−a) b and −(a b) are one value and one text.
  if (left.minus && left.level >= LEVEL.entrywise) return { ...product({ ...left, minus: false }, sign, right, shape, s), minus: true };
  const first = isProduct(left) && !misread(left, sign, s) ? left : atLeast(left, LEVEL.power, s);
  const flat = (isProduct(right) || right.level === LEVEL.term) && readsFlat(left.shape, sign, right);
  const next = flat ? right : atLeast(right, LEVEL.power, s);
  const tall = first.tall || next.tall;
  const text = first.text + (sign === "mul" ? joint(first, next, s) : s.product[sign]) + next.text;
  const factors = joinFactors(first, sign, next, flat);
  // A sum over an index at the end reaches as far as the product does.
  const entrywise = sign === "hadamard" || sign === "hdiv" || first.level === LEVEL.entrywise || next.level === LEVEL.entrywise;
  const level = next.level === LEVEL.term ? LEVEL.term : entrywise ? LEVEL.entrywise : LEVEL.product;
  return piece(text, level, shape, { head: first.head, callable: next.callable, tall, factors });
}

// a ⊙ b before a factor; and a/b before one without a sign between, which seems to stand below the line with b.
const misread = (left: Piece, sign: ProductSign, s: Spelling): boolean =>
  sign === "mul" && (left.level === LEVEL.entrywise || (s.juxtaposed && left.factors?.at(-1)?.sign === "div" && !isCoefficient(left)));

/** 1/2 or 2/N: a number over one sign is read as a factor of what follows. */
const isCoefficient = (p: Piece): boolean => /^\d+\/[^ (]+$/.test(p.text);

const isProduct = (p: Piece): boolean => p.level === LEVEL.product || p.level === LEVEL.entrywise;

/** Whether left sign (a b c) has the same value as ((left sign a) b) c. */
function readsFlat(left: Shape, sign: ProductSign, right: Piece): boolean {
  const factors = right.factors;
  if (factors === undefined || right.minus) return false;
  switch (sign) {
    case "mul":
      return isScalarShape(left) || multiplies(left, factors);
    case "hadamard":
      return factors.every((f, i) => (f.sign === "div" || (f.sign === "mul" && i > 0) ? isScalarShape(f.shape) : sameShape(f.shape, left)));
    case "div":
    case "hdiv":
      return false;
  }
}

// The matrix product is associative; what must hold is that every step from the left fits.
function multiplies(left: Shape, factors: readonly Factor[]): boolean {
  let shape = left;
  for (const f of factors) {
    if (f.sign === "hadamard" || f.sign === "hdiv") return false;
    if (isScalarShape(f.shape)) continue;
    if (isScalarShape(shape)) shape = f.shape;
    else if (sameDim(shape.cols, f.shape.rows)) shape = { rows: shape.rows, cols: f.shape.cols };
    else return false;
  }
  return true;
}

function joinFactors(left: Piece, sign: ProductSign, right: Piece, flat: boolean): readonly Factor[] | undefined {
  const before = isProduct(left) ? left.factors : [{ sign: "mul" as const, shape: left.shape }];
  const after = flat ? right.factors?.map((f, i) => (i === 0 ? { sign, shape: f.shape } : f)) : [{ sign, shape: right.shape }];
  if (before === undefined || after === undefined || before.length + after.length > MOST_FACTORS) return undefined;
  return [...before, ...after];
}

function joint(left: Piece, right: Piece, s: Spelling): string {
  if (right.head === "digit" || (left.callable && right.head === "bracket")) return s.times;
  return s.juxtaposed && left.integer && (right.head === "name" || right.head === "bracket") ? "" : s.product.mul;
}

/** An operator that binds tighter than a product and stands bracketed inside one, for the reader. */
export const tight = (left: Piece, sign: string, right: Piece, shape: Shape, s: Spelling): Piece => {
  const [first, next] = [atLeast(left, LEVEL.power, s), atLeast(right, LEVEL.power, s)];
  return piece(first.text + sign + next.text, LEVEL.tight, shape, { head: first.head, tall: first.tall || next.tall });
};

const unscripted = (p: Piece, s: Spelling): Piece => (p.level >= LEVEL.postfix && !p.minus && !p.scripted ? p : brackets(p, s));

/** A base with a sign behind it that raises it: xᵀ, x², A⁻¹; and with another one once it is transposed as well. */
export function scripted(base: Piece, script: string, shape: Shape, s: Spelling, transposed?: string): Piece {
  const p = unscripted(base, s);
  const traits = transposed === undefined ? {} : { transposed: p.text + transposed };
  return piece(p.text + script, LEVEL.postfix, shape, { head: p.head, tall: p.tall, scripted: true, ...traits });
}

export const transposePiece = (p: Piece, shape: Shape, s: Spelling): Piece =>
  p.transposed !== undefined && !p.minus
    ? piece(p.transposed, LEVEL.postfix, shape, { head: p.head, tall: p.tall, scripted: true })
    : scripted(p, s.transpose, shape, s);

/** base^exponent, or base.^exponent, as one line of text. */
export function caret(base: Piece, sign: string, exponent: Piece, shape: Shape, s: Spelling): Piece {
  const below = unscripted(base, s);
  const above = exponent.level >= LEVEL.atom && !exponent.minus ? exponent : brackets(exponent, s);
  return piece(below.text + sign + above.text, LEVEL.power, shape, { head: below.head, tall: below.tall, scripted: true });
}

/** name(a, b, …) */
export function callPiece(name: string, args: readonly Piece[], shape: Shape, s: Spelling): Piece {
  const tall = args.some((a) => a.tall);
  const [open, close] = tall ? s.tallGroup : s.group;
  const list = sequence(
    args.map((a) => whole(a, s)),
    ", ",
  );
  return atom(name + open + list + close, shape, { tall }, name);
}

/** Rows of cells in brackets. */
export function stack(rows: readonly (readonly Piece[])[], shape: Shape, spelling: Spelling): Piece {
  const { open, close, cell, row } = spelling.stack;
  const lines = rows.map((cells) =>
    sequence(
      cells.map((c) => whole(c, spelling)),
      cell,
    ),
  );
  return piece(open + sequence(lines, row) + close, LEVEL.atom, shape, { tall: true });
}
