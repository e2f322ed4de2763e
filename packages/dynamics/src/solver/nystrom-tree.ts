/**
 * Special Nyström trees, which index the order conditions of methods for q'' = f(t, q).
 *
 * A tree is a force at its root, differentiated once for each branch; a branch is the velocity, or the change of
 * position by a force of its own, which is again a tree. With weights b for velocities and bBar for positions, a method
 * has order p when, for every tree of n nodes, sum_i b_i Phi_i = 1 / gamma for n <= p and sum_i bBar_i Phi_i = 1 / ((n
 * + 1) gamma) for n <= p - 1. Hairer, Nørsett, Wanner, 1993, "Solving ordinary differential equations I", section
 * II.14, theorem 14.10, doi:10.1007/978-3-540-78862-1.
 */

/** A special Nyström tree. */
export interface NystromTree {
  /** How many branches are the velocity. */
  readonly velocities: number;
  /** The forces behind the other branches. */
  readonly forces: readonly NystromTree[];
  /** The number of nodes: one for the root and for each velocity, two for what leads to a force, and its own. */
  readonly order: number;
  /** The density gamma. */
  readonly density: number;
}

/** The trees of exactly `order` nodes: 1, 1, 2, 3, 6, 10, … of them. */
export function nystromTrees(order: number): readonly NystromTree[] {
  return branchings(order - 1, order - 1).map((forces) => {
    const used = forces.reduce((total, tree) => total + tree.order + 1, 0);
    const density = forces.reduce((product, tree) => product * tree.density * (tree.order + 1), order);
    return { velocities: order - 1 - used, forces, order, density };
  });
}

/** The elementary weights Phi_i of a tree, one for each stage, for the nodes `c` and the matrix `a` of a method. */
export function nystromWeights(
  tree: NystromTree,
  c: readonly number[],
  a: readonly (readonly number[])[],
): readonly number[] {
  const factors = tree.forces.map((force) => {
    const inner = nystromWeights(force, c, a);
    return a.map((row) => row.reduce((total, value, j) => total + value * (inner[j] as number), 0));
  });
  return c.map((node, i) =>
    factors.reduce((product, factor) => product * (factor[i] as number), node ** tree.velocities),
  );
}

/** Multisets of trees that fit into `nodes` nodes with their branches, each of at most `largest` nodes with it. */
function branchings(nodes: number, largest: number): NystromTree[][] {
  const found: NystromTree[][] = [[]];
  for (let size = Math.min(nodes, largest); size >= 2; size--) {
    const choices = nystromTrees(size - 1);
    for (let copies = 1; copies * size <= nodes; copies++) {
      const rests = branchings(nodes - copies * size, size - 1);
      for (const chosen of multisets(choices, copies)) for (const rest of rests) found.push([...chosen, ...rest]);
    }
  }
  return found;
}

function multisets(choices: readonly NystromTree[], count: number): NystromTree[][] {
  if (count === 0) return [[]];
  return choices.flatMap((choice, i) => multisets(choices.slice(i), count - 1).map((rest) => [choice, ...rest]));
}
