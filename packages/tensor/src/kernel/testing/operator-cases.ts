/**
 * Every operator, element type and number of lanes over values at the edges, as modules: a target must give the bits of
 * the interpreter on each.
 */
import { allocate, type DType, dtypes, type HostArray } from "../../dtype.ts";
import * as build from "../build.ts";
import type { Expression, KernelBinary, KernelUnary, Module } from "../kernel.ts";
import { elementwise } from "./elementwise.ts";

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

/** A module of one expression, and what to write into it. */
export interface OperatorCase {
  readonly name: string;
  readonly module: Module;
  readonly inputs: readonly HostArray[];
}

/** Pairs of all edges, as two arrays whose length is a multiple of 16. */
function pairs(a: DType, b: DType): [HostArray, HostArray] {
  const all = edges[a].flatMap((left) => edges[b].map((right) => [left, right] as const));
  while (all.length % 16 !== 0) all.push(all[0] as readonly [number, number]);
  const [left, right] = [allocate(a, all.length), allocate(b, all.length)];
  all.forEach(([x, y], index) => {
    left[index] = x;
    right[index] = y;
  });
  return [left, right];
}

/** All cases, on one lane, on as many as a register has of float64, and of 4-byte types. */
export function operatorCases(vectorBytes: number): readonly OperatorCase[] {
  const [half, whole] = [vectorBytes / 8, vectorBytes / 4];
  const lanesOf = (...types: readonly DType[]): readonly number[] =>
    types.includes("float64") ? [1, half] : [1, half, whole];
  const cases: OperatorCase[] = [];
  const add = (
    label: string,
    inputs: readonly HostArray[],
    types: readonly DType[],
    lanes: number,
    write: (inputs: Expression[]) => Expression,
  ): void => {
    const module = elementwise(types, (inputs[0] as HostArray).length, lanes, (_, loads) => write(loads));
    cases.push({ name: `${label} x${lanes}`, module, inputs });
  };
  for (const op of Object.keys(unaries) as KernelUnary[]) {
    for (const dtype of unaries[op])
      for (const lanes of lanesOf(dtype))
        add(`${op} ${dtype}`, [pairs(dtype, dtype)[0]], [dtype], lanes, ([a]) => build.unary(op, a as Expression));
  }
  for (const op of Object.keys(binaries) as KernelBinary[]) {
    for (const dtype of binaries[op])
      for (const lanes of lanesOf(dtype))
        add(`${op} ${dtype}`, pairs(dtype, dtype), [dtype, dtype], lanes, ([a, b]) =>
          build.binary(op, a as Expression, b as Expression),
        );
  }
  for (const from of dtypes)
    for (const to of dtypes)
      for (const lanes of lanesOf(from, to))
        add(`convert ${from} to ${to}`, [pairs(from, from)[0]], [from], lanes, ([a]) =>
          build.convert(to, a as Expression),
        );
  for (const dtype of dtypes)
    for (const lanes of lanesOf(dtype))
      add(`select ${dtype}`, pairs(dtype, dtype), [dtype, dtype], lanes, ([a, b]) =>
        build.select(build.lessEqual(a as Expression, b as Expression), b as Expression, a as Expression),
      );
  for (const dtype of floats)
    for (const lanes of lanesOf(dtype))
      add(`choices of the smaller and the larger ${dtype}`, pairs(dtype, dtype), [dtype, dtype], lanes, ([a, b]) => {
        const [p, q] = [a as Expression, b as Expression];
        const smaller = build.select(build.less(p, q), p, q);
        const larger = build.select(build.less(p, q), q, p);
        return build.select(
          build.equal(p, 1),
          smaller,
          build.select(build.less(q, 1), larger, build.sub(larger, smaller)),
        );
      });
  for (const dtype of floats)
    for (const lanes of lanesOf(dtype))
      add(`limits by numbers ${dtype}`, pairs(dtype, dtype), [dtype, dtype], lanes, ([a, b]) => {
        const [p, q] = [a as Expression, b as Expression];
        const atMost = build.select(build.less(p, 1), p, 1);
        const atLeast = build.select(build.less(q, -0.5), build.numberLike(q, -0.5), q);
        return build.select(
          build.equal(q, 2),
          atMost,
          build.select(build.equal(p, 2), atLeast, build.sub(atMost, atLeast)),
        );
      });
  for (const lanes of lanesOf("float64"))
    add(
      "select of types of 4 bytes by a comparison of float64",
      pairs("float64", "float32"),
      ["float64", "float32"],
      lanes,
      ([x, y]) => build.select(build.less(x as Expression, 0), y as Expression, build.neg(y as Expression)),
    );
  const [words] = pairs("float32", "float32");
  for (const lanes of lanesOf("float32"))
    add("bitcasts", [words.filter((value) => !Number.isNaN(value)).slice(0, 400)], ["float32"], lanes, ([x]) =>
      build.bitcast("float32", build.xor(build.bitcast("uint32", x as Expression), 0x80000000)),
    );
  for (const lanes of lanesOf("float64"))
    add("halves of float64 and back", [pairs("float64", "float64")[0]], ["float64"], lanes, ([x]) =>
      build.fromBits(build.highBits(x as Expression), build.and(build.lowBits(x as Expression), -16)),
    );
  for (const dtype of numbers)
    for (const lanes of lanesOf(dtype))
      add(`horizontal sums and extremes of ${dtype}`, [pairs(dtype, dtype)[1]], [dtype], lanes, ([x]) => {
        const parts = (["add", "max", "min"] as const).map((op) =>
          build.splat(lanes, build.horizontal(op, x as Expression)),
        );
        return build.add(build.max(parts[0] as Expression, parts[1] as Expression), parts[2] as Expression);
      });
  for (const dtype of numbers)
    for (const lanes of lanesOf(dtype).filter((count) => count > 1))
      add(`interleaved halves of ${dtype}`, pairs(dtype, dtype), [dtype, dtype], lanes, ([a, b]) => {
        const [low, high] = (["low", "high"] as const).map((half) => {
          return build.interleave(half, a as Expression, b as Expression);
        });
        return build.interleave("high", low as Expression, high as Expression);
      });
  for (const lanes of lanesOf("int32"))
    add("shift by one count for all lanes", pairs("int32", "int32"), ["int32", "int32"], lanes, ([a, b]) =>
      build.shiftRight(a as Expression, build.splat(lanes, build.horizontal("max", b as Expression))),
    );
  return cases;
}
