/**
 * The discrete gradient with memory for sqrt(N) steps: exactly that of the replay, computed by walking twice.
 */
import { checkpointedScan } from "@leastaction/tensor";
import type { Problem } from "../problem.ts";
import type { StepRecord } from "../step-record.ts";
import type { Reading } from "./reading.ts";
import { type Reads, turnsFor } from "./reads.ts";
import { inGivenOrder, walk, walkReading } from "./walk.ts";

/**
 * The end, and the states at the reads.
 *
 * A gradient keeps sqrt(slots) carries (state and memory of the solver) and what sqrt(slots) steps leave, besides the
 * times and lengths of the steps, 16 bytes each.
 */
export function checkpointed<Y>(problem: Problem<Y>, record: StepRecord, reads: Reads | null): Reading<Y> {
  if (reads === null) return { y: walk(problem, record, checkpointedScan).y, states: null };
  const { end, states } = walkReading(problem, record, reads, turnsFor(problem, record, reads), checkpointedScan);
  return { y: end.y, states: inGivenOrder(problem, record, reads, states) };
}
