/**
 * A trained model: what a user ships. It forecasts, steps inside an animation frame, and goes into one file.
 *
 * It is made from its record and numbers only, also right after training, so that a model that was saved and loaded
 * gives the same bits as the one that was trained.
 */
import { type HostTensor, type ProgramLimits, type Target, TensorError, wasm } from "@leastaction/tensor";
import type { Dataset } from "../data/dataset.ts";
import { measuredControl } from "../data/measured-control.ts";
import { type Span, usedSpan } from "../data/span.ts";
import { fromSi, toSi } from "../data/unit.ts";
import { didYouMean } from "../nearest-name.ts";
import { controlHistory } from "./control-history.ts";
import { forecastFrom, forecastRecording, type Recording, type TrajectoryForecast } from "./forecast.ts";
import type { AnyModel } from "./model.ts";
import type { ModelRecord } from "./model-record.ts";
import { readRecord } from "./read-model-record.ts";
import { definitionOf } from "./record-programs.ts";
import { readSafetensors, writeSafetensors } from "./safetensors.ts";
import { type Simulator, simulator } from "./simulator.ts";
import { distanceToTrained } from "./trained-region.ts";

/** One output column in the user's name and unit. */
export interface ForecastColumn {
  readonly header: string;
  readonly role: "time" | "position" | "velocity" | "low" | "high" | "outside";
  /** Index of the coordinate; -1 for time and outside. */
  readonly coordinate: number;
  /** [n] in the user's unit. */
  readonly values: Float64Array;
}

/** The forecast of one trajectory: SI numbers, and the columns a table of it has. */
export interface Forecast extends TrajectoryForecast {
  readonly columns: readonly ForecastColumn[];
}

/** A stated start: values by name of coordinate and velocity, in the user's units; what is left out is 0. */
export type StatedStart = Readonly<Record<string, number>>;

/** Forecast from data. */
export interface PredictData extends Span {
  readonly data: Dataset;
  /** Only trajectories of this word of the split column. */
  readonly split?: string;
  /** s of positions on which each state is estimated. */
  readonly observe: number;
  /** s; default each trajectory's whole length. */
  readonly until?: number;
  /** Coverage of the band, 0 to 1; default 0.9. */
  readonly level?: number;
}

/** Values of a control over time. */
export interface ControlSeries {
  /** [n] s, increasing. */
  readonly times: readonly number[];
  /** [n] in the user's unit. */
  readonly values: readonly number[];
}

/** Forecast from a stated start. */
export interface PredictFrom {
  readonly from: StatedStart;
  /** s. */
  readonly until: number;
  /** s between rows. */
  readonly every: number;
  /**
   * Controls by name, in the user's units: constant, one value for each row, or values at times of their own (s, also
   * before 0). Between them they act as in the training data, with its delay; before the first as the first, past the
   * last as the last. Default 0.
   */
  readonly controls?: Readonly<Record<string, number | readonly number[] | ControlSeries>>;
  readonly level?: number;
}

/** A model in steps. */
export interface Stepper {
  /** s since the start. */
  readonly time: () => number;
  /**
   * Advances by `dt` and returns the values by name, in the user's units. A control that is held acts from the start of
   * the step on, one that is joined by lines reaches its value at the end of it; each after its delay.
   */
  readonly step: (controls?: StatedStart) => Readonly<Record<string, number>>;
  /** The values now. */
  readonly values: () => Readonly<Record<string, number>>;
  /** Whether the state lies beyond the trained ones. */
  readonly outside: () => boolean;
}

/** How a stepper starts. */
export interface StepperOptions {
  /** s. */
  readonly dt: number;
  readonly from: StatedStart;
  /** The controls before the first step, by name; default those of the first step. */
  readonly controls?: StatedStart;
}

/** A trained model. */
export interface TrainedModel {
  readonly record: ModelRecord;
  /** By name, in the order of the record. */
  readonly parameters: Readonly<Record<string, HostTensor>>;
  /** Forecasts: one for each trajectory, or one from the stated start. */
  readonly predict: {
    (options: PredictData): Promise<readonly Forecast[]>;
    (options: PredictFrom): Promise<Forecast>;
  };
  /** A synchronous stepper with steps of `dt` seconds. */
  readonly stepper: (options: StepperOptions) => Stepper;
  /** The simulator behind it: SI and states. */
  readonly simulator: Simulator;
  /** One file: safetensors whose metadata hold the record. */
  readonly toBytes: () => Uint8Array<ArrayBuffer>;
}

/** A trained model from its record and parameters; `limits` of its programs. */
export function trainedModel(
  record: ModelRecord,
  parameters: Readonly<Record<string, HostTensor>>,
  target: Target = wasm(),
  limits: Partial<ProgramLimits> = {},
): TrainedModel {
  const ordered = record.parameters.map(({ name, dtype, shape }) => {
    const found = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (found !== undefined && found.dtype === dtype && found.shape.join() === shape.join()) return found;
    throw new TensorError(
      `Cannot load model ${record.name}: expected ${dtype}[${shape.join()}] for ${name}, got ${found === undefined ? "nothing" : `${found.dtype}[${found.shape.join()}]`}`,
      "Keep model.json and model.safetensors of one run together.",
      "unusable-file",
    );
  });
  const running = simulator(definitionOf(record, limits) as unknown as AnyModel, record.facts, ordered, target);
  const predict = async (options: PredictData | PredictFrom): Promise<unknown> =>
    "data" in options ? predictData(record, running, options) : predictFrom(record, running, options);
  return Object.freeze({
    record,
    parameters,
    predict: predict as TrainedModel["predict"],
    stepper: (options: StepperOptions) => stepperOf(record, running, options),
    simulator: running,
    toBytes: () => writeSafetensors({ tensors: parameters, metadata: { "model.json": JSON.stringify(record) } }),
  });
}

/**
 * The model of a file's bytes: what `toBytes` gave, or `model.safetensors` of a run with the text of its `model.json`.
 *
 * Safe with files of strangers: everything in them is checked before it is used, programs are data and their work and
 * memory are bounded.
 * @param limits of each of its programs; what is left out is `programLimits`
 * Errors: bytes of another format, a record that is damaged or of a newer version, parameters that do not fit, programs
 * beyond the limits.
 */
export async function loadModel(
  bytes: Uint8Array,
  modelJson?: string,
  target?: Target,
  limits?: Partial<ProgramLimits>,
): Promise<TrainedModel> {
  const { tensors, metadata } = readSafetensors(bytes);
  const text = modelJson ?? metadata["model.json"];
  if (text === undefined) {
    throw new TensorError(
      "Cannot load a model: expected its record in the file, got weights alone",
      "Pass the text of model.json as the second argument.",
    );
  }
  return trainedModel(readRecord(text), tensors, target, limits);
}

function predictData(record: ModelRecord, running: Simulator, options: PredictData): readonly Forecast[] {
  const { split } = options;
  expectSameColumns(record, options.data);
  const data = usedSpan(options.data, options);
  const chosen = data.trajectories.filter((trajectory) => split === undefined || trajectory.split === split);
  return chosen.map((trajectory: Recording) =>
    withColumns(record, forecastRecording(record, running, trajectory, options)),
  );
}

function predictFrom(record: ModelRecord, running: Simulator, options: PredictFrom): Forecast {
  const { from, until, every, controls = {}, level = 0.9 } = options;
  const count = Math.floor(until / every + 1e-9) + 1;
  const times = Float64Array.from({ length: count }, (_, i) => i * every);
  const given = record.controls.map(({ name, unit, hold }) => {
    const series = seriesOf(controls[name] ?? 0, times);
    return measuredControl(
      series.times,
      Float64Array.from(series.values, (value) => toSi(unit, value)),
      hold,
    );
  });
  const course = { times, controls: given, delays: record.controls.map(({ delay }) => delay) };
  const start = observationOf(record, from);
  return withColumns(record, forecastFrom(record, running, start, course, level));
}

/** A constant, or values at the first rows, as values over time. */
function seriesOf(given: number | readonly number[] | ControlSeries, times: Float64Array): ControlSeries {
  if (typeof given === "number") return { times: [0], values: [given] };
  if ("times" in given) return given;
  const values = given.slice(0, times.length);
  return { times: [...times.subarray(0, values.length)], values };
}

function stepperOf(record: ModelRecord, running: Simulator, { dt, from, controls: before }: StepperOptions): Stepper {
  const past = controlHistory(record.controls, before);
  let observation = observationOf(record, from);
  let state = running.encode(observation);
  let time = 0;
  const values = (): Readonly<Record<string, number>> =>
    Object.fromEntries(
      record.coordinates.flatMap(({ name, unit, velocity }, i) => [
        [name, fromSi(unit, observation[i] as number)],
        [velocity.name, fromSi(velocity.unit, observation[record.coordinates.length + i] as number)],
      ]),
    );
  return {
    time: () => time,
    values,
    outside: () => distanceToTrained(observation, record.region, record.facts) > record.region.reach,
    step: (controls = {}) => {
      const course = { times: Float64Array.of(time, time + dt), ...past.over(time, dt, controls) };
      const { states, observations } = running.run(state, course);
      state = states.slice(running.stateSize);
      observation = observations.slice(observations.length / 2);
      time += dt;
      return values();
    },
  };
}

function observationOf({ coordinates, name }: ModelRecord, from: StatedStart): Float64Array {
  const known = coordinates.flatMap((coordinate) => [coordinate.name, coordinate.velocity.name]);
  const odd = Object.keys(from).find((key) => !known.includes(key));
  if (odd !== undefined) {
    throw new TensorError(
      `Cannot start ${name}: expected ${known.join(", ")}, got ${odd}`,
      didYouMean(odd, known, "Name values as the data does."),
      "no-such-name",
    );
  }
  return Float64Array.from([
    ...coordinates.map((coordinate) => toSi(coordinate.unit, from[coordinate.name] ?? 0)),
    ...coordinates.map(({ velocity }) => toSi(velocity.unit, from[velocity.name] ?? 0)),
  ]);
}

function withColumns(record: ModelRecord, forecast: TrajectoryForecast): Forecast {
  const { coordinates, time } = record;
  const d = coordinates.length;
  const pick = (values: Float64Array, i: number, unit: ModelRecord["time"]["unit"]): Float64Array =>
    Float64Array.from(forecast.times, (_, row) => fromSi(unit, values[row * d + i] as number));
  const columns: ForecastColumn[] = [
    { header: "t", role: "time", coordinate: -1, values: forecast.times.map((value) => fromSi(time.unit, value)) },
    ...coordinates.map(
      ({ header, unit }, i): ForecastColumn => ({
        header,
        role: "position",
        coordinate: i,
        values: pick(forecast.positions, i, unit),
      }),
    ),
    ...coordinates.map(
      ({ velocity }, i): ForecastColumn => ({
        header: velocity.header,
        role: "velocity",
        coordinate: i,
        values: pick(forecast.velocities, i, velocity.unit),
      }),
    ),
    ...coordinates.flatMap(({ name, unit }, i): ForecastColumn[] => [
      { header: `${name}_low`, role: "low", coordinate: i, values: pick(forecast.low, i, unit) },
      { header: `${name}_high`, role: "high", coordinate: i, values: pick(forecast.high, i, unit) },
    ]),
    { header: "outside", role: "outside", coordinate: -1, values: Float64Array.from(forecast.outside) },
  ];
  return { ...forecast, columns };
}

function expectSameColumns(record: ModelRecord, data: Dataset): void {
  const names = (axes: readonly { readonly name: string }[]): string => axes.map(({ name }) => name).join(", ");
  const missing =
    names(record.coordinates) !== names(data.coordinates) || names(record.controls) !== names(data.controls);
  if (!missing) return;
  throw new TensorError(
    `Cannot forecast ${data.name} with ${record.name}: expected coordinates ${names(record.coordinates)} and controls ${names(record.controls) || "none"}, got ${names(data.coordinates)} and ${names(data.controls) || "none"}`,
    "Read the table with the same column names and roles as the training data.",
  );
}
