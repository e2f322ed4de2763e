/**
 * Student's distribution, for intervals of means of few numbers.
 */
import { hostMath } from "./host-math.ts";

/**
 * The number that |t| stays below with a probability, for Student's t.
 *
 * @param probability 0 to below 1
 * @param freedom degrees of freedom: an integer, at least 1
 *
 * Source: Abramowitz, Stegun, 1972, Handbook of Mathematical Functions, equations 26.7.3 and 26.7.4, inverted by halving.
 */
export function studentQuantile(probability: number, freedom: number): number {
  let [low, high] = [0, Math.PI / 2];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (within(middle, freedom) < probability) low = middle;
    else high = middle;
  }
  return (Math.sqrt(freedom) * hostMath.sin(low)) / hostMath.cos(low);
}

/** The probability that |t| is below sqrt(freedom) tan(angle). */
function within(angle: number, freedom: number): number {
  const [sine, cosine] = [hostMath.sin(angle), hostMath.cos(angle)];
  const odd = freedom % 2 === 1;
  let term = odd ? cosine : 1;
  let sum = 0;
  for (let k = odd ? 3 : 2; k <= freedom; k += 2) {
    sum += term;
    term *= ((k - 1) / k) * cosine ** 2;
  }
  return odd ? (2 / Math.PI) * (angle + sine * sum) : sine * sum;
}
