// Whether a summand is the same when two indices change places, as |xᵢ − xⱼ| is: a key of every
// part that orders of terms and factors, and signs below even functions, do not change.
//
// Invariant: equal keys are equal values; different keys say nothing. Not here: algebra
// beyond that, which is the normal form's (src/tensor).

import { isSymmetric } from "../../expr/attributes.ts";
import { type Entry, type Expr, fold, type Index, unexpanded } from "../../expr/expr.ts";
import type { FunctionInfo } from "../../expr/functions.ts";
import { type NamedIndex, reindexed } from "../../expr/indices.ts";
import { linearity } from "../../expr/operators.ts";
import { isScalarShape, isVectorShape } from "../../expr/shape.ts";

type Find = (name: string) => FunctionInfo | undefined;

/** Whether the indices can change places in a term that is a number. */
export function isTurnable(summand: Expr, first: string, second: string, find: Find): boolean {
  const other = (i: NamedIndex): Index => (i.name === first ? { ...i, name: second } : i.name === second ? { ...i, name: first } : i);
  const turned = reindexed(summand, other, find);
  const ids = new Map<string, number>();
  const memo = new Map<Expr, Key>();
  const [a, b] = [summand, turned].map((e) => fold<Key>(e, (part, args) => keyOf(part, args, ids, find), memo)) as [Key, Key];
  return a.id === b.id && a.sign === b.sign;
}

/** ±1 times what the number stands for; vectors are the same as their transposes. */
interface Key {
  readonly id: number;
  readonly sign: 1 | -1;
}

function keyOf(e: Expr, args: readonly Key[], ids: Map<string, number>, find: Find): Key {
  const made = (text: string, sign: 1 | -1 = 1): Key => {
    const known = ids.get(text) ?? ids.size;
    ids.set(text, known);
    return { id: known, sign };
  };
  const signed = (keys: readonly Key[]): string => keys.map((k) => (k.sign < 0 ? `-${k.id}` : `${k.id}`)).join(",");
  const product = args.reduce<1 | -1>((s, k) => (s === k.sign ? 1 : -1), 1);
  const [first, ...rest] = args as [Key, ...Key[]];
  if (args.length === 0) return made(`#${e.id}`);
  if (e.kind === "entry") return made(`entry ${first.id} ${placeOf(e)}`, first.sign);
  if (e.kind !== "apply") return made(`${e.kind} ${e.kind === "indexSum" ? `${e.index} ${e.range.key}` : e.id} ${signed(args)}`);
  const shape = `${e.shape.rows.key}×${e.shape.cols.key}`;
  const head = isVectorShape(e.shape) || isScalarShape(e.shape) ? e.op : `${e.op} ${shape} ${e.params.map((p) => p.key).join(",")}`;
  if (e.op === "neg") return { id: first.id, sign: first.sign < 0 ? 1 : -1 };
  if (e.op === "transpose" && (isVectorShape(e.shape) || isScalarShape(e.shape))) return first;
  if (args.length === 1 && linearity(e.op) === "together") return made(`${head} ${first.id}`, first.sign);
  const info = find(e.op);
  if (info?.even === true || info?.norm === true) return made(`${head} ${first.id} ${signed(rest)}`);
  if ((e.op === "pow" || e.op === "hpow") && isEven(e.args[1] as Expr)) return made(`${head} ${args.map((k) => k.id).join(",")}`);
  if (e.op === "add") return ofSum(args, (keys, sign) => made(`${head} ${signed(keys)}`, sign));
  const commutes = e.op === "hadamard" || e.op === "dot" || (e.op === "mul" && isScalarShape(e.shape));
  if (commutes) return made(`${head} ${args.map((k) => k.id).sort((a, b) => a - b)}`, product);
  if (e.op === "mul" || e.op === "div" || e.op === "hdiv") return made(`${head} ${args.map((k) => k.id)}`, product);
  return made(`${head} ${e.params.map((p) => p.key).join(",")} ${signed(args)}`);
}

function ofSum(args: readonly Key[], make: (keys: readonly Key[], sign: 1 | -1) => Key): Key {
  const keys = [...args].sort((a, b) => a.id - b.id || a.sign - b.sign);
  const sign = (keys[0] as Key).sign;
  return make(
    keys.map((k): Key => ({ id: k.id, sign: k.sign === sign ? 1 : -1 })),
    sign,
  );
}

function isEven(exponent: Expr): boolean {
  const k = unexpanded(exponent);
  return k.kind === "num" && k.value.d === 1n && k.value.n % 2n === 0n;
}

// W[i,j] of a symmetric matrix is W[j,i].
function placeOf(e: Entry): string {
  const of = e.args[0] as Expr;
  const at = e.at.map((i) => (i.kind === "all" ? ":" : i.kind === "position" ? i.at.key : `${i.name}∈${i.range.key}`));
  return (of.kind === "var" && isSymmetric(of) && !at.includes(":") ? at.sort() : at).join(";");
}
