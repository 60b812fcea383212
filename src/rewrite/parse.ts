// Reads .rules files: lines of text in nabla's own notation.
//
//   source KEY  full reference
//   section Title
//   declare u, v : vector(n); t : scalar          parameters of the laws below
//   function name (alias, …) : signature; option value; …
//   group/case   left = right   if condition   [KEY place]
//
// The columns of a rule are separated by two or more spaces.
//
// Not here: what the line of a function says (functionLines.ts).

import { fail } from "../base/diagnostic.ts";
import { parseExpression } from "../elaborate/elaborate.ts";
import * as build from "../expr/build.ts";
import { isOneDim } from "../expr/dim.ts";
import { type Expr, isApply, nodes, type Variable, variables } from "../expr/expr.ts";
import { createFunctionTable, differentialName, type FunctionInfo, type FunctionTable } from "../expr/functions.ts";
import { scalarShape } from "../expr/shape.ts";
import { declarations, parseFunctions } from "./functionLines.ts";
import { PREDICATES, type Rule, type RuleCondition, type RuleKind, type RuleSet } from "./rule.ts";
import { type Line, refuseUnknown, splitLines } from "./ruleLines.ts";

/** Reads the text of a .rules file. Throws an InputError that points into the text. */
export function parseRules(text: string, known: FunctionTable = createFunctionTable([])): RuleSet {
  const lines = splitLines(text);
  const functions = parseFunctions(lines, known);
  const table = createFunctionTable([...known.all, ...functions]);
  const sources = new Map<string, string>();
  const placed: Placed[] = [];
  let declared: readonly Variable[] = [];
  let section = "";
  for (const line of lines) {
    const [word = ""] = line.text.split(/\s/, 1);
    const rest = line.text.slice(word.length).trim();
    if (word === "source") {
      const [key = ""] = rest.split(/\s/, 1);
      sources.set(key, rest.slice(key.length).trim());
    } else if (word === "section") section = rest;
    else if (word === "declare") declared = declarations(rest, line);
    else if (word !== "function") placed.push({ rule: parseRule(line, table, declared, section), line });
  }
  refuseTwins(placed);
  refuseCircles(placed);
  const rules = placed.map(({ rule }) => rule);
  const even = new Set(rules.filter(saysEven).map((r) => r.operator));
  return { functions: functions.map((f) => (even.has(f.name) ? { ...f, even: true } : f)), rules, sources };
}

/** f(−x) = f(x). */
function saysEven({ kind, operator, conditions, left, right }: Rule): boolean {
  const [turned, ...more] = left.args;
  if (kind !== "identity" || conditions.length > 0 || more.length > 0 || !isApply(turned, "neg")) return false;
  const [x] = turned.args;
  return x?.kind === "var" && isApply(right, operator) && right.args[0] === x;
}

/** A rule with the line that states it. */
interface Placed {
  readonly rule: Rule;
  readonly line: Line;
}

/** Rules of one name, and definitions of one function. */
function refuseTwins(placed: readonly Placed[]): void {
  const names = new Set<string>();
  const definitions = new Map<string, string>();
  for (const { rule, line } of placed) {
    if (names.has(rule.name))
      fail("declaration", `two rules are called ${rule.name}`, line.span, { fix: "another name behind the stroke" });
    names.add(rule.name);
    if (rule.kind !== "definition") continue;
    const first = definitions.get(rule.operator);
    if (first !== undefined)
      fail("declaration", `${rule.operator} is defined by ${first} already`, line.span, { fix: "an identity, with = and not :=" });
    definitions.set(rule.operator, rule.name);
  }
}

/** Rules that would be applied for ever: f(x) = f(f(x)), and definitions in a circle. */
function refuseCircles(placed: readonly Placed[]): void {
  const calls = (e: Expr): string[] => nodes(e).flatMap((n) => (n.kind === "apply" ? [n.op] : []));
  const definitions = new Map(placed.flatMap(({ rule }) => (rule.kind === "definition" ? [[rule.operator, rule] as const] : [])));
  for (const { rule, line } of placed) {
    const plain = rule.left.args.every((a) => a.kind === "var");
    if (rule.kind === "identity" && plain && calls(rule.right).includes(rule.operator) && rule.conditions.length === 0)
      fail("declaration", `${rule.name} has ${rule.operator} on its right side, too, and would never end`, line.span);
    if (rule.kind !== "definition") continue;
    const seen = new Set<string>();
    const open = calls(rule.right);
    for (let f = open.pop(); f !== undefined; f = open.pop()) {
      if (f === rule.operator) fail("declaration", `${rule.name} defines ${rule.operator} through itself`, line.span);
      const next = seen.has(f) ? undefined : definitions.get(f);
      seen.add(f);
      if (next !== undefined) open.push(...calls(next.right));
    }
  }
}

/** group/case, the group being any name of a function or operator. */
const RULE_NAME = /^[\p{L}\p{N}_-]+\/[a-z0-9-]+$/u;

/** The columns of a rule, its equation in parts. */
interface Columns {
  readonly name: string;
  readonly equation: string;
  /** What is differentiated where the left side is a differential d(…), else the left side. */
  readonly left: string;
  readonly isDifferential: boolean;
  readonly sign: string;
  readonly right: string;
  readonly condition: string | undefined;
  readonly source: string;
}

function columnsOf({ text, span }: Line): Columns {
  const m = /^(\S+)\s{2,}(.*?)(?:\s{2,}if\s+(.*?))?(?:\s{2,}\[([^\]]*)\])?$/u.exec(text);
  if (m === null) fail("syntax", "a rule reads: name  left = right  if condition  [source], columns two spaces apart", span);
  const [, name = "", equation = "", condition, source = ""] = m;
  const parts = /^(.*?)\s*(:?=>?)\s+(.*)$/u.exec(equation);
  if (parts === null || !RULE_NAME.test(name)) fail("syntax", "a rule is group/case  left = right", span);
  const [, whole = "", sign = "=", right = ""] = parts;
  const inner = /^d\((.*)\)$/u.exec(whole)?.[1];
  return { name, equation, left: inner ?? whole, isDifferential: inner !== undefined, sign, right, condition, source };
}

function parseRule(line: Line, table: FunctionTable, declared: readonly Variable[], section: string): Rule {
  const columns = columnsOf(line);
  const { name, equation, condition, source } = columns;
  const read = (text: string, scope: readonly Variable[]): Expr => {
    const parsed = parseExpression(text, { variables: scope, functions: table, dims: ["m", "n", "p", "q"] });
    if (!parsed.ok) fail("syntax", `in rule ${name}: ${parsed.diagnostics[0]?.message ?? "not an expression"}`, line.span);
    return parsed.expr;
  };
  const call = wholeCall(columns.left);
  const info = call === undefined ? undefined : table.find(call.name);
  const scope =
    info === undefined || call === undefined || hasPatterns(info, call.args, table, declared) ? declared : parametersOf(info, call.args);
  const left = read(columns.left, scope);
  const used = variables(left);
  const parameters = scope.filter((v) => used.includes(v));
  const differentials = parameters.map(
    (v) => [build.variable(`d${v.name}`, v.shape), build.variable(differentialName(v.name), v.shape)] as const,
  );
  const written = read(columns.right, [...parameters, ...differentials.map(([d]) => d)]);
  const right = build.substitute(written, new Map(differentials), table);
  const kind = kindOf(columns, info);
  const operator = operatorOf(kind, left, right, table);
  if (operator === undefined) fail("syntax", `the left side of rule ${name} names no function`, line.span);
  if (kind === "contraction" && isPowerOfEntries(left, table))
    fail("unsupported", `the left side of rule ${name} is a power of the entries of a whole matrix`, line.span, {
      fix: "a notation, with =>",
    });
  const text = `${equation}${condition === undefined ? "" : `   if ${condition}`}`;
  const rule = { name, operator, section, source, text, parameters, left, right };
  const [, greater, less] = /^(.*)>(.*)$/u.exec(condition ?? "") ?? [];
  if (greater === undefined || less === undefined) return { ...rule, kind, conditions: conditionsOf(condition, parameters, line) };
  const guard = build.add(read(greater, parameters), build.neg(read(less, parameters)));
  return { ...rule, kind: "guarded", conditions: [], guard };
}

/** What a rule is used for by its sides; `info` is the function whose call the left side is. */
function kindOf({ isDifferential, sign }: Columns, info: FunctionInfo | undefined): RuleKind {
  if (isDifferential) return info === undefined ? "law" : "differential";
  if (sign === "=>") return "notation";
  if (info === undefined) return "contraction";
  return sign === ":=" ? "definition" : "identity";
}

/** What the left side is about; a law of several factors is met where one of them is a function, not what that function takes. */
function operatorOf(kind: RuleKind, left: Expr, right: Expr, table: FunctionTable): string | undefined {
  const isFunction = (e: Expr | undefined): boolean => e?.kind === "apply" && table.find(e.op) !== undefined;
  const firstFunction = (e: Expr): Expr | undefined => (isFunction(e) ? e : e.args.map(firstFunction).find(isFunction));
  const about = kind === "contraction" ? firstFunction(left) : kind === "notation" ? (firstFunction(left) ?? firstFunction(right)) : left;
  return about?.kind === "apply" ? about.op : about?.kind;
}

/** tril(A).^2 and tril(A) .* tril(A): a contraction rewrites one factor, or several on different labels. */
function isPowerOfEntries(left: Expr, table: FunctionTable): boolean {
  if (left.kind !== "apply" || (left.op !== "hpow" && left.op !== "hadamard")) return false;
  const [base, other] = left.args;
  return base?.kind === "apply" && (left.op === "hpow" || base === other) && table.find(base.op)?.elementwise === false;
}

/** name(args) where the brackets enclose all the rest. */
function wholeCall(text: string): { name: string; args: string } | undefined {
  const [, name = "", args = ""] = /^([\p{L}\d_]+)\((.*)\)$/u.exec(text) ?? [];
  let depth = 0;
  for (const c of args) {
    if (c === "(") depth++;
    if (c === ")" && --depth < 0) return undefined;
  }
  return name === "" ? undefined : { name, args };
}

/** Whether a function stands over a pattern with whole matrices in it, or over fewer axes than it has, whose names are then those declared. */
function hasPatterns(info: FunctionInfo, args: string, table: FunctionTable, declared: readonly Variable[]): boolean {
  if (info.elementwise)
    return (
      args.includes("'") || [...args.matchAll(/([\p{L}][\p{L}\d_]*)\(/gu)].some(([, name]) => table.find(name ?? "")?.elementwise !== true)
    );
  return splitArguments(args).some((a, i) => {
    const [variable, param] = [declared.find((v) => v.name === a), info.params[i]];
    const isSmaller = variable !== undefined && param !== undefined && isOneDim(variable.shape.cols) && !isOneDim(param.cols);
    return isSmaller || !/^(?:[\p{L}][\p{L}\d_]*|\d+)$/u.test(a);
  });
}

const conditionsOf = (text: string | undefined, parameters: readonly Variable[], line: Line): RuleCondition[] =>
  (text ?? "")
    .split(/\s+and\s+/)
    .filter((c) => c !== "")
    .map((c) => parseCondition(c, parameters, line));

function parseCondition(text: string, parameters: readonly Variable[], line: Line): RuleCondition {
  const [predicate, parameter, ...more] = text.trim().split(/\s+/);
  if (predicate === undefined || parameter === undefined || more.length > 0) fail("syntax", "a condition reads: positive x", line.span);
  if (!PREDICATES.includes(predicate)) refuseUnknown("condition", predicate, PREDICATES, line);
  if (!parameters.some((p) => p.name === parameter))
    fail("declaration", `the condition ${predicate} is about ${parameter}, which the left side has not`, line.span, {
      fix: parameters.map((p) => p.name).join(", "),
    });
  return { predicate, parameter };
}

/** Parameters of a rule about a function: the plain names among its arguments, shaped as declared; names inside patterns likewise. */
function parametersOf(info: FunctionInfo, argumentText: string): Variable[] {
  if (info.elementwise)
    return [...new Set(argumentText.match(/[\p{L}][\p{L}\d_]*(?!\p{L}|\d|_|\()/gu) ?? [])].map((n) => build.variable(n, scalarShape()));
  const names = splitArguments(argumentText);
  return names.flatMap((n, i) => {
    const shape = info.params[i];
    return shape !== undefined && /^[\p{L}][\p{L}\d_]*$/u.test(n) ? [build.variable(n, shape)] : [];
  });
}

function splitArguments(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let current = "";
  for (const c of text) {
    if (c === "(" || c === "[") depth++;
    if (c === ")" || c === "]") depth--;
    if (c === "," && depth === 0) {
      parts.push(current.trim());
      current = "";
    } else current += c;
  }
  return [...parts, current.trim()];
}
