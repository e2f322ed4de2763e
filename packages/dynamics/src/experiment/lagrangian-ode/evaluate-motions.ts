/**
 * How far predicted motions and the learned acceleration are from those of the oscillators.
 *
 * Motions: positions, velocities and accelerations from fresh starts, inside the time of the training and as long again
 * beyond it, from measured starts as published and from the exact ones. Acceleration: over the box of times, positions and
 * velocities that the true motions visit, and over the shell from it to the box twice as wide; both fields at the same
 * points of an additive sequence (Roberts, 2018, "The unreasonable effectiveness of quasirandom sequences").
 */

import {
  abs,
  add,
  array,
  compile,
  convert,
  cos,
  div,
  equal,
  expandDimensions,
  floor,
  greater,
  type HostTensor,
  iota,
  mapTree,
  max,
  mean,
  mul,
  or,
  reshape,
  select,
  sin,
  slice,
  specOf,
  square,
  sub,
  sum,
  type Target,
  type Tensor,
} from "@leastaction/tensor";
import { hostMath } from "../../host-math/host-math.ts";
import type { LagrangianOde, MotionParameters } from "../../model/lagrangian-ode.ts";
import type { TrajectoryScaling } from "../../model/trajectory-scaling.ts";
import type { TrainedLagrangianOde } from "../../train/train-lagrangian-ode.ts";
import type { OscillatorStarts } from "./oscillators.ts";
import { frequency, type LagrangianOdeSizes } from "./settings.ts";

/** Mean squared errors by name, in SI; NaN where a motion could not be integrated. */
export type MotionErrors = Readonly<Record<string, number>>;

const mostStarts = 250;
const mostPoints = 50_000;
const horizon = 2;

/** The errors of a trained model; compiled for float64 once a size. */
export function evaluateMotions(
  ode: LagrangianOde,
  { parameters, scaling }: Pick<TrainedLagrangianOde, "parameters" | "scaling">,
  starts: OscillatorStarts,
  sizes: LagrangianOdeSizes,
  target: Target,
): MotionErrors {
  const { field, start } = mapTree(parameters, (leaf) => doubled(leaf as HostTensor)) as typeof parameters;
  const given = { parameters: { field, start }, scaling: scalingTensors(scaling) };
  return {
    ...motionErrors(ode, given, starts, { sizes, target, from: "measured" }),
    ...motionErrors(ode, given, starts, { sizes, target, from: "exact" }),
    ...domainErrors(ode, given, starts, { sizes, target }),
  };
}

interface Given {
  readonly parameters: MotionParameters<HostTensor>;
  readonly scaling: Scales<HostTensor>;
}

/** The numbers of a scaling as arguments of a program, so that it is compiled once. */
interface Scales<L> {
  /** []. */
  readonly time: { readonly mean: L; readonly deviation: L };
  /** [2]. */
  readonly position: { readonly mean: L; readonly deviation: L };
}

interface How {
  readonly sizes: LagrangianOdeSizes;
  readonly target: Target;
}

function motionErrors(
  ode: LagrangianOde,
  { parameters, scaling }: Given,
  starts: OscillatorStarts,
  { sizes, target, from }: How & { readonly from: keyof OscillatorStarts },
): MotionErrors {
  const count = starts.exact.length / 2;
  const rows = Math.min(mostStarts, count);
  const times = Array.from({ length: sizes.testTimes }, (_, k) => (horizon * k) / (sizes.testTimes - 1));
  const inside = times.filter((t) => t <= 1).length;
  const errorsOf = (networks: MotionParameters, scales: Scales<Tensor>, exact: Tensor, given: Tensor): Tensor[] => {
    const { time, position } = scales;
    const inner = div(sub(array(Float64Array.from(times)), time.mean), time.deviation);
    const scaled = div(sub(given, position.mean), position.deviation);
    const { x, v, status } = ode.motion(networks, scaled, inner, { solver: { kind: "adaptive", maxSteps: 400 } });
    const a = ode.acceleration(networks)(inner, x, v);
    const unit = (power: number): Tensor =>
      div(position.deviation, power === 0 ? 1 : power === 1 ? time.deviation : square(time.deviation));
    const found = [add(mul(x, unit(0)), position.mean), mul(v, unit(1)), mul(a, unit(2))];
    const wanted = trueMotion(exact, times);
    const both = found.flatMap((value, i) => {
      const error = square(sub(value, wanted[i] as Tensor));
      return [mean(slice(error, 1, 0, inside)), mean(slice(error, 1, inside))];
    });
    return both.map((error) => select(greater(convert(status, "float64"), 0), Number.NaN, error));
  };
  const part = (values: Float64Array, at: number): HostTensor =>
    array(values.slice(2 * at, 2 * (at + rows)), [rows, 2]);
  const types = [parameters, scaling, part(starts.exact, 0), part(starts.exact, 0)].map((each) => specOf(each));
  const run = compile(errorsOf as never, types as never, target);
  const names = ["x", "v", "a"].flatMap((name) => [`${name} inside`, `${name} beyond`]);
  const sums = names.map(() => 0);
  const parts = Math.floor(count / rows);
  for (let i = 0; i < parts; i++) {
    const found = run.callSync(parameters, scaling, part(starts.exact, i * rows), part(starts[from], i * rows));
    (found as unknown as HostTensor[]).forEach(({ data }, k) => {
      sums[k] = (sums[k] as number) + (data[0] as number) / parts;
    });
  }
  return Object.fromEntries(
    names.map((name, k) => [from === "measured" ? name : `${name}, exact start`, sums[k] as number]),
  );
}

/** Positions, velocities and accelerations [N, T, 2] of the oscillators from [N, 2]. */
function trueMotion(starts: Tensor, times: readonly number[]): [Tensor, Tensor, Tensor] {
  const phase = array(
    Float64Array.from(times, (t) => frequency * t),
    [1, times.length, 1],
  );
  const x0 = expandDimensions(starts, 1);
  const u0 = div(abs(x0), 10 * frequency);
  const x = add(mul(x0, cos(phase)), mul(u0, sin(phase)));
  const v = mul(frequency, sub(mul(u0, cos(phase)), mul(x0, sin(phase))));
  return [x, v, mul(-(frequency ** 2), x)];
}

/** Times, positions and velocities: [5] each. */
interface Box<L> {
  readonly low: L;
  readonly high: L;
}

function domainErrors(
  ode: LagrangianOde,
  { parameters, scaling }: Given,
  starts: OscillatorStarts,
  { sizes, target }: How,
): MotionErrors {
  const box = visitedBox(starts);
  const size = Math.min(mostPoints, sizes.domainPoints);
  const sumsOf = (
    networks: MotionParameters,
    { time, position }: Scales<Tensor>,
    { low, high }: Box<Tensor>,
    at: Tensor,
  ) => {
    const [first, widening] = [slice(at, 0, 0, 1), slice(at, 0, 1, 2)];
    const unit = mul(widening, sub(mul(2, sequence(add(first, iota([size], 0, "float64")))), 1));
    const points = mul(0.5, add(add(low, high), mul(sub(high, low), unit)));
    const t = div(sub(reshape(slice(points, 1, 0, 1), [size]), time.mean), time.deviation);
    const [x, v] = [slice(points, 1, 1, 3), slice(points, 1, 3, 5)];
    const scaled = ode.acceleration(networks)(
      t,
      div(sub(x, position.mean), position.deviation),
      mul(v, div(time.deviation, position.deviation)),
    );
    const found = mul(scaled, div(position.deviation, square(time.deviation)));
    const error = mean(square(add(found, mul(frequency ** 2, x))), 1);
    const counts = convert(or(equal(widening, 1), greater(max(abs(unit), 1), 1)), "float64");
    return [sum(mul(error, counts)), sum(counts)];
  };
  const place = (first: number, widening: number): HostTensor => array(Float64Array.of(first, widening));
  const types = [parameters, scaling, box, place(0, 1)].map((each) => specOf(each));
  const run = compile(sumsOf as never, types as never, target);
  const errorOver = (widening: number): number => {
    let [total, count] = [0, 0];
    for (let first = 0; first < sizes.domainPoints; first += size) {
      const found = run.callSync(parameters, scaling, box, place(first, widening)) as unknown as HostTensor[];
      total += found[0]?.data[0] as number;
      count += found[1]?.data[0] as number;
    }
    return total / count;
  };
  return { "f inside": errorOver(1), "f beyond": errorOver(2) };
}

/** Points [M, 5] in the unit cube, by index [M]: the fractions of k / phi^i, phi^6 = phi + 1. */
function sequence(index: Tensor): Tensor {
  const phi = 1.1347241384015194;
  const along = array(Float64Array.from({ length: 5 }, (_, i) => hostMath.power(phi, -(i + 1))));
  const values = add(0.5, mul(expandDimensions(index, 1), along));
  return sub(values, floor(values));
}

/** What the true motions of one second visit. */
function visitedBox({ exact }: OscillatorStarts): Box<HostTensor> {
  const largest = (i: number): number =>
    exact.reduce((most, x, k) => (k % 2 === i ? Math.max(most, Math.abs(x)) : most), 0);
  // The velocity at the start makes the amplitude larger by (1 / 10 / frequency)² / 2 of itself.
  const reach = [0, 1].map((i) => largest(i) * Math.sqrt(1 + (1 / 10 / frequency) ** 2));
  const speeds = reach.map((x) => x * frequency);
  return {
    low: array(Float64Array.of(0, ...reach.map((x) => -x), ...speeds.map((v) => -v))),
    high: array(Float64Array.of(1, ...reach, ...speeds)),
  };
}

function scalingTensors({ time, position }: TrajectoryScaling): Scales<HostTensor> {
  return {
    time: { mean: array(time.mean), deviation: array(time.deviation) },
    position: { mean: array([...position.mean]), deviation: array([...position.deviation]) },
  };
}

function doubled({ data, shape }: HostTensor): HostTensor {
  return array(Float64Array.from(data as Float32Array), shape);
}
