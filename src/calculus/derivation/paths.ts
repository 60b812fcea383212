// The derivative of one equation of the tape by the variable, as a sum of products: the
// local derivatives with the lines that show them, each followed along the one path or
// the total derivative of its operand.
//
// Three kinds of equations distribute the derivative without local ones: a sum over an
// index, a stack of names, and, in what is printed, a sum of terms.

import * as build from "../../expr/build.ts";
import { type Expr, isApply, type Variable } from "../../expr/expr.ts";
import { CHAIN_RULES, cite } from "./cite.ts";
import type { Tape, TapeNode } from "./introduce.ts";
import { derivativeOf, localSteps, type Setting, zeroDerivative } from "./local.ts";
import type { Link, NamedDerivative, RuleReference, Step } from "./model.ts";
import { type ChainFactor, chainProduct } from "./product.ts";
import { occurs } from "./terms.ts";

/** A derivative as a product of factors, outermost first; undefined for the variable by itself. */
export interface Path {
  readonly factor: ChainFactor;
  readonly link: Link;
  readonly rest: Path | undefined;
}

/** One pass over a tape. */
export interface Pass {
  readonly s: Setting;
  readonly tape: Tape;
  readonly steps: Step[];
  readonly paths: Map<Expr, Path | undefined>;
  readonly long: boolean;
  /** Every value is a number. */
  readonly scalar: boolean;
  /** Some equation has several operands. */
  readonly several: boolean;
  readonly symbols: NamedDerivative[];
}

/** Derivations of at most this many equations show the zeros of the total-derivative formula. */
const SHORT_TAPE = 12;
/** Sums of more terms do not show their constants. */
const MOST_TERMS_SHOWN = 4;

/** One summand of a derivative: a path, or what is no product. */
export interface Part {
  readonly path: Path | undefined;
  readonly expr: Expr;
  readonly links: readonly Link[];
}

/** The derivative of an equation as a sum, and that sum as a term. */
export interface Parts {
  readonly terms: readonly Part[];
  readonly expr: Expr;
  /** The rule by which the node distributes the derivative, where it does so without local derivatives. */
  readonly rule?: RuleReference;
}

/** The links of a path, from the equation to the variable. */
export function linksOf(path: Path | undefined): Link[] {
  const out: Link[] = [];
  for (let p = path; p !== undefined; p = p.rest) out.push(p.link);
  return out;
}

/** The factors of a path, from the equation to the variable. */
export function factorsOf(path: Path | undefined): ChainFactor[] {
  const out: ChainFactor[] = [];
  for (let p = path; p !== undefined; p = p.rest) out.push(p.factor);
  return out;
}

/** ∂name/∂variable along one path. */
function along(operand: Variable, pass: Pass): { expr: Expr; links: readonly Link[] } {
  const path = pass.paths.get(operand);
  if (path !== undefined) return { expr: chainProduct(factorsOf(path), pass.s.layout), links: linksOf(path) };
  const is = derivativeOf(operand, pass.s.variable, pass.s);
  return { expr: is, links: [{ of: operand, wrt: pass.s.variable, is }] };
}

const isStack = (e: Expr): boolean => e.kind === "apply" && (e.op === "vcat" || e.op === "hcat");
/** Whether a term is a sum of terms. */
export const isSum = (e: Expr): e is Expr & { kind: "apply" } => isApply(e, "add");

/** The derivative of a sum over an index or of a stack, which need no local derivative; undefined for other equations. */
export function distributed(node: TapeNode, pass: Pass): Parts | undefined {
  const { body } = node;
  if (body.kind === "indexSum") {
    const { expr, links } = along(body.args[0] as Variable, pass);
    const whole = build.indexSum(body.index, body.range, expr);
    return { terms: [{ path: undefined, expr: whole, links }], expr: whole, rule: CHAIN_RULES.sumOver };
  }
  return isStack(body) && !node.given && isStackOfNames(node, pass) ? stackParts(node, pass) : undefined;
}

/** Whether the cells are names, constants, or of the variable alone. */
const isStackOfNames = (node: TapeNode, pass: Pass): boolean => {
  const names = new Set<Expr>(node.operands.filter((o) => o !== pass.s.variable));
  return names.size > 0 && node.body.args.every((cell) => names.has(cell) || !occurs(cell, names));
};

function stackParts(node: TapeNode, pass: Pass): Parts {
  const { s } = pass;
  const terms = node.body.args.map((cell): Part => {
    if (pass.paths.has(cell)) return { path: undefined, ...along(cell as Variable, pass) };
    const is = derivativeOf(cell, s.variable, s);
    return { path: undefined, expr: is, links: [{ of: cell, wrt: s.variable, is }] };
  });
  const cells = terms.map((t) => t.expr);
  // In the denominator layout a number's gradient is a column of the stack.
  const op = s.layout === "denominator" ? "hcat" : "vcat";
  return { terms, expr: build.apply(op, cells), rule: CHAIN_RULES.gradients };
}

/** The lines of the local derivatives, and the path through each operand. */
export function localPaths(node: TapeNode, pass: Pass): Path[] {
  const { s, steps } = pass;
  steps.push(...termLines(node, pass));
  if (showsZero(node, pass)) steps.push(zeroLine(node, s));
  return node.operands.map((operand) => {
    const { element, partial } = localSteps(node, operand, s);
    if (element !== undefined) steps.push(element);
    steps.push(partial);
    const link: Link = { of: node.variable, wrt: operand, is: partial.is };
    return { factor: { expr: partial.is, of: node.variable.shape, by: operand.shape }, link, rest: pass.paths.get(operand) };
  });
}

/** The sum of the paths, written out. */
export function addPaths(node: TapeNode, paths: readonly Path[], pass: Pass): Parts {
  const along = paths.map((path): Part => ({ path, expr: chainProduct(factorsOf(path), pass.s.layout), links: linksOf(path) }));
  const zero = showsZero(node, pass) ? zeroLine(node, pass.s) : undefined;
  const terms =
    zero === undefined ? along : [{ path: undefined, expr: zero.is, links: [{ of: zero.of, wrt: zero.wrt, is: zero.is }] }, ...along];
  return { terms, expr: sumOfTerms(node, along, pass) ?? build.add(...terms.map((t) => t.expr)) };
}

const zeroLine = (node: TapeNode, s: Setting): Step => ({
  kind: "partial",
  of: node.variable,
  wrt: s.variable,
  via: [],
  is: build.num(0),
  layout: s.layout,
  rules: cite(s.library, "scalar/constant"),
});

/** The direct term of the total-derivative formula, zero where the variable is no operand. */
function showsZero(node: TapeNode, pass: Pass): boolean {
  if (!pass.scalar || !pass.several || pass.tape.nodes.length > SHORT_TAPE || node.operands.includes(pass.s.variable)) return false;
  if (isSum(node.body) && !node.given) return false;
  const scaled = node.body.kind === "apply" && ["mul", "div", "neg"].includes(node.body.op) && node.operands.length === 1;
  return !scaled && (node.operands.length > 1 || pass.paths.get(node.operands[0] as Variable)?.rest === undefined);
}

/** 3x: a number times the variable itself. */
const isMultiple = (body: Expr, variable: Expr): boolean =>
  isApply(body, "mul") && body.args[1] === variable && body.args[0]?.kind === "num";

/** ∂b/∂w = 0⃗ᵀ and ∂x/∂x = 1 for the terms of a sum that are worth no name. */
function termLines(node: TapeNode, pass: Pass): Step[] {
  const { s } = pass;
  const lines: Step[] = [];
  if (isMultiple(node.body, s.variable) && pass.scalar) {
    const line = { kind: "partial" as const, of: s.variable, wrt: s.variable, via: [], layout: s.layout };
    return [{ ...line, is: build.num(1), rules: [CHAIN_RULES.itself] }];
  }
  if (!isSum(node.body) || node.given || node.body.args.length > MOST_TERMS_SHOWN) return [];
  for (const signed of node.body.args) {
    const term = isApply(signed, "neg") ? (signed.args[0] as Expr) : signed;
    const line = { kind: "partial" as const, of: term, wrt: s.variable, via: [], layout: s.layout };
    if (term === s.variable && pass.scalar) lines.push({ ...line, is: build.num(1), rules: [CHAIN_RULES.itself] });
    else if (node === pass.tape.root && term.kind !== "num" && isConstant(term, node))
      lines.push({ ...line, is: zeroDerivative(term, s.variable, s.layout), rules: cite(s.library, "scalar/constant") });
  }
  return lines;
}

const isConstant = (term: Expr, node: TapeNode): boolean => !occurs(term, new Set<Expr>(node.operands));

/** The derivative of a sum term by term, in the order of the terms; undefined where a term is more than a name. */
function sumOfTerms(node: TapeNode, along: readonly Part[], pass: Pass): Expr | undefined {
  const { s } = pass;
  if (!isSum(node.body) || node.body.args.length < 2) return undefined;
  const operands = new Map<Expr, Part>(node.operands.map((o, i) => [o, along[i] as Part]));
  const moving = new Set<Expr>(node.operands);
  const shown: Expr[] = [];
  let used = 0;
  for (const term of node.body.args) {
    const minus = isApply(term, "neg");
    const inner = minus ? (term.args[0] as Expr) : term;
    const part = operands.get(inner);
    if (part !== undefined) {
      used++;
      const below = part.path?.rest;
      // 1·2x shows the two factors of a total derivative; I·A would only tire the reader.
      if (below === undefined || (pass.scalar && pass.several)) shown.push(part.expr);
      else {
        const value = chainProduct(factorsOf(below), s.layout);
        shown.push(minus ? build.neg(value) : value);
      }
    } else if (occurs(inner, moving)) return undefined;
    else if (node.body.args.length <= MOST_TERMS_SHOWN && inner.kind !== "num") shown.push(zeroDerivative(inner, s.variable, s.layout));
  }
  return used === node.operands.length ? build.add(...shown) : undefined;
}
