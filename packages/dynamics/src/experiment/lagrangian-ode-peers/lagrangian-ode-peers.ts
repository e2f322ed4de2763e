/**
 * The experiment `lagrangian-ode-peers`: the comparison of `lagrangian-ode` with other ways to learn a motion. A plain
 * neural ODE of second order, the same held to the Helmholtz conditions, a Hamiltonian and a Lagrangian network are
 * trained on the same seven noisy positions, once with equally many steps and once for equally long.
 *
 * Equally long is a number of steps, from the time that a step of each model takes, so that a rerun gives the same numbers
 * on any machine.
 */

import { counted } from "../../train/plain-words.ts";
import { compareErrors, geometricMean } from "../compare-errors.ts";
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
import type { MotionErrors } from "../lagrangian-ode/evaluate-motions.ts";
import { lagrangianOdeSizes } from "../lagrangian-ode/settings.ts";
import { trainingSeconds } from "../training-seconds.ts";
import { lagrangianOdePeers, type Peer, weightsOf } from "./peers.ts";
import { peerSettings, stepsOf } from "./settings.ts";
import { trainPeer } from "./train-peer.ts";

const withoutStructure = "without-structure";
/** The two numbers of steps that errors are taken at, and how their names end. */
const budgets = [
  { budget: "steps", suffix: "", words: "at equal steps" },
  { budget: "time", suffix: ", equal time", words: "at equal time" },
] as const;
const measured = ["x inside", "v inside", "a inside", "x beyond", "v beyond", "a beyond"];
/** The errors of a training that failed. */
const failure: MotionErrors = Object.fromEntries(measured.map((name) => [name, Number.NaN]));
const compared = lagrangianOdePeers.filter(({ name }) => name in peerSettings);
const plain = compared[0] as Peer;
const others = compared.slice(1);

/** The experiment. */
export const lagrangianOdePeersExperiment: Experiment = Object.freeze({
  name: "lagrangian-ode-peers",
  title: "Motions learned from positions alone: a plain neural ODE, Lagrangian and Hamiltonian ones",
  source:
    "the data and the training of Wolf, Buck, Schäfer, 2025, Lagrangian neural ODEs: measuring the existence of a Lagrangian with Helmholtz metrics, arXiv:2510.06367, with models that it does not compare",
  parts: compared.map(({ name, summary }) => ({ name, summary })),
  controls: [{ name: withoutStructure, summary: "every other model is another training of the plain one" }],
  seeds: { full: 40, quick: 3 },
  setting,
  run,
  statistic: { ours: "geometric mean", spread: "95 % interval" },
  rows,
  figures,
} satisfies Experiment);

function setting({ part, form, control }: Omit<ExperimentRequest, "seed">): ExperimentSetting {
  const { steps: _published, rate: _rate, ...sizes } = lagrangianOdeSizes[form];
  const { peer, seedOffset } = trainedFor(part, control);
  const weights = weightsOf(peer);
  return {
    ...sizes,
    ...stepsOf(part, form),
    rate: rateOf(peer.name),
    weights: weights.field,
    startWeights: weights.start,
    ...(seedOffset === 0 ? {} : { model: peer.name, seedOffset }),
  };
}

/** The model that is trained for a part, and what is added to the seed of its training. */
function trainedFor(part: string, control: string | null): { readonly peer: Peer; readonly seedOffset: number } {
  if (control !== withoutStructure || part === plain.name) return { peer: peerNamed(part), seedOffset: 0 };
  // Another training of the plain model is another only where its own seed is: equal ones would be equal to the last bit.
  return { peer: plain, seedOffset: 500_000 * (1 + compared.findIndex(({ name }) => name === part)) };
}

async function run(request: ExperimentRequest, context: ExperimentContext): Promise<ExperimentOutcome | null> {
  const { part, form, seed, control } = request;
  const steps = stepsOf(part, form);
  const last = Math.max(...Object.values(steps));
  const { peer, seedOffset } = trainedFor(part, control);
  const begin = performance.now();
  const { errors, ...trained } = await trainPeer(peer, {
    sizes: lagrangianOdeSizes[form],
    seed,
    trainingSeed: seed + seedOffset,
    rate: rateOf(peer.name),
    marks: [...new Set(Object.values(steps))].sort((a, b) => a - b),
    target: context.target,
    ...(context.signal === undefined ? {} : { signal: context.signal }),
    ...(context.checkpoints === undefined ? {} : { checkpoints: context.checkpoints }),
    onStep: (step, loss) => context.onProgress?.(step / last, Number.isFinite(loss) ? loss : null),
  });
  if (trained.status === "stopped") return null;
  const measures = budgets.flatMap(({ budget, suffix }) =>
    Object.entries(errors.get(steps[budget]) ?? failure).map(([name, value]) => [`${name}${suffix}`, value] as const),
  );
  return {
    experiment: "lagrangian-ode-peers",
    ...request,
    setting: setting(request),
    status: trained.status,
    steps: trained.steps,
    seconds: trainingSeconds(context, begin),
    measures: finiteMeasures({ ...Object.fromEntries(measures), restarts: trained.restarts }),
    curves: [finiteCurve({ name: part, steps: trained.ends, values: trained.losses })],
  };
}

function peerNamed(part: string): Peer {
  return compared.find(({ name }) => name === part) as Peer;
}

function rateOf(part: string): number {
  return (peerSettings[part] as { readonly rate: number }).rate;
}

/** In the reduced form, beyond the second that was measured, as in `lagrangian-ode`; nothing is stated of the others. */
const quickBar = 0.5;
const judged = "lagrangian-ode";

/** An error at one of the budgets. */
interface Measure {
  /** In the outcomes. */
  readonly name: string;
  readonly quantity: string;
  readonly budget: string;
}

/** Of each budget, first how the errors of each model compare with those of the plain one, then how large they are. */
function rows(outcomes: readonly ExperimentOutcome[]): readonly ExperimentRow[] {
  return budgets.flatMap(({ suffix, words: budget }) => {
    const measures = measured.map((quantity) => ({ name: `${quantity}${suffix}`, quantity, budget }));
    return [
      ...measures.flatMap((measure) => others.map(({ name }) => ratioRow(name, measure, outcomes))),
      ...measures.flatMap((measure) => compared.map(({ name }) => errorRow(name, measure, outcomes))),
    ];
  });
}

function errorRow(part: string, measure: Measure, outcomes: readonly ExperimentOutcome[]): ExperimentRow {
  const errors = errorsBySeed(part, measure.name, outcomes);
  const found = [...errors.values()].filter((error) => error !== null);
  const restarts = outcomes
    .filter((outcome) => outcome.part === part && errors.has(outcome.seed))
    .reduce((total, { measures }) => total + (measures.restarts ?? 0), 0);
  const mean = found.length < 2 ? null : geometricMean(found);
  return {
    grid: `Mean squared error, SI units, ${measure.budget}`,
    name: part,
    quantity: measure.quantity,
    published: null,
    bar: null,
    holds: null,
    seeds: [...errors.keys()],
    ours: mean?.value ?? null,
    spread: mean?.interval ?? null,
    note: noted(errors.size - found.length, restarts === 0 ? "" : counted(restarts, "restart")),
  };
}

function ratioRow(part: string, measure: Measure, outcomes: readonly ExperimentOutcome[]): ExperimentRow {
  const [own, of] = [part, plain.name].map((name) => errorsBySeed(name, measure.name, outcomes)) as [Errors, Errors];
  const seeds = [...own.keys()].filter((seed) => of.has(seed));
  const pairs = seeds
    .map((seed) => [own.get(seed), of.get(seed)])
    .filter((pair): pair is [number, number] => pair.every((error) => error !== null));
  const isJudged = outcomes[0]?.form === "quick" && part === judged && measure.quantity.includes("beyond");
  const found = pairs.length < 2 ? null : compareErrors(pairs);
  return {
    grid: `R, the error over that of plain, ${measure.budget}`,
    name: part,
    quantity: measure.quantity,
    published: null,
    seeds,
    ours: found?.value ?? null,
    spread: found?.interval ?? null,
    bar: isJudged ? { is: "at most", value: quickBar } : null,
    holds: isJudged ? found !== null && found.value <= quickBar : null,
    note: noted(seeds.length - pairs.length, found === null ? "" : `p = ${found.p.toPrecision(2)}`),
  };
}

function noted(failed: number, rest: string): string {
  return [failed === 0 ? "" : `${failed} failed`, rest].filter((words) => words !== "").join(", ");
}

/** Errors by seed; null where the training or the motion failed. */
type Errors = ReadonlyMap<number, number | null>;

function errorsBySeed(part: string, measure: string, outcomes: readonly ExperimentOutcome[]): Errors {
  const own = outcomes.filter((outcome) => outcome.part === part && measure in outcome.measures);
  return new Map(own.map(({ seed, measures }) => [seed, measures[measure] ?? null]));
}

function figures(outcomes: readonly ExperimentOutcome[]): readonly ExperimentFigure[] {
  return [
    {
      name: "losses",
      caption: "The loss over the training, means of hundredths; with the metric, its value is part of it",
      label: "loss",
      curves: outcomes.flatMap(({ curves }) => curves),
      levels: [],
    },
  ];
}
