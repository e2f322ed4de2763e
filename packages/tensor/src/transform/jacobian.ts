/**
 * Matrices of derivatives of functions from one tensor to one tensor.
 */
import { reshape, transpose } from "../ops/movement.ts";
import { sizeOf } from "../shape.ts";
import type { Tensor } from "../trace/tensor.ts";
import { traceClosure } from "../trace/trace.ts";
import { basis } from "./basis.ts";
import { grad, jvp, vjp } from "./differentiate.ts";
import { vmap } from "./vmap.ts";

/**
 * The Jacobian in forward mode, one direction per element of the argument: cheap for few inputs.
 *
 * @returns A function to a tensor of shape [...shape of the result, ...shape of the argument].
 */
export function jacobianForward(f: (x: Tensor) => Tensor): (x: Tensor) => Tensor {
  return (x) => {
    const columns = vmap((direction: Tensor) => jvp(f, [x], [direction])[1] as Tensor)(basis(x.shape, x.dtype));
    const axes = columns.shape.map((_, axis) => axis);
    return reshape(transpose(columns, [...axes.slice(1), 0]), [...columns.shape.slice(1), ...x.shape]);
  };
}

/** The Jacobian in reverse mode, one direction per element of the result: cheap for few outputs. */
export function jacobianReverse(f: (x: Tensor) => Tensor): (x: Tensor) => Tensor {
  return (x) => {
    const { value, pullback } = vjp(f, x) as { value: Tensor; pullback: (cotangent: unknown) => unknown[] };
    const rows = vmap((cotangent: Tensor) => pullback(cotangent)[0] as Tensor)(basis(value.shape, value.dtype));
    return reshape(rows, [...value.shape, ...x.shape]);
  };
}

/** The Jacobian by the mode with fewer directions; see `jacobianForward` for its shape. */
export function jacobian(f: (x: Tensor) => Tensor): (x: Tensor) => Tensor {
  return (x) => {
    const [output] = traceClosure(f as (...inputs: never[]) => Tensor, [x]).program.outputs;
    const forward = sizeOf(x.shape) <= sizeOf(output?.type.shape ?? []);
    return (forward ? jacobianForward : jacobianReverse)(f)(x);
  };
}

/** The Hessian of a function to a scalar: [...shape, ...shape] of the argument. */
export function hessian(f: (x: Tensor) => Tensor): (x: Tensor) => Tensor {
  return jacobianForward(grad(f));
}
