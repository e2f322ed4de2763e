/**
 * Tao's method on the example of his paper, H = (q² + 1)(p² + 1) / 2, which is not separable.
 */
import {
  add,
  array,
  compile,
  type HostTensor,
  mul,
  neg,
  scan,
  square,
  type Tensor,
  wasm,
  zeros,
} from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { solverNamed } from "./registry.ts";
import type { Field, Solver } from "./solver.ts";
import { tao } from "./tao.ts";

interface State {
  readonly q: Tensor;
  readonly p: Tensor;
}

const field: Field<State> = (_t, { q, p }) => ({
  q: mul(p, add(square(q), 1)),
  p: neg(mul(q, add(square(p), 1))),
});

/** (H - H(start)) / H(start) after every step, and how far the copy is off. */
function energies(solver: Solver, h: number, steps: number): { readonly energy: number[]; readonly off: number } {
  const run = compile(
    (start: State) => {
      const time = zeros([]);
      const first = { y: start, memory: solver.start(field, time, start) };
      const [end, series] = scan<typeof first, Record<string, never>, State>(
        ({ y, memory }) => {
          const step = solver.step(field, time, add(time, h), y, memory);
          return [{ y: step.y, memory: step.memory }, step.y];
        },
        first,
        {},
        { bound: steps },
      );
      return { series, off: end.memory.map(({ q }) => q) };
    },
    [{ q: array([-3]), p: array([0]) }] as never,
    wasm(),
  );
  const found = run.callSync({ q: array([-3]), p: array([0]) } as never) as unknown as {
    readonly series: { readonly q: HostTensor; readonly p: HostTensor };
    readonly off: readonly HostTensor[];
  };
  const { q, p } = found.series;
  const energy = [...q.data].map((value, i) => ((value ** 2 + 1) * ((p.data[i] as number) ** 2 + 1)) / 10 - 1);
  return { energy, off: Math.abs((found.off[0]?.data[0] as number | undefined) ?? 0) };
}

const largest = (values: readonly number[]): number => Math.max(...values.map(Math.abs));

describe("tao", () => {
  it("keeps the energy of a Hamiltonian that is not separable over 100,000 steps, the copy close to the state", () => {
    const { energy, off } = energies(tao({ order: 4, omega: 20 }), 0.002, 100_000);
    const early = largest(energy.slice(0, 10_000));
    expect(early).toBeLessThan(1e-4);
    expect(largest(energy.slice(-10_000))).toBeLessThan(2 * early);
    expect(off).toBeLessThan(1e-3);
  });

  it("loses it with nothing to bind the copy", () => {
    const bound = largest(energies(tao({ omega: 20 }), 0.002, 20_000).energy);
    const free = largest(energies(tao({ omega: 1e-9 }), 0.002, 20_000).energy.filter(Number.isFinite));
    expect(free).toBeGreaterThan(10 * bound);
  });

  it("is as the registry has it, and wants a positive omega", () => {
    expect(solverNamed("tao4").order).toBe(4);
    expect(() => tao({ omega: 0 })).toThrow("Cannot make Tao's solver: expected a positive omega, got 0");
  });
});
