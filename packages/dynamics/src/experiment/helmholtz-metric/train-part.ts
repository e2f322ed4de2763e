/**
 * One training of the experiment: data, the fit of g, and what is measured of it.
 */
import { array, convert } from "@leastaction/tensor";
import { type MetricNetwork, metricNetwork } from "../../diagnostic/helmholtz/metric-network.ts";
import type { MetricField } from "../../diagnostic/helmholtz/second-order-field.ts";
import { hostRandom } from "../../random/host-random.ts";
import type { Checkpoints, SavedState } from "../../train/checkpoint.ts";
import { type FitMetricOptions, type FittedMetric, fitMetric, type MetricCurveRow } from "../../train/fit-metric.ts";
import { refineMetric } from "../../train/refine-metric.ts";
import type {
  ExperimentContext,
  ExperimentCurve,
  ExperimentForm,
  ExperimentOutcome,
  ExperimentRequest,
  ExperimentSetting,
} from "../experiment.ts";
import { finiteCurve, finiteMeasures } from "../finite-outcome.ts";
import { trainingSeconds } from "../training-seconds.ts";
import { type ChosenStart, chooseStart, startingAt } from "./choose-start.ts";
import { type MetricMeasures, metricMeasurer } from "./measure-metric.ts";
import type { MetricSystem } from "./metric-system.ts";
import { douglasIv } from "./metric-systems.ts";
import {
  frozenControl,
  type MetricPart,
  type MetricRefinement,
  type MetricSizes,
  otherFieldControl,
} from "./settings.ts";
import { pointSize, trajectorySource } from "./trajectories.ts";

type Parameters = ReturnType<MetricNetwork["init"]>;

/** Rows of a curve. */
const intervals = 200;
/** Independent streams of a seed. */
const [trainingStream, testStream] = [1, 2];

/** The sizes of a part, within those of the form. */
function sizesOf(part: MetricPart, sizes: MetricSizes, form: ExperimentForm): MetricSizes {
  return {
    ...sizes,
    steps: part.refinement?.[form].steps ?? sizes.steps,
    testTrajectories: Math.min(part.testTrajectories, sizes.testTrajectories),
    samples: Math.min(part.system.samples, sizes.samples),
  };
}

/** What is set in a training, for its record. */
export function settingOf(
  part: MetricPart,
  sizes: MetricSizes,
  { form, control }: Pick<ExperimentRequest, "form" | "control">,
): ExperimentSetting {
  const system = systemOf(part, control);
  const { patience, starts, trialSteps, ...counts } = sizesOf(part, sizes, form);
  const refinement = part.refinement?.[form];
  return {
    system: system.name,
    duration: system.duration,
    ...counts,
    noise: { share: 0.05, taken: system.noise },
    data: "DOP853, rtol = atol = 1e-9",
    metricDependsOnTime: part.timeDependent,
    network: [pointSize, 64, 64, 3],
    ...(control === frozenControl ? { frozen: true } : {}),
    starts: { tried: starts, steps: trialSteps },
    optimizer: "RAdam",
    rate: part.rate[form],
    plateau: { factor: 0.5, patience, threshold: 0.01 },
    clip: 10,
    dtype: "float32",
    ...(refinement === undefined ? {} : { refinement: { by: "L-BFGS", ...refinement, dtype: "float64" } }),
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
  const { target } = context;
  const { seed } = request;
  const own = sizesOf(part, sizes, request.form);
  const { trainingTrajectories, testTrajectories, samples, starts, trialSteps } = own;
  const system = systemOf(part, request.control);
  const draw = trajectorySource(system, { samples, target });
  const training = await draw(hostRandom(seed).fork(trainingStream), trainingTrajectories);
  const plain = metricNetwork({ dimensions: 2, timeDependent: part.timeDependent });
  const networkAt = (start: number): MetricNetwork => {
    const network = startingAt(plain, seed, start);
    return request.control === frozenControl ? frozen(network) : network;
  };
  const options = {
    ...fitOptions(part, own, request, context),
    field: system.field,
    points: array(training.points, [training.count, samples, pointSize]),
  };
  const begin = performance.now();
  const chosen = startOf(context.checkpoints) ?? (await chooseStart({ starts, trialSteps }, networkAt, options));
  if (chosen === null) return null;
  const network = networkAt(chosen.start);
  const trained = await fitAndRefine({ ...options, network }, part.refinement?.[request.form], chosen, context);
  if (trained === null) return null;
  const { status, steps, parameters, curve, others } = trained;
  const seconds = trainingSeconds(context, begin);
  const test = await draw(hostRandom(seed).fork(testStream), testTrajectories);
  const measure = metricMeasurer<typeof parameters>(system, plain as never, test, target);
  return {
    status,
    steps,
    seconds,
    measures: measuresOf({
      before: await measure(network.init(seed, "float32")),
      after: await measure(parameters),
      identity: part.exists ? null : await metricMeasurer(system, { metric: () => identity }, test, target)({}),
      others: { chosenStart: chosen.start, redrawnStarts: training.redrawn, ...others },
    }),
    curves: [
      ...curvesOf(curve),
      finiteCurve({ name: "trials", steps: chosen.trials.map((_, i) => i), values: chosen.trials }),
    ],
  };
}

/** A g after both pieces of its training. */
interface TrainedMetric extends Pick<FittedMetric<Parameters>, "parameters" | "curve" | "steps"> {
  readonly status: PartOutcome["status"];
  /** What the second piece tells. */
  readonly others: Readonly<Record<string, number>>;
}

/** Both pieces of a training, the second where the part has one; null when it was interrupted. */
async function fitAndRefine(
  options: FitMetricOptions<Parameters>,
  refinement: MetricRefinement | undefined,
  chosen: ChosenStart,
  { checkpoints, onProgress }: ExperimentContext,
): Promise<TrainedMetric | null> {
  const all = options.steps + (refinement?.iterations ?? 0);
  const last = checkpoints?.last ?? null;
  const keeping = (from: SavedState | null, facts: SavedState["facts"]): { readonly checkpoints?: Checkpoints } =>
    checkpoints === undefined ? {} : { checkpoints: keptBeside(checkpoints, from, { ...chosen, ...facts }) };
  const before = firstPieceOf(last, options.network);
  const { status, ...fitted } =
    before ??
    (await fitMetric({
      ...options,
      ...keeping(last, {}),
      onStep: (step, loss) => onProgress?.(step / all, loss),
    }));
  if (status === "stopped") return null;
  if (refinement === undefined || status === "diverged") return { ...fitted, status, others: {} };
  const { steps, curve } = fitted;
  const refined = await refineMetric({
    ...options,
    ...refinement,
    parameters: fitted.parameters,
    ...keeping(before === null ? null : last, { fitted: { steps, curve: curve.map((row) => ({ ...row })) } }),
    onStep: (iteration, loss) => onProgress?.((steps + iteration) / all, loss),
  });
  if (refined.status === "stopped") return null;
  const { parameters, total: sampleTotal, evaluations, iterations } = refined;
  return { status, curve, parameters, steps: steps + iterations, others: { sampleTotal, evaluations } };
}

/** The first piece of a training that stopped in the second, whose state has the parameters; null of one that did not. */
function firstPieceOf(
  last: SavedState | null,
  network: FitMetricOptions<Parameters>["network"],
): Pick<FittedMetric<Parameters>, "parameters" | "curve" | "steps" | "status"> | null {
  const fitted = last?.facts.fitted as unknown as Pick<TrainedMetric, "curve" | "steps"> | undefined;
  if (fitted === undefined) return null;
  return { ...fitted, status: "finished", parameters: network.init(0, "float32") };
}

function fitOptions(part: MetricPart, sizes: MetricSizes, request: ExperimentRequest, context: ExperimentContext) {
  const { batch, steps, patience } = sizes;
  const { target, signal } = context;
  const schedule = { initial: part.rate[request.form], factor: 0.5, patience, threshold: 1e-2 };
  return { steps, batch, seed: request.seed, schedule, clip: 10, intervals, target, signal };
}

/** The start that was chosen before a training stopped: it lies beside what the training keeps. */
function startOf(checkpoints: Checkpoints | undefined): ChosenStart | null {
  const facts = checkpoints?.last?.facts;
  return facts === undefined ? null : { start: Number(facts.start), trials: facts.trials as readonly number[] };
}

/** Checkpoints that go on from `last` and hold some facts of the experiment beside those of the training. */
function keptBeside({ offer }: Checkpoints, last: SavedState | null, beside: SavedState["facts"]): Checkpoints {
  return {
    last,
    offer: (state, moment) => {
      const together = (): SavedState => {
        const { facts, tensors } = state();
        return { facts: { ...facts, ...beside }, tensors };
      };
      return offer(together, moment);
    },
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
function frozen({ init, metric }: MetricNetwork): MetricNetwork {
  return { init, metric: () => metric(init(0, "float32") as never) };
}

interface Measured {
  readonly before: MetricMeasures;
  readonly after: MetricMeasures;
  /** With g = 1; null where that tells nothing. */
  readonly identity: MetricMeasures | null;
  readonly others: Readonly<Record<string, number>>;
}

function measuresOf({ before, after, identity: plain, others }: Measured): ExperimentOutcome["measures"] {
  const { h1, h2, h3, total, errors } = after;
  return finiteMeasures({
    start: before.total,
    total,
    h1,
    h2,
    h3,
    identity: plain?.total ?? null,
    errorDiagonal: errors?.diagonal ?? null,
    errorBeside: errors?.beside ?? null,
    errorByMean: errors?.byMean ?? null,
    ...others,
  });
}

/** To six digits: they are drawn. */
function curvesOf(rows: readonly MetricCurveRow[]): readonly ExperimentCurve[] {
  const steps = rows.map(({ step }) => step);
  const short = (value: number): number => Number(value.toPrecision(6));
  return (["total", "h1", "h2", "h3"] as const).map((name) => {
    return finiteCurve({ name, steps, values: rows.map((row) => short(row[name])) });
  });
}
