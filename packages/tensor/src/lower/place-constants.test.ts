import { expect, test } from "vitest";
import type { HostArray } from "../dtype.ts";
import type { Constant } from "../program/program.ts";
import { placeConstants } from "./place-constants.ts";

const constant = (value: HostArray | number, dtype: Constant["type"]["dtype"], shape: readonly number[]): Constant => ({
  kind: "constant",
  type: { dtype, shape },
  value,
});

test("arrays of the same bytes share their memory, whatever their shapes", () => {
  const { place, all } = placeConstants();
  const rows = place(constant(Float32Array.of(1, 2, 3, 4), "float32", [2, 2]));
  expect(place(constant(Float32Array.of(1, 2, 3, 4), "float32", [4, 1]))).toBe(rows);
  expect(all()).toHaveLength(1);
});

test("what differs in one bit, in type or in length does not", () => {
  const { place, all } = placeConstants();
  place(constant(Float32Array.of(0, 1), "float32", [2]));
  place(constant(Float32Array.of(-0, 1), "float32", [2]));
  place(constant(Float32Array.of(0, 1, 0), "float32", [3]));
  place(constant(Int32Array.of(0, 0x3f800000), "int32", [2]));
  place(constant(Uint8Array.of(0, 1), "bool", [2]));
  expect(all()).toHaveLength(5);
});

test("fills are written out once for each size and number", () => {
  const { place, all } = placeConstants();
  const zeros = place(constant(0, "float32", [2, 3]));
  expect(place(constant(0, "float32", [6]))).toBe(zeros);
  place(constant(-0, "float32", [6]));
  place(constant(0, "float32", [5]));
  expect(all().map(({ data }) => Array.from(data))).toEqual([
    [0, 0, 0, 0, 0, 0],
    [-0, -0, -0, -0, -0, -0],
    [0, 0, 0, 0, 0],
  ]);
});
