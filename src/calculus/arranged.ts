// The shortest matrix notation of a tensor whose axes are arranged in rows and columns: of equal forms the one that reads
// shortest, with names for functions that it repeats where that is shorter.
//
// Invariant: what is read has the value of the tensor; where there is no matrix notation, a diagnostic says so. Not here:
// which forms are read (candidates.ts), how one is read (src/tensor/read).

import { fail } from "../base/diagnostic.ts";
import { NOWHERE } from "../base/span.ts";
import * as build from "../expr/build.ts";
import type { Expr } from "../expr/expr.ts";
import type { Library } from "../rewrite/library.ts";
import type { Base, Tensor } from "../tensor/form/tensor.ts";
import { permuteAxes } from "../tensor/product/einsum.ts";
import { readVec } from "../tensor/read/kron/kron.ts";
import { startReading } from "../tensor/read/notation.ts";
import { cost } from "../tensor/read/reading/cost.ts";
import { type Manner, type Reader, rankOf } from "../tensor/read/reading/reader.ts";
import { withSignedNumbers } from "../tensor/read/reading/signs.ts";
import { withoutZeros } from "../tensor/read/reading/zeros.ts";
import { readBase } from "../tensor/read/term/base.ts";
import { candidates } from "./candidates.ts";
import type { Arrangement } from "./layout.ts";
import { freshNames } from "./names.ts";
import { costOnce, type Named, repeatedFunctions, withNames, withoutNames } from "./repeated.ts";

/** The shortest matrix notation of a tensor with its axes arranged in rows and columns. */
export const readArranged = (tensor: Tensor, arrangement: Arrangement, library: Library, manner: Manner): Expr =>
  readWith(readerOf(library, manner), tensor, arrangement);

/** What several tensors are read with in one manner: parts that they share are read once. */
export interface ArrangedReader {
  readonly reader: Reader;
  readonly library: Library;
  readonly manner: Manner;
}

/** A reader of tensors that are to be arranged in rows and columns. */
export const readerOf = (library: Library, manner: Manner): ArrangedReader => ({
  reader: startReading(library.functions.find, manner, library.join),
  library,
  manner,
});

/** The shortest matrix notation of a tensor, as `readArranged` finds it. */
export const readWith = (reader: ArrangedReader, tensor: Tensor, arrangement: Arrangement): Expr =>
  readIfPossible(reader, tensor, arrangement) ?? noNotation(tensor);

/** Says that a tensor has no matrix notation. */
export const noNotation = (tensor: Tensor): never =>
  fail("unsupported", `this derivative has ${tensor.axes.length} axes and no matrix notation that nabla can write`, NOWHERE);

/** The shortest matrix notation of a tensor, if it has one. */
export function readIfPossible(given: ArrangedReader, tensor: Tensor, arrangement: Arrangement): Expr | undefined {
  const plain = readPlain(given, tensor, arrangement);
  const bases = tensor.weight > MOST_NAMED ? [] : repeatedFunctions(tensor);
  return plain === undefined || bases.length === 0 ? plain : readNamed(given, tensor, arrangement, bases, plain);
}

/** Functions of fewer operations are no longer than their names. */
const LEAST = 2;
/** Tensors with more atoms than this, written out, are read once. */
const MOST_NAMED = 240;

/** The reading of a tensor, or the one with names for the functions that it repeats, put back in, where that is an operation shorter. */
function readNamed(
  { reader, library, manner }: ArrangedReader,
  tensor: Tensor,
  at: Arrangement,
  bases: readonly Base[],
  plain: Expr,
): Expr {
  const { find } = library.functions;
  const fresh = freshNames(new Set(manner.names));
  const named: Named[] = [];
  const values = new Map<Expr, Expr>();
  for (const base of bases) {
    const call = readBase(reader, base)?.fwd;
    if (call === undefined || cost(call) < LEAST) continue;
    const variable = build.variable(fresh(), call.shape);
    named.push({ base, variable });
    values.set(variable, call);
  }
  if (named.length === 0) return plain;
  // A name stands where the first name in its function does.
  const before = (name: string): string[] =>
    named.flatMap((n) => (rankOf(reader, n.base.names) === reader.rank.get(name) ? [n.variable.name] : []));
  const names = manner.names.flatMap((name) => [...before(name), name]);
  const read = readPlain(readerOf(library, { ...manner, names }), withNames(tensor, named), at);
  if (read === undefined) return plain;
  const whole = withoutNames(read, values, find);
  return costOnce(whole, find) + 1 <= costOnce(plain, find) ? whole : plain;
}

function readPlain({ reader, library, manner }: ArrangedReader, tensor: Tensor, arrangement: Arrangement): Expr | undefined {
  const { rows, cols } = arrangement;
  const inVec = rows.length > 1 || cols.length > 1;
  // A tensor of two axes reads rows first, unless there are only columns.
  const turned = rows.length === 0;
  const arranged = inVec ? tensor : permuteAxes(tensor, [...rows, ...cols]);
  const spellings: Expr[] = [];
  for (const { candidate, isLast } of candidates(arranged, library, manner)) {
    if (isLast && !inVec && spellings.length > 0) continue;
    const reading = inVec ? undefined : reader.read(candidate);
    const spelling = inVec ? readVec(reader, candidate, arrangement) : turned ? reading?.rev : reading?.fwd;
    if (spelling !== undefined) spellings.push(withoutZeros(spelling, library.functions.find));
  }
  const [first, ...others] = spellings;
  if (first === undefined) return undefined;
  return withSignedNumbers(
    others.reduce((best, e) => (cost(e) < cost(best) ? e : best), first),
    library.functions.find,
  );
}
