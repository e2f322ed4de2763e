/**
 * Smoothing and differentiation of irregular samples by local polynomials (Savitzky and Golay's filter without a grid).
 *
 * In: times, values with gaps in them allowed (NaN), a half width in samples. Out: value and slope of the weighted
 * least-squares polynomial round each asked time, and the leverage of the sample there. Weights are tricube in time;
 * near the ends the window keeps its number of samples and becomes one-sided.
 *
 * Source: Savitzky, Golay, 1964, Analytical Chemistry 36, 1627, doi:10.1021/ac60214a047; Cleveland, 1979, "Robust
 * locally weighted regression", JASA 74, 829, doi:10.1080/01621459.1979.10481038 (weights).
 */

/** The fit round one time. */
export interface LocalFit {
  readonly value: number;
  /** Per second. */
  readonly slope: number;
  /** Share of the nearest sample in the fitted value there, 0 .. 1. */
  readonly leverage: number;
}

const noFit: LocalFit = Object.freeze({ value: Number.NaN, slope: Number.NaN, leverage: 1 });

/**
 * Fits a polynomial round the time of one sample.
 * @param times [n] s, increasing
 * @param values [n]; NaN where missing
 * @param row the sample, 0 .. n - 1
 * @param halfWidth samples on each side, at least 1
 * @param degree 1 .. 3
 * @returns NaN where fewer than degree + 1 samples are there
 */
export function localFit(
  times: Float64Array,
  values: Float64Array,
  row: number,
  halfWidth: number,
  degree: number,
): LocalFit {
  const size = degree + 1;
  const first = Math.max(0, Math.min(row - halfWidth, times.length - 1 - 2 * halfWidth));
  const last = Math.min(times.length - 1, first + 2 * halfWidth);
  const centre = times[row] as number;
  // One step beyond the window, so that its outermost samples still count.
  const reach = Math.max(centre - (times[first] as number), (times[last] as number) - centre);
  const scale = reach * (1 + 1 / (halfWidth + 1)) || 1;
  const normal = new Float64Array(size * size);
  const right = new Float64Array(size);
  let count = 0;
  for (let at = first; at <= last; at++) {
    const value = values[at] as number;
    if (Number.isNaN(value)) continue;
    const u = ((times[at] as number) - centre) / scale;
    const taper = 1 - Math.abs(u * u * u);
    const weight = taper * taper * taper;
    accumulate(normal, right, u, weight, value, size);
    count += 1;
  }
  if (count < size) return noFit;
  return solved(normal, right, size, scale);
}

function accumulate(
  normal: Float64Array,
  right: Float64Array,
  u: number,
  weight: number,
  value: number,
  size: number,
): void {
  let rowPower = weight;
  for (let i = 0; i < size; i++) {
    right[i] = (right[i] as number) + rowPower * value;
    let power = rowPower;
    for (let j = 0; j < size; j++) {
      normal[i * size + j] = (normal[i * size + j] as number) + power;
      power *= u;
    }
    rowPower *= u;
  }
}

/** Value, slope and leverage are entries of the solution and of the inverse's first column. */
function solved(normal: Float64Array, right: Float64Array, size: number, scale: number): LocalFit {
  const unit = new Float64Array(size);
  unit[0] = 1;
  const factor = cholesky(normal, size);
  if (factor === null) return noFit;
  const coefficients = substitute(factor, right, size);
  const inverse = substitute(factor, unit, size);
  return {
    value: coefficients[0] as number,
    slope: (coefficients[1] as number) / scale,
    leverage: inverse[0] as number,
  };
}

function cholesky(matrix: Float64Array, size: number): Float64Array | null {
  const factor = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * size + j] as number;
      for (let k = 0; k < j; k++) sum -= (factor[i * size + k] as number) * (factor[j * size + k] as number);
      if (i === j && !(sum > 1e-14 * (matrix[i * size + i] as number))) return null;
      factor[i * size + j] = i === j ? Math.sqrt(sum) : sum / (factor[j * size + j] as number);
    }
  }
  return factor;
}

function substitute(factor: Float64Array, right: Float64Array, size: number): Float64Array {
  const solution = right.slice();
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++)
      solution[i] = (solution[i] as number) - (factor[i * size + k] as number) * (solution[k] as number);
    solution[i] = (solution[i] as number) / (factor[i * size + i] as number);
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++)
      solution[i] = (solution[i] as number) - (factor[k * size + i] as number) * (solution[k] as number);
    solution[i] = (solution[i] as number) / (factor[i * size + i] as number);
  }
  return solution;
}
