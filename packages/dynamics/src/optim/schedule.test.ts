import { evaluate, type HostTensor } from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { type PlateauState, plateau } from "./plateau.ts";
import { constantSchedule, cosineSchedule, oneCycleSchedule, type Schedule } from "./schedule.ts";

const at = (schedule: Schedule, step: number): number =>
  (evaluate((n) => schedule(n), step) as HostTensor).data[0] as number;

/** The schedule has the values `wanted` at `steps`. */
function expectRates(schedule: Schedule, steps: readonly number[], wanted: readonly number[]): void {
  steps.forEach((step, i) => {
    expect(at(schedule, step)).toBeCloseTo(wanted[i] as number, 12);
  });
}

describe("schedules", () => {
  it("constant", () => {
    expect(at(constantSchedule(0.3), 17)).toBe(0.3);
  });

  it("cosine falls from peak to floor and stays", () => {
    const schedule = cosineSchedule({ peak: 1, steps: 100, floor: 0.1 });
    expectRates(schedule, [0, 25, 50, 100, 200], [1, 0.1 + 0.45 * (1 + Math.SQRT1_2), 0.55, 0.1, 0.1]);
  });

  it("oneCycle rises, then falls", () => {
    const schedule = oneCycleSchedule({ peak: 1, steps: 100, warmup: 0.2 });
    expectRates(schedule, [0, 10, 20, 60, 100], [0.04, 0.52, 1, (1 + 0.04e-4) / 2, 0.04e-4]);
  });

  it("refuses an empty cycle", () => {
    expect(() => cosineSchedule({ peak: 1, steps: 0 })).toThrow(
      "Cannot make cosineSchedule: expected steps of at least 1, got 0",
    );
  });
});

describe("plateau", () => {
  it("halves after more than `patience` updates without improvement", () => {
    const schedule = plateau({ initial: 1, patience: 2, threshold: 0.1, minimum: 0.3 });
    let state = schedule.init() as PlateauState<HostTensor>;
    const rates = [10, 9.5, 9.5, 9.5, 9.5, 5, 5, 5, 5, 5, 5, 5, 5].map((loss) => {
      state = evaluate((s: PlateauState, x: number) => schedule.update(s, x), state, loss) as unknown as typeof state;
      return state.rate.data[0];
    });
    expect(rates).toEqual([1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.3, 0.3, 0.3, 0.3, 0.3]);
  });
});
