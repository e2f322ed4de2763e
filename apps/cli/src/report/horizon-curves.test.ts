import type { ForecastPanel } from "@leastaction/dynamics";
import { expect, test } from "vitest";
import { horizonCurves } from "./horizon-curves.ts";

function panel(error: (ahead: number) => number, last: number): ForecastPanel {
  const times = Float64Array.from({ length: last * 10 + 1 }, (_, index) => index / 10);
  const truth = times.map((time) => Math.sin(time));
  const forecast = times.map((time, index) => (truth[index] as number) + error(time - 1));
  return {
    trajectory: "a",
    coordinate: { name: "q", unit: "m" },
    time: { name: "t", unit: "s" },
    observedUntil: 1,
    times,
    truth,
    forecast,
    low: forecast.map((value) => value - 2),
    high: forecast.map((value) => value + 4),
    level: 0.9,
    rmse: 0,
  };
}

test("errors of all trajectories are averaged by the time since the forecast began", () => {
  const [curve] = horizonCurves([panel(() => 3, 21), panel(() => 4, 21)], 0);
  expect(curve?.coordinate.name).toBe("q");
  expect([...(curve?.rmse ?? [])].every((value) => Math.abs(value - Math.sqrt(12.5)) < 1e-12)).toBe(true);
  expect([...(curve?.halfWidth ?? [])].every((value) => Math.abs(value - 3) < 1e-12)).toBe(true);
  expect(curve?.horizons.length).toBe(40);
  expect(curve?.horizons[0]).toBeCloseTo(0.25, 12);
});

test("an error that grows is drawn growing, and the observed part does not enter", () => {
  const [curve] = horizonCurves([panel((ahead) => (ahead <= 0 ? 1000 : ahead), 21)], 2);
  const rmse = [...(curve?.rmse ?? [])];
  expect(rmse).toEqual([...rmse].sort((a, b) => a - b));
  expect(Math.max(...rmse)).toBeLessThanOrEqual(20);
});
