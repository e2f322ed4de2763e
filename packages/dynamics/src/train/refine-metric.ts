/**
 * A matrix g that has been fitted to the Helmholtz conditions, carried on to the bottom: L-BFGS on a fixed sample of points.
 *
 * Batches that change keep gradient descent at the level of their differences, and a falling rate stops it above that. On
 * a sample that stays, the metric is a smooth function of the parameters, and its curvature can be learned.
 */
import {
  array,
  compile,
  type HostTensor,
  sum,
  type Target,
  type Tensor,
  valueAndGrad,
  wasm,
} from "@leastaction/tensor";
import { flatten, unflattenHost } from "../model/flat-parameters.ts";
import { limitedMemoryBfgs, type MinimisationState, type Minimum } from "../optim/limited-memory-bfgs.ts";
import { hostRandom } from "../random/host-random.ts";
import type { Checkpoints, SavedState } from "./checkpoint.ts";
import { inDouble } from "./in-double.ts";
import { expectMetricPoints, type MetricQuestion, metricTerms } from "./metric-terms.ts";
import { readState, savedFloats } from "./read-state.ts";
import { clockOf, type RunControl } from "./run-control.ts";

/** Options of `refineMetric`; parameters of g are a tree `P`. */
export interface RefineMetricOptions<P> extends MetricQuestion<P>, Pick<RunControl, "signal"> {
  /** A tree of host tensors to start from, for instance those of `fitMetric`. */
  readonly parameters: P;
  /** Points drawn of those of the motions, as many of each motion as of any other, times at random; default 16,384. */
  readonly samples?: number;
  readonly iterations: number;
  /** Pairs of steps that L-BFGS keeps; default 50. */
  readonly memory?: number;
  /** Seed of the sample; default 0. */
  readonly seed?: number;
  /** Default `wasm()`. */
  readonly target?: Target;
  /** Called after each iteration with the metric on the sample. */
  readonly onStep?: (iteration: number, total: number) => void;
  /** Where states are kept to go on from; all other options must be those of the search that stopped. */
  readonly checkpoints?: Checkpoints;
}

/** A refined matrix. */
export interface RefinedMetric<P> extends Omit<Minimum, "parameters" | "value"> {
  /** A tree of host tensors, float64. */
  readonly parameters: P;
  /** The metric on the sample. */
  readonly total: number;
}

/**
 * Minimises the mean of the metric over a sample of the points, in float64.
 *
 * Going on from a checkpoint gives the same numbers, bit for bit, as never stopping; `parameters` then tell the structure only.
 *
 * @example
 * const points = array(Array.from({ length: 8 }, (_, i) => [0, 0.5, 1].map((t) => [t, 1 + i * Math.exp(-t), -i * Math.exp(-t)])));
 * const question = {
 *   field: (_t: Tensor, x: Tensor, v: Tensor) => sub(neg(x), mul(2, v)),
 *   points,
 *   network: metricNetwork({ dimensions: 1, hidden: [8], timeDependent: true }),
 * };
 * const { parameters, curve } = await fitMetric({ ...question, steps: 20 });
 * const { total } = await refineMetric({ ...question, parameters, samples: 24, iterations: 50 });
 * total < 0.1 * (curve.at(-1)?.total ?? 0); // => true
 *
 * Errors: points of another shape or not finite, the state of another search.
 * Source: the metric of Wolf, Buck, Schäfer, 2025, arXiv:2510.06367; `limitedMemoryBfgs`.
 */
export async function refineMetric<P>(options: RefineMetricOptions<P>): Promise<RefinedMetric<P>> {
  const { iterations, memory, signal, target = wasm(), checkpoints, onStep } = options;
  const structure = inDouble(options.parameters);
  const sample = sampleOf(options);
  const terms = metricTerms(options);
  const total = (parameters: P, points: Tensor): Tensor => sum(terms(parameters, points));
  const program = compile(
    ((parameters: P, points: Tensor) => valueAndGrad((own: P) => total(own, points))(parameters)) as never,
    [structure, sample] as never,
    target,
  );
  const evaluate = async (vector: Float64Array) => {
    const parameters = unflattenHost(structure, vector);
    const [value, gradient] = (await program.call(parameters as never, sample as never)) as [HostTensor, P];
    return { value: value.data[0] as number, gradient: flatten(gradient) };
  };
  const start = flatten(structure);
  const last = checkpoints?.last ?? null;
  const clock = clockOf({ signal }, last === null ? 0 : readState(last).number("elapsed"));
  const { parameters, value, ...rest } = await limitedMemoryBfgs(
    evaluate,
    last === null ? start : searchOf(last, start.length),
    {
      maxIterations: iterations,
      ...(memory === undefined ? {} : { memory }),
      signal,
      onIteration: async (iteration, now, state) => {
        onStep?.(iteration, now);
        await clock.rest();
        const [elapsed, ends] = [clock.elapsed(), clock.aborted()];
        const at = { steps: iteration, reports: iteration, elapsed, now: ends };
        await checkpoints?.offer(() => savedSearch(state(), elapsed), at);
      },
    },
  );
  return { parameters: unflattenHost(structure, parameters), total: value, ...rest };
}

/** As many points of each motion, at random times: [1, samples, 1 + 2 n]. */
function sampleOf<P>({ points, samples = 16_384, seed = 0 }: RefineMetricOptions<P>): HostTensor {
  expectMetricPoints(points);
  const [motions, times, width] = points.shape as [number, number, number];
  const random = hostRandom(seed).fork(79);
  const drawn = new Float64Array(samples * width);
  for (let k = 0; k < samples; k++) {
    const row = (k % motions) * times + Math.floor(times * random.uniform());
    drawn.set(points.data.subarray(row * width, (row + 1) * width), k * width);
  }
  return array(drawn, [1, samples, width]);
}

function savedSearch(
  { parameters, steps, changes, iterations, evaluations }: MinimisationState,
  elapsed: number,
): SavedState {
  const together = (vectors: readonly Float64Array[]): HostTensor => {
    const all = new Float64Array(vectors.length * parameters.length);
    for (const [k, vector] of vectors.entries()) all.set(vector, k * parameters.length);
    return savedFloats(all);
  };
  return {
    facts: { iterations, evaluations, elapsed },
    tensors: { parameters: savedFloats(parameters), steps: together(steps), changes: together(changes) },
  };
}

function searchOf(saved: SavedState, count: number): MinimisationState {
  const { number, floats } = readState(saved);
  const parameters = floats("parameters", count);
  const all = floats("steps");
  const apart = (vectors: Float64Array): readonly Float64Array[] =>
    Array.from({ length: all.length / count }, (_, k) => vectors.slice(k * count, (k + 1) * count));
  return {
    parameters,
    steps: apart(all),
    changes: apart(floats("changes", all.length)),
    iterations: number("iterations"),
    evaluations: number("evaluations"),
  };
}
