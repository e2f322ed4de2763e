/**
 * Fourier transforms against the sum that defines them, for lengths of every kind: error, inverse, Parseval, derivatives.
 */
import { expect, test } from "vitest";
import { compile, evaluate } from "../compile.ts";
import { fft as definition } from "../lower/define/fft.ts";
import { add, mul } from "../ops/elementwise.ts";
import { sum } from "../ops/reduction.ts";
import { rootOfUnity } from "../ops/roots-of-unity.ts";
import type { HostTensor } from "../pytree.ts";
import { evaluateProgram } from "../target/reference/evaluate.ts";
import { wasm } from "../target/wasm/wasm.ts";
import { numbers } from "../testing/primitive-cases.ts";
import { build } from "../trace/builder.ts";
import { array, type Tensor } from "../trace/tensor.ts";
import { grad } from "../transform/differentiate.ts";
import { vmap } from "../transform/vmap.ts";
import { fft, inverseFft, inverseRealFft, realFft } from "./fourier.ts";

/** Parts of 2 pi times part / 2^120 as fixed-point numbers of 120 bits: Machin's formula and power series, in integers. */
const one = 1n << 120n;
const arctanOfInverse = (x: bigint): bigint => {
  let [total, power, sign] = [0n, one / x, 1n];
  for (let n = 1n; power !== 0n; n += 2n) [total, power, sign] = [total + (sign * power) / n, power / (x * x), -sign];
  return total;
};
const turn = 2n * (16n * arctanOfInverse(5n) - 4n * arctanOfInverse(239n));

function series(angle: bigint, first: bigint): number {
  let [term, total] = [first === 0n ? one : angle, 0n];
  for (let n = first; term !== 0n; n += 2n) {
    total += term;
    term = (-term * ((angle * angle) / one)) / one / ((n + 1n) * (n + 2n));
  }
  // In two pieces, so that the conversion is exact to 2^-106.
  return Number(total >> 60n) * 2 ** -60 + Number(total & ((1n << 60n) - 1n)) * 2 ** -120;
}

test("roots of unity are rounded from their value", () => {
  for (const n of [1, 3, 4, 7, 8, 12, 100, 127, 1000, 4096]) {
    for (let k = 0; k < n; k += Math.ceil(n / 97)) {
      const angle = (turn * BigInt(k)) / BigInt(n);
      const [c, s] = rootOfUnity(k, n);
      const exact = [series(angle, 0n), series(angle, 1n)];
      [c, s].forEach((value, i) => {
        const ulp = 2 ** (Math.floor(Math.log2(Math.abs(value) || 1)) - 52);
        expect(Math.abs(value - (exact[i] as number)), `${k} of ${n}`).toBeLessThanOrEqual(value === 0 ? 1e-32 : ulp);
      });
    }
  }
  expect([rootOfUnity(1, 8)[0], rootOfUnity(1, 6)[0], rootOfUnity(1, 4)]).toEqual([Math.SQRT1_2, 0.5, [0, 1]]);
});

/** The sum as defined, with what each addition loses added at the end (Neumaier). */
function bySum(real: ArrayLike<number>, imaginary: ArrayLike<number>): [number[], number[]] {
  const n = real.length;
  const exact = (terms: number[]): number => {
    let [total, lost] = [0, 0];
    for (const term of terms) {
      const next = total + term;
      lost += Math.abs(total) >= Math.abs(term) ? total - next + term : term - next + total;
      total = next;
    }
    return total + lost;
  };
  const results: [number[], number[]] = [[], []];
  const roots = Array.from({ length: n }, (_, k) => rootOfUnity(k, n));
  for (let k = 0; k < n; k++) {
    const [re, im]: [number[], number[]] = [[], []];
    for (let j = 0; j < n; j++) {
      const [c, s] = roots[(j * k) % n] as readonly [number, number];
      re.push(c * (real[j] as number), s * (imaginary[j] as number));
      im.push(c * (imaginary[j] as number), -s * (real[j] as number));
    }
    results[0].push(exact(re));
    results[1].push(exact(im));
  }
  return results;
}

const norm = (...parts: readonly ArrayLike<number>[]): number =>
  Math.sqrt(parts.reduce((total, part) => Array.from(part).reduce((a, b) => a + b * b, total), 0));
const minus = (a: ArrayLike<number>, b: ArrayLike<number>): number[] => Array.from(a, (x, i) => x - (b[i] as number));
const run = (f: (a: Tensor, b: Tensor) => unknown, a: HostTensor, b: HostTensor): HostTensor[] =>
  compile(f, [a, b], wasm()).callSync(a, b) as unknown as HostTensor[];

/** The relative error in the root mean square, in half units of the last place; Parseval on the way. */
function errorOf(found: readonly HostTensor[], a: HostTensor, b: HostTensor, unit: number): number {
  const [re, im] = found as [HostTensor, HostTensor];
  const [x, y] = bySum(a.data, b.data);
  const n = x.length;
  const growth = norm(re.data, im.data) / norm(a.data, b.data) / Math.sqrt(n);
  expect(Math.abs(growth - 1)).toBeLessThan(4 * unit * (1 + Math.log2(n)));
  return norm(minus(re.data, x), minus(im.data, y)) / norm(x, y) / unit;
}

const parts = (n: number, dtype: "float32" | "float64"): [HostTensor, HostTensor] => [
  array(Array.from(numbers([n], -1, 1).data), [n], dtype),
  array(Array.from(numbers([n], -1, 1, 7).data), [n], dtype),
];

// What is compiled is the definition; evaluated it has the same additions in the same order, and takes no compiler.
test("the error of the definition is below 1 + log2(n) half units, for every length to 64 and longer ones", () => {
  for (const n of [...Array.from({ length: 64 }, (_, i) => i + 1), 100, 127, 128, 1000, 1024]) {
    const [a, b] = parts(n, "float64");
    const { program } = build([a, b], (inputs) => definition({ inverse: false }, inputs));
    const error = errorOf(evaluateProgram(program, [a, b]), a, b, 2 ** -53);
    expect(error, `n = ${n}`).toBeLessThanOrEqual(1 + Math.log2(n));
  }
});

test.each([
  ["float64", 2 ** -53, [6, 13, 60, 67, 128]],
  ["float32", 2 ** -24, [5, 64, 100]],
] as const)("so is that of what is compiled, in %s", (dtype, unit, lengths) => {
  for (const n of lengths) {
    const [a, b] = parts(n, dtype);
    expect(errorOf(run(fft, a, b), a, b, unit), `n = ${n}`).toBeLessThanOrEqual(1 + Math.log2(n));
  }
});

test.each([1, 2, 15, 22])("length %i: there and back, real numbers, many rows", (n) => {
  const rows = 5;
  const [a, b] = [numbers([rows, n], -1, 1), numbers([rows, n], -1, 1, 13)];
  const close = (found: HostTensor | undefined, expected: HostTensor | undefined): void => {
    expect(found?.shape).toEqual(expected?.shape);
    expected?.data.forEach((value, i) => {
      expect(found?.data[i]).toBeCloseTo(value, 12);
    });
  };
  const [re, im, again] = run((x, y) => [...inverseFft(...fft(x, y)), inverseRealFft(...realFft(x), n)], a, b);
  close(re, a);
  close(im, b);
  close(again, a);
  const [p, q, whole, mirrored] = run((x) => [...realFft(x), ...fft(x, 0)], a, b);
  expect(p?.shape).toEqual([rows, Math.floor(n / 2) + 1]);
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k <= n / 2; k++) {
      const [at, half] = [row * n + k, row * (Math.floor(n / 2) + 1) + k];
      expect(p?.data[half]).toBeCloseTo(whole?.data[at] as number, 12);
      expect(q?.data[half]).toBeCloseTo(mirrored?.data[at] as number, 12);
    }
  }
});

test("more rows than are taken together, no multiple of them", () => {
  const n = 128;
  const [a, b] = [numbers([67, n], -1, 1), numbers([67, n], -1, 1, 5)];
  const [re, im] = run(fft, a, b) as [HostTensor, HostTensor];
  for (const row of [0, 33, 34, 66]) {
    const part = ({ data }: HostTensor): ArrayLike<number> => data.slice(row * n, (row + 1) * n);
    const [x, y] = bySum(part(a), part(b));
    expect(norm(minus(part(re), x), minus(part(im), y)) / norm(x, y)).toBeLessThan(10 * 2 ** -53);
  }
});

test("derivatives and batches: of the power of a spectrum", () => {
  const w = numbers([6], 0, 1, 3);
  const power = (x: Tensor): Tensor => {
    const [re, im] = fft(x, mul(x, x));
    return sum(mul(add(mul(re, re), mul(im, im)), w));
  };
  const x = numbers([6], -1, 1);
  const gradient = evaluate(grad(power), x) as HostTensor;
  const h = 1e-5;
  x.data.forEach((_, i) => {
    const moved = (by: number): HostTensor =>
      array(Float64Array.from(x.data, (value, k) => value + (k === i ? by : 0)));
    const [up, down] = [h, -h].map((by) => (evaluate(power, moved(by)) as HostTensor).data[0] as number);
    expect(gradient.data[i]).toBeCloseTo(((up as number) - (down as number)) / (2 * h), 7);
  });
  const rows = numbers([3, 6], -1, 1);
  const together = evaluate(vmap(grad(power)), rows) as HostTensor;
  const compiled = compile(vmap(grad(power)), [rows], wasm()).callSync(rows) as HostTensor;
  compiled.data.forEach((value, i) => {
    expect(value).toBeCloseTo(together.data[i] as number, 11);
  });
});

test("messages", () => {
  const failure = (f: () => unknown): string => {
    try {
      evaluate(f as never);
      return "";
    } catch (error) {
      return (error as Error).message;
    }
  };
  expect(failure(() => fft(array([1, 2], [2], "int32"), 0))).toMatch(
    "Cannot apply fft: expected real and imaginary parts of one float type",
  );
  expect(failure(() => fft(array([], [0]), 0))).toMatch("with a last axis of at least one element");
  expect(failure(() => realFft(array([], [0])))).toMatch(
    "Cannot realFft: expected a last axis of at least one element",
  );
  expect(failure(() => inverseRealFft(array([1, 2]), 0, 4))).toMatch(
    "Cannot inverseRealFft: expected a last axis of floor(length/2) + 1",
  );
});
