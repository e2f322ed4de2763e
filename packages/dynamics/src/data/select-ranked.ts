/**
 * The number at a rank without sorting the others: what a median or a trimmed range needs of a million numbers.
 *
 * Source: C. A. R. Hoare, 1961, "Algorithm 65: find", doi:10.1145/366622.366647. The pivot is the
 * median of three places drawn anew each time from a fixed sequence: places that go by the order of the numbers (ends and
 * middle) make a ramp up and down take quadratic time, and measurements are ramps.
 */

/** Ranges this short are sorted by insertion. */
const short = 16;

/**
 * Moves the number of a rank to its place: no smaller one stands behind it, and no larger one before it.
 * @param numbers [n] any finite or infinite numbers, none NaN; their order is changed
 * @param rank 0 to n - 1: how many others come before it when all are sorted
 * @param from ranks below it are known to be in place already; default 0
 * @returns the number
 */
export function selectRanked(numbers: Float64Array, rank: number, from = 0): number {
  let [low, high, seed] = [from, numbers.length - 1, 1];
  const drawn = (): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return numbers[low + Math.floor((seed / 2 ** 32) * (high - low + 1))] as number;
  };
  while (high - low > short) {
    const pivot = middleOf(drawn(), drawn(), drawn());
    let [left, right] = [low, high];
    while (left <= right) {
      while ((numbers[left] as number) < pivot) left += 1;
      while ((numbers[right] as number) > pivot) right -= 1;
      if (left > right) break;
      const kept = numbers[left] as number;
      numbers[left] = numbers[right] as number;
      numbers[right] = kept;
      left += 1;
      right -= 1;
    }
    if (rank <= right) high = right;
    else if (rank >= left) low = left;
    else return numbers[rank] as number;
  }
  insertionSort(numbers, low, high);
  return numbers[rank] as number;
}

function middleOf(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

function insertionSort(numbers: Float64Array, low: number, high: number): void {
  for (let at = low + 1; at <= high; at++) {
    const number = numbers[at] as number;
    let place = at - 1;
    for (; place >= low && (numbers[place] as number) > number; place--) numbers[place + 1] = numbers[place] as number;
    numbers[place + 1] = number;
  }
}
