/**
 * The contract of special values: a target gives what the tables say, in floats and integers of every type.
 */
import { describe, expect, test } from "vitest";
import { compile } from "../compile.ts";
import type { HostTensor } from "../pytree.ts";
import type { Target } from "../target/target.ts";
import { array, type Tensor } from "../trace/tensor.ts";
import { specialIntegers, specialPairs, specialUnsigned } from "./special-pairs.ts";
import { type SpecialValues, specialFloats } from "./special-values.ts";

const floats = [...specialFloats, ...specialPairs];
const suites = [
  { dtype: "float32", table: floats, unit: 2 ** -23 },
  { dtype: "float64", table: floats, unit: 2 ** -52 },
  { dtype: "int32", table: specialIntegers, unit: 0 },
  { dtype: "uint32", table: specialUnsigned, unit: 0 },
] as const;

/** Declares the tests for a target that does not flush subnormal numbers. */
export function describeSpecialValues(target: Target): void {
  describe(`special values on ${target.name}`, () => {
    test.each(suites)("$dtype", ({ dtype, table, unit }) => {
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
      expect(table.flatMap((item, i) => wrongOf(item, found[i] as HostTensor, unit))).toEqual([]);
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
