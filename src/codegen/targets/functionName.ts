// The name of a written function: the user's wish as an identifier, refused where the language
// or the program means something else by it.

import { fail } from "../../base/diagnostic.ts";
import { NOWHERE } from "../../base/span.ts";
import { KERNEL_TEXTS } from "../generated/kernels.ts";
import { COMMON_RESERVED, identifier } from "../names.ts";
import { JAVASCRIPT_WORDS, JULIA_WORDS, MATLAB_WORDS, pythonWords } from "../words.ts";
import type { ProgramTarget } from "./targets.ts";

/** What a function is called that nobody has named. */
const UNNAMED = "f";

/** Where a function is written. */
export interface Surroundings {
  readonly target: ProgramTarget;
  readonly hasTest: boolean;
  /** The user's names of its inputs. */
  readonly inputs: readonly string[];
}

/** A function's name. Ends the call where the wish cannot be one. */
export function functionName(wish: string | undefined, { target, hasTest, inputs }: Surroundings): string {
  if (wish === undefined) return UNNAMED;
  const name = identifier(wish);
  const refuse = (reason: string): never =>
    fail("declaration", `the function cannot be called ${wish}: ${reason}`, NOWHERE, { fix: `${name}_of` });
  const written = name === wish ? "it" : name;
  const words = target === "javascript" ? [...JAVASCRIPT_WORDS, ...Object.keys(KERNEL_TEXTS)] : wordsOf(target, hasTest);
  if (words.includes(name) || (name !== UNNAMED && COMMON_RESERVED.includes(name)))
    refuse(`${written} is a word that ${target} code needs itself`);
  if (inputs.some((i) => identifier(i) === name)) refuse(`${written} is an input`);
  return name;
}

function wordsOf(target: ProgramTarget, hasTest: boolean): readonly string[] {
  if (target === "julia") return JULIA_WORDS;
  return target === "matlab" || target === "octave" ? MATLAB_WORDS : pythonWords(hasTest);
}
