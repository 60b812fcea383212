// T above a number: (1 + r)^T is a power, as T counts periods, and x^T is a transpose.
//
// Invariant: a T that is declared keeps its meaning. Every T above of a request is read alike, as a number only where each
// stands above what is one by its letters, and where T is differentiated by, stands elsewhere, or no factor follows the mark.

import { type Span, wholeOf } from "../../base/span.ts";
import { isGreek } from "../../syntax/tokens/spelling.ts";
import { children, type Frame, foldTree, namesInTrees, subtrees, type TransposeTree, type Tree, withChildren } from "../../syntax/tree.ts";
import { declareVariable, isVariableName } from "../names/scope.ts";
import { isAddition } from "../terms/addends.ts";
import { kindOf, lastFactor } from "../terms/maps.ts";
import type { Context } from "../terms/term.ts";

/** A tree with the text that its spans refer to. */
export interface SourcedTree {
  readonly tree: Tree;
  readonly source: string;
}

/** Trees in which T above is a number, where it is one, which is then declared; the trees themselves else. */
export function withPeriods(ctx: Context, trees: readonly SourcedTree[], isAsked: boolean): readonly Tree[] {
  const plain = trees.map((t) => t.tree);
  const { scope, inf, source } = ctx;
  if (isVariableName(scope, "T") || scope.unknowns.has("T") || scope.dims.has("T")) return plain;
  const found = trees.map(marksIn);
  const marks = found.flatMap((f) => f.marks);
  const stands = found.some((f) => f.stands);
  const isNumber = isAsked && !stands ? marks.length > 0 : marks.length > 0 && marks.every((m) => isPower(ctx, m, stands || isAsked));
  if (!isNumber) return plain;
  declareVariable(scope, "T", inf.number, { source, span: wholeOf(source) });
  scope.remarks.add(`T above is a number${isAsked ? ", as it is differentiated by," : ""} and no mark of a transpose; that is '`);
  return trees.map((t, i) => withPowers(t, new Set(found[i]?.marks.map((m) => m.tree))));
}

interface Mark {
  readonly tree: Tree;
  readonly base: Tree;
  /** Whether a factor stands behind it. */
  readonly isFollowed: boolean;
  /** The factor in front of it. */
  readonly before: Tree | undefined;
  /** Whether it is what something is divided by. */
  readonly isDivisor: boolean;
}

// The marks of a tree, and whether T stands in it otherwise.
function marksIn({ tree: root, source }: SourcedTree): { readonly marks: readonly Mark[]; readonly stands: boolean } {
  const marks: Mark[] = [];
  let stands = false;
  const open: Omit<Mark, "base">[] = [{ tree: root, isFollowed: false, before: undefined, isDivisor: false }];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const { tree } = at;
    const base = baseOf(tree, source);
    if (base !== undefined) marks.push({ ...at, base });
    stands ||= tree.kind === "name" && tree.name === "T";
    for (const part of base === undefined ? children(tree) : [base]) open.push({ ...placed(at, part), tree: part });
  }
  return { marks, stands };
}

function placed(around: Omit<Mark, "base">, part: Tree): Omit<Mark, "base" | "tree"> {
  const { tree } = around;
  const alone = { isFollowed: false, before: undefined, isDivisor: false };
  if (tree.kind === "prefix") return { ...alone, isFollowed: around.isFollowed };
  if (tree.kind !== "binary") return alone;
  const isRight = part === tree.right;
  if (tree.op === "times") return isRight ? { ...around, before: lastFactor(tree.left) } : { ...around, isFollowed: true };
  if (tree.op === "divide") return isRight ? { ...alone, isFollowed: around.isFollowed, isDivisor: true } : around;
  return alone;
}

/** What T stands above, written x^T, x^{T} or x^{-T}. */
function baseOf(tree: Tree, source: string): Tree | undefined {
  if (tree.kind === "transpose") return markOf(tree.span, source) === undefined ? undefined : inverted(tree.arg, tree.span, source);
  if (tree.kind !== "binary" || tree.op !== "power") return undefined;
  const { left, right } = tree;
  const exponent = right.kind === "prefix" && right.grouped !== true ? right.arg : right;
  return exponent.kind === "name" && exponent.name === "T" ? left : undefined;
}

// (x⁻¹)ᵀ of x^{-T}.
const inverted = (arg: Tree, span: Span, source: string): Tree => (markOf(span, source) === "-" && arg.kind === "binary" ? arg.left : arg);

/** The sign in front of a letter T above, empty where there is none; undefined where another mark stands there. */
const markOf = ({ start, end }: Span, source: string): string | undefined =>
  /\^\s*\{?\s*(-?)\s*T\s*\}?$/.exec(source.slice(start, end))?.[1];

function isPower(ctx: Context, { base, isFollowed, before, isDivisor }: Mark, stands: boolean): boolean {
  if (!isNumeral(ctx, base)) return false;
  if (stands && base.kind !== "name") return true;
  // 1ᵀ is that of the vector of ones.
  if (base.kind === "number") return !/^[01]$/.test(base.text);
  if (isFollowed) return false;
  if (isDivisor) return true;
  const names = namesInTrees([base]);
  if (before !== undefined && namesInTrees([before]).some((name) => names.includes(name))) return false;
  if (base.kind !== "name") return true;
  return (
    isGreek(base.name) &&
    (before === undefined || (before.kind === "name" && kindOf(ctx, before.name) !== "vector" && !isGreek(before.name)))
  );
}

// Numbers, letters of numbers, and sums with a number in them, of what is no matrix by its letter and no vector by its declaration.
function isNumeral(ctx: Context, root: Tree): boolean {
  const kinds = new Set<string | undefined>();
  let isShifted = false;
  for (const tree of subtrees([root])) {
    if (tree.kind === "name" && isDeclaredVector(ctx, tree.name)) return false;
    if (tree.kind === "name") kinds.add(kindOf(ctx, tree.name));
    else if (tree.kind === "transpose" || tree.kind === "stack") return false;
    isShifted ||= isAddition(tree) && (tree.left.kind === "number" || tree.right.kind === "number");
  }
  return !kinds.has("matrix") && (isShifted || !(kinds.has("vector") || kinds.has(undefined)));
}

const isDeclaredVector = (ctx: Context, name: string): boolean =>
  ctx.scope.variables.get(name)?.declared === true && kindOf(ctx, name) === "vector";

// The tree with powers in the place of marks.
function withPowers({ tree: root, source }: SourcedTree, marks: ReadonlySet<Tree>): Tree {
  const enter = (written: Tree): Frame<Tree> => {
    const tree = written.kind === "transpose" && marks.has(written) ? powerOf(written, source) : written;
    return { tree, parts: children(tree), done: [] };
  };
  return foldTree(root, enter, ({ tree, done }) => withChildren(tree, done));
}

function powerOf({ arg, span, grouped }: TransposeTree, source: string): Tree {
  const at: Span = { start: span.end - 1, end: span.end };
  const T: Tree = { kind: "name", name: "T", applied: false, span: at };
  const right: Tree = markOf(span, source) === "-" ? { kind: "prefix", op: "minus", arg: T, span: at } : T;
  const left = inverted(arg, span, source);
  return { kind: "binary", op: "power", sign: "^", left, right, span, ...(grouped === true ? { grouped } : {}) };
}
