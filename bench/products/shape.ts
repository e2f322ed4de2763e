/**
 * The products that are measured: C = A B, or C += A B, in every layout, of the sizes that models have.
 */
import type { DType } from "@leastaction/tensor";

/** One product, done `copies` times with operands of its own each time. */
export interface Shape {
  readonly dtype: Extract<DType, "float32" | "float64">;
  readonly rows: number;
  readonly sums: number;
  readonly columns: number;
  /** Whether A is stored as [sums, rows], B as [columns, sums]. */
  readonly transposed: readonly [boolean, boolean];
  /** Whether the copies are added into one result. */
  readonly accumulate: boolean;
  readonly copies: number;
}

/** `64x32x64 nt`: rows x sums x columns; layouts of A and B (n as written, t transposed); `+` adds; `f64`; `x16` copies. */
const texts = [
  "1000x784x256 nn",
  "1000x784x256 nt",
  "1000x784x256 tn",
  "1000x784x256 tt",
  "1000x784x256 nn f64",
  "2000x1000x784 nn",
  "1024x1024x1024 nn",
  "997x131x67 nn",
  "997x131x67 tt",
  "750x200x200 nn",
  "200x750x200 tn",
  "512x128x128 nn",
  "512x128x128 tt",
  "64x64x64 nn x16",
  "64x64x16 nn x4",
  "64x64x32 nn x2",
  "100x100x32 nn",
  "128x128x32 nn",
  "200x200x64 nn",
  "64x64x32 nn f64",
  "64x32x64 nt + x2",
  "64x32x64 tn + x2",
  "8x8x8 nn x64",
  "16x2x16 nn x64",
];

/** A shape and how it is called in tables. */
export interface NamedShape extends Shape {
  readonly name: string;
}

/** All shapes, in the order of the table. */
export const shapes: readonly NamedShape[] = texts.map((name) => {
  const [size = "", layout = "", ...more] = name.split(" ");
  const [rows, sums, columns] = size.split("x").map(Number) as [number, number, number];
  return {
    name,
    dtype: more.includes("f64") ? "float64" : "float32",
    rows,
    sums,
    columns,
    transposed: [layout.startsWith("t"), layout.endsWith("t")],
    accumulate: more.includes("+"),
    copies: Number(more.find((word) => word.startsWith("x"))?.slice(1) ?? 1),
  };
});

/** Operations of all copies; a multiply-add counts twice. */
export function operationsOf({ rows, sums, columns, copies }: Shape): number {
  return 2 * rows * sums * columns * copies;
}

/** Numbers in -1 … 1 from a linear congruential generator: the same in `operands.h`. */
export function operand({ dtype }: Shape, elements: number, seed: number): Float32Array | Float64Array {
  const data = dtype === "float32" ? new Float32Array(elements) : new Float64Array(elements);
  let state = seed;
  for (let i = 0; i < elements; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    data[i] = state / 2 ** 31;
  }
  return data;
}

/** A and B of all copies, one after the other. */
export function operandsOf(shape: Shape): readonly [Float32Array | Float64Array, Float32Array | Float64Array] {
  const { rows, sums, columns, copies } = shape;
  return [operand(shape, copies * rows * sums, 1), operand(shape, copies * sums * columns, 2)];
}
