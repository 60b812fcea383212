// The user's own definitions in an answer: parts that the user has a name for, and has used
// it, are called by it where that is shorter.
//
// Invariant: with the definitions put in, the answer is what it was, and never longer.

import { attempt } from "../../base/diagnostic.ts";
import { readArranged, readerOf, readWith } from "../../calculus/arranged.ts";
import { arrangeShape } from "../../calculus/directional.ts";
import { neg, substitute } from "../../expr/build.ts";
import { type Expr, variables } from "../../expr/expr.ts";
import { countOperations } from "../../expr/operations.ts";
import { toTensor } from "../../tensor/convert/convert.ts";
import { negateTensor } from "../../tensor/form/algebra.ts";
import type { Tensor } from "../../tensor/form/tensor.ts";
import { type Manner, mannerOf } from "../../tensor/read/reading/reader.ts";
import { applyGuards } from "../../tensor/simplify/guards.ts";
import type { Stated } from "../question/state.ts";

/** What is longer than this with the names in it stays as it stands: no search for a shorter form reaches it as a whole. */
const MOST_READ = 240;

/** The term in the user's names. With a name an unknown like any other, it is read anew. */
export function foldNames(expr: Expr, stated: Stated): Expr {
  const { definitions, library } = stated;
  if (definitions.length === 0) return expr;
  const used = new Set<Expr>(variables(stated.written));
  const names = new Map<Expr, Expr>();
  const reader = readerOf(library, mannerOfAnswers(stated));
  const read = (tensor: Tensor, { shape }: Expr): Expr | undefined => attempt(() => readWith(reader, tensor, arrangeShape(shape)));
  for (const { variable, expr: body } of definitions) {
    if (!used.has(variable) || countOperations(body) === 0) continue;
    const tensor = applyGuards(toTensor(body, { find: library.find }));
    for (const [value, name] of [
      [negateTensor(tensor), neg(variable)],
      [tensor, variable],
    ] as const) {
      const written = read(value, body);
      if (written !== undefined) names.set(written, name);
    }
    names.set(body, variable);
  }
  const folded = substitute(expr, names, library.functions);
  if (folded === expr) return expr;
  const isLong = countOperations(folded) > MOST_READ;
  const again = isLong ? folded : (read(applyGuards(toTensor(folded, { find: library.find })), folded) ?? folded);
  return [again, folded, expr].reduce((best, e) => (countOperations(e) < countOperations(best) ? e : best));
}

/** The shortest notation of a term that the search finds. Throws an InputError where it finds none. */
export function shortestOf(expr: Expr, stated: Stated): Expr {
  const tensor = applyGuards(toTensor(expr, { find: stated.library.find }));
  return readArranged(tensor, arrangeShape(expr.shape), stated.library, mannerOfAnswers(stated));
}

const mannerOfAnswers = ({ written, variables: all }: Stated): Manner =>
  mannerOf(
    written,
    all.map((v) => v.name),
  );
