/**
 * Data from known physics: trajectories from drawn starts, with noise and irregular times if asked.
 *
 * In: a system and options. Out: the table's text (columns `trajectory`, `t`, coordinates, then rates, under the
 * system's own names, SI) and the data set that reading this text gives. Equal seeds give equal bytes on every machine
 * with the same elementary functions. Every trajectory draws from its own stream: asking for more trajectories leaves
 * the earlier ones as they were.
 */

import type { Dataset } from "../data/dataset.ts";
import { readTable } from "../data/read-table.ts";
import { type HostRandom, hostRandom } from "../random/host-random.ts";
import { integrateHost } from "./integrate-host.ts";
import { type Parameters, parametersOf, type System } from "./system.ts";

/** What to simulate. */
export interface SimulateOptions {
  /** Integer of at least 0; default 0. */
  readonly seed?: number;
  /** How many; default 10. */
  readonly trajectories?: number;
  /** Length of each, s; default ten of the system's timescales. */
  readonly duration?: number;
  /** Samples in each, both ends included, at least 2; default 50 in a timescale. */
  readonly samples?: number;
  /** Standard deviation of the normal noise added to every position and rate, in their SI units; default 0. */
  readonly noise?: number;
  /** The system's constants; defaults of the system for those left out. */
  readonly parameters?: Parameters;
  /** Whether inner times are moved at random by up to 40 % of a step; default false. */
  readonly irregular?: boolean;
}

/** A simulated table. */
export interface Simulation {
  /** CSV. */
  readonly text: string;
  readonly dataset: Dataset;
}

/**
 * Simulates a system.
 * @throws RangeError for an option out of its range
 */
export function simulate(system: System, options: SimulateOptions = {}): Simulation {
  const parameters = parametersOf(system, options.parameters);
  const timescale = system.timescale(parameters);
  const trajectories = checked("trajectories", options.trajectories ?? 10, 1, true);
  const duration = checked("duration", options.duration ?? 10 * timescale, Number.MIN_VALUE, false);
  const samples = checked(
    "samples",
    options.samples ?? Math.max(2, Math.round((50 * duration) / timescale) + 1),
    2,
    true,
  );
  const noise = checked("noise", options.noise ?? 0, 0, false);
  const root = hostRandom(checked("seed", options.seed ?? 0, 0, true));
  const names = system.coordinates.map((coordinate) => coordinate.name);
  const rates = system.coordinates.map((coordinate) => coordinate.rate.name);
  const lines = [["trajectory", "t", ...names, ...rates].join(",")];
  for (let trajectory = 0; trajectory < trajectories; trajectory++) {
    const random = root.fork(trajectory);
    const times = sampleTimes(random.fork(1), duration, samples, options.irregular ?? false);
    const states = integrateHost(system, parameters, system.sampleStart(random.fork(0), parameters), times);
    const normal = random.fork(2).normal;
    for (const [row, state] of states.entries()) {
      const measured = state.map((value) => (noise === 0 ? value : value + noise * normal()));
      lines.push([trajectory, times[row], ...measured].join(","));
    }
  }
  const text = `${lines.join("\n")}\n`;
  const dataset = readTable(text, { name: `${system.name}.csv`, columns: columnsOf(system), minimumRows: 2 });
  return Object.freeze({ text, dataset });
}

/** How a table of this system is to be read. */
export function columnsOf(system: System): Readonly<Record<string, string>> {
  const columns: [string, string][] = [
    ["trajectory", "trajectory"],
    ["t", "time:s"],
  ];
  for (const { name, unit, periodic, rate } of system.coordinates) {
    columns.push([name, `${periodic ? "angle" : "coordinate"}:${unit}`], [rate.name, `${system.state}:${rate.unit}`]);
  }
  return Object.fromEntries(columns);
}

function sampleTimes(random: HostRandom, duration: number, samples: number, irregular: boolean): Float64Array {
  return Float64Array.from({ length: samples }, (_, index) => {
    const isInner = index > 0 && index < samples - 1;
    const shift = irregular && isInner ? 0.8 * (random.uniform() - 0.5) : 0;
    return (duration * (index + shift)) / (samples - 1);
  });
}

function checked(name: string, value: number, minimum: number, isWhole: boolean): number {
  if (Number.isFinite(value) && value >= minimum && (!isWhole || Number.isSafeInteger(value))) return value;
  const kind = isWhole
    ? `a whole number of at least ${minimum}`
    : minimum > 0
      ? "a number above 0"
      : `a number of at least ${minimum}`;
  throw new RangeError(`Cannot simulate: expected ${name} to be ${kind}, got ${value}\nCorrect the option ${name}.`);
}
