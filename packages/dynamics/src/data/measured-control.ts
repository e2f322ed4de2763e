/**
 * A measured control as a function of time, and what a solver's step sees of it.
 *
 * In: the samples of one control of a whole recording, and how it acts between them. Between samples the last value is
 * held (`zero`: zero-order hold, what a digital output does) or values are joined by straight lines (`linear`). Missing
 * samples are passed over; before the first sample the control is the first value, after the last one the last value.
 * A step of a solver sees the straight line that has the same mean and the same first moment over the step as the
 * control: an input that enters the acceleration then gives the right change of velocity and of position over the step,
 * also where it jumps inside it, and the line moves smoothly when the control is shifted by a delay.
 */

/** How a control acts between its samples. */
export type ControlHold = "zero" | "linear";

/** One control of one recording. */
export interface MeasuredControl {
  /** [n] s, increasing; n at least 1. */
  readonly times: Float64Array;
  /** [n] SI, finite. */
  readonly values: Float64Array;
  readonly hold: ControlHold;
}

/** A control over a step: `middle` + `rate` (t - middle of the step). */
export interface ControlLine {
  /** The mean over the step, SI. */
  readonly middle: number;
  /** SI per second; 0 over a step of length 0. */
  readonly rate: number;
}

/** The signal of samples; NaN is passed over, and without any value the control is 0. */
export function measuredControl(
  times: ArrayLike<number>,
  values: ArrayLike<number>,
  hold: ControlHold,
): MeasuredControl {
  const kept = Array.from(times, (_, row) => row).filter((row) => Number.isFinite(values[row]));
  if (kept.length === 0) return { times: Float64Array.of(0), values: Float64Array.of(0), hold };
  return {
    times: Float64Array.from(kept, (row) => times[row] as number),
    values: Float64Array.from(kept, (row) => values[row] as number),
    hold,
  };
}

/** The signals of a recording, one for each control: `controls` is [n, c] over `times`. */
export function measuredControls(
  { times, controls }: { readonly times: Float64Array; readonly controls: Float64Array },
  axes: readonly { readonly hold: ControlHold }[],
): readonly MeasuredControl[] {
  return axes.map(({ hold }, i) =>
    measuredControl(
      times,
      Float64Array.from(times, (_, row) => controls[row * axes.length + i] as number),
      hold,
    ),
  );
}

/** The control at a time; at a jump the later value. */
export function controlAt(signal: MeasuredControl, t: number): number {
  return valueIn(signal, lastBefore(signal.times, t), t);
}

/** The line of a control over the step from `from` to `to`. */
export function lineOver(signal: MeasuredControl, from: number, to: number): ControlLine {
  const length = to - from;
  if (!(length > 0)) return { middle: controlAt(signal, from), rate: 0 };
  const { times } = signal;
  const centre = (from + to) / 2;
  let [middle, moment] = [0, 0];
  let start = from;
  for (let knot = lastBefore(times, from); start < to; knot++) {
    const next = knot + 1 < times.length ? (times[knot + 1] as number) : Number.POSITIVE_INFINITY;
    const end = Math.min(next, to);
    const [first, last] = [valueIn(signal, knot, start), valueIn(signal, knot, end)];
    const share = (end - start) / length;
    const mean = (first + last) / 2;
    middle += share * mean;
    moment += share * (((start + end) / 2 - centre) * mean + ((end - start) * (last - first)) / 12);
    start = end;
  }
  return { middle, rate: (12 * moment) / length ** 2 };
}

/** The derivative of `lineOver(signal, from - delay, to - delay)` by the delay, at delay 0. */
export function lineByDelay(signal: MeasuredControl, from: number, to: number): ControlLine {
  const length = to - from;
  if (!(length > 0)) return { middle: 0, rate: 0 };
  const [first, last] = [controlAt(signal, from), controlAt(signal, to)];
  const { middle } = lineOver(signal, from, to);
  return { middle: (first - last) / length, rate: (12 / length ** 2) * (middle - (first + last) / 2) };
}

/** The value at `t` by the interval that begins at knot `knot`; -1 lies before the first. */
function valueIn({ times, values, hold }: MeasuredControl, knot: number, t: number): number {
  if (knot < 0) return values[0] as number;
  const value = values[knot] as number;
  if (hold === "zero" || knot + 1 >= times.length) return value;
  const [start, end] = [times[knot] as number, times[knot + 1] as number];
  return value + (((values[knot + 1] as number) - value) * (t - start)) / (end - start);
}

/** The last index with times[index] <= t; -1 where there is none. */
function lastBefore(times: Float64Array, t: number): number {
  let [low, high] = [-1, times.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((times[middle] as number) <= t) low = middle;
    else high = middle - 1;
  }
  return low;
}
