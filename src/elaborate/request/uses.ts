// What the uses of names in all trees of a request say of them, before any of them is taken up: which
// letters are indices, which names have entries, stand as vectors do or measure a size.
//
// Invariant: how far sums reach is settled first, since every use is looked at within its sum.
// Not here: what the names then are (names/scope.ts, kinds/settle.ts).

import { type DefinitionTree, isDerivative, type SideTree, subtrees, type Tree } from "../../syntax/tree.ts";
import { noteFormulas } from "../kinds/formulas.ts";
import { withPeriods } from "../kinds/periods.ts";
import { keepSamples, noteStanding } from "../kinds/standing.ts";
import { isVariableName } from "../names/scope.ts";
import { noteSizes } from "../names/size.ts";
import { entryName, type TargetText, targetText } from "../names/target.ts";
import type { Context } from "../terms/term.ts";
import { withWholes } from "./entryDefinition.ts";
import { withReach } from "./reach.ts";
import type { Sourced, Texts } from "./request.ts";
import { noteEntries, notePlaces } from "./wanted.ts";

/** The trees of a request as they are elaborated. */
export interface Trees {
  readonly definitions: readonly Sourced<DefinitionTree>[];
  /** Both sides of an equation, or what the text ends with. */
  readonly sides: readonly SideTree[];
  readonly isEquation: boolean;
}

/** Notes in the scope what the uses of names say of them, before any of them is taken up. */
export function noteUses({ wanted, definitions: stated, document }: Texts, ctx: Context): Trees {
  const { scope } = ctx;
  const { final, source } = document;
  const isEquation = final?.kind === "equation";
  const ends = final === undefined ? [] : isEquation ? [final.left, final.right] : [final.value];
  const written = withWholes(ctx, stated, ends.map(termOf));
  const byInside = ends.flatMap((s) => (isDerivative(s) ? s.by.map((t) => targetText(t, source)) : []));
  const allAsked = [...wanted.map((w) => w.target), ...byInside];
  const asked = allAsked.map((t) => t.name);
  for (const letter of allAsked.flatMap(indexLetters)) scope.indices.add(letter);
  const ownNames = written.map((d) => d.tree.name);
  const isName = (name: string): boolean => asked.includes(name) || ownNames.includes(name) || isVariableName(scope, name);
  const reaching = (tree: Tree): Tree => withReach(tree, isName, [...scope.indices]);
  const reached = [
    ...written.map((d) => ({ tree: reaching(d.tree.value), source: d.source })),
    ...ends.map((side) => ({ tree: reaching(termOf(side)), source })),
  ];
  const read = withPeriods(ctx, reached, asked.includes("T"));
  const definitions = written.map((d, i) => ({ tree: { ...d.tree, value: read[i] as Tree }, source: d.source }));
  const sides = ends.map((side, i): SideTree => {
    const of = read[written.length + i] as Tree;
    return isDerivative(side) ? { ...side, of } : of;
  });

  const values = definitions.map((d) => d.tree.value);
  const isWorkedOn = (side: SideTree): boolean => isDerivative(side) || wanted.length > 0;
  for (const tree of [...values, ...sides.filter(isWorkedOn).map(termOf)]) noteSizes(scope, tree);
  const terms = [...values, ...sides.map(termOf)];
  ctx.hasIndexSums ||= [...subtrees(terms)].some((tree) => tree.kind === "sum");
  for (const tree of terms) noteStanding(ctx, tree);
  for (const tree of terms) noteFormulas(ctx, tree);
  noteEntries(scope, asked);
  for (const side of sides) if (!isWorkedOn(side)) noteSizes(scope, termOf(side));
  keepSamples(scope, ownNames);
  for (const name of asked) scope.mentioned.add(name);
  if (isEquation) notePlaces(scope, asked);
  return { definitions, sides, isEquation };
}

/** The term of a side, or what it differentiates. */
export const termOf = (side: SideTree): Tree => (isDerivative(side) ? side.of : side);

/** The letters of the indices of an entry such as X_ij. */
const indexLetters = ({ name, at = entryName(name)?.at ?? [] }: TargetText): readonly string[] => at.filter((i) => /^[a-z]$/.test(i));
