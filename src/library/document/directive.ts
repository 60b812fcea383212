// Comments of a document that speak to nabla: settings, and declarations and definitions in
// the language itself.
//
// Invariant: what is not understood is a problem with its place; no comment is passed over.

import type { Span } from "../../base/span.ts";
import { LAYOUTS, type Layout } from "../../expr/conventions.ts";
import { parse } from "../../syntax/parse.ts";
import type { Skipped } from "./formula.ts";
import type { Ledger } from "./ledger.ts";

const DIALECTS = ["standard", "paper"] as const;

/** What comments have set for the claims that follow. */
export interface Settings {
  readonly layout?: Layout;
  readonly dialect?: (typeof DIALECTS)[number];
}

/** What a comment says besides what it says of names. */
export type Directive =
  | { readonly kind: "settings"; readonly settings: Settings }
  | { readonly kind: "off" | "on" | "skip" | "statements" }
  | { readonly kind: "problem"; readonly problem: Skipped };

const KNOWN = "after nabla: stand declarations, definitions, layout, dialect, skip, off or on";

const choice = <T extends string>(said: string, word: string, values: readonly T[]): T | undefined => {
  const [first, value, ...rest] = said.split(/[ :]+/);
  return first === word && rest.length === 0 ? values.find((v) => v === value) : undefined;
};

/** Takes the comment at a place of the document; its declarations and definitions go to the ledger. */
export function takeDirective(text: string, { start, end }: Span, ledger: Ledger): Directive {
  const comment = text.slice(start, end);
  const said = comment.trim();
  if (said === "off" || said === "on" || said === "skip") return { kind: said };
  const layout = choice(said, "layout", LAYOUTS);
  if (layout !== undefined) return { kind: "settings", settings: { layout } };
  const dialect = choice(said, "dialect", DIALECTS);
  if (dialect !== undefined) return { kind: "settings", settings: { dialect } };
  return takeStatements(said, start + comment.indexOf(said), ledger);
}

function takeStatements(said: string, at: number, ledger: Ledger): Directive {
  const result = parse(said, { isFunction: ledger.isFunction, isVariable: ledger.isVariable });
  if (!result.ok || result.document.final !== undefined) {
    const d = result.ok ? undefined : result.diagnostics[0];
    const start = at + (d?.span.start ?? 0);
    const end = Math.max(start + 1, at + (d?.span.end ?? said.length));
    return { kind: "problem", problem: { start, end, reason: d?.message ?? KNOWN } };
  }
  const { declarations, definitions } = result.document;
  for (const { names, type } of declarations)
    ledger.declare(
      names.map((n) => n.name),
      { place: at, type: said.slice(type.span.start, type.span.end) },
    );
  for (const { name, value } of definitions) {
    const { start, end } = value.span;
    ledger.define(name, { text: said.slice(start, end), place: at, span: { start: at + start, end: at + end }, byEntries: false });
  }
  return { kind: "statements" };
}
