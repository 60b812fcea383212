// How far a sum without brackets reaches: in Σ_i y_i log p_i + (1 − y_i) log(1 − p_i) over both terms, because an
// index that nothing runs over has no meaning there. A product Π_i x_i / c ends before what divides it.
//
// Invariant: a sum takes the terms behind it one after the other, as long as each holds an index of it; a sum whose
// summand is one bracket, and a product over an index, takes none.

import { join } from "../../base/span.ts";
import { children, type Frame, foldTree, type SumTree, subtrees, type Tree, withChildren } from "../../syntax/tree.ts";
import { type Addend, type Addition, addendsOf, chainOf, isAddition } from "../terms/addends.ts";

/** What names stand for themselves and are no entries. */
export type IsName = (name: string) => boolean;

interface Reaching extends Frame<Tree> {
  /** Indices of the sums around its parts. */
  readonly around: readonly string[];
}

/** The tree with every sum over the terms that it reaches over; `fixed` are indices that no sum runs over. */
export function withReach(root: Tree, isName: IsName, fixed: readonly string[]): Tree {
  if (!someIn(root, (tree) => tree.kind === "sum")) return root;
  const enter = (written: Tree, above?: Reaching): Reaching => {
    const around = above?.around ?? fixed;
    // What stands left in a chain is a part of it that is reached over already.
    const isInside = above !== undefined && isAddition(above.tree) && above.done.length === 0 && written.grouped !== true;
    const tree = isAddition(written) && !isInside ? reached(written, around, isName) : divided(written, around, isName);
    return { tree, parts: children(tree), done: [], around: tree.kind === "sum" ? [...around, ...namesOf(tree)] : around };
  };
  return foldTree(root, enter, ({ tree, done }) => withChildren(tree, done));
}

// Π_i x_i / c is divided by c once, where c holds no index of the product.
function divided(tree: Tree, around: readonly string[], isName: IsName): Tree {
  if (tree.kind !== "sum" || !tree.product) return tree;
  const { body } = tree;
  if (body.kind !== "binary" || body.op !== "divide" || body.grouped === true) return tree;
  const own = namesOf(tree);
  if (holds(body.right, own, new Set([...around, ...own]), isName)) return tree;
  return { ...body, left: { ...tree, body: body.left, grouped: false }, span: tree.span, grouped: tree.grouped === true };
}

const namesOf = ({ indices }: SumTree): string[] => indices.map((i) => i.name);

/** A sum at the end of a term, with the terms that it takes besides. */
interface Open {
  readonly sum: SumTree;
  readonly taken: Addend[];
}

function reached(tree: Addition, around: readonly string[], isName: IsName): Tree {
  const out: Addend[] = [];
  // The sums at the end of the last term, each inside the one before, and how many of them still reach on.
  let open: readonly Open[] = [];
  let reaching = 0;
  const close = (): void => {
    const last = out.at(-1);
    if (last !== undefined && open.some((o) => o.taken.length > 0)) out[out.length - 1] = { ...last, tree: closed(last.tree, open) };
  };
  const addends = addendsOf(tree);
  for (const addend of addends) {
    const bound = new Set([...around, ...open.flatMap((o) => namesOf(o.sum))]);
    const level = open.findLastIndex((o, at) => at < reaching && holds(addend.tree, namesOf(o.sum), bound, isName));
    if (level >= 0) {
      (open[level] as Open).taken.push(addend);
      reaching = level + 1;
      continue;
    }
    close();
    open = sumsAtEnd(addend.tree).map((sum) => ({ sum, taken: [] }));
    reaching = open.length;
    out.push(addend);
  }
  close();
  if (out.length === addends.length) return tree;
  const grouped = tree.grouped === true ? { grouped: true } : {};
  return { ...chainOf(out as [Addend, ...Addend[]]), span: tree.span, ...grouped };
}

/** The sums that a term ends with, each inside the one before; none where a bracket ends what they are of. */
function sumsAtEnd(term: Tree): SumTree[] {
  const found: SumTree[] = [];
  for (let end = endOf(term); end !== undefined; end = endOf(end.body)) {
    if (end.product || end.body.grouped === true) return [];
    found.push(end);
  }
  return found;
}

/** The sum that a product ends with. */
function endOf(term: Tree): SumTree | undefined {
  let tree = term;
  while (tree.grouped !== true) {
    if (tree.kind === "sum") return tree;
    if (tree.kind === "prefix") tree = tree.arg;
    else if (tree.kind === "binary" && tree.op === "times") tree = tree.right;
    else return undefined;
  }
  return undefined;
}

/** The term with every sum at its end over what it takes. */
function closed(term: Tree, open: readonly Open[]): Tree {
  let inner: SumTree | undefined;
  for (const { sum, taken } of open.toReversed()) {
    const body = inner === undefined ? sum.body : withEnd(sum.body, inner);
    const chain = chainOf([{ tree: body, negative: false, sign: "" }, ...taken]);
    const span = join(sum.span, chain.span);
    inner = taken.length === 0 ? { ...sum, body, span } : { ...sum, body: { ...chain, grouped: true }, span, widened: true };
  }
  return inner === undefined ? term : withEnd(term, inner);
}

function withEnd(term: Tree, end: SumTree): Tree {
  const path: Tree[] = [];
  for (let tree = term; tree.kind !== "sum"; tree = children(tree).at(-1) as Tree) path.push(tree);
  return path.reduceRight<Tree>(
    (last, tree) => ({ ...withChildren(tree, [...children(tree).slice(0, -1), last]), span: join(tree.span, last.span) }),
    end,
  );
}

/** Whether a term has an entry at one of the indices, as x_i, A_ij or x[i+1], where no sum inside runs over it. */
function holds(term: Tree, indices: readonly string[], around: ReadonlySet<string>, isName: IsName): boolean {
  const stack: [tree: Tree, wanted: readonly string[], bound: ReadonlySet<string>][] = [[term, indices, around]];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const [tree, wanted, bound] = next;
    if (wanted.length === 0) continue;
    if (tree.kind === "name" && !isName(tree.name) && isEntry(tree.name, wanted, bound)) return true;
    if (tree.kind === "entry" && tree.at.some((i) => i.kind !== "all" && mentions(i, wanted))) return true;
    const own = tree.kind === "sum" ? namesOf(tree) : [];
    const left = own.length === 0 ? wanted : wanted.filter((name) => !own.includes(name));
    for (const part of children(tree)) stack.push([part, left, own.length === 0 ? bound : new Set([...bound, ...own])]);
  }
  return false;
}

// x_i, A_ij, A_{i,2}, x_{i+1}: every index is a number or that of a sum; T_in is a name.
function isEntry(name: string, wanted: readonly string[], bound: ReadonlySet<string>): boolean {
  const below = /_\{?([^{}]+)\}?$/.exec(name)?.[1];
  if (below === undefined) return false;
  const whole = bound.has(below) || below.includes(",") || !/^\p{L}+$/u.test(below);
  const indices = (whole ? below.split(",") : [...below]).map((part) => part.replace(/[+-]\d+$/, ""));
  return indices.every((i) => bound.has(i) || /^\d+$/.test(i)) && indices.some((i) => wanted.includes(i));
}

const mentions = (root: Tree, names: readonly string[]): boolean =>
  someIn(root, (tree) => tree.kind === "name" && names.includes(tree.name));

function someIn(root: Tree, test: (tree: Tree) => boolean): boolean {
  for (const tree of subtrees([root])) if (test(tree)) return true;
  return false;
}
