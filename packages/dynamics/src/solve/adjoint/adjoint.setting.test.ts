/**
 * Gradients in settings that are not plain: controls that jump, stops, single precision, batches whose members differ in
 * everything, trees as states.
 */
import {
  add,
  array,
  at,
  compile,
  convert,
  grad,
  type HostTensor,
  mul,
  neg,
  reference,
  sin,
  square,
  stack,
  sum,
  type Target,
  type Tensor,
  vmap,
  wasm,
} from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { yoshida6 } from "../../solver/yoshida6.ts";
import { constantStepSize } from "../../step-size/step-size.ts";
import { controls } from "../controls.ts";
import { solve, solveDense } from "../solve.ts";
import type { Adjoint, AdjointName } from "./adjoint.ts";

const others: readonly AdjointName[] = ["checkpointed", "reversible", "forward", "backsolve", "interpolating"];
const smooth = others.filter((name) => name !== "reversible");
const numbersOf = (value: unknown): number[] => Array.from((value as HostTensor).data);
const run = (f: (...inputs: never[]) => unknown, input: HostTensor, target: Target = reference()): number[] =>
  numbersOf(compile(f, [input], target).callSync(input));
const defect = (found: readonly number[], wanted: readonly number[]): number =>
  Math.max(...found.map((value, i) => Math.abs(value - (wanted[i] as number)))) / Math.hypot(...wanted);

describe("controls that are held", () => {
  const loss =
    (adjoint: Adjoint) =>
    (values: Tensor): Tensor => {
      const push = controls({ times: [0, 0.5, 1.1], values });
      const field = (t: Tensor, y: Tensor): Tensor => stack([at(y, 1), add(neg(sin(at(y, 0))), push.at(t))]);
      const options = { rtol: 1e-10, atol: 1e-11, maxSteps: 512, adjoint };
      const { states } = solve({
        field,
        t0: 0,
        t1: 2,
        y0: array([0.4, 0]),
        controls: push,
        saveAt: { times: [0.5, 0.8, 2] },
        ...options,
      });
      return sum(square(states));
    };
  const values = array([0.3, -1, 0.7]);

  it.each(smooth)("have the gradient of the replay by %s", (adjoint) => {
    expect(defect(run(grad(loss(adjoint)), values), run(grad(loss("replay")), values))).toBeLessThan(1e-8);
  });

  it("are refused where steps are undone", () => {
    expect(() => run(grad(loss("reversible")), values)).toThrow(
      "Cannot solve with a reversible adjoint: expected a field without jumps, got controls or stops with jumps",
    );
  });
});

describe("a tree of float32 as a state", () => {
  const loss =
    (adjoint: Adjoint, dtype: "float32" | "float64") =>
    (k: Tensor): Tensor => {
      interface State {
        readonly q: Tensor;
        readonly p: Tensor;
      }
      const stiffness = convert(k, dtype);
      const field = (_t: Tensor, { q, p }: State): State => ({ q: p, p: neg(mul(stiffness, sin(q))) });
      const y0 = { q: convert(array([1, 0.5]), dtype), p: convert(array([0, 0.2]), dtype) };
      const { states } = solve({
        field,
        t0: 0,
        t1: 2,
        y0,
        rtol: 1e-5,
        atol: 1e-6,
        maxSteps: 128,
        tStops: [0.9],
        saveAt: { times: [1, 2] },
        adjoint,
      });
      return add(sum(square(convert(states.q, "float64"))), sum(convert(states.p, "float64")));
    };
  const k = array(1.3);

  it.each(others)("has its gradient by %s", (adjoint) => {
    const exact = run(grad(loss("replay", "float64")), k);
    expect(defect(run(grad(loss(adjoint, "float32")), k, wasm()), exact)).toBeLessThan(2e-4);
  });
});

describe("a batch", () => {
  /** (q, p, stiffness, end, saved time) of each member. */
  const loss =
    (adjoint: Adjoint) =>
    (x: Tensor): Tensor => {
      const field = (_t: Tensor, y: Tensor): Tensor => stack([at(y, 1), neg(mul(at(x, 2), sin(at(y, 0))))]);
      const saveAt = { times: stack([at(x, 4), mul(0.5, at(x, 3))]) };
      const { y, states } = solve({
        field,
        t0: 0,
        t1: at(x, 3),
        y0: stack([at(x, 0), at(x, 1)]),
        maxSteps: 64,
        saveAt,
        adjoint,
      });
      return add(sum(square(states)), sum(y));
    };
  const members = [
    [1.2, 0.3, 1.3, 2, 0.7],
    [0.4, -0.2, 5, 0.5, 0.1],
    [-2.5, 1, 0.6, 4, 3.9],
  ];

  it.each(others)("whose members differ in their times has the gradient of each by %s", (adjoint) => {
    const alone = members.flatMap((member) => run(grad(loss(adjoint)), array(member)));
    const batch = array(members);
    for (const target of [reference(), wasm()]) {
      expect(defect(run(vmap(grad(loss(adjoint))), batch, target), alone)).toBeLessThan(1e-9);
    }
  });
});

describe("a splitting", () => {
  const loss =
    (adjoint: Adjoint) =>
    (k: Tensor): Tensor => {
      const field = (_t: Tensor, { q, p }: { q: Tensor; p: Tensor }): { q: Tensor; p: Tensor } => ({
        q: p,
        p: neg(mul(k, sin(q))),
      });
      const options = { solver: yoshida6, stepSize: constantStepSize(), dt0: 0.02, adjoint };
      const { states } = solve({
        field,
        t0: 0,
        t1: 2,
        y0: { q: array([1.2]), p: array([0.3]) },
        saveAt: { times: [1, 2] },
        ...options,
      });
      return sum(square(states.q));
    };

  it.each(others)("has its gradient by %s", (adjoint) => {
    const exact = run(grad(loss("replay")), array(1.3));
    expect(defect(run(grad(loss(adjoint)), array(1.3)), exact)).toBeLessThan(1e-7);
  });
});

describe("wrong use", () => {
  const field = (_t: Tensor, y: Tensor): Tensor => neg(y);

  it("an unknown adjoint is refused by name", () => {
    expect(() =>
      run((y0: Tensor) => solve({ field, t0: 0, t1: 1, y0, adjoint: "magic" as never }).y, array([1])),
    ).toThrow(
      "Cannot solve: expected an adjoint among replay, checkpointed, reversible, forward, backsolve, interpolating, none, auto, got magic",
    );
  });

  it("a solution that is read at any time keeps its steps", () => {
    const read = (y0: Tensor): Tensor => solveDense({ field, t0: 0, t1: 1, y0, adjoint: "checkpointed" }).at([0.5]);
    expect(() => run(read, array([1]))).toThrow(
      "Cannot read a solution at any time: expected adjoint replay or none, got checkpointed",
    );
  });
});
