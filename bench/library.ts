// The library that is measured: the compiled one, which users run, made by `npm run build`
// at the start of every run (bench/run.ts).

import type * as Intern from "../src/base/intern.ts";
import type * as Library from "../src/index.ts";

const compiled = (module: string): Promise<unknown> => import(new URL(`../dist/src/${module}.js`, import.meta.url).href);

export const library = (await compiled("index")) as typeof Library;

const { trimTables } = (await compiled("base/intern")) as typeof Intern;

/** Empties the tables of terms, as the library does when they are full. */
export const forget = (): void => void trimTables(0);

/** An answer of the library, or its refusal as an error. */
export function answered<T extends { readonly ok: true }>(answer: T | Library.Refusal): T {
  if (!answer.ok) throw new Error(answer.diagnostics[0]?.message);
  return answer;
}
