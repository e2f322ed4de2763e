/**
 * Fewer points for a drawing that cannot show them all.
 * Of each run of neighbouring points the smallest and the largest stay, so that an oscillation keeps its height however
 * densely it is drawn; what cannot be told apart on paper is all that is lost. NaN is passed on as a gap.
 */

/** Indices of at most about `limit` of the n `values`, rising, first and last among them. */
export function thinned(values: Float64Array, limit: number): Uint32Array {
  const length = values.length;
  if (length <= limit) return Uint32Array.from({ length }, (_, index) => index);
  const buckets = Math.max(1, Math.floor(limit / 2));
  const kept = new Set<number>([0, length - 1]);
  for (let bucket = 0; bucket < buckets; bucket++) {
    const from = Math.floor((bucket * length) / buckets);
    const to = Math.floor(((bucket + 1) * length) / buckets);
    for (const index of extremes(values, from, to)) kept.add(index);
  }
  return Uint32Array.from(kept).sort();
}

function extremes(values: Float64Array, from: number, to: number): readonly number[] {
  let smallest = from;
  let largest = from;
  for (let index = from; index < to; index++) {
    const value = values[index] as number;
    if (Number.isNaN(value)) return [from, index];
    if (value < (values[smallest] as number)) smallest = index;
    if (value > (values[largest] as number)) largest = index;
  }
  return [smallest, largest];
}
