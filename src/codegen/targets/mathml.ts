// Presentation MathML of a term, for browsers and word processors: letters of matrices and
// vectors are bold, transposes raised, sums over indices with their limits.

import type { Dim } from "../../expr/dim.ts";
import { type Apply, type Expr, fold, type Index, isApply } from "../../expr/expr.ts";
import { isScalarShape } from "../../expr/shape.ts";

interface Piece {
  readonly xml: string;
  readonly level: number;
}

const ATOM = 6;
const escape_ = (text: string): string =>
  text
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;")
    .replace(/\p{Cc}/gu, " ");
const mi = (text: string, bold = false): string =>
  `<mi${bold ? ' mathvariant="bold"' : [...text].length > 1 ? ' mathvariant="normal"' : ""}>${escape_(text)}</mi>`;
const mn = (text: string): string => `<mn>${escape_(text)}</mn>`;
const mo = (text: string): string => `<mo>${escape_(text)}</mo>`;
const row = (...parts: readonly string[]): string => `<mrow>${parts.join("")}</mrow>`;
const atom = (xml: string): Piece => ({ xml, level: ATOM });
const wrap = (p: Piece, least: number): string => (p.level >= least ? p.xml : row(mo("("), p.xml, mo(")")));
const infix = (a: Piece, sign: string, b: Piece, level: number): Piece => ({
  xml: row(wrap(a, level), mo(sign), wrap(b, level + 1)),
  level,
});

const dimXml = (d: Dim): string => (/^\d+$/.test(d.key) ? mn(d.key) : mi(d.key));
const indexXml = (i: Index): string => (i.kind === "all" ? mo(":") : i.kind === "position" ? dimXml(i.at) : mi(i.name));

/** A math element with the term. */
export const toMathml = (expr: Expr): string =>
  `<math xmlns="http://www.w3.org/1998/Math/MathML" display="block">${fold<Piece>(expr, pieceOf).xml}</math>`;

function pieceOf(node: Expr, args: readonly Piece[]): Piece {
  switch (node.kind) {
    case "num": {
      const { n, d } = node.value;
      const size = n < 0n ? -n : n;
      const plain = d === 1n ? mn(`${size}`) : `<mfrac>${mn(`${size}`)}${mn(`${d}`)}</mfrac>`;
      return n < 0n ? { xml: row(mo("−"), plain), level: 2 } : atom(plain);
    }
    case "constant":
      return atom(mi(node.name === "pi" ? "π" : node.name));
    case "var":
      return atom(mi(node.name, !isScalarShape(node.shape)));
    case "dim":
      return atom(dimXml(node.dim));
    case "entry":
      return atom(
        `<msub>${wrap(args[0] as Piece, ATOM)}${row(indexXml(node.at[0]), ...(isScalarShape({ rows: node.shape.cols, cols: (node.args[0] as Expr).shape.cols }) ? [] : [mo(","), indexXml(node.at[1])]))}</msub>`,
      );
    case "indexSum":
      return {
        xml: row(
          `<munderover>${mo("∑")}${row(mi(node.index), mo("="), mn("1"))}${dimXml(node.range)}</munderover>`,
          wrap(args[0] as Piece, 3),
        ),
        level: 3,
      };
    case "unknown":
      return atom(
        row(
          mi(`${node.name}${"′".repeat(node.derivatives.length)}`),
          mo("("),
          ...args.flatMap((a, i) => (i === 0 ? [a.xml] : [mo(","), a.xml])),
          mo(")"),
        ),
      );
    case "apply":
      return applyPiece(node, args);
  }
}

type Row = (node: Apply, args: readonly Piece[]) => Piece;

const first = (args: readonly Piece[]): Piece => args[0] as Piece;
const second = (args: readonly Piece[]): Piece => args[1] as Piece;
const raised = (a: Piece, exponent: string): Piece => ({ xml: `<msup>${wrap(a, ATOM)}${exponent}</msup>`, level: 5 });
const fenced = (open: string, a: Piece, close: string): Piece => atom(row(mo(open), a.xml, mo(close)));
const indexed = (symbol: string, dims: readonly Dim[]): Piece => atom(`<msub>${symbol}${row(...dims.map(dimXml))}</msub>`);

const sign =
  (text: string): Row =>
  (_, args) =>
    infix(first(args), text, second(args), 3);
const comparison =
  (text: string): Row =>
  (_, args) =>
    fenced("[", infix(first(args), text, second(args), 1), "]");
const constant =
  (digit: string): Row =>
  ({ params }) =>
    indexed(
      `<mn mathvariant="bold">${digit}</mn>`,
      params.filter((d) => d.key !== "1"),
    );

/** What has a notation of its own; all else is a function of its arguments and sizes. */
// biome-ignore format: a table is read by columns
const ROWS: Readonly<Record<string, Row>> = {
  add:       sum,
  neg:       (_, args) => ({ xml: row(mo("−"), wrap(first(args), 3)), level: 2 }),
  mul:       (_, args) => ({ xml: row(wrap(first(args), 3), mo("\u2062"), wrap(second(args), 4)), level: 3 }),
  div:       (_, args) => atom(`<mfrac>${first(args).xml}${second(args).xml}</mfrac>`),
  pow:       (_, args) => raised(first(args), second(args).xml),
  hadamard:  sign("⊙"),
  hdiv:      sign("⊘"),
  hpow:      (_, args) => raised(first(args), row(mo("∘"), second(args).xml)),
  expand:    ({ params }, args) => infix(first(args), "\u2062", indexed(mn("1"), params), 3),
  transpose: (_, args) => raised(first(args), mo("⊤")),
  dot:       sign("·"),
  kron:      sign("⊗"),
  vcat:      (_, args) => table(args.map((c) => `<mtr><mtd>${c.xml}</mtd></mtr>`).join("")),
  hcat:      (_, args) => table(`<mtr>${args.map((c) => `<mtd>${c.xml}</mtd>`).join("")}</mtr>`),
  ones:      constant("1"),
  zeros:     constant("0"),
  eye:       ({ params }) => indexed(mi("I", true), params),
  unit:      ({ params }) => atom(`<msub>${mi("e", true)}${dimXml(params[1] as Dim)}</msub>`),
  gt:        comparison(">"),
  ge:        comparison("≥"),
  lt:        comparison("<"),
  le:        comparison("≤"),
  eq:        comparison("="),
  ne:        comparison("≠"),
  cases:     chosen,
  sqrt:      (_, args) => atom(`<msqrt>${first(args).xml}</msqrt>`),
  abs:       (_, args) => fenced("|", first(args), "|"),
  norm2:     (_, args) => fenced("‖", first(args), "‖"),
  inv:       (_, args) => raised(first(args), row(mo("−"), mn("1"))),
};

const applyPiece: Row = (node, args) => (Object.hasOwn(ROWS, node.op) ? (ROWS[node.op] as Row) : functionPiece)(node, args);

function functionPiece({ op, params }: Apply, args: readonly Piece[]): Piece {
  const inside = [...args.map((x) => x.xml), ...params.map(dimXml)];
  return atom(row(mi(op), mo("\u2061"), mo("("), ...inside.flatMap((x, i) => (i === 0 ? [x] : [mo(","), x])), mo(")")));
}

function sum(node: Apply, args: readonly Piece[]): Piece {
  return args.reduce((left, right, i) => {
    const arg = node.args[i] as Expr;
    const negative = isApply(arg, "neg");
    const bare = negative ? right.xml.replace(/^<mrow><mo>−<\/mo>([\s\S]*)<\/mrow>$/, "$1") : wrap(right, 3);
    return { xml: row(wrap(left, 2), mo(negative ? "−" : "+"), bare), level: 2 };
  });
}

const table = (rows: string): Piece => fenced("[", atom(`<mtable>${rows}</mtable>`), "]");

function chosen(_: Apply, args: readonly Piece[]): Piece {
  const line = (value: Piece | undefined, when: string): string => `<mtr><mtd>${value?.xml}</mtd><mtd>${when}</mtd></mtr>`;
  const lines: string[] = [];
  for (let i = 0; i + 1 < args.length; i += 2) lines.push(line(args[i], `<mtext>if </mtext>${args[i + 1]?.xml}`));
  if (args.length % 2 === 1) lines.push(line(args[args.length - 1], "<mtext>otherwise</mtext>"));
  return atom(row(mo("{"), `<mtable columnalign="left">${lines.join("")}</mtable>`));
}
