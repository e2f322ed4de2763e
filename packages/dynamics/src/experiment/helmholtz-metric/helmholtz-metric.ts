/**
 * The experiment `helmholtz-metric`: a network for g is fitted to the Helmholtz conditions of six given fields. Where a
 * Lagrangian exists the metric falls by decades, and g becomes its velocity Hessian; where none exists it stays.
 */
import { hostMath } from "../../host-math/host-math.ts";
import type { Experiment, ExperimentFigure, ExperimentForm, ExperimentOutcome, ExperimentRow } from "../experiment.ts";
import { type RowWords, rowOfSeeds } from "../row-of-seeds.ts";
import { keplerPolar } from "./metric-systems.ts";
import { frozenControl, type MetricPart, metricParts, metricSizes, otherFieldControl } from "./settings.ts";
import { settingOf, trainPart } from "./train-part.ts";

/** Decades: what the metric must fall by where a Lagrangian exists, and stand above that where none does. */
const bars: Readonly<
  Record<ExperimentForm, { readonly fall: number; readonly apart: number; readonly error: number }>
> = {
  full: { fall: 3, apart: 2, error: 3.7e-4 },
  quick: { fall: 2, apart: 2, error: 0.02 },
};

/** The published median error of g on the Kepler problem. */
const publishedError = 3.7e-4;

/** The experiment. */
export const helmholtzMetricExperiment: Experiment = Object.freeze({
  name: "helmholtz-metric",
  title: "Does a Lagrangian exist? Helmholtz metrics of known fields",
  source:
    "Wolf, Buck, Schäfer, 2025, Lagrangian neural ODEs: measuring the existence of a Lagrangian with Helmholtz metrics, arXiv:2510.06367",
  parts: metricParts.map(({ name, summary }) => ({ name, summary })),
  controls: [
    { name: frozenControl, summary: "g keeps its random start: nothing is learned" },
    { name: otherFieldControl, summary: "what has a Lagrangian is replaced by Douglas's case IV, which has none" },
  ],
  seeds: { full: 3, quick: 1 },
  setting: (request) => settingOf(partNamed(request.part), metricSizes[request.form], request),
  run: async (request, context) => {
    const part = partNamed(request.part);
    const found = await trainPart(part, metricSizes[request.form], request, context);
    if (found === null) return null;
    const setting = settingOf(part, metricSizes[request.form], request);
    return { experiment: "helmholtz-metric", ...request, setting, ...found };
  },
  statistic: { ours: "median", spread: "least to greatest" },
  rows,
  figures,
} satisfies Experiment);

function partNamed(name: string): MetricPart {
  return metricParts.find((part) => part.name === name) as MetricPart;
}

function rows(outcomes: readonly ExperimentOutcome[]): readonly ExperimentRow[] {
  const found = metricParts
    .map((part) => ({ part, own: outcomes.filter((outcome) => outcome.part === part.name) }))
    .filter(({ own }) => own.length > 0);
  return [
    ...found.filter(({ part }) => part.system === keplerPolar).flatMap(({ part, own }) => errorRows(part, own)),
    ...found.flatMap(({ part, own }) => metricRows(part, own)),
    ...apartRows(outcomes),
  ];
}

/** How far g is from the Hessian of the Lagrangian that is known. */
function errorRows(part: MetricPart, own: readonly ExperimentOutcome[]): readonly ExperimentRow[] {
  const { form } = own[0] as ExperimentOutcome;
  return [
    rowOf(part.name, own, (measures) => measures.errorDiagonal ?? null, {
      quantity: "median error of g against diag(mu, mu r²), relative",
      published: publishedError,
      bar: { is: "at most", value: bars[form].error },
      note: "diagonal entries; mu is learned at the start of each orbit",
    }),
    rowOf(part.name, own, (measures) => measures.errorByMean ?? null, {
      quantity: "the same of all entries, relative to the mean entry",
      note: "as the published code scales the errors of its oscillators",
    }),
  ];
}

function metricRows(part: MetricPart, own: readonly ExperimentOutcome[]): readonly ExperimentRow[] {
  const { form } = own[0] as ExperimentOutcome;
  const identity = own[0]?.measures.identity ?? null;
  const note = part.name === "damped" && identity !== null ? `${identity.toPrecision(3)} with g = 1` : "";
  return [
    rowOf(part.name, own, ({ total }) => total ?? null, { quantity: "metric on the test set", note }),
    rowOf(part.name, own, ({ start, total }) => decades(start, total), {
      quantity: "decades it fell by",
      ...(part.exists ? { bar: { is: "at least", value: bars[form].fall } } : {}),
    }),
  ];
}

/** The two of Douglas above all that have a Lagrangian, for the seeds with which all of them were trained. */
function apartRows(outcomes: readonly ExperimentOutcome[]): readonly ExperimentRow[] {
  const compared = metricParts.filter(
    ({ name, exists, refinement }) => refinement === undefined && (exists || name.startsWith("douglas")),
  );
  const seeds = [...new Set(outcomes.map(({ seed }) => seed))];
  const whole = seeds
    .map((seed) => compared.map(({ name }) => outcomes.find((one) => one.part === name && one.seed === seed)))
    .filter((own): own is ExperimentOutcome[] => own.every((one) => one !== undefined));
  if (whole.length === 0) return [];
  const apart = whole.map((own) => {
    const totals = (exists: boolean): readonly number[] =>
      own.filter((_, i) => compared[i]?.exists === exists).map(({ measures }) => measures.total ?? Number.NaN);
    return [own[0]?.seed ?? 0, decades(Math.min(...totals(false)), Math.max(...totals(true)))] as const;
  });
  const form = whole[0]?.[0]?.form ?? "full";
  return [
    rowOfSeeds(new Map(apart), {
      name: "all",
      quantity: "decades from the greatest metric with a Lagrangian to the least of Douglas's",
      bar: { is: "at least", value: bars[form].apart },
    }),
  ];
}

/** log10(from / to); null where that is not finite. */
function decades(from: number | null | undefined, to: number | null | undefined): number | null {
  const found = hostMath.log((from ?? Number.NaN) / (to ?? Number.NaN)) / Math.LN10;
  return Number.isFinite(found) ? found : null;
}

function rowOf(
  name: string,
  own: readonly ExperimentOutcome[],
  value: (measures: ExperimentOutcome["measures"]) => number | null,
  words: Omit<RowWords, "name">,
): ExperimentRow {
  const values = own.map(
    ({ seed, measures, status }) => [seed, status === "diverged" ? null : value(measures)] as const,
  );
  return rowOfSeeds(new Map(values), { ...words, name });
}

function figures(outcomes: readonly ExperimentOutcome[]): readonly ExperimentFigure[] {
  const named = metricParts.flatMap(({ name }) => outcomes.filter((outcome) => outcome.part === name));
  const curvesOf = (own: readonly ExperimentOutcome[], which: string): ExperimentFigure["curves"] =>
    own.flatMap(({ part, curves }) =>
      curves.filter(({ name }) => name === which).map((curve) => ({ ...curve, name: part })),
    );
  const whole: ExperimentFigure = {
    name: "metric",
    caption: "The metric over the training, mean of each two-hundredth of the steps; one line for each seed.",
    label: "H1 + H2 + H3",
    curves: curvesOf(named, "total"),
    levels: [],
  };
  const terms = metricParts.flatMap((part): readonly ExperimentFigure[] => {
    const own = named.filter((outcome) => outcome.part === part.name);
    if (own.length === 0) return [];
    const levels = part.name === "damped" ? [{ name: "g = 1", value: own[0]?.measures.identity ?? 0 }] : [];
    return [
      {
        name: `metric-${part.name}`,
        caption: `The three conditions of ${part.name}: ${part.summary}.`,
        label: "metric",
        curves: own.flatMap(({ curves }) => curves.filter(({ name }) => /^h\d$/.test(name))),
        levels,
      },
    ];
  });
  return [whole, ...terms];
}
