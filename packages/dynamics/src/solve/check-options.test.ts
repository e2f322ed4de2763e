import { array, evaluate, type HostTensor, neg, type Tensor } from "@leastaction/tensor";
import { expect, it } from "vitest";
import { rk4 } from "../solver/rk4.ts";
import { constantStepSize } from "../step-size/step-size.ts";
import type { SolveOptions } from "./options.ts";
import { solve } from "./solve.ts";
import { statusCodes } from "./status.ts";

type Options = Partial<SolveOptions<Tensor, undefined>>;

const run = (options: Options): HostTensor =>
  evaluate(() => solve({ field: (_t, y) => neg(y), t0: 0, t1: 1, y0: array([1, 2]) as never, ...options }).status);

const whole = "Cannot solve: expected maxSteps to be a positive integer, got";
const tolerances = "Cannot solve: expected rtol of at least 8.9e-16 for this element type and atol not negative, got";
const equal = { solver: rk4, stepSize: constantStepSize() };

it.each<[string, Options]>([
  [`${whole} 0`, { maxSteps: 0 }],
  [`${whole} 2.5`, { maxSteps: 2.5 }],
  [`${whole} -1`, { ...equal, dt0: 0.1, maxSteps: -1 }],
  ["Cannot solve: expected a positive dt0, got -0.1", { dt0: -0.1 }],
  ["Cannot solve: expected a positive dt0, got 0", { ...equal, dt0: 0 }],
  ["Cannot solve: expected a positive dt0, got NaN", { ...equal, dt0: Number.NaN }],
  ["Cannot solve: expected t1 to be a finite time, got Infinity", { t1: Infinity }],
  ["Cannot solve: expected t0 to be a finite time, got NaN", { t0: Number.NaN }],
  ["Cannot solve: expected t1 to be one time, got a tensor of shape [2]", { t1: array([1, 2]) }],
  ["Cannot solve: expected saveAt.times within 0 .. 1, got 1.5 at index 1", { saveAt: { times: [0.5, 1.5] } }],
  ["Cannot solve: expected saveAt.times within 0 .. 1, got NaN at index 0", { saveAt: { times: [Number.NaN] } }],
  [
    "Cannot solve: expected saveAt.times within -2 .. 0, got 0.1 at index 0",
    { t1: -2, saveAt: { times: array([0.1, -1]) } },
  ],
  [
    "Cannot solve: expected saveAt.times in the order in which they are met, got 0.2 after 0.5 at index 1",
    { saveAt: { times: [0.5, 0.2] } },
  ],
  [
    "Cannot solve: expected saveAt.times in the order in which they are met, got -0.2 after -0.5 at index 2",
    { t1: -1, saveAt: { times: [-0.1, -0.5, -0.2] } },
  ],
  [`${tolerances} rtol 0 and atol 0`, { rtol: 0, atol: 0 }],
  [`${tolerances} rtol 1e-17 and atol 1e-9`, { rtol: 1e-17 }],
  [`${tolerances} rtol -1 and atol 1e-9`, { rtol: -1 }],
  [`${tolerances} rtol 0.000001 and atol -3`, { atol: array([1, -3]) }],
  [`${tolerances} rtol 0.000001 and atol NaN`, { atol: Number.NaN }],
  [
    "Cannot solve: expected atol to be a scalar or of the shapes of the state, [2], got [3]",
    { atol: array([1, 1, 1]) },
  ],
])("%s", (message, options) => {
  expect(() => run(options)).toThrow(message);
});

it.each<[string, Options]>([
  ["rtol of zero with a tolerance for every component", { rtol: 0, atol: array([1e-6, 1e-6]) }],
  ["saved times at both ends, twice", { saveAt: { times: [0, 0, 1, 1] } }],
  ["saved times on a span of length zero", { t1: 0, saveAt: { times: [0, 0] } }],
  ["a first step longer than the span", { dt0: 100 }],
])("accepts %s", (_, options) => {
  expect(run(options).data[0]).toBe(statusCodes.success);
});
