import { array, evaluate, type HostTensor } from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { metricNetwork } from "./metric-network.ts";

const softplus = (x: number): number => Math.log1p(Math.exp(x));

describe("metricNetwork", () => {
  it.each([1, 2, 3])("packs sinh of the network into a symmetric matrix with a doubled diagonal, n = %i", (n) => {
    const network = metricNetwork({ dimensions: n, hidden: [3], timeDependent: true });
    const parameters = network.init(5, "float64");
    const input = Array.from({ length: 1 + 2 * n }, (_, i) => 0.3 * i - 0.5);
    const at = [array(input[0] as number), array(input.slice(1, 1 + n)), array(input.slice(1 + n))] as const;
    const g = evaluate((...point) => network.metric(parameters)(...(point as never as [never, never, never])), ...at);
    const layer = (x: readonly number[], k: number): number[] => {
      const { weight, bias } = parameters.layers[k] as { weight: HostTensor; bias: HostTensor };
      return Array.from(bias.data, (b, j) =>
        x.reduce((sum, each, i) => sum + each * (weight.data[i * bias.data.length + j] as number), b),
      );
    };
    const numbers = layer(layer(input, 0).map(softplus), 1).map(Math.sinh);
    let next = 0;
    for (let i = 0; i < n; i++) {
      for (let j = i; j < n; j++) {
        const expected = (numbers[next++] as number) * (i === j ? 2 : 1);
        expect(g.data[i * n + j]).toBeCloseTo(expected, 13);
        expect(g.data[j * n + i]).toBe(g.data[i * n + j]);
      }
    }
  });

  it("knows time only if it may", () => {
    const g = (timeDependent: boolean, t: number): readonly number[] => {
      const network = metricNetwork({ dimensions: 1, timeDependent });
      const parameters = network.init(0, "float64");
      const metric = (...point: never[]) => network.metric(parameters)(...(point as never as [never, never, never]));
      return Array.from(evaluate(metric, array(t), array([1]), array([2])).data);
    };
    expect(g(false, 1)).toEqual(g(false, 2));
    expect(g(true, 1)).not.toEqual(g(true, 2));
  });

  it("refuses other numbers of dimensions", () => {
    expect(() => metricNetwork({ dimensions: 0, timeDependent: true })).toThrow(
      "Cannot make a network for a metric: expected a positive integer as dimensions, got 0\nGive the number",
    );
  });
});
