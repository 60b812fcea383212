// Steps two and three where every value is a number or a vector: local derivatives, and
// their combination by the chain rule that applies.
//
// A single path from the variable multiplies. Where paths meet, the derivative of the
// name is total and gets a line of its own, so that every later line has one factor for
// it. A sum over an index, a stack and a sum of terms distribute the derivative.

import { optional } from "../../base/optional.ts";
import * as build from "../../expr/build.ts";
import type { Dim } from "../../expr/dim.ts";
import type { Expr, Variable } from "../../expr/expr.ts";
import { isScalarShape } from "../../expr/shape.ts";
import { asCases } from "./cases.ts";
import { CHAIN_RULES, rulesFor } from "./cite.ts";
import type { Tape, TapeNode } from "./introduce.ts";
import type { Setting } from "./local.ts";
import type { Link, NamedDerivative, RuleReference, Step } from "./model.ts";
import { addPaths, distributed, factorsOf, isSum, linksOf, localPaths, type Parts, type Pass, type Path } from "./paths.ts";
import { type ChainFactor, chainProduct } from "./product.ts";
import { simplify } from "./terms.ts";

/** Longer tapes name their totals instead of writing them out, and simplify nothing on the way. */
export const LONG_TAPE = 40;

/** Lines up to the combined one; its value is that of the last step, in names. */
export function chainSteps(tape: Tape, s: Setting): { readonly steps: Step[]; readonly symbols: readonly NamedDerivative[] } {
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

function visit(node: TapeNode, pass: Pass): void {
  const isRoot = node === pass.tape.root;
  const parts = distributed(node, pass);
  if (parts !== undefined) {
    if (isRoot) combine(node, parts, pass);
    else total(node, parts, pass);
    return;
  }
  const paths = localPaths(node, pass);
  const named = node.operands.some((o) => o !== pass.s.variable);
  if (isRoot) {
    if (named) combine(node, addPaths(node, paths, pass), pass);
  } else if (paths.length > 1 || (isSum(node.body) && named)) total(node, addPaths(node, paths, pass), pass);
  else pass.paths.set(node.variable, paths[0]);
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
    ...optional({ cases: asCases(is) }),
    ...optional({ index: node.index }),
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
  return rulesFor(node.body, node.operands[0] as Variable, node.operands, pass.s.library);
}

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
  pass.steps.push({ ...line, via: is === parts.expr ? [] : [parts.expr], is, chain, ...optional({ cases: asCases(is) }) });
}

function combinationRules(node: TapeNode, parts: Parts, pass: Pass): RuleReference[] {
  if (parts.rule !== undefined && parts.terms.every((t) => t.links.length <= 1)) return [parts.rule];
  const chain = pass.scalar
    ? [pass.several ? CHAIN_RULES.total : CHAIN_RULES.single]
    : [isDiagonalChain(parts) ? CHAIN_RULES.diagonal : CHAIN_RULES.vector];
  if (parts.rule !== undefined) return [parts.rule, ...chain];
  const distributes = isSum(node.body) && node.operands.length === 1 && parts.terms.every((t) => t.path?.rest?.rest === undefined);
  return distributes && !pass.scalar ? rulesFor(node.body, node.operands[0] as Variable, node.operands, pass.s.library) : chain;
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
      ...optional({ cases: asCases(is) }),
    });
    done = { expr: is, of: done.of, by: factor.by };
  }
}
