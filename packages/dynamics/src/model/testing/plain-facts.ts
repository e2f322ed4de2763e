/**
 * Facts and samples of made-up data, for tests of models.
 */
import type { DatasetFacts, Samples } from "../model.ts";

/** Facts of `count` coordinates of order one; periodic where asked. */
export function plainFacts(count: number, periodic = false): DatasetFacts {
  return {
    coordinates: Array.from({ length: count }, (_, i) => ({
      name: `q${i + 1}`,
      periodic,
      centre: 0,
      scale: 1,
      velocityScale: 2,
      range: [-1, 1] as const,
      velocityRange: [-3, 3] as const,
      noise: 0,
    })),
    controls: [],
    dt: 0.05,
    frequency: 2,
    measuredVelocities: true,
  };
}

/** No samples. */
export const noSamples: Samples = {
  count: 0,
  observations: new Float64Array(0),
  rates: new Float64Array(0),
  controls: new Float64Array(0),
};
