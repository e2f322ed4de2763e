/**
 * Numerical integration of a system on the host, in plain float64, for making data.
 *
 * In: a system, its constants, a start, increasing times, and the controls that are held from each of them to the next.
 * Out: the states at those times. The explicit Runge-Kutta method of order 8 by Dormand and Prince (DOP853) with step-size
 * control at tolerance 1e-12, so that the data's error is far below any noise that is added to it; every wanted time ends
 * a step.
 * Deliberately not done: gradients, events, stiff systems.
 *
 * Source: Hairer, Norsett, Wanner, 1993, Solving Ordinary Differential Equations I, second edition, II.4 and II.10,
 * doi:10.1007/978-3-540-78862-1.
 */

import { TensorError } from "@leastaction/tensor";
import { dop853Tableau } from "../solver/dop853.ts";
import { numberArithmetic } from "./arithmetic.ts";
import type { Parameters, System } from "./system.ts";

const { a: coefficients, c: nodes } = dop853Tableau;
const fifthOrder = dop853Tableau.error ?? [];
const thirdOrder = dop853Tableau.coarseError?.weights ?? [];
const tolerance = 1e-12;
const mostSteps = 10_000_000;

/**
 * States at given times.
 * @param start the state at times[0], SI
 * @param times [n] s, strictly increasing
 * @param controls [n] of [c] SI: controls[i] is held from times[i] to times[i + 1]; zero without them
 * @returns [n] states, SI
 * @throws TensorError when a state stops being finite or the step underflows
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
  let step = system.timescale(parameters) / 50;
  for (const [row, target] of times.entries()) {
    control = controls[row - 1] ?? [];
    let slope = field(t, state);
    for (let count = 0; t < target; count++) {
      // Stretched a little rather than cut: no step is ever left that is too small to count.
      const rest = target - t;
      const length = rest <= 1.01 * step ? rest : step;
      const { next, last, error } = tryStep(field, t, state, slope, length);
      if (count > mostSteps || !(length > 1e-14 * Math.abs(target)) || !next.every(Number.isFinite))
        throw failed(system, t);
      const factor = Math.min(5, Math.max(0.2, 0.9 / Math.sqrt(Math.sqrt(Math.sqrt(error)))));
      if (error <= 1) {
        t = length === rest ? target : t + length;
        state = next;
        slope = last;
      }
      // A step cut short by the target says nothing about the next one, unless it was too long.
      if (length >= step || error > 1) step = length * factor;
    }
    states.push(state);
  }
  return states;
}

type Field = (t: number, state: readonly number[]) => readonly number[];

/** A step that was tried. */
interface Trial {
  readonly next: readonly number[];
  /** The slope there: the last stage is the first of the next step. */
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
  return { next: point, last: slopes[slopes.length - 1] as readonly number[], error: errorOf(state, slopes, step) };
}

/** Two estimates together: of order 5 and 3 they make one that shrinks as step^8. */
function errorOf(state: readonly number[], slopes: readonly (readonly number[])[], step: number): number {
  const still = new Array<number>(state.length).fill(0);
  const [fifth, third] = [fifthOrder, thirdOrder].map((weights) => {
    const errors = moved(still, slopes, weights, step);
    const scaled = errors.map((error, index) => error / (tolerance * (1 + Math.abs(state[index] as number))));
    return scaled.reduce((sum, error) => sum + error * error, 0) / scaled.length;
  }) as [number, number];
  return Math.max(1e-10, fifth === 0 ? 0 : fifth / Math.sqrt(fifth + 0.01 * third));
}

/** state + step * the weighted sum of slopes. */
function moved(
  state: readonly number[],
  slopes: readonly (readonly number[])[],
  weights: readonly number[],
  step: number,
): readonly number[] {
  const result: number[] = [];
  const count = Math.min(weights.length, slopes.length);
  for (let index = 0; index < state.length; index++) {
    let sum = 0;
    for (let stage = 0; stage < count; stage++)
      sum += (weights[stage] as number) * ((slopes[stage] as readonly number[])[index] as number);
    result.push((state[index] as number) + step * sum);
  }
  return result;
}

function failed(system: System, t: number): TensorError {
  return new TensorError(
    `Cannot integrate ${system.name}: expected a finite motion, got a breakdown at t = ${t} s`,
    "Choose a calmer start or a shorter duration.",
    "breakdown",
  );
}
