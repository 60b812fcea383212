// A term as text: Unicode and ASCII that the parser reads back, and LaTeX.
//
// Invariant: the text of a term has the term's value and shape in any surroundings, and
// every node of the DAG is visited once, without recursion. Signs and precedence are in
// spelling.ts, brackets in piece.ts, the structural operators in operators.ts,
// constants in constants.ts, cases in cases.ts.

import { SUM_SIGNS, subscript } from "../../grammar/glyphs.ts";
import { assertNever } from "../base/assert.ts";
import type { Dim } from "../expr/dim.ts";
import { type Apply, type Entry, type Expr, fold, type Index, type IndexSum, type Unknown, variables } from "../expr/expr.ts";
import { type FunctionTable, spelledName } from "../expr/functions.ts";
import { boundAt } from "../expr/indices.ts";
import { isOperator } from "../expr/operators.ts";
import { isColumnShape, isMatrixShape, isScalarShape, scalarShape } from "../expr/shape.ts";
import { widen } from "./constants.ts";
import { broadcast, type Forms, indicesOf, plain } from "./forms.ts";
import { latexName, textName } from "./names.ts";
import { number, OPERATOR_ROWS } from "./operators.ts";
import { add, atom, beside, brackets, callPiece, integer, negate, type Piece, piece, product, scripted, tight, whole } from "./piece.ts";
import { type Format, LEVEL, SPELLINGS, type Style } from "./spelling.ts";

export type { Format } from "./spelling.ts";

/** How a term is printed, and what the reader knows. */
export interface PrintOptions {
  readonly format: Format;
  /** The functions of the term; without it scalars inside functions are expanded in full and LaTeX names are spelled out. */
  readonly functions?: Pick<FunctionTable, "find">;
  /** The reader knows the shape of the whole: an answer that is an identity prints as I, not eye(n). */
  readonly shapeKnown?: boolean;
  /** Further names in use where the text is read, so that I and K do not mean constants there. */
  readonly taken?: Iterable<string>;
}

/**
 * The text of a term. ASCII and Unicode are read back by the parser, with the same
 * variables declared, as a term of the same shape and value. Throws InputError with code
 * "limit" where the text would be unreasonably long.
 */
export function print(expr: Expr, options: PrintOptions = { format: "unicode" }): string {
  const spelling = SPELLINGS[options.format];
  const names = new Set(variables(expr).map((v) => v.name));
  const more: ReadonlySet<string> = options.taken instanceof Set ? options.taken : new Set(options.taken);
  const style: Style = {
    format: options.format,
    spelling,
    taken: { has: (name) => options.format !== "latex" && (names.has(name) || more.has(name)) },
    size: (d) => (options.format === "latex" ? whole(dimNumber(d, style), spelling) : d.key),
  };
  const forms = fold<Forms>(expr, (node, args) => formsOf(node, args, style, options.functions));
  return whole(beside(options.shapeKnown ? (forms.settled ?? forms.wide) : forms.wide, spelling), spelling);
}

function formsOf(node: Expr, args: readonly Forms[], style: Style, functions: PrintOptions["functions"]): Forms {
  switch (node.kind) {
    case "num":
      return plain(number(node.value, style));
    case "constant":
      return plain(atom(style.spelling.constants[node.name] ?? node.name, node.shape));
    case "var":
      return plain(atom(style.format === "latex" ? latexName(node.name, !isScalarShape(node.shape)) : textName(node.name), node.shape));
    case "dim":
      return plain(dimNumber(node.dim, style));
    case "entry":
      return entryForms(node, args[0] as Forms, style);
    case "indexSum":
      return sumForms(node, args[0] as Forms, style);
    case "unknown":
      return unknownForms(node, args, style);
    case "apply":
      return isOperator(node.op) ? OPERATOR_ROWS[node.op](node, args, style) : functionForms(node, args, style, functions);
    default:
      return assertNever(node);
  }
}

/** A size as a number among others: a sum of products. */
function dimNumber(dim: Dim, style: Style): Piece {
  const s = style.spelling;
  const terms = dim.monomials.map((m) => {
    const names = m.names.map((name) => atom(style.format === "latex" ? latexName(name, false) : textName(name), scalarShape()));
    const count = Math.abs(m.coefficient);
    const factors = count === 1 && names.length > 0 ? names : [integer(`${count}`), ...names];
    const value = factors.reduce((a, b) => product(a, "mul", b, scalarShape(), s));
    return m.coefficient < 0 ? negate(value, s) : value;
  });
  return terms.length === 0 ? integer("0") : terms.reduce((a, b) => add(a, b, scalarShape(), s));
}

const indexText = (index: Index, style: Style): string =>
  index.kind === "all" ? ":" : index.kind === "bound" ? index.name : style.size(index.at);

function entryForms(node: Entry, of: Forms, style: Style): Forms {
  const source = node.args[0] as Expr;
  const [row, column] = node.at;
  const free = boundAt(node).map((i) => i.name);
  const indices = free.length === 0 ? indicesOf([of]) : { indices: [...new Set([...free, ...(of.indices ?? [])])] };
  if (isScalarShape(source.shape) || (row.kind === "all" && column.kind === "all")) return { wide: of.wide, sized: of.sized, ...indices };
  const at = isColumnShape(source.shape) ? [row] : [row, column];
  const words = at.map((i) => indexText(i, style)).join(",");
  const s = style.spelling;
  const subscripted = style.format === "latex" && (source.kind !== "var" || of.wide.text.includes("_{"));
  const base = of.wide.level < LEVEL.atom || of.wide.minus || of.wide.integer || subscripted ? brackets(of.wide, s) : of.wide;
  const text = style.format === "latex" ? `${base.text}_{${words}}` : `${base.text}[${words}]`;
  return { wide: atom(text, node.shape, { head: base.head, tall: base.tall }), sized: true, ...indices };
}

function sumForms(node: IndexSum, body: Forms, style: Style): Forms {
  const s = style.spelling;
  const p = body.wide.level >= LEVEL.term && !body.wide.minus ? body.wide : brackets(body.wide, s);
  const used = body.indices?.includes(node.index) ?? false;
  const rest = body.indices?.filter((i) => i !== node.index) ?? [];
  const sigma = style.format === "ascii" ? (SUM_SIGNS[0] as string) : (SUM_SIGNS[1] as string);
  const range = style.size(node.range);
  const head =
    style.format === "latex"
      ? `\\sum_{${node.index}=1}^{${range}}`
      : used
        ? `${sigma}_${node.index}`
        : `${sigma}_{${node.index}=1}^{${range}}`;
  const wide = piece(`${head} ${p.text}`, LEVEL.term, node.shape, {
    tall: style.format === "latex",
    factors: [{ sign: "mul", shape: node.shape }],
  });
  return { wide, sized: body.sized, ...(rest.length > 0 ? { indices: rest } : {}) };
}

function functionForms(node: Apply, args: readonly Forms[], style: Style, functions: PrintOptions["functions"]): Forms {
  const s = style.spelling;
  const info = functions?.find(node.op);
  if (info?.notation !== undefined) return OPERATOR_ROWS[info.notation](node, args, style);
  const build = (pieces: readonly Piece[], narrow = false): Piece => {
    const shape = narrow ? scalarShape() : node.shape;
    const form = s.functions[node.op];
    if (form?.infix !== undefined) return tight(pieces[0] as Piece, form.infix, pieces[1] as Piece, shape, s);
    if (form === undefined || pieces.length !== 1) {
      const spelled = info === undefined ? node.op : spelledName(info);
      const name = style.format === "latex" ? (info?.latex ?? `\\operatorname{${spelled.replaceAll("_", "\\_")}}`) : spelled;
      return callPiece(name, pieces, shape, s);
    }
    const arg = pieces[0] as Piece;
    if (form.superscript === true) return scripted(arg, form.after, shape, s, form.transposed);
    const after = isMatrixShape(arg.shape) ? (form.afterMatrix ?? form.after) : form.after;
    return atom(form.before + whole(arg, s) + after, shape, { tall: arg.tall }, form.before);
  };
  if (info?.elementwise !== true) return plain(build(args.map((a) => a.wide)), args);
  const shapes = node.args.map((a) => a.shape);
  return broadcast(args, shapes, build, (narrow) => widen(narrow, node.shape, style));
}

// f(x) and f′(x); a partial derivative of a function of several arguments names its position: ∂₁f(x, y).
function unknownForms(node: Unknown, args: readonly Forms[], style: Style): Forms {
  const name = style.format === "latex" ? latexName(node.name, false) : textName(node.name);
  const order = node.derivatives.length;
  const prime = style.format === "latex" ? "'" : "′";
  const partials = (): string =>
    node.derivatives.map((i) => (style.format === "latex" ? `\\partial_{${i + 1}} ` : `∂${subscript(`${i + 1}`) ?? i + 1}`)).join("");
  const word = node.args.length === 1 ? name + prime.repeat(order) : partials() + name;
  const build = (pieces: readonly Piece[], narrow = false): Piece =>
    callPiece(word, pieces, narrow ? scalarShape() : node.shape, style.spelling);
  if (!node.elementwise) return plain(build(args.map((a) => a.wide)), args);
  const shapes = node.args.map((a) => a.shape);
  return broadcast(args, shapes, build, (narrow) => widen(narrow, node.shape, style));
}
