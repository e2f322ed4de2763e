/**
 * The elementary functions through Wasm: float64 against tables of the truth (`kernel/functions/reference`), float32
 * against `Math`, which is good to one unit of float64; special values; exact functions.
 */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { DType, HostArray } from "../../dtype.ts";
import type { Block } from "../../kernel/block.ts";
import { atan2, elementaryFunctions, polygamma, pow, rem, sign, threefry2x32 } from "../../kernel/functions/index.ts";
import type { Expression } from "../../kernel/kernel.ts";
import { elementwise, runModule } from "../../kernel/testing/elementwise.ts";
import { errorInUnits, fromHex } from "../../kernel/testing/exact-error.ts";
import { instantiate } from "./instantiate.ts";

const table = JSON.parse(
  readFileSync(new URL("../../kernel/functions/reference/reference.json", import.meta.url), "utf8"),
) as Record<string, string[]>;
const names = ["exp", "expm1", "log", "log1p", "sin", "cos", "tanh", "erf", "erfc"] as const;
const knownNames = ["exp", "expm1", "log", "log1p", "sin", "cos", "tanh"] as const;

type Write = (block: Block, inputs: Expression[]) => Expression;
type Float = "float32" | "float64";

const apply =
  (name: (typeof names)[number]): Write =>
  (block, [x]) =>
    elementaryFunctions[name](block, x as Expression);

/** By element through Wasm, in vectors or one by one. */
function run(write: Write, inputs: readonly HostArray[], dtypes: readonly DType[], vector = true): HostArray {
  const lanes = !vector ? 1 : dtypes.includes("float64") ? 2 : 4;
  const elements = Math.ceil((inputs[0] as HostArray).length / lanes) * lanes;
  const padded = inputs.map((input) => {
    const Type = input.constructor as new (length: number) => HostArray;
    const result = new Type(elements);
    result.set(input);
    return result;
  });
  const module = elementwise(dtypes, elements, lanes, write);
  return runModule(instantiate(module), module, padded).slice(0, (inputs[0] as HostArray).length);
}

function floats(dtype: Float, values: readonly number[]): HostArray {
  return dtype === "float32" ? Float32Array.from(values) : Float64Array.from(values);
}

/** The distance of neighbouring floats at y. */
function unit(y: number, dtype: Float): number {
  const [precision, least] = dtype === "float32" ? [24, -126] : [53, -1022];
  const exponent = y === 0 ? least : Math.max(least, exponentOf(Math.abs(y)));
  return 2 ** (exponent - precision + 1);
}

function exponentOf(size: number): number {
  const guess = Math.floor(Math.log2(size));
  return 2 ** guess > size ? guess - 1 : 2 ** (guess + 1) <= size ? guess + 1 : guess;
}

/** The worst error against a table, in units of the last place; a wrong infinity or NaN counts as infinite. */
function worstOf(rows: readonly string[], found: HostArray, dtype: Float, floor = 0): { error: number; row: string } {
  let worst = { error: 0, row: "" };
  rows.forEach((row, index) => {
    const digits = row.split(" ").at(-1) as string;
    const got = found[index] as number;
    const error = Math.abs(got - Number(digits)) <= floor ? 0 : Math.abs(errorInUnits(got, digits, dtype));
    if (!(error <= worst.error)) worst = { error, row };
  });
  return worst;
}

/** The rows whose arguments are numbers of the type, and the arguments, by their place. */
function rowsOf(name: string, dtype: Float): { rows: string[]; inputs: HostArray[] } {
  const fits = (row: string): boolean => argumentsOf(row).every((x) => floats(dtype, [x])[0] === x);
  const rows = (table[name] as string[]).filter(fits);
  const inputs = argumentsOf(rows[0] as string).map((_, at) =>
    floats(
      dtype,
      rows.map((row) => argumentsOf(row)[at] as number),
    ),
  );
  return { rows, inputs };
}

const argumentsOf = (row: string): number[] => row.split(" ").slice(0, -1).map(fromHex);

/** Bounds in units of the last place. */
const limits = {
  exp: 1.1,
  expm1: 1.1,
  log: 1.1,
  log1p: 1.1,
  sin: 1.1,
  cos: 1.1,
  tanh: 2,
  erf: 1.5,
  erfc: 4,
} as const;

describe.each(["float64", "float32"] as const)("%s against the truth", (dtype) => {
  it.each(names)("%s stays within its units of the last place", (name) => {
    const { rows, inputs } = rowsOf(name, dtype);
    const worst = worstOf(rows, run(apply(name), inputs, [dtype]), dtype);
    expect(worst.error, worst.row).toBeLessThan(limits[name]);
    expect(rows.length).toBeGreaterThan(dtype === "float64" ? 300 : 80);
  });
  it("pow and atan2 stay within 2 units of the last place", () => {
    for (const [name, write] of [["pow", pow] as const, ["atan2", atan2] as const]) {
      const { rows, inputs } = rowsOf(name, dtype);
      const found = run((block, [x, y]) => write(block, x as Expression, y as Expression), inputs, [dtype, dtype]);
      const worst = worstOf(rows, found, dtype);
      expect(worst.error, `${name} ${worst.row}`).toBeLessThan(2);
    }
  });
  it("lgamma and digamma stay within 4 units of the last place, or below 0 within 4 eps", () => {
    for (const name of ["lgamma", "digamma"] as const) {
      const { rows, inputs } = rowsOf(name, dtype);
      const found = run((block, [x]) => elementaryFunctions[name](block, x as Expression), inputs, [dtype]);
      const of = (below: boolean): number[] =>
        rows.map((_, i) => i).filter((i) => ((inputs[0] as HostArray)[i] as number) < 0 === below);
      for (const below of [true, false]) {
        const places = of(below);
        const worst = worstOf(
          places.map((i) => rows[i] as string),
          found.filter((_, i) => places.includes(i)) as HostArray,
          dtype,
          below ? 4 * (dtype === "float64" ? 2 ** -52 : 2 ** -23) * (name === "lgamma" ? 1 : 100) : 0,
        );
        expect(worst.error, `${name} ${worst.row}`).toBeLessThan(4);
      }
    }
  });
  it("polygamma of order n stays within 4 (n + 1) units of the last place above 0", () => {
    for (const order of [1, 2, 3, 4]) {
      const { rows, inputs } = rowsOf("polygamma", dtype);
      const places = rows.map((_, i) => i).filter((i) => inputs[0]?.[i] === order && (inputs[1]?.[i] as number) > 0);
      const found = run((block, [x]) => polygamma(block, x as Expression, order), [inputs[1] as HostArray], [dtype]);
      const worst = worstOf(
        places.map((i) => rows[i] as string),
        found.filter((_, i) => places.includes(i)) as HostArray,
        dtype,
      );
      expect(worst.error, `${order} ${worst.row}`).toBeLessThan(4 * (order + 1));
    }
  });
});

it("scalars give the bits of vectors", () => {
  const x = Float64Array.from(table.sin as string[], (row) => fromHex(row.split(" ")[0] as string));
  for (const name of names) {
    expect(run(apply(name), [x], ["float64"], false)).toEqual(run(apply(name), [x], ["float64"]));
    const short = Float32Array.from(x);
    expect(run(apply(name), [short], ["float32"], false)).toEqual(run(apply(name), [short], ["float32"]));
  }
});

/** Every 2^15-th or so float32 of both signs, and random ones where the function bends. */
function sweep(): Float32Array {
  const data = new Float32Array(1 << 18);
  const bits = new Uint32Array(data.buffer);
  let state = 12345;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state;
  };
  for (let index = 0; index < data.length; index++) {
    if (index % 2 === 0) bits[index] = (index * 16384 + (next() >>> 18)) >>> 0;
    else data[index] = (next() / 2 ** 32 - 0.5) * (index % 4 === 1 ? 8 : 200);
  }
  return data;
}

describe("float32 against Math in float64", () => {
  const bounds = { exp: 1.1, expm1: 1.1, log: 1, log1p: 1, sin: 1, cos: 1, tanh: 2 } as const;
  it.each(knownNames)("%s over the whole range", (name) => {
    const x = sweep();
    const found = run(apply(name), [x], ["float32"]);
    let worst = { error: 0, x: 0 };
    for (let index = 0; index < x.length; index++) {
      const truth = Math[name](x[index] as number);
      const rounded = Math.fround(truth);
      const got = found[index] as number;
      if (Object.is(got, rounded)) continue;
      const overflow = Math.abs(truth) > 3.4028234e38 && Math.abs(got) > 3.4028234e38 && Math.abs(truth) < 3.4028237e38;
      const error = overflow ? 0 : Math.abs((got - truth) / unit(truth, "float32"));
      if (!(error <= worst.error)) worst = { error: Number.isNaN(error) ? Infinity : error, x: x[index] as number };
    }
    expect(worst.error, String(worst.x)).toBeLessThan(bounds[name]);
  });
  it("pow within 4 units of the last place", () => {
    const x = sweep().map(Math.abs);
    const y = sweep().map((_, index) => ((index * 7919) % 2003) / 100 - 10);
    const found = run((block, [a, b]) => pow(block, a as Expression, b as Expression), [x, y], ["float32", "float32"]);
    let worst = 0;
    x.forEach((a, index) => {
      const truth = a ** (y[index] as number);
      const rounded = Math.fround(truth);
      if (Object.is(rounded, found[index]) || !Number.isFinite(rounded)) return;
      worst = Math.max(worst, Math.abs(((found[index] as number) - truth) / unit(truth, "float32")));
    });
    expect(worst).toBeLessThan(2);
  });
});

describe("special values", () => {
  const edges = [0, -0, Infinity, -Infinity, NaN, -1, 1, -2];
  it.each(["float32", "float64"] as const)("elementary functions in %s", (dtype) => {
    for (const name of knownNames) {
      const found = run(apply(name), [floats(dtype, edges)], [dtype]);
      const expected = floats(
        dtype,
        edges.map((x) => Math[name](x)),
      );
      for (const index of [0, 1, 2, 3, 4])
        expect(Object.is(found[index], expected[index]), `${name} ${edges[index]}`).toBe(true);
      if (name.startsWith("log")) expect(Array.from(found.slice(5, 8))).toEqual(Array.from(expected.slice(5, 8)));
    }
  });
  it.each(["float32", "float64"] as const)("pow in %s follows IEEE 754", (dtype) => {
    const values = [
      0,
      -0,
      1,
      -1,
      2,
      -2,
      0.5,
      -0.5,
      3,
      -3,
      2.5,
      Infinity,
      -Infinity,
      NaN,
      1e30,
      -1e30,
      16777217,
      -16777216,
    ];
    const pairs = values.flatMap((x) => values.map((y) => [Math.fround(x), Math.fround(y)] as const));
    const inputs = [0, 1].map((at) =>
      floats(
        dtype,
        pairs.map((pair) => pair[at] as number),
      ),
    );
    const found = run((block, [x, y]) => pow(block, x as Expression, y as Expression), inputs, [dtype, dtype]);
    pairs.forEach(([x, y], index) => {
      const one = x === 1 || y === 0 || (Math.abs(x) === 1 && Math.abs(y) === Infinity);
      const truth = one ? 1 : x ** y;
      const expected = dtype === "float32" ? Math.fround(truth) : truth;
      const got = found[index] as number;
      const close = Object.is(got, expected) || Math.abs(got - expected) <= 2 * unit(expected, dtype);
      expect(close && Object.is(Math.sign(got), Math.sign(expected)), `${x} ** ${y}: ${got}, not ${expected}`).toBe(
        true,
      );
    });
  });
});

describe("exact functions", () => {
  it.each(["float32", "float64"] as const)("rem in %s is that of the language", (dtype) => {
    const values = [
      0,
      -0,
      1,
      -1,
      3,
      -3,
      0.1,
      5.5,
      1e-40,
      3e-45,
      -7e-39,
      1e38,
      -3.3e38,
      1e20,
      2 ** 24,
      0.3,
      Infinity,
      NaN,
    ];
    const pairs = values.flatMap((x) => values.map((y) => [x, y] as const));
    for (let index = 0; index < 500; index++) pairs.push([Math.sin(index) * 10 ** (index % 9), Math.cos(index) * 2]);
    const inputs = [0, 1].map((at) =>
      floats(
        dtype,
        pairs.map((pair) => pair[at] as number),
      ),
    );
    const found = run((block, [x, y]) => rem(block, x as Expression, y as Expression), inputs, [dtype, dtype]);
    const [x, y] = inputs as [HostArray, HostArray];
    expect(Array.from(found)).toEqual(Array.from(x, (value, index) => value % (y[index] as number)));
  });
  it.each(["int32", "uint32"] as const)("rem of %s; by zero it is 0", (dtype) => {
    const values =
      dtype === "int32" ? [0, 1, -1, 7, -7, 2147483647, -2147483648, 10] : [0, 1, 7, 10, 4294967295, 2147483648, 3, 2];
    const pairs = values.flatMap((x) => values.map((y) => [x, y] as const));
    const Type = dtype === "int32" ? Int32Array : Uint32Array;
    const inputs = [0, 1].map((at) => new Type(pairs.map((pair) => pair[at] as number)));
    const found = run((block, [x, y]) => rem(block, x as Expression, y as Expression), inputs, [dtype, dtype]);
    expect(Array.from(found)).toEqual(pairs.map(([x, y]) => (y === 0 ? 0 : (x % y) + 0)));
  });
  it("sign keeps zeros and NaN", () => {
    const x = Float32Array.of(0, -0, 2, -3, NaN, Infinity, -Infinity, 1e-45);
    expect(Array.from(run((block, [a]) => sign(block, a as Expression), [x], ["float32"]))).toEqual(
      Array.from(x, Math.sign),
    );
  });
  it("threefry2x32 gives the known answers of Random123", () => {
    const inputs = [
      [0, 0xffffffff, 0x13198a2e],
      [0, 0xffffffff, 0x03707344],
      [0, 0xffffffff, 0x243f6a88],
      [0, 0xffffffff, 0x85a308d3],
    ].map((words) => Uint32Array.from(words));
    const types = inputs.map(() => "uint32" as const);
    const word =
      (at: number): Write =>
      (block, [k0, k1, x0, x1]) =>
        threefry2x32(block, k0 as Expression, k1 as Expression, x0 as Expression, x1 as Expression)[at] as Expression;
    expect(Array.from(run(word(0), inputs, types))).toEqual([0x6b200159, 0x1cb996fc, 0xc4923a9c]);
    expect(Array.from(run(word(1), inputs, types))).toEqual([0x99ba4efe, 0xbb002be7, 0x483df7a0]);
  });
});
