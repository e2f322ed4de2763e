/**
 * Singular values and vectors of hard matrices, tall, square and wide, on the reference and on compiled code.
 */
import { describe, expect, it } from "vitest";
import { compile, evaluate } from "../compile.ts";
import { mul, sqrt } from "../ops/elementwise.ts";
import { matrixProduct } from "../ops/matrix-product.ts";
import { sum } from "../ops/reduction.ts";
import type { HostTensor } from "../pytree.ts";
import { reference } from "../target/reference/reference.ts";
import { wasm } from "../target/wasm/wasm.ts";
import { exchanged, matrixOf, residual, rowsOf, skewOf, spectra } from "../testing/spectra.ts";
import { array, type Tensor } from "../trace/tensor.ts";
import { grad } from "../transform/differentiate.ts";
import { svd } from "./svd.ts";

const kinds = Object.keys(spectra);

describe.each([
  [
    "wasm",
    wasm(),
    [
      [1, 1],
      [4, 1],
      [2, 2],
      [3, 5],
      [8, 8],
      [19, 17],
      [17, 40],
    ],
  ],
  [
    "reference",
    reference(),
    [
      [1, 1],
      [4, 1],
      [2, 2],
      [3, 5],
      [8, 8],
    ],
  ],
] as const)("svd on %s", (_, target, extents) => {
  it.each(extents)("has a small backward error and orthogonal vectors for all kinds, %i by %i", (n, m) => {
    const matrices = kinds.map((kind) => matrixOf(kind, n, m));
    const a = array(matrices.flat(2), [kinds.length, n, m]);
    const found = compile((x: Tensor) => svd(x), [a], target).callSync(a);
    const unit = Math.max(n, m) * 2 ** -52;
    const count = Math.min(n, m);
    kinds.forEach((kind, k) => {
      const [left, right] = [rowsOf(found.left, k), rowsOf(found.rightTransposed, k)];
      const values = Array.from(found.values.data.slice(k * count, (k + 1) * count));
      expect(residual(matrices[k] as number[][], left, values, right), kind).toBeLessThan(8 * unit);
      expect(Math.max(skewOf(exchanged(left)), skewOf(right)), kind).toBeLessThan(3 * unit);
      expect(values, kind).toEqual([...values].sort((x, y) => y - x));
      expect(Math.min(...values), kind).toBeGreaterThanOrEqual(0);
    });
  });

  it("gives NaN for what is not finite, and the same bits as alone to its neighbours", () => {
    const good = matrixOf("random", 3, 2);
    const bad = good.map((row, i) => row.map((x, j) => (i === 2 && j === 0 ? Number.NaN : x)));
    const run = (x: HostTensor): HostTensor[] =>
      Object.values(compile((y: Tensor) => svd(y), [x], target).callSync(x) as unknown as Record<string, HostTensor>);
    const [together, alone] = [run(array([good, bad, good].flat(2), [3, 3, 2])), run(array(good.flat(), [1, 3, 2]))];
    alone.forEach(({ data }, part) => {
      const all = (together[part] as HostTensor).data;
      expect(all.slice(0, data.length)).toEqual(data);
      expect(all.slice(2 * data.length)).toEqual(data);
      expect(Array.from(all.slice(data.length, 2 * data.length)).every(Number.isNaN)).toBe(true);
    });
  });
});

describe("gradients where singular values are equal", () => {
  it("of the polar factor are those of A (A^T A)^(-1/2)", () => {
    const weights = array([
      [0.3, -0.7],
      [1.1, 0.2],
    ]);
    const polar = (x: Tensor): Tensor => {
      const { left, rightTransposed } = svd(x);
      return sum(mul(weights, matrixProduct(left, rightTransposed)));
    };
    // At c times a rotation R the factor moves by the skew part of R^T dA over c.
    const [c, cosine, sine] = [2, 0.6, 0.8];
    const a = array([
      [c * cosine, -c * sine],
      [c * sine, c * cosine],
    ]);
    const found = Array.from((evaluate(grad(polar) as never, a) as HostTensor).data);
    // <W, R K> with K = [[0, -k], [k, 0]] and k = (R^T dA)_21 - (R^T dA)_12 over 2 c.
    const slope = (dA: readonly number[]): number => {
      const [p, q, r, s] = dA as [number, number, number, number];
      const k = (-sine * p + cosine * r - (cosine * q + sine * s)) / (2 * c);
      const moved = [-sine * k, -cosine * k, cosine * k, -sine * k];
      return (
        0.3 * (moved[0] as number) -
        0.7 * (moved[1] as number) +
        1.1 * (moved[2] as number) +
        0.2 * (moved[3] as number)
      );
    };
    found.forEach((value, i) => {
      expect(value).toBeCloseTo(slope([0, 1, 2, 3].map((k) => (k === i ? 1 : 0))), 14);
    });
  });

  it("of the sum of values are the polar factor, and all are finite at zero", () => {
    const total = (x: Tensor): Tensor => sum(svd(x).values);
    expect(
      Array.from(
        (
          evaluate(
            grad(total) as never,
            array([
              [0, 2],
              [2, 0],
            ]),
          ) as HostTensor
        ).data,
      ),
    ).toEqual([0, 1, 1, 0]);
    const zero = array([0, 0, 0, 0, 0, 0], [3, 2]);
    const f = (x: Tensor): Tensor => {
      const { left, values, rightTransposed } = svd(x);
      return sum(mul(sqrt(2), sum(left), sum(values), sum(rightTransposed)));
    };
    const second = (x: Tensor): Tensor => sum(mul(grad(f)(x), grad(f)(x)));
    for (const g of [f, second]) {
      expect(Array.from((evaluate(grad(g) as never, zero) as HostTensor).data).every(Number.isFinite)).toBe(true);
    }
  });
});
