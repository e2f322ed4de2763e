import { array, compile, evaluate, type HostTensor, reference, specOf, sum, valueAndGrad } from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { hostRandom } from "../random/host-random.ts";
import { type ActivationName, activations } from "./activation.ts";
import { type InitializerName, initializers, normalInitializer } from "./initializer.ts";
import { multilayerPerceptron } from "./multilayer-perceptron.ts";

describe("multilayerPerceptron", () => {
  const network = multilayerPerceptron({ sizes: [2, 3, 1], activation: "tanh" });
  const parameters = {
    layers: [
      {
        weight: array([
          [1, 2, 3],
          [-1, 0.5, 0.25],
        ]),
        bias: array([0.1, 0.2, 0.3]),
      },
      { weight: array([[1], [-2], [0.5]]), bias: array([0.7]) },
    ],
  };
  const expected = (a: number, b: number): number =>
    Math.tanh(a - b + 0.1) - 2 * Math.tanh(2 * a + 0.5 * b + 0.2) + 0.5 * Math.tanh(3 * a + 0.25 * b + 0.3) + 0.7;

  it("computes one sample and carries leading axes", () => {
    const one = evaluate(network.apply, parameters, array([0.3, -0.4])) as HostTensor;
    expect(one.shape).toEqual([1]);
    expect(one.data[0]).toBeCloseTo(expected(0.3, -0.4), 14);
    const many = evaluate(
      network.apply,
      parameters,
      array([
        [
          [0.3, -0.4],
          [1, 2],
        ],
      ]),
    ) as HostTensor;
    expect(many.shape).toEqual([1, 2, 1]);
    expect(many.data[1]).toBeCloseTo(expected(1, 2), 14);
  });

  it("has a gradient for every parameter, without the bias that was left out", () => {
    const bare = multilayerPerceptron({ sizes: [2, 4, 1], outputBias: false });
    const start = bare.init(3, "float64");
    expect(start.layers[1]).not.toHaveProperty("bias");
    expect(bare.parameterCount).toBe(2 * 4 + 4 + 4);
    const step = compile(
      valueAndGrad((p: typeof start, x: HostTensor) => sum(bare.apply(p, x))),
      [specOf(start), specOf(array([1, 2]))],
      reference(),
    );
    const [, gradient] = step.callSync(start, array([1, 2])) as unknown as [HostTensor, typeof start];
    expect(gradient.layers.map((layer) => layer.weight.shape)).toEqual([
      [2, 4],
      [4, 1],
    ]);
  });

  it("refuses sizes that make no network", () => {
    expect(() => multilayerPerceptron({ sizes: [2] })).toThrow(
      "Cannot make a network: expected at least two positive integers as sizes, got [2]",
    );
  });
});

describe("initializers", () => {
  const place = { inputs: 40, outputs: 60, index: 1, count: 3 };
  const deviation = (values: readonly number[]): number =>
    Math.sqrt(values.reduce((total, value) => total + value * value, 0) / values.length);
  const weights = (name: InitializerName, at = place): number[] => {
    const sizes = [at.inputs, at.outputs];
    expect(sizes).toHaveLength(2);
    return initializers[name].weight(hostRandom(5), at);
  };

  it.each<[InitializerName, number]>([
    ["pytorchDefault", 1 / Math.sqrt(3 * 40)],
    ["glorotUniform", Math.sqrt(2 / 100)],
    ["glorotNormal", Math.sqrt(2 / 100)],
    ["heNormal", Math.sqrt(2 / 40)],
    ["orthogonal", Math.sqrt(40 / (40 * 60))],
    ["lagrangian", 0.58 / Math.sqrt(60)],
    ["zeros", 0],
  ])("%s has the published deviation", (name, sigma) => {
    expect(Math.abs(deviation(weights(name)) - sigma)).toBeLessThanOrEqual(0.04 * sigma);
  });

  it("lagrangian treats the first and the last layer apart", () => {
    expect(deviation(weights("lagrangian", { ...place, index: 0 })) * Math.sqrt(60)).toBeCloseTo(2.2, 1);
    expect(deviation(weights("lagrangian", { ...place, index: 2 })) / Math.sqrt(60)).toBeCloseTo(1, 1);
  });

  it.each([
    [40, 60],
    [60, 40],
  ])("orthogonal [%i, %i] has orthonormal rows or columns", (inputs, outputs) => {
    const matrix = weights("orthogonal", { ...place, inputs, outputs });
    const entry = (i: number, k: number): number =>
      matrix[inputs <= outputs ? i * outputs + k : k * outputs + i] as number;
    for (const [i, j] of [
      [0, 0],
      [0, 1],
      [7, 39],
      [39, 39],
    ] as const) {
      let product = 0;
      for (let k = 0; k < 60; k++) product += entry(i, k) * entry(j, k);
      expect(product).toBeCloseTo(i === j ? 1 : 0, 14);
    }
  });

  it("depends on the seed and the layer alone", () => {
    const network = multilayerPerceptron({ sizes: [2, 8, 8, 1] });
    const wider = multilayerPerceptron({ sizes: [2, 8, 8, 5] });
    expect(network.init(1)).toEqual(network.init(1));
    expect(network.init(1).layers[1]).toEqual(wider.init(1).layers[1]);
    expect(network.init(1).layers[0]).not.toEqual(network.init(2).layers[0]);
    expect(network.init(1).layers[0]?.weight.dtype).toBe("float32");
    expect(deviation(normalInitializer(0.5).weight(hostRandom(1), place))).toBeCloseTo(0.5, 1);
  });
});

describe("activations", () => {
  it.each<[ActivationName, (x: number) => number]>([
    ["tanh", Math.tanh],
    ["softplus", (x) => Math.log1p(Math.exp(x))],
    ["relu", (x) => Math.max(x, 0)],
    ["sin", Math.sin],
    ["sigmoid", (x) => 1 / (1 + Math.exp(-x))],
    ["swish", (x) => x / (1 + Math.exp(-x))],
  ])("%s", (name, formula) => {
    const points = [-3, -0.5, 0, 0.25, 2];
    const values = (evaluate(activations[name], array(points)) as HostTensor).data;
    points.forEach((x, i) => {
      expect(values[i]).toBeCloseTo(formula(x), 14);
    });
  });
});
