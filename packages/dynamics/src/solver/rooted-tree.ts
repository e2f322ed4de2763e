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

/** The trees of exactly `order` nodes: 1, 1, 2, 4, 9, 20, … of them. */
export function rootedTrees(order: number): readonly RootedTree[] {
  return forests(order - 1, order - 1).map(plant);
}

/** The elementary weights Phi_i of a tree, one for each stage, for the matrix `a` of a method. */
export function elementaryWeights(tree: RootedTree, a: readonly (readonly number[])[]): number[] {
  const factors = tree.branches.map((branch) => {
    const inner = elementaryWeights(branch, a);
    return a.map((row) => row.reduce((total, value, j) => total + value * (inner[j] as number), 0));
  });
  return a.map((_, i) => factors.reduce((product, factor) => product * (factor[i] as number), 1));
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
