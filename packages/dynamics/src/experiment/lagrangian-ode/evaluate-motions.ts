/**
 * How far predicted motions are from those of the oscillators: positions, velocities and accelerations from fresh starts,
 * inside the time of the training and as long again beyond it, from measured starts as published and from the exact ones.
 */
import {
  abs,
  add,
  array,
  compile,
  convert,
  cos,
  div,
  expandDimensions,
  greater,
  type HostTensor,
  mean,
  mul,
  select,
  sin,
  slice,
  specOf,
  square,
  sub,
  type Target,
  type Tensor,
} from "@leastaction/tensor";
import type { MotionModel } from "../../model/motion-model.ts";
import { inDouble } from "../../train/in-double.ts";
import type { TrainedMotion } from "../../train/train-motion.ts";
import type { OscillatorStarts } from "./oscillators.ts";
import { type Scales, scalingTensors } from "./scaling-tensors.ts";
import { frequency, type LagrangianOdeSizes } from "./settings.ts";

/** Mean squared errors by name, in SI; NaN where a motion could not be integrated. */
export type MotionErrors = Readonly<Record<string, number>>;

const mostStarts = 250;
const horizon = 2;

/** The errors of a trained model; compiled for float64 once a size. */
export function evaluateMotions<P>(
  model: MotionModel<P>,
  { parameters, scaling }: Pick<TrainedMotion<P>, "parameters" | "scaling">,
  starts: OscillatorStarts,
  sizes: LagrangianOdeSizes,
  target: Target,
): MotionErrors {
  const given = { parameters: inDouble(parameters), scaling: scalingTensors(scaling) };
  const count = starts.exact.length / 2;
  const rows = Math.min(mostStarts, count);
  const part = (values: Float64Array, at: number): HostTensor =>
    array(values.slice(2 * at, 2 * (at + rows)), [rows, 2]);
  const types = [given.parameters, given.scaling, part(starts.exact, 0), part(starts.exact, 0)];
  const run = compile(errorsOf(model, sizes.testTimes) as never, types.map((each) => specOf(each)) as never, target);
  const parts = Math.floor(count / rows);
  const meanErrors = (from: Float64Array, suffix: string): MotionErrors => {
    const sums = names.map(() => 0);
    for (let i = 0; i < parts; i++) {
      const found = run.callSync(given.parameters, given.scaling, part(starts.exact, i * rows), part(from, i * rows));
      (found as unknown as HostTensor[]).forEach(({ data }, k) => {
        sums[k] = (sums[k] as number) + (data[0] as number) / parts;
      });
    }
    return Object.fromEntries(names.map((name, k) => [`${name}${suffix}`, sums[k] as number]));
  };
  return { ...meanErrors(starts.measured, ""), ...meanErrors(starts.exact, ", exact start") };
}

const names = ["x", "v", "a"].flatMap((name) => [`${name} inside`, `${name} beyond`]);

/** The errors [] of `names`, of motions from `given` starts where they are in truth those from `exact` ones; traced. */
function errorsOf<P>(model: MotionModel<P>, count: number) {
  const times = Array.from({ length: count }, (_, k) => (horizon * k) / (count - 1));
  const inside = times.filter((t) => t <= 1).length;
  return (parameters: P, { time, position }: Scales<Tensor>, exact: Tensor, given: Tensor): Tensor[] => {
    const inner = div(sub(array(Float64Array.from(times)), time.mean), time.deviation);
    const scaled = div(sub(given, position.mean), position.deviation);
    const { x, v, a, status } = model.motion(parameters, scaled, inner, {
      solver: { kind: "adaptive", maxSteps: 400 },
    });
    const speed = div(position.deviation, time.deviation);
    const found = [
      add(mul(x, position.deviation), position.mean),
      mul(v, speed),
      mul(a, div(position.deviation, square(time.deviation))),
    ];
    const wanted = trueMotion(exact, times);
    const both = found.flatMap((value, i) => {
      const error = square(sub(value, wanted[i] as Tensor));
      return [mean(slice(error, 1, 0, inside)), mean(slice(error, 1, inside))];
    });
    return both.map((error) => select(greater(convert(status, "float64"), 0), Number.NaN, error));
  };
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
