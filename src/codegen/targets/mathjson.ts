// MathJSON: a term as nested arrays of a function's name and its arguments. Names of
// operators are those of the Compute Engine where it has them, others are nabla's own.

import type { Dim } from "../../expr/dim.ts";
import { type Expr, fold, type Index } from "../../expr/expr.ts";
import { isScalarShape } from "../../expr/shape.ts";

/** An expression of MathJSON. */
export type MathJson = number | string | { readonly num: string } | readonly MathJson[];

// biome-ignore format: a table is read by columns
const HEADS: Readonly<Record<string, string>> = {
  add: "Add", neg: "Negate", div: "Divide", hdiv: "Divide", pow: "Power", hpow: "Power", hadamard: "Hadamard", transpose: "Transpose",
  tr: "Trace", diag: "Diagonal", dot: "Dot", kron: "KroneckerProduct", sum: "Sum", vec: "Vec", reshape: "Unvec", gt: "Greater", ge: "GreaterEqual", lt: "Less",
  le: "LessEqual", eq: "Equal", ne: "NotEqual", cases: "Which", vcat: "VerticalConcat", hcat: "HorizontalConcat", ones: "OnesMatrix",
  zeros: "ZeroMatrix", eye: "IdentityMatrix", unit: "UnitVector", commutation: "CommutationMatrix", expand: "Broadcast",
  exp: "Exp", log: "Ln", sqrt: "Sqrt", sin: "Sin", cos: "Cos", tan: "Tan", asin: "Arcsin", acos: "Arccos", atan: "Arctan", sinh: "Sinh",
  cosh: "Cosh", tanh: "Tanh", abs: "Abs", sign: "Sign", max: "Max", min: "Min", inv: "Inverse", det: "Determinant", norm2: "Norm", floor: "Floor",
  ceil: "Ceil", gamma: "Gamma", lgamma: "GammaLn", erf: "Erf", erfc: "Erfc", pinv: "PseudoInverse",
};

const dimJson = (d: Dim): MathJson => (/^-?\d+$/.test(d.key) ? Number(d.key) : d.key);
const indexJson = (i: Index): MathJson => (i.kind === "all" ? "All" : i.kind === "position" ? dimJson(i.at) : i.name);

/** A term as MathJSON. */
export function toMathJson(expr: Expr): MathJson {
  return fold<MathJson>(expr, (node, args) => {
    switch (node.kind) {
      case "num": {
        const { n, d } = node.value;
        const whole = (x: bigint): MathJson => (x >= -9007199254740991n && x <= 9007199254740991n ? Number(x) : { num: `${x}` });
        return d === 1n ? whole(n) : ["Rational", whole(n), whole(d)];
      }
      case "constant":
        return node.name === "pi" ? "Pi" : node.name;
      case "var":
        return node.name;
      case "dim":
        return dimJson(node.dim);
      case "entry":
        return ["At", args[0] as MathJson, ...node.at.map(indexJson)];
      case "indexSum":
        return ["Sum", args[0] as MathJson, ["Limits", node.index, 1, dimJson(node.range)]];
      case "unknown":
        return node.derivatives.length === 0
          ? [node.name, ...args]
          : [["Derivative", node.name, ...node.derivatives.map((i) => i + 1)], ...args];
      case "apply": {
        if (node.op === "mul") {
          const scalar = node.args.some((a) => isScalarShape(a.shape));
          return [scalar ? "Multiply" : "MatrixMultiply", ...args];
        }
        const head = Object.hasOwn(HEADS, node.op) ? (HEADS[node.op] as string) : node.op;
        return [head, ...args, ...node.params.map(dimJson)];
      }
    }
  });
}

/** MathJSON as text, without recursion over its depth. */
export function mathJsonText(json: MathJson): string {
  const out: string[] = [];
  const stack: (MathJson | { readonly raw: string })[] = [json];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    if (typeof top === "object" && "raw" in top) out.push(top.raw);
    else if (!Array.isArray(top)) out.push(JSON.stringify(top));
    else {
      out.push("[");
      stack.push({ raw: "]" });
      for (let i = top.length - 1; i >= 0; i--) {
        stack.push(top[i] as MathJson);
        if (i > 0) stack.push({ raw: ", " });
      }
    }
  }
  return out.join("");
}
