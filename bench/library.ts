// The library that is measured: the compiled one, which users run, made by `npm run build`
// at the start of every run (bench/run.ts).

import type * as Library from "../src/index.ts";

export const library = (await import(new URL("../dist/src/index.js", import.meta.url).href)) as typeof Library;

/** An answer of the library, or its refusal as an error. */
export function answered<T extends { readonly ok: true }>(answer: T | Library.Refusal): T {
  if (!answer.ok) throw new Error(answer.diagnostics[0]?.message);
  return answer;
}
