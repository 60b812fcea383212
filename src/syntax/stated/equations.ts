// Equations that state an attribute of a name: A = Aᵀ, A = −Aᵀ, A ≻ 0, x > 0.
//
// Not here: attributes stated in words (words.ts).

import { lazily } from "../../base/lazy.ts";
import type { Attribute } from "../../expr/attributes.ts";

/** A name and what an equation states of it. */
export interface StatedAttribute {
  readonly name: string;
  readonly attribute: Attribute;
}

/** Reads such equations, where names and the mark of a transpose are written by the given patterns. */
export function attributeReader(name: string, turned: string): (text: string) => StatedAttribute | undefined {
  // biome-ignore format: one attribute a row
  const rows: readonly (readonly [pattern: string, Attribute])[] = [
    [String.raw`(${name})=\1${turned}`,          "symmetric"],
    [String.raw`(${name})${turned}=\1`,          "symmetric"],
    [String.raw`(${name})=-\1${turned}`,         "skew"],
    [String.raw`(${name})${turned}=-\1`,         "skew"],
    [String.raw`(${name})(?:\\succ|≻)0`,         "posdef"],
    [String.raw`(${name})(?:\\succeq|⪰)0`,       "symmetric"],
    [String.raw`((?!\p{Lu})${name})>0`,          "positive"],
    [String.raw`((?!\p{Lu})${name})(?:≠|!=|\\neq?)0`, "nonzero"],
  ];
  const equations = lazily(() => rows.map(([pattern, attribute]) => [new RegExp(`^${pattern}$`, "u"), attribute] as const));
  return (text) => {
    const tight = text.replace(/\s/g, "");
    for (const [pattern, attribute] of equations()) {
      const stated = pattern.exec(tight)?.[1];
      if (stated !== undefined) return { name: stated, attribute };
    }
    return undefined;
  };
}
