/**
 * The experiment `lagrangian-ode`: pairs of neural ODEs of second order, trained from seven noisy positions alone with the
 * Helmholtz metric and without it. Both of a pair have the same data and the same start; what is compared is how far the
 * motions are from the true ones, above all where nothing was measured.
 */
import { lagrangianOde } from "../../model/lagrangian-ode.ts";
import { trainLagrangianOde } from "../../train/train-lagrangian-ode.ts";
import { compareErrors } from "../compare-errors.ts";
import type {
  Experiment,
  ExperimentContext,
  ExperimentFigure,
  ExperimentOutcome,
  ExperimentRequest,
  ExperimentRow,
  ExperimentSetting,
} from "../experiment.ts";
import { finiteCurve, finiteMeasures } from "../finite-outcome.ts";
import { trainingSeconds } from "../training-seconds.ts";
import { evaluateField } from "./evaluate-field.ts";
import { evaluateMotions } from "./evaluate-motions.ts";
import { testOscillators, trainingOscillators } from "./oscillators.ts";
import { lagrangianOdeSizes } from "./settings.ts";

const regularised = "regularised";
const unregularised = "unregularised";
const withoutMetric = "without-metric";

/** The experiment. */
export const lagrangianOdeExperiment: Experiment = Object.freeze({
  name: "lagrangian-ode",
  title: "What the Helmholtz metric brings: neural ODEs trained with it and without",
  source:
    "Wolf, Buck, Schäfer, 2025, Lagrangian neural ODEs: measuring the existence of a Lagrangian with Helmholtz metrics, arXiv:2510.06367",
  parts: [
    { name: regularised, summary: "error of the positions and Helmholtz metric" },
    { name: unregularised, summary: "error of the positions alone" },
  ],
  controls: [{ name: withoutMetric, summary: "the regularised one of a pair goes without the metric, too" }],
  seeds: { full: 40, quick: 3 },
  setting,
  run,
  statistic: { ours: "geometric mean", spread: "95 % interval" },
  rows,
  figures,
} satisfies Experiment);

function setting({ part, form, control }: Omit<ExperimentRequest, "seed">): ExperimentSetting {
  const { weight, seedOffset } = changedBy(part, control);
  return {
    ...lagrangianOdeSizes[form],
    weight,
    networks: "16; 64, 64; 16, 16, 16",
    ...(seedOffset === 0 ? {} : { seedOffset }),
  };
}

/** The weight of the metric, and what is added to the seed of the training. */
function changedBy(part: string, control: string | null): { readonly weight: number; readonly seedOffset: number } {
  if (part === unregularised) return { weight: 0, seedOffset: 0 };
  // The control is another training only where its seed is another: equal trainings would be equal to the last bit.
  return control === withoutMetric ? { weight: 0, seedOffset: 500_000 } : { weight: 1, seedOffset: 0 };
}

async function run(request: ExperimentRequest, context: ExperimentContext): Promise<ExperimentOutcome | null> {
  const { part, form, seed, control } = request;
  const sizes = lagrangianOdeSizes[form];
  const { steps, batch, halfTimesAt, rate, patience } = sizes;
  const { weight, seedOffset } = changedBy(part, control);
  const ode = lagrangianOde({ dimensions: 2 });
  const begin = performance.now();
  const trained = await trainLagrangianOde({
    ode,
    steps,
    batch,
    halfTimesAt,
    rate,
    patience,
    seed: seed + seedOffset,
    weight,
    ...trainingOscillators(sizes, seed),
    target: context.target,
    signal: context.signal,
    ...(context.checkpoints === undefined ? {} : { checkpoints: context.checkpoints }),
    onStep: (step, loss) => context.onProgress?.(step / steps, Number.isFinite(loss) ? loss : null),
  });
  if (trained.status === "stopped") return null;
  const seconds = trainingSeconds(context, begin);
  const starts = testOscillators(sizes, seed);
  const { field, start } = trained.parameters;
  const motions = { parameters: { field, start }, scaling: trained.scaling };
  const errors = {
    ...evaluateMotions(ode, motions, starts, sizes, context.target),
    ...evaluateField(ode, trained, starts, sizes, context.target),
  };
  return {
    experiment: "lagrangian-ode",
    ...request,
    setting: setting(request),
    status: trained.status === "diverged" ? "diverged" : "finished",
    steps: trained.steps,
    seconds,
    measures: finiteMeasures({ ...errors, restarts: trained.restarts }),
    curves: [finiteCurve({ name: part, steps: trained.ends, values: trained.losses })],
  };
}

/** Three pairs cannot show more than a clear fall where nothing was measured. */
const quickBar = 0.5;
/** The rows that the comparison is judged by, in the order in which they are told. */
const judged = ["x inside", "v inside", "a inside", "x beyond", "v beyond", "a beyond"];
const told = [...judged, "f inside", "f beyond", ...judged.map((name) => `${name}, exact start`)];

function rows(outcomes: readonly ExperimentOutcome[]): readonly ExperimentRow[] {
  return told.map((measure) => rowOf(measure, outcomes));
}

/** exp of the mean difference of ln MSE over the pairs, with its 95 % interval. */
function rowOf(measure: string, outcomes: readonly ExperimentOutcome[]): ExperimentRow {
  const errorOf = (part: string, seed: number): number | null => {
    const found = outcomes.find((outcome) => outcome.part === part && outcome.seed === seed);
    return found?.status === "finished" ? (found.measures[measure] ?? null) : null;
  };
  const seeds = [...new Set(outcomes.map(({ seed }) => seed))].filter((seed) =>
    [regularised, unregularised].every((part) => outcomes.some((one) => one.part === part && one.seed === seed)),
  );
  const pairs = seeds
    .map((seed) => [errorOf(regularised, seed), errorOf(unregularised, seed)] as const)
    .filter((pair): pair is readonly [number, number] => pair[0] !== null && pair[1] !== null);
  const isQuick = outcomes[0]?.form === "quick";
  const isJudged = judged.includes(measure) && (!isQuick || measure.endsWith("beyond"));
  const facts = {
    grid: null,
    name: measure,
    quantity: "R: error with the metric over error without",
    published: null,
    seeds,
    bar: isJudged ? ({ is: "at most", value: isQuick ? quickBar : 1 } as const) : null,
  };
  if (pairs.length < 2)
    return { ...facts, ours: null, spread: null, holds: isJudged ? false : null, note: "too few pairs" };
  const { value, interval, p } = compareErrors(pairs);
  const lost = seeds.length - pairs.length;
  return {
    ...facts,
    ours: value,
    spread: interval,
    holds: isJudged ? (isQuick ? value <= quickBar : interval[1] < 1 && p < 0.01) : null,
    note: `${pairs.length} pairs; Welch p = ${p.toPrecision(2)}${lost === 0 ? "" : `; ${lost} failed`}`,
  };
}

function figures(outcomes: readonly ExperimentOutcome[]): readonly ExperimentFigure[] {
  return [
    {
      name: "losses",
      caption: "The loss over the training, means of hundredths: with the metric and without",
      label: "loss",
      curves: outcomes.flatMap(({ curves }) => curves),
      levels: [],
    },
  ];
}
