// Which rule of the library an operator is differentiated by, for a reader to look up.
// The laws of structural operators are found by name; a function cites its differential
// or, where it is given through others, its definition.
//
// Invariant: only rules that the library has are cited. Not here: how a rule is applied
// (src/tensor).

import { dictionary } from "../../base/dictionary.ts";
import { type Apply, type Expr, isApply, nodes } from "../../expr/expr.ts";
import { isComparison, isOperator, type OperatorName } from "../../expr/operators.ts";
import { isMatrixShape, isScalarShape, isVectorShape } from "../../expr/shape.ts";
import type { Library } from "../../rewrite/library.ts";
import type { Rule } from "../../rewrite/rule.ts";
import type { RuleReference } from "./model.ts";

const named = new WeakMap<Library, ReadonlyMap<string, Rule>>();

function ruleNamed(library: Library, name: string): Rule | undefined {
  let table = named.get(library);
  if (table === undefined) {
    table = new Map(library.rules.map((r) => [r.name, r]));
    named.set(library, table);
  }
  return table.get(name);
}

// biome-ignore format: a table is read by columns
/** What people call the laws; a law that is not here goes by the words of its name. */
const TITLES = dictionary<string>({
  "scalar/constant":        "constant",
  "scalar/sum":             "sum rule",
  "scalar/difference":      "difference rule",
  "scalar/minus":           "minus",
  "scalar/product":         "product rule",
  "scalar/quotient":        "quotient rule",
  "scalar/power":           "power rule",
  "elementwise/sum":        "element-wise sum",
  "elementwise/difference": "element-wise difference",
  "elementwise/minus":      "element-wise minus",
  "elementwise/product":    "element-wise product",
  "elementwise/quotient":   "element-wise quotient",
  "elementwise/power":      "element-wise power",
  "expansion/sum":          "scalar expansion",
  "expansion/product":      "scalar expansion",
  "expansion/quotient":     "scalar expansion",
  "reduction/sum":          "sum reduction",
  "reduction/dot":          "dot product",
  "matrix/product":         "matrix product",
  "matrix/vector-product":  "matrix times vector",
  "matrix/transpose":       "transpose",
  "matrix/trace":           "trace",
  "matrix/diagonal":        "diagonal matrix",
  "matrix/kronecker":       "Kronecker product",
  "matrix/vec":             "vectorization",
  "matrix/reshape":         "a vector cut into columns",
  "matrix/frobenius":       "Frobenius product",
});

// biome-ignore format: a table is read by columns
/** The chain rules and conventions that combine what the library's rules give, and what needs no rule. */
export const CHAIN_RULES = {
  single:      { name: "chain/single",      title: "single-variable chain rule",                  source: "PH18 §4.5.1" },
  total:       { name: "chain/total",       title: "single-variable total-derivative chain rule", source: "PH18 §4.5.2" },
  vector:      { name: "chain/vector",      title: "vector chain rule",                           source: "PH18 §4.5.3" },
  diagonal:    { name: "chain/diagonal",    title: "vector chain rule, diagonal case",            source: "PH18 §4.5.3" },
  shape:       { name: "chain/shape",       title: "matrix chain rule (shape convention)",        source: "CS224N" },
  differential:{ name: "chain/differential", title: "chain rule of differentials",                source: "MN19 ch. 5" },
  gradients:   { name: "jacobian/rows",     title: "gradients stacked as rows",                   source: "PH18 §4" },
  identity:    { name: "jacobian/identity", title: "identity function",                           source: "PH18 §4.1" },
  sumOver:     { name: "reduction/index",   title: "derivative of a sum",                         source: "PH18 §4.4" },
  multiple:    { name: "scalar/multiple",   title: "constant multiple",                           source: "PH18 §2" },
  itself:      { name: "scalar/itself",     title: "derivative of the variable itself",           source: "PH18 §2" },
  cases:       { name: "piecewise/cases",   title: "case by case",                                source: "PH18 §5" },
  condition:   { name: "piecewise/condition", title: "constant on either side",                   source: "PH18 §5" },
  entry:       { name: "jacobian/entry",    title: "partial derivative",                          source: "PH18 §3" },
} as const satisfies Record<string, RuleReference>;

const titleOf = (rule: Rule): string => {
  if (rule.kind === "guarded") return rule.text.replace(/\s{2,}if/, " where");
  const known = TITLES[rule.name];
  if (known !== undefined) return known;
  const [group = "", detail = ""] = rule.name.split("/");
  if (detail.startsWith("derivative")) return `derivative of ${group}`;
  return detail === "definition" ? `definition of ${group}` : `${group}, ${detail}`;
};

/** A rule as a reader looks it up. */
export const reference = (rule: Rule): RuleReference => ({ name: rule.name, title: titleOf(rule), source: rule.source });

/** A law or rule of the library by name, where the library has it. */
export function cite(library: Library, name: string): RuleReference[] {
  const rule = ruleNamed(library, name);
  return rule === undefined ? [] : [reference(rule)];
}

/** Equations with more operators than this cite none of them singly. */
const MOST_CITED = 4;

/** The rules that differentiate `body` by the operand, innermost operator last; `operands` are all that may vary. */
export function rulesFor(body: Expr, operand: Expr, operands: readonly Expr[], library: Library): RuleReference[] {
  const found = new Map<string, RuleReference>();
  const all = nodes(body);
  const reach = (from: readonly Expr[]): Set<Expr> => {
    const out = new Set<Expr>(from);
    for (const node of all) if (node.args.some((a) => out.has(a))) out.add(node);
    return out;
  };
  const used = reach([operand]);
  const moving = reach(operands);
  for (const node of all.reverse()) {
    if (node === operand || !used.has(node)) continue;
    if (node.kind === "apply") for (const r of rulesOf(node, { used, moving }, library)) found.set(r.name, r);
    if (node.kind === "indexSum") found.set(CHAIN_RULES.sumOver.name, CHAIN_RULES.sumOver);
  }
  const list = [...found.values()];
  // A sign or a transpose is worth a line only where nothing else happens.
  const main = list.filter((r) => !INCIDENTAL.has(r.name));
  const kept = main.length > 0 ? main : list;
  return kept.length > MOST_CITED ? [] : kept;
}

/** Laws that are cited only where no other is. */
const INCIDENTAL: ReadonlySet<string> = new Set(["scalar/minus", "elementwise/minus", "matrix/transpose"]);

interface Dependence {
  /** What depends on the operand at hand. */
  readonly used: ReadonlySet<Expr>;
  /** What depends on any operand. */
  readonly moving: ReadonlySet<Expr>;
}

function rulesOf(node: Apply, { used, moving }: Dependence, library: Library): RuleReference[] {
  if (isOperator(node.op)) {
    const law = lawOf(node, node.op, moving);
    return typeof law === "string" ? cite(library, law) : law === undefined ? [] : [law];
  }
  const position = node.args.findIndex((a) => used.has(a));
  const rulesOfNode = library.find(node.op);
  const isJoint = node.args.filter((a) => used.has(a)).length > 1;
  const differential = (isJoint ? rulesOfNode?.jointDifferentials : rulesOfNode?.differentials)?.[position];
  if (differential !== undefined && differential !== "zero") return cite(library, differential.name);
  const rules = library.rules.filter((r) => r.kind === "definition" && r.operator === node.op);
  return rules.map(reference);
}

// biome-ignore format: a table is read by columns
/** Names of the laws of operators that have one for numbers and one for everything else. */
const LAWS: Partial<Record<OperatorName, readonly [ofNumbers: string, ofArrays: string]>> = {
  neg:       ["scalar/minus",     "elementwise/minus"],
  hadamard:  ["scalar/product",   "elementwise/product"],
  hdiv:      ["scalar/quotient",  "elementwise/quotient"],
  hpow:      ["scalar/power",     "elementwise/power"],
  pow:       ["scalar/power",     "matrix/product"],
  expand:    ["expansion/sum",    "expansion/sum"],
  sum:       ["reduction/sum",    "reduction/sum"],
  tr:        ["matrix/trace",     "matrix/trace"],
  transpose: ["matrix/transpose", "matrix/transpose"],
  diag:      ["matrix/diagonal",  "matrix/diagonal"],
  kron:      ["matrix/kronecker", "matrix/kronecker"],
  vec:       ["matrix/vec",       "matrix/vec"],
  reshape:   ["matrix/reshape",   "matrix/reshape"],
};

/** The law of a structural operator, by the shapes of its arguments and what of them varies; undefined where there is none to cite. */
function lawOf({ args, shape }: Apply, op: OperatorName, moving: ReadonlySet<Expr>): string | RuleReference | undefined {
  const [a, b] = args as [Expr, Expr];
  const isNumber = isScalarShape(shape);
  if (isComparison(op)) return CHAIN_RULES.condition;
  switch (op) {
    case "add": {
      const name = args.some((t) => isApply(t, "neg")) ? "difference" : "sum";
      return isNumber ? `scalar/${name}` : `elementwise/${name}`;
    }
    case "div":
      if (isNumber && !moving.has(b)) return CHAIN_RULES.multiple;
      return isNumber ? "scalar/quotient" : "expansion/quotient";
    case "mul": {
      const isMultiple = isNumber && isScalarShape(a.shape) && !(moving.has(a) && moving.has(b));
      return isMultiple ? CHAIN_RULES.multiple : productLaw(a, b, isNumber);
    }
    case "dot":
      return isMatrixShape(a.shape) ? "matrix/frobenius" : "reduction/dot";
    case "vcat":
    case "hcat":
      return CHAIN_RULES.gradients;
    case "cases":
      return CHAIN_RULES.cases;
    default:
      return LAWS[op]?.[isNumber ? 0 : 1];
  }
}

function productLaw(a: Expr, b: Expr, isNumber: boolean): string {
  if (isScalarShape(a.shape) && isScalarShape(b.shape)) return "scalar/product";
  if (isScalarShape(a.shape) || isScalarShape(b.shape)) return "expansion/product";
  if (isNumber && isVectorShape(a.shape)) return "reduction/dot";
  return isVectorShape(a.shape) || isVectorShape(b.shape) ? "matrix/vector-product" : "matrix/product";
}
