/**
 * The exponential of matrices where it is known, its derivatives against differences, and its lanes.
 */
import { describe, expect, it } from "vitest";
import { compile, evaluate } from "../compile.ts";
import { add, mul } from "../ops/elementwise.ts";
import { sum } from "../ops/reduction.ts";
import type { HostTensor } from "../pytree.ts";
import { wasm } from "../target/wasm/wasm.ts";
import { numbers } from "../testing/primitive-case.ts";
import { array, type Tensor } from "../trace/tensor.ts";
import { grad, jvp } from "../transform/differentiate.ts";
import { vmap } from "../transform/vmap.ts";
import { matrixExponential } from "./matrix-exponential.ts";

const data = (f: (x: Tensor) => Tensor, x: HostTensor): number[] =>
  Array.from((evaluate(f as never, x) as HostTensor).data);

describe("matrixExponential", () => {
  it("is exact for zero and for a nilpotent matrix", () => {
    expect(data(matrixExponential, array([0, 0, 0, 0], [2, 2]))).toEqual([1, 0, 0, 1]);
    expect(data(matrixExponential, array([0, 0.25, 0, 0], [2, 2]))).toEqual([1, 0.25, 0, 1]);
  });

  it.each([1e-9, 0.3, 2, 50, 3000])("turns by an angle of %d", (angle) => {
    const [c, minus, s] = data(matrixExponential, array([0, -angle, angle, 0], [2, 2])) as [number, number, number];
    const bound = 4e-16 * Math.max(4, angle);
    expect(Math.abs(c - Math.cos(angle))).toBeLessThan(bound);
    expect(Math.abs(s - Math.sin(angle))).toBeLessThan(bound);
    expect(minus).toBe(-s);
  });

  it("takes each matrix of a batch by itself, on compiled code", () => {
    const members = [
      [0.1, 0.2, -0.3, 0.1],
      [-800, 1, 3, -700],
      [Number.NaN, 0, 0, 1],
      [300, 0, 100, 250],
      [1e10, 0, 0, 1],
    ];
    const run = (x: HostTensor): number[] =>
      Array.from((compile((y: Tensor) => matrixExponential(y), [x], wasm()).callSync(x) as unknown as HostTensor).data);
    const together = run(array(members.flat(), [5, 2, 2]));
    for (const k of [0, 1, 3]) {
      run(array(members[k] as number[], [1, 2, 2])).forEach((entry, i) => {
        expect(Math.abs((together[4 * k + i] as number) - entry)).toBeLessThanOrEqual(1e-14 * Math.abs(entry));
      });
    }
    for (const k of [2, 4]) expect(together.slice(4 * k, 4 * k + 4).every(Number.isNaN)).toBe(true);
    const [p, , q, r] = together.slice(12) as [number, number, number, number];
    expect(Math.abs(p / Math.exp(300) - 1)).toBeLessThan(1e-12);
    expect(Math.abs(r / Math.exp(250) - 1)).toBeLessThan(1e-12);
    expect(Math.abs(q / ((100 * (Math.exp(300) - Math.exp(250))) / 50) - 1)).toBeLessThan(1e-12);
  });

  it("has right derivatives to third order", () => {
    const a = numbers([3, 3], -2, 2);
    const weights = numbers([3, 3], -1, 1, 5);
    const directions = [7, 11, 13].map((start) => numbers([3, 3], -1, 1, start));
    type Scalar = (x: Tensor) => Tensor;
    const value = (f: Scalar, x: HostTensor): number => data(f, x)[0] as number;
    const f: Scalar = (x) => sum(mul(weights, matrixExponential(x)));
    const derived = (g: Scalar, kind: string, d: HostTensor): Scalar =>
      kind === "f" ? (x) => jvp(g, [x], [d as never])[1] : (x) => sum(mul(d, grad(g)(x)));
    const difference = (g: Scalar, d: HostTensor): number => {
      const h = 0.01;
      const shifted = (k: number): number => value((x) => g(add(x, mul(k * h, d))), a);
      const part = (k: number): number => shifted(k) - shifted(-k);
      return ((4 / 5) * part(1) - (1 / 5) * part(2) + (4 / 105) * part(3) - (1 / 280) * part(4)) / h;
    };
    for (const mode of ["rrr", "frf"]) {
      Array.from(mode).reduce<Scalar>((g, kind, i) => {
        const d = directions[i] as HostTensor;
        const next = derived(g, kind, d);
        const expected = difference(g, d);
        expect(Math.abs(value(next, a) - expected), mode).toBeLessThan(
          1e-8 * Math.max(Math.abs(expected), Math.abs(value(g, a))),
        );
        return next;
      }, f);
    }
  });

  it("is the same under vmap and in its gradients", () => {
    const batch = numbers([3, 2, 2], -3, 3);
    const f = (x: Tensor): Tensor => sum(mul(numbers([2, 2], -1, 1), matrixExponential(x)));
    const together = data(vmap(grad(f)), batch);
    for (const k of [0, 1, 2]) {
      const alone = data(grad(f), array(batch.data.slice(4 * k, 4 * k + 4), [2, 2]));
      alone.forEach((entry, i) => {
        expect(together[4 * k + i]).toBeCloseTo(entry, 12);
      });
    }
  });

  it("refuses what is not square", () => {
    expect(() => evaluate(matrixExponential as never, numbers([2, 3], 0, 1))).toThrow(
      "Cannot take the exponential of a matrix: expected square matrices of floats [..., n, n], got float64[2, 3]",
    );
  });
});
