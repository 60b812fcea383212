// Names of which a claim has derivatives as terms and factors, and of which nothing else is said: in
// d(u v)/dx = u dv/dx + v du/dx the names u and v depend on x, in dy/dx = dy/du du/dx y depends on x through u.
// Capitals are matrices where the claim has what only matrices have, as in d(inv(A))/dt = -inv(A) dA/dt inv(A).
//
// Invariant: a name that is declared or defined is left as it is, and so is every claim in which names would depend on
// each other. Not here: what such derivatives are worth (terms/chained.ts).

import { reaches } from "../../../base/order.ts";
import { isVectorLetter, type Kind, kindByLetter, whatNamesAre } from "../../../elaborate/names/letters.ts";
import { definedEntry, entryName } from "../../../elaborate/names/target.ts";
import { definitionsIn } from "../../../syntax/definitions/statements.ts";
import { tokenize } from "../../../syntax/tokens/lexer.ts";
import { OF_MATRICES } from "../../question/dependentCapitals.ts";
import { namesKnown } from "../../question/notation.ts";
import type { Context } from "../../question/question.ts";
import { derivativesIn, replaceDerivatives } from "../text/derivatives.ts";
import { statementIn, type WrittenSide } from "../text/statement.ts";

/** Declarations that make a claim readable, and the same in words. */
export interface Dependence {
  readonly declarations: string;
  readonly assumed: readonly string[];
  /** Whether no other is meant where the claim can be read so. */
  readonly isFirm: boolean;
}

/**
 * What the derivatives in the last statement of a text say of its names, first with vectors by their letters, then with
 * numbers alone; with capitals as square matrices of one size, and no other way, where the claim as written has what only they have.
 */
export function dependencesIn(text: string, question: Context, written: string): readonly Dependence[] {
  const { begin, sides } = statementIn(text);
  const before = tokenize(text.slice(0, begin));
  const known = namesKnown(question, before);
  const definitions = [...(question.let ?? []).map(([name, body]) => ({ name, value: tokenize(body) })), ...definitionsIn(before)];
  const { used, whole } = wholesOf(definitions, known);
  const made = madeOf(definitions, whole);
  const derivatives = sides
    .flatMap((side) => derivativesIn(side.text))
    .flatMap(({ of, by }) => by.map((name) => ({ of: whole(of), by: whole(name) })));
  const below = new Map<string, ReadonlySet<string>>();
  for (const { of, by } of derivatives) if (!known.has(of) && of !== by) below.set(of, new Set([...(below.get(of) ?? []), by]));
  const dependent = [...below.keys()];
  if (dependent.length === 0 || dependent.some((name) => reaches(name, name, below))) return [];
  const free = [...new Set(derivatives.map(({ by }) => by))].filter((name) => !below.has(name) && !used.has(name));
  const through = new Map([...made, ...below]);
  const under = new Map(dependent.map((name) => [name, directly(name, through).join(", ")]));
  return kindsIn(sides, free, dependent, written).map(({ kindOf, isFirm }) => ({ ...dependenceOf(free, under, kindOf), isFirm }));
}

/** Marks of a transpose. */
const TURNS: ReadonlySet<string> = new Set(["transpose", "prime"]);

/** What each of some names is. */
type KindOf = (name: string) => Kind;

interface Kinds extends Pick<Dependence, "isFirm"> {
  readonly kindOf: KindOf;
}

/** What the names may be, the likeliest first. */
function kindsIn(sides: readonly WrittenSide[], free: readonly string[], dependent: readonly string[], written: string): readonly Kinds[] {
  // A loss L is differentiated alone.
  const beside = sides.flatMap((side) => tokenize(replaceDerivatives(side.text, () => " ")));
  const alone = new Set(beside.map((t) => t.value));
  const isMatrix = (name: string): boolean => dependent.includes(name) && kindByLetter(name) === "matrix" && alone.has(name);
  if (dependent.some(isMatrix) && OF_MATRICES.test(written))
    return [{ kindOf: (name) => (isMatrix(name) ? "matrix" : "scalar"), isFirm: true }];
  const inNumbers: KindOf = () => "scalar";
  const withVectors: KindOf = (name) => (isVectorLetter(name) ? "vector" : "scalar");
  // xᵀ P x is not of a number x.
  const isTurned = (name: string): boolean => beside.some((t, i) => t.value === name && TURNS.has(beside[i + 1]?.type ?? ""));
  const vectors = [...free, ...dependent].filter(isVectorLetter);
  const isFirm = vectors.some(isTurned);
  const numbers = { kindOf: inNumbers, isFirm: false };
  return vectors.length > 0 ? [{ kindOf: withVectors, isFirm }, numbers] : [numbers];
}

type Definitions = ReturnType<typeof definitionsIn>;

const isByEntries = (d: Definitions[number]): boolean => definedEntry(d.name, namesOf(d)) !== undefined;

const namesOf = ({ value }: Definitions[number]): string[] => value.flatMap((t) => (t.type === "name" ? [t.value] : []));

/** The names that each defined name is made of. */
const madeOf = (definitions: Definitions, whole: (name: string) => string): ReadonlyMap<string, ReadonlySet<string>> =>
  new Map(definitions.map((d) => [whole(d.name), new Set(namesOf(d).map(whole))]));

/** The names that definitions speak of, and what an entry is one of: ∂L/∂a_i is an entry of ∂L/∂a where a is known, or a_i is said for every i. */
function wholesOf(definitions: Definitions, known: ReadonlySet<string>): { used: ReadonlySet<string>; whole: (name: string) => string } {
  const wholes = new Map<string, string>();
  for (const d of definitions.filter(isByEntries))
    for (const name of [d.name, ...namesOf(d)]) {
      const entry = entryName(name);
      if (entry !== undefined) wholes.set(name, entry.name);
    }
  const used = new Set([...known, ...definitions.flatMap(namesOf)].map((name) => wholes.get(name) ?? name));
  const whole = (name: string): string => {
    const base = used.has(name) ? undefined : entryName(name)?.name;
    return wholes.get(name) ?? (base !== undefined && used.has(base) ? base : name);
  };
  return { used, whole };
}

function dependenceOf(free: readonly string[], under: ReadonlyMap<string, string>, kindOf: KindOf): Omit<Dependence, "isFirm"> {
  const dependent = [...under.keys()];
  const size = `n_${dependent.find((name) => kindOf(name) === "matrix")}`;
  const types: Record<Kind, (name: string) => string> = {
    scalar: () => "scalar",
    vector: (name) => `vector(n_${name})`,
    matrix: () => `matrix(${size}, ${size})`,
  };
  const type = (name: string): string => types[kindOf(name)](name);
  const kinds = NOUNS.flatMap(([kind, one, many]) => {
    const names = [...free, ...dependent].filter((name) => kindOf(name) === kind);
    return names.length === 0 ? [] : [whatNamesAre(names, one, many)];
  });
  return {
    declarations: [
      ...free.map((name) => `${name} : ${type(name)}`),
      ...dependent.map((name) => `${name}(${under.get(name)}) : ${type(name)}`),
    ].join("\n"),
    assumed: [...dependent.map((name) => `${name} depends on ${under.get(name)}`), ...kinds],
  };
}

const NOUNS: readonly (readonly [kind: Kind, one: string, many: string])[] = [
  ["matrix", "a square matrix", "square matrices of one size"],
  ["vector", "a vector", "vectors"],
  ["scalar", "a scalar", "scalars"],
];

/** What a name depends on otherwise than through others that it depends on. */
function directly(name: string, below: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const own = [...(below.get(name) ?? [])];
  return own.filter((by) => !own.some((other) => reaches(other, by, below)));
}
