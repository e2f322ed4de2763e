/**
 * A step along a line after which the strong Wolfe conditions hold: the value has fallen enough, the slope is flat enough.
 *
 * In: the value and the slope at a step. Out: the point that was found, or null where rounding leaves none. Deliberately
 * not here: the direction.
 */

/** A point of a line. */
export interface LinePoint {
  /** Distance from the start, in units of the direction. */
  readonly step: number;
  readonly value: number;
  /** d value / d step. */
  readonly slope: number;
}

/** The value has to fall by at least this share of what the first slope promises, */
const fall = 1e-4;
/** and the slope to this share of the first. */
const flatness = 0.9;
const mostDoublings = 40;
const mostCuts = 30;
/** A trial keeps this share of the interval from both of its ends. */
const margin = 0.1;

/**
 * A point that fulfils both conditions; null if none was found.
 *
 * A value that is not finite counts as too high, so the search backs away from it.
 *
 * @param at the point at a step
 * @param start the point at step 0, whose slope is negative
 * @param first the step to try first, positive
 * Source: Nocedal and Wright, 2006, Numerical Optimization, 2nd edition, algorithms 3.5 and 3.6.
 */
export async function wolfeSearch<P extends LinePoint>(
  at: (step: number) => Promise<P>,
  start: LinePoint,
  first: number,
): Promise<P | null> {
  let low: LinePoint | P = start;
  let step = first;
  for (let trial = 0; trial < mostDoublings; trial++) {
    const point = await at(step);
    if (isTooHigh(point, start) || (trial > 0 && point.value >= low.value)) return narrow(at, start, low, point);
    if (isFlat(point, start)) return point;
    if (point.slope >= 0) return narrow(at, start, point, low);
    low = point;
    step *= 2;
  }
  return null;
}

/** Cuts the interval between two points, of which `low` is the lower one, until a point in it fulfils both conditions. */
async function narrow<P extends LinePoint>(
  at: (step: number) => Promise<P>,
  start: LinePoint,
  low: LinePoint | P,
  high: LinePoint,
): Promise<P | null> {
  let [below, beyond] = [low, high];
  for (let cut = 0; cut < mostCuts; cut++) {
    const point = await at(between(below, beyond));
    if (isTooHigh(point, start) || point.value >= below.value) {
      beyond = point;
      continue;
    }
    if (isFlat(point, start)) return point;
    if (point.slope * (beyond.step - below.step) >= 0) beyond = below;
    below = point;
  }
  return null;
}

function isTooHigh(point: LinePoint, start: LinePoint): boolean {
  return !(point.value <= start.value + fall * point.step * start.slope);
}

function isFlat(point: LinePoint, start: LinePoint): boolean {
  return Math.abs(point.slope) <= -flatness * start.slope;
}

/** The minimum of the cubic through both points, kept from the ends; the middle where there is none. */
function between(low: LinePoint, high: LinePoint): number {
  const width = high.step - low.step;
  const mean = low.slope + high.slope - (3 * (high.value - low.value)) / width;
  const root = Math.sign(width) * Math.sqrt(mean * mean - low.slope * high.slope);
  const cubic = high.step - (width * (high.slope + root - mean)) / (high.slope - low.slope + 2 * root);
  const [left, size] = [Math.min(low.step, high.step), Math.abs(width)];
  return cubic > left + margin * size && cubic < left + (1 - margin) * size ? cubic : left + size / 2;
}
