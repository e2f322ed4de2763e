/**
 * From a traced residual function to a least-squares problem.
 */
import {
  array,
  compile,
  type HostTensor,
  jacobianForward,
  type Target,
  type Tensor,
  TensorError,
} from "@leastaction/tensor";
import type { LeastSquaresProblem } from "./levenberg-marquardt.ts";

/**
 * Compiles the residuals and their Jacobian (by forward mode, one pass for each parameter).
 *
 * @param residuals maps parameters, float64 [n], and data to residuals, float64 [m]
 * @param n number of parameters
 * @param data a tree of host tensors
 * @param target one that runs synchronously
 * Errors: a target that does not.
 */
export function compileLeastSquares<Data>(
  residuals: (parameters: Tensor, data: Data) => Tensor,
  n: number,
  data: Data,
  target: Target,
): Pick<LeastSquaresProblem, "residuals" | "jacobian"> {
  if (!target.synchronous) {
    throw new TensorError(
      `Cannot fit by least squares: expected a target that runs synchronously, got ${target.name}`,
      "Use a target of the processor.",
    );
  }
  const start = array(new Float64Array(n));
  const value = compile(residuals, [start, data] as never, target);
  const derivative = compile(
    (parameters: Tensor, given: Data) => jacobianForward((p: Tensor) => residuals(p, given))(parameters),
    [start, data] as never,
    target,
  );
  const call = (compiled: { callSync: (...inputs: never[]) => unknown }, parameters: Float64Array): ArrayLike<number> =>
    (compiled.callSync(array(parameters) as never, data as never) as HostTensor).data;
  return {
    residuals: (parameters) => Float64Array.from(call(value, parameters)),
    jacobian: (parameters) => Float64Array.from(call(derivative, parameters)),
  };
}
