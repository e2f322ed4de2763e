/**
 * Batches of equal size from an endless sequence of shuffled epochs.
 */
import type { HostRandom } from "../random/host-random.ts";

/**
 * The rows of batch 0, 1, …: every row once an epoch, each epoch in an order of its own. Epochs follow each other without
 * a gap: a batch that one does not fill goes on with the next, so that all are of one size.
 *
 * @param random only forked, by the number of the epoch: a batch depends on nothing but its number
 * @param count rows, at least `size`
 */
export function shuffledEpochs(random: HostRandom, count: number, size: number): (batch: number) => readonly number[] {
  let known = -1;
  let order: readonly number[] = [];
  const row = (place: number): number => {
    const epoch = Math.floor(place / count);
    if (epoch !== known) [known, order] = [epoch, shuffled(random.fork(epoch), count)];
    return order[place % count] as number;
  };
  return (batch) => Array.from({ length: size }, (_, i) => row(batch * size + i));
}

/** 0 … count - 1 in random order: Fisher and Yates. */
function shuffled(random: HostRandom, count: number): readonly number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(random.uniform() * (i + 1));
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
  return order;
}
