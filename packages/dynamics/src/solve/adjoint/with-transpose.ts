/**
 * A function whose reverse mode is given while its forward mode is its own.
 */
import { customJvp, jvp, linearCall } from "@leastaction/tensor";

/**
 * `f(x, constants)` with its derivative in x: forward as f itself is differentiated, backward by `pullback`, which gets
 * the arguments, the result and the cotangent of the result and returns cotangents like x.
 *
 * @param f closes over no tensors; x and the result are trees of floats
 */
export function withTranspose<X, C, R>(
  f: (x: X, constants: C) => R,
  pullback: (x: X, constants: C, result: R, cotangent: R) => X,
): (x: X, constants: C) => R {
  return customJvp(f, ([x, constants], result, [tangent]) =>
    linearCall(
      (given: Residuals<X, C, R>, direction: X) =>
        jvp((at: X) => f(at, given.constants), [given.x], [direction])[1] as R,
      (given, cotangent) => pullback(given.x, given.constants, given.result, cotangent),
      { x, constants, result },
      tangent as X,
    ),
  );
}

interface Residuals<X, C, R> {
  readonly x: X;
  readonly constants: C;
  readonly result: R;
}
