/**
 * The discrete Fourier transform of rows of any length.
 *
 * Lengths made of 2, 3, 5 and 7: the algorithm that sorts itself (Stockham; C. Van Loan, 1992, "Computational frameworks
 * for the fast Fourier transform", section 1.7, doi:10.1137/1.9781611970999), four at a time as long as it goes. Other
 * short ones are products with the matrix of their roots. Other long ones are convolutions with a chirp (L. Bluestein,
 * 1970, "A linear filtering approach to the computation of discrete Fourier transform", doi:10.1109/TAU.1970.1162132), of
 * twice the length or more. Many rows are taken a few at a time, so that all stages of them run in the cache.
 */
import { contract } from "../../ops/contraction.ts";
import { add, mul, neg, sub } from "../../ops/elementwise.ts";
import { at, pad, reshape, slice, stack } from "../../ops/movement.ts";
import { plainScan } from "../../ops/plain-scan.ts";
import { rootOfUnity } from "../../ops/roots-of-unity.ts";
import { sizeOf } from "../../shape.ts";
import { array, asTensor, type Tensor } from "../../trace/tensor.ts";
import type { Definition } from "./definition.ts";

/** Real and imaginary part. */
type Complex = readonly [Tensor, Tensor];

/** Rows that are not made of small factors are products with a matrix up to this length. */
const longestMatrix = 64;

/** Elements of each part that are transformed together: in float64 they and a copy take a quarter of a megabyte. */
const mostTogether = 8192;

/** See `library/fourier.ts`. e^(+…) is e^(-…) with the parts exchanged before and after. */
export const fft: Definition<"fft"> = ({ inverse }, [real, imaginary]) => {
  const [re, im] = [real as Tensor, imaginary as Tensor];
  const [first, second] = inRows(inverse ? [im, re] : [re, im]);
  return inverse ? [second, first] : [first, second];
};

/** Rows of any leading axes, a few at a time. */
function inRows(x: Complex): Complex {
  const { shape } = x[0];
  const n = shape.at(-1) as number;
  const rows = sizeOf(shape) / n;
  if (rows === 0 || n === 1) return x;
  const most = Math.max(1, Math.floor(mostTogether / n));
  if (rows <= most) return both(transform(both(x, (part) => reshape(part, [rows, n]))), (part) => reshape(part, shape));
  const turns = Math.ceil(rows / most);
  const together = Math.ceil(rows / turns);
  const blocks = both(x, (part) => {
    const filled = pad(reshape(part, [rows, n]), 0, 0, turns * together - rows);
    return reshape(filled, [turns, together, n]);
  });
  const [, found] = plainScan(
    (none: Record<string, Tensor>, block: Complex) => [none, transform(block)] as const,
    {},
    blocks,
  );
  return both(found as unknown as Complex, (part) =>
    reshape(slice(reshape(part, [turns * together, n]), 0, 0, rows), shape),
  );
}

function both(x: Complex, f: (part: Tensor) => Tensor): Complex {
  return [f(x[0]), f(x[1])];
}

/** Of [rows, n]. */
function transform(x: Complex): Complex {
  const n = x[0].shape[1] as number;
  const factors = factorsOf(n);
  if (factors !== undefined) return byFactors(x, factors);
  return n <= longestMatrix ? byMatrix(x) : byChirp(x);
}

/** The factors of a length, fours first; undefined if one is above 7. */
function factorsOf(n: number): readonly number[] | undefined {
  const factors: number[] = [];
  let rest = n;
  for (const factor of [4, 2, 3, 5, 7]) {
    while (rest % factor === 0) {
      factors.push(factor);
      rest /= factor;
    }
  }
  return rest === 1 ? factors : undefined;
}

/** A constant of this shape: e^(-2 pi i turn / n) at each position, 0 where that is undefined. */
function roots(
  like: Tensor,
  shape: readonly number[],
  n: number,
  turn: (position: number) => number | undefined,
): Complex {
  const values = Array.from({ length: sizeOf(shape) }, (_, position) => {
    const k = turn(position);
    return k === undefined ? ([0, 0] as const) : rootOfUnity(k, n);
  });
  const constant = (part: readonly number[]): Tensor => asTensor(array(part, shape, like.dtype), like.dtype);
  return [constant(values.map(([c]) => c)), constant(values.map(([, s]) => -s))];
}

function times([a, b]: Complex, [c, d]: Complex): Complex {
  return [sub(mul(a, c), mul(b, d)), add(mul(a, d), mul(b, c))];
}

/**
 * One factor r after another. Before it there are `done` transforms of length n / done side by side, [n / done, done] in
 * memory; each becomes r transforms of a length r times shorter, whose elements are multiplied by roots of unity.
 */
function byFactors(x: Complex, factors: readonly number[]): Complex {
  const [rows, n] = x[0].shape as readonly [number, number];
  let state = x;
  let done = 1;
  for (const factor of factors) {
    const left = n / done / factor;
    const split = both(state, (part) => reshape(part, [rows, factor, left, done]));
    const elements = Array.from({ length: factor }, (_, k) => both(split, (part) => at(part, k, 1)));
    const results = butterfly(elements).map((result, j): Complex => {
      if (left === 1 || j === 0) return result;
      return times(
        result,
        roots(result[0], [left, 1], left * factor, (p) => j * p),
      );
    });
    const joined = (part: 0 | 1): Tensor =>
      reshape(
        stack(
          results.map((result) => result[part]),
          2,
        ),
        [rows, n],
      );
    state = [joined(0), joined(1)];
    done *= factor;
  }
  return state;
}

/** The transform of as many tensors as there are. */
function butterfly(x: readonly Complex[]): readonly Complex[] {
  if (x.length === 2) return pair(x[0] as Complex, x[1] as Complex);
  if (x.length === 4) {
    const [a, b] = pair(x[0] as Complex, x[2] as Complex);
    const [c, [re, im]] = pair(x[1] as Complex, x[3] as Complex);
    const [first, third] = pair(a, c);
    const [second, fourth] = pair(b, [im, neg(re)]);
    return [first, second, third, fourth];
  }
  return oddButterfly(x);
}

function pair([a, b]: Complex, [c, d]: Complex): readonly [Complex, Complex] {
  return [
    [add(a, c), add(b, d)],
    [sub(a, c), sub(b, d)],
  ];
}

/** x[k] and x[r-k] meet the same cosines, and sines of opposite signs. */
function oddButterfly(x: readonly Complex[]): readonly Complex[] {
  const count = x.length;
  const half = (count - 1) / 2;
  const first = x[0] as Complex;
  const pairs = Array.from({ length: half }, (_, k) => pair(x[k + 1] as Complex, x[count - 1 - k] as Complex));
  const results: Complex[] = new Array<Complex>(count);
  results[0] = pairs.reduce<Complex>(([re, im], [[a, b]]) => [add(re, a), add(im, b)], first);
  for (let j = 1; j <= half; j++) {
    let [re, im] = first;
    let turned: Complex | undefined;
    pairs.forEach(([[a, b], [c, d]], k) => {
      const [cosine, sine] = rootOfUnity((j * (k + 1)) % count, count);
      [re, im] = [add(re, mul(cosine, a)), add(im, mul(cosine, b))];
      const own: Complex = [mul(sine, d), mul(-sine, c)];
      turned = turned === undefined ? own : [add(turned[0], own[0]), add(turned[1], own[1])];
    });
    [results[j], results[count - j]] = pair([re, im], turned as Complex);
  }
  return results;
}

function byMatrix(x: Complex): Complex {
  const n = x[0].shape[1] as number;
  const [c, s] = roots(x[0], [n, n], n, (position) => Math.floor(position / n) * (position % n));
  const by = (part: Tensor, matrix: Tensor): Tensor => contract(part, matrix, { contract: [[1], [0]] });
  return [sub(by(x[0], c), by(x[1], s)), add(by(x[1], c), by(x[0], s))];
}

/** With w[k] = e^(-pi i k² / n): w[k] times the sum over j of (x[j] w[j]) conj(w[k - j]). */
function byChirp(x: Complex): Complex {
  const n = x[0].shape[1] as number;
  let length = 1;
  while (length < 2 * n - 1) length *= 2;
  const factors = factorsOf(length) as readonly number[];
  // k² modulo 2 n, as whole numbers below 2^53.
  const chirp = roots(x[0], [n], 2 * n, (k) => (k * k) % (2 * n));
  const around = roots(x[0], [1, length], 2 * n, (k) => {
    const distance = Math.min(k, length - k);
    return distance < n ? (distance * distance) % (2 * n) : undefined;
  });
  const padded = both(times(x, chirp), (part) => pad(part, 1, 0, length - n));
  const filter = byFactors([around[0], neg(around[1])], factors);
  const [re, im] = times(byFactors(padded, factors), filter);
  // The way back with the parts exchanged.
  const [second, first] = byFactors([im, re], factors);
  const convolved = both([first, second], (part) => mul(slice(part, 1, 0, n), 1 / length));
  return times(convolved, chirp);
}
