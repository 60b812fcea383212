// Units where nothing declares them: e_i below a sum over i, J^{ij} and E_ij for e_i e_jᵀ, I_kj for the Kronecker delta.
//
// Invariant: only names that a claim leaves undeclared are taken for them. Not here: whether that makes the claim right
// (verdict/otherwise.ts), and e_i beside entries at i, which needs no reading of its own (elaborate/terms/subscript.ts).

import { END, START } from "./names.ts";
import type { WrittenOut } from "./signs.ts";

/** Below a sum: the indices of Σ_i and sum_{i,j}. */
const SUM = /(?<!\p{L})(?:sum|Σ)_(?:\{([^}=<≤≠]*)|(\p{Ll}))/gu;
const VECTOR = new RegExp(`${START}e_(?:\\{(\\p{Ll})\\}|(\\p{Ll}))${END}`, "gu");
const RAISED = new RegExp(`${START}([EJ])\\^\\((\\p{Ll})[ *,]*(\\p{Ll})\\)`, "gu");
const BARE = new RegExp(`${START}[EJ](?!\\^\\()${END}`, "gu");
const LOWERED = new RegExp(`${START}(E)_(?:\\{(\\p{Ll}),?(\\p{Ll})\\}|(\\p{Ll})(\\p{Ll}))${END}`, "gu");
const IDENTITY = new RegExp(`${START}(?:eye\\((\\p{Ll})[ *,]*(\\p{Ll})\\)|I_(\\p{Ll})(\\p{Ll})${END})`, "gu");

/** A way to write units, with identities whose size the text tells, or with one of its own. */
const writing =
  (identity: string) =>
  (text: string, isKnown: (name: string) => boolean): WrittenOut | undefined => {
    const summed = new Set([...text.matchAll(SUM)].flatMap(([, several, one]) => [...`${several ?? one}`]));
    const said = new Set<string>();
    const vector = (i: string): string => (summed.has(i) ? `${identity}[:,${i}]` : `e_${i}`);
    const outer = (i: string, j: string): string => `(${vector(i)}*${vector(j)}ᵀ)`;
    // E by itself is a matrix that E_ij are the entries of.
    const bare = new Set([...text.matchAll(BARE)].map(([name]) => name));
    const mayBe = (name: string, whole: string): boolean => !isKnown(name) && !isKnown(whole);
    const matrix = (whole: string, name: string, ...at: readonly unknown[]): string => {
      const [i, j] = at.filter((index) => typeof index === "string") as [string, string];
      if (!mayBe(name, whole) || bare.has(name)) return whole;
      said.add(`${whole.replace(/[ {},()]/g, "")} is the matrix with 1 at ${i}, ${j} and 0 elsewhere`);
      return outer(i, j);
    };
    const written = text
      .replace(VECTOR, (whole, braced, bare) => {
        const i = braced ?? bare;
        if (!summed.has(i) || !mayBe("e", whole)) return whole;
        said.add(`e_${i} is the unit vector with 1 at ${i}`);
        return vector(i);
      })
      .replace(RAISED, matrix)
      .replace(LOWERED, matrix)
      .replace(IDENTITY, (whole, a, b, i = a, j = b) => {
        if (!mayBe("I", whole) || isKnown(i) || isKnown(j)) return whole;
        said.add(`I_${i}${j} is an entry of the identity`);
        return `δ_${i}${j}`;
      });
    return written === text ? undefined : { text: written, assumed: [...said].join("; "), isFirm: false };
  };

/** The text with units written out, as large as what stands beside them; undefined where it has none. */
export const withUnits = writing("I");

/** The same as columns of an identity of any size, where nothing stands beside them. */
export const withUnitsAlone = writing("eye(n)");
