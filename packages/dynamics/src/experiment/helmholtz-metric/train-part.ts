/**
 * One training of the experiment: data, the fit of g, and what is measured of it.
 */
import { array, convert } from "@leastaction/tensor";
import { type MetricNetwork, metricNetwork } from "../../diagnostic/helmholtz/metric-network.ts";
import type { MetricField } from "../../diagnostic/helmholtz/second-order-field.ts";
import { hostRandom } from "../../random/host-random.ts";
import { fitMetric, type MetricCurveRow } from "../../train/fit-metric.ts";
import type {
  ExperimentContext,
  ExperimentCurve,
  ExperimentOutcome,
  ExperimentRequest,
  ExperimentSetting,
} from "../experiment.ts";
import { metricMeasurer } from "./measure-metric.ts";
import type { MetricSystem } from "./metric-system.ts";
import { douglasIv } from "./metric-systems.ts";
import { frozenControl, type MetricPart, type MetricSizes, otherFieldControl } from "./settings.ts";
import { pointSize, trajectorySource } from "./trajectories.ts";

/** Rows of a curve. */
const intervals = 200;
/** Independent streams of a seed. */
const [trainingStream, testStream] = [1, 2];

/** The sizes of a part, within those of the form. */
export function sizesOf(part: MetricPart, sizes: MetricSizes): MetricSizes {
  return {
    ...sizes,
    testTrajectories: Math.min(part.testTrajectories, sizes.testTrajectories),
    samples: Math.min(part.system.samples, sizes.samples),
  };
}

/** What is set in a training, for its record. */
export function settingOf(part: MetricPart, sizes: MetricSizes, rate: number): ExperimentSetting {
  const { patience, ...counts } = sizesOf(part, sizes);
  return {
    system: part.system.name,
    duration: part.system.duration,
    ...counts,
    noise: { share: 0.05, taken: part.system.noise },
    data: "DOP853, rtol = atol = 1e-9",
    metricDependsOnTime: part.timeDependent,
    network: [pointSize, 64, 64, 3],
    optimizer: "RAdam",
    rate,
    plateau: { factor: 0.5, patience, threshold: 0.01 },
    clip: 10,
    dtype: "float32",
  };
}

/** What a training gives, beside what was asked of it. */
export type PartOutcome = Pick<ExperimentOutcome, "status" | "steps" | "seconds" | "measures" | "curves">;

/** Fits g of a part on its own data and measures it on other trajectories; null when it was interrupted. */
export async function trainPart(
  part: MetricPart,
  sizes: MetricSizes,
  request: ExperimentRequest,
  context: ExperimentContext,
): Promise<PartOutcome | null> {
  const { target, signal, checkpoints, onProgress } = context;
  const { seed } = request;
  const { trainingTrajectories, testTrajectories, samples, batch, steps, patience } = sizesOf(part, sizes);
  const system = systemOf(part, request.control);
  const network = metricNetwork({ dimensions: 2, timeDependent: part.timeDependent });
  const draw = trajectorySource(system, { samples, target });
  const training = await draw(hostRandom(seed).fork(trainingStream), trainingTrajectories);
  const before = Number(checkpoints?.last?.facts.elapsed ?? 0);
  const start = performance.now();
  const fitted = await fitMetric({
    field: system.field,
    points: array(training.points, [training.count, samples, pointSize]),
    network: request.control === frozenControl ? frozen(network, seed) : network,
    steps,
    batch,
    seed,
    schedule: { initial: part.rate[request.form], factor: 0.5, patience, threshold: 1e-2 },
    clip: 10,
    intervals,
    target,
    signal,
    ...(checkpoints === undefined ? {} : { checkpoints }),
    onStep: (step, loss) => onProgress?.(step / steps, loss),
  });
  if (fitted.status === "stopped") return null;
  const seconds = before + (performance.now() - start) / 1000;
  const test = await draw(hostRandom(seed).fork(testStream), testTrajectories);
  const measure = metricMeasurer<typeof fitted.parameters>(system, network as never, test, target);
  const after = await measure(fitted.parameters);
  return {
    status: fitted.status,
    steps: fitted.steps,
    seconds,
    measures: finite({
      start: (await measure(network.init(seed, "float32"))).total,
      total: after.total,
      h1: after.h1,
      h2: after.h2,
      h3: after.h3,
      identity: (await metricMeasurer(system, { metric: () => identity }, test, target)({})).total,
      errorDiagonal: after.errors?.diagonal ?? null,
      errorBeside: after.errors?.beside ?? null,
      errorByMean: after.errors?.byMean ?? null,
      redrawnStarts: training.redrawn,
    }),
    curves: curvesOf(fitted.curve),
  };
}

const identity: MetricField = (t) =>
  convert(
    array([
      [1, 0],
      [0, 1],
    ]),
    t.dtype,
  );

/** With the control, what has a Lagrangian is given a motion that has none. */
function systemOf({ system, exists }: MetricPart, control: string | null): MetricSystem {
  return control === otherFieldControl && exists ? douglasIv : system;
}

/** The network whose g stays what it was at the start: nothing can be learned. */
function frozen(network: MetricNetwork, seed: number): MetricNetwork {
  return { init: network.init, metric: () => network.metric(network.init(seed, "float32") as never) };
}

function finite(measures: Readonly<Record<string, number | null>>): Readonly<Record<string, number | null>> {
  const kept = ([name, value]: [string, number | null]): [string, number | null] => {
    return [name, value !== null && Number.isFinite(value) ? value : null];
  };
  return Object.fromEntries(Object.entries(measures).map(kept));
}

function curvesOf(rows: readonly MetricCurveRow[]): readonly ExperimentCurve[] {
  const steps = rows.map(({ step }) => step);
  return (["total", "h1", "h2", "h3"] as const).map((name) => ({ name, steps, values: rows.map((row) => row[name]) }));
}
