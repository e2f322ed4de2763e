/**
 * How often sparse regression finds the equation that made the data, and what its forecasts are worth.
 *
 * Systems of the zoo whose accelerations are made of few of the candidate terms are simulated; positions alone are kept,
 * with normal noise. A run counts as right when the terms of its equations are those of the law and no others.
 * The coefficients are held against the law's with their 95 % intervals, where the form is right. The error is that of
 * forecasts of the test recordings, which have the noise of the data.
 */
import { fit, type SimulateOptions, simulate, systemNamed } from "@leastaction/dynamics";

/** A law as coefficients by the name of the constant: `theta'': sin(theta)`. */
export interface Law {
  readonly name: string;
  readonly system: string;
  readonly options?: Pick<SimulateOptions, "parameters" | "control">;
  readonly coefficients: Readonly<Record<string, number>>;
}

export const laws: readonly Law[] = [
  { name: "pendulum", system: "pendulum", coefficients: { "theta'': sin(theta)": -9.81 } },
  {
    name: "damped pendulum",
    system: "pendulum",
    options: { parameters: { damping: 0.1 } },
    coefficients: { "theta'': sin(theta)": -9.81, "theta'': theta'": -0.1 },
  },
  {
    name: "driven pendulum",
    system: "pendulum",
    options: { parameters: { damping: 0.2 }, control: { signal: "random" } },
    coefficients: { "theta'': sin(theta)": -9.81, "theta'': theta'": -0.2, "theta'': torque": 1 },
  },
  {
    name: "damped oscillator",
    system: "oscillator",
    options: { parameters: { damping: 0.05 } },
    coefficients: { "x'': x": -1, "x'': x'": -0.05 },
  },
  { name: "duffing", system: "duffing", coefficients: { "x'': x": 1, "x'': x^3": -1 } },
  {
    name: "van-der-pol",
    system: "van-der-pol",
    coefficients: { "x'': x": -1, "x'': x'": 1, "x'': x^2 x'": -1 },
  },
  {
    name: "henon-heiles",
    system: "henon-heiles",
    coefficients: { "x'': x": -1, "x'': x y": -2, "y'': y": -1, "y'': x^2": -1, "y'': y^2": 1 },
  },
];

/** Noise relative to the standard deviation of each column. */
export const noises: readonly number[] = [0, 0.01, 0.05];

/** One law, one noise, one draw of the data. */
export interface Row {
  readonly law: string;
  readonly noise: number;
  readonly seed: number;
  /** Whether the terms are those of the law and no others. */
  readonly right: boolean;
  /** Terms of the law that are missing, and terms that are not in it. */
  readonly missing: number;
  readonly extra: number;
  /** Coefficients of the law's terms, of these those whose 95 % intervals hold the truth; 0 of 0 where the form is wrong. */
  readonly coefficients: number;
  readonly covered: number;
  /** Error of the forecasts of test data, in units of the scale of the motion. */
  readonly error: number;
  readonly equations: readonly string[];
  /** s of this thread and its helpers. */
  readonly seconds: number;
}

/** Fits one draw of a law. */
export async function measure({ name, system, options, coefficients }: Law, noise: number, seed: number): Promise<Row> {
  const { dataset } = simulate(systemNamed(system), {
    seed,
    trajectories: 10,
    samples: 301,
    noise: { relative: noise },
    positionsOnly: true,
    ...options,
  });
  const since = process.cpuUsage();
  const run = await fit(dataset, { model: "sparse-regression" });
  const { user, system: own } = process.cpuUsage(since);
  const { record } = run.model;
  const found = new Map(record.constants.map((constant) => [constant.name, constant]));
  const missing = Object.keys(coefficients).filter((label) => !found.has(label)).length;
  const extra = [...found.keys()].filter((label) => !(label in coefficients)).length;
  const right = missing + extra === 0;
  const inside = Object.entries(coefficients).filter(([label, truth]) => {
    const { value = Number.NaN, halfWidth = null } = found.get(label) ?? {};
    return halfWidth !== null && Math.abs(value - truth) <= halfWidth;
  });
  const errors = (run.test?.rmse ?? []).map((rmse, i) => rmse / (run.facts.coordinates[i]?.scale ?? 1));
  return {
    law: name,
    noise,
    seed,
    right,
    missing,
    extra,
    coefficients: right ? found.size : 0,
    covered: right ? inside.length : 0,
    error: rounded(errors.reduce((sum, value) => sum + value, 0) / errors.length),
    equations: record.equations ?? [],
    seconds: rounded((user + own) / 1e6),
  };
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
