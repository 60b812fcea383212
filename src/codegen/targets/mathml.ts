// Presentation MathML of a term, for browsers and word processors: letters of matrices and
// vectors are bold, transposes raised, sums over indices with their limits.

import type { Dim } from "../../expr/dim.ts";
import { type Apply, type Expr, fold, type Index } from "../../expr/expr.ts";
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

const SIGNS: Readonly<Record<string, string>> = { gt: ">", ge: "≥", lt: "<", le: "≤", eq: "=", ne: "≠" };
const raised = (a: Piece, exponent: string): Piece => ({ xml: `<msup>${wrap(a, ATOM)}${exponent}</msup>`, level: 5 });
const fenced = (open: string, a: Piece, close: string): Piece => atom(row(mo(open), a.xml, mo(close)));

function applyPiece(node: Apply, args: readonly Piece[]): Piece {
  const [a, b] = args as [Piece, Piece];
  switch (node.op) {
    case "add":
      return args.slice(1).reduce((left, right, i) => {
        const arg = node.args[i + 1] as Expr;
        const negative = arg.kind === "apply" && arg.op === "neg";
        const bare = negative ? right.xml.replace(/^<mrow><mo>−<\/mo>([\s\S]*)<\/mrow>$/, "$1") : wrap(right, 3);
        return { xml: row(wrap(left, 2), mo(negative ? "−" : "+"), bare), level: 2 };
      }, a);
    case "neg":
      return { xml: row(mo("−"), wrap(a, 3)), level: 2 };
    case "mul":
      return { xml: row(wrap(a, 3), mo("\u2062"), wrap(b, 4)), level: 3 };
    case "hadamard":
      return infix(a, "⊙", b, 3);
    case "hdiv":
      return infix(a, "⊘", b, 3);
    case "div":
      return atom(`<mfrac>${a.xml}${b.xml}</mfrac>`);
    case "pow":
      return raised(a, b.xml);
    case "hpow":
      return raised(a, row(mo("∘"), b.xml));
    case "transpose":
      return raised(a, mo("⊤"));
    case "dot":
      return infix(a, "·", b, 3);
    case "kron":
      return infix(a, "⊗", b, 3);
    case "expand":
      return infix(a, "\u2062", atom(`<msub>${mn("1")}${row(...node.params.map(dimXml))}</msub>`), 3);
    case "ones":
    case "zeros":
      return atom(
        `<msub><mn mathvariant="bold">${node.op === "ones" ? "1" : "0"}</mn>${row(...node.params.filter((d) => d.key !== "1").map(dimXml))}</msub>`,
      );
    case "eye":
      return atom(`<msub>${mi("I", true)}${row(...node.params.map(dimXml))}</msub>`);
    case "unit":
      return atom(`<msub>${mi("e", true)}${dimXml(node.params[1] as Dim)}</msub>`);
    case "vcat":
    case "hcat": {
      const cells = args.map((c) => (node.op === "vcat" ? `<mtr><mtd>${c.xml}</mtd></mtr>` : `<mtd>${c.xml}</mtd>`)).join("");
      return fenced("[", atom(`<mtable>${node.op === "vcat" ? cells : `<mtr>${cells}</mtr>`}</mtable>`), "]");
    }
    case "cases": {
      const lines: string[] = [];
      for (let i = 0; i + 1 < args.length; i += 2)
        lines.push(`<mtr><mtd>${args[i]?.xml}</mtd><mtd><mtext>if </mtext>${args[i + 1]?.xml}</mtd></mtr>`);
      if (args.length % 2 === 1) lines.push(`<mtr><mtd>${args[args.length - 1]?.xml}</mtd><mtd><mtext>otherwise</mtext></mtd></mtr>`);
      return atom(row(mo("{"), `<mtable columnalign="left">${lines.join("")}</mtable>`));
    }
    case "sqrt":
      return atom(`<msqrt>${a.xml}</msqrt>`);
    case "abs":
      return fenced("|", a, "|");
    case "norm2":
      return fenced("‖", a, "‖");
    case "inv":
      return raised(a, row(mo("−"), mn("1")));
  }
  const sign = SIGNS[node.op];
  if (sign !== undefined) return fenced("[", infix(a, sign, b, 1), "]");
  const inside = [...args.map((x) => x.xml), ...node.params.map(dimXml)];
  return atom(row(mi(node.op), mo("\u2061"), mo("("), ...inside.flatMap((x, i) => (i === 0 ? [x] : [mo(","), x])), mo(")")));
}
