/**
 * The contract of special values: a target gives what the tables say, in float32, float64 and int32.
 */
import { describe, expect, test } from "vitest";
import { compile } from "../compile.ts";
import type { HostTensor } from "../pytree.ts";
import type { Target } from "../target/target.ts";
import { array, type Tensor } from "../trace/tensor.ts";
import { specialIntegers, specialPairs } from "./special-pairs.ts";
import { type SpecialValues, specialFloats } from "./special-values.ts";

const units = { float32: 2 ** -23, float64: 2 ** -52, int32: 0 };

/** Declares the tests for a target that does not flush subnormal numbers. */
export function describeSpecialValues(target: Target): void {
  describe(`special values on ${target.name}`, () => {
    test.each(["float32", "float64", "int32"] as const)("%s", (dtype) => {
      const table = dtype === "int32" ? specialIntegers : [...specialFloats, ...specialPairs];
      const inputs = table.flatMap(({ rows }) =>
        [0, 1].map((at) =>
          array(
            rows.map((row) => row[Math.min(at, row.length - 2)] as number),
            [rows.length],
            dtype,
          ),
        ),
      );
      const all = (...tensors: Tensor[]): Tensor[] =>
        table.map(({ apply }, i) => apply(tensors[2 * i] as Tensor, tensors[2 * i + 1] as Tensor));
      const found = compile(all as never, inputs as never, target).callSync(...(inputs as never[])) as HostTensor[];
      expect(table.flatMap((item, i) => wrongOf(item, found[i] as HostTensor, units[dtype]))).toEqual([]);
    });
  });
}

/** Rows whose result is another, in words. */
function wrongOf({ name, rows }: SpecialValues, { data }: HostTensor, unit: number): string[] {
  return rows.flatMap((row, i) => {
    const [expected, got] = [row.at(-1) as number, data[i] as number];
    const near = expected !== 0 && Math.abs(got - expected) <= 4 * unit * Math.abs(expected);
    return near || Object.is(got, expected)
      ? []
      : [`${name}(${row.slice(0, -1).join(", ")}) is ${got}, not ${expected}`];
  });
}
