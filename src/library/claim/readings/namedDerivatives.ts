// Names for derivatives: δ = ∂L/∂a, or δ_j = ∂L/∂a_j for every j, before a claim, put in where they stand in it.
//
// Invariant: a definition of anything else is left as it is. Not here: what a derivative is worth (terms/chained.ts).

import { entryName } from "../../../elaborate/names/target.ts";
import { definitionsIn } from "../../../syntax/definitions/statements.ts";
import { tokenize } from "../../../syntax/tokens/lexer.ts";
import { derivativesIn } from "../text/derivatives.ts";
import { statementIn } from "../text/statement.ts";

/** A derivative that has a name: that of it, or of each of its entries, without the index. */
interface Named {
  readonly name: string;
  /** Above and below the line. */
  readonly text: string;
}

/** A claim without the definitions of names for derivatives, these in the places of the names; undefined where it has none. */
export function withDerivativesPutIn(text: string): string | undefined {
  const { begin } = statementIn(text);
  let before = text.slice(0, begin);
  const named: Named[] = [];
  for (const { name, value } of definitionsIn(tokenize(before))) {
    const [from, to] = [value[0]?.start ?? 0, value.at(-1)?.end ?? 0];
    const found = namedDerivative(name, before.slice(from, to));
    if (found === undefined) continue;
    named.push(found);
    const start = before.lastIndexOf(name, from);
    before = before.slice(0, start) + " ".repeat(to - start) + before.slice(to);
  }
  return named.length === 0 ? undefined : named.reduce(putIn, before.replace(/^[\s;]+/, "") + text.slice(begin));
}

/** δ and ∂L/∂a of δ = ∂L/∂a and of δ_j = ∂L/∂a_j; undefined of anything else. */
function namedDerivative(name: string, value: string): Named | undefined {
  const [derivative] = derivativesIn(value);
  if (derivative?.text !== value) return undefined;
  const [entry, below] = [entryName(name), entryName(derivative.by[0] as string)];
  if (entry === undefined) return { name, text: value };
  if (derivative.by.length > 1 || below === undefined || `${entry.at}` !== `${below.at}`) return undefined;
  return { name: entry.name, text: value.slice(0, -`${derivative.by[0]}`.length) + below.name };
}

const putIn = (text: string, { name, text: derivative }: Named): string =>
  text.replace(
    new RegExp(`(?<![\\p{L}\\p{N}_∂])${name}(_[a-z]{1,2})?(?![\\p{L}\\p{N}_(])`, "gu"),
    (_, index: string = "") => derivative + index,
  );
