/**
 * A set kept in order: insertion, removal and search by a bound take a time that grows like the logarithm of its size.
 *
 * A treap: a search tree whose nodes also form a heap by pseudo-random priorities, which keeps it balanced whatever the
 * order of insertions. The priorities follow a fixed sequence, so that the same calls always build the same tree.
 */

/** A set of items, distinct under its order. */
export interface OrderedSet<T> {
  /** Adds an item unless it is there. */
  add(item: T): void;
  /** Removes an item if it is there. */
  delete(item: T): void;
  /** The first item that is not below the bound; the first of all without one. */
  first(bound?: T): T | undefined;
}

interface Node<T> {
  readonly item: T;
  readonly priority: number;
  left: Node<T> | undefined;
  right: Node<T> | undefined;
}

type Tree<T> = Node<T> | undefined;

/** An empty set; `compare` is negative when its first argument comes first, and 0 only for equal items. */
export function createOrderedSet<T>(compare: (a: T, b: T) => number): OrderedSet<T> {
  let root: Tree<T>;
  let seed = 1;
  const nextPriority = (): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed;
  };
  /** Items below the bound and the others. */
  const split = (tree: Tree<T>, bound: T): [Tree<T>, Tree<T>] => {
    if (tree === undefined) return [undefined, undefined];
    if (compare(tree.item, bound) < 0) {
      const [below, rest] = split(tree.right, bound);
      tree.right = below;
      return [tree, rest];
    }
    const [below, rest] = split(tree.left, bound);
    tree.left = rest;
    return [below, tree];
  };
  const insert = (tree: Tree<T>, node: Node<T>): Node<T> => {
    if (tree === undefined) return node;
    if (node.priority > tree.priority) {
      [node.left, node.right] = split(tree, node.item);
      return node;
    }
    if (compare(node.item, tree.item) < 0) tree.left = insert(tree.left, node);
    else tree.right = insert(tree.right, node);
    return tree;
  };
  const remove = (tree: Tree<T>, item: T): Tree<T> => {
    if (tree === undefined) return undefined;
    const order = compare(item, tree.item);
    if (order === 0) return merge(tree.left, tree.right);
    if (order < 0) tree.left = remove(tree.left, item);
    else tree.right = remove(tree.right, item);
    return tree;
  };
  const first = (bound?: T): T | undefined => {
    let found: T | undefined;
    for (let at = root; at !== undefined; ) {
      const isBelow = bound !== undefined && compare(at.item, bound) < 0;
      if (!isBelow) found = at.item;
      at = isBelow ? at.right : at.left;
    }
    return found;
  };
  return {
    first,
    add: (item) => {
      const found = first(item);
      if (found !== undefined && compare(found, item) === 0) return;
      root = insert(root, { item, priority: nextPriority(), left: undefined, right: undefined });
    },
    delete: (item) => {
      root = remove(root, item);
    },
  };
}

/** Two trees as one; all items of the first come before those of the second. */
function merge<T>(a: Tree<T>, b: Tree<T>): Tree<T> {
  if (a === undefined) return b;
  if (b === undefined) return a;
  if (a.priority > b.priority) {
    a.right = merge(a.right, b);
    return a;
  }
  b.left = merge(a, b.left);
  return b;
}
