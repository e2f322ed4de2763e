/**
 * cos and sin of fractions of a turn, within 0.51 units of the last place, by additions, products and quotients alone:
 * the same bits in every engine (the host's own functions differ).
 *
 * The fraction is reduced to an eighth of a turn by whole numbers; there both are power series, in pairs of numbers whose
 * sum is the value (T. J. Dekker, 1971, "A floating-point technique for extending the available precision",
 * doi:10.1007/BF01397083).
 */

/** A sum of two numbers, the second within half a unit of the last place of the first. */
type Pair = readonly [number, number];

const quarterPi: Pair = [0.7853981633974483, 3.061616997868383e-17];
/** Terms of the series: at pi/4 the next one is below 2^-107. */
const terms = 14;

/** [cos, sin] of 2 pi k / n for an integer k and a natural n, with 8 |k| n below 2^53. */
export function rootOfUnity(k: number, n: number): readonly [number, number] {
  const eighths = 8 * (((k % n) + n) % n);
  const octant = Math.floor(eighths / n);
  const rest = eighths - octant * n;
  const [c, s] = smallAngle(octant % 2 === 0 ? rest : n - rest, n);
  const [x, y] = octant % 4 === 1 || octant % 4 === 2 ? [s, c] : [c, s];
  const isLeft = octant >= 2 && octant < 6;
  return [isLeft && x !== 0 ? -x : x, octant >= 4 && y !== 0 ? -y : y];
}

/** [cos, sin] of pi/4 times part / whole, from 0 to 1. */
function smallAngle(part: number, whole: number): readonly [number, number] {
  const angle = quotient(product(quarterPi, [part, 0]), whole);
  const square = product(angle, angle);
  // 1 - x² / (m (m + 1)) (1 - x² / ((m + 2) (m + 3)) (1 - …)), from the inside.
  const series = (first: number): Pair => {
    let sum: Pair = [1, 0];
    for (let term = terms; term >= 1; term--) {
      const m = first + 2 * (term - 1);
      const [high, low] = quotient(product(square, sum), m * (m + 1));
      sum = total([1, 0], [-high, -low]);
    }
    return sum;
  };
  return [series(1)[0], product(angle, series(2))[0]];
}

/** Both addends exactly: their rounded sum and what it lost. */
function exactSum(a: number, b: number): Pair {
  const sum = a + b;
  const from = sum - a;
  return [sum, a - (sum - from) + (b - from)];
}

/** Two numbers of half as many digits with the sum a. */
function halves(a: number): Pair {
  const scaled = 134217729 * a;
  const high = scaled - (scaled - a);
  return [high, a - high];
}

function exactProduct(a: number, b: number): Pair {
  const rounded = a * b;
  const [a1, a0] = halves(a);
  const [b1, b0] = halves(b);
  return [rounded, a1 * b1 - rounded + a1 * b0 + a0 * b1 + a0 * b0];
}

function total(a: Pair, b: Pair): Pair {
  const [high, low] = exactSum(a[0], b[0]);
  return exactSum(high, low + a[1] + b[1]);
}

function product(a: Pair, b: Pair): Pair {
  const [high, low] = exactProduct(a[0], b[0]);
  return exactSum(high, low + a[0] * b[1] + a[1] * b[0]);
}

function quotient(a: Pair, by: number): Pair {
  const high = a[0] / by;
  const [back, lost] = exactProduct(high, by);
  return exactSum(high, (a[0] - back - lost + a[1]) / by);
}
