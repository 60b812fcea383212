// What a printed answer says: its text read back as a term, names that it gives to its parts and
// names that the person defined put in.
//
// Invariant: nothing is taken from the term that was printed but its shape, so what is checked is
// what a reader sees. Not here: whether it is right (verify.ts).

import { fail } from "../../base/diagnostic.ts";
import { wholeOf } from "../../base/span.ts";
import { type KnownVariables, knowVariables, parseExpression } from "../../elaborate/elaborate.ts";
import { substitute, variable } from "../../expr/build.ts";
import type { Expr } from "../../expr/expr.ts";
import { sameShape, shapeText } from "../../expr/shape.ts";
import type { Answer, ShapeTexts } from "../answer/answer.ts";
import { refuse } from "../question/call.ts";
import type { Stated } from "../question/state.ts";

/** A printed answer as a term, the names of its parts put in. Throws a diagnostic where the text does not read as a term of its shape. */
export function readPrinted(answer: Answer, format: "ascii" | "unicode", stated: Stated): Expr {
  const known = knownTo(stated);
  const parts = new Map<Expr, Expr>();
  for (const part of answer.where) {
    const read = readTerm(part[format], stated, known, part.shape);
    const name = variable(part.name, read.shape);
    parts.set(name, substitute(read, parts, stated.library.functions));
    knowVariables([name], known.names);
  }
  const { shape } = answer.expr;
  const text = answer[format];
  const read = readTerm(text, stated, known, [shape.rows.key, shape.cols.key]);
  if (!sameShape(read.shape, shape))
    fail("shape", `the printed answer reads as ${shapeText(read.shape)} and is ${shapeText(shape)}`, wholeOf(text));
  return substitute(read, parts, stated.library.functions);
}

/** The text of an answer as a term, definitions put in. Throws a diagnostic where it does not read. */
export const readAnswer = (text: string, stated: Stated): Expr => readTerm(text, stated, knownTo(stated));

/** What a printed text may mention: variables and defined names, and what the latter stand for. */
interface Known {
  readonly names: KnownVariables;
  readonly bodies: ReadonlyMap<Expr, Expr>;
}

const knownTo = ({ variables, definitions }: Stated): Known => ({
  names: knowVariables([...variables, ...definitions.map((d) => d.variable)]),
  bodies: new Map(definitions.map((d) => [d.variable, d.expr])),
});

/** `sizes` are consulted where the text leaves them to the reader. */
function readTerm(text: string, stated: Stated, { names, bodies }: Known, sizes?: ShapeTexts): Expr {
  const { library, unknowns, dims } = stated;
  const scope = { variables: names, functions: library.functions, unknowns, dims };
  let read = parseExpression(text, scope);
  // An identity or a vector of ones without size takes it from its surroundings.
  if (!read.ok && sizes !== undefined) read = parseExpression(`zeros(${sizes.join()}) + (${text})`, scope);
  if (!read.ok) refuse(read);
  return substitute(read.expr, bodies, library.functions);
}
