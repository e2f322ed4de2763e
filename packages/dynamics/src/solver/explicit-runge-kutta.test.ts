import { add, array, convert, evaluate, type HostTensor, mul, sin, type Tensor } from "@leastaction/tensor";
import { expect, it } from "vitest";
import { dop853 } from "./dop853.ts";
import { dopri5 } from "./dopri5.ts";
import type { Field, Solver } from "./solver.ts";
import { tsit5 } from "./tsit5.ts";
import { vern7 } from "./vern7.ts";

const field: Field<Tensor> = (t, y) => add(sin(mul(3, y)), convert(t, y.dtype));
const starts = Float32Array.from({ length: 200 }, (_, i) => -1 + i / 100);

/** The dense output at theta of a step of length 0.6 from many starts. */
function between(solver: Solver, y0: Float32Array | Float64Array, theta: number): ArrayLike<number> {
  const found = evaluate(
    (t: Tensor, h: Tensor, y: Tensor) => {
      const powers = solver.step(field, t, h, y, solver.start(field, t, y)).dense();
      return powers.reduceRight((total, power) => add(mul(total, theta), power));
    },
    array(0.2) as never,
    array(0.6) as never,
    array(y0) as never,
  ) as unknown as HostTensor;
  return found.data as Float32Array;
}

it.each([
  [dopri5, 20],
  [tsit5, 100],
  [vern7, 40],
  [dop853, 60],
] as const)("$name reads between steps in float32, within some units of rounding of float64", (solver, units) => {
  for (const theta of [0.2, 0.5, 0.9]) {
    const [narrow, wide] = [between(solver, starts, theta), between(solver, Float64Array.from(starts), theta)];
    const errors = starts.map((_, i) => Math.abs((narrow[i] as number) - (wide[i] as number)));
    expect(Math.max(...errors)).toBeLessThan(units * 2 ** -23);
  }
});
