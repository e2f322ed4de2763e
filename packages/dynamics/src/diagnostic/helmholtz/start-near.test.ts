import { array, evaluate, type Tensor } from "@leastaction/tensor";
import { expect, it } from "vitest";
import { metricNetwork } from "./metric-network.ts";
import { startNear } from "./start-near.ts";

it.each(["float32", "float64"] as const)("starts near the matrix, %s", (dtype) => {
  const wanted = [
    [1.2, 0.4, -0.1],
    [0.4, -0.9, 0.3],
    [-0.1, 0.3, 0.6],
  ];
  const network = startNear(metricNetwork({ dimensions: 3, timeDependent: true }), array(wanted));
  const typed = (values: number[]) =>
    array(dtype === "float32" ? Float32Array.from(values) : Float64Array.from(values));
  const parameters = network.init(4, dtype);
  const g = evaluate(
    (x: Tensor, v: Tensor, t: Tensor) => network.metric(parameters)(t, x, v),
    typed([1, -1, 0.5]),
    typed([0.3, 1, -2]),
    array(typed([0.2]).data, []),
  );
  wanted.flat().forEach((entry, i) => {
    expect(Math.abs((g.data[i] as number) - entry)).toBeLessThan(0.25);
  });
  // It is no constant: what it learns starts from different weights for each seed.
  expect(network.init(5, dtype).layers[0]?.weight.data).not.toEqual(parameters.layers[0]?.weight.data);
  expect(parameters.layers[2]?.weight.data.some((weight) => weight !== 0)).toBe(true);
});
