/**
 * Data from known physics: trajectories from drawn starts, with noise, controls, irregular times and gaps if asked.
 *
 * In: a system and options. Out: the table's text (columns `trajectory`, `t`, coordinates, rates, controls, under the
 * system's own names, SI) and the data set that reading this text with its units gives. Equal seeds give equal bytes
 * on every machine with the same elementary functions. Every trajectory draws from its own stream, and each kind of
 * draw from its own: asking for more trajectories leaves the earlier ones as they were, and noise, gaps or irregular
 * times leave the starts.
 */

import { TensorError } from "@leastaction/tensor";
import type { Dataset } from "../data/dataset.ts";
import { readTable } from "../data/read-table.ts";
import { type HostRandom, hostRandom } from "../random/host-random.ts";
import { type ControlSignal, controlSignal } from "./control-signal.ts";
import { integrateHost } from "./integrate-host.ts";
import { parametersOf } from "./parameters-of.ts";
import { stateColumns } from "./state-columns.ts";
import type { Parameters, System } from "./system.ts";

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
  /**
   * Standard deviation of the normal noise added to every position and rate: a number in their SI units, or a share of
   * the standard deviation of each column within each trajectory (0.01 is 1 %); default 0.
   */
  readonly noise?: number | { readonly relative: number };
  /** The system's constants; defaults of the system for those left out. */
  readonly parameters?: Parameters;
  /** Whether inner times are moved at random by up to 40 % of a step; default false. */
  readonly irregular?: boolean;
  /** Share of the measured cells, drawn at random, that are left empty: 0 .. below 1; default 0. */
  readonly missing?: number;
  /** Whether the columns of velocities or momenta are left out, where there are any; default false. */
  readonly positionsOnly?: boolean;
  /** Whether headers state their units: `x [m]` instead of `x`; default false. */
  readonly units?: boolean;
  /** Drives every control of the system; without it they are zero and have no column. */
  readonly control?: ControlOptions;
}

/** How the controls of a system are driven. */
export interface ControlOptions {
  readonly signal: ControlSignal;
  /** Largest magnitude, in the control's unit; default: the system's own scale of each control. */
  readonly amplitude?: number;
}

/** A simulated table. */
export interface Simulation {
  /** CSV. */
  readonly text: string;
  readonly dataset: Dataset;
}

/** Labels of the streams of a trajectory. */
const streams = { start: 0, times: 1, noise: 2, missing: 3, controls: 4 } as const;

/**
 * Simulates a system.
 * @throws TensorError for an option out of its range, for a control of a system without any, and for a motion that breaks
 * down
 */
export function simulate(system: System, options: SimulateOptions = {}): Simulation {
  const plan = planOf(system, options);
  const columns = columnsOf(system, plan);
  const lines = [columns.map(({ header }) => header).join(",")];
  for (let trajectory = 0; trajectory < plan.trajectories; trajectory++) {
    for (const row of rowsOf(system, plan, plan.random.fork(trajectory))) lines.push([trajectory, ...row].join(","));
  }
  const text = `${lines.join("\n")}\n`;
  const declared = Object.fromEntries(columns.map(({ name, declaration }) => [name, declaration]));
  const dataset = readTable(text, { name: `${system.name}.csv`, columns: declared, minimumRows: 2 });
  return Object.freeze({ text, dataset });
}

/** One column of the table of a system. */
interface SimulatedColumn {
  readonly name: string;
  readonly header: string;
  /** What it is, in the words of `ReadTableOptions.columns`. */
  readonly declaration: string;
}

function columnsOf(system: System, { control, positionsOnly, units }: Plan): readonly SimulatedColumn[] {
  const header = (name: string, unit: string): string => (units && unit !== "" ? `${name} [${unit}]` : name);
  const measured = stateColumns(system).filter(({ role }) => !positionsOnly || role === "position");
  return [
    { name: "trajectory", header: "trajectory", declaration: "trajectory" },
    { name: "t", header: header("t", "s"), declaration: "time:s" },
    ...measured.map(({ name, unit, role, periodic }) => {
      const word = role === "position" ? (periodic ? "angle" : "coordinate") : role;
      return { name, header: header(name, unit), declaration: `${word}:${unit}` };
    }),
    ...(control === null ? [] : system.controls).map(({ name, unit }) => {
      return { name, header: header(name, unit), declaration: `control:${unit}` };
    }),
  ];
}

interface Plan {
  readonly parameters: Parameters;
  readonly timescale: number;
  readonly trajectories: number;
  readonly duration: number;
  readonly samples: number;
  readonly noise: number;
  readonly noiseIsRelative: boolean;
  readonly missing: number;
  readonly irregular: boolean;
  readonly positionsOnly: boolean;
  readonly units: boolean;
  readonly control: ControlOptions | null;
  readonly random: HostRandom;
}

function planOf(system: System, options: SimulateOptions): Plan {
  const parameters = parametersOf(system, options.parameters);
  const timescale = system.timescale(parameters);
  const duration = checked("duration", options.duration ?? 10 * timescale, Number.MIN_VALUE, false);
  const usualSamples = Math.max(2, Math.round((50 * duration) / timescale) + 1);
  const { noise = 0, missing = 0, control = null } = options;
  const noiseIsRelative = typeof noise !== "number";
  if (!(missing >= 0 && missing < 1)) throw outOfRange("missing", "a number from 0 to below 1", missing);
  if (control?.amplitude !== undefined) checked("amplitude", control.amplitude, 0, false);
  if (control !== null && system.controls.length === 0) {
    throw new TensorError(
      `Cannot drive ${system.name}: expected a system with a control, got one without`,
      "Leave the option control out.",
    );
  }
  const trajectories = checked("trajectories", options.trajectories ?? 10, 1, true);
  const samples = checked("samples", options.samples ?? usualSamples, 2, true);
  expectRoom(trajectories * samples * (2 + stateColumns(system).length));
  return {
    parameters,
    timescale,
    duration,
    trajectories,
    samples,
    noise: checked("noise", noiseIsRelative ? noise.relative : noise, 0, false),
    noiseIsRelative,
    missing,
    irregular: options.irregular ?? false,
    positionsOnly: options.positionsOnly ?? false,
    units: options.units ?? false,
    control,
    random: hostRandom(checked("seed", options.seed ?? 0, 0, true)),
  };
}

/** The rows of one trajectory without its name: the time, what is measured (null where it is missing), the controls. */
function rowsOf(system: System, plan: Plan, random: HostRandom): readonly (readonly (number | null)[])[] {
  const { parameters, duration, samples, irregular, positionsOnly } = plan;
  const times = sampleTimes(random.fork(streams.times), duration, samples, irregular);
  const controls = controlsOf(system, plan, times, random.fork(streams.controls));
  const start = system.sampleStart(random.fork(streams.start), parameters);
  const states = integrateHost(system, parameters, start, times, controls);
  const sizes = start.map((_, index) => noiseOf(states, index, plan));
  const { normal } = random.fork(streams.noise);
  const { uniform } = random.fork(streams.missing);
  const width = positionsOnly ? system.coordinates.length : start.length;
  return states.map((state, row) => {
    // Every component draws, kept or not, so that a column's numbers do not depend on the other columns.
    const measured = state.map((value, index) => {
      const size = sizes[index] as number;
      return size === 0 ? value : value + size * normal();
    });
    if (!measured.every(Number.isFinite))
      throw outOfRange("noise", "so small that measured values stay finite", plan.noise);
    const kept = measured.map((value) => (plan.missing > 0 && uniform() < plan.missing ? null : value));
    return [times[row] as number, ...kept.slice(0, width), ...(controls[row] ?? [])];
  });
}

/** [n] of [c]; empty without a signal. */
function controlsOf(
  system: System,
  { control, timescale, parameters }: Plan,
  times: Float64Array,
  random: HostRandom,
): readonly (readonly number[])[] {
  if (control === null) return [];
  const signals = system.controls.map(({ scale }, index) => {
    const amplitude = control.amplitude ?? scale(parameters);
    return controlSignal(control.signal, times, timescale, amplitude, random.fork(index));
  });
  return Array.from(times, (_, row) => signals.map((signal) => signal[row] as number));
}

function noiseOf(states: readonly (readonly number[])[], index: number, { noise, noiseIsRelative }: Plan): number {
  if (noise === 0 || !noiseIsRelative) return noise;
  const values = states.map((state) => state[index] as number);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return noise * Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
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
  throw outOfRange(name, kind, value);
}

/** Numbers that the text of a table may hold: a longer one is no string any more. */
const mostNumbers = 2e7;

function expectRoom(numbers: number): void {
  if (numbers <= mostNumbers) return;
  throw new TensorError(
    `Cannot simulate: expected at most ${mostNumbers} numbers in all, got ${numbers.toPrecision(3)}`,
    "Ask for fewer samples or trajectories, or a shorter duration, and make several tables with seeds of their own.",
  );
}

function outOfRange(name: string, expected: string, value: number): TensorError {
  return new TensorError(
    `Cannot simulate: expected ${name} to be ${expected}, got ${value}`,
    `Correct the option ${name}.`,
  );
}
