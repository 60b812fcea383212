// Logarithms that a text gives a value, ln L = … and log p(x|μ) = …, as names of their own.
//
// Invariant: in a text that gives no logarithm a value, or says something of what is logarithm by itself, nothing is
// changed. LaTeX and plain text are asked by the same patterns.

import { closing } from "../text/statement.ts";

const LOG = String.raw`\\?(?:log|ln)`;
const LETTER = String.raw`(?:\\(?:mathcal|mathrm|mathbf|operatorname)\s*\{?\s*)?[a-zA-Z]\}?`;
/** ln L and log p, where the text gives it a value: at the beginning of a statement or of what stands behind one. */
const DEFINED = new RegExp(String.raw`(?:^|[;,]|\\quad)\s*((?<log>${LOG})\s*(?<of>${LETTER}))\s*(?=[(=])`, "g");
/** Letters for a logarithm. */
const LETTERS = [..."FJGQMV"];

/** A logarithm with a name. */
interface Named {
  readonly name: string;
  readonly log: string;
  readonly of: string;
  /** (x|μ), or nothing. */
  readonly place: string;
}

/** The text with names for the logarithms that it gives a value, and what they are; undefined where it gives none one. */
export function withNamedLogarithms(text: string): { readonly text: string; readonly assumed: readonly string[] } | undefined {
  const free = LETTERS.filter((letter) => !new RegExp(`(?<![a-zA-Z\\\\])${letter}(?![a-zA-Z])`).test(text));
  const found = [...text.matchAll(DEFINED)].flatMap((match, i): Named[] => {
    const { log = "", of = "" } = match.groups ?? {};
    const at = match.index + match[0].length;
    const close = text[at] === "(" ? closing(text, at + 1) : undefined;
    const place = close === undefined ? "" : text.slice(at, close + 1);
    const name = free[i];
    const isValue = /^\s*=(?!=)/.test(text.slice(at + place.length));
    return isValue && name !== undefined ? [{ name, log, of, place }] : [];
  });
  const written = found.reduce(withName, text);
  const isAlone = ({ of }: Named): boolean => new RegExp(String.raw`(?<![a-zA-Z\\])d?${exactly(of)}(?![a-zA-Z_])`).test(written);
  return written === text || found.some(isAlone)
    ? undefined
    : { text: written, assumed: found.map(({ name, log, of, place }) => `${name} is ${plain(log + " " + of + place)}`) };
}

/** The text with a name for a logarithm, at its place and without one. */
function withName(text: string, { name, of, place }: Named): string {
  const behind = place === "" ? "" : String.raw`(?:\s*${exactly(place)})?`;
  return text.replace(
    new RegExp(String.raw`(?:(?<![a-zA-Z\\])(d)\s*)?${LOG}\s*${exactly(of)}${behind}(?![a-zA-Z_^(])`, "g"),
    (_, d = "") => ` ${d}${name} `,
  );
}

/** A pattern of what is written so, with whatever spaces. */
const exactly = (part: string): string =>
  [...part.replace(/\s/g, "")].map((c) => c.replace(/[.*+?^${}()|[\]\\]/, String.raw`\$&`)).join(String.raw`\s*`);

const plain = (text: string): string => text.replace(/\\(?:mathcal|mathrm|mathbf|operatorname)|[{}\\]/g, "");
