import { array, at, compile, evaluate, grad, type HostTensor, type Tensor, vmap, wasm } from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { hostRandom } from "../random/host-random.ts";
import { solve } from "../solve/solve.ts";
import { integrateHost } from "./integrate-host.ts";
import { parametersOf } from "./parameters-of.ts";
import { systemField, systemScalar } from "./system-field.ts";
import { systemNamed } from "./systems.ts";

const numbers = (tensor: unknown): readonly number[] => Array.from((tensor as HostTensor).data, Number);

/** The state after a time by `solve`, compiled. */
function solved(name: string, start: readonly number[], time: number, parameters = {}): readonly number[] {
  const field = systemField(systemNamed(name), parameters);
  const y0 = array(start);
  const end = (y: Tensor): { readonly y: Tensor } =>
    solve({ field: (t, state) => field(t, state), t0: 0, t1: time, y0: y, rtol: 1e-10, atol: 1e-12, maxSteps: 4096 });
  const { y } = compile(end, [y0], wasm()).callSync(y0);
  return numbers(y);
}

describe("systemField", () => {
  it.each([
    ["kepler", {}, 6],
    ["linked-pendulum-2", { damping: 0.1 }, 2],
    ["duffing", { drive: 0.4, damping: 0.2 }, 8],
    ["lotka-volterra", {}, 10],
  ] as const)("gives solve the motion of %s that the host finds", (name, replaced, time) => {
    const system = systemNamed(name);
    const parameters = parametersOf(system, replaced);
    const start = system.sampleStart(hostRandom(3), parameters);
    const [, expected = []] = integrateHost(system, parameters, start, Float64Array.of(0, time));
    const found = solved(name, start, time, replaced);
    for (const [index, value] of expected.entries())
      expect(Math.abs((found[index] as number) - value)).toBeLessThan(1e-7 * Math.max(1, Math.abs(value)));
  });

  it("lets a constant be differentiated and differ over a batch", () => {
    const system = systemNamed("pendulum");
    const rate = (length: Tensor): Tensor =>
      at(systemField(system, { length, damping: 0.5 })(array(0) as never, array([0.4, 0.2]) as never), 1);
    const slope = evaluate(grad(rate), array(1.3) as unknown as Tensor);
    // omega' = -g sin(theta) / l - damping omega / (m l^2).
    const expected = (9.81 * Math.sin(0.4)) / 1.3 ** 2 + (2 * 0.5 * 0.2) / 1.3 ** 3;
    expect(numbers(slope)[0]).toBeCloseTo(expected, 12);
    const rates = numbers(evaluate(vmap(rate), array([1, 2]) as unknown as Tensor));
    for (const [index, length] of [1, 2].entries())
      expect(rates[index]).toBeCloseTo((-9.81 * Math.sin(0.4)) / length - 0.1 / length ** 2, 12);
  });

  it("keeps the element type of the state, controls included", () => {
    const field = systemField(systemNamed("duffing"), { drive: 0.3 });
    const state = array(Float32Array.of(0.5, 0.1));
    const found = evaluate(field, array(0.2) as never, state as never, array(Float32Array.of(0.7)) as never) as unknown;
    expect((found as HostTensor).dtype).toBe("float32");
    expect(numbers(found)[1]).toBeCloseTo(0.3 * Math.cos(0.2) + 0.7 + 0.5 - 0.125, 6);
  });

  it("has the invariants as programs", () => {
    const system = systemNamed("kepler");
    const [, momentum] = system.invariants;
    const value = systemScalar(system, momentum?.value ?? (() => 0), { mass: 2 });
    expect(numbers(evaluate(value, array([1, 0, 0, 1.5]) as unknown as Tensor))).toEqual([3]);
  });

  it("refuses constants that the system does not have", () => {
    expect(() => systemField(systemNamed("lorenz"), { sigmma: 1 })).toThrow("Cannot set sigmma of lorenz");
    expect(() => systemField(systemNamed("pendulum"), { mass: -1 })).toThrow(
      "expected a number of at least 1e-9, got -1",
    );
  });
});
