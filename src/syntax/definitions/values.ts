// The value of a function that a text defines at other places than it is defined at: its body with the arguments in brackets.
//
// Invariant: a name in the body whose own value has a variable of the function in it is written out with it, so that
// nothing is left at the old place. Not here: derivatives (uses.ts).

import { fail } from "../../base/diagnostic.ts";
import type { Span } from "../../base/span.ts";
import { plainName } from "../tokens/lexer.ts";
import type { Call, Item, Writing } from "./uses.ts";

/** Most tokens that are written for the values of one text at other places. */
const MOST_WRITTEN = 200_000;

/** What is written for a call, and where. */
interface Use {
  readonly name: string;
  readonly params: readonly string[];
  readonly args: readonly (readonly Item[])[];
  /** The names in the arguments. */
  readonly names: readonly string[];
  readonly place: Span;
}

/** Writes the value of a function at other places. */
export function writeValue(w: Writing, { name, body, gap }: Call, args: readonly (readonly Item[])[], place: Span): void {
  const { out, values } = w;
  const names = [...new Set(args.flat().flatMap((a) => (a.type === "name" ? [a.value] : [])))];
  const use: Use = { name, params: body.params, args, names, place };
  const bracket = (text: string, before: string): Item => ({ type: "bracket", text, value: text, gap: before, ...place });
  const moving = movingNames(body, values);
  out.push(bracket("(", gap));
  const stack = [{ of: name, items: body.items, at: 0 }];
  for (let open = stack.at(-1); open !== undefined; open = stack.at(-1)) {
    const item = open.items[open.at];
    if (item === undefined) {
      out.push(bracket(")", ""));
      stack.pop();
      continue;
    }
    const before = open.at === 0 ? "" : item.gap.replace(/\s+/g, " ");
    open.at++;
    const length = out.length;
    const isMoving = item.type === "name" && moving.has(item.value) && paramOf(item, body.params).at < 0;
    if (isMoving) {
      if (stack.some(({ of }) => of === item.value))
        fail("declaration", `${item.value} is defined by itself, through other definitions`, place, {
          fix: "a definition without a circle",
        });
      out.push(bracket("(", before));
      stack.push({ of: item.value, items: values.get(item.value) as readonly Item[], at: 0 });
    } else writeItem(w, use, item, before);
    w.copied += out.length - length;
    if (w.copied > MOST_WRITTEN)
      fail("limit", `written out, ${name} has more than ${MOST_WRITTEN} names, numbers and signs`, place, { fix: "names for its parts" });
  }
}

/** Writes a token of a body: a variable of the function as the argument, what else it is as it stands. */
function writeItem({ out }: Writing, { name, params, args, names, place }: Use, item: Item, gap: string): void {
  const { at, index } = paramOf(item, params);
  const indices = item.type === "sigma" ? new Set(indicesIn(item.value)) : undefined;
  const isBound = indices !== undefined && names.some((n) => hasIndex(n, indices));
  if (/\d/.test(index) || isBound || item.type === "derivative")
    fail("unsupported", `the value of ${name} at another place is not read, because of its ${item.text}`, place, {
      fix: `what ${name} is there, written out`,
    });
  const arg = args[at];
  const [only, ...more] = arg ?? [];
  const bracket = (text: string, before = ""): Item => ({ type: "bracket", text, value: text, gap: before, ...place });
  if (arg === undefined || only === undefined) out.push({ ...item, gap, ...place });
  else if (more.length === 0 && only.type === "name") out.push({ ...only, text: only.text + index, gap, ...place });
  else out.push(bracket("(", gap), ...arg.map((a, i) => ({ ...a, gap: i === 0 ? "" : a.gap, ...place })), bracket(`)${index}`));
}

/** The defined names whose values have variables of a function in them, as far as its body mentions them. */
function movingNames({ params, items }: Call["body"], values: Writing["values"]): ReadonlySet<string> {
  const moving = new Set<string>();
  const usedBy = new Map<string, string[]>();
  const seen = new Set<string>();
  const ready: string[] = [];
  const waiting = [{ of: "", items }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop())
    for (const item of next.items) {
      const { value, type } = item;
      if (paramOf(item, params).at >= 0) ready.push(next.of);
      else if (type === "name" && values.has(value)) {
        usedBy.set(value, usedBy.get(value) ?? []);
        usedBy.get(value)?.push(next.of);
        if (!seen.has(value)) waiting.push({ of: value, items: values.get(value) as readonly Item[] });
        seen.add(value);
      }
    }
  for (let name = ready.pop(); name !== undefined; name = ready.pop()) {
    if (moving.has(name)) continue;
    moving.add(name);
    ready.push(...(usedBy.get(name) ?? []));
  }
  return moving;
}

/** Which parameter a token of a body is, −1 for others, and the index below it: that of x_i, where x is one. */
function paramOf({ type, value }: Item, params: readonly string[]): { readonly at: number; readonly index: string } {
  const at = type === "name" ? params.findIndex((p) => value === p || value.startsWith(`${p}_`)) : -1;
  return { at, index: value.slice(params[at]?.length ?? value.length) };
}

/** Whether a name is one of some indices, or has one below it, as x_i and A_ij have. */
export function hasIndex(name: string, indices: ReadonlySet<string>): boolean {
  const below = /_\{?([^{}]*)/u.exec(name)?.[1];
  return indices.has(below ?? name) || [...(below ?? "")].some((letter) => indices.has(letter));
}

/** The names below the sign of a sum. */
export const indicesIn = (sign: string): readonly string[] =>
  /_\{?([^{}^=]*)/u.exec(plainName(sign))?.[1]?.match(/\p{L}[\p{L}\p{N}]*/gu) ?? [];
