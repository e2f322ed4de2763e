import { compile, type HostTensor, mul, specOf, type Tensor, wasm } from "@leastaction/tensor";
import { expect, test } from "vitest";
import { mapNamed, type OptimiserState } from "./optimiser.ts";
import { radam } from "./radam.ts";
import { type Named, type Precision, tensorOf } from "./workload.ts";

const rate = 0.01;
const start = [1, -2, 0.5];

interface State<Leaf> {
  readonly parameters: Named<Leaf>;
  readonly state: OptimiserState<Leaf>;
}

/** The numbers after each update, where the gradient is 3 times the parameters. */
function updates(dtype: Precision, count: number, clip?: number): number[][] {
  const optimiser = radam(clip === undefined ? { rate } : { rate, clip });
  const parameters = { a: tensorOf(start.slice(0, 2), [2], dtype), b: tensorOf(start.slice(2), [], dtype) };
  const first: State<HostTensor> = { parameters, state: optimiser.start(parameters, dtype) };
  const step = ({ parameters: p, state }: State<Tensor>): State<Tensor> => {
    const slope = mapNamed(p, (leaf) => mul(3, leaf));
    return optimiser.update(p, slope, state);
  };
  const compiled = compile(step, [specOf(first)], wasm());
  compiled.load(first);
  return Array.from({ length: count }, () => {
    compiled.runSync();
    const { parameters: found } = compiled.read() as State<HostTensor>;
    return Object.values(found).flatMap(({ data }) => Array.from(data as Float64Array));
  });
}

/** The same by the formula of the definition, number by number. */
function expected(count: number, clip = Number.POSITIVE_INFINITY): number[][] {
  let p = start;
  let m = [0, 0, 0];
  let v = [0, 0, 0];
  const longest = 2 / (1 - 0.999) - 1;
  return Array.from({ length: count }, (_, i) => {
    const t = i + 1;
    const norm = Math.hypot(...p.map((x) => 3 * x));
    const g = p.map((x) => 3 * x * Math.min(1, clip / (norm + 1e-6)));
    m = m.map((mean, k) => 0.9 * mean + 0.1 * (g[k] as number));
    v = v.map((square, k) => 0.999 * square + 0.001 * (g[k] as number) ** 2);
    const window = longest - (2 * t * 0.999 ** t) / (1 - 0.999 ** t);
    const rectified = Math.sqrt(((window - 4) * (window - 2) * longest) / ((longest - 4) * (longest - 2) * window));
    p = p.map((x, k) => {
      const mean = (m[k] as number) / (1 - 0.9 ** t);
      if (window <= 5) return x - rate * mean;
      return x - (rate * mean * rectified * Math.sqrt(1 - 0.999 ** t)) / (Math.sqrt(v[k] as number) + 1e-8);
    });
    return p;
  });
}

/** The largest difference. */
function distance(a: number[][], b: number[][]): number {
  return Math.max(...a.flat().map((x, i) => Math.abs(x - (b.flat()[i] as number))));
}

test("follows the formula through both of its phases", () => {
  const wanted = expected(12);
  expect(distance(updates("float64", 12), wanted)).toBeLessThan(1e-11);
  expect(distance(updates("float32", 12), wanted)).toBeLessThan(2e-6);
});

test("clips the norm of the whole gradient first", () => {
  const wanted = expected(12, 2);
  expect(distance(updates("float64", 12, 2), wanted)).toBeLessThan(1e-11);
  expect(distance(wanted, expected(12))).toBeGreaterThan(1e-2);
});
