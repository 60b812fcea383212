// The lines of a .rules file that declare functions:
//
//   function name (alias, …) : signature; option value; …
//
// Signatures are `elementwise`, `elementwise 2` or shapes such as `matrix(m, n), vector(n) -> scalar`.
//
// Invariant: no spelling, with its number of arguments, stands for two functions.

import { operatorFunction } from "../../grammar/glyphs.ts";
import { fail } from "../base/diagnostic.ts";
import { parseDeclarations } from "../elaborate/elaborate.ts";
import { isName } from "../elaborate/names/declare.ts";
import { DOMAINS, type Domain } from "../expr/domains.ts";
import type { Variable } from "../expr/expr.ts";
import { createFunctionTable, type FunctionInfo, type FunctionTable } from "../expr/functions.ts";
import { isMatrixShape, type Shape, scalarShape } from "../expr/shape.ts";
import { type Line, refuseUnknown } from "./ruleLines.ts";

/** The functions that lines declare, none of them under a name of those known. */
export function parseFunctions(lines: readonly Line[], known: FunctionTable): FunctionInfo[] {
  const taken = new Map<string, string>();
  for (const f of known.all) for (const key of spellings(f)) taken.set(key, f.name);
  const declared: { readonly info: FunctionInfo; readonly line: Line }[] = [];
  let section = "";
  for (const line of lines) {
    if (line.text.startsWith("section ")) section = line.text.slice("section".length).trim();
    if (!line.text.startsWith("function ")) continue;
    const info = { ...parseFunction(line), ...(section === "" ? {} : { section }) };
    refuseTaken(info, taken, line);
    for (const key of spellings(info)) taken.set(key, info.name);
    declared.push({ info, line });
  }
  const functions = declared.map(({ info }) => info);
  const table = createFunctionTable([...known.all, ...functions]);
  const ofMatrices = table.all.filter(takesMatrix);
  for (const { info, line } of declared) {
    const rows = info.rows === undefined ? undefined : table.find(info.rows);
    if (info.rows !== undefined && (rows === undefined || !ofMatrices.includes(rows)))
      refuseUnknown(
        "function of a matrix",
        info.rows,
        ofMatrices.map((f) => f.name),
        line,
      );
  }
  return functions;
}

/** What a function is found by: its name and aliases as they stand, and each with the number of arguments. */
const spellings = ({ name, aliases, params }: FunctionInfo): string[] =>
  [name, ...aliases].flatMap((s) => (s.includes("/") ? [s] : [s, `${s}/${params.length}`]));

function refuseTaken(info: FunctionInfo, taken: ReadonlyMap<string, string>, line: Line): void {
  for (const spelling of [info.name, ...info.aliases]) {
    const name = spelling.replace(/\/\d+$/, "");
    if (!isName(name)) fail("declaration", `${spelling} is no name`, line.span, { fix: "a letter, then letters, digits and _" });
    if (operatorFunction(name) !== undefined)
      fail("declaration", `${name} is a function of the language itself`, line.span, { fix: "another name" });
  }
  const [key] = spellings(info).filter((s) => taken.has(s));
  if (key !== undefined)
    fail("declaration", `${key} is a name of the function ${taken.get(key)} already`, line.span, { fix: "another name" });
}

const takesMatrix = ({ params }: FunctionInfo): boolean => params[0] !== undefined && isMatrixShape(params[0]);

const RANGES = ["positive", "nonnegative", "fraction", "triangular"] as const;
const NOTATIONS = ["pow", "hpow"] as const;

type Reading = (value: string, params: readonly Shape[], line: Line) => Partial<FunctionInfo>;

const oneOf = <T extends string>(what: string, values: readonly T[], value: string, line: Line): T =>
  values.find((v) => v === value) ?? refuseUnknown(what, value, values, line);

const flag =
  (stated: Partial<FunctionInfo>): Reading =>
  (value, _, line) =>
    value === "" ? stated : fail("declaration", `${value} stands behind an option that takes no value`, line.span);

/** What each option of a function says of it. */
const OPTIONS: Readonly<Record<string, Reading>> = {
  domain: (value, params, line) => {
    // One for all arguments, or one for each.
    const stated = value.split(",").map((d) => oneOf("domain", DOMAINS, d.trim(), line));
    if (stated.length !== 1 && stated.length !== params.length)
      fail("declaration", `${stated.length} domains, and the number of arguments is ${params.length}`, line.span);
    return { domains: params.map((_, i) => stated[i] ?? (stated[0] as Domain)) };
  },
  range: (value, _, line) => ({ range: oneOf("range", RANGES, value, line) }),
  kinks: (value) => ({ kinks: value === "" ? true : value }),
  "smooth-square": flag({ smoothSquare: true }),
  zero: (value, _, line) => ({ zero: value === "" ? "all" : oneOf("zero", ["first"] as const, value, line) }),
  norm: flag({ norm: true }),
  picks: flag({ picks: true }),
  total: flag({ total: true }),
  signs: flag({ signs: true }),
  definite: flag({ definite: true }),
  skew: flag({ skew: true }),
  alternating: flag({ alternating: true }),
  associative: flag({ associative: true }),
  primary: flag({ primary: true }),
  rows: (value) => ({ rows: value }),
  latex: (value) => ({ latex: value }),
  notation: (value, _, line) => ({ notation: oneOf("notation", NOTATIONS, value, line) }),
  refusal: (value) => ({ refusal: value }),
};

function parseFunction(line: Line): FunctionInfo {
  const m = /^function\s+(\S+)\s*(?:\(([^)]*)\))?\s*:\s*(.*)$/u.exec(line.text);
  if (m === null) fail("syntax", "a function line reads: function name (alias) : signature; option value", line.span);
  const [, name = "", aliases = "", rest = ""] = m;
  const [signature = "", ...stated] = rest.split(";").map((p) => p.trim());
  const { elementwise, params, result } = parseSignature(signature, line);
  const values = readOptions(stated, line);
  const options = Object.entries(OPTIONS).map(([key, read]) => {
    const value = values.get(key);
    return value === undefined ? {} : read(value, params, line);
  });
  return {
    name,
    aliases: aliases === "" ? [] : aliases.split(",").map((a) => a.trim()),
    elementwise,
    params,
    result,
    domains: params.map(() => "real" as const),
    ...Object.assign({}, ...options),
  };
}

/** The values of options by their names. */
function readOptions(stated: readonly string[], line: Line): Map<string, string> {
  const values = new Map<string, string>();
  for (const option of stated) {
    const [key = "", ...words] = option.split(/\s/);
    if (key === "") continue;
    if (!Object.hasOwn(OPTIONS, key)) refuseUnknown("option of a function", key, Object.keys(OPTIONS), line);
    if (values.has(key)) fail("declaration", `the option ${key} is stated twice`, line.span, { fix: "one of the two" });
    values.set(key, words.join(" ").trim());
  }
  return values;
}

function parseSignature(text: string, line: Line): { elementwise: boolean; params: Shape[]; result: Shape } {
  const simple = /^elementwise(?:\s+(\d+))?$/.exec(text);
  if (simple !== null)
    return { elementwise: true, params: Array.from({ length: Number(simple[1] ?? 1) }, scalarShape), result: scalarShape() };
  const [left, right, ...more] = text.split("->").map((p) => p.trim());
  if (left === undefined || right === undefined || more.length > 0)
    fail("syntax", "a signature reads: elementwise, or shapes -> shape", line.span);
  const shapes = left.match(/[a-z]+(\([^)]*\))?/g) ?? [];
  const shapeOf = (s: string): Shape => (declarations(`x : ${s}`, line)[0] as Variable).shape;
  return { elementwise: false, params: shapes.map(shapeOf), result: shapeOf(right) };
}

/** The variables that a part of a line declares. */
export function declarations(text: string, line: Line): readonly Variable[] {
  const parsed = parseDeclarations(text);
  if (!parsed.ok) fail("declaration", parsed.diagnostics[0]?.message ?? "not a declaration", line.span);
  return parsed.variables;
}
