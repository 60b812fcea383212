// The surface tree: what was written, every node with its span; untyped, unshared, and
// as deep as the input. Passes over it keep their own stacks.
//
// Not here: what a name stands for, and shapes. Parentheses leave no node; the span of
// what they hold is widened to include them.

import type { Span } from "../base/span.ts";

/** An operator between two operands. */
// biome-ignore format: one operator family a row
export type BinaryOperator =
  | "plus" | "minus" | "times" | "divide" | "solve" | "hadamard" | "hdivide" | "power" | "hpower" | "dot" | "colon" | "kron"
  | "gt" | "ge" | "lt" | "le" | "eq" | "ne";

interface Node {
  readonly span: Span;
  /** Written in parentheses. */
  readonly grouped?: boolean;
}

/** 2, 0.5, 1e-3. */
export interface NumberTree extends Node {
  readonly kind: "number";
  readonly text: string;
}
/** A name that is no call. */
export interface NameTree extends Node {
  readonly kind: "name";
  readonly name: string;
  /** An opening parenthesis follows at once, though the name is no known function. */
  readonly applied: boolean;
}
/** 1⃗ and 0⃗. */
export interface ArrowTree extends Node {
  readonly kind: "arrow";
  readonly value: 0 | 1;
}
/** +a and −a. */
export interface PrefixTree extends Node {
  readonly kind: "prefix";
  readonly op: "plus" | "minus";
  readonly arg: Tree;
}
/** Two operands with a sign between them, or none. */
export interface BinaryTree extends Node {
  readonly kind: "binary";
  readonly op: BinaryOperator;
  /** As written; empty for juxtaposition. */
  readonly sign: string;
  readonly left: Tree;
  readonly right: Tree;
}
/** aᵀ, a'. */
export interface TransposeTree extends Node {
  readonly kind: "transpose";
  readonly arg: Tree;
}
/** A position, or all: 2, i, n − 1 and the colon. */
export type IndexTree = { readonly kind: "all"; readonly span: Span } | Tree;
/** x[i], A[i, j], A[:, j]. */
export interface EntryTree extends Node {
  readonly kind: "entry";
  readonly of: Tree;
  readonly at: readonly IndexTree[];
}
/** A call of a function. */
export interface CallTree extends Node {
  readonly kind: "call";
  readonly name: string;
  readonly nameSpan: Span;
  /** Written as a power of e, which of a square matrix is its matrix exponential. */
  readonly powerOfE?: true;
  /** Written f.(x): f acts on every entry. */
  readonly broadcast?: true;
  /** Argument positions that it is differentiated by: f′(x), ∂₂f(x, y). */
  readonly derivatives: readonly number[];
  readonly args: readonly Tree[];
}
/** sum_i body and prod_i body; several indices nest from the left. */
export interface SumTree extends Node {
  readonly kind: "sum";
  /** Whether the bodies are factors rather than summands. */
  readonly product: boolean;
  /** It reaches over terms behind its first one, without brackets. */
  readonly widened?: boolean;
  readonly indices: readonly SumIndex[];
  readonly body: Tree;
}
/** An index with how far it runs. */
export interface SumIndex {
  readonly name: string;
  readonly from?: string;
  readonly to?: string;
  /** The index of the same sum that it always equals. */
  readonly same?: string;
  /** The index of the same sum that it differs from; what both being equal adds is taken off elsewhere. */
  readonly apart?: string;
  /** How it stands to that index, where only one of them comes first. */
  readonly order?: IndexOrder;
  readonly span: Span;
}
/** j > i, j ≥ i, j < i or j ≤ i. */
export type IndexOrder = "above" | "from" | "below" | "to";
/** [a, b; c, d]. */
export interface StackTree extends Node {
  readonly kind: "stack";
  readonly rows: readonly (readonly Tree[])[];
}
/** {a if x > 0; b otherwise}. */
export interface CasesTree extends Node {
  readonly kind: "cases";
  readonly branches: readonly Branch[];
}
/** One case. */
export interface Branch {
  readonly value: Tree;
  /** Absent for `otherwise`. */
  readonly condition?: Tree;
}

/** An expression. */
// biome-ignore format: a union of names
export type Tree =
  | NumberTree | NameTree | ArrowTree | PrefixTree | BinaryTree | TransposeTree | EntryTree | CallTree | SumTree | StackTree
  | CasesTree;

/** A variable, or an entry of one, that something is differentiated by. */
export interface TargetTree {
  readonly name: string;
  readonly at?: readonly IndexTree[];
  readonly span: Span;
}

/** ∂(…)/∂w, d(…)/dw, diff(…, w), ∇_w …; more than one target is a higher derivative. */
export interface DerivativeTree {
  readonly kind: "derivative";
  readonly form: "derivative" | "gradient";
  readonly of: Tree;
  readonly by: readonly TargetTree[];
  /** The order written at ∂, as in ∂²f; it must be the number of targets. */
  readonly order?: { readonly count: number; readonly span: Span };
  readonly span: Span;
}

/** What stands on one side of an equation. */
export type SideTree = Tree | DerivativeTree;

export const isDerivative = (side: SideTree): side is DerivativeTree => side.kind === "derivative";

/** A word and its place. */
export interface NamedSpan {
  readonly name: string;
  readonly span: Span;
}

/** `positive vector(n)`, `R^(m×n)`: words and sizes, their meaning left to the elaborator. */
export interface ShapeType {
  readonly kind: "shape";
  readonly words: readonly NamedSpan[];
  readonly sizes?: readonly Tree[];
  /** What stands after ^, as in R^n. */
  readonly power?: Tree;
  readonly span: Span;
}
/** vector(n) -> scalar. */
export interface FunctionType {
  readonly kind: "function";
  readonly from: readonly ShapeType[];
  readonly to: ShapeType;
  readonly span: Span;
}

/** w, x : vector(n). */
export interface DeclarationTree {
  readonly kind: "declaration";
  readonly names: readonly NamedSpan[];
  /** The variables it depends on: u(x) : vector(m). */
  readonly of?: readonly NamedSpan[];
  readonly type: ShapeType | FunctionType;
  readonly span: Span;
}
/** r = A*x − b. */
export interface DefinitionTree {
  readonly kind: "definition";
  readonly name: string;
  readonly nameSpan: Span;
  readonly value: Tree;
  readonly span: Span;
}
/** An equation that defines no name: a claim. */
export interface EquationTree {
  readonly kind: "equation";
  readonly left: SideTree;
  readonly right: SideTree;
  readonly span: Span;
}
/** An expression, or a derivative, by itself. */
export interface ValueTree {
  readonly kind: "value";
  readonly value: SideTree;
  readonly span: Span;
}

/** One statement of an input. */
export type Statement = DeclarationTree | DefinitionTree | EquationTree | ValueTree;

/** A whole input: declarations and definitions in order, then at most one expression or claim. */
export interface Document {
  readonly source: string;
  readonly declarations: readonly DeclarationTree[];
  readonly definitions: readonly DefinitionTree[];
  /** The last definition's name where nothing follows it; absent where there are only declarations. */
  readonly final?: ValueTree | EquationTree;
  /** What a reader is told of how the text is read. */
  readonly remarks?: readonly string[];
  /** Names of which a second point x' stands in the text. */
  readonly points?: readonly string[];
}

/** The parts of a tree, left to right. */
export function children(tree: Tree): readonly Tree[] {
  switch (tree.kind) {
    case "number":
    case "name":
    case "arrow":
      return [];
    case "prefix":
    case "transpose":
      return [tree.arg];
    case "binary":
      return [tree.left, tree.right];
    case "entry":
      return [tree.of, ...tree.at.filter((i): i is Tree => i.kind !== "all")];
    case "call":
      return tree.args;
    case "sum":
      return [tree.body];
    case "stack":
      return tree.rows.flat();
    case "cases":
      return tree.branches.flatMap((b) => (b.condition === undefined ? [b.value] : [b.value, b.condition]));
  }
}

/** Trees with their parts, from the left, each before its own; the parts only of those that are open. */
export function* subtrees(roots: readonly Tree[], isOpen: (tree: Tree) => boolean = () => true): Generator<Tree> {
  const stack = [...roots].reverse();
  for (let tree = stack.pop(); tree !== undefined; tree = stack.pop()) {
    yield tree;
    if (isOpen(tree)) stack.push(...[...children(tree)].reverse());
  }
}

/** The names in trees, from the left, as often as they stand there. */
export const namesInTrees = (roots: readonly Tree[]): string[] => {
  const out: string[] = [];
  for (const tree of subtrees(roots)) if (tree.kind === "name") out.push(tree.name);
  return out;
};

/** The same tree with other children, in the order of `children`. */
export function withChildren(tree: Tree, parts: readonly Tree[]): Tree {
  if (children(tree).every((c, i) => c === parts[i])) return tree;
  let next = 0;
  const take = (): Tree => parts[next++] as Tree;
  switch (tree.kind) {
    case "number":
    case "name":
    case "arrow":
      return tree;
    case "prefix":
    case "transpose":
      return { ...tree, arg: take() };
    case "binary":
      return { ...tree, left: take(), right: take() };
    case "entry":
      return { ...tree, of: take(), at: tree.at.map((i) => (i.kind === "all" ? i : take())) };
    case "call":
      return { ...tree, args: parts };
    case "sum":
      return { ...tree, body: take() };
    case "stack":
      return { ...tree, rows: tree.rows.map((row) => row.map(take)) };
    case "cases":
      return {
        ...tree,
        branches: tree.branches.map((b) => (b.condition === undefined ? { value: take() } : { value: take(), condition: take() })),
      };
  }
}

/** A tree that is being gone through: its parts, and what is made of those before. */
export interface Frame<T> {
  readonly tree: Tree;
  readonly parts: readonly Tree[];
  readonly done: T[];
}

/** What `leave` makes of a tree when all its parts are done, without recursion; `enter` says which they are, by what stands around. */
export function foldTree<T, F extends Frame<T>>(root: Tree, enter: (tree: Tree, around?: F) => F, leave: (frame: F) => T): T {
  const stack = [enter(root)];
  for (;;) {
    const frame = stack[stack.length - 1] as F;
    const next = frame.parts[frame.done.length];
    if (next !== undefined) {
      stack.push(enter(next, frame));
      continue;
    }
    stack.pop();
    const made = leave(frame);
    const around = stack[stack.length - 1];
    if (around === undefined) return made;
    around.done.push(made);
  }
}
