// The order in which definitions are taken up: y = f(u); u = g(x) is read as u = g(x); y = f(u).
//
// Invariant: definitions that mention only names before them stay as they are written, and so do all where some mention
// each other in a circle or define one name twice.

import { orderOf } from "../../base/order.ts";
import { type DefinitionTree, namesInTrees } from "../../syntax/tree.ts";
import { entryName } from "../names/target.ts";
import type { Sourced } from "./request.ts";

/** Definitions, each behind those of the names that it mentions. */
export function inOrder(definitions: readonly Sourced<DefinitionTree>[]): readonly Sourced<DefinitionTree>[] {
  const places = new Map(definitions.map((d, i) => [d.tree.name, i]));
  if (places.size < definitions.length || definitions.length < 2) return definitions;
  // The definition of p_ij is that of p_ii as well, where nothing else is.
  const wholes = new Map<string, number>(
    definitions.flatMap((d, i) => (entryName(d.tree.name) === undefined ? [] : [[stemOf(d.tree.name), i] as const])),
  );
  const placeFrom =
    (own: number) =>
    (name: string): number | undefined => {
      const whole = wholes.get(stemOf(name));
      return places.get(name) ?? (whole === own ? undefined : whole);
    };
  const needs = definitions.map(({ tree }, i) => placesIn(tree, placeFrom(i)));
  if (needs.every((places, i) => places.every((place) => place < i))) return definitions;
  return orderOf(needs)?.map((place) => definitions[place] as Sourced<DefinitionTree>) ?? definitions;
}

/** The places of the definitions whose names a definition mentions. */
const placesIn = ({ value }: DefinitionTree, placeOf: (name: string) => number | undefined): number[] => [
  ...new Set(namesInTrees([value]).flatMap((name) => placeOf(name) ?? [])),
];

/** p of p_ij, and of p itself. */
const stemOf = (name: string): string => entryName(name)?.name ?? name;
