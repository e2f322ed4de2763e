/**
 * Functions of symmetric matrices, f(A) = V diag(f(values)) V^T, with derivatives that never divide by the difference of
 * two eigenvalues.
 *
 * The derivative of order k in the directions H1 … Hk is made of the forms
 *
 *     T(H1, …, Hk) = V [ sum over i1 … i(k-1) of f[v_i0, …, v_ik] (V^T H1 V)_(i0 i1) … (V^T Hk V)_(i(k-1) ik) ] V^T
 *
 * with divided differences, which are smooth where eigenvalues meet. These forms are closed: the derivative of one is the
 * sum of those with the new direction put in at each place, and its transpose in one direction is the form with the
 * directions turned round. So each is one equation with both rules, and derivatives of all orders follow.
 *
 * Source: Higham, N. J. (2008), Functions of Matrices, theorem 3.11 (Daleckii and Krein), doi:10.1137/1.9780898717778;
 * higher orders: Daleckii, Krein (1965), Integration and differentiation of functions of Hermitian operators.
 */

import { single } from "../ops/broadcasting.ts";
import { add, mul } from "../ops/elementwise.ts";
import { matrixProduct, matrixTranspose } from "../ops/matrix-product.ts";
import { reshape } from "../ops/movement.ts";
import { sum } from "../ops/reduction.ts";
import type { Tensor, TensorLike } from "../trace/tensor.ts";
import { type ByElement, dividedDifference } from "../transform/divided-difference.ts";
import { customJvp } from "./custom-jvp.ts";
import { eigh } from "./eigh.ts";
import { linearCall } from "./linear-call.ts";

/**
 * f of the symmetric part (A + A^T) / 2 of matrices: V diag(f(values)) V^T.
 *
 * Derivatives of all orders are right wherever f is smooth at the eigenvalues, also where these are equal or nearly so; so
 * are those of `sum of f(eigenvalues)`, the trace of the result. Work and memory of a derivative of order k grow with
 * n^(k+1).
 *
 * @param a Shape [..., n, n], floats.
 * @param f A function of the eigenvalues by element, written with operations; it gets tensors of several shapes and closes
 *   over none. Scale the matrix instead: f(c A).
 * @returns Shape [..., n, n], symmetric.
 * Errors: not square, not of floats; an f that closes over tensors.
 *
 * @example
 * evaluate(() => spectralFunction(array([[2, 0], [0, 9]]), (x) => square(x))).data; // => [4, 0, 0, 81]
 */
export function spectralFunction(a: TensorLike, f: ByElement): Tensor {
  const matrix = single(a);
  return form(f, mul(0.5, add(matrix, matrixTranspose(matrix))), []);
}

interface Fixed {
  readonly a: Tensor;
  readonly others: readonly Tensor[];
}

/** T(directions). */
function form(f: ByElement, a: Tensor, directions: readonly Tensor[]): Tensor {
  const apply = customJvp(
    (matrix: Tensor, given: readonly Tensor[]) => evaluated(f, matrix, given),
    ([matrix, given], _, [change, changes]) => {
      const terms: Tensor[] = [];
      const append = (others: readonly Tensor[], place: number, direction: Tensor): void => {
        terms.push(linearForm(f, { a: matrix, others }, place, direction));
      };
      if (change !== null) for (let place = 0; place <= given.length; place++) append(given, place, change);
      changes.forEach((tangent, place) => {
        if (tangent !== null) append([...given.slice(0, place), ...given.slice(place + 1)], place, tangent);
      });
      const [first, ...rest] = terms as [Tensor, ...Tensor[]];
      return add(first, ...rest);
    },
    { symbolicZeros: true, bodyDerives: true },
  );
  return apply(a, directions);
}

/** T as a linear map of the direction at one place. */
function linearForm(f: ByElement, fixed: Fixed, place: number, direction: Tensor): Tensor {
  const turned = (list: readonly Tensor[]): Tensor[] => list.map((h) => matrixTranspose(h)).reverse();
  return linearCall(
    ({ a, others }: Fixed, h: Tensor) => form(f, a, [...others.slice(0, place), h, ...others.slice(place)]),
    ({ a, others }: Fixed, cotangent: Tensor) =>
      form(f, a, [...turned(others.slice(0, place)), cotangent, ...turned(others.slice(place))]),
    fixed,
    direction,
  );
}

function evaluated(f: ByElement, a: Tensor, directions: readonly Tensor[]): Tensor {
  const { values, vectors } = eigh(a);
  const turned = matrixTranspose(vectors);
  const lead = values.shape.slice(0, -1);
  const n = values.shape.at(-1) as number;
  const order = directions.length;
  if (order === 0) return matrixProduct(mul(vectors, reshape(f(values), [...lead, 1, n])), turned);
  /** On axes `from` and `to` of the order + 1 axes of indices. */
  const placed = (x: Tensor, from: number, to: number): Tensor =>
    reshape(x, [...lead, ...Array.from({ length: order + 1 }, (_, axis) => (axis === from || axis === to ? n : 1))]);
  const points = Array.from({ length: order + 1 }, (_, axis) => placed(values, axis, axis));
  const factors = directions.map((h, i) => placed(matrixProduct(turned, matrixProduct(h, vectors)), i, i + 1));
  const product = mul(dividedDifference(f, points), ...factors);
  const inner = sum(
    product,
    directions.slice(1).map((_, i) => lead.length + 1 + i),
  );
  return matrixProduct(vectors, matrixProduct(inner, turned));
}
