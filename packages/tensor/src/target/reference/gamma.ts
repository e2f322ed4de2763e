/**
 * lgamma, digamma and its derivatives of one number: power series about 1 (DLMF 5.7.3), recurrences to it, and asymptotic
 * series from 20 on. Below 0 by the recurrence as far as -60, so that neighbours of negative integers come out right, then by
 * reflection.
 */

const euler = 0.5772156649015329;
const reach = 20;
const lowest = -60;

/** B2k / (2k (2k - 1)), the series of Stirling. */
const stirling = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360];
/** B2k / (2k)!, the series of Euler and Maclaurin. */
const maclaurin = [1 / 12, -1 / 720, 1 / 30240, -1 / 1209600, 1 / 47900160, -691 / 1307674368000];

/** zeta(s, x), the sum of (x + j)^-s, for x >= 0 and s >= 2. */
function hurwitz(s: number, x: number): number {
  const far = x + reach + s;
  let tail = 0.5;
  let rising = s;
  for (const [i, coefficient] of maclaurin.entries()) {
    tail += (coefficient * rising) / far ** (2 * i + 1);
    rising *= (s + 2 * i + 1) * (s + 2 * i + 2);
  }
  let sum = far ** (1 - s) / (s - 1) + tail * far ** -s;
  for (let j = reach + s - 1; j >= 0; j--) sum += (x + j) ** -s;
  return sum;
}

/** zeta(k) - 1 for k = 0, 1, 2, …; the first two are not used. */
const zetas = Array.from({ length: 60 }, (_, k) => (k < 2 ? 0 : hurwitz(k, 2)));

const isPole = (x: number): boolean => x <= 0 && Number.isInteger(x);
const cotangent = (x: number): number => {
  const rest = x - Math.round(x);
  return (Math.sign(rest) * Math.sin(Math.PI * (0.5 - Math.abs(rest)))) / Math.sin(Math.PI * Math.abs(rest));
};

/** log |gamma x|. */
export function lgamma(x: number): number {
  if (isPole(x) || Math.abs(x) === Infinity) return Infinity;
  if (x >= reach) {
    const series = stirling.reduce((sum, coefficient, i) => sum + coefficient / x ** (2 * i + 1), 0);
    return (x - 0.5) * (Math.log(x) - 1) + ((Math.log(2 * Math.PI) - 1) / 2 + series);
  }
  if (x < lowest) {
    const sine = Math.sin(Math.PI * Math.abs(x - Math.round(x)));
    return -Math.log((-x * sine) / Math.PI) - lgamma(-x);
  }
  let [y, factors] = [x, 1];
  for (; y < 0.5; y++) factors /= y;
  while (y > 1.5) factors *= --y;
  const z = y - 1;
  const curve = zetas.reduce((sum, zeta, k) => sum + (zeta * (-z) ** k) / Math.max(1, k), 0);
  return z * (1 - euler) + curve - Math.log1p(z) + Math.log(Math.abs(factors));
}

/** The derivative of lgamma. */
export function digamma(x: number): number {
  if (x < 0) return isPole(x) ? Number.NaN : digamma(1 - x) - Math.PI * cotangent(x);
  if (x >= reach) {
    const series = stirling.reduce((sum, coefficient, i) => sum + (coefficient * (2 * i + 1)) / x ** (2 * i + 2), 0);
    return Math.log(x) - 0.5 / x - series;
  }
  let [y, sum] = [x, 0];
  for (; y < 0.5; y++) sum -= 1 / y;
  while (y > 1.5) sum += 1 / --y;
  const z = y - 1;
  const curve = zetas.reduce((total, zeta, k) => total - (k < 2 ? 0 : zeta * (-z) ** (k - 1)), 0);
  return 1 - euler + curve - 1 / y + sum;
}

/** The derivative of digamma of an order from 1 on. */
export function polygamma(order: number, x: number): number {
  const sign = order % 2 === 1 ? 1 : -1;
  if (!(x < 0)) return sign * factorial(order) * hurwitz(order + 1, x) + 0;
  if (isPole(x)) return sign > 0 ? Infinity : Number.NaN;
  return -sign * polygamma(order, 1 - x) - Math.PI ** (order + 1) * slopeOfCotangent(cotangent(x), order);
}

/** (d/dt)^n cot t in c = cot t, with the coefficients of the polynomial that each derivative makes of the one before. */
function slopeOfCotangent(c: number, order: number): number {
  let powers = new Map([[1, 1]]);
  for (let n = 0; n < order; n++) {
    const next = new Map<number, number>();
    for (const [power, factor] of powers) {
      if (power === 0) continue;
      for (const to of [power - 1, power + 1]) next.set(to, (next.get(to) ?? 0) - power * factor);
    }
    powers = next;
  }
  return [...powers].reduce((sum, [power, factor]) => sum + factor * c ** power, 0);
}

function factorial(n: number): number {
  return n <= 1 ? 1 : n * factorial(n - 1);
}
