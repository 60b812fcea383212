// Which statements declare and which define, and what that makes of their names: a colon
// declares only before a type, elsewhere it is the Frobenius product.

import type { Token } from "../tokens/lexer.ts";
import { CLOSER, CLOSERS, type Marked, type Range, TYPE_WORDS } from "../tokens/statements.ts";

/** Names as the text's own declarations and definitions settle them. */
export interface Names {
  readonly functions: Set<string>;
  readonly variables: Set<string>;
}

/** Marks w, x : vector(n), u(x) : vector(m), f : elementwise, several of them parted by commas. */
export function markDeclarations(text: Marked, s: Range, names: Names, isFunction: (name: string) => boolean): void {
  for (let from: number | undefined = s.from; from !== undefined; ) {
    const head = readHead(text, from, s.to);
    from = head === undefined ? undefined : markOne(text, s, head, names, isFunction);
  }
}

// Marks a declaration where its head is followed by a type; gives the beginning of the next.
function markOne(text: Marked, s: Range, head: Head, names: Names, isFunction: (name: string) => boolean): number | undefined {
  const { tokens, types, match } = text;
  const { declared, dependent, colon } = head;
  const end = endOfType(text, colon, s.to);
  const first = tokens[colon + 1];
  const typed = first?.type === "lparen" ? tokens[colon + 2] : first;
  const word = typed?.type === "name" ? typed.value : "";
  let maps = false;
  for (let k = colon + 1; k < end; k++) maps ||= types[k] === "maps";
  const misspelt = /^[a-z]{3,}$/.test(word) && types[colon + 2] === "lparen" && match[colon + 2] === s.to - 1 && !isFunction(word);
  let typeWord = TYPE_WORDS.has(word);
  for (let k = colon + 1; tokens[k]?.type === "name"; k++) typeWord ||= TYPE_WORDS.has((tokens[k] as Token).value);
  const isType = typeWord || misspelt || maps || types[colon] === "element" || (dependent && word !== "");
  if (!isType) return undefined;
  types[colon] = "declares";
  s.declaration = true;
  const set = dependent || maps || word === "elementwise" ? names.functions : names.variables;
  for (const name of declared) set.add(name);
  for (let k = colon + 1; k < end; k++) {
    if (types[k] === "lbrace") types[k] = "lparen";
    if (types[k] === "rbrace") types[k] = "rparen";
  }
  if (end === s.to) return undefined;
  types[end] = "separator";
  return end + 1;
}

interface Head {
  readonly declared: readonly string[];
  /** u(x): it depends on variables. */
  readonly dependent: boolean;
  readonly colon: number;
}

function readHead({ tokens, match }: Marked, from: number, to: number): Head | undefined {
  let i = from;
  const declared: string[] = [];
  let dependent = false;
  while (i < to && tokens[i]?.type === "name") {
    declared.push((tokens[i] as Token).value);
    i++;
    if (tokens[i]?.type === "lparen" && declared.length === 1) {
      const close = match[i] as number;
      if (!namesOnly(tokens, i + 1, close)) return undefined;
      i = close + 1;
      dependent = true;
    }
    if (tokens[i]?.type !== "comma" || dependent) break;
    i++;
  }
  const colon = tokens[i]?.type;
  if (declared.length === 0 || i + 1 >= to || (colon !== "colon" && colon !== "element")) return undefined;
  return { declared, dependent, colon: i };
}

// A type ends with the statement, or with a comma outside brackets that parts no arguments.
function endOfType(text: Marked, colon: number, to: number): number {
  let depth = 0;
  for (let k = colon + 1; k < to; k++) {
    const type = text.types[k] as string;
    if (CLOSER[type] !== undefined) depth++;
    else if (CLOSERS.has(type)) depth--;
    else if (depth === 0 && type === "comma" && !leadsToArrow(text, k, to)) return k;
  }
  return to;
}

// Whether a comma parts arguments: an arrow comes before any further declaration.
function leadsToArrow(text: Marked, comma: number, to: number): boolean {
  for (let k = comma; k < to; k++) {
    if (text.types[k] === "maps") return true;
    if (text.types[k] === "comma" && readHead(text, k + 1, to) !== undefined) return false;
  }
  return false;
}

function namesOnly(tokens: readonly Token[], from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (tokens[i]?.type !== ((i - from) % 2 === 0 ? "name" : "comma")) return false;
  return (to - from) % 2 === 1;
}

/** z = w·x + b makes z a variable, whatever functions there are. */
export function noteDefinition({ tokens, types }: Marked, s: Range, names: Names): void {
  const name = tokens[s.from];
  if (name?.type === "name" && types[s.from + 1] === "equals" && s.from + 1 < s.to) names.variables.add(name.value);
}
