// Programs in Python: NumPy, PyTorch, JAX and the array API standard differ in a table of
// names each (a flavour); how a function, its documentation and its self-test look is here.
//
// Not here: how a step is spelled (pythonSpelling.ts).

import { createNames } from "../names.ts";
import type { Output } from "../plan/plan.ts";
import { pythonWords } from "../words.ts";
import { atom, type Code, LEVEL, wrap } from "./code.ts";
import { writeSteps } from "./expressions.ts";
import type { Flavour } from "./flavour.ts";
import { aliasedOutputs } from "./pythonAliases.ts";
import { raises } from "./pythonNumbers.ts";
import { spellingOf } from "./pythonSpelling.ts";
import { pythonTest } from "./pythonTest.ts";
import { shapeLine, signatureOf } from "./signature.ts";
import { commentText, type Target, type Unit } from "./target.ts";

export const pythonTarget = (flavour: Flavour): Target => ({
  name: flavour.target,
  extension: "py",
  write: (unit) => writePython(unit, flavour),
});

function writePython(unit: Unit, flavour: Flavour): string {
  const { plan, name } = unit;
  const names = createNames([...pythonWords(false), name, flavour.ns]);
  const signature = signatureOf(plan, names);
  const { lines, outputs } = writeSteps(plan, names, spellingOf(flavour));
  const indent = (list: readonly string[]): string[] => list.map((l) => (l === "" ? "" : `    ${l}`));
  const aliased = aliasedOutputs(plan);
  const returned = plan.outputs.map((o, i) => (aliased.has(o) ? copied(outputs[i] as Code, o, flavour) : outputs[i])?.text).join(", ");
  const [arrays, numbers] = [true, false].map((isArray) =>
    signature.inputs.filter((i) => i.axes.length > 0 === isArray).map((i) => i.name),
  ) as [string[], string[]];
  const inputs = [...arrays, ...numbers];
  const like = names.fresh(flavour.like ?? "like");
  const isUsed = `${lines.join()}${returned}`.includes("{like}");
  const body = [
    ...documentation(unit, signature),
    ...(flavour.opening?.(inputs) ?? []),
    ...(flavour.prologue?.(like, { arrays, numbers }, isUsed, raises(plan)) ?? []),
    ...signature.sizes
      .filter((z) => lines.some((l) => new RegExp(`\\b${z.name}\\b`).test(l)) || new RegExp(`\\b${z.name}\\b`).test(returned))
      .map(({ name: size, of, axis }) => `${size} = ${of}.shape[${axis}]`),
    ...lines,
    `return ${returned}`,
  ];
  const helpers = helperTexts(body.join("\n"), flavour);
  const text = [
    `# Written by nabla for ${flavour.target}.`,
    ...flavour.imports,
    ...(unit.test === undefined ? [] : ["import sys", ...(flavour.testImports ?? [])]),
    "",
    ...helpers.flatMap((h) => ["", ...h.split("\n"), ""]),
    "",
    `def ${name}(${[...signature.inputs.map((i) => i.name), ...signature.loose].join(", ")}):`,
    ...indent(body.map((l) => l.replaceAll("{like}", like))),
    ...(unit.test === undefined ? [] : ["", "", ...pythonTest(unit, signature, flavour)]),
  ];
  return `${text.join("\n")}\n`;
}

function copied(code: Code, { axes }: Output, { copy, numbersAreArrays }: Flavour): Code {
  if (copy === undefined || (axes.length === 0 && numbersAreArrays !== true)) return code;
  return atom(copy(wrap(code, LEVEL.atom)), code);
}

// Helpers may use helpers: a name with an underscore in front that another text mentions.
function helperTexts(body: string, flavour: Flavour): string[] {
  const out = new Map<string, string>();
  const queue = [...(flavour.always ?? []), ...Object.keys(flavour.helpers).filter((h) => body.includes(`${h}(`))];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    const text = flavour.helpers[name];
    if (text === undefined || out.has(name)) continue;
    out.set(name, text);
    queue.push(...Object.keys(flavour.helpers).filter((h) => h !== name && text.includes(`${h}(`)));
  }
  return [...out.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text);
}

function documentation(unit: Unit, signature: ReturnType<typeof signatureOf>): string[] {
  return [
    `"""${commentText(unit.title)}`,
    "",
    ...signature.inputs.map((i) => `${i.name}: ${shapeLine(i.axes)}`),
    ...signature.loose.map((s, i) => `${s}: int${signature.looseKinds[i] === "position" ? ", a position that counts from 1" : ""}`),
    `Returns ${unit.plan.outputs.map((o) => `${o.name} ${shapeLine(signature.outputAxes(o))}`).join(", ")}.`,
    `"""`,
  ];
}
