// Plans as JavaScript without dependencies: Float64Arrays, one loop for every element-wise
// expression however many operations it has, reductions in the same loop, kernels for
// products of matrices with their text beside the code.
//
// Invariant: an array is only made where a step is used more than once or by a kernel.

import { type Dim, dimConstant, dimNames } from "../../expr/dim.ts";
import { KERNEL_TEXTS } from "../generated/kernels.ts";
import { createNames, type Names } from "../names.ts";
import { type Arg, allSteps, countUses, type Plan, type Ref, type Step, type StepOf } from "../plan/plan.ts";
import { type Input, shapeLine, signatureOf } from "../targets/signature.ts";
import { commentText, missing, type Target, type Unit } from "../targets/target.ts";
import { type CallArg, callOf } from "./calls.ts";
import { ENTRIES } from "./entries.ts";
import { selfTest } from "./selfTest.ts";

const WORDS = [
  "break",
  "case",
  "catch",
  "class",
  "const",
  "continue",
  "debugger",
  "default",
  "delete",
  "do",
  "else",
  "export",
  "extends",
  "finally",
  "for",
  "function",
  "if",
  "import",
  "in",
  "instanceof",
  "new",
  "return",
  "super",
  "switch",
  "this",
  "throw",
  "try",
  "typeof",
  "var",
  "void",
  "while",
  "with",
  "yield",
  "let",
  "static",
  "enum",
  "await",
  "implements",
  "package",
  "protected",
  "interface",
  "private",
  "public",
  "null",
  "true",
  "false",
  "undefined",
  "NaN",
  "Infinity",
  "Math",
  "Array",
  "Float64Array",
  "Int32Array",
  "Number",
  "Object",
  "Symbol",
  "eval",
  "arguments",
  "k",
  "s",
  "flat",
  "rowsOf",
  "columnsOf",
  "selfTest",
  "globalThis",
  "process",
  "console",
  "async",
  "of",
  "get",
  "set",
  "constructor",
  "prototype",
  "window",
  "self",
  "require",
  "module",
  "exports",
];

/** What the parts of a written program are, for `compile`. */
export interface Written {
  readonly text: string;
  readonly inputs: readonly Input[];
  readonly sizes: readonly string[];
  readonly outputs: readonly string[];
}

export const javascript: Target = {
  name: "javascript",
  extension: "mjs",
  write: (unit) => {
    const { text, inputs, outputs } = writeJavaScript(unit);
    const { plan } = unit;
    const head = [
      "// Written by nabla.",
      "",
      "/**",
      ` * ${commentText(unit.title)}`,
      " *",
      " * Matrices are arrays of rows, or row-major Float64Arrays; the results are row-major Float64Arrays.",
      ...inputs.map((i) => ` * @param ${i.name} ${shapeLine(i.axes)}`),
      " * @param sizes sizes that do not follow from the arguments, by name",
      ` * @returns {${plan.outputs.map((o, k) => `${outputs[k]}: ${shapeLine(o.axes)}`).join("; ")}}`,
      " */",
    ].join("\n");
    return `${head}\nexport ${text}${unit.test === undefined ? "" : `\n${selfTest(unit, inputs, outputs)}`}`;
  },
};

/** The function with the helpers it needs; its text begins with `function`. */
export function writeJavaScript({ name, plan }: Unit): Written {
  const names = createNames([...WORDS, ...Object.keys(KERNEL_TEXTS), name]);
  const signature = signatureOf(plan, names);
  const printer = createPrinter(plan, names);
  const body = printer.statements(plan.steps);
  const used = new Set<string>();
  for (const step of allSteps(plan.steps)) for (const axis of step.axes) for (const n of dimNames(axis)) used.add(n);
  for (const n of plan.sizes) used.add(n);
  for (const i of signature.inputs) if (i.axes.length === 2) for (const axis of i.axes) for (const n of dimNames(axis)) used.add(n);
  const sizes = sizeStatements([...used], signature.inputs, names);
  const keys = plan.outputs.map((o) => o.name);
  const inputRefs = new Set(plan.steps.filter((s) => s.op === "input" || s.op === "lift").map((s) => s.ref));
  const returned = plan.outputs.map((o, k) => {
    const text = printer.value(o.ref);
    return `${JSON.stringify(keys[k])}: ${inputRefs.has(o.ref) && o.axes.length > 0 ? `${text}.slice()` : text}`;
  });
  const arrays = signature.inputs.filter((i) => i.axes.length > 0);
  const lines = [...sizes.statements, ...arrays.map((i) => `${i.name} = flat(${i.name});`), ...body, `return { ${returned.join(", ")} };`];
  const parameters = [...signature.inputs.map((i) => i.name), "sizes = {}"];
  const text = [
    `function ${name}(${parameters.join(", ")}) {`,
    ...lines.map((l) => `  ${l}`),
    "}",
    "",
    FLAT,
    ...(sizes.helpers ? ["", ROWS] : []),
    ...helperTexts(lines.join("\n")),
  ].join("\n");
  return { text: `${text}\n`, inputs: signature.inputs, sizes: [...used], outputs: keys };
}

const FLAT = `function flat(a) {
  if (a instanceof Float64Array) return a;
  return Float64Array.from(Array.isArray(a[0]) ? a.flat() : a);
}`;

const ROWS = `function rowsOf(a, columns) {
  return Array.isArray(a[0]) ? a.length : a.length / (columns ?? Math.sqrt(a.length));
}

function columnsOf(a, rows) {
  return Array.isArray(a[0]) ? a[0].length : a.length / (rows ?? Math.sqrt(a.length));
}`;

function helperTexts(body: string): string[] {
  const needed = new Set<string>();
  const queue = [body];
  for (let text = queue.pop(); text !== undefined; text = queue.pop())
    for (const [, name] of text.matchAll(/\b([a-zA-Z]\w*)\(/g)) {
      const found = Object.hasOwn(KERNEL_TEXTS, name as string) ? KERNEL_TEXTS[name as string] : undefined;
      if (found === undefined || needed.has(name as string)) continue;
      needed.add(name as string);
      queue.push(found);
    }
  return [...needed].sort().flatMap((name) => ["", KERNEL_TEXTS[name] as string]);
}

// Vectors know their lengths; a flat matrix needs one of its sizes from elsewhere.
function sizeStatements(used: readonly string[], inputs: readonly Input[], names: Names): { statements: string[]; helpers: boolean } {
  const known = new Map<string, string>();
  const open = new Set(used);
  const put = (size: string, text: string): void => {
    if (!open.has(size)) return;
    open.delete(size);
    known.set(size, text);
  };
  const plain = (d: Dim | undefined): string | undefined =>
    d !== undefined && dimNames(d).length === 1 && d.key === dimNames(d)[0] ? d.key : undefined;
  for (const i of inputs) {
    const name = plain(i.axes[0]);
    if (i.axes.length === 1 && name !== undefined) put(name, `${i.name}.length`);
  }
  let helpers = false;
  for (const i of inputs) {
    if (i.axes.length < 2) continue;
    const [rows, cols] = i.axes.map(plain);
    const text = (d: Dim | undefined): string | undefined => {
      if (d === undefined) return undefined;
      return dimNames(d).every((n) => known.has(n)) ? sizeText(d, names) : undefined;
    };
    const square = rows === cols;
    for (const [side, size] of [rows, cols].entries()) {
      if (size === undefined || !open.has(size)) continue;
      const beside = side === 0 ? cols : rows;
      const other = text(i.axes[side === 0 ? 1 : 0]) ?? (beside === undefined ? undefined : `sizes[${JSON.stringify(beside)}]`);
      put(
        size,
        `sizes.${JSON.stringify(size)} ?? ${side === 0 ? "rowsOf" : "columnsOf"}(${i.name}${other === undefined || square ? "" : `, ${other}`})`.replace(
          /sizes\."([^"]*)"/,
          'sizes["$1"]',
        ),
      );
      helpers = true;
    }
  }
  for (const size of [...open]) put(size, `sizes[${JSON.stringify(size)}]`);
  return { statements: [...known].map(([size, text]) => `const ${names.of(size)} = ${text};`), helpers };
}

function sizeText(dim: Dim, names: Names): string {
  const text = dim.key.replace(/[\p{L}_][\p{L}\p{M}\p{Nd}_]*/gu, (n) => names.of(n)).replace(/(?<=.)([+-])/g, " $1 ");
  return /[+-]/.test(dim.key) ? `(${text})` : text;
}

/** Operations in one expression at most; more make an intermediate value. */
const MOST_INLINE = 24;

/** Steps whose value is a new array. */
const OWN_ARRAYS: ReadonlySet<Step["op"]> = new Set(["map", "matmul", "gram"]);

interface Printer {
  statements(steps: readonly Step[]): string[];
  value(ref: Ref): string;
}

function createPrinter(plan: Plan, names: Names): Printer {
  const uses = countUses(plan);
  const steps = new Map<Ref, Step>();
  const texts = new Map<Ref, string>();
  const homes = new Map<Ref, readonly Step[]>();
  /** Steps written where they are used, entry by entry. */
  const inline = new Map<Ref, number>();
  const outputs = new Set(plan.outputs.map((o) => o.ref));
  let count = 0;
  const fresh = (): string => names.fresh(`t${++count}`);
  const axesOf = (a: Arg): readonly Dim[] => steps.get(a.ref)?.axes ?? [];
  const size = (d: Dim): string => sizeText(d, names);
  const length = (axes: readonly Dim[]): string => (axes.length === 0 ? "1" : axes.map(size).join(" * "));

  const entryWise = (s: Step): boolean => s.op === "map" || s.op === "widen";

  function decide(list: readonly Step[]): void {
    for (const s of list) {
      steps.set(s.ref, s);
      homes.set(s.ref, list);
      if (s.op === "loop") decide(s.body);
    }
    for (const s of list) {
      if (!(entryWise(s) || (s.op === "reduce" && s.over === "all") || s.op === "dot")) continue;
      for (const a of s.args) {
        const source = steps.get(a.ref) as Step;
        const alike = source.axes.length === (s.op === "map" || s.op === "widen" ? s.axes.length : axesOf(a).length);
        if (!entryWise(source) || source.axes.length === 0 || !alike || homes.get(a.ref) !== list) continue;
        if ((uses.get(a.ref) ?? 0) !== 1 || outputs.has(a.ref)) continue;
        const work = 1 + source.args.reduce((n, x) => n + (inline.get(x.ref) ?? 0), 0);
        if (work <= MOST_INLINE) inline.set(a.ref, work);
      }
    }
  }

  /** The entry of a step at k, or at (i, j) of a matrix. */
  function entry(a: Arg, within: Step): string {
    const source = steps.get(a.ref) as Step;
    if (source.axes.length === 0) return value(a.ref);
    if (inline.has(a.ref)) return expression(source);
    const narrow = a.axis !== undefined && source.axes.length < within.axes.length;
    return `${value(a.ref)}[${narrow ? (a.axis === 0 ? "i" : "j") : "k"}]`;
  }

  function expression(step: Step): string {
    const args = step.args.map((a) => entry(a, step));
    if (step.op === "widen") return args[0] as string;
    const row = ENTRIES[(step as StepOf<"map">).fn];
    return row === undefined ? missing("javascript", (step as StepOf<"map">).fn) : row.text(...args);
  }

  // Whether an expression needs row and column apart.
  function needsPlaces(step: Step): boolean {
    const stack: Step[] = [step];
    for (let s = stack.pop(); s !== undefined; s = stack.pop())
      for (const a of s.args) {
        if (a.axis !== undefined && axesOf(a).length < s.axes.length && axesOf(a).length > 0) return true;
        if (inline.has(a.ref)) stack.push(steps.get(a.ref) as Step);
      }
    return false;
  }

  function looped(axes: readonly Dim[], places: boolean, statement: string): string[] {
    if (axes.length === 2 && places)
      return [
        `for (let i = 0, k = 0; i < ${size(axes[0] as Dim)}; i++)`,
        `  for (let j = 0; j < ${size(axes[1] as Dim)}; j++, k++) ${statement}`,
      ];
    return [`for (let k = 0, end = ${length(axes)}; k < end; k++) ${statement}`];
  }

  function write(step: Step, list: readonly Step[], at: number): string[] {
    switch (step.op) {
      case "number": {
        const { n, d } = step.value;
        texts.set(step.ref, n < 0n ? `(${n}${d === 1n ? "" : ` / ${d}`})` : d === 1n ? `${n}` : `(${n} / ${d})`);
        return [];
      }
      case "constant":
        texts.set(step.ref, step.name === "pi" ? "Math.PI" : step.name === "e" ? "Math.E" : "NaN");
        return [];
      case "size":
        texts.set(step.ref, size(step.dim));
        return [];
      case "input":
        texts.set(step.ref, names.of(step.name));
        return [];
      case "map":
      case "widen": {
        if (inline.has(step.ref)) return [];
        const text = expression(step);
        const spent = spentBy(step);
        const name = spent === undefined ? fresh() : value(spent);
        texts.set(step.ref, name);
        if (step.axes.length === 0) return [`const ${name} = ${text};`];
        return [
          ...(spent === undefined ? [`const ${name} = new Float64Array(${length(step.axes)});`] : []),
          ...looped(step.axes, needsPlaces(step), `${name}[k] = ${text};`),
        ];
      }
      case "dot": {
        const name = fresh();
        texts.set(step.ref, name);
        const [a, b] = step.args as [Arg, Arg];
        const axes = axesOf(a);
        const places = [a, b].some((x) => inline.has(x.ref) && needsPlaces(steps.get(x.ref) as Step));
        const like = { ...step, axes };
        return [`let ${name} = 0;`, ...looped(axes, places, `${name} += ${entry(a, like)} * ${entry(b, like)};`)];
      }
      case "reduce":
        return reduction(step);
      case "lift": {
        const [a] = step.args as [Arg];
        texts.set(step.ref, axesOf(a).length === 0 ? `Float64Array.of(${value(a.ref)})` : value(a.ref));
        return [];
      }
      case "loop":
        return loop(step);
      default: {
        if (texts.has(step.ref)) return [];
        const pair = step.op === "matmul" ? partner(step, list, at) : undefined;
        if (pair !== undefined) return pair;
        const call = callOf(step, axesOf);
        if (call === undefined) return missing("javascript", step.op === "call" ? step.fn : step.op);
        const name = fresh();
        texts.set(step.ref, name);
        return [`const ${name} = ${argument(call)};`];
      }
    }
  }

  // An array that the code has made, of the size of the step, which nothing but the step reads:
  // its entries are replaced where they stand.
  function spentBy(step: Step): Ref | undefined {
    const stack: Step[] = [step];
    for (let s = stack.pop(); s !== undefined; s = stack.pop())
      for (const a of s.args) {
        const source = steps.get(a.ref) as Step;
        if (inline.has(a.ref)) stack.push(source);
        else if (
          OWN_ARRAYS.has(source.op) &&
          source.axes.length === step.axes.length &&
          source.axes.length > 0 &&
          uses.get(a.ref) === 1 &&
          !outputs.has(a.ref) &&
          homes.get(a.ref) === homes.get(step.ref)
        )
          return a.ref;
      }
    return undefined;
  }

  // A x and A′ u are computed in one pass over A.
  function partner(step: StepOf<"matmul">, list: readonly Step[], at: number): string[] | undefined {
    if (step.axes.length !== 1) return undefined;
    const other = list
      .slice(at + 1)
      .find(
        (s): s is StepOf<"matmul"> =>
          s.op === "matmul" &&
          s.axes.length === 1 &&
          s.args[0]?.ref === step.args[0]?.ref &&
          s.turned[0] !== step.turned[0] &&
          texts.has(s.args[1]?.ref as Ref),
      );
    if (other === undefined) return undefined;
    const [straight, turned] = step.turned[0] ? [other, step] : [step, other];
    const [y, z] = [fresh(), fresh()];
    texts.set(straight.ref, y);
    texts.set(turned.ref, z);
    const [m, n] = axesOf(step.args[0] as Arg) as [Dim, Dim];
    const of = (s: Step): string => value(s.args[1]?.ref as Ref);
    return [
      `const [${y}, ${z}] = bothVectors(${value(step.args[0]?.ref as Ref)}, ${of(straight)}, ${of(turned)}, ${size(m)}, ${size(n)});`,
    ];
  }

  function reduction(step: StepOf<"reduce">): string[] {
    const name = fresh();
    const [a] = step.args as [Arg];
    const axes = axesOf(a);
    texts.set(step.ref, name);
    const start = { sum: "0", prod: "1", max: "-Infinity", min: "Infinity" }[step.fn];
    const join = (target: string, text: string): string =>
      step.fn === "sum"
        ? `${target} += ${text};`
        : step.fn === "prod"
          ? `${target} *= ${text};`
          : `${target} = Math.${step.fn}(${target}, ${text});`;
    const text = entry(a, { ...step, axes });
    if (step.over === "all")
      return [`let ${name} = ${start};`, ...looped(axes, inline.has(a.ref) && needsPlaces(steps.get(a.ref) as Step), join(name, text))];
    const filling = start === "0" ? "" : `.fill(${start})`;
    return [
      `const ${name} = new Float64Array(${length(step.axes)})${filling};`,
      ...looped(axes, true, join(`${name}[${step.over === 1 ? "i" : "j"}]`, text)),
    ];
  }

  function loop(step: StepOf<"loop">): string[] {
    const index = names.of(`${step.index} (index)`);
    const body = statements(step.body);
    const name = fresh();
    const result = value(step.result);
    const scalar = step.axes.length === 0;
    texts.set(step.ref, name);
    return [
      scalar ? `let ${name} = 0;` : `const ${name} = new Float64Array(${length(step.axes)});`,
      `for (let ${index} = 0; ${index} < ${size(step.range)}; ${index}++) {`,
      ...body.map((l) => `  ${l}`),
      scalar ? `  ${name} += ${result};` : `  for (let k = 0; k < ${name}.length; k++) ${name}[k] += ${result}[k];`,
      "}",
    ];
  }

  function argument(a: CallArg): string {
    switch (a.kind) {
      case "value":
        return value(a.ref);
      case "size":
        return size(a.dim);
      case "literal":
        return `${a.value}`;
      case "position": {
        if (a.at.kind === "bound") return names.of(`${a.at.name} (index)`);
        if (a.at.kind === "all") return "0";
        const constant = dimConstant(a.at.at);
        return constant === undefined ? `${size(a.at.at)} - 1` : `${constant - 1}`;
      }
      case "list":
        return `[${a.items.map(argument).join(", ")}]`;
      case "entry": {
        const row = argument(a.row);
        return `${value(a.ref)}[${a.col === undefined ? row : `(${row}) * ${argument(a.width)} + ${argument(a.col)}`}]`;
      }
      case "call":
        return `${a.kernel}(${a.args.map(argument).join(", ")})`;
    }
  }

  const value = (ref: Ref): string => texts.get(ref) as string;
  const statements = (list: readonly Step[]): string[] => list.flatMap((s, i) => write(s, list, i));
  decide(plan.steps);
  return { statements, value };
}
