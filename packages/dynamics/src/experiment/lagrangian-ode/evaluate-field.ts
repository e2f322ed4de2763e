/**
 * How far the learned acceleration is from that of the oscillators: over the box of times, positions and velocities that
 * the true motions visit, and over the shell from it to the box twice as wide; both fields at the same points of an
 * additive sequence (Roberts, 2018, "The unreasonable effectiveness of quasirandom sequences").
 */
import {
  abs,
  add,
  array,
  compile,
  convert,
  div,
  equal,
  expandDimensions,
  floor,
  greater,
  type HostTensor,
  iota,
  max,
  mean,
  mul,
  or,
  reshape,
  slice,
  specOf,
  square,
  sub,
  sum,
  type Target,
  type Tensor,
} from "@leastaction/tensor";
import { hostMath } from "../../host-math/host-math.ts";
import type { LagrangianOde } from "../../model/lagrangian-ode.ts";
import { inDouble } from "../../train/in-double.ts";
import type { TrainedLagrangianOde } from "../../train/train-lagrangian-ode.ts";
import type { MotionErrors } from "./evaluate-motions.ts";
import type { OscillatorStarts } from "./oscillators.ts";
import { type Scales, scalingTensors } from "./scaling-tensors.ts";
import { frequency, type LagrangianOdeSizes } from "./settings.ts";

const mostPoints = 50_000;

/** Times, positions and velocities: [5] each. */
interface Box<L> {
  readonly low: L;
  readonly high: L;
}

/** The errors of the acceleration f; compiled for float64 once a size. */
export function evaluateField(
  ode: LagrangianOde,
  trained: Pick<TrainedLagrangianOde, "parameters" | "scaling">,
  starts: OscillatorStarts,
  sizes: LagrangianOdeSizes,
  target: Target,
): MotionErrors {
  const parameters = inDouble({ field: trained.parameters.field });
  const scaling = scalingTensors(trained.scaling);
  const box = visitedBox(starts);
  const size = Math.min(mostPoints, sizes.domainPoints);
  const sumsOf = (
    networks: typeof parameters,
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
