/**
 * The last good state of a training by gradient descent, to go back to when its steps are no longer finite.
 *
 * Good is the state of a report before which nothing went wrong and the mean loss did not leap. What is about to break is
 * often steep before it is not finite, so the last but one of them is taken. Each time training goes back it goes on with
 * a quarter of the step.
 */
import { hostMath } from "../host-math/host-math.ts";
import type { SavedState } from "./checkpoint.ts";
import { type StateReader, savedFloats, savedTree } from "./read-state.ts";

/** How often training may go back before it has diverged. */
export const mostRetreats = 3;
const retreatPace = 0.25;
/** A report whose mean loss is more than so many times that of the one before is not good. */
const leap = 10;

/** Follows a training. */
export interface LastGoodState {
  /** A tree of host tensors. */
  readonly state: () => unknown;
  /** What the learning rate is multiplied by. */
  readonly pace: () => number;
  /** The loss of a step. */
  readonly add: (loss: number) => void;
  /** A report was made; `read` gives the state there. */
  readonly report: (read: () => unknown) => void;
  /** Training goes back to the state; false if it has done so too often. */
  readonly goBack: () => boolean;
  readonly saved: () => SavedState;
}

/** @param saved what this gave as `saved` when the training stopped; null at its beginning */
export function lastGoodState(initial: unknown, saved: StateReader | null): LastGoodState {
  let state = saved === null ? initial : saved.tree("good", initial);
  let newer = saved === null ? initial : saved.tree("newer", initial);
  let retreats = saved?.number("retreats") ?? 0;
  // Of the losses since the last report, and of those before it.
  const recent = saved?.floats("recent", 3) ?? Float64Array.of(0, 0, Number.POSITIVE_INFINITY);
  let [sum, count, before] = Array.from(recent) as [number, number, number];
  const begin = (): void => {
    [sum, count] = [0, 0];
  };
  return {
    state: () => state,
    pace: () => hostMath.power(retreatPace, retreats),
    add: (loss) => {
      sum += loss;
      count += 1;
    },
    report: (read) => {
      const mean = sum / count;
      if (mean <= leap * before) [state, newer] = [newer, read()];
      if (Number.isFinite(mean)) before = mean;
      begin();
    },
    goBack: () => {
      begin();
      newer = state;
      if (retreats === mostRetreats) return false;
      retreats += 1;
      return true;
    },
    saved: () => ({
      facts: { retreats },
      tensors: { ...savedTree("good", state), ...savedTree("newer", newer), recent: savedFloats([sum, count, before]) },
    }),
  };
}
