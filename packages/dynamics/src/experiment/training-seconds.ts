/** How long a training took. */
import type { ExperimentContext } from "./experiment.ts";

/**
 * s of a training that was begun, or gone on with, at `begin` ms of `performance.now()`: with what its checkpoints tell of the time before.
 */
export function trainingSeconds({ checkpoints }: Pick<ExperimentContext, "checkpoints">, begin: number): number {
  return Number(checkpoints?.last?.facts.elapsed ?? 0) + (performance.now() - begin) / 1000;
}
