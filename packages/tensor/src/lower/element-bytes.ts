/**
 * Sizes in memory. bool takes as much as int32.
 */
import type { DType } from "../dtype.ts";
import type { Atom } from "../program/program.ts";
import { sizeOf } from "../shape.ts";

/** Bytes of an element in memory. */
export function bytesOf(dtype: DType): number {
  return dtype === "float64" ? 8 : 4;
}

/** Bytes of a tensor in memory. */
export function tensorBytes({ type }: Atom): number {
  return sizeOf(type.shape) * bytesOf(type.dtype);
}
