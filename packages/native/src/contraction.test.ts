/**
 * Products and sums that may be rounded once: what needs a product rounded by itself keeps its digits all the same.
 */
import { array, compile, pow, type Tensor } from "@leastaction/tensor";
import { expect, it } from "vitest";
import { type NativeOptions, native, nativeAvailable } from "./native.ts";

type Floats = Float32Array | Float64Array;

function powers(x: Floats, y: Floats, options: NativeOptions): Floats {
  const inputs = [array(x), array(y)];
  return compile((a: Tensor, b: Tensor) => pow(a, b), inputs, native(options)).callSync(...inputs).data as Floats;
}

/** The largest distance in units of the last place of `truth`, with so many binary digits after the point. */
function farthest(found: Floats, truth: Floats, digits: number): number {
  const unit = (value: number): number => 2 ** (Math.floor(Math.log2(value)) - digits);
  let most = 0;
  truth.forEach((value, i) => {
    most = Math.max(most, Math.abs((found[i] as number) - value) / unit(value));
  });
  return most;
}

it.skipIf(!nativeAvailable().ok)("pow is as good where products and sums are contracted", () => {
  const spread = (i: number, by: number): number => ((i * by) % 1) - 0.5;
  const count = 1 << 15;
  // Bases next to 1 and large exponents: what is lost of the logarithm is multiplied.
  const x = Float32Array.from({ length: count }, (_, i) => 1 + 0.01 * spread(i, 0.6180339887498949));
  const y = Float32Array.from({ length: count }, (_, i) => 1e4 * spread(i, 0.7548776662466927));
  const truth = powers(Float64Array.from(x), Float64Array.from(y), {});
  expect(farthest(powers(x, y, { contract: true }), truth, 23)).toBeLessThan(1.5);
  const contracted = powers(Float64Array.from(x), Float64Array.from(y), { contract: true });
  expect(farthest(contracted, truth, 52)).toBeLessThanOrEqual(2);
});
