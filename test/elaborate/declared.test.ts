// What is declared is no matter of letters: a text whose names are all declared means the same
// under names that mislead, for letters together, marks of a transpose, functions and kinds.

import { describe, expect, it } from "vitest";
import { elaborate, type Problem } from "../../src/elaborate/elaborate.ts";
import type { Request } from "../../src/elaborate/request/request.ts";
import { standardLibrary } from "../../src/rewrite/standard.ts";
import { isGreek } from "../../src/syntax/tokens/spelling.ts";
import { readCases as readLiterature } from "../cases/literature.ts";
import { readCases } from "../syntax/caseFile.ts";
import { showProblem } from "./show.ts";

const { functions } = standardLibrary();

/** Names that mean something else, or are of another kind, where nothing declares them. */
const MISLEADING = "T Xw K sinx b AXB p P rho TAx x H xTAx Wx g C ab px alpha Q".split(" ");

const literature = [...readLiterature("paper.jsonl"), ...readLiterature("corpus.jsonl")].map((c): [string, Request] => [
  c.id,
  {
    text: c.expr,
    vars: c.vars,
    functions,
    wrt: [c.wrt],
    ...(c.dims === undefined ? {} : { dims: c.dims }),
    ...(c.attrs === undefined ? {} : { attrs: c.attrs }),
    ...(c.let === undefined ? {} : { definitions: c.let }),
  },
]);

const answers = readCases(new URL("../library/answers.txt", import.meta.url)).map(({ title, input }): [string, Request] => {
  const field = (name: string): string => new RegExp(`^${name}: *(.*)$`, "m").exec(input)?.[1] ?? "";
  const declarations = field("where");
  const dims = [...new Set(declarations.match(/(?<=[(,] *)[a-z](?= *[,)])/g))];
  return [title, { text: field("of"), declarations, dims, functions, wrt: field("by").split(/, *(?![^[]*\])/) }];
});

const terms = readCases(new URL("terms.txt", import.meta.url)).map(({ title, input }): [string, Request] => [
  title,
  { text: input, functions },
]);

/** The request under other names, in order. */
function renamed(request: Request, names: ReadonlyMap<string, string>): Request {
  const { text, declarations, vars, attrs, definitions, wrt } = request;
  const whole = (t: string): string => rename(t, names);
  const record = <T>(r: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(Object.entries(r).map(([n, v]) => [whole(n), v]));
  return {
    ...request,
    text: whole(text),
    ...(declarations === undefined ? {} : { declarations: whole(declarations) }),
    ...(vars === undefined ? {} : { vars: record(vars) }),
    ...(attrs === undefined ? {} : { attrs: record(attrs) }),
    ...(definitions === undefined ? {} : { definitions: definitions.map(([n, t]) => [whole(n), whole(t)] as const) }),
    ...(wrt === undefined ? {} : { wrt: wrt.map(whole) }),
  };
}

/** The text with other names, those in front of an index as well: x_1 of a declared x is its entry. */
const rename = (text: string, names: ReadonlyMap<string, string>): string =>
  text.replace(
    /([\p{Lu}\p{Ll}][\p{Lu}\p{Ll}\d]*)(_[\p{Lu}\p{Ll}\d_]*)?/gu,
    (name, stem: string, index = "") => names.get(name) ?? (names.get(stem) ?? stem) + index,
  );

const problemOf = (request: Request): Problem | undefined => {
  const result = elaborate(request);
  return result.ok ? result.problem : undefined;
};

/** Other names for all that a problem declares; none that it uses already, as ^T or K(m,n). */
function misleading({ text }: Request, { variables, definitions, dims, unknowns }: Problem, shift: number): Map<string, string> {
  const own = [...variables, ...definitions.map((d) => d.variable)].map((v) => v.name);
  const taken = new Set([...own, ...dims, ...unknowns.map((u) => u.name), ...(text.match(/[A-Za-z]+/g) ?? [])]);
  const free = MISLEADING.filter((name) => !taken.has(name));
  return new Map(own.map((name, i) => [name, free[(i + shift) % free.length] as string]));
}

/** Without names in two spellings, λ and lambda, of which one declares the other. */
const declared = [...literature, ...answers, ...terms].flatMap(([title, request]) => {
  const problem = problemOf({ ...request, strict: true });
  const isSpelledTwice = problem?.variables.some((v) => isGreek(v.name) && !request.text.includes(v.name)) === true;
  return problem === undefined || problem.assumptions.length > 0 || isSpelledTwice ? [] : [[title, request, problem] as const];
});

describe("what is declared", () => {
  it("is all that most case files name", () => expect(declared.length).toBeGreaterThan(500));

  it.each(declared)("means the same under misleading names: %s", (_, request, problem) => {
    for (const shift of [0, 3, 7]) {
      const names = misleading(request, problem, shift);
      const other = renamed(request, names);
      const read = problemOf(other);
      expect(read === undefined ? other.text : showProblem(read)).toBe(rename(showProblem(problem), names));
    }
  });

  it("is transposed by T above", () => {
    let count = 0;
    for (const [, request, problem] of declared) {
      const text = request.text.replace(/'(?!\^|')/g, "^T ");
      if (text === request.text || /\bT\b/.test(request.text)) continue;
      count++;
      const read = problemOf({ ...request, text });
      expect(read === undefined ? text : showProblem(read)).toBe(showProblem(problem));
    }
    expect(count).toBeGreaterThan(100);
  });
});
