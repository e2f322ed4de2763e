import { array, evaluate, type HostTensor, type Tensor } from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { fieldMotion } from "./field-motion.ts";
import { hamiltonian } from "./hamiltonian.ts";
import { lagrangian } from "./lagrangian.ts";
import type { MotionModel } from "./motion-model.ts";

const h = 1e-4;
const times = array(Float64Array.of(0, 0.5 - h, 0.5, 0.5 + h));
const starts = array([
  [1, 0.3],
  [-0.4, 0.8],
]);
const models = {
  hamiltonian: fieldMotion(hamiltonian({ hidden: [5] }), { dimensions: 2, startHidden: [4] }),
  lagrangian: fieldMotion(lagrangian({ hidden: [5] }), { dimensions: 2, startHidden: [4] }),
} as unknown as Readonly<Record<string, MotionModel<unknown>>>;

describe.each(Object.entries(models))("fieldMotion of %s", (_name, model) => {
  const parameters = model.init(0, "float64");
  const at = (given: unknown, from: Tensor): Tensor[] => {
    const { x, v, a } = model.motion(given, from, times, { solver: { kind: "fixed", substeps: 30 } });
    return [x, v, a];
  };
  const series = evaluate(at as never, parameters, starts) as unknown as HostTensor[];
  const value = (which: number, row: number, time: number, coordinate: number): number =>
    series[which]?.data[(row * 4 + time) * 2 + coordinate] as number;

  it("starts where it is told to, and gives the rates of x as v and of v as a", () => {
    for (const row of [0, 1]) {
      for (const i of [0, 1]) {
        expect(value(0, row, 0, i)).toBe(starts.data[2 * row + i]);
        for (const which of [0, 1]) {
          const rate = (value(which, row, 3, i) - value(which, row, 1, i)) / (2 * h);
          expect(rate).toBeCloseTo(value(which + 1, row, 2, i), 6);
        }
      }
    }
  });

  it("takes the element type that it is asked for", () => {
    const { start } = model.init(0) as {
      readonly start: { readonly layers: readonly [{ readonly weight: HostTensor }] };
    };
    expect(start.layers[0].weight.dtype).toBe("float32");
  });
});

it("takes momenta as they are learned: the velocity at the start of a Hamiltonian is not that of its network", () => {
  const [one, other] = [models.hamiltonian, models.lagrangian] as [MotionModel<unknown>, MotionModel<unknown>];
  const begins = [one, other].map((model) => {
    const parameters = model.init(0, "float64") as { readonly start: unknown };
    const first = (given: unknown, from: Tensor): Tensor =>
      model.motion(given, from, times, { solver: { kind: "fixed", substeps: 1 } }).v;
    return {
      start: parameters.start,
      v: (evaluate(first as never, parameters, starts) as unknown as HostTensor).data[0],
    };
  });
  expect(begins[0]?.start).toEqual(begins[1]?.start);
  expect(begins[0]?.v).not.toBeCloseTo(begins[1]?.v as number, 3);
});
