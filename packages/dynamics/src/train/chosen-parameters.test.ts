import { describe, expect, it } from "vitest";
import { expanded, withChosen, withHorizon } from "./chosen-parameters.ts";
import type { Shooting } from "./shooting.ts";

/** Two windows of four times of one coordinate: three parameters and one state each, residual row k = (k + 1) times their sum. */
const whole: Shooting = {
  residuals: (x) => Float64Array.from({ length: 8 }, (_, k) => (k + 1) * x.reduce((sum, value) => sum + value, 0)),
  jacobian: (x) =>
    Float64Array.from({ length: 8 * x.length }, (_, at) => 10 * Math.floor(at / x.length) + (at % x.length)),
  ranBefore: () => undefined,
  start: [1, 2, 3, 4, 5],
  parameterCount: 3,
  delayCount: 0,
  stateSize: 1,
  dataCount: 8,
  windowRows: 4,
  rowsPerTime: 1,
  originOf: () => {
    throw new Error("Nothing here asks where a residual comes from.");
  },
};

describe("a problem over some of its parameters", () => {
  const some = withChosen(whole, [0, 2], [1, 9, 3, 4, 5]);

  it("has the others at zero", () => {
    expect([some.start, some.parameterCount]).toEqual([[1, 3, 4, 5], 2]);
    const x = Float64Array.from(some.start);
    expect([...expanded(whole, [0, 2], x)]).toEqual([1, 0, 3, 4, 5]);
    expect(Array.from(some.residuals(x)).slice(0, 2)).toEqual([13, 26]);
    expect(Array.from(some.jacobian(x)).slice(0, 8)).toEqual([0, 2, 3, 4, 10, 12, 13, 14]);
  });

  it("counts the first times of each window up to a horizon", () => {
    const near = withHorizon(some, 0.5);
    const x = Float64Array.from(some.start);
    expect(Array.from(near.residuals(x))).toEqual([13, 26, 0, 0, 65, 78, 0, 0]);
    expect(Array.from(near.jacobian(x)).slice(8, 20)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 40, 42, 43, 44]);
    expect(withHorizon(some, 1)).toBe(some);
  });
});
