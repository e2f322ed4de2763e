/**
 * Numerical integration of a system on the host, in plain float64, for making data.
 *
 * In: a system, its constants, a start, increasing times, and the controls that are held from each of them to the next.
 * Out: the states at those times. The explicit Runge-Kutta pair of order 5(4) by Dormand and Prince with step-size
 * control at tolerance 1e-12, so that the data's error is far below any noise that is added to it.
 * Deliberately not done: gradients, events, stiff systems.
 *
 * Source: Dormand, Prince, 1980, "A family of embedded Runge-Kutta formulae", J. Comput. Appl. Math. 6, 19,
 * doi:10.1016/0771-050X(80)90013-3; Hairer, Norsett, Wanner, 1993, Solving Ordinary Differential Equations I, II.4.
 */

import { numberArithmetic } from "./arithmetic.ts";
import type { Parameters, System } from "./system.ts";

const nodes: readonly number[] = [0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1];
const coefficients: readonly (readonly number[])[] = [
  [],
  [1 / 5],
  [3 / 40, 9 / 40],
  [44 / 45, -56 / 15, 32 / 9],
  [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
  [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
  [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
];
const errorWeights: readonly number[] = [71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40];
const tolerance = 1e-12;
const mostSteps = 10_000_000;

/**
 * States at given times.
 * @param start the state at times[0], SI
 * @param times [n] s, strictly increasing
 * @param controls [n] of [c] SI: controls[i] is held from times[i] to times[i + 1]; zero without them
 * @returns [n] states, SI
 * @throws RangeError when a state stops being finite or the step underflows
 */
export function integrateHost(
  system: System,
  parameters: Parameters,
  start: readonly number[],
  times: Float64Array,
  controls: readonly (readonly number[])[] = [],
): readonly (readonly number[])[] {
  let control: readonly number[] = [];
  const field: Field = (t, state) => system.field(numberArithmetic, parameters, t, state, control);
  const states: (readonly number[])[] = [];
  let t = times[0] ?? 0;
  let state = start;
  let step = system.timescale(parameters) / 200;
  for (const [row, target] of times.entries()) {
    control = controls[row - 1] ?? [];
    let slope = field(t, state);
    for (let count = 0; t < target; count++) {
      const length = Math.min(step, target - t);
      const { next, last, error } = tryStep(field, t, state, slope, length);
      if (count > mostSteps || !(length > 1e-14 * Math.abs(target)) || !next.every(Number.isFinite))
        throw failed(system, t);
      const factor = Math.min(5, Math.max(0.2, 0.9 * error ** -0.2));
      if (error <= 1) {
        t = length === target - t ? target : t + length;
        state = next;
        slope = last;
      }
      // A step cut short by the target says nothing about the next one, unless it was too long.
      if (length === step || error > 1) step = length * factor;
    }
    states.push(state);
  }
  return states;
}

type Field = (t: number, state: readonly number[]) => readonly number[];

/** A step that was tried. */
interface Trial {
  readonly next: readonly number[];
  /** The slope there: the last stage of the pair is the first of the next step. */
  readonly last: readonly number[];
  /** The estimated error as a multiple of the tolerance. */
  readonly error: number;
}

function tryStep(field: Field, t: number, state: readonly number[], slope: readonly number[], step: number): Trial {
  const slopes = [slope];
  let point = state;
  for (let stage = 1; stage < nodes.length; stage++) {
    point = moved(state, slopes, coefficients[stage] as readonly number[], step);
    slopes.push(field(t + (nodes[stage] as number) * step, point));
  }
  const errors = moved(zeros(state.length), slopes, errorWeights, step);
  let error = 1e-10;
  for (let index = 0; index < errors.length; index++) {
    const scale = tolerance * (1 + Math.abs(state[index] as number));
    error = Math.max(error, Math.abs(errors[index] as number) / scale);
  }
  return { next: point, last: slopes[slopes.length - 1] as readonly number[], error };
}

/** state + step * the weighted sum of slopes. */
function moved(
  state: readonly number[],
  slopes: readonly (readonly number[])[],
  weights: readonly number[],
  step: number,
): readonly number[] {
  const result: number[] = [];
  for (let index = 0; index < state.length; index++) {
    let sum = 0;
    for (let stage = 0; stage < weights.length; stage++)
      sum += (weights[stage] as number) * ((slopes[stage] as readonly number[])[index] as number);
    result.push((state[index] as number) + step * sum);
  }
  return result;
}

function zeros(count: number): readonly number[] {
  return new Array<number>(count).fill(0);
}

function failed(system: System, t: number): RangeError {
  return new RangeError(
    `Cannot integrate ${system.name}: expected a finite motion, got a breakdown at t = ${t} s\nChoose a calmer start or a shorter duration.`,
  );
}
