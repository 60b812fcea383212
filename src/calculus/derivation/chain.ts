// Steps two and three where every value is a number or a vector: local derivatives, and
// their combination by the chain rule that applies.
//
// A single path from the variable multiplies. Where paths meet, the derivative of the
// name is total and gets a line of its own, so that every later line has one factor for
// it. A sum over an index, a stack and a sum of terms distribute the derivative.

import * as build from "../../expr/build.ts";
import type { Dim } from "../../expr/dim.ts";
import type { Expr, Variable } from "../../expr/expr.ts";
import { isScalarShape } from "../../expr/shape.ts";
import { asCases } from "./cases.ts";
import { CHAIN_RULES, cite, rulesFor } from "./cite.ts";
import type { Tape, TapeNode } from "./introduce.ts";
import { derivativeOf, localSteps, type Setting, zeroDerivative } from "./local.ts";
import type { Link, RuleReference, Step, Symbol } from "./model.ts";
import { type ChainFactor, chainProduct } from "./product.ts";
import { occurs, simplify } from "./terms.ts";

/** A derivative as a product of factors, outermost first; empty for the variable by itself. */
interface Path {
  readonly factor: ChainFactor;
  readonly link: Link;
  readonly rest: Path | undefined;
}

/** Longer tapes name their totals instead of writing them out, and simplify nothing on the way. */
export const LONG_TAPE = 40;
/** Derivations of at most this many equations show the zeros of the total-derivative formula. */
const SHORT_TAPE = 12;
/** Sums of more terms do not show their constants. */
const MOST_TERMS_SHOWN = 4;

interface Pass {
  readonly s: Setting;
  readonly tape: Tape;
  readonly steps: Step[];
  readonly paths: Map<Expr, Path | undefined>;
  readonly long: boolean;
  /** Every value is a number. */
  readonly scalar: boolean;
  /** Some equation has several operands. */
  readonly several: boolean;
  readonly symbols: Symbol[];
}

/** Lines up to the combined one; its value is that of the last step, in names. */
export function chainSteps(tape: Tape, s: Setting): { readonly steps: Step[]; readonly symbols: readonly Symbol[] } {
  const moving = tape.nodes.filter((n) => n.operands.length > 0);
  const pass: Pass = {
    s,
    tape,
    steps: [],
    paths: new Map([[s.variable, undefined]]),
    long: tape.nodes.length > LONG_TAPE,
    scalar: isScalarShape(s.variable.shape) && moving.every((n) => isScalarShape(n.variable.shape)),
    several: moving.some((n) => n.operands.length > 1),
    symbols: [],
  };
  for (const node of tape.nodes) if (node.operands.length > 0) visit(node, pass);
  return { steps: pass.steps, symbols: pass.symbols };
}

const isStack = (e: Expr): boolean => e.kind === "apply" && (e.op === "vcat" || e.op === "hcat");
const isSum = (e: Expr): e is Expr & { kind: "apply" } => e.kind === "apply" && e.op === "add";

function visit(node: TapeNode, pass: Pass): void {
  const isRoot = node === pass.tape.root;
  const parts = partsOf(node, pass);
  const named = node.operands.some((o) => o !== pass.s.variable);
  if (isRoot) {
    if (named || parts.rule !== undefined) combine(node, parts, pass);
    return;
  }
  const merges = node.operands.length > 1 || parts.rule !== undefined || (isSum(node.body) && named);
  if (merges) total(node, parts, pass);
  else pass.paths.set(node.variable, parts.terms[0]?.path);
}

/** One summand of a derivative: a path, or a constant term's zero. */
interface Part {
  readonly path: Path | undefined;
  readonly expr: Expr;
  readonly links: readonly Link[];
}

interface Parts {
  readonly terms: readonly Part[];
  readonly expr: Expr;
  /** The rule by which the node distributes the derivative, where it does so without local derivatives. */
  readonly rule?: RuleReference;
}

function linksOf(path: Path | undefined): Link[] {
  const out: Link[] = [];
  for (let p = path; p !== undefined; p = p.rest) out.push(p.link);
  return out;
}

function factorsOf(path: Path | undefined): ChainFactor[] {
  const out: ChainFactor[] = [];
  for (let p = path; p !== undefined; p = p.rest) out.push(p.factor);
  return out;
}

/** ∂name/∂variable along one path. */
function valueOf(operand: Variable, pass: Pass): { expr: Expr; links: readonly Link[] } {
  const path = pass.paths.get(operand);
  if (path !== undefined) return { expr: chainProduct(factorsOf(path), pass.s.layout), links: linksOf(path) };
  const is = derivativeOf(operand, pass.s.variable, pass.s);
  return { expr: is, links: [{ of: operand, wrt: pass.s.variable, is }] };
}

function partsOf(node: TapeNode, pass: Pass): Parts {
  const { body } = node;
  if (body.kind === "indexSum") {
    const { expr, links } = valueOf(body.args[0] as Variable, pass);
    const whole = build.indexSum(body.index, body.range, expr);
    return { terms: [{ path: undefined, expr: whole, links }], expr: whole, rule: CHAIN_RULES.sumOver };
  }
  if (isStack(body) && !node.given && isStackOfNames(node, pass)) return stackParts(node, pass);
  return localParts(node, pass);
}

/** Whether the cells are names, constants, or of the variable alone. */
const isStackOfNames = (node: TapeNode, pass: Pass): boolean => {
  const names = new Set<Expr>(node.operands.filter((o) => o !== pass.s.variable));
  return names.size > 0 && node.body.args.every((cell) => names.has(cell) || !occurs(cell, names));
};

function stackParts(node: TapeNode, pass: Pass): Parts {
  const { s } = pass;
  const terms = node.body.args.map((cell): Part => {
    if (pass.paths.has(cell)) return { path: undefined, ...valueOf(cell as Variable, pass) };
    const is = derivativeOf(cell, s.variable, s);
    return { path: undefined, expr: is, links: [{ of: cell, wrt: s.variable, is }] };
  });
  const cells = terms.map((t) => t.expr);
  // In the denominator layout a number's gradient is a column of the stack.
  const op = s.layout === "denominator" ? "hcat" : "vcat";
  return { terms, expr: build.apply(op, cells), rule: CHAIN_RULES.gradients };
}

function localParts(node: TapeNode, pass: Pass): Parts {
  const { s, steps } = pass;
  steps.push(...termLines(node, pass));
  const terms: Part[] = [];
  if (showsZero(node, pass)) {
    const zero: Step = { kind: "partial", of: node.variable, wrt: s.variable, via: [], is: build.num(0), layout: s.layout, rules: cite(s.library, "scalar/constant") };
    steps.push(zero);
    terms.push({ path: undefined, expr: zero.is, links: [{ of: zero.of, wrt: zero.wrt, is: zero.is }] });
  }
  for (const operand of node.operands) {
    const { element, partial } = localSteps(node, operand, s);
    if (element !== undefined) steps.push(element);
    steps.push(partial);
    const link: Link = { of: node.variable, wrt: operand, is: partial.is };
    const path: Path = { factor: { expr: partial.is, of: node.variable.shape, by: operand.shape }, link, rest: pass.paths.get(operand) };
    terms.push({ path, expr: chainProduct(factorsOf(path), s.layout), links: linksOf(path) });
  }
  return { terms, expr: sumOfTerms(node, terms, pass) ?? addAll(terms.map((t) => t.expr)) };
}

const addAll = (list: readonly Expr[]): Expr => (list.length === 1 ? (list[0] as Expr) : build.apply("add", list));

/** The direct term of the total-derivative formula, zero where the variable is no operand. */
function showsZero(node: TapeNode, pass: Pass): boolean {
  if (!pass.scalar || !pass.several || pass.tape.nodes.length > SHORT_TAPE || node.operands.includes(pass.s.variable)) return false;
  if (isSum(node.body) && !node.given) return false;
  const scaled = node.body.kind === "apply" && ["mul", "div", "neg"].includes(node.body.op) && node.operands.length === 1;
  return !scaled && (node.operands.length > 1 || pass.paths.get(node.operands[0] as Variable)?.rest === undefined);
}

/** 3x: a number times the variable itself. */
const isMultiple = (body: Expr, variable: Expr): boolean =>
  body.kind === "apply" && body.op === "mul" && body.args[1] === variable && body.args[0]?.kind === "num";

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
    const term = signed.kind === "apply" && signed.op === "neg" ? (signed.args[0] as Expr) : signed;
    const line = { kind: "partial" as const, of: term, wrt: s.variable, via: [], layout: s.layout };
    if (term === s.variable && pass.scalar) lines.push({ ...line, is: build.num(1), rules: [CHAIN_RULES.itself] });
    else if (node === pass.tape.root && term.kind !== "num" && isConstant(term, node))
      lines.push({ ...line, is: zeroDerivative(term, s.variable, s.layout), rules: cite(s.library, "scalar/constant") });
  }
  return lines;
}

const isConstant = (term: Expr, node: TapeNode): boolean => !occurs(term, new Set<Expr>(node.operands));

/** The derivative of a sum term by term, in the order of the terms; undefined where a name stands in several terms. */
function sumOfTerms(node: TapeNode, terms: readonly Part[], pass: Pass): Expr | undefined {
  const { s } = pass;
  if (!isSum(node.body) || node.body.args.length < 2) return undefined;
  const shown: Expr[] = [];
  let used = 0;
  for (const term of node.body.args) {
    const minus = term.kind === "apply" && term.op === "neg";
    const inner = minus ? (term.args[0] as Expr) : term;
    if (isConstant(inner, node)) {
      if (node.body.args.length <= MOST_TERMS_SHOWN && inner.kind !== "num") shown.push(zeroDerivative(inner, s.variable, s.layout));
      continue;
    }
    const index = node.operands.indexOf(inner as Variable);
    if (index < 0) return undefined;
    used++;
    const part = terms[terms.length - node.operands.length + index] as Part;
    const below = part.path?.rest;
    // 1·2x shows the two factors of a total derivative; I·A would only tire the reader.
    if (below === undefined || (pass.scalar && pass.several)) shown.push(part.expr);
    else {
      const value = chainProduct(factorsOf(below), s.layout);
      shown.push(minus ? build.neg(value) : value);
    }
  }
  return used === node.operands.length && used + node.body.args.filter((t) => isConstant(t, node)).length === node.body.args.length ? addAll(shown) : undefined;
}

function total(node: TapeNode, parts: Parts, pass: Pass): void {
  const { s } = pass;
  const is = pass.long ? parts.expr : simplify(parts.expr, s, { sums: true });
  const step: Step = {
    kind: "total",
    of: node.variable,
    wrt: s.variable,
    via: is === parts.expr ? [] : [parts.expr],
    is,
    layout: s.layout,
    rules: parts.rule !== undefined ? [parts.rule] : totalRules(node, pass),
    chain: parts.terms.map((t) => t.links),
    ...withCases(is),
    ...(node.index === undefined ? {} : { index: node.index }),
  };
  pass.steps.push(step);
  let value = is;
  if (pass.long) {
    value = build.variable(`∂${node.variable.name}/∂${s.variable.name}`, is.shape);
    pass.symbols.push({ variable: value as Variable, of: node.variable, wrt: s.variable, is });
  }
  const link: Link = { of: node.variable, wrt: s.variable, is: value };
  pass.paths.set(node.variable, { factor: { expr: value, of: node.variable.shape, by: s.variable.shape }, link, rest: undefined });
}

function totalRules(node: TapeNode, pass: Pass): RuleReference[] {
  if (node.operands.length > 1) return [pass.scalar ? CHAIN_RULES.total : CHAIN_RULES.vector];
  return rulesFor(node.body, node.operands[0] as Variable, pass.s.library);
}

const withCases = (is: Expr): { cases?: Expr } => {
  const cases = asCases(is);
  return cases === undefined ? {} : { cases };
};

function combine(node: TapeNode, parts: Parts, pass: Pass): void {
  const { s } = pass;
  const rules = combinationRules(node, parts, pass);
  const chain = parts.terms.map((t) => t.links);
  const line = { kind: "combine" as const, of: node.variable, wrt: s.variable, layout: s.layout, rules };
  const only = parts.terms.length === 1 && parts.rule === undefined ? parts.terms[0]?.path : undefined;
  if (only !== undefined && runs(node, only, pass)) {
    pass.steps.push({ ...line, via: [], is: parts.expr, chain });
    runningProducts(node, only, pass);
    return;
  }
  const is = pass.long ? parts.expr : simplify(parts.expr, s, { sums: true });
  pass.steps.push({ ...line, via: is === parts.expr ? [] : [parts.expr], is, chain, ...withCases(is) });
}

function combinationRules(node: TapeNode, parts: Parts, pass: Pass): RuleReference[] {
  if (parts.rule !== undefined && parts.terms.every((t) => t.links.length <= 1)) return [parts.rule];
  const chain = pass.scalar
    ? [pass.several ? CHAIN_RULES.total : CHAIN_RULES.single]
    : [isDiagonalChain(parts) ? CHAIN_RULES.diagonal : CHAIN_RULES.vector];
  if (parts.rule !== undefined) return [parts.rule, ...chain];
  const distributes = isSum(node.body) && node.operands.length === 1 && parts.terms.every((t) => (t.path?.rest?.rest === undefined));
  return distributes && !pass.scalar ? rulesFor(node.body, node.operands[0] as Variable, pass.s.library) : chain;
}

/** Whether a product of several factors has diagonal matrices only. */
function isDiagonalChain(parts: Parts): boolean {
  const factors = parts.terms.length === 1 ? factorsOf(parts.terms[0]?.path) : [];
  return factors.length > 1 && factors.every((f) => isDiagonal(f.expr));
}

function isDiagonal(expr: Expr): boolean {
  let e = expr;
  for (;;) {
    if (e.kind !== "apply") return false;
    if (e.op === "eye") return true;
    if (e.op === "diag") return !isScalarShape(e.shape) && sideOf(e) !== undefined;
    if (e.op === "neg") e = e.args[0] as Expr;
    else if (e.op === "mul" && e.args.some((a) => isScalarShape(a.shape))) e = e.args.find((a) => !isScalarShape(a.shape)) ?? build.num(0);
    else return false;
  }
}

const sideOf = (e: Expr): Dim | undefined => (e.shape.rows === e.shape.cols ? e.shape.rows : undefined);

/** Whether multiplying from the left makes every product a row times a matrix: a number, through at least two vectors. */
function runs(node: TapeNode, path: Path, pass: Pass): boolean {
  const factors = factorsOf(path);
  const vectors = factors.slice(0, -1).some((f) => !isScalarShape(f.by));
  return !pass.long && isScalarShape(node.variable.shape) && factors.length >= 3 && vectors;
}

/** A number's derivative multiplied from the left: one line for every value on the way. */
function runningProducts(node: TapeNode, path: Path, pass: Pass): void {
  const { s } = pass;
  const [factors, links] = [factorsOf(path), linksOf(path)];
  let done = factors[0] as ChainFactor;
  for (let k = 1; k < factors.length; k++) {
    const factor = factors[k] as ChainFactor;
    const link = links[k] as Link;
    const expr = chainProduct([done, factor], s.layout);
    const is = simplify(expr, s, { sums: true });
    pass.steps.push({
      kind: "combine",
      of: node.variable,
      wrt: link.wrt,
      via: is === expr ? [] : [expr],
      is,
      layout: s.layout,
      rules: [CHAIN_RULES.vector],
      chain: [[{ of: node.variable, wrt: link.of, is: done.expr }, link]],
      ...withCases(is),
    });
    done = { expr: is, of: done.of, by: factor.by };
  }
}
