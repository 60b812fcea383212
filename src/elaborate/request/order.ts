// The order in which definitions are taken up: y = f(u); u = g(x) is read as u = g(x); y = f(u).
//
// Invariant: definitions that mention only names before them stay as they are written, and so do all where some mention
// each other in a circle or define one name twice.

import { orderOf } from "../../base/order.ts";
import { type DefinitionTree, namesInTrees } from "../../syntax/tree.ts";
import type { Sourced } from "./request.ts";

/** Definitions, each behind those of the names that it mentions. */
export function inOrder(definitions: readonly Sourced<DefinitionTree>[]): readonly Sourced<DefinitionTree>[] {
  const places = new Map(definitions.map((d, i) => [d.tree.name, i]));
  if (places.size < definitions.length || definitions.length < 2) return definitions;
  const needs = definitions.map(({ tree }) => placesIn(tree, places));
  if (needs.every((places, i) => places.every((place) => place < i))) return definitions;
  return orderOf(needs)?.map((place) => definitions[place] as Sourced<DefinitionTree>) ?? definitions;
}

/** The places of the definitions whose names a definition mentions. */
const placesIn = ({ value }: DefinitionTree, places: ReadonlyMap<string, number>): number[] => [
  ...new Set(namesInTrees([value]).flatMap((name) => places.get(name) ?? [])),
];
