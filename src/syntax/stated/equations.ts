// Equations that state an attribute of a name: A = Aᵀ, A = −Aᵀ, A ≻ 0, x > 0, P² = P, ‖x‖ = 1.
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
    [String.raw`(?:det\((${name})\)|\|(${name})\|)(?:≠|!=|\\neq?)0`, "invertible"],
    [String.raw`(?=\p{Lu})(${name})(?:\*?\1|²|\^(?:2|\{2\}))=\1`, "idempotent"],
    [String.raw`(${name})(?:⁻¹|\^-1|\^\{-1\}|\^\(-1\))=\1${turned}`, "orthogonal"],
    [String.raw`(${name})${turned}=\1(?:⁻¹|\^-1|\^\{-1\}|\^\(-1\))`, "orthogonal"],
    [String.raw`(?!\p{Lu})(${name})${turned}\*?\1=1`, "unitnorm"],
    [String.raw`(?:‖|\|\||\\\|)(?!\p{Lu})(${name})(?:‖|\|\||\\\|)(?:_2|_\{2\}|₂)?=1`, "unitnorm"],
  ];
  const equations = lazily(() => rows.map(([pattern, attribute]) => [new RegExp(`^${pattern}$`, "u"), attribute] as const));
  return (text) => {
    const tight = text.replace(/\s/g, "");
    for (const [pattern, attribute] of equations()) {
      const stated = pattern
        .exec(tight)
        ?.slice(1)
        .find((found) => found !== undefined);
      if (stated !== undefined) return { name: stated, attribute };
    }
    return undefined;
  };
}
