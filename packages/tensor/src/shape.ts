/**
 * Shapes and their laws. A shape lists extents from the slowest to the fastest axis (row-major); `[]` is a scalar.
 */
import { TensorError } from "./errors.ts";

/** Extents of the axes of a tensor, each a non-negative integer. */
export type Shape = readonly number[];

/** The number of elements of a tensor of this shape. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** Row-major strides, in elements. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) {
    strides[axis] = (strides[axis + 1] as number) * (shape[axis + 1] as number);
  }
  return strides;
}

/** Whether two shapes are the same. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((extent, axis) => extent === b[axis]);
}

/** How messages write a shape: `[3, 4]`. */
export function showShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

/**
 * The shape to which all of `shapes` broadcast by the rule of NumPy: axes are aligned at the end, and an extent of 1
 * or a missing axis repeats.
 */
export function broadcastShapes(operation: string, shapes: readonly Shape[]): Shape {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  const result = new Array<number>(rank).fill(1);
  for (const shape of shapes) {
    shape.forEach((extent, axis) => {
      const at = axis + rank - shape.length;
      if (extent === 1 || extent === result[at]) return;
      if (result[at] !== 1) {
        throw new TensorError(
          `Cannot ${operation}: expected shapes that broadcast, got ${shapes.map(showShape).join(" and ")}`,
          "Axes are aligned at the end and must be equal or 1; insert axes with reshape or expandDimensions.",
        );
      }
      result[at] = extent;
    });
  }
  return result;
}

/** An axis counted from the end when negative, checked against `rank`. */
export function normalizeAxis(operation: string, axis: number, rank: number): number {
  const normalized = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(axis) || normalized < 0 || normalized >= rank) {
    throw new TensorError(
      `Cannot ${operation}: expected an axis within a tensor of ${rank} axes, got ${axis}`,
      `Axes run from 0 to ${rank - 1}, or from ${-rank} to -1 counted from the end.`,
    );
  }
  return normalized;
}
