/**
 * Solutions of linear systems whose derivatives are solutions of linear systems.
 */

import { sub } from "../ops/elementwise.ts";
import { arrangedLike, withLeaves } from "../pytree.ts";
import { closureConvert } from "../trace/closure-convert.ts";
import { full, type Tensor } from "../trace/tensor.ts";
import { tensorLeaves } from "../trace/trace.ts";
import { jvp, vjp } from "../transform/differentiate.ts";
import { customJvp } from "./custom-jvp.ts";
import { linearCall } from "./linear-call.ts";

/** A linear system; the functions may close over tensors, which is how they know their matrix. */
export interface LinearSystem<X> {
  /** x to A x, linear. */
  readonly apply: (x: X) => X;
  /** b to the x with A x = b, by any means; it is never differentiated. */
  readonly solve: (b: X) => X;
  /** b to the x with Aᵀ x = b, for reverse mode. Where A is symmetric it is `solve` again. */
  readonly solveTransposed: (b: X) => X;
}

/** The functions with the tensors that they close over in front. */
interface OpenSystem<X> {
  readonly apply: (hidden: Hidden, x: X) => X;
  readonly solve: (hidden: Hidden, b: X) => X;
  readonly solveTransposed: (hidden: Hidden, b: X) => X;
}

/** What each function closes over. */
interface Hidden {
  readonly apply: readonly Tensor[];
  readonly solve: readonly Tensor[];
  readonly solveTransposed: readonly Tensor[];
}

/**
 * The x with A x = b, differentiable to any order in both modes with respect to b and to the tensors in `apply`:
 * dx is the solution for db - dA x, and the cotangent of b that for the cotangent of x with the transposed matrix. So a
 * solver may iterate, as often as it needs, and nothing of its way is kept. Derivatives are as good as solutions.
 *
 * @param system The matrix as a function, and its solvers.
 * @param b A tree of float tensors; x is a tree like it.
 * @example
 * const half = (a: Tensor, b: Tensor) => customLinearSolve({
 *   apply: (x: Tensor) => mul(a, x),
 *   solve: (y: Tensor) => div(y, a),
 *   solveTransposed: (y: Tensor) => div(y, a),
 * }, b);
 * evaluate(grad(half), array(2), array(6)).data; // => [-1.5]
 *
 * Errors: results that are no trees like b.
 * Source: Giles, M. (2008), Collected matrix derivative results for forward and reverse mode algorithmic
 * differentiation, section 2.3.1, doi:10.1007/978-3-540-68942-3_4.
 */
export function customLinearSolve<X>(system: LinearSystem<X>, b: X): X {
  const converted = (f: (x: X) => X) => closureConvert((x: X) => arrangedLike(b, f(x), "solve a linear system"), [b]);
  const apply = converted(system.apply);
  const solve = converted(system.solve);
  const solveTransposed = converted(system.solveTransposed);
  const open: OpenSystem<X> = {
    apply: (hidden, x) => apply.call(hidden.apply, x) as X,
    solve: (hidden, x) => solve.call(hidden.solve, x) as X,
    solveTransposed: (hidden, x) => solveTransposed.call(hidden.solveTransposed, x) as X,
  };
  const hidden: Hidden = {
    apply: apply.captures,
    solve: solve.captures,
    solveTransposed: solveTransposed.captures,
  };
  return solution(open, hidden, b);
}

/** The solution as a linear map of b, whose transpose is the solution of the transposed system. */
function solution<X>(system: OpenSystem<X>, hidden: Hidden, b: X): X {
  return linearCall(
    (known: Hidden, right: X) => solutionByRule(system, known, right),
    (known: Hidden, cotangent: X) => solutionByRule(transposed(system), known, cotangent),
    hidden,
    b,
  );
}

/** The solution with its derivative with respect to everything. */
function solutionByRule<X>(system: OpenSystem<X>, hidden: Hidden, b: X): X {
  const solved = customJvp(
    (known: Hidden, right: X): X => system.solve(known, right),
    ([known], x, [change, right]) => {
      const moved = jvp(
        ((tensors: readonly Tensor[]) => system.apply({ ...known, apply: tensors }, x)) as never,
        [known.apply],
        [change.apply],
      )[1];
      const leaves = tensorLeaves(right);
      const rest = tensorLeaves(moved).map((leaf, i) => sub(leaves[i] as Tensor, leaf));
      return solution(system, known, withLeaves(x, rest) as X);
    },
  );
  return solved(hidden, b);
}

function transposed<X>(system: OpenSystem<X>): OpenSystem<X> {
  return {
    apply: (hidden, x) => {
      const zeros = tensorLeaves(x).map(({ shape, dtype }) => full(shape, 0, dtype));
      const at = withLeaves(x, zeros) as X;
      return vjp(((y: X) => system.apply(hidden, y)) as never, at).pullback(x)[0] as X;
    },
    solve: system.solveTransposed,
    solveTransposed: system.solve,
  };
}
