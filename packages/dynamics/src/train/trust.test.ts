import { expect, test } from "vitest";
import type { ForecastPanel } from "./forecast-panels.ts";
import { trustOf } from "./trust.ts";

function panel(error: (ahead: number) => number, half: number): ForecastPanel {
  const times = Float64Array.from({ length: 101 }, (_, index) => index / 10);
  const truth = times.map(() => 0);
  const forecast = times.map((time) => error(time - 1));
  return {
    trajectory: "a",
    coordinate: { name: "q", unit: "rad" },
    time: { name: "t", unit: "s" },
    observedUntil: 1,
    times,
    truth,
    forecast,
    low: forecast.map((value) => value - half),
    high: forecast.map((value) => value + half),
    level: 0.9,
    rmse: 0,
  };
}

test("a good forecast is held to the smallest round number it keeps", () => {
  const facts = trustOf([panel(() => 0.013, 1), panel(() => -0.007, 1)], 1.5);
  expect(facts).toMatchObject({ tolerance: 0.02, within: 9, longest: 9 });
});

test("a forecast that drifts off is told by the time it stays useful", () => {
  const facts = trustOf([panel((ahead) => Math.max(0, ahead) / 10, 1), panel(() => 0, 1)], 4);
  expect(facts?.tolerance).toBe(0.2);
  expect(facts?.within).toBeCloseTo(2.1, 6);
});

test("what was not measured after the start says nothing", () => {
  const unseen = panel(() => 0.013, 1);
  const started = { ...unseen, truth: unseen.truth.map((value, row) => (row > 10 ? Number.NaN : value)) };
  expect(trustOf([started], 1.5)).toBeNull();
  expect(trustOf([], 1.5)).toBeNull();
  const half = { ...unseen, truth: unseen.truth.map((value, row) => (row > 60 ? Number.NaN : value)) };
  expect(trustOf([started, half], 1.5)).toMatchObject({ tolerance: 0.02, within: 5, longest: 5 });
});
