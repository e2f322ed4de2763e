import { describe, expect, it } from "vitest";
import { hostRandom } from "../random/host-random.ts";
import { limitedMemoryBfgs, type MinimisationState, type ValueAndGradient } from "./limited-memory-bfgs.ts";

type Problem = (parameters: Float64Array) => Promise<ValueAndGradient>;

/** Rosenbrock's valley, chained over n coordinates: minimum 0 at 1, …, 1. */
const valley: Problem = async (x) => {
  const gradient = new Float64Array(x.length);
  let value = 0;
  for (let i = 0; i + 1 < x.length; i++) {
    const [a, b] = [x[i] as number, x[i + 1] as number];
    value += (1 - a) ** 2 + 100 * (b - a * a) ** 2;
    gradient[i] = (gradient[i] as number) - 2 * (1 - a) - 400 * a * (b - a * a);
    gradient[i + 1] = (gradient[i + 1] as number) + 200 * (b - a * a);
  }
  return { value, gradient };
};

/** Half a sum of squares with weights 1 .. 10^decades. */
const bowl =
  (decades: number): Problem =>
  async (x) => {
    const gradient = x.map((value, i) => 10 ** ((decades * i) / (x.length - 1)) * value);
    return { value: gradient.reduce((sum, slope, i) => sum + (slope * (x[i] as number)) / 2, 0), gradient };
  };

describe("limitedMemoryBfgs", () => {
  it.each([2, 10, 100])("finds the bottom of a valley in %d dimensions, ever lower", async (n) => {
    const start = Float64Array.from({ length: n }, (_, i) => (i % 2 === 0 ? -1.2 : 1));
    const values: number[] = [(await valley(start)).value];
    const { parameters, status } = await limitedMemoryBfgs(valley, start, {
      maxIterations: 5000,
      onIteration: (_, value) => void values.push(value),
    });
    expect(status).toBe("gradientSmall");
    // From this start the chain may also end in its other minimum, near -1 at the first coordinate.
    const inner = parameters.slice(1).map((value) => Math.abs(value - 1));
    expect(Math.max(...inner)).toBeLessThan(1e-9);
    expect(values.every((value, i) => i === 0 || value < (values[i - 1] as number))).toBe(true);
  });

  it("needs few evaluations where steepest descent would need thousands", async () => {
    const random = hostRandom(3);
    const start = Float64Array.from({ length: 100 }, () => random.normal());
    const { value, evaluations, iterations } = await limitedMemoryBfgs(bowl(3), start, { gradientTolerance: 1e-8 });
    expect(value).toBeLessThan(1e-16);
    expect(iterations).toBeLessThan(300);
    expect(evaluations).toBeLessThan(1.2 * iterations + 10);
  });

  it("is exact after as many steps as there are dimensions, when it remembers them all", async () => {
    const { iterations } = await limitedMemoryBfgs(bowl(1), Float64Array.of(1, -2, 3, 4), { gradientTolerance: 1e-6 });
    const forgetful = await limitedMemoryBfgs(bowl(3), Float64Array.of(1, -2, 3, 4), { memory: 1 });
    const mindful = await limitedMemoryBfgs(bowl(3), Float64Array.of(1, -2, 3, 4));
    expect(iterations).toBeLessThan(20);
    expect(mindful.iterations).toBeLessThan(forgetful.iterations);
  });

  it("backs away from where the function is not finite", async () => {
    const barrier: Problem = async ([x = 0]) => ({ value: x - Math.log(x), gradient: Float64Array.of(1 - 1 / x) });
    const { parameters, status } = await limitedMemoryBfgs(barrier, Float64Array.of(0.01));
    expect(status).toBe("gradientSmall");
    expect(parameters[0]).toBeCloseTo(1, 9);
  });

  it("says why it ended otherwise, with its best parameters", async () => {
    const start = Float64Array.of(-1.2, 1);
    const nowhere: Problem = async () => ({ value: Number.NaN, gradient: Float64Array.of(0, 0) });
    expect(await limitedMemoryBfgs(nowhere, start)).toMatchObject({ status: "nonFinite", iterations: 0 });
    const few = await limitedMemoryBfgs(valley, start, { maxIterations: 3 });
    expect(few).toMatchObject({ status: "maxIterations", iterations: 3 });
    expect((await valley(few.parameters)).value).toBe(few.value);
    const uphill: Problem = async (x) => ({ value: 1, gradient: x });
    expect(await limitedMemoryBfgs(uphill, start)).toMatchObject({ status: "stalled", parameters: start });
    const abort = new AbortController();
    const onIteration = (iteration: number) => void (iteration === 2 && abort.abort());
    expect(await limitedMemoryBfgs(valley, start, { signal: abort.signal, onIteration })).toMatchObject({
      status: "stopped",
      iterations: 2,
    });
  });

  it("goes on from a state as if it had never stopped", async () => {
    const start = Float64Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? -1.2 : 1));
    const states: MinimisationState[] = [];
    const options = { memory: 8, maxIterations: 60 };
    const onIteration = (_: number, __: number, state: () => MinimisationState) => void states.push(state());
    const whole = await limitedMemoryBfgs(valley, start, { ...options, onIteration });
    expect(states).toHaveLength(60);
    for (const stopped of [0, 5, 30]) {
      expect(await limitedMemoryBfgs(valley, states[stopped] as MinimisationState, options)).toEqual(whole);
    }
    expect(states[30]?.steps).toHaveLength(8);
  });

  it("refuses a memory of nothing", async () => {
    await expect(limitedMemoryBfgs(valley, Float64Array.of(1, 1), { memory: 0 })).rejects.toThrow(
      "Cannot minimise: expected a positive integer as memory, got 0",
    );
  });
});
