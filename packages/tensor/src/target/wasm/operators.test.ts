/**
 * Every operator, element type and number of lanes: Wasm gives the same bits as the interpreter.
 */
import { describe, expect, it } from "vitest";
import { allocate, type DType, dtypes, type HostArray } from "../../dtype.ts";
import * as build from "../../kernel/build.ts";
import { evaluate } from "../../kernel/evaluate.ts";
import type { Expression, KernelBinary, KernelUnary } from "../../kernel/kernel.ts";
import { elementwise, runModule } from "../../kernel/testing/elementwise.ts";
import { instantiate } from "./instantiate.ts";

const floats: readonly DType[] = ["float32", "float64"];
const integers: readonly DType[] = ["int32", "uint32"];
const numbers: readonly DType[] = [...floats, ...integers];

const unaries: { readonly [O in KernelUnary]: readonly DType[] } = {
  neg: numbers,
  abs: numbers,
  sqrt: floats,
  floor: floats,
  ceil: floats,
  round: floats,
  not: [...integers, "bool"],
};
const binaries: { readonly [O in KernelBinary]: readonly DType[] } = {
  add: numbers,
  sub: numbers,
  mul: numbers,
  div: numbers,
  max: numbers,
  min: numbers,
  and: [...integers, "bool"],
  or: [...integers, "bool"],
  xor: [...integers, "bool"],
  shiftLeft: integers,
  shiftRight: integers,
  less: dtypes,
  lessEqual: dtypes,
  equal: dtypes,
  notEqual: dtypes,
};

const edges: { readonly [D in DType]: readonly number[] } = {
  float32: [
    0,
    -0,
    1,
    -1,
    0.5,
    -0.5,
    1.5,
    2.5,
    -2.5,
    1e-45,
    -1e-45,
    3.4e38,
    -3.4e38,
    Infinity,
    -Infinity,
    NaN,
    2147483648,
    4294967296,
    -3e9,
    0.49999997,
    8388609,
    -0.2,
  ],
  float64: [
    0,
    -0,
    1,
    -1,
    0.5,
    -0.5,
    1.5,
    2.5,
    -2.5,
    5e-324,
    -5e-324,
    1.7e308,
    -1.7e308,
    Infinity,
    -Infinity,
    NaN,
    2147483647.5,
    4294967295.5,
    -3e9,
    0.49999999999999994,
    1e-42,
    -0.2,
  ],
  int32: [0, 1, -1, 2, -2, 31, 32, 33, -2147483648, 2147483647, 7, -7, 65537],
  uint32: [0, 1, 2, 31, 32, 33, 2147483648, 4294967295, 7, 65537],
  bool: [0, 1],
};

/** Pairs of all edges, as two arrays whose length is a multiple of 4. */
function pairs(a: DType, b: DType): [HostArray, HostArray] {
  const all = edges[a].flatMap((left) => edges[b].map((right) => [left, right] as const));
  while (all.length % 4 !== 0) all.push(all[0] as readonly [number, number]);
  const [left, right] = [allocate(a, all.length), allocate(b, all.length)];
  all.forEach(([x, y], index) => {
    left[index] = x;
    right[index] = y;
  });
  return [left, right];
}

function lanesOf(...types: readonly DType[]): readonly number[] {
  return types.includes("float64") ? [1, 2] : [1, 2, 4];
}

function expectSame(
  inputs: readonly HostArray[],
  types: readonly DType[],
  lanes: number,
  write: (inputs: Expression[]) => Expression,
): void {
  const module = elementwise(types, (inputs[0] as HostArray).length, lanes, (_, loads) => write(loads));
  const expected = runModule(evaluate(module), module, inputs);
  const found = runModule(instantiate(module), module, inputs);
  expect(Array.from(found)).toEqual(Array.from(expected));
}

describe("operators through Wasm", () => {
  for (const op of Object.keys(unaries) as KernelUnary[]) {
    it.each(unaries[op].flatMap((dtype) => lanesOf(dtype).map((lanes) => [dtype, lanes] as const)))(
      `${op} %s x%i`,
      (dtype, lanes) => {
        expectSame([pairs(dtype, dtype)[0]], [dtype], lanes, ([a]) => build.unary(op, a as Expression));
      },
    );
  }
  for (const op of Object.keys(binaries) as KernelBinary[]) {
    it.each(binaries[op].flatMap((dtype) => lanesOf(dtype).map((lanes) => [dtype, lanes] as const)))(
      `${op} %s x%i`,
      (dtype, lanes) => {
        expectSame(pairs(dtype, dtype), [dtype, dtype], lanes, ([a, b]) =>
          build.binary(op, a as Expression, b as Expression),
        );
      },
    );
  }
  const conversions = dtypes.flatMap((from) =>
    dtypes.flatMap((to) => lanesOf(from, to).map((lanes) => [from, to, lanes] as const)),
  );
  it.each(conversions)("convert %s to %s x%i", (from, to, lanes) => {
    expectSame([pairs(from, from)[0]], [from], lanes, ([a]) => build.convert(to, a as Expression));
  });
  it.each(dtypes.flatMap((dtype) => lanesOf(dtype).map((lanes) => [dtype, lanes] as const)))(
    "select %s x%i",
    (dtype, lanes) => {
      expectSame(pairs(dtype, dtype), [dtype, dtype], lanes, ([a, b]) =>
        build.select(build.lessEqual(a as Expression, b as Expression), b as Expression, a as Expression),
      );
    },
  );
  it.each(floats.flatMap((dtype) => lanesOf(dtype).map((lanes) => [dtype, lanes] as const)))(
    "choices of the smaller and the larger %s x%i",
    (dtype, lanes) => {
      expectSame(pairs(dtype, dtype), [dtype, dtype], lanes, ([a, b]) => {
        const [p, q] = [a as Expression, b as Expression];
        const smaller = build.select(build.less(p, q), p, q);
        const larger = build.select(build.less(p, q), q, p);
        return build.select(
          build.equal(p, 1),
          smaller,
          build.select(build.less(q, 1), larger, build.sub(larger, smaller)),
        );
      });
    },
  );
  it.each([1, 2])("select of types of 4 bytes by a comparison of float64 x%i", (lanes) => {
    const [a, b] = pairs("float64", "float32");
    expectSame([a, b], ["float64", "float32"], lanes, ([x, y]) =>
      build.select(build.less(x as Expression, 0), y as Expression, build.neg(y as Expression)),
    );
  });
  it.each([1, 2, 4])("bitcasts x%i", (lanes) => {
    const [a] = pairs("float32", "float32");
    expectSame(
      [a.filter((value) => !Number.isNaN(value)) as HostArray].map((data) => data.slice(0, 400)),
      ["float32"],
      lanes,
      ([x]) => build.bitcast("float32", build.xor(build.bitcast("uint32", x as Expression), 0x80000000)),
    );
  });
  it.each([1, 2])("halves of float64 and back x%i", (lanes) => {
    const [a] = pairs("float64", "float64");
    expectSame([a], ["float64"], lanes, ([x]) =>
      build.fromBits(build.highBits(x as Expression), build.and(build.lowBits(x as Expression), -16)),
    );
  });
  it.each(
    dtypes
      .filter((dtype) => dtype !== "bool")
      .flatMap((dtype) => lanesOf(dtype).map((lanes) => [dtype, lanes] as const)),
  )("horizontal sums and extremes of %s x%i", (dtype, lanes) => {
    expectSame([pairs(dtype, dtype)[1]], [dtype], lanes, ([x]) => {
      const parts = (["add", "max", "min"] as const).map((op) =>
        build.splat(lanes, build.horizontal(op, x as Expression)),
      );
      return build.add(build.max(parts[0] as Expression, parts[1] as Expression), parts[2] as Expression);
    });
  });
  it.each([1, 2, 4])("shift by one count for all lanes x%i", (lanes) => {
    expectSame(pairs("int32", "int32"), ["int32", "int32"], lanes, ([a, b]) =>
      build.shiftRight(a as Expression, build.splat(lanes, build.horizontal("max", b as Expression))),
    );
  });
});
