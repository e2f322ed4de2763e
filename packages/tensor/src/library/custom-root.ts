/**
 * Solutions of equations, differentiated through the equations.
 */

import { equal } from "../ops/comparison.ts";
import { convert, neg } from "../ops/elementwise.ts";
import { concatenate, iota, reshape, slice, transpose } from "../ops/movement.ts";
import { arrangedLike, mapTree, withLeaves } from "../pytree.ts";
import { sizeOf } from "../shape.ts";
import { closureConvert } from "../trace/closure-convert.ts";
import type { Tensor } from "../trace/tensor.ts";
import { tensorLeaves } from "../trace/trace.ts";
import { jvp, vjp } from "../transform/differentiate.ts";
import { vmap } from "../transform/vmap.ts";
import { customJvp } from "./custom-jvp.ts";
import { customLinearSolve } from "./custom-linear-solve.ts";
import { linearSolve as solveDense } from "./linear-algebra.ts";

/** Options of `customRoot`. */
export interface CustomRootOptions<X> {
  /**
   * Solves A v = b for a linear map A of trees like x: the derivative of the equations, or its transpose. Default: the
   * matrix is made, one column for each number in x, and solved by elimination.
   */
  readonly linearSolve?: (apply: (v: X) => X, b: X) => X;
}

/**
 * The x with f(x, parameters) = 0 that `solve` finds, with the derivative of the implicit function theorem:
 * ∂f/∂x dx = -∂f/∂parameters dparameters. So `solve` may be any iteration, as long as it needs and not differentiable; both
 * modes and all orders follow from f alone, at the x that was found. They are as good as that x is a root, and infinite
 * where ∂f/∂x is singular. Where the solver starts has no derivative.
 *
 * @param f (x, parameters) to a tree like x, of floats.
 * @param solve (start, parameters) to x.
 * @returns A function of a start, a tree like x, and of parameters, any tree of tensors.
 * @example
 * const cubeRoot = customRoot(
 *   (x: Tensor, a: Tensor) => sub(mul(x, x, x), a),
 *   (x: Tensor, a: Tensor) => scan((y: Tensor) => [sub(y, div(sub(mul(y, y, y), a), mul(3, y, y))), {}] as const, x, {}, { bound: 50 })[0],
 * );
 * evaluate(grad((a: Tensor) => cubeRoot(full([], 1), a)), array(8)).data; // => [1 / 12]
 *
 * Errors: f or `solve` give no tree like x.
 * Source: Griewank, A. and Walther, A. (2008), Evaluating derivatives, chapter 15, doi:10.1137/1.9780898717761; the
 * form is that of Blondel, M. et al. (2022), Efficient and modular implicit differentiation, arXiv:2105.15183.
 */
export function customRoot<X, P>(
  f: (x: X, parameters: P) => X,
  solve: (start: X, parameters: P) => X,
  options: CustomRootOptions<X> = {},
): (start: X, parameters: P) => X {
  const linearSolve = options.linearSolve ?? byElimination;
  return (start, parameters) => {
    const likeStart = (g: (x: X, known: P) => X) => (x: X, known: P) =>
      arrangedLike(start, g(x, known), "find a root") as X;
    const equations = closureConvert(likeStart(f), [start, parameters]);
    const solver = closureConvert(likeStart(solve), [start, parameters]);
    const hidden: Hidden<P> = { parameters, equations: equations.captures };
    const residual = (x: X, known: Hidden<P>): X => equations.call(known.equations, x, known.parameters) as X;
    const solved = customJvp(
      (begin: X, known: Hidden<P>, own: readonly Tensor[]): X => solver.call(own, begin, known.parameters) as X,
      ([, known], x, [, change]) => {
        const moved = jvp(((tensors: Hidden<P>) => residual(x, tensors)) as never, [known], [change])[1];
        const apply = (v: X): X => jvp(((y: X) => residual(y, known)) as never, [x], [v])[1] as X;
        const applyTransposed = (v: X): X => vjp(((y: X) => residual(y, known)) as never, x).pullback(v)[0] as X;
        return customLinearSolve(
          {
            apply,
            solve: (b) => linearSolve(apply, b),
            solveTransposed: (b) => linearSolve(applyTransposed, b),
          },
          mapTree(moved, (leaf) => neg(leaf as Tensor)) as X,
        );
      },
    );
    return solved(start, hidden, solver.captures);
  };
}

/** What the equations depend on. */
interface Hidden<P> {
  readonly parameters: P;
  readonly equations: readonly Tensor[];
}

/** The solution by the matrix of the map. */
function byElimination<X>(apply: (v: X) => X, b: X): X {
  const leaves = tensorLeaves(b);
  const n = leaves.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const fromVector = (vector: Tensor): X => {
    let from = 0;
    const parts = leaves.map(({ shape }) => {
      const part = slice(vector, 0, from, from + sizeOf(shape));
      from += sizeOf(shape);
      return reshape(part, shape);
    });
    return withLeaves(b, parts) as X;
  };
  const toVector = (tree: X): Tensor =>
    concatenate(tensorLeaves(tree).map((leaf) => reshape(leaf, [sizeOf(leaf.shape)])));
  const identity = convert(equal(iota([n, n], 0), iota([n, n], 1)), (leaves[0] as Tensor).dtype);
  const columns = vmap((unit: Tensor) => toVector(apply(fromVector(unit))))(identity);
  return fromVector(solveDense(transpose(columns, [1, 0]), toVector(b)));
}
