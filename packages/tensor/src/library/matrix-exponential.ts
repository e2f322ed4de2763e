/**
 * The exponential of matrices.
 */

import { isFloat } from "../dtype.ts";
import { TensorError } from "../errors.ts";
import { single } from "../ops/broadcasting.ts";
import { equal, less, lessEqual, select } from "../ops/comparison.ts";
import { abs, add, convert, mul, stopGradient } from "../ops/elementwise.ts";
import { take } from "../ops/indexing.ts";
import { matrixProduct } from "../ops/matrix-product.ts";
import { expandDimensions, iota, reshape } from "../ops/movement.ts";
import { max, sum } from "../ops/reduction.ts";
import { showType } from "../program/infer.ts";
import { array, full, type Tensor, type TensorLike } from "../trace/tensor.ts";
import { scan } from "./control-flow.ts";

/** 1 / k!, to the degree of the polynomial. */
const degree = 16;
const coefficients = Array.from({ length: degree + 1 }, (_, k) => 1 / factorial(k));

/**
 * The polynomial is the exponential to working accuracy for norms up to this, and so are its derivatives to third order:
 * the first term left out of the third derivative is below 0.46^14 / 14! = 2e-16.
 */
const reach = 0.46;

/** Halvings at most. */
const mostSquarings = 32;

/** 2^-s and the norms up to which s halvings do. */
const powers = Array.from({ length: mostSquarings + 1 }, (_, s) => 2 ** -s);

/**
 * e^A of square matrices: the polynomial of Taylor of 2^-s A, squared s times, where s is chosen for each matrix by its
 * largest column sum.
 *
 * Differentiable to any order in both modes; derivatives to third order have the accuracy of the value.
 *
 * @param a Shape [..., n, n], floats, of any structure. Column sums of absolute values up to 2e9; beyond, NaN.
 * @returns Shape [..., n, n], within about n 2^s eps of the norms of the squares; matrices that are far from normal lose more.
 *   NaN or infinity in a matrix makes it NaN, and no other.
 * Errors: not square, not of floats.
 *
 * @example
 * evaluate(() => matrixExponential(array([[0, 1], [0, 0]]))).data; // => [1, 1, 0, 1]
 *
 * Source: Higham, N. J. (2005), The scaling and squaring method for the matrix exponential revisited, SIAM J. Matrix Anal.
 * Appl. 26, doi:10.1137/04061101X; the polynomial by Paterson, Stockmeyer (1973), doi:10.1137/0202007.
 */
export function matrixExponential(a: TensorLike): Tensor {
  const matrix = single(a);
  const [rows, columns] = matrix.shape.slice(-2);
  if (matrix.shape.length < 2 || rows !== columns || !isFloat(matrix.dtype)) {
    throw new TensorError(
      `Cannot take the exponential of a matrix: expected square matrices of floats [..., n, n], got ${showType(matrix)}`,
      "Reshape, or convert to float64 or float32.",
    );
  }
  const norm = stopGradient(max(sum(abs(matrix), -2), -1));
  const count = squaringsOf(norm);
  const factor = take(array(powers, [powers.length], matrix.dtype), count);
  const known = select(lessEqual(norm, reach * 2 ** mostSquarings), factor, Number.NaN);
  const start = polynomial(mul(matrix, overMatrix(known)));
  const [end] = scan(
    ({ power, turn }) => {
      const squared = select(less(turn, overMatrix(count)), matrixProduct(power, power), power);
      return [{ power: squared, turn: add(turn, 1) }, {}] as const;
    },
    { power: start, turn: full([], 0, "int32") },
    {},
    { bound: mostSquarings, length: max(count) },
  );
  return end.power;
}

/** How often a matrix of this norm is halved until the polynomial reaches it. */
function squaringsOf(norm: Tensor): Tensor {
  const limits = array(
    powers.slice(1).map((power) => reach / (2 * power)),
    [mostSquarings],
    norm.dtype,
  );
  return sum(convert(less(limits, expandDimensions(norm, -1)), "int32"), -1);
}

function overMatrix(x: Tensor): Tensor {
  return reshape(x, [...x.shape, 1, 1]);
}

/** sum of A^k / k! by powers up to the fourth: six products. */
function polynomial(a: Tensor): Tensor {
  const second = matrixProduct(a, a);
  const third = matrixProduct(second, a);
  const fourth = matrixProduct(second, second);
  const one = select(equal(iota(a.shape, -2), iota(a.shape, -1)), full(a.shape, 1, a.dtype), 0);
  const block = (k: number): Tensor =>
    add(...([one, a, second, third].map((power, i) => mul(coefficients[k + i] as number, power)) as [Tensor, Tensor]));
  let result = add(block(12), mul(coefficients[16] as number, fourth));
  for (const k of [8, 4, 0]) result = add(block(k), matrixProduct(fourth, result));
  return result;
}

function factorial(n: number): number {
  return n < 2 ? 1 : n * factorial(n - 1);
}
