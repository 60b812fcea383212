// A request of the batch protocol: what a line may say under each key.
//
// Invariant: what is no request is refused with what is wrong with it, before anything of it is
// read as mathematics. Unknown keys are ignored, so that a request may carry notes of its own.

import { optional } from "../base/optional.ts";
import type { Layout, Symmetry } from "../expr/conventions.ts";
import type { Kind } from "../library/answer/asked.ts";
import { VIEWS, type ViewName } from "../library/answer/views.ts";
import { choiceFault } from "../library/question/choice.ts";
import { type Expression, listed } from "../library/question/question.ts";

/** A request of a batch with its defaults put in. */
export interface Request extends Expression {
  readonly expr: string;
  readonly wrt: readonly string[];
  readonly layout: Layout;
  readonly symmetry: Symmetry;
  readonly order: number;
  readonly kind: Kind;
  readonly along?: readonly string[];
  readonly upstream?: string;
  readonly views?: readonly ViewName[];
  readonly where?: boolean;
}

/** A request as it is written. */
interface Written extends Omit<Request, "wrt" | "along"> {
  readonly wrt?: string | readonly string[];
  readonly along?: string | readonly string[];
}

const KINDS: readonly Kind[] = ["derivative", "gradient", "hessian", "jvp", "vjp", "hvp", "differential"];

const isText = (x: unknown): x is string => typeof x === "string";
const isTexts = (x: unknown): x is string[] => Array.isArray(x) && x.every(isText);
const isNames = (x: unknown): boolean => isText(x) || isTexts(x);
const isSizes = (x: unknown): boolean => Array.isArray(x) && x.every((d) => isText(d) || typeof d === "number");
const isDefinitions = (x: unknown): boolean => Array.isArray(x) && x.every((d) => isTexts(d) && d.length === 2);
const isRecord = (x: unknown, is: (value: unknown) => boolean): boolean =>
  typeof x === "object" && x !== null && !Array.isArray(x) && Object.values(x).every(is);
const isAmong = (words: readonly string[], x: unknown): boolean => words.some((word) => word === x);

type Fits = (value: unknown) => boolean;

// biome-ignore format: a table is read by columns
/** What fits under a key, and what is said of anything else; a choice that every question has is checked by `choiceFault`. */
const KEYS: readonly (readonly [key: keyof Written, fits: Fits, sentence: string])[] = [
  ["expr",     isText,                                             "expr is a text"],
  ["wrt",      isNames,                                            "wrt is the name of a variable, or a list of names for a mixed derivative"],
  ["along",    isNames,                                            "along is a direction, or a list with one for each variable"],
  ["upstream", isText,                                             "upstream is a text"],
  ["views",    (x) => isTexts(x) && x.every((v) => isAmong(VIEWS, v)), `views is a list of ${VIEWS.join(", ")}`],
  ["where",    (x) => typeof x === "boolean",                      "where is true or false"],
  ["kind",     (x) => isAmong(KINDS, x),                           `kind is one of ${KINDS.join(", ")}`],
  ["vars",     (x) => isRecord(x, isSizes),                        'vars is an object of shapes: [], ["n"] or ["m", "n"]'],
  ["attrs",    (x) => isRecord(x, isTexts),                        "attrs is an object of lists of attributes"],
  ["dims",     isTexts,                                            "dims is a list of names"],
  ["let",      isDefinitions,                                      "let is a list of [name, definition]"],
  ["notation", (x) => isAmong(["plain", "latex"], x),              "notation is plain or latex"],
  ["dialect",  (x) => isAmong(["standard", "paper"], x),           "dialect is standard or paper"],
];

/** The request that a line holds, or what is wrong with it. */
export function readRequest(data: Readonly<Record<string, unknown>>): Request | string {
  if (data.expr === undefined) return "expr is a text";
  const misfit = KEYS.find(([key, fits]) => data[key] !== undefined && !fits(data[key]));
  if (misfit !== undefined) return misfit[2];
  const fault = choiceFault(data);
  if (fault !== undefined) return fault.fix === undefined ? fault.message : `${fault.message}: ${fault.fix}`;
  const written = data as unknown as Written;
  const { expr, layout = "numerator", symmetry = "free", order = 1, wrt, along } = written;
  const { upstream, views, where, vars, attrs, dims, let: definitions, dialect, notation } = written;
  return {
    expr,
    layout,
    symmetry,
    order,
    kind: written.kind ?? kindOf(order, along, upstream),
    wrt: listed(wrt),
    ...optional({
      along: along === undefined ? undefined : listed(along),
      upstream,
      views,
      where,
      vars,
      attrs,
      dims,
      let: definitions,
      dialect,
      notation,
    }),
  };
}

/** Which derivative a request asks for where it does not say: what it is met with decides. */
function kindOf(order: number, along: unknown, upstream: unknown): Kind {
  if (upstream !== undefined) return "vjp";
  if (along === undefined) return "derivative";
  return order === 2 ? "hvp" : "jvp";
}
