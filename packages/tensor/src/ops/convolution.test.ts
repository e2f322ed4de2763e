/**
 * Convolution against plain loops, with strides, padding, dilation and channels; derivatives to third order.
 */
import { describe, expect, test } from "vitest";
import { compile, evaluate } from "../compile.ts";
import { sin } from "../library/trigonometric.ts";
import type { HostTensor } from "../pytree.ts";
import { wasm } from "../target/wasm/wasm.ts";
import { numbers } from "../testing/primitive-cases.ts";
import { array, type Tensor } from "../trace/tensor.ts";
import { grad, jvp } from "../transform/differentiate.ts";
import { vmap } from "../transform/vmap.ts";
import { type ConvolutionOptions, convolution } from "./convolution.ts";
import { mul } from "./elementwise.ts";
import { sum } from "./reduction.ts";

interface Axis {
  readonly stride: number;
  readonly dilation: number;
  readonly low: number;
  readonly high: number;
}

/** One image of two axes. */
function byLoops(x: HostTensor, kernel: HostTensor, [rows, columns]: readonly [Axis, Axis]): number[] {
  const [height, width, channels] = x.shape as [number, number, number];
  const [tall, wide, , results] = kernel.shape as [number, number, number, number];
  const count = (extent: number, window: number, { stride, dilation, low, high }: Axis): number =>
    Math.floor((extent + low + high - (window - 1) * dilation - 1) / stride) + 1;
  const found: number[] = [];
  for (let i = 0; i < count(height, tall, rows); i++)
    for (let j = 0; j < count(width, wide, columns); j++)
      for (let o = 0; o < results; o++) {
        let total = 0;
        for (let a = 0; a < tall; a++)
          for (let b = 0; b < wide; b++)
            for (let c = 0; c < channels; c++) {
              const row = i * rows.stride + a * rows.dilation - rows.low;
              const column = j * columns.stride + b * columns.dilation - columns.low;
              if (row < 0 || row >= height || column < 0 || column >= width) continue;
              total +=
                (x.data[(row * width + column) * channels + c] as number) *
                (kernel.data[((a * wide + b) * channels + c) * results + o] as number);
            }
        found.push(total);
      }
  return found;
}

const axis = (stride = 1, dilation = 1, low = 0, high = low): Axis => ({ stride, dilation, low, high });

const cases: readonly (readonly [string, ConvolutionOptions, readonly [Axis, Axis]])[] = [
  ["plain", {}, [axis(), axis()]],
  ["padding", { padding: 2 }, [axis(1, 1, 2), axis(1, 1, 2)]],
  [
    "pairs of padding",
    {
      padding: [
        [1, 0],
        [0, 3],
      ],
    },
    [axis(1, 1, 1, 0), axis(1, 1, 0, 3)],
  ],
  ["strides", { stride: [2, 3] }, [axis(2), axis(3)]],
  ["dilation", { dilation: 2 }, [axis(1, 2), axis(1, 2)]],
  ["same", { padding: "same" }, [axis(1, 1, 1), axis(1, 1, 0, 1)]],
  ["same with a stride", { padding: "same", stride: 2 }, [axis(2, 1, 1), axis(2, 1, 0)]],
  ["all", { padding: 2, stride: [2, 1], dilation: [1, 3] }, [axis(2, 1, 2), axis(1, 3, 2)]],
];

describe.each(cases)("%s", (name, options, axes) => {
  const x = numbers([7, 6, 3], -1, 1);
  const kernel = numbers([3, 2, 3, 4], -1, 1, 5);
  const f = (a: Tensor, b: Tensor): Tensor => convolution(a, b, options);

  test("two axes as loops", () => {
    const expected = byLoops(x, kernel, axes);
    const found = evaluate(f, x, kernel) as HostTensor;
    expect(found.data.length).toBe(expected.length);
    expected.forEach((value, i) => {
      expect(found.data[i]).toBeCloseTo(value, 12);
    });
    const compiled = compile(f, [x, kernel], wasm()).callSync(x, kernel) as HostTensor;
    compiled.data.forEach((value, i) => {
      expect(value).toBeCloseTo(found.data[i] as number, 12);
    });
  });

  test("its transposes: <y, x * k> is linear in each, and gradients say how", () => {
    const y = numbers((evaluate(f, x, kernel) as HostTensor).shape, -1, 1, 9);
    const inner = (a: Tensor, b: Tensor): Tensor => sum(mul(f(a, b), y));
    const parts = (a: Tensor, b: Tensor): readonly Tensor[] => [
      inner(a, b),
      sum(mul(a, grad((z: Tensor) => inner(z, b))(a))),
      sum(mul(b, grad((z: Tensor) => inner(a, z))(b))),
    ];
    // The last case has all there is.
    const found = name === "all" ? compile(parts, [x, kernel], wasm()).callSync(x, kernel) : evaluate(parts, x, kernel);
    const [value, byImage, byKernel] = found as unknown as HostTensor[];
    expect(byImage?.data[0]).toBeCloseTo(value?.data[0] as number, 10);
    expect(byKernel?.data[0]).toBeCloseTo(value?.data[0] as number, 10);
  });
});

test("one axis, a batch of several axes, and vmap as a loop", () => {
  const x = numbers([2, 3, 9, 2], -1, 1);
  const kernel = numbers([4, 2, 5], -1, 1, 3);
  const f = (a: Tensor, b: Tensor): Tensor => convolution(a, b, { stride: 2, padding: 1 });
  const together = evaluate(f, x, kernel) as HostTensor;
  expect(together.shape).toEqual([2, 3, 4, 5]);
  expect((evaluate(vmap(vmap(f, [0, null]), [0, null]), x, kernel) as HostTensor).data).toEqual(together.data);
  const row = array(x.data.slice(18, 36), [9, 2]);
  expect((evaluate(f, row, kernel) as HostTensor).data).toEqual(together.data.slice(20, 40));
});

test("derivatives to third order", () => {
  const x = numbers([6, 2], -1, 1);
  const kernel = numbers([3, 2, 2], -1, 1, 3);
  const direction = numbers([6, 2], -1, 1, 8);
  const f = (a: Tensor): Tensor => sum(sin(convolution(sin(a), kernel, { padding: "same", dilation: 2 })));
  const forward = (g: (a: Tensor) => Tensor) => (a: Tensor) => jvp(g, [a], [direction])[1] as Tensor;
  const reverse = (g: (a: Tensor) => Tensor) => (a: Tensor) => sum(mul(grad(g)(a), direction));
  const at = (g: (a: Tensor) => Tensor, s: number): number => {
    const moved = array(
      Float64Array.from(x.data, (value, i) => value + s * (direction.data[i] as number)),
      x.shape,
    );
    return (evaluate(g, moved) as HostTensor).data[0] as number;
  };
  const weights = [4 / 5, -1 / 5, 4 / 105, -1 / 280];
  let g: (a: Tensor) => Tensor = f;
  for (const mode of [reverse, forward, reverse]) {
    const h = 5e-3;
    const before = g;
    const expected = weights.reduce(
      (total, w, k) => total + (w * (at(before, (k + 1) * h) - at(before, -(k + 1) * h))) / h,
      0,
    );
    g = mode(g);
    expect(Math.abs(at(g, 0) - expected)).toBeLessThanOrEqual(1e-8 * Math.max(1, Math.abs(expected)));
  }
});

test("messages", () => {
  const failure = (x: HostTensor, kernel: HostTensor, options: ConvolutionOptions = {}): string => {
    try {
      evaluate(() => convolution(x, kernel, options));
      return "";
    } catch (error) {
      return (error as Error).message;
    }
  };
  const [x, kernel] = [numbers([5, 2], 0, 1), numbers([3, 2, 1], 0, 1)];
  expect(failure(x, numbers([3, 3, 1], 0, 1))).toMatch(
    "Cannot convolution: expected shapes [..., ...space, channels] and [...window, channels, results], got float64[5, 2] and float64[3, 3, 1]",
  );
  expect(failure(x, kernel, { dilation: 3 })).toMatch(
    "a window that reaches over 1 to 5 positions along axis 0, got 7",
  );
  expect(failure(x, kernel, { stride: 0 })).toMatch("a stride of at least 1 for each of 1 axes, got 0");
  expect(
    failure(x, kernel, {
      padding: [
        [1, 1],
        [0, 0],
      ],
    }),
  ).toMatch("a padding of at least 0 for each of 1 axes");
});
