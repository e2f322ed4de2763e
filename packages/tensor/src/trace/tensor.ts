/**
 * What user code sees while a function is traced: a tensor without a value, only with a type.
 *
 * Numbers and host tensors can stand wherever a tensor is expected; they become constants of the program.
 */
import { allocate, coerce, type DType, type HostArray, isFloat } from "../dtype.ts";
import { TensorError } from "../errors.ts";
import type { Atom } from "../program/program.ts";
import type { HostTensor } from "../pytree.ts";
import { type Shape, showShape, sizeOf } from "../shape.ts";

/** A symbolic tensor: it exists only inside the function that is being traced. */
export interface Tensor {
  readonly kind: "tensor";
  readonly dtype: DType;
  readonly shape: Shape;
  /** @internal What it is in the program of its builder. */
  readonly atom: Atom;
  /** @internal The program under construction that it belongs to, by identity; null for constants. */
  readonly builder: object | null;
}

/** What every operation accepts. A number takes the element type of its neighbours. */
export type TensorLike = Tensor | HostTensor | number;

/** Whether a value is a symbolic tensor. */
export function isTensor(value: unknown): value is Tensor {
  return typeof value === "object" && value !== null && (value as Partial<Tensor>).kind === "tensor";
}

/** What every symbolic tensor is: an object that says so when its value is asked for, which is not there yet. */
class SymbolicTensor implements Tensor {
  readonly kind = "tensor";
  readonly dtype: DType;
  readonly shape: Shape;
  readonly atom: Atom;
  readonly builder: object | null;

  constructor(atom: Atom, builder: object | null) {
    this.dtype = atom.type.dtype;
    this.shape = atom.type.shape;
    this.atom = atom;
    this.builder = builder;
  }

  /** `x + 1`, `x < y`, `Math.sin(x)`, a template string. */
  [Symbol.toPrimitive](): never {
    return refuseValue("one in arithmetic, a comparison or a text", "Use operations: add(x, 1), less(x, y), sin(x).");
  }

  /** `const [a, b] = x`, `for (const row of x)`, `[...x]`. */
  [Symbol.iterator](): never {
    return refuseValue(
      "one that is iterated over",
      "Take parts with at(x, 0) and slice, or loop with scan or mapSlices.",
    );
  }
}

function refuseValue(found: string, remedy: string): never {
  throw new TensorError(`Cannot read a value while tracing: expected a tensor without one, got ${found}`, remedy);
}

/** @internal The tensor of an atom. */
export function tensorOf(atom: Atom, builder: object | null): Tensor {
  return new SymbolicTensor(atom, builder);
}

/** A constant tensor of one repeated number. */
export function full(shape: Shape, value: number, dtype: DType = "float64"): Tensor {
  return tensorOf({ kind: "constant", type: { dtype, shape }, value: coerce(dtype, value) }, null);
}

/**
 * @internal A host tensor or number as a symbolic one; numbers become scalars of `dtype`.
 * Errors: a number that an integer or truth value cannot hold.
 */
export function asTensor(value: TensorLike, dtype: DType): Tensor {
  if (typeof value === "number") {
    if (!isFloat(dtype) && coerce(dtype, value) !== value) {
      throw new TensorError(
        `Cannot use a number: expected one that ${dtype} holds, got ${value}`,
        "Use convert(x, dtype) on its neighbour; there is no silent promotion or rounding.",
      );
    }
    return full([], value, dtype);
  }
  if (isTensor(value)) return value;
  return tensorOf({ kind: "constant", type: { dtype: value.dtype, shape: value.shape }, value: value.data }, null);
}

/**
 * A host tensor from numbers.
 *
 * @param data A typed array (kept, not copied), nested or flat numbers, or one number.
 * @param shape Extents; by default that of the nesting, or one axis for a typed array.
 * @param dtype Element type; by default that of the typed array, else float64.
 * Errors: lengths that do not match the shape, ragged nesting.
 */
export function array(data: HostArray | NestedNumbers, shape?: Shape, dtype?: DType): HostTensor {
  const flat = ArrayBuffer.isView(data) ? data : flatten(data);
  const found = ArrayBuffer.isView(data) ? [data.length] : shapeOfNested(data);
  const type = dtype ?? (ArrayBuffer.isView(data) ? dtypeOfHostArray(data) : "float64");
  const extents = shape ?? found;
  if (sizeOf(extents) !== flat.length) {
    throw new TensorError(
      `Cannot make an array: expected ${sizeOf(extents)} elements for shape ${showShape(extents)}, got ${flat.length}`,
      "Give as many numbers as the product of the extents.",
    );
  }
  if (ArrayBuffer.isView(flat) && dtypeOfHostArray(flat) === type) return { dtype: type, shape: extents, data: flat };
  const values = allocate(type, flat.length);
  flat.forEach((value, i) => {
    values[i] = coerce(type, value);
  });
  return { dtype: type, shape: extents, data: values };
}

/** Numbers in nested arrays. */
export type NestedNumbers = number | readonly NestedNumbers[];

function flatten(data: NestedNumbers): number[] {
  return typeof data === "number" ? [data] : data.flatMap(flatten);
}

function shapeOfNested(data: NestedNumbers): number[] {
  if (typeof data === "number") return [];
  const inner = data.map(shapeOfNested);
  const first = inner[0] ?? [];
  if (inner.some((shape) => showShape(shape) !== showShape(first))) {
    throw new TensorError(
      `Cannot make an array: expected rows of one shape, got ${inner.map(showShape).join(" and ")}`,
      "Pad the rows or give each its own array.",
    );
  }
  return [data.length, ...first];
}

/** @internal The element type that a host array holds. */
export function dtypeOfHostArray(data: HostArray): DType {
  if (data instanceof Float32Array) return "float32";
  if (data instanceof Float64Array) return "float64";
  if (data instanceof Int32Array) return "int32";
  return data instanceof Uint32Array ? "uint32" : "bool";
}
