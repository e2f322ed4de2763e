/**
 * Derivatives of solvers: against closed forms and against the same solver differentiated turn by turn.
 */
import { describe, expect, it, test } from "vitest";
import { compile } from "../compile.ts";
import { less } from "../ops/comparison.ts";
import { matmul } from "../ops/contraction.ts";
import { abs, add, div, mul, neg, square, sub, tanh } from "../ops/elementwise.ts";
import { at, concatenate, reshape } from "../ops/movement.ts";
import { max, sum } from "../ops/reduction.ts";
import type { HostTensor } from "../pytree.ts";
import { reference } from "../target/reference/reference.ts";
import { wasm } from "../target/wasm/wasm.ts";
import { array, full, type Tensor } from "../trace/tensor.ts";
import { grad, jvp } from "../transform/differentiate.ts";
import { vmap } from "../transform/vmap.ts";
import { scan, whileLoop } from "./control-flow.ts";
import { customLinearSolve } from "./custom-linear-solve.ts";
import { customRoot } from "./custom-root.ts";
import { sin } from "./trigonometric.ts";

type Scalar = (x: Tensor) => Tensor;
const targets = [reference(), wasm()];
const numbersOf = (result: unknown): number[] => Array.from((result as HostTensor).data);
const along = (f: Scalar, d: HostTensor, mode: string): Scalar =>
  mode === "f" ? (x) => jvp(f, [x], [d])[1] as Tensor : (x) => sum(mul(grad(f)(x), d));
/** Derivatives along fixed directions: in mixes of modes to third order, of a compiled program to second order. */
function derivatives(f: Scalar, at: HostTensor, target: (typeof targets)[number]): number[] {
  const all = ["f", "r", "fr", "rf", "rr", "frf", "rfr", "rrr"];
  const modes = target.name === "reference" ? all : ["r", "fr", "rr"];
  const direction = (k: number): HostTensor =>
    array(
      Array.from(at.data, (_, i) => Math.cos(3 * i + k)),
      at.shape,
    );
  return modes.flatMap((mode) => {
    const g = Array.from(mode).reduce<Scalar>((h, one, k) => along(h, direction(k), one), f);
    return numbersOf(compile(g as never, [at], target).callSync(at));
  });
}
const expectClose = (found: readonly number[], wanted: readonly number[], tolerance = 1e-9): void => {
  wanted.forEach((value, i) => {
    expect(Math.abs((found[i] as number) - value), `${i}: ${found[i]} against ${value}`).toBeLessThanOrEqual(
      tolerance * Math.max(1, Math.abs(value)),
    );
  });
};

/** x + 0.3 W sin(x) = p, by fixed-point turns that no gradient could go through. */
const w = array([0.5, -0.3, 0.8, 0.2, 0.9, -0.4, -0.7, 0.1, 0.6], [3, 3]);
const turn = (x: Tensor, p: Tensor): Tensor => sub(p, mul(0.3, matmul(w, sin(x))));
const distance = (x: Tensor, p: Tensor): Tensor => max(abs(sub(x, turn(x, p))));
const byWhile = (x: Tensor, p: Tensor): Tensor =>
  whileLoop(
    (y: Tensor) => less(1e-15, distance(y, p)),
    (y: Tensor) => turn(y, p),
    x,
  );
const byTurns = (x: Tensor, p: Tensor): Tensor =>
  scan((y: Tensor) => [turn(y, p), {}] as const, x, {}, { bound: 45 })[0];
const p0 = array([0.7, -1.1, 0.4]);
const loss = (solve: (x: Tensor, p: Tensor) => Tensor): Scalar => {
  return (p) => sum(mul(tanh(solve(full([3], 0), square(p))), array([1, -2, 0.5])));
};

describe.each(targets.map((target) => [target.name, target] as const))("customRoot on %s", (name, target) => {
  it("has the derivatives of the solver to third order", () => {
    const root = customRoot((x: Tensor, p: Tensor) => sub(x, turn(x, p)), byWhile);
    const wanted = derivatives(loss(byTurns), p0, target);
    expectClose(derivatives(loss(root), p0, target), wanted);
    // A solver of linear systems of one's own.
    const iterative = customRoot((x: Tensor, p: Tensor) => sub(x, turn(x, p)), byWhile, {
      linearSolve: (apply, b) =>
        whileLoop(
          (v: Tensor) => less(1e-15, max(abs(sub(b, apply(v))))),
          (v: Tensor) => add(v, sub(b, apply(v))),
          b,
        ),
    });
    if (name === "reference") expectClose(derivatives(loss(iterative), p0, target), wanted);
  });

  it("closes over tensors, and takes and gives trees", () => {
    const f: Scalar = (p) => {
      const [a, b] = [at(p, 0), at(p, 1)];
      const root = customRoot(
        (x: { u: Tensor; v: Tensor }, { c }: { c: Tensor }) => ({
          u: sub(mul(x.u, x.u), a),
          v: sub(mul(x.v, x.u), mul(b, c)),
        }),
        (start: { u: Tensor; v: Tensor }, { c }: { c: Tensor }) =>
          whileLoop(
            (x: { u: Tensor; v: Tensor }) => less(1e-15, abs(sub(mul(x.u, x.u), a))),
            (x: { u: Tensor; v: Tensor }) => {
              const u = mul(0.5, add(x.u, div(a, x.u)));
              return { u, v: div(mul(b, c), u) };
            },
            start,
          ),
      );
      const { u, v } = root({ u: full([], 1), v: full([], 0) }, { c: at(p, 2) });
      return add(u, mul(v, v));
    };
    const closed: Scalar = (p) => {
      const [a, b, c] = [at(p, 0), at(p, 1), at(p, 2)];
      const u = scan((y: Tensor) => [mul(0.5, add(y, div(a, y))), {}] as const, full([], 1), {}, { bound: 40 })[0];
      const v = div(mul(b, c), u);
      return add(u, mul(v, v));
    };
    const x = array([2.1, 0.7, -1.3]);
    expectClose(derivatives(f, x, target), derivatives(closed, x, target));
  });

  it("solves for each member of a batch, each in its own turns", () => {
    const root = customRoot((x: Tensor, p: Tensor) => sub(x, turn(x, p)), byWhile);
    const batch = array([0.7, -1.1, 0.4, 0.1, 0.2, 0.3], [2, 3]);
    const g = compile(vmap(grad(loss(root))) as never, [batch], target).callSync(batch);
    const alone = [0, 1].flatMap((k) => {
      const p = array(Array.from(batch.data.slice(3 * k, 3 * k + 3)));
      return numbersOf(compile(grad(loss(root)) as never, [p], target).callSync(p));
    });
    expectClose(numbersOf(g), alone, 1e-13);
  });
});

describe.each(targets.map((target) => [target.name, target] as const))("customLinearSolve on %s", (_, target) => {
  /** [[4 + s₀, s₁], [s₂, 5]] x = (s₀ s₁, s₃), by turns of Jacobi. */
  const matrix = (s: Tensor): readonly Tensor[] => [add(4, at(s, 0)), at(s, 1), at(s, 2), full([], 5)];
  const pair = (a: Tensor, b: Tensor): Tensor => concatenate([reshape(a, [1]), reshape(b, [1])]);
  const multiply = ([a, b, c, d]: readonly Tensor[], x: Tensor): Tensor => {
    const [u, v] = [at(x, 0), at(x, 1)];
    return pair(add(mul(a as Tensor, u), mul(b as Tensor, v)), add(mul(c as Tensor, u), mul(d as Tensor, v)));
  };
  const flipped = ([a, b, c, d]: readonly Tensor[]): Tensor[] => [a, c, b, d] as Tensor[];
  const jacobi = (m: readonly Tensor[], y: Tensor): Tensor =>
    whileLoop(
      (x: Tensor) => less(1e-15, max(abs(sub(y, multiply(m, x))))),
      (x: Tensor) => add(x, div(sub(y, multiply(m, x)), pair(m[0] as Tensor, m[3] as Tensor))),
      mul(y, 0),
    );
  const right = (s: Tensor): Tensor => pair(mul(at(s, 0), at(s, 1)), at(s, 3));
  const weigh = (x: Tensor): Tensor => sum(mul(sin(x), array([1.5, -0.7])));
  const f: Scalar = (s) => {
    const m = matrix(s);
    const system = {
      apply: (x: Tensor) => multiply(m, x),
      solve: (y: Tensor) => jacobi(m, y),
      solveTransposed: (y: Tensor) => jacobi(flipped(m), y),
    };
    return weigh(customLinearSolve(system, right(s)));
  };
  const closed: Scalar = (s) => {
    const [a, b, c, d] = matrix(s) as [Tensor, Tensor, Tensor, Tensor];
    const determinant = sub(mul(a, d), mul(b, c));
    return weigh(div(multiply([d, neg(b), neg(c), a], right(s)), determinant));
  };
  const s0 = array([0.3, 1.2, -0.7, 2]);

  it("has the derivatives of the closed form to third order", () => {
    expectClose(derivatives(f, s0, target), derivatives(closed, s0, target));
  });

  it("is a loop under vmap", () => {
    const batch = array([...s0.data, 0.1, -0.4, 0.6, 1], [2, 4]);
    const wanted = [0, 1].flatMap((k) => {
      const s = array(Array.from(batch.data.slice(4 * k, 4 * k + 4)));
      return numbersOf(compile(grad(closed) as never, [s], target).callSync(s));
    });
    expectClose(numbersOf(compile(vmap(grad(f)) as never, [batch], target).callSync(batch)), wanted, 1e-13);
  });
});

test("a gradient through a solver keeps nothing of its turns", () => {
  const solved = (bound: number): number => {
    const root = customRoot(
      (x: Tensor, p: Tensor) => sub(x, turn(x, p)),
      (x: Tensor, p: Tensor) => scan((y: Tensor) => [turn(y, p), {}] as const, x, {}, { bound })[0],
    );
    return compile(grad(loss(root)) as never, [p0], wasm()).bytes();
  };
  expect(solved(4000)).toBe(solved(40));
});
