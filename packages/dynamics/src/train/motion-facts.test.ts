import { expect, test } from "vitest";
import { motionFacts } from "./motion-facts.ts";

const times = Float64Array.from({ length: 4001 }, (_, index) => index / 100);

test("a damped oscillation: period and loss of each swing", () => {
  const values = times.map((time) => 5 + 2 * Math.exp(-0.05 * time) * Math.sin((2 * Math.PI * time) / 0.8));
  const { period, loss, size } = motionFacts([{ times, values }]);
  expect(period?.small).toBeCloseTo(0.8, 1);
  expect(period?.large).toBeCloseTo(0.8, 1);
  expect(loss).toBeCloseTo(1 - Math.exp(-0.05 * 0.8), 2);
  expect(size).toBeCloseTo(2 * Math.exp(-0.05 * 1.2), 1);
});

test("large swings that take longer are told apart", () => {
  const slow = times.map((time) => 3 * Math.sin((2 * Math.PI * time) / 2));
  const fast = times.map((time) => 0.1 * Math.sin((2 * Math.PI * time) / 1.5));
  const { period } = motionFacts([
    { times, values: slow },
    { times, values: fast },
  ]);
  expect(period?.small).toBeCloseTo(1.5, 1);
  expect(period?.large).toBeCloseTo(2, 1);
});

test("what does not repeat has no period", () => {
  const chirp = times.map((time) => Math.sin(2 * Math.PI * Math.sqrt(10 * time)));
  expect(motionFacts([{ times, values: chirp }]).period).toBeNull();
  expect(motionFacts([{ times, values: times }]).period).toBeNull();
});
