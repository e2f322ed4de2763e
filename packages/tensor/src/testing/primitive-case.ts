/**
 * The form of the cases of primitives, and what they are made with.
 */
import { loadAll } from "../dialect/all.ts";
import type { Parameters, PrimitiveName } from "../program/primitive.ts";
import type { HostTensor } from "../pytree.ts";
import { type Shape, sizeOf } from "../shape.ts";
import { emit } from "../trace/builder.ts";
import { array, type Tensor } from "../trace/tensor.ts";

// Cases apply primitives without the operations that bring their rules.
loadAll();

/** One use of a primitive. */
export interface PrimitiveCase {
  readonly name: string;
  readonly apply: (...inputs: Tensor[]) => Tensor[];
  /** float64 where floats are allowed. */
  readonly inputs: readonly HostTensor[];
  /** Reverse mode is refused by design (`while`). */
  readonly forwardOnly?: boolean;
  /** The derivative is zero by definition, whatever differences say (`stopGradient`). */
  readonly derivativeIsZero?: boolean;
}

/** Numbers in [low, high] from a fixed sequence (multiples of the golden ratio modulo 1), so that cases never change. */
export function numbers(shape: Shape, low: number, high: number, start = 0): HostTensor {
  const data = Float64Array.from({ length: sizeOf(shape) }, (_, i) => {
    const u = ((i + start + 1) * 0.6180339887498949) % 1;
    return low + (high - low) * u;
  });
  return array(data, shape);
}

/** A primitive with these parameters, on these inputs. */
export const direct =
  <P extends PrimitiveName>(primitive: P, parameters: Parameters[P]) =>
  (...inputs: HostTensor[]): PrimitiveCase => ({
    name: primitive,
    apply: (...tensors) => emit(primitive, parameters, tensors),
    inputs,
  });
