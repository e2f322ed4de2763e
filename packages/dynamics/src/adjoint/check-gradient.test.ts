import {
  add,
  array,
  at,
  concatenate,
  cos,
  customJvp,
  mul,
  neg,
  sin,
  slice,
  square,
  stack,
  sum,
  type Tensor,
  tanh,
  wasm,
} from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { solve } from "../solve/solve.ts";
import { checkGradient } from "./check-gradient.ts";
import { showGradientReport } from "./gradient-report.ts";

const point = {
  layers: [
    {
      weight: array([
        [0.3, -0.7, 0.2],
        [1.1, 0.4, -0.5],
      ]),
    },
  ],
  bias: array([0.1, 0.2, -0.3]),
  turns: array(Int32Array.of(3)),
};
type Point = { readonly layers: readonly { readonly weight: Tensor }[]; readonly bias: Tensor };

const network =
  (activation: (x: Tensor) => Tensor) =>
  ({ layers, bias }: Point): Tensor =>
    sum(square(activation(add(mul((layers[0] as { weight: Tensor }).weight, 1.5), stack([bias, bias])))));

/** The cosine with a derivative that forgot its sign. */
const wrong = customJvp(
  (x: Tensor) => cos(x),
  ([x], _, [t]) => mul(t, sin(x)),
);
/** The right first derivative, by a rule whose own derivative is wrong. */
const wrongAgain = customJvp(
  (x: Tensor) => sin(x),
  ([x], _, [t]) => mul(t, wrong(x)),
);

describe("checkGradient", () => {
  it("finds nothing wrong with what is right, in every float tensor", () => {
    const report = checkGradient(network(tanh), point);
    expect(report.passed).toBe(true);
    expect(report.leaves.map(({ path }) => path)).toEqual([".layers[0].weight", ".bias"]);
    expect(report.worst).toBeLessThan(1e-9);
    expect(showGradientReport(report)).toContain("All derivatives are right to 1e-7");
  });

  it("finds a rule that is wrong alike in both modes", () => {
    const report = checkGradient(network(wrong), point);
    expect(report.passed).toBe(false);
    for (const leaf of report.leaves) {
      expect(leaf.forward).toBeLessThan(1e-12);
      expect(leaf.difference).toBeGreaterThan(0.5);
      expect(leaf.uncertainty).toBeLessThan(1e-8);
    }
    expect(showGradientReport(report)).toMatch(
      /\.bias +float64\[3\].*WRONG\n\nWrong derivatives with respect to \.layers\[0\]\.weight, \.bias/,
    );
  });

  it("finds a second derivative that is wrong", () => {
    const report = checkGradient(network(wrongAgain), point);
    expect(report.passed).toBe(false);
    for (const leaf of report.leaves) {
      expect(leaf.difference).toBeLessThan(1e-8);
      expect(leaf.second).toBeGreaterThan(1e-2);
    }
  });

  it("finds the one tensor whose derivative is wrong", () => {
    const report = checkGradient((p: Point) => add(network(tanh)({ ...p, bias: p.bias }), sum(wrong(p.bias))), point);
    expect(report.leaves.map(({ passed }) => passed)).toEqual([true, false]);
  });

  it("checks through an adaptive solve", () => {
    const f = ({ k, y0 }: { readonly k: Tensor; readonly y0: Tensor }): Tensor => {
      const field = (_t: Tensor, y: Tensor): Tensor => stack([at(y, 1), neg(mul(k, sin(at(y, 0))))]);
      return sum(square(solve({ field, t0: 0, t1: 1, y0, rtol: 1e-12, atol: 1e-13, maxSteps: 256 }).y));
    };
    expect(
      checkGradient(f, { k: array(1.3), y0: array([1.2, 0.3]) }, { directions: 2, target: wasm() }).worst,
    ).toBeLessThan(1e-7);
  });

  it("checks the law of a model", () => {
    const model = (restoring: (x: Tensor) => Tensor) => ({
      field: ({ k }: { readonly k: Tensor }, _t: Tensor, state: Tensor): Tensor =>
        concatenate([slice(state, 0, 1), neg(mul(k, restoring(slice(state, 0, 0, 1))))]),
    });
    const where = { parameters: { k: array([2.1]) }, state: array([0.4, -0.3]) };
    expect(checkGradient(model(sin), where).passed).toBe(true);
    const report = checkGradient(model(wrong), where);
    expect(report.leaves.map(({ path, passed }) => [path, passed])).toEqual([
      [".parameters.k", true],
      [".state", false],
    ]);
  });

  it.each<[string, () => unknown]>([
    [
      "Cannot check a gradient: expected a point with float tensors, got none",
      () => checkGradient((x: Tensor) => x, { a: array(Int32Array.of(1)) }),
    ],
    [
      "Cannot check a model: expected a field or a step, got neither",
      () => checkGradient({}, { parameters: {}, state: array([1]) }),
    ],
  ])("%s", (message, f) => {
    expect(f).toThrow(message);
  });
});
