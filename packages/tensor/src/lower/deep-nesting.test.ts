/**
 * Derivatives inside derivatives inside loops inside batches: the gradient is right, and its program stays small.
 *
 * F is the mean over a batch of what a loop of 100 turns adds up: the log-determinant of the Hessian of a network, at points
 * that move by that Hessian. Its gradient with respect to the weights holds third derivatives of the network.
 */
import { describe, expect, it } from "vitest";
import { compile } from "../compile.ts";
import { scan } from "../library/control-flow.ts";
import { logDeterminant } from "../library/linear-algebra.ts";
import { log } from "../library/logarithm.ts";
import { sin } from "../library/trigonometric.ts";
import { matmul } from "../ops/contraction.ts";
import { abs, add, mul, sub, tanh } from "../ops/elementwise.ts";
import { at } from "../ops/movement.ts";
import { mean, sum } from "../ops/reduction.ts";
import type { Program } from "../program/program.ts";
import { subprograms } from "../program/subprograms.ts";
import type { HostTensor } from "../pytree.ts";
import { wasm } from "../target/wasm/wasm.ts";
import { numbers } from "../testing/primitive-case.ts";
import { array, full, type Tensor } from "../trace/tensor.ts";
import { trace } from "../trace/trace.ts";
import { grad } from "../transform/differentiate.ts";
import { hessian } from "../transform/jacobian.ts";
import { vmap } from "../transform/vmap.ts";
import { simplify } from "./simplify.ts";

const units = 16;
const weights: HostTensor = numbers([5, units], -1, 1);
const points = numbers([8, 3], -1, 1, 2);

/** A network of 3-16-1 with tanh; the rows of its weights are those of three inputs, the biases, and the output's. */
function network(w: Tensor, x: Tensor): Tensor {
  const sums = add(mul(at(w, 0), at(x, 0)), mul(at(w, 1), at(x, 1)), mul(at(w, 2), at(x, 2)), at(w, 3));
  return sum(mul(at(w, 4), tanh(sums)));
}

/** Of a matrix 3 x 3, by its nine numbers. */
function ofNineNumbers(matrix: Tensor): Tensor {
  const [a, b, c] = [0, 1, 2].map((i) => [0, 1, 2].map((k) => at(at(matrix, i), k))) as [Tensor[], Tensor[], Tensor[]];
  const minor = (i: number, k: number): Tensor =>
    sub(mul(b[i] as Tensor, c[k] as Tensor), mul(b[k] as Tensor, c[i] as Tensor));
  const [x, y, z] = a as [Tensor, Tensor, Tensor];
  return log(abs(add(sub(mul(x, minor(1, 2)), mul(y, minor(0, 2))), mul(z, minor(0, 1)))));
}

const meanOf =
  (logAbsolute: (matrix: Tensor) => Tensor) =>
  (w: Tensor): Tensor => {
    const along = (x0: Tensor): Tensor => {
      const [{ total }] = scan(
        ({ x, total: before }: { readonly x: Tensor; readonly total: Tensor }) => {
          const curvature = hessian((z: Tensor) => network(w, z))(x);
          const next = add(x, mul(0.01, sin(matmul(curvature, x))));
          return [{ x: next, total: add(before, logAbsolute(curvature)) }, {}] as const;
        },
        { x: x0, total: full([], 0) },
        {},
        { bound: 100 },
      );
      return total;
    };
    return mean(vmap(along)(points as unknown as Tensor));
  };

/** Equations, those of inner programs included. */
function count({ equations }: Program): number {
  return equations.reduce((sum, { primitive, parameters }) => {
    return subprograms(primitive, parameters).reduce((inner, program) => inner + count(program), sum + 1);
  }, 0);
}

describe.each([
  ["by elimination", (matrix: Tensor) => logDeterminant(matrix).logAbsolute],
  ["by nine numbers", ofNineNumbers],
])("the log-determinant %s of a Hessian in a scan in a batch", (_, logAbsolute) => {
  const f = meanOf(logAbsolute);

  it("has at most 5 times as many equations in its gradient", () => {
    const [value, gradient] = [f, grad(f)].map((g) => trace(g, [weights]).program) as [Program, Program];
    const [before, after] = [count(gradient) / count(value), count(simplify(gradient)) / count(simplify(value))];
    expect(Math.max(before, after)).toBeLessThan(5);
  });

  it("has a right gradient", () => {
    const value = compile(f, [weights], wasm());
    const gradient = Array.from((compile(grad(f), [weights], wasm()).callSync(weights) as HostTensor).data);
    for (const seed of [1, 2]) {
      const direction = Array.from(numbers([5, units], -1, 1, 50 * seed).data);
      const moved = (s: number): number => {
        const w = array(
          Float64Array.from(weights.data, (x, i) => x + s * (direction[i] as number)),
          weights.shape,
        );
        return value.callSync(w).data[0] as number;
      };
      const h = 2e-4;
      const difference = [4 / 5, -1 / 5, 4 / 105, -1 / 280].reduce((total, c, k) => {
        return total + (c * (moved((k + 1) * h) - moved(-(k + 1) * h))) / h;
      }, 0);
      const found = gradient.reduce((total, slope, i) => total + slope * (direction[i] as number), 0);
      expect(Math.abs(found - difference)).toBeLessThanOrEqual(1e-8 * Math.abs(difference));
    }
  });
});
