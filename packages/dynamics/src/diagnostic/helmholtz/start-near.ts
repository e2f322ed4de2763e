/**
 * A network for g that starts near a given matrix, with the signature of that, in place of a matrix drawn at random.
 *
 * Regular matrices of different signature are apart: a way between them leads over singular ones, at which every metric is
 * large. Of n coordinates there are n + 1 signatures, and a matrix drawn at random seldom has the one that is needed.
 */
import { array, type HostTensor } from "@leastaction/tensor";
import { hostMath } from "../../host-math/host-math.ts";
import type { MetricNetwork } from "./metric-network.ts";

/** What is left of the weights of the last layer, so that g varies by about a twentieth of 1 at first. */
const share = 0.1;

/**
 * The network with other initial parameters: biases of the last layer that give `g`, a tenth of its weights.
 *
 * @param g [n, n], symmetric, of entries near 1 in size (`normaliseField`)
 */
export function startNear(network: MetricNetwork, g: HostTensor): MetricNetwork {
  const n = g.shape[0] as number;
  const entry = (i: number, j: number): number => g.data[i * n + j] as number;
  const numbers = Array.from({ length: n }, (_, i) => {
    return Array.from({ length: n - i }, (_each, k) => inverseSinh(k === 0 ? entry(i, i) / 2 : entry(i, i + k)));
  }).flat();
  return Object.freeze({
    metric: network.metric,
    init: (...options: Parameters<MetricNetwork["init"]>) => {
      const { layers } = network.init(...options);
      const [weight, bias] = [layers.at(-1)?.weight, layers.at(-1)?.bias] as [HostTensor, HostTensor];
      const like = (data: number[], { shape, dtype }: HostTensor): HostTensor =>
        array(dtype === "float32" ? Float32Array.from(data) : Float64Array.from(data), shape);
      const last = {
        weight: like(
          Array.from(weight.data, (w) => share * w),
          weight,
        ),
        bias: like(numbers, bias),
      };
      return { layers: [...layers.slice(0, -1), last] };
    },
  });
}

function inverseSinh(x: number): number {
  const size = Math.abs(x);
  return Math.sign(x) * hostMath.log(size + Math.sqrt(size * size + 1));
}
