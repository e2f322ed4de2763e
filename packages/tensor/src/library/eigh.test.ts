/**
 * Eigenvalues and eigenvectors on hard matrices, on the reference and on compiled code; derivatives where values meet.
 */
import { describe, expect, it } from "vitest";
import { compile, evaluate } from "../compile.ts";
import { exp, mul } from "../ops/elementwise.ts";
import { sum } from "../ops/reduction.ts";
import type { HostTensor } from "../pytree.ts";
import { reference } from "../target/reference/reference.ts";
import { wasm } from "../target/wasm/wasm.ts";
import { exchanged, matrixOf, residual, rowsOf, skewOf, spectra, turnedDiagonal } from "../testing/spectra.ts";
import { array, type Tensor } from "../trace/tensor.ts";
import { grad } from "../transform/differentiate.ts";
import { eigh } from "./eigh.ts";
import { log } from "./logarithm.ts";

const kinds = Object.keys(spectra);

function symmetric(kind: string, n: number): number[][] {
  const matrix = matrixOf(kind, n, n);
  return matrix.map((row, i) => row.map((entry, j) => (i < j ? entry : (matrix[j]?.[i] as number))));
}

describe.each([
  ["wasm", wasm(), [1, 2, 3, 5, 8, 17, 40]],
  ["reference", reference(), [1, 2, 3, 5, 8, 17]],
] as const)("eigh on %s", (_, target, extents) => {
  it.each(extents)("has a small backward error and orthogonal vectors for all kinds, n = %i", (n) => {
    const matrices = kinds.map((kind) => symmetric(kind, n));
    const a = array(matrices.flat(2), [kinds.length, n, n]);
    const found = compile((x: Tensor) => eigh(x), [a], target).callSync(a);
    kinds.forEach((kind, k) => {
      const vectors = rowsOf(found.vectors, k);
      const values = Array.from(found.values.data.slice(k * n, (k + 1) * n));
      const unit = n * 2 ** -52;
      expect(residual(matrices[k] as number[][], vectors, values, exchanged(vectors)), kind).toBeLessThan(8 * unit);
      expect(skewOf(exchanged(vectors)), kind).toBeLessThan(3 * unit);
      expect(values, kind).toEqual([...values].sort((x, y) => x - y));
    });
  });

  it("gives NaN for what is not finite, and the same bits as alone to its neighbours", () => {
    for (const n of [3, 6]) {
      const good = symmetric("random", n);
      const bad = good.map((row, i) => row.map((x, j) => (i + j === 0 ? Number.NaN : x)));
      const worse = good.map((row, i) => row.map((x, j) => (i === n - 1 && j === 0 ? Number.POSITIVE_INFINITY : x)));
      const batch = array([good, bad, worse, good].flat(2), [4, n, n]);
      const run = (x: HostTensor): { values: HostTensor; vectors: HostTensor } =>
        compile((y: Tensor) => eigh(y), [x], target).callSync(x);
      const [together, alone] = [run(batch), run(array(good.flat(), [1, n, n]))];
      for (const part of ["values", "vectors"] as const) {
        const size = alone[part].data.length;
        expect(together[part].data.slice(0, size)).toEqual(alone[part].data);
        expect(together[part].data.slice(3 * size)).toEqual(alone[part].data);
        expect(Array.from(together[part].data.slice(size, 3 * size)).every(Number.isNaN)).toBe(true);
      }
    }
  });
});

describe("gradients of symmetric functions of eigenvalues", () => {
  it.each([0, 1e-15, 1e-12, 1e-8, 1e-3])("are right where two are %d apart", (apart) => {
    const a = turnedDiagonal([1.5, 1.5 + apart, 0.5]);
    const gradient = evaluate(grad((x: Tensor) => sum(exp(eigh(x).values))) as never, a) as HostTensor;
    const { values, vectors } = evaluate(eigh as never, a) as { values: HostTensor; vectors: HostTensor };
    const v = Array.from(vectors.data);
    gradient.data.forEach((found, position) => {
      const [i, j] = [Math.floor(position / 3), position % 3];
      const expected = Array.from(values.data).reduce(
        (total, w, k) => total + (v[3 * i + k] as number) * Math.exp(w) * (v[3 * j + k] as number),
        0,
      );
      expect(Math.abs(found - expected)).toBeLessThan(1e-13);
    });
  });

  it("are the inverse for the log-determinant of a multiple of one", () => {
    const a = array([2, 0, 0, 0, 2, 0, 0, 0, 2], [3, 3]);
    const f = (x: Tensor): Tensor => sum(log(eigh(x).values));
    const gradient = evaluate(grad(f) as never, a) as HostTensor;
    expect(Array.from(gradient.data)).toEqual([0.5, 0, 0, 0, 0.5, 0, 0, 0, 0.5]);
  });

  it("are finite for single values and for vectors where all values are equal", () => {
    const a = array([1, 0, 0, 1], [2, 2]);
    const least = (x: Tensor): Tensor => sum(mul(array([1, 0]), eigh(x).values));
    const entries = (x: Tensor): Tensor =>
      sum(
        mul(
          array([
            [0.3, 0.2],
            [0.7, 0.1],
          ]),
          eigh(x).vectors,
        ),
      );
    for (const f of [least, entries]) {
      const first = evaluate(grad(f) as never, a) as HostTensor;
      const second = evaluate(grad((x: Tensor) => sum(mul(grad(f)(x), grad(f)(x)))) as never, a) as HostTensor;
      expect([...first.data, ...second.data].every(Number.isFinite)).toBe(true);
    }
  });
});
