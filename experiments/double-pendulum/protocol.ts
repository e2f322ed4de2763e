/**
 * The double pendulum of the multi-arm rig (Kaheman et al. 2022, arXiv:2205.06231) from its two angles alone: every model
 * is trained on some recordings and forecasts others from a state estimated on their first 0.6 s, and again after each
 * failure. What is told is how long forecasts hold (`forecastHorizon`) and their error over whole recordings.
 */
import {
  type DatasetFacts,
  type FittedConstant,
  type ForecastHorizon,
  fit,
  forecastHorizon,
  type Run,
  readTable,
  type Score,
  scoreOf,
} from "@leastaction/dynamics";
import { array, type HostTensor, type Target } from "@leastaction/tensor";
import { anglesTable, type Division } from "./recordings.ts";

/** s that a state is estimated on. */
const observe = 0.6;
/** Samples per second to train at: 50 in a period. */
const rate = 50;

/** One trained model on the held-out recordings. */
export interface Row {
  readonly model: string;
  readonly seed: number;
  /** Mean over the recordings of the root mean square error of each angle over all that is forecast, rad. */
  readonly rmse: readonly number[];
  /** s; null where fewer than half of the forecasts failed. */
  readonly horizon: ForecastHorizon;
  readonly steps: number;
  readonly seconds: number;
  readonly status: string;
}

/** What a run of models gives. */
export interface Result {
  readonly rows: readonly Row[];
  /** Error that ends a forecast, rad. */
  readonly limits: readonly number[];
  /** Of the grey box. */
  readonly constants: readonly FittedConstant[];
  /** The equations with the authors' constants instead of fitted ones. */
  readonly authors: Row;
  readonly run: Run;
}

/** What is trained. */
export interface ProtocolOptions {
  /** The text of double.csv. */
  readonly text: string;
  readonly division: Division;
  /** `double-pendulum` is among them. */
  readonly models: readonly string[];
  readonly seeds: number;
  /** Default: that of `fit`. */
  readonly steps?: number;
  readonly target: Target;
}

/** Trains models and tests them. */
export async function runProtocol({ text, division, models, seeds, steps, target }: ProtocolOptions): Promise<Result> {
  const data = readTable(anglesTable(text, division), { name: "double.csv" });
  const run = await fit(data, {
    model: models,
    seeds,
    observe,
    rate,
    target,
    ...(steps === undefined ? {} : { steps }),
  });
  const rows = run.members.map(({ name, seed, test, horizon, steps, seconds, status }) =>
    rowOf({ model: name, seed, steps, seconds, status }, test as Score, horizon as ForecastHorizon),
  );
  const grey = run.members.find(({ name }) => name === "double-pendulum") as Run["winner"];
  return {
    rows,
    limits: (grey.horizon as ForecastHorizon).limits,
    constants: grey.model.record.constants,
    authors: authorsRow(run, grey),
    run,
  };
}

function rowOf(
  { seconds, ...known }: Pick<Row, "model" | "seed" | "steps" | "seconds" | "status">,
  { rmse }: Score,
  horizon: ForecastHorizon,
): Row {
  return { ...known, rmse, horizon, seconds: Math.round(seconds * 10) / 10 };
}

/** The authors' constants (SI): masses, joint to centre of mass, length, inertia about the centre of mass, viscous friction. */
const theirs = {
  m1: 0.093844,
  m2: 0.137596,
  a1: 0.108565,
  a2: 0.116779,
  l1: 0.172719,
  i1: 4.37529e-4,
  i2: 1.26883e-3,
  k1: 2.37143e-4,
  k2: 1e-5,
  g: 9.80858,
};

/** The groups that motion tells, in the names of the grey box. */
export const authorsConstants: Readonly<Record<string, number>> = (() => {
  const { m1, m2, a1, a2, l1, i1, i2, k1, k2, g } = theirs;
  const inertia = i1 + m1 * a1 ** 2 + m2 * l1 ** 2;
  return {
    J: (i2 + m2 * a2 ** 2) / inertia,
    B: (m2 * l1 * a2) / inertia,
    w1: ((m1 * a1 + m2 * l1) * g) / inertia,
    w2: (m2 * a2 * g) / inertia,
    "c1 joint 1": k1 / inertia,
    "c1 joint 2": k2 / inertia,
  };
})();

/** The parameters of the grey box with their constants; the angle at rest is pi, as they measured. */
function authorsParameters({ frequency }: DatasetFacts): Readonly<Record<string, HostTensor>> {
  const of = (name: string): number => authorsConstants[name] as number;
  // Friction is in units of a hundredth of the typical acceleration at the typical speed.
  const linear = (name: string): number => of(name) / (0.01 * frequency);
  return {
    inertia: array([of("J")]),
    coupling: array([of("B") / Math.sqrt(of("J"))]),
    restoring: array([of("w1") / frequency ** 2, of("w2") / frequency ** 2]),
    rest: array([Math.PI, Math.PI]),
    friction: array([linear("c1 joint 1"), 0, 0, linear("c1 joint 2"), 0, 0], [2, 3]),
    relative: array([0], []),
  };
}

/** Their constants in the same equations, tested alike. */
function authorsRow({ uses, options }: Run, { model }: Run["winner"]): Row {
  const { record, simulator } = model;
  const parameters = authorsParameters(record.facts);
  const running = simulator.withParameters(record.parameters.map(({ name }) => parameters[name] as HostTensor));
  const pieces = uses.test?.pieces ?? [];
  const known = { model: "the authors' constants", seed: 0, steps: 0, seconds: 0, status: "finished" };
  const horizon = forecastHorizon(record, running, pieces, options.observe) as ForecastHorizon;
  return rowOf(known, scoreOf(record, running, pieces, options.observe), horizon);
}
