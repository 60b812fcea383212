// Derivatives of names by names where they stand in a text: dy/du, ∂²u/∂x², ∂²u/∂x∂y.
//
// Invariant: of a derivative the orders above and below are equal. Not here: what they are worth (terms/chained.ts).

/** A derivative of one name by others. */
export interface NamedDerivative {
  readonly text: string;
  readonly index: number;
  readonly of: string;
  /** As often as it is taken by each. */
  readonly by: readonly string[];
}

const NAME = "\\p{L}(?:(?!ᵀ)\\p{L}|[\\p{Nd}_₀-₉])*";
const POWER = "([²³]|\\^\\{?[23]\\}?)?";
/** u(x) and y_1(u, v); words before brackets are functions. */
const LETTER = "\\p{L}[\\p{Nd}_₀-₉]*";
const DEPENDS = `\\(\\s*${NAME}(?:\\s*,\\s*${NAME})*\\s*\\)`;
const ABOVE = new RegExp(
  `(?<![\\p{L}_]|[\\p{L}_]\\p{N}+)[d∂]${POWER}\\s*(?:(?<of>${LETTER})${DEPENDS}|\\((?<in>${LETTER})${DEPENDS}\\)|(?<name>${NAME}))\\s*\\/\\s*`,
  "gu",
);
const BELOW = new RegExp(`\\s*[d∂](${NAME})${POWER}`, "yu");
// Below ∂² a mark turns the variable: ∂²f/∂x∂yᵀ; that of ∂y/∂xᵀ may turn the derivative as well.
const TURNED = /['′ᵀ⊤]|\^\{?[T⊤]\}?(?![\p{L}\p{N}])/uy;
const ORDERS: Readonly<Record<string, number>> = { "²": 2, "³": 3, "2": 2, "3": 3 };

const orderOf = (power: string | undefined): number => (power === undefined ? 1 : (ORDERS[power.replace(/[\^{}]/g, "")] ?? Number.NaN));

/** The derivatives of names by names in a text, from left to right. */
export function derivativesIn(text: string): readonly NamedDerivative[] {
  return [...text.matchAll(ABOVE)].flatMap((m) => {
    const by: string[] = [];
    const order = orderOf(m[1]);
    let end = m.index + m[0].length;
    while (by.length < order) {
      BELOW.lastIndex = end;
      const found = BELOW.exec(text);
      if (found === null) return [];
      by.push(...Array<string>(orderOf(found[2])).fill(found[1] as string));
      end = order === 1 ? BELOW.lastIndex : behind(TURNED, text, BELOW.lastIndex);
    }
    if (by.length !== order || /^(?!ᵀ)[\p{L}\p{N}_^]/u.test(text.slice(end))) return [];
    return [{ text: text.slice(m.index, end), index: m.index, of: (m.groups?.of ?? m.groups?.in ?? m.groups?.name) as string, by }];
  });
}

/** The place behind what stands at a place of a text, or that place. */
function behind(sign: RegExp, text: string, at: number): number {
  sign.lastIndex = at;
  return sign.test(text) ? sign.lastIndex : at;
}

/** d/dx and dy/dx, of whatever order. */
const QUOTIENT = /(?<![\p{L}\p{N}_])[d∂](?:²|\^\{?\d\}?)?\s*(?:\p{L}[\p{L}\p{Nd}_]*)?\s*\/\s*[d∂](\p{L}[\p{L}\p{Nd}_]*)/gu;

/** A derivative by a name, whether it is one of a name and can be read as such or not. */
export interface Quotient extends Pick<NamedDerivative, "text" | "index"> {
  readonly by: string;
}

/** What divides by the differential of a name in a text. */
export const quotientsIn = (text: string): readonly Quotient[] =>
  [...text.matchAll(QUOTIENT)].map((m) => ({ text: m[0], index: m.index, by: m[1] as string }));

/** A text with names alone in the places of u(x), each with as many blanks behind it as it was longer, where they depend on others. */
export const withoutArguments = (text: string, isDependent: (name: string) => boolean): string =>
  text.replace(APPLIED, (written: string, name: string) => (isDependent(name) ? name.padEnd(written.length) : written));
const APPLIED = new RegExp(`(?<![\\p{L}\\p{N}_])(${NAME})${DEPENDS}`, "gu");

/** Whether a text has derivatives of names by names in it. */
export const hasDerivatives = (text: string): boolean => derivativesIn(text).length > 0;

/** The text with names in the places of the derivatives that are given one. */
export function replaceDerivatives(text: string, nameOf: (derivative: NamedDerivative) => string | undefined): string {
  let out = "";
  let at = 0;
  for (const derivative of derivativesIn(text)) {
    out += text.slice(at, derivative.index) + (nameOf(derivative) ?? derivative.text);
    at = derivative.index + derivative.text.length;
  }
  return out + text.slice(at);
}
