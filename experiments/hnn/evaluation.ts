/**
 * Trains one network and measures how well its rollouts keep the energy, by two protocols:
 *
 * - published: 15 starts with each coordinate ±U(0.2, 1), t to 20; "energy" is q² + p² on the pendulum too, where most
 *   of the starts lie in the hole of the training annulus; on the spring the models' time is stretched, see `Task`.
 *   These are defects of that evaluation; they are repeated here only to compare.
 * - honest: 100 fresh starts inside the training annulus, the true H, t to 20.
 */
import { hostRandom } from "@leastaction/dynamics";
import type { Target } from "@leastaction/tensor";
import { type Kind, learnedField, trainOnDerivatives } from "./learned-field.ts";
import { rollout } from "./rollout.ts";
import { publishedStarts, type State, startsInAnnulus, type Task, trainingData, trajectoryFrom } from "./task.ts";
import { type Training, trainings } from "./training.ts";

/** The numbers of one trained network. */
export interface Row {
  readonly task: Task["name"];
  readonly training: Training["name"];
  readonly kind: Kind;
  readonly seed: number;
  /** Mean squared error of the derivative in the last step: the floor that noise sets, for both kinds. */
  readonly loss: number;
  /** Mean squared error of the energy, published protocol. */
  readonly published: number;
  /** Mean squared error of the true energy, honest protocol. */
  readonly honest: number;
  readonly seconds: number;
}

/** What is trained and how it is measured. */
export interface EvaluationOptions {
  readonly task: Task;
  readonly kind: Kind;
  readonly seed: number;
  readonly target: Target;
  /** Default: as published. */
  readonly training?: Training;
  /** Starts of the honest protocol; default 100. */
  readonly fresh?: number;
}

const horizon = 20;
const points = 100;

/** Trains and evaluates one network. */
export function evaluateOne(options: EvaluationOptions): Row {
  const { task, kind, seed, target, training = trainings.published, fresh = 100 } = options;
  const started = performance.now();
  const model = learnedField(kind, training.width);
  const data = trainingData(task, seed, training.trajectories);
  const { weights, loss } = trainOnDerivatives(model, data, { training, seed, target });
  const random = hostRandom(seed).fork(2);
  const trials = publishedStarts(15, random);
  const starts = startsInAnnulus(task, fresh, random);
  const roll = (from: readonly State[], durations: readonly number[], substeps: number): State[][] =>
    rollout(model, weights, from, { durations, points, substeps, target });
  const stretched = trials.map((_, i) => horizon * task.stretch ** (i + 1));
  const honest = starts.map(() => horizon);
  return {
    task: task.name,
    training: training.name,
    kind,
    seed,
    loss,
    published: publishedError(task, trials, roll(trials, stretched, task.stretch > 1 ? 18 : 5)),
    honest: energyError(roll(starts, honest, 5), task.hamiltonian, (start) => starts[start] as State),
    seconds: Number(((performance.now() - started) / 1000).toFixed(1)),
  };
}

/** The published comparison: with the true motion on the times as they stood before this trial stretched them. */
function publishedError(task: Task, trials: readonly State[], paths: readonly (readonly State[])[]): number {
  const truth = trials.map((start, i) => trajectoryFrom(task, start, horizon * task.stretch ** i, points));
  return energyError(paths, task.publishedEnergy, (trial, point) => truth[trial]?.[point] as State);
}

/** Mean over points and starts of (E(predicted) - E(true))². */
function energyError(
  paths: readonly (readonly State[])[],
  energy: Task["hamiltonian"],
  trueState: (start: number, point: number) => State,
): number {
  const errors = paths.flatMap((states, point) =>
    states.map((state, start) => (energy(...state) - energy(...trueState(start, point))) ** 2),
  );
  return errors.reduce((total, error) => total + error, 0) / errors.length;
}
