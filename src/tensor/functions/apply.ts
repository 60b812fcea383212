// Functions applied to tensors, and tensors put in the place of variables: the two call
// each other, since a substitution rebuilds the functions above it.
//
// An element-wise function of a stack acts on each block; axes that no argument carries
// are left out of the atom; identities of the rule library such as log(exp(x)) = x are
// tried before an atom is made. Recursion follows the depth of rules, never of user terms.

import { ONE } from "../../base/rational.ts";
import { addDims, type Dim, dimOf, isOneDim, substituteDim } from "../../expr/dim.ts";
import { bindDims } from "../../expr/functions.ts";
import type { Shape } from "../../expr/shape.ts";
import {
  addTensors,
  dimTensor,
  leadingSign,
  negateTensor,
  orientation,
  scalarTensor,
  selectAxes,
  transposeTensor,
} from "../form/algebra.ts";
import { createDraft, freshLabel, multiplyInto } from "../form/draft.ts";
import { hasName, type NameSet, namesIn } from "../form/names.ts";
import {
  type Base,
  blockBase,
  carries,
  deltaBase,
  EXPONENT_ONE,
  type Exponent,
  functionBase,
  fuseBase,
  type Slot,
  type Symmetry,
  shapeAxes,
  type Tensor,
  unknownBase,
} from "../form/tensor.ts";
import { relabel } from "../product/einsum.ts";
import { exponentFromTensor, exponentTensor, powerTensor } from "../product/power.ts";
import { product } from "../product/product.ts";
import { mapStacked } from "../product/stack.ts";
import type { FunctionRules, Identity } from "./functionRules.ts";
import { bindIdentity } from "./match.ts";

/** f applied entry by entry to tensors of equal axes. */
export function applyElementwise(rules: FunctionRules, args: readonly Tensor[]): Tensor {
  const axes = args[0]?.axes ?? [];
  const kept = axes.map((_, i) => i).filter((i) => args.some((a) => a.terms.some((t) => carries(t, i))));
  if (kept.length < axes.length) {
    const narrow = applyElementwise(
      rules,
      args.map((a) => selectAxes(a, kept)),
    );
    return relabel(narrow, axes, kept);
  }
  const stacked = mapStacked(args, (parts) => applyElementwise(rules, parts));
  if (stacked !== undefined) return stacked;
  const identical = applyIdentities(rules, args, axes);
  if (identical !== undefined) return identical;
  const way = orientation(args);
  if (way !== "turned") return atom(functionBase(rules, args, axes, way === "skew" ? symmetryOfSkew(rules, args) : way));
  return transposeTensor(atom(functionBase(rules, args.map(transposeTensor), [...axes].reverse())));
}

/** f of a skew matrix entry by entry: skew for an odd f, symmetric for an even one. */
function symmetryOfSkew({ reflection, key }: FunctionRules, args: readonly Tensor[]): Symmetry {
  if (args.length !== 1 || reflection?.rules.key !== key) return "none";
  return reflection.sign < 0 ? "skew" : "symmetric";
}

/** f of whole matrices and vectors, with the axes its declaration gives to the argument shapes. */
export function applyTyped(rules: FunctionRules, args: readonly Tensor[], shapes: readonly Shape[]): Tensor {
  const bound = bindDims(rules.info, shapes);
  const axes = shapeAxes({ rows: substituteDim(rules.info.result.rows, bound), cols: substituteDim(rules.info.result.cols, bound) });
  return typedAtom(rules, args, axes);
}

/** f of whole matrices with these axes: by an identity, or as an atom on the orientation that its law of transposes makes canonical. */
function typedAtom(rules: FunctionRules, args: readonly Tensor[], axes: readonly Dim[]): Tensor {
  const identical = applyIdentities(rules, args, []);
  if (identical !== undefined) return identical;
  const [first, ...more] = args;
  if (isSwapped(rules, args)) return negateTensor(atom(functionBase(rules, [...args].reverse(), axes)));
  if (rules.transpose === undefined || first === undefined || first.axes.length !== 2)
    return atom(functionBase(rules, args, axes, rules.info.skew === true && axes.length === 2 ? "skew" : "none"));
  const way = orientation([first]);
  // Of a skew matrix and its negative, its transpose, the one with a positive first term.
  const isKept = way !== "turned" && (way !== "skew" || leadingSign(first) >= 0);
  if (isKept) return atom(functionBase(rules, args, axes, way === "symmetric" && rules.transpose === "turned" ? way : "none"));
  const turned = transposeTensor(first);
  if (rules.transpose === "same") return atom(functionBase(rules, [turned, ...more], axes));
  return transposeTensor(atom(functionBase(rules, [turned, ...more], [...axes].reverse())));
}

// Of f(x, y) = −f(y, x) one is the normal form.
function isSwapped({ info }: FunctionRules, [x, y]: readonly Tensor[]): boolean {
  return info.alternating === true && x !== undefined && y !== undefined && y.hash < x.hash;
}

/** The result of the first identity that fits the arguments; undefined where none does. */
export function applyIdentities(rules: FunctionRules, args: readonly Tensor[], broadcast: readonly Dim[]): Tensor | undefined {
  for (const identity of rules.identities) {
    // An element-wise function over a whole vector or matrix speaks of all its axes.
    const rank = rules.info.elementwise ? (identity.patterns[0]?.axes.length ?? 0) : 0;
    if (rank > 0 && rank !== broadcast.length) continue;
    // What is said of a number holds for no matrix.
    const isOfSize = (p: Tensor, i: number): boolean => p.axes.length + broadcast.length === (args[i] as Tensor).axes.length;
    if (!rules.info.elementwise && !identity.patterns.every(isOfSize)) continue;
    const bound = bindIdentity(identity, args);
    if (bound === undefined) continue;
    const dims = dimsOf(identity, bound, args);
    const around = rank > 0 ? [] : broadcast;
    return substitute(identity.result, bound, dims.size === 0 ? { broadcast: around } : { broadcast: around, dims });
  }
  return undefined;
}

/** What the dimension names of a rule stand for: those of its parameters by their values, others by the arguments, as in inv(eye(n)). */
function dimsOf({ parameters, patterns }: Identity, bound: ReadonlyMap<string, Tensor>, args: readonly Tensor[]): Map<string, Dim> {
  const dims = new Map<string, Dim>();
  const note = (axes: readonly Dim[], actual: Tensor | undefined): void =>
    axes.forEach((d, axis) => {
      if (actual !== undefined && !dims.has(d.key)) dims.set(d.key, actual.axes[axis] ?? dimOf(1));
    });
  for (const p of parameters) note(shapeAxes(p.shape), bound.get(p.name));
  patterns.forEach((pattern, i) => {
    if (pattern.axes.length === args[i]?.axes.length) note(pattern.axes, args[i]);
  });
  return dims;
}

const atoms = new WeakMap<Base, Tensor>();

/** The tensor that is one atom. */
export function atom(base: Base): Tensor {
  const known = atoms.get(base);
  if (known !== undefined) return known;
  const draft = createDraft(base.axes);
  draft.factors.push({ base, slots: base.axes.map((_, i) => i), exponent: EXPONENT_ONE });
  const made = product(draft);
  atoms.set(base, made);
  return made;
}

/** Axes and sizes of what is put in for a variable. */
export interface SubstitutionAxes {
  /** Axes that every replacement has behind the variable's own: the entries of an element-wise rule. */
  readonly broadcast?: readonly Dim[];
  /** Axes behind those, which only the differentials carry; each term holds one differential. */
  readonly extra?: readonly Dim[];
  /** What the dimension names of a rule stand for. */
  readonly dims?: ReadonlyMap<string, Dim>;
}

/**
 * Replaces variables by tensors. A variable's own axes come first in its replacement, then
 * the broadcast axes, then (for a differential) the extra axes; so they do in the result.
 * An axis whose dimension becomes 1 is gone.
 */
export function substitute(tensor: Tensor, by: ReadonlyMap<string, Tensor>, more: SubstitutionAxes = {}): Tensor {
  const { broadcast = [], extra = [], dims } = more;
  const rename = (d: Dim): Dim => (dims === undefined ? d : substituteDim(d, dims));
  const rank = tensor.axes.length;
  const kept = tensor.axes.map((_, i) => i).filter((i) => !isOneDim(rename(tensor.axes[i] as Dim)));
  const own = kept.length;
  const axes = [...kept.map((i) => rename(tensor.axes[i] as Dim)), ...broadcast, ...extra];
  const outerSlots = [...broadcast, ...extra].map((_, i) => own + i);
  const touched = (names: NameSet): boolean => dims !== undefined || [...by.keys()].some((n) => hasName(names, n));
  const parts = tensor.terms.map((term) => {
    const draft = createDraft(axes, term.coefficient);
    const fresh = term.summed.map((dim) => (isOneDim(rename(dim)) ? -1 : freshLabel(draft, rename(dim))));
    for (const f of term.factors) {
      const slots = f.slots
        .filter((_, axis) => !isOneDim(rename(f.base.axes[axis] as Dim)))
        .map((s): Slot => (typeof s !== "number" ? rename(s) : s >= rank ? (fresh[s - rank] as number) : kept.indexOf(s)));
      const { symbolic } = f.exponent;
      const exponentTouched = symbolic !== undefined && touched(symbolic.names);
      if (!touched(f.base.names) && !exponentTouched) {
        draft.factors.push({ ...f, slots });
        continue;
      }
      const value = touched(f.base.names) ? substituteBase(f.base, by, more) : atom(f.base);
      const exponent: Exponent = exponentTouched
        ? exponentFromTensor(substitute(exponentTensor(f.exponent), by, dims === undefined ? {} : { dims }))
        : f.exponent;
      multiplyInto(draft, powerTensor(value, exponent), [...slots, ...outerSlots.slice(0, value.axes.length - slots.length)]);
    }
    return product(draft);
  });
  return addTensors(axes, parts);
}

function substituteBase(base: Base, by: ReadonlyMap<string, Tensor>, more: SubstitutionAxes): Tensor {
  const { broadcast = [], extra = [], dims } = more;
  const rename = (d: Dim): Dim => (dims === undefined ? d : substituteDim(d, dims));
  const withoutExtra: SubstitutionAxes = dims === undefined ? { broadcast } : { broadcast, dims };
  switch (base.kind) {
    case "var":
      return by.get(base.variable.name) ?? atom(base);
    case "sum":
    case "group":
    case "part": {
      // A bracket with differentials inside carries the extra axes; one without does not.
      const carriesExtra =
        extra.length > 0 && namesIn(base.names).some((n) => (by.get(n)?.axes.length ?? 0) > base.axes.length + broadcast.length);
      return substitute(base.tensor, by, carriesExtra ? more : withoutExtra);
    }
    case "function": {
      const { rules } = base;
      const args = base.args.map((a) => substitute(a, by, withoutExtra));
      if (rules.info.elementwise) return rules.make?.(args) ?? applyElementwise(rules, args);
      const axes = base.axes.map(rename).filter((d) => !isOneDim(d));
      return typedAtom(rules, args, axes);
    }
    case "unknown": {
      const args = base.args.map((a) => substitute(a, by, withoutExtra));
      return atom(unknownBase({ ...base, args }, [...base.axes.map(rename), ...broadcast]));
    }
    case "delta": {
      const dim = rename(base.axes[0] as Dim);
      return isOneDim(dim) ? scalarTensor(ONE) : atom(deltaBase(dim));
    }
    case "block":
      return substituteBlock(rename(base.axes[0] as Dim), rename(base.axes[1] as Dim), rename(base.offset));
    case "fuse":
      return substituteFuse(rename(base.axes[0] as Dim), rename(base.axes[1] as Dim), rename(base.axes[2] as Dim));
    case "dim":
      return dimTensor(rename(dimOf(base.name)));
    default:
      return atom(base);
  }
}

/** A block of one entry is a position, and a block that is the whole is nothing. */
function substituteBlock(total: Dim, size: Dim, offset: Dim): Tensor {
  if (!isOneDim(size)) return atom(blockBase(total, size, offset));
  if (isOneDim(total)) return scalarTensor(ONE);
  const draft = createDraft([total]);
  draft.factors.push({ base: deltaBase(total), slots: [addDims(offset, size), 0], exponent: EXPONENT_ONE });
  return product(draft);
}

/** A pair of labels of which one is alone is the other. */
function substituteFuse(fused: Dim, outer: Dim, inner: Dim): Tensor {
  if (isOneDim(fused)) return scalarTensor(ONE);
  return isOneDim(outer) || isOneDim(inner) ? atom(deltaBase(fused)) : atom(fuseBase(fused, outer, inner));
}
