/**
 * Activation functions by name.
 *
 * Each is smooth unless said otherwise; models that differentiate the network twice (Hamiltonian, Lagrangian) need a
 * smooth one.
 */
import { mul, relu, sigmoid, sin, softplus, type Tensor, type TensorLike, tanh } from "@leastaction/tensor";

/** The name of an activation function. */
export type ActivationName = "tanh" | "softplus" | "relu" | "sin" | "sigmoid" | "swish";

/**
 * The activation functions, by element.
 *
 * - `tanh`; `softplus` ln(1 + e^x); `sin`; `sigmoid` 1 / (1 + e^-x)
 * - `relu` max(x, 0): its second derivative is zero, so it cannot represent a mass matrix
 * - `swish` x sigmoid(x): Ramachandran, Zoph, Le, 2017, "Searching for activation functions", arXiv:1710.05941
 */
export const activations: Readonly<Record<ActivationName, (x: TensorLike) => Tensor>> = Object.freeze({
  tanh,
  softplus,
  relu,
  sin,
  sigmoid,
  swish: (x: TensorLike): Tensor => mul(x, sigmoid(x)),
});
