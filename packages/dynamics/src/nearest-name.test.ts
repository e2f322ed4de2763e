import { describe, expect, test } from "vitest";
import { didYouMean, nearestName } from "./nearest-name.ts";

describe("nearestName", () => {
  const names = ["pendulum", "double-pendulum", "kepler", "q", "t", "theta"];

  test.each([
    ["pendulun", "pendulum"],
    ["PENDULUM", "pendulum"],
    ["doublependulum", "double-pendulum"],
    ["keplr", "kepler"],
    ["tetha", "theta"],
    ["rosenbrock", null],
    ["", null],
    ["x", null],
    ["xy", null],
  ])("of %s is %s", (found, nearest) => {
    expect(nearestName(found, names)).toBe(nearest);
  });

  test("is a remedy, or something else is", () => {
    expect(didYouMean("kpler", names, "Look.")).toBe("Did you mean kepler?");
    expect(didYouMean("rosenbrock", names, "Look.")).toBe("Look.");
  });
});
