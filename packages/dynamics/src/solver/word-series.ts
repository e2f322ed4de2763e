/**
 * The order conditions of splittings, by words.
 *
 * The flow of f = A + B over a step h is the series of exp(h(A + B)): the coefficient of every word of n letters A and
 * B is h^n / n!. A product of flows exp(w_1 h A) exp(w_2 h B) … has a coefficient for every word too, and the splitting
 * has order p exactly when the coefficients of all words of at most p letters agree, whatever the fields A and B are.
 * Hairer, Lubich, Wanner, 2006, "Geometric numerical integration", section III.5, doi:10.1007/3-540-30666-8.
 */

/** One flow: letter 0 or 1, and the share of the step. */
export interface LetterFlow {
  readonly letter: 0 | 1;
  readonly weight: number;
}

/**
 * The largest difference of a coefficient from 1 / n!, for the words of n = 1 … `order` letters.
 *
 * @param flows in the order of their application
 * @returns [order]
 */
export function wordDefects(flows: readonly LetterFlow[], order: number): number[] {
  const series = flows.reduce((product, flow) => appended(product, flow, order), unit(order));
  let factorial = 1;
  return Array.from({ length: order }, (_, i) => {
    const letters = i + 1;
    factorial *= letters;
    const words = series.subarray(2 ** letters, 2 ** (letters + 1));
    return words.reduce((largest, value) => Math.max(largest, Math.abs(value - 1 / factorial)), 0);
  });
}

/** Coefficients by word: a word is its letters as binary digits after a leading 1, so the empty word is 1. */
function unit(order: number): Float64Array {
  const series = new Float64Array(2 ** (order + 1));
  series[1] = 1;
  return series;
}

/** The series times exp(weight letter): longer words first, so that shorter ones are still those of the factor. */
function appended(series: Float64Array, { letter, weight }: LetterFlow, order: number): Float64Array {
  for (let word = 2 ** (order + 1) - 1; word > 1; word--) {
    let [shorter, term, total] = [word, 1, series[word] as number];
    for (let count = 1; shorter > 1 && shorter % 2 === letter; count++) {
      shorter >>= 1;
      term *= weight / count;
      total += term * (series[shorter] as number);
    }
    series[word] = total;
  }
  return series;
}
