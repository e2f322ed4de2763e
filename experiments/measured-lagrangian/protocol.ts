/**
 * Does the measured double pendulum of the multi-arm rig (Kaheman et al. 2022, arXiv:2205.06231) move by a Lagrangian?
 *
 * The field is the grey box `double-pendulum` with the constants that were fitted to the angles alone
 * (`experiments/double-pendulum`), once with its friction and once without, which has a Lagrangian: the yardstick. It is
 * asked on the measured states: windows of 2 s of the angles, velocities by smoothing spline, time counted from the start of
 * each window; angles in rad from hanging, time in units of the typical rate of the motion.
 */
import {
  algebraicCertificate,
  chooseSampling,
  type DatasetFacts,
  datasetFacts,
  fitMetric,
  helmholtzMetric,
  type MeanDivergence,
  type MetricCurveRow,
  type MetricField,
  meanDivergence,
  metricNetwork,
  modelNamed,
  prepareSegments,
  readTable,
  type SecondOrderField,
  splitUses,
} from "@leastaction/dynamics";
import {
  add,
  array,
  at,
  compile,
  concatenate,
  cos,
  div,
  full,
  type HostTensor,
  mean,
  mul,
  slice,
  specOf,
  stack,
  sub,
  type Tensor,
  vmap,
  wasm,
} from "@leastaction/tensor";
import { anglesTable, long } from "../double-pendulum/recordings.ts";

/** Constants by name, SI over the inertia of the first arm. */
export type Constants = Readonly<Record<string, number>>;

/** What a field gives. */
export interface Row {
  readonly field: "with friction" | "without friction";
  /** Long-time mean of tr(df/dv), 1/s, from 16 motions of 5 s. */
  readonly divergence: MeanDivergence;
  /** Of the algebraic conditions at 30 states: the smallest singular value, median; states without a regular g. */
  readonly certificate: { readonly smallest: number; readonly refuted: number; readonly states: number };
  /** The metric with g = the mass matrix: what a fit has to come below to see friction. */
  readonly massMatrix: number;
  /** Fits of a network for g. */
  readonly fits: readonly {
    readonly timeDependent: boolean;
    readonly seed: number;
    readonly curve: readonly MetricCurveRow[];
  }[];
}

/** What is asked. */
export interface ProtocolOptions {
  /** The text of double.csv. */
  readonly text: string;
  readonly constants: Constants;
  readonly steps: number;
  readonly seeds: number;
}

/** Everything of both fields; rows are told as they come. */
export async function runProtocol(
  options: ProtocolOptions,
  onRow: (row: Row) => void = () => undefined,
): Promise<readonly Row[]> {
  const { facts, states } = measuredStates(options.text);
  const rows: Row[] = [];
  for (const field of ["with friction", "without friction"] as const) {
    const row = await rowOf(field, { ...options, facts, states });
    rows.push(row);
    onRow(row);
  }
  return rows;
}

/** The long-time mean of tr(df/dv) with other constants, viscous friction alone. */
export async function divergenceWith(text: string, constants: Constants): Promise<MeanDivergence> {
  const { facts, states } = measuredStates(text);
  const none = Object.fromEntries([1, 2].flatMap((i) => [`c2 joint ${i}`, `c0 joint ${i}`].map((name) => [name, 0])));
  const all = { "rest 1": Math.PI, "rest 2": Math.PI, ...none, ...constants };
  return await meanDivergence({ field: fieldOf(all, facts, true), points: windows(states, 16, 5) });
}

type Setting = ProtocolOptions & { readonly facts: DatasetFacts; readonly states: States };

async function rowOf(field: Row["field"], { constants, facts, states, steps, seeds }: Setting): Promise<Row> {
  const law = fieldOf(constants, facts, field === "with friction");
  const divergence = await meanDivergence({ field: law, points: windows(states, 16, 5) });
  const scaled = scaledFrom(law, windows(states, 32, 2), facts.frequency);
  const thirty = array(rowsAt(scaled.points, 30), [30, 5]);
  const { remaining, refuted } = algebraicCertificate({ field: scaled.field, points: thirty, tolerance: 1e-6 });
  const smallest = remaining.map(({ singularValues }) => singularValues.at(-1) as number).sort((a, b) => a - b);
  const fits: Row["fits"][number][] = [];
  for (const timeDependent of [false, true]) {
    for (let seed = 0; seed < seeds; seed++) {
      const { curve } = await fitMetric({
        field: scaled.field,
        points: array(every(scaled.points, 6), [32, Math.ceil((scaled.points.shape[1] as number) / 6), 5]),
        network: metricNetwork({ dimensions: 2, timeDependent }),
        dtype: "float64",
        batch: 16,
        steps,
        seed,
        schedule: { initial: 1e-2 },
        intervals: 10,
      });
      fits.push({ timeDependent, seed, curve });
    }
  }
  return {
    field,
    divergence,
    certificate: { smallest: smallest[15] as number, refuted, states: 30 },
    massMatrix: await metricOf(scaled.field, massMatrix(constants), scaled.points),
    fits,
  };
}

/** The measured motion at 50 Hz: rows (t, angles, velocities). */
interface States {
  readonly step: number;
  readonly rows: readonly (readonly number[])[];
}

function measuredStates(text: string): { readonly facts: DatasetFacts; readonly states: States } {
  const whole = { ...long, recordingOf: () => 0, heldOut: [] };
  const dataset = readTable(anglesTable(text, whole), { name: "double.csv" });
  const { train } = splitUses(dataset, { select: 0, calibrate: 0, test: 0 });
  const sampling = chooseSampling(dataset, train.segments, 50);
  const segments = prepareSegments(dataset, train.segments, sampling);
  const rows = segments.flatMap(({ times, positions, velocities }) =>
    Array.from(times, (t, i) => [t, ...positions.subarray(2 * i, 2 * i + 2), ...velocities.subarray(2 * i, 2 * i + 2)]),
  );
  const step = (rows[1]?.[0] as number) - (rows[0]?.[0] as number);
  return { facts: datasetFacts(dataset, segments), states: { step, rows: rows.slice(5, -5) } };
}

/** Windows that follow each other from the start, time from the start of each: [count, times, 5]. */
function windows({ step, rows }: States, count: number, duration: number): HostTensor {
  const length = Math.round(duration / step);
  const used = Array.from({ length: count }, (_, i) => {
    const from = Math.floor((i * (rows.length - length)) / Math.max(1, count - 1));
    return rows.slice(from, from + length).map(([t = 0, ...state]) => [t - (rows[from]?.[0] as number), ...state]);
  });
  return array(used.flat(2), [count, length, 5]);
}

/** Every so many times of each motion, flat. */
function every({ shape, data }: HostTensor, apart: number): Float64Array {
  const [motions, times] = shape as [number, number];
  const kept = Array.from({ length: motions * times }, (_, i) => i).filter((i) => (i % times) % apart === 0);
  return Float64Array.from(kept.flatMap((i) => [...(data as Float64Array).subarray(5 * i, 5 * i + 5)]));
}

/** So many rows, spread evenly. */
function rowsAt({ data }: HostTensor, count: number): Float64Array {
  const all = data.length / 5;
  const rows = Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) * all) / count));
  return Float64Array.from(rows.flatMap((row) => [...(data as Float64Array).subarray(5 * row, 5 * row + 5)]));
}

/** The grey box with given constants: what its `constantsOf` gives, turned round. */
function fieldOf(constants: Constants, facts: DatasetFacts, friction: boolean): SecondOrderField {
  const { frequency, coordinates } = facts;
  const [first = 1, second = 1] = coordinates.map(({ velocityScale }) => velocityScale);
  const of = (name: string): number => constants[name] as number;
  const joint = (number: 1 | 2, typical: number): readonly number[] => [
    of(`c1 joint ${number}`) / frequency,
    (of(`c2 joint ${number}`) * typical) / frequency,
    of(`c0 joint ${number}`) / (frequency * typical),
  ];
  const share = friction ? 100 : 0;
  const losses = [...joint(1, first), ...joint(2, Math.hypot(first, second))].map((loss) => share * loss);
  const parameters = {
    inertia: array([of("J")]),
    coupling: array([of("B") / Math.sqrt(of("J"))]),
    restoring: array([of("w1") / frequency ** 2, of("w2") / frequency ** 2]),
    rest: array([of("rest 1"), of("rest 2")]),
    friction: array(losses, [2, 3]),
    relative: array([0], []),
  };
  const model = modelNamed("double-pendulum");
  const law = model.field as NonNullable<typeof model.field>;
  return (t, x, v) => slice(law(parameters as never, t, concatenate([x, v]), null, facts), 0, 2);
}

/** The field and its points with angles from hanging and time in units of 1 / rate. */
function scaledFrom(law: SecondOrderField, points: HostTensor, rate: number) {
  const field: SecondOrderField = (t, y, w) => div(law(div(t, rate), add(y, Math.PI), mul(rate, w)), rate ** 2);
  const units = [
    (t: number) => rate * t,
    ...[1, 2].map(() => (x: number) => x - Math.PI),
    ...[3, 4].map(() => (v: number) => v / rate),
  ];
  const data = Float64Array.from(points.data as Float64Array, (value, i) => units[i % 5]?.(value) as number);
  return { field, points: array(data, points.shape) };
}

/** M over I1, with which the motion without friction has its Lagrangian. */
function massMatrix(constants: Constants): MetricField {
  const of = (name: string): number => constants[name] as number;
  return (_t, y) => {
    const between = add(sub(at(y, 0), at(y, 1)), of("rest 2") - of("rest 1"));
    const cross = mul(of("B"), cos(between));
    return stack([stack([full([], 1, y.dtype), cross]), stack([cross, full([], of("J"), y.dtype)])]);
  };
}

/** The mean of the metric over points. */
async function metricOf(field: SecondOrderField, metric: MetricField, points: HostTensor): Promise<number> {
  const one = (row: Tensor): Tensor =>
    helmholtzMetric(field, metric, [at(row, 0), slice(row, 0, 1, 3), slice(row, 0, 3, 5)]).total;
  const rows = array(points.data as Float64Array, [points.data.length / 5, 5]);
  const program = compile(
    (all: Tensor) => mean(vmap(one as never)(all as never) as unknown as Tensor),
    [specOf(rows)],
    wasm(),
  );
  return ((await program.call(rows)) as HostTensor).data[0] as number;
}
