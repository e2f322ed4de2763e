/**
 * Lists of times as users give them: numbers, tensors on the host, or tensors known only at run time.
 */
import { array, convert, type HostTensor, reshape, type Tensor, type TensorLike } from "@leastaction/tensor";

/** Times: numbers, or a float64 tensor [n], on the host or traced. */
export type Times = TensorLike | readonly number[];

/** The times as a float64 tensor of one axis; a single time becomes a list of one. */
export function timesTensor(times: Times): Tensor {
  const tensor = convert(isList(times) ? array(Float64Array.from(times)) : times, "float64");
  return tensor.shape.length === 0 ? reshape(tensor, [1]) : tensor;
}

/** The times as numbers, or null when they are known only at run time. */
export function hostTimes(times: Times): readonly number[] | null {
  if (typeof times === "number") return [times];
  if (isList(times)) return times;
  return "data" in times ? Array.from((times as HostTensor).data) : null;
}

/** A scalar as a number, or null when it is known only at run time. */
export function hostNumber(value: TensorLike): number | null {
  const [first = Number.NaN, ...more] = hostTimes(value) ?? [];
  return hostTimes(value) === null || more.length > 0 ? null : first;
}

function isList(times: Times): times is readonly number[] {
  return Array.isArray(times);
}
