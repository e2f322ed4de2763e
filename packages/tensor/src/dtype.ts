/**
 * Element types and the arrays that hold them on the host.
 *
 * `bool` is held as a `Uint8Array` of 0 and 1 on the host. There is no promotion between types: mixing two in one
 * operation is an error; only JavaScript numbers written as literals adopt the type of their neighbour.
 */

/** The type of every element of a tensor. */
export type DType = "float32" | "float64" | "int32" | "uint32" | "bool";

/** The host array that holds elements of each type. */
export interface HostArrays {
  float32: Float32Array;
  float64: Float64Array;
  int32: Int32Array;
  uint32: Uint32Array;
  bool: Uint8Array;
}

/** Any host array. */
export type HostArray = HostArrays[DType];

/** All element types, in the order in which messages list them. */
export const dtypes: readonly DType[] = ["float32", "float64", "int32", "uint32", "bool"];

/** Whether elements are IEEE floating-point numbers; only these carry derivatives. */
export function isFloat(dtype: DType): dtype is "float32" | "float64" {
  return dtype === "float32" || dtype === "float64";
}

/** A new host array of `length` zeros. */
export function allocate(dtype: DType, length: number): HostArray {
  switch (dtype) {
    case "float32":
      return new Float32Array(length);
    case "float64":
      return new Float64Array(length);
    case "int32":
      return new Int32Array(length);
    case "uint32":
      return new Uint32Array(length);
    case "bool":
      return new Uint8Array(length);
  }
}

/** The value that a JavaScript number takes when it is stored as an element of `dtype`. */
export function coerce(dtype: DType, value: number): number {
  switch (dtype) {
    case "float32":
      return Math.fround(value);
    case "float64":
      return value;
    case "int32":
      return value | 0;
    case "uint32":
      return value >>> 0;
    case "bool":
      return value === 0 ? 0 : 1;
  }
}
