/**
 * Meaning of cumulative sums, Fourier transforms and slices written at run-time places.
 *
 * Sums accumulate in float64, integers modulo 2^32. A transform of even length is made of those of its even and of its
 * odd elements, one of odd length is summed as it is defined.
 */
import { allocate, isFloat } from "../../dtype.ts";
import type { HostTensor } from "../../pytree.ts";
import { sizeOf } from "../../shape.ts";
import type { Evaluator } from "./evaluator.ts";

type Parts = readonly [real: readonly number[], imaginary: readonly number[]];

function transform([real, imaginary]: Parts, sign: number): Parts {
  const n = real.length;
  const turn = (k: number, of: number): readonly [number, number] => {
    const angle = (2 * Math.PI * (k % of)) / of;
    return [Math.cos(angle), sign * Math.sin(angle)];
  };
  const result: [number[], number[]] = [new Array<number>(n).fill(0), new Array<number>(n).fill(0)];
  const put = (k: number, re: number, im: number): void => {
    result[0][k] = re;
    result[1][k] = im;
  };
  if (n % 2 === 0 && n > 0) {
    const half = (odd: number): Parts =>
      transform([real.filter((_, j) => j % 2 === odd), imaginary.filter((_, j) => j % 2 === odd)], sign);
    const [even, odd] = [half(0), half(1)];
    for (let k = 0; k < n; k++) {
      const [c, s] = turn(k, n);
      const [re, im] = [odd[0][k % (n / 2)] as number, odd[1][k % (n / 2)] as number];
      put(k, (even[0][k % (n / 2)] as number) + c * re - s * im, (even[1][k % (n / 2)] as number) + c * im + s * re);
    }
    return result;
  }
  for (let k = 0; k < n; k++) {
    let [re, im] = [0, 0];
    for (let j = 0; j < n; j++) {
      const [c, s] = turn(j * k, n);
      re += c * (real[j] as number) - s * (imaginary[j] as number);
      im += c * (imaginary[j] as number) + s * (real[j] as number);
    }
    put(k, re, im);
  }
  return result;
}

/** The evaluators. */
export const sequences: {
  readonly cumulativeSum: Evaluator<"cumulativeSum">;
  readonly fft: Evaluator<"fft">;
  readonly updateSlice: Evaluator<"updateSlice">;
} = {
  updateSlice: ({ batch }, inputs) => {
    const [operand, update, start] = inputs as [HostTensor, HostTensor, HostTensor];
    const data = operand.data.slice();
    const [extent, width] = [operand.shape[batch] as number, update.shape[batch] as number];
    const inner = sizeOf(operand.shape.slice(batch + 1));
    start.data.forEach((at, member) => {
      const from = Math.max(0, Math.min(extent - width, at));
      const rows = update.data.slice(member * width * inner, (member + 1) * width * inner);
      data.set(rows, (member * extent + from) * inner);
    });
    return [{ ...operand, data }];
  },
  cumulativeSum: ({ axis, reverse }, [input]) => {
    const { dtype, shape, data } = input as HostTensor;
    const result = allocate(dtype, data.length);
    const extent = shape[axis] as number;
    const inner = sizeOf(shape.slice(axis + 1));
    const outer = sizeOf(shape.slice(0, axis));
    for (let row = 0; row < outer; row++) {
      for (let column = 0; column < inner; column++) {
        let sum = 0;
        for (let k = 0; k < extent; k++) {
          const at = (row * extent + (reverse ? extent - 1 - k : k)) * inner + column;
          sum = isFloat(dtype) ? sum + (data[at] as number) : (sum + (data[at] as number)) | 0;
          result[at] = sum;
        }
      }
    }
    return [{ dtype, shape, data: result }];
  },
  fft: ({ inverse }, inputs) => {
    const [real, imaginary] = inputs as [HostTensor, HostTensor];
    const n = real.shape.at(-1) as number;
    const results = inputs.map(({ dtype, shape, data }) => ({ dtype, shape, data: allocate(dtype, data.length) }));
    for (let row = 0; row < real.data.length; row += n) {
      const own = [real, imaginary].map(({ data }) => Array.from(data.slice(row, row + n)));
      const found = transform(own as unknown as Parts, inverse ? 1 : -1);
      results.forEach(({ data }, part) => {
        data.set(found[part as 0 | 1], row);
      });
    }
    return results;
  },
};
