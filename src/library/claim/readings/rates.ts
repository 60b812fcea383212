// A name with a dot, whose value a text says, as a derivative by t: V = xᵀP x; ẋ = A x; V̇ = … is ∂V/∂x (A x) = …, with ∂V/∂t
// where the text has t; and W = e^{tA}; Ẇ = … is d(e^{tA})/dt = ….
//
// Invariant: only what alone stands on the left of a claim is read so, and only where something says how it depends on t. Not here: dots in texts of numbers alone (primes.ts), and beside
// derivatives by t (signs.ts).

import { definitionsIn } from "../../../syntax/definitions/statements.ts";
import { tokenize } from "../../../syntax/tokens/lexer.ts";
import { statementIn } from "../text/statement.ts";
import { type Claimed, type WrittenOut, withFunctionsOfTime } from "./signs.ts";

/** V̇ in decomposed text. */
const RATE = /^(\p{L}[\p{Nd}_]*)\u0307([\p{Nd}_]*)$/u;

const TIME = /(?<![\p{L}_])t(?!(?!ᵀ)[\p{L}\p{N}_(])/u;

/** The name whose rate a name is. */
function ofRate(name: string): string | undefined {
  const [, letter, index = ""] = RATE.exec(name.normalize("NFD")) ?? [];
  return letter === undefined ? undefined : (letter + index).normalize("NFC");
}

/** A definition in a text. */
interface Defined {
  readonly name: string;
  readonly body: string;
}

/** The text with a derivative for the rate that it is about; undefined where it is about none. */
export function withRates(text: string, isKnown: (name: string) => boolean, { let: given = [] }: Claimed): WrittenOut | undefined {
  const { begin, sides } = statementIn(text);
  const name = ofRate(sides[0]?.text ?? "");
  if (name === undefined || sides.length < 2) return undefined;
  const defined = definitionsIn(tokenize(text.slice(0, begin))).map(
    (d): Defined => ({ name: d.name, body: text.slice(d.value[0]?.start, d.value.at(-1)?.end) }),
  );
  const behind = given.map(([of, body]): Defined => ({ name: of, body }));
  const whole = [...defined, ...behind].find((d) => d.name === name);
  if (whole === undefined) return undefined;
  const rates = [...defined, ...behind].filter((d) => ofRate(d.name) !== undefined);
  const hasTime = [...defined, ...behind].some(({ body }) => TIME.test(body));
  const along = rates.map(({ name: rate, body }) => `∂${name}/∂${ofRate(rate)}*(${body})`);
  const explicit = hasTime ? [`∂${name}/∂t`] : [];
  const claim = [
    along.length > 0 ? [...along, ...explicit].join(" + ") : `d(${whole.body})/dt`,
    ...sides.slice(1).map((s) => withBodies(s.text, rates)),
  ];
  const definitions = defined.filter((d) => !rates.includes(d)).map((d) => `${d.name} = ${d.body}; `);
  const written = definitions.join("") + claim.join(" = ");
  const besides = rates.length > 0 ? undefined : withFunctionsOfTime(written, isKnown);
  if (besides === undefined && along.length === 0 && !hasTime) return undefined;
  const declarations = hasTime && !isKnown("t") ? { declarations: "t : scalar" } : {};
  return besides ?? { text: written, assumed: "a dot above is the derivative by t", ...declarations, isFirm: true };
}

/** The text with what rates are in their places. */
const withBodies = (text: string, rates: readonly Defined[]): string =>
  rates.reduce((out, { name, body }) => out.replaceAll(name, `(${body})`), text);
