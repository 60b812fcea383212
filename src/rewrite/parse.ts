// Reads .rules files: lines of text in nabla's own notation.
//
//   source KEY  full reference
//   section Title
//   declare u, v : vector(n); t : scalar          parameters of the laws below
//   function name (alias, …) : signature; key value; …
//   group/case   left = right   if condition   [KEY place]
//
// The columns of a rule are separated by two or more spaces. Signatures are `elementwise`,
// `elementwise 2` or shapes such as `matrix(m, n), vector(n) -> scalar`.

import { fail } from "../base/diagnostic.ts";
import { span } from "../base/span.ts";
import { parseDeclarations, parseExpression } from "../elaborate/elaborate.ts";
import * as build from "../expr/build.ts";
import { isOneDim } from "../expr/dim.ts";
import { type Expr, nodes, type Variable, variables } from "../expr/expr.ts";
import { createFunctionTable, DOMAINS, type Domain, type FunctionInfo, type FunctionTable } from "../expr/functions.ts";
import { type Shape, scalarShape } from "../expr/shape.ts";
import { differentialName, type Rule, type RuleCondition, type RuleSet } from "./rule.ts";

/** Reads the text of a .rules file. Throws an InputError that points into the text. */
export function parseRules(text: string, known: FunctionTable = createFunctionTable([])): RuleSet {
  const lines = splitLines(text);
  const functions = parseFunctions(lines);
  for (const [i, f] of functions.entries()) {
    if (known.find(f.name) !== undefined || functions.findIndex((g) => g.name === f.name) < i)
      fail("declaration", `the function ${f.name} is declared twice`, span(0, 0));
  }
  const table = createFunctionTable([...known.all, ...functions]);
  const sources = new Map<string, string>();
  const rules: Rule[] = [];
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
    else if (word !== "function") rules.push(parseRule(line, table, declared, section));
  }
  refuseCircles(rules);
  return { functions, rules, sources };
}

/** Rules that would be applied for ever: f(x) = f(f(x)), and definitions in a circle. */
function refuseCircles(rules: readonly Rule[]): void {
  const calls = (e: Expr): string[] => nodes(e).flatMap((n) => (n.kind === "apply" ? [n.op] : []));
  const definitions = new Map(rules.flatMap((r) => (r.kind === "definition" ? [[r.operator, r] as const] : [])));
  for (const rule of rules) {
    const plain = rule.left.args.every((a) => a.kind === "var");
    if (rule.kind === "identity" && plain && calls(rule.right).includes(rule.operator) && rule.conditions.length === 0)
      fail("declaration", `${rule.name} has ${rule.operator} on its right side, too, and would never end`, span(0, 0));
    if (rule.kind !== "definition") continue;
    const seen = new Set<string>();
    const open = calls(rule.right);
    for (let f = open.pop(); f !== undefined; f = open.pop()) {
      if (f === rule.operator) fail("declaration", `${rule.name} defines ${rule.operator} through itself`, span(0, 0));
      const next = seen.has(f) ? undefined : definitions.get(f);
      seen.add(f);
      if (next !== undefined) open.push(...calls(next.right));
    }
  }
}

function parseFunctions(lines: readonly Line[]): FunctionInfo[] {
  let section = "";
  return lines.flatMap((line) => {
    if (line.text.startsWith("section ")) section = line.text.slice("section".length).trim();
    return line.text.startsWith("function ") ? [{ ...parseFunction(line), ...(section === "" ? {} : { section }) }] : [];
  });
}

interface Line {
  readonly text: string;
  readonly offset: number;
}

function splitLines(text: string): Line[] {
  const lines: Line[] = [];
  let offset = 0;
  for (const raw of text.split("\n")) {
    const trimmed = raw.trim();
    if (trimmed !== "" && !trimmed.startsWith("#")) lines.push({ text: trimmed, offset: offset + raw.indexOf(trimmed) });
    offset += raw.length + 1;
  }
  return lines;
}

const lineSpan = (line: Line): { start: number; end: number } => span(line.offset, line.offset + line.text.length);

function declarations(text: string, line: Line): readonly Variable[] {
  const parsed = parseDeclarations(text);
  if (!parsed.ok) fail("declaration", parsed.diagnostics[0]?.message ?? "not a declaration", lineSpan(line));
  return parsed.variables;
}

const RANGES = ["positive", "nonnegative"] as const;

function parseFunction(line: Line): FunctionInfo {
  const m = /^function\s+(\S+)\s*(?:\(([^)]*)\))?\s*:\s*(.*)$/u.exec(line.text);
  if (m === null) fail("syntax", "a function line reads: function name (alias) : signature; key value", lineSpan(line));
  const [, name = "", aliasText = "", rest = ""] = m;
  const [signature = "", ...options] = rest.split(";").map((p) => p.trim());
  const option = (key: string): string | undefined =>
    options
      .find((o) => o === key || o.startsWith(`${key} `))
      ?.slice(key.length)
      .trim();
  const { elementwise, params, result } = parseSignature(signature, line);
  // One domain for all arguments, or one for each.
  const stated = (option("domain") ?? "real").split(",").map((d) => d.trim());
  const domains = params.map((_, i) => (stated.length === 1 ? stated[0] : stated[i]) ?? "real");
  const range = option("range");
  const latex = option("latex");
  const kinks = option("kinks");
  const rows = option("rows");
  const notation = option("notation");
  const refusal = option("refusal");
  if (notation !== undefined && notation !== "pow" && notation !== "hpow")
    fail("declaration", `no notation is called ${notation}`, lineSpan(line), { fix: "pow, hpow" });
  for (const d of stated)
    if (!DOMAINS.includes(d as Domain)) fail("declaration", `no domain is called ${d}`, lineSpan(line), { fix: DOMAINS.join(", ") });
  if (range !== undefined && !RANGES.includes(range as (typeof RANGES)[number]))
    fail("declaration", `no range is called ${range}`, lineSpan(line), { fix: RANGES.join(", ") });
  return {
    name,
    aliases: aliasText === "" ? [] : aliasText.split(",").map((a) => a.trim()),
    elementwise,
    params,
    result,
    domains: domains as Domain[],
    ...(range === undefined ? {} : { range: range as (typeof RANGES)[number] }),
    ...(kinks === undefined ? {} : { kinks: kinks === "" ? true : kinks }),
    ...(option("smooth-square") === undefined ? {} : { smoothSquare: true as const }),
    ...(option("associative") === undefined ? {} : { associative: true as const }),
    ...(option("primary") === undefined ? {} : { primary: true as const }),
    ...(rows === undefined ? {} : { rows }),
    ...(latex === undefined ? {} : { latex }),
    ...(notation === undefined ? {} : { notation }),
    ...(refusal === undefined ? {} : { refusal }),
  };
}

function parseSignature(text: string, line: Line): { elementwise: boolean; params: Shape[]; result: Shape } {
  const simple = /^elementwise(?:\s+(\d+))?$/.exec(text);
  if (simple !== null)
    return { elementwise: true, params: Array.from({ length: Number(simple[1] ?? 1) }, scalarShape), result: scalarShape() };
  const [left, right, ...more] = text.split("->").map((p) => p.trim());
  if (left === undefined || right === undefined || more.length > 0)
    fail("syntax", "a signature reads: elementwise, or shapes -> shape", lineSpan(line));
  const shapes = left.match(/[a-z]+(\([^)]*\))?/g) ?? [];
  const shapeOf = (s: string): Shape => (declarations(`x : ${s}`, line)[0] as Variable).shape;
  return { elementwise: false, params: shapes.map(shapeOf), result: shapeOf(right) };
}

function parseRule(line: Line, table: FunctionTable, declared: readonly Variable[], section: string): Rule {
  const m = /^(\S+)\s{2,}(.*?)(?:\s{2,}if\s+(.*?))?(?:\s{2,}\[([^\]]*)\])?$/u.exec(line.text);
  if (m === null) fail("syntax", "a rule reads: name  left = right  if condition  [source], columns two spaces apart", lineSpan(line));
  const [, name = "", equation = "", condition, source = ""] = m;
  const parts = /^(.*?)\s*(:?=>?)\s+(.*)$/u.exec(equation);
  if (parts === null || !/^[a-z0-9-]+\/[a-z0-9-]+$/.test(name)) fail("syntax", "a rule is group/case  left = right", lineSpan(line));
  const [, leftText = "", sign = "=", rightText = ""] = parts;
  const inner = /^d\((.*)\)$/u.exec(leftText)?.[1];
  const read = (text: string, scope: readonly Variable[]): Expr => {
    const parsed = parseExpression(text, { variables: scope, functions: table, dims: ["m", "n", "p", "q"] });
    if (!parsed.ok) fail("syntax", `in rule ${name}: ${parsed.diagnostics[0]?.message ?? "not an expression"}`, lineSpan(line));
    return parsed.expr;
  };
  const call = wholeCall(inner ?? leftText);
  const info = call === undefined ? undefined : table.find(call.name);
  const scope =
    info === undefined || call === undefined || hasPatterns(info, call.args, table, declared) ? declared : parametersOf(info, call.args);
  const left = read(inner ?? leftText, scope);
  const used = variables(left);
  const parameters = scope.filter((v) => used.includes(v));
  const differentials = parameters.map((v) => build.variable(differentialName(v.name), v.shape));
  const right = read(rightText, [...parameters, ...differentials]);
  const contracts = inner === undefined && (info === undefined || sign === "=>");
  const firstFunction = (e: Expr): Expr | undefined => nodes(e).find((f) => f.kind === "apply" && table.find(f.op) !== undefined);
  const about = contracts ? (firstFunction(left) ?? (sign === "=>" ? firstFunction(right) : undefined)) : left;
  if (about === undefined) fail("syntax", `the left side of rule ${name} names no function`, lineSpan(line));
  if (contracts && sign === "=" && isPowerOfEntries(left, table))
    fail("unsupported", `the left side of rule ${name} is a power of the entries of a whole matrix`, lineSpan(line), {
      fix: "a notation, with =>",
    });
  const operator = about.kind === "apply" ? about.op : about.kind;
  const common = {
    name,
    operator,
    section,
    source,
    text: `${equation}${condition === undefined ? "" : `   if ${condition}`}`,
    parameters,
    left,
    right,
  };
  const comparison = condition === undefined ? null : /^(.*)>(.*)$/u.exec(condition);
  if (comparison !== null) {
    const [a, b] = [read(comparison[1] ?? "", parameters), read(comparison[2] ?? "", parameters)];
    return { ...common, kind: "guarded", conditions: [], guard: build.add(a, build.neg(b)) };
  }
  const conditions = (condition ?? "")
    .split(/\s+and\s+/)
    .filter((c) => c !== "")
    .map((c) => parseCondition(c, line));
  if (inner !== undefined) return { ...common, kind: info === undefined ? "law" : "differential", conditions };
  if (contracts) return { ...common, kind: sign === "=>" ? "notation" : "contraction", conditions };
  return { ...common, kind: sign === ":=" ? "definition" : "identity", conditions };
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

function parseCondition(text: string, line: Line): RuleCondition {
  const [predicate, parameter, ...more] = text.trim().split(/\s+/);
  if (predicate === undefined || parameter === undefined || more.length > 0)
    fail("syntax", "a condition reads: positive x", lineSpan(line));
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
