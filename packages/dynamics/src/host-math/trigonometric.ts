/**
 * Sine and cosine, after k_sin.c, k_cos.c and e_rem_pio2.c of fdlibm: the angle less quarter turns, in two numbers, then
 * a series. Beyond a million quarter turns the remainder is taken in whole numbers with as many digits of pi as it needs.
 */
import { splitBinary } from "./binary-exponent.ts";
import { horner } from "./horner.ts";

const sineSeries = [
  0.00833333333332249, -0.0001984126982985795, 2.7557313707070068e-6, -2.5050760253406863e-8, 1.58969099521155e-10,
];
const cosineSeries = [
  0.0416666666666666, -0.001388888888887411, 2.480158728947673e-5, -2.7557314351390663e-7, 2.087572321298175e-9,
  -1.1359647557788195e-11,
];
/** pi/2 in parts: products of the first two with whole numbers below 2^20 are exact. */
const [first, second, third] = [1.5707963267341256, 6.077100506303966e-11, 2.0222662487959506e-21];
const mostTurns = 2 ** 20;

/** The sine of an angle in rad; NaN at infinities. */
export function sine(x: number): number {
  return Object.is(x, -0) ? x : turned(x, 0);
}

/** The cosine of an angle in rad; NaN at infinities. */
export function cosine(x: number): number {
  return turned(x, 1);
}

/** An angle less quarter turns: high + low in -pi/4 .. pi/4. */
interface Remainder {
  /** Quarter turns, 0 to 3. */
  readonly quarter: number;
  readonly high: number;
  readonly low: number;
}

/** The sine of x and `ahead` quarter turns. */
function turned(x: number, ahead: number): number {
  if (!Number.isFinite(x)) return Number.NaN;
  const { quarter, high, low } = remainderOf(x);
  const at = (quarter + ahead) % 4;
  const value = at % 2 === 0 ? sineNear(high, low) : cosineNear(high, low);
  return at < 2 ? value : -value;
}

function remainderOf(x: number): Remainder {
  const turns = Math.floor(x / (Math.PI / 2) + 0.5);
  if (turns === 0) return { quarter: 0, high: x, low: 0 };
  if (Math.abs(turns) > mostTurns) return remainderOfHuge(x);
  const start = x - turns * first;
  const middle = start - turns * second;
  const lost = start - middle - turns * second;
  const tail = turns * third - lost;
  const high = middle - tail;
  return { quarter: ((turns % 4) + 4) % 4, high, low: middle - high - tail };
}

function sineNear(x: number, low: number): number {
  const square = x * x;
  const cube = square * x;
  const r = horner(square, sineSeries);
  return x - (square * (0.5 * low - cube * r) - low + cube * 0.16666666666666632);
}

function cosineNear(x: number, low: number): number {
  const square = x * x;
  const half = 0.5 * square;
  const whole = 1 - half;
  return whole + (1 - whole - half + (square * (square * horner(square, cosineSeries)) - x * low));
}

/** Bits of pi/2 behind the point: enough for the largest float64 beside the smallest remainder of one. */
const digits = 1200n;
let quarterTurn: bigint | null = null;

function remainderOfHuge(x: number): Remainder {
  quarterTurn ??= halfPi();
  const { k, m } = splitBinary(Math.abs(x));
  // The last bit of |x| is 2^(k - 52).
  const angle = BigInt(m * 2 ** 52) << (digits + BigInt(k - 52));
  const turns = (angle + quarterTurn / 2n) / quarterTurn;
  const rest = angle - turns * quarterTurn;
  const scale = digits - 106n;
  const kept = Number(rest >> scale) * 2 ** -106;
  const low = Number((rest >> scale) - BigInt(kept * 2 ** 106)) * 2 ** -106;
  const sign = x < 0 ? -1 : 1;
  return { quarter: Number((BigInt(sign) * turns) & 3n), high: sign * kept, low: sign * low };
}

/** pi/2 2^digits by Machin's formula, 1706: pi/4 = 4 arctan 1/5 - arctan 1/239. */
function halfPi(): bigint {
  const guard = 32n;
  const one = 1n << (digits + guard);
  const arctangent = (inverse: bigint): bigint => {
    let sum = 0n;
    for (
      let [term, odd, sign] = [one / inverse, 1n, 1n];
      term !== 0n;
      term /= inverse * inverse, odd += 2n, sign = -sign
    ) {
      sum += (sign * term) / odd;
    }
    return sum;
  };
  return (2n * (4n * arctangent(5n) - arctangent(239n))) >> guard;
}
