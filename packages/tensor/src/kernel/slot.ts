/**
 * Slots of an arena as host arrays; bool is int32 0 or 1 in the arena and a byte on the host.
 */
import { coerce, type DType, type HostArray } from "../dtype.ts";
import { TensorError } from "../errors.ts";
import type { Slot } from "./kernel.ts";

/** Copies host data into an arena; bool becomes int32 0 or 1. */
export function writeSlot(memory: ArrayBufferLike, slot: Slot, data: HostArray | number): void {
  const view = viewOf(memory, slot);
  if (typeof data === "number") view.fill(coerce(slot.dtype, data));
  else if (data.length !== slot.elements) throw sizeError(slot, data.length);
  else if (slot.dtype === "bool")
    for (let index = 0; index < data.length; index++) view[index] = data[index] === 0 ? 0 : 1;
  else view.set(data);
}

/** A copy of a slot as a host array. */
export function readSlot(memory: ArrayBufferLike, slot: Slot): HostArray {
  const view = viewOf(memory, slot);
  return slot.dtype === "bool" ? Uint8Array.from(view) : view.slice();
}

type View = Float32Array | Float64Array | Int32Array | Uint32Array;

const views: { readonly [D in DType]: new (buffer: ArrayBufferLike, offset: number, length: number) => View } = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  uint32: Uint32Array,
  bool: Int32Array,
};

function viewOf(memory: ArrayBufferLike, { dtype, offset, elements }: Slot): View {
  return new views[dtype](memory, offset, elements);
}

function sizeError(slot: Slot, found: number): TensorError {
  return new TensorError(
    `Cannot write a slot: expected ${slot.elements} elements of ${slot.dtype}, got ${found}`,
    "Pass an array with as many elements as the tensor.",
  );
}
