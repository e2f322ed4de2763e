import { expect, test } from "vitest";
import { pendulumAt } from "./exact-pendulum.ts";

// From the definition of the workload: made with elliptic functions in many digits.
test.each([
  [0.12251888719620184, 0.11659271780272563, 0.03759841101689862],
  [1.9047268149093726, 0.9668244431815314, -1.3384132933508792],
  [2.736904215917457, 1.9213546860575923, -1.0731289321652038],
])("a pendulum from %d is where it is at t = 50", (amplitude, angle, velocity) => {
  const [found, speed] = pendulumAt(amplitude, 50);
  expect(Math.abs(found - angle)).toBeLessThan(1e-12);
  expect(Math.abs(speed - velocity)).toBeLessThan(1e-12);
});
