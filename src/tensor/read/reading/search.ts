// The bounds of the search for matrix notation. What is read leads to other forms of it, and
// these to others again; how far that is followed depends on the size of a tensor, on how deep
// the search stands inside itself, and on how many tensors it has read.
//
// Invariant: the counts begin anew with every outermost tensor, so no bound depends on what was
// read before it; and what does not read as it stands is searched longer than what does. Not
// here: which forms are tried (src/tensor/read/notation.ts, and in vec form src/tensor/read/kron/kron.ts).

import type { Tensor } from "../../form/tensor.ts";

/** How far the search has come below the outermost tensor. */
export interface Search {
  /** Tensors being read, one inside the other: none leads back to itself. */
  readonly open: Set<Tensor>;
  /** How many have been read. */
  read: number;
  /** How many vec forms are being read, one inside the other. */
  openVecs: number;
  /** How many vec forms have been read. */
  readVecs: number;
}

/** Of tensors with more atoms than this, written out, one reading is enough. */
const MOST_ATOMS = 240;
/** How deep forms of forms are followed. */
const DEEPEST = 24;
/** Tensors that are searched; what is met later is read as it stands. */
const MOST_READ = 200;
/** The same where what is met does not read as it stands. */
const MOST_TRIED = 500;
/** Vec forms whose factorings are followed. */
const MOST_VECS = 60;

export const createSearch = (): Search => ({ open: new Set(), read: 0, openVecs: 0, readVecs: 0 });

/** Reads a tensor as part of the search. */
export function searching<T>(search: Search, tensor: Tensor, read: () => T): T {
  begin(search);
  search.read++;
  search.open.add(tensor);
  const result = read();
  search.open.delete(tensor);
  return result;
}

/** Reads a vec form as part of the search. */
export function searchingVec<T>(search: Search, read: () => T): T {
  begin(search);
  search.readVecs++;
  search.openVecs++;
  const result = read();
  search.openVecs--;
  return result;
}

function begin(search: Search): void {
  if (search.open.size === 0 && search.openVecs === 0) [search.read, search.readVecs] = [0, 0];
}

/** Whether other forms of the innermost open tensor are tried; `reads` says whether it reads as it stands. */
export function isWithin(search: Search, tensor: Tensor, reads: boolean): boolean {
  if (search.read > MOST_TRIED) return false;
  return !reads || (tensor.weight <= MOST_ATOMS && search.open.size <= DEEPEST && search.read <= MOST_READ);
}

/** The same for a vec form. */
export const isVecWithin = (search: Search, tensor: Tensor, reads: boolean): boolean =>
  search.readVecs <= MOST_VECS && (!reads || tensor.weight <= MOST_ATOMS);
