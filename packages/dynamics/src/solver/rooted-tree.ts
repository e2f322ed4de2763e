/**
 * Rooted trees, which index the order conditions of Runge–Kutta methods.
 *
 * A tree is the list of the subtrees at its root. A method with weights b has order p when, for every tree of at most
 * p nodes, sum_i b_i Phi_i(tree) = 1 / gamma(tree); its dense output b(theta) when the sum is theta^n / gamma.
 * Hairer, Nørsett, Wanner, 1993, "Solving ordinary differential equations I", section II.2, theorem 2.13,
 * doi:10.1007/978-3-540-78862-1.
 */

/** A rooted tree. */
export interface RootedTree {
  readonly branches: readonly RootedTree[];
  /** The number of nodes. */
  readonly order: number;
  /** The density gamma. */
  readonly density: number;
}

const known = new Map<number, readonly RootedTree[]>();

/** The trees of exactly `order` nodes: 1, 1, 2, 4, 9, 20, 48, 115, … of them. Every tree exists once. */
export function rootedTrees(order: number): readonly RootedTree[] {
  const found = known.get(order) ?? forests(order - 1, order - 1).map(plant);
  known.set(order, found);
  return found;
}

/**
 * The elementary weights of the stages of a method, as a function of the tree.
 * @param a its matrix, [s][s]
 * @returns Phi_i(tree), [s]; what was found once is kept
 */
export function elementaryWeights(a: readonly (readonly number[])[]): (tree: RootedTree) => readonly number[] {
  const weights = new Map<RootedTree, readonly number[]>();
  const sums = new Map<RootedTree, readonly number[]>();
  const phi = (tree: RootedTree): readonly number[] => {
    const found =
      weights.get(tree) ?? a.map((_, i) => tree.branches.reduce((p, each) => p * (below(each)[i] as number), 1));
    weights.set(tree, found);
    return found;
  };
  const below = (tree: RootedTree): readonly number[] => {
    const found =
      sums.get(tree) ?? a.map((row) => row.reduce((total, value, j) => total + value * (phi(tree)[j] as number), 0));
    sums.set(tree, found);
    return found;
  };
  return phi;
}

function plant(branches: readonly RootedTree[]): RootedTree {
  const order = branches.reduce((total, branch) => total + branch.order, 1);
  return { branches, order, density: branches.reduce((product, branch) => product * branch.density, order) };
}

/** Multisets of trees with `nodes` nodes in all, each tree of at most `largest` nodes. */
function forests(nodes: number, largest: number): RootedTree[][] {
  if (nodes === 0) return [[]];
  const found: RootedTree[][] = [];
  for (let size = Math.min(nodes, largest); size >= 1; size--) {
    const choices = rootedTrees(size);
    for (let copies = 1; copies * size <= nodes; copies++) {
      const rests = forests(nodes - copies * size, size - 1);
      for (const chosen of multisets(choices, copies)) for (const rest of rests) found.push([...chosen, ...rest]);
    }
  }
  return found;
}

function multisets(choices: readonly RootedTree[], count: number): RootedTree[][] {
  if (count === 0) return [[]];
  return choices.flatMap((choice, i) => multisets(choices.slice(i), count - 1).map((rest) => [choice, ...rest]));
}
