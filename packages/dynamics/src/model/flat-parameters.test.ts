import { array, evaluate, type Tensor } from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { flatBounds, flatten, parameterLeaves, unflatten, unflattenHost } from "./flat-parameters.ts";

const parameters = {
  layers: [
    {
      weight: array([
        [1, 2],
        [3, 4],
      ]),
      bias: array([5]),
    },
  ],
  scale: array([6, 7]),
  count: array(Int32Array.of(8)),
};

describe("flat parameters", () => {
  it("names leaves as JavaScript writes them and leaves integers and frozen ones out", () => {
    const leaves = parameterLeaves(parameters, ["scale"]);
    expect(leaves.map(({ name }) => name)).toEqual(["layers[0].weight", "layers[0].bias", "scale", "count"]);
    expect(leaves.map(({ trainable }) => trainable)).toEqual([true, true, false, false]);
    expect([...flatten(parameters)]).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect([...flatten(parameters, ["scale"])]).toEqual([1, 2, 3, 4, 5]);
  });

  it("puts a vector back, on the host and traced", () => {
    const vector = Float64Array.of(10, 20, 30, 40, 50);
    const host = unflattenHost(parameters, vector, ["scale"]);
    expect(host.layers[0]?.weight).toEqual(
      array([
        [10, 20],
        [30, 40],
      ]),
    );
    expect(host.scale).toBe(parameters.scale);
    const traced = evaluate(
      (x: Tensor) => unflatten(parameters, x, ["scale"]).layers as unknown as Tensor,
      array(vector),
    );
    expect(traced).toEqual(host.layers);
  });

  it("spreads bounds over the numbers of a parameter", () => {
    const { lower, upper } = flatBounds({ bounds: { scale: [0, 9] } }, parameters);
    expect(lower).toEqual([...new Array<number>(5).fill(Number.NEGATIVE_INFINITY), 0, 0]);
    expect(upper).toEqual([...new Array<number>(5).fill(Number.POSITIVE_INFINITY), 9, 9]);
  });
});
