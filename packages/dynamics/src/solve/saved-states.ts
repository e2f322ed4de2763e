/**
 * The states that `saveAt` asks for.
 */
import {
  add,
  broadcastTo,
  concatenate,
  convert,
  expandDimensions,
  full,
  iota,
  less,
  lessEqual,
  mul,
  reshape,
  select,
  sum,
  type Tensor,
} from "@leastaction/tensor";
import { mapTensors, zipTensors } from "../nn/tensor-tree.ts";
import { statesAt } from "./dense-output.ts";
import type { SaveAt, Solution } from "./options.ts";
import type { Problem } from "./problem.ts";
import type { Replay } from "./replay.ts";
import type { StepRecord } from "./step-record.ts";
import { timesTensor } from "./times.ts";

/** The part of a solution that holds saved states. */
export type SavedStates<Y> = Pick<Solution<Y>, "times" | "states" | "count">;

/** States at the times that are asked for, after every step, or at the end. */
export function savedStates<Y>(
  problem: Problem<Y>,
  record: StepRecord,
  replayed: Replay<Y>,
  saveAt: SaveAt | undefined,
): SavedStates<Y> {
  if (saveAt === undefined) {
    const states = mapTensors((leaf) => expandDimensions(leaf, 0), replayed.y);
    return { times: expandDimensions(record.end, 0), states, count: full([], 1, "int32") };
  }
  if ("steps" in saveAt) return statesOfSteps(record, replayed);
  const times = timesTensor(saveAt.times);
  const reached = lessEqual(mul(times, problem.direction), mul(record.end, problem.direction));
  const states = statesAt(problem, record, replayed, times);
  return { times, states, count: sum(convert(reached, "int32")) };
}

/** The state at the start of every step, then that at the end in all slots that are left. */
function statesOfSteps<Y>(record: StepRecord, { y, dense }: Replay<Y>): SavedStates<Y> {
  const taken = less(iota([record.slots + 1]), record.count);
  const extended = (series: Tensor, end: Tensor): Tensor => {
    const last = expandDimensions(end, 0);
    const mask = reshape(
      taken,
      series.shape.map((_, axis) => (axis === 0 ? record.slots + 1 : 1)),
    );
    return select(mask, concatenate([series, last]), broadcastTo(last, [record.slots + 1, ...end.shape]));
  };
  return {
    times: extended(record.starts, record.end),
    states: zipTensors((end, series) => extended(series, end), y, dense[0] as Y),
    count: add(record.count, 1),
  };
}
