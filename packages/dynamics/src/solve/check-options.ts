/**
 * What can be known to be wrong with the options of `solve` while tracing: each mistake with its own message. What is
 * known only at run time is a status of the result instead.
 */
import { sizeOf, TensorError, type TensorLike } from "@leastaction/tensor";
import type { Solver } from "../solver/solver.ts";
import type { SaveAt } from "./options.ts";
import { hostNumber, hostTimes, type Times } from "./times.ts";

/** The options that are looked at. */
export interface CheckedOptions {
  readonly t0: TensorLike;
  readonly t1: TensorLike;
  readonly dt0?: TensorLike | undefined;
  readonly maxSteps?: number | undefined;
  readonly saveAt?: SaveAt | undefined;
}

/** Errors: times that are not finite, a first step or a number of steps that is not positive, unusable `saveAt`. */
export function expectOptions({ t0, t1, dt0, maxSteps, saveAt }: CheckedOptions): void {
  const [from, to] = [expectTime("t0", t0), expectTime("t1", t1)];
  const first = dt0 === undefined ? null : hostNumber(dt0);
  if (first !== null && !(first > 0 && first < Infinity)) {
    throw new TensorError(
      `Cannot solve: expected a positive dt0, got ${first}`,
      "Pass the length of a step; it is positive for backward time too.",
    );
  }
  if (maxSteps !== undefined && !(Number.isInteger(maxSteps) && maxSteps >= 1)) {
    throw new TensorError(
      `Cannot solve: expected maxSteps to be a positive integer, got ${maxSteps}`,
      "Pass the most steps that may be taken; memory for them is set aside.",
    );
  }
  if (saveAt !== undefined && "times" in saveAt) expectSaveTimes(saveAt.times, from, to);
}

function expectTime(name: string, time: TensorLike): number | null {
  if (typeof time !== "number" && sizeOf(time.shape) !== 1) {
    throw new TensorError(
      `Cannot solve: expected ${name} to be one time, got a tensor of shape [${time.shape.join(", ")}]`,
      "Use vmap to integrate a batch in which every member has its own times.",
    );
  }
  const known = hostNumber(time);
  if (known === null || Number.isFinite(known)) return known;
  throw new TensorError(
    `Cannot solve: expected ${name} to be a finite time, got ${known}`,
    "Integrate to a finite time; continue from its end.",
  );
}

function expectSaveTimes(given: Times, from: number | null, to: number | null): void {
  const times = hostTimes(given);
  if (times === null) return;
  const [low, high] = from === null || to === null ? [-Infinity, Infinity] : [Math.min(from, to), Math.max(from, to)];
  const outside = times.findIndex((time) => !(time >= low && time <= high));
  if (outside >= 0) {
    throw new TensorError(
      `Cannot solve: expected saveAt.times within ${low} .. ${high}, got ${times[outside]} at index ${outside}`,
      "Leave out times that are not integrated to, or move t0 and t1.",
    );
  }
  const rises = times.findIndex((time, i) => i > 0 && time > (times[i - 1] as number));
  const falls = times.findIndex((time, i) => i > 0 && time < (times[i - 1] as number));
  const wrong = from === null || to === null ? (rises >= 0 ? falls : -1) : from <= to ? falls : rises;
  if (wrong < 0) return;
  throw new TensorError(
    `Cannot solve: expected saveAt.times in the order in which they are met, got ${times[wrong]} after ${times[wrong - 1]} at index ${wrong}`,
    "Sort the times, falling for backward time; a tensor known only at run time may be in any order.",
  );
}

/** The order of a solver's error estimate. Errors: a solver without one. */
export function expectEstimate({ name, embeddedOrder, symplectic }: Solver): number {
  if (embeddedOrder !== undefined) return embeddedOrder;
  const why = symplectic ? "; choosing its steps from errors would lose the symplectic structure" : "";
  const varied = symplectic ? ", solveTimeTransformed for steps that vary and stay reversible" : "";
  throw new TensorError(
    `Cannot solve with adaptive steps: expected a solver with an error estimate, got ${name}${why}`,
    `Use constantStepSize() with dt0${varied}, or a solver with an estimate such as tsit5 or dopri5.`,
  );
}
