import { array, evaluate, type HostTensor, mul, type Tensor } from "@leastaction/tensor";
import { expect, it } from "vitest";
import { boundedExponential } from "./bounded-exponential.ts";

it.each([0.3, 2.4, 20])("is e^x for |x| up to %d, best near 0", (greatest) => {
  const { part, of } = boundedExponential(greatest);
  const x = Float64Array.from({ length: 101 }, (_, i) => ((i - 50) / 50) * greatest);
  const found = evaluate((t: Tensor) => of(mul(t, part)), array(x) as never) as unknown as HostTensor;
  const errors = Array.from(x, (each, i) => Math.abs((found.data[i] as number) / Math.exp(each) - 1));
  expect(Math.max(...errors)).toBeGreaterThan(1e-12);
  expect(Math.max(...errors)).toBeLessThan((0.6 ** 8 * Math.exp(0.6)) / 40320 / part);
  expect(Math.max(...errors.slice(38, 63))).toBeLessThan(1e-9);
});
