/**
 * What the operations add to the primitives: vectors, leading axes that broadcast, measures, and what they refuse.
 */
import { describe, expect, it } from "vitest";
import { evaluate } from "../compile.ts";
import { matmul } from "../ops/contraction.ts";
import { add, exp, mul, sub, tanh } from "../ops/elementwise.ts";
import { matrixProduct, matrixTranspose } from "../ops/matrix-product.ts";
import { sum } from "../ops/reduction.ts";
import type { HostTensor } from "../pytree.ts";
import { array, type Tensor, type TensorLike } from "../trace/tensor.ts";
import { trace } from "../trace/trace.ts";
import { grad, valueAndGrad } from "../transform/differentiate.ts";
import { hessian } from "../transform/jacobian.ts";
import { vmap } from "../transform/vmap.ts";
import { scan } from "./control-flow.ts";
import {
  cholesky,
  determinant,
  inverse,
  linearSolve,
  logDeterminant,
  lu,
  qr,
  triangularSolve,
} from "./linear-algebra.ts";

const a = array([
  [4, 1, 0],
  [2, 5, 1],
  [0, 3, 6],
]);
const numbersOf = (f: () => Tensor): number[] => Array.from((evaluate(f) as HostTensor).data);
/** The problem and the remedy, without the line of the caller. */
const message = (f: () => unknown): string => {
  try {
    evaluate(f as () => Tensor);
  } catch (error) {
    return (error as Error).message.split("\n").slice(0, 2).join("\n");
  }
  return "";
};
const close = (found: readonly number[], wanted: readonly number[]): void => {
  expect(found.length).toBe(wanted.length);
  found.forEach((x, i) => {
    expect(x).toBeCloseTo(wanted[i] as number, 12);
  });
};

describe("linearSolve", () => {
  it("takes a vector", () => {
    const x = evaluate(() => linearSolve(a, array([6, 15, 24]))) as HostTensor;
    expect(x.shape).toEqual([3]);
    close(
      numbersOf(() => matmul(a, x)),
      [6, 15, 24],
    );
  });

  it("broadcasts leading axes of either side", () => {
    const sides = array(
      Float64Array.from({ length: 12 }, (_, i) => i),
      [2, 3, 2],
    );
    const wide = evaluate(() => linearSolve(a, sides)) as HostTensor;
    const pair = array([...a.data, ...a.data], [2, 1, 3, 3]);
    const both = evaluate(() => linearSolve(pair, sides)) as HostTensor;
    expect([wide.shape, both.shape]).toEqual([
      [2, 3, 2],
      [2, 2, 3, 2],
    ]);
    close(Array.from(both.data), [...wide.data, ...wide.data]);
    close(
      numbersOf(() => matrixProduct(a, wide)),
      Array.from(sides.data),
    );
  });

  it("computes the factors of a matrix once for the value and the gradient", () => {
    const { program } = trace(
      valueAndGrad((x: Tensor) => sum(linearSolve(x, array([1, 2, 3])))) as (x: Tensor) => unknown,
      [a],
    );
    const solves = program.equations.filter(({ primitive }) => primitive === "linearSolve");
    expect(solves.map(({ parameters }) => parameters)).toEqual([{ transposed: false }, { transposed: true }]);
    expect(new Set(solves.map(({ inputs }) => inputs[0])).size).toBe(1);
  });
});

describe("triangularSolve", () => {
  it("reads the triangle that it is told, transposed or not", () => {
    const b = array([1, 2, 3]);
    const cases = [
      [
        {},
        [
          [4, 0, 0],
          [2, 5, 0],
          [0, 3, 6],
        ],
      ],
      [
        { lower: false },
        [
          [4, 1, 0],
          [0, 5, 1],
          [0, 0, 6],
        ],
      ],
      [
        { transposed: true },
        [
          [4, 2, 0],
          [0, 5, 3],
          [0, 0, 6],
        ],
      ],
      [
        { lower: false, transposed: true, unitDiagonal: true },
        [
          [1, 0, 0],
          [1, 1, 0],
          [0, 1, 1],
        ],
      ],
    ] as const;
    for (const [options, matrix] of cases) {
      const x = evaluate(() => triangularSolve(a, b, options)) as HostTensor;
      close(
        numbersOf(() => matmul(array(matrix), x)),
        [1, 2, 3],
      );
    }
  });
});

describe("determinant, logDeterminant and inverse", () => {
  it("agree with the expansion by minors, and their derivatives with the inverse", () => {
    const wanted = 4 * (5 * 6 - 3) - 2 * 6;
    close(
      numbersOf(() => determinant(a)),
      [wanted],
    );
    close(
      numbersOf(() => logDeterminant(a).logAbsolute),
      [Math.log(wanted)],
    );
    const transposed = numbersOf(() => matrixTranspose(inverse(a)));
    close(
      numbersOf(() => grad((x: Tensor) => logDeterminant(x).logAbsolute)(a as unknown as Tensor)),
      transposed,
    );
    close(
      numbersOf(() => grad(determinant as (x: Tensor) => Tensor)(a as unknown as Tensor)),
      transposed.map((x) => wanted * x),
    );
  });

  it("do not overflow where the determinant does", () => {
    const large = array(
      Array.from({ length: 9 }, (_, i) => (i % 4 === 0 ? -1e200 : 0)),
      [3, 3],
    );
    close(
      numbersOf(() => logDeterminant(large).logAbsolute),
      [600 * Math.LN10],
    );
    expect(numbersOf(() => determinant(large))).toEqual([Number.NEGATIVE_INFINITY]);
  });

  it("of nothing are those of an empty product", () => {
    const none = array(new Float64Array(0), [2, 0, 0]);
    expect(numbersOf(() => determinant(none))).toEqual([1, 1]);
    expect(numbersOf(() => logDeterminant(none).logAbsolute)).toEqual([0, 0]);
    expect(numbersOf(() => lu(none).reciprocalCondition)).toEqual([1, 1]);
  });
});

describe("the condition", () => {
  it("is that of the 1-norm, and no digit is left for the matrix of Hilbert of 12 rows", () => {
    const two = array([
      [1, 2],
      [3, 4],
    ]);
    close(
      numbersOf(() => lu(two).reciprocalCondition),
      [1 / (6 * 3.5)],
    );
    const hilbert = array(Array.from({ length: 12 }, (_, i) => Array.from({ length: 12 }, (__, j) => 1 / (i + j + 1))));
    expect(numbersOf(() => lu(hilbert).reciprocalCondition)[0]).toBeLessThan(1e-15);
  });
});

describe("log-determinants of Hessians inside loops inside batches", () => {
  it("have the gradient that differences give", () => {
    const energy = (w: Tensor, x: Tensor): Tensor => sum(exp(mul(0.3, tanh(matmul(x, w)))));
    const f = (w: Tensor, starts: Tensor): Tensor => {
      const one = (start: Tensor): Tensor => {
        const step = ({ x, total }: { x: Tensor; total: Tensor }): readonly [{ x: Tensor; total: Tensor }, object] => {
          const matrix = add(
            hessian((y: Tensor) => energy(w, y))(x),
            array([
              [2, 0],
              [0, 2],
            ]),
          );
          const next = sub(x, mul(0.1, linearSolve(matrix, x)));
          return [{ x: next, total: add(total, logDeterminant(matrix).logAbsolute) }, {}];
        };
        return scan(step as never, { x: start, total: sum(mul(start, 0)) }, {}, { bound: 3 })[0].total;
      };
      return sum(vmap(one)(starts));
    };
    const w = array([
      [0.3, -0.8, 0.5],
      [0.9, 0.2, -0.4],
    ]);
    const starts = array([
      [0.2, 0.5],
      [-0.6, 0.1],
    ]);
    const value = (weights: HostTensor): number =>
      (evaluate(f as never, weights, starts) as HostTensor).data[0] as number;
    const gradient = evaluate(grad(f) as never, w, starts) as HostTensor;
    const h = 1e-4;
    gradient.data.forEach((found, i) => {
      const moved = (by: number): number =>
        value(
          array(
            w.data.map((x, k) => (k === i ? x + by : x)),
            [2, 3],
          ),
        );
      const wanted = (8 * (moved(h) - moved(-h)) - (moved(2 * h) - moved(-2 * h))) / (12 * h);
      expect(found).toBeCloseTo(wanted, 9);
    });
  });
});

describe("linear algebra refuses", () => {
  const rectangle: TensorLike = array([[1, 2, 3]]);
  it.each([
    [
      () => cholesky(rectangle),
      "Cannot apply cholesky: expected square matrices of floats [..., n, n], got float64[1, 3]\nReshape, or convert to float64 or float32.",
    ],
    [
      () => linearSolve(a, array([1, 2])),
      "Cannot solve: expected shapes [..., n, n] and [n] or [..., n, m], got float64[3, 3] and float64[2]\nGive a batch of vectors a last axis of 1.",
    ],
    [
      () => qr(rectangle).q,
      "Cannot apply qr: expected matrices of floats [..., m, n] with m >= n, got float64[1, 3]\nTranspose a matrix of more columns than rows.",
    ],
    [
      () => matrixProduct(a, rectangle),
      "Cannot multiply matrices: expected shapes [..., n, k] and [..., k, m], got float64[3, 3] and float64[1, 3]\nGive a vector an axis of 1, or use contract(a, b, axes) for other products.",
    ],
  ])("%s", (f, wanted) => {
    expect(message(f)).toBe(wanted);
  });
});
